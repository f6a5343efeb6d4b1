//! The feeds that the server sends: 20 items, 32 KB, no two with the same text. Words are made up; how often each comes
//! goes by Zipf's law, as in news.

use std::fmt::Write as _;

/// Items of one feed.
pub(crate) const ITEMS: u64 = 20;
/// Different words of the language.
const WORDS: u64 = 30_000;
/// Bytes of one item, so that 20 make 32 KB.
const ITEM_BYTES: usize = 1_600;

/// The address of feed `n`: each has a host of its own.
pub(crate) fn host(n: u32) -> std::net::Ipv4Addr {
    let [_, a, b, c] = (n + 1).to_be_bytes();
    std::net::Ipv4Addr::new(127, a.saturating_add(1), b, c)
}

/// The feed of the server at `host`.
pub(crate) fn feed(host: std::net::Ipv4Addr) -> String {
    let number = u32::from(host);
    let mut dice = Dice(u64::from(number) << 20);
    let mut feed = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rss version=\"2.0\" xmlns:content=\"http://purl.org/rss/1.0/modules/content/\">\n\
         <channel><title>Paper {number:x}</title><link>http://{host}/</link><description>News</description><language>en</language>\n"
    );
    for item in 0..ITEMS {
        let start = feed.len();
        let _ = write!(feed, "<item><title>");
        words(&mut feed, &mut dice, 9);
        let _ = write!(
            feed,
            "</title><link>http://{host}/news/2026/{item}</link><guid isPermaLink=\"false\">{number:x}-{item}</guid>\
             <pubDate>Sun, 22 Nov 2026 {:02}:{:02}:00 GMT</pubDate><description>&lt;p&gt;",
            item,
            dice.roll(60)
        );
        words(&mut feed, &mut dice, 28);
        feed.push_str("&lt;/p&gt;</description><content:encoded><![CDATA[<p>");
        while feed.len() - start < ITEM_BYTES - 60 {
            let long = 8 + dice.roll(14);
            words(&mut feed, &mut dice, long);
            feed.push_str(if dice.roll(4) == 0 { ".</p>\n<p>" } else { ". " });
        }
        feed.push_str("</p>]]></content:encoded></item>\n");
    }
    feed.push_str("</channel></rss>\n");
    feed
}

fn words(to: &mut String, dice: &mut Dice, count: u64) {
    for n in 0..count {
        if n > 0 {
            to.push(' ');
        }
        let word = dice.rank();
        let start = to.len();
        let mut left = word + 40;
        while left > 0 {
            let syllable = SYLLABLES.get(usize::try_from(left % 61).unwrap_or(0)).copied().unwrap_or("a");
            to.push_str(syllable);
            left /= 61;
        }
        // A name now and then, and the first word of each sentence.
        if (n == 0 || word % 11 == 3)
            && let Some(first) = to.get_mut(start..=start)
        {
            first.make_ascii_uppercase();
        }
    }
}

const SYLLABLES: [&str; 61] = [
    "a", "an", "ar", "ba", "be", "bo", "ca", "ce", "chi", "co", "da", "de", "di", "do", "el", "en", "er",
    "es", "fa", "fe", "fi", "ga", "ge", "go", "ha", "he", "hi", "in", "is", "it", "ka", "ke", "la", "le",
    "li", "lo", "ma", "me", "mi", "mo", "na", "ne", "ni", "no", "or", "pa", "pe", "po", "ra", "re", "ri",
    "ro", "sa", "se", "si", "so", "ta", "te", "ti", "to", "un",
];

/// Numbers that look random and are the same in each run (splitmix64).
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn roll(&mut self, below: u64) -> u64 {
        self.next() % below
    }

    /// The rank of a word: the first come as often as all of the next ten times as many.
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between 1 and WORDS"
    )]
    fn rank(&mut self) -> u64 {
        let share = (self.next() >> 11) as f64 / (1_u64 << 53) as f64;
        (WORDS as f64).powf(share) as u64
    }
}

//! Topics and documents, made up, the same in every run: vocabulary and word frequencies are those of the labelled texts,
//! continued with made-up rarer words; names are made of syllables.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use fastrand::Rng;
use newswatch::article::Article;
use newswatch::text::fold::fold;
use newswatch::topic::spec::{LineSpec, WaySpec};
use newswatch::topic::{TopicSpec, Written};

/// Words that topics are written with: those of the texts, then made-up ones that documents do not have.
const WORDS: usize = 20_000;
/// Words so frequent that nobody writes them into a topic.
const STOP_WORDS: usize = 200;
/// Bytes of a document.
const DOCUMENT: usize = 1_500;
/// Persons that a document names.
const PEOPLE: usize = 5;

/// What topics and documents are made of.
pub(crate) struct Press {
    /// Words, the more frequent first.
    words: Vec<String>,
}

/// A topic as strings: `all` lines, each with its alternatives, a window, vetoes. Eleven phrases.
pub(crate) struct Made {
    pub(crate) lines: Vec<Vec<String>>,
    near: Option<usize>,
    none: Vec<String>,
}

impl Press {
    pub(crate) fn read() -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/topic/labelled");
        let mut files: Vec<_> = ["relevant", "other"]
            .iter()
            .flat_map(|label| fs::read_dir(folder.join(label)).expect("the labelled texts"))
            .map(|entry| entry.expect("an entry").path())
            .filter(|path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("en-")))
            .collect();
        files.sort();
        let texts: Vec<String> = files.iter().map(|path| fs::read_to_string(path).expect("a text")).collect();
        let paragraphs: Vec<String> = texts
            .iter()
            .flat_map(|text| text.split("\n\n").skip(1))
            .filter(|paragraph| paragraph.len() > 80)
            .map(|paragraph| paragraph.trim().to_owned())
            .collect();
        let mut counts: HashMap<String, usize> = HashMap::new();
        for token in paragraphs.iter().flat_map(|paragraph| fold(paragraph)) {
            *counts.entry(token.folded).or_default() += 1;
        }
        let mut known: Vec<_> = counts.into_iter().collect();
        known.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        let mut words: Vec<String> = known.into_iter().map(|(word, _)| word).collect();
        let mut rng = Rng::with_seed(1);
        while words.len() < WORDS {
            words.push(syllables(&mut rng, 3).to_lowercase());
        }
        Self { words }
    }

    /// A word of rank `from` or beyond, each as often as its rank says (Zipf).
    fn ranked(&self, rng: &mut Rng, from: usize) -> &str {
        let (from, all) = (as_float(from), as_float(self.words.len()));
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a rank among words")]
        let rank = (from * (all / from).powf(rng.f64())) as usize;
        self.words.get(rank.saturating_sub(1)).map_or("", String::as_str)
    }

    /// A word for a topic, as frequent as those of documents that are no stop words.
    fn word(&self, rng: &mut Rng) -> String {
        let word = self.ranked(rng, STOP_WORDS).to_owned();
        match rng.u8(0..20) {
            0 if word.len() > 5 => format!("{}*", word.get(..5).unwrap_or(&word)),
            1 => format!("~{word}"),
            2 => format!("{word} {}", self.words.get(rng.usize(..self.words.len())).map_or("", |word| word)),
            _ => word,
        }
    }

    /// Topic number `number`, of eleven phrases. Most are about somebody; one of a hundred is made of words alone.
    pub(crate) fn topic(&self, number: usize) -> Made {
        let rng = &mut Rng::with_seed(1_000 + number as u64);
        let names = |rng: &mut Rng, count: usize| (0..count).map(|_| name(rng)).collect::<Vec<_>>();
        let words = |rng: &mut Rng, count: usize| (0..count).map(|_| self.word(rng)).collect::<Vec<_>>();
        let lines = if rng.u8(0..100) == 0 {
            vec![words(rng, 4), words(rng, 3), words(rng, 3)]
        } else {
            vec![names(rng, 4), words(rng, 3), words(rng, 3)]
        };
        let mut lines = lines;
        // Few write expressions.
        if number % 2_000 == 7
            && let Some(term) = lines.last_mut().and_then(|line| line.first_mut())
        {
            *term = format!(r"/{}-\d{{2,4}}/", term.trim_matches(['~', '*']));
        }
        let veto = self.word(rng);
        let near = rng.bool().then(|| rng.usize(10..80));
        Made { lines, near, none: vec![if rng.bool() { format!("title:{veto}") } else { veto }] }
    }

    /// Document number `number`: words as often as news has them (Zipf), and some people.
    pub(crate) fn document(&self, number: usize) -> Article {
        let rng = &mut Rng::with_seed(number as u64);
        let mut body = String::new();
        let apart = DOCUMENT / PEOPLE;
        let mut people = 0;
        while body.len() < DOCUMENT - 60 {
            if body.len() / apart >= people {
                people += 1;
                body.push_str(&name(rng));
            } else {
                body.push_str(self.ranked(rng, 1));
            }
            body.push_str(match rng.u8(0..60) {
                0 => ".\n\n",
                1..4 => ". ",
                4..8 => ", ",
                _ => " ",
            });
        }
        let (lead, body) = body.split_once("\n\n").unwrap_or((&body, ""));
        let title = lead.get(..60).unwrap_or(lead);
        Article {
            title: title.to_owned(),
            lead: lead.to_owned(),
            body: body.to_owned(),
            language: Some("en".to_owned()),
            ..Article::default()
        }
    }
}

impl Made {
    /// As the configuration hands it over; `usual` has what is not said here.
    pub(crate) fn spec(&self, number: usize, usual: &TopicSpec) -> TopicSpec {
        let line = |terms: &Vec<String>| LineSpec { terms: vec![written(&terms.join(" | "))], weight: 1.0 };
        let all = self.lines.iter().map(line).collect();
        TopicSpec {
            id: written(&format!("t{number}")),
            name: format!("Topic {number}"),
            way: WaySpec { all, near: self.near, ..WaySpec::default() },
            none: self.none.iter().map(|term| written(term)).collect(),
            ..usual.clone()
        }
    }
}

fn written(text: &str) -> Written {
    Written { text: text.to_owned(), file: 0, at: 0..0 }
}

/// A person: a few first names, many family names, some people far more often than others.
fn name(rng: &mut Rng) -> String {
    let person = (rng.f64().powi(2) * 400_000.0).floor();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "one of so many people")]
    let person = &mut Rng::with_seed(7 + person as u64);
    let first = Rng::with_seed(person.u64(0..500)).clone();
    let family = Rng::with_seed(10_000 + person.u64(0..60_000)).clone();
    format!("{} {}", syllables(&mut { first }, 2), syllables(&mut { family }, 3))
}

fn syllables(rng: &mut Rng, count: usize) -> String {
    const SYLLABLES: [&str; 32] = [
        "an", "bel", "cor", "da", "el", "far", "gor", "ha", "in", "jo", "kal", "lu", "mar", "no", "or",
        "pet", "qui", "ro", "sa", "ti", "ul", "vic", "wen", "xa", "yo", "zel", "bri", "stan", "chi", "dro",
        "mo", "rin",
    ];
    let mut word: String =
        (0..count).map(|_| SYLLABLES.get(rng.usize(..SYLLABLES.len())).copied().unwrap_or("a")).collect();
    if let Some(first) = word.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    word
}

#[expect(clippy::cast_precision_loss, reason = "few")]
fn as_float(count: usize) -> f64 {
    count as f64
}

//! What an entry says, as bare words: what a reader would call the same compares equal, whatever its markup.

use std::collections::HashMap;

use scraper::Html;
use unicode_normalization::UnicodeNormalization;

use super::link::{Habits, page};
use crate::feed::Entry;
use crate::feed::markup::{Token, Tokens, entity_name, split_name, unescape};
use crate::feed::plain::INLINE;
use crate::text::fingerprint::fingerprint;

/// Elements whose text is not prose.
const SILENT: [&str; 2] = ["script", "style"];
/// Kinds of rare named entities that are looked up in one text, each at the cost of a parser; nobody needs more.
const MAX_ENTITIES: usize = 48;
/// Words of a piece that can be a counter ("12 comments", "posted 3 hours ago").
const MAX_COUNTER: usize = 5;

/// Words that stand beside a number which changes by itself.
#[rustfmt::skip]
const COUNTED: &[&str] = &[
    "comment", "comments", "kommentar", "kommentare", "commentaire", "commentaires", "comentario", "comentarios",
    "commenti", "commento", "reactie", "reacties", "reply", "replies", "points", "likes", "shares", "views",
];
/// Words that make a number of time units a time that passes.
const PASSING: [&str; 6] = ["ago", "vor", "il", "hace", "fa", "geleden"];
/// What else such pieces are made of.
#[rustfmt::skip]
const AROUND: &[&str] = &[
    "posted", "updated", "no", "a", "an", "y", "second", "seconds", "sec", "secs", "minute", "minutes", "min", "mins", "hour",
    "hours", "hr", "hrs", "h", "m", "day", "days", "d", "stunde", "stunden", "minuten", "tag", "tagen", "heure",
    "heures", "jour", "jours", "hora", "horas", "dia", "dias", "ora", "ore", "giorni",
];

/// The words of an entry.
pub(super) struct Said {
    /// Of its title.
    pub(super) title: String,
    /// Of its content, and of its summary where that is no part of the content.
    pub(super) text: String,
}

impl Said {
    pub(super) fn of(entry: &Entry) -> Self {
        let words_of = |html: &Option<String>| html.as_deref().map(words_of_html).unwrap_or_default();
        let (summary, content) = (words_of(&entry.summary_html), words_of(&entry.content_html));
        // A summary out of the content may be cut elsewhere each time.
        let text = match (content.is_empty(), summary.is_empty()) {
            (true, _) => summary,
            (false, true) => content,
            (false, false) if content.contains(summary.as_str()) => content,
            (false, false) => format!("{summary} {content}"),
        };
        Self { title: entry.title.as_deref().map(words).unwrap_or_default(), text }
    }

    /// How many words the text has, at most `most`.
    pub(super) fn length(&self, most: usize) -> usize {
        self.text.split(' ').filter(|word| !word.is_empty()).take(most).count()
    }
}

/// Fingerprint of what `entry` says and of the page it leads to (without what looks like a visitor's number).
/// Markup, white space, typography, punctuation, case, counts of comments and dates are no part of it; every word,
/// number and currency is.
pub(crate) fn content_hash(entry: &Entry) -> String {
    hash_of(entry, &Said::of(entry), &Habits::default())
}

pub(super) fn hash_of(entry: &Entry, said: &Said, habits: &Habits) -> String {
    let page = entry.url.as_ref().map(|url| page(url, habits)).unwrap_or_default();
    fingerprint(&[said.title.as_str(), &said.text, &page])
}

/// The words of a fragment of HTML. Linear, and without a tree: it runs over every entry of every document.
fn words_of_html(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut silent = false;
    let mut known = HashMap::new();
    for token in Tokens::new(html) {
        match token {
            Token::Text(part) if !silent => resolve_into(&mut text, part, &mut known),
            Token::CData(part) if !silent => text.push_str(part),
            Token::Text(_) | Token::CData(_) => {}
            Token::Start(tag) => {
                silent = among(&SILENT, tag.name) && !tag.empty;
                end_line(&mut text, tag.name);
            }
            Token::End(name) => {
                silent = false;
                end_line(&mut text, name);
            }
        }
    }
    words(cut_short(&text))
}

fn end_line(text: &mut String, name: &str) {
    if !among(&INLINE, split_name(name).1) {
        text.push('\n');
    }
}

fn among(names: &[&str], name: &str) -> bool {
    names.iter().any(|own| own.eq_ignore_ascii_case(name))
}

/// Adds `part` with its entities resolved, also those that only HTML knows.
fn resolve_into(text: &mut String, part: &str, known: &mut HashMap<String, String>) {
    let mut rest = part;
    while let Some((before, after)) = rest.split_once('&') {
        text.push_str(before);
        rest = after;
        let Some(name) = entity_name(after) else {
            text.push('&');
            continue;
        };
        rest = after.get(name.len() + 1..).unwrap_or_default();
        let written = format!("&{name};");
        let simple = unescape(&written);
        if simple != written {
            text.push_str(&simple);
        } else if let Some(meant) = known.get(name) {
            text.push_str(meant);
        } else if known.len() < MAX_ENTITIES {
            let meant: String = Html::parse_fragment(&written).root_element().text().collect();
            text.push_str(&meant);
            known.insert(name.to_owned(), meant);
        }
    }
    text.push_str(rest);
}

/// The words of a text, in lower case, separated by one space each.
pub(super) fn words(text: &str) -> String {
    let mut all = String::with_capacity(text.len());
    let pieces = |c: char| matches!(c, '\n' | '\r' | '(' | ')' | '[' | ']' | '|' | '·' | '•' | '#');
    for piece in text.split(pieces) {
        let start = all.len();
        if text.is_ascii() {
            push_words(&mut all, piece.chars());
        } else {
            push_words(&mut all, piece.nfkc());
        }
        if all.get(start..).is_some_and(is_counter) {
            all.truncate(start);
        }
    }
    all.truncate(all.trim_end().len());
    all
}

/// `text` without the word that was cut off at its end, if it says that it goes on.
fn cut_short(text: &str) -> &str {
    let bare = text.trim();
    let ends = ["…", "...", "[…]", "[...]", "(…)", "(...)"];
    let Some(rest) = ends.iter().find_map(|end| bare.strip_suffix(end)) else { return text };
    // A mark of its own follows a whole word.
    if rest.ends_with(char::is_whitespace) {
        return rest;
    }
    let (whole, last) = rest.rsplit_once(char::is_whitespace).unwrap_or((rest, ""));
    // A number is cut nowhere, but may be another next time.
    if last.contains(|c: char| c.is_numeric()) { rest } else { whole }
}

fn push_words(all: &mut String, chars: impl Iterator<Item = char> + Clone) {
    let (mut before, mut last) = (' ', ' ');
    let mut chars = chars.peekable();
    while let Some(c) = chars.next() {
        match c {
            _ if c.is_alphanumeric() => all.extend(c.to_lowercase()),
            // Within a word or around it, straight or curly.
            '\''
            | '’'
            | '‘'
            | 'ʼ'
            | '′'
            | '`'
            | '\u{ad}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2060}'
            | '\u{feff}' => continue,
            '$' | '€' | '£' | '¥' | '₹' | '₽' | '₩' | '₴' | '₪' | '%' | '‰' | '°' | '+' => {
                push_alone(all, c);
            }
            _ if is_symbol(c) => push_alone(all, c),
            // A relation of two numbers.
            '<' | '>' | '=' | '≤' | '≥'
                if last.is_numeric()
                    && chars.clone().find(|next| !next.is_whitespace()).is_some_and(char::is_numeric) =>
            {
                push_alone(all, c);
            }
            // A point between digits, which may be a comma elsewhere, is no gap between two numbers.
            '.' | ',' if before.is_numeric() && chars.peek().is_some_and(|next| next.is_numeric()) => {
                all.push('.');
            }
            // A minus, not a range or a dash.
            '-' | '−' if !before.is_alphanumeric() && chars.peek().is_some_and(|next| next.is_numeric()) => {
                space(all);
                all.push('-');
            }
            _ => space(all),
        }
        before = c;
        if !c.is_whitespace() {
            last = c;
        }
    }
    space(all);
}

/// Whether `c` is a sign that says something by itself: an arrow, a coloured circle, a flag.
fn is_symbol(c: char) -> bool {
    matches!(
        c,
        '\u{2190}'..='\u{21ff}'
            | '\u{25a0}'..='\u{27bf}'
            | '\u{2b00}'..='\u{2bff}'
            | '\u{1f1e6}'..='\u{1f1ff}'
            | '\u{1f300}'..='\u{1faff}'
    )
}

fn push_alone(all: &mut String, c: char) {
    space(all);
    all.push(c);
    all.push(' ');
}

fn space(all: &mut String) {
    if !all.is_empty() && !all.ends_with(' ') {
        all.push(' ');
    }
}

/// Whether a piece is a number that changes by itself: of comments, of hours since.
fn is_counter(words: &str) -> bool {
    let numeric = |word: &str| word.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    let marks = |word: &str| COUNTED.contains(&word) || PASSING.contains(&word);
    let mut count = 0;
    let (mut marked, mut number) = (false, false);
    // A sign beside a count ("▲ 12 points") is a button.
    for word in words.split(' ').filter(|word| !word.chars().all(is_symbol)) {
        count += 1;
        if count > MAX_COUNTER {
            return false;
        }
        if numeric(word) {
            number = true;
        } else if marks(word) {
            marked = true;
        } else if word == "no" {
            number = true;
        } else if !AROUND.contains(&word) {
            return false;
        }
    }
    marked && (number || words.split(' ').any(|word| word == "a" || word == "an"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn same(a: &str, b: &str) -> bool {
        words_of_html(a) == words_of_html(b)
    }

    #[test]
    fn what_a_reader_does_not_see_is_no_change() {
        for (a, b) in [
            ("<p>The dam broke.</p>", "<div class=x>\n The  dam\nbroke.</div>"),
            ("caf&eacute; &amp; bar", "café & bar"),
            ("caf\u{e9}", "cafe\u{301}"),
            ("it&#8217;s &ldquo;big&rdquo; &mdash; he said", "it's \"big\" - he said"),
            ("\u{ff11}\u{ff12} towns", "12 towns"),
            (
                "text<img src='https://x.example/p.gif?n=1' width=1>",
                "text<img src='https://x.example/p.gif?n=2'>",
            ),
            ("text <script>nonce(1)</script>", "text <script>nonce(2)</script>"),
            ("<p>text</p><p>12 comments</p>", "<p>text</p><p>13 Comments</p>"),
            ("text (12 comments)", "text (No comments)"),
            ("<p>Points: 12</p><p># Comments: 4</p>", "<p>Points: 13</p><p># Comments: 5</p>"),
            ("Quake in town <small>|</small> 3 hours ago", "Quake in town <small>|</small> 4 hours ago"),
            ("The dam bro…", "The dam b…"),
            ("Flooding, again!", "flooding again"),
            ("<p>text</p><p>▲ 12 points</p>", "<p>text</p><p>▲ 13 points</p>"),
            ("⚠\u{fe0f} Flooding", "⚠ flooding"),
            ("<p>Read more =></p>", "Read more"),
        ] {
            assert!(same(a, b), "{a} / {b}: {:?} / {:?}", words_of_html(a), words_of_html(b));
        }
    }

    #[test]
    fn a_word_a_number_a_currency_is_a_change() {
        for (a, b) in [
            ("12 dead", "13 dead"),
            ("the mayor can resign", "the mayor can't resign"),
            ("1.5 million", "15 million"),
            ("rates at -2%", "rates at 2%"),
            ("€5 a head", "$5 a head"),
            ("the dam broke", "the old dam broke"),
            ("Abe said", "Ade said"),
            (
                "12 comments on the ruling were filed by members",
                "13 comments on the ruling were filed by members",
            ),
            ("3 hours ago the dam broke in Derna town", "4 hours ago the dam broke in Derna town"),
        ] {
            assert!(!same(a, b), "{a} / {b}");
        }
    }

    #[test]
    fn a_sign_that_says_something_is_a_change() {
        for (a, b) in [
            ("🟢 Bridge status", "🔴 Bridge status"),
            ("Dow ▲ 5%", "Dow ▼ 5%"),
            ("Dow ↑ 5%", "Dow ↓ 5%"),
            ("Rates ⬆", "Rates ⬇"),
            ("🇺🇦 wins", "🇵🇱 wins"),
            ("a ratio of 2 &lt; 3", "a ratio of 2 &gt; 3"),
            ("2&lt;3", "2=3"),
        ] {
            assert!(!same(a, b), "{a} / {b}");
        }
    }

    #[test]
    fn entities_that_nobody_knows_are_looked_up_in_bounded_number() {
        let html = (0..2_000).map(|n| format!("&zzz{n};")).collect::<Vec<_>>().concat();
        assert_eq!(words_of_html(&html).split(' ').count(), MAX_ENTITIES);
        assert_eq!(words_of_html("&zeetrf; &zeetrf;"), words_of_html("ℨ ℨ"));
    }

    #[test]
    fn a_summary_that_is_cut_elsewhere_does_not_change_what_the_content_says() {
        let entry = |summary: &str| Entry {
            summary_html: Some(summary.to_owned()),
            content_html: Some("<p>The old dam broke on Sunday night above the town.</p>".to_owned()),
            ..Entry::default()
        };
        assert_eq!(
            content_hash(&entry("The old dam bro…")),
            content_hash(&entry("The old dam broke on Sun [...]"))
        );
        assert_ne!(content_hash(&entry("The old dam")), content_hash(&entry("The new dam")));
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn any_text_is_survived_and_white_space_never_counts(html in "[<>/&;#a-cé \\n'!x1-3…(),.-]{0,80}") {
            let once = words_of_html(&html);
            prop_assert_eq!(once.trim(), once.as_str());
            prop_assert!(!once.contains("  "));
            prop_assert_eq!(words_of_html(&format!("\n {html}\t\n")), once);
        }
    }
}

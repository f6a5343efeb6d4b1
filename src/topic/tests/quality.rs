//! The shipped topics on labelled texts: how much of what they find is right, and how much of what is right they find.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use super::compile;
use crate::article::Article;
use crate::topic::TopicSet;

struct Labelled {
    name: String,
    article: Article,
    relevant: bool,
}

impl Labelled {
    /// A third of the texts, chosen by their names (FNV-1a), is not for writing rules by.
    fn held_out(&self) -> bool {
        let hash = self.name.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        (hash >> 32).is_multiple_of(3)
    }
}

/// What the README beside the texts says a file is.
fn article_of(text: &str) -> Article {
    let (text, furniture) = text.split_once("\n--- furniture\n").unwrap_or((text, ""));
    let (language, text) = match text.strip_prefix("lang: ").and_then(|rest| rest.split_once('\n')) {
        Some((language, rest)) => (language, rest),
        None => ("en", text),
    };
    let (title, text) = text.split_once("\n\n").expect("a title, a blank line, a text");
    let (lead, body) = text.split_once("\n\n").unwrap_or((text, ""));
    Article {
        title: title.to_owned(),
        lead: lead.to_owned(),
        body: body.trim_end().to_owned(),
        furniture: furniture.to_owned(),
        language: Some(language.to_owned()),
        ..Article::default()
    }
}

/// A topic file as it is shipped; read, not included: to try a rule nothing is built.
fn watchlist(name: &str) -> TopicSet {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("config/watchlists").join(name);
    compile(&fs::read_to_string(path).expect("a watchlist"))
}

fn labelled(folder: &str) -> Vec<Labelled> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/topic").join(folder);
    let mut texts = Vec::new();
    for (label, relevant) in [("relevant", true), ("other", false)] {
        for entry in fs::read_dir(folder.join(label)).expect("the folder of texts") {
            let path = entry.expect("an entry").path();
            let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
            let article = article_of(&fs::read_to_string(&path).expect("UTF-8"));
            texts.push(Labelled { name, article, relevant });
        }
    }
    texts.sort_by(|a, b| a.name.cmp(&b.name));
    texts
}

/// What a topic made of some texts.
#[derive(Debug, Default)]
struct Outcome {
    found: u32,
    relevant: u32,
    right: u32,
    missed: Vec<String>,
    wrong: Vec<String>,
}

impl Outcome {
    fn of<'a>(set: &TopicSet, texts: impl Iterator<Item = &'a Labelled>) -> Self {
        let mut outcome = Self::default();
        for text in texts {
            let found = set.judge(&text.article).iter().any(|one| one.matched);
            outcome.found += u32::from(found);
            outcome.relevant += u32::from(text.relevant);
            outcome.right += u32::from(found && text.relevant);
            match (found, text.relevant) {
                (true, false) => outcome.wrong.push(text.name.clone()),
                (false, true) => outcome.missed.push(text.name.clone()),
                _ => {}
            }
        }
        outcome
    }

    fn precision(&self) -> f64 {
        f64::from(self.right) / f64::from(self.found.max(1))
    }

    fn recall(&self) -> f64 {
        f64::from(self.right) / f64::from(self.relevant.max(1))
    }

    fn shown(&self) -> String {
        let mut shown = format!(
            "precision {:.3}, recall {:.3} ({} right of {} found, {} relevant)",
            self.precision(),
            self.recall(),
            self.right,
            self.found,
            self.relevant
        );
        let _ = write!(shown, "\n  wrong: {}\n  missed: {}", self.wrong.join(" "), self.missed.join(" "));
        shown
    }
}

/// Holds `set` to `precision` and `recall`, on all texts and on those held out.
fn hold(set: &TopicSet, precision: f64, recall: f64) {
    let texts = labelled("labelled");
    let all = Outcome::of(set, texts.iter());
    let held_out = Outcome::of(set, texts.iter().filter(|text| text.held_out()));
    println!("all: {}\nheld out: {}", all.shown(), held_out.shown());
    for outcome in [&all, &held_out] {
        assert!(outcome.precision() >= precision && outcome.recall() >= recall, "{}", outcome.shown());
    }
}

/// Holds `set` to `precision` and `recall` on the texts written without sight of any topic.
fn hold_blind(set: &TopicSet, precision: f64, recall: f64) {
    let outcome = Outcome::of(set, labelled("blind").iter());
    println!("blind: {}", outcome.shown());
    assert!(outcome.precision() >= precision && outcome.recall() >= recall, "{}", outcome.shown());
}

#[test]
fn there_are_texts_of_every_sort() {
    let texts = labelled("labelled");
    let count = |wanted: &dyn Fn(&Labelled) -> bool| texts.iter().filter(|text| wanted(text)).count();
    assert!(count(&|text| text.relevant) >= 40 && count(&|text| !text.relevant) >= 50);
    assert!(count(&|text| !text.relevant && !text.article.furniture.is_empty()) >= 12);
    for relevant in [true, false] {
        assert!(count(&|text| text.held_out() && text.relevant == relevant) >= 12);
        for language in ["en", "ru", "ko", "zh", "de"] {
            let of_language = |text: &Labelled| text.article.language.as_deref() == Some(language);
            assert!(count(&|text| of_language(text) && text.relevant == relevant) >= 2, "{language}");
        }
    }
}

#[test]
fn the_worked_topic_finds_the_story_and_little_else() {
    hold(&watchlist("russia-north-korea.toml"), 0.95, 0.90);
}

/// Three lines of English words: what they find is right; they find what is told in English.
#[test]
fn the_three_line_topic_is_seldom_wrong() {
    hold(&watchlist("three-lines.toml"), 0.90, 0.45);
}

#[test]
fn the_worked_topic_holds_on_texts_nobody_wrote_it_by() {
    hold_blind(&watchlist("russia-north-korea.toml"), 0.95, 0.90);
}

#[test]
fn the_three_line_topic_holds_on_texts_nobody_wrote_it_by() {
    hold_blind(&watchlist("three-lines.toml"), 0.90, 0.35);
}

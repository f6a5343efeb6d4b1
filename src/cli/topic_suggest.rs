//! `newswatch topic suggest`: terms that a topic may lack, from what is stored.

use std::io;

use serde::Serialize;

use super::Exit;
use super::args::SuggestArgs;
use super::context::Context;
use super::print::{Printer, shown};
use super::style::{FAINT, STRONG, paint};
use super::topic_named;
use crate::clock::Timestamp;
use crate::store::table;
use crate::story::reporters;
use crate::text::count::count;
use crate::topic::suggest::{Learning, Standing, Suggestion, Suggestions};

/// Articles that are read at most, the newest.
const ARTICLES: u32 = 100_000;

/// Suggestions, as `--json` gives them.
#[derive(Debug, Serialize)]
struct Answer {
    topic: String,
    since: Timestamp,
    #[serde(flatten)]
    suggestions: Suggestions,
    /// Ready to paste.
    toml: Vec<String>,
}

/// Shows them. `No` if there are none.
pub(super) fn run(context: &Context, args: &SuggestArgs) -> anyhow::Result<Exit> {
    let (settings, _) = context.judging_settings()?;
    let id = args.topic.as_str();
    topic_named::require(&settings, id)?;
    let since = args.since.before(context.now(), &context.zone)?;
    let topics = &settings.topic_set;
    let standing = |article: &_| {
        topics.explain_one(id, article).map_or(Standing::Other, |evaluation| Standing::of(&evaluation))
    };
    let suggestions = context.store()?.read(|db| {
        // A daemon may be storing more: both passes read the same.
        let _snapshot = db.unchecked_transaction()?;
        let mut learning = Learning::new(reporters);
        // An article stands as it stands: the second pass need not judge it again.
        let mut standings = Vec::new();
        table::articles_since(db, since, ARTICLES, |article| {
            let standing = standing(article);
            standings.push(standing);
            learning.learn(article, standing);
        })?;
        let (mut weighing, mut place) = (learning.finish(), 0);
        table::articles_since(db, since, ARTICLES, |article| {
            weighing.weigh(article, standings.get(place).copied().unwrap_or(Standing::Other));
            place += 1;
        })?;
        Ok(weighing.finish(topics, id))
    })?;
    let nothing = suggestions.shared.is_empty() && suggestions.behind.is_empty();
    let mut to = context.printer();
    let toml = suggestions.lines();
    let answer = Answer { topic: id.to_owned(), since, suggestions, toml };
    if context.json {
        to.json(&answer)?;
    } else {
        answer.print(context, &mut to)?;
    }
    Ok(Exit::yes_if(!nothing))
}

impl Answer {
    fn print(&self, context: &Context, to: &mut Printer<'_>) -> io::Result<()> {
        let Suggestions { counts, shared, behind } = &self.suggestions;
        let turned_away = counts.near_misses + counts.vetoed + counts.furniture_only;
        let all = counts.matched + turned_away + counts.others;
        to.line(format!(
            "{}: {} of {} since {} match",
            paint(STRONG, shown(&self.topic)),
            counts.matched,
            count(all, "stored article"),
            context.when().local(self.since),
        ))?;
        let away = [
            (counts.near_misses, "all lines but one"),
            (counts.vetoed, "`none`"),
            (counts.furniture_only, "only with the page around the article"),
        ];
        let away: Vec<String> = away
            .iter()
            .filter(|(many, _)| *many > 0)
            .map(|(many, what)| format!("{many} ({what})"))
            .collect();
        if !away.is_empty() {
            to.line(format!("turned away: {}", away.join(", ")))?;
        }
        if counts.matched < 2 {
            to.line("at least two articles that match are needed to see what they share")?;
        }
        if shared.is_empty() && behind.is_empty() {
            return to.line("nothing to suggest");
        }
        section(
            "They share, and the topic does not look for:",
            shared,
            counts.matched,
            |one| one.matched,
            to,
        )?;
        let head = "Behind those that were turned away, and in none that matches:";
        section(head, behind, turned_away, |one| one.turned_away, to)?;
        to.line("")?;
        to.line("To paste, after a look (the first into a line of `all` or `any`):")?;
        for line in &self.toml {
            to.line(format!("  {line}"))?;
        }
        Ok(())
    }
}

/// A list of suggestions, each with its support and a headline.
fn section(
    head: &str,
    suggestions: &[Suggestion],
    all: u32,
    support: impl Fn(&Suggestion) -> u32,
    to: &mut Printer<'_>,
) -> io::Result<()> {
    if suggestions.is_empty() {
        return Ok(());
    }
    to.line("")?;
    to.line(head)?;
    let width = suggestions.iter().map(|one| one.term.chars().count()).max().unwrap_or(0).min(40);
    let mut told: Vec<&str> = Vec::new();
    for one in suggestions {
        let term = shown(&one.term);
        // Another headline at each term, as long as there are some.
        let mut titles = one.titles.iter().map(String::as_str);
        let title = titles.find(|title| !told.contains(title)).or(one.titles.first().map(String::as_str));
        told.extend(title);
        let title = title.map(shown).unwrap_or_default();
        let support = format!("in {} of {all}, and {} of the others", support(one), one.others);
        to.line(format!("  {term:<width$}  {support:<32}  {}", paint(FAINT, format!("\"{title}\""))))?;
    }
    Ok(())
}

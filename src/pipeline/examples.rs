//! Topics by example meet the store: how rare words are there, how like its articles are by chance, and the stored
//! articles that examples name.

use rusqlite::Connection;

use crate::store::table;
use crate::topic::{Counting, Stored, TopicProblem, TopicSet};

/// The articles that are compared, the newest. One in ten thousand may be as like as `"auto"` asks.
const ARTICLES: u32 = 10_000;

/// Has `topics` compare by what the store holds now. Reads the store only if a topic has examples, and
/// then its newest articles twice. Returns a warning for each stored article that is named and not there.
///
/// # Errors
/// What SQLite says.
pub fn compare_examples(db: &Connection, topics: &TopicSet) -> rusqlite::Result<Vec<TopicProblem>> {
    if !topics.has_examples() {
        return Ok(Vec::new());
    }
    let (mut stored, mut missing) = (Stored::default(), Vec::new());
    for (at, name) in topics.stored_examples() {
        match table::report_named(db, &name)?.map(|report| report.article) {
            Some(article) if !article.text().is_empty() => stored.insert(&name, article),
            found => missing.push(TopicProblem {
                message: match found {
                    Some(_) => format!("the text of the stored article `{name}` is not kept any more"),
                    None => format!("no stored article is named `{name}`"),
                },
                hint: Some(
                    "`newswatch search` finds articles and their numbers; files last longer".to_owned(),
                ),
                at,
                within: None,
                warning: true,
            }),
        }
    }
    let mut counting = Counting::default();
    table::recent_articles(db, ARTICLES, |article| counting.count(article))?;
    let mut comparing = topics.comparing(counting, &stored);
    table::recent_articles(db, ARTICLES, |article| comparing.compare(topics, article))?;
    topics.take(comparing);
    Ok(missing)
}

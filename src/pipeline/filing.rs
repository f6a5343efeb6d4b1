//! Topics meet the store: how often their phrases stand in its articles says where an article finds them soonest.

use rusqlite::Connection;

use crate::config::Settings;
use crate::store::table;

/// The articles whose phrases are counted, the newest.
const ARTICLES: u32 = 1_000;

/// Files the topics of `settings` under the lines that are rarest in what the store holds now.
///
/// # Errors
/// What SQLite says.
pub fn refile_topics(db: &Connection, settings: &Settings) -> rusqlite::Result<()> {
    let mut counted: Vec<_> =
        settings.sets_in_force().map(|topics| (topics, topics.count_phrases())).collect();
    table::recent_articles(db, ARTICLES, |article| {
        for (topics, counts) in &mut counted {
            counts.count(topics, article);
        }
    })?;
    for (topics, counts) in counted {
        topics.refile(&counts);
    }
    Ok(())
}

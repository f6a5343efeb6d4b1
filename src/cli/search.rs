//! `newswatch search`: full-text search over what is stored.

use std::io;

use serde::Serialize;

use super::Exit;
use super::args::SearchArgs;
use super::context::Context;
use super::print::{Printer, shown};
use super::style::{FAINT, FOUND, STRONG, paint};
use super::when::When;
use crate::clock::Timestamp;
use crate::store::{SearchHit, table};

#[derive(Debug, Serialize)]
struct Hit {
    id: i64,
    url: Option<String>,
    outlet: String,
    title: String,
    published: Option<Timestamp>,
    snippet: String,
    story: i64,
    topics: Vec<String>,
}

impl Hit {
    fn of(row: SearchHit) -> Self {
        let SearchHit { id, url, outlet, title, published, snippet, story, topics } = row;
        Self { id, url, outlet, title, published, snippet, story, topics }
    }
}

/// Searches. `No` if nothing is found.
pub(super) fn run(context: &Context, args: &SearchArgs) -> anyhow::Result<Exit> {
    let store = context.store()?;
    let limit = args.list.rows(context.json);
    let hits: Vec<Hit> = match table::fts_query(&args.query.join(" ")) {
        Some(query) => store.read(|db| table::search(db, &query, limit))?.into_iter().map(Hit::of).collect(),
        None => Vec::new(),
    };
    let mut printer = context.printer();
    if context.json {
        printer.json(&hits)?;
    } else {
        print(&hits, &context.when(), &mut printer)?;
        args.list.print_more(hits.len(), &mut printer)?;
    }
    Ok(Exit::yes_if(!hits.is_empty()))
}

fn print(hits: &[Hit], when: &When, to: &mut Printer<'_>) -> io::Result<()> {
    if hits.is_empty() {
        return to.line("nothing found");
    }
    for hit in hits {
        to.line(paint(STRONG, shown(&hit.title)))?;
        let mut facts = vec![format!("article {}", hit.id), shown(&hit.outlet)];
        facts.extend(hit.published.map(|at| when.words(at)));
        facts.push(format!("story {}", hit.story));
        if !hit.topics.is_empty() {
            facts.push(shown(&hit.topics.join(", ")));
        }
        to.line(format!("  {}", paint(FAINT, facts.join(" · "))))?;
        to.line(format!("  {}", marked(&shown(&hit.snippet))))?;
        if let Some(url) = &hit.url {
            to.line(format!("  {}", shown(url)))?;
        }
        to.line("")?;
    }
    Ok(())
}

/// What stands in `[` `]` gets a colour; the brackets stay, for whoever sees no colours. Brackets of the text itself
/// are coloured too, which harms nobody.
fn marked(snippet: &str) -> String {
    let mut text = String::with_capacity(snippet.len() + 32);
    let mut rest = snippet;
    while let Some((before, opened)) = rest.split_once('[') {
        text.push_str(before);
        let Some((words, after)) = opened.split_once(']') else {
            rest = opened;
            text.push('[');
            continue;
        };
        text.push_str(&paint(FOUND, format!("[{words}]")));
        rest = after;
    }
    text.push_str(rest);
    text
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_was_found_is_marked() {
        let text = marked("… [Kim] met [Putin] and [then");
        assert_eq!(text, format!("… {} met {} and [then", paint(FOUND, "[Kim]"), paint(FOUND, "[Putin]")));
    }

    proptest! {
        #[test]
        fn marking_changes_no_word(snippet in r"[a\[\] é…]{0,40}") {
            let text = marked(&snippet);
            prop_assert_eq!(anstream::adapter::strip_str(&text).to_string(), snippet);
        }
    }
}

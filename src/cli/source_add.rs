//! `newswatch source add`: from any address to a source in the configuration.

use std::io::{self, IsTerminal};

use anyhow::{anyhow, bail};
use url::Url;

use super::Exit;
use super::args::{AddArgs, Kind};
use super::context::Context;
use super::edit::{EditedSource, chosen_file, next_words, open, save, with_added};
use super::print::{Printer, complain, shown};
use super::source_discover::{FoundView, list, nothing, search, wanted};
use crate::config::{Draft, Edition, Value, Written};
use crate::feed::addresses;
use crate::pipeline::Wanted;
use crate::source::SourceKind;
use crate::store::Store;
use crate::text::address::canonical;
use crate::text::clean::bounded;

/// Longest name that is taken from what a source calls itself, in characters.
const MAX_NAME: usize = 100;

/// Adds it. `No` if nothing was added.
pub(super) async fn run(context: &Context, args: AddArgs) -> anyhow::Result<Exit> {
    let asks = io::stdin().is_terminal() && io::stdout().is_terminal() && !context.json;
    if !args.yes && !args.no_check && !asks {
        bail!(
            "this is no terminal to ask at: add --yes to take the best, or see `newswatch source discover`"
        );
    }
    let edition = open(context)?;
    let urls = addresses(&args.url).map_err(|why| anyhow!(why))?;
    let file = match &args.file {
        Some(named) => chosen_file(&edition, named)?,
        None => edition.home().to_owned(),
    };
    let mut to = context.printer();
    // One page may be read in several ways.
    let same = |draft: &Draft| {
        selected(&args).is_none()
            && draft.url().is_some_and(|url| urls.iter().any(|own| canonical(own) == canonical(&url)))
    };
    if let Some((path, known)) = known(&edition, same) {
        return there_already(context, &EditedSource::of(path, &known), &mut to);
    }
    let draft = if args.no_check {
        unchecked(&args, &urls)?
    } else {
        let how = selected(&args).map_or_else(|| wanted(args.kind), Wanted::Selected);
        let store = Store::beside(&edition.settings.store.path).ok();
        let discovered = search(context, &edition.settings.fetch, store.as_ref(), &urls, how).await?;
        let found: Vec<FoundView> =
            discovered.found.iter().map(|found| FoundView::of(found, &edition.settings.sources)).collect();
        if found.is_empty() {
            if let (Some(_), Some(vain)) = (selected(&args), discovered.failed.first()) {
                bail!("{}: {}", vain.url, vain.why);
            }
            if context.json {
                complain(&format!("no source found at {}", shown(&args.url)));
            } else {
                nothing(&urls, &discovered, &mut to)?;
            }
            return Ok(Exit::No);
        }
        let Some(chosen) = choose(context, &args, &found, &mut to)? else {
            to.line("nothing was written")?;
            return Ok(Exit::No);
        };
        checked(&args, chosen)
    };
    let id = draft.id();
    if let Some((path, known)) = known(&edition, |other| other.id() == id) {
        return there_already(context, &EditedSource::of(path, &known), &mut to);
    }
    let text = with_added(&edition, &file, std::slice::from_ref(&draft))?;
    let settings = save(&edition, &file, &text)?;
    let added = Edition::open(&context.config, crate::config::Environment::of_process()).ok();
    let written = added.as_ref().and_then(|new| {
        known(new, |other| other.id() == id).map(|(path, written)| EditedSource::of(path, &written))
    });
    let Some(written) = written else { bail!("{} was written, but is not read back", file.display()) };
    if context.json {
        to.json(&written)?;
    } else {
        to.line(format!("added {} to {}", written.label(), written.place()))?;
        if !context.quiet {
            to.line(next_words(&settings))?;
        }
    }
    Ok(Exit::Yes)
}

/// The first source of the configuration that is meant.
fn known(edition: &Edition, is: impl Fn(&Draft) -> bool) -> Option<(&std::path::Path, Written)> {
    edition.sources().into_iter().find(|(_, source)| is(&source.draft))
}

fn there_already(context: &Context, source: &EditedSource, to: &mut Printer<'_>) -> anyhow::Result<Exit> {
    let words = format!("there already: {} at {}", source.label(), source.place());
    if context.json {
        complain(&words);
    } else {
        to.line(words)?;
    }
    Ok(Exit::No)
}

/// The candidate to take; `None` if the person wants none.
fn choose<'f>(
    context: &Context,
    args: &AddArgs,
    found: &'f [FoundView],
    to: &mut Printer<'_>,
) -> anyhow::Result<Option<&'f FoundView>> {
    if args.yes {
        if selected(args).is_some() && !context.quiet && !context.json {
            // What a selector of one's own finds is worth a look in any case.
            list(context, found, to)?;
        }
        return Ok(found.first());
    }
    list(context, found, to)?;
    to.line("")?;
    let question = match found.len() {
        1 => "Add it? [Y/n]".to_owned(),
        many => format!("Which one? [1-{many}, Enter for 1, n for none]"),
    };
    loop {
        let Some(answer) = to.ask(&question)? else { return Ok(None) };
        match answered(&answer, found.len()) {
            Answer::Number(place) => return Ok(found.get(place)),
            Answer::None => return Ok(None),
            Answer::Unclear => to.line(format!("{} is none of them", shown(&answer)))?,
        }
    }
}

/// What an answer means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Answer {
    /// A place in the list, from 0.
    Number(usize),
    /// None of them.
    None,
    /// Nothing that can be understood.
    Unclear,
}

fn answered(answer: &str, many: usize) -> Answer {
    match answer.trim().to_lowercase().as_str() {
        "" | "y" | "yes" => Answer::Number(0),
        "n" | "no" | "none" | "q" | "quit" => Answer::None,
        number => match number.trim_end_matches('.').parse::<usize>() {
            Ok(number) if (1..=many).contains(&number) => Answer::Number(number - 1),
            _ => Answer::Unclear,
        },
    }
}

/// How the person wants the page to be read, if they say so.
fn selected(args: &AddArgs) -> Option<SourceKind> {
    let links = args.links.clone().map(|selector| SourceKind::Links { selector });
    links.or_else(|| args.watch.clone().map(|selector| SourceKind::Watch { selector }))
}

fn checked(args: &AddArgs, chosen: &FoundView) -> Draft {
    let title = chosen.title.as_deref().map(|title| bounded(title, MAX_NAME));
    let mut draft =
        Draft::new(chosen.kind, &chosen.url, args.name.as_deref().or(title.as_deref()), &args.tags);
    if let Some((key, selector)) = chosen.selector() {
        draft.keys.insert(1, (key.to_owned(), Value::Text(selector.to_owned())));
    }
    draft
}

fn unchecked(args: &AddArgs, urls: &[Url]) -> anyhow::Result<Draft> {
    let selector = match selected(args) {
        Some(SourceKind::Links { selector }) => Some(("links", selector)),
        Some(SourceKind::Watch { selector }) => Some(("watch", selector)),
        _ => None,
    };
    let table = match args.kind {
        _ if selector.is_some() => "page",
        None | Some(Kind::Feed) => "feed",
        Some(Kind::Sitemap) => "sitemap",
        Some(Kind::Page) => {
            bail!(
                "a page has to be looked at to know what of it matters: leave --no-check out, or say it with --links or --watch"
            )
        }
    };
    let url = urls.first().map(Url::as_str).unwrap_or_default();
    let mut draft = Draft::new(table, url, args.name.as_deref(), &args.tags);
    if let Some((key, selector)) = selector {
        draft.keys.insert(1, (key.to_owned(), Value::Text(selector)));
    }
    Ok(draft)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_a_number_yes_or_no() {
        for (said, meant) in [
            ("", Answer::Number(0)),
            (" Y ", Answer::Number(0)),
            ("2", Answer::Number(1)),
            ("3.", Answer::Number(2)),
            ("n", Answer::None),
            ("NONE", Answer::None),
            ("4", Answer::Unclear),
            ("0", Answer::Unclear),
            ("-1", Answer::Unclear),
            ("maybe", Answer::Unclear),
        ] {
            assert_eq!(answered(said, 3), meant, "{said}");
        }
    }
}

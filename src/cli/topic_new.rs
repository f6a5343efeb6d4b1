//! `newswatch topic new`: a first topic from example pages.

use std::collections::{BTreeSet, HashSet};
use std::fs::OpenOptions;
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, anyhow, bail};
use serde::Serialize;
use url::Url;

use super::Exit;
use super::args::NewArgs;
use super::context::Context;
use super::edit;
use super::print::{complain, shown};
use crate::article::{Article, Hints, extract};
use crate::clock::Timestamp;
use crate::config::{FetchSettings, Settings, article_of_file, is_name, knows_topic_key};
use crate::daemon::web;
use crate::feed::{decode, read_feed};
use crate::fetch::{Accept, Request, Web};
use crate::source::Validators;
use crate::store::{Store, table};
use crate::story::reporters;
use crate::text::count::count;
use crate::topic::propose::{Given, Judged, Keys, NoProposal, Proposal, propose};

/// What a stored article is called in `examples` and here.
const STORED: &str = "article:";
/// More pages of either kind are not asked for.
const MAX_PAGES: usize = 100;

/// A proposed topic, as `--json` gives it.
#[derive(Debug, Serialize)]
struct Answer {
    id: String,
    toml: String,
    /// Where it was written.
    file: Option<PathBuf>,
    examples: Vec<Judged>,
}

/// Writes it. `No` if the examples have nothing in common.
pub(super) async fn run(context: &Context, args: &NewArgs) -> anyhow::Result<Exit> {
    // Files need no configuration; with one, its manners and its store serve.
    let settings = if context.config.exists() { Some(context.settings()?) } else { None };
    if let Some(id) = &args.id {
        if !is_name(id) {
            bail!("`{}` is no name: letters, digits, `-` and `_`, at most 64 of them", shown(id));
        }
        refuse_known(settings.as_ref(), id)?;
    }
    let to_file = args.out.as_os_str() != "-";
    if to_file && args.out.exists() {
        bail!("{} is there already: name a new file", args.out.display());
    }
    let home = if to_file { &args.out } else { &context.config };
    let mut reader = Pages { context, settings: settings.as_ref(), folder: folder_of(home), web: None };
    let like = reader.read(&args.from).await?;
    let unlike = reader.read(&args.unlike).await?;

    let keys = Keys { expect: knows_topic_key("expect") };
    let proposal = match propose(&like, &unlike, args.id.as_deref(), keys, reporters) {
        Ok(proposal) => proposal,
        Err(NoProposal::NothingShared) => {
            complain(&format!("{}{}", NoProposal::NothingShared, of_languages(&like)));
            return Ok(Exit::No);
        }
        Err(error) => return Err(error.into()),
    };
    let Proposal { id, toml, judged } = proposal;
    refuse_known(settings.as_ref(), &id)?;
    if to_file {
        write(&args.out, &toml)?;
    }
    let file = to_file.then(|| args.out.clone());
    let summary = summary(&judged);
    let mut to = context.printer();
    if context.json {
        to.json(&Answer { id, toml, file, examples: judged })?;
        return Ok(Exit::Yes);
    }
    if let Some(file) = file {
        to.line(format!("wrote topic {} to {}: {summary}", shown(&id), file.display()))?;
        if !context.quiet {
            let covered = edit::open(context).is_ok_and(|edition| edition.covers(&args.out));
            let include = if covered { "" } else { ", and name the file under `include`" };
            to.line(format!("read it{include}; then `newswatch check`"))?;
        }
        return Ok(Exit::Yes);
    }
    to.bytes(toml.as_bytes())?;
    if !context.quiet {
        complain(&format!("topic {}: {summary}", shown(&id)));
    }
    Ok(Exit::Yes)
}

/// " (they are in de, en: give those of one language)", if they are: words and names differ.
fn of_languages(given: &[Given]) -> String {
    let spoken = given.iter().filter_map(|one| one.article.language.as_deref());
    let spoken: BTreeSet<&str> = spoken.collect();
    if spoken.len() < 2 {
        return String::new();
    }
    let spoken: Vec<&str> = spoken.into_iter().collect();
    format!(" (they are in {}: give those of one language)", spoken.join(", "))
}

/// What may be meant by a name that is no file.
fn meant(called: &str) -> String {
    if Path::new(called).exists() {
        String::new()
    } else if called.trim_start_matches('#').parse::<i64>().is_ok() {
        format!("; the stored article is {STORED}{}", called.trim_start_matches('#'))
    } else if called.contains('/')
        && called.split('/').next().is_some_and(|host| host.contains('.') && !host.starts_with('.'))
    {
        format!("; the page is https://{called}")
    } else {
        String::new()
    }
}

/// Refuses a feed, whose entries are not one article.
fn refuse_feed(bytes: &[u8], content_type: Option<&str>, url: &Url, now: Timestamp) -> anyhow::Result<()> {
    if read_feed(bytes, content_type, url, now).is_ok() {
        bail!("it is a feed, no article: give the pages of its entries");
    }
    Ok(())
}

/// An id is given once.
fn refuse_known(settings: Option<&Settings>, id: &str) -> anyhow::Result<()> {
    if settings.into_iter().flat_map(|settings| &settings.topics).any(|topic| topic.id.text == id) {
        bail!("there is a topic `{}` already: choose another --id", shown(id));
    }
    Ok(())
}

/// "it matches 3 of 3 examples, and 0 of 2 that are not meant".
fn summary(judged: &[Judged]) -> String {
    let of = |like: bool| {
        let all = judged.iter().filter(|one| one.like == like);
        (all.clone().filter(|one| one.matched).count(), all.count())
    };
    let ((hits, all), (wrong, others)) = (of(true), of(false));
    let others = match others {
        0 => String::new(),
        _ => format!(", and {wrong} of {others} that are not meant"),
    };
    format!("it matches {hits} of {}{others}", count(all, "example"))
}

/// Writes a file that is not there yet.
fn write(path: &Path, toml: &str) -> anyhow::Result<()> {
    let file = OpenOptions::new().write(true).create_new(true).open(path);
    let mut file = file.map_err(|error| match error.kind() {
        ErrorKind::NotFound => anyhow!("there is no folder for {}", path.display()),
        _ => anyhow!("cannot write {}: {error}", path.display()),
    })?;
    file.write_all(toml.as_bytes()).with_context(|| format!("cannot write {}", path.display()))
}

/// The folder of a file, or the folder itself.
fn folder_of(path: &Path) -> PathBuf {
    let folder = if path.is_dir() { path } else { path.parent().unwrap_or(Path::new("")) };
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    folder.canonicalize().unwrap_or_else(|_| folder.to_owned())
}

/// Where pages come from.
struct Pages<'a> {
    context: &'a Context,
    settings: Option<&'a Settings>,
    /// The folder from which the topic names files.
    folder: PathBuf,
    /// Made when the first page is asked for.
    web: Option<Arc<dyn Web>>,
}

impl Pages<'_> {
    async fn read(&mut self, named: &[String]) -> anyhow::Result<Vec<Given>> {
        if named.len() > MAX_PAGES {
            bail!("{} pages are more than {MAX_PAGES}: the best of them will do", named.len());
        }
        let (mut given, mut seen) = (Vec::new(), HashSet::new());
        // Named twice, a page says no more.
        for name in named.iter().filter(|name| seen.insert(*name)) {
            given.push(self.one(name).await?);
        }
        Ok(given)
    }

    async fn one(&mut self, called: &str) -> anyhow::Result<Given> {
        let given = |name: Option<String>, article: Article| Given {
            name,
            called: called.to_owned(),
            article: Arc::new(article),
        };
        if let Some(named) = called.strip_prefix(STORED) {
            let article = self.stored(named)?;
            let article = article.ok_or_else(|| {
                anyhow!("no stored article is named `{}`: `newswatch search` finds them", shown(named))
            })?;
            return Ok(given(Some(called.to_owned()), article));
        }
        let url = Url::parse(called).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
        let Some(url) = url else {
            let path = Path::new(called);
            let article = article_of_file(path)
                .map_err(|why| anyhow!("{}: {why}{}", shown(called), shown(&meant(called))))?;
            return Ok(given(Some(self.name_of(path)), article));
        };
        if let Some(article) = self.stored(called)? {
            return Ok(given(Some(format!("{STORED}{called}")), article));
        }
        let article = self.fetch(url).await.with_context(|| format!("cannot read {}", shown(called)))?;
        Ok(given(None, article))
    }

    /// The text of a stored article.
    fn stored(&self, named: &str) -> anyhow::Result<Option<Article>> {
        let Some(settings) = self.settings else { return Ok(None) };
        let Some(store) = Context::store_if_any(settings)? else { return Ok(None) };
        let report = store.read(|db| table::report_named(db, named))?;
        Ok(report.map(|report| report.article).filter(|article| !article.text().is_empty()))
    }

    /// How the topic names a file: from its own folder, if it is below that.
    fn name_of(&self, path: &Path) -> String {
        let whole = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        whole.strip_prefix(&self.folder).unwrap_or(&whole).display().to_string()
    }

    /// Asks for a page as the daemon would, robots.txt and waits of its host included.
    async fn fetch(&mut self, url: Url) -> anyhow::Result<Article> {
        let web = match &self.web {
            Some(web) => Arc::clone(web),
            None => {
                let store = self.settings.and_then(|settings| Store::beside(&settings.store.path).ok());
                let fetch =
                    self.settings.map_or_else(FetchSettings::default, |settings| settings.fetch.clone());
                Arc::clone(self.web.insert(web(&fetch, store.as_ref())?))
            }
        };
        let request = Request { url, accept: Accept::Page, validators: Validators::default() };
        let response = web.get_allowed(request).await.map_err(|error| anyhow!(error.message))?;
        if response.status != 200 {
            bail!("it answered {}", response.status);
        }
        let now = self.context.now();
        refuse_feed(&response.body, response.headers.content_type.as_deref(), &response.url, now)?;
        let extracted = tokio::task::spawn_blocking(move || {
            let content_type = response.headers.content_type.clone();
            let html = decode(&response.body, content_type.as_deref());
            extract(&html, &response.url, &Hints { content_type, now: Some(now), ..Hints::default() })
        });
        Ok(extracted.await.context("the page broke newswatch; please report it")??)
    }
}

//! `examples` of a topic, and the files that they name.

use super::article_file::article_of_file;
use super::collect::{Collector, File, Place};
use super::files::expand;
use super::read::Item;
use super::schema::EXAMPLES;
use super::value::Mistake;
use crate::topic::{Example, ExampleSpec, ExampleUse, Written};

/// What an example is called that is in the store.
const STORED: &str = "article:";
/// More examples of one topic are a mistake.
const MAX_EXAMPLES: usize = 500;

/// `examples` of a topic. `files`: the configuration's files, if those that they name may be read too.
pub(super) fn examples(item: &Item, files: Option<&[File]>, to: &mut Collector) -> Option<ExampleSpec> {
    let section = item.section(&EXAMPLES, to)?;
    let before = to.errors();
    let read = |key, to: &mut Collector| -> Vec<Example> {
        let written = section.get(key).map(|item| item.texts(to)).unwrap_or_default();
        let mut found = Vec::new();
        for one in written {
            add(one, files, &mut found, to);
        }
        if found.len() > MAX_EXAMPLES {
            to.error(&item.place, format!("more than {MAX_EXAMPLES} examples"), "name the best of them");
            found.truncate(MAX_EXAMPLES);
        }
        found
    };
    let (like, unlike) = (read("like", to), read("unlike", to));
    if like.is_empty() && files.is_some() && to.errors() == before {
        to.missing(
            &item.place,
            "`examples` has nothing to be like",
            "write like = [\"examples/*.txt\"], with files beside this one",
        );
    }
    let min = section.get("min").filter(|min| !min.is("auto")).and_then(|min| {
        if min.is_text() {
            to.error(
                &min.place,
                "`min` is neither \"auto\" nor a number",
                "write \"auto\", or a number such as 0.3",
            );
            return None;
        }
        min.number(0.0, 1.0, to)
    });
    let usage = section.get("use").and_then(|usage| usage.choice(&ExampleUse::ALL, to)).unwrap_or_default();
    let at = Written { text: String::new(), file: item.place.file, at: item.place.at.clone() };
    Some(ExampleSpec { at, like, unlike, min, usage })
}

/// Adds what `written` names: a stored article, or the files of a pattern.
fn add(written: Written, files: Option<&[File]>, found: &mut Vec<Example>, to: &mut Collector) {
    let place = Place::from(&written);
    if let Some(name) = written.text.strip_prefix(STORED) {
        let name = name.trim().to_owned();
        if name.is_empty() {
            to.error(
                &place,
                "no article is named",
                "write \"article:12\", with a number that `search` shows",
            );
        } else {
            found.push(Example { at: written, name, article: None });
        }
        return;
    }
    let Some(folder) = files.and_then(|files| files.get(written.file)).and_then(|file| file.path.parent())
    else {
        return;
    };
    if written.text.ends_with('/') {
        to.error(&place, format!("`{}` names a folder", written.text), "name the files: \"examples/*.txt\"");
        return;
    }
    let paths = match expand(folder, &written.text) {
        Ok(paths) => paths,
        Err(Mistake { message, hint }) => return to.error(&place, message, hint),
    };
    if paths.is_empty() {
        let message = format!("nothing matches `{}`", written.text);
        to.error(&place, message, "it is looked for in the folder of this file");
    }
    for path in paths.into_iter().take(MAX_EXAMPLES + 1) {
        let name = path.strip_prefix(folder).unwrap_or(&path).display().to_string();
        match article_of_file(&path) {
            Ok(article) => {
                found.push(Example::new(written.clone(), name, article));
            }
            Err(why) => to.error(
                &place,
                format!("`{name}` is no example: {why}"),
                "mend the file, or leave it out of the pattern",
            ),
        }
    }
}

//! A draft as TOML that a person can read: each line with the evidence for it.

use std::fmt::Write as _;

use super::survey::{Evident, Group, Survey};
use super::{Draft, Given};
use crate::text::count::count;
use crate::topic::phrase::quoted;
use crate::topic::spec::ExampleUse;

/// What else is shared, as many as are named.
const MAX_SHARED: usize = 12;

/// Which keys the configuration understands, beside those that it always has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Keys {
    /// `expect`.
    pub expect: bool,
}

/// The topic `id` as TOML; `wrong`: how many of the `unlike` examples match. Writing into a String cannot fail.
pub(super) fn toml(
    id: &str,
    draft: &Draft,
    survey: &Survey,
    (like, unlike, wrong): (&[Given], &[Given], usize),
    keys: Keys,
) -> String {
    let all = survey.examples;
    let mut out = String::new();
    let from: Vec<String> = like.iter().map(|given| comment(&given.called)).collect();
    let _ = writeln!(out, "# Proposed by `newswatch topic new` from {}.", from.join(", "));
    let _ = writeln!(out, "# Read it, change it, then run `newswatch check`.");
    let _ = writeln!(out, "[topic.{}]", key(id));
    let heads: Vec<&str> = draft.heads().into_iter().map(|head| head.trim_matches(['=', '*'])).collect();
    let _ = writeln!(out, "name = {}", quoted(&heads.join(", ")));
    let _ = writeln!(
        out,
        "# Every line must hit. After each term: how many of {} have it, and in how many titles.",
        count(all, "example")
    );
    let _ = writeln!(out, "all = [");
    for group in &draft.lines {
        let (documents, titles) = (group.documents().len(), group.titles().len());
        let _ = writeln!(out, "  # in {documents} of {all}, title of {titles}{}", evidence(group));
        let _ = writeln!(out, "  {},", quoted(&group.alternatives()));
        if !group.absent.is_empty() {
            let _ =
                writeln!(out, "  # not in the examples, but of the same kind: {}", group.absent.join(" | "));
        }
    }
    let _ = writeln!(out, "]");
    match draft.near {
        Some(near) => {
            let _ = writeln!(
                out,
                "# Words: one window of that many holds a hit of each line, as in every example."
            );
            let _ = writeln!(out, "near = {near}");
        }
        None if draft.lines.len() > 1 => {
            let _ = writeln!(out, "# In some example the lines stand far apart, so there is no `near`.");
        }
        None => {}
    }
    negatives(draft, unlike.len(), wrong, all, &mut out);
    let shared: Vec<String> = survey
        .also_shared(&draft.lines)
        .filter_map(|group| Some(term_evidence(group.terms.first()?)))
        .collect();
    if !shared.is_empty() {
        let shared = shared.into_iter().take(MAX_SHARED).collect::<Vec<_>>().join("; ");
        let _ = writeln!(out, "# Also shared, for a line of its own or `boost`: {shared}");
    }
    files(draft, like, unlike, keys, &mut out);
    out
}

/// `wrong`: how many of the `unlike` examples match all the same.
fn negatives(draft: &Draft, unlike: usize, wrong: usize, all: usize, out: &mut String) {
    if unlike == 0 {
        return;
    }
    if wrong > 0 {
        let _ = writeln!(
            out,
            "# {wrong} of {unlike} that are not meant match all the same: no word of theirs keeps them out."
        );
    }
    if draft.none.is_empty() {
        if wrong == 0 {
            let _ = writeln!(out, "# No `none`: of {unlike} that are not meant, none matches.");
        }
        return;
    }
    let _ = writeln!(out, "# Any hit of these makes the topic false.");
    let _ = writeln!(out, "none = [");
    for negative in &draft.none {
        let _ = writeln!(
            out,
            "  # in {} of {} that are not meant, in 0 of {all} that are",
            negative.unlike, unlike
        );
        let _ = writeln!(out, "  {},", quoted(&negative.term));
    }
    let _ = writeln!(out, "]");
}

/// `examples` and `expect`, for those that can be named.
fn files(draft: &Draft, like_given: &[Given], unlike_given: &[Given], keys: Keys, out: &mut String) {
    let names = |given: &[Given]| -> String {
        let names = given.iter().filter_map(|one| one.name.as_deref()).map(quoted);
        names.collect::<Vec<_>>().join(", ")
    };
    let (like, unlike) = (names(like_given), names(unlike_given));
    if like.is_empty() {
        return;
    }
    let why = match draft.usage {
        ExampleUse::Or => "An article that is like these gets in too, whatever its words",
        ExampleUse::And => "An article must be like these too",
        ExampleUse::Score => "How like these an article is moves its score",
    };
    let _ = writeln!(out, "# {why}: \"auto\" asks for more likeness than nearly all that is stored.");
    let usage = draft.usage.word();
    let _ = writeln!(
        out,
        "examples = {{ like = [{like}], unlike = [{unlike}], min = \"auto\", use = \"{usage}\" }}"
    );
    // The topic's own tests are files.
    let is_file = |one: &&Given| one.name.as_deref().is_some_and(|name| !name.starts_with("article:"));
    let files = |given: &[Given]| -> String {
        let names = given.iter().filter(is_file).filter_map(|one| one.name.as_deref()).map(quoted);
        names.collect::<Vec<_>>().join(", ")
    };
    let (like, unlike) = (files(like_given), files(unlike_given));
    if keys.expect && !like.is_empty() {
        let _ = writeln!(out, "# `newswatch check` tries these.");
        let _ = writeln!(out, "expect = {{ match = [{like}], no_match = [{unlike}] }}");
    }
}

/// `: Kim Jong Un 3 (title 2); Pyongyang 3`; nothing of a single term, of which the line says all.
fn evidence(group: &Group) -> String {
    if group.terms.len() < 2 {
        return String::new();
    }
    format!(": {}", group.terms.iter().map(term_evidence).collect::<Vec<_>>().join("; "))
}

fn term_evidence(term: &Evident) -> String {
    let (documents, titles) = (term.documents.len(), term.titles.len());
    let title = if titles > 0 { format!(" (title {titles})") } else { String::new() };
    format!("{} {documents}{title}", comment(&term.written))
}

/// A text that may stand in a comment.
fn comment(text: &str) -> String {
    text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect()
}

/// A name as a key: quoted if TOML wants it so.
fn key(id: &str) -> String {
    let bare =
        !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    if bare { id.to_owned() } else { quoted(id) }
}

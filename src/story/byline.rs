//! Bylines: which wire a text is from, where it only carries the name.

use super::OriginKind;
use super::gazetteer::Outlet;
use super::mention::{Mention, Word, gap};

/// "with inputs from agencies": a wire, but not said which.
pub(super) static AGENCIES: Outlet =
    Outlet { name: "agencies", kind: OriginKind::Agency, aliases: "", hosts: "" };

/// "PARIS (AP) —", "(Reuters) -", "By Jane Doe, Reuters", "— AFP", a line that is only the name; not a caption's credit.
pub(super) fn is_byline(text: &str, words: &[Word<'_>], mention: &Mention) -> bool {
    const CAPTION: &[&str] =
        &["photo", "photograph", "file", "pictured", "image", "picture", "credit", "video"];
    if words.iter().any(|word| CAPTION.contains(&&*word.lower)) {
        return false;
    }
    let before = gap(text, words, mention.words.start);
    let after = gap(text, words, mention.words.end);
    let bracketed = before.ends_with('(') && after.starts_with([')', '/', ',']);
    let alone = mention.words.start == 0 && words.len() <= mention.words.len() + 1;
    let dateline = mention.words.start <= 6
        && (after.contains(['—', '–']) || after.contains(" -") || after.contains("--"));
    let closing = mention.words.end == words.len();
    let signed = words.first().is_some_and(|word| word.lower == "by") && words.len() <= 12 && closing;
    let contributed = closing
        && words.iter().any(|word| matches!(&*word.lower, "inputs" | "input" | "contributed"))
        || words.get(mention.words.end).is_some_and(|word| word.lower == "contributed");
    bracketed && (dateline || closing) || alone || signed || contributed
}

/// "With inputs from agencies", "(Agencies)", "Agencies".
pub(super) fn names_agencies(words: &[Word<'_>]) -> bool {
    let has = |wanted: &[&str]| words.iter().any(|word| wanted.contains(&&*word.lower));
    has(&["agencies", "agency"]) && (has(&["inputs", "input"]) || words.len() <= 2)
}

//! The headline: several places name it, none is right everywhere.

use url::Url;

use super::blocks::Block;
use super::dom::Page;
use super::jsonld::JsonLd;
use super::metadata::Meta;
use super::roles::{Part, Role};

/// Longest headline that is believed, in characters.
const MAX_TITLE: usize = 400;
/// What stands between a headline and the site's name.
const PARTING: [&str; 17] = [
    " | ", " - ", " – ", " — ", " · ", " • ", " » ", " :: ", " / ", " : ", ": ", "｜", "：", "ㅣ", "_", "|",
    "-",
];

/// Where headlines are looked for.
pub(super) struct Places<'a> {
    pub(super) page: &'a Page,
    pub(super) blocks: &'a [Block],
    pub(super) parts: &'a [Part],
    pub(super) meta: &'a Meta<'a>,
    pub(super) ld: &'a JsonLd,
    pub(super) site: Option<&'a str>,
    pub(super) url: &'a Url,
    /// What the feed calls it.
    pub(super) hint: Option<&'a str>,
}

/// The headline of the page, without the site's name, and which place names it. Empty if nothing does.
pub(super) fn title(places: &Places<'_>) -> (String, &'static str) {
    let Places { page, parts, .. } = places;
    let names = site_names(places.site, places.ld, places.url);
    let fits = |text: &String| !text.is_empty() && text.chars().count() <= MAX_TITLE;
    let document = page.elements("title").next().map(|node| page.text_in(node, 2000));
    let others: Vec<(String, &str)> = [
        (places.hint.map(str::to_owned), "feed"),
        (places.meta.text(&["og:title", "twitter:title"]), "meta"),
        (places.ld.headline.clone(), places.ld.evidence("headline")),
        (document.map(|text| standing(&text, places.blocks).unwrap_or(text)), "document"),
    ]
    .into_iter()
    .filter_map(|(text, from)| Some((without_site(&text?, &names), from)))
    .filter(|(text, _)| fits(text))
    .collect();
    let heading = page
        .elements("h1")
        .filter(|&node| parts.get(node).is_some_and(|part| part.role != Role::Furniture))
        .map(|node| page.text_in(node, 2000))
        .filter(|text| fits(text) && !names.iter().any(|name| same(name, text)))
        .map(|text| (others.iter().map(|(other, _)| likeness(&text, other)).fold(0.0, f32::max), text))
        .fold(None, |best: Option<(f32, String)>, next| match best {
            Some(best) if best.0 >= next.0 => Some(best),
            _ => Some(next),
        });
    // A heading is what a reader sees, if another place agrees that it is the headline.
    if let Some((likeness, text)) = &heading
        && *likeness >= 0.5
    {
        let text = without_site(text, &names);
        // Without the label that some put in front of it ("Opinion …").
        let bare = others.iter().find(|(other, _)| {
            let (long, short) = (letters(&text), letters(other));
            long.len() > short.len() && long.ends_with(&short) && short.len() * 2 > long.len()
        });
        return bare.cloned().unwrap_or((text, "heading"));
    }
    others.into_iter().next().or(heading.map(|(_, text)| (text, "heading"))).unwrap_or_default()
}

/// The part of a document's title before one of the parting marks that stands on the page as a line of its own: what
/// follows is the name of a site that does not name itself elsewhere.
fn standing(document: &str, blocks: &[Block]) -> Option<String> {
    PARTING
        .iter()
        .filter(|mark| mark.starts_with(' '))
        .filter_map(|mark| document.rsplit_once(mark))
        .map(|(head, _)| head.trim())
        .filter(|head| head.chars().count() >= 15)
        .find(|head| blocks.iter().any(|block| block.text == *head))
        .map(str::to_owned)
}

/// What the site may be called at the end of a title.
fn site_names(site: Option<&str>, ld: &JsonLd, url: &Url) -> Vec<String> {
    let host = url.host_str().unwrap_or_default().trim_start_matches("www.");
    let label = host.split('.').max_by_key(|label| label.len()).unwrap_or_default();
    [site, ld.publisher.as_deref(), Some(host), Some(label)]
        .into_iter()
        .flatten()
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect()
}

/// `title` without a site's name at its end or start.
fn without_site(title: &str, names: &[String]) -> String {
    let title = super::blocks::clean(title);
    let mut kept = title.as_str();
    for _ in 0..3 {
        let tails: Vec<(&str, &str)> = PARTING
            .iter()
            .flat_map(|mark| kept.rmatch_indices(mark).take(3).map(|(at, mark)| (at, at + mark.len())))
            .filter_map(|(head, tail)| kept.get(..head).zip(kept.get(tail..)))
            .filter(|(head, _)| !head.trim().is_empty())
            .collect();
        // The name itself; else what little holds it ("Example News"), not with an origin before it ("NYT | Example");
        // else the longest part of it ("Rhein-Zeitung", not its "Zeitung").
        let is = |how: fn(&str, &str) -> bool| {
            tails.iter().filter(move |(_, tail)| names.iter().any(|name| how(name, tail)))
        };
        let tail = is(same)
            .max_by_key(|(_, tail)| tail.len())
            .or_else(|| is(holds).min_by_key(|(_, tail)| tail.len()))
            .or_else(|| is(within).max_by_key(|(_, tail)| tail.len()));
        let head = PARTING
            .iter()
            .filter_map(|mark| kept.split_once(mark))
            .find(|(head, tail)| !tail.trim().is_empty() && names.iter().any(|name| same(name, head)));
        kept = match (tail, head) {
            (Some((head, _)), _) => head.trim(),
            (None, Some((_, tail))) => tail.trim(),
            (None, None) => break,
        };
    }
    kept.to_owned()
}

/// True if `tail` is the site's name with little beside it: "Example News" of Example.
fn holds(name: &str, tail: &str) -> bool {
    let (name, tail) = (letters(name), letters(tail));
    let short = tail.chars().count() <= name.chars().count() + 20;
    short && name.chars().count() >= 3 && tail.contains(&name)
}

/// True if `tail` is part of the site's name: "Example" of The Example Company.
fn within(name: &str, tail: &str) -> bool {
    let tail = letters(tail);
    tail.chars().count() >= 4 && letters(name).contains(&tail)
}

/// The letters and digits of a text in lower case: what is left when marks and spaces are a matter of taste.
fn letters(text: &str) -> String {
    lower_letters(text).collect()
}

fn lower_letters(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase)
}

/// True if two headlines differ in nothing but marks, spaces and case.
pub(super) fn same(one: &str, other: &str) -> bool {
    // Every block of a page is compared with the headline: most differ in their first letters.
    lower_letters(one).eq(lower_letters(other)) && lower_letters(one).next().is_some()
}

/// How much two headlines share: words in common of the shorter one; 1 if one holds the other.
pub(super) fn likeness(one: &str, other: &str) -> f32 {
    let (a, b) = (letters(one), letters(other));
    if a.is_empty() || b.is_empty() {
        return 0.0;
    }
    if a == b {
        return 1.0;
    }
    let words =
        |text: &str| text.split_whitespace().map(letters).filter(|word| !word.is_empty()).collect::<Vec<_>>();
    let (a_words, b_words) = (words(one), words(other));
    if a_words.len() < 3 || b_words.len() < 3 {
        let (short, long) = if a.len() < b.len() { (&a, &b) } else { (&b, &a) };
        return if long.contains(short.as_str()) && short.chars().count() >= 6 { 0.9 } else { 0.0 };
    }
    let common = a_words.iter().filter(|word| b_words.contains(word)).count();
    super::blocks::ratio(common, a_words.len().min(b_words.len()))
}

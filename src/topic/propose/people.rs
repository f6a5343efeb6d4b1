//! Which name belongs to which country: "North Korea's leader, Kim Jong Un", "Russian President Vladimir Putin".

use super::survey::{Evident, Group, Kind};
use crate::article::{Article, Zone};

/// How far before a name its country stands, in bytes: an office and a comma are between.
const BEFORE: usize = 40;
/// A family name of fewer letters is too many people's.
const MIN_LETTERS: usize = 5;

/// A name that belongs to a country.
#[derive(Debug)]
pub(super) struct Leader {
    /// The place of the country's group.
    pub(super) group: usize,
    /// The name, or the family name if that tells as much.
    pub(super) term: Evident,
}

/// The countries of `names`, as far as the articles say.
pub(super) fn leaders(articles: &[&Article], names: &[Evident], groups: &[Group]) -> Vec<Leader> {
    names.iter().filter_map(|name| leader(articles, name, groups)).collect()
}

fn leader(articles: &[&Article], name: &Evident, groups: &[Group]) -> Option<Leader> {
    let countries = groups.iter().enumerate().filter(|(_, group)| group.kind == Kind::Country);
    let mut votes: Vec<(usize, usize)> = countries
        .map(|(place, group)| {
            let forms: Vec<&str> = group
                .terms
                .iter()
                .map(|term| term.written.trim_start_matches('=').trim_end_matches('*'))
                .collect();
            let said = articles.iter().map(|article| introduced(article, &name.written, &forms)).sum();
            (said, place)
        })
        .filter(|(said, _)| *said > 0)
        .collect();
    votes.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    // Two countries before one name as often tell nothing.
    let (said, group) = *votes.first()?;
    if votes.get(1).is_some_and(|(other, _)| *other == said) {
        return None;
    }
    // The name of the country is no name of a person: "North Korea", "Russian Far East".
    let is_country = groups.iter().flat_map(|group| &group.terms).any(|term| {
        let form = term.written.trim_start_matches('=').trim_end_matches('*');
        name.written.contains(form)
    });
    (!is_country).then(|| Leader { group, term: family_name(articles, name).unwrap_or_else(|| name.clone()) })
}

/// How often `name` stands shortly after one of `forms`, in the same sentence.
fn introduced(article: &Article, name: &str, forms: &[&str]) -> usize {
    let mut count = 0;
    for zone in [Zone::Title, Zone::Lead, Zone::Body] {
        let text = article.zone(zone);
        for (at, _) in text.match_indices(name).take(100) {
            let before =
                text.get(text.floor_char_boundary(at.saturating_sub(BEFORE))..at).unwrap_or_default();
            let before = before.rsplit(['.', '!', '?', '\n']).next().unwrap_or_default();
            count += usize::from(forms.iter().any(|form| before.contains(form)));
        }
    }
    count
}

/// The last word of the name, if it is long enough to stand alone and does so.
fn family_name(articles: &[&Article], name: &Evident) -> Option<Evident> {
    let last = name.written.rsplit(' ').next().filter(|last| last.chars().count() >= MIN_LETTERS)?;
    let mut evident = Evident::new(last.to_owned());
    let mut alone = false;
    for (number, article) in articles.iter().enumerate() {
        for zone in [Zone::Title, Zone::Lead, Zone::Body] {
            let text = article.zone(zone);
            if text.contains(last) {
                evident.note(number, zone);
            }
            alone |= text.matches(last).count() > text.matches(name.written.as_str()).count();
        }
    }
    (alone && evident.documents.len() >= name.documents.len()).then_some(evident)
}

//! Who first said it, as the text attributes it.

use std::ops::Range;

use super::attribution::{Attribution, Manner, attribution};
use super::byline::{AGENCIES, is_byline, names_agencies};
use super::foreign::{self, Foreign};
use super::gazetteer::{self, Outlet};
use super::mention::{self, Mention, Word, gap};
use super::{Origin, OriginKind, Report, terms};
use crate::text::sentence::sentences;

/// Sentences that are read from the top; attributions stand there or at the very end.
const SENTENCES: usize = 80;
/// Sentences that are read at the end, for bylines and "Source: …".
const TAIL: usize = 4;
/// The news stands in the first sentences: what is attributed there is what the report is about.
const LEAD: usize = 3;
/// Bytes and words of a sentence that are looked at.
const BYTES: usize = 2 * 1024;
const WORDS: usize = 120;
/// Bytes of a title that are looked at.
const TITLE: usize = 600;
/// Longest evidence, in bytes.
const EVIDENCE: usize = 160;

/// The origins that `report` names, main one first; its own outlet (kind `Own`) if it names nobody. An outlet that names
/// itself is its own origin.
#[must_use]
pub fn origins(report: &Report) -> Vec<Origin> {
    named(report, &sentences(&report.text)).into_iter().map(|named| named.origin).collect()
}

/// An origin, and whether the report rests on it: side references and the wire that merely carried the text do not count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Named {
    pub origin: Origin,
    pub independent: bool,
}

/// Where an attribution stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Title,
    Lead,
    Body,
}

/// What the report says about one outlet, summed up.
struct Tally {
    outlet: &'static Outlet,
    evidence: String,
    /// Rank of the best attribution.
    best: u8,
    /// Attributions in the body.
    repeats: u8,
    byline_only: bool,
    /// Passes on what another outlet of the list says.
    carrier: bool,
}

impl Tally {
    fn rank(&self) -> u8 {
        if self.carrier { 0 } else { self.best + self.repeats.min(3) }
    }
}

/// The origins with their standing, main one first. `spans` are the sentences of the text.
pub(super) fn named(report: &Report, spans: &[Range<usize>]) -> Vec<Named> {
    let own = gazetteer::by_name(&report.outlet);
    let mut reader = Reader { own, month: month(report), tallies: Vec::new(), last: Vec::new() };
    reader.title(terms::clip(&report.title, TITLE));
    let head = spans.len().min(SENTENCES);
    let tail = spans.len().saturating_sub(TAIL).max(head);
    for (number, span) in spans.iter().enumerate() {
        if number < head || number >= tail {
            let near_end = number + TAIL >= spans.len();
            let place = if number < LEAD { Place::Lead } else { Place::Body };
            reader.sentence(&report.text, span.clone(), place, number < LEAD || near_end);
        }
    }
    if let Some(credit) = &report.credit {
        reader.credit(terms::clip(credit, TITLE));
    }
    reader.finish(report)
}

fn month(report: &Report) -> String {
    report.time.strftime("%B").to_string().to_lowercase()
}

struct Reader {
    own: Option<&'static Outlet>,
    month: String,
    tallies: Vec<Tally>,
    /// Outlets in the order in which the text named them, for "the newspaper".
    last: Vec<&'static Outlet>,
}

impl Reader {
    /// A title attributes like a sentence, or by what it is set off with: "NYT: …", "… – NYT", "…: report | Reuters".
    fn title(&mut self, title: &str) {
        self.sentence(title, 0..title.len(), Place::Title, false);
        let words = mention::words(title, 0);
        for mention in mention::mentions(&words) {
            let starts = mention.words.start == 0 && gap(title, &words, mention.words.end).starts_with(':');
            let set_off = gap(title, &words, mention.words.start).contains(['–', '—', '|', ':', '-', '('])
                && gap(title, &words, mention.words.start).contains([' ', '(']);
            let rest: Vec<&str> = words
                .iter()
                .skip(mention.words.end)
                .map(|word| &*word.lower)
                .filter(|word| *word != "s")
                .collect();
            let ends = set_off && (rest.is_empty() || rest == ["report"] || rest == ["reports"]);
            // The site's own name behind its title is furniture.
            if (starts || ends) && Some(mention.outlet) != self.own {
                let evidence = evidence(title, &words, &mention.words);
                self.note(mention.outlet, evidence, 6, false);
            }
        }
    }

    /// Who signs the text or supplied it. A person's name is not looked for, and the site's own says nothing.
    fn credit(&mut self, credit: &str) {
        let words = mention::words(credit, 0);
        for mention in mention::mentions(&words) {
            if Some(mention.outlet) != self.own && !mention::is_ambiguous(mention.outlet) {
                self.note(mention.outlet, squeezed(credit), 2, true);
            }
        }
    }

    fn sentence(&mut self, text: &str, span: Range<usize>, place: Place, byline_place: bool) {
        let Some(sentence) = text.get(span.clone()) else { return };
        let mut words = mention::words(terms::clip(sentence, BYTES), span.start);
        words.truncate(WORDS);
        let mut mentions = mention::mentions(&words);
        self.resolve(&words, &mut mentions);
        let mut found: Vec<Option<Attribution>> = mentions
            .iter()
            .map(|mention| {
                let ambiguous = mention::is_ambiguous(mention.outlet);
                attribution(text, &words, &mention.words, ambiguous, &self.month)
            })
            .collect();
        share_between_neighbours(&words, &mentions, &mut found);
        for (number, (mention, attribution)) in mentions.iter().zip(&found).enumerate() {
            if let Some(attribution) = attribution {
                let rank = match (attribution.manner, place) {
                    (Manner::Back, _) => continue,
                    (Manner::Quotes, _) | (Manner::Says, Place::Body) => 1,
                    (Manner::Says, Place::Lead) => 4,
                    (Manner::Says, Place::Title) => 6,
                };
                let evidence = evidence(text, &words, &attribution.words);
                self.note(mention.outlet, evidence, rank, false);
                // "X reported, citing Y": Y said it first.
                let cites = mentions.iter().zip(&found).skip(number + 1).any(|(other, attribution)| {
                    other.outlet != mention.outlet
                        && attribution.as_ref().is_some_and(|attribution| {
                            words
                                .get(attribution.words.start)
                                .is_some_and(|word| matches!(&*word.lower, "citing" | "quoting"))
                        })
                });
                if cites {
                    self.carries(mention.outlet);
                }
            } else if byline_place && is_byline(text, &words, mention) {
                let evidence = evidence(text, &words, &mention.words);
                self.note(mention.outlet, evidence, 3, true);
            }
        }
        if byline_place && names_agencies(&words) {
            let evidence = evidence(text, &words, &(0..words.len()));
            self.note(&AGENCIES, evidence, 2, true);
        }
        let mut foreign = foreign::by_words(text, &words, &mentions);
        foreign.extend(foreign::by_neighbours(terms::clip(sentence, BYTES), span.start));
        self.foreign(text, &foreign, place);
        self.last.extend(mentions.iter().map(|mention| mention.outlet));
    }

    /// What a sentence attributes in other languages.
    fn foreign(&mut self, text: &str, found: &[Foreign], place: Place) {
        for (number, one) in found.iter().enumerate() {
            let repeated = found.iter().take(number).any(|other| other.outlet == one.outlet);
            if repeated {
                continue;
            }
            let rank = match place {
                Place::Title => 6,
                Place::Lead => 4,
                Place::Body => 1,
            };
            let said = text.get(one.span.clone()).unwrap_or_default();
            self.note(one.outlet, squeezed(said), rank, false);
            // "X reports with reference to Y": Y said it first.
            if !one.cited && found.iter().any(|other| other.cited && other.outlet != one.outlet) {
                self.carries(one.outlet);
            }
        }
    }

    /// Finds "the newspaper", "the agency", and "the Times" where a longer name was given before.
    fn resolve(&self, words: &[Word<'_>], mentions: &mut Vec<Mention>) {
        const NOUNS: &[&str] = &[
            "newspaper",
            "paper",
            "daily",
            "outlet",
            "agency",
            "broadcaster",
            "network",
            "magazine",
            "website",
            "channel",
        ];
        for (at, pair) in words.windows(2).enumerate() {
            let [article, noun] = pair else { continue };
            if article.lower != "the" {
                continue;
            }
            let at = at + 1;
            let named_here = mentions.iter().position(|mention| mention.words.contains(&at));
            let wire = noun.lower == "agency";
            let meant = if NOUNS.contains(&noun.text) && named_here.is_none() {
                self.last.iter().rev().find(|outlet| (outlet.kind == OriginKind::Agency) == wire)
            } else if noun.text.chars().next().is_some_and(char::is_uppercase) {
                let single = named_here
                    .is_none_or(|place| mentions.get(place).is_some_and(|mention| mention.words.len() == 1));
                self.last.iter().rev().chain(&self.own).find(|outlet| {
                    single
                        && outlet.name.contains(' ')
                        && outlet.last_word() == noun.text
                        && NAMESAKES.contains(&noun.text)
                })
            } else {
                None
            };
            if let Some(outlet) = meant {
                if let Some(place) = named_here {
                    mentions.remove(place);
                }
                mentions.push(Mention { outlet, words: at..at + 1 });
            }
        }
        mentions.sort_by_key(|mention| mention.words.start);
    }

    fn note(&mut self, outlet: &'static Outlet, evidence: String, rank: u8, byline: bool) {
        match self.tallies.iter_mut().find(|tally| tally.outlet == outlet) {
            Some(tally) => {
                if !byline && (tally.byline_only || rank > tally.best) {
                    tally.evidence = evidence;
                }
                tally.best = tally.best.max(rank);
                tally.repeats = tally.repeats.saturating_add(1);
                tally.byline_only &= byline;
            }
            None => self.tallies.push(Tally {
                outlet,
                evidence,
                best: rank,
                repeats: 0,
                byline_only: byline,
                carrier: false,
            }),
        }
    }

    fn carries(&mut self, outlet: &'static Outlet) {
        if let Some(tally) = self.tallies.iter_mut().find(|tally| tally.outlet == outlet) {
            tally.carrier = true;
        }
    }

    fn finish(mut self, report: &Report) -> Vec<Named> {
        // An outlet's own byline says nothing about origins once others are named.
        let others = self.tallies.iter().any(|tally| Some(tally.outlet) != self.own);
        self.tallies.retain(|tally| !(others && tally.byline_only && Some(tally.outlet) == self.own));
        self.tallies.sort_by_key(|tally| std::cmp::Reverse(tally.rank()));
        let named: Vec<Named> = self
            .tallies
            .iter()
            .enumerate()
            .map(|(place, tally)| Named {
                origin: Origin {
                    name: tally.outlet.name.to_owned(),
                    kind: if Some(tally.outlet) == self.own { OriginKind::Own } else { tally.outlet.kind },
                    evidence: tally.evidence.clone(),
                },
                independent: place == 0 || tally.best >= 4 && !tally.carrier && !tally.byline_only,
            })
            .collect();
        if named.is_empty() {
            let name = self.own.map_or(report.outlet.as_str(), |outlet| outlet.name).to_owned();
            return vec![Named {
                origin: Origin { name, kind: OriginKind::Own, evidence: String::new() },
                independent: true,
            }];
        }
        named
    }
}

/// Last words of names by which a text goes on to call the outlet.
#[rustfmt::skip]
const NAMESAKES: &[&str] = &[
    "Times", "Post", "Journal", "Tribune", "Herald", "Globe", "Chronicle", "Telegraph", "Mail", "Guardian",
    "Standard",
];

/// "Reuters and the AP reported": what is said of one neighbour is said of the other.
fn share_between_neighbours(words: &[Word<'_>], mentions: &[Mention], found: &mut [Option<Attribution>]) {
    for (number, pair) in mentions.windows(2).enumerate() {
        let [one, other] = pair else { continue };
        let between = words.get(one.words.end..other.words.start).unwrap_or_default();
        if between.is_empty() || !between.iter().all(|word| matches!(&*word.lower, "and" | "or" | "the")) {
            continue;
        }
        let names = (one.words.clone(), other.words.clone());
        let (left, right) = found.split_at_mut(number + 1);
        if let (Some(one), Some(other)) = (left.last_mut(), right.first_mut()) {
            match (&one, &other) {
                (Some(said), None) => *other = Some(said.reaching(&names.1)),
                (None, Some(said)) => *one = Some(said.reaching(&names.0)),
                _ => {}
            }
        }
    }
}

/// The words `range`, as written.
fn evidence(text: &str, words: &[Word<'_>], range: &Range<usize>) -> String {
    let start = words.get(range.start).map(|word| word.span.start);
    let end = range.end.checked_sub(1).and_then(|last| words.get(last)).map(|word| word.span.end);
    let Some(piece) = start.zip(end).and_then(|(start, end)| text.get(start..end)) else {
        return String::new();
    };
    squeezed(piece)
}

/// The beginning of `piece`, with single spaces.
fn squeezed(piece: &str) -> String {
    piece
        .get(..piece.floor_char_boundary(EVIDENCE))
        .unwrap_or_default()
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::{Report, origins};

    #[test]
    fn who_signs_or_supplies_a_text_that_names_nobody_is_its_origin() {
        let report = |credit: &str| Report {
            id: 1,
            time: "2023-09-05T12:00:00Z".parse().unwrap(),
            title: "Kim to visit Vladivostok".to_owned(),
            text: "The train will leave this month. Nobody has confirmed it.".to_owned(),
            outlet: "The Estuary".to_owned(),
            language: None,
            credit: Some(credit.to_owned()),
        };
        let names = |credit: &str| -> Vec<String> {
            origins(&report(credit)).into_iter().map(|origin| origin.name).collect()
        };
        for (credit, name) in [
            ("Reuters", "Reuters"),
            ("© 2023 AFP", "AFP"),
            ("Quelle: ntv.de, ino/dpa", "dpa"),
            ("(서울=연합뉴스)", "Yonhap"),
            ("来源：新华社", "Xinhua"),
        ] {
            assert_eq!(names(credit), [name], "{credit}");
        }
        for credit in
            ["Ruth Amsel", "The Estuary", "© The Estuary 2023", "Laura Times", "By our foreign desk"]
        {
            assert_eq!(names(credit), ["The Estuary"], "{credit}");
        }
        // What the text says outweighs who carried it.
        let told = Report { text: "Kim will come, the New York Times reported.".to_owned(), ..report("AFP") };
        assert_eq!(origins(&told).first().map(|origin| origin.name.as_str()), Some("The New York Times"));
    }
}

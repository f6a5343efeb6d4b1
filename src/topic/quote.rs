//! The sentences of an article that made a topic true, with the hits in them.

use std::ops::Range;

use serde::Serialize;

use super::{Evaluation, Evidence};
use crate::article::{Article, Zone};
use crate::text::sentence::sentences;

/// Most sentences that are quoted of one evaluation.
const MOST: usize = 8;
/// Most bytes of a sentence, and what stands before the first hit where it is cut.
const LONGEST: usize = 400;
const BEFORE: usize = 120;

/// A sentence in which lines of a topic have their best hits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Quote {
    /// Where it stands.
    pub zone: Zone,
    /// The lines of the rule, as written.
    pub lines: Vec<String>,
    /// As in the article, white space aside; cut to about 400 bytes around the first hit.
    pub sentence: String,
    /// Bytes of `sentence`: the hits of these lines, in order.
    pub hits: Vec<Range<usize>>,
}

/// The sentences of one article, to quote from for several topics.
#[derive(Debug)]
pub struct Quoter<'a> {
    article: &'a Article,
    sentences: Vec<(Zone, Vec<Range<usize>>)>,
}

impl<'a> Quoter<'a> {
    /// Finds the sentences of all zones but furniture, whose hits do not count.
    #[must_use]
    pub fn new(article: &'a Article) -> Self {
        let zones = Zone::ALL.into_iter().filter(|zone| *zone != Zone::Furniture);
        Self { article, sentences: zones.map(|zone| (zone, sentences(article.zone(zone)))).collect() }
    }

    /// The sentence of the best hit of each line: the first that counts, in the order title, lead, body. Lines with the
    /// same sentence share a quote, and all their hits in it are marked.
    #[must_use]
    pub fn quotes(&self, evaluation: &Evaluation) -> Vec<Quote> {
        let counting: Vec<&Evidence> = evaluation.evidence.iter().filter(|one| one.counts).collect();
        // By place of the sentence: the lines that have their best hit in it.
        let mut places: Vec<(Zone, Range<usize>, Vec<&str>)> = Vec::new();
        for (n, best) in counting.iter().enumerate() {
            if counting.iter().take(n).any(|earlier| earlier.line == best.line) {
                continue;
            }
            let Some(sentence) = self.around(best) else { continue };
            match places.iter_mut().find(|(zone, span, _)| *zone == best.zone && *span == sentence) {
                Some((_, _, lines)) => lines.push(&best.line),
                None => places.push((best.zone, sentence, vec![&best.line])),
            }
        }
        places.truncate(MOST);
        let quote = |(zone, span, lines): (Zone, Range<usize>, Vec<&str>)| {
            let inside = |one: &&&Evidence| {
                one.zone == zone && span.start <= one.span.start && one.span.end <= span.end
            };
            let hits = counting.iter().filter(inside).filter(|one| lines.contains(&one.line.as_str()));
            let hits: Vec<Range<usize>> = hits.map(|one| one.span.clone()).collect();
            let (sentence, hits) = cut(self.article.zone(zone), span, &hits);
            Quote { zone, lines: lines.into_iter().map(str::to_owned).collect(), sentence, hits }
        };
        places.into_iter().map(quote).collect()
    }

    /// The sentence that holds a hit; several of them, where it runs over an end ("Inc. The …").
    fn around(&self, hit: &Evidence) -> Option<Range<usize>> {
        let (_, sentences) = self.sentences.iter().find(|(zone, _)| *zone == hit.zone)?;
        let first = sentences.get(sentences.partition_point(|span| span.end <= hit.span.start))?;
        let last = sentences.get(sentences.partition_point(|span| span.end < hit.span.end)).unwrap_or(first);
        Some(first.start.min(hit.span.start)..last.end.max(hit.span.end))
    }
}

/// `text[span]` with single spaces, at most about [`LONGEST`] bytes of it around the first of `hits`, which move along.
fn cut(text: &str, span: Range<usize>, hits: &[Range<usize>]) -> (String, Vec<Range<usize>>) {
    let mut window = span.clone();
    if span.len() > LONGEST {
        let first = hits.first().map_or(span.start, |hit| hit.start);
        window.start = text.floor_char_boundary(first.saturating_sub(BEFORE).max(span.start));
        window.end = text.floor_char_boundary((window.start + LONGEST).min(span.end));
    }
    let mut sentence = String::with_capacity(window.len() + 6);
    if window.start > span.start {
        sentence.push('…');
    }
    let hits: Vec<&Range<usize>> =
        hits.iter().filter(|hit| window.start <= hit.start && hit.end <= window.end).collect();
    let mut moved: Vec<Range<usize>> = hits.iter().map(|_| 0..0).collect();
    let mut gap = false;
    for (at, c) in text.get(window.clone()).unwrap_or_default().char_indices() {
        let at = window.start + at;
        if c.is_whitespace() {
            gap = true;
        } else {
            if gap && !sentence.is_empty() {
                sentence.push(' ');
            }
            gap = false;
            for (hit, moved) in hits.iter().zip(&mut moved) {
                if hit.start == at {
                    moved.start = sentence.len();
                }
            }
            sentence.push(c);
        }
        for (hit, moved) in hits.iter().zip(&mut moved) {
            if hit.end == at + c.len_utf8() {
                moved.end = sentence.len();
            }
        }
    }
    if window.end < span.end {
        sentence.push('…');
    }
    moved.retain(|hit| hit.start < hit.end);
    moved.sort_by_key(|hit| (hit.start, hit.end));
    (sentence, moved)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::topic::Severity;

    fn evidence(article: &Article, zone: Zone, line: &str, text: &str) -> Evidence {
        let start = article.zone(zone).find(text).expect("in the text");
        let (text, span) = (text.to_owned(), start..start + text.len());
        Evidence { zone, span, text, term: line.into(), line: line.into(), counts: true }
    }

    fn evaluation(evidence: Vec<Evidence>) -> Evaluation {
        Evaluation {
            topic: "t".into(),
            matched: true,
            score: 1,
            severity: Severity::Notice,
            why: vec![],
            why_not: vec![],
            evidence,
            furniture_only: false,
            near_miss: None,
        }
    }

    fn marked(quote: &Quote) -> String {
        let mut text = quote.sentence.clone();
        for hit in quote.hits.iter().rev() {
            text.insert(hit.end, ']');
            text.insert(hit.start, '[');
        }
        format!("{} {}: {text}", quote.zone.word(), quote.lines.join(", "))
    }

    #[test]
    fn lines_share_the_sentence_of_their_best_hits() {
        let article = Article {
            title: "Kim to meet Putin".into(),
            lead: "Mr. Kim left\n by train. Shells are made\u{a0}elsewhere.".into(),
            body: "Kim again.".into(),
            ..Article::default()
        };
        let mut found = vec![
            evidence(&article, Zone::Title, "@kim", "Kim"),
            evidence(&article, Zone::Title, "@russia", "Putin"),
            evidence(&article, Zone::Lead, "@kim", "Kim"),
            evidence(&article, Zone::Lead, "@arms", "Shells"),
            evidence(&article, Zone::Lead, "@arms", "made\u{a0}elsewhere"),
            evidence(&article, Zone::Body, "@arms", "again"),
        ];
        let shown = |found: &[Evidence]| -> Vec<String> {
            Quoter::new(&article).quotes(&evaluation(found.to_vec())).iter().map(marked).collect()
        };
        assert_eq!(
            shown(&found),
            ["title @kim, @russia: [Kim] to meet [Putin]", "lead @arms: [Shells] are [made elsewhere]."]
        );
        found[0].counts = false;
        assert_eq!(shown(&found)[1], "lead @kim: Mr. [Kim] left by train.");
    }

    #[test]
    fn a_long_sentence_is_cut_around_its_first_hit() {
        let article =
            Article { body: format!("{}Kim {}", "ж ".repeat(500), "я ".repeat(500)), ..Article::default() };
        let quotes =
            Quoter::new(&article).quotes(&evaluation(vec![evidence(&article, Zone::Body, "@kim", "Kim")]));
        let [quote] = quotes.as_slice() else { panic!("{quotes:?}") };
        assert!(
            quote.sentence.len() < LONGEST + 10
                && quote.sentence.starts_with('…')
                && quote.sentence.ends_with('…')
        );
        assert_eq!(quote.sentence.get(quote.hits[0].clone()), Some("Kim"));
    }

    proptest! {
        #[test]
        fn hits_stay_what_they_were(
            text in "[ \\n.!。a-cA-C3é北]{0,120}",
            spans in prop::collection::vec((0..120_usize, 1..9_usize), 0..6),
        ) {
            let article = Article { body: text.clone(), ..Article::default() };
            let found: Vec<Evidence> = spans.iter().filter_map(|(start, length)| {
                let span = text.floor_char_boundary(*start)..text.floor_char_boundary(start + length);
                let text = text.get(span.clone()).filter(|text| !text.trim().is_empty() && text.trim() == *text)?;
                let (line, text) = (format!("{length}"), text.to_owned());
                Some(Evidence { zone: Zone::Body, span, text, term: line.clone(), line, counts: true })
            }).collect();
            let plain = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
            let wanted: Vec<String> = found.iter().map(|one| plain(&one.text)).collect();
            for quote in Quoter::new(&article).quotes(&evaluation(found.clone())) {
                for hit in &quote.hits {
                    let text = quote.sentence.get(hit.clone()).expect("on boundaries").to_owned();
                    prop_assert!(wanted.contains(&text), "{text:?} of {wanted:?}");
                }
                prop_assert!(!quote.hits.is_empty());
            }
        }
    }
}

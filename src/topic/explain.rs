//! Verdicts in words: the reasons for and against, and the evidence.

use std::collections::HashSet;

use super::evaluate::{LineVerdict, Standing, Verdict, WayVerdict, evaluate, is_possible, rounded};
use super::example::{Compared, Rest};
use super::findings::Findings;
use super::rule::{Topic, Way};
use super::spec::ZoneWeights;
use super::{Evaluation, Evidence, TopicSet};
use crate::article::{Article, Zone};

/// The evidence kept of one line, in hits.
const MAX_EVIDENCE: usize = 20;

/// The different words shown of one line, in one reason.
const MAX_SHOWN: usize = 4;

/// The characters shown of a line or of an article's words.
const MAX_CHARS: usize = 60;

impl TopicSet {
    /// Judges every topic on `article`, in the order of their ids: those that matched, and those that would have if
    /// furniture counted.
    #[must_use]
    pub fn judge(&self, article: &Article) -> Vec<Evaluation> {
        let findings = Findings::new(article, &self.matcher);
        let compared = self.examples.compare(article);
        let like = compared.as_ref().map(Compared::reached).unwrap_or_default();
        let mut candidates = self.filing.candidates(findings.patterns());
        if !like.is_empty() {
            candidates.extend(like);
            candidates.sort_unstable();
            candidates.dedup();
        }
        candidates
            .into_iter()
            .filter_map(|place| Some((place, self.topics.get(place)?)))
            .filter(|(place, topic)| is_possible(topic, &findings) || like.binary_search(place).is_ok())
            .map(|(place, topic)| trace((place, topic), &findings, compared.as_ref(), article))
            .filter(|evaluation| evaluation.matched || evaluation.furniture_only)
            .collect()
    }

    /// Every topic on `article`, also those that are plainly false: for `explain`.
    #[must_use]
    pub fn explain(&self, article: &Article) -> Vec<Evaluation> {
        let findings = Findings::new(article, &self.matcher);
        let compared = self.examples.compare(article);
        let topics = self.topics.iter().enumerate();
        topics.map(|topic| trace(topic, &findings, compared.as_ref(), article)).collect()
    }

    /// The topic `id` on `article`, also if it is plainly false; `None` if there is no such topic.
    #[must_use]
    pub fn explain_one(&self, id: &str, article: &Article) -> Option<Evaluation> {
        let place = self.topics.binary_search_by(|topic| (*topic.id).cmp(id)).ok()?;
        let findings = Findings::new(article, &self.matcher);
        let compared = self.examples.compare(article);
        Some(trace((place, self.topics.get(place)?), &findings, compared.as_ref(), article))
    }

    /// Whether a line of the topic `id` has a hit in `text`.
    pub(super) fn mentions(&self, id: &str, text: &str) -> bool {
        let article = Article { title: text.to_owned(), ..Article::default() };
        let Ok(place) = self.topics.binary_search_by(|topic| (*topic.id).cmp(id)) else { return false };
        let findings = Findings::new(&article, &self.matcher);
        let Some(topic) = self.topics.get(place) else { return false };
        topic.ways.iter().flat_map(Way::lines).any(|line| findings.any(&line.terms))
    }

    /// Whether the lines of the topic at `place` are true of `article`, whatever its examples say.
    pub(super) fn lines_hold(&self, place: usize, article: &Article) -> bool {
        let findings = Findings::new(article, &self.matcher);
        self.topics.get(place).is_some_and(|topic| trace((place, topic), &findings, None, article).matched)
    }
}

fn trace(
    (place, topic): (usize, &Topic),
    findings: &Findings<'_>,
    compared: Option<&Compared>,
    article: &Article,
) -> Evaluation {
    let verdict = evaluate(topic, &topic.fields, findings);
    let matched = verdict.matched(topic.min_score);
    // What if the sidebar were the article? Then its words would weigh what those of the body do.
    let as_body = ZoneWeights { furniture: topic.fields.body, ..topic.fields };
    let supposed = (!matched && topic.fields.furniture <= 0.0)
        .then(|| evaluate(topic, &as_body, findings))
        .filter(|supposed| supposed.matched(topic.min_score));
    // The way told of is the one that would have led in, if furniture alone is missing.
    let told = supposed.as_ref().unwrap_or(&verdict).best().map_or(0, |(number, _)| number);
    let printer = Printer { topic, findings };
    let way = verdict.ways.get(told);
    let mut evaluation = Evaluation {
        topic: topic.id.to_string(),
        matched,
        score: way.map_or(0, |way| rounded(way.score)),
        severity: topic.severity,
        why: way.map(|way| printer.reasons_for(told, way)).unwrap_or_default(),
        why_not: if matched { Vec::new() } else { printer.reasons_against(&verdict, told) },
        evidence: way.map(|way| printer.evidence(way)).unwrap_or_default(),
        furniture_only: supposed.is_some(),
        near_miss: None,
    };
    if let Some(compared) = compared {
        let barred = !verdict.vetoes.is_empty() || verdict.foreign.is_some();
        compared.settle(place, Rest { barred, min_score: topic.min_score }, article, &mut evaluation);
    }
    evaluation
}

struct Printer<'a> {
    topic: &'a Topic,
    findings: &'a Findings<'a>,
}

impl Printer<'_> {
    fn reasons_for(&self, number: usize, way: &WayVerdict<'_>) -> Vec<String> {
        let hit = way.lines.iter().filter(|line| line.best.is_some());
        let mut reasons: Vec<_> = hit.map(|line| self.hits_of(line)).collect();
        if let (Some(near), Some(window), true) = (way.way.near, way.window, way.near_holds()) {
            reasons.push(format!("NEAR/{near} ok: {} words, {}", window.words, window.place()));
        }
        if way.holds() {
            if self.topic.ways.len() > 1 && number > 0 {
                reasons.push(format!("by way {} of {}", number + 1, self.topic.ways.len()));
            }
            reasons.push(score_of(way));
        }
        reasons
    }

    /// `@nk  8×  title "Kim Jong Un"; body "Mr. Kim" (=Mr. Kim)`.
    fn hits_of(&self, line: &LineVerdict<'_>) -> String {
        let mut seen = HashSet::new();
        let mut shown: Vec<(Zone, String)> = Vec::new();
        let mut more = false;
        for hit in line.counting() {
            let (Some((_, text)), Some(term)) = (self.findings.text_of(hit), line.line.terms.get(hit.term))
            else {
                continue;
            };
            let text = shorten(text);
            if !seen.insert((hit.zone, text.to_lowercase(), hit.term)) {
                continue;
            }
            if shown.len() == MAX_SHOWN {
                more = true;
                break;
            }
            let bare = term.written.rsplit(':').next().unwrap_or_default();
            let by = if bare.to_lowercase() == text.to_lowercase() {
                String::new()
            } else {
                format!(" ({})", term.written)
            };
            shown.push((hit.zone, format!("\"{text}\"{by}")));
        }
        let zones = shown.chunk_by(|a, b| a.0 == b.0).filter_map(|same| {
            let (zone, _) = same.first()?;
            Some(format!(
                "{} {}",
                zone.word(),
                same.iter().map(|(_, text)| text.as_str()).collect::<Vec<_>>().join(", ")
            ))
        });
        let zones = zones.collect::<Vec<_>>().join("; ");
        let more = if more { " …" } else { "" };
        format!("{}  {}×  {zones}{more}", shorten(&line.line.written), line.counting().count())
    }

    fn reasons_against(&self, verdict: &Verdict<'_>, told: usize) -> Vec<String> {
        let mut reasons = Vec::new();
        if let Some(language) = &verdict.foreign {
            reasons.push(format!(
                "lang: the article is in {language}, the topic wants {}",
                self.topic.lang.join(", ")
            ));
        }
        for (line, hit) in &verdict.vetoes {
            let text = self.findings.text_of(hit).map_or_else(String::new, |(_, text)| shorten(text));
            reasons.push(format!("none: {}: {} \"{text}\"", shorten(&line.written), hit.zone.word()));
        }
        let Some(way) = verdict.ways.get(told) else { return reasons };
        reasons.extend(missing_lines(way));
        if way.lines_hold() && !way.near_holds() {
            let near = way.way.near.unwrap_or_default();
            reasons.push(match way.window {
                Some(window) => format!(
                    "NEAR/{near}: the tightest window is {} words, in {}",
                    window.words,
                    window.place()
                ),
                None => format!(
                    "NEAR/{near}: neither the title nor the text (lead and body) holds a hit of every line"
                ),
            });
        }
        if way.holds() && rounded(way.score) < self.topic.min_score {
            reasons.push(format!("score {} is below min_score {}", rounded(way.score), self.topic.min_score));
        }
        reasons
    }

    fn evidence(&self, way: &WayVerdict<'_>) -> Vec<Evidence> {
        let kept =
            way.lines.iter().flat_map(|line| line.hits.iter().take(MAX_EVIDENCE).map(move |hit| (line, hit)));
        let mut evidence: Vec<_> = kept
            .filter_map(|(line, (hit, standing))| {
                let (span, text) = self.findings.text_of(hit)?;
                Some(Evidence {
                    zone: hit.zone,
                    span,
                    text: text.to_owned(),
                    term: line.line.terms.get(hit.term)?.written.to_string(),
                    line: line.line.written.to_string(),
                    counts: *standing == Standing::Counts,
                })
            })
            .collect();
        evidence.sort_by_key(|one| (one.zone, one.span.start, one.span.end));
        evidence
    }
}

/// `score 85: @nk 100 (title), @arms ×2 70 (lead)`.
fn score_of(way: &WayVerdict<'_>) -> String {
    let hit = way.lines.iter().filter_map(|line| {
        let weight = if (line.line.weight - 1.0).abs() < f64::EPSILON {
            String::new()
        } else {
            format!(" ×{}", line.line.weight)
        };
        Some(format!("{}{weight} {} ({})", shorten(&line.line.written), line.score(), line.best?.word()))
    });
    format!("score {}: {}", rounded(way.score), hit.collect::<Vec<_>>().join(", "))
}

/// A reason for every line that is needed and has no hit that counts; then how near it was.
fn missing_lines(way: &WayVerdict<'_>) -> Vec<String> {
    if way.lines_hold() {
        return Vec::new();
    }
    let (all_hit, any_hit) = way.lines_hit();
    let any_missed = any_hit < way.way.min;
    let missing: Vec<_> = way
        .lines
        .iter()
        .enumerate()
        .filter(|(place, line)| line.best.is_none() && (*place < way.way.all.len() || any_missed))
        .map(|(_, line)| line)
        .collect();
    let mut reasons: Vec<_> =
        missing.iter().map(|line| format!("{}: {}", shorten(&line.line.written), why_no_hit(line))).collect();
    if any_missed {
        reasons.push(format!("any: {any_hit} of {} lines hit, {} needed", way.way.any.len(), way.way.min));
    }
    let (hit, needed) = (all_hit + any_hit.min(way.way.min), way.way.all.len() + way.way.min);
    if hit > 0 {
        let names: Vec<_> = missing.iter().map(|line| shorten(&line.line.written)).collect();
        reasons.push(format!("nearest miss: {hit} of {needed} lines; no hit for {}", names.join(", ")));
    }
    reasons
}

/// `no hit`, or `no hit that counts (7 hits, all in furniture)`.
fn why_no_hit(line: &LineVerdict<'_>) -> String {
    let mut places: Vec<(String, usize)> = Vec::new();
    for (hit, standing) in &line.hits {
        let place = if *standing == Standing::Masked {
            "masked".to_owned()
        } else {
            format!("in {}", hit.zone.word())
        };
        match places.iter_mut().find(|(known, _)| *known == place) {
            Some((_, count)) => *count += 1,
            None => places.push((place, 1)),
        }
    }
    let hits = match line.hits.len() {
        0 => return "no hit".to_owned(),
        1 => "1 hit".to_owned(),
        count => format!("{count} hits"),
    };
    match places.as_slice() {
        [(place, 1)] => format!("no hit that counts ({hits}, {place})"),
        [(place, _)] => format!("no hit that counts ({hits}, all {place})"),
        _ => {
            let shares: Vec<_> = places.iter().map(|(place, count)| format!("{count} {place}")).collect();
            format!("no hit that counts ({hits}: {})", shares.join(", "))
        }
    }
}

/// `text` on one line and not too long: it stands inside a sentence.
fn shorten(text: &str) -> String {
    let mut short: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if let Some((cut, _)) = short.char_indices().nth(MAX_CHARS) {
        short.truncate(cut);
        short.push('…');
    }
    short
}

//! Verdicts in words: the reasons for and against, and the evidence.

use std::collections::HashSet;
use std::sync::PoisonError;

use super::evaluate::{escalates, evaluate, lack};
use super::example::{Compared, Rest};
use super::findings::Findings;
use super::outline::Outlook;
use super::rule::{Escalation, Line, Node, Topic};
use super::spec::ZoneWeights;
use super::told::{Told, ToldLine};
use super::verdict::{Detail, Judged, LineVerdict, Standing, Verdict};
use super::wording::Wording;
use super::{Evaluation, Evidence, TopicSet};
use crate::article::{Article, Zone};

/// The evidence kept of one line, in hits.
const MAX_EVIDENCE: usize = 20;

/// The different words shown of one line, in one reason.
const MAX_SHOWN: usize = 4;

/// The characters shown of a line or of an article's words.
const MAX_CHARS: usize = 60;

impl TopicSet {
    /// Judges every topic on `article`, in the order of their ids: those that matched, those that would have if
    /// furniture counted; and those that lack one line, without reasons and score: all of them, unless the topics are
    /// so many that to look for them costs too much.
    #[must_use]
    pub fn judge(&self, article: &Article) -> Vec<Evaluation> {
        let findings = Findings::new(article, &self.matcher);
        let compared = self.examples.compare(article);
        let like = compared.as_ref().map(Compared::reached).unwrap_or_default();
        let filing = self.filing.read().unwrap_or_else(PoisonError::into_inner).clone();
        let mut candidates = filing.candidates(findings.patterns());
        if !like.is_empty() {
            candidates.extend(like);
            candidates.sort_unstable();
            candidates.dedup();
        }
        let compared = compared.as_ref();
        let judge = |place: usize| {
            let topic = self.topics.get(place)?;
            if like.binary_search(&place).is_err() {
                match self.outlines.look(place, &findings) {
                    Outlook::False => return None,
                    Outlook::Nearly(lacking)
                        if !compared.is_some_and(|compared| compared.is_about(place)) =>
                    {
                        return topic
                            .rule
                            .needed_line(lacking)
                            .map(|line| nearly(topic, self.wording.line(line)));
                    }
                    Outlook::Nearly(_) | Outlook::Open => {}
                }
                let (lack, needed) = lack(&topic.rule, &findings);
                if lack > 1 || lack == 1 && needed < 2 {
                    return None;
                }
            }
            self.trace((place, topic), &findings, (compared, article), false)
        };
        candidates.into_iter().filter_map(judge).collect()
    }

    /// Every topic on `article`, also those that are plainly false: for `explain`.
    #[must_use]
    pub fn explain(&self, article: &Article) -> Vec<Evaluation> {
        let findings = Findings::new(article, &self.matcher);
        let compared = self.examples.compare(article);
        let topics = self.topics.iter().enumerate();
        topics.filter_map(|topic| self.trace(topic, &findings, (compared.as_ref(), article), true)).collect()
    }

    /// The topic `id` on `article`, also if it is plainly false; `None` if there is no such topic.
    #[must_use]
    pub fn explain_one(&self, id: &str, article: &Article) -> Option<Evaluation> {
        let place = self.place_of(id)?;
        let findings = Findings::new(article, &self.matcher);
        let compared = self.examples.compare(article);
        self.trace((place, self.topics.get(place)?), &findings, (compared.as_ref(), article), true)
    }

    /// Whether a line that speaks for the topic `id` has a hit in `text`.
    pub(super) fn mentions(&self, id: &str, text: &str) -> bool {
        let article = Article { title: text.to_owned(), ..Article::default() };
        let findings = Findings::new(&article, &self.matcher);
        let Some(topic) = self.place_of(id).and_then(|place| self.topics.get(place)) else { return false };
        let mut found = false;
        topic.rule.positive_lines(&mut |line| found |= findings.any(&line.terms));
        found
    }

    /// Whether the lines of the topic at `place` are true of `article`, whatever its examples say.
    pub(super) fn lines_hold(&self, place: usize, article: &Article) -> bool {
        let findings = Findings::new(article, &self.matcher);
        let topic = self.topics.get(place).map(|topic| (place, topic));
        let judged = topic.and_then(|topic| self.trace(topic, &findings, (None, article), false));
        judged.is_some_and(|judged| judged.matched)
    }

    fn place_of(&self, id: &str) -> Option<usize> {
        self.topics.binary_search_by(|topic| (*topic.id).cmp(id)).ok()
    }

    /// What is to be told of the topic at `place`; with `all`, also if there is nothing to tell.
    fn trace(
        &self,
        (place, topic): (usize, &Topic),
        findings: &Findings<'_>,
        (compared, article): (Option<&Compared>, &Article),
        all: bool,
    ) -> Option<Evaluation> {
        let verdict = evaluate(topic, &topic.fields, findings, &self.trust);
        let matched = verdict.matched(topic.min_score);
        // What if the sidebar were the article? Then its words would weigh what those of the body do.
        let as_body = ZoneWeights { furniture: topic.fields.body, ..topic.fields };
        let supposed = (!matched && topic.fields.furniture <= 0.0 && findings.hits_in(Zone::Furniture))
            .then(|| evaluate(topic, &as_body, findings, &self.trust))
            .filter(|supposed| supposed.matched(topic.min_score));
        // The way told of is the one that would have led in, if furniture alone is missing.
        let told = Told::of(&verdict.rule, &supposed.as_ref().unwrap_or(&verdict).rule);
        let printer = Printer { wording: &self.wording, topic, findings, verdict: &verdict, told: &told };
        let near_miss = if matched { None } else { printer.near_miss() };
        let compared = compared.filter(|compared| compared.is_about(place));
        // Words cost more than judging: near misses are counted without, and most candidates are not even that.
        if !all && !matched && supposed.is_none() && compared.is_none() {
            return near_miss.map(|line| nearly(topic, line));
        }
        let mut evaluation = Evaluation {
            topic: topic.id.to_string(),
            matched,
            score: verdict.score(),
            severity: topic.severity,
            why: printer.reasons_for(),
            why_not: if matched { Vec::new() } else { printer.reasons_against() },
            evidence: printer.evidence(),
            furniture_only: supposed.is_some(),
            near_miss,
        };
        if let Some(compared) = compared {
            let barred = !told.vetoes.is_empty() || !verdict.may_match();
            let rest = Rest { barred, min_score: topic.min_score, trust: verdict.trust };
            compared.settle(place, rest, article, &mut evaluation);
        }
        if evaluation.matched {
            evaluation.near_miss = None;
            let escalations = topic.extras.iter().flat_map(|extras| &extras.escalate);
            let escalation = escalations
                .filter(|one| one.to > topic.severity && escalates(topic, one, evaluation.score, findings))
                .reduce(|most, one| if one.to > most.to { one } else { most });
            if let Some(escalation) = escalation {
                evaluation.severity = escalation.to;
                evaluation.why.push(reason_to_escalate(escalation));
            }
        }
        let told = evaluation.is_hit() || evaluation.near_miss.is_some();
        (all || told).then_some(evaluation)
    }
}

/// A near miss without reasons and score: `explain` has them.
fn nearly(topic: &Topic, line: String) -> Evaluation {
    Evaluation {
        topic: topic.id.to_string(),
        matched: false,
        score: 0,
        severity: topic.severity,
        why: Vec::new(),
        why_not: Vec::new(),
        evidence: Vec::new(),
        furniture_only: false,
        near_miss: Some(line),
    }
}

struct Printer<'a> {
    wording: &'a Wording,
    topic: &'a Topic,
    findings: &'a Findings<'a>,
    verdict: &'a Verdict<'a>,
    told: &'a Told<'a, 'a>,
}

impl Printer<'_> {
    /// A line as reasons name it.
    fn name(&self, line: &Line) -> String {
        shorten(&self.wording.line(line))
    }

    fn reasons_for(&self) -> Vec<String> {
        let hit = self.told.lines.iter().filter(|line| line.verdict.best.is_some());
        let mut reasons: Vec<_> = hit.map(|line| self.hits_of(line.verdict)).collect();
        for line in self.told.lines.iter().filter(|line| line.min > 1 && line.verdict.different() >= line.min)
        {
            let (name, count) = (self.name(line.verdict.line), line.verdict.different());
            reasons.push(format!("ATLEAST/{} ok: {count} different terms of {name}", line.min));
        }
        for judged in self.told.nears.iter().filter(|judged| judged.tally.leads) {
            if let (Detail::Near(_, Some(window)), Some(near)) = (&judged.detail, near_of(judged)) {
                reasons.push(format!("{near} ok: {} words, {}", window.words(), window.place()));
            }
        }
        if !self.verdict.rule.tally.leads {
            return reasons;
        }
        if let Some((number, count)) = self.told.way.filter(|(number, _)| *number > 1 && !self.topic.is_query)
        {
            reasons.push(format!("by way {number} of {count}"));
        }
        for boost in &self.verdict.boosts {
            reasons.push(format!("boost  {} {:+}", self.name(&boost.line), boost.points));
        }
        if let Some((glob, factor)) = self.verdict.trust {
            reasons.push(format!("trust  ×{factor} ({glob})"));
        }
        reasons.push(self.score());
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
            let bare = self.wording.term(term).rsplit(':').next().unwrap_or_default();
            let by = if bare.to_lowercase() == text.to_lowercase() {
                String::new()
            } else {
                format!(" ({})", self.wording.term(term))
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
        format!("{}  {}×  {zones}{more}", self.name(line.line), line.counting().count())
    }

    fn reasons_against(&self) -> Vec<String> {
        let mut reasons = Vec::new();
        if let Some(language) = &self.verdict.foreign {
            let wanted = self.topic.lang.join(", ");
            reasons.push(format!("lang: the article is in {language}, the topic wants {wanted}"));
        }
        reasons.extend(self.verdict.refused.clone());
        for (line, hit) in &self.told.vetoes {
            let text = self.findings.text_of(hit).map_or_else(String::new, |(_, text)| shorten(text));
            let not = if self.topic.is_query { "NOT" } else { "none:" };
            reasons.push(format!("{not} {}: {} \"{text}\"", self.name(line), hit.zone.word()));
        }
        self.missing_lines(&mut reasons);
        for judged in self.told.nears.iter().filter(|near| !near.tally.leads) {
            let Detail::Near(parts, window) = &judged.detail else { continue };
            if !parts.iter().all(|part| part.tally.leads) {
                continue;
            }
            let near = near_of(judged).unwrap_or_default();
            reasons.push(match window {
                Some(window) => {
                    format!("{near}: the tightest window is {} words, in {}", window.words(), window.place())
                }
                None if near.starts_with('O') => format!("{near}: nowhere in this order"),
                None => format!(
                    "{near}: neither the title nor the text (lead and body) holds a hit of every line"
                ),
            });
        }
        let (score, min) = (self.verdict.score(), self.topic.min_score);
        if self.verdict.rule.tally.leads && score < min {
            reasons.push(format!("score {score} is below min_score {min}"));
        }
        // All of its parts hold, but for a NOT in one that was not told of.
        if reasons.is_empty() && !self.verdict.rule.tally.holds && self.told.needed > 0 {
            reasons.push("no way in is open".to_owned());
        }
        reasons
    }

    /// A reason for every line that is needed and has no hit that counts; then how near it was.
    fn missing_lines(&self, reasons: &mut Vec<String>) {
        let missing: Vec<_> = self.told.missing().collect();
        for line in &missing {
            let name = self.name(line.verdict.line);
            let different = line.verdict.different();
            reasons.push(if line.min > 1 && different > 0 {
                format!("ATLEAST/{}: {different} different of {name}", line.min)
            } else {
                format!("{name}: {}", why_no_hit(line.verdict))
            });
        }
        for (hit, count, min) in &self.told.too_few {
            if !self.topic.is_query {
                reasons.push(format!("any: {hit} of {count} lines hit, {min} needed"));
            } else if *min > 1 {
                reasons.push(format!("ATLEAST/{min}: {hit} of {count} hold"));
            }
        }
        let Told { hit, needed, .. } = self.told;
        if *hit > 0 && !missing.is_empty() {
            let names: Vec<_> = missing.iter().map(|line| self.name(line.verdict.line)).collect();
            reasons.push(format!("nearest miss: {hit} of {needed} lines; no hit for {}", names.join(", ")));
        }
    }

    /// The line that lacks if all others that are needed have a hit; several if one of them would do.
    fn near_miss(&self) -> Option<String> {
        let Told { hit, needed, vetoes, .. } = self.told;
        if *needed < 2 || hit + 1 != *needed || !vetoes.is_empty() || !self.verdict.may_match() {
            return None;
        }
        let names: Vec<_> = self.told.missing().map(|line| self.wording.line(line.verdict.line)).collect();
        (!names.is_empty()).then(|| names.join(" | "))
    }

    fn evidence(&self) -> Vec<Evidence> {
        let lines = self.told.lines.iter().map(|line| line.verdict);
        let kept = lines.flat_map(|line| line.hits.iter().take(MAX_EVIDENCE).map(move |hit| (line, hit)));
        let mut evidence: Vec<_> = kept
            .filter_map(|(line, (hit, standing))| {
                let (span, text) = self.findings.text_of(hit)?;
                Some(Evidence {
                    zone: hit.zone,
                    span,
                    text: text.to_owned(),
                    term: self.wording.term(line.line.terms.get(hit.term)?).to_owned(),
                    line: self.wording.line(line.line),
                    counts: *standing == Standing::Counts,
                })
            })
            .collect();
        evidence.sort_by_key(|one| (one.zone, one.span.start, one.span.end));
        evidence
    }

    /// `score 85: @nk 100 (title), @arms ×2 70 (lead)`.
    fn score(&self) -> String {
        let hit = self.told.lines.iter().filter_map(|ToldLine { verdict, .. }| {
            let weight = if (verdict.line.weight - 1.0).abs() < f32::EPSILON {
                String::new()
            } else {
                format!(" ×{}", verdict.line.weight)
            };
            let name = self.name(verdict.line);
            Some(format!("{name}{weight} {} ({})", verdict.score(), verdict.best?.word()))
        });
        format!("score {}: {}", self.verdict.score(), hit.collect::<Vec<_>>().join(", "))
    }
}

/// `escalated to critical: title:summit; score 85`.
fn reason_to_escalate(one: &Escalation) -> String {
    let when = one.when.as_ref().map(|(written, _)| shorten(written));
    let score = one.min_score.map(|min| format!("score of {min} or more"));
    let reasons: Vec<_> = when.into_iter().chain(score).collect();
    let to = format!("{:?}", one.to).to_lowercase();
    format!("escalated to {to}: {}", reasons.join(", "))
}

/// `NEAR/60`.
fn near_of(judged: &Judged<'_>) -> Option<String> {
    let Node::Near { words, ordered, .. } = judged.node else { return None };
    Some(format!("{}NEAR/{words}", if *ordered { "O" } else { "" }))
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

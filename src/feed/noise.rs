//! What changes on a page without being news: counters, clocks, dates of the last update, "3 hours ago", years of
//! copyright, numbers of requests. What is in doubt is news: "12 dead" and "13 dead" differ.

use std::ops::Range;

use super::dates;
use super::noise_words::{COPYRIGHT, Kind, kind_of};
use crate::clock::{Timestamp, later};

/// A stamp further ahead than this announces something. One that is not may be of any zone, and these are up to 14 hours
/// ahead.
const AHEAD: std::time::Duration = std::time::Duration::from_hours(15);
/// A day without a year that is further back than this is one of the next year.
const LONG_PAST: std::time::Duration = std::time::Duration::from_hours(24 * 183);
/// How far ahead a date is one at all.
const FAR_AHEAD: std::time::Duration = std::time::Duration::from_hours(24 * 366 * 20);
/// The minutes at which things are set to begin.
const QUARTERS: [&str; 4] = ["00", "15", "30", "45"];
/// Fewest letters and digits of the number of a request or a session.
const SHORTEST_ID: usize = 8;
/// Most words that may stand between a number and what it counts: "23 people are now online".
const MAX_BETWEEN: usize = 4;

/// `text` as it is if it holds no noise, else without it; `None` if it is nothing but noise. A clock is noise here: beside
/// a link it says when that was put there.
pub(super) fn cleaned(text: &str, now: Timestamp) -> Option<String> {
    let said = without(text, true, now)?;
    let whole: Vec<String> = segments(text, is_prose(text)).into_iter().filter_map(collapse).collect();
    Some(if said == whole.join(" | ") { text.to_owned() } else { said })
}

/// What `sentence` says without its noise; `None` if it is nothing but noise. Two sentences of which this is the same say
/// the same. A clock alone is none: it may be when something begins.
pub(super) fn said(sentence: &str, now: Timestamp) -> Option<String> {
    without(sentence, false, now)
}

/// `sentence` with every figure and every name of a day or month alike: two of one pattern differ in nothing else.
pub(super) fn pattern(sentence: &str) -> String {
    let mut pattern = String::new();
    let mut at = 0;
    for token in Segment::read(sentence).tokens {
        pattern.push_str(sentence.get(at..token.at.start).unwrap_or_default());
        match token.kind {
            Kind::Month | Kind::DatePart => pattern.push('0'),
            _ if token.text.starts_with(|c: char| c.is_ascii_digit()) => {
                let unit = token.text.trim_start_matches(|c: char| !c.is_ascii_alphabetic());
                pattern.push('0');
                pattern.push_str(unit.trim_end_matches(|c: char| c.is_ascii_digit()));
            }
            _ => pattern.extend(token.text.chars().map(|c| if c.is_ascii_digit() { '0' } else { c })),
        }
        at = token.at.end;
    }
    pattern.push_str(sentence.get(at..).unwrap_or_default());
    pattern
}

/// Whether `sentence` shows a clock with seconds.
pub(super) fn has_seconds(sentence: &str) -> bool {
    let tokens = Segment::read(sentence).tokens;
    tokens.iter().any(|token| token.kind == Kind::Clock && token.text.matches(':').count() > 1)
}

fn without(sentence: &str, clocks: bool, now: Timestamp) -> Option<String> {
    let is_prose = is_prose(sentence);
    let kept: Vec<String> = segments(sentence, is_prose)
        .into_iter()
        .filter_map(|segment| Segment::read(segment).said(is_prose, clocks, now))
        .collect();
    (!kept.is_empty()).then(|| kept.join(" | "))
}

fn is_prose(sentence: &str) -> bool {
    let ends = sentence.trim_end_matches(['"', '\'', ')', '”', '’', '»']);
    ends.ends_with(['.', '!', '?', '。', '！', '？', '…'])
}

/// The parts of a line that bars and dots, and outside prose dashes, set apart: "By Jane Doe | 12:03 | 23 comments".
fn segments(sentence: &str, is_prose: bool) -> Vec<&str> {
    let mut parts: Vec<&str> = sentence.split(['|', '·', '•', '‖', '⋅', '∙']).collect();
    for dash in [" - ", " – ", " — "].into_iter().filter(|_| !is_prose) {
        parts = parts.into_iter().flat_map(|part| part.split(dash)).collect();
    }
    parts
}

struct Token<'a> {
    kind: Kind,
    text: &'a str,
    at: Range<usize>,
    noise: bool,
}

struct Segment<'a> {
    text: &'a str,
    tokens: Vec<Token<'a>>,
}

impl<'a> Segment<'a> {
    fn read(text: &'a str) -> Self {
        let mut tokens: Vec<Token> = Vec::new();
        let mut rest = text;
        while let Some(start) = rest.find(char::is_alphanumeric) {
            let from = rest.get(start..).unwrap_or_default();
            let number = from.starts_with(|c: char| c.is_ascii_digit());
            let length = if number { number_length(from) } else { word_length(from) };
            let (word, after) = from.split_at(length);
            let end = text.len() - after.len();
            let kind = if number { kind_of_number(word) } else { kind_of(word) };
            tokens.push(Token { kind, text: word, at: end - length..end, noise: false });
            rest = after;
        }
        Self { text, tokens }
    }

    /// As for the sentence. `clocks`: whether a clock alone is noise.
    fn said(mut self, is_prose: bool, clocks: bool, now: Timestamp) -> Option<String> {
        self.mark_ids();
        self.mark_copyright(is_prose);
        self.mark_relative_times();
        let (dates, counters) = (self.dates(), self.counters());
        if self.is_bare(&dates, &counters) {
            let says = |date: &Range<usize>| self.announces(date, now) || !clocks && self.may_begin(date);
            return if dates.iter().any(says) { collapse(self.text) } else { None };
        }
        // "Updated 22 November: thirteen people …"; any other date in a text is part of what it says.
        let first = dates.into_iter().next().filter(|date| !is_prose && self.is_stamp(date));
        if let Some(date) = first.filter(|date| !self.announces(date, now)) {
            self.mark(0..date.end);
        }
        self.without_noise()
    }

    /// Whether it is made of nothing else than stamps and counters.
    fn is_bare(&self, dates: &[Range<usize>], counters: &[Range<usize>]) -> bool {
        let has_id = self.tokens.iter().any(|token| token.noise);
        let in_any = |at: usize| dates.iter().chain(counters).any(|range| range.contains(&at));
        let is_part = |kind: Kind| match kind {
            Kind::Filler | Kind::DatePart | Kind::Update | Kind::Counter | Kind::Counted | Kind::IdName => {
                true
            }
            Kind::Id => has_id,
            _ => false,
        };
        let says_so = |kind: Kind| matches!(kind, Kind::Counter | Kind::Counted | Kind::Update);
        self.tokens.iter().enumerate().all(|(at, token)| token.noise || in_any(at) || is_part(token.kind))
            && (!dates.is_empty() || self.tokens.iter().any(|token| token.noise || says_so(token.kind)))
    }

    /// Whether nothing stands before the date but a word like "updated" and what goes with it.
    fn is_stamp(&self, date: &Range<usize>) -> bool {
        let before = self.tokens.get(..date.start).unwrap_or_default();
        before.last().is_some_and(|token| token.kind == Kind::Update)
            && before.iter().all(|token| matches!(token.kind, Kind::Update | Kind::Filler))
    }

    /// Whether a line of nothing but a time, "14:00" or "Monday 14:00", may say when something begins: no stamp, and no
    /// clock that runs, which shows seconds. With a day beside it, that is a time on a quarter of the hour: "22 November
    /// 2026, 12:03" is when somebody wrote.
    fn may_begin(&self, date: &Range<usize>) -> bool {
        let parts = self.tokens.get(date.clone()).unwrap_or_default();
        let alone = parts.iter().all(|token| matches!(token.kind, Kind::Clock | Kind::DatePart));
        let is_set = |clock: &Token| {
            let minutes = clock.text.split_once(':').and_then(|(_, minutes)| minutes.get(..2));
            let runs = clock.text.matches(':').count() > 1;
            !runs && (alone || minutes.is_some_and(|minutes| QUARTERS.contains(&minutes)))
        };
        let mut clocks = parts.iter().filter(|token| token.kind == Kind::Clock).peekable();
        !self.is_stamp(date) && clocks.peek().is_some() && clocks.all(is_set)
    }

    fn kind(&self, at: usize) -> Option<Kind> {
        self.tokens.get(at).map(|token| token.kind)
    }

    fn mark(&mut self, range: Range<usize>) {
        self.tokens.get_mut(range).into_iter().flatten().for_each(|token| token.noise = true);
    }

    /// "Request 8f3a…", "Session ID: 8f3a…": numbers that are made for one visit. Others name what is told.
    fn mark_ids(&mut self) {
        for at in 1..self.tokens.len() {
            let name = if self.kind(at - 1) == Some(Kind::IdName) { at.checked_sub(2) } else { Some(at - 1) };
            let named = name.and_then(|name| self.kind(name)) == Some(Kind::Id);
            let Some(token) = self.tokens.get_mut(at) else { continue };
            let digits = token.text.bytes().filter(u8::is_ascii_digit).count();
            let letters = token.text.bytes().filter(u8::is_ascii_alphabetic).count();
            token.noise = named && digits >= 2 && letters >= 2 && digits + letters >= SHORTEST_ID;
        }
    }

    /// "© 2026", "Copyright 2019–2026": years right behind the mark, which in words stands at the start and in no prose.
    fn mark_copyright(&mut self, is_prose: bool) {
        for at in 0..self.tokens.len() {
            let Some(token) = self.tokens.get(at).filter(|token| token.text.split('-').all(is_year)) else {
                continue;
            };
            let before = self.text.get(..token.at.start).unwrap_or_default().trim_end();
            let in_words =
                || !is_prose && at <= 2 && COPYRIGHT.contains(&before.trim().to_lowercase().as_str());
            let last = at.checked_sub(1).and_then(|last| self.tokens.get(last)).filter(|last| last.noise);
            let ends_span = last.is_some_and(|last| {
                let between = self.text.get(last.at.end..token.at.start).unwrap_or_default();
                matches!(between.trim(), "–" | "-")
            });
            if before.ends_with('©') || in_words() || ends_span {
                self.mark(at..at + 1);
            }
        }
    }

    /// "3 hours ago", "3h ago", "vor 3 Stunden", "il y a 3 heures".
    fn mark_relative_times(&mut self) {
        for at in 1..self.tokens.len() {
            // The number, or "an" in "an hour ago".
            let counted = matches!(self.kind(at - 1), Some(Kind::Number | Kind::Filler));
            let before = |back: usize| at.checked_sub(back).and_then(|at| self.tokens.get(at));
            let il_y_a = ["a", "y", "il"]
                .iter()
                .zip(2..)
                .all(|(word, back)| before(back).is_some_and(|token| token.text == *word));
            match self.kind(at) {
                Some(Kind::Ago) if self.kind(at - 1) == Some(Kind::Number) => self.mark(at - 1..at + 1),
                Some(Kind::Unit) if counted && self.kind(at + 1) == Some(Kind::Ago) => {
                    self.mark(at - 1..at + 2);
                }
                Some(Kind::Unit) if counted && before(2).is_some_and(|token| token.kind == Kind::Before) => {
                    self.mark(at - 2..at + 1);
                }
                Some(Kind::Unit) if counted && il_y_a => self.mark(at - 4..at + 1),
                _ => {}
            }
        }
    }

    /// The dates and clocks.
    fn dates(&self) -> Vec<Range<usize>> {
        let mut found = Vec::new();
        let mut at = 0;
        while at < self.tokens.len() {
            let start = at;
            let mut dated = false;
            while let Some(length) = self.date_part(at) {
                dated |= !matches!(self.kind(at), Some(Kind::DatePart));
                at += length;
            }
            if dated {
                found.push(start..at);
            }
            at = at.max(start + 1);
        }
        found
    }

    /// How many tokens at `at` are one part of a date. A number is one only beside the name of a month, and a year.
    fn date_part(&self, at: usize) -> Option<usize> {
        let (kind, next) = (self.kind(at)?, self.kind(at + 1));
        let year = |at: usize| self.tokens.get(at).is_some_and(|token| is_year(token.text));
        let day = |at: usize| {
            self.tokens.get(at).is_some_and(|token| token.kind == Kind::Number && token.text.len() <= 2)
        };
        match kind {
            Kind::Clock | Kind::Date | Kind::DatePart => Some(1),
            Kind::Number if day(at) && next == Some(Kind::Month) => Some(2 + usize::from(year(at + 2))),
            Kind::Month if day(at + 1) => Some(2 + usize::from(year(at + 2))),
            Kind::Month if year(at + 1) => Some(2),
            _ => None,
        }
    }

    /// Numbers with what they count.
    fn counters(&self) -> Vec<Range<usize>> {
        let mut found: Vec<Range<usize>> = Vec::new();
        for at in 0..self.tokens.len() {
            let Some(kind @ (Kind::Counter | Kind::Counted)) = self.kind(at) else { continue };
            let taken = found.last().map_or(0, |range| range.end);
            let fillers =
                (taken..at).rev().take_while(|before| self.kind(*before) == Some(Kind::Filler)).count();
            let before = at.checked_sub(fillers.min(MAX_BETWEEN) + 1).filter(|before| *before >= taken);
            if let Some(number) = before.filter(|before| self.kind(*before) == Some(Kind::Number)) {
                found.push(number..at + 1);
            } else if kind == Kind::Counter && self.kind(at + 1) == Some(Kind::Number) {
                found.push(at..at + 2);
            }
        }
        found
    }

    /// Whether `date` names a day to come: that is said, not stamped.
    fn announces(&self, date: &Range<usize>, now: Timestamp) -> bool {
        let parts = self.tokens.get(date.clone()).unwrap_or_default();
        let is_part = |token: &&Token| token.kind != Kind::DatePart;
        let (Some(first), Some(last)) = (parts.iter().find(is_part), parts.iter().rfind(is_part)) else {
            return false;
        };
        let text = self.text.get(first.at.start..last.at.end).unwrap_or_default();
        let parse = |text: &str| dates::parse(text, later(now, FAR_AHEAD));
        if let Some(date) = parse(text) {
            return date > later(now, AHEAD);
        }
        // Without a year, one long past is of the next year.
        let year = now.to_string();
        let date = year.get(..4).and_then(|year| parse(&format!("{text} {year}")));
        date.is_some_and(|date| date > later(now, AHEAD) || later(date, LONG_PAST) < now)
    }

    /// The text around the noise, without the commas and brackets that went with it.
    fn without_noise(&self) -> Option<String> {
        let pause = |c: char| c.is_whitespace() || ",:;.()-–—".contains(c);
        let mut kept = String::new();
        let mut at = 0;
        for token in self.tokens.iter().filter(|token| token.noise) {
            let piece = self.text.get(at..token.at.start).unwrap_or_default().trim_end_matches(pause);
            kept.push_str(if at == 0 { piece } else { piece.trim_start_matches(pause) });
            kept.push(' ');
            at = token.at.end;
        }
        let rest = self.text.get(at..).unwrap_or_default();
        kept.push_str(if at == 0 { rest } else { rest.trim_start_matches(pause) });
        collapse(&kept)
    }
}

/// Typography apart: quotes and dashes of one kind, white space as one space, what has no width left out.
fn collapse(text: &str) -> Option<String> {
    let plain = |c: char| match c {
        '‘' | '’' | '‚' | 'ʼ' => Some('\''),
        '“' | '”' | '„' | '«' | '»' => Some('"'),
        '‐'..='―' | '−' => Some('-'),
        '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}' => None,
        _ => Some(c),
    };
    let text: String = text.chars().filter_map(plain).collect();
    text.contains(char::is_alphanumeric).then(|| super::plain::collapse(&text)).flatten()
}

fn is_year(text: &str) -> bool {
    text.len() == 4
        && (text.starts_with("19") || text.starts_with("20"))
        && text.bytes().all(|b| b.is_ascii_digit())
}

/// The length of the number at the start of `text`: digits, with what stands within numbers, clocks, dates and ids.
fn number_length(text: &str) -> usize {
    let mut end = 0;
    let mut characters = text.char_indices().peekable();
    while let Some((at, c)) = characters.next() {
        let inside = matches!(c, ',' | '.' | ':' | '/' | '\'' | '’' | '-' | '\u{A0}' | '\u{202F}');
        let before_digit = characters.peek().is_some_and(|(_, next)| next.is_ascii_digit());
        if c.is_ascii_alphanumeric() {
            end = at + c.len_utf8();
        } else if !(inside && before_digit) {
            break;
        }
    }
    end
}

fn word_length(text: &str) -> usize {
    // Chinese counts without a space: "阅读1204".
    let end = text.find(|c: char| !c.is_alphanumeric()).unwrap_or(text.len());
    let word = text.get(..end).unwrap_or_default();
    if word.is_ascii() { end } else { word.find(|c: char| c.is_ascii_digit()).unwrap_or(end) }
}

fn kind_of_number(text: &str) -> Kind {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let parts = |mark: char| text.split(mark).count();
    let all = |marks: &[u8]| text.bytes().all(|b| b.is_ascii_digit() || marks.contains(&b));
    let plain = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = text.get(plain.len()..).unwrap_or_default().to_ascii_lowercase();
    let is_clock =
        plain.contains(':') && plain.split(':').all(|part| part.len() <= 2 && part.parse::<u8>().is_ok());
    let is_day = (6..=8).contains(&digits)
        && ['-', '.', '/'].iter().any(|mark| parts(*mark) == 3 && all(&[*mark as u8]));
    if is_clock && matches!(unit.as_str(), "" | "am" | "pm" | "h" | "z") {
        Kind::Clock
    } else if is_day || text.starts_with("20") && text.contains('T') && text.contains(':') {
        Kind::Date
    } else if matches!(unit.as_str(), "" | "k" | "m" | "h" | "d" | "w" | "min" | "st" | "nd" | "rd" | "th") {
        Kind::Number
    } else {
        Kind::Word
    }
}

#[cfg(test)]
mod tests;

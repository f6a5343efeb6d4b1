//! Times of the day and offsets from UTC, and the cursor that reads them.

use super::names::{self, Half, Unit};

/// A time of the day as written: the hour may be 24, the second 60.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Clock {
    pub(super) hour: i32,
    pub(super) minute: i32,
    pub(super) second: i32,
    pub(super) nanosecond: i32,
}

impl Clock {
    /// Sets what `unit` says. None if it is no unit of the clock.
    pub(super) fn count(&mut self, unit: Unit, value: i32) -> Option<()> {
        *match unit {
            Unit::Hour => &mut self.hour,
            Unit::Minute => &mut self.minute,
            Unit::Second => &mut self.second,
            _ => return None,
        } = value;
        Some(())
    }
}

/// `+02:00`, `+0200`, `+02`, `+2`, `+200`, in minutes east of UTC. None where there is no such zone.
pub(super) fn offset(cursor: &mut Cursor) -> Option<i32> {
    let sign = if cursor.eat("+-")? == '-' { -1 } else { 1 };
    let digits = cursor.digits();
    let hours = cursor.number(if digits == 3 { 1 } else { digits.min(2) })?;
    let minutes = match digits {
        1 | 2 => {
            let colon = cursor.eat(":").is_some();
            let after = cursor.digits();
            let minutes = if colon && after > 0 { cursor.number(after.min(2))? } else { 0 };
            // Cut off within the minutes.
            (after != 1 || minutes == 0).then_some(minutes)?
        }
        3 | 4 => cursor.number(2)?,
        _ => return None,
    };
    (hours <= 14 && minutes < 60).then_some(sign * (hours * 60 + minutes))
}

/// What is left of the text.
#[derive(Clone, Copy)]
pub(super) struct Cursor<'a>(pub(super) &'a str);

impl<'a> Cursor<'a> {
    /// The next character, taken if it is one of `set`.
    pub(super) fn eat(&mut self, set: &str) -> Option<char> {
        let c = self.0.chars().next().filter(|c| set.contains(*c))?;
        self.0 = self.0.get(c.len_utf8()..)?;
        Some(c)
    }

    /// A space, which may stand after the dots of a date.
    pub(super) fn space_after(&mut self, separator: char) {
        if separator == '.' {
            self.eat(" ");
        }
    }

    /// How many digits come next.
    pub(super) fn digits(&self) -> usize {
        self.0.bytes().take_while(u8::is_ascii_digit).count()
    }

    /// The number in the next `digits` digits.
    pub(super) fn number(&mut self, digits: usize) -> Option<i32> {
        let (number, rest) = self.0.split_at_checked(digits)?;
        let number =
            Some(number).filter(|number| number.bytes().all(|b| b.is_ascii_digit()))?.parse().ok()?;
        self.0 = rest;
        Some(number)
    }

    /// The next letters.
    pub(super) fn word(&mut self) -> Option<&'a str> {
        let end = self.0.find(|c: char| !c.is_alphabetic()).unwrap_or(self.0.len());
        let (word, rest) = self.0.split_at_checked(end).filter(|_| end > 0)?;
        self.0 = rest;
        Some(word)
    }

    /// Whether an offset comes next.
    pub(super) fn signed_digit(&self) -> bool {
        let mut ahead = *self;
        ahead.eat("+-").is_some() && ahead.digits() > 0
    }

    /// The unit after the next number, and what follows it.
    pub(super) fn counted_unit(&self) -> Option<(Unit, &'a str)> {
        let rest = self.0.trim_start_matches(|c: char| c.is_ascii_digit());
        let rest = rest.strip_prefix(' ').unwrap_or(rest);
        let c = rest.chars().next()?;
        Some((names::unit(c)?, rest.get(c.len_utf8()..)?))
    }

    /// The half of the day, if it is named next: "pm", "p.m.", "p. m.".
    pub(super) fn half(&mut self) -> Option<Half> {
        let mut ahead = *self;
        ahead.eat(" ");
        let word = ahead.word()?;
        let mut letters = word.chars();
        let half = match (letters.next(), letters.next()) {
            (Some(first), None) if ahead.eat(".").is_some() => {
                ahead.eat(" ");
                let half = names::half_after(&format!("{first}{}", ahead.word()?))?;
                ahead.eat(".");
                half
            }
            _ => names::half_after(word)?,
        };
        *self = ahead;
        Some(half)
    }

    /// `15:04`, `15:04:05.678`, `15h04`, `15 h 04`, `3 pm`, where nothing else tells that a time must come.
    pub(super) fn clock(&mut self) -> Option<Clock> {
        let mut ahead = *self;
        let digits = Some(ahead.digits()).filter(|digits| (1..=2).contains(digits))?;
        let mut clock = Clock { hour: ahead.number(digits)?, ..Clock::default() };
        let after_hour = ahead;
        let french = ahead.eat_h();
        if french || ahead.eat(":").is_some() {
            match ahead.digits() {
                digits @ 1..=2 => clock.minute = ahead.number(digits)?,
                0 if french && !ahead.0.starts_with(char::is_alphabetic) => {}
                _ => return None,
            }
            *self = ahead;
            self.seconds(":", &mut clock);
            return Some(clock);
        }
        ahead = after_hour;
        ahead.half()?;
        *self = after_hour;
        Some(clock)
    }

    /// The h between hours and minutes, with or without spaces around it.
    fn eat_h(&mut self) -> bool {
        let mut ahead = *self;
        ahead.eat(" ");
        let found = ahead.eat("h").is_some();
        if found {
            ahead.eat(" ");
            *self = ahead;
        }
        found
    }

    /// A time where one must come: as [`Cursor::clock`], `15.04`, `1504`, `150405`; after a T `15` as well.
    pub(super) fn time(&mut self, after_t: bool) -> Option<Clock> {
        if let Some(clock) = self.clock() {
            return Some(clock);
        }
        let mut ahead = *self;
        let digits = ahead.digits();
        let mut clock = Clock::default();
        match digits {
            4 | 6 => {
                clock.hour = ahead.number(2)?;
                clock.minute = ahead.number(2)?;
                if digits == 6 {
                    clock.second = ahead.number(2)?;
                    ahead.fraction(&mut clock);
                }
            }
            1 | 2 => {
                clock.hour = ahead.number(digits)?;
                if ahead.eat(".").is_some() && ahead.digits() == 2 {
                    clock.minute = ahead.number(2)?;
                    ahead.seconds(".", &mut clock);
                } else if !after_t {
                    return None;
                }
            }
            _ => return None,
        }
        *self = ahead;
        Some(clock)
    }

    /// Seconds after `separator`, if they follow.
    fn seconds(&mut self, separator: &str, clock: &mut Clock) {
        let mut ahead = *self;
        let digits = ahead.eat(separator).map_or(0, |_| ahead.digits());
        if let Some(second) = (1..=2).contains(&digits).then(|| ahead.number(digits)).flatten() {
            clock.second = second;
            *self = ahead;
            self.fraction(clock);
        }
    }

    /// A fraction of a second, of which nine digits count.
    fn fraction(&mut self, clock: &mut Clock) {
        let mut ahead = *self;
        let digits = ahead.eat(".,:").map_or(0, |_| ahead.digits());
        if digits == 0 {
            return;
        }
        let taken = digits.min(9);
        let scale = u32::try_from(9 - taken).ok().and_then(|power| 10_i32.checked_pow(power));
        if let (Some(fraction), Some(scale)) = (ahead.number(taken), scale) {
            clock.nanosecond = fraction.saturating_mul(scale);
            self.0 = ahead.0.trim_start_matches(|c: char| c.is_ascii_digit());
        }
    }
}

//! The parts of a date, in whatever order and writing they stand.

use jiff::civil::{Date, ISOWeekDate, Weekday};

use super::clock::{Clock, Cursor, offset};
use super::names::{self, Half, Month, Unit, Zone};

/// What was read of a date.
#[derive(Debug, Default)]
pub(super) struct Parts {
    /// The day, if it was written in numbers alone: each reading that the calendar knows.
    days: Option<Vec<Date>>,
    year: Option<i32>,
    month: Option<Month>,
    day: Option<i32>,
    /// Numbers of which only the others say what they are, each with its count of digits.
    numbers: Vec<(i32, usize)>,
    weekday: Option<i8>,
    /// The time of the day, as written.
    pub(super) clock: Option<Clock>,
    /// Before noon, or after.
    pub(super) half: Option<Half>,
    /// The zone.
    pub(super) zone: Option<Zone>,
}

/// What stood before.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Before {
    Space,
    /// A time or a zone, which an offset may follow.
    Time,
    /// The T between day and time.
    T,
    /// A dot, and space.
    Dot,
    /// The word "month" of Vietnamese, whose number follows.
    MonthSign,
    Other,
}

/// Reads `text`, which is folded. None where it contradicts itself.
pub(super) fn scan(text: &str) -> Option<Parts> {
    let mut parts = Parts::default();
    let mut cursor = Cursor(text);
    let mut before = Before::Space;
    let mut comment = None;
    while let Some(c) = cursor.0.chars().next() {
        if parts.has_day() && parts.clock.is_some() && parts.zone.is_some() {
            break; // What follows is a comment, or the end of a span of time.
        }
        before = if c.is_ascii_digit() {
            parts.number(&mut cursor, before)?
        } else if c.is_alphabetic() {
            parts.word(&mut cursor, before)?
        } else if matches!(c, '+' | '-')
            && parts.clock.is_some()
            && matches!(before, Before::Space | Before::Time | Before::Dot)
            && cursor.0.get(1..).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
        {
            parts.zone = Some(Zone { east: offset(&mut cursor)?, summer: false });
            Before::Other
        } else if let Some((inner, rest)) = (c == '(').then(|| cursor.0.split_once(')')).flatten() {
            comment = inner.get(1..);
            cursor.0 = rest;
            Before::Other
        } else {
            cursor.0 = cursor.0.get(c.len_utf8()..)?;
            match before {
                Before::T | Before::MonthSign | Before::Dot if c == ' ' => before,
                _ if c == ' ' => Before::Space,
                _ if c == '.' => Before::Dot,
                _ => Before::Other,
            }
        };
    }
    if parts.zone.is_none() && parts.clock.is_some() {
        parts.zone = comment.and_then(|comment| zone_alone(&mut Cursor(comment)));
    }
    Some(parts)
}

impl Parts {
    /// The day, if the parts name one and one only.
    pub(super) fn date(&self) -> Option<Date> {
        let Some(days) = &self.days else { return self.date_by_name() };
        let month = self.month.filter(|month| !month.doubtful).map(|month| month.number);
        let weekday = self.weekday.and_then(|day| Weekday::from_monday_zero_offset(day).ok());
        let in_month = days.iter().filter(|day| month.is_none_or(|month| i32::from(day.month()) == month));
        // The day of the week is often wrong, so that it is asked only where days are left to choose from.
        let mut left = in_month.filter(|day| days.len() == 1 || weekday.is_none_or(|it| day.weekday() == it));
        left.next().filter(|_| left.next().is_none()).copied()
    }

    fn date_by_name(&self) -> Option<Date> {
        let month = self.month?.number;
        // A month without a day is its first day, as "2023-09" of W3C.
        let first = self.clock.is_none().then_some(1);
        let (year, day) = match (self.year, self.day, self.numbers.as_slice()) {
            (Some(year), day, []) => (year, day.or(first)?),
            (None, None, &[(year, 4)]) => (year, first?),
            (Some(year), None, &[(day, _)])
            | (None, Some(day), &[(year, 4)])
            | (None, None, &[(year, 4), (day, _)] | &[(day, _), (year, 4)]) => (year, day),
            (None, None, &[(year, 2), (day, _)]) if year > 31 => (full_year(year), day),
            (None, None, &[(day, _), (year, _)]) => (full_year(year), day),
            _ => return None,
        };
        date(year, month, day)
    }

    /// Whether nothing is missing from the day.
    fn has_day(&self) -> bool {
        let numbers = [self.year, self.day].into_iter().flatten().count() + self.numbers.len();
        self.days.is_some() || (self.month.is_some() && numbers > 1)
    }

    fn number(&mut self, cursor: &mut Cursor, before: Before) -> Option<Before> {
        let digits = cursor.digits();
        if let Some((unit, rest)) = cursor.counted_unit() {
            let value = cursor.number(digits)?;
            cursor.0 = rest;
            return self.count(unit, value, digits);
        }
        let clock = if self.has_day() || before == Before::T {
            cursor.time(before == Before::T)
        } else {
            cursor.clock()
        };
        if let Some(clock) = clock {
            let half = cursor.half();
            if self.clock.is_none() {
                self.half = self.half.or(half);
                self.clock = Some(clock);
            } // Else it is the end of a span of time.
            return Some(Before::Time);
        }
        if self.days.is_none() && self.month.is_none() && self.numbers.is_empty() {
            self.days = if digits < 4 { day_month_year(cursor) } else { year_first(cursor) };
            if self.days.is_some() {
                return Some(Before::Other);
            }
        }
        let value = cursor.number(digits)?;
        if before == Before::MonthSign && self.month.is_none() {
            self.month = Some(Month { number: value, doubtful: false });
        } else if digits > 4 || self.days.is_some() || self.numbers.len() > 2 {
            return None;
        } else {
            self.numbers.push((value, digits));
        }
        Some(Before::Other)
    }

    /// A number whose unit is given. Years of eras have fewer than four digits.
    fn count(&mut self, unit: Unit, value: i32, digits: usize) -> Option<Before> {
        let slot = match unit {
            Unit::Year if digits == 4 => &mut self.year,
            Unit::Year => return None,
            Unit::Day => &mut self.day,
            Unit::Month => {
                let fresh = self.month.is_none();
                self.month = Some(Month { number: value, doubtful: false });
                return fresh.then_some(Before::Other);
            }
            Unit::Hour | Unit::Minute | Unit::Second => {
                self.clock.get_or_insert_default().count(unit, value)?;
                return Some(Before::Time);
            }
        };
        slot.replace(value).is_none().then_some(Before::Other)
    }

    fn word(&mut self, cursor: &mut Cursor, before: Before) -> Option<Before> {
        let word = cursor.word()?;
        if before == Before::Dot && names::may_be_croatian(word) {
            return None;
        }
        if let Some(month) = names::month(word) {
            match self.month {
                None => self.month = Some(month),
                Some(known) if known.doubtful => self.month = Some(month),
                Some(known) if month.doubtful || known.number == month.number => {}
                Some(_) => return None,
            }
            return Some(Before::Other);
        }
        if let Some(zone) = names::zone(word).filter(|_| self.clock.is_some() && self.zone.is_none()) {
            self.zone = Some(with_offset(zone, cursor)?);
            return Some(Before::Time);
        }
        self.weekday = self.weekday.or_else(|| names::weekday(word));
        self.half = self.half.or_else(|| names::half_before(word).filter(|_| self.clock.is_none()));
        Some(match word {
            "t" => Before::T,
            "thang" => Before::MonthSign,
            _ => Before::Other,
        })
    }
}

/// `zone` by name, or what the number after it says: "GMT+2", "PDT -0700". None where there is no such zone.
fn with_offset(zone: Zone, cursor: &mut Cursor) -> Option<Zone> {
    let mut ahead = *cursor;
    ahead.eat(" ");
    if !ahead.signed_digit() {
        return Some(zone);
    }
    *cursor = ahead;
    Some(Zone { east: offset(cursor)?, summer: false })
}

/// The zone that a comment begins with: "(CEST)", "(GMT+2)", "(+0200)".
fn zone_alone(cursor: &mut Cursor) -> Option<Zone> {
    match cursor.word() {
        Some(word) => with_offset(names::zone(word)?, cursor),
        None => offset(cursor).map(|east| Zone { east, summer: false }),
    }
}

/// `YYYY-MM-DD`, `YYYY/M/D`, `YYYY. M. D.`, `YYYY:MM:DD`, `YYYYMMDD`, `YYYY-MM`, `YYYY-DDD`, `YYYYDDD`, `YYYY-Www-D`
/// and their likes.
fn year_first(cursor: &mut Cursor) -> Option<Vec<Date>> {
    let mut ahead = Cursor(cursor.0);
    let digits = ahead.digits();
    let year = ahead.number(4)?;
    let day = match digits {
        // Twelve and fourteen have the time after the day.
        8 | 12 | 14 => date(year, ahead.number(2)?, ahead.number(2)?),
        7 => day_of_year(year, ahead.number(3)?),
        4 => {
            let separator = ahead.eat("-/.:");
            if ahead.eat("w").is_some() {
                week_date(year, &mut ahead)
            } else {
                separated(year, separator?, &mut ahead)?
            }
        }
        _ => return None,
    };
    cursor.0 = ahead.0;
    Some(day.into_iter().collect())
}

/// The rest of a date after its year; the outer None where it is none.
#[expect(
    clippy::option_option,
    reason = "no date is another matter than a date that the calendar does not know"
)]
fn separated(year: i32, separator: char, ahead: &mut Cursor) -> Option<Option<Date>> {
    ahead.space_after(separator);
    let digits = ahead.digits();
    let second = ahead.number(digits)?;
    if digits == 3 && separator == '-' {
        return Some(day_of_year(year, second));
    }
    if digits > 2 {
        return None;
    }
    let mut third = Cursor(ahead.0);
    if third.eat(separator.encode_utf8(&mut [0; 4])).is_some() {
        third.space_after(separator);
        let digits = third.digits();
        if (1..=2).contains(&digits) {
            let day = third.number(digits)?;
            ahead.0 = third.0;
            return Some(date(year, second, day));
        }
    }
    (separator != ':').then(|| date(year, second, 1))
}

fn day_of_year(year: i32, day: i32) -> Option<Date> {
    date(year, 1, 1)?.with().day_of_year(day.try_into().ok()?).build().ok()
}

/// ISO 8601 `ww`, `ww-D`, `wwD`, after the W.
fn week_date(year: i32, ahead: &mut Cursor) -> Option<Date> {
    let week = ahead.number(2)?;
    ahead.eat("-");
    let day = if ahead.digits() == 1 { ahead.number(1)? } else { 1 };
    let weekday = Weekday::from_monday_one_offset(day.try_into().ok()?).ok()?;
    Some(ISOWeekDate::new(year.try_into().ok()?, week.try_into().ok()?, weekday).ok()?.date())
}

/// Three numbers, the first of one or two digits: every reading that the calendar knows. `YY-MM-DD` where a T follows
/// (ISO 8601 of 1988), `D.M.YYYY` where there are dots; else any order that is in use.
fn day_month_year(cursor: &mut Cursor) -> Option<Vec<Date>> {
    let mut ahead = Cursor(cursor.0);
    let first = ahead.number(ahead.digits())?;
    let separator = ahead.eat("-/.")?;
    ahead.space_after(separator);
    let second = Some(ahead.digits()).filter(|digits| (1..=2).contains(digits))?;
    let second = ahead.number(second)?;
    ahead.eat(separator.encode_utf8(&mut [0; 4]))?;
    ahead.space_after(separator);
    let digits = Some(ahead.digits()).filter(|digits| [2, 4].contains(digits))?;
    let third = ahead.number(digits)?;
    let year = if digits == 2 { full_year(third) } else { third };
    let mut days: Vec<_> =
        [date(year, second, first), date(year, first, second)].into_iter().flatten().collect();
    if digits == 4 && separator == '.' {
        days.truncate(1);
    } else if digits == 2 {
        let year_first = date(full_year(first), second, third);
        if separator == '-' && ahead.0.starts_with('t') {
            days.clear();
        }
        days.extend(year_first);
    }
    days.sort_unstable();
    days.dedup();
    cursor.0 = ahead.0;
    Some(days)
}

fn date(year: i32, month: i32, day: i32) -> Option<Date> {
    Date::new(year.try_into().ok()?, month.try_into().ok()?, day.try_into().ok()?).ok()
}

/// RFC 5322, 4.3: two digits are 1950 to 2049, three count from 1900.
fn full_year(number: i32) -> i32 {
    match number {
        0..50 => number + 2000,
        50..1000 => number + 1900,
        _ => number,
    }
}

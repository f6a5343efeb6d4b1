//! What feed-rs does not carry from the feed to us, collected while the feed is rewritten for it.

use url::Url;

use super::decode::decoded_twice;
use super::element::person_name;
use super::markup::Tag;
use super::plain::{clip, collapse, plain, short};
use super::vocabulary::Field;
use super::{Entry, EntrySource, Feed, Media, is_language, web_address};

/// Most values of one kind that are kept of an entry or a feed.
const MAX_VALUES: usize = 64;
/// Longest unreadable date that is kept, in bytes.
const MAX_DATE_TEXT: usize = 80;
/// What a feed's authors may take together, in bytes: every entry inherits them.
const MAX_INHERITED: usize = 256;

const DAYS: [&str; 7] = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

/// Collects.
#[derive(Debug, Default)]
pub(super) struct Beside {
    /// Addresses, rhythm and language of the feed.
    pub(super) feed: Feed,
    /// For each entry that was written, in order, what is to be added to it.
    pub(super) entries: Vec<Entry>,
    authors: Vec<String>,
    /// The `xml:lang` around what is said, which a language element overrides.
    language: Option<String>,
    /// `sy:updatePeriod`, in minutes, and `sy:updateFrequency`.
    period: Option<u32>,
    frequency: Option<u32>,
}

impl Beside {
    pub(super) fn open_entry(&mut self, language: Option<String>) {
        self.entries.push(Entry { language, ..Entry::default() });
    }

    pub(super) fn inherited_language(&mut self, language: Option<String>) {
        self.language = language.or(self.language.take());
    }

    /// Takes a field of the entry that was opened last. False for one that feed-rs carries.
    pub(super) fn entry_field(&mut self, field: Field, value: &str, tag: &Tag, base: &Url) -> bool {
        let Some(entry) = self.entries.last_mut() else { return false };
        let full = |values: &Vec<String>| values.len() == MAX_VALUES;
        match field {
            Field::Author if full(&entry.authors) => {}
            Field::Category | Field::Keywords if full(&entry.categories) => {}
            Field::Author => push_once(&mut entry.authors, author(value)),
            Field::Category => {
                let attribute = |name| tag.attribute(name).and_then(|text| short(&text));
                let said = prose(value).or_else(|| attribute("label")).or_else(|| attribute("term"));
                push_once(&mut entry.categories, said);
            }
            Field::Keywords => {
                for word in value.split(',').take(MAX_VALUES) {
                    push_once(&mut entry.categories, prose(word));
                }
            }
            Field::Source => {
                let source = entry.source.get_or_insert_default();
                source.title = source.title.take().or_else(|| prose(value));
                let url = tag.attribute("url").and_then(|url| web_address(&url, base));
                source.url = source.url.take().or(url);
                entry.source.take_if(|source| *source == EntrySource::default());
            }
            Field::Language => {
                entry.language =
                    Some(value.to_owned()).filter(|tag| is_language(tag)).or(entry.language.take());
            }
            _ => return false,
        }
        true
    }

    /// Takes a field of Atom's `source` in the entry that was opened last.
    pub(super) fn source_field(&mut self, field: Field, value: &str, base: &Url) {
        let Some(entry) = self.entries.last_mut() else { return };
        let source = entry.source.get_or_insert_default();
        match field {
            Field::Title => source.title = source.title.take().or_else(|| prose(value)),
            Field::Link => source.url = source.url.take().or_else(|| web_address(value, base)),
            _ => {}
        }
        entry.source.take_if(|source| *source == EntrySource::default());
    }

    /// Takes what an entry gives in place of a date.
    pub(super) fn unread_date(&mut self, value: &str) {
        if let Some(entry) = self.entries.last_mut()
            && entry.date_text.is_none()
        {
            entry.date_text = collapse(clip(value, MAX_DATE_TEXT));
        }
    }

    /// Takes the file that `tag` names, if it does.
    pub(super) fn media(&mut self, tag: &Tag, base: &Url) {
        if self.entries.last().is_none_or(|entry| entry.media.len() == MAX_VALUES) {
            return;
        }
        let address = tag.attribute("url").or_else(|| tag.attribute("href"));
        let Some(url) = address.and_then(|url| web_address(&url, base)) else { return };
        let Some(entry) = self.entries.last_mut() else { return };
        if entry.media.iter().all(|media| media.url != url) {
            let length = tag.attribute("length").or_else(|| tag.attribute("fileSize"));
            entry.media.push(Media {
                url,
                media_type: tag.attribute("type").and_then(|kind| short(&kind)),
                length: length.and_then(|length| length.trim().parse().ok()),
            });
        }
    }

    /// Takes a link of the feed itself.
    pub(super) fn feed_link(&mut self, relation: &str, address: &str, base: &Url) {
        let Some(url) = web_address(address, base) else { return };
        let feed = &mut self.feed;
        match relation {
            "self" => feed.self_url = feed.self_url.take().or(Some(url)),
            "alternate" => feed.site_url = feed.site_url.take().or(Some(url)),
            "hub" if feed.hubs.len() < MAX_VALUES && !feed.hubs.contains(&url) => feed.hubs.push(url),
            _ => {}
        }
    }

    /// Takes a field of the feed itself. False for one that feed-rs carries.
    pub(super) fn feed_field(&mut self, field: Field, value: &str, base: &Url) -> bool {
        let rhythm = &mut self.feed.rhythm;
        match field {
            Field::Link => self.feed_link("alternate", value, base),
            Field::Author if self.authors.len() == MAX_VALUES => {}
            Field::Author => push_once(&mut self.authors, author(value)),
            Field::Language => {
                let language = || Some(value.to_owned()).filter(|tag| is_language(tag));
                self.feed.language = self.feed.language.take().or_else(language);
            }
            Field::Ttl => {
                rhythm.ttl_minutes = rhythm.ttl_minutes.or(number(value)).filter(|minutes| *minutes > 0);
            }
            Field::UpdatePeriod => self.period = self.period.or(period(value)),
            Field::UpdateFrequency => self.frequency = self.frequency.or(number(value)),
            Field::SkipHour => {
                // RSS 0.91 counted them from 1 to 24.
                let hour = number(value).and_then(|hour| u8::try_from(hour).ok()).filter(|hour| *hour <= 24);
                if let Some(hour) = hour.map(|hour| hour % 24)
                    && !rhythm.skip_hours.contains(&hour)
                {
                    rhythm.skip_hours.push(hour);
                }
            }
            Field::SkipDay => {
                let short = value.get(..3).unwrap_or_default();
                if let Some(day) = (0_u8..).zip(DAYS).find(|(_, day)| day.eq_ignore_ascii_case(short))
                    && !rhythm.skip_days.contains(&day.0)
                {
                    rhythm.skip_days.push(day.0);
                }
            }
            _ => return false,
        }
        true
    }

    /// What was collected. `inherited`: entries that name no author have the feed's (RFC 4287, section 4.2.1).
    pub(super) fn finish(mut self, inherited: bool) -> (Feed, Vec<Entry>) {
        let minutes = self
            .period
            .or(self.frequency.map(|_| 1_440))
            .map(|period| period.checked_div(self.frequency.unwrap_or(1)).unwrap_or(period).max(1));
        self.feed.rhythm.update_minutes = minutes;
        self.feed.language = self.feed.language.or(self.language);
        let long = self.authors.iter().map(String::len).sum::<usize>() > MAX_INHERITED;
        if inherited && !long && !self.authors.is_empty() {
            for entry in self.entries.iter_mut().filter(|entry| entry.authors.is_empty()) {
                entry.authors.clone_from(&self.authors);
            }
        }
        (self.feed, self.entries)
    }
}

fn author(value: &str) -> Option<String> {
    prose(person_name(value))
}

fn prose(value: &str) -> Option<String> {
    plain(decoded_twice(value).as_deref().unwrap_or(value))
}

fn push_once(values: &mut Vec<String>, value: Option<String>) {
    if let Some(value) = value.filter(|value| values.len() < MAX_VALUES && !values.contains(value)) {
        values.push(value);
    }
}

/// The number that `text` begins with.
fn number(text: &str) -> Option<u32> {
    let end = text.bytes().position(|b| !b.is_ascii_digit()).unwrap_or(text.len());
    text.get(..end)?.parse().ok()
}

/// The minutes of an update period (RSS 1.0 module Syndication).
fn period(text: &str) -> Option<u32> {
    Some(match text.to_ascii_lowercase().as_str() {
        "hourly" => 60,
        "daily" => 1_440,
        "weekly" => 10_080,
        "monthly" => 43_200,
        "yearly" => 525_600,
        _ => return None,
    })
}

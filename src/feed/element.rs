//! The element that the pass over a feed stands in: a field whose value is being collected, or one that is not read.

use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use base64::{Engine, alphabet};

use super::markup::{Faults, Tag, entity_faults, escape_into, split_name, unescape_into};
use super::plain::clip;
use super::vocabulary::Field;
use super::{CUT, MAX_TEXT};

/// How the content of an element becomes its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    /// Plain text, which becomes HTML by escaping.
    Text,
    /// Escaped HTML, or a value that is no prose.
    Escaped,
    /// Markup as it stands.
    Markup,
    /// A person: the text, or the `name` in it.
    Person,
    /// Base64, which may hold HTML (Atom), or a picture.
    Base64,
    /// Nothing that we can read.
    Unread,
}

impl Mode {
    /// RSS knows escaped HTML alone, but for a `body` of XHTML.
    pub(super) fn of_rss(field: Field, tag: &Tag) -> Self {
        match field {
            Field::Author => Self::Person,
            Field::Content if split_name(tag.name).1.eq_ignore_ascii_case("body") => Self::Markup,
            _ => Self::Escaped,
        }
    }
}

/// How Atom says that the content of `tag` is to be read (`type`; Atom 0.3: `mode` as well).
pub(super) fn mode(tag: &Tag, field: Field) -> Mode {
    match field {
        Field::Author => return Mode::Person,
        Field::Title | Field::Summary | Field::Content => {}
        _ => return Mode::Escaped,
    }
    let attribute = |name| tag.attribute(name).unwrap_or_default().trim().to_ascii_lowercase();
    let (kind, mode) = (attribute("type"), attribute("mode"));
    let kind = kind.split(';').next().unwrap_or_default().trim_end();
    match (mode.as_str(), kind) {
        ("base64", _) => Mode::Base64,
        ("escaped", kind) if kind.contains("html") => Mode::Escaped,
        (_, "html" | "text/html") => Mode::Escaped,
        ("escaped", _) => Mode::Text,
        ("xml", kind) if kind != "text/plain" => Mode::Markup,
        (_, kind) if kind == "xhtml" || kind.ends_with("xml") => Mode::Markup,
        // RFC 4287, section 4.1.3.3: of any other type is base64.
        (_, kind) if kind.contains('/') && !kind.starts_with("text/") => Mode::Base64,
        _ => Mode::Text,
    }
}

/// What ends with an end tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// The element itself.
    Own,
    /// Something within.
    Within,
    /// The entry, channel or feed that holds it.
    Outer,
}

/// An element that was opened and not closed yet.
#[derive(Debug)]
pub(super) struct Inside<'a> {
    /// Its start tag.
    pub(super) tag: Tag<'a>,
    /// And how good a source of it this is.
    field: Option<(Field, u8)>,
    mode: Mode,
    value: String,
    /// How many elements of the same name are open, this one included.
    same: usize,
    /// How many entries, channels or feeds are open within.
    outer: usize,
    /// The child that is open, of a person.
    child: Option<&'a str>,
    /// Whether markup stood where text belongs.
    markup: bool,
}

impl<'a> Inside<'a> {
    pub(super) fn field(tag: Tag<'a>, field: Field, rank: u8, mode: Mode) -> Self {
        Self { field: Some((field, rank)), mode, ..Self::unread(tag) }
    }

    pub(super) fn unread(tag: Tag<'a>) -> Self {
        Self {
            tag,
            field: None,
            mode: Mode::Unread,
            value: String::new(),
            same: 1,
            outer: 0,
            child: None,
            markup: false,
        }
    }

    /// Whether no element can stand within, so that one that does shows that the end of this one is missing.
    pub(super) fn is_simple(&self) -> bool {
        matches!(
            self.field,
            Some((Field::Title | Field::Link | Field::Id | Field::Published | Field::Updated, _))
        ) && matches!(self.mode, Mode::Escaped | Mode::Text)
    }

    /// A start tag within. `outer`: it is one of an entry, a channel or a feed.
    pub(super) fn start(&mut self, tag: &Tag<'a>, outer: bool) {
        if !tag.empty {
            self.same += usize::from(tag.name.eq_ignore_ascii_case(self.tag.name));
            self.outer += usize::from(outer);
        }
        match self.mode {
            Mode::Unread | Mode::Base64 => {}
            Mode::Person => {
                if !tag.empty && self.child.is_none() {
                    self.child = Some(tag.name);
                }
            }
            Mode::Text | Mode::Escaped | Mode::Markup => {
                self.markup = true;
                // XHTML may have a prefix, HTML has none.
                let (prefix, _) = split_name(tag.name);
                let skipped = if prefix.is_empty() { 1 } else { prefix.len() + 2 };
                self.push_tag(["<", tag.source.get(skipped..).unwrap_or_default(), ""]);
            }
        }
    }

    /// An end tag within.
    pub(super) fn end(&mut self, name: &'_ str, outer: bool) -> End {
        if name.eq_ignore_ascii_case(self.tag.name) {
            self.same -= 1;
            if self.same == 0 {
                return End::Own;
            }
        }
        if outer && self.outer == 0 {
            return End::Outer;
        }
        self.outer -= usize::from(outer);
        match self.mode {
            Mode::Unread | Mode::Base64 => {}
            Mode::Person => self.child = self.child.filter(|child| *child != name),
            Mode::Text | Mode::Escaped | Mode::Markup => {
                self.push_tag(["</", split_name(name).1, ">"]);
            }
        }
        End::Within
    }

    /// Text within. Returns the names of faults that were passed over.
    pub(super) fn text(&mut self, text: &str, cdata: bool) -> impl Iterator<Item = &'static str> + use<> {
        let named = self.child.is_none_or(|child| split_name(child).1.eq_ignore_ascii_case("name"));
        let mut faults = Faults::default();
        let whole = text;
        let text = self.fitting(whole);
        let is_cut = text.len() < whole.len() && !matches!(self.mode, Mode::Unread);
        match self.mode {
            Mode::Base64 => self.value.extend(text.split_ascii_whitespace()),
            Mode::Escaped if cdata => self.value.push_str(text),
            Mode::Escaped => faults = unescape_into(&mut self.value, text),
            Mode::Text | Mode::Markup if cdata => escape_into(&mut self.value, text),
            Mode::Text | Mode::Markup => {
                faults = entity_faults(text);
                // XML's escaping of text is HTML's too, and HTML knows more entities.
                self.value.push_str(&text.replace('<', "&lt;"));
            }
            Mode::Person if named && cdata => self.value.push_str(text),
            Mode::Person if named => faults = unescape_into(&mut self.value, text),
            Mode::Person if !cdata => faults = entity_faults(text),
            Mode::Person | Mode::Unread => {}
        }
        let bare = faults.bare.then_some("a bare ampersand");
        let undeclared = faults.undeclared.then_some("an undeclared entity");
        [bare, undeclared, is_cut.then_some(CUT)].into_iter().flatten()
    }

    /// Adds a tag, whole or not at all.
    fn push_tag(&mut self, parts: [&str; 3]) {
        if parts.iter().map(|part| part.len()).sum::<usize>() <= MAX_TEXT.saturating_sub(self.value.len()) {
            self.value.extend(parts);
        }
    }

    /// The start of `text`, as much as there is room for.
    fn fitting<'t>(&self, text: &'t str) -> &'t str {
        clip(text, MAX_TEXT.saturating_sub(self.value.len()))
    }

    /// The field, its rank, its value, and whether markup stood in it; `None` for what is not read.
    pub(super) fn into_field(self) -> Option<(Field, u8, String, bool)> {
        let (field, rank) = self.field?;
        let value = match self.mode {
            Mode::Base64 => base64(&self.value).unwrap_or_default(),
            _ => self.value,
        };
        Some((field, rank, value, self.markup))
    }
}

/// The text that `value` is in base64, if it is text.
fn base64(value: &str) -> Option<String> {
    String::from_utf8(STANDARD_INDIFFERENT.decode(value).ok()?).ok()
}

/// Padding is left out as often as not.
const STANDARD_INDIFFERENT: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The name in what a feed gives as an author: `jane@example.org (Jane Doe)`, `Jane Doe <jane@example.org>`. An
/// address alone is the name; feed-rs panics on one beside other text.
pub(super) fn person_name(text: &str) -> &str {
    if !text.contains('@') {
        return text;
    }
    let inside = text.split_once('(').and_then(|(_, rest)| rest.split_once(')')).map(|(name, _)| name.trim());
    let before = text.split(['<', '(', '[']).next().map(str::trim);
    let named = [inside, before].into_iter().flatten().find(|name| !name.is_empty() && !name.contains('@'));
    let word =
        || text.split(|c: char| c.is_whitespace() || "<>()[],;:".contains(c)).find(|word| word.contains('@'));
    named.or_else(|| word().filter(|word| word.is_ascii())).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_read_where_it_is_text() {
        assert_eq!(base64("PGI+TmV3czwvYj4=").as_deref(), Some("<b>News</b>"));
        assert_eq!(base64("TmV3cw").as_deref(), Some("News"));
        assert_eq!((base64("/9j/4AAQ"), base64("no base64!")), (None, None));
    }

    #[test]
    fn people_are_known_by_name() {
        assert_eq!(person_name("Jane Doe"), "Jane Doe");
        assert_eq!(person_name("jane@example.org (Jane Doe)"), "Jane Doe");
        assert_eq!(person_name("Jané Doe <jane@example.org>"), "Jané Doe");
        assert_eq!(person_name("mailto:jane@example.org"), "jane@example.org");
        assert_eq!(person_name("é@example.org"), "");
    }
}

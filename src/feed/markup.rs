//! The markup of a document as it comes: tags, text and CDATA, read leniently, in linear time and without recursion.
//! Comments, processing instructions and document types are passed over, so an entity is never expanded.

use std::borrow::Cow;

use memchr::{memchr, memchr2, memmem};

/// Longest attribute that is read, in bytes: they hold names and addresses.
const MAX_ATTRIBUTE: usize = 65_536;

/// A piece of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// Text between tags, entities as written.
    Text(&'a str),
    /// The content of a CDATA section.
    CData(&'a str),
    /// A start tag.
    Start(Tag<'a>),
    /// The name in an end tag.
    End(&'a str),
}

/// A start tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Tag<'a> {
    /// The name as written, with its prefix.
    pub(super) name: &'a str,
    attributes: &'a str,
    /// Whether the tag is an end tag as well (`<br/>`).
    pub(super) empty: bool,
    /// The whole tag as written.
    pub(super) source: &'a str,
}

/// Splits a name into its prefix (or "") and its local part.
pub(super) fn split_name(name: &str) -> (&str, &str) {
    name.rsplit_once(':').unwrap_or(("", name))
}

impl<'a> Tag<'a> {
    /// The attributes in order, values as written.
    pub(super) fn attributes(&self) -> impl Iterator<Item = (&'a str, &'a str)> + use<'a> {
        let mut rest = self.attributes;
        std::iter::from_fn(move || {
            let start = rest.bytes().position(|b| !(b.is_ascii_whitespace() || b == b'/' || b == b'='))?;
            rest = rest.get(start..)?;
            let end = rest.bytes().position(|b| b.is_ascii_whitespace() || b == b'=').unwrap_or(rest.len());
            let (name, after) = rest.split_at_checked(end)?;
            let Some(value) = after.trim_ascii_start().strip_prefix('=').map(str::trim_ascii_start) else {
                rest = after;
                return Some((name, ""));
            };
            let quoted = ['"', '\''].into_iter().find_map(|q| value.strip_prefix(q)?.split_once(q));
            let (value, after) = quoted.unwrap_or_else(|| {
                value.split_at(value.find(|c: char| c.is_ascii_whitespace()).unwrap_or(value.len()))
            });
            rest = after;
            Some((name, value))
        })
    }

    /// The value of the attribute `name` with its entities resolved, unless it is too long to mean anything.
    pub(super) fn attribute(&self, name: &str) -> Option<String> {
        let (_, value) = self.attributes().find(|(own, _)| own.eq_ignore_ascii_case(name))?;
        (value.len() <= MAX_ATTRIBUTE).then(|| unescape(value).into_owned())
    }
}

/// Reads a document token by token. Never fails: what cannot be markup is text.
#[derive(Clone)]
pub(super) struct Tokens<'a> {
    rest: &'a str,
    /// Where each mark was found last, as what is left of the document there, and which are known not to occur any more:
    /// looking for them again and again would be quadratic.
    found: [Option<usize>; 8],
    gone: [bool; 8],
    /// Whether markup without its end was ended where an entry ends.
    pub(super) ended_early: bool,
    /// Whether quotes in tags still pair up; after one that never ends they are taken as any other character.
    quotes: bool,
}

const COMMENT_END: (usize, &str) = (0, "-->");
const CDATA_END: (usize, &str) = (1, "]]>");
const TAG_END: (usize, &str) = (2, ">");
const SUBSET_END: (usize, &str) = (3, "]");
const ENTRY_STARTS: [(usize, &str); 2] = [(4, "<item"), (5, "<entry")];
const ENTRY_ENDS: [(usize, &str); 2] = [(6, "</item"), (7, "</entry")];

impl<'a> Tokens<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { rest: text, found: [None; 8], gone: [false; 8], ended_early: false, quotes: true }
    }

    /// Splits `text` at the first of a terminator.
    fn until(&mut self, text: &'a str, mark: (usize, &str)) -> Option<(&'a str, &'a str)> {
        let at = self.position(text, mark)?;
        Some((text.get(..at)?, text.get(at + mark.1.len()..)?))
    }

    /// Where the next mark stands in `text`, an end of the document that begins where the last one began, or later.
    fn position(&mut self, text: &str, (kind, mark): (usize, &str)) -> Option<usize> {
        let (found, gone) = (self.found.get_mut(kind)?, self.gone.get_mut(kind)?);
        if *gone {
            return None;
        }
        if let Some(at) = found.and_then(|left| text.len().checked_sub(left)) {
            return Some(at);
        }
        let at = memmem::find(text.as_bytes(), mark.as_bytes());
        *found = at.map(|at| text.len() - at);
        *gone = at.is_none();
        at
    }

    fn first_of(&mut self, text: &str, marks: [(usize, &str); 2]) -> Option<usize> {
        marks.into_iter().filter_map(|mark| self.position(text, mark)).min()
    }

    /// Where in the first `length` bytes of `text` an entry ends that did not begin there: whatever is said to stand in
    /// these bytes lacks its own end, and would swallow the next entry.
    fn entry_end(&mut self, text: &str, length: usize) -> Option<usize> {
        let end = self.first_of(text, ENTRY_ENDS).filter(|end| *end < length)?;
        let begins = self.first_of(text, ENTRY_STARTS).is_some_and(|start| start < end);
        self.ended_early |= !begins;
        (!begins).then_some(end)
    }

    /// What follows the declaration (`<!…`, `<?…`) that `text` holds after its `<`; `None` if it never ends.
    fn after_declaration(&mut self, text: &'a str) -> Option<&'a str> {
        if text.starts_with("!--") {
            let (comment, after) = self.until(text.get(3..)?, COMMENT_END)?;
            return self.entry_end(text.get(3..)?, comment.len()).is_none().then_some(after);
        }
        let (head, after) = self.until(text, TAG_END)?;
        if head.starts_with("!DOCTYPE")
            && let Some((name, _)) = head.split_once('[')
        {
            // The internal subset holds declarations of its own, up to `]>`.
            let mut subset = text.get(name.len()..)?;
            while let Some((_, rest)) = self.until(subset, SUBSET_END) {
                if let Some(after) = rest.trim_ascii_start().strip_prefix('>') {
                    return Some(after);
                }
                subset = rest;
            }
        }
        Some(after)
    }

    /// Splits off the tag that `text` starts with (after `<`), up to the `>` that no quotes hold.
    fn tag(&mut self, text: &'a str) -> Option<(&'a str, &'a str)> {
        if self.quotes {
            let mut at = 0;
            loop {
                let rest = text.get(at..)?;
                let Some(stop) = memchr2(b'>', b'=', rest.as_bytes()) else { break };
                if rest.get(stop..)?.starts_with('>') {
                    return Some((text.get(..at + stop)?, text.get(at + stop + 1..)?));
                }
                let value = rest.get(stop + 1..)?.trim_ascii_start();
                at = text.len() - value.len();
                if let Some(quote) = value.bytes().next().filter(|b| matches!(b, b'"' | b'\'')) {
                    let Some(end) = memchr(quote, value.get(1..)?.as_bytes()) else { break };
                    let marks = [self.first_of(value, ENTRY_ENDS), self.first_of(value, ENTRY_STARTS)];
                    if marks.into_iter().flatten().any(|mark| mark < end) {
                        // Its own quote is missing: this is the next one.
                        self.ended_early = true;
                        return self.until(text, TAG_END);
                    }
                    at += end + 2;
                }
            }
            self.quotes = false;
        }
        self.until(text, TAG_END)
    }

    /// The markup that `text` starts with (after `<`): its token, if it has one, and what follows.
    fn markup(&mut self, text: &'a str) -> Option<(Option<Token<'a>>, &'a str)> {
        if let Some(section) = text.strip_prefix("![CDATA[") {
            let (content, rest) = self.until(section, CDATA_END)?;
            let (content, rest) = match self.entry_end(section, content.len()) {
                Some(end) => section.split_at_checked(end)?,
                None => (content, rest),
            };
            return Some((Some(Token::CData(content)), rest));
        }
        if text.starts_with(['!', '?']) {
            return Some((None, self.after_declaration(text)?));
        }
        let is_name = |c: char| c.is_alphabetic() || c == '_' || c == ':';
        if let Some(end) = text.strip_prefix('/').filter(|name| name.starts_with(is_name)) {
            let (name, rest) = self.until(end, TAG_END)?;
            return Some((Some(Token::End(name.split_ascii_whitespace().next().unwrap_or(name))), rest));
        }
        if !text.starts_with(is_name) {
            return None;
        }
        let (inside, rest) = self.tag(text)?;
        let source = self.rest.get(..inside.len() + 2).unwrap_or_default();
        let (inside, empty) = inside.strip_suffix('/').map_or((inside, false), |inside| (inside, true));
        let end = inside.bytes().position(|b| b.is_ascii_whitespace() || b == b'/').unwrap_or(inside.len());
        let (name, attributes) = inside.split_at(end);
        Some((Some(Token::Start(Tag { name, attributes, empty, source })), rest))
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        while !self.rest.is_empty() {
            let text = self.rest;
            if let Some(after) = text.strip_prefix('<')
                && let Some((token, rest)) = self.markup(after)
            {
                self.rest = rest;
                if token.is_some() {
                    return token;
                }
                continue;
            }
            // A `<` that begins nothing is text, as all is up to the next one.
            let after = text.as_bytes().get(1..).unwrap_or_default();
            let end = memchr(b'<', after).map_or(text.len(), |at| at + 1);
            let (text, rest) = text.split_at(end);
            self.rest = rest;
            return Some(Token::Text(text));
        }
        None
    }
}

/// What is wrong with the entities of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Faults {
    /// An ampersand begins none.
    pub(super) bare: bool,
    /// One is none of XML's.
    pub(super) undeclared: bool,
}

/// `text` with the five entities of XML and character references resolved. Other entities stay as written: where
/// the text is HTML, its reader knows them.
pub(super) fn unescape(text: &str) -> Cow<'_, str> {
    if memchr(b'&', text.as_bytes()).is_none() {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    unescape_into(&mut out, text);
    Cow::Owned(out)
}

/// Adds what `unescape` makes of `text` to `out`.
pub(super) fn unescape_into(out: &mut String, text: &str) -> Faults {
    let mut faults = Faults::default();
    let mut rest = text;
    while let Some((before, after)) = split_at_ampersand(rest) {
        out.push_str(before);
        rest = after;
        let name = entity_name(after);
        if let Some((name, char)) = name.and_then(|name| Some((name, resolve(name)?))) {
            out.push(char);
            rest = after.get(name.len() + 1..).unwrap_or_default();
        } else {
            faults.note(name);
            out.push('&');
        }
    }
    out.push_str(rest);
    faults
}

/// What is wrong with the entities in `text`.
pub(super) fn entity_faults(text: &str) -> Faults {
    let mut faults = Faults::default();
    let mut rest = text;
    while let Some((_, after)) = split_at_ampersand(rest) {
        rest = after;
        let name = entity_name(after);
        if name.and_then(resolve).is_none() {
            faults.note(name);
        }
    }
    faults
}

impl Faults {
    /// Takes in that an ampersand stands before `name`, which is no entity of XML's.
    fn note(&mut self, name: Option<&str>) {
        self.bare |= name.is_none();
        self.undeclared |= name.is_some_and(|name| !name.starts_with('#'));
    }
}

fn split_at_ampersand(text: &str) -> Option<(&str, &str)> {
    let at = memchr(b'&', text.as_bytes())?;
    Some((text.get(..at)?, text.get(at + 1..)?))
}

/// The name of the entity whose `&` stands before `after`, if a `;` ends it.
pub(super) fn entity_name(after: &str) -> Option<&str> {
    let end = after.bytes().take(32).position(|b| !(b.is_ascii_alphanumeric() || b == b'#'))?;
    let name = after.get(..end).filter(|name| !name.is_empty())?;
    after.get(end..)?.starts_with(';').then_some(name)
}

/// The character that XML means by the entity `name`. References to what no text may hold, and to the C1 controls
/// (which HTML reads as Windows-1252), are not resolved.
fn resolve(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => {
            let digits = name.strip_prefix('#')?;
            let code = match digits.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16),
                None => digits.parse(),
            };
            char::from_u32(code.ok()?).filter(|c| !c.is_control() || c.is_ascii_whitespace())
        }
    }
}

/// Adds `text` to `out` so that XML and HTML read it as that very text. Characters that XML forbids are left out.
pub(super) fn escape_into(out: &mut String, text: &str) {
    let mut rest = text;
    while let Some(at) = rest.bytes().position(|b| matches!(b, b'&' | b'<' | b'>' | b'"') || is_suspect(b)) {
        let (before, after) = rest.split_at(at);
        out.push_str(before);
        let Some(c) = after.chars().next() else { break };
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            _ if is_forbidden(c) => {}
            _ => out.push(c),
        }
        rest = after.get(c.len_utf8()..).unwrap_or_default();
    }
    out.push_str(rest);
}

/// `text` without the characters that XML forbids.
pub(super) fn without_forbidden(text: &str) -> Cow<'_, str> {
    if text.bytes().any(is_suspect) && text.contains(is_forbidden) {
        Cow::Owned(text.replace(is_forbidden, ""))
    } else {
        Cow::Borrowed(text)
    }
}

/// Characters that XML forbids: the controls of C0 but white space, and two that are none.
pub(super) fn is_forbidden(c: char) -> bool {
    matches!(c, '\0'..='\u{8}' | '\u{B}' | '\u{C}' | '\u{E}'..='\u{1F}' | '\u{FFFE}' | '\u{FFFF}')
}

/// Whether a character that XML forbids may begin with this byte.
fn is_suspect(byte: u8) -> bool {
    (byte < b' ' && !matches!(byte, b'\t' | b'\n' | b'\r')) || byte == 0xEF
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn tokens(text: &str) -> Vec<Token<'_>> {
        Tokens::new(text).collect()
    }

    #[test]
    fn markup_is_told_from_text() {
        let read = tokens("a < b<!-- <x> --><?pi y?><c d=\"1>2\" e='f' g/><![CDATA[<z>]]></c >");
        let [Token::Text("a "), Token::Text("< b"), Token::Start(tag), Token::CData("<z>"), Token::End("c")] =
            read[..]
        else {
            panic!("{read:?}")
        };
        assert_eq!((tag.name, tag.empty), ("c", true));
        assert_eq!(tag.attributes().collect::<Vec<_>>(), [("d", "1>2"), ("e", "f"), ("g", "")]);
    }

    #[test]
    fn a_document_type_is_passed_over_with_its_entities() {
        let text = "<!DOCTYPE r [<!ENTITY a \"x]y>\"><!ENTITY b '&a;&a;'>] ><r>&b;</r>";
        assert!(matches!(tokens(text)[..], [Token::Start(_), Token::Text("&b;"), Token::End("r")]));
        assert!(matches!(tokens("<!DOCTYPE r SYSTEM \"x\"><r>")[..], [Token::Start(_)]));
    }

    #[test]
    fn what_never_ends_is_text_and_takes_linear_time() {
        for part in ["<!--", "<![CDATA[", "<a b=\"", "<a b='>", "<!DOCTYPE a[", "</a", "<a", "<a =", "<"] {
            assert!(!tokens(&part.repeat(30_000)).is_empty(), "{part}");
        }
    }

    #[test]
    fn entities_of_xml_are_resolved_and_no_others() {
        assert_eq!(
            unescape("a &amp;&#60;&#x62; &nbsp; AT&T &#0; &#146; &"),
            "a &<b &nbsp; AT&T &#0; &#146; &"
        );
    }

    #[test]
    fn what_lacks_its_end_does_not_swallow_the_next_entry() {
        let items = |text: &str| {
            let mut tokens = Tokens::new(text);
            let items =
                tokens.by_ref().filter(|token| matches!(token, Token::Start(tag) if tag.name == "item"));
            (items.count(), tokens.ended_early)
        };
        let next = "</item><item><a b=\"x\"/><!-- y --><![CDATA[z]]></item>";
        for open in ["<a b=\"x>", "<!-- x ", "<![CDATA[x</d>"] {
            assert_eq!(items(&format!("<item>{open}{next}")), (2, true), "{open}");
        }
        assert_eq!(items("<item><!-- <item>x</item> --></item><item/>"), (2, false), "put aside");
        for (open, end) in [("<!--", "-->"), ("<![CDATA[", "]]>"), ("<a b='", "'>")] {
            let text =
                format!("{}</item>{}{end}", open.repeat(30_000), format!("{open}</item>").repeat(30_000));
            assert!(!tokens(&text).is_empty(), "in linear time: {open}");
        }
    }

    proptest! {
        #[test]
        fn nothing_is_lost_but_declarations(text in "[<>/!\\[\\]\\-='\" &;#a-cé]{0,80}") {
            // Every letter outside declarations comes back in some token.
            let read: usize = tokens(&text).iter().map(|token| match token {
                Token::Text(text) => text.len(),
                Token::CData(text) => text.len() + 12,
                Token::Start(tag) => tag.source.len(),
                Token::End(name) => name.len() + 3,
            }).sum();
            prop_assert!(read <= text.len());
            prop_assert!(text.contains("<!") || text.contains("<?") || text.contains("</") || read == text.len());
        }
    }
}

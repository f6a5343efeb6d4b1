//! JSON that is broken in a usual way → JSON: cut off, with junk behind it, with a comma too many.

use super::TRUNCATED;

/// Deepest nesting that is looked at; `serde_json` reads no more.
const MAX_DEPTH: usize = 128;

/// `text` as it may have been meant, and what was wrong with it. A list in the outermost object that breaks off keeps
/// the values that are whole. `None` if nothing of it can be read.
pub(super) fn json(text: &str) -> Option<(String, Vec<String>)> {
    let mut mending = Mending { out: String::with_capacity(text.len()), ..Mending::default() };
    for c in text.chars() {
        if mending.string {
            mending.within_string(c);
        } else {
            mending.outside(c)?;
        }
        if mending.ended {
            let rest = text.trim_end().len() > mending.read + c.len_utf8();
            mending.note(rest, "junk after the feed");
            return Some((mending.out, mending.faults));
        }
        mending.read += c.len_utf8();
    }
    let whole = mending.whole?;
    mending.out.truncate(whole);
    mending.out.push_str("]}");
    mending.note(true, &format!("{TRUNCATED}: the last entry is incomplete"));
    Some((mending.out, mending.faults))
}

#[derive(Default)]
struct Mending {
    out: String,
    faults: Vec<String>,
    /// The brackets that are open.
    open: Vec<char>,
    /// How much of the text was read, in bytes.
    read: usize,
    /// Where the last whole value of a list in the outermost object ends in `out`.
    whole: Option<usize>,
    /// Whether we stand in a string, and after a backslash in it.
    string: bool,
    escaped: bool,
    ended: bool,
}

impl Mending {
    fn note(&mut self, is: bool, fault: &str) {
        if is && !self.faults.iter().any(|known| known == fault) {
            self.faults.push(fault.to_owned());
        }
    }

    fn within_string(&mut self, c: char) {
        if std::mem::take(&mut self.escaped) {
            if !matches!(c, '"' | '\\' | '/' | 'b' | 'f' | 'n' | 'r' | 't' | 'u') {
                self.note(true, "a backslash too many");
                self.out.pop();
            }
        } else if c == '\\' {
            self.escaped = true;
        } else if c == '"' {
            self.string = false;
        }
        if c.is_ascii_control() {
            self.note(true, "a line break in a string");
            self.out.push_str("\\n");
        } else {
            self.out.push(c);
        }
    }

    fn outside(&mut self, c: char) -> Option<()> {
        match c {
            '"' => self.string = true,
            '{' | '[' if self.open.len() < MAX_DEPTH => self.open.push(c),
            '{' | '[' => return None,
            '}' | ']' => {
                let comma = self.out.trim_end().ends_with(',');
                if comma {
                    self.note(true, "a comma too many");
                    self.out.truncate(self.out.trim_end().len() - 1);
                }
                self.open.pop();
                self.ended = self.open.is_empty();
            }
            _ => {}
        }
        self.out.push(c);
        if c == '}' && self.open == ['{', '['] {
            self.whole = Some(self.out.len());
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn mended(text: &str) -> String {
        json(text).map(|(text, faults)| format!("{text} {}", faults.join("; "))).unwrap_or_default()
    }

    #[test]
    fn usual_faults_are_mended() {
        assert_eq!(
            mended("{\"items\":[{\"id\":1},{\"id\":\"[2"),
            "{\"items\":[{\"id\":1}]} truncated: the last entry is incomplete"
        );
        assert_eq!(mended("{\"a\":[]}<!-- x -->"), "{\"a\":[]} junk after the feed");
        assert_eq!(mended("{\"a\":[1 , ],}\n"), "{\"a\":[1 ]} a comma too many");
        assert_eq!(
            mended("{\"a\":\"x\ny\\'\"}"),
            "{\"a\":\"x\\ny'\"} a line break in a string; a backslash too many"
        );
        assert_eq!(mended("{\"title\":\"x"), "");
        assert_eq!(mended(&"[".repeat(1_000)), "");
    }

    proptest! {
        #[test]
        fn what_is_whole_survives_a_cut(at in 0..60_usize) {
            let text = r#"{"title":"é","items":[{"id":"a","x":[1,{}]},{"id":"\\\"b"}]}"#;
            if let Some((mended, _)) = json(text.get(..at).unwrap_or_default()) {
                let value: Result<serde_json::Value, _> = serde_json::from_str(&mended);
                prop_assert!(value.is_ok(), "{}", mended);
            }
        }
    }
}

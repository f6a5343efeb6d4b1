//! The gate before an HTML parser: finds, in one linear pass and without a tree, the pages on which html5ever takes
//! quadratic time or memory (deep nesting, unclosed formatting that is opened anew in every paragraph, thousands of
//! attributes on one tag).

mod names;
pub(crate) mod tokens;

use names::{
    BLOCK, BREAKOUT, FORMATTING, HEADING, IMPLIED, MARKER, MATH_HOLDERS, ONCE, RAW, SCOPE, SVG_HOLDERS,
    TABLE, UNCERTAIN, VOID, among,
};
use tokens::{Tag, after_comment, after_first, after_raw, tag};

/// Most attributes of one tag: html5ever compares each with all before it.
const MAX_ATTRIBUTES: usize = 1_000;
/// Most elements that may be opened anew ("reconstruct the active formatting elements"): 12 KB of `<font>` and `<p>`
/// can ask for 400,000 of them.
const MAX_REOPENED: usize = 200_000;

/// True if an HTML parser would nest elements deeper than about `limit` in `html`, or would otherwise need time or
/// memory out of proportion. Linear in the length of `html`; follows the tree builder of the HTML standard as far as
/// nesting goes, and where it simplifies it errs towards `true`.
#[must_use]
pub fn too_deep(html: &str, limit: usize) -> bool {
    let mut gate = Gate { limit, ..Gate::default() };
    let mut rest = html;
    while let Some((text, _)) = rest.split_once('<') {
        if !text.is_empty() {
            gate.reopen();
        }
        rest = gate.markup(rest.get(text.len() + 1..).unwrap_or_default());
        if gate.refused || gate.stack.len() > limit {
            return true;
        }
    }
    false
}

#[derive(Clone, Copy)]
struct Open<'a> {
    name: &'a str,
    /// For formatting elements: the whole tag, as equal ones count as one kind.
    formatting: Option<&'a str>,
    language: Language,
}

/// Whose element it is: within SVG and `MathML` other rules hold.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Language {
    Html,
    Svg,
    Math,
}

impl Open<'_> {
    fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }

    fn is_foreign(&self) -> bool {
        self.language != Language::Html
    }

    /// Whether the end tag of a block does not reach through it.
    fn is_scope(&self) -> bool {
        if self.is_foreign() { self.holds() == Language::Html } else { among(SCOPE, self.name) }
    }

    /// "Special" in the standard: stops the end tag of an inline element.
    fn is_special(&self) -> bool {
        let special = [SCOPE, BLOCK, TABLE, "button"].iter().any(|names| among(names, self.name));
        special && !self.is_foreign() && !among("dialog search", self.name)
    }

    fn is_table_scope(&self) -> bool {
        !self.is_foreign() && among("table template", self.name)
    }

    /// The language of what it holds.
    fn holds(&self) -> Language {
        match self.language {
            Language::Svg if among(SVG_HOLDERS, self.name) => Language::Html,
            Language::Math if among(MATH_HOLDERS, self.name) => Language::Html,
            language => language,
        }
    }
}

#[derive(Default)]
struct Gate<'a> {
    limit: usize,
    stack: Vec<Open<'a>>,
    /// Formatting elements that lost their place without an end tag of their own: the next text opens them again.
    orphans: Vec<Open<'a>>,
    reopened: usize,
    /// Whether a form has begun whose end tag was not seen: one within another means nothing.
    in_form: bool,
    refused: bool,
}

impl<'a> Gate<'a> {
    /// Takes in the markup whose `<` stands before `text` and returns what follows.
    fn markup(&mut self, text: &'a str) -> &'a str {
        let (is_end, name) = text.strip_prefix('/').map_or((false, text), |name| (true, name));
        if name.starts_with(|c: char| c.is_ascii_alphabetic()) {
            let tag = tag(name);
            self.refused |= tag.attributes > MAX_ATTRIBUTES;
            if is_end {
                self.end(tag.name);
                return tag.rest;
            }
            return self.start(&tag);
        }
        match text.strip_prefix("!--") {
            Some(comment) => after_comment(comment),
            None if is_end || text.starts_with(['!', '?']) => after_first(text, ">"),
            None => text,
        }
    }

    fn holds(&self) -> Language {
        self.stack.last().map_or(Language::Html, Open::holds)
    }

    fn start(&mut self, tag: &Tag<'a>) -> &'a str {
        let name = tag.name;
        let outer = self.holds();
        if outer != Language::Html {
            self.refused |= among(UNCERTAIN, name);
            if among(BREAKOUT, name) {
                self.break_out();
            } else {
                if !tag.self_closing {
                    self.stack.push(Open { name, formatting: None, language: outer });
                }
                return tag.rest;
            }
        }
        if name.eq_ignore_ascii_case("form")
            && !self.in_template()
            && std::mem::replace(&mut self.in_form, true)
        {
            return tag.rest;
        }
        if name.eq_ignore_ascii_case("select") && self.cut_if(|o| o.is("select"), Open::is_scope) {
            return tag.rest; // A second one is the end of the first.
        }
        self.implied_ends(name);
        if !among(BLOCK, name) && !among(TABLE, name) {
            self.reopen();
        }
        if among(RAW, name) {
            return after_raw(tag.rest, name);
        }
        if among(VOID, name) || among(ONCE, name) || (among(TABLE, name) && !self.cut_to_table(name)) {
            return tag.rest;
        }
        let language = match name {
            _ if name.eq_ignore_ascii_case("svg") => Language::Svg,
            _ if name.eq_ignore_ascii_case("math") => Language::Math,
            _ => Language::Html,
        };
        self.refused |= among(UNCERTAIN, name) && self.stack.iter().any(Open::is_foreign);
        if language == Language::Html || !tag.self_closing {
            self.stack.push(Open {
                name,
                formatting: among(FORMATTING, name).then_some(tag.source),
                language,
            });
        }
        tag.rest
    }

    fn in_template(&self) -> bool {
        self.stack.iter().any(|o| o.is("template") && !o.is_foreign())
    }

    fn break_out(&mut self) {
        let outside = self.stack.iter().rposition(|o| o.holds() == Language::Html);
        self.cut(outside.map_or(0, |at| at + 1));
    }

    /// Closes what the start of `name` closes without an end tag.
    fn implied_ends(&mut self, name: &'a str) {
        let siblings = match name {
            _ if name.eq_ignore_ascii_case("li") => "li",
            _ if among("dd dt", name) => "dd dt",
            _ if name.eq_ignore_ascii_case("a") => {
                self.end_link();
                ""
            }
            _ if name.eq_ignore_ascii_case("nobr") => {
                self.reopen();
                if self.in_scope("nobr") {
                    self.end(name);
                }
                ""
            }
            _ => "",
        };
        if !siblings.is_empty() {
            self.cut_if(|o| among(siblings, o.name), |o| o.is_special() && !among("address div p", o.name));
        }
        if among(BLOCK, name) {
            self.cut_if(|o| o.is("p"), |o| o.is_scope() || o.is("button"));
        }
        if among(HEADING, name) && self.stack.last().is_some_and(|o| among(HEADING, o.name)) {
            self.cut(self.stack.len() - 1);
        }
        if name.eq_ignore_ascii_case("button") {
            self.cut_if(|o| o.is("button"), Open::is_scope);
        }
        let is_option = among("option optgroup", name);
        if is_option && self.in_scope("select") {
            self.end_implied(if name.eq_ignore_ascii_case("option") { "optgroup" } else { "" });
        } else if is_option && self.stack.last().is_some_and(|o| o.is("option")) {
            self.cut(self.stack.len() - 1);
        }
        if among("rb rtc rp rt", name) && self.in_scope("ruby") {
            self.end_implied(if among("rp rt", name) { "rtc" } else { "" });
        }
    }

    /// Takes away the link that is open: links do not nest.
    fn end_link(&mut self) {
        self.orphans.retain(|o| !o.is("a"));
        let is_link = |o: &Open| o.is("a") && o.formatting.is_some();
        let found = self.stack.iter().rposition(|o| is_link(o) || (!o.is_foreign() && among(MARKER, o.name)));
        let Some(at) = found.filter(|at| self.stack.get(*at).is_some_and(is_link)) else { return };
        let link = self.stack.remove(at);
        if !self.stack.iter().skip(at).any(|o| o.is_special() || o.is_scope()) {
            self.cut(at);
            self.orphans.retain(|o| o.formatting != link.formatting);
        }
    }

    fn in_scope(&self, name: &str) -> bool {
        let found = self.stack.iter().rfind(|o| (o.is(name) && !o.is_foreign()) || o.is_scope());
        found.is_some_and(|o| o.is(name) && !o.is_foreign())
    }

    /// Closes what needs no end tag of its own, but not `kept`.
    fn end_implied(&mut self, kept: &str) {
        let stays = |o: &Open| o.is_foreign() || o.is(kept) || !among(IMPLIED, o.name);
        self.cut(self.stack.iter().rposition(stays).map_or(0, |at| at + 1));
    }

    /// Makes room for `name` in the innermost table; false where there is none, so that the tag means nothing.
    fn cut_to_table(&mut self, name: &str) -> bool {
        let Some(table) = self.stack.iter().rposition(Open::is_table_scope) else { return false };
        if !self.stack.get(table).is_some_and(|o| o.is("table")) {
            return false;
        }
        let holders = match name {
            _ if among("td th", name) => "tr tbody thead tfoot",
            _ if name.eq_ignore_ascii_case("tr") => "tbody thead tfoot",
            _ => "",
        };
        let held = self.stack.iter().skip(table).position(|o| among(holders, o.name)).unwrap_or(0);
        // A row holds its cells, and a section its rows.
        let row = self
            .stack
            .iter()
            .skip(table + held)
            .position(|o| among(holders, o.name) && o.is("tr"))
            .unwrap_or(0);
        self.cut(table + held + row + 1);
        true
    }

    fn end(&mut self, name: &str) {
        if self.stack.last().is_some_and(Open::is_foreign) {
            if among("br p", name) {
                self.break_out();
            } else if let Some(at) = self.stack.iter().rposition(|o| o.is(name) || !o.is_foreign())
                && self.stack.get(at).is_some_and(Open::is_foreign)
            {
                return self.cut(at);
            }
        }
        if name.eq_ignore_ascii_case("form") {
            return self.end_form();
        }
        let closed = if name.eq_ignore_ascii_case("table") || among(TABLE, name) {
            self.cut_if(|o| o.is(name), Open::is_table_scope)
        } else if among(HEADING, name) {
            self.cut_if(|o| among(HEADING, o.name), Open::is_scope)
        } else if name.eq_ignore_ascii_case("p") {
            self.cut_if(|o| o.is(name), |o| o.is_scope() || o.is("button"))
        } else if name.eq_ignore_ascii_case("li") {
            self.cut_if(|o| o.is(name), |o| o.is_scope() || among("ul ol", o.name))
        } else if [BLOCK, SCOPE, "button"].iter().any(|names| among(names, name)) {
            self.cut_if(|o| o.is(name), Open::is_scope)
        } else if among(FORMATTING, name) {
            self.cut_if(|o| o.is(name), |o| o.is_special() || o.is_scope())
        } else {
            self.cut_if(|o| o.is(name), Open::is_special)
        };
        if !closed && among(FORMATTING, name) {
            // Its place is kept by a block inside it, but it is not opened anew.
            self.orphans.retain(|o| !o.is(name));
            if let Some(open) = self.stack.iter_mut().rfind(|o| o.is(name)) {
                open.formatting = None;
            }
        }
    }

    /// A form that ends leaves open what it holds, but for paragraphs and the like.
    fn end_form(&mut self) {
        if !self.in_template() && !std::mem::take(&mut self.in_form) {
            return;
        }
        let found = self.stack.iter().rposition(|o| (o.is("form") && !o.is_foreign()) || o.is_scope());
        let Some(form) = found.filter(|at| self.stack.get(*at).is_some_and(|o| o.is("form"))) else { return };
        if self.in_template() {
            return self.cut(form);
        }
        self.end_implied("");
        self.stack.remove(form);
    }

    /// Closes up to the innermost element that is `wanted`, unless a `barrier` stands before it.
    fn cut_if(&mut self, wanted: impl Fn(&Open<'a>) -> bool, barrier: impl Fn(&Open<'a>) -> bool) -> bool {
        let wanted = |o: &Open<'a>| wanted(o) && !o.is_foreign();
        let Some(at) = self.stack.iter().rposition(|o| wanted(o) || barrier(o)) else { return false };
        let Some(open) = self.stack.get_mut(at).filter(|o| wanted(o)) else { return false };
        open.formatting = None;
        self.cut(at);
        true
    }

    /// Closes the elements from `at` on.
    fn cut(&mut self, at: usize) {
        for open in self.stack.drain(at.min(self.stack.len())..) {
            // Of equal ones three are remembered (the standard's "Noah's Ark clause").
            if open.formatting.is_some()
                && self.orphans.len() <= self.limit
                && self.orphans.iter().filter(|o| o.formatting == open.formatting).count() < 3
            {
                self.orphans.push(open);
            }
        }
    }

    /// Text or an inline element begins: formatting that lost its place is opened again.
    fn reopen(&mut self) {
        self.reopened += self.orphans.len();
        self.refused |= self.reopened > MAX_REOPENED;
        self.stack.append(&mut self.orphans);
    }
}

#[cfg(test)]
mod tests;

//! The text around an edited table: which comments and blank lines go with it, and that no other line changes.
//!
//! A gap is what stands between two tables: blank lines and comments, then a bracket in place of the header (an indent before
//! it would look like a blank line), or nothing at the end of the file.

/// Where in the gap a new source goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// Behind the source above the gap, and the comments that belong to that.
    BelowSource,
    /// Behind the examples of this table that stand in comments.
    BelowExamples(&'static str),
    /// At its end.
    End,
}

/// Parts `gap` at `place` into what stands above a new source and what below. `opens`: nothing stands before the gap.
pub(super) fn parted(gap: &str, place: Place, opens: bool) -> (String, String) {
    let own = match place {
        Place::BelowSource => comments_below(gap),
        Place::BelowExamples(table) => examples_end(gap, table).unwrap_or(gap.len()),
        Place::End => gap.len(),
    };
    let (above, below) = gap.split_at_checked(own).unwrap_or((gap, ""));
    let mut above = above.to_owned();
    if !above.is_empty() && !above.ends_with('\n') {
        above.push('\n');
    }
    let apart = if above.is_empty() { opens } else { ends_blank(&above) };
    if !apart {
        above.push('\n');
    }
    let apart = below.is_empty() || is_blank(first_line(below));
    (above, if apart { below.to_owned() } else { format!("\n{below}") })
}

/// Where the comments end in which the last example of a `table` stands that was put aside by `#`.
pub(super) fn examples_end(gap: &str, table: &str) -> Option<usize> {
    let header = format!("[[{table}]]");
    let (mut end, mut at, mut within) = (None, 0, false);
    for line in gap.split_inclusive('\n') {
        at += line.len();
        within = is_comment(line)
            && (within || line.trim_start().trim_start_matches('#').trim_start().starts_with(&header));
        if within {
            end = Some(at);
        }
    }
    end
}

/// The gap that a removed source leaves, from those `above` and `below` it. `opens`: nothing stands before it.
pub(super) fn joined(above: &str, below: &str, opens: bool) -> String {
    let above = above.get(..above.rfind('\n').map_or(0, |end| end + 1)).unwrap_or_default();
    let below = below.get(own_comments_below(below)..).unwrap_or_default();
    let head = if is_blank(first_line(below)) { without_own_comments(above) } else { above };
    let blank: usize = below.split_inclusive('\n').take_while(|line| is_blank(line)).map(str::len).sum();
    let rest = below.get(blank..).unwrap_or_default();
    if rest.is_empty() {
        // The blank line that set it off ends the file no more.
        let blank: usize =
            head.split_inclusive('\n').rev().take_while(|line| is_blank(line)).map(str::len).sum();
        return head.get(..head.len() - blank).unwrap_or(head).to_owned();
    }
    let apart = if head.is_empty() { opens } else { ends_blank(head) };
    format!("{head}{}", if apart { rest } else { below })
}

/// `text` with the change that takes `rendered`, as `toml_edit` renders it, to `edited`. Rendering makes
/// every line end a line feed, spells all headers of a table as the first one, and brings dotted keys together, but every table
/// keeps its number of lines: so only the lines that differ are taken from it.
pub(super) fn changed(text: &str, rendered: &str, edited: &str) -> String {
    let (old, new): (Vec<&str>, Vec<&str>) = (rendered.lines().collect(), edited.lines().collect());
    let text_lines: Vec<&str> = text.split_inclusive('\n').collect();
    let same = |(one, other): &(&&str, &&str)| one == other;
    // From below, as a source begins with a line that others begin with as well.
    let below = old.iter().rev().zip(new.iter().rev()).take_while(same).count();
    let most = old.len().min(new.len()) - below;
    let above = old.iter().zip(&new).take(most).take_while(same).count();
    let newline = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let mut out: String = text_lines.iter().take(above).copied().collect();
    for line in new.iter().take(new.len() - below).skip(above) {
        if !out.is_empty() && !out.ends_with('\n') {
            out.push_str(newline);
        }
        out.extend([line, newline]);
    }
    out.extend(text_lines.iter().skip(old.len() - below).copied());
    out
}

/// `above` without the comments directly at its end that belong to what follows it alone.
fn without_own_comments(above: &str) -> &str {
    let lines: Vec<&str> = above.split_inclusive('\n').collect();
    let comments = lines.iter().rev().take_while(|line| is_comment(line)).count();
    let (rest, own) = lines.split_at(lines.len() - comments);
    let ruled = own.iter().any(|line| ["──", "--", "==", "##"].iter().any(|rule| line.contains(rule)));
    let ruled = ruled || own.iter().any(|line| is_table_put_aside(line));
    if rest.last().is_some_and(|line| is_blank(line)) && !ruled {
        above.get(..rest.iter().map(|line| line.len()).sum()).unwrap_or(above)
    } else {
        above
    }
}

/// The length of the comments at the start of `gap`, unless a table follows them directly: then they are its own.
fn comments_below(gap: &str) -> usize {
    let comments: usize = gap.split_inclusive('\n').take_while(|line| is_comment(line)).map(str::len).sum();
    if is_blank(first_line(gap.get(comments..).unwrap_or_default())) { comments } else { 0 }
}

/// The length of those comments at the start of `gap` that go with the source above it: a table that was put aside by
/// `#` and what follows it stay.
fn own_comments_below(gap: &str) -> usize {
    let all = comments_below(gap);
    let lines = gap.get(..all).unwrap_or_default().split_inclusive('\n');
    lines.take_while(|line| !is_table_put_aside(line)).map(str::len).sum()
}

/// Whether `line` is the header of a table behind a `#`.
fn is_table_put_aside(line: &str) -> bool {
    line.trim_start().trim_start_matches('#').trim_start().starts_with('[')
}

fn first_line(text: &str) -> &str {
    text.split_inclusive('\n').next().unwrap_or_default()
}

fn ends_blank(text: &str) -> bool {
    text.split_inclusive('\n').next_back().is_none_or(is_blank)
}

fn is_blank(line: &str) -> bool {
    line.trim().is_empty()
}

fn is_comment(line: &str) -> bool {
    line.trim_start().starts_with('#')
}

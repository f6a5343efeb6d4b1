//! Tables without borders. On a terminal they are fitted to its width; elsewhere a row is a line, for grep.

use std::io;

use comfy_table::{ContentArrangement, presets};

use super::print::shown;
use super::style::{STRONG, of_word, paint};

/// Rows under a header.
pub(super) struct Table {
    table: comfy_table::Table,
}

impl Table {
    /// A table with these headings.
    pub(super) fn new<'h>(headings: impl IntoIterator<Item = &'h str>) -> Self {
        let mut table = comfy_table::Table::new();
        table.load_style(presets::NOTHING).set_header(headings);
        Self { table }
    }

    /// Adds a row. Whatever a cell holds becomes fit to be shown.
    pub(super) fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.table.add_row(cells.into_iter().map(|cell| shown(&cell)));
    }

    /// Gives the table to `write`, line by line. The headings are strong; a first cell that is a known word has its
    /// colour.
    pub(super) fn print(
        mut self,
        width: Option<usize>,
        mut write: impl FnMut(&str) -> io::Result<()>,
    ) -> io::Result<()> {
        for column in self.table.column_iter_mut() {
            column.set_padding((0, 2));
        }
        match width.and_then(|width| u16::try_from(width).ok()) {
            Some(width) => self.table.set_width(width).set_content_arrangement(ContentArrangement::Dynamic),
            None => self.table.set_content_arrangement(ContentArrangement::Disabled),
        };
        for (n, line) in self.table.lines().enumerate() {
            let line = line.trim_end();
            if n == 0 {
                write(&paint(STRONG, line))?;
                continue;
            }
            let end = line.find(' ').unwrap_or(line.len());
            match line.split_at_checked(end) {
                Some((word, rest)) => match of_word(word) {
                    Some(style) => write(&format!("{}{rest}", paint(style, word)))?,
                    None => write(line)?,
                },
                None => write(line)?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(width: Option<usize>) -> Vec<String> {
        let mut table = Table::new(["STATE", "NAME", "WHY"]);
        table.row(["ok".into(), "朝鮮日報".into(), "interval 15m".into()]);
        table.row(["failing".into(), "A\u{1b}[2Jlong\nname".into(), "error 3, backing off 40m ".repeat(3)]);
        let mut lines = Vec::new();
        table
            .print(width, |line| {
                lines.push(line.to_owned());
                Ok(())
            })
            .unwrap();
        lines
    }

    #[test]
    fn a_row_is_a_line_where_there_is_no_terminal() {
        let lines = lines(None);
        assert_eq!(lines.len(), 3);
        assert!(lines[2].contains("A\\u{1b}[2Jlong name"));
        assert!(lines[1].starts_with(&paint(super::super::style::GOOD, "ok")));
    }

    #[test]
    fn a_terminal_is_not_overrun() {
        let lines = lines(Some(40));
        assert!(lines.len() > 3);
        let plain: Vec<String> =
            lines.iter().map(|line| anstream::adapter::strip_str(line).to_string()).collect();
        // The four wide characters take two columns each.
        assert!(plain.iter().all(|line| line.chars().count() <= 40), "{plain:#?}");
    }
}

//! The progress line on standard error: only on a terminal, and out of the way of log lines.

use std::io::{self, Write};

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};
use tracing_subscriber::fmt::MakeWriter;

use super::print::shown;

/// Where progress lines are drawn. Log lines go through it too, so that they do not run into one.
#[derive(Debug, Clone)]
pub(super) struct Bars(MultiProgress);

impl Bars {
    /// Draws on standard error if `visible`, else nowhere.
    pub(super) fn new(visible: bool) -> Self {
        let target = if visible { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        Self(MultiProgress::with_draw_target(target))
    }

    /// Whether anybody sees them.
    pub(super) fn are_seen(&self) -> bool {
        !self.0.is_hidden()
    }

    /// A line that counts to `total`.
    pub(super) fn bar(&self, total: usize) -> Bar {
        let style = ProgressStyle::with_template("{pos}/{len} {wide_msg}")
            .unwrap_or_else(|_| ProgressStyle::default_bar());
        let bar = ProgressBar::new(total as u64).with_style(style);
        Bar(self.0.add(bar))
    }
}

/// One progress line. It is wiped when dropped.
#[derive(Debug)]
pub(super) struct Bar(ProgressBar);

impl Bar {
    /// One more is done; `what` is shown beside the count.
    pub(super) fn step(&self, what: &str) {
        self.0.set_message(shown(what));
        self.0.inc(1);
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}

/// Standard error beside the progress lines.
pub(super) struct Beside(MultiProgress);

impl<'a> MakeWriter<'a> for Bars {
    type Writer = Beside;

    fn make_writer(&'a self) -> Beside {
        Beside(self.0.clone())
    }
}

impl Write for Beside {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.0.suspend(|| io::stderr().write_all(line))?;
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stderr().flush()
    }
}

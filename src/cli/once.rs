//! `newswatch once`: one pass, then exit.

use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Context as _;

use super::args::OnceArgs;
use super::context::Context;
use super::progress::Bar;
use super::style::{BAD, paint};
use super::{Exit, print};
use crate::daemon::{Event, Mode, Shared, build_live, listen, run as run_daemon};
use crate::store::{Lock, Store};
use crate::text::count::count;

const NO_SOURCE: &str = "no source is watched: `newswatch source add ADDRESS` adds one";

/// Looks at what is due (or at everything), tells, and sums up. Trouble only if every source failed.
pub(super) async fn run(context: &Context, args: OnceArgs) -> anyhow::Result<Exit> {
    let settings = context.settings()?;
    for warning in &settings.warnings {
        print::complain(&warning.to_string());
    }
    let any_source = !settings.sources.is_empty();
    let _lock = Lock::take(&settings.store.path)?;
    let store = Store::open(&settings.store.path)?;
    let live = build_live(settings, &store, None)?;
    let signals = listen().context("signals cannot be heard")?;
    let pass = Arc::new(Mutex::new(Pass::default()));
    let (seen, bars) = (pass.clone(), context.bars.clone());
    let observe = Box::new(move |event| {
        let mut pass = seen.lock().unwrap_or_else(PoisonError::into_inner);
        if let Event::Planned(total) = event {
            pass.bar = Some(bars.bar(total));
        }
        pass.count(event);
    });
    let shared = Shared::new(store, context.clock.clone(), live, observe);
    run_daemon(shared, Mode::Once { all: args.all }, signals.stop.clone()).await?;

    let mut pass = pass.lock().unwrap_or_else(PoisonError::into_inner);
    pass.bar = None;
    let mut to = context.printer();
    for (source, failure) in &pass.failures {
        to.line(format!("{} {}: {}", paint(BAD, "failed"), print::shown(source), print::shown(failure)))?;
    }
    if !context.quiet {
        to.line(if any_source { pass.summary() } else { NO_SOURCE.to_owned() })?;
    }
    let all_failed = pass.looked > 0 && pass.failures.len() == pass.looked;
    // An address that is not to be asked is no sign of the network.
    let refused = |(_, failure): &(String, String)| failure.contains("`allow` of [fetch]");
    if all_failed && pass.looked > 1 && !pass.failures.iter().all(refused) {
        to.line("every source failed: is this machine online?")?;
    }
    Ok(if all_failed { Exit::Trouble } else { Exit::Yes })
}

/// What the pass brought so far.
#[derive(Default)]
struct Pass {
    bar: Option<Bar>,
    planned: usize,
    looked: usize,
    failures: Vec<(String, String)>,
    reports: usize,
    alerts: usize,
    told: usize,
}

impl Pass {
    fn count(&mut self, event: Event) {
        match event {
            Event::Planned(total) => self.planned = total,
            Event::Polled { source, failure } => {
                self.looked += 1;
                if let Some(bar) = &self.bar {
                    bar.step(&source);
                }
                if let Some(failure) = failure {
                    self.failures.push((source, failure));
                }
            }
            Event::Stored { reports, alerts } => {
                self.reports += reports;
                self.alerts += alerts;
            }
            Event::Told(told) => self.told += told,
        }
    }

    fn summary(&self) -> String {
        if self.planned == 0 {
            return "nothing is due; --all looks at every source".to_owned();
        }
        format!(
            "looked at {}: {}, {} raised or changed, {} told",
            count(self.looked, "source"),
            count(self.reports, "new report"),
            count(self.alerts, "alert"),
            self.told
        )
    }
}

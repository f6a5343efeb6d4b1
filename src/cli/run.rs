//! `newswatch run`: the daemon.

use std::sync::Arc;

use anyhow::Context as _;

use super::args::RunArgs;
use super::context::Context;
use super::{Exit, print};
use crate::daemon::{Mode, Reloaded, Shared, build_live, listen, reload, run as run_daemon};
use crate::pipeline::test_topics;
use crate::store::{Lock, Store, table};
use crate::text::count::count;

/// Runs until a signal stops it.
pub(super) async fn run(context: &Context, _args: RunArgs) -> anyhow::Result<Exit> {
    let settings = context.settings()?;
    for warning in &settings.warnings {
        print::complain(&warning.to_string());
    }
    for mut problem in test_topics(&settings, None).problems() {
        // A topic that fails its tests watches all the same: there is no last good form of it yet.
        problem.warning = true;
        print::complain(&problem.to_string());
    }
    // A second daemon would not work better at the next start either.
    let _lock = Lock::take(&settings.store.path)?;
    match watch(context, settings).await {
        Ok(()) => Ok(Exit::Yes),
        // Whatever ends a daemon that had a good configuration may pass: the service manager starts it again.
        Err(error) => {
            print::trouble(&error);
            Ok(Exit::Restart)
        }
    }
}

async fn watch(context: &Context, settings: crate::config::Settings) -> anyhow::Result<()> {
    let path = settings.store.path.clone();
    let store = Store::open(&path)?;
    let (sources, topics) = (settings.sources.len(), settings.topics.len());
    let live = build_live(settings, &store, None)?;
    let mut signals = listen().context("signals cannot be heard")?;
    let shared = Shared::new(store.clone(), context.clock.clone(), live, Box::new(|_| {}));
    let watched = format!("{} for {}", count(sources, "source"), count(topics, "topic"));
    let note = format!("{watched}, process {}", std::process::id());
    tracing::info!(sources, topics, store = %path.display(), "watching {watched}; store {}", path.display());
    let now = context.now();
    store
        .write(move |tx| {
            // What a reload said was about the process before this one.
            table::remove_note(tx, "reload")?;
            table::put_note(tx, "started", &note, now)
        })
        .await?;

    let daemon = run_daemon(shared.clone(), Mode::Forever, signals.stop.clone());
    tokio::pin!(daemon);
    loop {
        tokio::select! {
            ended = &mut daemon => {
                ended?;
                break;
            }
            Some(()) = signals.reload.recv() => read_again(context, &shared, &store).await?,
        }
    }
    let now = context.now();
    store.write(move |tx| table::put_note(tx, "stopped", "stopped as asked", now)).await?;
    tracing::info!("stopped");
    Ok(())
}

async fn read_again(context: &Context, shared: &Arc<Shared>, store: &Store) -> anyhow::Result<()> {
    let done = reload(shared, &context.config, |settings, old| {
        build_live(settings, store, Some(old)).map_err(|error| error.to_string())
    })
    .await?;
    let more = match &done {
        Reloaded::New { warnings, held, .. } => {
            if held.is_empty() {
                tracing::info!("{}", done.words());
            } else {
                tracing::warn!("{}", done.words());
            }
            warnings
        }
        Reloaded::Kept { problems, .. } => {
            tracing::error!("{}", done.words());
            problems
        }
    };
    for line in more {
        tracing::warn!("{line}");
    }
    Ok(())
}

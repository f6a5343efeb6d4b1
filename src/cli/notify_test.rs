//! `newswatch notify test`: does a channel reach the person?

use std::io;
use std::time::Duration;

use anyhow::bail;
use serde::Serialize;
use tokio::time::{sleep, timeout};

use super::Exit;
use super::args::NotifyTestArgs;
use super::context::Context;
use super::print::{Printer, shown};
use super::style::{of_word, paint};
use crate::alert::{Alert, AlertKind};
use crate::clock::Timestamp;
use crate::config::ChannelSettings;
use crate::daemon::channel;
use crate::pipeline::Channels;
use crate::topic::Severity;

/// Longest that a channel may take.
const LONGEST: Duration = Duration::from_secs(30);
/// GNOME takes a notification away when its sender leaves the bus: stay for as long as it takes to read.
const LINGER: Duration = Duration::from_secs(5);

#[derive(Debug, Serialize)]
struct Tested {
    channel: String,
    /// "told" or "failed".
    state: &'static str,
    error: Option<String>,
}

/// Tells a test alert. `No` if a channel failed.
pub(super) async fn run(context: &Context, args: NotifyTestArgs) -> anyhow::Result<Exit> {
    let mut channels = if context.config.exists() {
        context.settings()?.channels.iter().map(|(name, kind)| (name.clone(), channel(kind))).collect()
    } else {
        Channels::from([
            ("desktop".to_owned(), channel(&ChannelSettings::Desktop)),
            ("log".to_owned(), channel(&ChannelSettings::Log)),
        ])
    };
    if let Some(wanted) = &args.channel {
        let known = channels.keys().cloned().collect::<Vec<_>>().join(", ");
        channels.retain(|name, _| name == wanted);
        if channels.is_empty() {
            bail!("no channel is named `{wanted}`; there are: {known}");
        }
    }
    let alert = test_alert(context.now());
    let mut tested = Vec::new();
    for (name, channel) in channels {
        let error = match timeout(LONGEST, channel.tell(&alert, None)).await {
            Ok(Ok(_)) => None,
            Ok(Err(error)) => Some(error.to_string()),
            Err(_) => Some(format!("no answer within {} s", LONGEST.as_secs())),
        };
        tested.push(Tested { channel: name, state: if error.is_none() { "told" } else { "failed" }, error });
    }
    let mut printer = context.printer();
    if context.json {
        printer.json(&tested)?;
    } else {
        print(&tested, &mut printer)?;
    }
    drop(printer);
    // Only a person at a terminal looks for it.
    if context.width.is_some()
        && tested.iter().any(|tested| tested.channel == "desktop" && tested.error.is_none())
    {
        sleep(LINGER).await;
    }
    Ok(Exit::yes_if(tested.iter().all(|tested| tested.error.is_none())))
}

fn test_alert(now: Timestamp) -> Alert {
    Alert {
        id: 0,
        revision: 1,
        topic: "test".to_owned(),
        topic_name: "Test".to_owned(),
        story: 0,
        severity: Severity::Notice,
        kind: AlertKind::Test,
        title: "Test alert of newswatch".to_owned(),
        body: "If you can read this, this channel reaches you.".to_owned(),
        url: None,
        why: "you asked for it".to_owned(),
        raised: now,
    }
}

fn print(tested: &[Tested], to: &mut Printer<'_>) -> io::Result<()> {
    for Tested { channel, state, error } in tested {
        let state = of_word(state).map_or_else(|| (*state).to_owned(), |style| paint(style, state));
        match error {
            Some(error) => to.line(format!("{}: {state}: {}", shown(channel), shown(error)))?,
            None => to.line(format!("{}: {state}", shown(channel)))?,
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::print::captured;

    #[test]
    fn each_channel_has_its_line() {
        let tested = [
            Tested { channel: "desktop".into(), state: "failed", error: Some("no session bus\n".into()) },
            Tested { channel: "log".into(), state: "told", error: None },
        ];
        assert_eq!(captured(None, |to| print(&tested, to)), "desktop: failed: no session bus\nlog: told\n");
    }
}

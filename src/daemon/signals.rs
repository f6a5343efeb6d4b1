//! Signals: SIGTERM and SIGINT stop (the second one at once), SIGHUP reloads.

use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

/// Exit status after a second signal, as shells report SIGINT.
const AT_ONCE: i32 = 130;

/// What the signals ask for.
pub struct Signals {
    /// Cancelled by the first SIGTERM or SIGINT.
    pub stop: CancellationToken,
    /// One item for each SIGHUP.
    pub reload: mpsc::Receiver<()>,
}

/// Starts listening.
///
/// # Errors
/// When the system refuses a handler.
pub fn listen() -> std::io::Result<Signals> {
    let stop = CancellationToken::new();
    let (ask, reload) = mpsc::channel(1);
    let (mut term, mut int, mut hup) =
        (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?, signal(SignalKind::hangup())?);
    let token = stop.clone();
    tokio::spawn(async move {
        loop {
            tokio::select! {
                () = either(&mut term, &mut int) => {
                    if token.is_cancelled() {
                        std::process::exit(AT_ONCE);
                    }
                    tracing::info!("stopping; a second signal stops at once");
                    token.cancel();
                }
                // A reload that is already asked for reads the newest file anyway.
                Some(()) = hup.recv() => { let _ = ask.try_send(()); }
            }
        }
    });
    Ok(Signals { stop, reload })
}

async fn either(a: &mut Signal, b: &mut Signal) {
    tokio::select! {
        _ = a.recv() => {}
        _ = b.recv() => {}
    }
}

//! newswatch watches news sources for the topics you name and tells you once per story.
//!
//! The modules below are the rooms of the house, **in the order in which a datum meets them**. A room may
//! use only the rooms listed above it; `tests/it/rooms.rs` reads the sources and holds that order.
//!
//! ```text
//! Source ─fetch─▶ Document ─feed─▶ Entry ─article─▶ Article ─topic─▶ Hit ─story─▶ Story ─alert─▶ Alert ─notify─▶ told
//! ```

pub mod clock; // Timestamp; Clock, the only reader of the time
pub mod text; // folding with spans, words, sentences, language, addresses, fingerprints   (pure)
pub mod source; // what is watched, and what is known about polling it                     (pure)
pub mod fetch; // bytes from the web: the Web port, the HTTP client, guard, politeness
pub mod schedule; // when to look: outcome → next state; who starts now                     (pure)
pub mod feed; // bytes → entries: feeds, listing pages, watched pages                        (pure)
pub mod article; // page → article with zones                                               (pure)
pub mod topic; // article × topics → hits, with a trace                                      (pure)
pub mod story; // reports of one event: likeness, origins, novelty                           (pure)
pub mod alert; // whether to tell, and why or why not; rendering                             (pure)
pub mod config; // TOML → Settings, or every problem at once
pub mod store; // SQLite: one writer, readers, migrations, search
pub mod notify; // an alert, told: the Notifier port, desktop, log
pub mod pipeline; // the journey without tasks: harvest, ingest, deliver
pub mod daemon; // the tasks: scheduler, workers, ingester, deliverer; signals, systemd
pub mod cli; // one command a file

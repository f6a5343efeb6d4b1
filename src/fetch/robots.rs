//! What a robots.txt (RFC 9309) says to newswatch, and how long that holds. No request is made here.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use robotxt::{BYTE_LIMIT, Robots};
use url::{Position, Url};

use super::{FailureClass, FetchError, Response};
use crate::clock::{Timestamp, since};

/// The product token that groups of rules are addressed to (RFC 9309 2.2.1).
pub const TOKEN: &str = "newswatch";

/// What was read holds this long (RFC 9309 2.4).
const FRESH: Duration = Duration::from_hours(24);
/// The first wait after a robots.txt could not be read, doubled up to [`FRESH`].
const RETRY: Duration = Duration::from_mins(10);
/// A robots.txt that was never read, and could not be for so long, is taken for one that is not there (2.3.1.4).
const UNREACHABLE: Duration = Duration::from_hours(30 * 24);
/// Longest `Crawl-delay` that is kept to: it is outside of the RFC, and an hour would mean "never".
const MOST_DELAY: Duration = Duration::from_mins(1);

/// Only so much of an address is compared with the rules, in bytes: servers refuse longer ones.
const MOST_PATH: usize = 8 << 10;

/// Keeps over restarts what robots.txt files said, and which hosts want to be left alone.
#[async_trait]
pub trait Book: Send + Sync {
    /// What is known of `origin` (`https://example.org`).
    async fn recall(&self, origin: &str) -> Option<Kept>;
    /// Replaces it.
    async fn keep(&self, origin: &str, kept: &Kept);
    /// Hosts that wanted quiet, as [`host_key`](super::host::host_key) names them, and until when; also what is over.
    async fn quiet(&self) -> Vec<(String, Timestamp)>;
    /// `host` wants quiet until then, if not for longer already.
    async fn keep_quiet(&self, host: &str, until: Timestamp);
}

/// What is known of the robots.txt of one origin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// When it was last asked for.
    pub asked: Timestamp,
    /// The rules for us when it was last read, as robots.txt; empty if there are none; `None` if it was never read.
    pub rules: Option<Arc<str>>,
    /// Failed requests in a row since then.
    pub failures: u32,
    /// When the first of them failed, and how the last did.
    pub failing: Option<(Timestamp, String)>,
}

impl Kept {
    /// What is known after `answer` at `now`.
    #[must_use]
    pub fn after(before: Option<&Self>, answer: Result<Response, FetchError>, now: Timestamp) -> Self {
        match read(answer) {
            Ok(rules) => Self { asked: now, rules: Some(rules.into()), failures: 0, failing: None },
            Err(why) => {
                let since = before.and_then(|kept| kept.failing.as_ref()).map_or(now, |(since, _)| *since);
                Self {
                    asked: now,
                    // Old rules are better than none (2.4).
                    rules: before.and_then(|kept| kept.rules.clone()),
                    failures: before.map_or(0, |kept| kept.failures).saturating_add(1),
                    failing: Some((since, why)),
                }
            }
        }
    }

    /// Whether it is to be asked for again at `now`.
    #[must_use]
    pub fn is_due(&self, now: Timestamp) -> bool {
        let wait = match self.failures {
            0 => FRESH,
            failures => RETRY.saturating_mul(1 << (failures - 1).min(16)).min(FRESH),
        };
        // What was asked for in the future was so by a clock that was ahead.
        self.asked > now || since(now, self.asked) >= wait
    }

    /// The rules that hold at `now`.
    ///
    /// # Errors
    /// Why there are none, in which case nothing is allowed (2.3.1.4).
    pub fn rules_at(&self, now: Timestamp) -> Result<Arc<str>, &str> {
        match (&self.rules, &self.failing) {
            (Some(rules), _) => Ok(rules.clone()),
            (None, Some((began, why))) if since(now, *began) < UNREACHABLE => Err(why),
            (None, _) => Ok("".into()),
        }
    }
}

/// The rules for us in an answer, as robots.txt; none where it says that there is none (2.3.1.3).
fn read(answer: Result<Response, FetchError>) -> Result<String, String> {
    match answer {
        Ok(response) => match response.status {
            200..300 => Ok(for_us(&response.body)),
            429 => Err("answered 429 Too Many Requests".to_owned()),
            400..500 => Ok(String::new()),
            status => Err(format!("answered {status}")),
        },
        // More than five redirects (2.3.1.2), and those that lead nowhere.
        Err(error) if error.class == FailureClass::Redirect => Ok(String::new()),
        Err(error) => Err(error.message),
    }
}

/// The part of a robots.txt that is for us, as robots.txt: large sites address hundreds of robots.
fn for_us(body: &[u8]) -> String {
    let robots = Robots::parse(body, TOKEN);
    if robots.rules().is_empty() && robots.crawl_delay().is_none() {
        return String::new();
    }
    let mut text = "user-agent: *\n".to_owned();
    for rule in robots.rules() {
        text.push_str(if rule.is_allow() { "allow: " } else { "disallow: " });
        text.push_str(rule.pattern());
        text.push('\n');
    }
    if let Some(delay) = robots.crawl_delay() {
        text.push_str("crawl-delay: ");
        text.push_str(&delay.as_secs_f64().to_string());
        text.push('\n');
    }
    if text.len() <= BYTE_LIMIT {
        return text;
    }
    // Escapes may make it longer than is read again. As it came, it is not.
    String::from_utf8_lossy(body.get(..=BYTE_LIMIT).unwrap_or(body)).into_owned()
}

/// What the rules say of one page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verdict {
    /// Whether it may be fetched.
    pub allowed: bool,
    /// Wanted time between two pages (`Crawl-delay`), a minute at most.
    pub delay: Duration,
}

/// What `rules`, from [`Kept::rules_at`], say of `page`. Wildcards are tried at one place only: 500 KiB of rules take some
/// hundredths of a second at the worst.
#[must_use]
pub fn verdict(rules: &str, page: &Url) -> Verdict {
    if rules.is_empty() {
        return Verdict { allowed: true, delay: Duration::ZERO };
    }
    let robots = Robots::parse(rules.as_bytes(), TOKEN);
    let delay = robots.crawl_delay().unwrap_or_default().min(MOST_DELAY);
    let path = &page[Position::BeforePath..Position::AfterQuery];
    Verdict { allowed: robots.is_allowed(path.get(..MOST_PATH).unwrap_or(path)), delay }
}

/// Where the robots.txt for `page` is, and the name of its origin.
pub(super) fn place_of(page: &Url) -> Option<(String, Url)> {
    Some((page.origin().ascii_serialization(), robotxt::robots_url(page).ok()?))
}

#[cfg(test)]
#[path = "robots_tests.rs"]
mod tests;

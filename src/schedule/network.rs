//! Whether it is the network that is down, or one server.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::clock::{Timestamp, since};
use crate::fetch::FailureClass;

/// Nobody answers if so many hosts in a row do not.
const HOSTS: usize = 3;
/// After a pause of so long nothing is known of the network: a host that does not answer may not be to blame …
const PAUSE: Duration = Duration::from_mins(2);
/// … so often.
const DOUBTS: u32 = 2;

/// The person is told if nobody has answered for so long …
const LONG: Duration = Duration::from_hours(24);
/// … and for so many looks: a machine that slept for a week was not without a network for a week.
const LOOKS: u32 = 500;

/// Who answered last, and who did not since. `Default` knows nothing.
#[derive(Debug, Clone, Default)]
pub struct Network {
    answered: Option<Timestamp>,
    /// Hosts that did not answer since, and how often.
    silent: BTreeMap<String, u32>,
    /// When it went down, if it is.
    down_since: Option<Timestamp>,
    /// When the outage began of which the person was told, until they are told of its end.
    told: Option<Timestamp>,
}

/// What the person is told of the network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NetworkNews {
    /// True if nobody answers, false if somebody does again.
    pub down: bool,
    /// How long nobody answered.
    pub lasted: Duration,
}

impl Network {
    /// Somebody answered, whatever it was.
    pub fn answered(&mut self, now: Timestamp) {
        self.answered = Some(now);
        self.silent.clear();
        self.down_since = None;
    }

    /// Whether a failure of this kind proves that somebody answered.
    #[must_use]
    pub fn is_answer(class: FailureClass) -> bool {
        !is_silence(class)
            && !matches!(
                class,
                // Nobody was asked.
                FailureClass::Forbidden
                    | FailureClass::Held
                    | FailureClass::Disallowed
                    | FailureClass::Unreadable
            )
    }

    /// What the person is to be told now; each thing once.
    pub fn news(&mut self, now: Timestamp) -> Option<NetworkNews> {
        let looks = || self.silent.values().fold(0, |sum: u32, times| sum.saturating_add(*times));
        match (self.told, self.down_since) {
            (None, Some(begun)) if since(now, begun) >= LONG && looks() >= LOOKS => {
                self.told = Some(begun);
                Some(NetworkNews { down: true, lasted: since(now, begun) })
            }
            (Some(begun), None) => {
                self.told = None;
                Some(NetworkNews { down: false, lasted: since(now, begun) })
            }
            _ => None,
        }
    }

    /// `host` gave no answer because of `class`. True if that is the network's fault, by all that is known.
    pub fn failed(&mut self, host: &str, class: FailureClass, now: Timestamp) -> bool {
        if !is_silence(class) {
            return false;
        }
        let times = self.silent.entry(host.to_owned()).or_default();
        *times = times.saturating_add(1);
        // A refused connection is an answer of the machine; a name that does not resolve may be the resolver's silence.
        let in_doubt = class == FailureClass::Dns
            && *times <= DOUBTS
            && self.answered.is_none_or(|last| since(now, last) > PAUSE);
        if self.is_down() {
            self.down_since.get_or_insert(now);
        }
        in_doubt || self.is_down()
    }

    /// True if nobody answers.
    #[must_use]
    pub fn is_down(&self) -> bool {
        self.silent.len() >= HOSTS
    }
}

/// Nothing came back. What came slowly did, and so did what was refused.
fn is_silence(class: FailureClass) -> bool {
    matches!(class, FailureClass::Dns | FailureClass::Connect | FailureClass::Timeout)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::later;
    use crate::schedule::testing::now;

    fn at(minutes: u64) -> Timestamp {
        later(now(), Duration::from_mins(minutes))
    }

    #[test]
    fn row_22_when_nobody_answers_no_source_is_to_blame() {
        let mut network = Network::default();
        network.answered(at(0));
        for host in ["a", "b", "c", "d"] {
            assert!(network.failed(host, FailureClass::Dns, at(10)), "{host}");
        }
        assert!(network.is_down());
        network.answered(at(11));
        assert!(!network.is_down());
    }

    #[test]
    fn a_host_that_is_silent_while_others_answer_is_to_blame() {
        let mut network = Network::default();
        for minute in 0..5 {
            network.answered(at(minute));
            assert!(!network.failed("dead", FailureClass::Connect, at(minute)));
        }
    }

    #[test]
    fn a_host_that_is_asked_alone_is_to_blame_in_the_end() {
        let mut network = Network::default();
        let blamed: Vec<bool> =
            (0..4).map(|n| !network.failed("dead", FailureClass::Dns, at(n * 10))).collect();
        assert_eq!(blamed, [false, false, true, true]);
    }

    #[test]
    fn an_answer_of_any_kind_is_no_matter_of_the_network() {
        let mut network = Network::default();
        for class in [FailureClass::Status, FailureClass::Content, FailureClass::Tls, FailureClass::Forbidden]
        {
            for host in ["a", "b", "c", "d"] {
                assert!(!network.failed(host, class, at(0)));
            }
        }
        assert!(!network.is_down());
    }

    #[test]
    fn row_22_bodies_that_drip_are_no_silence() {
        let mut network = Network::default();
        for host in ["a", "b", "c", "d"] {
            assert!(!network.failed(host, FailureClass::Slow, at(1)));
        }
        assert!(!network.is_down() && Network::is_answer(FailureClass::Slow));
        assert!(!Network::is_answer(FailureClass::Held) && !Network::is_answer(FailureClass::Timeout));
    }

    #[test]
    fn row_22_a_day_without_a_network_is_told_once_and_so_is_its_end() {
        let mut network = Network::default();
        let mut told = Vec::new();
        for minute in 0..60 * 72 {
            let host = ["a", "b", "c"][usize::try_from(minute).unwrap() % 3];
            network.failed(host, FailureClass::Connect, at(minute));
            told.extend(network.news(at(minute)).map(|news| (minute / 60, news.down)));
        }
        network.answered(at(60 * 72));
        for minute in 60 * 72..60 * 73 {
            told.extend(network.news(at(minute)).map(|news| (minute / 60, news.down)));
        }
        assert_eq!(told, [(24, true), (72, false)]);
        // Asleep meanwhile.
        for (minute, host) in [(0, "a"), (1, "b"), (2, "c"), (60 * 72, "a")] {
            network.failed(host, FailureClass::Connect, at(minute));
            assert_eq!(network.news(at(minute)), None);
        }
    }
}

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

/// Who answered last, and who did not since. `Default` knows nothing.
#[derive(Debug, Clone, Default)]
pub struct Network {
    answered: Option<Timestamp>,
    /// Hosts that did not answer since, and how often.
    silent: BTreeMap<String, u32>,
}

impl Network {
    /// Somebody answered, whatever it was.
    pub fn answered(&mut self, now: Timestamp) {
        self.answered = Some(now);
        self.silent.clear();
    }

    /// `host` gave no answer because of `class`. True if that is the network's fault, by all that is known.
    pub fn failed(&mut self, host: &str, class: FailureClass, now: Timestamp) -> bool {
        match class {
            FailureClass::Dns | FailureClass::Connect | FailureClass::Timeout => {}
            // Nobody was asked.
            FailureClass::Forbidden
            | FailureClass::Held
            | FailureClass::Disallowed
            | FailureClass::Unreadable => return false,
            _ => {
                self.answered(now);
                return false;
            }
        }
        let times = self.silent.entry(host.to_owned()).or_default();
        *times += 1;
        // A refused connection is an answer of the machine; a name that does not resolve may be the resolver's silence.
        let in_doubt = class == FailureClass::Dns
            && *times <= DOUBTS
            && self.answered.is_none_or(|last| since(now, last) > PAUSE);
        in_doubt || self.is_down()
    }

    /// True if nobody answers.
    #[must_use]
    pub fn is_down(&self) -> bool {
        self.silent.len() >= HOSTS
    }
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
}

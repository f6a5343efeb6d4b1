//! Who starts now: a pure choice over the sources that are due.

use std::collections::BTreeMap;

use crate::clock::Timestamp;
use crate::source::SourceId;

/// A source that is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// Which.
    pub id: SourceId,
    /// Its host.
    pub host: String,
    /// Since when.
    pub next_check: Timestamp,
}

/// Picks who starts: most overdue first, at most `per_host` at one host (those in `running` counted), at most `free`
/// in all. The rest stays due.
#[must_use]
pub fn plan(due: &[Due], running: &BTreeMap<String, usize>, free: usize, per_host: usize) -> Vec<SourceId> {
    let mut order: Vec<&Due> = due.iter().collect();
    order.sort_by(|a, b| (a.next_check, &a.id).cmp(&(b.next_check, &b.id)));
    let mut at_host = running.clone();
    let mut start = Vec::new();
    for due in order {
        if start.len() == free {
            break;
        }
        let count = at_host.entry(due.host.clone()).or_default();
        if *count < per_host.max(1) {
            *count += 1;
            start.push(due.id.clone());
        }
    }
    start
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn limits_hold_and_nobody_idles(hosts in proptest::collection::vec(0_u8..5, 0..40), free in 0_usize..20, per_host in 1_usize..4) {
            let due: Vec<Due> = hosts.iter().enumerate().map(|(n, host)| Due {
                id: SourceId(format!("{n:03}")),
                host: host.to_string(),
                next_check: Timestamp::from_second(i64::try_from(n).unwrap()).unwrap(),
            }).collect();
            let running = BTreeMap::from([("0".to_owned(), 1)]);
            let start = plan(&due, &running, free, per_host);
            prop_assert!(start.len() <= free);
            let mut count: BTreeMap<&str, usize> = BTreeMap::from([("0", 1)]);
            for id in &start {
                let host = &due.iter().find(|due| due.id == *id).unwrap().host;
                *count.entry(host).or_default() += 1;
            }
            prop_assert!(count.values().all(|n| *n <= per_host));
            if start.len() < free {
                for due in due.iter().filter(|due| !start.contains(&due.id)) {
                    prop_assert!(count.get(due.host.as_str()).is_some_and(|n| *n >= per_host), "{} could have started", due.id);
                }
            }
        }
    }

    #[test]
    fn the_most_overdue_starts_first() {
        let due = |id: &str, at| Due {
            id: SourceId(id.into()),
            host: id.into(),
            next_check: Timestamp::from_second(at).unwrap(),
        };
        let start = plan(&[due("late", 1), due("later", 0), due("fresh", 2)], &BTreeMap::new(), 2, 1);
        assert_eq!(start, [SourceId("later".into()), SourceId("late".into())]);
    }
}

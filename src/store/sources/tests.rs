//! When sources are due: what is planned is kept over restarts and changed clocks.

use super::*;
use crate::clock::{earlier, later, since};
use crate::schedule::testing::{now, source};
use crate::schedule::{Answer, Outcome, after, first_check};
use crate::source::Rhythm;
use crate::store::{Store, table};

const DAY: Duration = Duration::from_hours(24);

fn unchanged(answer: Answer) -> Outcome {
    Outcome::NotModified { validators: Validators::default(), answer }
}

/// A store of one source.
struct One {
    _folder: tempfile::TempDir,
    store: Store,
}

impl One {
    fn new(source: &Source, state: &SourceState) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("n.db")).unwrap();
        let one = Self { _folder: folder, store };
        one.start(source, now());
        one.store.write_blocking(|tx| table::put_source_state(tx, &source.id, state)).unwrap();
        one
    }

    /// What a start or a reload of the configuration does; the source after it.
    fn start(&self, source: &Source, at: Timestamp) -> SourceState {
        let first = |source: &Source| first_check(source, at, source.interval);
        self.store
            .write_blocking(|tx| {
                table::sync_sources(tx, std::slice::from_ref(source), at, first)?;
                Ok(table::source_state(tx, &source.id)?.unwrap())
            })
            .unwrap()
    }

    fn is_due(&self, at: Timestamp) -> bool {
        self.store.write_blocking(|tx| Ok(!table::due_sources(tx, at, 9)?.is_empty())).unwrap()
    }
}

#[test]
fn reading_what_is_due_walks_only_what_is_due() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&folder.path().join("n.db")).unwrap();
    let plan: Vec<String> = store
        .write_blocking(|tx| {
            let mut plan = tx.prepare(&format!("EXPLAIN QUERY PLAN {DUE}"))?;
            plan.query_map([0, 0], |row| row.get("detail"))?.collect()
        })
        .unwrap();
    assert_eq!(plan.len(), 1, "{plan:?}");
    assert!(plan[0].starts_with("SEARCH source USING INDEX source_due"), "{plan:?}");
}

#[test]
fn what_is_due_comes_most_overdue_first() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&folder.path().join("n.db")).unwrap();
    let at = |hours: i64| Timestamp::from_second(1_700_000_000 + hours * 3_600).unwrap();
    let due = |limit| {
        store
            .write_blocking(|tx| {
                tx.execute("DELETE FROM source", [])?;
                for (id, hours) in [("soon", 1), ("late", -9), ("far", 24 * 400), ("later", -2)] {
                    tx.execute(
                        "INSERT INTO source (id, kind, url, host, configured, next_check, why_next)
                             VALUES (?1, 'feed', '', '', 1, ?2, '')",
                        params![id, millis(at(hours))],
                    )?;
                }
                table::due_sources(tx, at(0), limit)
            })
            .unwrap()
            .into_iter()
            .map(|due| due.id.0)
            .collect::<Vec<_>>()
    };
    assert_eq!(due(9), ["late", "later"]);
    assert_eq!(due(1), ["late"]);
}

#[test]
fn row_11_a_wait_of_a_month_is_kept_over_looks_and_restarts() {
    let mut slow = source();
    slow.max_interval = DAY * 30;
    let year = unchanged(Answer { fresh_for: Some(31_536_000), ..Answer::default() });
    let one = One::new(&slow, &after(&slow, &SourceState::new(now(), ""), &year, now()));
    for hours in [0, 1, 24, 24 * 29] {
        let at = later(now(), Duration::from_hours(hours));
        assert!(!one.is_due(at), "asked again after {hours} hours");
        let state = one.start(&slow, at);
        assert!(since(state.next_check, now()) >= DAY * 30, "a restart after {hours} hours");
    }
    assert!(one.is_due(later(now(), DAY * 31)));
}

#[test]
fn row_23_what_a_clock_planned_that_was_a_year_ahead_is_cut_to_the_ceiling_at_the_next_start() {
    let year = later(now(), DAY * 365);
    let asked = after(&source(), &SourceState::new(year, ""), &unchanged(Answer::default()), year);
    for state in [asked, SourceState::new(year, "first look")] {
        let next = One::new(&source(), &state).start(&source(), now()).next_check;
        assert!(next <= later(now(), source().interval), "{next}");
    }
}

#[test]
fn row_23_a_clock_that_is_set_back_brings_forward_what_it_planned_and_no_more() {
    let ahead = later(now(), DAY * 9);
    let busy = Outcome::Busy { said: "429".into(), retry_after: Some(7_200) };
    let answered = after(&source(), &SourceState::new(now(), ""), &unchanged(Answer::default()), ahead);
    let told = after(&source(), &SourceState::new(now(), ""), &busy, ahead);
    let before =
        after(&source(), &SourceState::new(now(), ""), &busy, earlier(now(), Duration::from_mins(30)));
    let minutes = |state: &SourceState, in_turn: bool| {
        let one = One::new(&source(), state);
        one.store
            .write_blocking(|tx| {
                if in_turn {
                    table::put_next_checks(tx, &[(source().id, later(ahead, Duration::from_mins(3)))])?;
                }
                table::clock_set_back(tx, DAY * 9, now())?;
                Ok(since(table::source_state(tx, &source().id)?.unwrap().next_check, now()).as_secs() / 60)
            })
            .unwrap()
    };
    assert!((15..=17).contains(&minutes(&answered, false)), "so long as it would be by a right clock");
    assert!((120..=132).contains(&minutes(&told, false)));
    assert_eq!(minutes(&told, true), 120, "it had only seemed to be overdue");
    assert_eq!(minutes(&answered, true), 3);
    assert_eq!(minutes(&before, true), 90);
    assert!((90..=102).contains(&minutes(&before, false)), "a right clock planned that");
}

#[test]
fn row_21_a_restart_brings_nothing_forward() {
    let rhythm = Rhythm { ttl_minutes: Some(1_440), ..Rhythm::default() };
    let document = Outcome::Read {
        validators: Validators::default(),
        body_hash: String::new(),
        new: 0,
        whole: true,
        empty: false,
        window: None,
        answer: Answer { rhythm: Some(rhythm), ..Answer::default() },
    };
    let quiet = unchanged(Answer { quiet_for: Some(40_000), ..Answer::default() });
    for outcome in [document, quiet, unchanged(Answer::default())] {
        let state = after(&source(), &SourceState::new(now(), ""), &outcome, now());
        let again = One::new(&source(), &state).start(&source(), later(now(), Duration::from_mins(1)));
        assert_eq!((millis(again.next_check), &again.why_next), (millis(state.next_check), &state.why_next));
    }
}

#[test]
fn a_shorter_interval_counts_from_the_last_look_and_a_longer_one_from_the_next() {
    let daily = Source { interval: DAY, ..source() };
    let no_cache = unchanged(Answer { fresh_for: Some(0), ..Answer::default() });
    let state = after(&daily, &SourceState::new(now(), ""), &no_cache, now());
    let one = One::new(&daily, &state);
    let soon = later(now(), Duration::from_mins(1));
    let sooner = one.start(&source(), soon);
    assert_eq!(
        (since(sooner.next_check, now()).as_secs() / 60, sooner.why_next.as_str()),
        (15, "interval 15m")
    );
    assert_eq!(one.start(&daily, soon).next_check, sooner.next_check);
}

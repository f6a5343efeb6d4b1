//! What trouble leads to: a source in trouble is asked no more often than a well one.

use std::time::Duration;

use crate::clock::since;
use crate::fetch::FailureClass;
use crate::schedule::testing::{now, read, source};
use crate::schedule::{Answer, Outcome, after, starting};
use crate::source::{Source, SourceState, Validators};

const DAY: Duration = Duration::from_hours(24);

fn wait(state: &SourceState) -> u64 {
    since(state.next_check, now()).as_secs()
}

fn fresh() -> SourceState {
    SourceState::new(now(), "test")
}

#[test]
fn row_30_a_source_is_asked_no_more_often_while_it_fails_than_while_it_is_well() {
    let failed = Outcome::Failed { class: FailureClass::Status, message: "answered 500".into() };
    let minutes = |source: &Source, state: &SourceState, looks: u32| {
        let (mut state, mut at, mut waits) = (state.clone(), now(), Vec::new());
        for _ in 0..looks {
            state = after(source, &state, &failed, at);
            waits.push(since(state.next_check, at).as_secs() / 60);
            at = state.next_check;
        }
        waits
    };
    let begin = minutes(&source(), &fresh(), 4);
    assert!(begin.iter().zip([15, 30, 60, 120]).all(|(wait, from)| (from..=from + from / 10).contains(wait)));
    for days in [1, 14] {
        let mut seldom = source();
        (seldom.interval, seldom.max_interval) = (DAY * days, DAY * days);
        let waits = minutes(&seldom, &fresh(), 12);
        assert!(waits.iter().all(|wait| *wait >= u64::from(days) * 1_440), "every {days} days: {waits:?}");
    }
    let mut patient = fresh();
    patient.rhythm.ttl_minutes = Some(720);
    let waits = minutes(&source(), &patient, 12);
    assert!(waits.iter().all(|wait| *wait >= 720), "its ttl holds: {waits:?}");
}

#[test]
fn row_15_retry_after_is_kept_and_is_no_failure() {
    let busy = Outcome::Busy { said: "429 Too Many Requests".into(), retry_after: Some(172_800) };
    let state = after(&source(), &fresh(), &busy, now());
    assert!(wait(&state) >= 172_800, "beyond max_interval, because the server said so");
    assert_eq!(state.failures, 0);
    let offline = after(&source(), &state, &Outcome::Offline { message: "no such host".into() }, now());
    assert!(wait(&offline) >= 172_800, "asked inside of it, it goes on");
}

#[test]
fn row_15_a_short_retry_after_makes_nobody_ask_more_often() {
    let a_day_of = |source: &Source, retry_after| {
        let (mut state, mut looks) = (fresh(), 0);
        while since(state.next_check, now()) < DAY {
            let busy = Outcome::Busy { said: "503 Service Unavailable".into(), retry_after };
            state = after(source, &state, &busy, state.next_check);
            looks += 1;
        }
        looks
    };
    let daily = Source { interval: DAY, ..source() };
    for retry_after in [Some(0), Some(1), Some(3_600), None] {
        assert_eq!(a_day_of(&daily, retry_after), 1, "{retry_after:?}");
        assert!(a_day_of(&source(), retry_after) <= 7, "less and less often: {retry_after:?}");
    }
    let state =
        after(&source(), &fresh(), &Outcome::Busy { said: "503".into(), retry_after: Some(1) }, now());
    assert!(wait(&state) >= 900 && state.why_next == "503, backing off 15m", "{}", state.why_next);
}

#[test]
fn row_17_a_rate_limit_that_is_used_up_is_waited_for_however_long() {
    let hours = |quiet_for| {
        let answer = Answer { quiet_for, ..Answer::default() };
        let not_modified = Outcome::NotModified { validators: Validators::default(), answer: answer.clone() };
        let merged = Outcome::Merged {
            validators: Validators::default(),
            new: 0,
            window: None,
            answer: answer.clone(),
        };
        [not_modified, merged, read(answer)]
            .map(|outcome| after(&source(), &fresh(), &outcome, now()))
            .map(|state| (wait(&state) / 3_600, state.why_next))
    };
    for (hours, why) in hours(Some(3 * 3_600)) {
        assert_eq!((hours, why.as_str()), (3, "its server wants quiet for 3h"));
    }
    assert!(hours(Some(30 * 3_600)).iter().all(|(hours, _)| *hours >= 30), "beyond max_interval");
    assert!(hours(Some(60)).iter().all(|(hours, why)| *hours == 0 && why == "interval 15m"));
    assert!(hours(Some(u64::MAX)).iter().all(|(hours, _)| *hours < 8 * 24), "nobody is believed for ever");
}

#[test]
fn what_was_not_asked_is_asked_when_its_host_allows_and_nothing_is_held_against_it() {
    let before = after(&source(), &fresh(), &read(Answer::default()), now());
    let daily = Source { interval: DAY, ..source() };
    let mut state = before.clone();
    for _ in 0..9 {
        let held = Outcome::Held { message: "a.example: quiet".into(), retry_after: Some(600) };
        state = after(&daily, &state, &held, now());
        assert!((600..=660).contains(&wait(&state)), "{}", state.why_next);
    }
    assert_eq!(
        (state.busy, state.failures, state.error, &state.validators),
        (0, 0, None, &before.validators)
    );
}

#[test]
fn one_that_is_busy_from_the_first_look_on_fails_since_then() {
    let busy = Outcome::Busy { said: "429 Too Many Requests".into(), retry_after: None };
    let new =
        after(&source(), &after(&source(), &fresh(), &busy, now()), &busy, crate::clock::later(now(), DAY));
    assert_eq!((new.failing_since, new.busy), (Some(now()), 2));
    let known = after(&source(), &fresh(), &read(Answer::default()), now());
    assert_eq!(after(&source(), &known, &busy, now()).failing_since, None);
}

#[test]
fn those_of_a_host_that_only_waited_go_before_the_one_that_is_refused() {
    // A feed with an interval of seconds is refused for ever: its own back-off is shorter than the quiet it renews.
    for n in 0..200 {
        let other = |path: String| {
            let url = url::Url::parse(&path).unwrap();
            let second = Duration::from_secs(1);
            let id = Source::id_of(&source().kind, &url);
            Source { id, url, interval: second, min_interval: second, backoff: second, ..source() }
        };
        let (bad, good) =
            (other(format!("https://example.org/bad{n}")), other(format!("https://example.org/good{n}")));
        for seconds in [1, 20, 3_600] {
            let busy = Outcome::Busy { said: "429 Too Many Requests".into(), retry_after: Some(seconds) };
            let refused = after(&bad, &fresh(), &busy, now());
            let held = Outcome::Held { message: "quiet".into(), retry_after: Some(seconds) };
            let waited = after(&good, &fresh(), &held, now());
            assert!(waited.next_check < refused.next_check, "{n}: {seconds}");
        }
    }
}

#[test]
fn a_source_that_crashes_the_program_keeps_its_back_off() {
    let failed = Outcome::Failed { class: FailureClass::Status, message: "answered 500".into() };
    let busy = Outcome::Busy { said: "429".into(), retry_after: None };
    for outcome in [failed, busy] {
        let mut state = fresh();
        for _ in 0..6 {
            state = after(&source(), &state, &outcome, state.next_check);
        }
        let started = starting(&source(), &state, now());
        let (kept, least) = (since(started.next_check, now()), Duration::from_hours(8));
        assert!(kept >= least, "{outcome:?}: {kept:?}");
    }
    assert_eq!(wait(&starting(&source(), &fresh(), now())), 900, "a source that is well");
}

#[test]
fn a_retry_after_that_is_cut_says_so() {
    let busy = Outcome::Busy { said: "429".into(), retry_after: Some(31_536_000) };
    assert_eq!(after(&source(), &fresh(), &busy, now()).why_next, "429, Retry-After 365d, cut to 7d");
}

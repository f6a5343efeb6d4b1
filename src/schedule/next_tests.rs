//! What each outcome leads to.

use proptest::prelude::*;

use super::*;
use crate::clock::earlier;
use crate::schedule::testing::{now, source};

const DAY: Duration = Duration::from_hours(24);

fn read(validators: Validators, fresh_for: Option<u64>) -> Outcome {
    let answer = Answer { fresh_for, ..Answer::default() };
    Outcome::Read {
        validators,
        body_hash: "h".into(),
        new: 1,
        whole: true,
        empty: false,
        window: None,
        answer,
    }
}

fn wait(state: &SourceState) -> u64 {
    since(state.next_check, now()).as_secs()
}

fn fresh() -> SourceState {
    SourceState::new(now(), "test")
}

#[test]
fn row_11_max_age_raises_the_interval_and_holds_over_a_304_that_does_not_repeat_it() {
    let first = after(&source(), &fresh(), &read(Validators::default(), Some(7_200)), now());
    assert!((7_200..=7_920).contains(&wait(&first)), "{}", wait(&first));
    assert_eq!(first.why_next, "max-age 2h");
    let not_modified = Outcome::NotModified { validators: Validators::default(), answer: Answer::default() };
    let second = after(&source(), &first, &not_modified, now());
    assert!((7_200..=7_920).contains(&wait(&second)));
}

#[test]
fn row_14_the_feeds_own_ttl_holds_over_answers_that_bring_no_document() {
    let rhythm = Rhythm { ttl_minutes: Some(120), ..Rhythm::default() };
    let answer = Answer { rhythm: Some(rhythm), ..Answer::default() };
    let outcome = Outcome::Read {
        validators: Validators::default(),
        body_hash: String::new(),
        new: 0,
        whole: true,
        empty: false,
        window: None,
        answer,
    };
    let first = after(&source(), &fresh(), &outcome, now());
    let not_modified = Outcome::NotModified { validators: Validators::default(), answer: Answer::default() };
    let second = after(&source(), &first, &not_modified, now());
    assert!((7_200..=7_920).contains(&wait(&second)), "{}", second.why_next);
}

#[test]
fn a_first_look_that_finds_no_entry_sets_no_baseline() {
    let outcome = |empty| Outcome::Read {
        validators: Validators::default(),
        body_hash: String::new(),
        new: 0,
        whole: true,
        empty,
        window: None,
        answer: Answer::default(),
    };
    let mut state = fresh();
    for hour in 0..5 {
        state = after(&source(), &state, &outcome(true), later(now(), HOUR * hour));
    }
    assert_eq!((state.baseline_done, state.empty_since), (false, Some(now())));
    assert!(after(&source(), &state, &outcome(false), now()).baseline_done);
}

#[test]
fn row_13_absurd_lifetimes_are_cut_to_the_ceiling() {
    let state = after(&source(), &fresh(), &read(Validators::default(), Some(504_576_000)), now());
    assert!(wait(&state) <= 95_040);
    assert!(state.why_next.contains("cut to 1d"), "{}", state.why_next);
}

/// The state after failing without a break, and when it was last asked.
fn failing(times: usize) -> (SourceState, Timestamp) {
    let failed = Outcome::Failed { class: FailureClass::Dns, message: "no such host".into() };
    let (mut state, mut at) = (fresh(), now());
    for _ in 0..times {
        at = state.next_check;
        state = after(&source(), &state, &failed, at);
    }
    (state, at)
}

#[test]
fn row_30_errors_back_off_doubling_to_three_days() {
    let waits: Vec<Duration> = (1..=12).map(failing).map(|(state, at)| since(state.next_check, at)).collect();
    assert!((source().backoff..source().backoff * 2).contains(&waits[0]), "{waits:?}");
    let doubles = |pair: &[Duration]| (1.9..2.01).contains(&pair[1].div_duration_f64(pair[0]));
    assert!(waits.windows(2).take(8).all(doubles), "{waits:?}");
    assert!((3 * DAY..3 * DAY + DAY / 10).contains(&waits[11]), "{waits:?}");
    assert_eq!(failing(12).0.failures, 12);
}

#[test]
fn row_31_after_weeks_of_failure_a_source_is_asked_once_a_week_and_never_given_up() {
    for times in [22, 40] {
        let (state, at) = failing(times);
        assert!(state.why_next.ends_with("weeks: once a week"), "{}", state.why_next);
        let wait = since(state.next_check, at);
        assert!((DAY * 7..DAY * 8).contains(&wait) && !state.resting, "{wait:?}");
    }
}

#[test]
fn row_32_any_success_resets_the_errors() {
    let (answer, validators) = (Answer::default(), Validators::default());
    let successes = [
        read(Validators::default(), None),
        Outcome::NotModified { validators: validators.clone(), answer: answer.clone() },
        Outcome::Merged { validators, new: 0, window: None, answer },
    ];
    for success in successes {
        let (mut state, at) = failing(9);
        (state.busy, state.gone) = (2, 1);
        let state = after(&source(), &state, &success, at);
        assert_eq!((state.failures, state.busy, state.gone), (0, 0, 0), "{success:?}");
        assert_eq!((state.error, state.failing_since, state.error_class), (None, None, None));
        assert!(since(state.next_check, at) <= DAY, "and the back-off is over");
    }
}

#[test]
fn what_is_asked_again_at_once_proves_nothing_more() {
    let failed = Outcome::Failed { class: FailureClass::Status, message: "500".into() };
    let mut state = fresh();
    for _ in 0..5 {
        state = after(&source(), &state, &failed, now());
    }
    assert_eq!(state.failures, 1);
    let mut state = fresh();
    for _ in 0..5 {
        state = after(&source(), &state, &Outcome::Gone, now());
    }
    assert_eq!((state.gone, state.resting), (1, false));
}

#[test]
fn row_12_always_revalidate_is_not_always_poll_nor_never() {
    let plain = after(&source(), &fresh(), &read(Validators::default(), None), now());
    let revalidate = after(&source(), &fresh(), &read(Validators::default(), Some(0)), now());
    assert_eq!(wait(&revalidate), wait(&plain));
}

#[test]
fn row_14_what_the_feed_says_raises_the_interval_and_never_lowers_it() {
    let says = |ttl, update| {
        let rhythm = Rhythm { ttl_minutes: ttl, update_minutes: update, ..Rhythm::default() };
        let answer = Answer { rhythm: Some(rhythm), ..Answer::default() };
        let Outcome::Read { validators, body_hash, new, whole, empty, window, .. } =
            read(Validators::default(), None)
        else {
            unreachable!("it is a document")
        };
        let outcome = Outcome::Read { validators, body_hash, new, whole, empty, window, answer };
        after(&source(), &fresh(), &outcome, now())
    };
    let plain = wait(&says(None, None));
    assert_eq!((wait(&says(Some(1), None)), wait(&says(None, Some(1)))), (plain, plain));
    for (state, name) in
        [(says(Some(180), Some(60)), "feed's ttl 3h"), (says(Some(60), Some(180)), "feed's updatePeriod 3h")]
    {
        assert!(wait(&state) >= 3 * 3_600 && state.why_next == name, "{}", state.why_next);
    }
}

#[test]
fn row_20_first_looks_are_spread_and_keep_their_places() {
    let sources: Vec<Source> = (0..1_000)
        .map(|n| {
            let url = Url::parse(&format!("https://example.org/{n}.rss")).unwrap();
            Source { id: Source::id_of(&SourceKind::Feed, &url), url, ..source() }
        })
        .collect();
    let first = |source| since(first_check(source, now(), HOUR).next_check, now()).as_secs();
    let mut minutes = [0; 60];
    for source in &sources {
        minutes[usize::try_from(first(source) / 60).unwrap()] += 1;
        assert_eq!(first(source), first(source), "by its address alone");
    }
    assert!(minutes.iter().all(|count| (3..40).contains(count)), "{minutes:?}");
}

#[test]
fn row_29_gone_rests_after_three_days_only() {
    let mut state = fresh();
    for (hours, resting) in [(0, false), (1, false), (24, false), (25, false), (48, true)] {
        state = after(&source(), &state, &Outcome::Gone, later(now(), HOUR * hours));
        assert_eq!(state.resting, resting, "after {hours} hours");
    }
    assert!(!after(&source(), &state, &read(Validators::default(), None), now()).resting);
}

#[test]
fn row_22_a_dead_network_is_no_error_of_the_source() {
    let before = after(&source(), &fresh(), &read(Validators::default(), None), now());
    let state = after(&source(), &before, &Outcome::Offline { message: "no such host".into() }, now());
    assert_eq!((state.failures, state.failing_since, &state.validators), (0, None, &before.validators));
    assert!((300..=330).contains(&wait(&state)), "the floor: it may be down for others only");
}

fn shows(entries: usize, known: usize, oldest: Timestamp) -> Outcome {
    let window = Window {
        entries,
        known,
        published: vec![now(); entries - known],
        oldest: Some(oldest),
        length: None,
    };
    let Outcome::Read { validators, body_hash, new, whole, empty, answer, .. } =
        read(Validators::default(), None)
    else {
        unreachable!("it is a document")
    };
    Outcome::Read { validators, body_hash, new, whole, empty, window: Some(window), answer }
}

#[test]
fn row_61_a_window_without_known_entries_is_a_gap() {
    let first = after(&source(), &fresh(), &shows(20, 0, earlier(now(), DAY)), now());
    assert_eq!(first.gap, None, "nothing was known before");
    let next = later(now(), DAY);
    let overlapping = after(&source(), &first, &shows(20, 1, later(now(), HOUR)), next);
    assert_eq!(overlapping.gap, None);
    let gap = after(&source(), &first, &shows(20, 0, later(now(), HOUR)), next).gap;
    assert_eq!(gap, Some(Gap { from: now(), to: later(now(), HOUR), seen: next }));
}

#[test]
fn row_19_an_entry_brings_the_next_look_forward() {
    // Four quiet weeks, then one that brings much.
    let quiet: Vec<Timestamp> = (0..28).map(|day| later(now(), DAY * day)).collect();
    let mut state = fresh();
    state.cadence.look(&quiet, Some(20), source().interval, later(now(), DAY * 28));
    let not_modified = Outcome::NotModified { validators: Validators::default(), answer: Answer::default() };
    let evening = later(now(), DAY * 28 + HOUR * 6);
    let calm = after(&source(), &state, &not_modified, evening);
    assert!(calm.why_next.starts_with("its cadence, at most 4 intervals: 1h"), "{}", calm.why_next);
    let busy: Vec<Timestamp> = (0..200).map(|n| later(evening, Duration::from_mins(20) * n)).collect();
    let then = later(evening, Duration::from_mins(4_000));
    state.cadence.look(&busy, Some(20), source().interval, then);
    let roused = after(&source(), &state, &not_modified, then);
    let (calm, roused) = (since(calm.next_check, evening), since(roused.next_check, then));
    assert!(roused * 2 < calm, "{roused:?} after {calm:?}");
}

#[test]
fn row_24_a_304_confirms_a_new_address_only_where_the_feed_was_read() {
    let new = Url::parse("https://new.example/rss").unwrap();
    let answer = Answer { moved: Some(new.clone()), ..Answer::default() };
    let not_modified = Outcome::NotModified { validators: Validators::default(), answer: answer.clone() };
    let Outcome::Read { validators, body_hash, new: entries, whole, empty, window, .. } =
        read(Validators::default(), None)
    else {
        unreachable!("it is a document")
    };
    let good = Outcome::Read { validators, body_hash, new: entries, whole, empty, window, answer };
    let days = |first: &Outcome| {
        let mut state = after(&source(), &fresh(), first, now());
        for day in 1..4 {
            state = after(&source(), &state, &not_modified, later(now(), DAY * day));
        }
        state
    };
    assert_eq!(days(&good).address, Some(new));
    let unread = days(&not_modified);
    assert_eq!((unread.address, unread.moving), (None, None));
    let plain = Outcome::NotModified { validators: Validators::default(), answer: Answer::default() };
    assert_eq!(after(&source(), &after(&source(), &fresh(), &good, now()), &plain, now()).moving, None);
}

#[test]
fn row_5_a_304_replaces_only_the_validators_that_it_carries() {
    let both = Validators { etag: Some(b"W/\"1\"".into()), last_modified: Some(b"yesterday".into()) };
    let state = after(&source(), &fresh(), &read(both, None), now());
    let only_etag = Validators { etag: Some(b"\"2\"".into()), last_modified: None };
    let outcome = Outcome::NotModified { validators: only_etag, answer: Answer::default() };
    let state = after(&source(), &state, &outcome, now());
    assert_eq!(state.validators.etag.as_deref(), Some(&b"\"2\""[..]));
    assert_eq!(state.validators.last_modified.as_deref(), Some(&b"yesterday"[..]));
}

#[test]
fn row_8_validators_are_left_out_a_week_after_the_last_full_answer() {
    let etag = Validators { etag: Some(b"\"1\"".into()), last_modified: None };
    let state = after(&source(), &fresh(), &read(etag.clone(), None), now());
    assert_eq!(validators(&state, later(now(), DAY * 6)), etag);
    assert!(validators(&state, later(now(), DAY * 7)).is_empty());
}

fn any_outcome(kind: u8, answer: Answer, retry_after: Option<u64>) -> Outcome {
    let validators = Validators::default();
    match kind {
        0 => Outcome::NotModified { validators, answer },
        1 => crate::schedule::testing::read(answer),
        2 => Outcome::Merged { validators, new: 0, window: None, answer },
        3 => Outcome::Busy { said: "503".into(), retry_after },
        4 => Outcome::Gone,
        5 => Outcome::Failed { class: FailureClass::Status, message: "500".into() },
        6 => Outcome::Offline { message: "no such host".into() },
        _ => Outcome::Held { message: "quiet".into(), retry_after },
    }
}

proptest! {
    #[test]
    fn row_18_no_outcome_asks_before_the_floor_or_the_interval(
        (kind, before) in (0_u8..8, proptest::collection::vec(0_u8..8, 0..9)),
        minutes in proptest::sample::select(vec![1_u64, 5, 15, 60, 1_440, 6_000, 20_160, 43_200]),
        fresh_for in proptest::option::of(0_u64..u64::MAX),
        ttl in proptest::option::of(0_u32..u32::MAX),
        retry in proptest::option::of(prop_oneof![0_u64..9_999, 0_u64..u64::MAX]),
        hours in 0_u64..9_000,
    ) {
        let interval = Duration::from_mins(minutes);
        let source = Source {
            interval, min_interval: interval.min(Duration::from_mins(5)), max_interval: DAY.max(interval), ..source()
        };
        let rhythm = Rhythm { ttl_minutes: ttl, update_minutes: ttl, skip_hours: vec![12, 13], skip_days: vec![1] };
        let answer = Answer { fresh_for, rhythm: Some(rhythm), quiet_for: retry, ..Answer::default() };
        let (mut state, mut at) = (fresh(), later(now(), HOUR * u32::try_from(hours).unwrap()));
        for kind in before {
            state = after(&source, &state, &any_outcome(kind, answer.clone(), retry), at);
            at = state.next_check;
        }
        let state = after(&source, &state, &any_outcome(kind, answer, retry), at);
        // One that nobody answered is asked again soon, but no sooner than the floor; one that nobody asked has no floor.
        let least = match kind {
            0..=5 => interval,
            6 => source.min_interval,
            _ => Duration::ZERO,
        };
        prop_assert!(since(state.next_check, at) >= least, "{:?}: {}", since(state.next_check, at), state.why_next);
        prop_assert!(state.next_check <= crate::schedule::latest(&source, at), "{}", state.why_next);
    }
}

//! The room against its fixtures under `tests/fixtures/story`, and properties of its parts.

use proptest::prelude::*;
use serde::Deserialize;

use super::*;
use crate::clock::{SignedDuration, Timestamp};

/// Six retellings of one event and its neighbours in time, by `story`.
const REFERENCE: &str = include_str!("../../tests/fixtures/story/reference.jsonl");
/// Reports that come in after the six retellings, with what each is to the story.
const KINDS: &str = include_str!("../../tests/fixtures/story/kinds.jsonl");
/// Short wire briefs of two agencies, by `story`.
const BRIEFS: &str = include_str!("../../tests/fixtures/story/briefs.jsonl");
/// Attributions, with the origins that they name.
const ORIGINS: &str = include_str!("../../tests/fixtures/story/origins.jsonl");

#[derive(Deserialize)]
struct Told {
    #[serde(flatten)]
    report: Report,
    #[serde(default)]
    story: String,
    #[serde(default)]
    why: String,
    kind: Option<NewsKind>,
}

fn told(lines: &str) -> Vec<Told> {
    lines.lines().map(|line| serde_json::from_str(line).expect("a fixture line")).collect()
}

fn at(time: &str) -> Timestamp {
    time.parse().expect("a time")
}

fn assign(index: &mut StoryIndex, report: &Report) -> Assignment {
    index.assign(report, &Terms::of(report))
}

fn insert(index: &mut StoryIndex, report: &Report, story: i64, found: Timestamp) {
    index.insert(report, &Terms::of(report), story, found);
}

/// Assigns the reports in the order given; the story of each.
fn stories(reports: &[&Told]) -> Vec<i64> {
    let now = at("2023-09-05T12:00:00Z");
    let mut index = StoryIndex::new();
    let mut opened = 0;
    reports
        .iter()
        .map(|told| {
            let story = assign(&mut index, &told.report).story.unwrap_or_else(|| {
                opened += 1;
                opened
            });
            insert(&mut index, &told.report, story, now);
            story
        })
        .collect()
}

/// The six retellings judged in order of time, with the index and texts that they leave.
fn retellings() -> (Vec<Judged>, StoryIndex, Vec<String>) {
    let (mut index, mut texts, mut judged) = (StoryIndex::new(), Vec::<String>::new(), Vec::<Judged>::new());
    for told in told(REFERENCE).iter().filter(|told| told.story == "visit") {
        let earlier: Vec<&str> = texts.iter().map(String::as_str).collect();
        let view = judged.last().map(|last| last.view.clone()).unwrap_or_default();
        judged.push(judge(&told.report, &view, &earlier, &index));
        texts.push(format!("{}\n\n{}", told.report.title, told.report.text));
        insert(&mut index, &told.report, 1, told.report.time);
    }
    (judged, index, texts)
}

#[test]
fn a_retelling_that_adds_background_or_other_words_is_a_rehash() {
    use NewsKind::{Development, New, Rehash};
    let (judged, ..) = retellings();
    let kinds: Vec<NewsKind> = judged.iter().map(|judged| judged.kind).collect();
    // The fourth has what the White House says on the record: three sentences that nobody told before.
    assert_eq!(kinds, [New, Rehash, Rehash, Development, Rehash, Rehash]);
}

#[test]
fn six_outlets_that_tell_of_one_newspaper_are_one_origin() {
    let (judged, ..) = retellings();
    let view = &judged.last().expect("six").view;
    assert_eq!(view.outlets.len(), 6);
    assert_eq!(view.outlets.first().map(String::as_str), Some("The New York Times"));
    let names: Vec<&str> = view.origins.iter().map(|origin| origin.name.as_str()).collect();
    assert_eq!(names, ["The New York Times"]);
    let main: Vec<&str> = judged
        .iter()
        .filter_map(|judged| judged.origins.first())
        .map(|origin| origin.name.as_str())
        .collect();
    assert_eq!(main, ["The New York Times"; 6]);
}

#[test]
fn a_later_report_is_what_it_brings() {
    let (judged, mut index, texts) = retellings();
    let view = &judged.last().expect("six").view;
    let earlier: Vec<&str> = texts.iter().map(String::as_str).collect();
    for told in told(KINDS) {
        let found = judge(&told.report, view, &earlier, &index);
        assert_eq!(Some(found.kind), told.kind, "{}: {:?}", told.why, found.novel);
        assert!(assign(&mut index, &told.report).likeness > 0.1, "{}: a fixture of another story", told.why);
    }
}

#[test]
fn a_development_says_what_is_new_and_why() {
    let (judged, index, texts) = retellings();
    let earlier: Vec<&str> = texts.iter().map(String::as_str).collect();
    let kremlin = told(KINDS).into_iter().find(|told| told.why == "the Kremlin confirms").expect("a fixture");
    let found = judge(&kremlin.report, &judged.last().expect("six").view, &earlier, &index);
    let first = found.novel.first().expect("a turn");
    assert!(first.sentence.contains("the Kremlin confirmed"), "{first:?}");
    assert!(first.why.contains("confirmed") && first.why.starts_with("covered 0."), "{first:?}");
}

#[test]
fn novel_sentences_are_those_that_nobody_said() {
    let index = StoryIndex::new();
    let earlier = [
        "Flood in Valmora\n\nThe river Tessin flooded the old town of Valmora on Friday. Two bridges were closed.",
    ];
    let text = "The old town of Valmora was flooded by the river Tessin. Rescuers found 14 people on a roof in Brandel. \
        Advertisement: sign up for our newsletter.";
    let found = novel_sentences(&earlier, text, &index);
    assert_eq!(found.len(), 1, "{found:?}");
    let only = found.first().expect("one");
    assert_eq!(only.sentence, "Rescuers found 14 people on a roof in Brandel.");
    assert!(only.why.contains("14") && only.why.contains("Brandel"), "{only:?}");
    assert!(novel_sentences(&[], text, &index).is_empty());
    assert!(novel_sentences(&[text], text, &index).is_empty());
}

#[test]
fn origins_are_found_as_the_fixtures_say() {
    #[derive(Deserialize)]
    struct Case {
        why: String,
        outlet: String,
        title: String,
        text: String,
        origins: Vec<String>,
        kind: Option<OriginKind>,
    }
    for line in ORIGINS.lines() {
        let case: Case = serde_json::from_str(line).expect("a fixture line");
        let time = at("2023-09-05T10:00:00Z");
        let report = Report {
            id: 1,
            time,
            title: case.title,
            text: case.text,
            outlet: case.outlet,
            language: None,
            credit: None,
        };
        let found = origins(&report);
        let names: Vec<&str> = found.iter().map(|origin| origin.name.as_str()).collect();
        assert_eq!(names, case.origins, "{}: {found:?}", case.why);
        if let Some(kind) = case.kind {
            assert_eq!(found.first().map(|origin| origin.kind), Some(kind), "{}", case.why);
        }
        for origin in &found {
            let said = report.text.contains(&origin.evidence) || report.title.contains(&origin.evidence);
            assert!(said, "{}: evidence that nobody wrote: {}", case.why, origin.evidence);
        }
    }
}

#[test]
fn assigning_changes_nothing_and_is_repeatable() {
    let all = told(REFERENCE);
    let mut index = StoryIndex::new();
    for (story, told) in (1_i64..).zip(&all) {
        insert(&mut index, &told.report, story, at("2023-09-05T12:00:00Z"));
    }
    for told in &all {
        let once = assign(&mut index, &told.report);
        assert_eq!(once, assign(&mut index, &told.report));
        assert_eq!(once.story, Some(told.report.id), "a report that is known stays where it is");
        assert!(once.candidates.is_sorted_by(|a, b| a.likeness >= b.likeness));
    }
}

#[test]
fn a_report_with_the_same_id_replaces_the_older_text() {
    let all = told(REFERENCE);
    let (visit, tennis) =
        (all.first().expect("visit"), all.iter().find(|told| told.story == "tennis").expect("tennis"));
    let now = at("2023-09-05T12:00:00Z");
    let mut index = StoryIndex::new();
    insert(&mut index, &visit.report, 1, now);
    insert(&mut index, &Report { id: visit.report.id, ..tennis.report.clone() }, 2, now);
    assert_eq!(assign(&mut index, &visit.report).story, None);
    assert_eq!(assign(&mut index, &tennis.report).story, Some(2));
}

#[test]
fn what_left_the_window_is_forgotten() {
    let all = told(REFERENCE);
    let report = &all.first().expect("visit").report;
    let mut index = StoryIndex::new();
    let rare = index.idf("vladivostok");
    insert(&mut index, report, 1, report.time);
    assert!(index.idf("vladivostok") < rare);
    let other = Report {
        id: 99,
        time: report.time + SignedDuration::from_hours(24 * 10),
        title: "Tennis".to_owned(),
        ..report.clone()
    };
    let other = Report { text: "Nobody played.".to_owned(), ..other };
    insert(&mut index, &other, 2, other.time);
    assert_eq!(assign(&mut index, report).candidates, []);
    assert!(index.idf("vladivostok") >= rare, "its words count no longer");
}

#[test]
fn a_date_in_the_future_does_not_outlive_the_window() {
    let report = &told(REFERENCE).into_iter().next().expect("visit").report;
    let now = report.time;
    let mut index = StoryIndex::new();
    insert(&mut index, &Report { time: at("2099-01-01T00:00:00Z"), ..report.clone() }, 1, now);
    assert_eq!(assign(&mut index, report).story, Some(1));
    let later = now + SignedDuration::from_hours(24 * 10);
    insert(
        &mut index,
        &Report { id: 99, time: later, text: String::new(), title: "Tennis".to_owned(), ..report.clone() },
        2,
        later,
    );
    assert_eq!(assign(&mut index, report).candidates, []);
}

#[test]
fn headlines_join_with_less() {
    let now = at("2023-09-05T12:00:00Z");
    let headline = |id, title: &str| Report {
        id,
        time: now,
        title: title.to_owned(),
        text: String::new(),
        outlet: format!("Paper {id}"),
        language: None,
        credit: None,
    };
    let mut index = StoryIndex::new();
    insert(&mut index, &headline(1, "Valmora flood: two bridges closed as river Tessin rises"), 1, now);
    insert(&mut index, &headline(2, "Shelton beats Tiafoe at US Open"), 2, now);
    assert_eq!(assign(&mut index, &headline(3, "River Tessin floods old town of Valmora")).story, Some(1));
    assert_eq!(assign(&mut index, &headline(4, "Lunar rover goes to sleep")).story, None);
}

#[test]
fn briefs_of_one_agency_about_other_events_are_stories_of_their_own() {
    let all = told(BRIEFS);
    for agency in ["Reuters", "Yonhap"] {
        let forth: Vec<&Told> = all.iter().filter(|told| told.report.outlet == agency).collect();
        let back: Vec<&Told> = forth.iter().rev().copied().collect();
        for order in [forth, back] {
            let mut found = stories(&order);
            found.sort_unstable();
            found.dedup();
            assert_eq!(found.len(), order.len(), "{agency}: {found:?}");
        }
    }
}

#[test]
fn an_outlet_follows_up_its_own_story_and_others_join_it_with_less() {
    let all = told(REFERENCE);
    let visit: Vec<&Told> = all.iter().filter(|told| told.story == "visit").collect();
    let [first, second, ..] = visit.as_slice() else { panic!("retellings") };
    let now = at("2023-09-05T12:00:00Z");
    let mut index = StoryIndex::new();
    insert(&mut index, &first.report, 1, now);
    let mut by = |outlet: &str, text: &str| {
        let text = text.to_owned();
        let title = "Russia expects a guest".to_owned();
        assign(
            &mut index,
            &Report { id: 99, title, outlet: outlet.to_owned(), text, ..second.report.clone() },
        )
    };
    let other = by("Harbour Post", &second.report.text);
    assert_eq!(other.story, Some(1), "{other:?}");
    let update = format!("{}\n\nThe Kremlin had no comment.", first.report.text);
    assert_eq!(by(&first.report.outlet, &update).story, Some(1), "an update of its own report");
    let brief = "Kim Jong Un's train is what Vladivostok waits for.";
    let (own, other) = (by("nytimes.com", brief), by("Harbour Post", brief));
    assert!((0.2..0.4).contains(&own.likeness), "{own:?}");
    assert_eq!((own.story, other.story), (None, Some(1)));
}

#[test]
fn headlines_about_other_turns_are_developments() {
    use NewsKind::{Development, New, Rehash};
    let mut index = StoryIndex::new();
    let mut texts: Vec<String> = Vec::new();
    let mut view = StoryView::default();
    let mut kinds = Vec::new();
    for (id, title) in (1_i64..).zip([
        "North Korea's Kim plans to meet Putin in Russia",
        "Kim to meet Putin in Russia",
        "Kim leaves Pyongyang by armoured train",
        "Kim inspects Pacific Fleet ships with Shoigu",
        "Japan protests over talks on satellites",
        "Kim inspects Pacific Fleet",
    ]) {
        let report = Report {
            id,
            time: at("2023-09-05T12:00:00Z"),
            title: title.to_owned(),
            text: String::new(),
            outlet: format!("Paper {id}"),
            language: Some("en".to_owned()),
            credit: None,
        };
        let earlier: Vec<&str> = texts.iter().map(String::as_str).collect();
        let judged = judge(&report, &view, &earlier, &index);
        if judged.kind == NewsKind::Development {
            assert_eq!(judged.novel.first().map(|novel| novel.sentence.as_str()), Some(title));
        }
        kinds.push(judged.kind);
        view = judged.view;
        insert(&mut index, &report, 1, report.time);
        texts.push(format!("{title}\n\n"));
    }
    assert_eq!(kinds, [New, Rehash, Development, Development, Development, Rehash]);
}

#[test]
fn a_story_that_began_in_another_language_is_not_confirmed_by_the_first_that_names_a_source() {
    let index = StoryIndex::new();
    let report = |outlet: &str, language: &str, text: &str| Report {
        id: 1,
        time: at("2023-09-05T12:00:00Z"),
        title: "Ким".to_owned(),
        text: text.to_owned(),
        outlet: outlet.to_owned(),
        language: Some(language.to_owned()),
        credit: None,
    };
    let text = "Ким Чен Ын приедет во Владивосток на поезде.";
    let first = judge(&report("Северный край", "ru", text), &StoryView::default(), &[], &index);
    assert_eq!((first.kind, first.view.origins.len()), (NewsKind::New, 0));
    let second =
        judge(&report("Post", "en", "Kim will come, Reuters reported."), &first.view, &[text], &index);
    assert_eq!((second.kind, second.view.origins.len()), (NewsKind::Rehash, 1));
}

#[test]
fn a_report_of_another_language_that_names_nobody_is_no_origin() {
    let (judged, index, texts) = retellings();
    let view = &judged.last().expect("six").view;
    let earlier: Vec<&str> = texts.iter().map(String::as_str).collect();
    let origins = |language: &str, text: &str| {
        let report = Report {
            id: 100,
            time: at("2023-09-05T14:00:00Z"),
            title: "Kim Jong Un et Vladimir Poutine".to_owned(),
            text: text.to_owned(),
            outlet: "Le Courrier du Val".to_owned(),
            language: Some(language.to_owned()),
            credit: None,
        };
        judge(&report, view, &earlier, &index).view.origins.len()
    };
    let text = "Le dirigeant Kim Jong Un ira en train voir Vladimir Poutine à Vladivostok, dans les prochains jours, \
        pour y parler de munitions et de missiles, et peut-être de satellites et de blé.";
    assert_eq!(origins("fr", text), 1);
    assert_eq!(origins("fr", &format!("{text} Le train est parti, rapporte l'AFP.")), 2);
    assert_eq!(origins("en", text), 2, "the language alone makes the difference");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_retellings_are_one_story_and_their_neighbours_others_in_any_order(
        order in Just((0..13_usize).collect::<Vec<_>>()).prop_shuffle()
    ) {
        let all = told(REFERENCE);
        prop_assert_eq!(all.len(), order.len());
        let shuffled: Vec<&Told> = order.iter().filter_map(|place| all.get(*place)).collect();
        let found = stories(&shuffled);
        for (one, story) in shuffled.iter().zip(&found) {
            for (other, other_story) in shuffled.iter().zip(&found) {
                prop_assert_eq!(one.story == other.story, story == other_story, "{} and {}", one.report.title, other.report.title);
            }
        }
    }

    #[test]
    fn no_text_breaks_the_room(
        title in ".{0,40}",
        text in "([A-Za-z.,:;()/–\"“” \n]|Reuters|the Times|Photo|citing|reported |in July |普京访|뉴욕타임스|는 |보도했다|сообщает ТАСС |selon |据|é|1,5){0,60}",
    ) {
        let report = Report { id: 1, time: Timestamp::UNIX_EPOCH, title, text, outlet: "reuters.com".to_owned(), language: None, credit: None };
        let mut index = StoryIndex::new();
        let found = origins(&report);
        prop_assert!(!found.is_empty());
        let mut names: Vec<&str> = found.iter().map(|origin| origin.name.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        prop_assert_eq!(names.len(), found.len(), "an origin stands twice");
        insert(&mut index, &report, 7, report.time);
        let assignment = assign(&mut index, &report);
        prop_assert!(assignment.likeness.is_finite() && (0.0..=1.001).contains(&assignment.likeness));
        let before = format!("{}\n\n{}", report.title, report.text);
        let again = judge(&report, &StoryView::default(), &[&before], &index);
        prop_assert!(matches!(again.kind, NewsKind::Rehash | NewsKind::Confirmation | NewsKind::Correction), "{:?}", again.kind);
        prop_assert!(again.novel.is_empty());
    }
}

//! Tests of OPML: lists found by glob with what is read of them, odd ones in place, and the round trip.

use std::path::Path;

use proptest::prelude::*;

use super::*;

#[test]
fn lists_are_read() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/opml"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        insta::glob!(env!("CARGO_MANIFEST_DIR"), "tests/fixtures/opml/*.opml", |path| {
            let read = match read_opml(&std::fs::read(path).expect("a fixture")) {
                Ok(outlines) => outlines.iter().map(shown).collect::<Vec<_>>().join("\n"),
                Err(error) => format!("error: {error}"),
            };
            insta::assert_snapshot!(read);
        });
    });
}

#[test]
fn addresses_hold_no_control_characters() {
    let list = "<opml version=\"2.0\"><body><outline xmlUrl=\"https://a.example/\u{17}f\u{FFFE}\"/>\
        <outline xmlUrl=\" https://a.example/\nf\"/></body></opml>";
    let outlines = read_opml(list.as_bytes()).expect("a list");
    let urls: Vec<_> = outlines.iter().map(|outline| outline.url.as_str()).collect();
    assert_eq!(urls, ["https://a.example/f"]);
    let again = read_opml(write_opml("Sources", &outlines).as_bytes()).expect("a list");
    assert_eq!(again[0].url, outlines[0].url);
}

#[test]
fn settings_are_keys_of_the_configuration() {
    let list = "<opml version=\"2.0\"><body><outline xmlUrl=\"https://a.example/f\" newswatch:interval=\"1h\" \
        newswatch:=\"x\" newswatch:wat\u{E8}ch\"=\"x\" newswatch:a<b=\"x\"/></body></opml>";
    let outlines = read_opml(list.as_bytes()).expect("a list");
    assert_eq!(outlines[0].settings, [("interval".to_owned(), "1h".to_owned())]);
    let again = read_opml(write_opml("Sources", &outlines).as_bytes()).expect("a list");
    assert_eq!(again[0].settings, outlines[0].settings);
}

fn shown(outline: &Outline) -> String {
    let Outline { kind, url, title, tags, settings } = outline;
    format!("{kind:?} {url}\n  title {title:?}\n  tags {tags:?}\n  settings {settings:?}")
}

#[test]
fn what_is_no_list_is_named() {
    let error = |text: &str| read_opml(text.as_bytes()).expect_err("no list").to_string();
    assert_eq!(
        error("<!doctype html><title>Sign in</title>"),
        "an HTML page (title \"Sign in\"), not a list of feeds (OPML)"
    );
    assert_eq!(
        error("<rss version='2.0'></rss>"),
        "a document that begins with <rss>, not a list of feeds (OPML)"
    );
    assert_eq!(error(""), "an empty document, not a list of feeds (OPML)");
    let cut = read_opml(b"<opml><body><outline text=").expect_err("nothing of it can be read").to_string();
    assert_eq!(cut, "a list of feeds (OPML) that breaks off before its first feed");
    assert_eq!(read_opml(b"<opml><body/></opml>"), Ok(Vec::new()), "an empty list is one");
}

#[test]
fn hostile_lists_take_linear_time_and_bounded_memory() {
    let deep =
        "<opml>".to_owned() + &"<outline text='a/b,c'>".repeat(200_000) + "<outline xmlUrl='http://a/'/>";
    let read = read_opml(deep.as_bytes()).expect("a list");
    assert_eq!(read[0].tags.len(), 1);
    assert!(read[0].tags[0].chars().count() <= MAX_TAG);
    let many = (0..25_000).map(|n| format!("<outline xmlUrl='http://a/{n}'/>")).collect::<Vec<_>>().concat();
    assert_eq!(read_opml(many.as_bytes()).expect("a list").len(), MAX_OUTLINES);
    let again = "<outline text='x' xmlUrl='http://a/' category='".to_owned() + &"a,".repeat(50) + "'/>";
    assert_eq!(read_opml(again.repeat(10_000).as_bytes()).expect("a list").len(), 1);
    let ends = "</outline>".repeat(100_000) + "<outline xmlUrl='http://a/'/>";
    assert_eq!(read_opml(ends.as_bytes()).expect("a list").len(), 1);
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof!["[a-zé<>&\"' #;]{1,12}", "\\PC{1,10}"].prop_filter_map("some text", |text| short(&text))
}

fn outline() -> impl Strategy<Value = Outline> {
    let kind = prop_oneof![
        Just(OutlineKind::Feed),
        Just(OutlineKind::Page),
        Just(OutlineKind::Sitemap),
        Just(OutlineKind::Link)
    ];
    let tag = prop::collection::vec(text(), 1..4).prop_filter_map("a tag", |parts| to_tag(&parts.join("/")));
    let url = "https://[a-z]{1,3}\\.example/[a-z?=&%;'\"<]{0,8}";
    let setting = ("[a-z_]{1,8}", any::<String>());
    (kind, url, prop::option::of(text()), prop::collection::vec(tag, 0..3), prop::collection::vec(setting, 0..3)).prop_map(
        |(kind, url, title, mut tags, mut settings)| {
            let mut known = Vec::new();
            tags.retain(|tag| !known.contains(tag) && { known.push(tag.clone()); true });
            settings.retain(|(key, _)| key != "kind");
            settings.sort();
            settings.dedup_by(|one, other| one.0 == other.0);
            // Characters that XML cannot hold cannot come back.
            for (_, value) in &mut settings {
                value.retain(|c| !matches!(c, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' | '\u{feff}'));
            }
            Outline { kind, title: Some(title.unwrap_or_else(|| url.clone())), url, tags, settings }
        },
    )
}

proptest! {
    #[test]
    fn what_is_written_is_read_again(outlines in prop::collection::vec(outline(), 0..12)) {
        let written = write_opml("Mine & yours", &outlines);
        let mut read = read_opml(written.as_bytes()).expect("OPML");
        let mut expected: Vec<Outline> = Vec::new();
        // Read again, outlines stand by folder; one address in several of them is one.
        let mut sorted = outlines;
        sorted.sort_by_key(|outline| outline.tags.first().map(|tag| tag.split('/').map(str::to_owned).collect::<Vec<_>>()).unwrap_or_default());
        for outline in sorted {
            let same = |other: &&mut Outline| (other.kind, &other.url, &other.settings) == (outline.kind, &outline.url, &outline.settings);
            match expected.iter_mut().find(same) {
                Some(known) => outline.tags.into_iter().for_each(|tag| add(&mut known.tags, tag)),
                None => expected.push(outline),
            }
        }
        read.iter_mut().chain(&mut expected).for_each(|outline| outline.tags.sort());
        prop_assert_eq!(read, expected, "{}", written);
    }

    #[test]
    fn any_markup_is_survived(pieces in prop::collection::vec(prop_oneof![
        Just("<outline text=\"a\">"), Just("<outline xmlUrl='http://x/' />"), Just("</outline>"), Just("<opml>"), Just("<!--"), Just("-->"),
        Just("<outline newswatch:links='&#0;'"), Just(">"), Just("\""), Just("é"), Just("category=',/,/ /,a//b'"),
    ], 0..40)) {
        let text = pieces.concat();
        for outline in read_opml(text.as_bytes()).unwrap_or_default() {
            prop_assert!(outline.tags.iter().all(|tag| to_tag(tag).as_ref() == Some(tag)), "{:?}", outline.tags);
        }
    }
}

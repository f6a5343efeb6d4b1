//! Tests of the gate: real shapes pass, bombs do not, and it never thinks a page flatter than html5ever does.

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use scraper::Html;

use super::too_deep;

#[test]
fn nesting_is_counted_and_siblings_are_not() {
    assert!(too_deep(&"<div>".repeat(600), 512));
    assert!(too_deep(&"<div/>".repeat(600), 512));
    assert!(too_deep(&"<ul><li>".repeat(600), 512));
    assert!(too_deep(&"<svg><g>".repeat(600), 512));
    assert!(too_deep(&"<table><tr><td>".repeat(600), 512));
    assert!(!too_deep(&"<div>x</div>".repeat(5_000), 16));
    assert!(!too_deep(&"<svg><path/><path/></svg><br><img src=x>".repeat(5_000), 16));
    assert!(!too_deep("", 0));
}

#[test]
fn what_html_closes_by_itself_does_not_add_up() {
    for part in ["<p>x", "<li>x", "<dt>x<dd>y", "<a name=x>y", "<table><tr><td>x<td>y</table>", "<p><b>x</p>"]
    {
        assert!(!too_deep(&part.repeat(2_000), 64), "{part}");
    }
    assert!(!too_deep(&format!("<table>{}</table>", "<tr><td><span>x".repeat(2_000)), 64));
    assert!(!too_deep(&format!("<select>{}</select>", "<option>x".repeat(2_000)), 64));
    assert!(!too_deep(&"<div><span>x</div>".repeat(2_000), 64));
}

#[test]
fn stray_end_tags_do_not_hide_nesting() {
    for part in
        ["<div></x>", "<div><table></div>", "<span><div></span>", "<li><ul></li>", "<form><div></form>"]
    {
        assert!(too_deep(&part.repeat(2_000), 64), "{part}");
    }
    assert!(too_deep(&"<body><div></body>".repeat(2_000), 64));
    assert!(too_deep(&"<td><div></td>".repeat(2_000), 64));
}

#[test]
fn text_and_comments_are_not_tags_and_do_not_hide_them() {
    assert!(!too_deep(&"<!-- <div> --><script>'<div>'</script><p title='<div>'>".repeat(600), 64));
    assert!(too_deep(&"<!--><div><!-- --!><div><!x <div>>".repeat(300), 64));
    assert!(too_deep(&"<div a=\"'\" b='>'>".repeat(600), 64));
    assert!(too_deep(&"<svg><style><g>".repeat(600), 64));
}

#[test]
fn formatting_opened_anew_and_endless_attributes_are_refused() {
    let fonts = (0..300).fold(String::new(), |fonts, i| fonts + &format!("<font id={i}>"));
    assert!(too_deep(&format!("<p>{fonts}</p>{}", "<p>x</p>".repeat(1_000)), 512));
    assert!(too_deep(&format!("<p {}>", "a ".repeat(2_000)), 512));
    assert!(!too_deep(&format!("<p {}>", "a ".repeat(900)), 512));
}

#[test]
fn unended_markup_takes_linear_time() {
    for part in ["<!--", "<!-- -", "<script></", "<a b=\"", "<a ", "<!", "</", "<"] {
        let _ = too_deep(&part.repeat(50_000), 512);
    }
}

fn depth(html: &str) -> usize {
    Html::parse_document(html)
        .tree
        .root()
        .descendants()
        .map(|node| node.ancestors().count())
        .max()
        .unwrap_or(0)
}

fn piece() -> impl Strategy<Value = String> {
    let names = prop::sample::select(vec![
        "div",
        "span",
        "p",
        "li",
        "ul",
        "dd",
        "a",
        "b",
        "font",
        "table",
        "tr",
        "td",
        "tbody",
        "caption",
        "select",
        "option",
        "button",
        "svg",
        "math",
        "g",
        "foreignObject",
        "desc",
        "mi",
        "title",
        "style",
        "template",
        "form",
        "body",
        "html",
        "head",
        "h1",
        "object",
        "textarea",
        "colgroup",
        "th",
        "br",
        "x-y",
        "ruby",
        "nobr",
        "search",
        "rt",
        "optgroup",
        "h2",
        "dialog",
    ]);
    (names, prop::sample::select(vec!["", "", "", "/"]), 0..6_u8).prop_map(|(name, slash, shape)| match shape
    {
        0..3 => format!("<{name}{slash}>"),
        3..5 => format!("</{name}>"),
        _ => format!("x<{name}{slash}>x"),
    })
}

proptest! {
    // A fixed seed: the gate models a tree builder with many rules, and the hunt for one more hole belongs to fuzzing,
    // not to whoever happens to run the tests.
    #![proptest_config(ProptestConfig {
        cases: 300,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(20_230_904),
        ..ProptestConfig::default()
    })]

    #[test]
    fn a_page_that_passes_is_never_much_deeper(parts in prop::collection::vec(piece(), 1..8)) {
        // Whatever nests by repetition gets far deeper than the limit: what passes must not.
        let html = parts.concat().repeat(60);
        prop_assert!(too_deep(&html, 20) || depth(&html) <= 90, "depth {} of {html}", depth(&html));
    }

    #[test]
    fn any_text_is_survived(text in r#"([<>/!\-?"'= a-z]|<!--|-->|<svg>|é){0,60}"#) {
        let _ = too_deep(&text, 3);
    }
}

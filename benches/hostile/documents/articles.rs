//! Hostile article pages.

use super::{Case, Reader, case, filled};

/// A page that begins and ends well.
const HEAD: &str = "<!doctype html><title>Grain ships leave the gulf</title><article><h1>Grain ships leave the gulf</h1>\
     <p>The first three grain ships since February left the gulf at dawn on Thursday, behind a tug.";
const END: &str =
    "<p>A second convoy is to follow on Sunday if the first one reaches the strait, the director said.";
const FIXTURE: &[u8] = include_bytes!("../../../tests/fixtures/article/sidebar.html");

/// Deep, long and broken pages.
pub(super) fn articles(cases: &mut Vec<Case>) {
    for unit in ["<div>", "<ul><li>", "<table><tr><td>", "<b>", "<a href=x>", "<template>", "<svg>", "<form>"]
    {
        for count in [5_000, 100_000] {
            page(cases, format!("{count} {unit}"), unit, count);
        }
    }
    for (name, unit, count) in [
        ("200,000 comments", "<!-- c -->", 200_000),
        ("300,000 breaks", "<br>", 300_000),
        ("100,000 breaks with words", "word <br>", 100_000),
        ("100,000 links", "<li><a href=/x>Another page</a>", 100_000),
        ("1,000,000 elements", "<i>x</i>", 1_000_000),
        ("100,000 paragraphs in an article", "<p>One of many paragraphs, which says little.", 100_000),
        ("50,000 classes of furniture", "<div class='sidebar related teaser'>x</div>", 50_000),
        ("50,000 dates", "<time datetime=2024-03-02>2 March 2024</time> ", 50_000),
        (
            "20,000 items in microdata",
            "<div itemscope itemtype=http://schema.org/Article><i itemprop=author>a</i></div>",
            20_000,
        ),
        ("10,000 scripts of JSON-LD", "<script type=application/ld+json>[[[[{}]]]]</script>", 10_000),
    ] {
        page(cases, name, unit, count);
    }
    // Ten million with names of their own are more than is ever sent.
    for (name, count) in [("100,000", 100_000), ("1,000,000", 1_000_000)] {
        cases.push(case(format!("page: {name} attributes of one element"), Reader::Page, move |most| {
            let names: String = (0..count.min(most))
                .flat_map(|number| ["a".to_owned(), number.to_string(), " ".to_owned()])
                .collect();
            format!("{HEAD}<p {names}>{END}").into_bytes()
        }));
    }
    cases.push(case("page: 10,000,000 times the same attribute", Reader::Page, |most| {
        filled(most, &format!("{HEAD}<p "), "a ", 10_000_000, &format!(">{END}"))
    }));
    for (name, count) in [("100,000", 10_000), ("10,000,000", 1_000_000)] {
        cases.push(case(format!("page: {name} attributes of many elements"), Reader::Page, move |most| {
            filled(most, HEAD, "<p a b c d e f g h i j>", count, END)
        }));
    }
    for depth in [5_000, 100_000] {
        cases.push(case(format!("page: {depth} arrays of JSON-LD"), Reader::Page, move |most| {
            let json = "[".repeat(depth.min(most));
            format!("{HEAD}<script type=application/ld+json>{json}</script>{END}").into_bytes()
        }));
    }
    cases.push(case("page: cut at every 16th byte", Reader::PageCut, |_| FIXTURE.to_vec()));
    for seed in 0..8 {
        cases.push(case(format!("page: mutated, {seed}"), Reader::Page, move |_| mutated(seed)));
    }
}

fn page(cases: &mut Vec<Case>, name: impl Into<String>, unit: &'static str, count: usize) {
    let name = format!("page: {}", name.into());
    cases.push(case(name, Reader::Page, move |most| filled(most, HEAD, unit, count, END)));
}

/// A page of which pieces were repeated, dropped and overwritten at random, a hundred times over.
fn mutated(seed: u64) -> Vec<u8> {
    let mut random = fastrand::Rng::with_seed(seed);
    let mut page = FIXTURE.repeat(20);
    for _ in 0..2_000 {
        let start = random.usize(..page.len());
        let end = (start + random.usize(1..200)).min(page.len());
        match random.u8(..3) {
            0 => drop(page.drain(start..end)),
            1 => page[start..end].iter_mut().for_each(|byte| *byte = random.u8(..)),
            _ => {
                let piece = page[start..end].to_vec();
                let at = random.usize(..page.len());
                page.splice(at..at, piece);
            }
        }
    }
    page
}

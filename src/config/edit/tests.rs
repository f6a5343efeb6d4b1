//! Tests of editing: what is added is read again, what is removed is gone, all else stays.

use proptest::prelude::*;
use url::Url;

use super::*;
use crate::source::{Source, SourceKind};

fn feed(url: &str) -> Draft {
    Draft::new("feed", url, None, &[])
}

fn added(text: &str, url: &str) -> String {
    add(text, &[feed(url)]).expect("TOML")
}

/// `text` without its source at `url`.
fn without(text: &str, url: &str) -> String {
    let sources = sources_in(text).expect("TOML");
    let source = sources.iter().find(|source| source.draft.text("url") == Some(url)).expect("such a source");
    remove(text, source).expect("on lines of its own")
}

#[test]
fn a_source_goes_behind_the_last_one() {
    let text = "# top\n[fetch] # f\nworkers = 3\n\n[[feed]]\nurl = \"a\" # mine\n#interval = \"1h\"\n\n# about x\n[topic.x]\nall = [\"y\"]\n";
    assert_eq!(added(text, "b"), text.replace("\"1h\"\n", "\"1h\"\n\n[[feed]]\nurl = \"b\"\n"));
    assert_eq!(add(text, &[]).expect("TOML"), text);
    assert_eq!(added("", "b"), "[[feed]]\nurl = \"b\"\n");
    assert_eq!(added("[sets]", "b"), "[sets]\n\n[[feed]]\nurl = \"b\"\n");
    assert_eq!(
        added("[[page]]\nurl = 'p'\n# leads\n[topic.x]\n", "b"),
        "[[page]]\nurl = 'p'\n\n[[feed]]\nurl = \"b\"\n\n# leads\n[topic.x]\n"
    );
    assert_eq!(
        added("[[feed]]\r\nurl = 'a'\r\n", "b"),
        "[[feed]]\r\nurl = 'a'\r\n\r\n[[feed]]\r\nurl = \"b\"\r\n"
    );
}

#[test]
fn the_first_source_goes_behind_the_examples_in_comments() {
    let text = "# top\n[store]\n\n# A feed.\n#[[feed]]\n#url = 'x'\n\n# A page.\n# [[page]]\n# url = 'y'\n[topic.x]\nall = ['z']\n# ends\n";
    assert_eq!(added(text, "b"), text.replace("'x'\n", "'x'\n\n[[feed]]\nurl = \"b\"\n"));
    let page = add(text, &[Draft::new("page", "b", None, &[])]).expect("TOML");
    assert_eq!(page, text.replace("'y'\n", "'y'\n\n[[page]]\nurl = \"b\"\n\n"));
    let sitemap = add(text, &[Draft::new("sitemap", "b", None, &[])]).expect("TOML");
    assert_eq!(sitemap, text.replace("'x'\n", "'x'\n\n[[sitemap]]\nurl = \"b\"\n"), "among other sources");
    assert_eq!(added("[a]\n#[[feed]]\n# ends", "b"), "[a]\n#[[feed]]\n# ends\n\n[[feed]]\nurl = \"b\"\n");
    assert_eq!(added("#[[feed]]\n\n# ends\n", "b"), "#[[feed]]\n\n[[feed]]\nurl = \"b\"\n\n# ends\n");
}

#[test]
fn headers_in_strings_and_comments_are_none() {
    let text =
        "[[feed]]\nurl = 'a'\nname = '''\n[[feed]]\nurl = \"fake\"\n'''\n#[[feed]]\n#url = 'c'\n\n[alerts]\n";
    let sources = sources_in(text).expect("TOML");
    assert_eq!(sources.iter().map(|source| source.line).collect::<Vec<_>>(), [1]);
    assert_eq!(without(text, "a"), "#[[feed]]\n#url = 'c'\n\n[alerts]\n", "one that was put aside stays");
    assert!(added(text, "b").contains("#url = 'c'\n\n[[feed]]\nurl = \"b\"\n\n[alerts]"));
}

#[test]
fn comments_go_with_the_source_that_they_belong_to() {
    let text = "# My list.\n\n# Agencies\n[[feed]]\nurl = 'a'\n[[feed]]\nurl = 'b'\n\n# A fine paper.\n# Really.\n[[feed]]\nurl = 'c'\n# slow\n\n\
         # ── Pages ──\n[[page]]\nurl = 'd'\n\n[[feed]]\nurl = 'e'\n";
    // A heading of several stays.
    assert_eq!(without(text, "a"), text.replace("[[feed]]\nurl = 'a'\n", ""));
    assert_eq!(without(text, "b"), text.replace("[[feed]]\nurl = 'b'\n", ""));
    assert_eq!(
        without(text, "c"),
        text.replace("# A fine paper.\n# Really.\n[[feed]]\nurl = 'c'\n# slow\n\n", "")
    );
    assert_eq!(without(text, "d"), text.replace("[[page]]\nurl = 'd'\n", ""));
    assert_eq!(without(text, "e"), text.replace("\n[[feed]]\nurl = 'e'\n", ""));
    assert_eq!(without("# all of it\n[[feed]]\nurl = 'a'\n", "a"), "# all of it\n");
    assert_eq!(without("[[feed]]\nurl = 'a'", "a"), "");
}

#[test]
fn sources_in_an_array_are_found_and_left_to_the_person() {
    let text = "[sets]\n[x]\n";
    let text = format!("feed = [\n  {{ url = 'a' }},\n]\n{text}");
    let sources = sources_in(&text).expect("TOML");
    let error = |line| EditError::Array { table: "feed", line };
    assert_eq!(remove(&text, &sources[0]), Err(error(2)));
    assert_eq!(add(&text, &[feed("b")]), Err(error(1)));
    assert_eq!(add("#\nfeed = []\n", &[feed("b")]), Err(error(2)));
    let page = Draft::new("page", "b", None, &[]);
    assert_eq!(add(&text, &[page]).expect("another table"), format!("{text}\n[[page]]\nurl = \"b\"\n"));
}

#[test]
fn what_is_not_toml_is_refused_with_its_place() {
    let told = |text: &str| add(text, &[feed("b")]).expect_err("not TOML").to_string();
    assert_eq!(told("x"), "line 1 is not TOML: key with no value, expected `=`");
    assert!(told("a = 1\r\n\n[[feed]]\nurl = é\n").starts_with("line 4 is not TOML: "));
    let source = &sources_in("[[feed]]\n").expect("TOML")[0];
    let error = remove("[[feed]]\n\n=", source).expect_err("not TOML");
    assert!(error.to_string().starts_with("line 3 is not TOML: "));
}

#[test]
fn a_source_stands_between_no_table_and_its_own_tables() {
    let text = "[[feed]]\nurl = 'a'\n\n[topic.x]\nall = ['y']\n\n  [[page]]\n  url = 'p'\n\n  # of the feed\n  [feed.z]\n  k = 1\n\n\
         [topic.x.w]\n\n[other]\n";
    let new = added(text, "b");
    assert_eq!(new, text.replace("k = 1\n", "k = 1\n\n[[feed]]\nurl = \"b\"\n"));
    let two = add(text, &[Draft::new("sitemap", "s", None, &[]), feed("b")]).expect("TOML");
    assert_eq!(two, new.replace("[[feed]]\nurl = \"b", "[[sitemap]]\nurl = \"s\"\n\n[[feed]]\nurl = \"b"));
    assert_eq!(without(text, "p"), text.replace("  [[page]]\n  url = 'p'\n\n", ""));
}

#[test]
fn the_rest_stays_as_it_is_however_it_is_spelled() {
    // A renderer would spell all headers alike, bring `a.x` and `a.y` together and end the lines alike.
    let rest = "[\"other\"]\r\na.x = 1\nb = \"\"\"\r\n[[feed]]\r\n\"\"\"\na.y=[ 1,\r\n2 ]\t# c\r\n[ other . z ]\n[topic.x]\n[ \"topic\".'y' ]";
    let text = format!("[[ 'feed' ]]\nurl = 'a'\n\n[[feed]]\nurl = 'b'\n{rest}");
    assert_eq!(added(&text, "c"), text.replace("'b'\n", "'b'\n\r\n[[feed]]\r\nurl = \"c\"\r\n\r\n"));
    assert_eq!(without(&text, "b"), text.replace("[[feed]]\nurl = 'b'\n", ""));
    assert_eq!(without(&text, "a"), text.replace("[[ 'feed' ]]\nurl = 'a'\n\n", ""));
}

#[test]
fn what_would_mislead_a_reader_of_the_file_is_escaped() {
    let draft = Draft::new("feed", "a\u{202e}b", Some("\"c\"\n[[feed]]\u{7f}"), &["d\\".to_owned()]);
    let toml = "[[feed]]\nurl = \"a\\u202Eb\"\nname = \"\\\"c\\\"\\n[[feed]]\\u007F\"\ntags = [\"d\\\\\"]\n";
    assert_eq!(draft.to_toml(), toml);
    assert_eq!(sources_in(toml).expect("TOML")[0].draft, draft);
}

#[test]
fn a_source_knows_its_identity() {
    let text = "[[feed]]\nurl = ' https://a.example/#x'\n[[page]]\nurl = 'https://a.example/'\nlinks = 'a'\n";
    let ids: Vec<_> = sources_in(text).expect("TOML").iter().filter_map(|source| source.draft.id()).collect();
    let url = Url::parse("https://a.example/").expect("an address");
    let links = SourceKind::Links { selector: "a".into() };
    assert_eq!(ids, [Source::id_of(&SourceKind::Feed, &url), Source::id_of(&links, &url)]);
}

/// Files in pieces as people write them.
fn file() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("# a comment\n".to_owned()),
        Just("\n".to_owned()),
        Just("  \n".to_owned()),
        Just("[[feed]]\nurl = 'https://x.example/'\n".to_owned()),
        Just("[[feed]] # here\n  url = \"y\" # there\n tags = [\n 'a', # one\n]\n".to_owned()),
        Just("[[page]]\nname = '''\n[[feed]]\n'''\n".to_owned()),
        Just("#[[feed]]\n#url = ''\n".to_owned()),
        Just("[[other]]\nx.y = 1\n".to_owned()),
        Just("[[ \"other\" ]]\nx.y = 1\nz = 2\r\nx.w = { a = 1 }\n".to_owned()),
        Just("  # of it\n  [[ 'feed' ]]\n  url = 'u'\n".to_owned()),
        Just("[[sitemap]]\n\n# within\nurl = 'v' # after\n\t[[sitemap.more]]\n".to_owned()),
        Just("[[feed]]\r\nurl = 'é'\r\n".to_owned()),
    ];
    let tail = prop_oneof![Just(""), Just("# ends here"), Just("[[feed]]\nurl = 'z'")];
    (prop::collection::vec(piece, 0..10), tail).prop_map(|(pieces, tail)| pieces.concat() + tail)
}

fn lines(text: &str) -> Vec<&str> {
    text.lines().filter(|line| !line.trim().is_empty()).collect()
}

/// Whether `long` is `short` with something in one place.
fn holds_whole(long: &str, short: &str) -> bool {
    let same = |(one, other): &(u8, u8)| one == other;
    let above = long.bytes().zip(short.bytes()).take_while(same).count();
    let below = long.bytes().rev().zip(short.bytes().rev()).take_while(same).count();
    long.len() >= short.len() && above + below >= short.len()
}

proptest! {
    #[test]
    fn adding_keeps_every_line_and_is_read_again(text in file(), url in any::<String>(), name in any::<String>(), tag in any::<String>()) {
        let draft = Draft::new("feed", &url, Some(&name), &[tag]);
        let new = add(&text, std::slice::from_ref(&draft)).expect("TOML");
        let (old, found) = (sources_in(&text).expect("TOML"), sources_in(&new).expect("TOML"));
        prop_assert_eq!(found.len(), old.len() + 1);
        let at = found.iter().position(|source| source.draft == draft);
        // All that was there is there, in its order.
        prop_assert_eq!(at, Some(old.len()));
        let mut rest = lines(&new).into_iter();
        prop_assert!(lines(&text).iter().all(|line| rest.any(|other| other == *line)));
        prop_assert!(holds_whole(&new, &text), "{new:?}");
        // A second way to see the same: cutting the new lines out leaves the old text, but for its last line break.
        let own = draft.to_toml();
        let crlf = own.replace('\n', "\r\n");
        let cut = new.replacen(if text.contains("\r\n") { &crlf } else { &own }, "", 1);
        prop_assert_eq!(lines(&cut), lines(&text));
    }

    #[test]
    fn removing_takes_one_source_and_only_comments_with_it(above in file(), source in prop_oneof![Just("[[feed]]\nurl = 'w'\n"), Just("  [[page]] # p\r\n")], below in file(), which in any::<prop::sample::Index>()) {
        let above = if above.is_empty() || above.ends_with('\n') { above } else { above + "\n" };
        let text = above + source + &below;
        let sources = sources_in(&text).expect("TOML");
        let source = which.get(&sources);
        let new = remove(&text, source).expect("own lines");
        let left: Vec<_> = sources_in(&new).expect("TOML").into_iter().map(|source| source.draft).collect();
        let mut expected: Vec<_> = sources.iter().map(|source| source.draft.clone()).collect();
        expected.remove(which.index(sources.len()));
        prop_assert_eq!(left, expected);
        let mut all = lines(&text).into_iter();
        prop_assert!(lines(&new).iter().all(|line| all.any(|other| other == *line)), "{}", new);
        prop_assert!(holds_whole(&text, &new), "{new:?}");
        let others = |text: &str| text.matches("other").count();
        prop_assert_eq!(others(&new), others(&text));
    }

    #[test]
    fn what_was_added_can_be_removed_without_a_trace(text in file()) {
        // Its last line ends and is not blank, as a removed source takes the blank line with it that set it off.
        let text = match text.trim_end() {
            "" => String::new(),
            text => format!("{text}\n"),
        };
        let new = add(&text, &[feed("https://new.example/")]).expect("TOML");
        let back = without(&new, "https://new.example/");
        prop_assert_eq!(lines(&back), lines(&text));
        let only_at_the_end = new.ends_with("new.example/\"\n");
        prop_assert!(!only_at_the_end || back == text, "{:?}", back);
    }
}

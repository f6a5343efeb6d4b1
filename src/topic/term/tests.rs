//! The forms of terms, and what is refused.

use super::{Form, Term, parse};

/// Alternatives as `zones words form`, then faults.
fn shown(text: &str) -> Vec<String> {
    let (alternatives, faults) = parse(text);
    let alternatives = alternatives.into_iter().map(|one| match one.term {
        Term::Set(name) => format!("{}: set {name}", one.zones),
        Term::Phrase(phrase) => {
            let form = match phrase.form {
                Form::Folded => "",
                Form::ExactCase => " exact",
                Form::Prefix => " prefix",
                Form::Stem => " forms",
                Form::Regex => " expression",
            };
            format!("{}: {}{form}", one.zones, phrase.words)
        }
    });
    alternatives.chain(faults.into_iter().map(|fault| format!("! {}", fault.message))).collect()
}

#[test]
fn the_forms_of_a_term() {
    assert_eq!(
        shown("Kim Jong Un | =DPRK|weapon* | @nk"),
        ["all: Kim Jong Un", "all: DPRK exact", "all: weapon prefix", "all: set nk"]
    );
    assert_eq!(shown("title: horoscope | body:@arms"), ["title: horoscope", "body: set arms"]);
    assert_eq!(
        shown("title:(arms | weapon*) | shells"),
        ["title: arms", "title: weapon prefix", "all: shells"]
    );
    assert_eq!(shown("~negotiate | title:~sell off"), ["all: negotiate forms", "title: sell off forms"]);
    assert_eq!(
        shown(r"/CVE-\d+|a\/(b|c)/ | x|title:/y|z/"),
        [r"all: CVE-\d+|a\/(b|c) expression", "all: x", "title: y|z expression"]
    );
    assert_eq!(shown("title:(/a[(]/ | /b|c/)").len(), 2);
    assert_eq!(shown("COVID: latest"), ["all: COVID: latest"]);
    assert_eq!(shown("Rosneft (Russia)"), ["all: Rosneft (Russia)"]);
}

#[test]
fn what_is_refused() {
    for (text, fault) in [
        ("", "! empty term"),
        ("a | | b", "! empty term"),
        ("!!!", "! empty term: `!!!` has no letters or digits"),
        ("title:", "! empty term"),
        ("ar*", "! prefix `ar*` is under 3 letters"),
        ("the ar*", "! prefix `the ar*` is under 3 letters"),
        ("né*", "! prefix `né*` is under 3 letters"),
        ("ne\u{301}*", "! prefix `ne\u{301}*` is under 3 letters, read as `ne`"),
        ("hah*", "! prefix `hah*` is under 3 letters, read as `ha`"),
        ("金正*", "! prefix `金正*` is under 3 letters"),
        ("we*pon", "! `*` in `we*pon` is not at the end of a word"),
        ("weapon *", "! `*` in `weapon *` is not at the end of a word"),
        ("=weapon*", "! `=weapon*` has both `=` and `*`"),
        ("=@nk", "! `=` in `=@nk` does not stand before words"),
        ("=title:x", "! `=` in `=title:x` does not stand before words"),
        ("=~x", "! `=` in `=~x` does not stand before words"),
        ("~title:x", "! `~` in `~title:x` does not stand before words"),
        ("~negotiat*", "! `~negotiat*` has both `~` and `*`"),
        ("@", "! `@` names no set"),
        ("@nk arms", "! `@nk arms` names no set"),
        (r"/CVE-\d+", r"! the expression `/CVE-\d+` has no end"),
        (r"/CVE-\d+/i", r"! something follows the expression in `/CVE-\d+/i`"),
        (r"/CVE-(\d+/", "! no regular expression: unclosed group"),
        (r"/a*/", "! the expression `/a*/` holds of an empty text"),
        ("titel: summit", "! unknown zone `titel:`"),
        ("headline: Kim", "! unknown zone `headline:`"),
        ("Heading:Kim", "! unknown zone `heading:`"),
        ("header:(Kim | Putin)", "! unknown zone `header:`"),
        ("text : Kim", "! unknown zone `text:`"),
        ("title:(a | body:b)", "! two zones in `title:(a | body:b)`"),
        ("Kim's*", "! `*` in `Kim's*` is not at the end of a word"),
        ("*", "! empty term: `*` has no letters or digits"),
        ("title:(a | b", "! parentheses do not match in `title:(a | b`"),
    ] {
        assert!(shown(text).contains(&fault.to_owned()), "{text}: {:?}", shown(text));
    }
}

#[test]
fn a_query_in_a_line_is_warned_of() {
    let (alternatives, faults) = parse("Kim AND Putin");
    assert_eq!(alternatives.len(), 1);
    assert!(faults.iter().all(|fault| fault.warning) && faults.len() == 1);
    assert!(parse("NOT").1.is_empty());
    for text in ["NOT Kim", "Kim | NOT horoscope", "Kim NOT Putin"] {
        assert!(parse(text).1.iter().any(|fault| fault.message.starts_with("`NOT` in")), "{text}");
    }
}

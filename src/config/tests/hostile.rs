//! Whatever is written, the answer is settings or problems with a place, never a panic.

use proptest::prelude::*;

use super::read;
use crate::config::Problems;

const MAIN: &str = include_str!("../../../config/newswatch.toml");
const TOPIC: &str = include_str!("../../../config/watchlists/russia-north-korea.toml");
const ERRORS: &str = include_str!("../../../tests/fixtures/config/errors/newswatch.toml");

/// Reads `text`; each problem must point into it, have a hint and be printable.
fn survives(text: &str) -> Result<(), TestCaseError> {
    let problems = match read(text) {
        Ok(settings) => settings.warnings,
        Err(Problems(problems)) => {
            prop_assert!(problems.iter().any(|problem| !problem.warning));
            problems
        }
    };
    let lines = text.split('\n').count();
    for problem in problems {
        prop_assert!(problem.line <= lines, "{problem:?}");
        prop_assert!(problem.hint.is_some(), "{problem:?}");
        prop_assert!(problem.line == 0 || problem.column <= problem.text.chars().count() + 2, "{problem:?}");
        let shown = problem.to_string();
        prop_assert!(!shown.chars().any(|c| c.is_control() && c != '\n'), "{shown:?}");
    }
    Ok(())
}

/// `text` with `cut` characters at `at` replaced by `put`.
fn changed(text: &str, at: usize, cut: usize, put: &str) -> String {
    let at = at % (text.chars().count() + 1);
    text.chars().take(at).chain(put.chars()).chain(text.chars().skip(at + cut)).collect()
}

/// Pieces of TOML and of this configuration, so that random texts get somewhere.
fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("\n".to_owned()),
        Just("\"".to_owned()),
        Just("[".to_owned()),
        Just("]\n".to_owned()),
        Just("{ ".to_owned()),
        Just(" }".to_owned()),
        Just(" = ".to_owned()),
        Just("[[feed]]\nurl = ".to_owned()),
        Just("[topic.x]\nall = ".to_owned()),
        Just("\"https://a:b@c/\"".to_owned()),
        "[a-z_]{1,8} = ",
        "\"\\PC{0,8}\"\n",
        "-?[0-9_]{1,20}(\\.[0-9]{0,3})?\n",
        "\\PC{0,4}",
    ]
}

proptest! {
    #[test]
    fn any_text(text in any::<String>()) {
        survives(&text)?;
    }

    #[test]
    fn any_pieces(pieces in prop::collection::vec(piece(), 0..30)) {
        survives(&pieces.concat())?;
    }

    #[test]
    fn a_changed_configuration(which in 0_usize..3, at in any::<usize>(), cut in 0_usize..40, put in piece()) {
        let text = [MAIN, TOPIC, ERRORS][which];
        // The main file's keys count, so they are in force.
        survives(&changed(&text.replace("\n#", "\n").replace("\n ", "\n# "), at, cut, &put))?;
    }

    #[test]
    fn every_unknown_key_is_refused_with_a_hint(key in "[a-z]{1,12}q") {
        let text = format!("{key} = 1\n[fetch]\n{key} = 1\n[[feed]]\nurl = 'https://a.example'\n{key} = 1\n[topic.x]\nall = ['Pyongyang']\n{key} = 1\n");
        let Problems(problems) = read(&text).expect_err("unknown keys");
        let found: Vec<_> = problems.iter().map(|problem| (problem.line, problem.column, problem.width)).collect();
        prop_assert_eq!(found, [1, 3, 6, 9].map(|line| (line, 1, key.len())).to_vec());
        for problem in problems {
            prop_assert_eq!(&problem.message, &format!("unknown key `{key}`"));
            prop_assert!(problem.hint.is_some());
        }
    }
}

#[test]
fn deep_and_long_values_are_refused_or_read() {
    for text in [
        format!("x = {}", "[".repeat(100_000)),
        format!("x = {}", "{a=".repeat(100_000)),
        format!("{}a = 1", "a.".repeat(100_000)),
        format!("[[page]]\nurl = 'https://a.example'\nlinks = '{}'", ":not(".repeat(100_000)),
        format!("[[page]]\nurl = 'https://a.example'\nlinks = '{}'", ":not(".repeat(200)),
        "x\n".repeat(20_000),
        "x = 1\n".repeat(20_000),
    ] {
        let problems = read(&text).expect_err("a problem");
        assert!(problems.0.len() <= 501 && problems.to_string().len() < 500_000);
    }
}

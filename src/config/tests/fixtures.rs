//! Each folder of `tests/fixtures/config` is a configuration; what is said about it is a snapshot beside it.

use std::path::Path;

use crate::config::load_with;

#[test]
fn every_problem_is_told_at_once() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/config"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        insta::glob!(env!("CARGO_MANIFEST_DIR"), "tests/fixtures/config/*/newswatch.toml", |path| {
            let problems = load_with(path, &super::home()).expect_err("a configuration with problems");
            let folder =
                format!("{}/", path.parent().map(|folder| folder.display().to_string()).unwrap_or_default());
            insta::assert_snapshot!(problems.to_string().replace(&folder, ""));
            for problem in &problems.0 {
                assert!(problem.hint.is_some(), "no hint: {problem}");
            }
        });
    });
}

#[test]
fn passwords_are_in_no_problem() {
    let text = "[[feed]]\nurl = \"https://me:secret@example.org/x\"\nurl = \"https://me:secret@[\"\nx = 'http://me:secret@h'\n";
    let problems = super::read(text).expect_err("problems");
    assert_eq!(problems.0.len(), 3);
    assert!(!format!("{problems:?} {problems}").contains("secret"), "{problems}");
}

#[test]
fn a_limit_that_never_takes_effect_draws_a_word() {
    let text = "[fetch]\nheader_timeout = '20s'\ntotal_timeout = '5s'\n[[feed]]\nurl = 'https://a.example/'\n[topic.t]\nall = ['x']\n";
    let warnings = match super::read(text) {
        Ok(settings) => settings.warnings,
        Err(problems) => panic!("{problems}"),
    };
    let line = warnings.first().map(super::super::Problem::line).unwrap_or_default();
    assert!(line.contains("2:18: warning: `header_timeout` is above `total_timeout`, which is 5s"), "{line}");
    assert_eq!(warnings.len(), 1, "the default of connect_timeout is nobody's mistake");
}

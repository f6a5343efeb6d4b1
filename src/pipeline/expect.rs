//! The topics' own tests (`expect`): the files that a topic must match, and those that it must not, against its rule.

use std::collections::BTreeSet;
use std::path::PathBuf;

use crate::config::{Expectation, Mark, Problem, Settings, article_of_file};
use crate::topic::{Evaluation, gist, unmet};

/// How the tests went.
#[derive(Debug, Default)]
pub struct Tested {
    /// One a topic and file, in the order in which they are written.
    pub cases: Vec<Case>,
    /// What is wrong with patterns, each where it is written; warnings are those that nothing fits.
    pub patterns: Vec<Problem>,
    /// Topics that fail their tests.
    pub failed: BTreeSet<String>,
}

/// One topic on one file.
#[derive(Debug)]
pub struct Case {
    /// The topic.
    pub topic: String,
    /// The file.
    pub file: PathBuf,
    /// Whether it must match.
    pub expected: bool,
    /// How it was judged, or why the file cannot be read.
    pub got: Result<Evaluation, String>,
    mark: Mark,
}

impl Case {
    /// Whether it is as expected.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.got.as_ref().is_ok_and(|evaluation| unmet(evaluation, self.expected).is_none())
    }

    /// Why it is judged so, in one line.
    #[must_use]
    pub fn reason(&self) -> String {
        self.got.as_ref().map_or_else(Clone::clone, gist)
    }

    /// Its failure where its pattern is written.
    #[must_use]
    pub fn problem(&self) -> Option<Problem> {
        if self.holds() {
            return None;
        }
        let (topic, file, reason) = (&self.topic, self.file.display(), self.reason());
        let (message, hint) = match (&self.got, self.expected) {
            (Err(_), _) => (format!("{file}: {reason}"), "mend the file, or leave it out".to_owned()),
            (Ok(_), true) => (format!("topic `{topic}` does not match {file}"), reason),
            (Ok(_), false) => (format!("topic `{topic}` matches {file}"), reason),
        };
        Some(self.mark.problem(message, Some(hint), false))
    }
}

/// Runs the tests of the rules as the files say them, of one topic or of all.
#[must_use]
pub fn test_topics(settings: &Settings, only: Option<&str>) -> Tested {
    let mut tested = Tested::default();
    for expectation in &settings.expectations {
        if only.is_none_or(|only| only == expectation.topic) {
            tested.run(settings, expectation);
        }
    }
    tested
}

impl Tested {
    /// Every problem, where it is written.
    pub fn problems(&self) -> impl Iterator<Item = Problem> {
        self.patterns.iter().cloned().chain(self.cases.iter().filter_map(Case::problem))
    }

    fn run(&mut self, settings: &Settings, expectation: &Expectation) {
        let Expectation { topic, pattern, matches, mark } = expectation;
        let files = match expectation.files() {
            Ok(files) => files,
            Err(problem) => {
                self.failed.insert(topic.clone());
                self.patterns.push(*problem);
                return;
            }
        };
        if files.is_empty() {
            let hint = "it is looked for in the folder of this file; delete it if there is nothing to expect";
            let message = format!("nothing matches `{pattern}`");
            self.patterns.push(mark.problem(message, Some(hint.to_owned()), true));
        }
        for file in files {
            let got = article_of_file(&file).and_then(|article| {
                settings.topic_set.explain_one(topic, &article).ok_or_else(|| format!("no topic `{topic}`"))
            });
            let case = Case { topic: topic.clone(), file, expected: *matches, got, mark: mark.clone() };
            if !case.holds() {
                self.failed.insert(topic.clone());
            }
            self.cases.push(case);
        }
    }
}

//! A topic's own tests: what it was expected to say of a text, against what it says.

use super::Evaluation;

/// Why `evaluation` is not what was expected, if it is not.
#[must_use]
pub fn unmet(evaluation: &Evaluation, expected: bool) -> Option<String> {
    (evaluation.matched != expected).then(|| gist(evaluation))
}

/// An evaluation in one line: what its score is made of, or why it is no match.
#[must_use]
pub fn gist(evaluation: &Evaluation) -> String {
    if !evaluation.matched {
        return match evaluation.why_not.as_slice() {
            [] => "nothing in it".to_owned(),
            reasons => reasons.join("; "),
        };
    }
    match evaluation.why.last() {
        Some(score) => score.clone(),
        None => format!("score {}", evaluation.score),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::topic::Severity;

    #[test]
    fn what_is_not_as_expected_has_the_reason_of_the_evaluator() {
        let mut evaluation = Evaluation {
            topic: "nk".into(),
            matched: true,
            score: 70,
            severity: Severity::Notice,
            why: vec!["@nk  1×  lead \"DPRK\"".into(), "score 70: @nk 70 (lead)".into()],
            why_not: vec![],
            evidence: vec![],
            furniture_only: false,
            near_miss: None,
        };
        assert_eq!(unmet(&evaluation, true), None);
        assert_eq!(unmet(&evaluation, false).as_deref(), Some("score 70: @nk 70 (lead)"));
        evaluation.matched = false;
        evaluation.why_not =
            vec!["@arms: no hit".into(), "nearest miss: 1 of 2 lines; no hit for @arms".into()];
        assert_eq!(unmet(&evaluation, false), None);
        let why = unmet(&evaluation, true);
        assert_eq!(why.as_deref(), Some("@arms: no hit; nearest miss: 1 of 2 lines; no hit for @arms"));
        evaluation.why_not.clear();
        assert_eq!(gist(&evaluation), "nothing in it");
    }
}

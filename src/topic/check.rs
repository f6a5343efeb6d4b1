//! What is wrong with a topic as a whole, beyond its single strings.

use super::common::is_very_common;
use super::problem::{Fault, TopicProblem};
use super::spec::{LineSpec, TopicSpec, WaySpec, Written};
use super::term::{Form, Term, parse};
use super::zones::Zones;
use crate::article::Zone;
use crate::text::fold::fold;

/// Problems of the topic as a whole.
pub(super) fn check_topic(spec: &TopicSpec, problems: &mut Vec<TopicProblem>) {
    if spec.way.all.is_empty() && spec.way.any.is_empty() && spec.also.is_empty() && spec.examples.is_none() {
        let fault = Fault::new(
            format!("topic `{}` has no line that says what to look for", spec.id.text),
            "give it `all = [\"…\"]` or `any = [\"…\"]`",
        );
        problems.push(fault.at(&spec.id));
    }
    if spec.min_score > 100 {
        let fault =
            Fault::new(format!("min_score {} is never reached", spec.min_score), "scores go from 0 to 100");
        problems.push(fault.at(&spec.id));
    }
    for zone in Zone::ALL.into_iter().filter(|zone| spec.fields.of(*zone) <= 0.0) {
        warn_of_dead_zone(spec, zone, problems);
    }
}

/// Problems of one way into the topic `id`.
pub(super) fn check_way(way: &WaySpec, id: &Written, problems: &mut Vec<TopicProblem>) {
    let lines = || way.all.iter().chain(&way.any);
    let at = lines().flat_map(|line| &line.terms).next().unwrap_or(id);
    let mut say = |message: String, hint: &str| problems.push(Fault::new(message, hint).at(at));
    match way.near {
        Some(0) => {
            say("near = 0 leaves no room for a word".to_owned(), "write a number of words, such as 60");
        }
        Some(words) if way.all.len() < 2 => {
            say(
                format!("near = {words} needs at least two lines in `all`"),
                "split the line in two, or remove near",
            );
        }
        _ => {}
    }
    match way.min {
        Some(0) => {
            say("min = 0 asks for nothing".to_owned(), "write 1 or more, or remove min");
        }
        Some(min) if min > way.any.len() => {
            say(
                format!("min = {min}, but `any` has {} lines", way.any.len()),
                "lower min, or add lines to `any`",
            );
        }
        _ => {}
    }
    if lines().next().is_none() {
        say("a way in without lines".to_owned(), "give it `all = [\"…\"]`");
    }
    for line in lines() {
        let at = line.terms.first().unwrap_or(id);
        if line.terms.is_empty() {
            problems.push(Fault::new("a line without terms", "give it a phrase, or remove it").at(at));
        }
        if !(line.weight.is_finite() && line.weight > 0.0) {
            let fault =
                Fault::new(format!("weight {} of a line", line.weight), "write a number above 0; 1 is usual");
            problems.push(fault.at(at));
        }
    }
    let mut lines = lines();
    if let (Some(only), None) = (lines.next(), lines.next()) {
        warn_of_common_word(only, problems);
    }
}

/// The only line of a way holds a word that nearly every article has.
fn warn_of_common_word(line: &LineSpec, problems: &mut Vec<TopicProblem>) {
    for written in &line.terms {
        for alternative in parse(&written.text).0 {
            let Term::Phrase(phrase) = &alternative.term else { continue };
            let words = fold(&phrase.words);
            let [word] = words.as_slice() else { continue };
            if phrase.form == Form::Folded && is_very_common(&word.folded) {
                let fault = Fault::new(
                    format!("`{}` alone is in nearly every article", alternative.written),
                    "add a second line, or more words",
                );
                problems.push(fault.into_warning().at(written));
            }
        }
    }
}

/// A positive term that is asked for in a zone of weight 0 never counts.
fn warn_of_dead_zone(spec: &TopicSpec, zone: Zone, problems: &mut Vec<TopicProblem>) {
    let ways = std::iter::once(&spec.way).chain(&spec.also);
    for written in ways.flat_map(|way| way.all.iter().chain(&way.any)).flat_map(|line| &line.terms) {
        if parse(&written.text).0.iter().any(|alternative| alternative.zones == Zones::of(zone)) {
            let fault = Fault::new(
                format!("`{}` never counts: {} weighs 0", written.text.trim(), zone.word()),
                format!("give {} a weight in `fields`, or remove the prefix", zone.word()),
            );
            problems.push(fault.into_warning().at(written));
        }
    }
}

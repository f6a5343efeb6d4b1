//! A topic out of an edited file, to be compared with the one that is in force.

use std::path::Path;

use super::assemble::settle;
use super::collect::{Collector, File, Found};
use super::files::{self, read_all};
use super::read::Section;
use super::schema::INCLUDED;
use super::syntax::Readable;
use super::{Environment, Problem, Problems, Rule, Rules, Settings, compile_rule};
use crate::topic::TopicSet;

/// The rule of `topic` as `file` has it, and the topic alone. A whole configuration is read with its own includes; a file with topics stands
/// in for the file that holds the topic now, and sets and defaults that it lacks are those of `current`.
///
/// # Errors
/// Every problem that the configuration would have with that file, or that the topic is not in it.
pub fn rule_in(file: &Path, topic: &str, current: &Settings) -> Result<(Rule, TopicSet), Problems> {
    let (edited, mut found) = read_all(file);
    let named = |path: &Path, message: String, hint: &str| Problem {
        file: path.to_owned(),
        line: 0,
        column: 0,
        width: 0,
        text: String::new(),
        message,
        hint: Some(hint.to_owned()),
        warning: false,
    };
    let (rules, whole) = rules_of(&edited);
    let completed = if whole { rules.clone() } else { rules.clone().or(&current.rules) };
    let Some(rule) = completed.rule_of_own(&rules, topic) else {
        let absent =
            named(file, format!("there is no topic `{topic}` in this file"), "name the file that has it");
        let problems: Vec<Problem> = Collector::new(&edited, found).finish().0;
        let problems: Vec<Problem> = problems.into_iter().filter(|problem| !problem.warning).collect();
        return Err(Problems(if problems.is_empty() { vec![absent] } else { problems }));
    };
    let files = if whole {
        edited
    } else {
        let holder = current.topics.iter().find(|spec| spec.id.text == topic).map_or(0, |spec| spec.id.file);
        let (mut files, problems) =
            files::read_all(current.files.first().map_or(file, |main| main.as_path()));
        found = found.into_iter().map(|found| Found { file: holder, ..found }).chain(problems).collect();
        if let (Some(place), Some(edited)) = (files.get_mut(holder), edited.into_iter().next()) {
            *place = edited;
        }
        let sets = current.rules.sets_beside(&rules_of(&files).0);
        files.push(File { path: "the sets of the configuration".into(), text: sets });
        files
    };
    let settings = settle(&files, found, &Environment::of_process(), true)?;
    // What stands in for the only file brings neither its defaults nor its trust: the rule itself has both.
    let spec = settings.topics.into_iter().find(|spec| spec.id.text == topic);
    let marked = completed.with_examples(spec.as_slice()).rule_of_own(&rules, topic).unwrap_or(rule);
    let set = compile_rule(&marked.text)?.with_examples(topic, spec.and_then(|spec| spec.examples));
    Ok((marked, set))
}

/// The rules of some files, and whether the first is a whole configuration: only a main file has such keys.
fn rules_of(files: &[File]) -> (Rules, bool) {
    let mut ignored = Collector::new(files, Vec::new());
    let readable: Vec<Readable> = files.iter().map(|file| Readable::new(&file.text)).collect();
    let mut tables = Vec::new();
    for (index, (readable, file)) in readable.iter().zip(files).enumerate() {
        tables.push(readable.tables(index, file, &mut ignored));
    }
    let sections: Vec<Section> =
        tables.iter().enumerate().map(|(index, table)| Section::top(index, table, &mut ignored)).collect();
    let whole = tables.first().is_some_and(|table| {
        table
            .keys()
            .any(|key| !INCLUDED.keys.contains(&key.get_ref().as_ref()) && key.get_ref() != "defaults")
    });
    (Rules::of(&sections), whole)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::super::load_with;
    use super::*;

    const MAIN: &str = "include = ['lists/*.toml']\n[[feed]]\nurl = 'https://a.example/'\n[defaults.topic]\nmin_score = 30\n\
        [channel.loud]\ntype = 'log'\n[sets]\nwater = ['flood']\n[store]\npath = '/n/n.db'\n";
    const LIST: &str = "[sets]\nfire = ['fire']\n[topic.x]\nall = ['@water', '@fire']\nchannels = ['loud']\n[topic.y]\nall = ['y']\n";

    #[test]
    fn a_list_beside_a_single_file_is_judged_with_its_defaults_and_trust() {
        let folder = tempfile::tempdir().expect("a folder");
        let at = |name: &str| folder.path().join(name);
        let topic = "[topic.x]\nall = ['flood']\n";
        let main = "[[feed]]\nurl = 'https://a.example/'\n[store]\npath = '/n/n.db'\n[defaults.topic]\nmin_score = 90\n\
            [trust]\n'a.example' = 0.5\n";
        fs::write(at("newswatch.toml"), format!("{main}{topic}")).expect("written");
        fs::write(at("list.toml"), topic).expect("written");
        let current = load_with(&at("newswatch.toml"), &Environment::default())
            .unwrap_or_else(|problems| panic!("{problems}"));
        let (rule, set) =
            rule_in(&at("list.toml"), "x", &current).unwrap_or_else(|problems| panic!("{problems}"));
        assert_eq!(Some(rule), current.rules.rule("x"), "nothing was edited");
        for host in ["a", "b"] {
            let url = format!("https://{host}.example/1").parse().ok();
            let article = crate::article::Article { title: "A flood".into(), url, ..Default::default() };
            assert_eq!(set.explain(&article), current.topic_set.explain(&article));
        }
    }

    #[test]
    fn an_edited_file_stands_in_for_the_one_that_holds_the_topic() {
        let folder = tempfile::tempdir().expect("a folder");
        let at = |name: &str| folder.path().join(name);
        fs::create_dir(at("lists")).expect("made");
        let write = |name: &str, text: &str| fs::write(at(name), text).expect("written");
        write("newswatch.toml", MAIN);
        write("lists/a.toml", LIST);
        let current = load_with(&at("newswatch.toml"), &Environment::default())
            .unwrap_or_else(|problems| panic!("{problems}"));
        let edited = |text: &str| {
            write("edited.toml", text);
            rule_in(&at("edited.toml"), "x", &current).map(|(rule, _)| rule.text).map_err(|problems| {
                problems
                    .0
                    .iter()
                    .filter(|problem| !problem.warning)
                    .map(Problem::line)
                    .collect::<Vec<_>>()
                    .join("\n")
            })
        };
        assert_eq!(edited(LIST), Ok(current.rules.rule("x").expect("x").text), "nothing was edited");
        let small = edited("[topic.x]\nall = ['@water | rain', '@fire']\nchannels = ['loud']\n")
            .expect("a small file");
        assert!(
            small.contains("min_score = 30") && small.contains("fire = [\"fire\"]") && small.contains("rain"),
            "{small}"
        );
        let whole = edited(
            "[[feed]]\nurl = 'https://b.example/'\n[store]\npath = '/n/m.db'\n[topic.x]\nall = ['x']\n",
        );
        assert_eq!(whole.expect("a whole configuration"), "[topic.x]\nall = [\"x\"]\n");
        let wrong = edited("# edited\n[topic.x]\nall = ['@watr']\n").expect_err("a slip of the pen");
        assert!(wrong.contains("edited.toml:3:8: error: unknown set `@watr`"), "{wrong}");
        let absent = edited("[topic.z]\nall = ['x']\n").expect_err("another topic");
        assert!(
            absent.ends_with(
                "edited.toml: error: there is no topic `x` in this file; name the file that has it"
            ),
            "{absent}"
        );
        let none = rule_in(&at("none.toml"), "x", &current).expect_err("no file");
        assert!(none.to_string().contains("no configuration here"), "{none}");
    }
}

//! Any query, printed and read again, and judged on any text: the first line is the query, the rest the article.

#![no_main]

use libfuzzer_sys::fuzz_target;
use newswatch::article::Article;
use newswatch::topic::spec::Sets;
use newswatch::topic::{Evaluation, TopicSet, TopicSpec, Written};

fn written(text: &str) -> Written {
    Written { text: text.to_owned(), file: 0, at: 0..0 }
}

fn topic(query: &str) -> TopicSpec {
    TopicSpec { query: Some(written(query)), min_score: 0, ..TopicSpec::new(written("t")) }
}

fuzz_target!(|text: &str| {
    let (query, body) = text.split_once('\n').unwrap_or((text, "Kim Jong Un to visit Putin"));
    let mut sets = Sets::new();
    let terms = ["Kim Jong Un", "=DPRK", "~sell", "weapon*", "김정은"];
    sets.insert("nk".to_owned(), (written("nk"), terms.map(written).to_vec()));
    let topic = topic(query);
    let article = Article { title: query.to_owned(), body: body.to_owned(), ..Article::default() };
    match TopicSet::compile(std::slice::from_ref(&topic), &sets) {
        Err(problems) => {
            for problem in problems {
                let within = problem.within.unwrap_or(0..0);
                assert!(problem.at.text.get(within).is_some(), "{}", problem.message);
            }
        }
        Ok((set, _)) => {
            let printed = topic.as_query().expect("it compiled");
            let mut again = topic.clone();
            again.query = Some(written(&printed));
            assert_eq!(again.as_query().as_deref(), Some(printed.as_str()), "printed and read again");
            let (same, _) = TopicSet::compile(&[again], &sets).expect("what is printed can be read");
            let judged = |set: &TopicSet| {
                let one = set.explain(&article).remove(0);
                (one.matched, one.score, one.near_miss.is_some())
            };
            assert_eq!(judged(&set), judged(&same), "{printed}");
            for one in set.explain(&article).iter().flat_map(|one| &one.evidence) {
                assert_eq!(article.zone(one.zone).get(one.span.clone()), Some(one.text.as_str()));
            }
            // Near misses are told without reasons and score.
            let told = |one: Evaluation| if one.is_hit() { Ok(one) } else { Err(one.near_miss) };
            let explained = set.explain(&article).into_iter().map(told).filter(|told| *told != Err(None));
            let judged: Vec<_> = set.judge(&article).into_iter().map(told).collect();
            assert_eq!(judged, explained.collect::<Vec<_>>());
        }
    }
});

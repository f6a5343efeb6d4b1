//! Every phrase of the examples, with where it stands.

use std::collections::{BTreeMap, HashMap};

use super::survey::Evident;
use crate::article::Article;
use crate::topic::phrase::{Reporters, each_matter, term_of};

/// Forms of a phrase that are kept.
const MAX_FORMS: usize = 8;

/// What is known of a phrase.
#[derive(Debug, Default)]
pub(super) struct Known {
    pub(super) name: bool,
    pub(super) frequency: u16,
    pub(super) words: usize,
    pub(super) forms: BTreeMap<String, usize>,
    pub(super) documents: Vec<usize>,
    pub(super) titles: Vec<usize>,
    pub(super) tops: Vec<usize>,
}

/// Every phrase of the articles, but for the names of those that only report.
pub(super) fn phrases(articles: &[&Article], reporters: Reporters) -> HashMap<String, Known> {
    let mut phrases: HashMap<String, Known> = HashMap::new();
    for (number, article) in articles.iter().enumerate() {
        each_matter(article, reporters, |phrase| {
            let known = phrases.entry(phrase.key.to_owned()).or_default();
            known.name |= phrase.name;
            (known.frequency, known.words) = (phrase.frequency, phrase.words);
            if known.forms.len() < MAX_FORMS || known.forms.contains_key(phrase.written) {
                *known.forms.entry(phrase.written.to_owned()).or_insert(0) += 1;
            }
            let mut evident = Evident {
                written: String::new(),
                documents: std::mem::take(&mut known.documents),
                titles: std::mem::take(&mut known.titles),
                tops: std::mem::take(&mut known.tops),
            };
            evident.note(number, phrase.zone);
            (known.documents, known.titles, known.tops) = (evident.documents, evident.titles, evident.tops);
        });
    }
    phrases
}

impl Known {
    pub(super) fn evident(&self) -> Evident {
        let mut forms: Vec<(&String, &usize)> = self.forms.iter().collect();
        forms.sort_by(|a, b| b.1.cmp(a.1).then(a.0.cmp(b.0)));
        let forms: Vec<String> = forms.into_iter().map(|(form, _)| form.clone()).collect();
        let (documents, titles, tops) = (self.documents.clone(), self.titles.clone(), self.tops.clone());
        Evident { written: term_of(&forms), documents, titles, tops }
    }
}

//! Entries of a document claim entries that were seen before, one each, by the strongest likeness first. Linear in both.

use std::collections::{HashMap, HashSet, VecDeque};

use super::{Known, Marks};

/// Marks that must all agree.
pub(super) type Code = (i64, i64, i64);

/// An entry of the document.
pub(super) struct Item {
    pub(super) marks: Marks,
    /// Words of its text, counted up to [`super::recognise::LONG`].
    pub(super) words: usize,
    /// Whether its date has a time of day.
    pub(super) timed: bool,
    /// Which of the known entries it is, and whether it comes under another id or address than before.
    pub(super) claimed: Option<(usize, Option<&'static str>)>,
}

/// The entries of a document and those that are known.
pub(super) struct Claims<'a> {
    pub(super) items: Vec<Item>,
    known: &'a [Known],
    /// The marks of `known`, as links are read now.
    pub(super) marks: Vec<Marks>,
    taken: Vec<bool>,
}

impl<'a> Claims<'a> {
    pub(super) fn new(items: Vec<Item>, known: &'a [Known], marks: Vec<Marks>) -> Self {
        Self { items, known, marks, taken: vec![false; known.len()] }
    }

    /// Each free entry claims a free known one that has its code, if `allow` says so. Returns how many did that come
    /// under a new id.
    pub(super) fn claim(
        &mut self,
        code: impl Fn(&Marks) -> Option<Code>,
        allow: impl Fn(&Item, &Marks) -> bool,
        why: Option<&'static str>,
    ) -> usize {
        let free = |item: &&Item| item.claimed.is_none();
        let wanted: HashSet<Code> =
            self.items.iter().filter(free).filter_map(|item| code(&item.marks)).collect();
        if wanted.is_empty() {
            return 0;
        }
        let mut found: HashMap<Code, VecDeque<usize>> = HashMap::new();
        for (at, (marks, taken)) in self.marks.iter().zip(&self.taken).enumerate() {
            if let Some(code) = code(marks).filter(|code| !*taken && wanted.contains(code)) {
                found.entry(code).or_default().push_back(at);
            }
        }
        let mut renamed = 0;
        for item in self.items.iter_mut().filter(|item| item.claimed.is_none()) {
            let Some(queue) = code(&item.marks).and_then(|code| found.get_mut(&code)) else { continue };
            let Some((at, marks)) = queue.front().and_then(|at| Some((*at, self.marks.get(*at)?))) else {
                continue;
            };
            if !allow(item, marks) {
                continue;
            }
            queue.pop_front();
            if let Some(taken) = self.taken.get_mut(at) {
                *taken = true;
            }
            renamed +=
                usize::from(item.marks.id.is_some() && marks.id.is_some() && item.marks.id != marks.id);
            item.claimed = Some((at, why));
        }
        renamed
    }

    /// How many free entries could claim by `code`.
    pub(super) fn could(
        &self,
        code: impl Fn(&Marks) -> Option<Code>,
        allow: impl Fn(&Item) -> bool,
    ) -> usize {
        let free = self.marks.iter().zip(&self.taken).filter(|(_, taken)| !**taken);
        let found: HashSet<Code> = free.filter_map(|(marks, _)| code(marks)).collect();
        let items = self.items.iter().filter(|item| item.claimed.is_none() && allow(item));
        items.filter(|item| code(&item.marks).is_some_and(|code| found.contains(&code))).count()
    }

    /// What was not claimed and has other marks than it was stored with.
    pub(super) fn reread(&self) -> Vec<(String, Marks)> {
        let all = self.known.iter().zip(&self.marks).zip(&self.taken);
        all.filter(|((known, marks), taken)| !**taken && known.marks != **marks)
            .map(|((known, marks), _)| (known.key.clone(), *marks))
            .collect()
    }

    /// The known entry that says the same as each entry that is still free, by its place among the entries.
    pub(super) fn alike(&self, code: impl Fn(&Marks) -> Option<Code>) -> HashMap<usize, (&'a Known, Marks)> {
        let free = self.items.iter().enumerate().filter(|(_, item)| item.claimed.is_none());
        let wanted: Vec<(usize, Code)> =
            free.filter_map(|(at, item)| Some((at, code(&item.marks)?))).collect();
        let codes: HashSet<Code> = wanted.iter().map(|(_, code)| *code).collect();
        let mut found: HashMap<Code, (&'a Known, Marks)> = HashMap::new();
        for (known, marks) in self.known.iter().zip(&self.marks) {
            if let Some(code) = code(marks).filter(|code| codes.contains(code)) {
                found.entry(code).or_insert((known, *marks));
            }
        }
        wanted.into_iter().filter_map(|(at, code)| Some((at, *found.get(&code)?))).collect()
    }
}

/// Which values of one mark stand for several entries, in the document or among those that are known.
pub(super) struct Shared {
    codes: HashSet<i64>,
    /// How many of them do so in the document alone.
    pub(super) here: usize,
}

impl Shared {
    /// `says` is what tells two entries apart under one value of `mark`; `said` the same for those that are known, some
    /// of which may be versions of one.
    pub(super) fn of(
        claims: &Claims<'_>,
        mark: impl Fn(&Marks) -> Option<i64>,
        says: impl Fn(&Marks) -> [Option<i64>; 3],
        said: impl Fn(&Marks) -> [Option<i64>; 3],
    ) -> Self {
        let here = several(claims.items.iter().map(|item| &item.marks), &mark, says);
        let wanted: HashSet<i64> = claims.items.iter().filter_map(|item| mark(&item.marks)).collect();
        let known =
            claims.marks.iter().filter(|marks| mark(marks).is_some_and(|code| wanted.contains(&code)));
        let mut codes = several(known, &mark, said);
        let count = here.len();
        codes.extend(here);
        Self { codes, here: count }
    }

    pub(super) fn has(&self, code: Option<i64>) -> bool {
        code.is_some_and(|code| self.codes.contains(&code))
    }
}

fn several<'m>(
    all: impl Iterator<Item = &'m Marks>,
    mark: impl Fn(&Marks) -> Option<i64>,
    says: impl Fn(&Marks) -> [Option<i64>; 3],
) -> HashSet<i64> {
    let mut first = HashMap::new();
    let mut codes = HashSet::new();
    for marks in all {
        let Some(code) = mark(marks) else { continue };
        if *first.entry(code).or_insert_with(|| says(marks)) != says(marks) {
            codes.insert(code);
        }
    }
    codes
}

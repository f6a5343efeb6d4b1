//! A publisher who does everything that publishers do, against the recogniser and a store of a few lines: each story is
//! new once, each real edit is one version, nothing else is anything.

use std::collections::HashMap;

use super::*;
use crate::clock::Timestamp;
use proptest::prelude::*;

/// How the publisher names entries.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Ids {
    Stable,
    /// Another at each look.
    Churning,
    Missing,
    /// One for every two entries.
    Shared,
    /// The place in the document.
    Places,
}

/// How it links.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Links {
    Clean,
    /// A random parameter of an unknown name at each look.
    Tokens,
    /// `;jsessionid=`.
    Sessions,
    /// http and https, with and without `www.` and a slash, by turns.
    Spellings,
    /// All to the same page.
    One,
    Missing,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Text {
    Long,
    Short,
    Missing,
}

#[derive(Debug, Clone, Copy)]
struct Policy {
    ids: Ids,
    links: Links,
    text: Text,
    dates: bool,
    /// Every title is "Live updates".
    one_title: bool,
}

#[derive(Debug, Clone, Copy)]
enum Act {
    Add,
    EditText(usize),
    EditTitle(usize),
    /// Other markup, tracking, typography, counts.
    Retouch(usize),
    Drop(usize),
    Resurrect(usize),
    Turn,
    /// Once more under a new id and address; the first goes or stays.
    Repost(usize, bool),
}

#[derive(Debug, Clone)]
struct Story {
    number: usize,
    title: usize,
    text: usize,
    /// Changes what no reader sees.
    touch: usize,
    /// Of which posting this is.
    posting: usize,
    shown: bool,
    /// Added or edited since the last look.
    fresh: bool,
}

struct Publisher {
    policy: Policy,
    stories: Vec<Story>,
    look: usize,
    numbers: usize,
    postings: usize,
    turned: bool,
}

impl Publisher {
    fn new(policy: Policy, stories: usize) -> Self {
        let mut publisher = Self { policy, stories: vec![], look: 0, numbers: 0, postings: 0, turned: false };
        (0..stories).for_each(|_| publisher.act(Act::Add));
        publisher
    }

    fn act(&mut self, act: Act) {
        let shown = self.stories.iter().filter(|story| story.shown).count();
        let pick = |stories: &[Story], shown: bool, n: usize| {
            let of: Vec<usize> = (0..stories.len()).filter(|at| stories[*at].shown == shown).collect();
            (!of.is_empty()).then(|| of[n % of.len()])
        };
        match act {
            Act::Add => {
                let (number, posting) = (self.numbers, self.postings);
                self.stories.push(Story {
                    number,
                    title: 0,
                    text: 0,
                    touch: 0,
                    posting,
                    shown: true,
                    fresh: true,
                });
                self.numbers += 1;
                self.postings += 1;
            }
            Act::EditText(n) if self.policy.text != Text::Missing => {
                if let Some(at) = pick(&self.stories, true, n).filter(|at| self.is_alone(*at)) {
                    self.stories[at].text += 1;
                    self.stories[at].fresh = true;
                }
            }
            Act::EditTitle(n) if !self.policy.one_title => {
                if let Some(at) = pick(&self.stories, true, n).filter(|at| self.is_alone(*at)) {
                    self.stories[at].title += 1;
                    self.stories[at].fresh = true;
                }
            }
            Act::Retouch(n) => {
                if let Some(at) = pick(&self.stories, true, n) {
                    self.stories[at].touch += 1;
                }
            }
            Act::Drop(n) if shown > 6 => {
                let at = pick(&self.stories, true, n).unwrap();
                self.stories[at].shown = false;
            }
            Act::Resurrect(n) => {
                if let Some(at) = pick(&self.stories, false, n) {
                    self.stories[at].shown = true;
                }
            }
            Act::Turn => self.turned = !self.turned,
            Act::Repost(n, stays) if self.policy.text == Text::Long => {
                // What was edited on the way is another article for all that a document says; what comes twice in one
                // document is two entries, told once by the story index.
                if let Some(at) = pick(&self.stories, true, n).filter(|at| !self.stories[*at].fresh) {
                    let again = Story { posting: self.postings, ..self.stories[at].clone() };
                    self.postings += 1;
                    self.stories[at].shown = stays;
                    self.stories.push(again);
                }
            }
            Act::EditText(_) | Act::EditTitle(_) | Act::Drop(_) | Act::Repost(..) => {}
        }
    }

    /// Whether the story was posted once: what is edited in one of its postings is another article.
    fn is_alone(&self, at: usize) -> bool {
        self.stories.iter().filter(|story| story.number == self.stories[at].number).count() == 1
    }

    /// The document, with the story of each entry.
    fn document(&mut self) -> Vec<(Story, Entry)> {
        self.look += 1;
        self.stories.iter_mut().filter(|story| story.shown).for_each(|story| {
            story.fresh = false;
        });
        let mut shown: Vec<Story> = self.stories.iter().filter(|story| story.shown).cloned().collect();
        if self.turned {
            shown.reverse();
        }
        shown.into_iter().enumerate().map(|(at, story)| (story.clone(), self.entry(&story, at))).collect()
    }

    fn entry(&self, story: &Story, at: usize) -> Entry {
        let (look, posting) = (self.look, story.posting);
        let id = match self.policy.ids {
            Ids::Stable => Some(format!("tag:{posting}")),
            Ids::Churning => Some(format!("{look}-{posting}")),
            Ids::Missing => None,
            Ids::Shared => Some(format!("tag:{}", posting / 2)),
            Ids::Places => Some(at.to_string()),
        };
        let token = fingerprint(&[look.to_string(), posting.to_string()]);
        let link = match self.policy.links {
            Links::Clean if story.touch % 2 == 1 => format!("https://a.example/{posting}?utm_source=x#top"),
            Links::Clean => format!("https://a.example/{posting}"),
            Links::Tokens => format!("https://a.example/story?n={posting}&visit={token}"),
            Links::Sessions => format!("https://a.example/{posting};jsessionid={token}?PHPSESSID={token}"),
            Links::Spellings => match (look + posting) % 3 {
                0 => format!("http://www.a.example/{posting}"),
                1 => format!("https://a.example/{posting}/"),
                _ => format!("https://a.example/{posting}"),
            },
            Links::One => "https://a.example/blog".to_owned(),
            Links::Missing => String::new(),
        };
        let title = if self.policy.one_title {
            "Live updates".to_owned()
        } else {
            format!("Title {} of story {}", ["one", "two", "three", "four"][story.title % 4], story.number)
        };
        let words = match self.policy.text {
            Text::Long => 50,
            Text::Short => 12,
            Text::Missing => 0,
        };
        let mut text: Vec<String> = (0..words).map(|n| format!("s{}w{n}", story.number)).collect();
        if let Some(word) = text.get_mut(7) {
            *word = format!("version{}", story.text);
        }
        let text = match story.touch % 3 {
            0 => format!("<p>{}</p>", text.join(" ")),
            1 => format!("<div class='{token}'>{}.<img src='/p.gif?{token}'></div>", text.join("\n ")),
            _ => format!("<p>{}</p><p>{} comments</p>", text.join(" <b> </b>"), story.touch),
        };
        let date = Timestamp::from_second(1_700_000_000 + 3_607 * i64::try_from(posting).unwrap()).unwrap();
        Entry {
            id,
            url: Url::parse(&link).ok(),
            title: Some(title),
            published: self.policy.dates.then_some(date),
            updated: Some(date).filter(|_| self.policy.dates && story.touch > 0),
            summary_html: (words > 0).then_some(text),
            ..Entry::default()
        }
    }
}

/// What a store remembers.
#[derive(Default)]
struct Memory {
    known: Vec<Known>,
    learnt: Learnt,
}

#[derive(Debug, Default, Clone, PartialEq)]
struct Told {
    new: usize,
    versions: usize,
}

impl Memory {
    /// Looks at the document; what was told of each story by number is added up.
    fn look(&mut self, document: Vec<(Story, Entry)>, told: &mut HashMap<usize, Told>) {
        // Each entry carries its story along where nothing looks at it.
        let entries = document
            .into_iter()
            .map(|(story, entry)| Entry { authors: vec![story.number.to_string()], ..entry });
        let mut entries = identify(entries.collect());
        let mut keys = HashSet::new();
        entries.retain(|entry| keys.insert(entry.key.clone()));
        let now = Timestamp::from_second(1_800_000_000).unwrap();
        let seen = recognise(entries, &self.known, std::mem::take(&mut self.learnt), now);
        self.learnt = seen.learnt;
        for (key, marks) in seen.reread {
            self.known.iter_mut().filter(|known| known.key == key).for_each(|known| known.marks = marks);
        }
        let mut keys = HashSet::new();
        for Sighting { entry, marks, hash, is } in seen.entries {
            assert!(keys.insert(entry.key.clone()), "one key for two entries: {}", entry.key);
            let told = told.entry(entry.authors[0].parse().unwrap()).or_default();
            match &is {
                Is::New => told.new += 1,
                // Its page is the same.
                Is::Perhaps { .. } => told.new = told.new.max(1),
                Is::Known(known, _) => told.versions += usize::from(known.hash != hash),
                Is::Repost { .. } => {}
            }
            let known = Known { key: entry.key, hash, tries: 0, marks };
            match self.known.iter_mut().find(|other| other.key == known.key) {
                Some(other) => *other = known,
                None => self.known.push(known),
            }
        }
    }
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        3 => Just(Act::Add),
        2 => (0..99_usize).prop_map(Act::EditText),
        2 => (0..99_usize).prop_map(Act::EditTitle),
        2 => (0..99_usize).prop_map(Act::Retouch),
        2 => (0..99_usize).prop_map(Act::Drop),
        2 => (0..99_usize).prop_map(Act::Resurrect),
        1 => Just(Act::Turn),
        1 => (0..99_usize, any::<bool>()).prop_map(|(n, stays)| Act::Repost(n, stays)),
    ]
}

fn policy() -> impl Strategy<Value = Policy> {
    let ids = prop::sample::select(vec![Ids::Stable, Ids::Churning, Ids::Missing, Ids::Shared, Ids::Places]);
    let links = prop::sample::select(vec![
        Links::Clean,
        Links::Tokens,
        Links::Sessions,
        Links::Spellings,
        Links::One,
        Links::Missing,
    ]);
    let text = prop::sample::select(vec![Text::Long, Text::Short, Text::Missing]);
    (ids, links, text, any::<bool>(), any::<bool>()).prop_map(|(ids, links, text, dates, one_title)| Policy {
        ids,
        links,
        text,
        dates,
        one_title,
    })
}

impl Policy {
    /// Whether something of an entry stays as it is for good.
    fn is_decent(self) -> bool {
        self.ids == Ids::Stable
            || match self.links {
                Links::Clean | Links::Sessions | Links::Spellings => true,
                // What leaves the document before the token is known for one is found again by what it says.
                Links::Tokens => self.dates || self.text != Text::Missing,
                Links::One | Links::Missing => false,
            }
    }

    /// Whether entries of one document differ in anything that they are told apart by there.
    fn tells_apart(self) -> bool {
        let dated =
            self.dates && self.ids != Ids::Shared && (self.ids != Ids::Missing || self.links != Links::One);
        self.is_decent()
            || self.ids != Ids::Places && (dated || self.text != Text::Missing || !self.one_title)
    }
}

fn config() -> ProptestConfig {
    let default = ProptestConfig::default();
    // A case is a dozen looks: a fourth as many as elsewhere.
    ProptestConfig { failure_persistence: None, cases: default.cases / 4, ..default }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn row_59_and_60_each_story_is_new_once_and_each_edit_is_one_version(
        policy in policy().prop_filter("decent", |policy| policy.is_decent()),
        looks in prop::collection::vec(prop::collection::vec(act(), 0..3), 1..14),
    ) {
        let mut publisher = Publisher::new(policy, 8);
        let (mut memory, mut told) = (Memory::default(), HashMap::new());
        memory.look(publisher.document(), &mut told);
        let mut versions: HashMap<usize, (usize, usize)> = (0..8).map(|posting| (posting, (0, 0))).collect();
        // What comes twice in its first document is new twice: the stories know it for one.
        for acts in looks {
            let before = told.clone();
            for act in acts {
                publisher.act(act);
            }
            let document = publisher.document();
            let expected = document.clone();
            memory.look(document, &mut told);
            for (Story { number, title, text, posting, .. }, _) in expected {
                prop_assert_eq!(told[&number].new, 1, "story {} of {:?}: {:?}", number, policy, memory.learnt.rules);
                // Of a story that stands there once: a version where it was edited since it was last seen, else none.
                let seen = versions.insert(posting, (title % 4, text));
                let edited = seen.is_some_and(|seen| seen != (title % 4, text));
                let postings = publisher.stories.iter().filter(|story| story.number == number).count();
                let more = told[&number].versions - before.get(&number).map_or(0, |told| told.versions);
                prop_assert!(postings > 1 || more == usize::from(edited), "story {}: {} versions", number, more);
            }
        }
    }

    #[test]
    fn nothing_is_lost_whoever_publishes(
        policy in policy().prop_filter("can be told apart", |policy| policy.tells_apart()),
        looks in prop::collection::vec(prop::collection::vec(act(), 0..3), 1..10),
    ) {
        let mut publisher = Publisher::new(policy, 8);
        let (mut memory, mut told) = (Memory::default(), HashMap::new());
        memory.look(publisher.document(), &mut told);
        for acts in looks {
            for act in acts {
                publisher.act(act);
            }
            let document = publisher.document();
            let shown: Vec<usize> = document.iter().map(|(story, _)| story.number).collect();
            memory.look(document, &mut told);
            for number in shown {
                prop_assert!(told.get(&number).is_some_and(|told| told.new > 0), "story {} of {:?} is lost", number, policy);
            }
        }
    }
}

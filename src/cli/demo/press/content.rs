//! What the press prints: six sites, and each piece with its phase, date and text.

use super::expected;
use super::moment::{Phase, september};
use crate::clock::Timestamp;
use crate::source::SourceKind;

/// How an outlet lists its pieces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    Rss,
    Atom,
    Json,
    /// A listing page; each link under [`SELECTOR`] is a piece.
    Listing,
}

/// Finds the links of the listing page and none of its sidebar.
const SELECTOR: &str = "main article h2 a";

impl Format {
    /// How a watcher reads it.
    pub(super) fn kind(self) -> SourceKind {
        match self {
            Self::Rss | Self::Atom | Self::Json => SourceKind::Feed,
            Self::Listing => SourceKind::Links { selector: SELECTOR.to_owned() },
        }
    }
}

/// An outlet's site.
#[derive(Debug)]
pub(super) struct Site {
    pub(super) name: &'static str,
    /// Names it in ids: `tag:SLUG.example,2023:PATH`.
    pub(super) slug: &'static str,
    pub(super) language: &'static str,
    pub(super) format: Format,
    /// Path of the feed or listing.
    pub(super) feed_path: &'static str,
    /// The page around a piece, with `{{title}}`, `{{byline}}`, `{{date}}`, `{{iso}}`, `{{url}}`, `{{section}}`,
    /// `{{summary}}`, `{{json_ld}}` and `{{body}}`.
    pub(super) shell: &'static str,
    pub(super) pieces: &'static [Piece],
}

impl Site {
    /// What is published by `phase`, newest first.
    pub(super) fn published(&self, phase: Phase) -> Vec<&'static Piece> {
        let mut pieces: Vec<_> = self.pieces.iter().filter(|piece| piece.since <= phase).collect();
        pieces.sort_by_key(|piece| std::cmp::Reverse(piece.date));
        pieces
    }
}

/// One article.
#[derive(Debug)]
pub(super) struct Piece {
    /// The first phase that has it.
    pub(super) since: Phase,
    pub(super) date: Timestamp,
    /// Path of its page.
    pub(super) path: &'static str,
    /// For the breadcrumb.
    pub(super) section: &'static str,
    pub(super) title: &'static str,
    pub(super) byline: &'static str,
    /// For the feed.
    pub(super) summary: &'static str,
    /// The article's own HTML, with captions and advertisements as its site has them.
    pub(super) body: &'static str,
}

/// All outlets. The first breaks the story, the third has the update, the fifth the sidebar page.
pub(super) const SITES: [Site; expected::OUTLETS] = [
    Site {
        name: expected::ALERT_OUTLET,
        slug: "harbour-post",
        language: "en-GB",
        format: Format::Rss,
        feed_path: "/rss.xml",
        shell: include_str!("pages/harbour-post/shell.html"),
        pieces: &[
            Piece {
                since: Phase::Baseline,
                date: september(1, 21, 10),
                path: "/harbour/2023/09/01/ferry-fares",
                section: "harbour",
                title: "Ferry fares to rise for the first time in six years",
                byline: "Ruth Amsel",
                summary: "A single ticket across the harbour will cost twenty cents more from October.",
                body: include_str!("pages/harbour-post/ferry.html"),
            },
            Piece {
                since: Phase::Baseline,
                date: september(2, 7, 40),
                path: "/world/2023/09/02/cruise-missiles",
                section: "world",
                title: "North Korea fires cruise missiles and calls it a nuclear rehearsal",
                byline: "Our foreign desk",
                summary: "The missiles were fired off the west coast before dawn on Saturday, Seoul says.",
                body: include_str!("pages/harbour-post/missiles.html"),
            },
            Piece {
                since: Phase::Breaks,
                date: september(4, 16, 10),
                path: "/world/2023/09/04/kim-jong-un-russia-trip",
                section: "world",
                title: expected::ALERT_TITLE,
                byline: "Our foreign desk",
                summary: "North Korea's leader would meet the Russian president in Vladivostok this month, officials say.",
                body: include_str!("pages/harbour-post/kim.html"),
            },
        ],
    },
    Site {
        name: "Northern Wire Daily",
        slug: "northern-wire",
        language: "en-US",
        format: Format::Rss,
        feed_path: "/feeds/all.xml",
        shell: include_str!("pages/northern-wire/shell.html"),
        pieces: &[
            Piece {
                since: Phase::Baseline,
                date: september(3, 13, 0),
                path: "/a/2023-09-03-rover",
                section: "science",
                title: "India's moon rover is put to sleep after two weeks of work",
                byline: "Dale Whitcomb",
                summary: "Engineers will call the rover again when the sun rises around September 22.",
                body: include_str!("pages/northern-wire/rover.html"),
            },
            Piece {
                since: Phase::Breaks,
                date: september(4, 8, 20),
                path: "/a/2023-09-04-grain",
                section: "world",
                title: "Erdogan heads to Sochi to win Putin back for the grain deal",
                byline: "Priya Lund",
                summary: "The agreement that let Ukraine ship its wheat lapsed in July.",
                body: include_str!("pages/northern-wire/grain.html"),
            },
            Piece {
                since: Phase::Retold,
                date: september(4, 17, 5),
                path: "/a/2023-09-04-kim",
                section: "world",
                title: "Kim to take armored train to Russia for arms talks with Putin - NYT",
                byline: "Priya Lund",
                summary: "The North Korean leader would travel to Vladivostok this month, according to the NYT.",
                body: include_str!("pages/northern-wire/kim.html"),
            },
        ],
    },
    Site {
        name: expected::UPDATE_OUTLET,
        slug: "fil-du-monde",
        language: "en",
        format: Format::Atom,
        feed_path: "/atom.xml",
        shell: include_str!("pages/fil-du-monde/shell.html"),
        pieces: &[
            Piece {
                since: Phase::Baseline,
                date: september(1, 6, 30),
                path: "/table/early-harvest.html",
                section: "table",
                title: "Above the Saône, the grapes could not wait",
                byline: "Sylvie Aubert",
                summary: "The harvest has begun nine days earlier than usual.",
                body: include_str!("pages/fil-du-monde/harvest.html"),
            },
            Piece {
                since: Phase::Baseline,
                date: september(3, 20, 30),
                path: "/international/kyiv-minister.html",
                section: "international",
                title: "Kyiv changes its minister of defence in the middle of the war",
                byline: "Marc Delorme",
                summary: "Oleksii Reznikov goes, Rustem Umerov is to come.",
                body: include_str!("pages/fil-du-monde/minister.html"),
            },
            Piece {
                since: Phase::Retold,
                date: september(4, 18, 30),
                path: "/international/kim-vladivostok.html",
                section: "international",
                title: "Pyongyang's leader to meet Putin in Vladivostok, with shells and missiles on the agenda",
                byline: "Marc Delorme",
                summary: "The New York Times reports that Kim Jong-un plans to travel to Russia this month.",
                body: include_str!("pages/fil-du-monde/kim.html"),
            },
            Piece {
                since: Phase::Update,
                date: september(5, 9, 40),
                path: "/international/white-house-kim.html",
                section: "international",
                title: expected::UPDATE_TITLE,
                byline: "Marc Delorme",
                summary: "Washington reminds North Korea of its promise not to sell arms, and threatens sanctions.",
                body: include_str!("pages/fil-du-monde/statement.html"),
            },
        ],
    },
    Site {
        name: "Asia Ledger",
        slug: "asia-ledger",
        language: "en",
        format: Format::Json,
        feed_path: "/feed.json",
        shell: include_str!("pages/asia-ledger/shell.html"),
        pieces: &[
            Piece {
                since: Phase::Baseline,
                date: september(4, 2, 0),
                path: "/tech/reservoir-full",
                section: "tech",
                title: "Taiwan's chip makers send the water lorries home",
                byline: "Chen Mei-hui",
                summary: "A typhoon fills the reservoir that the factories drink from.",
                body: include_str!("pages/asia-ledger/reservoir.html"),
            },
            Piece {
                since: Phase::Baseline,
                date: september(4, 9, 15),
                path: "/markets/seoul-shrugs",
                section: "markets",
                title: "Seoul's markets shrug at the North's missile drill",
                byline: "Daniel Yoo",
                summary: "The benchmark closed half a percent higher.",
                body: include_str!("pages/asia-ledger/drill.html"),
            },
            Piece {
                since: Phase::Retold,
                date: september(4, 21, 10),
                path: "/politics/kim-putin-munitions",
                section: "politics",
                title: "DPRK's Kim to meet Putin in Russia over munitions for Ukraine war: New York Times",
                byline: "Daniel Yoo",
                summary: "Artillery rounds for technology and food: the two leaders could meet this month.",
                body: include_str!("pages/asia-ledger/kim.html"),
            },
        ],
    },
    Site {
        name: expected::SIDEBAR_OUTLET,
        slug: "metro-courier",
        language: "en",
        format: Format::Rss,
        feed_path: "/rss",
        shell: include_str!("pages/metro-courier/shell.html"),
        pieces: &[
            Piece {
                since: Phase::Baseline,
                date: september(1, 17, 0),
                path: "/news/bus-lane-stays",
                section: "news",
                title: "Bus lane on Corporation Road stays after boy's tally",
                byline: "Courier reporters",
                summary: "A school exercise book decided five hours of debate.",
                body: include_str!("pages/metro-courier/buses.html"),
            },
            Piece {
                since: Phase::Baseline,
                date: september(2, 17, 30),
                path: "/football/rovers-united",
                section: "football",
                title: "Rovers 2, United 2: Hartley's long way back",
                byline: "Gus Merrow",
                summary: "Two goals down at Tanner Street, and then came Okoro.",
                body: include_str!("pages/metro-courier/football.html"),
            },
            Piece {
                since: Phase::Breaks,
                date: september(4, 16, 0),
                path: expected::SIDEBAR_PATH,
                section: "food",
                title: expected::SIDEBAR_TITLE,
                byline: "Nell Ottaway",
                summary: "One pot for cold evenings, with beans, barley and smoked paprika.",
                body: include_str!("pages/metro-courier/stew.html"),
            },
            Piece {
                since: Phase::Retold,
                date: september(4, 19, 20),
                path: "/world/kim-train-putin",
                section: "world",
                title: "North Korea's leader 'to visit Putin by armoured train' to talk weapons",
                byline: "Courier reporters",
                summary: "Shells and missiles for Russia, food and technology for Kim.",
                body: include_str!("pages/metro-courier/kim.html"),
            },
        ],
    },
    Site {
        name: "Pacific Bulletin",
        slug: "pacific-bulletin",
        language: "en-NZ",
        format: Format::Listing,
        feed_path: "/latest",
        shell: include_str!("pages/pacific-bulletin/shell.html"),
        pieces: &[
            Piece {
                since: Phase::Baseline,
                date: september(3, 5, 0),
                path: "/outdoors/2023/whale-bay-rip",
                section: "outdoors",
                title: "Nine swimmers saved from one rip at Whale Bay",
                byline: "Hemi Ross",
                summary: "The sandbank has moved, and the calm water is the dangerous one.",
                body: include_str!("pages/pacific-bulletin/surf.html"),
            },
            Piece {
                since: Phase::Retold,
                date: september(4, 20, 45),
                path: "/world/2023/kim-putin-vladivostok",
                section: "world",
                title: "Mr Kim plans September trip to Vladivostok for arms talks with Putin",
                byline: "Bulletin staff",
                summary: "By train, and with shells on the list, officials say.",
                body: include_str!("pages/pacific-bulletin/kim.html"),
            },
            Piece {
                since: Phase::Retold,
                date: september(4, 21, 0),
                path: "/outdoors/2023/good-night-pragyan",
                section: "outdoors",
                title: "Good night, little rover: Signal Hill waits for the moon to wake",
                byline: "Ana Tuala",
                summary: "Forty children followed India's rover metre by metre.",
                body: include_str!("pages/pacific-bulletin/moon.html"),
            },
        ],
    },
];

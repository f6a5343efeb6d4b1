-- Version 1. Times are milliseconds since 1970 UTC. JSON columns hold values of the rooms that made them.

CREATE TABLE source (
    id            TEXT    NOT NULL PRIMARY KEY,
    kind          TEXT    NOT NULL,           -- feed, links, watch
    url           TEXT    NOT NULL,
    name          TEXT,                       -- as the person named it
    title         TEXT,                       -- as the feed names itself
    host          TEXT    NOT NULL,
    configured    INTEGER NOT NULL,           -- 0: no longer in the configuration; kept, not polled
    next_check    INTEGER NOT NULL,
    why_next      TEXT    NOT NULL,
    last_attempt  INTEGER,
    last_success  INTEGER,
    last_full     INTEGER,
    failures      INTEGER NOT NULL DEFAULT 0,
    busy          INTEGER NOT NULL DEFAULT 0,
    gone          INTEGER NOT NULL DEFAULT 0,
    error         TEXT,
    etag          BLOB,
    last_modified BLOB,
    body_hash     TEXT,
    baseline_done INTEGER NOT NULL DEFAULT 0,
    empty_since   INTEGER,                    -- the first look, if it found no entry
    resting       INTEGER NOT NULL DEFAULT 0,
    polls         INTEGER NOT NULL DEFAULT 0,
    useful        INTEGER NOT NULL DEFAULT 0,
    fresh_for     INTEGER,
    ttl_minutes   INTEGER,
    watched_text  TEXT,                       -- the last text of a watched page
    about         TEXT,                       -- feed::About: what the last full answer says of itself
    learnt        TEXT                        -- feed::Learnt: how it names its entries
) STRICT;
CREATE INDEX source_due ON source (next_check) WHERE configured = 1 AND resting = 0;

-- That an entry was seen outlives its text: feeds bring old items back. The marks are hashes of 8 bytes.
CREATE TABLE seen (
    source       TEXT    NOT NULL,
    key          TEXT    NOT NULL,
    content_hash TEXT    NOT NULL,            -- of the last version that was stored; empty if its page is to be tried again
    tries        INTEGER NOT NULL DEFAULT 0,  -- failed attempts at its page
    id_mark      INTEGER,
    link_mark    INTEGER,
    title_mark   INTEGER,
    said_mark    INTEGER,                     -- host, title and text
    dated_mark   INTEGER,                     -- title and date
    first_seen   INTEGER NOT NULL,
    last_seen    INTEGER NOT NULL,            -- moved on at most once a week
    PRIMARY KEY (source, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX seen_recently ON seen (source, last_seen);

-- Entries that were told under another id or address before: they make no report, and this says why.
CREATE TABLE repost (
    url    TEXT    NOT NULL,
    source TEXT    NOT NULL,
    of     TEXT    NOT NULL,                  -- the key of the entry that it repeats
    why    TEXT    NOT NULL,
    found  INTEGER NOT NULL,
    PRIMARY KEY (url, source)
) STRICT, WITHOUT ROWID;
CREATE INDEX repost_of ON repost (source, of);

CREATE TABLE story (
    id    INTEGER PRIMARY KEY,
    title TEXT    NOT NULL,
    first INTEGER NOT NULL,
    last  INTEGER NOT NULL,
    view  TEXT    NOT NULL                    -- story::StoryView
) STRICT;
CREATE INDEX story_last ON story (last);

-- One article from one outlet, a row a version.
CREATE TABLE report (
    id             INTEGER PRIMARY KEY,
    source         TEXT    NOT NULL,
    key            TEXT    NOT NULL,
    content_hash   TEXT    NOT NULL,
    url            TEXT,
    canonical_url  TEXT,
    outlet         TEXT    NOT NULL,
    byline         TEXT,
    published      INTEGER,
    published_from TEXT    NOT NULL,
    modified       INTEGER,
    language       TEXT,
    site           TEXT,
    text_from      TEXT    NOT NULL,          -- article::TextFrom
    text_hash      TEXT    NOT NULL,
    found          INTEGER NOT NULL,          -- when newswatch read it
    baseline       INTEGER NOT NULL,
    time           INTEGER NOT NULL,          -- published if plausible, else found: what orders stories
    story          INTEGER NOT NULL REFERENCES story (id),
    kind           TEXT    NOT NULL,          -- story::NewsKind
    likeness       REAL    NOT NULL,
    candidates     TEXT    NOT NULL,          -- [story::Candidate]
    origins        TEXT    NOT NULL,          -- [story::Origin]
    novel          TEXT    NOT NULL,          -- [story::NovelSentence]
    UNIQUE (source, key, content_hash, text_hash, found)
) STRICT;
CREATE INDEX report_story ON report (story, id);
CREATE INDEX report_found ON report (found);
CREATE INDEX report_url ON report (url);
CREATE INDEX report_canonical_url ON report (canonical_url);

-- The text, apart, so that it can be pruned; id is the report's.
CREATE TABLE report_text (
    id        INTEGER PRIMARY KEY REFERENCES report (id) ON DELETE CASCADE,
    title     TEXT NOT NULL,
    lead      TEXT NOT NULL,
    body      TEXT NOT NULL,
    furniture TEXT NOT NULL
) STRICT;

CREATE VIRTUAL TABLE report_search USING fts5 (
    title, lead, body, content = 'report_text', content_rowid = 'id', tokenize = 'unicode61 remove_diacritics 2'
);
CREATE TRIGGER report_text_insert AFTER INSERT ON report_text BEGIN
    INSERT INTO report_search (rowid, title, lead, body) VALUES (new.id, new.title, new.lead, new.body);
END;
CREATE TRIGGER report_text_delete AFTER DELETE ON report_text BEGIN
    INSERT INTO report_search (report_search, rowid, title, lead, body)
    VALUES ('delete', old.id, old.title, old.lead, old.body);
END;

-- Every decision about a hit, for and against, with its reason and the whole evaluation.
CREATE TABLE verdict (
    report     INTEGER NOT NULL REFERENCES report (id) ON DELETE CASCADE,
    topic      TEXT    NOT NULL,
    matched    INTEGER NOT NULL,
    raised     INTEGER NOT NULL,
    kind       TEXT    NOT NULL,              -- alert::VerdictKind
    why        TEXT    NOT NULL,
    evaluation TEXT    NOT NULL,              -- topic::Evaluation
    decided    INTEGER NOT NULL,
    alert      INTEGER,
    PRIMARY KEY (report, topic)
) STRICT, WITHOUT ROWID;
CREATE INDEX verdict_matched ON verdict (topic, decided) WHERE matched = 1;

-- What the person is told: one row a story and topic, rewritten at each revision.
CREATE TABLE alert (
    id         INTEGER PRIMARY KEY,
    topic      TEXT    NOT NULL,
    topic_name TEXT    NOT NULL,
    story      INTEGER NOT NULL,
    revision   INTEGER NOT NULL,
    severity   TEXT    NOT NULL,
    kind       TEXT    NOT NULL,
    title      TEXT    NOT NULL,
    body       TEXT    NOT NULL,
    url        TEXT,
    why        TEXT    NOT NULL,
    raised     INTEGER NOT NULL,              -- this revision
    first      INTEGER NOT NULL,              -- the first one
    told       TEXT    NOT NULL,              -- alert::Told
    UNIQUE (topic, story)
) STRICT;
CREATE INDEX alert_raised ON alert (raised);

-- The outbox: the revision that a channel should show, and the one that it took.
CREATE TABLE delivery (
    alert    INTEGER NOT NULL REFERENCES alert (id) ON DELETE CASCADE,
    channel  TEXT    NOT NULL,
    wanted   INTEGER NOT NULL,
    told     INTEGER NOT NULL DEFAULT 0,
    loud     INTEGER NOT NULL DEFAULT 0,      -- the last revision to be told aloud; done once told has reached it
    kind     TEXT    NOT NULL,                -- of that revision
    due      INTEGER NOT NULL,
    tries    INTEGER NOT NULL DEFAULT 0,      -- failed ones since the last that was taken
    error    TEXT,
    handle   TEXT,
    at       INTEGER,                         -- of the last try
    PRIMARY KEY (alert, channel)
) STRICT, WITHOUT ROWID;
CREATE INDEX delivery_due ON delivery (due) WHERE told < wanted;

-- What the daemon says of itself, for `status`: started, stopped, reload, beat.
CREATE TABLE note (
    name TEXT    NOT NULL PRIMARY KEY,
    at   INTEGER NOT NULL,
    text TEXT    NOT NULL
) STRICT, WITHOUT ROWID;

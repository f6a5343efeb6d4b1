-- Polling: what a source answered last; the sources of one host; hosts that want quiet.

ALTER TABLE source ADD COLUMN status INTEGER;          -- of its last answer, as HTTP has it; NULL: none came
ALTER TABLE source ADD COLUMN at_home INTEGER NOT NULL DEFAULT 0; -- the configured address is asked, as the other fails
ALTER TABLE source ADD COLUMN quiet_until INTEGER;     -- until when its server asked to be left alone
ALTER TABLE source ADD COLUMN pace TEXT;               -- interval, floor and ceiling by which it was planned, in seconds
CREATE INDEX source_host ON source (host);

-- Hosts that want to be left alone for a while (429, 503, a rate limit that is used up).
CREATE TABLE quiet (
    host  TEXT    NOT NULL PRIMARY KEY,       -- as fetch::host names it
    until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What each report costs to store.

-- A source's entries are read all at once, and sorted then.
DROP INDEX seen_recently;
-- Most addresses are canonical, and found as that.
DROP INDEX report_url;
CREATE INDEX report_url ON report (url) WHERE url IS NOT canonical_url;
-- Each transaction makes a piece of the full-text index: more of them wait before they are merged.
INSERT INTO report_search (report_search, rank) VALUES ('automerge', 16), ('crisismerge', 32);
-- A statement that fires a trigger opens a savepoint, and at each savepoint the full-text index writes out what it holds: a
-- piece of it for each report. Without the trigger, one for each transaction.
DROP TRIGGER report_text_insert;

-- What repeats on the pages of a host.
CREATE TABLE template (
    host  TEXT    NOT NULL PRIMARY KEY,
    pages BLOB    NOT NULL,                   -- article::Template
    seen  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
ALTER TABLE report ADD COLUMN evidence TEXT;           -- (article::Evidence, article::Kind); NULL: from a feed

-- Entries whose pages are still to be read. They were told from their feeds; a look reads their pages also when
-- the feed itself has nothing new.

CREATE TABLE waiting (
    source TEXT    NOT NULL,
    key    TEXT    NOT NULL,
    since  INTEGER NOT NULL,
    entry  TEXT    NOT NULL,                  -- feed::Entry
    PRIMARY KEY (source, key)
) STRICT, WITHOUT ROWID;

-- Scale: what each report costs to store.

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

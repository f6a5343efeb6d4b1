-- Polling: what a source answered last; the sources of one host; hosts that want quiet.

ALTER TABLE source ADD COLUMN status INTEGER;          -- of its last answer, as HTTP has it; NULL: none came
CREATE INDEX source_host ON source (host);

-- Hosts that want to be left alone for a while (429, 503, a rate limit that is used up).
CREATE TABLE quiet (
    host  TEXT    NOT NULL PRIMARY KEY,       -- as fetch::host names it
    until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

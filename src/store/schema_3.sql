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

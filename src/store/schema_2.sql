-- Polling: what is known of a source's habits, moves and health; what robots.txt says.

ALTER TABLE source ADD COLUMN rhythm TEXT;             -- source::Rhythm: what the feed says about how often to look
UPDATE source SET rhythm = json_object('ttl_minutes', ttl_minutes) WHERE ttl_minutes IS NOT NULL;
ALTER TABLE source DROP COLUMN ttl_minutes;
ALTER TABLE source ADD COLUMN cadence BLOB;            -- source::Cadence: when it publishes
ALTER TABLE source ADD COLUMN address TEXT;            -- where it is, if it moved for good
ALTER TABLE source ADD COLUMN at_home INTEGER NOT NULL DEFAULT 0; -- the configured address is asked, as the other fails
ALTER TABLE source ADD COLUMN moving TEXT;             -- source::Moving: a move that is not believed yet
ALTER TABLE source ADD COLUMN quiet_until INTEGER;     -- until when its server asked to be left alone
ALTER TABLE source ADD COLUMN pace TEXT;               -- interval, floor and ceiling by which it was planned, in seconds
ALTER TABLE source ADD COLUMN counted INTEGER;         -- when a failure was last counted
ALTER TABLE source ADD COLUMN failing_since INTEGER;
ALTER TABLE source ADD COLUMN error_class TEXT;
ALTER TABLE source ADD COLUMN bytes INTEGER NOT NULL DEFAULT 0;
ALTER TABLE source ADD COLUMN health TEXT;             -- alert::Health: what was told about the source itself
ALTER TABLE source ADD COLUMN status INTEGER;          -- HTTP status of the last answer
ALTER TABLE source ADD COLUMN gap TEXT;                -- source::Gap: when entries may have been missed

-- What the robots.txt of an origin (scheme, host, port) says to newswatch.
CREATE TABLE robots (
    origin        TEXT    NOT NULL PRIMARY KEY,
    asked         INTEGER NOT NULL,           -- when it was last asked for
    rules         TEXT,                       -- as robots.txt, those for us alone; NULL: never read
    failures      INTEGER NOT NULL,           -- in a row since it was last read
    failing_since INTEGER,
    why           TEXT                        -- of the last failure
) STRICT, WITHOUT ROWID;

-- Hosts that want to be left alone for a while (429, 503, a rate limit that is used up).
CREATE TABLE quiet (
    host  TEXT    NOT NULL PRIMARY KEY,       -- as fetch::host names it
    until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

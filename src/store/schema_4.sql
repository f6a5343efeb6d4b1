-- Topics: the rules under which hits were judged, and what nearly was one.

-- A rule as it was, for as long as a verdict names it.
CREATE TABLE rule (
    hash  TEXT    NOT NULL PRIMARY KEY,       -- fingerprint of the text
    topic TEXT    NOT NULL,
    text  TEXT    NOT NULL,                   -- config::Rule: TOML that compiles by itself
    since INTEGER NOT NULL                    -- when it was first used
) STRICT, WITHOUT ROWID;
ALTER TABLE verdict ADD COLUMN rule TEXT;     -- NULL: judged before rules were kept
CREATE INDEX verdict_rule ON verdict (rule) WHERE rule IS NOT NULL;

-- How often an article hit every needed line of a topic but one, by that line and the day (UTC) it was found.
CREATE TABLE near_miss (
    topic TEXT    NOT NULL,
    day   INTEGER NOT NULL,                   -- days since 1970
    line  TEXT    NOT NULL,                   -- as written in the rule
    count INTEGER NOT NULL,
    PRIMARY KEY (topic, day, line)
) STRICT, WITHOUT ROWID;

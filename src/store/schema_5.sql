-- Since when each topic has judged what is found: one without a row was never run.

CREATE TABLE judged (
    topic TEXT    NOT NULL PRIMARY KEY,
    since INTEGER NOT NULL                    -- articles found then or later
) STRICT, WITHOUT ROWID;

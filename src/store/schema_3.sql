-- Polling: entries whose pages are still to be read. They were told from their feeds; a look reads their pages also when
-- the feed itself has nothing new.

CREATE TABLE waiting (
    source TEXT    NOT NULL,
    key    TEXT    NOT NULL,
    since  INTEGER NOT NULL,
    entry  TEXT    NOT NULL,                  -- feed::Entry
    PRIMARY KEY (source, key)
) STRICT, WITHOUT ROWID;

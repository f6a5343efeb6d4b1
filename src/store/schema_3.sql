-- Health: what a source answered last; the sources of one host.

ALTER TABLE source ADD COLUMN status INTEGER;          -- of its last answer, as HTTP has it; NULL: none came
CREATE INDEX source_host ON source (host);

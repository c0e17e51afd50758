-- Whether a run would do what the last one did.
ALTER TABLE written ADD COLUMN inputs TEXT NOT NULL DEFAULT ''; -- hash of everything that the file depends on

-- What the last run of a month saw and left behind; nothing where it would not do the same again.
CREATE TABLE run (
    month TEXT NOT NULL PRIMARY KEY, -- "2026-11"
    seen TEXT NOT NULL               -- JSON: settings, sources, results, report
) WITHOUT ROWID;

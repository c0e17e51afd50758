-- Version 2. Where each input was read, by which rules points were given, overrides, actions.
ALTER TABLE snapshot ADD COLUMN cards TEXT NOT NULL DEFAULT '[]';    -- JSON: the scorecards
ALTER TABLE account ADD COLUMN places TEXT NOT NULL DEFAULT '[]';    -- JSON: list.number, row in its sheet
ALTER TABLE account ADD COLUMN overrides TEXT NOT NULL DEFAULT '[]'; -- JSON: status, reason, until, by, ends, live

-- Client tables that were read.
CREATE TABLE list (
    month TEXT NOT NULL REFERENCES snapshot ON DELETE CASCADE,
    number INTEGER NOT NULL,
    file TEXT NOT NULL,              -- below the inbox
    hash TEXT NOT NULL,              -- of the file's content
    sheet TEXT NOT NULL,
    columns TEXT NOT NULL,           -- JSON: measure → letters of its column
    PRIMARY KEY (month, number)
) WITHOUT ROWID;

-- What departments typed beside their clients, and what they did not finish in earlier months.
CREATE TABLE action (
    month TEXT NOT NULL REFERENCES snapshot ON DELETE CASCADE,
    number INTEGER NOT NULL,
    department TEXT NOT NULL,
    client TEXT NOT NULL,
    owner TEXT,
    due INTEGER,                     -- days since 1899-12-30
    done TEXT,
    note TEXT,
    PRIMARY KEY (month, number)
) WITHOUT ROWID;

-- Version 1. One line a month, with everything that hangs on it; deleting the month deletes all of it.
CREATE TABLE snapshot (
    month TEXT NOT NULL PRIMARY KEY, -- "2026-11"
    scorecard TEXT NOT NULL,         -- hash: equal hashes mean comparable scores
    scorecard_text TEXT NOT NULL,
    fiscal_start INTEGER NOT NULL,
    full_year INTEGER NOT NULL       -- current revenue and target were full-year figures
) WITHOUT ROWID;

CREATE TABLE department (
    month TEXT NOT NULL REFERENCES snapshot ON DELETE CASCADE,
    name TEXT NOT NULL,
    delivered TEXT NOT NULL,         -- delivered, partial, not delivered
    PRIMARY KEY (month, name)
) WITHOUT ROWID;

-- Clients of the organisation.
CREATE TABLE client (
    month TEXT NOT NULL REFERENCES snapshot ON DELETE CASCADE,
    number INTEGER NOT NULL,
    name TEXT NOT NULL,
    score REAL,
    maximum REAL NOT NULL,
    shown TEXT NOT NULL,
    kpi_met INTEGER,
    key_account INTEGER NOT NULL,
    PRIMARY KEY (month, number)
) WITHOUT ROWID;

-- Clients by department.
CREATE TABLE account (
    month TEXT NOT NULL REFERENCES snapshot ON DELETE CASCADE,
    number INTEGER NOT NULL,
    department TEXT NOT NULL,
    name TEXT NOT NULL,
    client_id TEXT,
    client INTEGER,                  -- client.number
    manager TEXT,
    stage TEXT NOT NULL,             -- active, prospect, former
    let_go INTEGER NOT NULL,
    card TEXT NOT NULL,              -- name of the scorecard
    score REAL,
    maximum REAL NOT NULL,
    computed TEXT NOT NULL,
    shown TEXT NOT NULL,
    worry INTEGER,
    kpi_met INTEGER,
    inputs TEXT NOT NULL,            -- JSON: measure → value
    points TEXT NOT NULL,            -- JSON: criterion → points
    last_year TEXT NOT NULL,         -- JSON: currency → amount
    target TEXT NOT NULL,
    current TEXT NOT NULL,
    PRIMARY KEY (month, number)
) WITHOUT ROWID;

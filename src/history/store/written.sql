-- What was last written below the output folder: a file with another content was edited by a person.
CREATE TABLE written (
    path TEXT NOT NULL PRIMARY KEY,  -- "2026-11/Sales/Clients.xlsx"
    hash TEXT NOT NULL
) WITHOUT ROWID;

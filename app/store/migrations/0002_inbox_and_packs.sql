-- Questions that wait for a day, and a record of every pack that was handed out.

ALTER TABLE decision ADD COLUMN snoozed_until INTEGER;   -- a day; its question comes back by itself then

CREATE TABLE pack (               -- a record: what was handed out when. Never undone.
    id INTEGER PRIMARY KEY,
    at TEXT NOT NULL,             -- UTC, ISO, milliseconds
    year INTEGER NOT NULL,
    as_of INTEGER NOT NULL,
    name TEXT NOT NULL,           -- of the folder or the file, without where it lies
    sha256 TEXT NOT NULL,         -- of the file, or of the manifest in the folder
    files INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    net_profit_cents INTEGER NOT NULL,
    open_questions INTEGER NOT NULL
) STRICT;

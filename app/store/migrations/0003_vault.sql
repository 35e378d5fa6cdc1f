-- What proves that nothing was changed behind the program's back, and what is kept of the audit log for years.

-- Digest of the books: one keyed hash for each block of rows; their sum stands in the audit entry of every change.

-- Audit: sealed months.

-- Backups.

CREATE TABLE backup_made (        -- a record: every backup that was written and verified. Never undone.
    id INTEGER PRIMARY KEY,
    at TEXT NOT NULL,             -- UTC, ISO, milliseconds
    reason TEXT NOT NULL,         -- asked, daily, migration, rotation, restore, bulk
    place TEXT NOT NULL,          -- the full path: erasure names the copies that lie elsewhere
    sha256 TEXT NOT NULL,
    audit_seq INTEGER NOT NULL,
    tested_at TEXT                -- when it was last restored as a drill
) STRICT;

-- Erasure.

CREATE TABLE erasure_request (    -- secret: the code a person was shown, hashed; gone when used or void
    id INTEGER PRIMARY KEY,
    until TEXT NOT NULL,          -- UTC, ISO, milliseconds
    digest TEXT NOT NULL,         -- keyed, of the code and of what it erases
    tries INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE erasure (            -- a record: that something was erased, by a random number and the time only
    id INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('cleaning', 'done'))   -- cleaning: the file still holds old pages
) STRICT;

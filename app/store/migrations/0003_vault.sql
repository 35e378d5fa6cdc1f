-- What proves that nothing was changed behind the program's back, and what is kept of the audit log for years.

-- Digest of the books: one keyed hash for each block of rows; their sum stands in the audit entry of every change.

CREATE TABLE row_digest (
    table_name TEXT NOT NULL,
    block INTEGER NOT NULL,       -- so many neighbouring keys of the table, see app/store/digest.py
    mac BLOB NOT NULL,
    PRIMARY KEY (table_name, block)
) STRICT, WITHOUT ROWID;

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

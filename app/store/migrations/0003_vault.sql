-- What proves that nothing was changed behind the program's back, and what is kept of the audit log for years.

-- Digest of the books: one keyed hash for each block of rows; their sum stands in the audit entry of every change.

CREATE TABLE row_digest (
    table_name TEXT NOT NULL,
    block INTEGER NOT NULL,       -- so many neighbouring keys of the table, see app/store/digest.py
    mac BLOB NOT NULL,
    PRIMARY KEY (table_name, block)
) STRICT, WITHOUT ROWID;

-- Audit: sealed months.

CREATE TABLE audit_segment (      -- a record: old entries, compressed and encrypted; only whole ones leave, after years
    first_seq INTEGER PRIMARY KEY,
    last_seq INTEGER NOT NULL,
    month INTEGER NOT NULL,       -- 202611
    entries INTEGER NOT NULL,
    prev TEXT NOT NULL,           -- the mac before its first entry
    mac TEXT NOT NULL,            -- that of its last entry
    sha256 TEXT NOT NULL,         -- of the body
    body BLOB NOT NULL
) STRICT;
CREATE TRIGGER audit_segment_no_update BEFORE UPDATE ON audit_segment
BEGIN SELECT RAISE(ABORT, 'audit_append_only'); END;
CREATE TRIGGER audit_segment_in_order BEFORE INSERT ON audit_segment
WHEN NEW.first_seq IS NOT COALESCE((SELECT last_seq FROM audit_segment ORDER BY first_seq DESC LIMIT 1), 0) + 1
  OR NEW.last_seq < NEW.first_seq OR NEW.last_seq >= (SELECT MAX(seq) FROM audit)
BEGIN SELECT RAISE(ABORT, 'audit_append_only'); END;
-- The oldest may go once a sealed month stands seven years after it: the log itself shows the time, not today's clock.
CREATE TRIGGER audit_segment_no_delete BEFORE DELETE ON audit_segment
WHEN OLD.first_seq > (SELECT MIN(first_seq) FROM audit_segment)
  OR OLD.month + 700 > (SELECT MAX(month) FROM audit_segment)
BEGIN SELECT RAISE(ABORT, 'audit_append_only'); END;
-- An entry may leave the table only once it lies in a sealed month.
DROP TRIGGER audit_no_delete;
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit
WHEN OLD.seq > COALESCE((SELECT last_seq FROM audit_segment ORDER BY first_seq DESC LIMIT 1), 0)
BEGIN SELECT RAISE(ABORT, 'audit_append_only'); END;

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

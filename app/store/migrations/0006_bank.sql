-- Banks that are linked: which, through which accounts, how far they were read, and what left this machine for it.
-- No token stands here in clear: sealed tokens and the device key lie in the keychain, or sealed in `bank_secret`.

CREATE TABLE bank_connection (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    item_id TEXT NOT NULL UNIQUE,
    institution_id TEXT,
    institution TEXT NOT NULL,
    env TEXT NOT NULL,
    cursor TEXT NOT NULL DEFAULT '',          -- after the last update that was kept whole
    history TEXT NOT NULL DEFAULT 'loading' CHECK (history IN ('loading', 'initial', 'complete')),
    ended INTEGER NOT NULL DEFAULT 0 CHECK (ended IN (0, 1))
) STRICT;

CREATE TABLE bank_state (         -- a record: how the last looks at a bank went; a look that brings nothing is no change
    connection_id INTEGER PRIMARY KEY,
    health TEXT NOT NULL DEFAULT 'ok' CHECK (health IN ('ok', 'reconnect', 'gone', 'waiting')),
    synced_at INTEGER,                        -- ms since 1970, of the last update that came whole, with rows or without
    synced_day INTEGER,                       -- the civil day of that moment: so far the months are covered
    tried_at INTEGER,
    failures INTEGER NOT NULL DEFAULT 0,      -- tries in a row that failed or found a bank not ready yet
    restarts INTEGER NOT NULL DEFAULT 0,      -- updates in a row that the bank changed while they were read
    held_back TEXT NOT NULL DEFAULT '',       -- sealed years, in which rows came that were not written
    awaited_since INTEGER,                    -- ms since 1970, when the rows of the past were asked for
    consent_ends INTEGER,                     -- the civil day a permission given for a time ends, as heard last
    resumes_for TEXT,                         -- the cursor of the connection in whose place `resumes_at` stands: all
    resumes_at TEXT                           -- rows were read again from the beginning, and none had changed
) STRICT;

CREATE TABLE bank_account (       -- an account of a bank, and the account of the books its rows go to
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    connection_id INTEGER NOT NULL REFERENCES bank_connection (id) DEFERRABLE INITIALLY DEFERRED,
    account_id INTEGER NOT NULL REFERENCES account (id) DEFERRABLE INITIALLY DEFERRED,
    provider_id TEXT NOT NULL,
    persistent_id TEXT,
    last4 TEXT,
    type TEXT NOT NULL,
    subtype TEXT,
    name TEXT NOT NULL,
    UNIQUE (connection_id, provider_id)
) STRICT;

CREATE TABLE bank_row (           -- which transaction of the books a row of the bank is
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    connection_id INTEGER NOT NULL REFERENCES bank_connection (id) DEFERRABLE INITIALLY DEFERRED,
    provider_id TEXT NOT NULL,
    transaction_id INTEGER NOT NULL REFERENCES transactions (id) DEFERRABLE INITIALLY DEFERRED,
    UNIQUE (connection_id, provider_id)
) STRICT;
CREATE INDEX bank_row_transaction ON bank_row (transaction_id);

CREATE TABLE egress (             -- a record: each call that left this machine
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,                      -- ms since 1970
    host TEXT NOT NULL,
    purpose TEXT NOT NULL,
    sent INTEGER NOT NULL,
    received INTEGER NOT NULL,
    allowed_by TEXT NOT NULL                  -- what the person did or set that let it happen
) STRICT;

CREATE TABLE bank_secret (        -- books without a keychain: values sealed under a subkey of the books' key
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;

CREATE TABLE bank_setting (       -- one row: the way to the banks, as the person set it up
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    mode TEXT NOT NULL CHECK (mode IN ('relay', 'own_keys')),
    relay_url TEXT,
    env TEXT NOT NULL,
    link_host TEXT                            -- sandbox only: another host of the hosted page
) STRICT;

-- Rows of one text in one account are asked for together. By the text alone, every account whose bank words a movement
-- alike is read through again for each of the others.
DROP INDEX transactions_descriptor;
CREATE INDEX transactions_descriptor ON transactions (descriptor_id, account_id);

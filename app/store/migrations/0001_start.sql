-- The books, first form. Every table stands in exactly one list of app/store/schema.py.
-- Amounts are integer cents, dates are whole days since 1970-01-01, percentages are basis points.

-- Books: facts and decisions. Journalled.

CREATE TABLE business (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    owner TEXT NOT NULL DEFAULT 'self' CHECK (owner IN ('self', 'spouse')),
    principal_code TEXT,
    profession TEXT NOT NULL DEFAULT 'other',
    sstb INTEGER NOT NULL DEFAULT 0 CHECK (sstb IN (0, 1)),
    started INTEGER,
    method TEXT NOT NULL DEFAULT 'cash' CHECK (method = 'cash')
) STRICT;

CREATE TABLE profile (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    year INTEGER NOT NULL,
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    UNIQUE (year, name)
) STRICT;

CREATE TABLE account (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    business_id INTEGER NOT NULL REFERENCES business (id) DEFERRABLE INITIALLY DEFERRED,
    name TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    role TEXT NOT NULL DEFAULT 'mixed' CHECK (role IN ('business', 'personal', 'mixed', 'reserve')),
    institution TEXT,
    last4 TEXT,
    fingerprint TEXT,             -- keyed hash of the number; the number itself is never stored
    currency TEXT NOT NULL DEFAULT 'USD',
    opening_cents INTEGER NOT NULL DEFAULT 0,
    opening_known INTEGER NOT NULL DEFAULT 0 CHECK (opening_known IN (0, 1)),
    removed INTEGER NOT NULL DEFAULT 0 CHECK (removed IN (0, 1))
) STRICT;

CREATE TABLE imported_file (      -- one row for each account of a file
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id INTEGER NOT NULL REFERENCES account (id) DEFERRABLE INITIALLY DEFERRED,
    name TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    format TEXT NOT NULL,
    layout TEXT NOT NULL,
    first_day INTEGER,            -- the stated period, else first to last row
    last_day INTEGER,
    row_count INTEGER NOT NULL,
    added INTEGER NOT NULL,
    duplicates INTEGER NOT NULL,
    masked INTEGER NOT NULL,
    sum_cents INTEGER NOT NULL,
    balance_cents INTEGER,
    balance_day INTEGER,
    sets_opening INTEGER NOT NULL DEFAULT 0 CHECK (sets_opening IN (0, 1)),
    troubles TEXT NOT NULL DEFAULT '{}'   -- JSON: skipped and rejected rows, line and reason
) STRICT;
CREATE INDEX imported_file_sha256 ON imported_file (sha256);
CREATE INDEX imported_file_account ON imported_file (account_id);

CREATE TABLE transactions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    business_id INTEGER NOT NULL REFERENCES business (id) DEFERRABLE INITIALLY DEFERRED,
    account_id INTEGER NOT NULL REFERENCES account (id) DEFERRABLE INITIALLY DEFERRED,
    descriptor_id INTEGER NOT NULL,       -- interned text, a record: see ADR 0003
    tax_date INTEGER NOT NULL,            -- decides month, quarter and year
    posted_date INTEGER NOT NULL,
    transacted_date INTEGER,
    cents INTEGER NOT NULL,
    currency TEXT NOT NULL DEFAULT 'USD',
    usd_cents INTEGER,                    -- for rows in another currency
    gross_cents INTEGER,
    fee_cents INTEGER,
    pending INTEGER NOT NULL DEFAULT 0 CHECK (pending IN (0, 1)),
    source_key INTEGER,                   -- day and hash of what makes the row itself at its source
    file_id INTEGER REFERENCES imported_file (id) DEFERRABLE INITIALLY DEFERRED,
    line INTEGER
) STRICT;
CREATE UNIQUE INDEX transactions_source ON transactions (account_id, source_key);
CREATE INDEX transactions_date ON transactions (tax_date);
-- Rows whose tax date a person moved far from the posting date: what looks for posting days by `tax_date` asks here too.
CREATE INDEX transactions_moved ON transactions (posted_date) WHERE ABS(tax_date - posted_date) > 10;
CREATE INDEX transactions_foreign ON transactions (account_id) WHERE currency <> 'USD';
CREATE INDEX transactions_descriptor ON transactions (descriptor_id);

CREATE TABLE source_row (         -- a row of a later file that was already in the books
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    file_id INTEGER NOT NULL REFERENCES imported_file (id) DEFERRABLE INITIALLY DEFERRED,
    line INTEGER NOT NULL,
    transaction_id INTEGER NOT NULL REFERENCES transactions (id) DEFERRABLE INITIALLY DEFERRED
) STRICT;
CREATE INDEX source_row_transaction ON source_row (transaction_id);

CREATE TABLE decision (           -- what a person settled about a row; null = not decided
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    transaction_id INTEGER NOT NULL UNIQUE REFERENCES transactions (id) DEFERRABLE INITIALLY DEFERRED,
    kind TEXT,
    line TEXT,
    percent INTEGER CHECK (percent BETWEEN 0 AND 10000),
    business_id INTEGER REFERENCES business (id) DEFERRABLE INITIALLY DEFERRED,
    merchant TEXT,
    note TEXT,
    tags TEXT NOT NULL DEFAULT '',
    is_split INTEGER NOT NULL DEFAULT 0 CHECK (is_split IN (0, 1)),
    deleted_reason TEXT,          -- not null = deleted; the row stays so that no import brings it back
    skipped INTEGER NOT NULL DEFAULT 0 CHECK (skipped IN (0, 1))
) STRICT;

CREATE TABLE part (               -- only for split rows; the parts sum to the row
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    transaction_id INTEGER NOT NULL REFERENCES transactions (id) DEFERRABLE INITIALLY DEFERRED,
    ordinal INTEGER NOT NULL,
    cents INTEGER NOT NULL,
    kind TEXT NOT NULL,
    line TEXT NOT NULL,
    percent INTEGER NOT NULL CHECK (percent BETWEEN 0 AND 10000),
    UNIQUE (transaction_id, ordinal)
) STRICT;

CREATE TABLE link (               -- decided: two rows belong together, or surely not
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    type TEXT NOT NULL,
    first_id INTEGER NOT NULL REFERENCES transactions (id) DEFERRABLE INITIALLY DEFERRED,
    second_id INTEGER NOT NULL REFERENCES transactions (id) DEFERRABLE INITIALLY DEFERRED,
    cents INTEGER NOT NULL,
    UNIQUE (first_id, second_id, type)
) STRICT;
CREATE INDEX link_second ON link (second_id);

CREATE TABLE rule (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    position INTEGER NOT NULL,
    is_on INTEGER NOT NULL DEFAULT 1 CHECK (is_on IN (0, 1)),
    text TEXT,
    amount_min INTEGER,
    amount_max INTEGER,
    account_id INTEGER REFERENCES account (id) DEFERRABLE INITIALLY DEFERRED,
    sign INTEGER CHECK (sign IN (-1, 1)),
    kind TEXT NOT NULL,
    line TEXT NOT NULL,
    percent INTEGER NOT NULL DEFAULT 10000 CHECK (percent BETWEEN 0 AND 10000),
    ask INTEGER NOT NULL DEFAULT 0 CHECK (ask IN (0, 1))
) STRICT;

CREATE TABLE answer (             -- memory: one answer for a merchant, a direction and an account
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    merchant_key TEXT NOT NULL,
    sign INTEGER NOT NULL CHECK (sign IN (-1, 1)),
    account_id INTEGER NOT NULL REFERENCES account (id) DEFERRABLE INITIALLY DEFERRED,
    kind TEXT NOT NULL,
    line TEXT NOT NULL,
    percent INTEGER NOT NULL CHECK (percent BETWEEN 0 AND 10000),
    ask INTEGER NOT NULL DEFAULT 0 CHECK (ask IN (0, 1)),
    UNIQUE (merchant_key, sign, account_id)
) STRICT;

CREATE TABLE tax_payment (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    paid_date INTEGER NOT NULL,
    cents INTEGER NOT NULL,
    jurisdiction TEXT NOT NULL,
    for_year INTEGER NOT NULL,
    type TEXT NOT NULL,
    confirmation TEXT,
    transaction_id INTEGER REFERENCES transactions (id) DEFERRABLE INITIALLY DEFERRED
) STRICT;

CREATE TABLE mapping (            -- how a CSV header of unknown layout is read
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE,
    signature TEXT NOT NULL UNIQUE,
    body TEXT NOT NULL
) STRICT;

CREATE TABLE sealed_year (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    year INTEGER NOT NULL UNIQUE,
    first_day INTEGER NOT NULL,
    last_day INTEGER NOT NULL
) STRICT;

-- The seal: no fact and no decision of a sealed year changes, whatever code asks.
CREATE TRIGGER sealed_transactions_insert BEFORE INSERT ON transactions
WHEN EXISTS (SELECT 1 FROM sealed_year WHERE NEW.tax_date BETWEEN first_day AND last_day)
BEGIN SELECT RAISE(ABORT, 'sealed_year'); END;
CREATE TRIGGER sealed_transactions_update BEFORE UPDATE ON transactions
WHEN EXISTS (SELECT 1 FROM sealed_year
             WHERE NEW.tax_date BETWEEN first_day AND last_day OR OLD.tax_date BETWEEN first_day AND last_day)
BEGIN SELECT RAISE(ABORT, 'sealed_year'); END;
CREATE TRIGGER sealed_transactions_delete BEFORE DELETE ON transactions
WHEN EXISTS (SELECT 1 FROM sealed_year WHERE OLD.tax_date BETWEEN first_day AND last_day)
BEGIN SELECT RAISE(ABORT, 'sealed_year'); END;
CREATE TRIGGER sealed_decision_insert BEFORE INSERT ON decision
WHEN EXISTS (SELECT 1 FROM sealed_year JOIN transactions t ON t.tax_date BETWEEN first_day AND last_day
             WHERE t.id = NEW.transaction_id)
BEGIN SELECT RAISE(ABORT, 'sealed_year'); END;
CREATE TRIGGER sealed_decision_update BEFORE UPDATE ON decision
WHEN EXISTS (SELECT 1 FROM sealed_year JOIN transactions t ON t.tax_date BETWEEN first_day AND last_day
             WHERE t.id IN (OLD.transaction_id, NEW.transaction_id))
BEGIN SELECT RAISE(ABORT, 'sealed_year'); END;
CREATE TRIGGER sealed_decision_delete BEFORE DELETE ON decision
WHEN EXISTS (SELECT 1 FROM sealed_year JOIN transactions t ON t.tax_date BETWEEN first_day AND last_day
             WHERE t.id = OLD.transaction_id)
BEGIN SELECT RAISE(ABORT, 'sealed_year'); END;
CREATE TRIGGER sealed_part_insert BEFORE INSERT ON part
WHEN EXISTS (SELECT 1 FROM sealed_year JOIN transactions t ON t.tax_date BETWEEN first_day AND last_day
             WHERE t.id = NEW.transaction_id)
BEGIN SELECT RAISE(ABORT, 'sealed_year'); END;
CREATE TRIGGER sealed_part_update BEFORE UPDATE ON part
WHEN EXISTS (SELECT 1 FROM sealed_year JOIN transactions t ON t.tax_date BETWEEN first_day AND last_day
             WHERE t.id IN (OLD.transaction_id, NEW.transaction_id))
BEGIN SELECT RAISE(ABORT, 'sealed_year'); END;
CREATE TRIGGER sealed_part_delete BEFORE DELETE ON part
WHEN EXISTS (SELECT 1 FROM sealed_year JOIN transactions t ON t.tax_date BETWEEN first_day AND last_day
             WHERE t.id = OLD.transaction_id)
BEGIN SELECT RAISE(ABORT, 'sealed_year'); END;

CREATE TRIGGER sealed_link_insert BEFORE INSERT ON link
WHEN EXISTS (SELECT 1 FROM sealed_year JOIN transactions t ON t.tax_date BETWEEN first_day AND last_day
             WHERE t.id IN (NEW.first_id, NEW.second_id))
BEGIN SELECT RAISE(ABORT, 'sealed_year'); END;
CREATE TRIGGER sealed_link_update BEFORE UPDATE ON link
WHEN EXISTS (SELECT 1 FROM sealed_year JOIN transactions t ON t.tax_date BETWEEN first_day AND last_day
             WHERE t.id IN (OLD.first_id, OLD.second_id, NEW.first_id, NEW.second_id))
BEGIN SELECT RAISE(ABORT, 'sealed_year'); END;
CREATE TRIGGER sealed_link_delete BEFORE DELETE ON link
WHEN EXISTS (SELECT 1 FROM sealed_year JOIN transactions t ON t.tax_date BETWEEN first_day AND last_day
             WHERE t.id IN (OLD.first_id, OLD.second_id))
BEGIN SELECT RAISE(ABORT, 'sealed_year'); END;

-- Derived: what the engine makes of facts and decisions. Rebuildable at any time.

CREATE TABLE label (              -- one for each descriptor, account and direction
    descriptor_id INTEGER NOT NULL,
    account_id INTEGER NOT NULL,
    money_in INTEGER NOT NULL,    -- 1 for rows of zero or more cents
    outcome_id INTEGER NOT NULL,
    merchant_id INTEGER NOT NULL,
    PRIMARY KEY (descriptor_id, account_id, money_in)
) STRICT, WITHOUT ROWID;

CREATE TABLE row_label (          -- where a single row differs from its group: a pair, a link, a rule on the amount
    transaction_id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    line TEXT NOT NULL,
    percent INTEGER NOT NULL,
    status TEXT NOT NULL,
    confidence INTEGER NOT NULL,
    source TEXT NOT NULL,
    reason TEXT NOT NULL,
    rule_id INTEGER
) STRICT;

CREATE TABLE pair (               -- found by the matcher
    out_id INTEGER NOT NULL,
    in_id INTEGER NOT NULL,
    type TEXT NOT NULL,
    cents INTEGER NOT NULL,
    fee_cents INTEGER NOT NULL,
    score INTEGER NOT NULL,       -- hundredths
    state TEXT NOT NULL CHECK (state IN ('linked', 'question')),
    reason TEXT NOT NULL,
    PRIMARY KEY (out_id, in_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX pair_in ON pair (in_id);

CREATE TABLE month_total (
    month INTEGER NOT NULL,       -- 202611
    business_id INTEGER NOT NULL,
    account_id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    line TEXT NOT NULL,
    booked INTEGER NOT NULL,
    currency TEXT NOT NULL,
    cents INTEGER NOT NULL,
    business_cents INTEGER NOT NULL,
    n INTEGER NOT NULL,
    PRIMARY KEY (month, business_id, account_id, kind, line, booked, currency)
) STRICT, WITHOUT ROWID;

-- Records: append-only, never undone.

CREATE TABLE outcome (            -- what labels say, each distinct saying once
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    line TEXT NOT NULL,
    percent INTEGER NOT NULL,
    status TEXT NOT NULL,
    confidence INTEGER NOT NULL,  -- 0 to 10000
    source TEXT NOT NULL,
    reason TEXT NOT NULL,
    choices TEXT NOT NULL,        -- JSON: [[kind, line, percent, confidence], …], best first
    rule_id INTEGER,
    phrase TEXT,                  -- for the matcher: transfer, card_payment, payout
    by_row INTEGER NOT NULL       -- 1 when a rule with an amount decides row by row
) STRICT;

CREATE TABLE merchant (           -- names behind descriptors, each once
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    name TEXT                     -- null while the merchant base does not know it
) STRICT;

CREATE TABLE descriptor (         -- distinct texts; the unit of classification and search
    id INTEGER PRIMARY KEY,
    crc INTEGER NOT NULL,         -- of the three texts: finds candidates, which are then compared
    text TEXT NOT NULL,
    type_word TEXT,
    memo TEXT
) STRICT;
CREATE INDEX descriptor_crc ON descriptor (crc);

CREATE TABLE operation (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL,             -- UTC, ISO, milliseconds
    actor TEXT NOT NULL,
    code TEXT NOT NULL,           -- what was done; the sentence is made when shown
    refs TEXT NOT NULL DEFAULT '{}',
    row_count INTEGER NOT NULL DEFAULT 0,
    undoes INTEGER REFERENCES operation (id),
    schema_version INTEGER NOT NULL
) STRICT;
CREATE INDEX operation_undoes ON operation (undoes) WHERE undoes IS NOT NULL;

CREATE TABLE made (               -- rows an operation inserted: whole ranges of new ids
    operation_id INTEGER NOT NULL REFERENCES operation (id),
    table_name TEXT NOT NULL,
    first_id INTEGER NOT NULL,
    last_id INTEGER NOT NULL,
    PRIMARY KEY (operation_id, table_name)
) STRICT, WITHOUT ROWID;

CREATE TABLE journal (            -- before-images; null = the row was not there
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    operation_id INTEGER NOT NULL REFERENCES operation (id),
    table_name TEXT NOT NULL,
    row_id INTEGER NOT NULL,
    before TEXT
) STRICT;
CREATE INDEX journal_row ON journal (table_name, row_id);
CREATE INDEX journal_operation ON journal (operation_id);

CREATE TABLE image_columns (      -- what the positions of a before-image meant in a schema version
    schema_version INTEGER NOT NULL,
    table_name TEXT NOT NULL,
    columns TEXT NOT NULL,        -- JSON list of names
    PRIMARY KEY (schema_version, table_name)
) STRICT, WITHOUT ROWID;

CREATE TABLE op_now (             -- the one open operation; empty between operations
    operation_id INTEGER NOT NULL
) STRICT;
CREATE TABLE op_start (           -- the last ids in use when it began
    table_name TEXT PRIMARY KEY,
    seq INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE migration (
    version INTEGER PRIMARY KEY,
    sha256 TEXT NOT NULL,
    at TEXT NOT NULL,
    undo_horizon INTEGER          -- operations up to this one can no longer be undone
) STRICT;

CREATE TABLE audit (
    seq INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    monotonic_ms INTEGER NOT NULL,
    event TEXT NOT NULL,
    actor TEXT NOT NULL,
    object_kind TEXT NOT NULL,
    object_id INTEGER,
    result TEXT NOT NULL,
    body TEXT NOT NULL,           -- canonical JSON of allow-listed fields
    prev TEXT NOT NULL,
    mac TEXT NOT NULL
) STRICT;
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'audit_append_only'); END;
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'audit_append_only'); END;
CREATE TRIGGER audit_gap_free BEFORE INSERT ON audit
WHEN NEW.seq IS NOT (SELECT COALESCE(MAX(seq), 0) + 1 FROM audit)
BEGIN SELECT RAISE(ABORT, 'audit_append_only'); END;

-- What everything else reads.

CREATE VIEW effective AS          -- one row a transaction: decision, else the row's own label, else its group's
SELECT
    t.id, t.account_id, t.descriptor_id, t.tax_date, t.posted_date, t.transacted_date, t.cents, t.currency,
    t.usd_cents, t.gross_cents, t.fee_cents, t.pending, t.file_id, t.line AS source_line,
    COALESCE(d.business_id, t.business_id) AS business_id,
    CASE WHEN d.kind IS NOT NULL THEN d.kind WHEN r.kind IS NOT NULL THEN r.kind
         ELSE COALESCE(o.kind, 'personal') END AS kind,
    CASE WHEN d.kind IS NOT NULL THEN COALESCE(d.line, 'NONE') WHEN r.kind IS NOT NULL THEN r.line
         ELSE COALESCE(o.line, 'NONE') END AS line,
    CASE WHEN d.percent IS NOT NULL THEN d.percent WHEN d.kind IS NOT NULL THEN 10000
         WHEN r.kind IS NOT NULL THEN r.percent ELSE COALESCE(o.percent, 10000) END AS percent,
    CASE WHEN d.deleted_reason IS NOT NULL THEN 'deleted' WHEN d.kind IS NOT NULL OR d.is_split = 1 THEN 'confirmed'
         WHEN r.kind IS NOT NULL THEN r.status ELSE COALESCE(o.status, 'suggested') END AS status,
    CASE WHEN d.kind IS NOT NULL THEN 10000 WHEN r.kind IS NOT NULL THEN r.confidence
         ELSE COALESCE(o.confidence, 0) END AS confidence,
    CASE WHEN d.kind IS NOT NULL THEN 'You booked it.' WHEN r.kind IS NOT NULL THEN r.reason
         ELSE COALESCE(o.reason, '') END AS reason,
    COALESCE(d.merchant, m.name) AS merchant, m.key AS merchant_key, o.choices,
    d.note, COALESCE(d.tags, '') AS tags, COALESCE(d.is_split, 0) AS is_split, COALESCE(d.skipped, 0) AS skipped
FROM transactions t
LEFT JOIN decision d ON d.transaction_id = t.id
LEFT JOIN row_label r ON r.transaction_id = t.id
LEFT JOIN label l ON l.descriptor_id = t.descriptor_id AND l.account_id = t.account_id
                 AND l.money_in = (t.cents >= 0)
LEFT JOIN outcome o ON o.id = l.outcome_id
LEFT JOIN merchant m ON m.id = l.merchant_id;

CREATE VIEW parted AS             -- one row a transaction, or one a part; `value` is what counts, in US cents
SELECT e.id, 0 AS part, e.account_id, e.business_id, e.descriptor_id, e.tax_date, e.posted_date, e.cents, e.currency,
       CASE WHEN e.currency = 'USD' THEN e.cents ELSE e.usd_cents END AS value,
       e.kind, e.line, e.percent, e.status, e.merchant, e.note, e.tags, e.file_id, e.source_line
FROM effective e
WHERE e.status <> 'deleted' AND e.pending = 0 AND e.is_split = 0 AND e.fee_cents IS NULL
UNION ALL
SELECT e.id, 1, e.account_id, e.business_id, e.descriptor_id, e.tax_date, e.posted_date, e.gross_cents, e.currency,
       CASE WHEN e.currency = 'USD' THEN e.gross_cents
            ELSE e.usd_cents - CAST(round(1.0 * e.usd_cents * e.fee_cents / NULLIF(e.cents, 0)) AS INTEGER) END,
       e.kind, e.line, e.percent, e.status, e.merchant, e.note, e.tags, e.file_id, e.source_line
FROM effective e
WHERE e.status <> 'deleted' AND e.pending = 0 AND e.is_split = 0 AND e.fee_cents IS NOT NULL
UNION ALL
SELECT e.id, CASE WHEN e.is_split THEN 1000 ELSE 2 END, e.account_id, e.business_id, e.descriptor_id, e.tax_date, e.posted_date, e.fee_cents, e.currency,
       CASE WHEN e.currency = 'USD' THEN e.fee_cents
            ELSE CAST(round(1.0 * e.usd_cents * e.fee_cents / NULLIF(e.cents, 0)) AS INTEGER) END,
       CASE WHEN e.kind IN ('income', 'refund', 'expense', 'transfer') THEN 'expense' ELSE e.kind END,
       CASE WHEN e.kind IN ('income', 'refund', 'expense', 'transfer') THEN 'C10' ELSE e.line END,
       CASE WHEN e.kind = 'transfer' THEN 10000 ELSE e.percent END,
       e.status, e.merchant, e.note, e.tags, e.file_id, e.source_line
FROM effective e
WHERE e.status <> 'deleted' AND e.pending = 0 AND e.fee_cents IS NOT NULL
UNION ALL
SELECT e.id, p.ordinal, e.account_id, e.business_id, e.descriptor_id, e.tax_date, e.posted_date, p.cents, e.currency,
       CASE WHEN e.currency = 'USD' THEN p.cents
            ELSE CAST(round(1.0 * e.usd_cents * p.cents / NULLIF(e.cents, 0)) AS INTEGER) END,
       p.kind, p.line, p.percent, CASE e.status WHEN 'deleted' THEN 'deleted' ELSE 'confirmed' END,
       e.merchant, e.note, e.tags, e.file_id, e.source_line
FROM effective e JOIN part p ON p.transaction_id = e.id
WHERE e.status <> 'deleted' AND e.pending = 0 AND e.is_split = 1;

CREATE VIEW lines AS              -- the only thing reports read
SELECT id, part, account_id, business_id, descriptor_id, tax_date, posted_date, cents, currency, value,
       kind, line, percent, status, merchant, note, tags, file_id, source_line,
       CASE WHEN value IS NULL OR line = 'NONE' OR kind NOT IN ('income', 'expense', 'refund') THEN 0
            WHEN value < 0 THEN -((-value * percent + 5000) / 10000)
            ELSE (value * percent + 5000) / 10000 END AS business_cents
FROM parted;

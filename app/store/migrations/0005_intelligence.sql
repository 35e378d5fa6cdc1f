-- What a person settled about payers, what is expected of them, and the forms 1099 they sent.
-- Amounts are integer cents, dates whole days since 1970-01-01.

-- Income. A payer is known by the lowest number of a text (descriptor) that names it: texts are never removed.

CREATE TABLE payer (              -- what a person settled about the payer a text names
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    text_id INTEGER NOT NULL UNIQUE,
    name TEXT,                                        -- null = as the texts have it
    into_text INTEGER,                                -- joined into the payer of this text
    apart INTEGER NOT NULL DEFAULT 0 CHECK (apart IN (0, 1)),      -- 1 = no likeness joins this name to another
    counted INTEGER NOT NULL DEFAULT 1 CHECK (counted IN (0, 1))   -- 0 = not a payer: in no list, its money stays
) STRICT;

CREATE TABLE payer_apart (        -- two payers of whom a person said that they are not one
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    one_text INTEGER NOT NULL,
    other_text INTEGER NOT NULL,
    UNIQUE (one_text, other_text)
) STRICT;

CREATE TABLE expected_payment (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    text_id INTEGER NOT NULL,                         -- of the payer
    due INTEGER NOT NULL,
    cents INTEGER NOT NULL CHECK (cents > 0),
    note TEXT
) STRICT;

CREATE TABLE form_1099 (          -- a form received; never the payer's or the owner's tax number
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    text_id INTEGER NOT NULL,                         -- of the payer
    year INTEGER NOT NULL,
    type TEXT NOT NULL,                               -- 1099-NEC, 1099-MISC, 1099-K
    cents INTEGER NOT NULL CHECK (cents >= 0),        -- the amount in its box
    fees_cents INTEGER NOT NULL DEFAULT 0,            -- in the box, and kept back before the deposit
    refunds_cents INTEGER NOT NULL DEFAULT 0,         -- in the box, and paid back to customers
    sales_tax_cents INTEGER NOT NULL DEFAULT 0,       -- in the box, and owed to a state
    note TEXT
) STRICT;

-- Rules: a name, a pattern, days and a counterparty. New columns stand at the end: images of earlier rows stay readable.

ALTER TABLE rule ADD COLUMN name TEXT;             -- what the person calls it
ALTER TABLE rule ADD COLUMN regex TEXT;            -- an RE2 pattern, searched in the bank's text, any case
ALTER TABLE rule ADD COLUMN date_from INTEGER;     -- the first day it holds for
ALTER TABLE rule ADD COLUMN date_to INTEGER;       -- the last
ALTER TABLE rule ADD COLUMN counterparty TEXT;     -- the merchant or payer as the program recognises it

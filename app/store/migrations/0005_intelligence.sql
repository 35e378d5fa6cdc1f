-- What the understanding of bank rows keeps: more conditions of a rule.

-- Rules: a name, a pattern, days and a counterparty. New columns stand at the end: images of earlier rows stay readable.

ALTER TABLE rule ADD COLUMN name TEXT;             -- what the person calls it
ALTER TABLE rule ADD COLUMN regex TEXT;            -- an RE2 pattern, searched in the bank's text, any case
ALTER TABLE rule ADD COLUMN date_from INTEGER;     -- the first day it holds for
ALTER TABLE rule ADD COLUMN date_to INTEGER;       -- the last
ALTER TABLE rule ADD COLUMN counterparty TEXT;     -- the merchant or payer as the program recognises it

"""How rows `t` of transactions hang together with what is said and derived of them."""

from __future__ import annotations

OF_ITS_GROUP = "l.descriptor_id = t.descriptor_id AND l.account_id = t.account_id AND l.money_in = (t.cents >= 0)"
"""The label `l` of a row: that of its text, its account and its direction."""

BY_POSTING = (
    "t.id IN (SELECT id FROM transactions WHERE tax_date BETWEEN ?1 - 10 AND ?2 + 10 "
    "UNION ALL SELECT id FROM transactions WHERE ABS(tax_date - posted_date) > 10) "
    "AND t.posted_date BETWEEN ?1 AND ?2"
)
"""Rows `t` posted in a span, found by the index on tax dates; the few that moved far have an index of their own."""

UNLINKED = (
    "NOT EXISTS (SELECT 1 FROM link k WHERE k.first_id = t.id AND k.type NOT IN ('not_duplicate', 'not_a_pair')) "
    "AND NOT EXISTS (SELECT 1 FROM link k WHERE k.second_id = t.id AND k.type NOT IN ('not_duplicate', 'not_a_pair'))"
)
"""Rows `t` that a person linked to no other. Who is kept apart from one row may still belong to a third."""

"""What the search for refunds reads: rows that may give back, and all rows of their merchants."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import NamedTuple

from app.core.dates import Day
from app.store.connection import Connection
from app.store.joins import OF_ITS_GROUP, UNLINKED
from app.store.pairs import PairRow
from app.store.row_labels import RowLabel

BACK_TYPES = ("refund", "chargeback", "reimbursement")
"""Types of pairs and links that are no movement between own accounts."""
_TYPES = "('refund', 'chargeback', 'reimbursement')"


REPAID_DAYS = 60
"""Days within which a client repays a cost (design, matching F)."""


class MoveRow(NamedTuple):
    id: int
    account_id: int
    day: Day
    cents: int
    """Before fees."""
    text: str
    type_word: str | None
    key: str
    currency: str
    memo: str | None
    net_cents: int
    source_key: int | None
    may_give: int
    """1 when the row may give money back, as far as labels, links and decisions go."""


class Standing(NamedTuple):
    """How an original counts."""

    kind: str
    line: str
    percent: int
    status: str
    is_split: int


# A shop that one buys from for oneself pays nobody: what it sends to a bank account is money back too.
_FROM_A_SHOP = "o.kind = 'personal' AND o.source IN ('merchant', 'brand') AND l.money_in = 1"
_MAY_GIVE = (
    "o.phrase IS NULL AND o.source <> 'rule' AND (o.source <> 'memory' OR o.kind = 'refund') "
    "AND (o.kind = 'refund' OR a.kind = 'credit' AND l.money_in = 1 "
    f"OR {_FROM_A_SHOP} OR a.kind IN "
    "('paypal', 'stripe', 'square', 'venmo', 'cashapp', 'wise', 'etsy', 'upwork', 'payoneer'))"
)
_FREE = (
    "(d.id IS NULL OR d.kind IS NULL AND d.is_split = 0) AND (r.transaction_id IS NULL OR r.source = 'refund') "
    f"AND {UNLINKED}"
)
_COLUMNS = (
    "t.id, t.account_id, t.posted_date, COALESCE(t.gross_cents, t.cents), x.text, x.type_word, m.key, t.currency, "
    "x.memo, t.cents, t.source_key, "
    f"{_MAY_GIVE} AND {_FREE}"
)
# Labels lead: few texts may give money back, so few transactions are looked at.
_FROM = (
    "FROM label l JOIN outcome o ON o.id = l.outcome_id JOIN account a ON a.id = l.account_id "
    f"JOIN merchant m ON m.id = l.merchant_id CROSS JOIN transactions t ON {OF_ITS_GROUP} "
    "JOIN descriptor x ON x.id = t.descriptor_id LEFT JOIN decision d ON d.transaction_id = t.id "
    "LEFT JOIN row_label r ON r.transaction_id = t.id "
    "WHERE t.pending = 0 AND t.cents <> 0 AND (d.id IS NULL OR d.deleted_reason IS NULL)"
)


class GivenBack:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def possible(self) -> bool:
        """Return whether any row can give back at all."""
        row = self._connection.execute(
            "SELECT EXISTS (SELECT 1 FROM outcome WHERE kind = 'refund') "
            f"OR EXISTS (SELECT 1 FROM label l JOIN outcome o ON o.id = l.outcome_id WHERE {_FROM_A_SHOP}) "
            "OR EXISTS (SELECT 1 FROM account "
            "WHERE kind NOT IN ('checking', 'savings', 'cash', 'loan', 'other')) OR EXISTS (SELECT 1 FROM link) "
            f"OR EXISTS (SELECT 1 FROM pair WHERE type IN {_TYPES})"
        ).fetchone()
        return bool(row[0])

    def candidates(self, first: Day, last: Day) -> list[MoveRow]:
        """Return the rows of a span that may give money back."""
        rows = self._connection.execute(
            f"SELECT {_COLUMNS} {_FROM} AND {_MAY_GIVE} AND t.posted_date BETWEEN ? AND ? AND {_FREE}", (first, last)
        )
        return [MoveRow(*row) for row in rows]

    def of_names(self, account_id: int, heads: Iterable[str]) -> list[MoveRow]:
        """Return all rows of an account whose merchant's name begins with one of some words."""
        wanted = frozenset(heads)
        merchants = [n for n, key in self._connection.execute("SELECT id, key FROM merchant")
                     if key.split(" ", 1)[0] in wanted]  # fmt: skip
        rows = self._connection.execute(
            f"SELECT {_COLUMNS} {_FROM} AND l.account_id = ? AND l.merchant_id IN (SELECT value FROM json_each(?))",
            (account_id, json.dumps(merchants)),
        )
        return [MoveRow(*row) for row in rows]

    def of_amounts(self, account_id: int, cents: Iterable[int]) -> list[MoveRow]:
        """Return the rows of an account over some amounts, before fees."""
        rows = self._connection.execute(
            f"SELECT {_COLUMNS} {_FROM} AND l.account_id = ? "
            "AND COALESCE(t.gross_cents, t.cents) IN (SELECT value FROM json_each(?))",
            (account_id, json.dumps(sorted(cents))),
        )
        return [MoveRow(*row) for row in rows]

    def named(self, ids: Iterable[int]) -> list[MoveRow]:
        """Return some rows, as far as they are there."""
        rows = self._connection.execute(
            f"SELECT {_COLUMNS} {_FROM.replace('CROSS JOIN', 'JOIN')} AND t.id IN (SELECT value FROM json_each(?))",
            (json.dumps(sorted(ids)),),
        )
        return [MoveRow(*row) for row in rows]

    def pairs(self, first: Day, last: Day) -> list[PairRow]:
        """Return what was found given back with a leg in a span, or a leg that is gone."""
        rows = self._connection.execute(
            "SELECT p.* FROM pair p LEFT JOIN transactions o ON o.id = p.out_id "
            f"LEFT JOIN transactions i ON i.id = p.in_id WHERE p.type IN {_TYPES} AND "
            "(COALESCE(o.posted_date, ?1) BETWEEN ?1 AND ?2 OR COALESCE(i.posted_date, ?1) BETWEEN ?1 AND ?2)",
            (first, last),
        )
        return [PairRow(*row) for row in rows]

    def pairs_of(self, ids: Iterable[int]) -> set[PairRow]:
        """Return what was found given back around some rows."""
        rows = self._connection.execute(
            "SELECT p.* FROM json_each(?) j JOIN pair p ON p.out_id = j.value "
            f"WHERE p.type IN {_TYPES} UNION SELECT p.* FROM json_each(?1) j JOIN pair p ON p.in_id = j.value "
            f"WHERE p.type IN {_TYPES}",
            (json.dumps(sorted(ids)),),
        )
        return {PairRow(*row) for row in rows}

    def labelled(self, first: Day, last: Day) -> set[int]:
        """Return the rows of a span whose label comes from what they give back."""
        rows = self._connection.execute(
            "SELECT r.transaction_id FROM row_label r JOIN transactions t ON t.id = r.transaction_id "
            "WHERE r.source = 'refund' AND t.posted_date BETWEEN ? AND ?",
            (first, last),
        )
        return {row[0] for row in rows}

    def standing(self, ids: Iterable[int]) -> dict[int, Standing]:
        """Return how some rows count, deleted ones left out."""
        rows = self._connection.execute(
            "SELECT id, kind, line, percent, status, is_split FROM effective "
            "WHERE id IN (SELECT value FROM json_each(?)) AND status <> 'deleted'",
            (json.dumps(sorted(ids)),),
        )
        return {row[0]: Standing(*row[1:]) for row in rows}

    def by_themselves(self, ids: Iterable[int]) -> dict[int, Standing]:
        """Return how some rows would count if nothing were given back, deleted ones left out."""
        rows = self._connection.execute(
            "SELECT t.id, COALESCE(d.kind, r.kind, o.kind, 'personal'), CASE WHEN d.kind IS NOT NULL "
            "THEN COALESCE(d.line, 'NONE') ELSE COALESCE(r.line, o.line, 'NONE') END, "
            "CASE WHEN d.percent IS NOT NULL THEN d.percent WHEN d.kind IS NOT NULL THEN 10000 "
            "ELSE COALESCE(r.percent, o.percent, 10000) END, CASE WHEN d.kind IS NOT NULL OR d.is_split = 1 "
            "THEN 'confirmed' ELSE COALESCE(r.status, o.status, 'suggested') END, COALESCE(d.is_split, 0) "
            "FROM transactions t LEFT JOIN decision d ON d.transaction_id = t.id "
            "LEFT JOIN row_label r ON r.transaction_id = t.id AND r.source <> 'refund' "
            f"LEFT JOIN label l ON {OF_ITS_GROUP} LEFT JOIN outcome o ON o.id = l.outcome_id "
            "WHERE t.id IN (SELECT value FROM json_each(?)) AND (d.id IS NULL OR d.deleted_reason IS NULL)",
            (json.dumps(sorted(ids)),),
        )
        return {row[0]: Standing(*row[1:]) for row in rows}

    def repaid(self, first: Day, last: Day) -> list[tuple[int, int, Day, Day, int]]:
        """Return what may repay a cost, by its words, with each cost of that amount: (cost, repaid, days, cents)."""
        free, out = _FREE, "d2.id IS NULL OR d2.deleted_reason IS NULL AND d2.is_split = 0"
        rows = self._connection.execute(
            "SELECT c.id, t.id, c.posted_date, t.posted_date, t.cents FROM descriptor x CROSS JOIN transactions t "
            "ON t.descriptor_id = x.id LEFT JOIN decision d ON d.transaction_id = t.id "
            "LEFT JOIN row_label r ON r.transaction_id = t.id CROSS JOIN transactions c "
            f"ON c.tax_date BETWEEN t.posted_date - {REPAID_DAYS} AND t.posted_date AND c.cents = -t.cents "
            "AND c.currency = t.currency AND c.pending = 0 LEFT JOIN decision d2 ON d2.transaction_id = c.id "
            "WHERE (x.text LIKE '%reimb%' OR x.text LIKE '%expense re%') AND t.cents > 0 "
            f"AND t.posted_date BETWEEN ? AND ? AND t.pending = 0 AND (d.id IS NULL OR d.deleted_reason IS NULL) "
            f"AND {free} AND ({out}) ORDER BY t.id, c.posted_date DESC, c.id",
            (first, last),
        )
        return list(rows.fetchall())

    def row_labels(self) -> dict[int, RowLabel]:
        """Return all labels that come from what rows give back."""
        rows = self._connection.execute(f"SELECT {', '.join(RowLabel._fields)} FROM row_label WHERE source = 'refund'")
        return {row[0]: RowLabel(*row) for row in rows}

    def of_split_ones(self) -> set[int]:
        """Return what gives back something that a person split."""
        rows = self._connection.execute(
            "SELECT p.in_id FROM decision d CROSS JOIN pair p ON p.out_id = d.transaction_id "
            f"WHERE d.is_split = 1 AND p.state = 'linked' AND p.type IN {_TYPES}"
        )
        return {row[0] for row in rows}

    def linked(self) -> dict[int, list[int]]:
        """Return what was given back for each original that had money back."""
        found: dict[int, list[int]] = {}
        rows = self._connection.execute(f"SELECT out_id, in_id FROM pair WHERE type IN {_TYPES} AND state = 'linked'")
        for original, back in rows:
            found.setdefault(original, []).append(back)
        return found

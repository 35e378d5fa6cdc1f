"""Derived pairs of rows, and the rows that may pair. Not journalled: a rebuild makes the same pairs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from app.core.dates import Day
from app.store.connection import Connection
from app.store.joins import BY_POSTING, OF_ITS_GROUP, UNLINKED
from app.store.statements import blocks, marks_of
from app.store.written import Written


class PairRow(NamedTuple):
    out_id: int
    in_id: int
    type: str
    cents: int
    fee_cents: int
    score: int
    state: str
    reason: str


class LegRow(NamedTuple):
    """What the matcher reads of a transaction."""

    id: int
    account_id: int
    day: Day
    cents: int
    phrase: str | None
    descriptor_id: int
    currency: str


_COLUMNS = ", ".join(PairRow._fields)


class Pairs:
    def __init__(self, connection: Connection, written: Written) -> None:
        self._connection = connection
        self._written = written

    def clear(self) -> None:
        """Remove all pairs."""
        self._written.add("pair", (row[0] for row in self._connection.execute("SELECT out_id FROM pair")))
        self._connection.execute("DELETE FROM pair")

    def dated_in(self, first: Day, last: Day) -> list[PairRow]:
        """Return the pairs with a leg dated in a span."""
        rows = self._connection.execute(
            "SELECT p.* FROM pair p LEFT JOIN transactions o ON o.id = p.out_id "
            "LEFT JOIN transactions i ON i.id = p.in_id "
            "WHERE COALESCE(o.posted_date, ?1) BETWEEN ?1 AND ?2 OR COALESCE(i.posted_date, ?1) BETWEEN ?1 AND ?2",
            (first, last),
        )
        return [PairRow(*row) for row in rows]

    def questions(self) -> list[PairRow]:
        return [
            PairRow(*row) for row in self._connection.execute(f"SELECT {_COLUMNS} FROM pair WHERE state = 'question'")
        ]

    def of(self, transaction_id: int) -> list[PairRow]:
        rows = self._connection.execute(
            f"SELECT {_COLUMNS} FROM pair WHERE out_id = ?1 OR in_id = ?1", (transaction_id,)
        )
        return [PairRow(*row) for row in rows]

    def partners(self, ids: Sequence[int]) -> set[int]:
        """Return the rows that pair with some rows, or may."""
        found: set[int] = set()
        for block in blocks(ids):
            marks = marks_of(block)
            rows = self._connection.execute(
                f"SELECT out_id, in_id FROM pair WHERE out_id IN ({marks}) OR in_id IN ({marks})", block + block
            )
            found.update(number for row in rows for number in row)
        return found

    def put(self, rows: Iterable[PairRow]) -> None:
        rows = list(rows)
        self._written.add("pair", [row.out_id for row in rows])
        self._connection.executemany("INSERT OR REPLACE INTO pair VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)

    def drop(self, rows: Iterable[PairRow]) -> None:
        rows = list(rows)
        self._written.add("pair", [row.out_id for row in rows])
        self._connection.executemany(
            "DELETE FROM pair WHERE out_id = ? AND in_id = ?", [(row.out_id, row.in_id) for row in rows]
        )

    def legs(self, first: Day, last: Day) -> list[LegRow]:
        """Return rows the matcher may pair: not deleted, not pending, not split, not decided or linked by a person."""
        rows = self._connection.execute(
            "SELECT t.id, t.account_id, t.posted_date, t.cents, o.phrase, t.descriptor_id, t.currency "
            "FROM transactions t "
            "LEFT JOIN decision d ON d.transaction_id = t.id "
            f"LEFT JOIN label l ON {OF_ITS_GROUP} LEFT JOIN outcome o ON o.id = l.outcome_id "
            f"WHERE {BY_POSTING} AND t.cents <> 0 AND t.pending = 0 "
            "AND (d.id IS NULL OR d.kind IS NULL AND d.deleted_reason IS NULL AND d.is_split = 0) "
            "AND (o.status IS NULL OR o.status <> 'confirmed' OR o.kind IN ('transfer', 'card_payment')) "
            f"AND {UNLINKED}",
            (first, last),
        )
        return [LegRow(*row) for row in rows]

    def has_counterpart(self, transaction_id: int, days: int) -> bool:
        """Return whether another account holds a row of opposite sign and like amount within some days of this one."""
        row = self._connection.execute(
            "SELECT account_id, posted_date, cents FROM transactions WHERE id = ?", (transaction_id,)
        ).fetchone()
        if row is None:
            return False
        account, day, cents = row
        slack = max(2500, abs(cents) // 50 + 1)
        like = "posted_date BETWEEN ?1 AND ?2 AND account_id <> ?3 AND (cents > 0) <> ?4 AND ABS(ABS(cents) - ?5) <= ?6"
        found = self._connection.execute(
            f"SELECT 1 FROM transactions WHERE tax_date BETWEEN ?1 - 10 AND ?2 + 10 AND {like} "
            f"UNION ALL SELECT 1 FROM transactions WHERE ABS(tax_date - posted_date) > 10 AND {like} LIMIT 1",
            (day - days, day + days, account, int(cents > 0), abs(cents), slack),
        ).fetchone()
        return found is not None

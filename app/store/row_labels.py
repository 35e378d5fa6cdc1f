"""Derived labels of single rows that differ from their group's. Not journalled: a rebuild makes the same rows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from app.core.dates import Day
from app.core.ingest.memo_marks import SPLIT
from app.store.connection import Connection
from app.store.joins import BY_POSTING, OF_ITS_GROUP
from app.store.written import Written


class RowLabel(NamedTuple):
    transaction_id: int
    kind: str
    line: str
    percent: int
    status: str
    confidence: int
    source: str
    reason: str
    rule_id: int | None


class AskedRow(NamedTuple):
    """What the engine needs of a row to label it by itself."""

    id: int
    cents: int
    tax_date: Day
    descriptor_id: int
    account_id: int
    money_in: int


_COLUMNS = ", ".join(RowLabel._fields)


class RowLabels:
    def __init__(self, connection: Connection, written: Written) -> None:
        self._connection = connection
        self._written = written

    def clear(self) -> None:
        """Remove all labels of single rows."""
        rows = self._connection.execute("SELECT transaction_id FROM row_label")
        self._written.add("row_label", (row[0] for row in rows))
        self._connection.execute("DELETE FROM row_label")

    def posted_in(self, first: Day, last: Day) -> dict[int, RowLabel]:
        """Return the labels of rows posted in a span, by row."""
        if not self._connection.execute("SELECT EXISTS (SELECT 1 FROM row_label)").fetchone()[0]:
            return {}
        rows = self._connection.execute(
            f"SELECT r.* FROM row_label r JOIN transactions t ON t.id = r.transaction_id WHERE {BY_POSTING}",
            (first, last),
        )
        return {row[0]: RowLabel(*row) for row in rows}

    def get(self, transaction_id: int) -> RowLabel | None:
        """Return what a single row has of its own; most rows have nothing."""
        row = self._connection.execute(
            f"SELECT {_COLUMNS} FROM row_label WHERE transaction_id = ?", (transaction_id,)
        ).fetchone()
        return RowLabel(*row) if row else None

    def put(self, rows: Iterable[RowLabel]) -> None:
        rows = list(rows)
        self._written.add("row_label", [row.transaction_id for row in rows])
        self._connection.executemany("INSERT OR REPLACE INTO row_label VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)

    def drop(self, ids: Iterable[int]) -> None:
        ids = list(ids)
        self._written.add("row_label", ids)
        self._connection.executemany("DELETE FROM row_label WHERE transaction_id = ?", [(number,) for number in ids])

    def drop_orphans(self) -> None:
        """Remove the labels of rows that are gone: only an undo leaves them."""
        gone = self._connection.execute(
            "DELETE FROM row_label WHERE NOT EXISTS "
            "(SELECT 1 FROM transactions t WHERE t.id = row_label.transaction_id) RETURNING transaction_id"
        )
        self._written.add("row_label", [row[0] for row in gone.fetchall()])

    def asked_about_nothing(self, first: Day, last: Day) -> list[int]:
        """Return the rows of a span that would be asked about though they move nothing, in whole or in parts."""
        rows = self._connection.execute(
            f"SELECT t.id FROM transactions t JOIN label l ON {OF_ITS_GROUP} JOIN outcome o ON o.id = l.outcome_id "
            f"JOIN descriptor x ON x.id = t.descriptor_id WHERE {BY_POSTING} AND t.cents = 0 "
            "AND COALESCE(t.gross_cents, 0) = 0 AND o.status = 'suggested' AND INSTR(COALESCE(x.memo, ''), ?3) = 0",
            (first, last, SPLIT),
        )
        return [row[0] for row in rows]

    def may_differ(self, transaction_id: int) -> bool:
        """Return whether a row has a label of its own, or a phrase or a rule that could give it one."""
        row = self._connection.execute(
            "SELECT EXISTS (SELECT 1 FROM row_label WHERE transaction_id = ?1) OR EXISTS (SELECT 1 FROM transactions t "
            f"JOIN label l ON {OF_ITS_GROUP} JOIN outcome o ON o.id = l.outcome_id "
            "WHERE t.id = ?1 AND (o.phrase IS NOT NULL OR o.by_row = 1))",
            (transaction_id,),
        ).fetchone()
        return bool(row[0])

    def to_be_asked(self, first: Day, last: Day) -> list[AskedRow]:
        """Return the rows of a span that are labelled one by one, as their group's label says."""
        # Most books have no such outcome: without one no row need be looked at.
        if not self._connection.execute("SELECT EXISTS (SELECT 1 FROM outcome WHERE by_row = 1)").fetchone()[0]:
            return []
        rows = self._connection.execute(
            "SELECT t.id, t.cents, t.tax_date, t.descriptor_id, t.account_id, t.cents >= 0 FROM label l "
            "JOIN outcome o ON o.id = l.outcome_id AND o.by_row = 1 JOIN transactions t "
            f"ON {OF_ITS_GROUP} WHERE t.posted_date BETWEEN ? AND ?",
            (first, last),
        )
        return [AskedRow(*row) for row in rows]

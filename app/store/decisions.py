"""What a person settled about single transactions: kind and line, splits, links, deletions. One decision a row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from app.core.dates import Day
from app.store.connection import Connection
from app.store.statements import blocks, marks_of


class Decision(NamedTuple):
    """What a person settled about a row; None in a field = not decided."""

    kind: str | None = None
    line: str | None = None
    percent: int | None = None
    business_id: int | None = None
    merchant: str | None = None
    note: str | None = None
    tags: str = ""
    is_split: int = 0
    deleted_reason: str | None = None
    skipped: int = 0
    snoozed_until: Day | None = None


class LinkRow(NamedTuple):
    """Two rows that belong together. `score` in hundredths and `reason` are the matcher's; None: a person said so."""

    type: str
    first_id: int
    second_id: int
    cents: int
    fee_cents: int
    score: int | None
    reason: str | None


_UPSERT = (
    f"INSERT INTO decision (transaction_id, {', '.join(Decision._fields)}) VALUES (?{', ?' * len(Decision._fields)}) "
    f"ON CONFLICT (transaction_id) DO UPDATE SET {', '.join(f'{name} = excluded.{name}' for name in Decision._fields)}"
)


class Decisions:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, transaction_id: int) -> Decision:
        row = self._connection.execute(
            f"SELECT {', '.join(Decision._fields)} FROM decision WHERE transaction_id = ?", (transaction_id,)
        ).fetchone()
        return Decision(*row) if row else Decision()

    def decide(self, transaction_id: int, decision: Decision) -> None:
        """Write what a person settled; an empty decision removes the row."""
        if decision == Decision():
            self._connection.execute("DELETE FROM decision WHERE transaction_id = ?", (transaction_id,))
            return
        self._connection.execute(_UPSERT, (transaction_id, *decision))

    def of_many(self, ids: Sequence[int]) -> dict[int, Decision]:
        """Return the decisions of those of some rows that have one."""
        found: dict[int, Decision] = {}
        for block in blocks(ids):
            rows = self._connection.execute(
                f"SELECT transaction_id, {', '.join(Decision._fields)} FROM decision "
                f"WHERE transaction_id IN ({marks_of(block)})",
                block,
            )
            found.update((row[0], Decision(*row[1:])) for row in rows)
        return found

    def decide_many(self, decisions: Mapping[int, Decision]) -> None:
        """Write what a person settled about many rows; empty decisions remove their rows."""
        empty = Decision()
        self._connection.executemany(
            "DELETE FROM decision WHERE transaction_id = ?",
            [(number,) for number, decision in decisions.items() if decision == empty],
        )
        self._connection.executemany(
            _UPSERT, [(number, *decision) for number, decision in decisions.items() if decision != empty]
        )

    def split(self, transaction_id: int, parts: Sequence[tuple[int, str, str, int]]) -> None:
        """Replace the parts of a row by (cents, kind, line, percent); none = not split."""
        self._connection.execute("DELETE FROM part WHERE transaction_id = ?", (transaction_id,))
        self._connection.executemany(
            "INSERT INTO part (transaction_id, ordinal, cents, kind, line, percent) VALUES (?, ?, ?, ?, ?, ?)",
            [(transaction_id, number, *part) for number, part in enumerate(parts, 1)],
        )
        self.decide(transaction_id, self.get(transaction_id)._replace(is_split=int(bool(parts))))

    def parts(self, transaction_id: int) -> list[tuple[int, str, str, int]]:
        """Return the parts of a split row as (cents, kind, line, percent), in order."""
        rows = self._connection.execute(
            "SELECT cents, kind, line, percent FROM part WHERE transaction_id = ? ORDER BY ordinal", (transaction_id,)
        )
        return list(rows.fetchall())

    def add_link(self, type_: str, first_id: int, second_id: int, cents: int) -> None:
        self._connection.execute(
            "INSERT INTO link (type, first_id, second_id, cents) VALUES (?, ?, ?, ?)",
            (type_, first_id, second_id, cents),
        )

    def remove_links(self, first_id: int, second_id: int) -> int:
        cursor = self._connection.execute(
            "DELETE FROM link WHERE first_id = ? AND second_id = ? OR first_id = ? AND second_id = ?",
            (first_id, second_id, second_id, first_id),
        )
        return int(cursor.rowcount)

    def links(self, ids: Sequence[int]) -> list[LinkRow]:
        """Return decided and derived links of some rows."""
        found: list[LinkRow] = []
        for block in blocks(ids):
            marks = marks_of(block)
            for table, columns, where in (
                ("link", "type, first_id, second_id, cents, 0, NULL, NULL", "first_id IN ({m}) OR second_id IN ({m})"),
                (
                    "pair",
                    "type, out_id, in_id, cents, fee_cents, score, reason",
                    "state = 'linked' AND (out_id IN ({m}) OR in_id IN ({m}))",
                ),
            ):
                if not self._connection.execute(f"SELECT EXISTS (SELECT 1 FROM {table})").fetchone()[0]:
                    continue
                rows = self._connection.execute(
                    f"SELECT {columns} FROM {table} WHERE {where.format(m=marks)}", block + block
                )
                found.extend(LinkRow(*row) for row in rows)
        return found

    def decided_links(self) -> list[tuple[str, int, int, int]]:
        """Return (type, first row, second row, cents) of what a person linked or kept apart, oldest first."""
        rows = self._connection.execute("SELECT type, first_id, second_id, cents FROM link ORDER BY id")
        return list(rows.fetchall())

    def links_touching(self, ids: Sequence[int]) -> list[tuple[str, int, int, int]]:
        """Return the same of some rows alone."""
        marks = marks_of(ids)
        rows = self._connection.execute(
            f"SELECT type, first_id, second_id, cents FROM link WHERE first_id IN ({marks}) OR second_id IN ({marks})",
            [*ids, *ids],
        )
        return list(rows.fetchall())

    def kept_apart(self) -> set[tuple[int, int]]:
        """Return the pairs of rows that a person said are two."""
        rows = self._connection.execute("SELECT first_id, second_id FROM link WHERE type = 'not_duplicate'")
        return {(first, second) for first, second in rows}

    def snoozed(self) -> dict[int, Day]:
        """Return the rows whose question waits for a day, with that day; it may have come."""
        rows = self._connection.execute(
            "SELECT transaction_id, snoozed_until FROM decision WHERE snoozed_until IS NOT NULL"
        )
        return dict(rows.fetchall())

    def skipped(self) -> set[int]:
        """Return the rows whose question a person put off."""
        rows = self._connection.execute("SELECT transaction_id FROM decision WHERE skipped = 1")
        return {row[0] for row in rows}

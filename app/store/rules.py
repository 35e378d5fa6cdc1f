"""User rules and remembered answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from app.store.connection import Connection
from app.store.statements import blocks, insert_into, marks_of, update_of


class Rule(NamedTuple):
    id: int
    position: int
    is_on: int
    text: str | None
    amount_min: int | None
    amount_max: int | None
    account_id: int | None
    sign: int | None
    kind: str
    line: str
    percent: int
    ask: int
    name: str | None = None
    regex: str | None = None
    date_from: int | None = None
    date_to: int | None = None
    counterparty: str | None = None


class Answer(NamedTuple):
    merchant_key: str
    sign: int
    account_id: int
    kind: str
    line: str
    percent: int
    ask: int


class Standing(NamedTuple):
    """What a row is, and its cents: of a line those that are business, else all."""

    kind: str
    line: str
    percent: int
    cents: int
    is_open: bool
    """Whether it waits for an answer, so that it is in no report yet."""


class Rules:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def all(self) -> list[Rule]:
        return [
            Rule(*row)
            for row in self._connection.execute(f"SELECT {', '.join(Rule._fields)} FROM rule ORDER BY position, id")
        ]

    def get(self, rule_id: int) -> Rule | None:
        row = self._connection.execute(
            f"SELECT {', '.join(Rule._fields)} FROM rule WHERE id = ?", (rule_id,)
        ).fetchone()
        return Rule(*row) if row else None

    def add(self, values: dict[str, Any]) -> int:
        """Add a rule behind the others; names come from the service."""
        values = {"position": self._next_position(), **values}
        cursor = self._connection.execute(insert_into("rule", values), list(values.values()))
        return int(cursor.lastrowid)

    def _next_position(self) -> int:
        return int(self._connection.execute("SELECT COALESCE(MAX(position), 0) + 1 FROM rule").fetchone()[0])

    def change(self, rule_id: int, values: dict[str, Any]) -> None:
        self._connection.execute(update_of("rule", values), [*values.values(), rule_id])

    def remove(self, rule_id: int) -> None:
        self._connection.execute("DELETE FROM rule WHERE id = ?", (rule_id,))

    def standing(self, ids: Sequence[int]) -> dict[int, Standing]:
        """Return how some rows stand; deleted ones are left out."""
        found: dict[int, Standing] = {}
        for block in blocks(ids):
            for row in self._connection.execute(
                "SELECT e.id, e.kind, e.line, e.percent, COALESCE(SUM(CASE WHEN e.line = 'NONE' THEN l.value "
                "ELSE l.business_cents END), 0), e.status = 'suggested' FROM effective e "
                "LEFT JOIN lines l ON l.id = e.id "
                f"WHERE e.id IN ({marks_of(block)}) AND e.status <> 'deleted' GROUP BY e.id",
                list(block),
            ):
                found[row[0]] = Standing(row[1], row[2], row[3], row[4], bool(row[5]))
        return found

    def answers(self) -> list[Answer]:
        rows = self._connection.execute(f"SELECT {', '.join(Answer._fields)} FROM answer ORDER BY id")
        return [Answer(*row) for row in rows]

    def answer_id(self, merchant_key: str, sign: int, account_id: int) -> int | None:
        row = self._connection.execute(
            "SELECT id FROM answer WHERE merchant_key = ? AND sign = ? AND account_id = ?",
            (merchant_key, sign, account_id),
        ).fetchone()
        return row[0] if row else None

    def forget(self, merchant_key: str, sign: int, account_id: int) -> None:
        self._connection.execute(
            "DELETE FROM answer WHERE merchant_key = ? AND sign = ? AND account_id = ?",
            (merchant_key, sign, account_id),
        )

    def remember(self, answer: Answer) -> None:
        names = ", ".join(Answer._fields)
        self._connection.execute(
            f"INSERT INTO answer ({names}) VALUES (?, ?, ?, ?, ?, ?, ?) "
            "ON CONFLICT (merchant_key, sign, account_id) DO UPDATE SET kind = excluded.kind, line = excluded.line, "
            "percent = excluded.percent, ask = excluded.ask",
            answer,
        )

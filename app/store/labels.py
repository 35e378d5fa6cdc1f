"""The derived labels of groups of rows. Nothing here is journalled: a rebuild makes the same rows."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any, NamedTuple

from app.store.connection import Connection
from app.store.statements import blocks, marks_of
from app.store.written import Written


class Group(NamedTuple):
    """The unit of classification: one text, one account, one direction."""

    descriptor_id: int
    account_id: int
    money_in: int


class Outcome(NamedTuple):
    """What a label says. A year has thousands of groups and a few hundred outcomes."""

    kind: str
    line: str
    percent: int
    status: str
    confidence: int
    source: str
    reason: str
    choices: str
    rule_id: int | None
    phrase: str | None
    by_row: int


class MerchantName(NamedTuple):
    key: str
    name: str | None


class LabelRow(NamedTuple):
    group: Group
    outcome: Outcome
    merchant: MerchantName


_OUTCOME = ", ".join(f"o.{name}" for name in Outcome._fields)
_LABELS = (
    f"SELECT l.descriptor_id, l.account_id, l.money_in, {_OUTCOME}, m.key, m.name FROM label l "
    "JOIN outcome o ON o.id = l.outcome_id JOIN merchant m ON m.id = l.merchant_id"
)
_END = 3 + len(Outcome._fields)


def _label(row: tuple[Any, ...]) -> LabelRow:
    return LabelRow(Group(*row[:3]), Outcome(*row[3:_END]), MerchantName(*row[_END:]))


class Labels:
    def __init__(self, connection: Connection, written: Written) -> None:
        self._connection = connection
        self._written = written

    def clear(self) -> None:
        """Remove all labels."""
        self._written.add("label", (row[0] for row in self._connection.execute("SELECT descriptor_id FROM label")))
        self._connection.execute("DELETE FROM label")

    def groups_in_use(self) -> set[Group]:
        rows = self._connection.execute("SELECT DISTINCT descriptor_id, account_id, cents >= 0 FROM transactions")
        return {Group(*row) for row in rows}

    def groups_of_range(self, first: int, last: int) -> set[Group]:
        rows = self._connection.execute(
            "SELECT DISTINCT descriptor_id, account_id, cents >= 0 FROM transactions WHERE id BETWEEN ? AND ?",
            (first, last),
        )
        return {Group(*row) for row in rows}

    def groups_of_merchants_like(self, account_id: int, beginnings: Collection[str]) -> set[Group]:
        """Return the groups of an account whose merchant's key begins in one of some ways."""
        found: set[Group] = set()
        for length in {len(each) for each in beginnings}:
            wanted = sorted(each for each in beginnings if len(each) == length)
            for block in blocks(wanted):
                rows = self._connection.execute(
                    "SELECT descriptor_id, account_id, money_in FROM label WHERE account_id = ? AND merchant_id IN "
                    f"(SELECT id FROM merchant WHERE substr(key, 1, ?) IN ({marks_of(block)}))",
                    [account_id, length, *block],
                )
                found |= {Group(*row) for row in rows}
        return found

    def groups_of_rows(self, ids: Sequence[int]) -> dict[int, Group]:
        """Return the group of each of some rows."""
        found: dict[int, Group] = {}
        for block in blocks(ids):
            rows = self._connection.execute(
                f"SELECT id, descriptor_id, account_id, cents >= 0 FROM transactions WHERE id IN ({marks_of(block)})",
                block,
            )
            found.update((row[0], Group(*row[1:])) for row in rows)
        return found

    def labels(self) -> dict[Group, LabelRow]:
        return {row.group: row for row in map(_label, self._connection.execute(_LABELS))}

    def labelled(self) -> set[Group]:
        rows = self._connection.execute("SELECT descriptor_id, account_id, money_in FROM label")
        return {Group(*row) for row in rows}

    def label(self, group: Group) -> LabelRow | None:
        row = self._connection.execute(
            f"{_LABELS} WHERE l.descriptor_id = ? AND l.account_id = ? AND l.money_in = ?", group
        ).fetchone()
        return _label(row) if row else None

    def put(self, rows: Iterable[LabelRow]) -> None:
        """Write labels; outcomes and merchants that are new are made."""
        rows = list(rows)
        # Many rows share one outcome object: each object is looked up once, as hashing its dozen fields costs.
        outcome_of = {id(row.outcome): row.outcome for row in rows}
        outcomes = self._interned_outcomes(set(outcome_of.values()))
        outcome_id = {place: outcomes[outcome] for place, outcome in outcome_of.items()}
        merchants = self._interned_merchants({row.merchant for row in rows})
        self._written.add("label", [row.group[0] for row in rows])
        self._connection.executemany(
            "INSERT OR REPLACE INTO label VALUES (?, ?, ?, ?, ?)",
            [(*row.group, outcome_id[id(row.outcome)], merchants[row.merchant]) for row in rows],
        )

    def _interned_outcomes(self, wanted: set[Outcome]) -> dict[Outcome, int]:
        rows = self._connection.execute(f"SELECT {_OUTCOME}, o.id FROM outcome o")
        known = {Outcome(*row[:-1]): row[-1] for row in rows}
        marks = marks_of(Outcome._fields)
        for outcome in sorted(wanted - set(known), key=repr):
            cursor = self._connection.execute(
                f"INSERT INTO outcome ({', '.join(Outcome._fields)}) VALUES ({marks})", outcome
            )
            known[outcome] = int(cursor.lastrowid)
            self._written.add("outcome", [known[outcome]])
        return known

    def _interned_merchants(self, wanted: set[MerchantName]) -> dict[MerchantName, int]:
        self._connection.executemany(
            "INSERT INTO merchant (key, name) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET name = excluded.name",
            sorted(wanted, key=repr),
        )
        rows = dict(self._connection.execute("SELECT key, id FROM merchant").fetchall())
        found = {merchant: int(rows[merchant.key]) for merchant in wanted}
        self._written.add("merchant", found.values())
        return found

    def drop(self, groups: Iterable[Group]) -> None:
        groups = list(groups)
        self._written.add("label", [group.descriptor_id for group in groups])
        self._connection.executemany(
            "DELETE FROM label WHERE descriptor_id = ? AND account_id = ? AND money_in = ?", groups
        )

    def rows_of(self, group: Group) -> list[tuple[int, int]]:
        """Return (id, cents) of the rows of a group."""
        rows = self._connection.execute(
            "SELECT id, cents FROM transactions WHERE descriptor_id = ? AND account_id = ? AND (cents >= 0) = ?", group
        )
        return list(rows.fetchall())

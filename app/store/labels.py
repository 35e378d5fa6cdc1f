"""Derived labels and pairs. Nothing here is journalled: a rebuild makes the same rows."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from app.core.dates import Day
from app.core.ingest.memo_marks import SPLIT
from app.core.records import NamedTuple
from app.store.connection import Connection

_BLOCK = 5000


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


_OUTCOME = ", ".join(f"o.{name}" for name in Outcome._fields)
_LABELS = (
    f"SELECT l.descriptor_id, l.account_id, l.money_in, {_OUTCOME}, m.key, m.name FROM label l "
    "JOIN outcome o ON o.id = l.outcome_id JOIN merchant m ON m.id = l.merchant_id"
)
_END = 3 + len(Outcome._fields)


def _label(row: tuple[Any, ...]) -> LabelRow:
    return LabelRow(Group(*row[:3]), Outcome(*row[3:_END]), MerchantName(*row[_END:]))


_APART = "('not_duplicate', 'not_a_pair')"
"""Links that keep two rows apart; each of them may still belong to a third."""

_BY_POSTING = (
    "t.id IN (SELECT id FROM transactions WHERE tax_date BETWEEN ?1 - 10 AND ?2 + 10 "
    "UNION ALL SELECT id FROM transactions WHERE ABS(tax_date - posted_date) > 10) "
    "AND t.posted_date BETWEEN ?1 AND ?2"
)
"""Rows posted in a span, found by the index on tax dates; the few that were moved far have an index of their own."""


class Labels:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.touched: dict[str, set[int]] = {}
        """The keys of what was written here in the open operation, by table: their digest follows."""

    def mark_touched(self, table: str, keys: Iterable[int]) -> None:
        self.touched.setdefault(table, set()).update(keys)

    def clear(self) -> None:
        """Remove all labels and pairs."""
        for table, key in (("label", "descriptor_id"), ("row_label", "transaction_id"), ("pair", "out_id")):
            self.mark_touched(table, (row[0] for row in self._connection.execute(f"SELECT {key} FROM {table}")))
            self._connection.execute(f"DELETE FROM {table}")

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
            for start in range(0, len(wanted), _BLOCK):
                block = wanted[start : start + _BLOCK]
                rows = self._connection.execute(
                    "SELECT descriptor_id, account_id, money_in FROM label WHERE account_id = ? AND merchant_id IN "
                    f"(SELECT id FROM merchant WHERE substr(key, 1, ?) IN ({','.join('?' * len(block))}))",
                    [account_id, length, *block],
                )
                found |= {Group(*row) for row in rows}
        return found

    def groups_of_rows(self, ids: Sequence[int]) -> dict[int, Group]:
        """Return the group of each of some rows."""
        found: dict[int, Group] = {}
        for start in range(0, len(ids), _BLOCK):
            block = list(ids[start : start + _BLOCK])
            rows = self._connection.execute(
                "SELECT id, descriptor_id, account_id, cents >= 0 FROM transactions "
                f"WHERE id IN ({','.join('?' * len(block))})",
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
        self.mark_touched("label", [row.group[0] for row in rows])
        self._connection.executemany(
            "INSERT OR REPLACE INTO label VALUES (?, ?, ?, ?, ?)",
            [(*row.group, outcome_id[id(row.outcome)], merchants[row.merchant]) for row in rows],
        )

    def _interned_outcomes(self, wanted: set[Outcome]) -> dict[Outcome, int]:
        rows = self._connection.execute(f"SELECT {_OUTCOME}, o.id FROM outcome o")
        known = {Outcome(*row[:-1]): row[-1] for row in rows}
        marks = ", ".join("?" * len(Outcome._fields))
        for outcome in sorted(wanted - set(known), key=repr):
            cursor = self._connection.execute(
                f"INSERT INTO outcome ({', '.join(Outcome._fields)}) VALUES ({marks})", outcome
            )
            known[outcome] = int(cursor.lastrowid)
            self.mark_touched("outcome", [known[outcome]])
        return known

    def _interned_merchants(self, wanted: set[MerchantName]) -> dict[MerchantName, int]:
        self._connection.executemany(
            "INSERT INTO merchant (key, name) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET name = excluded.name",
            sorted(wanted, key=repr),
        )
        rows = dict(self._connection.execute("SELECT key, id FROM merchant").fetchall())
        found = {merchant: int(rows[merchant.key]) for merchant in wanted}
        self.mark_touched("merchant", found.values())
        return found

    def drop(self, groups: Iterable[Group]) -> None:
        groups = list(groups)
        self.mark_touched("label", [group.descriptor_id for group in groups])
        self._connection.executemany(
            "DELETE FROM label WHERE descriptor_id = ? AND account_id = ? AND money_in = ?", groups
        )

    def rows_of(self, group: Group) -> list[tuple[int, int]]:
        """Return (id, cents) of the rows of a group."""
        rows = self._connection.execute(
            "SELECT id, cents FROM transactions WHERE descriptor_id = ? AND account_id = ? AND (cents >= 0) = ?", group
        )
        return list(rows.fetchall())

    # --- rows that differ from their group

    def some_by_row(self) -> bool:
        """Return whether any outcome is left to a rule on the amount: without one no row need be asked."""
        row = self._connection.execute("SELECT EXISTS (SELECT 1 FROM outcome WHERE by_row = 1)").fetchone()
        return bool(row[0])

    def row_labels(self, first: Day | None = None, last: Day | None = None) -> dict[int, RowLabel]:
        if not self._connection.execute("SELECT EXISTS (SELECT 1 FROM row_label)").fetchone()[0]:
            return {}
        if first is None:
            rows = self._connection.execute(f"SELECT {', '.join(RowLabel._fields)} FROM row_label")
        else:
            rows = self._connection.execute(
                f"SELECT r.* FROM row_label r JOIN transactions t ON t.id = r.transaction_id WHERE {_BY_POSTING}",
                (first, last),
            )
        return {row[0]: RowLabel(*row) for row in rows}

    def row_label(self, transaction_id: int) -> RowLabel | None:
        """Return what a single row has of its own; most rows have nothing."""
        names = ", ".join(RowLabel._fields)
        row = self._connection.execute(
            f"SELECT {names} FROM row_label WHERE transaction_id = ?", (transaction_id,)
        ).fetchone()
        return RowLabel(*row) if row else None

    def put_row_labels(self, rows: Iterable[RowLabel]) -> None:
        rows = list(rows)
        self.mark_touched("row_label", [row.transaction_id for row in rows])
        self._connection.executemany("INSERT OR REPLACE INTO row_label VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)

    def drop_row_labels(self, ids: Iterable[int]) -> None:
        ids = list(ids)
        self.mark_touched("row_label", ids)
        self._connection.executemany("DELETE FROM row_label WHERE transaction_id = ?", [(number,) for number in ids])

    def drop_orphans(self) -> None:
        """Remove the labels of rows that are gone: only an undo leaves them."""
        gone = self._connection.execute(
            "DELETE FROM row_label WHERE NOT EXISTS "
            "(SELECT 1 FROM transactions t WHERE t.id = row_label.transaction_id) RETURNING transaction_id"
        )
        self.mark_touched("row_label", [row[0] for row in gone.fetchall()])

    def posted_within(self, ids: Iterable[int], first: Day, last: Day) -> set[int]:
        """Return those of some rows that were posted in a span."""
        wanted = sorted(ids)
        found: set[int] = set()
        for start in range(0, len(wanted), 5000):
            block = wanted[start : start + 5000]
            marks = ",".join("?" * len(block))
            rows = self._connection.execute(
                f"SELECT id FROM transactions WHERE id IN ({marks}) AND posted_date BETWEEN ? AND ?",
                [*block, first, last],
            )
            found.update(row[0] for row in rows)
        return found

    # --- pairs

    def pairs(self, first: Day, last: Day) -> list[PairRow]:
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
            PairRow(*row)
            for row in self._connection.execute(
                f"SELECT {', '.join(PairRow._fields)} FROM pair WHERE state = 'question'"
            )
        ]

    def pairs_of(self, transaction_id: int) -> list[PairRow]:
        rows = self._connection.execute(
            f"SELECT {', '.join(PairRow._fields)} FROM pair WHERE out_id = ?1 OR in_id = ?1", (transaction_id,)
        )
        return [PairRow(*row) for row in rows]

    def partners(self, ids: Sequence[int]) -> set[int]:
        """Return the rows that pair with some rows, or may."""
        found: set[int] = set()
        for start in range(0, len(ids), 5000):
            block = list(ids[start : start + 5000])
            marks = ",".join("?" * len(block))
            rows = self._connection.execute(
                f"SELECT out_id, in_id FROM pair WHERE out_id IN ({marks}) OR in_id IN ({marks})", block + block
            )
            found.update(number for row in rows for number in row)
        return found

    def put_pairs(self, rows: Iterable[PairRow]) -> None:
        rows = list(rows)
        self.mark_touched("pair", [row.out_id for row in rows])
        self._connection.executemany("INSERT OR REPLACE INTO pair VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)

    def drop_pairs(self, rows: Iterable[PairRow]) -> None:
        rows = list(rows)
        self.mark_touched("pair", [row.out_id for row in rows])
        self._connection.executemany(
            "DELETE FROM pair WHERE out_id = ? AND in_id = ?", [(row.out_id, row.in_id) for row in rows]
        )

    def legs(self, first: Day, last: Day) -> list[LegRow]:
        """Return rows the matcher may pair: not deleted, not pending, not split, not decided or linked by a person."""
        rows = self._connection.execute(
            "SELECT t.id, t.account_id, t.posted_date, t.cents, o.phrase, t.descriptor_id, t.currency "
            "FROM transactions t "
            "LEFT JOIN decision d ON d.transaction_id = t.id "
            "LEFT JOIN label l ON l.descriptor_id = t.descriptor_id AND l.account_id = t.account_id "
            "AND l.money_in = (t.cents >= 0) LEFT JOIN outcome o ON o.id = l.outcome_id "
            f"WHERE {_BY_POSTING} AND t.cents <> 0 AND t.pending = 0 "
            "AND (d.id IS NULL OR d.kind IS NULL AND d.deleted_reason IS NULL AND d.is_split = 0) "
            "AND (o.status IS NULL OR o.status <> 'confirmed' OR o.kind IN ('transfer', 'card_payment')) "
            f"AND NOT EXISTS (SELECT 1 FROM link k WHERE k.first_id = t.id AND k.type NOT IN {_APART}) "
            f"AND NOT EXISTS (SELECT 1 FROM link k WHERE k.second_id = t.id AND k.type NOT IN {_APART})",
            (first, last),
        )
        return [LegRow(*row) for row in rows]

    def asked_about_nothing(self, first: Day, last: Day) -> list[int]:
        """Return the rows of a span that would be asked about though they move nothing, in whole or in parts."""
        rows = self._connection.execute(
            "SELECT t.id FROM transactions t JOIN label l ON l.descriptor_id = t.descriptor_id "
            "AND l.account_id = t.account_id AND l.money_in = 1 JOIN outcome o ON o.id = l.outcome_id "
            f"JOIN descriptor x ON x.id = t.descriptor_id WHERE {_BY_POSTING} AND t.cents = 0 "
            "AND COALESCE(t.gross_cents, 0) = 0 AND o.status = 'suggested' AND INSTR(COALESCE(x.memo, ''), ?3) = 0",
            (first, last, SPLIT),
        )
        return [row[0] for row in rows]

    def may_differ(self, transaction_id: int) -> bool:
        """Return whether a row has a label of its own, or a phrase or a rule that could give it one."""
        row = self._connection.execute(
            "SELECT EXISTS (SELECT 1 FROM row_label WHERE transaction_id = ?1) OR EXISTS (SELECT 1 FROM transactions t "
            "JOIN label l ON l.descriptor_id = t.descriptor_id AND l.account_id = t.account_id "
            "AND l.money_in = (t.cents >= 0) JOIN outcome o ON o.id = l.outcome_id "
            "WHERE t.id = ?1 AND (o.phrase IS NOT NULL OR o.by_row = 1))",
            (transaction_id,),
        ).fetchone()
        return bool(row[0])

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

    def decided_links(self) -> list[tuple[str, int, int, int]]:
        rows = self._connection.execute("SELECT type, first_id, second_id, cents FROM link ORDER BY id")
        return list(rows.fetchall())

    def links_touching(self, ids: Sequence[int]) -> list[tuple[str, int, int, int]]:
        marks = ",".join("?" * len(ids))
        rows = self._connection.execute(
            f"SELECT type, first_id, second_id, cents FROM link WHERE first_id IN ({marks}) OR second_id IN ({marks})",
            [*ids, *ids],
        )
        return list(rows.fetchall())

    def dump(self) -> dict[str, list[Any]]:
        """Return everything derived here, in a fixed order and without internal ids."""
        return {
            "label": self._connection.execute(f"{_LABELS} ORDER BY 1, 2, 3").fetchall(),
            "row_label": self._connection.execute(
                f"SELECT {', '.join(RowLabel._fields)} FROM row_label ORDER BY 1"
            ).fetchall(),
            "pair": self._connection.execute(f"SELECT {', '.join(PairRow._fields)} FROM pair ORDER BY 1, 2").fetchall(),
        }

"""Random operations on every books table, random undos, restarts and a migration end in what a plain model says."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest
from sqlcipher3 import dbapi2 as sqlcipher

from app.core.errors import Conflict
from app.store import journal, migrate, schema
from app.store.migrate import Migration
from app.store.reversal import Reversal

OPERATIONS = 10_000
RESTART_EVERY = 700
STAMP = "2026-11-20T00:00:00.000Z"
SECOND = Migration(
    migrate.CURRENT + 1,
    """
    ALTER TABLE transactions ADD COLUMN starred INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE decision ADD COLUMN mood TEXT;
    """,
)
NEW_COLUMNS = {"transactions": {"starred": 0}, "decision": {"mood": None}}

Row = dict[str, Any]
Place = tuple[str, int]

PARENTS = {
    "business_id": "business",
    "account_id": "account",
    "file_id": "imported_file",
    "transaction_id": "transactions",
    "first_id": "transactions",
    "second_id": "transactions",
}


class Model:
    """The books as plain dictionaries, with an undo that anybody can check by reading."""

    def __init__(self) -> None:
        self.rows: dict[Place, Row] = {}
        self.effects: dict[int, dict[Place, tuple[Row | None, Row | None]]] = {}
        self.undone: set[int] = set()
        self.undoes: dict[int, int] = {}
        self.added: dict[str, Row] = {}
        """Columns that a migration added, with their defaults."""

    def of(self, table: str) -> list[int]:
        return sorted(number for name, number in self.rows if name == table)

    def can_undo(self, operation: int) -> bool:
        return all(same(self.rows.get(place), after) for place, (_, after) in self.effects[operation].items())

    def reversed_effects(self, operation: int) -> dict[Place, tuple[Row | None, Row | None]]:
        effects: dict[Place, tuple[Row | None, Row | None]] = {}
        for place, (before, _) in self.effects[operation].items():
            now = self.rows.get(place)
            wanted = None
            if before is not None:
                wanted = {**self.added.get(place[0], {}), **(now or {}), **before}
            effects[place] = (now, wanted)
        return effects

    def apply(self, effects: dict[Place, tuple[Row | None, Row | None]]) -> None:
        for place, (_, after) in effects.items():
            if after is None:
                self.rows.pop(place, None)
            else:
                self.rows[place] = after


def same(now: Row | None, then: Row | None) -> bool:
    """Columns that came later do not count."""
    if now is None or then is None:
        return now is then
    return all(now.get(name) == value for name, value in then.items())


class Driver:
    """Does the same thing to the store and to the model."""

    def __init__(self, reopen: Callable[[], Any], seed: int) -> None:
        self.reopen = reopen
        self.connection = reopen()
        self.random = random.Random(seed)
        self.model = Model()
        self.version = migrate.CURRENT
        migrate.migrate(self.connection, at=STAMP, before=lambda _v: None, migrations=migrate.shipped())

    # --- values

    def value(self, table: str, column: str) -> Any:
        draw = self.random
        if column in PARENTS:
            numbers = self.model.of(PARENTS[column])
            return draw.choice(numbers) if numbers else None
        fixed = {
            "owner": ["self", "spouse"], "method": ["cash"], "role": ["mixed", "business"], "sign": [-1, 1],
            "percent": [0, 5000, 10000], "profession": ["other"],
        }  # fmt: skip
        if column in fixed:
            return draw.choice(fixed[column])
        kind = self.types[table][column]
        if column.startswith(("is_", "opening_known", "removed", "sstb", "pending", "ask", "skipped", "sets_")):
            return draw.randint(0, 1)
        return f"{column} {draw.randint(0, 10**6)} ä'\"" if kind == "TEXT" else draw.randint(-(10**9), 10**9)

    @property
    def types(self) -> dict[str, dict[str, str]]:
        if not hasattr(self, "_types") or self._types_version != self.version:
            self._types = {
                table: {row[1]: row[2] for row in self.connection.execute(f"PRAGMA table_info({table})")}
                for table in schema.BOOKS
            }
            self._types_version = self.version
        return self._types

    # --- operations

    def change(self) -> None:
        begun = {**self.model.rows}
        self.connection.execute("BEGIN IMMEDIATE")
        operation = self.begin(None)
        touched: dict[Place, Row | None] = {}
        try:
            for _ in range(self.random.randint(1, 4)):
                self.one_statement(touched)
            journal.close(self.connection, operation, {})
            self.connection.execute("COMMIT")
        except sqlcipher.IntegrityError:
            self.connection.execute("ROLLBACK")
            self.model.rows = begun
            return
        self.model.effects[operation] = {
            place: (before, self.model.rows.get(place))
            for place, before in touched.items()
            if before is not None or place in self.model.rows
        }

    def begin(self, undoes: int | None) -> int:
        return journal.begin(
            self.connection, at=STAMP, actor="test", code="random", undoes=undoes, schema_version=self.version
        )

    def one_statement(self, touched: dict[Place, Row | None]) -> None:
        table = self.random.choice(schema.BOOKS)
        numbers = self.model.of(table)
        action = self.random.choices(["insert", "update", "delete"], [5, 4, 1])[0] if numbers else "insert"
        columns = [name for name in self.types[table] if name != "id"]
        if action == "insert":
            values = {name: self.value(table, name) for name in columns}
            marks = ", ".join("?" * len(columns))
            cursor = self.connection.execute(
                f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", list(values.values())
            )
            place = (table, int(cursor.lastrowid))
            touched.setdefault(place, None)
            self.model.rows[place] = {"id": place[1], **values}
            return
        place = (table, self.random.choice(numbers))
        touched.setdefault(place, self.model.rows[place])
        if action == "delete":
            self.connection.execute(f"DELETE FROM {table} WHERE id = ?", (place[1],))
            del self.model.rows[place]
            return
        column = self.random.choice(columns)
        value = self.value(table, column)
        self.connection.execute(f"UPDATE {table} SET {column} = ? WHERE id = ?", (value, place[1]))
        self.model.rows[place] = {**self.model.rows[place], column: value}

    def undo(self) -> None:
        candidates = [number for number in self.model.effects if number not in self.model.undone]
        if not candidates:
            return
        recent = candidates[-30:] if self.random.random() < 0.8 else candidates
        target = self.random.choice(recent)
        allowed = self.model.can_undo(target)
        self.connection.execute("BEGIN IMMEDIATE")
        operation = self.begin(target)
        reversal = Reversal(self.connection, target)
        blocking = reversal.in_the_way()
        assert bool(blocking) is not allowed, (target, blocking)
        if blocking:
            self.connection.execute("ROLLBACK")
            return
        try:
            reversal.apply()
            journal.close(self.connection, operation, {})
            journal.commit(self.connection, operation)
        except (Conflict, sqlcipher.IntegrityError):
            if self.connection.in_transaction:
                self.connection.execute("ROLLBACK")
            return
        effects = self.model.reversed_effects(target)
        self.model.apply(effects)
        self.model.effects[operation] = effects
        self.model.undone.add(target)
        first = self.model.undoes.get(target)
        if first is not None:
            self.model.undone.discard(first)
        self.model.undoes[operation] = target

    def restart(self) -> None:
        self.connection = self.reopen()

    def migrate(self) -> None:
        migrate.migrate(self.connection, at=STAMP, before=lambda _v: None, migrations=[*migrate.shipped(), SECOND])
        self.version = SECOND.version
        self.model.added = NEW_COLUMNS
        for (table, number), row in self.model.rows.items():
            self.model.rows[table, number] = {**row, **NEW_COLUMNS.get(table, {})}

    def dump(self) -> dict[Place, Row]:
        found: dict[Place, Row] = {}
        for table in schema.BOOKS:
            names = list(self.types[table])
            for row in self.connection.execute(f"SELECT {', '.join(names)} FROM {table}"):
                found[table, row[0]] = dict(zip(names, row, strict=True))
        return found


@pytest.mark.parametrize("seed", [1, 2026])
def test_random_operations_undos_restarts_and_a_migration_equal_the_model(reopen: Callable[[], Any], seed: int) -> None:
    driver = Driver(reopen, seed)
    for step in range(OPERATIONS):
        if step == OPERATIONS // 2:
            assert driver.dump() == driver.model.rows
            driver.migrate()
        if step % RESTART_EVERY == RESTART_EVERY - 1:
            driver.restart()
        if driver.random.random() < 0.3:
            driver.undo()
        else:
            driver.change()
    assert driver.dump() == driver.model.rows
    assert len(driver.model.undone) > OPERATIONS // 20
    assert driver.connection.execute("PRAGMA foreign_key_check").fetchall() == []


def test_undoing_everything_newest_first_leaves_empty_books(reopen: Callable[[], Any]) -> None:
    driver = Driver(reopen, 7)
    for _ in range(300):
        driver.change()
    driver.restart()
    for target in sorted(driver.model.effects, reverse=True):
        driver.connection.execute("BEGIN IMMEDIATE")
        operation = driver.begin(target)
        reversal = Reversal(driver.connection, target)
        assert reversal.in_the_way() == []
        reversal.apply()
        journal.close(driver.connection, operation, {})
        journal.commit(driver.connection, operation)
    assert driver.dump() == {}

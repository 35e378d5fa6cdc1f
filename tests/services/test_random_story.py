"""A seeded person uses the program for some hundred steps; whatever they do, what is derived equals a rebuild.

The steps are real service calls on real encrypted books: files in pieces and in any order, edits, answers, rules,
changed roles, undo of anything, redo, closing and opening again. In the end everything is undone, newest first, and
the books are as empty as they were.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest
from derived_rows import derived_rows
from generator.sample import make_sample
from generator.year import make_year

from app.core.books.vocabulary import LINES, Profession, Role
from app.core.dates import iso
from app.core.errors import Conflict, NotFound, NothingToUndo, Refused
from app.services.audit import audit_log  # fmt: skip
from app.services.books import history  # fmt: skip
from app.services.books.open_books import Books
from app.services.classify import rules  # fmt: skip
from app.services.derived import derive  # fmt: skip
from app.services.ingest import imports  # fmt: skip
from app.services.ledger import accounts, balances, row_links, transactions  # fmt: skip
from app.services.ledger.transactions import Part
from app.services.review import questions  # fmt: skip
from app.services.tax import profile, taxes_paid  # fmt: skip
from app.store import schema
from app.store.row_filter import Filter

STEPS = 250
CHECK_EVERY = 25
EXPENSE_LINES = sorted(code for code in LINES if code.startswith("C") and code not in {"C1", "C2", "C6"})


def pieces(name: str, data: bytes, count: int) -> list[bytes]:
    """Cut a bank file into downloads that overlap: each holds some records of the one before."""
    if b"<STMTTRN>" in data:
        head, *records = data.split(b"<STMTTRN>")
        last, end, tail = records[-1].partition(b"</BANKTRANLIST>")
        records[-1] = last
        return [
            head + b"".join(b"<STMTTRN>" + record for record in cut) + (end + tail) for cut in spans(records, count)
        ]
    if name.lower().endswith(".qif"):
        head, _, body = data.partition(b"\n")
        records = [record + b"^\r\n" for record in body.split(b"^\r\n") if record.strip()]
        return [head + b"\n" + b"".join(cut) for cut in spans(records, count)]
    records, current, quotes = [], b"", 0
    for line in data.splitlines(keepends=True):
        current, quotes = current + line, quotes + line.count(b'"')
        if quotes % 2 == 0:
            records.append(current)
            current = b""
    start = next(n for n, record in enumerate(records) if record.count(b",") > 3) + 1
    return [b"".join(records[:start] + cut) for cut in spans(records[start:], count)]


def spans(records: list[bytes], count: int) -> list[list[bytes]]:
    size = -(-len(records) // count)
    return [records[max(0, n - 5) : n + size] for n in range(0, len(records), size)]


class Person:
    """Does one random thing at a time; what the program refuses with a sentence of its contract is fine."""

    def __init__(self, books: Books, household: str, folder: Path, seed: int, reopen: Callable[[Books], Books]) -> None:
        self.books = books
        self.draw = Random(seed)
        self.reopen = reopen
        self.done: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        files, truth = make_sample() if household == "sample" else self._year(int(household))
        kinds = {account["file"]: account["kind"] for account in truth["accounts"].values()}
        self.files: list[tuple[Path, str]] = []
        for name, data in sorted(files.items()):
            for number, piece in enumerate(pieces(name, data, 4)):
                (folder / str(number)).mkdir(parents=True, exist_ok=True)
                path = folder / str(number) / name
                path.write_bytes(piece)
                self.files.append((path, kinds[name]))
        self.draw.shuffle(self.files)
        self.actions: dict[Callable[[], None], int] = {
            self.bring: 12, self.set_values: 14, self.set_date: 3, self.take_back: 4, self.split: 6, self.unsplit: 3,
            self.link: 6, self.unlink: 4, self.merge: 3, self.delete: 4, self.restore: 3, self.not_duplicate: 2,
            self.enter: 4, self.answer: 18, self.skip: 2, self.add_rule: 6, self.change_rule: 4, self.remove_rule: 2,
            self.change_account: 4, self.add_account: 2, self.remove_account: 1, self.change_profile: 3,
            self.pay_tax: 2, self.undo_newest: 6, self.undo_any: 10, self.redo: 4, self.open_again: 1,
        }  # fmt: skip

    @staticmethod
    def _year(seed: int) -> tuple[dict[str, bytes], dict[str, Any]]:
        made = make_year(seed)
        return made.files, made.truth

    def step(self) -> None:
        chosen = self.draw.choices(list(self.actions), list(self.actions.values()))[0]
        try:
            chosen()
            self.done[chosen.__name__] += 1
        except (Conflict, NotFound, Refused):
            self.refused[chosen.__name__] += 1

    # --- what to act on

    def row(self, status: str | None = None) -> Any:
        rows = list(self.books.transactions.listed(Filter(status=status), 0))
        if not rows:
            raise NotFound("no rows yet")
        return self.draw.choice(rows)

    def partner(self, row: Any) -> Any:
        """A row of another account that could be the other half, else any other row."""
        rows = [r for r in self.books.transactions.listed(Filter(), 0) if r.id != row.id]
        fitting = [r for r in rows if r.cents == -row.cents and r.account_id != row.account_id]
        if not rows:
            raise NotFound("no other row")
        return self.draw.choice(fitting or rows)

    def words(self) -> tuple[str, str]:
        kind = self.draw.choice(["expense", "expense", "income", "personal", "transfer", "owner_draw", "refund"])
        line = {"expense": self.draw.choice(EXPENSE_LINES), "income": "C1", "refund": "C22"}.get(kind, "NONE")
        return kind, line

    # --- the actions

    def bring(self) -> None:
        path, kind = self.draw.choice(self.files[:3] if len(self.files) > 3 else self.files)
        result = imports.import_files(self.books, [path], imports.ImportOptions(account_kind=kind))[0]
        if result.error is not None:
            raise result.error
        if result.operation and (path, kind) in self.files and self.draw.random() < 0.8:
            self.files.remove((path, kind))
            self.files.append((path, kind))

    def set_values(self) -> None:
        kind, line = self.words()
        values = {"kind": kind, "line": line}
        if self.draw.random() < 0.3:
            values["business_percent"] = self.draw.choice(["0", "33.33", "50", "100"])
        if self.draw.random() < 0.3:
            values = {"note": "seen", "tags": "trip, client", "merchant": "A shop"}
        transactions.set_values(self.books, self.row().id, values)

    def set_date(self) -> None:
        row = self.row()
        day = iso(row.tax_date + self.draw.choice([-400, -40, -3, 2, 35, 300]))
        transactions.set_values(self.books, row.id, {"date": day})

    def take_back(self) -> None:
        transactions.set_values(self.books, self.row("confirmed").id, {"kind": ""})

    def split(self) -> None:
        row = self.row()
        first = row.cents // 3
        transactions.split(
            self.books, row.id, [Part(cents=first, kind="expense", line="C22", percent=5000),
                                 Part(cents=row.cents - first, kind="personal", line="NONE", percent=10000)],
        )  # fmt: skip

    def unsplit(self) -> None:
        split = [row for row in self.books.transactions.listed(Filter(), 0) if row.is_split]
        if not split:
            raise NotFound("nothing is split")
        transactions.unsplit(self.books, self.draw.choice(split).id)

    def link(self) -> None:
        row = self.row()
        other = self.partner(row)
        first, second = (row, other) if row.cents < 0 else (other, row)
        type_ = self.draw.choice(["transfer", "transfer", "card_payment", "payout", "refund", "duplicate"])
        row_links.link(self.books, first.id, second.id, type_)

    def unlink(self) -> None:
        pairs = self.books.connection.execute(
            "SELECT out_id, in_id FROM pair UNION SELECT first_id, second_id FROM link"
        ).fetchall()
        if not pairs:
            raise NotFound("nothing is linked")
        row_links.unlink(self.books, *self.draw.choice(sorted(pairs)))

    def _twins(self) -> tuple[int, int]:
        rows: dict[tuple[int, int], list[int]] = {}
        for row in self.books.transactions.listed(Filter(), 0):
            rows.setdefault((row.account_id, row.cents), []).append(row.id)
        twins = sorted(ids for ids in rows.values() if len(ids) > 1)
        if not twins:
            raise NotFound("no two rows alike")
        one, two = self.draw.sample(self.draw.choice(twins), 2)
        return one, two

    def merge(self) -> None:
        row_links.merge(self.books, *self._twins())

    def not_duplicate(self) -> None:
        row_links.not_duplicate(self.books, *self._twins())

    def delete(self) -> None:
        ids = sorted({self.row().id for _ in range(self.draw.randint(1, 3))})
        transactions.delete(self.books, ids, "a mistake")

    def restore(self) -> None:
        transactions.restore(self.books, self.row("deleted").id)

    def enter(self) -> None:
        """By hand: cash, or the other half of a row of another account."""
        row = self.row()
        others = [a for a in self.books.accounts.all() if a.id != row.account_id]
        account = self.draw.choice(others or self.books.accounts.all())
        text = self.draw.choice([row.text, "Online Transfer", "PAYPAL TRANSFER", "cash supplies"])
        transactions.add(
            self.books, date=iso(row.posted_date), cents=-row.cents, account_selector=str(account.id), description=text
        )

    def answer(self) -> None:
        open_items = questions.items(self.books)
        if not open_items:
            raise NotFound("no questions")
        item = self.draw.choice(open_items)
        mode = self.draw.choice([questions.ALWAYS, questions.ALWAYS, questions.ASK_EACH_TIME, questions.ONLY_THIS])
        given = questions.Answered(usd_cents=item.rows[0].cents, mode=mode)
        if item.choices:
            given = questions.Answered(choice=self.draw.choice(item.choices).n, mode=mode)
            if self.draw.random() < 0.2:
                kind, line = self.words()
                given = questions.Answered(kind=kind, line=line, percent="40", mode=mode)
        questions.answer(self.books, item.id, given)
        self.done[f"answer {item.type}"] += 1

    def skip(self) -> None:
        open_items = questions.items(self.books)
        if not open_items:
            raise NotFound("no questions")
        questions.skip(self.books, self.draw.choice(open_items).id)

    def _rule(self) -> dict[str, Any]:
        row = self.row()
        kind, line = self.words()
        words = row.text.split()
        values: dict[str, Any] = {"text": " ".join(words[: self.draw.randint(1, 2)]), "kind": kind, "line": line}
        if self.draw.random() < 0.4:
            values |= {"amount_min": abs(row.cents) // 2, "amount_max": abs(row.cents)}
        if self.draw.random() < 0.2:
            values["account_id"] = row.account_id
        if self.draw.random() < 0.2:
            values["sign"] = 1 if row.cents >= 0 else -1
        if self.draw.random() < 0.1:
            values["text"] = None
            values["account_id"] = row.account_id
        if self.draw.random() < 0.2:
            values |= {"text": None, "regex": rf"\b{re.escape(words[0])}"}
        if self.draw.random() < 0.2:
            values |= {"text": None, "counterparty": row.merchant or words[0]}
        if self.draw.random() < 0.2:
            values["date_from"] = row.tax_date - self.draw.randint(0, 40)
        if self.draw.random() < 0.2:
            values["ask"] = 1
        return values

    def add_rule(self) -> None:
        rules.add(self.books, self._rule())

    def _known_rule(self) -> int:
        known = rules.listed(self.books)
        if not known:
            raise NotFound("no rules")
        return self.draw.choice(known)[0].id

    def change_rule(self) -> None:
        change: dict[str, Any] = self.draw.choice([{"is_on": 0}, {"is_on": 1}, {"position": 1}, self._rule()])
        rules.change(self.books, self._known_rule(), change)

    def remove_rule(self) -> None:
        rules.remove(self.books, self._known_rule())

    def change_account(self) -> None:
        account = self.draw.choice(self.books.accounts.all() or [None])
        if account is None:
            raise NotFound("no accounts")
        values = self.draw.choice([
            {"role": self.draw.choice(list(Role))}, {"kind": self.draw.choice(["checking", "credit", "paypal"])},
            {"name": self.draw.choice(["Main", "Other", "Third one"])}, {"last4": "4821"},
        ])  # fmt: skip
        accounts.change(self.books, str(account.id), values)

    def add_account(self) -> None:
        name = self.draw.choice(["Main", "Other", "Spare"])
        accounts.add(self.books, {"name": name, "kind": self.draw.choice(["cash", "stripe", "paypal", "savings"])})

    def remove_account(self) -> None:
        accounts.remove(self.books, str(self.draw.choice(self.books.accounts.all() or [None]).id))

    def change_profile(self) -> None:
        values = self.draw.choice([
            {"filing_status": "mfj", "state": "CA"}, {"profession": self.draw.choice(list(Profession))},
            {"spouse_wages": "84000"}, {"time_zone": "America/New_York"},
        ])  # fmt: skip
        profile.change(self.books, self.draw.choice([2025, 2026]), values)

    def pay_tax(self) -> None:
        row = self.row() if self.draw.random() < 0.5 else None
        values = {
            "date": "2026-06-15",
            "cents": 120000,
            "jurisdiction": "federal",
            "for_year": 2026,
            "type": "estimate",
        }
        taxes_paid.record(self.books, values | ({"transaction_id": row.id} if row else {}))

    def undo_newest(self) -> None:
        history.undo(self.books)

    def undo_any(self) -> None:
        known = [op.id for op in history.history(self.books, limit=60) if op.undone_by is None]
        history.undo(self.books, self.draw.choice(known))

    def redo(self) -> None:
        if self.draw.random() < 0.7:
            history.undo(self.books)
        history.redo(self.books)

    def open_again(self) -> None:
        self.books = self.reopen(self.books)


def books_tables(books: Books) -> dict[str, list[tuple[Any, ...]]]:
    """Return every fact and decision, and every derived row, in a fixed order."""
    tables = (*schema.BOOKS, *schema.DERIVED)
    return {table: sorted(books.connection.execute(f"SELECT * FROM {table}").fetchall(), key=repr) for table in tables}


def check(books: Books) -> None:
    assert books.digest.prove(lambda: None).ok
    kept = derived_rows(books)
    with books.work.operation("rebuild", dry_run=True) as work:
        derive.rebuild(work)
        built = derived_rows(books)
    for table, rows in built.items():
        assert set(kept[table]) - set(rows) == set(), f"{table}: left over"
        assert set(rows) - set(kept[table]) == set(), f"{table}: missing"
    for account in books.accounts.all():
        held = books.connection.execute(
            "SELECT COALESCE(SUM(cents), 0) FROM lines WHERE account_id = ? AND currency = ?",
            (account.id, account.currency),
        ).fetchone()[0]
        assert held == balances.of(books, account.id) - account.opening_cents, account.name
    state = audit_log.verify(books)
    assert state.first_bad_seq is None
    assert state.anchor_ok is not False
    assert books.connection.execute("PRAGMA foreign_key_check").fetchall() == []


def undo_everything(books: Books) -> int:
    """Undo newest first, and where an earlier undo out of turn stands in the way, what the conflict names first."""
    undone = 0
    while True:
        try:
            history.undo(books)
        except NothingToUndo:
            return undone
        except Conflict as conflict:
            history.undo(books, max(conflict.operations))
        undone += 1
        assert undone < 4 * STEPS


@pytest.mark.parametrize(("household", "seed"), [("sample", 1), ("sample", 2), ("5", 5), ("3", 4)])
def test_whatever_a_person_does_derived_equals_a_rebuild_and_undo_leads_back(
    household: str, seed: int, books: Books, tmp_path: Path, reopen: Callable[[Books], Books]
) -> None:
    empty = books_tables(books)
    person = Person(books, household, tmp_path / "files", seed, reopen)
    for _ in range(4):
        person.bring()
    for number in range(1, STEPS + 1):
        person.step()
        if number % CHECK_EVERY == 0:
            check(person.books)
    assert sum(person.done.values()) > STEPS // 2
    assert {"bring", "answer", "undo_any", "add_rule", "split", "link"} <= set(person.done)
    assert undo_everything(person.books) > 30
    check(person.books)
    assert books_tables(person.books) == empty

"""Every public service that changes the books leaves exactly one entry in the audit log, and reading leaves none."""

from __future__ import annotations

import ast
import importlib
import inspect
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from services.audit_helpers import MemoryKeychain
from services.banks import Bank, feed_of, row

import app.services
from app.adapters.randomness import OsRandomness
from app.core.dates import day_from_iso
from app.core.security.envelope import Mode
from app.services.audit import audit_archive, audit_log, audit_notes
from app.services.backup import backups, drills, safety
from app.services.bank import bank_sync
from app.services.books import history
from app.services.books.open_books import Books, Unlock
from app.services.classify import remembered, rule_trials, rules
from app.services.income import expected_payments, forms_1099, payer_changes, payers
from app.services.ingest import import_history, imports
from app.services.ingest.imports import ImportOptions
from app.services.integrity import accepting, rescue
from app.services.ledger import accounts, bulk_edit, row_links, transactions
from app.services.privacy import erasure
from app.services.report import pack_export, pack_facts, packs
from app.services.review import questions, settling
from app.services.review.questions import Answered
from app.services.tax import postponed, profile, set_asides, tax_facts, tax_setup, taxes_paid
from app.services.vault import key_changes, recovery_sheet
from app.store import audit, schema

FOLDER = Path(app.services.__file__).parent
PLACES = {
    path.stem: ".".join(("app.services", *path.relative_to(FOLDER).with_suffix("").parts))
    for path in FOLDER.rglob("*.py") if path.stem != "__init__"
}  # fmt: skip
"""Where each module lies: its own name is enough to tell it from the others."""
DAY = day_from_iso("2026-11-20")

Function = tuple[str, str]
"""Module and name."""


class Code:
    """The functions of all service modules and what they call, read from their text."""

    def __init__(self) -> None:
        self.calls: dict[Function, set[Function]] = {}
        self.writers: set[Function] = set()
        """Those that open an operation or append to the log themselves."""
        self.public: list[Function] = []
        for path in sorted(FOLDER.rglob("*.py")):
            self._read(path.stem, ast.parse(path.read_text("utf-8")))

    def _read(self, module: str, tree: ast.Module) -> None:
        names = dict(_imported(tree))
        for node in ast.walk(tree):
            if not isinstance(node, ast.FunctionDef):
                continue
            function = (module, node.name)
            called = self.calls.setdefault(function, set())
            for call in ast.walk(node):
                if not isinstance(call, ast.Call):
                    continue
                if isinstance(call.func, ast.Name):
                    called.add(names.get(call.func.id, (module, call.func.id)))
                elif isinstance(call.func, ast.Attribute) and isinstance(call.func.value, ast.Name):
                    called.add((names.get(call.func.value.id, ("?", ""))[0], call.func.attr))
                if ast.unparse(call.func).endswith(("work.operation", "audit.append")):
                    self.writers.add(function)
        self.public += [
            (module, node.name)
            for node in tree.body
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and _takes_books(node)
        ]

    def changing(self) -> set[Function]:
        """Return the public functions that reach a writer."""
        reaching, grown = set(self.writers), True
        while grown:
            more = {function for function, called in self.calls.items() if called & reaching} - reaching
            reaching |= more
            grown = bool(more)
        return {function for function in self.public if function in reaching}


def _imported(tree: ast.Module) -> Iterator[tuple[str, Function]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("app.services"):
            of = str(node.module).rpartition(".")[2]
            for each in node.names:
                is_module = f"{node.module}.{each.name}" == PLACES.get(each.name)
                yield each.asname or each.name, ((each.name, "") if is_module else (of, each.name))


def _takes_books(node: ast.FunctionDef) -> bool:
    first = node.args.args[0].annotation if node.args.args else None
    return first is not None and ast.unparse(first) == "Books"


CODE = Code()

APPLE = "classify-fa546d73640f"
"""A question about one row (94), with a suggestion."""
CARD, PAYPAL = "Chase Card ··4417", "PayPal"


def _linked(books: Books) -> Bank:
    bank = Bank()
    bank.add(row("t1", "12.00", "2026-03-02", "FIGMA"), row("t2", "5.00", "2026-03-02", "NOTION"))
    bank.link(books)
    return bank


def _rule(books: Books) -> int:
    _, number = rules.add(books, RULE)
    assert number is not None
    return number


def _twins(books: Books) -> tuple[int, int]:
    one, two = (
        transactions.add(books, date="2026-10-05", cents=-1200, account_selector=CARD, description="Corner shop")
        for _ in range(2)
    )
    return int(one[1]), int(two[1])  # type: ignore[arg-type]


def _tested(books: Books) -> drills.Drill:
    made = backups.create(books, reason="asked")
    key = Unlock(key_hex=books.key_hex())
    return drills.drill(books.home, made.file, key, keychain=lambda: None, clock=books.clock)


def _payee(books: Books) -> str:
    transactions.set_values(books, 94, {"merchant": "Jane Payee"})
    return "Jane Payee"


def _layout(books: Books) -> str:
    with books.work.operation("layout_rename"):
        books.settings.add_mapping("My bank", "a,b,c", "{}")
    return "My bank"


def _answered(books: Books) -> tuple[str, int, int]:
    questions.answer(books, "classify-6bc5d5d2e6a9", Answered(choice=1, mode="always"))
    (memory,) = remembered.listed(books)
    return memory.merchant_key, memory.sign, memory.account_id


def _first_pair(books: Books) -> tuple[int, int]:
    row = books.connection.execute("SELECT out_id, in_id FROM pair WHERE state = 'linked'").fetchone()
    return int(row[0]), int(row[1])


def _deleted(books: Books) -> int:
    transactions.delete(books, [94], "not mine")
    return 94


def _split(books: Books) -> int:
    transactions.split(books, 94, PARTS)
    return 94


def _snoozed(books: Books) -> str:
    settling.snooze(books, APPLE, DAY + 5)
    return APPLE


def _postponed(books: Books) -> None:
    postponed.postpone(books, "federal", 2026, 4, "2027-03-01", "storm")


def _van(books: Books) -> str:
    _, number = tax_facts.add(books, "vehicle", {"name": "Van", "in_service": "2026-03-01"}, year=2026)
    return str(number)


def _two_payers(books: Books) -> tuple[str, str]:
    one, two = payers.in_year(books, 2026).payers[:2]
    return str(one.id), str(two.id)


def _joined(books: Books) -> tuple[str, int]:
    one, two = _two_payers(books)
    payer_changes.merge(books, one, [two])
    return one, int(two)


def _awaited(books: Books) -> int:
    _, number = expected_payments.add(books, _two_payers(books)[0], DAY + 9, 480_000)
    assert number is not None
    return number


def _form(books: Books) -> int:
    _, number = forms_1099.add(books, _two_payers(books)[0], 2026, "NEC", {"cents": 480_000})
    assert number is not None
    return number


def _undone(books: Books) -> None:
    transactions.set_values(books, 94, {"note": "a chair"})
    history.undo(books)


def _statement(books: Books) -> Path:
    path = books.home.parent / "one.csv"
    path.write_text("Transaction Date,Post Date,Description,Category,Type,Amount,Memo\n"
                    "10/05/2026,10/06/2026,CORNER SHOP,Shopping,Sale,-12.00,\n", "utf-8")  # fmt: skip
    return path


def _pack(books: Books) -> tuple[Path, Any]:
    target = books.home.parent / "a-pack"
    target.mkdir()
    (target / "manifest.json").write_text("{}", "utf-8")
    return target, pack_facts.pack_input(books, 2026, DAY)


def _recovery_key(books: Books) -> str:
    return key_changes.make_recovery_key(books, randomness=OsRandomness())


def _wrong_sums(books: Books) -> None:
    books.connection.execute("UPDATE month_total SET cents = cents + 1")


def _older(books: Books) -> None:
    (books.home / "audit.anchor").unlink()


PARTS = [transactions.Part(-200_000, "expense", "C22", 10_000), transactions.Part(-89_900, "personal", "NONE", 10_000)]

EXAMPLES: dict[str, tuple[Callable[[Books], Any] | None, Callable[[Books, Any], Any]]] = {
    # What comes before, and the one call.
    "accounts.add": (None, lambda b, _: accounts.add(b, {"name": "Tin", "kind": "cash"})),
    "accounts.change": (None, lambda b, _: accounts.change(b, PAYPAL, {"role": "business"})),
    "accounts.remove": (
        lambda b: accounts.add(b, {"name": "Tin", "kind": "cash"}), lambda b, _: accounts.remove(b, "Tin"),
    ),
    "accepting.accept": (_older, lambda b, _: accepting.accept(b)),
    "audit_log.save": (None, lambda b, _: audit_log.save(b, b.home.parent / "log.jsonl")),
    "audit_notes.note": (None, lambda b, _: audit_notes.note(b, "backup.tested", actor="system")),
    "audit_notes.note_failed_unlocks": (None, lambda b, _: audit_notes.note_failed_unlocks(b, 3)),
    "audit_archive.window_opened": (None, lambda b, _: audit_archive.window_opened(b)),
    "backups.create": (None, lambda b, _: backups.create(b, reason="asked")),
    "backups.daily": (None, lambda b, _: backups.daily(b)),
    "backups.record": (
        lambda b: backups.write(b.home, b.key_hex(), created=b.stamp(), reason="asked"),
        backups.record,
    ),
    "bulk_edit.change_many": (None, lambda b, _: bulk_edit.change_many(b, [94, 99], {"note": "both"})),
    "bulk_edit.confirm_many": (None, lambda b, _: bulk_edit.confirm_many(b, [52, 96])),
    "bulk_edit.delete_many": (None, lambda b, _: bulk_edit.delete_many(b, [94, 99], "not mine")),
    "drills.record": (_tested, drills.record),
    "erasure.erase_payer": (_payee, lambda b, name: erasure.erase_payer(b, name, OsRandomness())),
    "expected_payments.add": (None, lambda b, _: _awaited(b)),
    "expected_payments.change": (_awaited, lambda b, number: expected_payments.change(b, number, {"cents": 500_000})),
    "expected_payments.remove": (_awaited, expected_payments.remove),
    "forms_1099.add": (None, lambda b, _: _form(b)),
    "forms_1099.change": (_form, lambda b, number: forms_1099.change(b, number, {"fees": 100})),
    "forms_1099.remove": (_form, forms_1099.remove),
    "history.redo": (_undone, lambda b, _: history.redo(b)),
    "history.undo": (lambda b: transactions.set_values(b, 94, {"note": "a chair"}), lambda b, _: history.undo(b)),
    "import_history.remove_layout": (_layout, import_history.remove_layout),
    "import_history.rename_layout": (_layout, lambda b, name: import_history.rename_layout(b, name, "Other")),
    "bank_accounts.remember_linked": (None, lambda b, _: Bank().link(b)),
    "bank_sync.sync": (_linked, lambda b, bank: bank_sync.sync(b, feed=feed_of(bank))),
    "imports.import_files": (_statement, lambda b, path: imports.import_files(b, [path], ImportOptions(account=CARD))),
    "key_changes.change_mode": (None, lambda b, _: key_changes.change_mode(
        b, Mode.BOTH, passphrase=WORDS, keychain=MemoryKeychain(), randomness=OsRandomness())),
    "key_changes.change_passphrase": (None, lambda b, _: key_changes.change_passphrase(
        b, WORDS, keychain=None, randomness=OsRandomness())),
    "key_changes.make_recovery_key": (None, lambda b, _: _recovery_key(b)),
    "key_changes.remove_recovery_key": (_recovery_key, lambda b, _: key_changes.remove_recovery_key(b)),
    "key_changes.set_recovery_key": (
        _recovery_key, lambda b, _: key_changes.set_recovery_key(b, bytes(20), randomness=OsRandomness()),
    ),
    "packs.record": (_pack, lambda b, made: packs.record(b, *made)),
    "payer_changes.add": (None, lambda b, _: payer_changes.add(b, "Fjord Coffee Roasters")),
    "payer_changes.change": (_two_payers, lambda b, two: payer_changes.change(b, two[0], {"name": "The Shop"})),
    "payer_changes.keep_apart": (_two_payers, lambda b, two: payer_changes.keep_apart(b, *two)),
    "payer_changes.merge": (_two_payers, lambda b, two: payer_changes.merge(b, two[0], [two[1]])),
    "payer_changes.split": (_joined, lambda b, both: payer_changes.split(b, both[0], [both[1]])),
    "postponed.clear": (_postponed, lambda b, _: postponed.clear(b, "federal", 2026, 4)),
    "postponed.postpone": (None, lambda b, _: _postponed(b)),
    "profile.add_business": (None, lambda b, _: profile.add_business(b, {"name": "Second"})),
    "profile.change": (None, lambda b, _: profile.change(b, 2026, {"filing_status": "hoh"})),
    "profile.change_business": (None, lambda b, _: profile.change_business(b, "1", {"name": "Studio"})),
    "recovery_sheet.show": (None, lambda b, _: recovery_sheet.show(b, len, randomness=OsRandomness())),
    "recovery_sheet.write": (None, lambda b, _: recovery_sheet.write(
        b, b.home.parent / "page.txt", randomness=OsRandomness())),
    "remembered.change": (_answered, lambda b, key: remembered.change(b, *key, {"line": "C8"})),
    "remembered.learn_from": (None, lambda b, _: remembered.learn_from(b, 60, {"kind": "expense", "line": "C22"})),
    "remembered.make_rule": (_answered, lambda b, key: remembered.make_rule(b, *key, RULE)),
    "remembered.forget": (_answered, lambda b, key: remembered.forget(b, *key)),
    "pack_export.export_pack": (None, lambda b, _: pack_export.export_pack(b, 2026, b.home.parent / "pack.zip", DAY)),
    "rescue.repair": (_wrong_sums, lambda b, _: rescue.repair(b)),
    "questions.answer": (None, lambda b, _: questions.answer(b, APPLE, Answered(choice=1))),
    "questions.skip": (None, lambda b, _: questions.skip(b, APPLE)),
    "row_links.link": (None, lambda b, _: row_links.link(b, 94, 485, "transfer")),
    "row_links.merge": (_twins, lambda b, two: row_links.merge(b, *two)),
    "row_links.not_duplicate": (_twins, lambda b, two: row_links.not_duplicate(b, *two)),
    "row_links.unlink": (_first_pair, lambda b, two: row_links.unlink(b, *two)),
    "rules.add": (None, lambda b, _: _rule(b)),
    "rules.change": (_rule, lambda b, number: rules.change(b, number, {"line": "C22"})),
    "rules.move": (lambda b: [_rule(b), _rule(b)][0], lambda b, number: rules.move(b, number, 1)),
    "rules.remove": (_rule, rules.remove),
    "safety.before_bulk": (None, lambda b, _: safety.before_bulk(b, safety.BULK_ROWS)),
    "set_asides.keep": (None, lambda b, _: set_asides.keep(b)),
    "settling.confirm_suggestions": (None, lambda b, _: settling.confirm_suggestions(b, [APPLE])),
    "settling.snooze": (None, lambda b, _: _snoozed(b)),
    "settling.transfer": (None, lambda b, _: settling.transfer(b, APPLE)),
    "settling.wake": (_snoozed, settling.wake),
    "tax_facts.add": (None, lambda b, _: _van(b)),
    "tax_facts.change": (_van, lambda b, van: tax_facts.change(b, "vehicle", van, {"method": "standard"}, year=2026)),
    "tax_facts.remove": (_van, lambda b, van: tax_facts.remove(b, "vehicle", van)),
    "tax_setup.answer": (None, lambda b, _: tax_setup.answer(b, 2026, 4, {"birth_year": "1985"})),
    "taxes_paid.record": (None, lambda b, _: taxes_paid.record(b, PAID)),
    "transactions.add": (None, lambda b, _: transactions.add(
        b, date="2026-10-05", cents=-1200, account_selector=CARD, description="Corner shop")),
    "transactions.delete": (None, lambda b, _: _deleted(b)),
    "transactions.restore": (_deleted, transactions.restore),
    "transactions.set_values": (None, lambda b, _: transactions.set_values(b, 94, {"note": "a chair"})),
    "transactions.split": (None, lambda b, _: _split(b)),
    "transactions.unsplit": (_split, transactions.unsplit),
}  # fmt: skip

PAID = {"date": "2026-06-15", "cents": 100_00, "jurisdiction": "federal", "for_year": 2026, "type": "estimate"}

WORDS = "ochre lantern mosaic ferry 88"

RULE = {"text": "FIGMA", "kind": "expense", "line": "C18"}

PRETENDS = {
    "rule_trials.of_new": (None, lambda b, _: rule_trials.of_new(b, RULE)),
    "rule_trials.of_change": (_rule, lambda b, number: rule_trials.of_change(b, number, {"line": "C22"})),
    "rule_trials.of_standing": (_rule, rule_trials.of_standing),
}  # fmt: skip
"""What the work would do, rolled back."""

ELSEWHERE = {
    "audit_archive.archive_due": "one for each month it seals",
    **dict.fromkeys(
        (
            "bank_asking.asking",
            "bank_doctor.checks",
            "bank_linking.begin",
            "bank_linking.check",
            "bank_links.connect",
            "bank_feed.feed",
            "bank_links.reconnect",
            "bank_links.status",
        ),
        "none; one when a bank was repaired there, or came along to a new computer",
    ),
    **dict.fromkeys(
        (
            "bank_leaving.disconnect",
            "bank_linking.confirm",
            "bank_page.confirm",
            "bank_setup.setup_own_keys",
            "bank_setup.setup_relay",
        ),
        "what was done at the bank's side, beside that of the change of the books",
    ),
    "bank_leaving.leave": "the inside of what disconnects, rejects and erases",
    "bank_leaving.leave_all": "everything is erased next, the log too",
    "bank_leaving.forget_gone": "one; it takes a relay, see tests/bank",
    "bank_leaving.reject": "one; it takes a relay, see tests/bank",
    "bank_moving.move": "one; it takes a relay, see tests/bank",
    "erase_home.erase": "everything is erased, the log too",
    "backups.prune": "one when something is removed, else none",
    "key_changes.raise_cost": "one when the cost was a former default, else none",
    "key_changes.replace_way": "the inside of what changes the passphrase, the mode and the cost",
    "new_way.choose": "that of the change of the passphrase, or of what opens the books",
    "rescue.accept": "one when changes are missing, one more when the note outside tells of them too, else none",
    "rotation.rotate": "one when it begins and one when it ends",
    "safety.daily_after_change": "none on the day the books were made, else that of the backup",
    "sample_books.fill": "one for each operation it is made of",
    "unlocking.tell_of_failures": "the inside of what opens the books",
    "unlocking.prove": "one when passphrases were wrong before, else none",
    "after_opening.catch_up": "one for each thing that happened while the books were shut",
}
"""What leaves another number of entries, and why; they have tests of their own."""


def test_a_new_function_that_changes_the_books_has_its_example_here() -> None:
    assert {".".join(function) for function in CODE.changing()} == EXAMPLES.keys() | PRETENDS.keys() | ELSEWHERE.keys()


def test_nothing_else_writes_to_the_books() -> None:
    """These begin a transaction for writing: each writes its entry, or (a request to erase, a look) changes nothing."""
    begins = {path.stem for path in FOLDER.rglob("*.py") if "BEGIN IMMEDIATE" in path.read_text("utf-8")}
    assert begins == {"unit_of_work", "audit_notes", "erasure", "erasure_requests", "bank_records"}
    appends = {path.stem for path in FOLDER.rglob("*.py") if "audit.append(" in path.read_text("utf-8")}
    assert appends == {"unit_of_work", "audit_notes", "opening"}


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_a_change_leaves_exactly_one_entry(sample: Books, name: str) -> None:
    before, call = EXAMPLES[name]
    given = before(sample) if before else None
    seq, _ = audit.head(sample.connection)
    state = _contents(sample)
    call(sample, given)
    assert audit.head(sample.connection)[0] == seq + 1
    assert audit_log.verify(sample).first_bad_seq is None
    (entry,) = audit_log.listed(sample, 1)
    changed = _contents(sample) != state
    if entry.event != "erasure":
        assert (entry.event in {"change", "undo"}) == changed, "an operation has another entry than a note"


@pytest.mark.parametrize("name", sorted(PRETENDS))
def test_what_only_pretends_leaves_none(sample: Books, name: str) -> None:
    before, call = PRETENDS[name]
    given = before(sample) if before else None
    seq, _ = audit.head(sample.connection)
    call(sample, given)
    assert audit.head(sample.connection)[0] == seq


def test_reading_leaves_none(sample: Books) -> None:
    """Every public function that can be asked with the books, a year and a day, on books that cannot be written."""
    reader, asked = sample.reader(), 0
    values = {
        "year": 2026, "as_of": DAY, "today": DAY, "day": DAY, "limit": 5, "first_month": 202601,
        "last_month": 202611, "first": DAY - 90, "last": DAY, "text": "figma",
    }  # fmt: skip
    try:
        for module, name in sorted(set(CODE.public) - CODE.changing()):
            function = getattr(importlib.import_module(PLACES[module]), name)
            wanted = [each for each in list(inspect.signature(function).parameters.values())[1:]
                      if each.default is each.empty]  # fmt: skip
            if module in {"anchor", "bank_client", "pack_facts"} or not {each.name for each in wanted} <= values.keys():
                continue
            function(reader, **{each.name: values[each.name] for each in wanted})
            asked += 1
        seq = audit.head(sample.connection)[0]
        assert (audit.head(reader.connection)[0], asked > 40) == (seq, True)
    finally:
        reader.close()


def _contents(books: Books) -> list[Any]:
    """Return what an operation may change."""
    return [books.connection.execute(f"SELECT * FROM {table}").fetchall() for table in schema.BOOKS]

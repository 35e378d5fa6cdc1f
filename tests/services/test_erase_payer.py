"""Erasing a payer: not a byte of their words is left, not a cent moves."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pages
import pytest

from app.adapters.randomness import OsRandomness
from app.core.errors import Conflict, NotFound, Refused
from app.services.audit import audit_log
from app.services.books import history
from app.services.books.open_books import Books
from app.services.classify import rules
from app.services.income import expected_payments, forms_1099, payer_changes, payers
from app.services.ingest import imports
from app.services.ledger import transactions
from app.services.privacy import erasure, erasure_requests, erasure_scope
from app.services.review import questions
from app.services.tax import tax_facts, taxes_paid
from app.store import audit
from app.store import erasure as store

NAME = "Zebulon Quartermain"
FILE = (
    "Date,Description,Amount\n"
    "2026-01-15,ZELLE PAYMENT FROM ZEBULON QUARTERMAIN Q8871X,1500.00\n"
    "2026-02-15,ZELLE PAYMENT FROM ZEBULON QUARTERMAIN 8872,1600.00\n"
    "2026-02-20,VENMO ZEBULON QUARTERMAIN SHARED LUNCH,-25.00\n"
    "2026-03-03,ADOBE CREATIVE CLOUD,-54.99\n"
    "2026-03-09,OFFICE SUPPLY HOUSE 12,-41.20\n"
)
NEEDLES = (b"zebulon", b"quartermain", b"q8871x", b"zq-project", b"told me in confidence")


@pytest.fixture
def told(books: Books, tmp_path: Path) -> Books:
    """Books in which much was typed about a payer."""
    path = tmp_path / "bank.csv"
    path.write_text(FILE)
    [result] = imports.import_files(books, [path], imports.ImportOptions(account="Everyday", account_kind="checking"))
    assert result.added == 5
    ids = theirs(books)
    for number in ids:
        transactions.set_values(books, number, {"merchant": NAME, "kind": "income", "line": "C1"})
    transactions.set_values(books, ids[0], {"note": "told me in confidence", "tags": "zq-project"})
    transactions.set_values(books, ids[0], {"note": "told me in confidence, twice"})
    transactions.set_values(books, other(books), {"note": f"lunch with {NAME.upper()} there"})
    rules.add(books, {"text": "ZELLE PAYMENT FROM ZEBULON", "kind": "income", "line": "C1"})
    taxes_paid.record(books, {
        "date": "2026-06-15", "cents": 100, "jurisdiction": "federal", "for_year": 2026, "type": "estimate",
        "confirmation": f"by {NAME}",
    })  # fmt: skip
    facts = {
        "vehicle": {"name": f"Van of {NAME}", "in_service": "2026-01-01"},
        "asset": {"name": f"Desk by {NAME}", "in_service": "2026-01-01", "cost": "900"},
        "home_office": {"name": f"{NAME} room", "first_day": "2026-01-01"},
    }
    for table, values in facts.items():
        _, number = tax_facts.add(books, table, values, year=2026)
        tax_facts.change(books, table, str(number), {"name": f"{NAME} again"}, year=2026)
    with books.work.operation("tax_override"):
        books.tax_facts.add("tax_override", {
            "jurisdiction": "federal", "tax_year": 2026, "number": 1, "due_date": 0, "reason": f"flood at {NAME}",
        })  # fmt: skip
    payer_changes.change(books, NAME, {"name": f"{NAME} Ltd"})
    _, due = expected_payments.add(books, f"{NAME} Ltd", 20_500, 100_00, f"retainer of {NAME}")
    _, form = forms_1099.add(books, f"{NAME} Ltd", 2026, "NEC", {"cents": 3_100_00, "note": f"as {NAME} says"})
    expected_payments.change(books, int(due or 0), {"note": f"told me in confidence by {NAME}"})
    forms_1099.change(books, int(form or 0), {"note": f"told me in confidence by {NAME}"})
    for item in questions.items(books):
        if item.choices:
            questions.answer(books, item.id, questions.Answered(choice=1, mode="always"))
    history.undo(books)
    history.redo(books)
    return books


def theirs(books: Books) -> list[int]:
    return saying(books, "ZELLE")


def other(books: Books) -> int:
    return saying(books, "ADOBE")[0]


def saying(books: Books, word: str) -> list[int]:
    joined = "SELECT t.id FROM transactions t JOIN descriptor d ON d.id = t.descriptor_id"
    return [row[0] for row in books.connection.execute(f"{joined} WHERE d.text LIKE ? ORDER BY 1", (f"{word}%",))]


def erase(books: Books) -> erasure.Erased:
    _, code, _ = erasure_requests.request(books, NAME, OsRandomness())
    erasure_requests.confirm(books, NAME, code)
    return erasure.erase_payer(books, NAME, OsRandomness())


def everything(books: Books) -> bytes:
    """Every page the books have anywhere, and every other file of the home, in lower case."""
    held = pages.of_home(books.home, books.key_hex())
    files = b"".join(path.read_bytes() for path in books.home.rglob("*") if path.is_file())
    return (held + files).lower()


def test_not_a_byte_is_left_in_any_page_nor_in_the_log(told: Books) -> None:
    before = everything(told)
    assert all(needle in before for needle in NEEDLES)
    erased = erase(told)
    assert erased.clean
    after = everything(told)
    assert [needle for needle in NEEDLES if needle in after] == []
    assert erased.shown_as.encode().lower() in after
    assert b"adobe creative cloud" in after


def test_not_a_cent_and_not_a_day_moves(told: Books) -> None:
    sums = "SELECT kind, line, status, tax_date, SUM(cents), COUNT(*) FROM effective GROUP BY 1, 2, 3, 4"
    months = "SELECT month, business_id, account_id, kind, line, booked, cents FROM month_total"
    before = [sorted(told.connection.execute(query).fetchall()) for query in (sums, months)]
    erased = erase(told)
    assert [sorted(told.connection.execute(query).fetchall()) for query in (sums, months)] == before
    shown = {row[0] for row in told.connection.execute("SELECT merchant FROM effective WHERE merchant IS NOT NULL")}
    assert erased.shown_as in shown


def test_their_payments_stay_one_payer_under_the_other_name(told: Books) -> None:
    before = payers.in_year(told, 2026).payers
    erased = erase(told)
    after = payers.in_year(told, 2026).payers
    assert [(row.name, row.total_cents, row.count) for row in after] == [(erased.shown_as, 3_100_00, 2)]
    assert [(row.total_cents, row.forms) for row in after] == [(row.total_cents, row.forms) for row in before]


def test_a_person_behind_a_payment_service_goes_without_the_service(books: Books, tmp_path: Path) -> None:
    path = tmp_path / "bank.csv"
    path.write_text(
        "Date,Description,Amount\n2026-01-15,ZELLE PAYMENT FROM ZEBULON QUARTERMAIN,1500.00\n"
        "2026-02-15,ZELLE PAYMENT FROM ADA MARLOWE,1600.00\n"
    )
    [result] = imports.import_files(books, [path], imports.ImportOptions(account="Everyday", account_kind="checking"))
    assert result.added == 2
    erase(books)
    held = everything(books)
    assert b"zebulon" not in held
    assert b"zelle payment from ada marlowe" in held


def test_it_holds_in_a_sealed_year(told: Books) -> None:
    with told.work.operation("seal"):
        told.connection.execute("INSERT INTO sealed_year (year, first_day, last_day) VALUES (2026, 20454, 20818)")
    erase(told)
    assert b"zebulon" not in everything(told)
    seals = told.connection.execute(
        "SELECT COUNT(*) FROM sqlite_schema WHERE type = 'trigger' AND name LIKE 'sealed%'"
    ).fetchone()[0]
    assert seals == 12
    with pytest.raises(Conflict):
        transactions.set_values(told, other(told), {"note": "after"})


def test_what_was_done_before_stays_undoable_or_says_why_not(told: Books) -> None:
    rule = next(o for o in history.history(told) if o.label == "Added a rule")
    erased = erase(told)
    history.undo(told, rule.id)
    with pytest.raises(Conflict, match="cannot be taken back"):
        history.undo(told, erased.operation)
    history.redo(told)
    assert b"zebulon" not in everything(told)


def test_the_books_prove_themselves_afterwards(told: Books) -> None:
    erase(told)
    transactions.set_values(told, other(told), {"note": "business as usual"})
    assert told.digest.prove(lambda: None).ok


def test_the_audit_log_tells_only_that_and_when(told: Books) -> None:
    erase(told)
    entry = next(audit.entries(told.connection, limit=1))
    body = json.loads(entry.body)
    assert (entry.event, body.pop("digest") is not None, body) == ("erasure", True, {"code": "payer"})
    assert audit_log.verify(told).first_bad_seq is None


def test_the_code_is_for_one_payer_once_and_for_ten_minutes(told: Books) -> None:
    _, code, until = erasure_requests.request(told, NAME, OsRandomness())
    assert timedelta(minutes=9) < until - told.clock.now() <= timedelta(minutes=10)
    with pytest.raises(Refused):
        erasure_requests.confirm(told, "Adobe", code)
    erasure_requests.confirm(told, NAME, code)
    with pytest.raises(Refused):
        erasure_requests.confirm(told, NAME, code)
    _, code, _ = erasure_requests.request(told, NAME, OsRandomness())
    for _ in range(5):
        with pytest.raises(Refused):
            erasure_requests.confirm(told, NAME, "AAAAAAAA")
    with pytest.raises(Refused):
        erasure_requests.confirm(told, NAME, code)
    _, code, _ = erasure_requests.request(told, NAME, OsRandomness())
    store.ask(told.connection, "2026-01-01T00:00:00.000+00:00", store.request(told.connection).digest)  # type: ignore[union-attr]
    with pytest.raises(Refused):
        erasure_requests.confirm(told, NAME, code)
    assert code.encode() not in pages.of_home(told.home, told.key_hex())


def test_an_interrupted_cleaning_is_finished_at_the_next_start(told: Books, reopen: Callable[[Books], Books]) -> None:
    erase(told)
    told.connection.execute("UPDATE erasure SET state = 'cleaning'")
    again = reopen(told)
    assert not store.is_unfinished(again.connection)


def test_the_plan_says_what_goes_and_which_copies_stay(told: Books) -> None:
    (told.home / "backups" / "old.opsbak").write_bytes(b"x")
    plan = erasure_scope.look(told, NAME)
    assert (plan.rows, plan.texts, plan.notes, plan.rules) == (2, 2, 1, 1)
    assert [Path(each).name for each in plan.backups] == ["old.opsbak"]
    with pytest.raises(NotFound):
        erasure_scope.look(told, "Nobody At All")

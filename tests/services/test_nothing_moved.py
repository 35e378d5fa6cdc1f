"""Rows over 0.00: a card is checked, a fee is waived, no interest came. Nothing is asked and nothing counts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.services.books import history
from app.services.books.open_books import Books
from app.services.classify import explaining, rules
from app.services.ingest import imports
from app.services.ledger import accounts, transactions
from app.services.review import inbox, questions
from app.store.row_filter import Filter

Bring = Callable[..., Any]
Ofx = Callable[..., bytes]
Holds = Callable[[Books], None]

NOTHING = [
    ("2026-03-02", 0, "QUORN VALE CARD VERIFICATION"),
    ("2026-03-03", 0, "FIGMA MONTHLY RENEWAL"),
    ("2026-03-04", 0, "SERVICE FEE WAIVED"),
    ("2026-03-05", 0, "AMZN MKTP US*RT4X"),
    ("2026-03-31", 0, "INTEREST PAYMENT"),
]


def test_nothing_is_asked_and_nothing_counts(books: Books, bring: Bring, ofx: Ofx, derived_holds: Holds) -> None:
    bring(books, "march.ofx", ofx(NOTHING))
    assert questions.items(books) == []
    rows = list(books.transactions.listed(Filter(), 0))
    assert len(rows) == len(NOTHING)
    assert {row.status for row in rows} <= {"auto", "confirmed"}
    assert {row.line for row in rows} == {"NONE"}
    assert questions.count(books) == 0
    derived_holds(books)


def test_the_reason_says_so(books: Books, bring: Bring, ofx: Ofx) -> None:
    bring(books, "march.ofx", ofx(NOTHING))
    found = explaining.explain(books, 1)
    assert found.sentence == "No money moved, so there is nothing to book."
    assert found.decided == "structure"
    assert [step.step for step in found.order if step.decided] == ["structure"]
    assert found.changes == ()


def test_rows_of_the_same_text_that_move_money_are_asked_as_before(books: Books, bring: Bring, ofx: Ofx) -> None:
    bring(books, "march.ofx", ofx([*NOTHING, ("2026-03-09", 125_000, "QUORN VALE CARD VERIFICATION")]))
    [card] = inbox.cards(books)
    assert ([row.cents for row in card.item.rows], card.item.type) == ([125_000], "income")


def test_a_persons_word_and_rule_stand_above_it(books: Books, bring: Bring, ofx: Ofx, derived_holds: Holds) -> None:
    bring(books, "march.ofx", ofx(NOTHING))
    rules.add(books, {"text": "FIGMA", "kind": "income", "line": "C6"})
    transactions.set_values(books, 1, {"kind": "expense", "line": "C27"})
    assert [(row.kind, row.line) for row in books.transactions.block([1, 2])] == [("expense", "C27"), ("income", "C6")]
    derived_holds(books)
    for _ in range(2):
        history.undo(books)
    assert {row.kind for row in books.transactions.block([1, 2])} == {"personal"}
    assert questions.items(books) == []
    derived_holds(books)


def test_two_rows_of_two_accounts_over_nothing_are_no_movement(books: Books, bring: Bring, ofx: Ofx) -> None:
    bring(books, "a.ofx", ofx([("2026-03-02", 0, "ONLINE TRANSFER TO SAVINGS")]))
    bring(books, "b.ofx", ofx([("2026-03-02", 0, "ONLINE TRANSFER FROM CHECKING")], number="000771209999"))
    assert questions.items(books) == []
    assert books.pairs.dated_in(0, 10**6) == []


@pytest.mark.parametrize("currency", ["USD", "EUR"])
def test_nothing_in_another_currency_needs_no_dollars(books: Books, tmp_path: Path, currency: str) -> None:
    head = "TransferWise ID,Date,Amount,Currency,Description,Payment Reference,Running Balance\n"
    path = tmp_path / "wise.csv"
    path.write_text(f"{head}CARD-1,05-03-2026,0.00,{currency},Card check,,100.00\n")
    [result] = imports.import_files(books, [path], imports.ImportOptions())
    assert result.error is None
    assert questions.items(books) == []


def test_a_charge_whose_fee_eats_it_up_still_counts(books: Books, tmp_path: Path) -> None:
    path = tmp_path / "stripe.csv"
    path.write_text(
        "balance_transaction_id,created_utc,available_on_utc,currency,gross,fee,net,reporting_category,description\n"
        "txn_1,2026-03-02 10:00:00,2026-03-04 00:00:00,usd,0.30,0.30,0.00,charge,Sticker\n"
    )
    [result] = imports.import_files(books, [path], imports.ImportOptions())
    assert result.error is None
    [row] = books.transactions.listed(Filter(), 0)
    assert (row.kind, row.cents, row.gross_cents, row.fee_cents) == ("income", 0, 30, -30)


def test_a_split_whose_parts_cancel_out_is_still_asked(books: Books, tmp_path: Path) -> None:
    path = tmp_path / "cash.qif"
    path.write_text("!Type:Bank\nD03/22/2026\nT0.00\nPExchange\nSOffice\n$-40.00\nSSales\n$40.00\n^\n")
    accounts.add(books, {"name": "Box", "kind": "checking"})
    [result] = imports.import_files(books, [path], imports.ImportOptions(account="Box"))
    assert result.error is None
    assert [item.type for item in questions.items(books)] == ["split"]

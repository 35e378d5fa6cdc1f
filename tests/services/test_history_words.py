"""The history says in words what each step was about, and what undoing it would do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from app.services.books import history
from app.services.books import history_words as words
from app.services.books.open_books import Books
from app.services.classify import rules
from app.services.ingest import imports
from app.services.ledger import accounts, bulk_edit, transactions
from app.services.tax import profile

ROWS = [
    ("2026-11-02", 480_000, "NORTHWIND LABS ACH CREDIT"),
    ("2026-11-03", -1_500, "FIGMA MONTHLY RENEWAL"),
    ("2026-11-18", -1_500, "FIGMA MONTHLY RENEWAL"),
    ("2026-11-15", -5_218, "SHELL OIL 5544 OAKLAND CA"),
]


@pytest.fixture
def filled(books: Books, bring: Callable[..., imports.FileResult], ofx: Callable[..., bytes]) -> Books:
    bring(books, "nov.ofx", ofx(ROWS))
    return books


def sentences(books: Books) -> list[str]:
    return [entry.sentence for entry in words.entries(books)]


def test_each_step_names_what_it_was_about(filled: Books) -> None:
    transactions.set_values(filled, 2, {"kind": "expense", "line": "C18"})
    bulk_edit.change_many(filled, [2, 3], {"note": "tool"})
    bulk_edit.confirm_many(filled, [1, 3, 4])
    transactions.delete(filled, [4], "entered twice")
    rules.add(filled, {"text": "STAPLES", "kind": "expense", "line": "C18"})
    accounts.add(filled, {"name": "Cash box"})
    profile.change(filled, 2026, {"state": "CA"})
    assert sentences(filled) == [
        "Changed the profile",
        "Added the account Cash box",
        "Added the rule for STAPLES",
        "Deleted Shell",
        "Booked Northwind Labs Ach Credit and 2 more",
        "Changed Figma, 2 rows",
        "Changed Figma",
        "Imported nov.ofx",
        "Made the books",
    ]
    assert [entry.can_undo for entry in words.entries(filled)] == [True] * 8 + [False]


def test_names_are_read_when_shown_and_never_kept(filled: Books) -> None:
    transactions.set_values(filled, 2, {"kind": "expense", "line": "C18"})
    refs = filled.connection.execute("SELECT refs FROM operation").fetchall()
    assert "figma" not in str(refs).casefold()
    assert "nov.ofx" not in str(refs)
    transactions.set_values(filled, 2, {"merchant": "Figma Inc"})
    assert sentences(filled)[1] == "Changed Figma Inc"


def test_a_step_that_is_undone_keeps_its_name(filled: Books) -> None:
    transactions.set_values(filled, 2, {"kind": "expense", "line": "C18"})
    history.undo(filled)
    history.undo(filled)
    assert sentences(filled) == [
        "Undid: Imported nov.ofx", "Undid: Changed a transaction", "Changed a transaction", "Imported nov.ofx",
        "Made the books",
    ]  # fmt: skip
    history.redo(filled)
    assert sentences(filled)[:3] == ["Redid: Imported nov.ofx", "Undid: Imported nov.ofx", "Undid: Changed Figma"]
    assert [entry.undone for entry in words.entries(filled)] == [False, True, False, True, False, False]


def test_the_menu_names_the_next_undo_and_redo(filled: Books) -> None:
    assert (words.newest_label(filled), words.redo_label(filled)) == ("Imported nov.ofx", None)
    transactions.set_values(filled, 4, {"kind": "personal"})
    assert words.newest_label(filled) == "Changed Shell"
    history.undo(filled)
    assert (words.newest_label(filled), words.redo_label(filled)) == ("Imported nov.ofx", "Changed Shell")
    history.undo(filled)
    assert words.newest_label(filled) is None


def test_steps_to_undo_are_counted_up_to_a_cap(filled: Books) -> None:
    assert words.steps_to_undo(filled) == 1
    for note in "abc":
        transactions.set_values(filled, 2, {"note": note})
    assert words.steps_to_undo(filled) == 4
    assert words.steps_to_undo(filled, cap=2) == 2
    history.undo(filled)
    assert words.steps_to_undo(filled) == 3


def test_a_preview_says_what_undo_would_bring_back(filled: Books) -> None:
    assert words.preview_undo(filled, 2) == "4 transactions leave the books. The file can be imported again."
    first = transactions.set_values(filled, 2, {"note": "a"}).operation
    second = transactions.set_values(filled, 2, {"note": "b"}).operation
    assert (first, second) == (3, 4)
    assert words.preview_undo(filled, 4) == "1 transaction will be as it was before."
    assert words.preview_undo(filled, 3) == "Later changes rest on this one. Undo these first: Changed Figma."
    assert words.preview_undo(filled, 1) == "This can no longer be undone."
    history.undo(filled)
    assert words.preview_undo(filled, 4) == "This is undone already."


def test_the_opening_balance_that_moves_back_labels_nothing_again(
    filled: Books, derived_holds: Callable[[Books], None], bring: Callable[..., Any], ofx: Callable[..., bytes]
) -> None:
    bring(filled, "tied.ofx", ofx([("2026-11-19", -700, "STAPLES")], balance=(500_000, "2026-11-19")))
    opening = filled.accounts.all()[0].opening_cents
    transactions.delete(filled, [4], "entered twice")
    assert filled.accounts.all()[0].opening_cents != opening
    history.undo(filled)
    assert filled.accounts.all()[0].opening_cents == opening
    derived_holds(filled)

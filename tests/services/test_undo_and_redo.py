"""Undo and redo as a person meets them: what follows from a row goes with it, and a conflict names the way out."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from derived_rows import derived_rows

from app.core.errors import Conflict, NothingToUndo
from app.services.books import history
from app.services.books.open_books import Books
from app.services.classify import rules
from app.services.ingest import imports
from app.services.ledger import accounts, transactions
from app.services.review import questions
from app.services.review.questions import Answered
from app.services.tax import profile
from app.store.row_filter import Filter

Bring = Callable[..., imports.FileResult]
Holds = Callable[[Books], None]
ROWS = [("2026-03-02", -4410, "STAPLES 0041"), ("2026-03-09", 90000, "RIDGEWAY DENTAL GRP AP")]


def first(books: Books) -> int:
    return next(row.id for row in books.transactions.listed(Filter(), 0) if row.cents == -4410)


def test_a_redone_import_is_labelled_as_before(
    books: Books, ofx: Callable[..., bytes], bring: Bring, derived_holds: Holds
) -> None:
    accounts.add(books, {"name": "Main"})
    bring(books, "a.ofx", ofx(ROWS), account="Main")
    before = derived_rows(books)
    history.undo(books)
    assert derived_rows(books)["label"] == []
    derived_holds(books)
    history.redo(books)
    derived_holds(books)
    assert derived_rows(books) == before


def test_redo_works_only_right_after_an_undo(books: Books) -> None:
    profile.change(books, 2026, {"state": "CA"})
    history.undo(books)
    history.redo(books)
    with pytest.raises(NothingToUndo):
        history.redo(books)
    history.undo(books)
    profile.change(books, 2026, {"state": "TX"})
    with pytest.raises(NothingToUndo):
        history.redo(books)


def test_a_redo_that_is_taken_back_leaves_the_change_undone(books: Books) -> None:
    profile.change(books, 2026, {"state": "CA"})
    change = history.history(books)[0].id
    history.undo(books)
    redone = history.redo(books).operation
    history.undo(books, redone)
    known = {op.id: op.undone_by for op in history.history(books)}
    assert known[change] is not None
    assert books.settings.profile(2026)[0] == {}
    with pytest.raises(NothingToUndo):
        history.undo(books)
    history.redo(books)
    assert books.settings.profile(2026)[0] == {"state": "CA"}


def test_an_undo_that_would_take_a_name_in_use_names_what_took_it(books: Books) -> None:
    accounts.add(books, {"name": "Main"})
    accounts.change(books, "Main", {"name": "Old main"})
    renaming = history.history(books)[0].id
    accounts.add(books, {"name": "Main"})
    newer = history.history(books)[0].id
    with pytest.raises(Conflict) as caught:
        history.undo(books, renaming)
    assert caught.value.operations == (newer,)
    assert [view.account.name for view in accounts.listed(books)] == ["Old main", "Main"]


def test_a_second_answer_to_the_same_question_blocks_the_redo_of_the_first(books: Books) -> None:
    profile.change(books, 2026, {"state": "CA"})
    history.undo(books)
    undoing = history.history(books)[0].id
    profile.change(books, 2026, {"state": "TX"})
    later = history.history(books)[0].id
    with pytest.raises(Conflict) as caught:
        history.undo(books, undoing)
    assert caught.value.operations == (later,)
    assert books.settings.profile(2026)[0] == {"state": "TX"}


def test_an_account_that_a_later_file_fills_cannot_be_undone_by_itself(
    books: Books, chase_csv: Callable[..., bytes], bring: Bring
) -> None:
    accounts.add(books, {"name": "Main"})
    adding = history.history(books)[0].id
    rules.add(books, {"text": "STAPLES", "amount_min": 100, "kind": "expense", "line": "C18"})
    imported = bring(books, "x.csv", chase_csv(ROWS), account="Main").operation
    with pytest.raises(Conflict) as caught:
        history.undo(books, adding)
    assert caught.value.operations == (imported,)
    assert books.transactions.count(Filter())[0] == 2


def test_an_import_with_a_decided_row_says_which_decision_stands_in_the_way(
    books: Books, ofx: Callable[..., bytes], bring: Bring, derived_holds: Holds
) -> None:
    imported = bring(books, "a.ofx", ofx(ROWS)).operation
    transactions.set_values(books, first(books), {"kind": "expense", "line": "C18"})
    decided = history.history(books)[0].id
    with pytest.raises(Conflict) as caught:
        history.undo(books, imported)
    assert caught.value.operations == (decided,)
    history.undo(books, decided)
    history.undo(books, imported)
    derived_holds(books)
    assert books.transactions.count(Filter()) == (0, 0)


def test_an_answer_for_always_reaches_other_rows_and_undo_takes_it_from_them(
    books: Books, ofx: Callable[..., bytes], bring: Bring, derived_holds: Holds
) -> None:
    rows = [("2026-03-02", -4410, "STAPLES 0041"), ("2026-04-02", -5510, "STAPLES 0041"),
            ("2026-04-09", 1200, "STAPLES 0041")]  # fmt: skip
    bring(books, "a.ofx", ofx(rows))
    item = next(item for item in questions.items(books) if item.rows[0].cents < 0)
    before = derived_rows(books)
    questions.answer(books, item.id, Answered(kind="expense", line="C22", mode=questions.ALWAYS))
    derived_holds(books)
    bring(books, "b.ofx", ofx([("2026-05-02", -6610, "STAPLES 0041")]))
    derived_holds(books)
    newest = next(row for row in books.transactions.listed(Filter(), 0) if row.cents == -6610)
    assert (newest.kind, newest.line, newest.status) == ("expense", "C22", "confirmed")
    history.undo(books)
    history.undo(books)
    derived_holds(books)
    assert derived_rows(books) == before


@pytest.mark.parametrize("text", ["STAPLES", "staples 0041", "CAFÉ", "café", "50%", "a_b"])
def test_a_rule_reaches_the_rows_it_matches_whatever_letters_it_is_made_of(
    books: Books, bring: Bring, derived_holds: Holds, text: str
) -> None:
    table = (
        "Date,Description,Amount\n2026-03-02,STAPLES 0041,-44.10\n2026-03-03,Café Verdé,-5.00\n"
        "2026-03-04,CAFÉ VERDÉ,-6.00\n2026-03-05,SALE 50% OFF,-7.00\n2026-03-06,A_B STORE,-8.00\n"
        "2026-03-07,AXB STORE,-9.00\n"
    )
    bring(books, "river trust.csv", table.encode())
    rules.add(books, {"text": text, "kind": "expense", "line": "C22"})
    derived_holds(books)
    ((rule, hits),) = rules.listed(books)
    folded = [row.text.casefold() for row in books.transactions.listed(Filter(), 0)]
    assert hits == sum(text.casefold() in row for row in folded) > 0
    rules.change(books, rule.id, {"amount_min": 550})
    derived_holds(books)
    rules.remove(books, rule.id)
    derived_holds(books)
    history.undo(books)
    derived_holds(books)
    assert len(rules.listed(books)) == 1


def test_a_dry_run_of_an_undo_changes_nothing(books: Books) -> None:
    profile.change(books, 2026, {"state": "CA"})
    assert history.undo(books, dry_run=True).operation is None
    assert books.settings.profile(2026)[0] == {"state": "CA"}

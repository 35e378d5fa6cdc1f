"""Many rows are changed, confirmed or deleted in one step, and one step takes it all back."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.core.errors import Refused
from app.services.books import history
from app.services.books.open_books import Books
from app.services.ledger import bulk_edit, finding, transactions
from app.services.ledger.finding import Query

Holds = Callable[[Books], None]


def standing(books: Books) -> list[finding.Listed]:
    return finding.block(books, finding.ids(books, Query()))


def test_many_rows_are_changed_in_one_step_and_taken_back_in_one(sample: Books, derived_holds: Holds) -> None:
    before = standing(sample)
    ids = finding.ids(sample, Query(direction="out", has_question=True))
    outcome = bulk_edit.change_many(sample, ids, {"kind": "expense", "line": "C22", "business_percent": "40"})
    rows = finding.block(sample, ids)
    assert len(rows) > 400
    assert {(row.kind, row.line, row.percent, row.status) for row in rows} == {("expense", "C22", 4_000, "confirmed")}
    assert outcome.rows == len(ids)
    derived_holds(sample)
    history.undo(sample)
    assert standing(sample) == before
    derived_holds(sample)


def test_a_note_leaves_how_rows_are_booked(sample: Books) -> None:
    ids = finding.ids(sample, Query(text="figma"))
    was = [(row.kind, row.status) for row in finding.block(sample, ids)]
    bulk_edit.change_many(sample, ids, {"note": "design"})
    rows = finding.block(sample, ids)
    assert [(row.kind, row.status) for row in rows] == was
    assert {row.note for row in rows} == {"design"}


def test_what_does_not_fit_one_row_changes_none(sample: Books) -> None:
    before = standing(sample)
    for values in ({"line": "C99"}, {"kind": "transfer", "line": "C18"}, {"date": "2026-01-01"}, {"colour": "red"}):
        with pytest.raises(Refused):
            bulk_edit.change_many(sample, [row.id for row in before], values)
    assert standing(sample) == before


def test_nothing_to_change_is_no_step(sample: Books) -> None:
    ids = finding.ids(sample, Query(text="notion"))
    bulk_edit.change_many(sample, ids, {"note": "x"})
    newest = history.history(sample, limit=1)
    assert bulk_edit.change_many(sample, [*ids, 999_999], {"note": "x"}).operation is None
    assert history.history(sample, limit=1) == newest


def test_rows_are_confirmed_as_suggested_and_the_unclear_stay_open(sample: Books, derived_holds: Holds) -> None:
    before = standing(sample)
    ids = finding.ids(sample, Query())
    outcome, left = bulk_edit.confirm_many(sample, ids)
    rows = {row.id: row for row in standing(sample)}
    open_ones = [row for row in before if row.status == "suggested" and row.confidence <= 5_000]
    assert left == len(open_ones) > 0
    for row in before:
        now = rows[row.id]
        assert (now.kind, now.line, now.percent) == (row.kind, row.line, row.percent)
    assert sum(row.status == "confirmed" for row in rows.values()) == len(before) - left
    derived_holds(sample)
    history.undo(sample, outcome.operation)
    assert standing(sample) == before
    derived_holds(sample)


def test_many_rows_are_deleted_with_a_reason_and_come_back(sample: Books, derived_holds: Holds) -> None:
    before = standing(sample)
    openings = [account.opening_cents for account in sample.accounts.all()]
    ids = finding.ids(sample, Query(text="trader"))
    bulk_edit.delete_many(sample, ids, "not mine")
    assert len(standing(sample)) == len(before) - len(ids)
    derived_holds(sample)
    with pytest.raises(Refused):
        bulk_edit.delete_many(sample, ids, "  ")
    history.undo(sample)
    assert standing(sample) == before
    assert [account.opening_cents for account in sample.accounts.all()] == openings
    derived_holds(sample)


def test_one_row_in_a_step_of_many_is_undone_with_all(sample: Books) -> None:
    ids = list(finding.ids(sample, Query(text="notion")))
    step = bulk_edit.change_many(sample, ids, {"note": "x"}).operation
    transactions.set_values(sample, ids[0], {"note": "mine"})
    history.undo(sample)
    history.undo(sample, step)
    assert {row.note for row in finding.block(sample, ids)} == {None}

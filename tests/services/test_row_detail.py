"""All that is told of one transaction, and finding exactly the rows somebody names."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from app.core.errors import NotFound
from app.services.books import history
from app.services.books.open_books import Books
from app.services.ledger import finding, row_detail, row_links, transactions
from app.services.ledger.finding import Query
from app.services.ledger.transactions import Part

ROWS = [
    ("2026-11-02", 480_000, "NORTHWIND LABS ACH CREDIT"),
    ("2026-11-03", -1_500, "FIGMA MONTHLY RENEWAL"),
    ("2026-11-11", -1_834, "LYFT *RIDE WED 8AM"),
    ("2026-11-13", -2_436, "LYFT *RIDE FRI 9AM"),
]


@pytest.fixture
def filled(books: Books, bring: Callable[..., Any], ofx: Callable[..., bytes]) -> Books:
    bring(books, "nov.ofx", ofx(ROWS))
    return books


def number(books: Books, text: str) -> int:
    return finding.ids(books, Query(text=text))[0]


def test_exactly_the_named_rows_are_found_the_deleted_ones_too(filled: Books) -> None:
    figma, lyft = number(filled, "FIGMA"), number(filled, "FRI 9AM")
    transactions.delete(filled, [figma], "twice")
    assert list(finding.ids(filled, Query(ids=[figma, lyft]))) == [lyft, figma]
    assert finding.totals(filled, Query(ids=[lyft])).out_cents == -2_436
    assert list(finding.ids(filled, Query(ids=[]))) == []


def test_named_rows_can_be_narrowed_further(filled: Books) -> None:
    every = list(finding.ids(filled, Query()))
    assert len(finding.ids(filled, Query(ids=every, text="lyft"))) == 2


def test_the_parts_of_a_split_row_are_told_in_order(filled: Books) -> None:
    figma = number(filled, "FIGMA")
    parts = (
        Part(cents=-1_000, kind="expense", line="C18", percent=10_000),
        Part(cents=-500, kind="personal", line="NONE", percent=10_000),
    )
    transactions.split(filled, figma, parts)
    told = row_detail.detail(filled, figma)
    assert told.parts == parts
    assert told.whole_cents == -1_500
    assert told.shown.category == "Split"


def test_the_reason_of_a_deletion_is_told(filled: Books) -> None:
    figma = number(filled, "FIGMA")
    transactions.delete(filled, [figma], "twice")
    told = row_detail.detail(filled, figma)
    assert told.deleted_because == "twice"
    assert told.why is None


def test_a_step_can_be_undone_from_a_row_but_not_the_import_of_its_file(filled: Books) -> None:
    figma = number(filled, "FIGMA")
    transactions.set_values(filled, figma, {"note": "yearly"})
    newest, oldest = row_detail.detail(filled, figma).history
    assert newest.can_undo
    assert not oldest.can_undo
    assert newest.at.tzinfo is not None
    history.undo(filled, newest.operation)
    assert row_detail.detail(filled, figma).row.note is None


def test_a_linked_row_is_told_from_both_sides(filled: Books) -> None:
    income, figma = number(filled, "NORTHWIND"), number(filled, "FIGMA")
    row_links.link(filled, figma, income, "refund")
    assert [linked.row.id for linked in row_detail.detail(filled, figma).links] == [income]
    assert [linked.type for linked in row_detail.detail(filled, income).links] == ["refund"]


def test_a_row_that_never_was_is_not_found(filled: Books) -> None:
    with pytest.raises(NotFound):
        row_detail.detail(filled, 999)

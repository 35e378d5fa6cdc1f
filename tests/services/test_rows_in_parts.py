"""Rows that a QIF file splits: their parts are offered, never booked on the file's word."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.services.books import history
from app.services.books.open_books import Books
from app.services.derived import derive
from app.services.ingest import imports
from app.services.ledger import transactions
from app.services.review import questions
from app.store.row_filter import Filter

Bring = Callable[..., imports.FileResult]

SPLIT = b"""!Type:Bank
D3/22/2026
T-100.00
PSTAPLES STORE 114
SOffice
Epaper
$-60.00
SGroceries
$-30.00
S[Savings]
$-10.00
^
D3/24/2026
T-25.00
PSTAPLES STORE 114
SOffice
$-20.00
SHome
$-4.00
^
"""


def parts(books: Books, number: int) -> list[tuple[int, str, str]]:
    return [(cents, kind, line) for cents, kind, line, _ in books.decisions.parts(number)]


@pytest.mark.parametrize("role", ["business", "mixed"])
def test_the_parts_of_a_file_are_one_answer_away(books: Books, bring: Bring, role: str) -> None:
    told = bring(books, "old-books.qif", SPLIT, role=role)
    assert told.notes[-1] == (
        "In one row the parts of a split do not add up to its amount; the amount was taken (line 13)."
    )
    row = min(books.transactions.listed(Filter(), 0), key=lambda each: each.cents)
    assert (row.cents, row.status, row.is_split) == (-10000, "suggested", 0)
    [question] = [item for item in questions.items(books) if item.type == "split"]
    assert [each.id for each in question.rows] == [row.id]
    assert question.evidence == ["Office paper -$60.00", "Groceries -$30.00", "[Savings] -$10.00"]
    assert question.choices[0].label == (
        "In parts: Office expense (line 18) -$60.00, Personal -$30.00, Transfer -$10.00"
    )
    questions.answer(books, question.id, questions.Answered(choice=1))
    assert parts(books, row.id) == [
        (-6000, "expense", "C18"), (-3000, "personal", "NONE"), (-1000, "transfer", "NONE"),
    ]  # fmt: skip
    assert {s.line: s.cents for s in books.lines.sums(row.tax_date, row.tax_date)} == {"C18": -6000}
    assert [item.type for item in questions.items(books)].count("split") == 0
    history.undo(books)
    assert parts(books, row.id) == []
    assert [item.id for item in questions.items(books) if item.type == "split"] == [question.id]


def test_a_split_row_may_stay_one(books: Books, bring: Bring) -> None:
    bring(books, "old-books.qif", SPLIT, role="business")
    [question] = [item for item in questions.items(books) if item.type == "split"]
    questions.answer(books, question.id, questions.Answered(choice=2))
    row = transactions.existing(books, question.rows[0].id)
    assert (row.status, row.is_split, row.kind) == ("confirmed", 0, question.choices[1].kind)


def test_labels_made_again_keep_a_split_row_back(books: Books, bring: Bring) -> None:
    bring(books, "old-books.qif", SPLIT, role="business")
    before = [(row.id, row.status) for row in books.transactions.listed(Filter(), 0)]
    with books.work.operation("rebuild") as work:
        derive.rebuild(work)
    assert [(row.id, row.status) for row in books.transactions.listed(Filter(), 0)] == before

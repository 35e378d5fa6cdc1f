"""Rows that may be one: two sources tell them too differently to be sure. Asked once, the answer holds."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.core.errors import Refused
from app.services.books import history
from app.services.books.open_books import Books
from app.services.ingest import imports
from app.services.ledger import accounts, transactions
from app.services.ledger.transactions import Part
from app.services.review import questions, settling
from app.store.row_filter import Filter

Bring = Callable[..., imports.FileResult]
SAME = [("2026-03-02", -450, "BLUE FOX CAFE OAKLAND CA"), ("2026-03-20", 120000, "RIDGEWAY DENTAL GRP AP")]
IN_OFX = ("2026-03-09", -8812, "SQ 8841 LARKSPUR")
IN_CSV = ("2026-03-10", -8812, "Office chair")


@pytest.fixture
def twice(books: Books, ofx: Callable[..., bytes], chase_csv: Callable[..., bytes], bring: Bring) -> Callable[[], None]:
    """Brings the account from two sources that differ in one row."""

    def brought() -> None:
        for name, data in (("a.ofx", ofx([*SAME, IN_OFX])), ("Chase4417_Activity.CSV", chase_csv([*SAME, IN_CSV]))):
            assert bring(books, name, data, account="Main").error is None

    brought()
    return brought


def texts(books: Books) -> list[str]:
    return sorted(row.text for row in books.transactions.listed(Filter(), 0))


def question(books: Books) -> questions.Item | None:
    return next((item for item in questions.items(books) if item.type == "duplicate"), None)


def test_two_rows_that_may_be_one_are_asked_about(books: Books, twice: Callable[[], None]) -> None:
    assert len(texts(books)) == 4
    item = question(books)
    assert item is not None
    assert item.question == "Are these two one transaction of -$88.12 in Main?"
    assert item.evidence == ["2026-03-09  SQ 8841 LARKSPUR  a.ofx", "2026-03-10  Office chair  Chase4417_Activity.CSV"]
    assert [choice.label for choice in item.choices] == ["One: keep the first", "Two: keep both"]
    with pytest.raises(Refused):
        settling.transfer(books, item.id)
    with pytest.raises(Refused):
        questions.answer(books, item.id, questions.Answered(kind="personal"))
    twice()
    assert question(books) == item


def test_one_stays_one_whatever_is_imported_again(books: Books, twice: Callable[[], None]) -> None:
    item = question(books)
    assert item is not None
    questions.answer(books, item.id, questions.Answered(choice=1))
    assert (question(books), texts(books)) == (None, ["BLUE FOX CAFE OAKLAND CA", "RIDGEWAY DENTAL GRP AP", IN_OFX[2]])
    assert accounts.listed(books)[0].balance_cents == -450 + 120000 - 8812
    twice()
    assert (question(books), len(texts(books))) == (None, 3)
    history.undo(books)
    assert question(books) == item


def test_two_stay_two_and_are_not_asked_about_again(
    books: Books, twice: Callable[[], None], derived_holds: Callable[[Books], None]
) -> None:
    item = question(books)
    assert item is not None
    questions.answer(books, item.id, questions.Answered(choice=2))
    twice()
    assert (question(books), len(texts(books))) == (None, 4)
    derived_holds(books)
    history.undo(books)
    assert question(books) == item


@pytest.mark.parametrize(
    "other",
    [
        ("2026-03-14", -8812, "Office chair"),  # five days apart
        ("2026-03-10", -8813, "Office chair"),
        ("2026-03-25", -8812, "Office chair"),  # the other source ends before
    ],
)
def test_rows_that_are_surely_two_are_not_asked_about(
    books: Books, ofx: Callable[..., bytes], chase_csv: Callable[..., bytes], bring: Bring, other: tuple[str, int, str]
) -> None:
    bring(books, "a.ofx", ofx([*SAME, IN_OFX]), account="Main")
    bring(books, "Chase4417_Activity.CSV", chase_csv([*SAME, other]), account="Main")
    assert (question(books), len(texts(books))) == (None, 4)


def test_a_file_is_never_compared_with_itself(books: Books, chase_csv: Callable[..., bytes], bring: Bring) -> None:
    bring(books, "Chase4417_Activity.CSV", chase_csv([*SAME, IN_OFX, IN_CSV]), account="Main")
    assert (question(books), len(texts(books))) == (None, 4)


@pytest.mark.parametrize("is_split", [False, True])
def test_what_was_said_of_the_one_that_goes_stays_with_the_one_that_is_kept(
    books: Books, twice: Callable[[], None], derived_holds: Callable[[Books], None], *, is_split: bool
) -> None:
    item = question(books)
    assert item is not None
    kept, other = item.rows
    transactions.set_values(books, other.id, {"kind": "expense", "line": "C22", "note": "the new desk"})
    if is_split:
        parts = [Part(-8_000, "expense", "C22", 10_000), Part(-812, "personal", "NONE", 10_000)]
        transactions.split(books, other.id, parts)
    before = [books.transactions.get(row.id) for row in (kept, other)]
    questions.answer(books, item.id, questions.Answered(choice=1))
    row = books.transactions.get(kept.id)
    assert row is not None
    assert (row.line, row.status, row.note, bool(row.is_split)) == ("C22", "confirmed", "the new desk", is_split)
    assert len(books.decisions.parts(kept.id)) == 2 * is_split
    derived_holds(books)
    history.undo(books)
    assert [books.transactions.get(row.id) for row in (kept, other)] == before


def test_what_was_said_of_the_kept_one_is_not_overwritten(books: Books, twice: Callable[[], None]) -> None:
    item = question(books)
    assert item is not None
    transactions.set_values(books, item.rows[0].id, {"kind": "personal"})
    transactions.set_values(books, item.rows[1].id, {"kind": "expense", "line": "C22", "tags": "desk"})
    questions.answer(books, item.id, questions.Answered(choice=1))
    row = books.transactions.get(item.rows[0].id)
    assert row is not None
    assert (row.kind, row.tags) == ("personal", "desk")


# --- entered by hand


@pytest.fixture
def lunch(books: Books, chase_csv: Callable[..., bytes], bring: Bring) -> Callable[[], None]:
    """A lunch entered by hand, with what it was for, and the bank's file of the day after."""
    accounts.add(books, {"name": "Main", "kind": "checking"})
    _, number = transactions.add(
        books, date="2026-03-09", cents=-4_500, account_selector="Main", description="Lunch with Hollis"
    )
    transactions.set_values(books, number or 0, {"kind": "expense", "line": "C24b", "note": "the spring campaign"})

    def brought() -> None:
        data = chase_csv([("2026-03-10", -4_500, "TST* OLIVE GARDEN 0041"), ("2026-03-20", -4_500, "STAPLES 0041")])
        assert bring(books, "Chase4417_Activity.CSV", data, account="Main").error is None

    brought()
    return brought


def test_a_row_entered_by_hand_is_not_silently_counted_twice(books: Books, lunch: Callable[[], None]) -> None:
    item = question(books)
    assert item is not None
    assert item.reason == "You entered one of them by hand; the other came from a file or the bank."
    assert [row.text for row in item.rows] == ["Lunch with Hollis", "TST* OLIVE GARDEN 0041"]
    questions.answer(books, item.id, questions.Answered(choice=1))
    lunch()
    [kept, other] = sorted(books.transactions.listed(Filter(), 0), key=lambda row: row.posted_date)
    assert (kept.text, kept.line, kept.note) == ("Lunch with Hollis", "C24b", "the spring campaign")
    assert (other.text, question(books)) == ("STAPLES 0041", None)
    assert accounts.listed(books)[0].balance_cents == -9_000
    history.undo(books)
    assert question(books) == item


def test_what_a_person_entered_later_is_kept_as_theirs(books: Books, lunch: Callable[[], None]) -> None:
    transactions.add(books, date="2026-03-21", cents=-4_500, account_selector="Main", description="Toner")
    item = next(item for item in questions.items(books) if item.type == "duplicate" and "Toner" in str(item.evidence))
    assert [row.text for row in item.rows] == ["Toner", "STAPLES 0041"]
    assert item.choices[0].label == "One: keep mine"
    questions.answer(books, item.id, questions.Answered(choice=2))
    lunch()
    assert all("Toner" not in str(each.evidence) for each in questions.items(books) if each.type == "duplicate")
    assert len(texts(books)) == 4


def test_what_a_file_met_by_its_words_is_not_asked(books: Books, lunch: Callable[[], None], bring: Bring,
                                                   chase_csv: Callable[..., bytes]) -> None:  # fmt: skip
    transactions.add(books, date="2026-04-02", cents=-1_200, account_selector="Main", description="Staples 0041")
    data = chase_csv([("2026-04-03", -1_200, "STAPLES 0041"), ("2026-04-05", -1_200, "BUS FARE")])
    bring(books, "Chase4417_Later.CSV", data, account="Main")
    duplicates = [item for item in questions.items(books) if item.type == "duplicate"]
    assert [[row.text for row in item.rows] for item in duplicates] == [["Lunch with Hollis", "TST* OLIVE GARDEN 0041"]]

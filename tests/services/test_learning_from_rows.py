"""A row that a person corrects outside of the questions teaches its merchant too, when the person says so."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from app.core.errors import NotFound, Refused
from app.services.books import history, history_words
from app.services.books.open_books import Books
from app.services.classify import remembered, rules
from app.services.ingest import imports
from app.services.ledger import accounts, bulk_edit, row_links, transactions
from app.services.ledger.transactions import Part
from app.services.review import questions
from app.store.row_filter import Filter
from app.store.transactions import Listed

HEAD = "Details,Posting Date,Description,Amount,Type,Balance,Check or Slip #\n"
AS_SUPPLIES = {"kind": "expense", "line": "C22"}


def bring(books: Books, folder: Path, *rows: tuple[str, str, str]) -> None:
    """Import rows of (month/day, text, amount) of one account."""
    path = folder / f"Chase6620_Activity_{len(list(folder.iterdir()))}.csv"
    path.write_text(HEAD + "".join(f"DEBIT,{day}/2026,{text},{amount},DEBIT_CARD,,\n" for day, text, amount in rows))
    names = [account.name for account in books.accounts.all()]
    options = imports.ImportOptions(account=names[0]) if names else imports.ImportOptions()
    [result] = imports.import_files(books, [path], options)
    assert result.error is None, result.error and result.error.message


def rows_of(books: Books, word: str) -> list[Listed]:
    """Return the rows whose text holds a word, newest first."""
    return [row for row in books.transactions.listed(Filter(), 0) if word in row.text]


def lines_of(books: Books, word: str) -> list[str]:
    return [row.line for row in rows_of(books, word)]


def correct(books: Books, rows: Sequence[Listed], **values: str) -> remembered.Offer | None:
    """Book rows, and return what is offered then."""
    bulk_edit.change_many(books, [row.id for row in rows], values or AS_SUPPLIES)
    return remembered.offer(books, [row.id for row in rows])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "files"
    made.mkdir()
    return made


@pytest.fixture
def figma(books: Books, folder: Path) -> Books:
    """Four rows of one merchant."""
    bring(books, folder, *((f"0{n}/02", f"FIGMA MONTHLY RENEWAL {n}", "-15.00") for n in range(1, 5)))
    return books


def test_a_corrected_row_offers_the_equal_rows_and_nothing_is_kept_until_somebody_says_so(figma: Books) -> None:
    newest, *others = rows_of(figma, "FIGMA")
    before = [row.line for row in others]
    offer = correct(figma, [newest])
    assert offer == (newest.id, "Figma", "expense", "C22", tuple(row.id for row in others))
    assert remembered.listed(figma) == []
    assert lines_of(figma, "FIGMA") == ["C22", *before]


def test_what_is_learned_books_the_others_and_the_rows_to_come(figma: Books, folder: Path) -> None:
    newest = rows_of(figma, "FIGMA")[0]
    correct(figma, [newest], **AS_SUPPLIES, business_percent="60")
    outcome, memory = remembered.learn_from(figma, newest.id)
    assert memory == remembered.learned_by(figma, outcome.operation or 0)
    assert (memory.name, memory.sign, memory.kind, memory.line, memory.percent, memory.ask, memory.hits) == (
        "Figma", -1, "expense", "C22", 6_000, False, 3,
    )  # fmt: skip
    bring(figma, folder, ("05/02", "FIGMA MONTHLY RENEWAL 5", "-15.00"))
    assert {(row.status, row.line, row.percent) for row in rows_of(figma, "FIGMA")} == {("confirmed", "C22", 6_000)}
    assert history_words.newest_label(figma).startswith("Imported ")
    assert remembered.told(memory) == "Figma is booked as Supplies from now on · 3 more rows"


def test_learning_is_one_step_of_the_history_and_booking_another(figma: Books) -> None:
    before = rows_of(figma, "FIGMA")
    correct(figma, before[:1])
    booked = rows_of(figma, "FIGMA")
    learned, _ = remembered.learn_from(figma, before[0].id)
    assert history_words.newest_label(figma) == "Remembered the answer for Figma"
    assert remembered.learn_from(figma, before[0].id)[0].operation is None, "it is known already"
    history.undo(figma, learned.operation)
    assert (rows_of(figma, "FIGMA"), remembered.listed(figma)) == (booked, [])
    history.undo(figma)
    assert rows_of(figma, "FIGMA") == before


def test_booked_and_learned_in_one_step_both_go_with_one_undo(figma: Books) -> None:
    before = rows_of(figma, "FIGMA")
    outcome, memory = remembered.learn_from(figma, before[0].id, AS_SUPPLIES)
    assert (lines_of(figma, "FIGMA"), memory.line) == (["C22"] * 4, "C22")
    history.undo(figma, outcome.operation)
    assert (rows_of(figma, "FIGMA"), remembered.listed(figma)) == (before, [])


def test_a_dry_run_says_what_would_be_learned(figma: Books) -> None:
    before = rows_of(figma, "FIGMA")
    outcome, memory = remembered.learn_from(figma, before[0].id, AS_SUPPLIES, dry_run=True)
    assert (outcome.operation, memory.line, memory.hits) == (None, "C22", 3)
    assert (rows_of(figma, "FIGMA"), remembered.listed(figma)) == (before, [])


def test_asked_each_time_settles_nothing_else(figma: Books, folder: Path) -> None:
    newest = rows_of(figma, "FIGMA")[0]
    _, memory = remembered.learn_from(figma, newest.id, AS_SUPPLIES, ask=True)
    assert memory.ask
    bring(figma, folder, ("05/02", "FIGMA MONTHLY RENEWAL 5", "-15.00"))
    assert [row.status for row in rows_of(figma, "FIGMA")] == ["suggested", "confirmed", *["suggested"] * 3]
    assert remembered.told(memory) == "Figma is asked about each time."
    correct(figma, rows_of(figma, "FIGMA")[:1])
    assert remembered.offer(figma, [rows_of(figma, "FIGMA")[0].id]) is None, "it was said to ask"


def test_a_mistake_that_was_learned_is_corrected_and_never_comes_back(figma: Books, folder: Path) -> None:
    """The same file again, another one, new labels: the newest word holds."""
    oldest = rows_of(figma, "FIGMA")[-1]
    remembered.learn_from(figma, oldest.id, AS_SUPPLIES)
    newest = rows_of(figma, "FIGMA")[0]
    offer = correct(figma, [newest], kind="expense", line="C27")
    assert offer is not None
    assert len(offer.rows) == 2, "the row that taught first was decided by a person"
    remembered.learn_from(figma, newest.id)
    bring(figma, folder, *((f"0{n}/02", f"FIGMA MONTHLY RENEWAL {n}", "-15.00") for n in range(1, 6)))
    assert lines_of(figma, "FIGMA") == ["C27", "C27", "C27", "C27", "C22"]
    assert remembered.offer(figma, [newest.id]) is None, "it is known already"


def test_rows_that_a_person_decided_stay(figma: Books) -> None:
    newest, second, third, oldest = rows_of(figma, "FIGMA")
    transactions.set_values(figma, second.id, {"kind": "personal"})
    transactions.delete(figma, [oldest.id], "entered twice")
    offer = correct(figma, [newest])
    assert offer is not None
    assert offer.rows == (third.id,)
    remembered.learn_from(figma, newest.id)
    kept = {row.id: (row.kind, row.line) for row in rows_of(figma, "FIGMA")}
    assert kept == {newest.id: ("expense", "C22"), second.id: ("personal", "NONE"), third.id: ("expense", "C22")}


def test_rows_that_a_rule_or_a_link_decides_are_not_counted(figma: Books, folder: Path) -> None:
    newest, second, third, oldest = rows_of(figma, "FIGMA")
    rules.add(figma, {
        "text": "FIGMA", "kind": "expense", "line": "C18", "date_from": third.tax_date, "date_to": third.tax_date,
    })  # fmt: skip
    accounts.add(figma, {"name": "Box", "kind": "cash"})
    _, back = transactions.add(figma, date="2026-01-02", cents=1500, account_selector="Box", description="FROM CARD")
    assert back is not None
    row_links.link(figma, oldest.id, back, "transfer")
    offer = correct(figma, [newest])
    assert offer is not None
    assert offer.rows == (second.id,)
    _, memory = remembered.learn_from(figma, newest.id)
    assert memory.hits == 1
    assert lines_of(figma, "FIGMA") == ["C22", "C22", "C18", "NONE"]


def test_several_rows_of_one_merchant_make_the_same_offer(figma: Books) -> None:
    rows = rows_of(figma, "FIGMA")
    offer = correct(figma, rows[:3])
    assert offer == (rows[0].id, "Figma", "expense", "C22", (rows[3].id,))


def test_rows_of_two_merchants_offer_nothing(figma: Books, folder: Path) -> None:
    bring(figma, folder, ("03/09", "MAILCHIMP MISC", "-9.00"))
    assert correct(figma, [*rows_of(figma, "FIGMA")[:1], *rows_of(figma, "MAILCHIMP")]) is None


@pytest.mark.parametrize(
    ("text", "amount", "values", "offered"),
    [
        ("FIGMA MONTHLY RENEWAL", "-15.00", AS_SUPPLIES, True),
        ("ZZYX QUORLBIN SERVICES", "-15.00", AS_SUPPLIES, True),
        ("AMZN MKTP US*RT4X", "-15.00", AS_SUPPLIES, False),
        ("CHECK 1021", "-15.00", AS_SUPPLIES, False),
        ("VENMO PAYMENT", "-15.00", AS_SUPPLIES, False),
        ("FIGMA MONTHLY RENEWAL", "-15.00", {"kind": "transfer"}, False),
        ("FIGMA REFUND", "15.00", {"kind": "refund", "line": "C22"}, False),
    ],
)  # fmt: skip
def test_offered_is_what_the_questions_take_for_always(
    books: Books, folder: Path, text: str, amount: str, values: dict[str, str], *, offered: bool
) -> None:
    bring(books, folder, ("03/02", text, amount))
    assert (correct(books, rows_of(books, text), **values) is not None) == offered


def test_nothing_is_offered_where_a_rule_decides_or_nobody_did(figma: Books) -> None:
    newest, second, *_ = rows_of(figma, "FIGMA")
    assert remembered.offer(figma, [newest.id]) is None
    transactions.split(figma, second.id, [Part(-1000, "expense", "C22", 10_000), Part(-500, "personal", "NONE", 0)])
    assert remembered.offer(figma, [second.id]) is None
    rules.add(figma, {"text": "FIGMA", "kind": "expense", "line": "C18"})
    assert correct(figma, [newest]) is None
    assert remembered.offer(figma, []) is None
    assert remembered.offer(figma, [9_999]) is None


def test_what_cannot_teach_says_so(figma: Books, folder: Path) -> None:
    newest = rows_of(figma, "FIGMA")[0]
    with pytest.raises(Refused, match="booked yourself"):
        remembered.learn_from(figma, newest.id)
    with pytest.raises(Refused, match="booked yourself"):
        remembered.learn_from(figma, newest.id, {"kind": ""})
    with pytest.raises(Refused, match="not a kind"):
        remembered.learn_from(figma, newest.id, {"kind": "nonsense"})
    with pytest.raises(NotFound):
        remembered.learn_from(figma, 9_999, AS_SUPPLIES)
    bring(figma, folder, ("03/09", "...", "-9.00"))
    with pytest.raises(Refused, match="names nobody"):
        remembered.learn_from(figma, rows_of(figma, "...")[0].id, AS_SUPPLIES)
    assert remembered.listed(figma) == []


def test_a_question_that_a_lesson_settles_is_gone(figma: Books) -> None:
    asked = next(item for item in questions.items(figma) if item.merchant_key == "figma")
    remembered.learn_from(figma, asked.rows[0].id, AS_SUPPLIES)
    assert "figma" not in {item.merchant_key for item in questions.items(figma)}

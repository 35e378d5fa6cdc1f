"""The page Accounts: months as a grid, a sentence for each broken one, and what may be wrong with it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.core.dates import day_from_iso
from app.core.errors import NotFound
from app.services.books.open_books import Books
from app.services.ingest import imports
from app.services.ledger import account_page, compare_month, transactions
from app.services.ledger.account_page import Health, MonthState
from app.store.row_filter import Filter

Bring = Callable[..., imports.FileResult]
TODAY = day_from_iso("2026-11-20")


@pytest.fixture
def months(books: Books, ofx: Callable[..., bytes], bring: Bring) -> Callable[..., None]:
    """Imports one statement a month: (month, rows, balance in cents)."""

    def made(*statements: tuple[int, list[tuple[str, int, str]], int | None]) -> None:
        for month, rows, balance in statements:
            last = {1: 31, 2: 28, 3: 31, 4: 30, 5: 31, 6: 30, 7: 31, 8: 31, 9: 30, 10: 31}[month]
            end = f"2026-{month:02d}-{last}"
            data = ofx(rows, balance=None if balance is None else (balance, end), first=f"2026-{month:02d}-01",
                       last=end)  # fmt: skip
            bring(books, f"m{month}.ofx", data)

    return made


def states(books: Books) -> list[str]:
    row = account_page.page(books, TODAY).accounts[0]
    return [cell.state.value for cell in row.months if cell.state != MonthState.NONE]


def test_a_month_that_ties_one_without_a_statement_and_one_that_is_missing(
    books: Books, months: Callable[..., None]
) -> None:
    months(
        (6, [("2026-06-10", 10000, "DEPOSIT")], 50000), (7, [("2026-07-10", 10000, "DEPOSIT")], 60000),
        (8, [("2026-08-10", -5000, "STAPLES")], None), (10, [("2026-10-10", -5000, "STAPLES")], 50000),
    )  # fmt: skip
    assert states(books) == ["no_statement", "ties", "no_statement", "missing", "ties", "missing"]
    row = account_page.page(books, TODAY).accounts[0]
    assert (row.health, row.health_words) == (Health.WARN, "2 months missing")
    assert row.months[0].state == MonthState.NONE
    assert next(cell.sentence for cell in row.broken) == (
        "Harbor Bank Checking ··4417, September: no file covers this month. Download it from your bank and import it."
    )


def test_a_month_that_does_not_tie_says_by_how_much_and_which_row_may_be_missing(
    books: Books, months: Callable[..., None]
) -> None:
    months(
        (6, [("2026-06-10", 10000, "DEPOSIT")], 50000), (7, [("2026-07-10", -4820, "STAPLES")], 50000),
        (8, [("2026-08-10", 100, "INTEREST")], 45280 + 4820), (9, [], None), (10, [("2026-10-09", 1, "X")], None),
    )  # fmt: skip
    row = account_page.page(books, TODAY).accounts[0]
    july = next(cell for cell in row.months if cell.month == 202607)
    assert (july.state, july.difference_cents) == (MonthState.UNTIED, -4820)
    assert july.sentence == ("Harbor Bank Checking ··4417, July: the books are $48.20 below the statement of Jul 31.")
    assert (row.health, row.health_words) == (Health.BAD, "does not tie by $48.20")
    found = compare_month.compare(books, row.id, 202607)
    assert (found.stated_cents, found.computed_cents, found.difference_cents) == (50000, 45180, -4820)
    assert [suspect.kind for suspect in found.suspects] == ["extra", "absent"]
    assert found.suspects[0].transaction_ids == (found.rows[0].id,)
    assert found.sentence.startswith("The books are $48.20 below the statement of Jul 31. The row of -$48.20 on Jul 10")


@pytest.mark.parametrize(
    ("rows", "balance", "kind"),
    [
        ([("2026-07-10", -1500, "CAFE"), ("2026-07-10", -1500, "CAFE")], 48500, "twice"),
        ([("2026-07-10", 2000, "CAFE")], 48000, "sign"),
        ([("2026-07-10", -1500, "CAFE")], 48000, "absent"),
    ],
)
def test_what_may_be_wrong_is_named_by_the_amount(
    books: Books, months: Callable[..., None], rows: list[tuple[str, int, str]], balance: int, kind: str
) -> None:
    months((6, [("2026-06-10", 10000, "DEPOSIT")], 50000), (7, rows, balance))
    account = account_page.page(books, TODAY).accounts[0]
    found = compare_month.compare(books, account.id, 202607)
    assert found.suspects[0].kind == kind
    assert found.suspects[-1].kind == "absent"


def test_a_row_deleted_by_hand_is_a_suspect(books: Books, months: Callable[..., None]) -> None:
    months((6, [("2026-06-10", 10000, "DEPOSIT")], 50000), (7, [("2026-07-10", -1500, "CAFE")], 48500))
    account = account_page.page(books, TODAY).accounts[0]
    row = next(row for row in books.transactions.listed(Filter(), 0) if row.cents == -1500)
    transactions.delete(books, [row.id], "by mistake")
    found = compare_month.compare(books, account.id, 202607)
    assert [suspect.kind for suspect in found.suspects] == ["deleted", "absent"]
    assert found.suspects[0].transaction_ids == (row.id,)


def test_a_month_without_a_stated_balance_says_so(books: Books, months: Callable[..., None]) -> None:
    months((6, [("2026-06-10", 10000, "DEPOSIT")], None))
    account = account_page.page(books, TODAY).accounts[0]
    found = compare_month.compare(books, account.id, 202606)
    assert found.stated_cents is None
    assert found.suspects == ()
    assert "No file states a balance" in found.sentence
    assert account.balance_known is False
    with pytest.raises(NotFound):
        compare_month.compare(books, 99, 202606)


def test_half_a_month_without_a_file_is_incomplete(books: Books, ofx: Callable[..., bytes], bring: Bring) -> None:
    bring(books, "a.ofx", ofx([("2026-09-01", 100, "X")], first="2026-09-01", last="2026-09-30"))
    bring(books, "b.ofx", ofx([("2026-10-20", 100, "X")], first="2026-10-15", last="2026-11-18"))
    row = account_page.page(books, TODAY).accounts[0]
    october = next(cell for cell in row.months if cell.month == 202610)
    assert october.state == MonthState.INCOMPLETE
    assert october.sentence.endswith("October: no file covers Oct 1 to Oct 14.")
    assert row.health_words == "incomplete"


def test_another_currency_is_in_no_dollar_total(books: Books, ofx: Callable[..., bytes], bring: Bring) -> None:
    bring(books, "a.ofx", ofx([("2026-11-01", 10000, "X")]))
    bring(books, "b.ofx", ofx([("2026-11-02", 7000, "Y")], number="000998877665", currency="EUR"))
    page = account_page.page(books, TODAY)
    assert page.total_usd_cents == 10000
    assert page.totals == {"USD": 10000, "EUR": 7000}
    assert [row.balance_text for row in page.accounts] == ["$100.00", "70.00 EUR"]


def test_the_sample_is_in_order_and_names_its_reserve(household: Books) -> None:
    page = account_page.page(household, TODAY)
    assert page.months[0] == 202512
    assert page.months[-1] == 202611
    assert {row.health_words for row in page.accounts} == {"in order"}
    assert page.accounts[0].second_line == "Ally Bank, from files, holds the reserve, last row Nov 10"
    assert page.total_usd_cents == sum(row.balance_cents for row in page.accounts)

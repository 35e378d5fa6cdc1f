"""Files that say little of themselves: bare columns, no bank, dates that could be either way, several currencies."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.core.dates import iso
from app.core.errors import NeedsMapping, Refused
from app.services.books.open_books import Books
from app.services.ingest import imports
from app.services.ledger import listing, row_links, transactions
from app.services.review import questions
from app.store.row_filter import Filter

Bring = Callable[..., imports.FileResult]
HEAD = "Date,Description,Amount\n"
CARD_JAN = HEAD + "01/20/2026,FIGMA,45.00\n01/22/2026,STAPLES 12,30.00\n01/25/2026,ONLINE PAYMENT - THANK YOU,-75.00\n"
CARD_FEB = HEAD + "02/20/2026,FIGMA,45.00\n02/22/2026,STAPLES 12,30.00\n"
DAY_FIRST = HEAD + "25/01/2026,KIOSK,-4.00\n02/03/2026,RENT CO,-900.00\n"
EITHER = HEAD + "02/03/2026,KROGER,-4.00\n02/05/2026,RENT CO,-900.00\n"
BOFA = (
    'Description,,Summary Amt.\nBeginning balance as of 01/01/2026,,"1,000.00"\n\n'
    'Date,Description,Amount,Running Bal.\n01/01/2026,Beginning balance as of 01/01/2026,,"1,000.00"\n'
    '01/15/2026,"CITY UTILITIES","-310.25","689.75"\n'
)


def _cents(books: Books) -> list[int]:
    return sorted(row.cents for row in books.transactions.listed(Filter(), 0))


@pytest.mark.parametrize("options", [{}, {"account": "tidecard Card"}])
def test_a_card_known_from_its_first_file_keeps_its_signs(books: Books, bring: Bring, options: dict[str, str]) -> None:
    first = bring(books, "tidecard-01.csv", CARD_JAN.encode())
    assert first.accounts[0].account.name == "tidecard Card"
    second = bring(books, "tidecard-02.csv", CARD_FEB.encode(), **options)
    assert second.accounts[0].account.id == first.accounts[0].account.id
    assert _cents(books) == [-4500, -4500, -3000, -3000, 7500]


@pytest.mark.parametrize("name", ["bank.csv", "b.csv", "america.csv", "credit-2.csv"])
def test_a_word_of_many_banks_names_none(books: Books, bring: Bring, name: str) -> None:
    known = bring(books, "stmt.csv", BOFA.encode()).accounts[0].account
    assert known.name == "Bank of America Checking"
    other = bring(books, name, (HEAD + "02/13/2026,KIOSK,-4.00\n").encode())
    assert other.accounts[0].made
    assert other.accounts[0].account.id != known.id


def test_the_day_order_of_one_bank_is_not_taken_for_another(books: Books, bring: Bring) -> None:
    bring(books, "alpen.csv", DAY_FIRST.encode())
    asked = bring(books, "othercu.csv", EITHER.encode())
    assert isinstance(asked.error, NeedsMapping)
    assert "--date-order" in asked.error.hint
    told = bring(books, "othercu.csv", EITHER.encode(), date_order="mdy")
    assert [iso(told.accounts[0].first or 0), iso(told.accounts[0].last or 0)] == ["2026-02-03", "2026-02-05"]
    again = bring(books, "alpen-2.csv", EITHER.replace("KROGER", "BAKER").encode())
    assert [iso(again.accounts[0].first or 0), iso(again.accounts[0].last or 0)] == ["2026-03-02", "2026-05-02"]


def test_the_sum_of_a_list_is_in_dollars(books: Books, bring: Bring) -> None:
    stripe = (
        "balance_transaction_id,created_utc,available_on_utc,currency,gross,fee,net,reporting_category,description\n"
        "txn_1,2026-01-07 12:00:00,2026-01-09 00:00:00,usd,100.00,3.20,96.80,charge,Invoice 1\n"
        "txn_2,2026-01-08 12:00:00,2026-01-10 00:00:00,eur,50.00,1.75,48.25,charge,Invoice 2\n"
    )
    bring(books, "stripe.csv", stripe.encode())
    assert listing.count(books, Filter()) == (2, 9680)
    item = next(item for item in questions.items(books) if item.type == "currency")
    questions.answer(books, item.id, questions.Answered(usd_cents=5200))
    assert listing.count(books, Filter()) == (2, 14880)


def test_paypal_holds_and_their_release_are_no_income_and_no_cost(books: Books, bring: Bring) -> None:
    head = "Date,Time,TimeZone,Name,Type,Status,Currency,Gross,Fee,Net,Transaction ID,Reference Txn ID,Balance Impact\n"
    rows = (
        "01/09/2026,11:00:00,PST,Client D,Website Payment,Completed,USD,52.00,-2.00,50.00,T1,,Credit\n"
        "01/09/2026,11:00:00,PST,Client D,Payment Hold,Completed,USD,-50.00,0.00,-50.00,T2,T1,Debit\n"
        "01/20/2026,11:00:00,PST,Client D,Payment Release,Completed,USD,50.00,0.00,50.00,T3,T1,Credit\n"
    )
    result = bring(books, "pp.csv", (head + rows).encode())
    assert (result.added, len(result.skipped)) == (1, 2)
    assert _cents(books) == [5000]


def test_persons_paid_over_one_rail_are_asked_about_one_by_one(
    books: Books, bring: Bring, ofx: Callable[..., bytes]
) -> None:
    rows = [
        ("2026-01-05", 10000, "Zelle payment from NORA QUILL"),
        ("2026-02-05", 12000, "Zelle payment from NORA QUILL"),
        ("2026-02-07", 9000, "Zelle payment from ODO BRINE"),
    ]
    bring(books, "z.ofx", ofx(rows))
    items = questions.items(books)
    assert sorted(len(item.rows) for item in items) == [1, 2]
    nora = next(item for item in items if len(item.rows) == 2)
    assert "NORA QUILL" in nora.question
    questions.answer(books, nora.id, questions.Answered(choice=1, mode=questions.ALWAYS))
    assert [item.question.count("ODO BRINE") for item in questions.items(books)] == [1]


def test_a_qif_transfer_says_what_it_is(books: Books, bring: Bring) -> None:
    bring(books, "q.qif", b"!Type:Bank\nD1/25'26\nT-500.00\nPMove to save\nL[Rainy Day]\n^\n")
    assert [row.kind for row in books.transactions.listed(Filter(), 0)] == ["transfer"]


def test_income_stands_on_no_cost_line_and_links_join_opposite_ways(
    books: Books, bring: Bring, ofx: Callable[..., bytes]
) -> None:
    bring(books, "a.ofx", ofx([("2026-01-05", -1250, "COFFEE CART 1"), ("2026-01-20", -4410, "STAPLES 0041")]))
    with pytest.raises(Refused, match="does not stand on C18"):
        transactions.set_values(books, 1, {"kind": "income", "line": "C18"})
    with pytest.raises(Refused, match="does not stand on C1"):
        transactions.set_values(books, 1, {"kind": "expense", "line": "C1"})
    with pytest.raises(Refused, match="same way"):
        row_links.link(books, 1, 2, "refund")


def test_a_csv_with_the_banks_labels_tells_the_rows_of_the_ofx(
    books: Books, bring: Bring, ofx: Callable[..., bytes]
) -> None:
    bring(books, "Harbor.ofx", ofx([("2026-01-15", -250000, "IRS USATAXPYMT")], number="000000125678"))
    labels = "IRS DES:USATAXPYMT ID:270601500011122 INDN:R EXAMPLE CO ID:3387702000 CCD"
    account = books.accounts.all()[0].name
    same = bring(books, "rows.csv", (HEAD + f"01/15/2026,{labels},-2500.00\n").encode(), account=account)
    assert (same.added, same.duplicates) == (0, 1)
    other = bring(books, "more.csv", (HEAD + "01/15/2026,IRS TREAS 310 FEE,-2500.00\n").encode(), account=account)
    assert (other.added, other.duplicates) == (1, 0)

"""What the list of transactions finds, in which order, and what it comes to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from app.core.dates import day_from_iso
from app.services.books.open_books import Books
from app.services.ledger import finding, transactions
from app.services.ledger.finding import Query

ROWS = [
    ("2026-11-02", 480_000, "NORTHWIND LABS ACH CREDIT"),
    ("2026-11-03", -1_500, "FIGMA MONTHLY RENEWAL"),
    ("2026-11-11", -1_834, "LYFT *RIDE WED 8AM"),
    ("2026-11-13", -2_436, "LYFT *RIDE FRI 9AM"),
    ("2026-11-15", -6_418, "SHELL OIL 5544 OAKLAND CA"),
]


@pytest.fixture
def filled(books: Books, bring: Callable[..., Any], ofx: Callable[..., bytes]) -> Books:
    bring(books, "nov.ofx", ofx(ROWS))
    return books


def texts(books: Books, query: Query) -> list[str]:
    return [row.text.split()[0] for row in finding.block(books, finding.ids(books, query))]


def test_the_newest_rows_stand_first(filled: Books) -> None:
    assert texts(filled, Query()) == ["SHELL", "LYFT", "LYFT", "FIGMA", "NORTHWIND"]
    assert texts(filled, Query(descending=False)) == ["NORTHWIND", "FIGMA", "LYFT", "LYFT", "SHELL"]


@pytest.mark.parametrize(
    ("typed", "want"),
    [
        ("monthly ren", ["FIGMA"]),
        ("lyft", ["LYFT", "LYFT"]),
        ("64.18", ["SHELL"]),
        ("4,800", ["NORTHWIND"]),
        ("$15", ["FIGMA"]),
        ("design tool", ["FIGMA"]),
        ("sky taxi", ["LYFT"]),
        ("100%", []),
        ("nobody", []),
    ],
)
def test_a_text_is_looked_for_in_bank_text_payee_note_and_amount(filled: Books, typed: str, want: list[str]) -> None:
    transactions.set_values(filled, 2, {"note": "design tool"})
    transactions.set_values(filled, 3, {"merchant": "Sky Taxi"})
    assert texts(filled, Query(text=typed)) == want


def test_filters_narrow_the_list(filled: Books) -> None:
    transactions.set_values(filled, 2, {"kind": "expense", "line": "C18"})
    transactions.delete(filled, [5], "entered twice")
    assert texts(filled, Query(direction="in")) == ["NORTHWIND"]
    assert texts(filled, Query(amount_min_cents=1_800, amount_max_cents=2_436)) == ["LYFT", "LYFT"]
    assert texts(filled, Query(statuses=("confirmed",), kinds=("expense", "income"), lines=("C18",))) == ["FIGMA"]
    assert texts(filled, Query(statuses=("deleted",))) == ["SHELL"]
    assert texts(filled, Query(has_question=True)) == ["LYFT", "LYFT", "NORTHWIND"]
    assert texts(filled, Query(has_question=False)) == ["FIGMA"]
    assert texts(filled, Query(first=day_from_iso("2026-11-03"), last=day_from_iso("2026-11-11"))) == ["LYFT", "FIGMA"]
    assert texts(filled, Query(account_ids=(1, 99))) == ["LYFT", "LYFT", "FIGMA", "NORTHWIND"]
    assert texts(filled, Query(account_ids=(99,))) == []


@pytest.mark.parametrize("sort", sorted(finding.SORTS))
@pytest.mark.parametrize("descending", [True, False])
def test_every_order_holds_each_row_once_and_stays_the_same(sample: Books, sort: str, *, descending: bool) -> None:
    query = Query(sort=sort, descending=descending)
    found = finding.ids(sample, query)
    assert sorted(found) == sorted(finding.ids(sample, Query()))
    assert found == finding.ids(sample, query)


def test_orders_follow_what_is_shown(sample: Books) -> None:
    def rows(sort: str) -> list[finding.Listed]:
        return finding.block(sample, finding.ids(sample, Query(sort=sort, descending=False)))

    amounts = [row.cents for row in rows("amount")]
    assert amounts == sorted(amounts)
    names = [row.account.casefold() for row in rows("account")]
    assert names == sorted(names)
    payees = [row.merchant.casefold() for row in rows("payee") if row.merchant]
    assert payees == sorted(payees)


def test_a_block_keeps_its_order_and_leaves_out_what_is_gone(filled: Books) -> None:
    assert [row.id for row in finding.block(filled, [3, 99, 1])] == [3, 1]


def test_own_transfers_are_counted_but_not_added(sample: Books) -> None:
    rows = finding.block(sample, finding.ids(sample, Query()))
    counted = [row for row in rows if row.kind not in {"transfer", "card_payment"}]
    found = finding.totals(sample, Query())
    assert found.count == len(rows)
    assert found.transfers_left_out == len(rows) - len(counted) > 200
    assert found.in_cents == sum(row.cents for row in counted if row.cents > 0)
    assert found.out_cents == sum(row.cents for row in counted if row.cents < 0)
    assert found.net_cents == found.in_cents + found.out_cents
    assert found.questions == sum(row.status == "suggested" for row in rows)
    assert found.foreign_left_out == 0


def test_a_row_in_another_currency_counts_in_no_sum(
    books: Books, bring: Callable[..., Any], ofx: Callable[..., bytes]
) -> None:
    bring(books, "eur.ofx", ofx([("2026-11-04", -2_000, "HOTEL LISBOA")], currency="EUR"))
    found = finding.totals(books, Query())
    assert (found.count, found.out_cents, found.foreign_left_out, found.questions) == (1, 0, 1, 1)


def test_the_table_names_payee_category_and_line(sample: Books) -> None:
    def words(text: str) -> finding.Shown:
        return finding.shown(sample, finding.block(sample, finding.ids(sample, Query(text=text))[:1]))[0]

    assert words("rookery") == ("Rookery Podcast Network", "Client income", "1", False)
    assert words("peets") == ("Peet's Coffee", "Meals or personal?", "–", True)
    assert words("notion labs") == ("Notion", "Office expense", "18", True)
    assert words("stripe payout")[:2] == ("To Checking ··6620", "Transfer")
    assert words("industrious")[1:] == ("Rent", "20b", True)
    assert words("atm withdrawal")[1:] == ("Owner draw", "–", False)


def test_the_palette_finds_payees_and_the_newest_rows(sample: Books) -> None:
    hits = finding.search(sample, "notio", limit=3)
    assert [(payee.name, payee.rows, payee.cents) for payee in hits.payees] == [("Notion", 11, -11_000)]
    assert (len(hits.transactions), hits.count) == (3, 11)
    days = [row.tax_date for row in hits.transactions]
    assert days == sorted(days, reverse=True)
    assert finding.search(sample, "rookery").payees[0].name == "Rookery Podcast Network"
    assert finding.search(sample, "  ").count == 0

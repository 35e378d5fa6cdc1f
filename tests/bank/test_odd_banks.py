"""What banks do that nobody expects: two logins at one, rows that change their account, coins, all ids new at once."""

from __future__ import annotations

import pytest

from app.core.dates import day_from_iso
from app.core.errors import BankRefused
from app.services.bank import bank_links, bank_sync
from app.services.books.open_books import Books
from app.services.ledger import accounts, transactions
from app.store.row_filter import Filter
from app.store.transactions import Listed
from tests.bank.conftest import connect, nobody
from tests.relay.plaid_stand_in import PlaidStandIn, Trouble, account, error, transaction

SYNC = "/transactions/sync"
SAVINGS = {"name": "Savings", "mask": "9902", "subtype": "savings"}
CARD = {"name": "Card", "mask": "0093", "type": "credit", "subtype": "credit card"}


def rows(books: Books) -> list[Listed]:
    return sorted(books.transactions.listed(Filter(), 0), key=lambda row: (row.posted_date, row.text))


def balances(books: Books) -> dict[str, tuple[int, int]]:
    return {view.account.name: (view.rows, view.balance_cents) for view in accounts.listed(books)}


def test_the_same_account_is_found_behind_the_second_of_two_logins(linked: Books, plaid: PlaidStandIn) -> None:
    first = plaid.new_item(accounts=[account("a1", mask="1111")])
    second = plaid.new_item(accounts=[account("b1", mask="3333")])
    connect(linked, plaid, first)
    connect(linked, plaid, second)
    third = plaid.new_item(accounts=[account("c1", mask="3333")])
    bank_links.connect(
        linked, wait=10, open_browser=None, tell=lambda _: plaid.finish(plaid.last_link(), third), pause=nobody
    )
    (waiting,) = bank_links.linked(linked)
    assert (waiting.twin, waiting.is_same) == (2, True), "it would be billed twice, and nobody said so"


def test_a_savings_account_with_the_digits_of_another_logins_checking_stays_one_of_its_own(
    linked: Books, plaid: PlaidStandIn
) -> None:
    first = plaid.new_item(accounts=[account("a1", mask="1111")])
    first.add(transaction("x1", "a1", 5, "2026-10-01", "COFFEE"))
    second = plaid.new_item(accounts=[account("b1", mask="1111", name="Share", subtype="savings")])
    second.add(transaction("y1", "b1", -9, "2026-10-02", "DIVIDEND"))
    connect(linked, plaid, first)
    connect(linked, plaid, second)
    bank_sync.sync(linked, wait=nobody)
    assert [(row.account, row.text) for row in rows(linked)] == [
        ("Stand-in Bank Checking ··1111", "COFFEE"), ("Stand-in Bank Savings ··1111", "DIVIDEND"),
    ]  # fmt: skip


def test_a_row_that_goes_over_to_a_card_counts_from_then_on_as_a_charge_of_its_day(
    linked: Books, plaid: PlaidStandIn
) -> None:
    item = plaid.new_item(accounts=[account("a1"), account("a2", **CARD)])
    row = transaction("x1", "a1", 5, "2027-01-02", "COFFEE", authorized_date="2026-12-31")
    item.add(row)
    (number,) = connect(linked, plaid, item)
    bank_sync.sync(linked, number, wait=nobody)
    assert rows(linked)[0].tax_date == day_from_iso("2027-01-02")
    item.modify({**row, "account_id": "a2"})
    made = bank_sync.sync(linked, number, wait=nobody)
    assert (made.modified, rows(linked)[0].tax_date) == (1, day_from_iso("2026-12-31"))
    item.modify(row)
    bank_sync.sync(linked, number, wait=nobody)
    assert rows(linked)[0].tax_date == day_from_iso("2027-01-02")


def test_a_row_that_comes_in_another_account_under_another_id_keeps_what_was_said(
    linked: Books, plaid: PlaidStandIn
) -> None:
    item = plaid.new_item(accounts=[account("a1"), account("a2", **SAVINGS)])
    row = transaction("x1", "a1", 5, "2026-10-01", "COFFEE")
    other = transaction("x2", "a1", 7, "2026-10-01", "TEA")
    item.add(row, other)
    (number,) = connect(linked, plaid, item)
    bank_sync.sync(linked, number, wait=nobody)
    before = rows(linked)[0]
    transactions.set_values(linked, before.id, {"note": "with a client"})
    item.remove(row)
    item.remove(other)
    item.add(transaction("x9", "a2", 5, "2026-10-01", "COFFEE"), transaction("x8", "a2", 8, "2026-10-01", "TEA"))
    made = bank_sync.sync(linked, number, wait=nobody)
    after, tea = rows(linked)
    assert (after.id, after.note, after.account) == (before.id, "with a client", "Stand-in Bank Savings ··9902")
    assert (made.added, made.modified, made.removed, tea.cents) == (1, 1, 1, -800), "another amount is another row"


def test_a_cursor_that_plaid_refuses_in_any_words_is_replaced(linked: Books, plaid: PlaidStandIn) -> None:
    item = plaid.new_item(accounts=[account("a1")])
    item.add(*(transaction(f"x{n}", "a1", 5 + n, "2026-10-01", f"SHOP {n}") for n in range(6)))
    (number,) = connect(linked, plaid, item)
    bank_sync.sync(linked, number, wait=nobody)
    transactions.set_values(linked, rows(linked)[0].id, {"note": "mine"})
    # All at once, as after a migration of the bank: other accounts, other rows, and the old place means nothing.
    item.accounts[:] = [account("n1")]
    item.changes[:] = []
    item.add(*(transaction(f"n{n}", "n1", 5 + n, "2026-10-01", f"SHOP {n}") for n in range(6)))
    item.add(transaction("new", "n1", 1, "2026-10-09", "NEW"))
    plaid.trouble[SYNC].append(error("INVALID_INPUT", "INVALID_FIELD", message="no such place"))
    made = bank_sync.sync(linked, number, wait=nobody)
    assert (made.added, made.removed, len(rows(linked)), rows(linked)[0].note) == (1, 0, 7, "mine")
    assert len(accounts.listed(linked)) == 1


def test_a_mistake_that_no_new_beginning_cures_is_told_and_nothing_is_lost(linked: Books, plaid: PlaidStandIn) -> None:
    item = plaid.new_item(accounts=[account("a1")])
    item.add(transaction("x1", "a1", 5, "2026-10-01", "SHOP"))
    (number,) = connect(linked, plaid, item)
    bank_sync.sync(linked, number, wait=nobody)
    cursor = linked.bank.connections()[0].cursor
    refusals: list[Trouble | None] = [error("INVALID_INPUT", "INVALID_FIELD", message="count") for _ in range(2)]
    plaid.trouble[SYNC].extend(refusals)
    with pytest.raises(BankRefused, match="did not understand"):
        bank_sync.sync(linked, number, wait=nobody)
    assert (linked.bank.connections()[0].cursor, len(rows(linked))) == (cursor, 1)
    assert not plaid.trouble[SYNC], "it was asked more often than it takes to know"


def test_a_balance_in_a_coin_is_no_number_of_dollars(linked: Books, plaid: PlaidStandIn) -> None:
    coin = {"available": None, "current": 0.5, "limit": None, "iso_currency_code": None,
            "unofficial_currency_code": "BTC"}  # fmt: skip
    item = plaid.new_item(accounts=[account("a1", balances=coin)])
    item.add(
        transaction("x1", "a1", 0.25, "2026-10-01", "MOVE", iso_currency_code=None, unofficial_currency_code="BTC")
    )
    (number,) = connect(linked, plaid, item)
    bank_sync.sync(linked, number, wait=nobody)
    assert balances(linked) == {"Stand-in Bank Checking ··4417": (1, 0)}
    assert rows(linked)[0].currency == "BTC"


def test_a_bank_that_was_ended_there_is_connected_anew_without_a_warning_and_takes_its_place(
    linked: Books, plaid: PlaidStandIn
) -> None:
    first = plaid.new_item(accounts=[account("a1"), account("a2", **SAVINGS)])
    first.add(transaction("x1", "a1", 5, "2026-10-01", "COFFEE"), transaction("x2", "a1", 6, "2026-10-02", "TEA"))
    other = plaid.new_item(accounts=[account("o1", mask="8888")])
    (number,) = connect(linked, plaid, first)
    (kept,) = connect(linked, plaid, other)
    bank_sync.sync(linked, wait=nobody)
    for item in (first, other):
        item.error = {"error_type": "ITEM_ERROR", "error_code": "USER_PERMISSION_REVOKED", "error_message": "x"}
    assert {each.health for each in bank_links.status(linked).connections} == {"gone"}
    again = plaid.new_item(accounts=[account("b1"), account("b2", **SAVINGS)])
    again.add(transaction("y2", "b1", 6, "2026-10-02", "TEA"), transaction("y3", "b1", 7, "2026-10-03", "CAKE"))
    bank_links.connect(
        linked, wait=10, open_browser=None, tell=lambda _: plaid.finish(plaid.last_link(), again), pause=nobody
    )
    (waiting,) = bank_links.linked(linked)
    assert (waiting.twin, waiting.is_same) == (None, False), "what was ended is not billed"
    made = bank_links.confirm(linked, waiting.item_id)
    standing = {each.id: each.health for each in bank_links.status(linked, ask=False).connections}
    assert standing == {kept: "gone", made: "ok"}, "another bank that was ended still says so"
    assert number not in standing
    bank_sync.sync(linked, made, wait=nobody)
    assert [row.text for row in rows(linked)] == ["COFFEE", "TEA", "CAKE"]


def test_a_row_that_one_of_two_logins_takes_back_stays_while_the_other_tells_of_it(
    linked: Books, plaid: PlaidStandIn
) -> None:
    mine, theirs = (plaid.new_item(accounts=[account(number)]) for number in ("a1", "b1"))
    told = {
        number: [transaction(f"{number}-{n}", number, 5 + n, f"2026-10-0{n}", f"SHOP {n}") for n in range(1, 6)]
        for number in ("a1", "b1")
    }
    mine.add(*told["a1"])
    theirs.add(*told["b1"])
    (first,) = connect(linked, plaid, mine)
    (second,) = connect(linked, plaid, theirs)
    bank_sync.sync(linked, wait=nobody)
    assert len(rows(linked)) == 5
    mine.remove(told["a1"][2])
    assert bank_sync.sync(linked, first, wait=nobody).removed == 0
    assert len(rows(linked)) == 5
    theirs.remove(told["b1"][2])
    assert bank_sync.sync(linked, second, wait=nobody).removed == 1
    assert [row.text for row in rows(linked)] == ["SHOP 1", "SHOP 2", "SHOP 4", "SHOP 5"]


def test_an_account_whose_currency_comes_to_be_known_after_its_rows_is_in_that_currency(
    linked: Books, plaid: PlaidStandIn
) -> None:
    silent = {"available": None, "current": None, "limit": None, "iso_currency_code": None,
              "unofficial_currency_code": None}  # fmt: skip
    item = plaid.new_item(accounts=[account("a1", balances=silent)])
    item.add(transaction("x1", "a1", 5, "2026-10-01", "TIM HORTONS", iso_currency_code="CAD"))
    (number,) = connect(linked, plaid, item)
    bank_sync.sync(linked, number, wait=nobody)
    item.accounts[0] = account("a1", balances={**silent, "current": 77.5, "iso_currency_code": "CAD"})
    item.add(transaction("x2", "a1", 6, "2026-10-02", "METRO", iso_currency_code="CAD"))
    bank_sync.sync(linked, number, wait=nobody)
    (view,) = accounts.listed(linked)
    assert (view.account.currency, view.balance_cents) == ("CAD", 7750)

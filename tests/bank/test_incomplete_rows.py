"""A row that Plaid sends without an amount or a date keeps nobody else back, and is named until it comes whole."""

from __future__ import annotations

from app.services.bank import bank_links, bank_page, bank_sync
from app.services.books.open_books import Books
from app.services.ledger import transactions
from app.store.row_filter import Filter
from tests.bank.conftest import connect, nobody
from tests.relay.plaid_stand_in import Item, PlaidStandIn, account, transaction
from tests.relay.plaid_stand_in import Json as Row


def rows(books: Books) -> list[tuple[str, int]]:
    return sorted((row.text, row.cents) for row in books.transactions.listed(Filter(), 0))


def bank(plaid: PlaidStandIn, *told: Row) -> Item:
    item = plaid.new_item(accounts=[account("acc1")])
    item.add(*told)
    return item


def good(number: int, **more: object) -> Row:
    return {**transaction(f"t{number}", "acc1", 10 + number, "2026-10-05", f"SHOP {number}"), **more}


def without(row: Row, *names: str) -> Row:
    return {name: value for name, value in row.items() if name not in names}


def test_the_good_rows_come_and_the_bad_ones_are_named(linked: Books, plaid: PlaidStandIn) -> None:
    plaid.page = 2
    item = bank(
        plaid, good(1), good(2, amount=None), good(3), good(4, date=None), without(good(5), "amount"), good(6),
    )  # fmt: skip
    (number,) = connect(linked, plaid, item)
    made = bank_sync.sync(linked, number, wait=nobody)
    assert rows(linked) == [("SHOP 1", -1100), ("SHOP 3", -1300), ("SHOP 6", -1600)]
    (one,) = made.connections
    assert (one.added, one.refused) == (3, 3)
    assert {row.account for row in one.unread} == {"Stand-in Bank Checking ··4417"}
    assert [row.reason for row in one.unread] == [
        "the row of 2026-10-05: it has no amount", "the row of $14.00 out: it has no date",
        "the row of 2026-10-05: it has no amount",
    ]  # fmt: skip
    # Both front ends go on saying so: the next update brings nothing of them.
    item.add(good(7))
    again = bank_sync.sync(linked, number, wait=nobody)
    assert (again.added, again.connections[0].refused, len(again.connections[0].unread)) == (1, 0, 3)
    assert len(bank_page.page(linked).banks[0].unread) == 3
    assert len(bank_links.status(linked, ask=False).connections[0].unread) == 3


def test_a_row_that_comes_whole_later_goes_in_and_is_named_no_more(linked: Books, plaid: PlaidStandIn) -> None:
    item = bank(plaid, good(1), good(2, amount=None), good(3, date="soon"), good(4, amount="x"))
    (number,) = connect(linked, plaid, item)
    bank_sync.sync(linked, number, wait=nobody)
    item.modify(good(2))  # as Plaid mends a row
    item.remove(good(3))  # it sees that there was none
    item.add(good(4))  # or it begins anew
    made = bank_sync.sync(linked, number, wait=nobody)
    assert (rows(linked), made.connections[0].unread) == ([("SHOP 1", -1100), ("SHOP 2", -1200), ("SHOP 4", -1400)], ())


def test_a_change_that_cannot_be_read_leaves_the_row_as_it_was(linked: Books, plaid: PlaidStandIn) -> None:
    item = bank(plaid, good(1), good(2))
    (number,) = connect(linked, plaid, item)
    bank_sync.sync(linked, number, wait=nobody)
    item.modify(good(2, amount=None))
    made = bank_sync.sync(linked, number, wait=nobody)
    assert (rows(linked), len(made.connections[0].unread)) == ([("SHOP 1", -1100), ("SHOP 2", -1200)], 1)
    item.modify(good(2, amount=99))
    made = bank_sync.sync(linked, number, wait=nobody)
    assert (rows(linked), made.connections[0].unread) == ([("SHOP 1", -1100), ("SHOP 2", -9900)], ())


def test_what_was_said_of_a_pending_row_outlives_a_posted_one_that_cannot_be_read(
    linked: Books, plaid: PlaidStandIn
) -> None:
    item = bank(plaid, good(1), good(2, pending=True))
    (number,) = connect(linked, plaid, item)
    bank_sync.sync(linked, number, wait=nobody)
    (waiting,) = (row for row in linked.transactions.listed(Filter(), 0) if row.pending)
    transactions.set_values(linked, waiting.id, {"note": "lunch with a client"})
    posted = good(9, name="SHOP 2", original_description="SHOP 2", pending_transaction_id="t2")
    item.remove(good(2))
    item.add({**posted, "amount": None})
    bank_sync.sync(linked, number, wait=nobody)
    assert rows(linked) == [("SHOP 1", -1100)]
    item.modify({**posted, "amount": 12})
    bank_sync.sync(linked, number, wait=nobody)
    found = next(row for row in linked.transactions.listed(Filter(), 0) if row.text == "SHOP 2")
    assert (found.id, found.cents, found.note, found.pending) == (waiting.id, -1200, "lunch with a client", 0)


def test_a_bank_read_anew_from_its_beginning_names_a_row_once(linked: Books, plaid: PlaidStandIn) -> None:
    item = bank(plaid, good(1), good(2, amount=None))
    (number,) = connect(linked, plaid, item)
    bank_sync.sync(linked, number, wait=nobody)
    with linked.work.operation("bank_sync"):
        linked.bank.set_connection(number, cursor="another-item:2")
    made = bank_sync.sync(linked, number, wait=nobody)
    assert (len(made.connections[0].unread), rows(linked)) == (1, [("SHOP 1", -1100)])

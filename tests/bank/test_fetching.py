"""A linked bank is read through a real relay, whatever goes wrong between the two."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest

from app.core.errors import BankError
from app.services.bank import bank_links, bank_secrets, bank_sync, egress_list
from app.services.books.open_books import Books
from app.store.row_filter import Filter
from tests.bank.conftest import bank, connect, nobody
from tests.relay.conftest import RelayProcess
from tests.relay.plaid_stand_in import PlaidStandIn, Trouble, account, error, transaction

SYNC = "/transactions/sync"


def held(books: Books) -> Counter[tuple[str, int, int]]:
    return Counter((row.text, row.cents, row.pending) for row in books.transactions.listed(Filter(), 0))


def test_a_rough_day_ends_with_the_rows_of_the_bank(linked: Books, plaid: PlaidStandIn) -> None:
    dice = Random(3)
    plaid.page = 5
    item = plaid.new_item(accounts=[account("acc1")])
    item.add(*(transaction(f"t{n}", "acc1", 10 + n, "2026-10-05", f"SHOP {n}", pending=n % 4 == 0) for n in range(23)))
    (number,) = connect(linked, plaid, item)
    troubles = [
        error("TRANSACTIONS_ERROR", "TRANSACTIONS_SYNC_MUTATION_DURING_PAGINATION"),
        error("RATE_LIMIT_EXCEEDED", "TRANSACTIONS_SYNC_LIMIT", 429),
        error("INSTITUTION_ERROR", "INSTITUTION_DOWN"), error("API_ERROR", "NEW_CODE", 500),
        Trouble(500, "<html>"), Trouble(200, "{", cut=True), Trouble(200, '{"added": ['),
    ]  # fmt: skip
    said: set[str] = set()
    for turn in range(8):
        plaid.trouble[SYNC].extend(dice.choice([None, None, *troubles]) for _ in range(6))
        for _ in range(10):
            try:
                bank_sync.sync(linked, number, wait=nobody)
                break
            except BankError as trouble:
                said.add(getattr(trouble, "retry", "later"))
        plaid.trouble[SYNC].clear()
        item.remove(transaction(f"t{turn * 2 + 1}", "acc1", 0, "2026-10-05", ""))
        item.add(transaction(f"n{turn}", "acc1", 700 + turn, "2026-10-09", f"NEW {turn}"))
        if turn < 5:
            before = f"t{turn * 4}"
            item.remove(transaction(before, "acc1", 0, "2026-10-05", ""))
            item.add(
                transaction(f"p{turn}", "acc1", 10 + turn * 4, "2026-10-06", f"SHOP {turn * 4}",
                            pending_transaction_id=before)
            )  # fmt: skip
    bank_sync.sync(linked, number, wait=nobody)
    posted = {turn * 4 for turn in range(5)}
    truth = Counter(
        (f"SHOP {n}", -100 * (10 + n), int(n % 4 == 0 and n not in posted))
        for n in range(23)
        if n not in range(1, 17, 2)
    )
    assert held(linked) == truth + Counter((f"NEW {turn}", -100 * (700 + turn), 0) for turn in range(8))
    assert said
    assert said <= {"later", "restart"}


def test_a_cursor_of_another_item_is_replaced_and_what_was_said_stays(linked: Books, plaid: PlaidStandIn) -> None:
    item = bank(plaid)
    (number,) = connect(linked, plaid, item)
    bank_sync.sync(linked, number)
    before = held(linked)
    with linked.work.operation("bank_sync"):
        linked.bank.set_connection(number, cursor="another-item:2")
    made = bank_sync.sync(linked, number)
    assert (made.added, made.removed, held(linked)) == (0, 0, before)


def test_a_relay_that_is_down_leaves_everything_as_it_was_and_is_tried_later(
    linked: Books, plaid: PlaidStandIn, relay: RelayProcess
) -> None:
    item = bank(plaid)
    (number,) = connect(linked, plaid, item)
    bank_sync.sync(linked, number)
    synced_at = linked.bank.connections()[0].synced_at
    relay.kill()
    with pytest.raises(BankError) as caught:
        bank_sync.sync(linked, number)
    connection = linked.bank.connections()[0]
    assert (caught.value.code, connection.health, connection.failures) == ("offline", "waiting", 1)
    assert connection.synced_at == synced_at
    relay.start()
    item.add(transaction("t9", "acc1", 5, "2026-10-05", "NOTION"))
    assert bank_sync.sync(linked, number).added == 1
    assert linked.bank.connections()[0].health == "ok"


def test_what_no_wait_helps_is_not_called_a_bank_that_does_not_answer(linked: Books, plaid: PlaidStandIn) -> None:
    item = bank(plaid)
    other = plaid.new_item(accounts=[account("acc7", mask="7777")])
    connect(linked, plaid, item)
    connect(linked, plaid, other)
    item.error = {"error_type": "INVALID_INPUT", "error_code": "INVALID_API_KEYS", "error_message": "x"}
    bank_secrets.put(linked, bank_secrets.TOKEN + other.item_id, "A" * 136)
    said = {each.id: each.words for each in bank_links.status(linked).connections}
    assert "its own keys are refused" in said[1][0]
    assert "does not fit this computer" in said[2][0]
    assert "--keep-rows" in said[2][1]


def test_each_fetch_stands_in_the_list_of_what_left_this_computer(linked: Books, plaid: PlaidStandIn) -> None:
    (number,) = connect(linked, plaid, bank(plaid))
    before = egress_list.listed(linked).entries
    bank_sync.sync(linked, number)
    assert egress_list.listed(linked).entries > before

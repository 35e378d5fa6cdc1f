"""F23: a desktop that is killed while it reads a bank has all of an update or nothing of it, and then loses nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import NamedTuple

import pytest
from faults.conftest import Base, rounds
from faults.harness import Children, fresh, judge, no_more_than, opened

from app.core.dates import day_from_iso
from app.services.bank import bank_sync
from app.services.books.open_books import Unlock
from app.services.ledger import transactions
from app.store.row_filter import Filter
from tests.bank.conftest import bank_links, connect
from tests.relay.conftest import NO_LIMITS, RelayProcess
from tests.relay.plaid_stand_in import Item, PlaidStandIn, account, transaction

FIRST, MORE = 120, 60
Rows = list[tuple[str, int, int, int, str | None]]


class Linked(NamedTuple):
    home: Path
    key: str
    truth: Rows


@pytest.fixture(scope="module")
def linked(bare: Base, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Linked]:
    """Books that read a bank once, and the bank, behind a real relay, with an update of several pages since."""
    folder = tmp_path_factory.mktemp("bank")
    home = fresh(bare.home, folder / "home")
    with PlaidStandIn() as plaid:
        plaid.page = 25
        # Each round is the first sync of a day for its home, and all come from one device and address in a minute.
        relay = RelayProcess(folder, plaid.host, limits=NO_LIMITS).start()
        try:
            item = plaid.new_item(accounts=[account("acc1")])
            item.add(*(spent(n) for n in range(FIRST)))
            books = opened(home, Unlock(key_hex=bare.key))
            bank_links.setup_relay(books, relay.origin)
            (number,) = connect(books, plaid, item)
            assert bank_sync.sync(books, number).added == FIRST
            for row in books.transactions.listed(Filter(text="WAITS"), 0):
                transactions.set_values(books, row.id, {"note": f"said of {row.cents}"})
            books.close()
            yield Linked(home, bare.key, lives_on(item))
        finally:
            relay.stop()


def spent(number: int, *, posted: bool = False) -> dict[str, object]:
    """Return a row; every tenth is pending first."""
    waits = number % 10 == 0
    name = f"{'WAITS' if waits else 'SHOP'} {chr(65 + number % 26) * 5} {number}"
    more = {"pending_transaction_id": f"t{number}"} if posted else {"pending": waits}
    return transaction(f"{'p' if posted else 't'}{number}", "acc1", 10 + number, "2026-10-05", name, **more)


def lives_on(item: Item) -> Rows:
    """Let the bank go on: rows come, post, change and go. Returns what it holds then."""
    day = day_from_iso("2026-10-05")
    truth: Rows = []
    for number in range(FIRST):
        row = spent(number)
        if number % 10 == 0:
            item.remove(row)
            item.add(spent(number, posted=True))
            truth.append((str(row["name"]), -100 * (10 + number), day, 0, f"said of {-100 * (10 + number)}"))
        elif number % 10 == 1:
            item.remove(row)
        elif number % 10 == 2:
            item.modify({**row, "amount": 500 + number})
            truth.append((str(row["name"]), -100 * (500 + number), day, 0, None))
        else:
            truth.append((str(row["name"]), -100 * (10 + number), day, 0, None))
    for number in range(1000, 1000 + MORE):
        row = spent(number)
        item.add(row)
        truth.append((str(row["name"]), -100 * (10 + number), day, int(bool(row["pending"])), None))
    return sorted(truth)


def rows_in(home: Path, key: str) -> Rows:
    books = opened(home, Unlock(key_hex=key))
    try:
        return sorted(
            (row.text, row.cents, row.posted_date, row.pending, row.note)
            for row in books.transactions.listed(Filter(), 0)
        )
    finally:
        books.close()


def test_a_killed_sync_leaves_all_of_an_update_or_nothing_of_it(
    children: Children, linked: Linked, tmp_path: Path, tally: Callable[..., None]
) -> None:
    key = linked.key
    old = judge(fresh(linked.home, tmp_path / "home"), key).contents
    home = fresh(linked.home, tmp_path / "home")
    whole = children.cli(home, "bank", "sync", key=key, fault={"mode": "count"})
    assert (whole.code, whole.body["removed"], bool(whole.count)) == (0, FIRST // 10, True), whole.out
    assert rows_in(home, key) == linked.truth
    new = judge(home, key).contents
    chance, wanted = Random(1), rounds(12)
    strikes = no_more_than(whole.count or 0, wanted // 2, seed=2)
    for number in range(wanted):
        home = fresh(linked.home, tmp_path / "home")
        if number < len(strikes):
            mode = "kill_inside" if number % 2 else "kill"
            end = children.cli(home, "bank", "sync", key=key, fault={"mode": mode, "at": strikes[number]})
        else:
            end = children.cli(home, "bank", "sync", key=key, lives=chance.random() * whole.seconds)
        found = judge(home, key).contents
        assert found in {old, new}
        again = children.cli(home, "bank", "sync", key=key)
        assert again.code == 0, again.out
        assert rows_in(home, key) == linked.truth
        tally(rounds=1, killed=end.was_killed, old=found == old, new=found == new)

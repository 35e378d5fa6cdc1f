"""The program dies at any moment of linking: the bank is linked once, and nothing of it is lost."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from app.services.bank import bank_feed, bank_links
from app.services.books import opening
from app.services.books.open_books import Books, Unlock
from tests.bank.conftest import CLOCK, bank
from tests.relay.conftest import ROOT, RelayProcess
from tests.relay.plaid_stand_in import Item, PlaidStandIn

ROUNDS = 12
LINKS = """
import sys
from pathlib import Path
from datetime import date
import cryptography.hazmat.primitives.ciphers.aead
import httpx2
from app.adapters import relay_client
from app.adapters.clock import SystemClock
from app.services.bank import bank_accounts, bank_links
from app.services.books import opening, unit_of_work
from app.services.derived import derive
from app.services.books.open_books import Unlock
books = opening.open_books(
    Path(sys.argv[1]), Unlock(key_hex=sys.argv[2]), keychain=lambda: None, clock=SystemClock("UTC", date(2026, 11, 20))
)
print("ready", flush=True)
bank_links.check(books)
for each in bank_links.linked(books):
    bank_links.confirm(books, each.item_id)
print("done", flush=True)
"""


def test_the_desktop_dies_while_it_links(
    make_books: Callable[..., Books], relay: RelayProcess, plaid: PlaidStandIn
) -> None:
    """A bank a round, each time killed a little later; what was begun before is found by the next one."""
    books = make_books()
    bank_links.setup_relay(books, relay.origin)
    home, key = books.home, books.key_hex()
    books.close()
    banks: list[Item] = []
    finished = 0
    for number in range(ROUNDS):
        with opened(home, key) as books:
            bank_links.begin(books)
        banks.append(bank(plaid, f"acc{number}", institution_id=f"ins_{number}", institution_name=f"Bank {number}"))
        plaid.finish(plaid.last_link(), banks[-1])
        process = subprocess.Popen(
            [sys.executable, "-c", LINKS, str(home), key], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        try:
            process.wait(0.02 + 0.08 * number)
        except subprocess.TimeoutExpired:
            process.kill()
        finished += process.communicate()[0] == "done\n"
    assert 0 < finished < ROUNDS, "some are killed on the way, some come to their end"
    with opened(home, key) as books:
        bank_links.check(books)
        for each in bank_links.linked(books):
            bank_links.confirm(books, each.item_id)
        standing = bank_links.status(books).connections
        assert sorted(each.institution for each in standing) == sorted(each.institution_name for each in banks)
        for each in standing:
            with bank_feed.feed(books, each.id) as feed:
                assert len(feed.page("")["added"]) == 3
        assert [page.mode for page in bank_links.pages(books).values()] == []
    assert sorted(plaid.exchanges) == sorted(each.item_id for each in banks)


@contextmanager
def opened(home: Path, key: str) -> Iterator[Books]:
    books = opening.open_books(home, Unlock(key_hex=key), keychain=lambda: None, clock=CLOCK)
    try:
        yield books
    finally:
        books.close()

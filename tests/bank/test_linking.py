"""A bank is linked from the person's computer, through a real relay, and left again."""

from __future__ import annotations

import re

from app.services import bank_links
from app.services.books import Books
from tests.bank.conftest import MemoryKeychain, bank, connect
from tests.relay.plaid_stand_in import PlaidStandIn

TOKEN = re.compile(r"(access|public|link)-(sandbox|development|production)-[0-9a-f]{8}-")


def test_a_bank_is_linked_read_and_left(linked: Books, plaid: PlaidStandIn, keychain: MemoryKeychain) -> None:
    item = bank(plaid)
    (number,) = connect(linked, plaid, item)
    assert plaid.exchanges == [item.item_id]
    (standing,) = bank_links.status(linked).connections
    assert (standing.institution, standing.health, standing.asked) == ("Stand-in Bank", "ok", True)
    assert [each.last4 for each in standing.accounts] == ["4417"]
    with bank_links.feed(linked, number) as feed:
        assert [row["transaction_id"] for row in feed.page("")["added"]] == ["acc1-t0", "acc1-t1", "acc1-t2"]
        assert feed.accounts()[0]["mask"] == "4417"
        assert feed.health()["health"] == "ok"
    assert any(".bank.token:" in name for name in keychain.entries)
    assert not TOKEN.search(str(keychain.entries))

    left = bank_links.disconnect(linked, number, keep_rows=True)
    assert (left.how, item.removed) == ("removed", True)
    assert not any(".bank.token:" in name for name in keychain.entries)
    assert bank_links.status(linked).connections == []
    assert bank_links.disconnect(linked, number, keep_rows=True).how == "gone"

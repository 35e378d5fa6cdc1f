"""A bank is linked, read, repaired, moved and left: the whole way through a real relay process."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.adapters.device_key import hashed
from app.core.errors import BankRefused
from tests.relay.conftest import Device, RelayProcess
from tests.relay.plaid_stand_in import PlaidStandIn, account, transaction

TOKEN_SHAPES = ("access-sandbox-", "public-sandbox-", "link-sandbox-")


def bank(plaid: PlaidStandIn, rows: int = 3) -> object:
    item = plaid.new_item(accounts=[account("acc1")])
    item.add(*(transaction(f"t{n}", "acc1", 10 + n, "2026-03-02", f"COFFEE {n}") for n in range(rows)))
    return item


def test_a_bank_is_linked_and_read(device: Device, plaid: PlaidStandIn) -> None:
    start = device.post("/v1/link/start")
    assert start["url"].startswith("https://secure.plaid.com/")
    assert device.post("/v1/link/status", link=start["link"])["state"] == "waiting"
    plaid.finish(plaid.last_link(), bank(plaid))
    first = device.post("/v1/link/status", link=start["link"])
    assert first["state"] == "linked"
    assert device.post("/v1/link/status", link=start["link"]) == first
    assert len(plaid.exchanges) == 1
    assert device.post("/v1/link/ack", link=start["link"]) == {}
    assert device.post("/v1/link/status", link=start["link"])["items"] == []
    assert len(plaid.exchanges) == 1

    item = {name: first["items"][0][name] for name in ("item_id", "sealed_token")}
    page = device.post("/v1/transactions/sync", **item)
    assert [row["transaction_id"] for row in page["added"]] == ["t0", "t1", "t2"]
    assert page["added"][0]["amount"] == "10"
    assert (page["status"], page["has_more"]) == ("complete", False)
    assert "location" not in page["added"][0]
    assert "logo_url" not in page["added"][0]
    assert device.post("/v1/item", **item)["health"] == "ok"
    assert device.post("/v1/accounts", **item)["accounts"][0]["balances"]["current"] == "1250.5"
    said = str((start, first, page))
    assert not any(shape in said for shape in TOKEN_SHAPES)
    assert device.post("/v1/item/remove", **item) == {"removed": True}
    assert device.post("/v1/item/remove", **item) == {"removed": True}
    assert device.post("/v1/item", **item)["health"] == "gone"


def test_a_token_moves_to_a_new_device_key_that_signs_along(
    device: Device, devices: Callable[..., Device], relay: RelayProcess, plaid: PlaidStandIn
) -> None:
    (item,) = device.link(plaid, bank(plaid))
    new = devices(relay)
    # the nonce is the one of the outer proof, so it is fetched first
    device.post("/v1/item", **item)
    proof = device.client.proof("/v1/item/rebind", hashed(item["sealed_token"]), new.key)
    moved = device.post("/v1/item/rebind", **item, new_jwk=new.key.jwk, new_proof=proof)
    new.client.certificate = moved["certificate"]
    assert new.post("/v1/item", item_id=item["item_id"], sealed_token=moved["sealed_token"])["health"] == "ok"
    with pytest.raises(BankRefused) as refused:
        device.post("/v1/item", item_id=item["item_id"], sealed_token=moved["sealed_token"])
    assert refused.value.reason == "bad_sealed_token"


def test_a_new_access_token_replaces_the_old_one(device: Device, plaid: PlaidStandIn) -> None:
    (item,) = device.link(plaid, bank(plaid))
    fresh = device.post("/v1/item/rotate", **item)["sealed_token"]
    assert device.post("/v1/item", item_id=item["item_id"], sealed_token=fresh)["health"] == "ok"
    assert device.post("/v1/item", **item)["health"] == "gone"

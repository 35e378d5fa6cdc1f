"""Two relays behind one address, with a Redis between them, without, and with one that is killed meanwhile."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from app.adapters.device_key import DeviceKey
from app.core.errors import BankRefused
from relay import key_files
from tests.relay import raw
from tests.relay.conftest import Device, RelayProcess
from tests.relay.plaid_stand_in import PlaidStandIn, account, transaction
from tests.relay.redis_server import RedisServer

MANY = {"failures_per_address": 100_000}


@pytest.fixture(scope="module")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    server = RedisServer(tmp_path_factory.mktemp("redis")).start()
    yield server
    server.kill()


@pytest.fixture(scope="module")
def pair(
    tmp_path_factory: pytest.TempPathFactory, stand_in: PlaidStandIn, redis: RedisServer
) -> Iterator[tuple[RelayProcess, RelayProcess]]:
    """Start two relays with the same keys and the same public address."""
    folder = tmp_path_factory.mktemp("pair")
    settings: dict[str, Any] = {"redis_url": redis.url, "enrolment": "grant", "limits": MANY}
    first = RelayProcess(folder, stand_in.host, **settings).start()
    second = RelayProcess(folder, stand_in.host, **settings, public_origin=first.origin).start()
    yield first, second
    first.kill()
    second.kill()


@pytest.fixture
def first(pair: tuple[RelayProcess, RelayProcess], plaid: PlaidStandIn, redis: RedisServer) -> RelayProcess:
    return pair[0]


@pytest.fixture
def second(pair: tuple[RelayProcess, RelayProcess]) -> RelayProcess:
    return pair[1]


@pytest.fixture
def device(first: RelayProcess, devices: Callable[..., Device]) -> Device:
    return devices(first).enrol(grant(first))


def grant(relay: RelayProcess, *, max_items: int = 50) -> str:
    return key_files.grant(relay.keys / "grant.pem", plan="p", max_items=max_items, days=30, once=True)


def bank(plaid: PlaidStandIn) -> Any:
    item = plaid.new_item(accounts=[account("acc1")])
    item.add(*(transaction(f"t{n}", "acc1", n, "2026-03-02", "COFFEE") for n in range(1_100)))
    return item


def asked(device: Device, relay: RelayProcess, path: str, **body: Any) -> httpx2.Response:
    """Ask one of several instances: the proof names the public address, the request goes to that one."""
    data = json.dumps(body).encode()
    proof = device.key.signed(raw.claims_for(device, path, data, raw.nonce_for(device)))
    headers = {"DPoP": proof, "Authorization": f"DPoP {device.client.certificate}", "Content-Type": "application/json"}
    answer = httpx2.post(f"http://127.0.0.1:{relay.port}{path}", content=data, headers=headers, timeout=30)
    if answer.status_code == 401:
        headers["DPoP"] = device.key.signed(raw.claims_for(device, path, data, answer.headers["dpop-nonce"]))
        answer = httpx2.post(f"http://127.0.0.1:{relay.port}{path}", content=data, headers=headers, timeout=30)
    return answer


def rows_by_turns(device: Device, item: dict[str, str], relays: tuple[RelayProcess, ...]) -> list[str]:
    found: list[str] = []
    cursor, more, turn = "", True, 0
    while more:
        page = asked(device, relays[turn % len(relays)], "/v1/transactions/sync", **item, cursor=cursor).json()
        found += [row["transaction_id"] for row in page["added"]]
        cursor, more, turn = page["next_cursor"], page["has_more"], turn + 1
    return found


def test_pages_come_from_either_and_add_up(
    device: Device, first: RelayProcess, second: RelayProcess, plaid: PlaidStandIn
) -> None:
    (item,) = device.link(plaid, bank(plaid))
    assert rows_by_turns(device, item, (first, second)) == [f"t{n}" for n in range(1_100)]


def test_a_link_started_at_one_is_finished_at_the_other_with_one_exchange(
    device: Device, first: RelayProcess, second: RelayProcess, plaid: PlaidStandIn
) -> None:
    link = asked(device, first, "/v1/link/start").json()["link"]
    plaid.finish(plaid.last_link(), bank(plaid))
    answers = [asked(device, each, "/v1/link/status", link=link).json() for each in (second, first, second)]
    assert answers[0]["state"] == "linked"
    assert answers[0] == answers[1] == answers[2]
    assert len(plaid.exchanges) == 1
    assert asked(device, first, "/v1/link/ack", link=link).json() == {}
    assert asked(device, second, "/v1/link/status", link=link).json()["items"] == []


def test_a_proof_used_at_one_is_refused_at_the_other(
    device: Device, first: RelayProcess, second: RelayProcess, plaid: PlaidStandIn
) -> None:
    (item,) = device.link(plaid, bank(plaid))
    data = json.dumps(item).encode()
    proof = device.key.signed(raw.claims_for(device, "/v1/item", data, raw.nonce_for(device)))
    headers = {"DPoP": proof, "Authorization": f"DPoP {device.client.certificate}", "Content-Type": "application/json"}
    told = [
        httpx2.post(f"http://127.0.0.1:{each.port}/v1/item", content=data, headers=headers).status_code
        for each in (first, second, first)
    ]
    assert told == [200, 401, 401]


def test_a_grant_used_at_one_is_used_at_the_other(
    first: RelayProcess, second: RelayProcess, devices: Callable[..., Device]
) -> None:
    text = grant(first)
    devices(first).enrol(text)
    other = devices(first)
    data = json.dumps({"grant": text}).encode()
    proof = other.key.signed(raw.claims_for(other, "/v1/enrol", data, raw.nonce_for(other), ath=None))
    headers = {"DPoP": proof, "Content-Type": "application/json"}
    answer = httpx2.post(f"http://127.0.0.1:{second.port}/v1/enrol", content=data, headers=headers)
    assert (answer.status_code, raw.code(answer)) == (403, "bad_grant")


def test_banks_of_a_plan_are_counted_by_both(
    first: RelayProcess, second: RelayProcess, devices: Callable[..., Device], plaid: PlaidStandIn
) -> None:
    device = devices(first).enrol(grant(first, max_items=1))
    device.link(plaid, bank(plaid))
    assert raw.code(asked(device, second, "/v1/link/start")) == "plan_limit"


def test_no_value_in_redis_tells_anything(device: Device, plaid: PlaidStandIn, redis: RedisServer) -> None:
    link = device.post("/v1/link/start")["link"]
    plaid.finish(plaid.last_link(), bank(plaid))
    device.post("/v1/link/status", link=link)
    keys = redis.ask("KEYS", "*")
    assert "1099ops:link:" in keys
    assert device.key.thumbprint not in "".join(line for line in keys.splitlines() if "1099ops" in line)
    for word in ("127.0.0.1", *plaid.items, "access-sandbox", "public-sandbox"):
        assert word not in "".join(line for line in keys.splitlines() if not line.startswith("LIMITS:LIMITER/item-"))
    for key in (line for line in keys.splitlines() if line.startswith("1099ops:link:")):
        assert "sandbox" not in redis.ask("GET", key)


def test_redis_killed_and_back_loses_no_page_starts_no_link_and_replays_no_proof(
    device: Device, first: RelayProcess, second: RelayProcess, plaid: PlaidStandIn, redis: RedisServer
) -> None:
    (item,) = device.link(plaid, bank(plaid))
    data = json.dumps(item).encode()
    used = device.key.signed(raw.claims_for(device, "/v1/item", data, raw.nonce_for(device)))
    assert raw.send(device, "/v1/item", data, used).status_code == 200
    open_link = asked(device, first, "/v1/link/start").json()["link"]
    plaid.finish(plaid.last_link(), bank(plaid))
    linked = asked(device, first, "/v1/link/status", link=open_link).json()

    redis.kill()
    assert rows_by_turns(device, item, (first, second)) == [f"t{n}" for n in range(1_100)]
    for relay in (first, second):
        answer = asked(device, relay, "/v1/link/start")
        assert (answer.status_code, raw.code(answer)) == (503, "busy")
        assert httpx2.get(f"http://127.0.0.1:{relay.port}/readyz").json()["shared_state"] == "degraded"
        assert asked(device, relay, "/v1/item", **item).json()["health"] == "ok"
    # What the exchange gave is still here, and asked for once.
    assert asked(device, first, "/v1/link/status", link=open_link).json() == linked
    assert len(plaid.exchanges) == 2
    for relay in (first, second):
        again = httpx2.post(
            f"http://127.0.0.1:{relay.port}/v1/item", content=data,
            headers={"DPoP": used, "Authorization": f"DPoP {device.client.certificate}",
                     "Content-Type": "application/json"},
        )  # fmt: skip
        assert again.status_code == 401

    redis.start()
    ready = {relay.port: False for relay in (first, second)}
    for _ in range(2_000):
        for relay in (first, second):
            ready[relay.port] = ready[relay.port] or asked(device, relay, "/v1/link/start").status_code == 200
        if all(ready.values()):
            break
    assert all(ready.values())
    again = raw.send(device, "/v1/item", data, used)
    assert again.status_code == 401
    assert rows_by_turns(device, item, (first, second)) == [f"t{n}" for n in range(1_100)]


def test_a_redis_that_was_emptied_forgets_no_proof(
    device: Device, first: RelayProcess, second: RelayProcess, plaid: PlaidStandIn, redis: RedisServer
) -> None:
    (item,) = device.link(plaid, bank(plaid))
    data = json.dumps(item).encode()
    used = device.key.signed(raw.claims_for(device, "/v1/item", data, raw.nonce_for(device)))
    headers = {"DPoP": used, "Authorization": f"DPoP {device.client.certificate}", "Content-Type": "application/json"}
    assert raw.send(device, "/v1/item", data, used).status_code == 200
    assert redis.ask("FLUSHALL") == "+OK"
    for relay in (second, first):
        answer = httpx2.post(f"http://127.0.0.1:{relay.port}/v1/item", content=data, headers=headers)
        assert answer.status_code == 401
    assert device.post("/v1/item", **item)["health"] == "ok"


def test_a_device_in_the_set_of_redis_is_denied(
    relays: Callable[..., RelayProcess], devices: Callable[..., Device], redis: RedisServer
) -> None:
    key = DeviceKey(secrets.token_bytes(32))
    redis.ask("SADD", "1099ops:deny", key.thumbprint)
    relay = relays(redis_url=redis.url)
    with pytest.raises(BankRefused) as refused:
        devices(relay, key).enrol()
    assert refused.value.reason == "blocked"


def test_two_without_redis_give_the_same_rows(
    tmp_path: Path, plaid: PlaidStandIn, devices: Callable[..., Device], relays: Callable[..., RelayProcess]
) -> None:
    one = relays(limits=MANY)
    # another computer has another disk
    two = relays(public_origin=one.origin, limits=MANY, state_dir="other")
    device = devices(one).enrol()
    (item,) = device.link(plaid, bank(plaid))
    assert rows_by_turns(device, item, (one, two)) == [f"t{n}" for n in range(1_100)]
    link = asked(device, one, "/v1/link/start").json()["link"]
    plaid.finish(plaid.last_link(), bank(plaid))
    linked = asked(device, one, "/v1/link/status", link=link).json()
    # The other knows nothing of it and Plaid says no: it says so, and the one still has it.
    assert asked(device, two, "/v1/link/status", link=link).json()["reason"] == "lost"
    assert asked(device, one, "/v1/link/status", link=link).json() == linked

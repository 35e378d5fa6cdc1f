"""The one exchange: never lost where it can be saved, never two banks for one, and a clear word where it is lost."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from app.core.errors import BankError
from relay import key_files
from tests.relay import raw
from tests.relay.conftest import Device, RelayProcess
from tests.relay.plaid_stand_in import PlaidStandIn, Trouble, account, error

EXCHANGE = "/item/public_token/exchange"


@pytest.fixture
def link(device: Device, plaid: PlaidStandIn) -> str:
    """Return a link that the person has finished with one bank."""
    return finished(device, plaid)


@pytest.fixture
def held(plaid: PlaidStandIn) -> Iterator[Held]:
    made = Held(plaid)
    yield made
    made.let_go.set()


class Held:
    """Holds the answer of Plaid to an exchange back: it has happened there, and nobody here knows."""

    def __init__(self, plaid: PlaidStandIn) -> None:
        self.happened, self.let_go = threading.Event(), threading.Event()
        plaid.before_answer = self.wait

    def wait(self, path: str, _: Any) -> None:
        if path == EXCHANGE:
            self.happened.set()
            self.let_go.wait(30)


def finished(device: Device, plaid: PlaidStandIn, *items: Any) -> str:
    text: str = device.post("/v1/link/start")["link"]
    plaid.finish(plaid.last_link(), *(items or [bank(plaid)]))
    return text


def bank(plaid: PlaidStandIn) -> Any:
    return plaid.new_item(accounts=[account("acc1")])


def test_two_polls_at_once_are_one_exchange(
    device: Device, devices: Callable[..., Device], relay: RelayProcess, plaid: PlaidStandIn, link: str, held: Held
) -> None:
    other = devices(relay, device.key)
    other.client.certificate = device.client.certificate
    with ThreadPoolExecutor(2) as pool:
        polls = [pool.submit(each.post, "/v1/link/status", link=link) for each in (device, other)]
        assert held.happened.wait(30)
        held.let_go.set()
        first, second = (each.result(timeout=30) for each in polls)
    assert first == second
    assert first["state"] == "linked"
    assert len(plaid.exchanges) == 1


def test_an_exchange_runs_to_its_end_when_the_device_hangs_up(
    device: Device, plaid: PlaidStandIn, link: str, held: Held
) -> None:
    data = raw.body(link=link)
    proof = device.key.signed(raw.claims_for(device, "/v1/link/status", data, raw.nonce_for(device)))
    with raw.sent(device, "/v1/link/status", data, proof):
        assert held.happened.wait(30)
    held.let_go.set()
    answer = device.post("/v1/link/status", link=link)
    assert answer["state"] == "linked"
    assert len(plaid.exchanges) == 1


def test_a_relay_killed_after_plaids_answer_asks_again_where_plaid_allows_it(
    device: Device, plaid: PlaidStandIn, relay: RelayProcess, link: str, held: Held
) -> None:
    plaid.second_exchange_works = True
    poll_and_kill(device, relay, link, held)
    answer = device.post("/v1/link/status", link=link)
    assert (answer["state"], len(answer["items"])) == ("linked", 1)
    assert len(set(plaid.exchanges)) == 1
    assert device.post("/v1/item", **named(answer["items"][0]))["health"] == "ok"


def test_a_relay_killed_after_plaids_answer_says_that_it_is_lost_where_plaid_does_not(
    device: Device, plaid: PlaidStandIn, relay: RelayProcess, link: str, held: Held
) -> None:
    poll_and_kill(device, relay, link, held)
    answer = device.post("/v1/link/status", link=link)
    named_bank = {"id": "ins_1", "name": "Stand-in Bank"}
    assert answer == {"state": "expired", "items": [], "reason": "lost", "lost": [named_bank]}
    assert len(plaid.exchanges) == 1


@pytest.mark.parametrize(
    ("trouble", "code"),
    [
        (Trouble(200, {"access_token": "a", "item_id": "i"}, cut=True), "upstream"),
        (Trouble(500, "<html>"), "upstream"),
        (Trouble(200, {"item_id": "i"}), "upstream"),
        (error("API_ERROR", "INTERNAL_SERVER_ERROR", 500), "upstream"),
        (error("RATE_LIMIT_EXCEEDED", "RATE_LIMIT", 429), "limited"),
    ],
    ids=["cut", "HTML", "no token", "500", "429"],
)
def test_an_exchange_that_failed_at_plaid_is_done_by_the_next_poll(
    device: Device, plaid: PlaidStandIn, link: str, trouble: Trouble, code: str
) -> None:
    plaid.trouble[EXCHANGE].append(trouble)
    with pytest.raises(BankError) as refused:
        device.post("/v1/link/status", link=link)
    assert getattr(refused.value, "reason", "") == code
    answer = device.post("/v1/link/status", link=link)
    assert answer["state"] == "linked"
    assert len(plaid.exchanges) == 1


def test_of_several_banks_the_ones_exchanged_stay_when_a_later_one_fails(device: Device, plaid: PlaidStandIn) -> None:
    link = finished(device, plaid, bank(plaid), bank(plaid), bank(plaid))
    plaid.trouble[EXCHANGE].extend((None, Trouble(502, "<html>")))
    with pytest.raises(BankError):
        device.post("/v1/link/status", link=link)
    answer = device.post("/v1/link/status", link=link)
    assert len({each["item_id"] for each in answer["items"]}) == 3
    assert len(plaid.exchanges) == len(set(plaid.exchanges)) == 3


def test_of_several_banks_the_lost_one_is_told_beside_the_others(device: Device, plaid: PlaidStandIn) -> None:
    link = finished(device, plaid, bank(plaid), bank(plaid))
    plaid.trouble[EXCHANGE].append(error("INVALID_INPUT", "INVALID_PUBLIC_TOKEN"))
    answer = device.post("/v1/link/status", link=link)
    assert (answer["state"], len(answer["items"]), answer["reason"]) == ("linked", 1, "lost")


def test_a_session_told_in_both_forms_is_one_bank(device: Device, plaid: PlaidStandIn, link: str) -> None:
    session = plaid.links[plaid.last_link()].sessions[0]
    (added,) = session["results"]["item_add_results"]
    session["on_success"] = {"public_token": added["public_token"], "metadata": {"institution": added["institution"]}}
    answer = device.post("/v1/link/status", link=link)
    assert len(answer["items"]) == 1
    assert len(plaid.exchanges) == 1


def test_a_session_told_in_the_old_form_alone_is_a_bank_too(device: Device, plaid: PlaidStandIn, link: str) -> None:
    session = plaid.links[plaid.last_link()].sessions[0]
    (added,) = session["results"]["item_add_results"]
    session["results"] = None
    session["on_success"] = {
        "public_token": added["public_token"],
        "metadata": {"institution": added["institution"], "accounts": added["accounts"]},
    }
    (item,) = device.post("/v1/link/status", link=link)["items"]
    assert item["institution"] == {"id": "ins_1", "name": "Stand-in Bank"}
    assert item["accounts"][0]["account_id"] == "acc1"


def test_the_first_session_with_a_bank_counts_and_not_the_first(device: Device, plaid: PlaidStandIn) -> None:
    link = device.post("/v1/link/start")["link"]
    plaid.leave(plaid.last_link())
    assert device.post("/v1/link/status", link=link)["state"] == "left"
    plaid.finish(plaid.last_link(), bank(plaid))
    assert device.post("/v1/link/status", link=link)["state"] == "linked"


def test_nothing_is_exchanged_before_the_session_is_finished(device: Device, plaid: PlaidStandIn, link: str) -> None:
    session = plaid.links[plaid.last_link()].sessions[0]
    session["finished_at"] = None
    assert device.post("/v1/link/status", link=link)["state"] == "open"
    assert plaid.exchanges == []
    session["finished_at"] = "2026-11-22T10:01:00Z"
    assert device.post("/v1/link/status", link=link)["state"] == "linked"


@pytest.mark.parametrize(
    ("left", "broken", "state"),
    [(None, False, "repaired"), (None, True, "open"), ({"error": None}, True, "left"),
     ({"error": {"error_code": "USER_CANCELLED"}}, True, "left")],
)  # fmt: skip
def test_a_repair_counts_when_the_bank_says_so(
    device: Device, plaid: PlaidStandIn, left: Any, *, broken: bool, state: str
) -> None:
    (item,) = device.link(plaid, bank(plaid))
    plaid.items[item["item_id"]].error = {"error_type": "ITEM_ERROR", "error_code": "ITEM_LOGIN_REQUIRED"}
    assert device.post("/v1/item", **item)["health"] == "reconnect"
    plaid.items[item["item_id"]].error = None
    link = device.post("/v1/link/start", mode="repair", **item)["link"]
    assert "products" not in plaid.calls_to("/link/token/create")[-1]
    if broken:
        plaid.items[item["item_id"]].error = {"error_type": "ITEM_ERROR", "error_code": "ITEM_LOGIN_REQUIRED"}
    plaid.finish(plaid.last_link())
    session = plaid.links[plaid.last_link()].sessions[0]
    session["results"], session["exit"] = None, left
    assert device.post("/v1/link/status", link=link)["state"] == state


def test_a_bank_beyond_the_plan_is_removed_again(
    relays: Callable[..., RelayProcess], devices: Callable[..., Device], plaid: PlaidStandIn
) -> None:
    relay = relays(enrolment="grant")
    device = devices(relay).enrol(key_files.grant(relay.keys / "grant.pem", plan="one", max_items=1, days=7, once=True))
    links = [finished(device, plaid), finished(device, plaid)]
    assert device.post("/v1/link/status", link=links[0])["state"] == "linked"
    assert device.post("/v1/link/status", link=links[1]) == {"state": "left", "items": [], "reason": "plan_limit"}
    assert [each.removed for each in plaid.items.values()][-2:] == [False, True]


def test_what_was_acknowledged_is_never_exchanged_again(device: Device, plaid: PlaidStandIn, link: str) -> None:
    plaid.second_exchange_works = True
    assert len(device.post("/v1/link/status", link=link)["items"]) == 1
    device.post("/v1/link/ack", link=link)
    device.post("/v1/link/ack", link=link)
    assert device.post("/v1/link/status", link=link) == {"state": "linked", "items": [], "reason": None}
    assert len(plaid.exchanges) == 1


def poll_and_kill(device: Device, relay: RelayProcess, link: str, held: Held) -> None:
    data = raw.body(link=link)
    proof = device.key.signed(raw.claims_for(device, "/v1/link/status", data, raw.nonce_for(device)))
    with raw.sent(device, "/v1/link/status", data, proof):
        assert held.happened.wait(30)
        relay.kill()
    held.let_go.set()
    relay.start()


def named(item: dict[str, Any]) -> dict[str, str]:
    return {name: item[name] for name in ("item_id", "sealed_token")}

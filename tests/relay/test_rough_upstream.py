"""Whatever Plaid answers, a device hears one of a few codes, never Plaid's words, and no other host is called."""

from __future__ import annotations

import gzip
import json
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from plaid import ApiClient, Configuration
from plaid.api.plaid_api import PlaidApi

from app.core.errors import BankRefused
from relay.bounded_pool import Budget
from relay.errors import STATUS
from relay.plaid_gateway import PATHS
from tests.relay.conftest import MB, NO_LIMITS, Device, RelayProcess, peak_memory
from tests.relay.plaid_stand_in import PlaidStandIn, Trouble, account, error, transaction

SYNC = "/transactions/sync"
WORDS = "Plaid's own words with access-sandbox-11111111-2222-4333-8444-555555555555"


@pytest.fixture
def item(device: Device, plaid: PlaidStandIn) -> dict[str, str]:
    bank = plaid.new_item(accounts=[account("acc1")])
    bank.add(transaction("t1", "acc1", 12.5, "2026-03-02", "COFFEE"))
    (made,) = device.link(plaid, bank)
    return made


@pytest.fixture
def elsewhere() -> Iterator[tuple[str, list[str]]]:
    """A host nobody is to call."""
    called: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            called.append(self.path)
            self.send_response(200)
            self.end_headers()

        def do_POST(self) -> None:
            self.do_GET()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", called
        server.shutdown()


def page_with(**changes: Any) -> Trouble:
    whole = {"added": [], "modified": [], "removed": [], "accounts": [], "next_cursor": "c", "has_more": False,
             "transactions_update_status": "HISTORICAL_UPDATE_COMPLETE", "request_id": "r"}  # fmt: skip
    return Trouble(200, {**whole, **changes})


REFUSALS: dict[str, tuple[Trouble, str, str, int]] = {
    "429": (error("RATE_LIMIT_EXCEEDED", "TRANSACTIONS_SYNC_LIMIT", 429), "limited", "later", 429),
    "429 of a new code": (error("RATE_LIMIT_EXCEEDED", "A_NEW_LIMIT", 400), "limited", "later", 429),
    "429 in HTML": (Trouble(429, "<html>slow down"), "limited", "later", 429),
    "500": (error("API_ERROR", "INTERNAL_SERVER_ERROR", 500), "upstream", "later", 502),
    "maintenance": (error("API_ERROR", "PLANNED_MAINTENANCE", 503), "upstream", "later", 502),
    "503 in HTML": (Trouble(503, "<html>sorry"), "upstream", "later", 502),
    "nothing": (Trouble(500, ""), "upstream", "later", 502),
    "no letters": (Trouble(500, b"\xff\xfe"), "upstream", "later", 502),
    "an error without end": (Trouble(500, b"x" * (9 * 1024 * 1024)), "upstream", "later", 502),
    "sign in again": (error("ITEM_ERROR", "ITEM_LOGIN_REQUIRED"), "reconnect", "reconnect", 409),
    "access not granted": (error("ITEM_ERROR", "ACCESS_NOT_GRANTED"), "reconnect", "reconnect", 409),
    "another password": (error("ITEM_ERROR", "INVALID_CREDENTIALS"), "reconnect", "reconnect", 409),
    "another second factor": (error("ITEM_ERROR", "INVALID_MFA"), "reconnect", "reconnect", 409),
    "locked": (error("ITEM_ERROR", "ITEM_LOCKED"), "reconnect", "reconnect", 409),
    "something to agree to": (error("ITEM_ERROR", "USER_SETUP_REQUIRED"), "reconnect", "reconnect", 409),
    "no accounts": (error("ITEM_ERROR", "NO_ACCOUNTS"), "reconnect", "reconnect", 409),
    "revoked": (error("ITEM_ERROR", "USER_PERMISSION_REVOKED"), "gone", "no", 410),
    "no such token": (error("INVALID_INPUT", "INVALID_ACCESS_TOKEN"), "gone", "no", 410),
    "bank down": (error("INSTITUTION_ERROR", "INSTITUTION_DOWN"), "institution", "later", 503),
    "bank of a new kind": (error("INSTITUTION_ERROR", "INSTITUTION_ON_HOLIDAY"), "institution", "later", 503),
    "not supported": (error("ITEM_ERROR", "PRODUCTS_NOT_SUPPORTED"), "unsupported", "no", 422),
    "keys": (error("INVALID_INPUT", "INVALID_API_KEYS"), "misconfigured", "no", 500),
    "a new type": (error("A_NEW_TYPE", "A_NEW_CODE"), "upstream", "later", 502),
    "mutation": (error("TRANSACTIONS_ERROR", "TRANSACTIONS_SYNC_MUTATION_DURING_PAGINATION"), "restart", "restart",
                 409),
    "no fields at all": (Trouble(400, {"error_type": None, "error_code": 5}), "upstream", "later", 502),
    "a list": (Trouble(400, "[]"), "upstream", "later", 502),
    "cut": (Trouble(200, {"added": []}, cut=True), "upstream", "later", 502),
    "half JSON": (Trouble(200, '{"added": ['), "upstream", "later", 502),
    "HTML": (Trouble(200, "<html>welcome"), "upstream", "later", 502),
    "no JSON number": (Trouble(200, '{"added": [], "next_cursor": NaN}'), "upstream", "later", 502),
    "deep JSON": (Trouble(200, "[" * 100_000), "upstream", "later", 502),
    "no UTF-8": (Trouble(200, b"\xff\xfe"), "upstream", "later", 502),
    "null rows": (page_with(added=None), "upstream", "later", 502),
    "no cursor": (page_with(next_cursor=None), "upstream", "later", 502),
    "a cursor that cannot be sent back": (page_with(next_cursor="c" * 257), "upstream", "later", 502),
    "too long": (Trouble(200, b"[" + b" " * (9 * 1024 * 1024) + b"]"), "upstream", "later", 502),
    "a gzip bomb": (Trouble(200, gzip.compress(bytes(200 * 1024 * 1024), 9), headers={"Content-Encoding": "gzip"}),
                    "upstream", "later", 502),
}  # fmt: skip


@pytest.mark.parametrize(("trouble", "code", "retry", "status"), REFUSALS.values(), ids=REFUSALS.keys())
def test_what_plaid_answers_becomes_one_of_our_codes(
    device: Device, item: dict[str, str], plaid: PlaidStandIn, trouble: Trouble, code: str, retry: str, status: int
) -> None:
    plaid.trouble[SYNC].append(trouble)
    with pytest.raises(BankRefused) as refused:
        device.post("/v1/transactions/sync", **item)
    assert (refused.value.reason, refused.value.retry, STATUS[code]) == (code, retry, status)
    # Asked once: what the relay repeats by itself it would repeat for a hundred devices at once.
    assert len(plaid.calls_to(SYNC)) == 1
    assert device.post("/v1/transactions/sync", **item)["added"][0]["transaction_id"] == "t1"


@pytest.mark.parametrize(
    ("told", "wait"),
    [(None, 30), ("1", 1), ("7", 7), ("0", 1), ("86400", 3600), ("9" * 30, 30), ("-5", 30), ("tomorrow", 30)],
)
def test_a_break_plaid_asks_for_is_passed_on(
    device: Device, item: dict[str, str], plaid: PlaidStandIn, told: str | None, wait: int
) -> None:
    slow = error("RATE_LIMIT_EXCEEDED", "TRANSACTIONS_SYNC_LIMIT", 429)
    slow.headers = {"Retry-After": told} if told else {}
    plaid.trouble[SYNC].append(slow)
    with pytest.raises(BankRefused) as refused:
        device.post("/v1/transactions/sync", **item)
    assert (refused.value.reason, refused.value.after) == ("limited", wait)


def test_a_cursor_that_does_not_fit_asks_for_a_restart_from_nothing(device: Device, item: dict[str, str]) -> None:
    with pytest.raises(BankRefused) as refused:
        device.post("/v1/transactions/sync", **item, cursor="another:1")
    assert (refused.value.reason, refused.value.retry, refused.value.detail) == ("restart", "restart", "cursor")


def test_a_bank_that_is_not_ready_has_a_page_without_rows(
    device: Device, item: dict[str, str], plaid: PlaidStandIn
) -> None:
    plaid.trouble[SYNC].append(error("ITEM_ERROR", "PRODUCT_NOT_READY"))
    page = device.post("/v1/transactions/sync", **item)
    assert (page["status"], page["added"], page["next_cursor"], page["has_more"]) == ("loading", [], "", False)
    assert len(device.post("/v1/transactions/sync", **item)["added"]) == 1


def test_a_mutation_asks_for_a_restart_of_the_pages(device: Device, item: dict[str, str], plaid: PlaidStandIn) -> None:
    plaid.trouble[SYNC].append(error("TRANSACTIONS_ERROR", "TRANSACTIONS_SYNC_MUTATION_DURING_PAGINATION"))
    with pytest.raises(BankRefused) as refused:
        device.post("/v1/transactions/sync", **item)
    assert (refused.value.reason, refused.value.detail) == ("restart", "pagination")


def test_the_largest_answers_all_at_once_stay_in_little_memory(
    relays: Callable[..., RelayProcess], devices: Callable[..., Device], plaid: PlaidStandIn
) -> None:
    relay = relays(limits=NO_LIMITS)
    first = devices(relay).enrol()
    (item,) = first.link(plaid, plaid.new_item(accounts=[account("acc1")]))
    long = [transaction(f"t{n}", "acc1", n, "2026-03-02", "COFFEE", original_description="x" * 15_000)
            for n in range(500)]  # fmt: skip
    fat, bomb = page_with(added=long), REFUSALS["a gzip bomb"][0]
    many = Trouble(200, '{"added": [' + "{}," * 2_000_000 + "{}]}")
    cut = Trouble(200, b" " * 7_000_000, cut=True)
    plaid.trouble[SYNC].extend([fat, many, bomb, cut] * 6)

    def outcome(device: Device) -> str:
        try:
            return f"{len(device.post('/v1/transactions/sync', **item)['added'])} rows"
        except BankRefused as refused:
            return str(refused.reason)

    with ThreadPoolExecutor(8) as pool:
        askers = [devices(relay, first.key) for _ in range(8)]
        for each in askers:
            each.client.certificate = first.client.certificate
        told = [text for made in pool.map(lambda each: [outcome(each) for _ in range(3)], askers) for text in made]
    assert sorted(told) == ["500 rows"] * 6 + ["upstream"] * 18
    assert peak_memory(relay) < 130 * MB


def test_a_small_answer_does_not_wait_for_the_large_ones() -> None:
    budget, later = Budget(200_000), time.monotonic() + 60
    with budget.share() as first, budget.share() as second, budget.share() as small:
        assert len(first.read(Dripping(250_000), 300_000, later)) == 250_000
        # The room is taken, so the second has its turn above it: it ends nevertheless.
        assert len(second.read(Dripping(250_000), 300_000, later)) == 250_000
        assert len(small.read(Dripping(60_000), 300_000, time.monotonic() + 60)) == 60_000
        with budget.share() as third, pytest.raises(TimeoutError):
            third.read(Dripping(100_000), 300_000, time.monotonic() + 0.05)
    with budget.share() as afterwards:
        assert len(afterwards.read(Dripping(250_000), 300_000, later)) == 250_000


class Dripping:
    """An answer that gives as much as is asked for, up to its length."""

    def __init__(self, length: int) -> None:
        self._left = length

    def read1(self, most: int, *, decode_content: bool) -> bytes:
        assert decode_content
        size = min(most, self._left)
        self._left -= size
        return b"x" * size


def test_the_paths_of_plaid_are_plaids_own() -> None:
    theirs = vars(PlaidApi(ApiClient(Configuration())))
    assert {name: theirs[f"{name}_endpoint"].settings["endpoint_path"] for name in PATHS} == dict(PATHS)


def test_plaids_words_reach_nobody(
    device: Device, item: dict[str, str], plaid: PlaidStandIn, relay: RelayProcess
) -> None:
    plaid.trouble[SYNC].append(error("ITEM_ERROR", "ITEM_LOGIN_REQUIRED", message=WORDS))
    with pytest.raises(BankRefused) as refused:
        device.post("/v1/transactions/sync", **item)
    assert WORDS not in repr(vars(refused.value))
    assert "access-sandbox" not in relay.logged()


def test_values_nobody_knew_pass_as_they_are(device: Device, item: dict[str, str], plaid: PlaidStandIn) -> None:
    odd = {
        "personal_finance_category": {"primary": "NEW", "detailed": "NEW_THING", "confidence_level": "SURE"},
        "payment_channel": "telepathy", "transaction_code": "new", "counterparties": [{"name": "A", "type": "robot"}],
        "merchant_name": None, "payment_meta": None, "authorized_date": None, "invented_by_plaid": {"x": [1]},
    }  # fmt: skip
    row = transaction("t9", "acc1", -5, "2026-03-02", "X", **odd)
    odd_account = account("acc9", type="crypto", subtype="wallet", balances=None, mask=None, holder_category="alien")
    plaid.trouble[SYNC].append(page_with(
        added=[row], accounts=[odd_account], transactions_update_status="A_NEW_STATUS", extra=1
    ))  # fmt: skip
    page = device.post("/v1/transactions/sync", **item)
    assert page["status"] == "loading"
    assert page["added"][0]["payment_channel"] == "telepathy"
    assert page["added"][0]["personal_finance_category"]["detailed"] == "NEW_THING"
    assert page["added"][0]["payment_meta"] is None
    assert page["accounts"][0]["type"] == "crypto"
    assert "invented_by_plaid" not in json.dumps(page)


def test_amounts_come_as_the_text_plaid_sent(device: Device, item: dict[str, str], plaid: PlaidStandIn) -> None:
    texts = ["12.10", "-0.07", "1234567.89", "5", "1e2", "0.1"]
    rows = ",".join(
        f'{{"transaction_id":"t{n}","account_id":"a","date":"2026-01-01","amount":{text}}}'
        for n, text in enumerate(texts)
    )
    plaid.trouble[SYNC].append(Trouble(
        200, f'{{"added":[{rows}],"modified":[],"removed":[],"next_cursor":"c","has_more":false}}'
    ))  # fmt: skip
    page = device.post("/v1/transactions/sync", **item)
    assert [row["amount"] for row in page["added"]] == ["12.10", "-0.07", "1234567.89", "5", "100", "0.1"]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_followed_nowhere(
    device: Device, item: dict[str, str], plaid: PlaidStandIn, elsewhere: tuple[str, list[str]], status: int
) -> None:
    host, called = elsewhere
    plaid.trouble[SYNC].append(Trouble(status, "", headers={"Location": f"{host}/transactions/sync"}))
    with pytest.raises(BankRefused) as refused:
        device.post("/v1/transactions/sync", **item)
    assert refused.value.reason == "upstream"
    assert called == []


def test_no_field_of_a_request_chooses_another_host(
    device: Device, item: dict[str, str], plaid: PlaidStandIn, elsewhere: tuple[str, list[str]]
) -> None:
    host, called = elsewhere
    url = host + "/x"
    for path, body in (
        ("/v1/transactions/sync", {**item, "cursor": url}),
        ("/v1/transactions/sync", {**item, "item_id": url}),
        ("/v1/transactions/sync", {**item, "webhook": url}),
        ("/v1/link/start", {"redirect_uri": url}),
        ("/v1/link/start", {"mode": url}),
        ("/v1/link/status", {"link": url}),
        ("/v1/item/remove", {**item, "host": url}),
        ("/v1/item", {**item, "sealed_token": url}),
    ):
        with pytest.raises(BankRefused) as refused:
            device.post(path, **body)
        assert refused.value.reason in {"invalid", "restart", "bad_sealed_token"}
    assert called == []


def test_plaid_not_there_is_later(relays: Any, devices: Any) -> None:
    away = relays(host="http://127.0.0.1:1")
    with pytest.raises(BankRefused) as refused:
        devices(away).enrol().post("/v1/link/start")
    assert (refused.value.reason, refused.value.retry) == ("upstream", "later")


def test_health_tells_what_is_wrong_with_a_bank(device: Device, item: dict[str, str], plaid: PlaidStandIn) -> None:
    told = {
        "ITEM_LOGIN_REQUIRED": ("reconnect", "reconnect"), "USER_PERMISSION_REVOKED": ("gone", "gone"),
        "INSTITUTION_DOWN": ("waiting", "institution"), "A_NEW_CODE": ("waiting", "upstream"),
        "INSTITUTION_NO_LONGER_SUPPORTED": ("waiting", "unsupported"),
    }  # fmt: skip
    bank = plaid.items[item["item_id"]]
    for code, (health, why) in told.items():
        bank.error = {"error_type": "ITEM_ERROR", "error_code": code, "error_message": WORDS}
        answer = device.post("/v1/item", **item)
        assert (answer["health"], answer["code"]) == (health, why)
        assert WORDS not in str(answer)
    plaid.trouble["/item/get"].append(error("ITEM_ERROR", "ITEM_LOGIN_REQUIRED"))
    assert device.post("/v1/item", **item)["health"] == "reconnect"


def test_plaid_is_asked_in_the_form_of_its_contract(device: Device, item: dict[str, str], plaid: PlaidStandIn) -> None:
    device.post("/v1/transactions/sync", **item, count=7, cursor="")
    (asked,) = plaid.calls_to(SYNC)
    assert "cursor" not in asked
    assert asked["count"] == 7
    assert asked["options"]["personal_finance_category_version"] == "v2"

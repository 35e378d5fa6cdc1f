"""What strangers send: too much, too slowly, nonsense; a real request beside it is answered at once."""

from __future__ import annotations

import gzip
import json
import secrets
import selectors
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import httpx2
import pytest

from relay.server import LARGEST_BODY
from tests.relay import raw
from tests.relay.conftest import MB, Device, RelayProcess, peak_memory
from tests.relay.plaid_stand_in import PlaidStandIn, account, error, transaction

PATHS = ("/v1/enrol", "/v1/link/start", "/v1/transactions/sync", "/v1/item/remove")


@pytest.fixture(autouse=True)
def small_memory(relay: RelayProcess) -> Iterator[None]:
    """Whatever a test sends, the relay stays below 120 MB, and the same process answers afterwards."""
    yield
    assert httpx2.get(relay.origin + "/healthz").json() == {"ok": True}
    assert peak_memory(relay) < 120 * MB


def said_to(relay: RelayProcess, data: bytes) -> bytes:
    """Send bytes as they are and return all that comes until the relay hangs up or a whole answer is there."""
    with socket.create_connection(("127.0.0.1", relay.port), timeout=30) as connection:
        try:
            connection.sendall(data)
        except ConnectionError:
            return b""
        return answer_on(connection)


def answer_on(connection: socket.socket) -> bytes:
    got = b""
    try:
        while piece := connection.recv(65_536):
            got += piece
            head, found, rest = got.partition(b"\r\n\r\n")
            length = [
                int(line.split(b":")[1]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length")
            ]
            if found and length and len(rest) >= length[0]:
                break
    except ConnectionError:
        pass
    return got


def status_of(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1]) if answer else 0


def head(path: str = "/v1/item", **more: str) -> bytes:
    lines = {
        "Host": "relay",
        "Content-Type": "application/json",
        **{name.replace("_", "-"): v for name, v in more.items()},
    }
    return (f"POST {path} HTTP/1.1\r\n" + "".join(f"{name}: {v}\r\n" for name, v in lines.items()) + "\r\n").encode()


@pytest.mark.parametrize("path", PATHS)
def test_a_long_body_is_refused(relay: RelayProcess, path: str) -> None:
    answer = httpx2.post(relay.origin + path, content=b" " * 10 * MB, headers={"Content-Type": "application/json"})
    assert (answer.status_code, raw.code(answer)) == (413, "too_large")


def test_a_body_at_its_limit_is_read(device: Device, plaid: PlaidStandIn) -> None:
    fits = b"{}" + b" " * (LARGEST_BODY - 2)
    for data, status in ((fits, 422), (fits + b" ", 413)):
        proof = device.key.signed(raw.claims_for(device, "/v1/item", data, raw.nonce_for(device)))
        assert raw.send(device, "/v1/item", data, proof).status_code == status
    assert plaid.calls == []


def test_a_body_in_pieces_without_end_is_refused(relay: RelayProcess) -> None:
    piece = b"2000\r\n" + b"x" * 0x2000 + b"\r\n"
    answer = said_to(relay, head(Transfer_Encoding="chunked") + piece * 8)
    assert status_of(answer) == 413


def test_a_body_in_pieces_that_goes_on_after_the_refusal_is_hung_up_on(relay: RelayProcess) -> None:
    piece = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
    sent = 0
    with socket.create_connection(("127.0.0.1", relay.port), timeout=30) as connection:
        connection.sendall(head(Transfer_Encoding="chunked"))
        with pytest.raises(ConnectionError):
            while sent < 400 * MB:
                connection.sendall(piece)
                sent += len(piece)
    assert sent < 60 * MB


def test_a_gzip_bomb_is_not_unpacked(device: Device, plaid: PlaidStandIn) -> None:
    data = gzip.compress(bytes(12 * MB), 9)
    assert len(data) < LARGEST_BODY
    proof = device.key.signed(raw.claims_for(device, "/v1/item", data, raw.nonce_for(device)))
    answer = raw.send(device, "/v1/item", data, proof, **{"Content-Encoding": "gzip"})
    assert (answer.status_code, raw.code(answer)) == (422, "invalid")
    assert plaid.calls == []


def test_a_hundred_thousand_headers_are_refused(relay: RelayProcess) -> None:
    lines = b"".join(b"X-%d: 1\r\n" % n for n in range(100_000))
    answer = said_to(relay, b"POST /v1/item HTTP/1.1\r\nHost: relay\r\n" + lines + b"\r\n")
    assert status_of(answer) in {0, 400, 431}


def test_forty_headers_are_too_many_and_what_a_proxy_adds_is_not(device: Device) -> None:
    proxy = {
        "X-Forwarded-For": "192.0.2.1", "X-Forwarded-Proto": "https", "X-Forwarded-Host": "relay.example",
        "X-Forwarded-Port": "443", "X-Real-IP": "192.0.2.1", "X-Request-ID": "1", "Forwarded": "for=192.0.2.1",
        "Via": "1.1 x", "CF-Ray": "1", "CF-Connecting-IP": "192.0.2.1", "CF-IPCountry": "US", "CF-Visitor": "{}",
        "CDN-Loop": "x", "traceparent": "00-1", "tracestate": "a=b", "X-Amzn-Trace-Id": "1",
        "X-Envoy-External-Address": "192.0.2.1",
    }  # fmt: skip
    for more, status in ((proxy, 422), ({f"X-{n}": "1" for n in range(40)}, 422)):
        data = b"{}"
        proof = device.key.signed(raw.claims_for(device, "/v1/item", data, raw.nonce_for(device)))
        answer = raw.send(device, "/v1/item", data, proof, **more)
        assert answer.status_code == status
        assert ("dpop-nonce" in answer.headers) == (more is proxy)


@pytest.mark.parametrize(
    "data",
    [
        head(Content_Length="5") + b"{}", head(Content_Length="1") + b"{}x", head(Content_Length="-1"),
        head(Content_Length="2, 3") + b"{}", head(Content_Length="9" * 30),
        head(Content_Length="2", Transfer_Encoding="chunked") + b"{}",
        b"POST /v1/item HTTP/1.1\r\n\r\n", b"nonsense\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" * 20,
        b"GET / HTTP/9.9\r\nHost: x\r\n\r\n", b"POST /v1/\xff HTTP/1.1\r\nHost: x\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ],
)  # fmt: skip
def test_a_request_that_is_none_gets_no_more_than_a_refusal(relay: RelayProcess, data: bytes) -> None:
    with socket.create_connection(("127.0.0.1", relay.port), timeout=30) as connection:
        connection.sendall(data)
        connection.shutdown(socket.SHUT_WR)
        answer = answer_on(connection)
    assert status_of(answer) in {0, 400, 401, 404, 413, 415, 422}
    assert b"Traceback" not in answer


@pytest.mark.parametrize(
    "lines",
    [
        b"Transfer-Encoding: chunked\r\nContent-Length: 2\r\n", b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n",
        b"content-length: 12\r\ntransfer-encoding: CHUNKED\r\n", b"Content-Length: 2\r\nContent-Length: 2\r\n",
        b"Content-Length: 2\r\ncontent-length: 12\r\n", b"Content-Length: 2, 2\r\n", b"Content-Length: 2,12\r\n",
        b"Content-Length: 0\r\nTransfer-Encoding: identity\r\n", b"Content-Length: 2\r\nTransfer-Encoding:\r\n",
    ],
)  # fmt: skip
def test_a_body_with_two_ends_is_refused_and_nothing_behind_it_is_read(relay: RelayProcess, lines: bytes) -> None:
    """A proxy that believes the other length would take the rest for the next request (RFC 9112, 6.1 and 6.3)."""
    begin = b"POST /v1/item HTTP/1.1\r\nHost: relay\r\nContent-Type: application/json\r\n"
    smuggled = b"GET /healthz HTTP/1.1\r\nHost: relay\r\n\r\n"
    with socket.create_connection(("127.0.0.1", relay.port), timeout=30) as connection:
        connection.sendall(begin + lines + b"\r\n2\r\n{}\r\n0\r\n\r\n" + smuggled)
        got = b"".join(iter(lambda: connection.recv(65_536), b""))
    assert status_of(got) == 400
    assert got.count(b"HTTP/1.1 ") == 1
    assert b'"ok"' not in got


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "", "application/jsonp"])
def test_another_kind_of_body_is_refused(relay: RelayProcess, kind: str) -> None:
    answer = httpx2.post(relay.origin + "/v1/item", content=b"{}", headers={"Content-Type": kind})
    assert (answer.status_code, raw.code(answer)) == (415, "wrong_type")


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT"])
def test_another_method_is_refused(relay: RelayProcess, method: str) -> None:
    answer = httpx2.request(method, relay.origin + "/v1/item", headers={"Origin": "https://web.example"})
    assert answer.status_code in {400, 405}
    assert not [name for name in answer.headers if name.startswith("access-control")]
    if answer.status_code == 405 and method != "HEAD":
        assert raw.code(answer) == "method_not_allowed"
        assert answer.headers["allow"] == "POST"


@pytest.mark.parametrize(
    "path",
    ["/", "/v1", "/v1/item/", "/v1/items", "/v2/item", "//v1/item", "/docs", "/v1/hooks/plaid", "/%2e%2e/etc/passwd"],
)
def test_an_unknown_path_is_not_there_whatever_its_host(relay: RelayProcess, path: str) -> None:
    answer = httpx2.post(relay.origin + path, content=b"{}", headers={"Host": "evil.example"})
    assert (answer.status_code, raw.code(answer)) == (404, "not_found")
    assert "evil.example" not in str(answer.headers) + answer.text


def test_the_host_header_decides_nothing(device: Device, relay: RelayProcess) -> None:
    data = b"{}"
    for claimed, status in ((relay.origin, 422), ("http://evil.example", 401)):
        claims = raw.claims_for(device, "/v1/item", data, raw.nonce_for(device), htu=claimed + "/v1/item")
        answer = raw.send(device, "/v1/item", data, device.key.signed(claims), Host="evil.example")
        assert answer.status_code == status


def test_no_answer_names_the_program_or_may_be_kept(relay: RelayProcess) -> None:
    answers = [httpx2.get(relay.origin + path) for path in ("/healthz", "/v1/config", "/nothing", "/v1/openapi.json")]
    answers.append(httpx2.post(relay.origin + "/v1/item", json={}))
    for answer in answers:
        assert "server" not in answer.headers
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "changed",
    [{"bsh": "\ud800"}, {"htu": "\ud800"}, {"jti": "\ud800" * 9}, {"jti": "é" * 9}, {"nonce": "\ud800"},
     {"ath": "\ud800"},
     {"htm": ["POST"]}, {"nonce": {"a": 1}}, {"nonce": 5}],
)  # fmt: skip
def test_odd_claims_are_refused_like_wrong_ones(device: Device, plaid: PlaidStandIn, changed: dict[str, Any]) -> None:
    data = b"{}"
    proof = device.key.signed(raw.claims_for(device, "/v1/item", data, raw.nonce_for(device), **changed))
    assert raw.send(device, "/v1/item", data, proof).status_code == 401
    assert plaid.calls == []


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"null", b"{", b'{"link": 1}', b"[" * 8_000, b'{"a":' * 2_000, b'{"link": "\\ud800"}',
     b"\xff\xfe", b"NaN",
     b'{"link": ' + b"9" * 6_000 + b"}", b'{"link": "x", "link": "y", "more": 1}'],
)  # fmt: skip
def test_a_body_that_is_none_is_invalid(device: Device, plaid: PlaidStandIn, body: bytes) -> None:
    proof = device.key.signed(raw.claims_for(device, "/v1/link/status", body, raw.nonce_for(device)))
    answer = raw.send(device, "/v1/link/status", body, proof)
    assert (answer.status_code, raw.code(answer)) == (422, "invalid")
    assert plaid.calls == []


SLOW = {
    "nothing at all": b"",
    "half a head": b"POST /v1/item HTTP/1.1\r\nHost: relay\r\nX-A: ",
    "half a body": head(Content_Length="1000") + b"{",
}


@pytest.mark.parametrize("start", SLOW.values(), ids=SLOW.keys())
def test_five_hundred_half_requests_do_not_hold_up_a_real_one(
    device: Device, relay: RelayProcess, plaid: PlaidStandIn, start: bytes
) -> None:
    (item,) = device.link(plaid, plaid.new_item(accounts=[account("acc1")]))
    with ExitStack() as stack:
        slow = [
            stack.enter_context(socket.create_connection(("127.0.0.1", relay.port), timeout=30)) for _ in range(500)
        ]
        for each in slow:
            each.sendall(start)
        took = []
        for _ in range(3):
            device.client.close()
            began = time.monotonic()
            answer = device.post("/v1/item", **item)
            took.append(time.monotonic() - began)
        for each in slow[-30:]:
            each.sendall(b"x")
        assert device.post("/v1/item", **item)["health"] == "ok"
    assert answer["health"] == "ok"
    # The relay is what is measured, and not how busy this machine was for a moment.
    assert min(took) < 0.5


def test_a_half_request_is_hung_up_on_when_its_time_is_over(relays: Callable[..., RelayProcess]) -> None:
    relay = relays(limits={"request_seconds": 1})
    with selectors.DefaultSelector() as waiting, ExitStack() as stack:
        began = time.monotonic()
        for start in SLOW.values():
            connection = stack.enter_context(socket.create_connection(("127.0.0.1", relay.port), timeout=30))
            connection.sendall(start)
            waiting.register(connection, selectors.EVENT_READ)
        for _ in SLOW:
            ((key, _),) = waiting.select(timeout=20)[:1]
            waiting.unregister(key.fileobj)
        assert 0.5 < time.monotonic() - began < 10


def test_one_device_that_asks_without_end_waits_and_others_do_not(
    relays: Callable[..., RelayProcess], devices: Callable[..., Device], plaid: PlaidStandIn
) -> None:
    relay = relays(limits={"per_device": 15})
    greedy, other = devices(relay).enrol(), devices(relay).enrol()
    (item,) = other.link(plaid, plaid.new_item(accounts=[account("acc1")]))
    nonce, data = raw.nonce_for(greedy), raw.body(**item)
    with httpx2.Client() as client:
        answers = []
        for _ in range(40):
            proof = greedy.key.signed(raw.claims_for(greedy, "/v1/item", data, nonce))
            headers = {
                "Content-Type": "application/json",
                "DPoP": proof,
                "Authorization": f"DPoP {greedy.client.certificate}",
            }
            answers.append(client.post(relay.origin + "/v1/item", content=data, headers=headers))
    refused = [each for each in answers if each.status_code == 429]
    assert 24 <= len(refused) <= 27
    assert all(raw.code(each) == "limited" and int(each.headers["retry-after"]) > 0 for each in refused)
    # Who goes on while refused waits longer than the minute.
    assert int(refused[-1].headers["retry-after"]) > 300
    assert '"device_waits"' in relay.logged()
    assert other.post("/v1/item", **item)["health"] == "ok"


def test_an_address_that_fails_without_end_waits(relays: Callable[..., RelayProcess]) -> None:
    relay = relays(limits={"failures_per_address": 20})
    with httpx2.Client() as client:
        answers = [client.post(relay.origin + "/v1/item", json={}) for _ in range(30)]
    assert [each.status_code for each in answers] == [401] * 20 + [429] * 10
    assert 0 < int(answers[-1].headers["retry-after"]) <= 60
    assert httpx2.get(relay.origin + "/healthz").status_code == 200


def test_devices_behind_one_address_do_not_pay_for_each_others_old_nonces(
    relays: Callable[..., RelayProcess], devices: Callable[..., Device], plaid: PlaidStandIn
) -> None:
    relay = relays(limits={"failures_per_address": 15})
    first = devices(relay).enrol()
    (item,) = first.link(plaid, plaid.new_item(accounts=[account("acc1")]))
    first.post("/v1/item", **item)
    certified = [devices(relay).enrol() for _ in range(10)]
    for each in [*certified, *certified, *certified]:
        data = raw.body(**item)
        proof = each.key.signed(raw.claims_for(each, "/v1/item", data, "old"))
        assert raw.code(raw.send(each, "/v1/item", data, proof)) == "use_dpop_nonce"
    assert first.post("/v1/item", **item)["health"] == "ok"


def test_the_log_holds_no_secret(device: Device, relay: RelayProcess, plaid: PlaidStandIn) -> None:
    planted = [f"planted{secrets.token_hex(12)}" for _ in range(33)]
    bank = plaid.new_item(institution_name=planted[0], accounts=[account("acc1", name=planted[1], mask=planted[2])])
    bank.add(
        transaction(planted[3], "acc1", 1, "2026-01-01", planted[4], merchant_name=planted[5], account_owner=planted[6])
    )
    (item,) = device.link(plaid, bank)
    device.post("/v1/transactions/sync", **item)
    shown = [*planted, item["sealed_token"], bank.access_token, device.client.certificate, device.key.thumbprint,
             "stand-in-secret-0123456789", relay.keys.joinpath("seal.key").read_text().strip(),
             relay.keys.joinpath("nonce.key").read_text().strip()]  # fmt: skip
    assert len(shown) == 40
    plaid.trouble["/item/get"].append(error("ITEM_ERROR", "ITEM_LOGIN_REQUIRED", message=planted[7]))
    places: list[tuple[str, bytes, dict[str, str]]] = [
        (f"/{planted[8]}", b"{}", {}), ("/v1/item?" + planted[9], b"{}", {}), ("/v1/item", planted[10].encode(), {}),
        ("/v1/item", b"{}", {"DPoP": planted[11]}), ("/v1/item", b"{}", {"Authorization": "DPoP " + planted[12]}),
        ("/v1/item", b"{}", {"Host": planted[13]}), ("/v1/item", b"{}", {"User-Agent": planted[14]}),
        ("/v1/item", b"{}", {"X-Forwarded-For": planted[15]}),
        ("/v1/enrol", b'{"grant": "%s"}' % planted[16].encode(), {}),
        ("/v1/item", b"{}", {"Content-Type": planted[17]}), ("/v1/item", b"{}", {"Cookie": planted[18]}),
        ("/v1/item", b"{}", {"Upgrade": planted[19], "Connection": "upgrade"}),
    ]  # fmt: skip
    for path, data, headers in places:
        httpx2.post(relay.origin + path, content=data, headers={"Content-Type": "application/json", **headers})
    said_to(relay, b"%s %s HTTP/1.1\r\n\r\n" % (planted[20].encode(), planted[21].encode()))
    said_to(relay, b"POST /v1/item HTTP/1.1\r\n%s\r\n\r\n" % planted[22].encode())
    for n, name in enumerate(("htm", "htu", "jti", "bsh", "nonce", "ath", "iat"), 23):
        claims = raw.claims_for(device, "/v1/item", b"{}", raw.nonce_for(device), **{name: planted[n]})
        raw.send(device, "/v1/item", b"{}", device.key.signed(claims))
    for body in (
        {**item, "item_id": planted[30]},
        {**item, "more": planted[31]},
        {**item, "sealed_token": planted[32] * 3},
        item,
    ):
        data = raw.body(**body)
        claims = raw.claims_for(device, "/v1/item", data, raw.nonce_for(device))
        raw.send(device, "/v1/item", data, device.key.signed(claims))
    text = relay.logged()
    assert "request" in text
    assert [each for each in shown if each in text] == []
    for line in text.splitlines():
        json.loads(line)
    assert "127.0.0.1" not in text

"""Webhooks: only what is signed right and now is taken, once, and it is never more than a hint."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from typing import Any

import httpx2
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from jwt.algorithms import ECAlgorithm

from relay.errors import RelayError
from relay.hooks import Hooks
from relay.plaid_gateway import Plaid
from relay.sealing import SealRing
from relay.shared_state import Shared
from relay.tokens import Tokens
from tests.relay.conftest import Device, RelayProcess
from tests.relay.plaid_stand_in import CLIENT_ID, SECRET, PlaidStandIn, Trouble, account

DAY = 86_400
KEY_PATH = "/webhook_verification_key/get"
SECRETS = ("first-shared-secret-of-32-letters!!", "second-shared-secret-of-32-letters!")
BODY = b'{"webhook_type": "TRANSACTIONS", "webhook_code": "SYNC_UPDATES_AVAILABLE", "item_id": "item1"}'


class Signer:
    """Plaid's signing key of a name."""

    def __init__(self, plaid: PlaidStandIn, kid: str, *, expired_at: int | None = None) -> None:
        self.kid, self.key = kid, generate_private_key(SECP256R1())
        jwk = json.loads(ECAlgorithm.to_jwk(self.key.public_key()))
        plaid.webhook_keys[kid] = {
            **jwk, "alg": "ES256", "use": "sig", "kid": kid, "created_at": 1, "expired_at": expired_at
        }  # fmt: skip

    def sign(self, body: bytes, *, key: Any = None, at: float | None = None, alg: str = "ES256", **header: str) -> str:
        claims = {
            "iat": int(time.time() if at is None else at), "request_body_sha256": hashlib.sha256(body).hexdigest()
        }  # fmt: skip
        return jwt.encode(claims, key or self.key, algorithm=alg, headers={"kid": self.kid, **header})


class Clock:
    def __init__(self) -> None:
        self.now = time.time()

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def signer(plaid: PlaidStandIn) -> Signer:
    return Signer(plaid, f"kid-{time.monotonic_ns()}")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def taken(plaid: PlaidStandIn, clock: Clock) -> Callable[..., str]:
    """Take a webhook in this process, with a clock the test holds; return the code of a refusal, "" for none."""
    gateway = Plaid(plaid.host, CLIENT_ID, SECRET, at_once=2)
    hooks = Hooks(
        plaid=gateway, state=Shared(None), tokens=Tokens(SealRing([bytes(32)], ["sandbox"])), key=bytes(32),
        secrets=[each.encode() for each in SECRETS], clock=clock,
    )  # fmt: skip

    def take(body: bytes, signature: str, *, others: bool = False) -> str:
        try:
            asyncio.run((hooks.from_others if others else hooks.from_plaid)(body, signature))
        except RelayError as error:
            return error.code
        return ""

    return take


def shared(secret: str, body: bytes, at: float) -> str:
    text = f"{int(at)}.".encode() + body
    return f"t={int(at)},v1={hmac.new(secret.encode(), text, hashlib.sha256).hexdigest()}"


def test_a_webhook_becomes_a_hint_for_the_device_that_holds_the_item(
    relays: Callable[..., RelayProcess], devices: Callable[..., Device], plaid: PlaidStandIn, signer: Signer
) -> None:
    relay = relays(features=["events"], webhook_secret_files=["keys/hook1", "keys/hook2"], start=False)
    for name, secret in zip(("hook1", "hook2"), SECRETS, strict=True):
        (relay.keys / name).write_text(secret)
        (relay.keys / name).chmod(0o600)
    relay.start()
    device = devices(relay).enrol()
    (item,) = device.link(plaid, plaid.new_item(accounts=[account("acc1")]))
    assert plaid.calls_to("/link/token/create")[-1]["webhook"] == relay.origin + "/v1/hooks/plaid"
    body = BODY.replace(b"item1", item["item_id"].encode())

    def send(path: str, data: bytes, **headers: str) -> int:
        return httpx2.post(
            relay.origin + path, content=data, headers={"Content-Type": "application/json", **headers}
        ).status_code

    signature = signer.sign(body)
    assert send("/v1/hooks/plaid", body, **{"Plaid-Verification": signature}) == 200
    assert send("/v1/hooks/plaid", body, **{"PLAID-VERIFICATION": signature}) == 200  # repeated: dropped
    assert send("/v1/hooks/plaid", body) == 401
    assert send("/v1/hooks/plaid", body + b" ", **{"Plaid-Verification": signature}) == 401
    own = b'{"item_id": "%s", "code": "gone"}' % item["item_id"].encode()
    now = time.time()
    for secret, status in ((SECRETS[0], 200), (SECRETS[0], 401), (SECRETS[1], 200), ("x" * 32, 401)):
        assert send("/v1/hooks/signed", own, **{"X-1099ops-Signature": shared(secret, own, now)}) == status
    events = device.post("/v1/events", items=[item])["events"]
    assert [each["code"] for each in events] == ["sync", "gone", "gone"]
    assert {each["item_id"] for each in events} == {item["item_id"]}
    assert device.post("/v1/events", items=[item])["events"] == []
    assert httpx2.get(relay.origin + "/v1/config").json()["features"]["events"] is True
    assert item["item_id"] not in relay.logged()


def test_what_is_forged_stale_or_altered_is_refused(taken: Callable[..., str], signer: Signer, clock: Clock) -> None:
    other = generate_private_key(SECP256R1())
    wrong = {
        "another key": signer.sign(BODY, key=other),
        "stale": signer.sign(BODY, at=clock.now - 301),
        "from tomorrow": signer.sign(BODY, at=clock.now + 120),
        "another body": signer.sign(BODY + b" "),
        "HS256": signer.sign(BODY, key="x" * 64, alg="HS256"),
        "no key name": jwt.encode({"iat": int(clock.now)}, other, algorithm="ES256"),
        "no body hash": jwt.encode({"iat": int(clock.now)}, signer.key, algorithm="ES256", headers={"kid": signer.kid}),
        "odd body hash": odd(signer, clock, request_body_sha256="\ud800"),
        "odd time": odd(signer, clock, iat="now"),
        "nonsense": "a.b.c",
        "nothing": "",
        "long": "a" * 9_000,
    }
    assert {what: taken(BODY, signature) for what, signature in wrong.items()} == dict.fromkeys(wrong, "bad_proof")
    assert taken(BODY, signer.sign(BODY, at=clock.now - 299)) == ""


def odd(signer: Signer, clock: Clock, **claims: Any) -> str:
    said = {"iat": int(clock.now), "request_body_sha256": hashlib.sha256(BODY).hexdigest(), **claims}
    return jwt.encode(said, signer.key, algorithm="ES256", headers={"kid": signer.kid})


def test_a_key_is_asked_for_once_a_day_and_serves_as_long_while_plaid_is_away(
    taken: Callable[..., str], plaid: PlaidStandIn, signer: Signer, clock: Clock
) -> None:
    def hook() -> str:
        return taken(BODY, signer.sign(BODY, at=clock.now))

    assert [hook(), hook()] == ["", ""]
    assert len(plaid.calls_to(KEY_PATH)) == 1
    clock.now += DAY - 10
    assert hook() == ""
    assert len(plaid.calls_to(KEY_PATH)) == 1
    clock.now += 20
    plaid.trouble[KEY_PATH].append(Trouble(502, "<html>"))
    assert hook() == "busy"  # 503: the sender comes again
    assert hook() == ""
    assert len(plaid.calls_to(KEY_PATH)) == 3


def test_a_new_key_makes_the_others_be_looked_at_again(
    taken: Callable[..., str], plaid: PlaidStandIn, signer: Signer, clock: Clock
) -> None:
    assert taken(BODY, signer.sign(BODY)) == ""
    new = Signer(plaid, signer.kid + "-new")
    assert taken(BODY, new.sign(BODY)) == ""
    plaid.trouble[KEY_PATH].append(Trouble(502, "<html>"))
    assert taken(BODY, signer.sign(BODY, at=clock.now - 1)) == ""  # Plaid is away: the known key still serves
    plaid.webhook_keys[signer.kid]["expired_at"] = int(clock.now) - 1
    assert taken(BODY, signer.sign(BODY, at=clock.now - 2)) == "bad_proof"
    assert taken(BODY, new.sign(BODY, at=clock.now - 1)) == ""


def test_invented_key_names_are_looked_up_a_few_times_only(
    taken: Callable[..., str], plaid: PlaidStandIn, signer: Signer, clock: Clock
) -> None:
    assert taken(BODY, signer.sign(BODY)) == ""
    told = [taken(BODY, signer.sign(BODY, kid=f"invented{n}")) for n in range(30)]
    assert told == ["bad_proof"] * 9 + ["busy"] * 21
    assert len(plaid.calls_to(KEY_PATH)) == 10
    assert taken(BODY, signer.sign(BODY, at=clock.now - 1)) == ""
    clock.now += 61
    assert taken(BODY, signer.sign(BODY, at=clock.now, kid="invented")) == "bad_proof"


@pytest.mark.parametrize(
    "change", [{"alg": "RS256"}, {"kid": "another"}, {"crv": "P-384"}, {"x": "AA"}, {"kty": "oct"}]
)
def test_a_key_of_another_kind_is_none(
    taken: Callable[..., str], plaid: PlaidStandIn, signer: Signer, change: dict[str, str]
) -> None:
    plaid.webhook_keys[signer.kid].update(change)
    assert taken(BODY, signer.sign(BODY)) == "bad_proof"


def test_what_others_sign_is_good_once_for_five_minutes_with_either_secret(
    taken: Callable[..., str], clock: Clock
) -> None:
    first, second = (shared(secret, BODY, clock.now) for secret in SECRETS)
    assert [taken(BODY, each, others=True) for each in (first, first, second, second)] == [
        "",
        "bad_proof",
        "",
        "bad_proof",
    ]
    wrong = [
        shared("x" * 32, BODY, clock.now), shared(SECRETS[0], BODY + b" ", clock.now),
        shared(SECRETS[0], BODY, clock.now - 301), shared(SECRETS[0], BODY, clock.now + 61),
        first.upper(), "", "t=,v1=", "t=1", "v1=00", "t=²,v1=00", f"t={int(clock.now)},v1=é",
    ]  # fmt: skip
    assert [taken(BODY, each, others=True) for each in wrong] == ["bad_proof"] * len(wrong)
    assert taken(BODY, shared(SECRETS[0], BODY, clock.now - 299), others=True) == ""


def test_a_relay_without_webhooks_has_no_such_path(relay: RelayProcess) -> None:
    answer = httpx2.post(relay.origin + "/v1/hooks/plaid", json={})
    assert answer.status_code == 404


def test_links_are_never_kept(taken: Callable[..., str], signer: Signer) -> None:
    body = b'{"webhook_type": "LINK", "webhook_code": "SESSION_FINISHED", "public_tokens": ["x"], "item_id": "i"}'
    assert taken(body, signer.sign(body)) == ""

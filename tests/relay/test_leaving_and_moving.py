"""Certificates and licences that ended, and tokens that move: nobody is locked in, and nothing moves to a stranger."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from jwt.algorithms import ECAlgorithm

from app.adapters.device_key import DeviceKey, hashed
from app.core.errors import BankRefused
from relay import key_files
from relay.certificates import Grant, Office
from tests.relay import raw
from tests.relay.conftest import Device, RelayProcess
from tests.relay.plaid_stand_in import PlaidStandIn, account

DAY = 86_400
REBIND = "/v1/item/rebind"


@pytest.fixture
def item(device: Device, plaid: PlaidStandIn) -> dict[str, str]:
    (made,) = device.link(plaid, plaid.new_item(accounts=[account("acc1")]))
    plaid.calls.clear()
    return made


def aged(relay: RelayProcess, device: Device, days: int) -> str:
    """Return a certificate of this relay that ended so many days ago."""
    key: Any = load_pem_private_key((relay.keys / "signing.pem").read_bytes(), None)
    office = Office(key, issuer="1099ops-relay", env="sandbox", clock=lambda: time.time() - (30 + days) * DAY)
    return office.issue(device.key.thumbprint, Grant("", "sandbox", 100, 0, once=False))[0]


def code(work: Callable[[], Any]) -> str:
    try:
        work()
    except BankRefused as refused:
        return str(refused.reason)
    return ""


@pytest.mark.parametrize(("days", "renewed"), [(1, ""), (89, ""), (91, "certificate_expired")])
def test_an_ended_certificate_is_good_for_renewing_and_leaving_alone(
    device: Device, relay: RelayProcess, item: dict[str, str], days: int, renewed: str
) -> None:
    device.client.certificate = aged(relay, device, days)
    for path, body in (("/v1/item", item), ("/v1/transactions/sync", item), ("/v1/link/start", {})):
        assert code(lambda path=path, body=body: device.post(path, **body)) == "certificate_expired"  # type: ignore[misc]
    assert code(lambda: device.post("/v1/enrol/renew")) == renewed
    assert device.post("/v1/item/remove", **item) == {"removed": True}


def test_a_certificate_is_renewed_and_keeps_its_plan(device: Device, relay: RelayProcess, item: dict[str, str]) -> None:
    assert code(lambda: device.post("/v1/enrol/renew")) == "invalid"  # twenty days too early
    device.client.certificate = aged(relay, device, -9)
    fresh = device.post("/v1/enrol/renew")
    assert fresh["expires_at"] > time.time() + 29 * DAY
    device.client.certificate = fresh["certificate"]
    assert device.post("/v1/item", **item)["health"] == "ok"


def test_an_ended_licence_can_do_nothing_but_leave(
    relays: Callable[..., RelayProcess], devices: Callable[..., Device], plaid: PlaidStandIn, tmp_path: Path
) -> None:
    denied = tmp_path / "denied.txt"
    denied.write_text("")
    relay = relays(enrolment="grant", deny_list_file="denied.txt")
    grant = key_files.grant(relay.keys / "grant.pem", plan="p", max_items=5, days=7, once=True)
    device = devices(relay).enrol(grant)
    (item,) = device.link(plaid, plaid.new_item(accounts=[account("acc1")]))
    relay.kill()
    denied.write_text(jwt.decode(grant, options={"verify_signature": False})["jti"] + "  # ended\n")
    relay.start()
    for path, body in (("/v1/item", item), ("/v1/link/start", {}), ("/v1/enrol/renew", {})):
        assert code(lambda path=path, body=body: device.post(path, **body)) == "blocked"  # type: ignore[misc]
    assert code(lambda: devices(relay, device.key).enrol(grant)) == "blocked"
    assert device.post("/v1/item/remove", **item) == {"removed": True}


def test_a_key_of_p256_is_a_device_key_too(relay: RelayProcess, devices: Callable[..., Device]) -> None:
    private = generate_private_key(SECP256R1())
    jwk = ECAlgorithm.to_jwk(private.public_key(), as_dict=True)
    device, data = devices(relay), b"{}"
    device.client.certificate = "none yet"
    claims = raw.claims_for(device, "/v1/enrol", data, "", ath=None)
    for _ in range(2):
        answer = raw.send(device, "/v1/enrol", data, raw.signed(claims, private, alg="ES256", typ="dpop+jwt", jwk=jwk))
        claims |= {"nonce": answer.headers["dpop-nonce"]}
    assert answer.status_code == 200
    assert answer.json()["certificate"]


WRONG: dict[str, dict[str, Any]] = {
    "another path": {"htu": "http://evil.example/v1/item/rebind"},
    "another token": {"bsh": hashed("another")},
    "another certificate": {"ath": hashed("another")},
    "another nonce": {"nonce": "another"},
    "no nonce": {"nonce": None},
}


@pytest.mark.parametrize("other", WRONG.values(), ids=WRONG.keys())
def test_a_token_does_not_move_on_a_proof_of_something_else(
    device: Device, item: dict[str, str], plaid: PlaidStandIn, other: dict[str, Any]
) -> None:
    new = DeviceKey(secrets.token_bytes(32))
    answer = moved(device, item, new, new.jwk, **other)
    assert (answer.status_code, raw.code(answer)) == (401, "bad_proof")


def test_a_token_moves_only_to_the_key_that_signed(device: Device, item: dict[str, str]) -> None:
    new, stranger = (DeviceKey(secrets.token_bytes(32)) for _ in range(2))
    private = {**new.jwk, "d": "x"}
    for signer, named in (
        (new, stranger.jwk), (device.key, new.jwk), (new, private), (new, {}), (new, {"kty": "EC"}),
        (new, {**new.jwk, "x": "AA"}),
    ):  # fmt: skip
        assert raw.code(moved(device, item, signer, named)) == "bad_proof"
    assert moved(device, item, new, new.jwk).status_code == 200


def test_a_token_does_not_move_to_a_denied_key(
    relays: Callable[..., RelayProcess], devices: Callable[..., Device], plaid: PlaidStandIn, tmp_path: Path
) -> None:
    new = DeviceKey(secrets.token_bytes(32))
    (tmp_path / "denied.txt").write_text(new.thumbprint + "\n")
    device = devices(relays(deny_list_file="denied.txt")).enrol()
    (item,) = device.link(plaid, plaid.new_item(accounts=[account("acc1")]))
    answer = moved(device, item, new, new.jwk)
    assert (answer.status_code, raw.code(answer)) == (403, "blocked")


def moved(device: Device, item: dict[str, str], signer: DeviceKey, named: dict[str, str], **other: Any) -> Any:
    nonce = raw.nonce_for(device)
    inner = signer.signed(raw.claims_for(device, REBIND, item["sealed_token"].encode(), nonce, **other))
    data = raw.body(**item, new_jwk=named, new_proof=inner)
    return raw.send(device, REBIND, data, device.key.signed(raw.claims_for(device, REBIND, data, nonce)))

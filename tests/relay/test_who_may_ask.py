"""Proofs and certificates that are not right: 401, and nothing reaches Plaid."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key

from app.adapters.device_key import DeviceKey, hashed
from app.core.errors import BankRefused
from relay import certificates, key_files
from tests.relay import raw
from tests.relay.conftest import Device, RelayProcess
from tests.relay.plaid_stand_in import PlaidStandIn, account

PATH = "/v1/item"


@pytest.fixture
def item(device: Device, plaid: PlaidStandIn) -> dict[str, str]:
    (made,) = device.link(plaid, plaid.new_item(accounts=[account("acc1")]))
    plaid.calls.clear()
    return made


WRONG: dict[str, dict[str, Any]] = {
    "another method": {"htm": "GET"},
    "another path": {"htu": "https://relay.example/v1/item"},
    "another body": {"bsh": hashed(b"another")},
    "no body hash": {"bsh": None},
    "another certificate": {"ath": hashed("another")},
    "no certificate hash": {"ath": None},
    "a short number": {"jti": "1"},
    "no number": {"jti": None},
    "a number that is no text": {"jti": 12},
}


@pytest.mark.parametrize("other", WRONG.values(), ids=WRONG.keys())
def test_a_proof_of_something_else_is_refused(
    device: Device, item: dict[str, str], plaid: PlaidStandIn, other: dict[str, Any]
) -> None:
    data = json.dumps(item).encode()
    proof = device.key.signed(raw.claims_for(device, PATH, data, raw.nonce_for(device), **other))
    answer = raw.send(device, PATH, data, proof)
    assert (answer.status_code, raw.code(answer)) == (401, "bad_proof")
    assert plaid.calls == []


def test_a_proof_is_good_once(device: Device, item: dict[str, str], plaid: PlaidStandIn) -> None:
    data = json.dumps(item).encode()
    proof = device.key.signed(raw.claims_for(device, PATH, data, raw.nonce_for(device)))
    assert raw.send(device, PATH, data, proof).status_code == 200
    calls = len(plaid.calls)
    again = raw.send(device, PATH, data, proof)
    assert (again.status_code, raw.code(again)) == (401, "bad_proof")
    assert len(plaid.calls) == calls


def test_a_proof_from_before_a_restart_is_refused(
    device: Device, item: dict[str, str], plaid: PlaidStandIn, relay: RelayProcess
) -> None:
    data = json.dumps(item).encode()
    proof = device.key.signed(raw.claims_for(device, PATH, data, raw.nonce_for(device)))
    relay.kill()
    relay.start()
    answer = raw.send(device, PATH, data, proof)
    assert (answer.status_code, raw.code(answer)) == (401, "use_dpop_nonce")
    assert plaid.calls == []


def test_a_nonce_of_another_device_is_none(device: Device, item: dict[str, str], plaid: PlaidStandIn) -> None:
    data = json.dumps(item).encode()
    nonce = raw.nonce_for(device, DeviceKey(secrets.token_bytes(32)))
    answer = raw.send(device, PATH, data, device.key.signed(raw.claims_for(device, PATH, data, nonce)))
    assert (answer.status_code, raw.code(answer)) == (401, "use_dpop_nonce")
    assert answer.headers["dpop-nonce"]
    assert plaid.calls == []


def test_algorithms_cannot_be_confused(device: Device, item: dict[str, str], plaid: PlaidStandIn) -> None:
    data = json.dumps(item).encode()
    claims = raw.claims_for(device, PATH, data, raw.nonce_for(device))
    rsa = generate_private_key(65537, 2048)
    attempts = {
        "none": raw.unsigned(claims, device.key.jwk),
        "RS256": raw.signed(claims, rsa, alg="RS256", typ="dpop+jwt", jwk=device.key.jwk),
        "HS256": raw.signed(claims, "x" * 64, alg="HS256", typ="dpop+jwt", jwk=device.key.jwk),
        "symmetric": raw.signed(claims, "x" * 64, alg="HS256", typ="dpop+jwt", jwk={"kty": "oct", "k": "eHh4"}),
        "private key shown": _with_jwk(device, claims, raw.private_jwk(device.key)),
        "another key": _with_jwk(device, claims, DeviceKey(secrets.token_bytes(32)).jwk),
        "another type": raw.signed(claims, _private(device.key), typ="JWT", jwk=device.key.jwk),
        "no key": raw.signed(claims, _private(device.key), typ="dpop+jwt"),
        "nonsense": "a.b.c",
        "nothing": "",
        "long": "a" * 7_000,
    }
    for what, proof in attempts.items():
        answer = raw.send(device, PATH, data, proof)
        assert (answer.status_code, raw.code(answer)) == (401, "bad_proof"), what
    assert plaid.calls == []


def test_certificates_of_others_open_nothing(
    device: Device, devices: Callable[..., Device], item: dict[str, str], plaid: PlaidStandIn, relay: RelayProcess
) -> None:
    other = devices(relay).enrol()
    own = device.client.certificate
    header, _, _ = own.split(".")
    forged = certificates.Office(raw.other_key(), issuer="1099ops-relay", env="sandbox").issue(
        device.key.thumbprint, certificates.OPEN
    )[0]
    for text in (other.client.certificate, forged, own[:-4] + "AAAA", f"{header}..", "x", "x" * 5_000):
        device.client.certificate = text
        with pytest.raises(BankRefused) as refused:
            device.post(PATH, **item)
        assert refused.value.reason == "bad_certificate"
    assert plaid.calls == []


def test_a_token_opens_for_its_own_device_and_item_only(
    device: Device, devices: Callable[..., Device], item: dict[str, str], plaid: PlaidStandIn, relay: RelayProcess
) -> None:
    other = devices(relay).enrol()
    sealed = item["sealed_token"]
    attempts = [
        (other, item),
        (device, {**item, "item_id": "another"}),
        *((device, {**item, "sealed_token": _flipped(sealed, place)}) for place in range(0, len(sealed), 9)),
    ]
    for who, body in attempts:
        with pytest.raises(BankRefused) as refused:
            who.post(PATH, **body)
        assert refused.value.reason == "bad_sealed_token"
    assert plaid.calls == []


def test_a_grant_is_good_for_one_device(
    relays: Callable[..., RelayProcess], devices: Callable[..., Device], plaid: PlaidStandIn
) -> None:
    relay = relays(enrolment="grant")
    grant = key_files.grant(relay.keys / "grant.pem", plan="personal", max_items=1, days=7, once=True)
    first = devices(relay).enrol(grant)
    again = devices(relay, first.key).enrol(grant)  # the answer was lost: the same device asks again
    assert again.client.certificate
    for text in (grant, "", grant[:-3] + "AAA"):
        with pytest.raises(BankRefused) as refused:
            devices(relay).enrol(text)
        assert refused.value.reason == "bad_grant"
    first.link(plaid, plaid.new_item(accounts=[account("acc1")]))
    with pytest.raises(BankRefused) as full:
        first.post("/v1/link/start")
    assert full.value.reason == "plan_limit"


def test_a_grant_stays_used_across_a_restart(
    relays: Callable[..., RelayProcess], devices: Callable[..., Device]
) -> None:
    relay = relays(enrolment="grant")
    grant = key_files.grant(relay.keys / "grant.pem", plan="personal", max_items=1, days=30, once=True)
    many = key_files.grant(relay.keys / "grant.pem", plan="personal", max_items=1, days=30, once=False)
    first = devices(relay).enrol(grant)
    (kept,) = (relay.folder / "state" / "grants").iterdir()
    assert abs(kept.stat().st_mtime - time.time() - 30 * 86_400) < 300
    relay.kill()
    relay.start()
    with pytest.raises(BankRefused) as refused:
        devices(relay).enrol(grant)
    assert refused.value.reason == "bad_grant"
    assert devices(relay, first.key).enrol(grant).client.certificate
    devices(relay).enrol(many)
    assert list((relay.folder / "state" / "grants").iterdir()) == [kept]


def test_without_a_folder_only_short_grants_are_taken(
    relays: Callable[..., RelayProcess], devices: Callable[..., Device], tmp_path: Path
) -> None:
    (tmp_path / "state").write_text("no folder")
    relay = relays(enrolment="grant")
    short, long = (
        key_files.grant(relay.keys / "grant.pem", plan="personal", max_items=1, days=days, once=True)
        for days in (7, 30)
    )
    with pytest.raises(BankRefused) as refused:
        devices(relay).enrol(long)
    assert refused.value.reason == "bad_grant"
    devices(relay).enrol(short)
    with pytest.raises(BankRefused) as again:
        devices(relay).enrol(short)
    assert again.value.reason == "bad_grant"


def test_a_denied_device_is_refused(
    relays: Callable[..., RelayProcess], devices: Callable[..., Device], tmp_path: Any
) -> None:
    key = DeviceKey(secrets.token_bytes(32))
    denied = tmp_path / "denied.txt"
    denied.write_text(f"{key.thumbprint}  # lost laptop\n")
    relay = relays(deny_list_file="denied.txt")
    with pytest.raises(BankRefused) as refused:
        devices(relay, key).enrol()
    assert refused.value.reason == "blocked"
    devices(relay).enrol()


def _with_jwk(device: Device, claims: dict[str, Any], jwk: dict[str, Any]) -> str:
    return raw.signed(claims, _private(device.key), typ="dpop+jwt", jwk=jwk)


def _private(key: DeviceKey) -> Any:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return Ed25519PrivateKey.from_private_bytes(key.secret())


def _flipped(text: str, place: int) -> str:
    return text[:place] + ("A" if text[place] != "A" else "B") + text[place + 1 :]

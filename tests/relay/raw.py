"""Requests as an attacker would send them: every part of a proof can be another."""

from __future__ import annotations

import json
import secrets
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx2
import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.adapters.device_key import DeviceKey, encoded, hashed
from tests.relay.conftest import Device

Json = dict[str, Any]


def claims_for(device: Device, path: str, data: bytes, fresh: str, /, **other: Any) -> Json:
    """Return the claims of a right proof, with some of them other; None leaves one out."""
    made = {
        "htm": "POST", "htu": device.relay.origin + path, "iat": int(time.time()),
        "jti": encoded(secrets.token_bytes(16)), "bsh": hashed(data), "nonce": fresh,
        "ath": hashed(device.client.certificate), **other,
    }  # fmt: skip
    return {name: value for name, value in made.items() if value is not None}


def send(device: Device, path: str, body: Json | bytes, proof: str, **headers: str) -> httpx2.Response:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return httpx2.post(
        device.relay.origin + path, content=data, timeout=20,
        headers={"Content-Type": "application/json", "DPoP": proof,
                 "Authorization": f"DPoP {device.client.certificate}", **headers},
    )  # fmt: skip


@contextmanager
def sent(device: Device, path: str, data: bytes, proof: str) -> Iterator[socket.socket]:
    """Send a request and do not wait for its answer; the connection breaks at the end."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: relay\r\nContent-Type: application/json\r\nDPoP: {proof}\r\n"
        f"Authorization: DPoP {device.client.certificate}\r\nContent-Length: {len(data)}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", device.relay.port), timeout=30) as connection:
        connection.sendall(head.encode() + data)
        yield connection


def body(**said: Any) -> bytes:
    return json.dumps(said).encode()


def nonce_for(device: Device, key: DeviceKey | None = None) -> str:
    """Return a fresh nonce of the relay for a device key."""
    data = b"{}"
    text = (key or device.key).signed(claims_for(device, "/v1/enrol", data, "", ath=None))
    answer = httpx2.post(
        device.relay.origin + "/v1/enrol", content=data, headers={"Content-Type": "application/json", "DPoP": text}
    )
    return str(answer.headers["dpop-nonce"])


def code(answer: httpx2.Response) -> str:
    return str(answer.json()["error"]["code"])


def signed(claims: Json, key: Any, **header: Any) -> str:
    """Return a JWT with any header; `key` may be a symmetric one."""
    return jwt.encode(claims, key, algorithm=header.pop("alg", "EdDSA"), headers=header)


def private_jwk(key: DeviceKey) -> Json:
    return {**key.jwk, "d": encoded(key.secret())}


def unsigned(claims: Json, jwk: Json) -> str:
    head = encoded(json.dumps({"alg": "none", "typ": "dpop+jwt", "jwk": jwk}).encode())
    return f"{head}.{encoded(json.dumps(claims).encode())}."


def other_key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.generate()

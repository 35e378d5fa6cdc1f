"""Starts a relay as the app does for own keys, and makes each call to Plaid once, where nobody answers.

In the built program a model of Plaid's that was left out would show as a fault of the relay (`internal`), a whole one
as a provider that is away (`upstream`).
"""

from __future__ import annotations

import json
import secrets  # noqa: TID251 - keys of a trial that lasts seconds
import subprocess
import time
from base64 import b64encode
from collections.abc import Mapping

from app.adapters.device_key import DeviceKey
from app.adapters.relay_client import RelayClient
from app.core.errors import BankRefused
from relay.sealing import SealRing
from scripts.console import Stop

_NOBODY = "http://127.0.0.1:1"
_CLIENT = "client"
_PATHS = ("/v1/transactions/sync", "/v1/accounts", "/v1/item", "/v1/item/rotate", "/v1/item/remove")


def tried(command: list[str], env: Mapping[str, str] | None = None) -> str:
    """Try the relay this command starts and return what was seen. Raises: Stop."""
    seal, token = secrets.token_bytes(32), secrets.token_hex(20)
    own = {
        "plaid_client_id": _CLIENT, "plaid_secret": "secret", "seal_keys": [_text(seal)], "path_token": token,
        "nonce_key": _text(secrets.token_bytes(32)), "signing_key": _text(secrets.token_bytes(32)),
    }  # fmt: skip
    config = {"listen": "127.0.0.1:0", "plaid_env": "sandbox", "plaid_host": _NOBODY, "own": own}
    words = [*command, "serve", "--config-fd", "0"]
    with subprocess.Popen(
        words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=env
    ) as process:  # fmt: skip
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps(config).encode() + b"\n")
        process.stdin.flush()
        line = process.stdout.readline()
        if not line:
            raise Stop(f"The relay did not start:\n{process.communicate()[1].decode()}")
        answers = _answers(f"http://127.0.0.1:{json.loads(line)['port']}/{token}", seal)
        process.communicate(timeout=60)
    if set(answers) != {"upstream"} or process.returncode:
        raise Stop(f"The relay answered {answers} and ended with {process.returncode}.")
    return f"{len(answers)} calls answered, and it ended with its stdin"


def _answers(origin: str, seal: bytes) -> list[str]:
    key = DeviceKey(secrets.token_bytes(32))
    item = {
        "item_id": "item",
        "sealed_token": SealRing([seal], ["sandbox", _CLIENT]).seal(b"token", key.thumbprint, "item"),
    }
    now = time.time  # noqa: TID251 - the clock of this machine is what is tried
    with RelayClient(origin, key, note=lambda _: None, random=secrets.token_bytes, now=now) as client:
        client.certificate = client.post("/v1/enrol", {}, purpose="trial", with_certificate=False)["certificate"]
        asked: list[tuple[str, dict[str, str]]] = [(path, item) for path in _PATHS]
        asked += [("/v1/link/start", {}), ("/v1/link/start", {"mode": "accounts", **item})]
        return [_code(client, path, body) for path, body in asked]


def _code(client: RelayClient, path: str, body: dict[str, str]) -> str:
    try:
        client.post(path, body, purpose="trial")
    except BankRefused as refused:
        return str(refused.reason)
    return ""


def _text(key: bytes) -> str:
    return b64encode(key).decode()

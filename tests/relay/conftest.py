"""A real relay process, a stand-in for Plaid behind it, and devices that ask."""

from __future__ import annotations

import json
import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from app.adapters.device_key import DeviceKey
from app.adapters.relay_client import RelayClient, Traffic
from relay import key_files
from tests.relay.plaid_stand_in import CLIENT_ID, SECRET, PlaidStandIn

NO_LIMITS = dict.fromkeys(
    ("failures_per_address", "per_device", "links_per_hour", "links_per_day", "sync_per_item", "item_per_item"), 100_000
)
MB = 1024 * 1024
ROOT = Path(__file__).resolve().parents[2]


class RelayProcess:
    """`ops1099-relay serve` on a free port; it can be killed and started again on the same port."""

    def __init__(self, folder: Path, plaid_host: str, **settings: Any) -> None:
        self.folder, self.port = folder, _free_port()
        self.origin = f"http://127.0.0.1:{self.port}"
        self.keys = folder / "keys"
        key_files.make(self.keys)
        for name, text in (("client", CLIENT_ID), ("secret", SECRET)):
            (self.keys / name).write_text(text)
            (self.keys / name).chmod(0o600)
        self.settings: dict[str, Any] = {
            "listen": f"127.0.0.1:{self.port}", "public_origin": self.origin, "plaid_host": plaid_host,
            "plaid_env": "sandbox", "enrolment": "open", "plaid_client_id_file": "keys/client",
            "plaid_secret_file": "keys/secret", "seal_key_files": ["keys/seal.key"],
            "nonce_key_file": "keys/nonce.key", "signing_key_file": "keys/signing.pem",
            "grant_public_key_file": "keys/grant-public.pem", **settings,
        }  # fmt: skip
        self.log = folder / f"relay-{self.port}.log"
        self.process: subprocess.Popen[bytes] | None = None

    def written(self) -> Path:
        """Write the configuration and return its file."""
        lines = [f"{name} = {json.dumps(value)}" for name, value in self.settings.items() if name != "limits"]
        lines += ["[limits]", *(f"{name} = {value}" for name, value in self.settings.get("limits", {}).items())]
        config = self.folder / f"relay-{self.port}.toml"
        config.write_text("\n".join(lines) + "\n")
        return config

    def start(self) -> RelayProcess:
        config = self.written()
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "relay", "serve", "--config", str(config)], cwd=ROOT, stdout=log, stderr=log,
                env={**os.environ, "PYTHONPATH": str(ROOT)},
            )  # fmt: skip
        process = self.process
        until(self.is_up, "the relay did not start in a minute", lambda: process.poll() is None)
        return self

    def is_up(self) -> bool:
        try:
            return httpx2.get(self.origin + "/healthz", timeout=2).status_code == 200
        except httpx2.HTTPError:
            return False

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait(timeout=60)
            self.process = None

    def logged(self) -> str:
        return self.log.read_text() if self.log.exists() else ""


class Device:
    """A device with its key and certificate; `post` asks, `item` links a bank."""

    def __init__(self, relay: RelayProcess, key: DeviceKey | None = None) -> None:
        self.relay, self.key = relay, key or DeviceKey(secrets.token_bytes(32))
        self.traffic: list[Traffic] = []
        self.client = RelayClient(
            relay.origin, self.key, note=self.traffic.append, random=secrets.token_bytes, now=time.time
        )

    def enrol(self, grant: str = "") -> Device:
        body = {"grant": grant} if grant else {}
        answer = self.client.post("/v1/enrol", body, purpose="enrol", with_certificate=False)
        self.client.certificate = answer["certificate"]
        return self

    def post(self, path: str, **body: Any) -> dict[str, Any]:
        return self.client.post(path, body, purpose="test")

    def link(self, plaid: PlaidStandIn, *items: Any) -> list[dict[str, str]]:
        """Link banks and return what names them: item_id and sealed_token."""
        link = self.post("/v1/link/start")["link"]
        plaid.finish(plaid.last_link(), *items)
        linked = self.post("/v1/link/status", link=link)
        self.post("/v1/link/ack", link=link)
        return [{name: each[name] for name in ("item_id", "sealed_token")} for each in linked["items"]]


@pytest.fixture(scope="module")
def stand_in() -> Iterator[PlaidStandIn]:
    with PlaidStandIn() as running:
        yield running


@pytest.fixture
def plaid(stand_in: PlaidStandIn) -> PlaidStandIn:
    """Return the stand-in of this module's relays, with nothing asked and nothing wrong."""
    stand_in.forget()
    return stand_in


@pytest.fixture(scope="module")
def shared_relay(tmp_path_factory: pytest.TempPathFactory, stand_in: PlaidStandIn) -> Iterator[RelayProcess]:
    """Start the relay of a module: its tests come from one address in a minute, so limits are not for them."""
    relay = RelayProcess(tmp_path_factory.mktemp("relay"), stand_in.host, limits=NO_LIMITS)
    yield relay.start()
    relay.kill()


@pytest.fixture
def relay(shared_relay: RelayProcess, plaid: PlaidStandIn) -> RelayProcess:
    if shared_relay.process is None:
        shared_relay.start()
    return shared_relay


@pytest.fixture
def relays(tmp_path: Path, plaid: PlaidStandIn) -> Iterator[Callable[..., RelayProcess]]:
    """Start relays for one test alone; they share the folder, and so the keys."""
    running: list[RelayProcess] = []

    def make(*, host: str = "", start: bool = True, **settings: Any) -> RelayProcess:
        made = RelayProcess(tmp_path, host or plaid.host, **settings)
        running.append(made)
        return made.start() if start else made

    yield make
    for each in running:
        each.kill()


@pytest.fixture
def devices() -> Iterator[Callable[..., Device]]:
    """Make devices; they hang up when the test ends."""
    made: list[Device] = []

    def make(relay: RelayProcess, key: DeviceKey | None = None) -> Device:
        made.append(Device(relay, key))
        return made[-1]

    yield make
    for each in made:
        each.client.close()


@pytest.fixture
def device(relay: RelayProcess, devices: Callable[..., Device]) -> Device:
    return devices(relay).enrol()


def peak_memory(relay: RelayProcess) -> int:
    assert relay.process is not None
    status = Path(f"/proc/{relay.process.pid}/status").read_text(encoding="ascii")
    return int(status.split("VmHWM:")[1].split()[0]) * 1024


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(ready: Callable[[], bool], otherwise: str, still: Callable[[], bool] = lambda: True) -> None:
    """Wait for something, for as long as it can `still` happen."""
    ends = time.monotonic() + 60
    while not ready():
        assert still(), otherwise
        assert time.monotonic() < ends, otherwise

"""What a relay keeps on its disk between an exchange and the device: little, sealed, private, and not for long."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2
import pytest

from relay import key_files
from relay.results import LARGEST, MOST, RESULT_SECONDS, Folder
from tests.relay import raw
from tests.relay.conftest import ROOT, Device, RelayProcess, until
from tests.relay.plaid_stand_in import PlaidStandIn, Trouble, account
from tests.relay.redis_server import RedisServer
from tests.relay.test_exchange import EXCHANGE, Held, bank, finished

NAME = "a" * 64


class Clock:
    """A clock that is put forward by hand."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def __call__(self) -> float:
        return time.time() + self.ahead


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def folder(tmp_path: Path, clock: Clock) -> Folder:
    made = Folder(tmp_path / "state", clock)
    made.open()
    return made


def names(relay: RelayProcess) -> list[str]:
    return sorted(path.name for path in (relay.folder / "state").iterdir())


def ready(relay: RelayProcess) -> str:
    return str(httpx2.get(relay.origin + "/readyz").json()["results"])


def doctor(relay: RelayProcess) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "relay", "doctor", "--json", "--config", str(relay.written())], cwd=ROOT,
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    return next(each for each in json.loads(done.stdout)["checks"] if "outlive" in each["name"])


# --- the folder


def test_a_result_is_private_and_ends_by_itself(tmp_path: Path, folder: Folder, clock: Clock) -> None:
    folder.write(NAME, b"sealed")
    assert folder.read(NAME) == b"sealed"
    assert stat.S_IMODE((tmp_path / "state").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "state" / NAME).stat().st_mode) == 0o600
    clock.ahead = RESULT_SECONDS + 1
    assert folder.read(NAME) is None
    folder.sweep()
    assert list((tmp_path / "state").iterdir()) == []


def test_what_belongs_to_a_link_goes_with_it_and_nothing_else(tmp_path: Path, folder: Folder) -> None:
    for name in (NAME, f"{NAME}.{'b' * 64}", "c" * 64):
        folder.write(name, b"sealed")
    folder.remove(NAME)
    assert [path.name for path in (tmp_path / "state").iterdir()] == ["c" * 64]


def test_what_others_put_there_is_neither_read_nor_removed(tmp_path: Path, folder: Folder, clock: Clock) -> None:
    state = tmp_path / "state"
    (tmp_path / "secret").write_text("not for us")
    (state / "notes.txt").write_text("somebody's")
    (state / NAME).symlink_to(tmp_path / "secret")
    os.mkfifo(state / ("b" * 64))
    (state / ("c" * 64)).mkdir()
    (state / ("d" * 64)).write_bytes(b"x" * (LARGEST + 1))
    (state / ("e" * 64)).write_bytes(b"\xff\xfe")
    for letter in "abcde":
        assert folder.read(letter * 64) is None
    clock.ahead = RESULT_SECONDS + 1
    folder.sweep()
    assert (state / "notes.txt").exists()
    assert (tmp_path / "secret").exists()


def test_it_takes_no_more_than_there_is_room_for(tmp_path: Path, folder: Folder) -> None:
    with pytest.raises(OSError, match="too large"):
        folder.write(NAME, b"x" * (LARGEST + 1))
    for number in range(MOST):
        (tmp_path / "state" / f"{number:064x}").touch()
    with pytest.raises(OSError, match="too many"):
        folder.write(NAME, b"sealed")
    assert not (tmp_path / "state" / NAME).exists()


@pytest.mark.skipif(os.name != "posix", reason="modes")
def test_a_folder_that_others_can_read_is_not_used(tmp_path: Path) -> None:
    (tmp_path / "state").mkdir(mode=0o755)
    with pytest.raises(PermissionError, match="chmod 700"):
        Folder(tmp_path / "state").open()


# --- the relay


def test_a_relay_killed_after_its_answer_gives_the_same_bytes(
    relays: Callable[..., RelayProcess], devices: Callable[..., Device], plaid: PlaidStandIn
) -> None:
    relay = relays()
    device = devices(relay).enrol()
    link = finished(device, plaid)
    first = device.post("/v1/link/status", link=link)
    assert ready(relay) == "disk"
    relay.kill()
    for path in (relay.folder / "state").iterdir():
        assert b"access-sandbox" not in path.read_bytes()
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    relay.start()
    assert device.post("/v1/link/status", link=link) == first
    device.post("/v1/link/ack", link=link)
    assert names(relay) == []
    assert len(plaid.exchanges) == 1


def test_a_link_with_many_accounts_is_told_again_too(
    relays: Callable[..., RelayProcess], devices: Callable[..., Device], plaid: PlaidStandIn
) -> None:
    relay = relays()
    device = devices(relay).enrol()
    many = [plaid.new_item(accounts=[account(f"acc{n}") for n in range(40)]) for _ in range(3)]
    link = finished(device, plaid, *many)
    first = device.post("/v1/link/status", link=link)
    assert sum(len(each["accounts"]) for each in first["items"]) == 120
    assert device.post("/v1/link/status", link=link) == first
    relay.kill()
    relay.start()
    assert device.post("/v1/link/status", link=link) == first


def _altered(data: bytes) -> bytes:
    """Return the data with another letter in the middle."""
    return data[:60] + (b"B" if data[60:61] == b"A" else b"A") + data[61:]


@pytest.mark.parametrize("spoil", [lambda data: data[:-9], lambda _: b"", _altered],
                         ids=["cut", "empty", "changed"])  # fmt: skip
def test_a_torn_or_changed_result_counts_for_nothing(
    relays: Callable[..., RelayProcess], devices: Callable[..., Device], plaid: PlaidStandIn,
    spoil: Callable[[bytes], bytes],
) -> None:  # fmt: skip
    plaid.second_exchange_works = True
    relay = relays()
    device = devices(relay).enrol()
    link = finished(device, plaid)
    first = device.post("/v1/link/status", link=link)
    relay.kill()
    for path in (relay.folder / "state").iterdir():
        path.write_bytes(spoil(path.read_bytes()))
    relay.start()
    again = device.post("/v1/link/status", link=link)
    assert [each["item_id"] for each in again["items"]] == [each["item_id"] for each in first["items"]]
    assert len(plaid.exchanges) == 2


def test_without_a_folder_memory_is_used_and_the_operator_is_told(
    relays: Callable[..., RelayProcess], devices: Callable[..., Device], plaid: PlaidStandIn, tmp_path: Path
) -> None:
    (tmp_path / "taken").write_text("a file")
    relay = relays(state_dir="taken")
    device = devices(relay).enrol()
    assert len(device.link(plaid, bank(plaid))) == 1
    assert ready(relay) == "memory"
    assert "results_in_memory_only" in relay.logged()
    told = doctor(relay)
    assert not told["ok"]
    assert "is no folder" in told["fix"]


def test_systemds_folder_is_used_where_none_is_named(
    relays: Callable[..., RelayProcess], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "given").mkdir(mode=0o700)
    monkeypatch.setenv("STATE_DIRECTORY", str(tmp_path / "given"))
    relay = relays()
    assert ready(relay) == "disk"
    assert doctor(relay)["ok"]
    assert not (tmp_path / "state").exists()


def test_with_redis_nothing_is_kept_on_the_disk(
    relays: Callable[..., RelayProcess], devices: Callable[..., Device], plaid: PlaidStandIn, tmp_path: Path
) -> None:
    redis = RedisServer(tmp_path).start()
    try:
        relay = relays(redis_url=redis.url)
        device = devices(relay).enrol()
        assert device.post("/v1/link/status", link=finished(device, plaid))["items"]
        assert ready(relay) == "redis"
        assert not (tmp_path / "state").exists()
    finally:
        redis.kill()


def test_a_relay_told_to_stop_finishes_the_exchange_and_keeps_it(
    relays: Callable[..., RelayProcess], devices: Callable[..., Device], plaid: PlaidStandIn
) -> None:
    """The device has hung up already: nobody but the relay itself waits for the exchange."""
    relay = relays()
    device = devices(relay).enrol()
    link, held = finished(device, plaid), Held(plaid)
    data = raw.body(link=link)
    proof = device.key.signed(raw.claims_for(device, "/v1/link/status", data, raw.nonce_for(device)))
    with raw.sent(device, "/v1/link/status", data, proof):
        assert held.happened.wait(30)
    process = relay.process
    assert process is not None
    process.send_signal(signal.SIGTERM)
    until(lambda: not relay.is_up(), "it goes on taking calls")
    assert process.poll() is None
    held.let_go.set()
    relay.stop()
    relay.start()
    assert device.post("/v1/link/status", link=link)["state"] == "linked"
    assert [path for path, _ in plaid.calls].count(EXCHANGE) == 1


def test_a_bank_beyond_the_plan_that_could_not_be_ended_is_ended_with_the_next_poll(
    relays: Callable[..., RelayProcess], devices: Callable[..., Device], plaid: PlaidStandIn
) -> None:

    relay = relays(enrolment="grant")
    device = devices(relay).enrol(key_files.grant(relay.keys / "grant.pem", plan="one", max_items=1, days=7, once=True))
    links = [finished(device, plaid), finished(device, plaid)]
    assert device.post("/v1/link/status", link=links[0])["items"]
    plaid.trouble["/item/remove"].append(Trouble(500, "<html>"))
    assert raw_code(device, links[1]) == "upstream"
    assert device.post("/v1/link/status", link=links[1])["reason"] == "plan_limit"
    assert [each.removed for each in plaid.items.values()][-1]


def raw_code(device: Device, link: str) -> str:
    data = raw.body(link=link)
    proof = device.key.signed(raw.claims_for(device, "/v1/link/status", data, raw.nonce_for(device)))
    return str(raw.send(device, "/v1/link/status", data, proof).json()["error"]["code"])

"""A relay killed at any point of an exchange: what it had is there afterwards, but for one moment nobody can close.

That moment lies between Plaid's making of the Item and the relay's own note of it on the disk, and it costs the bank
only where Plaid allows no second exchange. What is lost is told as lost, by the bank's name.
"""

from __future__ import annotations

import json
import os
import random
import re
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from app.core.errors import BankError
from tests.relay.conftest import NO_LIMITS, ROOT, Device, RelayProcess, until
from tests.relay.plaid_stand_in import PlaidStandIn, account

POINTS, MANY_POINTS = 25, 100
"""Of each way Plaid may answer a second exchange."""
_RESULT = re.compile(r"[0-9a-f]{64}\.[0-9a-f]{64}")


class Dying:
    """One relay after another at the same address, each forked; what they keep lies in one folder."""

    def __init__(self, folder: Path, plaid_host: str) -> None:
        self.relay = RelayProcess(folder, plaid_host, limits=NO_LIMITS)
        self.config, self.place, self.state = self.relay.written(), folder / "place", folder / "state"
        self._number = 0
        self._forker = subprocess.Popen(
            [sys.executable, "-m", "tests.relay.dying_relay"], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            text=True, env={**os.environ, "PYTHONPATH": str(ROOT)},
        )  # fmt: skip

    def start(self, at: int) -> None:
        self.place.write_text("")
        order = {"config": str(self.config), "at": at, "place": str(self.place), "log": str(self.relay.log)}
        self._number = int(self._told(order))
        until(self.relay.is_up, "the relay did not start in a minute")

    def end(self) -> None:
        """Kill the relay, where it did not kill itself."""
        if self._number:
            os.kill(self._number, signal.SIGKILL)
            self._told({"wait": self._number})
            self._number = 0

    def kept(self) -> bool:
        """Say whether a result lies on the disk, whole."""
        return any(_RESULT.fullmatch(path.name) for path in self.state.iterdir())

    def close(self) -> None:
        self.end()
        self._forker.communicate()

    def _told(self, order: dict[str, Any]) -> str:
        assert self._forker.stdin is not None
        assert self._forker.stdout is not None
        self._forker.stdin.write(json.dumps(order) + "\n")
        self._forker.stdin.flush()
        return self._forker.stdout.readline().strip()


class End(NamedTuple):
    """How one killed exchange ended: where, whether Plaid had made the Item, whether it was on the disk, and then."""

    place: str
    made: bool
    kept: bool
    outcome: str


@pytest.fixture
def dying(tmp_path: Path, plaid: PlaidStandIn) -> Iterator[Dying]:
    made = Dying(tmp_path, plaid.host)
    yield made
    made.close()


@pytest.fixture
def device(dying: Dying, devices: Callable[..., Device]) -> Device:
    dying.start(at=0)
    return devices(dying.relay).enrol()


def begun(device: Device, plaid: PlaidStandIn) -> str:
    text: str = device.post("/v1/link/start")["link"]
    plaid.finish(plaid.last_link(), plaid.new_item(accounts=[account("acc1")]))
    return text


def asked(device: Device, path: str, link: str) -> dict[str, Any] | None:
    try:
        return device.post(path, link=link)
    except BankError:
        return None


def killed_at(dying: Dying, device: Device, plaid: PlaidStandIn, at: int, *, again: bool) -> End:
    """Kill the relay at one line of a whole exchange, start another, and let the device go on."""
    plaid.forget()
    plaid.second_exchange_works = again
    dying.end()
    dying.start(at)
    link = begun(device, plaid)
    first = asked(device, "/v1/link/status", link)
    if first is not None:
        asked(device, "/v1/link/ack", link)
    made, kept, place = bool(plaid.exchanges), dying.kept(), dying.place.read_text()
    dying.end()
    dying.start(at=0)
    return End(place, made, kept, outcome(device, plaid, link, first))


def outcome(device: Device, plaid: PlaidStandIn, link: str, first: dict[str, Any] | None) -> str:
    """Go on as a device does that knows what it knows; the bank is one, and what it got works."""
    answer = first if first is not None and first["items"] else device.post("/v1/link/status", link=link)
    assert len(set(plaid.exchanges)) == 1
    if answer["items"]:
        (item,) = answer["items"]
        assert item["item_id"] == plaid.exchanges[0]
        named = {name: item[name] for name in ("item_id", "sealed_token")}
        assert device.post("/v1/item", **named)["health"] == "ok"
        device.post("/v1/link/ack", link=link)
        return "saved"
    assert (answer["state"], answer["reason"]) == ("expired", "lost")
    assert [each["name"] for each in answer["lost"]] == ["Stand-in Bank"]
    return "lost"


def lines_of(dying: Dying, device: Device, plaid: PlaidStandIn) -> int:
    """Return how many lines a whole exchange has, from the first question to the word that it may be forgotten."""
    link = begun(device, plaid)
    assert device.post("/v1/link/status", link=link)["items"]
    device.post("/v1/link/ack", link=link)
    return int(dying.place.read_text())


def check(ends: list[End], *, again: bool) -> None:
    told = Counter((end.outcome, end.made, end.kept) for end in ends)
    print({f"{'again' if again else 'once'}: {outcome}, made {made}, kept {kept}": n
           for (outcome, made, kept), n in sorted(told.items())})  # fmt: skip
    for end in ends:
        is_in_the_window = end.made and not end.kept
        if end.outcome == "lost":
            assert is_in_the_window, end
            assert not again, end


@pytest.mark.parametrize("points", [POINTS, pytest.param(MANY_POINTS, marks=pytest.mark.full)])
@pytest.mark.parametrize("again", [True, False], ids=["Plaid exchanges again", "Plaid exchanges once"])
def test_what_a_killed_relay_had_is_there_but_for_the_moment_before_it_was_written(
    dying: Dying, device: Device, plaid: PlaidStandIn, points: int, *, again: bool
) -> None:
    lines = lines_of(dying, device, plaid)
    ends = [killed_at(dying, device, plaid, 1 + lines * n // points, again=again) for n in range(points)]
    assert all(end.place for end in ends), "each was killed"
    check(ends, again=again)
    assert any(end.kept for end in ends)
    assert any(not end.made for end in ends)


@pytest.mark.full
@pytest.mark.parametrize("again", [True, False], ids=["Plaid exchanges again", "Plaid exchanges once"])
def test_kills_at_any_moment(dying: Dying, device: Device, plaid: PlaidStandIn, *, again: bool) -> None:
    chance = random.Random(7)
    ends = []
    dying.end()
    dying.start(at=-1)
    for _ in range(60):
        plaid.forget()
        plaid.second_exchange_works = again
        link = begun(device, plaid)
        killer = threading.Timer(chance.random() * 0.05, dying.end)
        killer.start()
        first = asked(device, "/v1/link/status", link)
        killer.join()
        made, kept = bool(plaid.exchanges), dying.kept()
        dying.start(at=-1)
        ends.append(End("any", made, kept, outcome(device, plaid, link, first)))
    check(ends, again=again)

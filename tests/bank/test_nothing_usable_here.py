"""No token of the provider is ever in the desktop program: not on disk, in the keychain, in logs, or in its memory."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.bank.conftest import bank
from tests.relay.conftest import ROOT, RelayProcess
from tests.relay.plaid_stand_in import SECRET, Item, PlaidStandIn

DESKTOP = Path(__file__).parent / "desktop.py"
PROGRAMS = ("dbus-run-session", "dbus-send", "gnome-keyring-daemon", "secret-tool")


@pytest.fixture
def desktop() -> Iterator[Callable[..., dict[str, Any]]]:
    missing = [program for program in PROGRAMS if shutil.which(program) is None]
    assert not missing, f"{', '.join(missing)} not found; apt-get install gnome-keyring libsecret-tools dbus dbus-x11"
    with tempfile.TemporaryDirectory(prefix="kc-") as folder:
        private = Path(folder)

        def run(*arguments: str) -> dict[str, Any]:
            for name in ("home", "run"):
                (private / name).mkdir(mode=0o700)
            environment = {
                "PATH": os.environ["PATH"], "HOME": str(private / "home"), "XDG_RUNTIME_DIR": str(private / "run"),
                "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests")]),
            }  # fmt: skip
            done = subprocess.run(
                ["dbus-run-session", "--", sys.executable, str(DESKTOP), *arguments], env=environment, cwd=private,
                capture_output=True, text=True, timeout=180, check=False,
            )  # fmt: skip
            assert done.returncode == 0, done.stderr
            return dict(json.loads(done.stdout.splitlines()[-1]))

        yield run


def finishes_at_once(plaid: PlaidStandIn, item: Item) -> None:
    """Let the person finish every page as soon as it is there."""

    def finish(path: str, answer: dict[str, Any]) -> None:
        if path == "/link/token/create":
            plaid.finish(answer["link_token"], item)

    plaid.before_answer = finish


def test_the_search_finds_a_token_that_is_there(desktop: Callable[..., dict[str, Any]]) -> None:
    assert desktop("blind")["memory"] > 0


def test_no_token_is_in_the_desktop_after_a_bank_was_linked_and_read(
    desktop: Callable[..., dict[str, Any]], relay: RelayProcess, plaid: PlaidStandIn
) -> None:
    finishes_at_once(plaid, bank(plaid))
    found = desktop("look", relay.origin)
    assert found["added"] == 3
    assert (found["memory"], found["secret"], found["keychain"], found["disk"]) == (0, 0, False, [])
    assert found["entries"] == ["device", "token"]
    assert found["log"]
    assert found["locked"]["code"] == "keychain_locked"


def test_own_keys_are_in_the_memory_of_the_relay_child_alone(
    desktop: Callable[..., dict[str, Any]], plaid: PlaidStandIn
) -> None:
    items = [bank(plaid), bank(plaid, "acc2")]

    def finish(path: str, answer: dict[str, Any]) -> None:
        if path == "/link/token/create":
            plaid.finish(answer["link_token"], items.pop())

    plaid.before_answer = finish
    found = desktop("own", plaid.host, SECRET)
    clean = [{"secret": 0, "token": 0, "child": True}] * 3
    assert (found["keychain"], found["passphrase"]) == (clean, clean)
    assert found["typed, keychain"]["secret"] > 0, "the search is blind"
    assert found["locked"]["code"] == "keychain_locked"


def test_erasing_everything_ends_the_bank_and_empties_the_real_keychain(
    desktop: Callable[..., dict[str, Any]], relay: RelayProcess, plaid: PlaidStandIn
) -> None:
    item = bank(plaid)
    finishes_at_once(plaid, item)
    assert desktop("erase", relay.origin) == {"before": True, "after": 0, "ended": 1, "open": 0}
    assert item.removed

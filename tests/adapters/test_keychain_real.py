"""The keychain adapter against the real GNOME Keyring, each scenario in a D-Bus session and home of its own."""

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

import app

SESSION = Path(__file__).parent / "keychain" / "session.py"
PROGRAMS = ("dbus-run-session", "dbus-send", "gnome-keyring-daemon", "secret-tool")
INSTALL = "apt-get install -y --no-install-recommends gnome-keyring libsecret-tools dbus dbus-x11"

NO_SERVICES = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><listen>unix:tmpdir=/tmp</listen>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/>
</policy></busconfig>
"""

RunSession = Callable[..., dict[str, Any]]


@pytest.fixture
def private() -> Iterator[Path]:
    """A short path: the address of a socket has at most 107 bytes."""
    with tempfile.TemporaryDirectory(prefix="kc-") as folder:
        yield Path(folder)


@pytest.fixture
def run_session(private: Path) -> RunSession:
    missing = [program for program in PROGRAMS if shutil.which(program) is None]
    assert not missing, f"{', '.join(missing)} not found; install with: {INSTALL}"

    def run(scenario: str, *, bus: tuple[str, ...] = ("dbus-run-session", "--"), **extra: str) -> dict[str, Any]:
        for name in ("home", "run"):
            (private / name).mkdir(mode=0o700)
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(private / "home"),
            "XDG_RUNTIME_DIR": str(private / "run"),
            "PYTHONPATH": str(Path(app.__file__).parents[1]),
            **extra,
        }
        done = subprocess.run(
            [*bus, sys.executable, str(SESSION), scenario],
            env=environment,
            cwd=private,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        answer: dict[str, Any] = json.loads(done.stdout)
        return answer

    return run


def test_entries_are_written_read_replaced_and_removed(run_session: RunSession) -> None:
    assert run_session("everyday") == {
        "before": None,
        "after": "second",
        "seen_from_outside": "second",
        "long": 1199,
        "deleted": None,
        "probe_left": None,
    }


def test_no_variable_or_file_leads_elsewhere(run_session: RunSession, private: Path) -> None:
    """Each of these makes the keyring library use another store, or break."""
    config = private / "config" / "python_keyring"
    config.mkdir(parents=True)
    (config / "keyringrc.cfg").write_text("[backend]\ndefault-keyring=keyring.backends.null.Keyring\n")
    found = run_session(
        "everyday",
        PYTHON_KEYRING_BACKEND="keyring.backends.null.Keyring",
        KEYRING_PROPERTY_PREFERRED_COLLECTION="/nowhere",
        KEYRING_PROPERTY_SCHEME="KeePassXC",
        XDG_CONFIG_HOME=str(private / "config"),
    )
    assert found["seen_from_outside"] == "second"
    assert found["deleted"] is None


def test_a_locked_collection_says_so(run_session: RunSession) -> None:
    found = run_session("locked")
    assert {name: answer["code"] for name, answer in found.items()} == dict.fromkeys(found, "keychain_locked")


def test_a_keychain_nobody_opened_is_locked(run_session: RunSession) -> None:
    found = run_session("not_unlocked")
    assert [found["get"]["code"], found["set"]["code"]] == ["keychain_locked", "keychain_locked"]


def test_a_bus_without_a_keychain_is_no_keychain(run_session: RunSession, private: Path) -> None:
    config = private / "bus.conf"
    config.write_text(NO_SERVICES)
    found = run_session("no_service", bus=("dbus-run-session", f"--config-file={config}", "--"))
    assert [found["get"]["code"], found["set"]["code"]] == ["no_keychain", "no_keychain"]


@pytest.mark.parametrize("address", [None, "unix:path=/nonexistent/bus", "nonsense", "tcp:host=localhost,port=1"])
def test_no_bus_is_no_keychain(run_session: RunSession, address: str | None) -> None:
    extra = {} if address is None else {"DBUS_SESSION_BUS_ADDRESS": address}
    found = run_session("no_service", bus=(), **extra)
    assert [found["get"]["code"], found["set"]["code"]] == ["no_keychain", "no_keychain"]


def test_a_hanging_keychain_does_not_hang_the_program(run_session: RunSession) -> None:
    found = run_session("hanging")
    assert found["get"]["code"] == "keychain_locked"
    assert "did not answer" in found["get"]["message"]
    assert found["ended"]
    assert found["again"] == "value"


def test_a_keychain_killed_in_the_middle_is_an_error(run_session: RunSession) -> None:
    assert run_session("killed")["get"]["code"] in {"keychain_locked", "no_keychain"}


def test_books_open_with_the_keychain_and_say_what_is_wrong(run_session: RunSession) -> None:
    found = run_session("books")
    assert [found[mode]["mode"] for mode in ("None", "both", "keychain")] == ["both", "both", "keychain"]
    for mode in ("None", "both", "keychain"):
        answers = found[mode]
        assert answers["opened"] is True
        assert answers["back"] is True
        assert answers["missing"]["code"] == "keychain_entry_missing"
        assert answers["other_key"]["code"] == "locked"
        assert answers["no_key"]["code"] == "locked"
        assert len({answers[name]["message"] for name in ("missing", "other_key", "no_key")}) == 3
    assert found["locked"]["code"] == "keychain_locked"
    assert found["made_while_locked"] == "passphrase"


def test_modes_and_rotation_leave_the_right_entry(run_session: RunSession) -> None:
    found = run_session("changes")
    assert found["made"] == [True, False]
    assert found["passphrase"] == [False, False, True]
    assert found["keychain"] == [True, False, True]
    assert found["both"] == [True, False, True]
    assert found["rotated"] == [False, True, True, True]
    assert [answer["code"] for answer in found["locked"]] == ["keychain_locked"] * 3
    assert found["same"]
    assert found["page"], "a recovery key needs no keychain"

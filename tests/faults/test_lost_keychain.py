"""F19: a keychain that dies, hangs or is locked in the middle of a session: told in time, and no key is made anew."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest
from faults.conftest import ROOT

SESSION = Path(__file__).parent / "keychain_session.py"
PROGRAMS = ("dbus-run-session", "dbus-send", "gnome-keyring-daemon")
INSTALL = "apt-get install -y --no-install-recommends gnome-keyring dbus dbus-x11"


def in_session(strike: str) -> dict[str, Any]:
    missing = [program for program in PROGRAMS if shutil.which(program) is None]
    assert not missing, f"{', '.join(missing)} not found; install with: {INSTALL}"
    # a short path: the address of a socket has at most 107 bytes
    with tempfile.TemporaryDirectory(prefix="kc-") as folder:
        private = Path(folder)
        for name in ("home", "run"):
            (private / name).mkdir(mode=0o700)
        environment = {
            "PATH": os.environ["PATH"], "HOME": str(private / "home"), "XDG_RUNTIME_DIR": str(private / "run"),
            "PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}",
        }  # fmt: skip
        done = subprocess.run(
            ["dbus-run-session", "--", sys.executable, str(SESSION), strike], env=environment, cwd=private,
            capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return dict(json.loads(done.stdout))


@pytest.mark.parametrize("strike", ["killed", "hanging", "locked"])
def test_a_keychain_that_fails_is_told_and_open_books_go_on(strike: str) -> None:
    found = in_session(strike)
    assert found["mode"] == "keychain"
    assert found["change"], "open books need no keychain for a change"
    for what in ("rekey", "opening"):
        assert found[what]["code"] in {"keychain_locked", "no_keychain", "keychain_entry_missing"}, found
        assert found[what]["message"]
        # a call has its limit; a piece of work may ask more than once, and the machine may be busy
        assert found[f"{what}_seconds"] < 3 * found["limit"]
    assert found["again"]["code"] == "exists"
    assert found["keys_unchanged"]
    assert found["untouched"]
    assert found.get("later", True)

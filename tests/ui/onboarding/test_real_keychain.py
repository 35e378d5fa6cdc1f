"""From the first start to a locked keychain, with the window, the books and the keychain of a real desktop."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

import app

SESSION = Path(__file__).parent / "keychain_session.py"
PROGRAMS = ("dbus-run-session", "dbus-send", "gnome-keyring-daemon")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the session is one of D-Bus")
def test_books_of_keychain_and_passphrase_open_by_the_recovery_key_when_the_keychain_is_locked() -> None:
    missing = [program for program in PROGRAMS if shutil.which(program) is None]
    assert not missing, f"{', '.join(missing)} not found; install with: apt-get install gnome-keyring dbus"
    with tempfile.TemporaryDirectory(prefix="kc-") as folder:
        private = Path(folder)
        for name in ("home", "run"):
            (private / name).mkdir(mode=0o700)
        environment = {
            "PATH": os.environ["PATH"], "HOME": str(private / "home"), "XDG_RUNTIME_DIR": str(private / "run"),
            "PYTHONPATH": str(Path(app.__file__).parents[1]), "QT_QPA_PLATFORM": "offscreen", "LANG": "C.UTF-8",
        }  # fmt: skip
        done = subprocess.run(
            ["dbus-run-session", "--", sys.executable, str(SESSION), str(private / "home" / "books")],
            env=environment, cwd=private, capture_output=True, text=True, timeout=180, check=False,
        )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == {
        "way": "both",
        "required": True,
        "mode": "both",
        "again": "open",
        "locked": "The keychain is locked",
        "by_recovery_key": True,
    }

"""The check of the installation: it uses each part once, and says of a broken one what to do."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.services.program import doctor


def draw() -> str:
    return "6.0"


def named(examination: doctor.Examination) -> dict[str, doctor.Check]:
    return {check.name: check for check in examination.checks}


def test_a_good_installation_passes_without_a_keychain(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
    found = doctor.examine(tmp_path / "none", draw)
    wrong = {check.name: check.trouble for check in found.checks if not check.ok}
    assert set(wrong) <= {"keychain"}
    assert found.ok
    assert found.versions["Qt"] == "6.0"
    assert found.versions["SQLCipher"].startswith("4.")
    assert not (tmp_path / "none").exists()


def test_a_window_that_cannot_draw_fails_with_what_is_missing(tmp_path: Path) -> None:
    def broken() -> str:
        raise OSError("libEGL.so.1: cannot open shared object file")

    found = doctor.examine(tmp_path, broken)
    window = named(found)["window"]
    assert not found.ok
    assert (window.ok, window.trouble) == (False, "OSError: libEGL.so.1: cannot open shared object file")
    assert "run.py" in window.fix


def test_a_database_without_encryption_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.store.connection.looks_encrypted", lambda _path: False)
    database = named(doctor.examine(tmp_path, draw))["encrypted database"]
    assert (database.ok, database.trouble) == (False, "RuntimeError: the file is in clear")


def test_a_database_any_key_opens_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from app.store import connection

    real = connection.open_connection
    monkeypatch.setattr(connection, "open_connection", lambda path, _key, **more: real(path, "0f" * 32, **more))
    assert named(doctor.examine(tmp_path, draw))["encrypted database"].trouble == (
        "RuntimeError: another key opens the file too"
    )


@pytest.mark.skipif(os.name == "nt", reason="rights of folders are other ones there")
def test_a_home_that_is_no_folder_is_found(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    home = named(doctor.examine(tmp_path / "file" / "books", draw))["home folder can be written"]
    assert not home.ok


def test_the_self_test_draws_with_the_real_window(tmp_path: Path) -> None:
    env = {name: text for name, text in os.environ.items() if name not in {"DISPLAY", "WAYLAND_DISPLAY"}}
    done = subprocess.run(
        [sys.executable, "-c", "from app.ui.runtime import selftest; print(selftest.prove())"],
        env=env, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("6.")

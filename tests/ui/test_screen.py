"""A window that cannot be shown is told of in a sentence; Qt itself would end the process without one."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.ui.runtime import screen

NAMES = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere there is always a screen")


def window(home: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    env = {name: text for name, text in os.environ.items() if name not in NAMES}
    command = [sys.executable, "-m", "app", "gui", "--home", str(home), *words]
    return subprocess.run(command, env={**env, **more}, capture_output=True, text=True, check=False, timeout=120)


def test_no_screen_is_told_in_one_sentence(tmp_path: Path) -> None:
    done = window(tmp_path / "books")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("There is no screen here")
    assert len(done.stderr.splitlines()) == 1


def test_help_needs_no_screen(tmp_path: Path) -> None:
    done = window(tmp_path / "books", "--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert "--sample" in done.stdout


def test_a_missing_library_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise OSError("libxcb-cursor.so.0: cannot open shared object file: No such file or directory")

    monkeypatch.setenv("DISPLAY", ":9")
    monkeypatch.setattr(screen, "load_platforms", broken)
    assert screen.trouble([]) == (
        "The window needs a library that this system lacks: libxcb-cursor.so.0. Install it, then start again."
    )


@pytest.mark.parametrize(
    ("variables", "loaded"),
    [
        ({}, []),
        ({"DISPLAY": ":9"}, ["xcb"]),
        ({"WAYLAND_DISPLAY": "wayland-0", "DISPLAY": ":9"}, ["wayland", "xcb"]),
        ({"DISPLAY": ":9", "QT_QPA_PLATFORM": "offscreen"}, ["offscreen"]),
        ({"QT_QPA_PLATFORM": "vnc:port=5901"}, []),
    ],
)
def test_which_ways_to_the_screen_have_to_load(
    variables: dict[str, str], loaded: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    for name, text in variables.items():
        monkeypatch.setenv(name, text)
    assert screen.platforms() == loaded


def test_a_picture_is_drawn_without_a_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES:
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    assert screen.trouble(["--sample", "--screenshot", "x.png"]) is None
    assert os.environ["QT_QPA_PLATFORM"] == "offscreen"

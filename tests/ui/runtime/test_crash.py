"""What nobody caught: told calmly, without a word of the data, and the window goes on."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QtMsgType, qInstallMessageHandler
from PySide6.QtGui import QGuiApplication
from ui.doors import words

from app.ui.runtime.crash import Crashes, place_of
from app.ui.widgets.overlay import Overlay

SECRET = "Northwind paid 4,800.00"


@pytest.fixture
def crashes(window: Any) -> Iterator[Crashes]:
    """The hooks as the program sets them, put back afterwards."""
    hooks = sys.excepthook, threading.excepthook
    made = Crashes(window.tell_of_crash)
    made.install()
    handler = qInstallMessageHandler(None)
    assert handler is not None
    yield made
    sys.excepthook, threading.excepthook = hooks


def broken() -> None:
    raise ValueError(SECRET)


def caught() -> BaseException:
    try:
        broken()
    except ValueError as error:
        return error
    raise AssertionError


def test_the_place_of_an_error_holds_none_of_its_words() -> None:
    place = place_of(caught())
    assert place[-1] == "ValueError"
    assert place[-2].startswith("test_crash.py:")
    assert place[-2].endswith(" broken")
    assert SECRET not in "\n".join(place)


def test_a_bug_is_told_once_calmly_and_without_data(
    window: Any, crashes: Crashes, qtbot: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    error = caught()
    for _ in range(3):
        sys.excepthook(type(error), error, error.__traceback__)
    said = words(window)
    assert "Something broke in 1099 Ops" in said
    assert "Your books are whole" in said
    assert SECRET not in said
    assert SECRET not in capsys.readouterr().err
    assert len([sheet for sheet in window.findChildren(Overlay) if sheet.isVisible()]) == 1
    window.close_overlays()
    sys.excepthook(type(error), error, error.__traceback__)
    assert "Something broke in 1099 Ops" in words(window)
    window.close_overlays()
    assert SECRET not in QGuiApplication.clipboard().text()


def test_a_bug_on_another_thread_is_told_on_the_gui_thread(
    window: Any, crashes: Crashes, qtbot: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    thread = threading.Thread(target=broken)
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: "Something broke in 1099 Ops" in words(window), timeout=5_000)
    assert SECRET not in capsys.readouterr().err
    window.close_overlays()


def test_a_bug_in_a_slot_keeps_the_program_alive(tmp_path: Any) -> None:
    """In a process of its own: the test runner has hooks of its own for slots."""
    code = f"""
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from app.ui.runtime.crash import Crashes
app = QApplication([])
seen = []
crashes = Crashes(seen.append)
crashes.install()
def slot():
    raise ValueError({SECRET!r})
QTimer.singleShot(0, slot)
QTimer.singleShot(50, app.quit)
app.exec()
print(len(seen), seen[0][-1])
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout == "1 ValueError\n"
    assert SECRET not in done.stderr


def test_a_window_without_a_terminal_survives_its_own_report(
    window: Any, crashes: Crashes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stderr", None)
    error = caught()
    sys.excepthook(type(error), error, error.__traceback__)
    crashes._said(QtMsgType.QtWarningMsg, None, "x")
    assert "Something broke in 1099 Ops" in words(window)
    window.close_overlays()

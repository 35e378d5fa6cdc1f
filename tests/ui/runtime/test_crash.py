"""What nobody caught: told calmly, without a word of the data, and the window goes on."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sensitive
from PySide6.QtCore import QtMsgType, qInstallMessageHandler
from PySide6.QtGui import QGuiApplication
from ui.doors import words

from app.adapters import logs
from app.core import dates
from app.core.log_events import Event, read
from app.ui.runtime.crash import Crashes, place_of
from app.ui.widgets.overlay import Overlay

SECRET = "Northwind paid 4,800.00"


@pytest.fixture
def crashes(window: Any) -> Iterator[Crashes]:
    """The hooks as the program sets them, put back afterwards."""
    hooks = sys.excepthook, threading.excepthook
    made = Crashes(window.troubles.of_crash)
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


def test_what_qt_warns_of_is_counted_not_repeated(tmp_path: Path) -> None:
    """A thousand numbers and secrets as Qt warnings, in a process of its own: none on stderr, none in the log."""
    (tmp_path / "ops.keys").write_bytes(b"")
    dice = random.Random("qt")
    cases = [dice.choice(list(sensitive.KINDS.values()))(dice) for _ in range(1000)]
    code = f"""
import json, sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication, qCritical, qDebug, qWarning
from app import bootstrap
from app.adapters import logs
from app.ui.runtime.crash import Crashes
bootstrap.guard_process()
logs.keep_in(Path({str(tmp_path)!r}))
app = QCoreApplication([])
crashes = Crashes(lambda place: None)
crashes.install()
for number, text in enumerate(json.load(sys.stdin)):
    (qWarning, qCritical, qDebug)[number % 3](text.replace("\\0", ""))
logs.let_go()
"""
    done = subprocess.run(
        [sys.executable, "-c", code], input=json.dumps([case.text for case in cases]), capture_output=True, text=True,
        check=True, timeout=60,
    )  # fmt: skip
    assert (done.stdout, done.stderr) == ("", "")
    lines = [read(line) for path in logs.files(tmp_path / "logs") for line in path.read_text("ascii").splitlines()]
    assert {(line.event, line.fields.get("level")) for line in lines if line} == {
        (Event.QT_SAID, "warning"), (Event.QT_SAID, "error"), (Event.REPEATED, None),
    }  # fmt: skip
    assert None not in lines


def test_a_bug_of_the_window_leaves_its_class_and_place_in_the_log(
    window: Any, crashes: Crashes, sample_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.keep_in(sample_home)
    try:
        try:
            dates.iso(SECRET)  # type: ignore[arg-type]
        except TypeError as error:
            sys.excepthook(type(error), error, error.__traceback__)
    finally:
        logs.let_go()
        window.close_overlays()
    (only,) = [read(line) for path in logs.files(sample_home / "logs") for line in path.read_text().splitlines()]
    assert only is not None
    assert (only.event, only.fields["kind"]) == (Event.FAULT, "TypeError")
    assert str(only.fields["places"][-1]).startswith("app.core.dates:iso:")
    assert capsys.readouterr().err == "1099 Ops: something broke. Your books are whole.\n"

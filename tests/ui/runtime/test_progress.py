"""Long work in the status row: quick work shows nothing, slow work words, percent and Cancel."""

from __future__ import annotations

import threading
from typing import Any

from app.ui.runtime.tasks import Token


def test_quick_work_shows_nothing(window: Any, qtbot: Any) -> None:
    line = window.shell.status.progress
    window.progress("Importing", None)
    window.end_progress()
    assert not line.isVisible()


def test_slow_work_shows_how_far_it_is_from_any_thread(window: Any, qtbot: Any) -> None:
    line = window.shell.status.progress
    tell = window.progress("Importing", Token())
    qtbot.waitUntil(line.isVisible, timeout=5_000)
    thread = threading.Thread(target=tell, args=(3, 4))
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: "75%" in line.accessibleName(), timeout=5_000)
    window.end_progress()
    assert not line.isVisible()


def test_cancel_stops_the_work(window: Any, qtbot: Any) -> None:
    line = window.shell.status.progress
    token = Token()
    window.progress("Importing", token)
    qtbot.waitUntil(line.isVisible, timeout=5_000)
    line.cancelled.emit()
    assert token.is_cancelled
    assert "Stopping" in line.accessibleName()
    window.end_progress()


def test_a_late_word_of_older_work_is_not_shown(window: Any, qtbot: Any) -> None:
    line = window.shell.status.progress
    old = window.progress("Importing", None)
    window.end_progress()
    new = window.progress("Exporting", None)
    old(1, 2)
    new(1, 4)
    qtbot.waitUntil(lambda: line.isVisible() and "25%" in line.accessibleName(), timeout=5_000)
    window.end_progress()

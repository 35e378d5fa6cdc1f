"""What the window does for open books by itself: a backup, a check, and saying quietly how it went."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ui import bad_pages

from app.services.backup import backups
from app.ui.runtime.session import State

Settle = Callable[[Any], None]


def kept(home: Path) -> list[str]:
    return [each.header.reason for each in backups.listed(home) if each.header]


def look_after(window: Any, qtbot: Any, settle: Settle) -> None:
    window.upkeep.begin()
    qtbot.waitUntil(lambda: window.upkeep.checked is not None, timeout=20_000)
    settle(window)


def test_opening_makes_the_backup_of_the_day_once_and_checks_the_books(window: Any, settle: Settle, qtbot: Any) -> None:
    look_after(window, qtbot, settle)
    assert kept(window.session.home) == ["daily"]
    assert window.upkeep.checked.health.ok
    assert window.shell.status.backup.words().startswith("Backed up ")
    assert not window.shell.notice.isVisible()
    window.upkeep.begin()
    settle(window)
    settle(window)
    assert kept(window.session.home) == ["daily"], "one a day"


def test_the_status_row_leads_to_the_backups(window: Any, settle: Settle, qtbot: Any) -> None:
    look_after(window, qtbot, settle)
    window.shell.status.backup.click()
    settle(window)
    assert window.shell.current == "settings"
    assert window.shell.page.stack.currentWidget() is window.shell.page.sections["backups"].property("area")


def test_a_backup_that_fails_is_told_calmly_with_its_reason(window: Any, settle: Settle, qtbot: Any) -> None:
    folder = window.session.home / "backups"
    shutil.rmtree(folder)
    folder.write_bytes(b"a file where the folder should be")
    look_after(window, qtbot, settle)
    assert window.upkeep.checked.health.ok, "the check is made all the same"
    assert window.shell.notice.isVisible()
    assert "backup could not be made" in window.shell.notice.accessibleName()
    assert window.shell.status.backup.words() == "Not backed up today"
    window.shell.notice.acted.emit()
    settle(window)
    assert "could not be made" in window.shell.page.sections["backups"].trouble.said


def test_damaged_books_are_told_of_above_every_page_and_only_read(window: Any, settle: Settle, qtbot: Any) -> None:
    bad_pages.flip(window.session.home / "books.db", window.session.gui.key_hex())
    look_after(window, qtbot, settle)
    assert not window.upkeep.checked.health.ok
    assert "damaged" in window.shell.notice.accessibleName()
    window.shell.notice.acted.emit()
    settle(window)
    part = window.shell.page.sections["security"]
    assert part.books.is_good is False
    assert part.summary.act.words() == "See what can be done"
    assert window.session.gui.damaged is not None


def test_locking_stops_it_and_leaves_no_half_backup(window: Any, settle: Settle, qtbot: Any) -> None:
    window.upkeep.begin()
    window.session.lock()
    qtbot.waitUntil(lambda: window.tasks.is_idle, timeout=20_000)
    assert window.session.state is State.LOCKED
    assert window.upkeep.checked is None
    assert window.shell.status.backup.words() == ""
    assert not [path for path in (window.session.home / "backups").rglob("*") if path.suffix != ".opsbak"]


def test_the_sample_is_left_alone(make_window: Any, tmp_path: Path, settle: Settle, qtbot: Any) -> None:
    window = make_window(tmp_path / "none")
    window.upkeep.by_itself = True
    window.open_sample()
    qtbot.waitUntil(lambda: window.session.state is State.OPEN, timeout=60_000)
    assert not window.upkeep._timer.isActive()
    settle(window)

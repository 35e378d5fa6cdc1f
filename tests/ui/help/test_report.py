"""Help › Report a problem: shown whole, chosen by section, saved as shown, sent to nobody."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QFileDialog

from app.ui.sheets.report_sheet import ReportSheet, open_report_sheet

Settle = Callable[[Any], None]


@pytest.fixture
def sheet(window: Any, settle: Settle) -> ReportSheet:
    window.commands.trigger("help.report")
    settle(window)
    (found,) = window.findChildren(ReportSheet)
    return found


def choose(sheet: ReportSheet, path: Path) -> None:
    """Name a file in the dialog that asks for it."""
    (dialog,) = sheet.findChildren(QFileDialog)
    dialog.fileSelected.emit(str(path))
    dialog.close()


def test_every_file_is_shown_with_its_size_before_anything_is_saved(sheet: ReportSheet, sample_home: Path) -> None:
    shown = sheet.preview.toPlainText()
    for name in ("manifest.json", "system.json", "database.json", "events.jsonl", "README.txt"):
        assert f"{name} · " in shown
    assert '"state": "open"' in shown
    assert "Nothing is saved yet" in sheet.total.text()
    assert sheet.save.isEnabled()
    assert list(sample_home.rglob("*.zip")) == []


def test_what_is_shown_is_what_is_saved(
    sheet: ReportSheet, window: Any, settle: Settle, tmp_path: Path, qtbot: Any
) -> None:
    shown = sheet.preview.toPlainText()
    sheet.save.click()
    choose(sheet, tmp_path / "report.zip")
    qtbot.waitUntil((tmp_path / "report.zip").exists)
    settle(window)
    with zipfile.ZipFile(tmp_path / "report.zip") as archive:
        files = [(name, archive.read(name).decode("ascii")) for name in archive.namelist()]
    assert shown == "\n".join(f"{name} · {len(text):,} bytes\n\n{text}" for name, text in files)
    assert not window.findChildren(ReportSheet)


def test_a_section_that_is_not_ticked_is_neither_shown_nor_saved(
    sheet: ReportSheet, window: Any, settle: Settle
) -> None:
    for name in ("database", "events"):
        sheet.boxes[name].click()
    settle(window)
    shown = sheet.preview.toPlainText()
    assert "database.json · " not in shown
    assert "events.jsonl · " not in shown
    assert "errors.jsonl · " in shown
    assert sheet._bundle is not None
    assert sheet._bundle.sections == ("system", "app", "sync", "errors", "imports")


def test_with_locked_books_there_is_a_report_too(window: Any, settle: Settle, qtbot: Any) -> None:
    with qtbot.waitSignal(window.session.state_changed, timeout=20_000):
        window.session.lock()
    settle(window)
    sheet = open_report_sheet(window)
    settle(window)
    assert '"state": "locked"' in sheet.preview.toPlainText()
    window.close_overlays()


def test_a_file_that_is_there_stays_and_the_report_stays_open(
    sheet: ReportSheet, window: Any, settle: Settle, tmp_path: Path
) -> None:
    taken = tmp_path / "report.zip"
    taken.write_text("mine")
    sheet.save.click()
    choose(sheet, taken)
    settle(window)
    assert taken.read_text() == "mine"
    window.close_overlays()

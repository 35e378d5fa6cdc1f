"""Start the window: read the few options, take the home's one window, show it before anything heavy loads."""

from __future__ import annotations

import argparse
import locale
import os
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QBuffer, QTimer
from PySide6.QtWidgets import QApplication

from app.ui.frame.main_window import MainWindow
from app.ui.runtime.crash import Crashes
from app.ui.runtime.preferences import Preferences
from app.ui.runtime.session import Session
from app.ui.runtime.wiring import Wiring
from app.ui.theme import icons
from app.ui.theme.install import install


class Start(NamedTuple):
    """What the window was started with."""

    home: Path
    files: list[Path]
    is_sample: bool = False
    screenshot: Path | None = None


def parse(argv: list[str], default_home: Callable[[], Path]) -> tuple[Start, date | None]:
    """Read the window's options."""
    parser = argparse.ArgumentParser(prog="ops1099 gui", description="The window of 1099 Ops.", allow_abbrev=False)
    parser.add_argument("--home", metavar="DIR", default=os.environ.get("OPS1099_HOME") or None)
    parser.add_argument("--today", type=date.fromisoformat, metavar="DATE", help="take this for today")
    parser.add_argument("--sample", action="store_true", help="look around with sample data")
    parser.add_argument("--screenshot", metavar="FILE", help="write a picture of the first window and end")
    parser.add_argument("files", nargs="*", metavar="FILE", help="bank files to import")
    given = parser.parse_args(argv)
    home = Path(given.home).expanduser() if given.home else default_home()
    return Start(home, [Path(name) for name in given.files], given.sample,
                 Path(given.screenshot) if given.screenshot else None), given.today  # fmt: skip


def make_application() -> QApplication:
    app = QApplication(sys.argv[:1])
    # Qt has just taken the system's language; our dates are written by Python, in the language of our words.
    locale.setlocale(locale.LC_TIME, "C")
    app.setApplicationName("1099 Ops")
    app.setDesktopFileName("app.ops1099.desktop")
    return app


def run(start: Start, wiring: Wiring) -> int:
    """Show the window until it is closed; return the exit code."""
    from app.ui.runtime import pauses, single_instance  # noqa: PLC0415 - needs the application

    pauses.short_turns()
    app = make_application()
    if start.screenshot is None and single_instance.hand_over(start.home, start.files):
        return 0
    preferences = Preferences(start.home)
    look = install(app, preferences.text("appearance/mode"), preferences.number("appearance/text_percent") / 100)
    look.reduce_motion = preferences.is_on("appearance/reduce_motion")
    app.setWindowIcon(icons.app_icon())
    session = Session(start.home, wiring)
    window = MainWindow(session, preferences)
    crashes = Crashes(window.troubles.of_crash, window.troubles.of_database)
    crashes.install()
    if start.screenshot is None:
        window.instance = instance = single_instance.SingleInstance(start.home, window)
        instance.handed_over.connect(window.taken_over)
        instance.lock_asked.connect(session.lock)
    window.show()
    window.unattended.system_lock.start(window.windowHandle())
    if start.is_sample:
        window.open_sample()
    if start.files:
        window.import_files(start.files)
    if start.screenshot is not None:
        window.when_settled(lambda: _picture(window, start.screenshot))
    code = app.exec()
    session.end()
    return code


def _picture(window: MainWindow, path: Path | None) -> None:
    from app.services.program import saving  # noqa: PLC0415 - a picture of the window is rare

    buffer = QBuffer()
    window.grab().save(buffer, "PNG")
    if path is not None:
        saving.write_file(path, bytes(buffer.data().data()), replace=True)
    QTimer.singleShot(0, QApplication.quit)

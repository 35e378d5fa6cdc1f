"""Pictures of every page, from the sample books, without a screen: `python3 run.py shots [--out DIR] [--all]`.

The same pictures are what tests compare with, so they are made in one place. The same code gives the same pictures: the
books are the sample's, the moment is fixed, the type is the shipped one, and neither the desktop's settings nor its
language have a say.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT)]

if TYPE_CHECKING:
    from PySide6.QtGui import QImage

    from app.ui.frame.main_window import MainWindow

SIZE = (1440, 900)
NARROW = (1024, 700)
MODES = ("light", "dark")
MOMENT = datetime(2026, 11, 20, 22, 2, tzinfo=UTC)
"""A Friday afternoon in California, on the day the sample's files end."""
PAGES = ("today", "transactions", "income", "taxes", "reports", "accounts", "history", "settings", "help")


def stand_alone() -> None:
    """Forget the settings of this desktop, its type and its language, before Qt reads them."""
    for name in [name for name in os.environ if name.startswith("QT_")]:
        del os.environ[name]
    fonts = str(ROOT / "scripts" / "fonts.conf")
    os.environ.update(QT_QPA_PLATFORM="offscreen", LC_ALL="C.UTF-8", TZ="America/Los_Angeles", FONTCONFIG_FILE=fonts)
    if sys.platform != "win32":
        time.tzset()


def wait(window: MainWindow, seconds: float = 60) -> None:
    """Let the event loop run until no work is left and everything is painted."""
    from PySide6.QtCore import QDeadlineTimer, QEventLoop  # noqa: PLC0415 - Qt only when pictures are made
    from PySide6.QtWidgets import QApplication  # noqa: PLC0415

    quiet: list[int] = []
    window.when_settled(lambda: quiet.append(1))
    limit = QDeadlineTimer(int(seconds * 1000))
    while not quiet:
        if limit.hasExpired():
            raise SystemExit("The window did not come to rest.")
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 50)
    for _ in range(3):
        QApplication.processEvents()


def new_window() -> MainWindow:
    """Show the window without books."""
    from app import bootstrap  # noqa: PLC0415
    from app.ui.frame.main_window import MainWindow  # noqa: PLC0415
    from app.ui.runtime.preferences import Preferences  # noqa: PLC0415
    from app.ui.runtime.session import Session  # noqa: PLC0415

    wiring = bootstrap.window_wiring(MOMENT.date(), MOMENT)
    window = MainWindow(Session(ROOT / "out" / "no-books-here", wiring), Preferences(None))
    window.resize(*SIZE)
    window.show()
    return window


@contextmanager
def sample_window() -> Iterator[MainWindow]:
    """Open the window on the sample books; they are thrown away in the end."""
    from app.ui.app import make_application  # noqa: PLC0415
    from app.ui.theme.install import install  # noqa: PLC0415

    app = make_application()
    app.setCursorFlashTime(0)
    install(app, "light", 1.0)
    window = new_window()
    window.open_sample()
    wait(window)
    window.shell.sample_bar.hide()
    try:
        yield window
    finally:
        window.close()
        window.session.tasks.stop()


def picture(window: MainWindow, page: str, mode: str, size: tuple[int, int] = SIZE) -> QImage:
    """Return one page as it stands in one mode."""
    from app.ui.theme import theme  # noqa: PLC0415

    theme.current().set_mode(mode)
    window.resize(*size)
    window.go(page)
    window.shell.toast.hide()
    wait(window)
    return window.grab().toImage()


def first_run(mode: str, take: Callable[[QImage], Any]) -> None:
    """Take the picture of the first window, without books."""
    from app.ui.theme import theme  # noqa: PLC0415

    theme.current().set_mode(mode)
    window = new_window()
    wait(window)
    take(window.grab().toImage())
    window.close()
    window.session.tasks.stop()


def _keep_first(keep: Callable[[QImage, str], None], mode: str, image: QImage) -> None:
    keep(image, f"first-run-{mode}")


def names() -> list[str]:
    """Return what is pictured without `--all`."""
    return [f"{page}-{mode}" for mode in MODES for page in (*PAGES, "first-run")]


def main() -> int:
    parser = argparse.ArgumentParser(prog="run.py shots")
    parser.add_argument("--out", default="docs/screenshots", type=Path, help="where the pictures go")
    parser.add_argument("--all", action="store_true", help="narrow windows and large text too")
    arguments = parser.parse_args()
    stand_alone()
    arguments.out.mkdir(parents=True, exist_ok=True)
    count = 0

    def keep(image: QImage, name: str) -> None:
        nonlocal count
        image.save(str(arguments.out / f"{name}.png"))
        count += 1

    with sample_window() as window:
        from app.ui.theme import theme  # noqa: PLC0415

        for mode in MODES:
            for page in PAGES:
                keep(picture(window, page, mode), f"{page}-{mode}")
                if arguments.all:
                    keep(picture(window, page, mode, NARROW), f"{page}-{mode}-1024")
            if arguments.all:
                theme.current().set_scale(1.5)
                for page in PAGES:
                    keep(picture(window, page, mode), f"{page}-{mode}-150")
                theme.current().set_scale(1.0)
        for mode in MODES:
            first_run(mode, partial(_keep_first, keep, mode))
    sys.stdout.write(f"{count} pictures in {arguments.out}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

"""The real window on real encrypted books of the sample, without a screen."""

from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest
from PySide6.QtWidgets import QApplication

from app.adapters.clock import SystemClock
from app.adapters.randomness import OsRandomness
from app.core.security.envelope import Mode
from app.services.books import opening
from app.services.books.open_books import Books, Unlock
from app.services.program import sample_books

PASSPHRASE = "violet anchor harvest tundra 41"
TODAY = date(2026, 11, 20)


@pytest.fixture(autouse=True)
def no_warnings(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Any log above INFO fails, as does any warning of Qt (qt_log_level_fail)."""
    yield
    loud = [record for record in caplog.get_records("call") if record.levelno > logging.INFO]
    assert not loud, [record.getMessage() for record in loud]


HOW = {"work": {}, "look": {"read_only": True, "rescue": True}, "mend": {"rescue": True}}
"""What books are opened with for each purpose."""


def clock() -> SystemClock:
    return SystemClock("America/Los_Angeles", fixed_today=TODAY)


def create(home: Path, mode: str = "passphrase", passphrase: str | None = PASSPHRASE) -> Books:
    made, _ = opening.create(
        home,
        mode=Mode(mode),
        passphrase=passphrase,
        keychain=None,
        randomness=OsRandomness(),
        clock=clock(),
        kdf_memory_mib=64,
    )
    return made


def wiring() -> Any:
    """The window's wiring, as the bootstrap makes it, with the cheapest key stretching and a fixed day."""
    from app.ui.runtime.wiring import Wiring

    return Wiring(
        open_books=lambda home, passphrase: opening.open_books(
            home, Unlock(passphrase=passphrase), keychain=lambda: None, clock=clock()
        ),
        create_books=create,
        create_throwaway=lambda home: create(home, passphrase="only for a moment, then gone"),
        today=lambda: TODAY,
        open_with_key=lambda home, key: opening.open_books(
            home, Unlock(key_hex=key), keychain=lambda: None, clock=clock()
        ),
        randomness=OsRandomness,
        open_otherwise=lambda home, unlock, how: opening.open_books(
            home, unlock, keychain=lambda: None, clock=clock(), **HOW[how.value]
        ),
        clock=lambda: SystemClock("UTC"),
        open_beside=lambda home, key: opening.open_books(
            home, Unlock(key_hex=key), keychain=lambda: None, clock=clock()
        ),
    )


@pytest.fixture(scope="session")
def sample_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample year, imported once; tests work on copies."""
    home = tmp_path_factory.mktemp("sample") / "home"
    books = create(home)
    sample_books.fill(books)
    books.close()
    return home


@pytest.fixture
def sample_home(sample_template: Path, tmp_path: Path) -> Path:
    home = tmp_path / "home"
    shutil.copytree(sample_template, home)
    return home


@pytest.fixture
def look(qapp: QApplication) -> Any:
    from app.ui.theme.install import install

    return install(qapp, "light", 1.0)


@pytest.fixture
def make_window(qtbot: Any, look: Any) -> Iterator[Callable[..., Any]]:
    """Makes a window on a home; all are closed in the end and their threads stopped."""
    from app.ui.frame.main_window import MainWindow
    from app.ui.runtime.preferences import Preferences
    from app.ui.runtime.session import Session

    made = []

    def make(home: Path, wired: Any = None, size: tuple[int, int] | None = (1440, 900)) -> Any:
        window = MainWindow(Session(home, wired or wiring()), Preferences(home))
        window.upkeep.by_itself = window.bank.by_itself = False  # a test that is about them begins them
        if size:
            window.resize(*size)
        window.show()
        made.append(window)
        return window

    yield make
    for window in made:
        window.close()
        window.session.end()
        window.deleteLater()
    look.set_hide_amounts(False)
    look.set_mode("light")
    look.set_scale(1.0)


@pytest.fixture
def settle(qtbot: Any) -> Callable[[Any], None]:
    """Waits until no work runs and every result has been shown."""

    def wait(window: Any) -> None:
        quiet = []
        window.when_settled(lambda: quiet.append(1))
        qtbot.waitUntil(lambda: bool(quiet), timeout=20_000)

    return wait


@pytest.fixture
def window(make_window: Callable[[Path], Any], sample_home: Path, qtbot: Any, settle: Callable[[Any], None]) -> Any:
    """The window with the sample books open, on Today."""
    shown = make_window(sample_home)
    with qtbot.waitActive(shown):
        shown.activateWindow()
    with qtbot.waitSignal(shown.session.state_changed, timeout=20_000):
        shown.session.unlock(PASSPHRASE, lambda: None, shown.fail)
    settle(shown)
    return shown

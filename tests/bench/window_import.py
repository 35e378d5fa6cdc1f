"""Whether the window answers while a large file is looked at and imported: the longest gap between two heartbeats.

Run `PYTHONPATH=.:tests python tests/bench/window_import.py [ROWS]`; it uses no screen. A gap is the time between two
beats of a timer that beats every 2 ms. What an idle window misses on the same machine is printed first: that much is
not ours.
"""

from __future__ import annotations

import gc
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

from generator.flat import make_flat_csv
from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtWidgets import QApplication

from app.adapters.clock import SystemClock
from app.adapters.randomness import OsRandomness
from app.core.security.envelope import Mode
from app.services.books import opening
from app.services.books.open_books import Books, Unlock
from app.ui.frame.main_window import MainWindow
from app.ui.runtime.preferences import Preferences
from app.ui.runtime.session import Session
from app.ui.runtime.wiring import Wiring
from app.ui.theme.install import install

LONGEST_MS = 50
IDLE_S = 3
PASSPHRASE = "violet anchor harvest tundra 41"
TODAY = date(2026, 11, 20)


def clock() -> SystemClock:
    return SystemClock("America/Los_Angeles", fixed_today=TODAY)


def make(home: Path, mode: str = "passphrase", passphrase: str | None = PASSPHRASE) -> Books:
    made, _ = opening.create(
        home, mode=Mode(mode), passphrase=passphrase, keychain=None, randomness=OsRandomness(), clock=clock(),
        kdf_memory_mib=64,
    )  # fmt: skip
    return made


class Heart:
    """Beats every two milliseconds and remembers how late it was."""

    def __init__(self) -> None:
        self._last = 0.0
        self.gaps: list[float] = []
        self._timer = QTimer(interval=2, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)

    def start(self) -> None:
        self.gaps, self._last = [], time.perf_counter()
        self._timer.start()

    def _beat(self) -> None:
        now = time.perf_counter()
        self.gaps.append(1000 * (now - self._last))
        self._last = now

    def stop(self, what: str) -> float:
        self._timer.stop()
        self.gaps.sort()
        longest, usual = self.gaps[-1], self.gaps[len(self.gaps) * 99 // 100]
        print(f"{what}: {sum(self.gaps) / 1000:.1f} s, longest gap {longest:.0f} ms (at most {LONGEST_MS}), "
              f"99 of 100 within {usual:.0f} ms, {sum(gap > LONGEST_MS for gap in self.gaps)} longer")  # fmt: skip
        return longest


def wait(until: Callable[[], bool]) -> None:
    loop, timer = QEventLoop(), QTimer(interval=5)
    timer.timeout.connect(lambda: loop.quit() if until() else None)
    timer.start()
    loop.exec()


def main(rows: int) -> int:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = QApplication([])
    install(app, "light", 1.0)
    folder = Path(tempfile.mkdtemp(prefix="1099ops-window-"))
    try:
        return measure(rows, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def measure(rows: int, folder: Path) -> int:
    home, file = folder / "home", folder / "Chase8888_Activity.csv"
    make(home).close()
    file.write_bytes(make_flat_csv(rows, 11))
    wiring = Wiring(
        open_books=lambda at, words: opening.open_books(
            at, Unlock(passphrase=words), keychain=lambda: None, clock=clock()
        ),
        create_books=make, create_throwaway=make, today=lambda: TODAY, clock=clock,
    )  # fmt: skip
    window = MainWindow(Session(home, wiring), Preferences(home))
    window.resize(1440, 900)
    window.show()
    window.session.unlock(PASSPHRASE, lambda: None, window.fail)
    wait(lambda: window.tasks.is_idle and window.shell.page is not None)
    window.go("accounts")
    wait(lambda: window.tasks.is_idle)
    gc.collect()
    page, heart = window.shell.page, Heart()
    heart.start()
    ends = time.monotonic() + IDLE_S
    wait(lambda: time.monotonic() > ends)
    heart.stop("idle window")
    heart.start()
    window.import_files([file])
    wait(lambda: window.tasks.is_idle)
    gaps = [heart.stop(f"preview of {rows:,} rows")]
    heart.start()
    page.view.act.click()
    wait(lambda: not page.view.is_busy)
    gaps.append(heart.stop(f"import of {rows:,} rows"))
    heart.start()
    wait(lambda: window.tasks.is_idle)
    gaps.append(heart.stop("what is shown afterwards"))
    window.close()
    window.session.tasks.stop()
    return int(max(gaps) > LONGEST_MS)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000))

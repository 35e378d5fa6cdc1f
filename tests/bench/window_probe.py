"""The real window in a process of its own, looked at from inside. Prints what it found as JSON.

    python window_probe.py WORK [HOME [CSV]]

WORK: bare (a plain Qt window with a table: the floor), start, keys, pages, import. The database key is on stdin.
Times are in milliseconds. Each is a pair: by the wall, and the CPU this process took meanwhile, because on a shared
machine the wall tells more of the neighbours than of the program.
"""

from __future__ import annotations

import gc
import json
import os
import resource
import statistics
import sys
import time
import traceback
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path[:0] = [str(Path(__file__).parent.parent.parent)]

TODAY = date(2026, 11, 20)
HEAVY = ("pandas", "plaid", "typst", "keyring", "numpy", "sqlcipher3")
"""What must not be loaded before books are opened."""


class Took(NamedTuple):
    wall: float
    cpu: float

    @property
    def ours(self) -> float:
        """What can be laid at this program's door: the wall, but no more than the CPU it used."""
        return min(self.wall, self.cpu)


class Watch:
    """Measures from its making."""

    def __init__(self) -> None:
        self._wall, self._cpu = time.perf_counter(), time.process_time()

    def took(self) -> Took:
        return Took(1000 * (time.perf_counter() - self._wall), 1000 * (time.process_time() - self._cpu))


def summed(taken: list[Took]) -> dict[str, Any]:
    """Return median and worst of several."""
    return {
        "n": len(taken),
        "median": statistics.median(each.ours for each in taken),
        "worst": max(each.ours for each in taken),
        "worst_wall": max(each.wall for each in taken),
    }


def memory_mib() -> float:
    """Return the most memory this process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def cpu_ms() -> float:
    """Return the CPU of this process since it began, the interpreter's own start included."""
    return 1000 * time.process_time()


# --- the floor


def bare() -> None:
    from PySide6.QtCore import QAbstractTableModel, QTimer
    from PySide6.QtWidgets import QApplication, QMainWindow, QTableView

    class Numbers(QAbstractTableModel):
        def rowCount(self, _parent: Any = None) -> int:  # noqa: N802 - Qt
            return 10_000

        def columnCount(self, _parent: Any = None) -> int:  # noqa: N802 - Qt
            return 8

        def data(self, index: Any, role: int = 0) -> Any:
            return str(index.row()) if role == 0 else None

    class Window(QMainWindow):
        def paintEvent(self, event: Any) -> None:  # noqa: N802 - Qt
            super().paintEvent(event)
            QTimer.singleShot(0, painted)

    def painted() -> None:
        print(json.dumps({"cpu": cpu_ms(), "memory": memory_mib()}), flush=True)
        os._exit(0)

    app = QApplication([])
    window, view = Window(), QTableView()
    view.setModel(Numbers())
    window.setCentralWidget(view)
    window.resize(1440, 900)
    window.show()
    app.exec()


# --- the window


class Probe:
    """Drives the window that `app.ui.app.run` makes, once that has been painted for the first time."""

    def __init__(self, key: str, work: Callable[[Probe], None]) -> None:
        self.key, self.work = key, work
        self.found: dict[str, Any] = {}
        self.window: Any = None
        self.unlock_began: Watch | None = None

    def run(self, home: Path) -> None:
        from PySide6.QtCore import QEvent, QObject, QTimer

        from app import bootstrap
        from app.ui import app as gui

        probe = self

        class Painted(QObject):
            """Says once that a widget has been painted while something held."""

            def __init__(self, widget: Any, then: Callable[[], None], when: Callable[[], bool] = lambda: True) -> None:
                super().__init__(widget)
                self.then, self.when = then, when
                widget.installEventFilter(self)

            def eventFilter(self, watched: Any, event: Any) -> bool:  # noqa: N802 - Qt
                if event.type() == QEvent.Type.Paint and self.when():
                    watched.removeEventFilter(self)
                    QTimer.singleShot(0, self.then)
                return False

        class Window(gui.MainWindow):  # type: ignore[misc]  # the module is untyped here
            def showEvent(self, event: Any) -> None:  # noqa: N802 - Qt
                super().showEvent(event)
                self.resize(1440, 900)  # the screen that is none is smaller than that
                if probe.window is None:
                    Painted(self, probe.locked_painted)
                    probe.window = self

        self.painted = Painted
        gui.MainWindow = Window  # type: ignore[misc]  # the one way in between making the window and its loop
        wiring = bootstrap.window_wiring(TODAY)
        gui.run(gui.Start(home, []), wiring._replace(open_books=self._open))

    def _open(self, home: Path, _passphrase: str | None) -> Any:
        """Open by the key: stretching the passphrase is measured apart (W0)."""
        from app.adapters.clock import SystemClock
        from app.services.books import opening
        from app.services.books.open_books import Unlock

        clock = SystemClock("UTC", fixed_today=TODAY)
        return opening.open_books(home, Unlock(key_hex=self.key), keychain=lambda: None, clock=clock)

    def locked_painted(self) -> None:
        self.found["locked_cpu"] = cpu_ms()
        self.found["heavy"] = [name for name in HEAVY if name in sys.modules]
        self.unlock(self._opened)

    def unlock(self, then: Callable[[], None]) -> None:
        """Open the books; `then` once Today shows its questions, or that there are none."""
        self.watch = Watch()
        self._then = then
        self.window.session.unlock("given", self._watch_today, self.fail)

    def fail(self, error: Exception) -> None:
        raise SystemExit(f"The books did not open: {error!r}")

    def _watch_today(self) -> None:
        page = self.window.shell.page
        self.painted(page.list.viewport(), self._then, lambda: page.model.rowCount() > 0)

    def _opened(self) -> None:
        try:
            self._work()
        except BaseException:  # noqa: BLE001 - the window would tell of it calmly and stay
            traceback.print_exc()
            os._exit(1)

    def _work(self) -> None:
        self.found["today_cpu"] = cpu_ms()
        self.found["unlock"] = self.watch.took()
        self.settle()
        self.found["settled_cpu"] = cpu_ms()
        self.window.activateWindow()
        self.work(self)
        self.found["memory"] = memory_mib()
        print(json.dumps(self.found), flush=True)
        self.window.close()
        from PySide6.QtWidgets import QApplication

        QApplication.quit()

    # --- waiting

    @staticmethod
    def events() -> None:
        from PySide6.QtWidgets import QApplication

        QApplication.processEvents()

    def until(self, what: Callable[[], bool], seconds: float = 20) -> None:
        from PySide6.QtCore import QEventLoop, QTimer

        end = time.perf_counter() + seconds
        while not what():
            loop = QEventLoop()
            QTimer.singleShot(1, loop.quit)  # asleep meanwhile, as a window is: a busy loop would slow the threads down
            loop.exec()
            if time.perf_counter() > end:
                raise SystemExit("The window did not come to rest.")

    def settle(self) -> None:
        """Wait until nothing runs, no result is on its way and all is painted."""
        quiet: list[int] = []
        self.window.when_settled(lambda: quiet.append(1))
        self.until(lambda: bool(quiet))
        self.events()

    # --- keys

    def press(self, key: str, target: Any, *, shift: bool = False) -> Took:
        """Press a key where the keyboard is; return how long until the target has been painted again."""
        from PySide6.QtCore import QEventLoop, Qt, QTimer
        from PySide6.QtTest import QTest

        loop, painted = QEventLoop(), []

        def seen() -> None:
            painted.append(1)
            loop.quit()

        self.painted(target, seen)
        modifier = Qt.KeyboardModifier.ShiftModifier if shift else Qt.KeyboardModifier.NoModifier
        watch = Watch()
        QTest.keyClick(self.window.focusWidget(), getattr(Qt.Key, f"Key_{key}"), modifier)
        if not painted:
            QTimer.singleShot(5000, loop.quit)
            loop.exec()
        if not painted:
            raise SystemExit(f"Key {key} painted nothing; the keyboard is at {self.window.focusWidget()!r}.")
        return watch.took()

    def keys(self, keys: list[str], target: Any, *, rest: bool = True) -> list[Took]:
        """Press keys one after the other; with `rest` each once the window has come to rest, else at once."""
        taken = []
        for key in keys:
            if rest:
                self.settle()
            taken.append(self.press(key, target))
        return taken


class Heart:
    """Beats every 5 ms on the GUI thread and keeps the gaps."""

    def __init__(self) -> None:
        from PySide6.QtCore import Qt, QTimer

        self.collections: list[float] = []
        self._began = 0.0
        gc.callbacks.append(self._collecting)
        self.gaps: list[Took] = []
        self.own: list[float] = []
        self._watch, self._thread = Watch(), time.thread_time()
        self._timer = QTimer(interval=5, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)
        self._timer.start()

    def _beat(self) -> None:
        self.gaps.append(self._watch.took())
        self.own.append(1000 * (time.thread_time() - self._thread))
        self._watch, self._thread = Watch(), time.thread_time()

    def stop(self) -> dict[str, Any]:
        self._timer.stop()
        gc.callbacks.remove(self._collecting)
        over = [gap.ours for gap in self.gaps if gap.ours > 50]
        return {
            **summed(self.gaps),
            "over_50": len(over),
            "over_50_wall": sum(gap.wall > 50 for gap in self.gaps),
            "worst_own": max(self.own),
            "worst_collection": max(self.collections, default=0.0),
        }

    def _collecting(self, phase: str, _what: dict[str, int]) -> None:
        if phase == "start":
            self._began = time.thread_time()
        else:
            self.collections.append(1000 * (time.thread_time() - self._began))


# --- works


def start(_probe: Probe) -> None:
    """Only what every work measures."""


def keys(probe: Probe) -> None:
    page = probe.window.shell.page
    view = page.list.viewport()
    page.list.setFocus()
    found: dict[str, Any] = probe.found
    found["J"] = summed(probe.keys(["J"] * 25, view))
    found["K"] = summed(probe.keys(["K"] * 25, view))
    found["J held"] = summed(probe.keys(["J"] * 50, view, rest=False))
    probe.settle()
    page.list.go_to(0)
    _go_to_suggestion(page)
    found["1..9"] = summed(probe.keys(["2", "1"] * 10, page.detail.scroller.widget()))
    found["X"] = summed(probe.keys(["X"] * 20, view))
    probe.settle()
    confirmed, after = [], []
    for _turn in range(6):
        probe.settle()
        _go_to_suggestion(page)
        confirmed.append(probe.press("E", view))
        after += probe.keys(["J"] * 10, view, rest=False)  # while the answer is written and all is read again
    found["E"], found["J after E"] = summed(confirmed), summed(after)
    heart, watch = Heart(), Watch()
    probe.settle()
    _go_to_suggestion(page)
    probe.press("E", view)
    probe.settle()
    found["answer until all is read again"] = watch.took()
    found["heart of an answer"] = heart.stop()
    _transactions(probe)


def _go_to_suggestion(page: Any) -> None:
    """Stand on a question that Confirm can take."""
    while page.current.answering is None or not page.current.answering.can_confirm:
        page.list.step(1)


def _transactions(probe: Probe) -> None:
    from app.ui.frame import pages

    if not hasattr(pages, "PAGES"):
        return
    probe.window.go("transactions")
    probe.settle()
    page = probe.window.shell.page
    if not hasattr(page, "table"):
        return
    view, found = page.table.viewport(), probe.found
    page.table.setFocus()
    found["T down"] = summed(probe.keys(["Down"] * 30, view))
    found["T down held"] = summed(probe.keys(["Down"] * 50, view, rest=False))
    found["T page down"] = summed(probe.keys(["PageDown"] * 20, view, rest=False))
    found["T end, home"] = summed(probe.keys(["End", "Home"] * 5, view))
    found["T space"] = summed(probe.keys(["Space"] * 10, view))
    sorts = []
    for name in ("amount", "payee", "account", "category"):
        probe.settle()
        sorts.append(_until_painted(probe, partial(page.sort_by, name), view))
    found["T sort, click to new order"] = summed(sorts)
    page.head.search.setFocus()
    shown = []
    found["T typing"] = summed(probe.keys(list("FIGMA"), page.head.search, rest=False))
    probe.settle()
    for text in ("safeway", "target", "netflix", "kroger"):
        shown.append(_until_painted(probe, partial(page.head.search.setText, text), view))
        probe.settle()
    found["T typed, until its rows show"] = summed(shown)


def _until_painted(probe: Probe, do: Callable[[], None], target: Any) -> Took:
    page = probe.window.shell.page
    resets: list[int] = []
    painted: list[int] = []
    seen = page.model.modelReset.connect(lambda: resets.append(1))
    probe.painted(target, lambda: painted.append(1), lambda: bool(resets))
    watch = Watch()
    do()
    probe.until(lambda: bool(painted))
    page.model.modelReset.disconnect(seen)
    return watch.took()


def switch(probe: Probe) -> None:
    """Go from page to page: the first time each is made, the second time it is there."""
    from app.ui.frame.pages import PAGES

    for turn in ("first", "again"):
        for entry in PAGES:
            if entry.id == probe.window.shell.current:
                continue
            try:
                probe.settle()
                painted: list[int] = []
                watch = Watch()
                probe.window.go(entry.id)
                probe.painted(probe.window.shell.sheet, lambda painted=painted: painted.append(1))
                probe.until(lambda painted=painted: bool(painted))
                probe.found[f"to {entry.id}, {turn}"] = watch.took()
            except ModuleNotFoundError:
                continue
    probe.settle()


def bring_in(probe: Probe, source: Path) -> None:
    """Import on the window's writer thread as the page Accounts does, while the heart beats and Today is in front."""
    probe.window.go("today")
    probe.settle()
    ended: list[Any] = []

    def work(books: Any) -> Any:
        from app.services.ingest import imports

        return imports.import_files(books, [source], imports.ImportOptions(account="B"), tell_rows=heard)

    heard = probe.window.progress("Importing", None)
    heart, watch = Heart(), Watch()
    probe.window.tasks.write(work, ended.append, probe.fail)
    probe.until(lambda: bool(ended))
    probe.window.end_progress()
    probe.found["import"] = watch.took()
    probe.found["heart of the import"] = heart.stop()
    heart = Heart()
    probe.settle()
    probe.found["heart of reading again"] = heart.stop()
    if ended[0][0].error is not None:
        raise SystemExit(f"The import was refused: {ended[0][0].error}")
    probe.found["imported"] = ended[0][0].added


def lock(probe: Probe) -> None:
    """Lock, and unlock again in a window that has everything loaded."""
    taken, opened = [], []
    for _turn in range(3):
        watch, closed, again = Watch(), [], []
        probe.window.session.lock(lambda closed=closed: closed.append(1))
        probe.until(lambda closed=closed: bool(closed))
        taken.append(watch.took())
        probe.unlock(lambda again=again: again.append(1))
        probe.until(lambda again=again: bool(again))
        opened.append(probe.watch.took())
        probe.settle()
    probe.found["lock"], probe.found["unlock again"] = summed(taken), summed(opened)


def main() -> None:
    work = sys.argv[1]
    if work == "bare":
        bare()
        return
    works: dict[str, Callable[[Probe], None]] = {"start": start, "keys": keys, "pages": switch, "lock": lock}
    if work == "import":
        works["import"] = partial(bring_in, source=Path(sys.argv[3]))
    Probe(sys.stdin.readline().strip(), works[work]).run(Path(sys.argv[2]))


if __name__ == "__main__":
    main()

"""Runs the window inside a private D-Bus session with a real keychain, and prints what came of it.

The test starts it; it is no test itself, since the session must exist before its interpreter does.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from app import bootstrap
from app.services.vault import book_keys
from app.ui.frame.main_window import MainWindow
from app.ui.runtime.preferences import Preferences
from app.ui.runtime.session import Session, State
from app.ui.theme.install import install
from app.ui.unlock.view_model import Way
from tests.adapters.keychain.session import lock_collection, start_daemon

PASSPHRASE = "violet anchor harvest tundra 41"
LIMIT = 40.0


def until(reached: Callable[[], bool]) -> None:
    end = time.monotonic() + LIMIT
    while not reached():
        if time.monotonic() > end:
            raise SystemExit("it took too long")
        loop = QEventLoop()
        QTimer.singleShot(20, loop.quit)
        loop.exec()


def first_run(window: MainWindow) -> dict[str, object]:
    """Make books with what this computer has, keep the recovery key, go in, and lock."""
    page = window.stack.currentWidget()
    page.start.empty.emit()
    until(lambda: page.passphrase.knows_keychain)
    found: dict[str, object] = {"way": page.passphrase.mode.value}
    for field in (page.passphrase.new.first, page.passphrase.new.second):
        field.edit.setText(PASSPHRASE)
    page.passphrase.next.click()
    until(lambda: page.recovery is not None and page.recovery.isVisible())
    key = page.recovery.paper.key
    found["required"] = page.recovery.required
    page.recovery.paper.last.setText(key.replace("-", "")[-6:])
    page.recovery.next.click()
    until(lambda: page.household is not None and page.household.isVisible())
    page.household.make.click()
    until(lambda: window.stack.currentWidget() is window.shell)
    found["mode"] = book_keys.mode_of(window.session.home).value
    window.session.lock()
    until(lambda: window.tasks.is_idle)
    return {**found, "key": key}


def unlock(window: MainWindow) -> str:
    card = window.stack.currentWidget().card
    card.password.edit.setText(PASSPHRASE)
    card.button.click()
    page = window.stack.currentWidget()
    until(lambda: window.session.state is State.OPEN or page.trouble.isVisible())
    return "open" if window.session.state is State.OPEN else str(page.trouble.title.text())


def main(home: Path) -> dict[str, object]:
    start_daemon()
    app = QApplication([])
    install(app, "light", 1.0)
    window = MainWindow(Session(home, bootstrap.window_wiring()), Preferences(home))
    window.upkeep.by_itself = False
    window.show()
    found = first_run(window)
    found["again"] = unlock(window)
    window.session.lock()
    until(lambda: window.tasks.is_idle)
    lock_collection()
    found["locked"] = unlock(window)
    page = window.stack.currentWidget()
    page.trouble.ways[Way.RECOVERY].click()
    page.card.recovery.edit.setPlainText(str(found.pop("key")))
    page.card.button.click()
    until(lambda: window.session.state is State.OPEN)
    found["by_recovery_key"] = True
    window.close()
    window.session.end()
    return found


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]))))

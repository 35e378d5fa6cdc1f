"""Runs inside a private D-Bus session: sends what desktops send, and prints what made the window's listener speak.

The test starts it; it is no test itself, since the session must exist before its interpreter does.
"""

from __future__ import annotations

import json
import subprocess
import sys

from PySide6.QtCore import SLOT, QCoreApplication, QObject, QTimer, Slot
from PySide6.QtDBus import QDBusConnection

from app.ui.runtime.system_lock import SystemLock

LOGIND = "/org/freedesktop/login1"
SAVER = "org.freedesktop.ScreenSaver.ActiveChanged"
SIGNALS = {
    "the screen is covered": ("--session", "/org/freedesktop/ScreenSaver", SAVER, "boolean:true"),
    "the screen is free again": ("--session", "/org/freedesktop/ScreenSaver", SAVER, "boolean:false"),
    "the computer goes to sleep": (
        "--system", LOGIND, "org.freedesktop.login1.Manager.PrepareForSleep", "boolean:true",
    ),
    "the computer woke up": ("--system", LOGIND, "org.freedesktop.login1.Manager.PrepareForSleep", "boolean:false"),
    "this session is locked": ("--system", f"{LOGIND}/session/_32", "org.freedesktop.login1.Session.Lock"),
    "another session is locked": ("--system", f"{LOGIND}/session/_33", "org.freedesktop.login1.Session.Lock"),
}  # fmt: skip


class Script(QObject):
    """Sends one signal after the other; a mark behind each, on the same bus, says that it has arrived."""

    def __init__(self, app: QCoreApplication) -> None:
        super().__init__(app)
        self.heard: list[str] = []
        self._waiting = dict(SIGNALS)
        self._sent = ""
        lock = SystemLock(self)
        lock.locked.connect(lambda: self.heard.append(self._sent))
        self.sources = lock.start(None)
        # Both connections lead to one bus here, so each has a mark of its own.
        for bus, mark in ((QDBusConnection.sessionBus(), "session"), (QDBusConnection.systemBus(), "system")):
            assert bus.connect("", "/", "app.ops1099.Test", mark, self, SLOT("next_one()"))

    @Slot()
    def next_one(self) -> None:
        if not self._waiting:
            QCoreApplication.quit()
            return
        self._sent = next(iter(self._waiting))
        bus, *signal = self._waiting.pop(self._sent)
        for words in (signal, ["/", f"app.ops1099.Test.{bus[2:]}"]):
            subprocess.run(["dbus-send", bus, "--type=signal", *words], check=True, timeout=30)


def main() -> None:
    app = QCoreApplication([])
    script = Script(app)
    QTimer.singleShot(0, script.next_one)
    app.exec()
    sys.stdout.write(json.dumps({"sources": script.sources, "heard": script.heard}) + "\n")


if __name__ == "__main__":
    main()

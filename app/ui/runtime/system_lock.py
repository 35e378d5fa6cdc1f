"""Hears when the computer locks, goes to sleep or is handed to another user, so that the books lock with it.

Linux tells it by D-Bus (logind on the system bus, the screen savers on the session bus), Windows by window messages.
macOS tells it by distributed notifications. Where nobody tells, nothing happens: the idle lock is there all the same.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import SLOT, QAbstractNativeEventFilter, QCoreApplication, QObject, Signal, Slot
from PySide6.QtGui import QWindow

if TYPE_CHECKING:
    from PySide6.QtCore import QByteArray

LOGIND = "org.freedesktop.login1"
SCREEN_SAVERS = (
    ("/org/freedesktop/ScreenSaver", "org.freedesktop.ScreenSaver"),
    ("/ScreenSaver", "org.freedesktop.ScreenSaver"),
    ("/org/gnome/ScreenSaver", "org.gnome.ScreenSaver"),
    ("/org/cinnamon/ScreenSaver", "org.cinnamon.ScreenSaver"),
    ("/org/mate/ScreenSaver", "org.mate.ScreenSaver"),
    ("/org/xfce/ScreenSaver", "org.xfce.ScreenSaver"),
)
"""Object and interface of every screen saver that says `ActiveChanged` when it covers the screen."""


class SystemLock(QObject):
    """Emits `locked` when the session of the operating system is locked, left or put to sleep."""

    locked = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._keep: list[object] = []
        """What must live as long as this object: filters and callbacks of the system."""

    def start(self, window: QWindow | None) -> int:
        """Begin to listen and return how many sources could be reached; `window` gets the messages on Windows."""
        if sys.platform == "win32":
            return 0 if window is None else self._listen_to_windows(int(window.winId()))
        elif sys.platform == "darwin":  # noqa: RET505 - the type checker follows platforms by branches
            return self._listen_to_macos()
        else:
            return self._listen_to_buses()

    # --- Linux

    def _listen_to_buses(self) -> int:
        from PySide6.QtDBus import QDBusConnection  # noqa: PLC0415 - only where there is a bus

        found = 0
        system = QDBusConnection.systemBus()
        if system.isConnected():
            session = f"/org/freedesktop/login1/session/{bus_label(os.environ.get('XDG_SESSION_ID', 'auto'))}"
            found += _connected(
                system, "/org/freedesktop/login1", f"{LOGIND}.Manager", "PrepareForSleep", self, "_sleeps(bool)"
            )
            found += _connected(system, session, f"{LOGIND}.Session", "Lock", self, "_session_locks()")
            found += _connected(
                system, session, "org.freedesktop.DBus.Properties", "PropertiesChanged", self,
                "_session_changes(QString,QVariantMap,QStringList)",
            )  # fmt: skip
        bus = QDBusConnection.sessionBus()
        if bus.isConnected():
            for path, interface in SCREEN_SAVERS:
                found += _connected(bus, path, interface, "ActiveChanged", self, "_covered(bool)")
        return found

    @Slot(bool)
    def _sleeps(self, begins: bool) -> None:  # noqa: FBT001 - as the bus sends it
        if begins:
            self.locked.emit()

    @Slot(bool)
    def _covered(self, is_covered: bool) -> None:  # noqa: FBT001 - as the bus sends it
        if is_covered:
            self.locked.emit()

    @Slot()
    def _session_locks(self) -> None:
        self.locked.emit()

    @Slot(str, "QVariantMap", "QStringList")
    def _session_changes(self, _interface: str, changed: dict[str, object], _gone: list[str]) -> None:
        """Another user's session came to the front, or the session says that it is locked."""
        if changed.get("Active") is False or changed.get("LockedHint") is True:
            self.locked.emit()

    # --- Windows

    def _listen_to_windows(self, handle: int) -> int:
        import ctypes  # noqa: PLC0415 - only on this platform

        application = QCoreApplication.instance()
        library = getattr(ctypes, "WinDLL", None)
        if application is None or library is None:
            return 0
        messages = _WindowMessages(self.locked.emit)
        application.installNativeEventFilter(messages)
        self._keep.append(messages)
        # 0 = only this session. Without it the system sends no message about locking.
        return 1 + bool(library("wtsapi32").WTSRegisterSessionNotification(handle, 0))

    # --- macOS

    def _listen_to_macos(self) -> int:
        import ctypes  # noqa: PLC0415 - only on this platform

        framework = "/System/Library/Frameworks/CoreFoundation.framework/CoreFoundation"
        try:
            core = ctypes.CDLL(framework)
        except OSError:
            return 0
        heard = ctypes.CFUNCTYPE(None, *[ctypes.c_void_p] * 5)(lambda *_what: self.locked.emit())
        core.CFNotificationCenterGetDistributedCenter.restype = ctypes.c_void_p
        core.CFStringCreateWithCString.restype = ctypes.c_void_p
        core.CFStringCreateWithCString.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_uint32]
        core.CFNotificationCenterAddObserver.argtypes = [*[ctypes.c_void_p] * 5, ctypes.c_long]
        core.CFNotificationCenterAddObserver.restype = None
        center = core.CFNotificationCenterGetDistributedCenter()
        names = (b"com.apple.screenIsLocked", b"com.apple.screensaver.didstart")
        for name in names:
            text = core.CFStringCreateWithCString(None, name, 0x08000100)  # UTF-8
            # 4 = deliver at once, also while the program is in the background
            core.CFNotificationCenterAddObserver(center, None, heard, text, None, 4)
        self._keep += [heard, core]
        return len(names)


class _WindowMessages(QAbstractNativeEventFilter):
    """Reads what Windows sends to the window: suspend, session locked, session disconnected, user switched."""

    POWER, SUSPEND = 0x0218, 0x0004
    SESSION, LEFT = 0x02B1, frozenset({0x2, 0x4, 0x6, 0x7})

    def __init__(self, locked: Callable[[], None]) -> None:
        super().__init__()
        self._locked = locked

    def nativeEventFilter(self, kind: QByteArray | bytes | bytearray | memoryview, message: int) -> tuple[bool, int]:  # noqa: N802 - Qt
        if "windows_" in str(kind):  # the kinds of other systems carry other things
            from ctypes import wintypes  # noqa: PLC0415 - only on this platform

            told = wintypes.MSG.from_address(int(message))
            if leaves(told.message, told.wParam):
                self._locked()
        return False, 0


def leaves(message: int, what: int) -> bool:
    """Return whether a message of Windows says that the computer sleeps or its session is locked or left."""
    filter_ = _WindowMessages
    return (message == filter_.POWER and what == filter_.SUSPEND) or (
        message == filter_.SESSION and what in filter_.LEFT
    )


def bus_label(name: str) -> str:
    """Return a name as a part of a bus path: letters and digits stay, all else and a leading digit are escaped."""
    return (
        "".join(
            each if each.isascii() and each.isalnum() and not (place == 0 and each.isdecimal()) else f"_{ord(each):02x}"
            for place, each in enumerate(name)
        )
        or "_"
    )


def _connected(bus: Any, path: str, interface: str, signal: str, receiver: QObject, slot: str) -> int:  # noqa: ANN401 - loaded late
    return int(bus.connect("", path, interface, signal, receiver, SLOT(slot)))

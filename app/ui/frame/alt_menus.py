"""The menu bar on Windows and Linux: hidden, shown while Alt is held and while one of its menus is open."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QWindow
from PySide6.QtWidgets import QMenuBar


class AltMenus(QObject):
    """It listens where input enters the window: what has the focus may keep the key for itself."""

    def __init__(self, bar: QMenuBar) -> None:
        super().__init__(bar)
        self._bar = bar
        self._is_held = False
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._settle)
        self._watched: QWindow | None = None
        for action in bar.actions():
            menu = action.menu()
            if menu is not None:
                menu.aboutToHide.connect(self._soon.start)  # type: ignore[attr-defined]
        bar.hide()

    def watch(self, window: QWindow | None) -> None:
        """Listen to the keys of a window of the system."""
        if window is not None and window is not self._watched and not self._bar.isNativeMenuBar():
            self._watched = window
            window.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt
        if isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Alt and not event.isAutoRepeat():
            if event.type() is QEvent.Type.KeyPress:
                self._is_held = True
                self._bar.show()
            elif event.type() is QEvent.Type.KeyRelease:
                self._is_held = False
                self._soon.start()
        elif event.type() is QEvent.Type.FocusOut:
            self._is_held = False
            self._soon.start()
        return False

    def _settle(self) -> None:
        """Hide the bar once nobody holds Alt and none of its menus is open."""
        open_menu = any(action.menu() is not None and action.menu().isVisible() for action in self._bar.actions())  # type: ignore[attr-defined]
        if not self._is_held and not open_menu:
            self._bar.hide()

"""What happens while nobody sits in front of the window: the books lock, or their amounts are hidden."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent

from app.ui.runtime.autolock import AutoLock
from app.ui.runtime.session import Shut
from app.ui.runtime.system_lock import SystemLock
from app.ui.theme import theme

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMainWindow

    from app.ui.runtime.preferences import Preferences
    from app.ui.runtime.session import Session


class Unattended:
    """The sample books never lock: there is nothing in them to keep, and leaving them throws them away."""

    def __init__(self, window: QMainWindow, session: Session, preferences: Preferences) -> None:
        self._window, self._session, self._preferences = window, session, preferences
        self._hid_amounts = False
        self.auto_lock = AutoLock(window, preferences.number("lock/minutes"))
        self.auto_lock.idle.connect(self._idle)
        self.system_lock = SystemLock(window)
        self.system_lock.locked.connect(self._away)
        preferences.changed.connect(self._preference)

    def _preference(self, name: str) -> None:
        if name == "lock/minutes":
            self.auto_lock.set_minutes(self._preferences.number(name))

    def _idle(self) -> None:
        if not self._session.is_sample:
            self._session.lock(shut=Shut.IDLE)

    def _away(self) -> None:
        if not self._session.is_sample and self._preferences.is_on("lock/when_away"):
            self._session.lock(shut=Shut.AWAY)

    def window_changed(self, event: QEvent) -> None:
        """Look whether the window was minimised, or another one has come to the front."""
        is_on = self._preferences.is_on
        if event.type() == QEvent.Type.WindowStateChange and self._window.isMinimized():
            if is_on("lock/when_minimised") and not self._session.is_sample:
                self._session.lock(shut=Shut.ASKED)
        elif event.type() == QEvent.Type.ActivationChange and is_on("lock/hide_amounts_unfocused"):
            self.hide_amounts(away=not self._window.isActiveWindow())

    def hide_amounts(self, *, away: bool) -> None:
        """Hide the amounts while another window is in front; who hid them by hand finds them hidden."""
        look = theme.current()
        if away and not look.hide_amounts:
            self._hid_amounts = True
            look.set_hide_amounts(True)
        elif not away and self._hid_amounts:
            self._hid_amounts = False
            look.set_hide_amounts(False)

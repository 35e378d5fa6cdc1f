"""What the window says when something fails: a sentence with its way out, or the calm sheet for our own bugs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shiboken6 import isValid

from app.core.errors import AppError, Cancelled, DamagedBooks, UserError
from app.ui.frame.overlays import show_crash, show_damage, show_error
from app.ui.runtime.session import Shut, State

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from app.ui.frame.main_window import MainWindow


class Troubles:
    def __init__(self, window: MainWindow) -> None:
        self._window, self._session = window, window.session
        self._crash: QWidget | None = None
        self._damage: QWidget | None = None

    def tell(self, error: Exception) -> None:
        """A sentence for what the user can act on; the calm window for our own bugs."""
        if isinstance(error, Cancelled):
            if self._session.state is State.OPEN:
                self._window.toast("Stopped. Nothing was changed.", undo=False)
        elif isinstance(error, DamagedBooks) and self._session.state is State.OPEN:
            if self._session.only_looks:
                self._window.toast(error.message, undo=False)  # the person knows, and looks at what there is
            else:
                self._tell_damage(error)
        elif isinstance(error, (UserError, AppError)):
            show_error(self._window, error)
        else:
            raise error

    def _tell_damage(self, error: AppError) -> None:
        """Say it once at a time: what cannot be read is asked for again by the next paint."""
        if self._damage is None or not isValid(self._damage) or self._damage.isHidden():
            self._damage = show_damage(self._window, error, lambda: self._session.lock(shut=Shut.DAMAGED))

    def of_database(self, error: Exception) -> None:
        """Tell of an error of the database that nobody translated: a page that cannot be read, mostly."""
        self.tell(self._window.tasks.told(error))

    def of_crash(self, place: list[str]) -> None:
        """Tell of a bug of ours, once at a time: what breaks while painting would break again under its own sheet."""
        if self._crash is None or self._crash.isHidden():
            self._crash = show_crash(self._window, place)

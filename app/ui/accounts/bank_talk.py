"""How connecting, on the thread beside, speaks with the sheet in front of the person."""

from __future__ import annotations

import queue
import threading
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.ui.runtime.bank_port import Answer, Found
    from app.ui.runtime.tasks import Token

_LOOK_SECONDS = 0.2
"""How often a wait looks whether it was called off."""


class SheetTalk(QObject):
    """Implements `Talk`. Its signals arrive on the GUI thread; `wake` and `answer` are called from there."""

    opened = Signal(str)
    told = Signal(str)
    asked = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.check: Callable[[], None] = lambda: None
        self._woken = threading.Event()
        self._answers: queue.Queue[Answer | None] = queue.Queue()

    def runs_under(self, token: Token) -> SheetTalk:
        """Stop waiting when this token is cancelled."""
        self.check = token.check
        return self

    # --- on the thread beside

    def wait(self, seconds: float) -> None:
        """Wait, or less when the person says they are done. Raises: Cancelled."""
        left = seconds
        while left > 0 and not self._woken.wait(min(left, _LOOK_SECONDS)):
            self.check()
            left -= _LOOK_SECONDS
        self._woken.clear()
        self.check()

    def open_page(self, url: str) -> bool:
        self.opened.emit(url)
        return True

    def tell(self, state: str) -> None:
        self.told.emit(state)

    def confirm(self, found: Found) -> Answer | None:
        """Ask, and wait for the answer. Raises: Cancelled."""
        self.asked.emit(found)
        while True:
            self.check()
            try:
                return self._answers.get(timeout=_LOOK_SECONDS)
            except queue.Empty:
                continue

    # --- on the GUI thread

    def wake(self) -> None:
        """End the wait that runs: the person says they are done."""
        self._woken.set()

    def answer(self, answer: Answer | None) -> None:
        self._answers.put(answer)

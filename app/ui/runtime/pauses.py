"""Keeps other threads from holding up the GUI thread: short turns, and no search for cycles.

Measured with 100,000 rows: a search for cycles through all the rows that are held took 470 ms, during which nothing is
painted; and with two threads at work each call from Qt into Python waited up to 5 ms for its turn.
"""

from __future__ import annotations

import gc
import sys

_TURN_SECONDS = 0.0005
_MANY = 20_000
"""So many new objects make a result a big one."""


def short_turns() -> None:
    """Let a thread that waits for Python have it soon."""
    sys.setswitchinterval(_TURN_SECONDS)


class NoSearch:
    """While work runs in the pool no cycles are sought; what it made, if that is much, is never searched again.

    Rows are no cycles. They go the moment nobody holds them, frozen or not; `thaw` is for what else was frozen with
    them.
    """

    def __init__(self) -> None:
        self._running = 0
        self._is_big = False

    def begin(self) -> None:
        """Call on the GUI thread when work is handed to another thread."""
        self._running += 1
        gc.disable()

    def end(self) -> None:
        """Call on the GUI thread when a result has landed."""
        self._running -= 1
        if not self._running:
            # Rows that take the place of as many others leave the count as it was: once big, a result is taken for big.
            self._is_big = self._is_big or gc.get_count()[0] > _MANY
            if self._is_big:
                gc.freeze()
            gc.enable()

    def thaw(self) -> None:
        """Seek cycles everywhere: when the books are locked and little is held."""
        self._is_big = False
        if gc.get_freeze_count():
            gc.unfreeze()
            gc.collect()

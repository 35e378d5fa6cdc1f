"""A guard for Python 3.11, where PySide6 6.12 gives `None` back once too often for every call that returns nothing.

Measured: `QWidget.update()` called a thousand times takes a thousand references from `None`, until the interpreter
aborts with "none_dealloc". From Python 3.12 on `None` cannot be given back and nothing needs to be done.
"""

from __future__ import annotations

import ctypes
import sys

SPARE = 1 << 40
"""More references than any run gives back."""

_done: list[bool] = []


def hold() -> None:
    """Give `None` so many references that they cannot run out. Only the first call does it."""
    if _done or sys.version_info >= (3, 12):
        return
    _done.append(True)
    ctypes.c_ssize_t.from_address(id(None)).value += SPARE

"""Letting Python's cycle collector rest while many objects are made or freed at once."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_rest = threading.Lock()
_resting = 0
_was_on = True


@contextmanager
def no_collection() -> Iterator[None]:
    """Let Python's cycle collector rest: an import makes a million small objects and no cycles.

    Several threads may ask for it at once; it wakes when the last is done, else it would look through what the others
    are still building.
    """
    global _resting, _was_on  # noqa: PLW0603 - the collector is one for the process
    with _rest:
        if not _resting:
            _was_on = gc.isenabled()
            gc.disable()
        _resting += 1
    try:
        yield
    finally:
        with _rest:
            _resting -= 1
            if not _resting and _was_on:
                gc.enable()

"""The program's log as the front ends reach it: events out, texts cleaned, secrets forgotten."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.adapters import hooks, logs
from app.adapters.live_secrets import LIVE
from app.core import faults
from app.core.errors import AppError
from app.core.log_events import Event

SLOW_MS = 1_000
"""A task of the window that takes longer is told of."""

__all__ = [
    "SLOW_MS",
    "Event",
    "forget_secrets",
    "note",
    "say",
    "scrub",
    "silence",
    "task_failed",
    "tell",
    "window_opens",
]

note = logs.note
scrub = logs.scrub
say = hooks.say
silence = logs.let_go
tell = hooks.tell


@contextmanager
def window_opens(home: Path) -> Iterator[None]:
    """Write what happens from now on into this home, and how opening its books went."""
    logs.keep_in(home)
    begun = time.monotonic()
    try:
        yield
    except AppError as error:
        note(Event.BOOKS_REFUSED, error=error.code)
        raise
    hooks.watch_for_crashes(home)
    note(Event.BOOKS_OPENED, took=int((time.monotonic() - begun) * 1000))


def task_failed(error: BaseException) -> None:
    """Note work that ended in an error which is no one's to mend but ours."""
    code = error.code if isinstance(error, AppError) else AppError.code
    note(Event.TASK_FAILED, error=code, kind=faults.kind_of(type(error)), places=faults.places_of(error))


def forget_secrets() -> None:
    """Forget what was held to keep secrets out of texts: the books are locked."""
    LIVE.forget()

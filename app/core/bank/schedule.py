"""When a linked bank is read: at the start, every six hours, on a click; later when it could not be. Pure."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

SECOND = 1_000
EVERY = 6 * 3_600 * SECOND
APART = 300 * SECOND
"""A click reads a bank again only after so long."""
BACK_OFF = (60 * SECOND, 300 * SECOND, 1_800 * SECOND)
"""After a try that failed; when these are used up, the six hours count again."""
NOT_READY = (5 * SECOND, 15 * SECOND, 60 * SECOND)
"""After a try that found a bank just linked, whose rows are not fetched yet."""

PERMISSION_NOTICE = timedelta(days=14)
"""So long before a bank's permission ends it is said."""


class Look(NamedTuple):
    """How the last looks at a bank went; moments are milliseconds since 1970."""

    health: str
    """ok, waiting, reconnect or gone."""
    tried_at: int | None
    synced_at: int | None
    failures: int
    """Tries in a row that failed, or found the bank not ready."""


def due_at(look: Look) -> int | None:
    """Return when a bank is to be read by itself; 0 = now, None = not before the person did something."""
    if look.health in {"reconnect", "gone"}:
        return None
    if look.tried_at is None:
        return 0
    waits = NOT_READY if look.health == "ok" else BACK_OFF
    if 0 < look.failures <= len(waits):
        return look.tried_at + waits[look.failures - 1]
    return look.tried_at + EVERY


def is_due(look: Look, now: int, *, at_start: bool = False) -> bool:
    """Say whether to read a bank by itself now. A clock that went back does not put it off for ever."""
    due = due_at(look)
    if due is None:
        return False
    return at_start or now >= due or now < (look.tried_at or 0) - APART


def may_be_asked_at(look: Look) -> int:
    """Return when a click may read a bank again; 0 = now. A try that failed may be repeated at once."""
    if look.synced_at is None or look.failures or look.health != "ok":
        return 0
    return look.synced_at + APART


def ends_soon(day: date | None, today: date) -> bool:
    """Say whether a permission that was given for a time is nearly over, or is over."""
    return day is not None and day - today <= PERMISSION_NOTICE

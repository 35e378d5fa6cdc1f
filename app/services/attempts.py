"""The wait after wrong passphrases. It survives a restart; who holds a copy of the files is not stopped by it.

Two mistakes in typing are free. The file holds a count and a moment, nothing of what was typed. A clock that was put
back cannot lock anyone out: the wait then begins anew, and it is never longer than half a minute.
"""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

from app.adapters import safe_files
from app.core.errors import BadFile, TooSoon

FILE = "unlock.delay"
FREE = 2
LONGEST_SECONDS = 30
_MOST = 1000


def delay_after(count: int) -> int:
    """Return the seconds to wait after this many wrong passphrases: 0, 0, 1, 2, 4 … 30."""
    return 0 if count <= FREE else min(LONGEST_SECONDS, 2 ** min(count - FREE - 1, 5))


def wait_seconds(home: Path, now: datetime) -> int:
    """Return the whole seconds until the next passphrase may be tried."""
    count, at = _noted(home)
    delay = delay_after(count)
    since = now.timestamp() - at
    return delay if since < 0 else max(0, -int(-(delay - since) // 1))


def refuse_too_soon(home: Path, now: datetime) -> None:
    """Raises: TooSoon, before anything is tried."""
    count, at = _noted(home)
    if count and now.timestamp() < at:
        _write(home, count, now.timestamp())
    left = wait_seconds(home, now)
    if left:
        raise TooSoon(
            f"Wait {left} second{'' if left == 1 else 's'} before the next try: {count} passphrases were wrong.",
            "Check the keyboard layout and Caps Lock meanwhile.",
            seconds=left,
        )


def note_failure(home: Path, now: datetime) -> int:
    """Count a wrong passphrase and return how many there are now."""
    count = min(_noted(home)[0] + 1, _MOST)
    _write(home, count, now.timestamp())
    return count


def failures(home: Path) -> int:
    """Return how many passphrases were wrong since the last right one."""
    return _noted(home)[0]


def forget(home: Path) -> None:
    """Forget the failures after a right passphrase."""
    safe_files.remove(home / FILE)


def _noted(home: Path) -> tuple[int, float]:
    """Return the count and the moment; a file that makes no sense counts as none."""
    try:
        found = json.loads(safe_files.read_limited(home / FILE, 200))
        count, at = found["failed"], found["at"]
    except (BadFile, ValueError, KeyError, TypeError):
        return 0, 0.0
    if type(count) is not int or not 0 <= count <= _MOST or not isinstance(at, (int, float)) or not 0 <= at < 1e12:
        return 0, 0.0
    return count, float(at)


def _write(home: Path, count: int, at: float) -> None:
    try:
        safe_files.write_atomic(home / FILE, json.dumps({"failed": count, "at": round(at, 3)}).encode())
    except BadFile:
        # A home that may not be written cannot count; the passphrase is as strong as before.
        return

"""The wait after wrong passphrases. It survives a restart; who holds a copy of the files is not stopped by it.

Two mistakes in typing are free. The file holds a count and a moment, nothing of what was typed. A clock that was put
back cannot lock anyone out: the wait then begins anew, and it is never longer than half a minute. A file that makes no
sense is no way round the wait: it counts as six wrong ones made just now, so the next may be tried after eight seconds.
Programs that count at the same time do so one after the other.
"""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from app.adapters import safe_files
from app.adapters.home_lock import one_at_a_time
from app.core.errors import BadFile, TooSoon

FILE = "unlock.delay"
FREE = 2
LONGEST_SECONDS = 30
IN_DOUBT = 6
"""Wrong passphrases that are taken for granted when the count cannot be read."""
_MOST = 1000
_NEVER = float("inf")


class _Noted(NamedTuple):
    failed: int
    at: float
    assumed: int = 0
    """How many of them are only taken for granted."""


def delay_after(count: int) -> int:
    """Return the seconds to wait after this many wrong passphrases: 0, 0, 1, 2, 4 … 30."""
    return 0 if count <= FREE else min(LONGEST_SECONDS, 2 ** min(count - FREE - 1, 5))


def wait_seconds(home: Path, now: datetime) -> int:
    """Return the whole seconds until the next passphrase may be tried."""
    return _left(_noted(home), now)


def refuse_too_soon(home: Path, now: datetime) -> None:
    """Raises: TooSoon, before anything is tried."""
    noted = _noted(home)
    if noted.failed and now.timestamp() < noted.at:
        with one_at_a_time(home):
            noted = _noted(home)
            if now.timestamp() < noted.at:
                noted = noted._replace(at=now.timestamp())
                if not _write(home, noted):
                    return  # the wait could never end
    left = _left(noted, now)
    if left:
        why = f"{noted.failed} passphrases were wrong"
        if noted.assumed:
            why = f"the file {FILE}, which counts wrong passphrases, could not be read"
        raise TooSoon(
            f"Wait {left} second{'' if left == 1 else 's'} before the next try: {why}.",
            "Check the keyboard layout and Caps Lock meanwhile.",
            seconds=left,
        )


def note_failure(home: Path, now: datetime) -> int:
    """Count a wrong passphrase and return how many there are now."""
    with one_at_a_time(home):
        noted = _noted(home)
        noted = noted._replace(failed=min(noted.failed + 1, _MOST), at=now.timestamp())
        _write(home, noted)
    return noted.failed


def failures(home: Path) -> int:
    """Return how many passphrases were wrong since the last right one, as far as is known."""
    noted = _noted(home)
    return noted.failed - noted.assumed


def forget(home: Path) -> None:
    """Forget the failures after a right passphrase."""
    safe_files.remove(home / FILE)


def are_counted(home: Path) -> bool:
    """Return whether there is anything to forget."""
    return (home / FILE).exists()


def _left(noted: _Noted, now: datetime) -> int:
    delay = delay_after(noted.failed)
    since = now.timestamp() - noted.at
    return delay if since < 0 else max(0, -int(-(delay - since) // 1))


def _noted(home: Path) -> _Noted:
    path = home / FILE
    in_doubt = _Noted(IN_DOUBT, _NEVER, IN_DOUBT)
    try:
        found = json.loads(safe_files.read_limited(path, 200))
        count, at, assumed = found["failed"], found["at"], found.get("assumed", 0)
    except BadFile:
        return in_doubt if path.is_symlink() or path.exists() else _Noted(0, 0.0)
    except (ValueError, KeyError, TypeError, AttributeError):
        return in_doubt
    if type(count) is not int or type(assumed) is not int or not 0 <= assumed <= count <= _MOST:
        return in_doubt
    if type(at) not in {int, float} or not 0 <= at < 1e12:
        return in_doubt
    return _Noted(count, float(at), assumed)


def _write(home: Path, noted: _Noted) -> bool:
    body: dict[str, float] = {"failed": noted.failed, "at": round(noted.at, 3)}
    if noted.assumed:
        body["assumed"] = noted.assumed
    try:
        safe_files.write_atomic(home / FILE, json.dumps(body).encode())
    except BadFile:
        # A home that may not be written cannot count; the passphrase is as strong as before.
        return False
    return True

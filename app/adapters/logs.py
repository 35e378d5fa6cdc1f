"""The program's log: one event a line, in a file a day, private, kept 90 days. It never fails the program.

Only events of the closed list get here (`app.core.log_events`), so no line can hold a text. Nothing is opened before
the first event, and nothing is written into a home that is no home yet. Several programs may write to one file: each
line is one write at its end.
"""

from __future__ import annotations

import contextlib
import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from app.adapters import safe_files
from app.adapters.live_secrets import LIVE
from app.core.errors import AppError

if TYPE_CHECKING:
    from app.core.log_events import Event, Recorded

FOLDER = "logs"
KEPT_DAYS = 90
FULL = 10 << 20
"""Bytes of a file; then the next of the same day begins."""
FILES_A_DAY = 10
_SAME_LINES = 50
"""An event that says the very same is written so often by one program, then only counted."""
_NAME = r"ops1099-(\d{4}-\d\d-\d\d)(?:\.(\d))?\.jsonl"
_HOME_MARK = "ops.keys"


class LogFiles:
    """Writes the events of one program into one folder."""

    def __init__(
        self, folder: Path, *, now: Callable[[], datetime] = lambda: datetime.now(UTC), full: int = FULL
    ) -> None:
        self._folder = folder
        self._full = full
        self._now = now
        self._said: Counter[tuple[str, str]] = Counter()
        self._file: safe_files.Appender | None = None
        self._day = ""

    def note(self, event: Event, **values: object) -> None:
        """Write one event. Raises: ValueError when its fields are not those of the list; nothing else, ever."""
        from app.core import log_events  # noqa: PLC0415 - a command that only reads has nothing to tell

        at = self._now().astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        recorded = log_events.record(at, event, values)
        if "places" in recorded.fields and scrub(str(recorded.fields)) != str(recorded.fields):
            recorded = log_events.record(at, log_events.Event.BLOCKED, {})
        if self._is_new(recorded):
            self._write(log_events.line(recorded), at[:10])

    def close(self) -> None:
        """Close the file; the number of lines that were only counted is told first."""
        repeated = sum(times - _SAME_LINES for times in self._said.values() if times > _SAME_LINES)
        self._said.clear()
        if repeated:
            from app.core import log_events  # noqa: PLC0415 - as above

            self.note(log_events.Event.REPEATED, times=repeated)
        self._let_go()

    def _is_new(self, recorded: Recorded) -> bool:
        same = (str(recorded.event), repr(sorted(recorded.fields.items())))
        self._said[same] += 1
        return self._said[same] <= _SAME_LINES

    def _write(self, line: str, day: str) -> None:
        data = line.encode("ascii") + b"\n"
        # A folder that cannot be written, a full disk: the audit log inside the books still tells what was done.
        with contextlib.suppress(AppError, OSError):
            if day != self._day or self._file is None or self._file.size + len(data) > self._full:
                self._open(day, len(data))
            if self._file is not None:
                self._file.write(data)

    def _open(self, day: str, size: int) -> None:
        self._let_go()
        if not self._has_folder():
            return
        for number in range(FILES_A_DAY):
            path = self._folder / (f"ops1099-{day}.{number}.jsonl" if number else f"ops1099-{day}.jsonl")
            is_new = not path.exists()
            file = safe_files.Appender(path)
            if file.size + size <= self._full:
                self._file, self._day = file, day
                break
            file.close()
        if is_new:
            remove_old(self._folder, date.fromisoformat(day))

    def _has_folder(self) -> bool:
        if self._folder.is_symlink():
            return False
        if not self._folder.is_dir() and (self._folder.parent / _HOME_MARK).is_file():
            safe_files.private_folder(self._folder)
        return self._folder.is_dir()

    def _let_go(self) -> None:
        if self._file is not None:
            with contextlib.suppress(AppError):
                self._file.close()
        self._file, self._day = None, ""


def files(folder: Path) -> Iterator[Path]:
    """Yield the log files of a folder, oldest first."""
    found = []
    with contextlib.suppress(OSError):
        for path in folder.iterdir():
            match = re.fullmatch(_NAME, path.name)
            if match and path.is_file() and not path.is_symlink():
                found.append((match[1], int(match[2] or 0), path))
    return (path for _, _, path in sorted(found))


def remove_old(folder: Path, today: date) -> None:
    """Remove the log files that are older than they are kept."""
    oldest = (today - timedelta(days=KEPT_DAYS)).isoformat()
    for path in files(folder):
        match = re.fullmatch(_NAME, path.name)
        if match and match[1] < oldest:
            safe_files.remove(path)


# --- the log of this program

_here: list[LogFiles] = []
"""None or one."""


def keep_in(home: Path) -> None:
    """Write what happens from now on into this home."""
    let_go()
    _here.append(LogFiles(home / FOLDER))


def let_go() -> None:
    """Write nothing from now on."""
    while _here:
        _here.pop().close()


def note(event: Event, **values: object) -> None:
    """Write one event, if there is a home to write it to. Raises: ValueError when its fields are not those it has."""
    if _here:
        _here[0].note(event, **values)


def scrub(text: str) -> str:
    """Return a text that is on its way out with numbers and secrets masked."""
    from app.core.ingest.redact import mask  # noqa: PLC0415 - only where something went wrong

    return mask(LIVE.scrub(text)).text

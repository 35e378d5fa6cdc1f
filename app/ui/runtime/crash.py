"""The last line of defence: what nobody caught is told calmly, without data, and the window goes on if it can."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from types import TracebackType

from PySide6.QtCore import QObject, QtMsgType, Signal, qInstallMessageHandler

_QUIET = {QtMsgType.QtDebugMsg, QtMsgType.QtInfoMsg}


def place_of(error: BaseException) -> list[str]:
    """Return where an error came from, file by file, and its type; never its text, which may hold data."""
    found = []
    frame = error.__traceback__
    while frame is not None:
        code = frame.tb_frame.f_code
        found.append(f"{code.co_filename.replace(chr(92), '/').rsplit('/', 1)[-1]}:{frame.tb_lineno} {code.co_name}")
        frame = frame.tb_next
    return [*found, type(error).__name__]


class Crashes(QObject):
    """Catches what reaches the end of any thread, and what Qt warns of. Emits `broke` on the GUI thread."""

    broke = Signal(list)

    def __init__(self, tell: Callable[[list[str]], None]) -> None:
        super().__init__()
        self.broke.connect(tell)

    def install(self) -> None:
        sys.excepthook = self._caught
        threading.excepthook = lambda args: self._caught(args.exc_type, args.exc_value, args.exc_traceback)
        qInstallMessageHandler(self._said)

    def _caught(self, kind: type[BaseException], error: BaseException | None, _trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            raise SystemExit(130)
        where = place_of(error) if error is not None else [kind.__name__]
        _write("1099 Ops: something broke\n  " + "\n  ".join(where) + "\n")
        self.broke.emit(where)

    @staticmethod
    def _said(kind: QtMsgType, _context: object, message: str) -> None:
        if kind not in _QUIET:
            _write(f"Qt: {message}\n")


def _write(text: str) -> None:
    """Write for whoever started the program in a terminal; a window without one has no stderr."""
    if sys.stderr is not None:
        sys.stderr.write(text)

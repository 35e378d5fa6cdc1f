"""The last line of defence: what nobody caught is told calmly, without data, and the window goes on if it can."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from types import TracebackType

from PySide6.QtCore import QMessageLogContext, QObject, QtMsgType, Signal, qInstallMessageHandler

from app.core import faults
from app.core.errors import DamagedBooks
from app.services.program import program_log

_LEVELS = {
    QtMsgType.QtWarningMsg: "warning", QtMsgType.QtCriticalMsg: "error", QtMsgType.QtFatalMsg: "critical",
}  # fmt: skip


def place_of(error: BaseException) -> list[str]:
    """Return where an error came from, file by file, and its type; never its text, which may hold data."""
    found = []
    frame = error.__traceback__
    while frame is not None:
        code = frame.tb_frame.f_code
        found.append(f"{code.co_filename.replace(chr(92), '/').rsplit('/', 1)[-1]}:{frame.tb_lineno} {code.co_name}")
        frame = frame.tb_next
    return [*found, faults.kind_of(type(error))]


def _is_of_the_books(error: BaseException | None) -> bool:
    """Return whether the database, or a service in its name, found the books unreadable."""
    return isinstance(error, DamagedBooks) or type(error).__module__.split(".", 1)[0] == "sqlcipher3"


class Crashes(QObject):
    """Catches what reaches the end of any thread, and what Qt warns of. Emits `broke` on the GUI thread.

    `damaged` takes what the database itself said, of a page it cannot read: that is told as what it is.
    """

    broke = Signal(list)
    met = Signal(object)

    def __init__(self, tell: Callable[[list[str]], None], damaged: Callable[[Exception], None] | None = None) -> None:
        super().__init__()
        self.broke.connect(tell)
        self._knows_damage = damaged is not None
        if damaged is not None:
            self.met.connect(damaged)

    def install(self) -> None:
        sys.excepthook = self._caught
        threading.excepthook = lambda args: self._caught(args.exc_type, args.exc_value, args.exc_traceback)
        qInstallMessageHandler(self._said)

    def _caught(self, kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            raise SystemExit(130)
        if self._knows_damage and _is_of_the_books(error):
            self.met.emit(error)
            return
        where = place_of(error) if error is not None else [faults.kind_of(kind)]
        is_main = threading.current_thread() is threading.main_thread()
        program_log.tell("main" if is_main else "thread", kind, trace)
        program_log.say("1099 Ops: something broke. Your books are whole.\n")
        self.broke.emit(where)

    @staticmethod
    def _said(kind: QtMsgType, context: QMessageLogContext | None, _message: str) -> None:
        """Note that Qt warned, not of what: its words can hold those of a widget."""
        if kind in _LEVELS:
            category = getattr(context, "category", None)
            program_log.note(program_log.Event.QT_SAID, level=_LEVELS[kind], category=category)

"""What may be said of an error: its class, if it is a known one, and where in our own code it was; never its text."""

from __future__ import annotations

import builtins
from types import TracebackType

from app.core import errors
from app.core.log_fields import OTHER, PLACES_KEPT

_OF_LIBRARIES = (
    "OperationalError", "DatabaseError", "IntegrityError", "ProgrammingError", "InterfaceError", "InternalError",
    "DataError", "NotSupportedError", "JSONDecodeError", "InvalidTag", "InvalidSignature", "UnsupportedAlgorithm",
    "BadZipFile", "KeyringError", "KeyringLocked", "InitError", "PasswordSetError", "PasswordDeleteError",
    "BrokenBarrierError", "CancelledError", "InvalidStateError", "ZoneInfoNotFoundError", "TypstError",
    "XlsxWriterException", "FileCreateError", "DecimalException", "InvalidOperation", "ArgumentError", "Error",
)  # fmt: skip
"""A class can be made while the program runs, with any name: so names are taken from lists."""


def kinds() -> frozenset[str]:
    """Return the names of error classes that may be written down."""
    of_python = (
        name for name, each in vars(builtins).items() if isinstance(each, type) and issubclass(each, BaseException)
    )
    ours = (name for name, each in vars(errors).items() if isinstance(each, type) and issubclass(each, BaseException))
    return frozenset((*of_python, *ours, *_OF_LIBRARIES))


def codes() -> frozenset[str]:
    """Return the codes of errors: those of the classes, and those given one by one."""
    given = {"row_errors", "account_ambiguous", "needs_mapping", "disk_full", "not_writable", "offline", "relay",
             "limited", "reconnect"}  # fmt: skip
    ours = (each for each in vars(errors).values() if isinstance(each, type) and issubclass(each, errors.AppError))
    return frozenset({each.code for each in ours} | given)


def kind_of(kind: type[BaseException]) -> str:
    """Return the name of an error's class, or of the nearest class above it that may be named."""
    known = kinds()
    return next((each.__name__ for each in kind.__mro__ if each.__name__ in known), OTHER)


def places_of(error: BaseException) -> list[str]:
    """Return where an error came through our own code, innermost last: module:function:line."""
    return places(error.__traceback__)


def places(trace: TracebackType | None) -> list[str]:
    found = []
    while trace is not None:
        module = trace.tb_frame.f_globals.get("__name__")
        if isinstance(module, str) and module.startswith("app."):
            found.append(f"{module}:{trace.tb_frame.f_code.co_name}:{trace.tb_lineno}")
        trace = trace.tb_next
    return found[-PLACES_KEPT:]

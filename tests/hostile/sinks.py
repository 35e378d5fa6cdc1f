"""The ways a text can leave the program, each a function. Run in a process of its own, because it takes over Python's.

Reads lines of JSON `[way, part, part]` and sends them out; after each a zero byte goes to stderr.
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import json
import sys
import threading
import warnings
from collections.abc import Callable
from pathlib import Path

CONTROL = "--without-the-hooks"


def raised(first: str, second: str) -> BaseException:
    """Return an error with both parts in it: in its text, in that of its cause, in a local, in a note."""
    try:
        try:
            local = first + second
            raise KeyError(local)  # noqa: TRY301 - it is caught to be the cause of another
        except KeyError as cause:
            error = ValueError(first, second)
            error.add_note(second)
            raise error from cause
    except ValueError as error:
        return error


def logged(first: str, second: str) -> None:
    import logging

    logging.getLogger("keyring.backend").warning("read %s of %s", first, second)


def logged_error(first: str, second: str) -> None:
    import logging

    error = raised(first, second)
    logging.getLogger(second).error(first, exc_info=(type(error), error, error.__traceback__), stack_info=True)


def logged_by_own_handler(first: str, second: str) -> None:
    import logging

    logger = logging.getLogger("library.with.handler")
    logger.propagate = False
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(name)s %(pathname)s %(message)s %(args)s"))
    logger.addHandler(handler)
    try:
        logger.critical("%(a)s and %(b)s", {"a": first, "b": second})
        logger.critical(first + second)  # noqa: G003 - as careless libraries do
    finally:
        logger.removeHandler(handler)


def warned(first: str, second: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn(first + second, stacklevel=1)
        warnings.warn_explicit(second, UserWarning, first, 1)


def uncaught(first: str, second: str) -> None:
    error = raised(first, second)
    sys.excepthook(type(error), error, error.__traceback__)


def uncaught_of_a_named_class(first: str, second: str) -> None:
    kind = type("".join(filter(str.isalnum, first)) or "X", (Exception,), {"__module__": second})
    sys.excepthook(kind, kind(second), None)


def in_thread(first: str, second: str) -> None:
    def work() -> None:
        raise raised(first, second)

    thread = threading.Thread(target=work, name=first + second)
    thread.start()
    thread.join()


class _Unlucky:
    def __init__(self, first: str, second: str) -> None:
        self.parts = first, second

    def __repr__(self) -> str:
        return self.parts[0] + self.parts[1]

    def __del__(self) -> None:
        raise raised(*self.parts)


def unraisable(first: str, second: str) -> None:
    _Unlucky(first, second)
    gc.collect(0)


def noted(first: str, second: str) -> None:
    from app.adapters import logs
    from app.core.log_events import FIELDS, Event

    digits = [int(part) for part in ("".join(filter(str.isascii, filter(str.isdecimal, first + second))),) if part]
    for event in (Event.IMPORT_DONE, Event.IMPORT_REFUSED, Event.FAULT, Event.LIBRARY_SAID, Event.MIGRATION_DONE):
        for value in (first + second, [first, second], *digits):
            logs.note(event, **dict.fromkeys(FIELDS[event], value))


def refused(first: str, second: str) -> None:
    from app.cli import output
    from app.core.errors import BadFile

    output.emit_error(BadFile(f"{first}{second}", f"{first}{second}"), as_json=False)


def our_fault(first: str, second: str) -> None:
    from app.cli import main

    error = raised(first, second)
    assert isinstance(error, Exception)
    main._our_fault(error, as_json=False, verbose=True)


def usage(first: str, second: str) -> None:
    from app.cli import main, output
    from app.core.errors import AppError

    with contextlib.suppress(argparse.ArgumentError):
        try:
            main.global_parser().parse_args(["--today", first + second])
        except AppError as error:
            output.emit_error(error, as_json=False)


WAYS: dict[str, Callable[[str, str], None]] = {
    "log": logged, "log with error": logged_error, "library's own handler": logged_by_own_handler, "warning": warned,
    "uncaught": uncaught, "class name": uncaught_of_a_named_class, "thread": in_thread, "unraisable": unraisable,
    "program log": noted, "refusal": refused, "our fault": our_fault, "usage": usage,
}  # fmt: skip


def main() -> None:
    home = Path(sys.argv[1])
    if CONTROL not in sys.argv:
        from app import bootstrap
        from app.adapters import logs

        bootstrap.guard_process()
        logs.keep_in(home)
    for text in sys.stdin:
        way, first, second = json.loads(text)
        WAYS[way](first, second)
        sys.stderr.write("\0")
    if CONTROL not in sys.argv:
        logs.let_go()


if __name__ == "__main__":
    main()

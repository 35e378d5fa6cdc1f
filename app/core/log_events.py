"""Everything the program's log can say: a closed list of events, each with its fields. There is no field for text.

The log is for finding out what went wrong, and lies in clear beside the encrypted books. So it holds codes, counts and
ranges only. What was done to the books, by whom, is told by the audit log, inside the books.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import NamedTuple

from app.core import faults
from app.core.later import later
from app.core.log_fields import COUNT, MANY, PLACES, SIZE, TOOK, LogField, Stored, Word


class Event(StrEnum):
    BOOKS_OPENED = "books.opened"
    BOOKS_REFUSED = "books.refused"
    BOOKS_CLOSED = "books.closed"
    BOOKS_LOCKED = "books.locked"
    MIGRATION_DONE = "migration.done"
    IMPORT_DONE = "import.done"
    IMPORT_REFUSED = "import.refused"
    EXPORT_DONE = "export.done"
    BACKUP_MADE = "backup.made"
    BACKUP_FAILED = "backup.failed"
    RESTORE_DONE = "restore.done"
    ROTATION_DONE = "rotation.done"
    BANK_SETUP = "bank.setup"
    BANK_LINKED = "bank.linked"
    BANK_LEFT = "bank.left"
    BANK_REFUSED = "bank.refused"
    RELAY_STARTED = "relay.started"
    RELAY_ENDED = "relay.ended"
    COMMAND_REFUSED = "command.refused"
    TASK_FAILED = "task.failed"
    TASK_SLOW = "task.slow"
    FAULT = "fault"
    NATIVE_CRASH = "crash.native"
    WARNED = "warning"
    LIBRARY_SAID = "library.said"
    QT_SAID = "qt.said"
    BLOCKED = "log.blocked"
    REPEATED = "log.repeated"


COMMANDS = (
    "gui", "init", "profile", "business", "accounts", "import", "transactions", "classify", "review", "rules", "payers",
    "expected", "tax", "reserve", "cashflow", "report", "export", "vehicles", "mileage", "receipts", "assets",
    "homeoffice", "contractors", "forms", "inventory", "year", "accountant", "history", "undo", "redo", "audit",
    "backup", "vault", "privacy", "breach", "diagnostics", "bank", "egress", "demo", "doctor", "selftest", "rescue",
    "completion",
)  # fmt: skip
LIBRARIES = (
    "asyncio", "concurrent", "cryptography", "jeepney", "keyring", "platformdirs", "py", "PySide6", "rapidfuzz",
    "secretstorage", "shtab", "sqlcipher3", "typst", "xlsxwriter", "zoneinfo",
)  # fmt: skip
LEVELS = ("debug", "info", "warning", "error", "critical")


def _layouts() -> Iterable[str]:
    from app.core.ingest.csv_bank_layouts import BANK_LAYOUTS  # noqa: PLC0415 - heavy; an import has loaded them
    from app.core.ingest.csv_processor_layouts import PROCESSOR_LAYOUTS  # noqa: PLC0415

    others = ("ofx-xml", "ofx-sgml", "qif", "camt-053", "mapping")
    return (*(layout.id for layout in (*BANK_LAYOUTS, *PROCESSOR_LAYOUTS)), *others)


def _relay_codes() -> Iterable[str]:
    from app.core.bank.words import WORDS  # noqa: PLC0415 - where a relay is asked, it is loaded

    return (*WORDS, "offline")


_PURPOSES = ("settings", "enrol", "renew", "link", "accounts", "transactions", "health", "remove", "move")
_ERROR = Word(faults.codes)
_KIND = Word(faults.kinds)
_FORMAT = Word(("ofx", "qif", "csv", "camt", "auto"))
_COMMAND = Word(COMMANDS)

FIELDS: Mapping[Event, Mapping[str, LogField]] = {
    Event.BOOKS_OPENED: {"took": TOOK},
    Event.BOOKS_REFUSED: {"error": _ERROR},
    Event.BOOKS_CLOSED: {"changed": COUNT},
    Event.BOOKS_LOCKED: {"why": Word(("asked", "idle", "away", "sleep", "minimised"))},
    Event.MIGRATION_DONE: {"format": COUNT},
    Event.IMPORT_DONE: {
        "format": _FORMAT, "layout": Word(_layouts), "size": SIZE, "rows": MANY, "rejected": COUNT, "first_bad": COUNT,
        "masked": COUNT, "took": TOOK,
    },
    Event.IMPORT_REFUSED: {"error": _ERROR, "format": _FORMAT, "size": SIZE, "line": COUNT, "took": TOOK},
    Event.EXPORT_DONE: {"files": COUNT, "size": SIZE},
    Event.BACKUP_MADE: {"reason": Word(("asked", "daily", "migration", "rotation", "restore", "delete")),
                        "size": SIZE, "took": TOOK},
    Event.BACKUP_FAILED: {"error": _ERROR},
    Event.RESTORE_DONE: {"took": TOOK},
    Event.ROTATION_DONE: {"took": TOOK},
    Event.BANK_SETUP: {"mode": Word(("relay", "own_keys"))},
    Event.BANK_LINKED: {"mode": Word(("new", "repair", "accounts", "moved"))},
    Event.BANK_LEFT: {"how": Word(("removed", "gone", "kept"))},
    Event.BANK_REFUSED: {"reason": Word(_relay_codes), "purpose": Word(_PURPOSES)},
    Event.RELAY_STARTED: {},
    Event.RELAY_ENDED: {"why": Word(("start", "asked", "alone"))},
    Event.COMMAND_REFUSED: {"command": _COMMAND, "error": _ERROR},
    Event.TASK_FAILED: {"error": _ERROR, "kind": _KIND, "places": PLACES},
    Event.TASK_SLOW: {"thread": Word(("reader", "writer")), "took": TOOK},
    Event.FAULT: {"thread": Word(("main", "thread", "unraisable")), "kind": _KIND, "places": PLACES},
    Event.NATIVE_CRASH: {"places": PLACES},
    Event.WARNED: {"kind": _KIND},
    Event.LIBRARY_SAID: {"library": Word(LIBRARIES), "level": Word(LEVELS)},
    Event.QT_SAID: {"level": Word(LEVELS), "category": Word(("default", "qt.qpa", "qt.core", "qt.gui", "qt.widgets",
                                                             "qt.accessibility", "qt.svg", "qt.network"))},
    Event.BLOCKED: {},
    Event.REPEATED: {"times": COUNT},
}  # fmt: skip
"""The fields of each event; an event is written with all of them or not at all."""

_NAMES = frozenset(map(str, Event))
_AT = later(r"20\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z")


class Recorded(NamedTuple):
    """One line of the log."""

    at: str
    """UTC, milliseconds."""
    event: Event
    fields: dict[str, Stored]


def record(at: str, event: Event, values: Mapping[str, object]) -> Recorded:
    """Return what is written of an event. Raises: ValueError when its fields are not exactly those of the list."""
    fields = FIELDS[event]
    if fields.keys() != values.keys():
        raise ValueError(f"{event} takes {sorted(fields)}")
    return Recorded(at, event, {name: field.take(values[name]) for name, field in fields.items()})


def line(recorded: Recorded) -> str:
    """Return one line of JSON, without its end; everything beyond plain ASCII is written as an escape."""
    body = {"at": recorded.at, "event": str(recorded.event), **recorded.fields}
    return json.dumps(body, separators=(",", ":"), ensure_ascii=True).replace("\x7f", "\\u007f")


def read(text: str) -> Recorded | None:
    """Return what a line of a log file says; None for every line this program would not have written."""
    try:
        body = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(body, dict):
        return None
    at, name = body.pop("at", None), body.pop("event", None)
    if not isinstance(at, str) or not _AT.fullmatch(at) or not isinstance(name, str) or name not in _NAMES:
        return None
    fields = FIELDS[Event(name)]
    if fields.keys() != body.keys() or not all(field.reads(body[key]) for key, field in fields.items()):
        return None
    return Recorded(at, Event(name), body)

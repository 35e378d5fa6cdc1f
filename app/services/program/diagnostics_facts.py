"""What goes into the sections of a report of a problem: gathered as words of lists, counts and ranges."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from app.adapters import logs, safe_files, system_facts
from app.core.diagnostics.leaves import Value
from app.core.errors import AppError
from app.core.log_events import FIELDS, Event, Recorded, read
from app.core.log_fields import MANY, OTHER, SIZE
from app.core.product import APP_VERSION
from app.services.audit.anchor import ANCHOR_FILE
from app.services.program.diagnostics_sections import AGES, CODES, COUNTED, ERRORS_KEPT, EVENTS_KEPT
from app.services.vault import book_keys

if TYPE_CHECKING:
    from app.services.audit.audit_log import AuditState
    from app.services.books.open_books import Books

_BACKUPS = "backups"
_BACKUP_ENDS = frozenset({".opsbak", ".db"})
_LOG_FILES = 14
T = TypeVar("T")


def system(books: Books | None, screen_scale: str) -> dict[str, Value]:
    python = ".".join(map(str, sys.version_info[:3]))
    return {
        "system": system_facts.system(), "system_version": system_facts.system_version(),
        "machine": system_facts.machine(), "python": python, "qt": system_facts.qt_version(),
        "sqlcipher": _sqlcipher(books), "language": system_facts.language(), "utc_offset": system_facts.offset(),
        "memory": system_facts.memory(), "screen_scale": screen_scale, "keychain": system_facts.keychain(),
    }  # fmt: skip


def _sqlcipher(books: Books | None) -> str:
    if books is None:
        return system_facts.UNKNOWN
    return system_facts.numbers(str(books.connection.execute("PRAGMA cipher_version").fetchone()[0]))


def app(home: Path) -> dict[str, Value]:
    from app.store import migrate  # noqa: PLC0415

    try:
        mode = book_keys.mode_of(home).value
    except AppError:
        mode = "none"
    return {
        "version": system_facts.numbers(APP_VERSION), "commit": system_facts.commit(),
        "install": system_facts.install(), "unlocked_by": mode, "books_format_known": migrate.CURRENT,
    }  # fmt: skip


# --- the books


def database(books: Books | None, home: Path, trouble: str | None, today: date) -> dict[str, Value]:
    """Return the state of the books; `trouble` is the code of why they are not open."""
    backups = sorted(_backup_times(home / _BACKUPS))
    facts: dict[str, Value] = {
        "state": "open" if books is not None else trouble if trouble in CODES else OTHER,
        "has_keys": _yes(home / book_keys.KEYS_FILE), "has_anchor": _yes(home / ANCHOR_FILE),
        "file_size": SIZE.take(_size(home / book_keys.BOOKS_FILE)),
        "write_ahead_size": SIZE.take(_size(home / (book_keys.BOOKS_FILE + "-wal"))),
        "format": 0, "migrations": [], "page_size": 0, "rows": dict.fromkeys(COUNTED, "not_checked"),
        "integrity_check": "not_checked", "cipher_integrity_check": "not_checked", "audit_chain": "not_checked",
        "audit_entries": "not_checked", "anchor": "not_checked",
        "last_backup_days": _age(backups[-1], today) if backups else "none", "backups": MANY.take(len(backups)),
    }  # fmt: skip
    if books is not None:
        facts |= _inside(books)
    return facts


def _inside(books: Books) -> dict[str, Value]:
    """Look into open books. Whatever cannot be read is said to be bad, and the rest goes on."""
    from app.services.audit import anchor  # noqa: PLC0415 - only for a report

    def one(sql: str) -> int:
        return int(books.connection.execute(sql).fetchone()[0])

    state = _tried(lambda: _verified(books), None)
    holds = _tried(lambda: anchor.holds(books), other=False)
    versions: list[int] = _tried(
        lambda: [int(row[0]) for row in books.connection.execute("SELECT version FROM migration ORDER BY version")], []
    )
    whole = _tried(lambda: books.connection.execute("PRAGMA integrity_check(1)").fetchone()[0] == "ok", other=False)
    pages = _tried(lambda: not books.connection.execute("PRAGMA cipher_integrity_check").fetchall(), other=False)
    return {
        "format": books.schema_version,
        "migrations": [{"version": version, "result": "ok"} for version in versions],
        "page_size": _tried(lambda: one("PRAGMA page_size"), 0),
        "rows": {
            table: _tried(lambda name=table: MANY.take(one(f"SELECT COUNT(*) FROM {name}")), "bad")  # type: ignore[misc]  # noqa: S608 - names of the schema
            for table in COUNTED
        },
        "integrity_check": "ok" if whole else "bad",
        "cipher_integrity_check": "ok" if pages else "bad",
        "audit_chain": "ok" if state is not None and state.first_bad_seq is None else "bad",
        "audit_entries": MANY.take(state.entries if state is not None else 0),
        "anchor": "ok" if holds else "bad",
    }


def _verified(books: Books) -> AuditState | None:
    from app.services.audit import audit_log  # noqa: PLC0415 - only for a report

    return audit_log.verify(books)


def _tried(ask: Callable[[], T], other: T) -> T:
    from app.store.connection import translated  # noqa: PLC0415 - only for a report

    try:
        with translated():
            return ask()
    except Exception:  # noqa: BLE001 - whatever damaged books raise, the report says so by a word
        return other


def _yes(path: Path) -> str:
    return "yes" if path.is_file() else "no"


def _size(path: Path) -> int:
    with contextlib.suppress(OSError):
        return path.stat().st_size
    return 0


def _backup_times(folder: Path) -> list[float]:
    with contextlib.suppress(OSError):
        return [path.stat().st_mtime for path in folder.iterdir() if path.suffix in _BACKUP_ENDS and path.is_file()]
    return []


def _age(moment: float, today: date) -> str:
    days = (today - datetime.fromtimestamp(moment, UTC).date()).days
    limits = zip((1, 7, 30, 90), AGES, strict=False)
    return next((name for limit, name in limits if days < limit), "90+")


# --- the log


def told(home: Path) -> list[Recorded]:
    """Return what the program's log says, oldest first. Lines that are not exactly ours are left out."""
    found: list[Recorded] = []
    for path in list(logs.files(home / logs.FOLDER))[-_LOG_FILES:]:
        with contextlib.suppress(AppError, OSError):
            # Not by `read_limited`: the file may be growing just now.
            with safe_files.open_regular(path, follow=False) as stream:
                data = stream.read(logs.FULL)
            lines = data.decode("utf-8", "replace").split("\n")
            found += [recorded for recorded in map(read, lines) if recorded is not None]
    return found


def events(found: list[Recorded]) -> list[Value]:
    return [_event(recorded) for recorded in found[-EVENTS_KEPT:]]


def _event(recorded: Recorded) -> Value:
    values = recorded.fields
    return {
        "day": recorded.at[:10], "hour": int(recorded.at[11:13]), "event": str(recorded.event),
        "command": values.get("command", "none"), "result": values.get("error", "ok"),
        "took": values.get("took", "none"),
    }  # fmt: skip


def errors(found: list[Recorded]) -> list[Value]:
    """Return each error once: by its class and its way through our code."""
    days: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    known = _modules()
    for recorded in found:
        if "places" not in FIELDS[recorded.event]:
            continue
        kind = str(recorded.fields.get("kind", OTHER))
        places = recorded.fields["places"]
        way = tuple(place for place in places if place.partition(":")[0] in known) if isinstance(places, list) else ()
        days.setdefault((kind, way), []).append(recorded.at[:10])
    return [
        {"kind": kind, "places": list(way), "times": MANY.take(len(on)), "first_day": on[0], "last_day": on[-1]}
        for (kind, way), on in list(days.items())[-ERRORS_KEPT:]
    ]


def _modules() -> frozenset[str]:
    """Return the names of our own modules: a log file that somebody wrote into may name others."""
    import pkgutil  # noqa: PLC0415 - only for a report

    import app as package  # noqa: PLC0415

    found: list[str] = []
    waiting = [(list(package.__path__), "app.")]
    while waiting:
        paths, prefix = waiting.pop()
        for entry in pkgutil.iter_modules(paths, prefix):
            found.append(entry.name)
            if entry.ispkg:
                below = entry.name.rpartition(".")[2]
                waiting.append(([f"{path}/{below}" for path in paths], entry.name + "."))
    return frozenset(found)


def imports(found: list[Recorded]) -> list[Value]:
    wanted = [each for each in found if each.event in {Event.IMPORT_DONE, Event.IMPORT_REFUSED}][-EVENTS_KEPT:]
    return [_import(each.at[:10], each.fields) for each in wanted]


def _import(day: str, values: dict[str, int | str | list[str]]) -> Value:
    rejected, line = values.get("rejected", 0), values.get("first_bad", values.get("line", 0))
    return {
        "day": day, "format": values["format"], "layout": values.get("layout", OTHER), "size": values["size"],
        "rows": values.get("rows", "0"), "rejected": MANY.take(rejected), "first_bad_line": line,
        "result": values.get("error", "ok"), "took": values["took"],
    }  # fmt: skip

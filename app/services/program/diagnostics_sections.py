"""The sections of a report of a problem: for each file, exactly what it may hold."""

from __future__ import annotations

from app.adapters import system_facts as system
from app.core import faults
from app.core.diagnostics.leaves import DAY, SHA256, VERSION, Choice, Code, Leaf, ListOf, Number, Shape, rows_of
from app.core.log_events import COMMANDS, Event
from app.core.log_fields import MANY, OTHER, PLACES_KEPT, SIZE, TOOK
from app.store import schema

SCHEMA_VERSION = 1
EVENTS_KEPT = 500
ERRORS_KEPT = 100
_NONE = "none"
_STATE = ("ok", "bad", "not_checked")
_LAYOUT = Code(r"[a-z0-9]{2,12}(?:-[a-z0-9]{1,12}){0,3}", 40)
_PLACE = Code(r"app(?:\.[a-z_][a-z0-9_]{0,39}){1,5}:(?:<[a-z]{4,10}>|[A-Za-z_]{1,60}\d{0,2}):\d{1,5}", 160)
_HOUR = Number(0, 23)

CODES = frozenset({*faults.codes(), "internal"})
COUNTED = (*schema.BOOKS, *schema.DERIVED, *schema.RECORDS)
"""Tables whose rows are counted; those of the secret list are not even named."""
AGES = ("0", "1-6", "7-29", "30-89", "90+", _NONE)
"""Days."""

_CHOICES = {name: Choice(*values) for name, values in {
    "system": system.SYSTEMS, "machine": system.MACHINES, "language": system.LANGUAGES,
    "offset": tuple(system.OFFSETS.values), "memory": (*system.MEMORY.values, system.UNKNOWN),
    "scale": ("100", "125", "150", "175", "200", "over_200", system.UNKNOWN), "keychain": system.KEYCHAINS,
}.items()}  # fmt: skip
_MANY, _SIZE, _TOOK = Choice(*MANY.values), Choice(*SIZE.values), Choice(*TOOK.values, _NONE)

SYSTEM = Shape({
    "system": _CHOICES["system"], "system_version": VERSION, "machine": _CHOICES["machine"], "python": VERSION,
    "qt": VERSION, "sqlcipher": VERSION, "language": _CHOICES["language"], "utc_offset": _CHOICES["offset"],
    "memory": _CHOICES["memory"], "screen_scale": _CHOICES["scale"], "keychain": _CHOICES["keychain"],
})  # fmt: skip
APP = Shape({
    "version": VERSION, "commit": Code(r"unknown|[0-9a-f]{7}", 7), "install": Choice(*system.INSTALLS),
    "unlocked_by": Choice("keychain", "both", "passphrase", _NONE), "books_format_known": Number(1, 999),
})  # fmt: skip
DATABASE = Shape({
    "state": Choice("open", *CODES, OTHER), "has_keys": Choice("yes", "no"), "has_anchor": Choice("yes", "no"),
    "file_size": _SIZE, "write_ahead_size": _SIZE, "format": Number(0, 999),
    "migrations": ListOf(Shape({"version": Number(1, 999), "result": Choice("ok", "bad")}), 999),
    "page_size": Number(0, 65_536), "rows": rows_of(COUNTED, Choice(*MANY.values, *_STATE)),
    "integrity_check": Choice(*_STATE), "cipher_integrity_check": Choice(*_STATE), "audit_chain": Choice(*_STATE),
    "audit_entries": Choice(*MANY.values, "not_checked"), "anchor": Choice(*_STATE, _NONE),
    "last_backup_days": Choice(*AGES), "backups": _MANY,
})  # fmt: skip
SYNC = Shape({
    "connections": ListOf(Shape({
        "provider": Choice("plaid"), "ordinal": Code(r"[A-Z]", 1), "last_result": Choice(*CODES, "ok", OTHER),
        "age_hours": _MANY, "errors": ListOf(Shape({"error": Choice(*CODES, OTHER), "times": _MANY}), 50),
    }), 26),
})  # fmt: skip
EVENT = Shape({
    "day": DAY, "hour": _HOUR, "event": Choice(*map(str, Event)), "command": Choice(*COMMANDS, OTHER, _NONE),
    "result": Choice(*CODES, "ok", OTHER), "took": _TOOK,
})  # fmt: skip
ERROR = Shape({
    "kind": Choice(*faults.kinds(), OTHER), "places": ListOf(_PLACE, PLACES_KEPT), "times": _MANY, "first_day": DAY,
    "last_day": DAY,
})  # fmt: skip
IMPORT = Shape({
    "day": DAY, "format": Choice("ofx", "qif", "csv", "camt", "auto", OTHER), "layout": _LAYOUT, "size": _SIZE,
    "rows": _MANY, "rejected": _MANY, "first_bad_line": Number(0, 9_999_999), "result": Choice(*CODES, "ok", OTHER),
    "took": _TOOK,
})  # fmt: skip

SECTIONS: dict[str, tuple[str, Leaf]] = {
    "system": ("system.json", SYSTEM),
    "app": ("app.json", APP),
    "database": ("database.json", DATABASE),
    "sync": ("sync.json", SYNC),
    "events": ("events.jsonl", EVENT),
    "errors": ("errors.jsonl", ERROR),
    "imports": ("imports.jsonl", IMPORT),
}
"""Name of the section: its file, and the shape of the file or of each of its lines."""

FILES = (*(file for file, _ in SECTIONS.values()), "README.txt")
MANIFEST = Shape({
    "schema_version": Number(1, 99), "app_version": VERSION, "created": DAY, "id": Code(r"[a-p]{16}", 16),
    "sections": ListOf(Choice(*SECTIONS), len(SECTIONS)),
    "files": ListOf(Shape({"name": Choice(*FILES), "bytes": Number(0, 9_999_999), "sha256": SHA256}), len(FILES)),
})  # fmt: skip


def json_schema() -> dict[str, object]:
    """Return the JSON Schema of every file of a report, by the file's name."""
    return {"manifest.json": MANIFEST.schema(), **{file: leaf.schema() for file, leaf in SECTIONS.values()}}

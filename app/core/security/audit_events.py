"""What the audit log may say: a closed list of events, and for each the fields it carries and what they may hold.

A field is a whole number, a short code or a hash; never text from data, never a name, never a path. What is not on
these lists is refused, so nothing personal gets into the log by a slip.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple


class Event(StrEnum):
    """Everything that is logged. The words are part of the format: never reuse or rename one."""

    CHANGE = "change"
    UNDO = "undo"
    MIGRATION = "migration"
    OPENED = "vault.opened"
    UNLOCK_FAILED = "vault.unlock_failed"
    PASSPHRASE = "vault.passphrase"  # noqa: S105 - what was done, not a secret
    RECOVERY = "vault.recovery"
    ROTATION = "vault.rotation"
    KDF = "vault.kdf"
    MODE = "vault.mode"
    BACKUP_MADE = "backup.made"
    BACKUP_VERIFIED = "backup.verified"
    BACKUP_TESTED = "backup.tested"
    BACKUP_RESTORED = "backup.restored"
    BACKUP_PRUNED = "backup.pruned"
    PACK_EXPORTED = "pack.exported"
    DIAGNOSTICS_SAVED = "diagnostics.saved"
    ERASURE = "erasure"
    ARCHIVED = "audit.archived"
    DROPPED = "audit.dropped"
    LOG_EXPORTED = "audit.exported"
    ACCEPTED = "audit.accepted"
    DIGEST_REBUILT = "digest.rebuilt"
    DAMAGE_FOUND = "damage.found"
    BANK_SETUP = "bank.setup"
    BANK_LINKED = "bank.linked"
    BANK_REPAIRED = "bank.repaired"
    BANK_MOVED = "bank.moved"
    BANK_REMOVED = "bank.removed"
    EXPORT = "export"
    """What handing out a pack was called before format 3; read, not written any more."""


ACTORS = frozenset({"user", "import", "rule", "mcp", "system"})
RESULTS = frozenset({"ok", "failed", "refused"})

ANCHORED = frozenset({
    Event.PACK_EXPORTED, Event.BACKUP_MADE, Event.BACKUP_RESTORED, Event.ROTATION, Event.ARCHIVED, Event.DROPPED,
    Event.LOG_EXPORTED, Event.ERASURE, Event.MODE,
})  # fmt: skip
"""After these the keychain's note is brought up to date too, not only the one beside the books."""

_LARGEST = 2**63 - 1
_CODE = re.compile(r"[a-z][a-z0-9]*(?:[._+-][a-z0-9]+)*")
_LONGEST_CODE = 40
_HASH = re.compile(r"(?:[0-9a-f]{32}|[0-9a-f]{64}|[0-9a-f]{128})")

_COUNTS = frozenset({
    "rows", "undoes", "added", "duplicates", "rejected", "masked", "schema_version", "year", "files", "count",
    "bytes", "seq", "seen", "first", "last", "entries", "month", "generation", "from_generation", "memory_kib",
    "passes", "lanes", "iterations", "full", "portable", "receipts", "kept", "seconds",
})  # fmt: skip
_HASHES = frozenset({"sha256", "mac", "digest"})
"""Every other field is a code."""

_CHANGE = (
    "code", "rows", "undoes", "sha256", "format", "added", "duplicates", "rejected", "masked", "files", "mode",
    "schema_version", "year", "count", "digest",
)  # fmt: skip
_BACKUP = ("reason", "rows", "bytes", "sha256", "seq", "generation", "full", "portable", "receipts", "files", "code")
_KEYS = ("mode", "from_mode", "generation", "from_generation", "code", "reason", "count")


class Shape(NamedTuple):
    """What one kind of entry is about, and the fields it may carry."""

    object_kind: str
    fields: frozenset[str]


def _shape(object_kind: str, *fields: str) -> Shape:
    return Shape(object_kind, frozenset(fields))


SHAPES: Mapping[Event, Shape] = {
    Event.CHANGE: _shape("operation", *_CHANGE),
    Event.UNDO: _shape("operation", *_CHANGE),
    Event.MIGRATION: _shape("books", "schema_version", "rows", "digest"),
    Event.OPENED: _shape("books", "mode", "code"),
    Event.UNLOCK_FAILED: _shape("keys", "count", "seconds"),
    Event.PASSPHRASE: _shape("keys", *_KEYS),
    Event.RECOVERY: _shape("keys", *_KEYS),
    Event.ROTATION: _shape("keys", *_KEYS),
    Event.KDF: _shape("keys", "algorithm", "memory_kib", "passes", "lanes", "iterations", "reason"),
    Event.MODE: _shape("keys", *_KEYS),
    Event.BACKUP_MADE: _shape("backup", *_BACKUP),
    Event.BACKUP_VERIFIED: _shape("backup", *_BACKUP),
    Event.BACKUP_TESTED: _shape("backup", *_BACKUP),
    Event.BACKUP_RESTORED: _shape("backup", *_BACKUP),
    Event.BACKUP_PRUNED: _shape("backup", "count", "kept", "bytes", "reason"),
    Event.PACK_EXPORTED: _shape("pack", "year", "files", "bytes", "sha256"),
    Event.DIAGNOSTICS_SAVED: _shape("books", "bytes", "sha256", "count"),
    Event.ERASURE: _shape("books", "code", "rows", "count", "files", "digest"),
    Event.ARCHIVED: _shape("log", "month", "first", "last", "entries", "sha256", "mac"),
    Event.DROPPED: _shape("log", "month", "first", "last", "entries", "mac"),
    Event.LOG_EXPORTED: _shape("log", "entries", "sha256"),
    Event.ACCEPTED: _shape("log", "code", "seen", "seq"),
    Event.DIGEST_REBUILT: _shape("books", "rows", "digest", "reason", "code"),
    Event.DAMAGE_FOUND: _shape("books", "code", "count", "seq", "reason"),
    Event.BANK_SETUP: _shape("bank", "mode", "code"),
    Event.BANK_LINKED: _shape("bank", "count", "code"),
    Event.BANK_REPAIRED: _shape("bank", "code"),
    Event.BANK_MOVED: _shape("bank", "count"),
    Event.BANK_REMOVED: _shape("bank", "code", "rows", "kept"),
    Event.EXPORT: _shape("pack", "year", "files", "sha256"),
}


def check(event: str, *, actor: str, object_kind: str, result: str, fields: Mapping[str, object]) -> Event:
    """Return the event if it may be written like this. Raises: ValueError, which repeats no value."""
    known = Event(event)
    if known is Event.EXPORT:
        raise ValueError("this event is only read")
    if actor not in ACTORS or result not in RESULTS or object_kind != SHAPES[known].object_kind:
        raise ValueError("no such actor, result or kind of object for this entry of the audit log")
    strange = set(fields) - SHAPES[known].fields
    if strange:
        raise ValueError(f"not for an entry {known} of the audit log: {sorted(strange)}")
    for name, value in fields.items():
        if value is not None and not _fits(name, value):
            raise ValueError(f"the field {name} of the audit log does not hold this")
    return known


def _fits(name: str, value: object) -> bool:
    if name in _COUNTS:
        return type(value) is int and 0 <= value <= _LARGEST
    if not isinstance(value, str):
        return False
    if name in _HASHES:
        return _HASH.fullmatch(value) is not None
    return len(value) <= _LONGEST_CODE and _CODE.fullmatch(value) is not None

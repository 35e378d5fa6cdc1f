"""Backups as they are offered where no books are open: what each says of itself, before a key is tried."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from app.adapters import backup_file
from app.core.security import envelope
from app.core.security.key_file import SlotKind
from app.services.backup import backups

if TYPE_CHECKING:
    from app.core.security.backup_container import Header


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """`by_passphrase`, `by_recovery_key`, `by_keychain`: what opens it; a passphrase may need its keychain, too."""

    file: Path
    created: str
    reason: str
    size: int
    full: bool
    portable: bool
    by_passphrase: bool
    by_recovery_key: bool
    by_keychain: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Offers:
    """Whole backups, newest first, and how many files are no use."""

    whole: list[Offer]
    damaged: int


def look_at(path: Path) -> Offer:
    """Return what a file says of itself. Raises: BadFile, DamagedFile, NewerSchema."""
    found = backup_file.find(path)
    return _offer(path, found.size, found.header)


def of_home(home: Path) -> Offers:
    """Return the backups in a home's folder; every byte of their beginnings was checked, nothing is unlocked."""
    listed = backups.listed(home)
    whole = [_offer(each.file, each.size, each.header) for each in listed if each.header]
    return Offers(whole=whole, damaged=len(listed) - len(whole))


def _offer(path: Path, size: int, header: Header) -> Offer:
    kinds = {slot.kind for slot in header.keyfile.newest.slots}
    mode = envelope.mode_of(header.keyfile)
    return Offer(
        file=path, created=header.created, reason=header.reason, size=size, full=header.full,
        portable=header.portable, by_passphrase=mode is not envelope.Mode.KEYCHAIN,
        by_recovery_key=SlotKind.RECOVERY.value in kinds, by_keychain=mode is not envelope.Mode.PASSPHRASE,
    )  # fmt: skip

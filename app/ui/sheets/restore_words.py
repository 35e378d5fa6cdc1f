"""What is said of backups where no books are open."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.core.errors import AppError
    from app.services.backup.restore_choice import Offer
    from app.services.backup.restores import Restored

WHY = {
    "asked": "made by you", "daily": "automatic", "migration": "before a new version",
    "rotation": "before the key was renewed", "restore": "before a restore", "bulk": "before a large change",
}  # fmt: skip

_TROUBLE = {
    "wrong_passphrase": "That does not open it. A backup opens with what was valid on the day it was made.",
    "no_keychain": "It opens with the keychain of the computer it was made on, and none can be reached here.",
    "keychain_entry_missing": "It opens with the keychain of the computer it was made on; this one has no key for it.",
    "in_use": "Another window or program has these books open. Close it, then try again.",
    "exists": "There are books in this folder already. Open them, or choose an empty folder.",
}


def size(count: int) -> str:
    if count < 1_000_000:
        return f"{max(1, round(count / 1000)):,} KB"
    return f"{count / 1_000_000:,.1f} MB"


def ways(offer: Offer) -> str:
    """Return what opens a backup, for a person who may sit at another computer."""
    found = []
    if not offer.by_passphrase:
        found.append("the keychain of its computer")
    else:
        found.append("its passphrase, on its computer" if offer.by_keychain else "its passphrase")
    if offer.by_recovery_key:
        found.append("the recovery key")
    return " or ".join(found)


def lead(whole: int, damaged: int) -> str:
    """Return what stands over the list of backups."""
    useless = "" if not damaged else " 1 file is damaged itself." if damaged == 1 else f" {damaged} files are damaged."
    if not whole:
        return f"No whole backup lies with these books.{useless} Choose one from a disk or a stick."
    return f"The newest one loses least. What lies here now is kept, whatever you choose.{useless}"


def what_happens(*, into_new: bool) -> str:
    if into_new:
        return (
            "It is whole: every page, every total, every entry of its history. The books will be what they were then."
        )
    return (
        "It is whole: every page, every total, every entry of its history. The books become what they were then. The "
        "files that are here now move into the folder backups and stay there for 30 days."
    )


def done(found: Restored) -> str:
    missing = len(found.missing_receipts)
    more = "" if not missing else f" {missing:,} receipt file{'' if missing == 1 else 's'} could not be found."
    return f"Restored {found.rows:,} transactions.{more}"


def trouble(error: AppError) -> str:
    """Return an error in words for the window, whose hints are not for the command line."""
    known = _TROUBLE.get(error.code)
    if known is not None:
        return known
    hint = "" if "ops1099" in error.hint or "--" in error.hint else error.hint
    return f"{error.message} {hint}".strip()

"""What the locked window says: why books do not open, each reason in its own words, and how long to wait."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from app.core.errors import AppError
from app.ui.session import Shut

WAITS = (0, 0, 1, 2, 4, 8, 16, 30)
"""Seconds to wait after the first, second, … wrong passphrase; the last one stays."""


def wait_after(failures: int) -> int:
    """Return the seconds to wait after so many wrong passphrases in a row."""
    return WAITS[min(failures, len(WAITS)) - 1] if failures else 0


class Way(StrEnum):
    """What a person can do where books do not open. Nothing of it makes or changes a file."""

    AGAIN = "again"
    FOLDER = "folder"
    OTHER = "other"
    NEW = "new"
    QUIT = "quit"


WAY_TEXT = {
    Way.AGAIN: "Try again",
    Way.FOLDER: "Show the folder",
    Way.OTHER: "Open other books…",
    Way.NEW: "Start new books elsewhere…",
    Way.QUIT: "Quit",
}


class Trouble(NamedTuple):
    """Why the books do not open, what that means, and the ways out; the first is the one to try."""

    title: str
    sentence: str
    hint: str
    ways: tuple[Way, ...]


_FILES = (Way.AGAIN, Way.FOLDER, Way.OTHER, Way.NEW, Way.QUIT)
_WAIT = (Way.AGAIN, Way.OTHER, Way.QUIT)
_KEYCHAIN = (Way.AGAIN, Way.OTHER, Way.NEW, Way.QUIT)
_NEWER = (Way.QUIT, Way.OTHER)

_KNOWN: dict[str, tuple[str, str, tuple[Way, ...]]] = {
    "keys_missing": (
        "The key file is missing",
        "Put ops.keys back from a backup, beside books.db, then try again. Without it nobody can read these books.",
        _FILES,
    ),
    "keys_damaged": (
        "The key file is damaged",
        "Put books.db and ops.keys back from one backup, then try again. Nothing was changed.",
        _FILES,
    ),
    "damaged": (
        "The books file cannot be read",
        "Put books.db back from a backup, then try again. Nothing was changed.",
        _FILES,
    ),
    "newer_schema": (
        "These books are newer than this program",
        "Install the newer version of 1099 Ops to open them. Nothing was changed.",
        _NEWER,
    ),
    "in_use": (
        "Another program has these books",
        "Close it, or wait until it is done, then try again.",
        _WAIT,
    ),
    "busy": (
        "Another program is writing to these books",
        "Try again in a moment.",
        _WAIT,
    ),
    "bad_file": (
        "The folder of these books cannot be used",
        "Check that the folder is on this computer and that you may read and write in it, then try again.",
        _FILES,
    ),
    "not_writable": (
        "The books cannot be written",
        "Check that you may write in their folder, then try again.",
        _FILES,
    ),
    "disk_full": (
        "The disk is full",
        "Free some space, then try again. Nothing was changed.",
        _FILES,
    ),
    "no_keychain": (
        "The keychain cannot be reached",
        "Log in to the desktop these books were made on and start its keychain, then try again.",
        _KEYCHAIN,
    ),
    "keychain_locked": (
        "The keychain is locked",
        "Open this computer’s keychain with its own password, then try again.",
        _KEYCHAIN,
    ),
    "keychain_entry_missing": (
        "The keychain has no key for these books",
        "They were made under another login or computer, or the entry was removed. Put it back, or open them there.",
        _KEYCHAIN,
    ),
    "locked": (
        "The key does not fit these books",
        "Put the keychain’s entry back from a backup of the keychain, then try again.",
        _KEYCHAIN,
    ),
}


def trouble_of(error: AppError) -> Trouble:
    """Return what to show for an error met while opening books."""
    title, hint, ways = _KNOWN.get(error.code, ("Your books did not open", error.hint, _FILES))
    return Trouble(title, error.message, hint, ways)


class Greeting(NamedTuple):
    title: str
    line: str


def greeting(shut: Shut | None, minutes: int, waiting_files: int, *, needs_passphrase: bool) -> Greeting:
    """Return what stands over the field: why it is asked for now."""
    if waiting_files:
        many = "1 file waits" if waiting_files == 1 else f"{waiting_files} files wait"
        return Greeting("Unlock your books", f"{many} to be looked at")
    if shut is Shut.IDLE:
        return Greeting("Unlock your books", f"Locked after {minutes} minute{'' if minutes == 1 else 's'} without use")
    if shut is Shut.AWAY:
        return Greeting("Unlock your books", "Locked when this computer was locked or put to sleep")
    if shut is Shut.ASKED:
        return Greeting("Unlock your books", "Locked. The key and all that was shown are dropped.")
    if not needs_passphrase:
        return Greeting("Unlock your books", "Their key is in this computer’s keychain")
    return Greeting("Unlock your books", "They are encrypted on this computer")

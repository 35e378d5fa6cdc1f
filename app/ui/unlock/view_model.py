"""What the locked window says: why books do not open, each reason in its own words, and the ways on from it."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from app.core import errors
from app.core.errors import AppError, DamagedBooks
from app.ui.runtime.session import Shut


class Way(StrEnum):
    """What a person can do where books do not open."""

    RECOVERY = "recovery"
    KEYS = "keys"
    RESTORE = "restore"
    LOOK = "look"
    SAVE = "save"
    GO_ON = "go_on"
    AGAIN = "again"
    FOLDER = "folder"
    OTHER = "other"
    NEW = "new"
    QUIT = "quit"


WAY_TEXT = {
    Way.RECOVERY: "Use the recovery key",
    Way.KEYS: "Put back only the keys…",
    Way.RESTORE: "Restore a backup…",
    Way.LOOK: "Open to look only",
    Way.SAVE: "Save what can be read…",
    Way.GO_ON: "Go on with what is there…",
    Way.AGAIN: "Try again",
    Way.FOLDER: "Show the folder",
    Way.OTHER: "Open other books…",
    Way.NEW: "Start new books elsewhere…",
    Way.QUIT: "Quit",
}

LESSER = (Way.FOLDER, Way.OTHER, Way.NEW, Way.QUIT)
"""Ways that do nothing for these books; they stand small under the others."""


class Trouble(NamedTuple):
    """Why the books do not open, what that means, and the ways out; the first is the one to try."""

    title: str
    sentence: str
    hint: str
    ways: tuple[Way, ...]


_FILES = (Way.AGAIN, *LESSER)
_LOST = (Way.RESTORE, Way.AGAIN, *LESSER)
_DAMAGED = (Way.RESTORE, Way.LOOK, Way.SAVE, Way.GO_ON, *LESSER)
_WAIT = (Way.AGAIN, Way.OTHER, Way.QUIT)
_KEYCHAIN = (Way.AGAIN, Way.OTHER, Way.NEW, Way.QUIT)
_NEWER = (Way.QUIT, Way.OTHER)

_KINDS: tuple[tuple[type[AppError], str, str, tuple[Way, ...]], ...] = (
    (
        errors.KeychainDismissed,
        "The keychain was not opened",
        "Try again and answer its question with the password of this computer’s login.",
        _KEYCHAIN,
    ),
    (
        errors.KeychainSilent,
        "The keychain does not answer",
        "Look for a window of it that asks for its password, then try again.",
        _KEYCHAIN,
    ),
    (
        errors.KeychainEntryWrong,
        "The keychain holds another key",
        "The keychain or the books were put back from an older copy. Put back the one of the same day.",
        _KEYCHAIN,
    ),
    (
        errors.KeychainEntrySpoiled,
        "The keychain’s entry was overwritten",
        "Put the entry back from a backup of the keychain, then try again.",
        _KEYCHAIN,
    ),
    (
        DamagedBooks,
        "These books are damaged",
        "A backup brings back all of them as they were that day. What lies here now is kept, whatever you choose.",
        _DAMAGED,
    ),
)
"""Errors that share their code with others."""

_KNOWN: dict[str, tuple[str, str, tuple[Way, ...]]] = {
    "keys_missing": (
        "The key file is missing",
        "Without ops.keys nobody can read these books. Put it back beside books.db, or restore a backup.",
        _LOST,
    ),
    "keys_damaged": (
        "The key file is damaged",
        "A backup brings back books and keys as they were that day. What lies here now is kept.",
        _LOST,
    ),
    "damaged": (
        "The books file cannot be read",
        "A backup brings the books back as they were that day, or put books.db back and try again.",
        _LOST,
    ),
    "chain_broken": (
        "The history of these books was changed",
        "A backup brings back all of them as they were that day. What lies here now is kept.",
        _LOST,
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
    "no_memory": (
        "There is too little memory",
        "Working the key out takes some. Close other programs, then try again.",
        _WAIT,
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


def trouble_of(error: AppError, *, has_recovery_key: bool = False) -> Trouble:
    """Return what to show for an error met while opening books."""
    own = "" if "ops1099" in error.hint or "--" in error.hint else error.hint  # else for the command line
    title, hint, ways = _KNOWN.get(error.code, ("Your books did not open", own, _FILES))
    for kind, *words in _KINDS:
        if isinstance(error, kind):
            title, hint, ways = words  # type: ignore[assignment] # one of the table above
            break
    if isinstance(error, errors.Locked) and has_recovery_key:
        ways = (ways[0], Way.RECOVERY, *ways[1:])
    return Trouble(title, error.message, hint, ways)


def with_keys_of_a_backup(trouble: Trouble) -> Trouble:
    """Return what to show for lost keys when a backup may have a copy: the books themselves lack nothing."""
    hint = "A backup here holds keys. Where they fit, they open these books as they are, and no change is lost."
    return trouble._replace(hint=hint, ways=(Way.KEYS, *(way for way in trouble.ways if way is not Way.KEYS)))


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
    if shut is Shut.DAMAGED:
        return Greeting("Unlock your books", "They are damaged: unlock them to see what can be done")
    if shut is Shut.ASKED:
        return Greeting("Unlock your books", "Locked. The key and all that was shown are dropped.")
    if not needs_passphrase:
        return Greeting("Unlock your books", "Their key is in this computer’s keychain")
    return Greeting("Unlock your books", "They are encrypted on this computer")

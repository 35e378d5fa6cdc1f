"""Every error a person can meet, at the top of one module.

A `UserError` is the world's fault or the user's to mend: its sentence says what happened, its hint what to do; it holds
no secret and no personal data. A `FaultError` is our bug or a damaged file. Codes and exit numbers are the contract of
the command line.
"""

from __future__ import annotations


class AppError(Exception):
    """Base of all errors that carry a code of the contract."""

    code = "internal"
    exit_code = 70

    def __init__(self, message: str, hint: str = "", *, code: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        if code is not None:
            self.code = code


class UserError(AppError):
    """The user can act on it."""


class FaultError(AppError):
    """Our bug, or a damaged file."""


class Cancelled(AppError):
    """The user stopped it. Neither a mistake nor a fault: nothing was changed."""

    code = "cancelled"
    exit_code = 130

    def __init__(self, message: str = "Stopped.", hint: str = "Nothing was changed.") -> None:
        super().__init__(message, hint)


class Usage(UserError):
    code = "usage"
    exit_code = 2


class Refused(UserError):
    """Input refused: bad_file, not_a_statement, account_ambiguous, needs_mapping, invalid_value, row_errors."""

    code = "invalid_value"
    exit_code = 3


class BadFile(Refused):
    """A file that cannot be read at all; `line` and `reason` name the first trouble where known."""

    code = "bad_file"

    def __init__(self, message: str, hint: str = "", *, line: int | None = None, code: str | None = None) -> None:
        super().__init__(message, hint, code=code)
        self.line = line


class NotAStatement(BadFile):
    code = "not_a_statement"


class NeedsMapping(Refused):
    code = "needs_mapping"


class AccountAmbiguous(Refused):
    code = "account_ambiguous"


class AccountLikely(AccountAmbiguous):
    """The rows of a file look like those of one account, but not surely; `account_id` is that account."""

    def __init__(self, message: str, hint: str = "", *, account_id: int) -> None:
        super().__init__(message, hint)
        self.account_id = account_id


class Locked(UserError):
    """The books cannot be opened with what was given: locked, wrong_passphrase, too_soon, and the keychain codes."""

    code = "locked"
    exit_code = 4


class WrongPassphrase(Locked):
    code = "wrong_passphrase"


class TooSoon(Locked):
    """Several passphrases were wrong; the next may be tried in `seconds`."""

    code = "too_soon"

    def __init__(self, message: str, hint: str = "", *, seconds: int = 0) -> None:
        super().__init__(message, hint)
        self.seconds = seconds


class NoKeychain(Locked):
    code = "no_keychain"


class KeychainLocked(Locked):
    code = "keychain_locked"


class KeychainDismissed(KeychainLocked):
    """It asked for its own password, and the question was closed."""


class KeychainSilent(KeychainLocked):
    """It gave no answer in time."""


class KeychainEntryMissing(Locked):
    code = "keychain_entry_missing"


class KeychainEntryWrong(Locked):
    """The entry holds the key of another `ops.keys`."""


class KeychainEntrySpoiled(Locked):
    """The entry holds something that is no key."""


class Conflict(UserError):
    """no_books, not_found, conflict, nothing_to_undo, busy, in_use, exists, sealed_year, disk_full, no_memory."""

    code = "conflict"
    exit_code = 5

    def __init__(
        self, message: str, hint: str = "", *, code: str | None = None, operations: tuple[int, ...] = ()
    ) -> None:
        super().__init__(message, hint, code=code)
        self.operations = operations


class NotFound(Conflict):
    code = "not_found"


class NoBooks(Conflict):
    code = "no_books"


class Exists(Conflict):
    code = "exists"


class Busy(Conflict):
    code = "busy"


class InUse(Conflict):
    code = "in_use"


class DiskFull(Conflict):
    code = "disk_full"


class NoMemory(Conflict):
    code = "no_memory"


class SealedYear(Conflict):
    code = "sealed_year"


class NothingToUndo(Conflict):
    code = "nothing_to_undo"


class BankError(UserError):
    """offline, relay, limited, reconnect: a bank could not be reached, or asks for the person."""

    code = "relay"
    exit_code = 6


class BankUnreachable(BankError):
    """Nobody answered: the network is down, the relay is, or something in between. `is_slow`: not in time."""

    code = "offline"

    def __init__(self, *, is_slow: bool = False) -> None:
        super().__init__(
            "The bank link did not answer in time." if is_slow else "The bank link cannot be reached.",
            "Check the internet connection. Everything else works without it, importing files too.",
        )
        self.is_slow = is_slow


class BankRefused(BankError):
    """The relay said no.

    `reason` is its code (docs/relay.md), `retry` its advice (no, later, restart, reconnect), `after` seconds to wait.
    """

    def __init__(
        self,
        reason: str,
        *,
        retry: str = "no",
        detail: str = "",
        after: int | None = None,
        said: tuple[str, str] = ("", ""),
    ) -> None:
        message, hint = said
        super().__init__(message or f"The bank link answered: {reason}.", hint, code=_BANK_CODES.get(reason, "relay"))
        self.reason, self.retry, self.detail, self.after = reason, retry, detail, after


_BANK_CODES = {"limited": "limited", "busy": "limited", "reconnect": "reconnect"}


class DamagedFile(FaultError):
    """damaged, keys_missing, keys_damaged, newer_schema, chain_broken, bad_signature."""

    code = "damaged"
    exit_code = 7


class DamagedBooks(DamagedFile):
    """The books file itself: from here on it is only read, until it was restored or proved whole."""


class KeysMissing(DamagedFile):
    code = "keys_missing"


class KeysDamaged(DamagedFile):
    code = "keys_damaged"


class NewerSchema(DamagedFile):
    code = "newer_schema"


class ChainBroken(DamagedFile):
    code = "chain_broken"


class BadSignature(DamagedFile):
    code = "bad_signature"

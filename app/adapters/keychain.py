"""The operating system's keychain, reached directly.

The keyring library can be told by configuration files and variables to keep secrets somewhere else, in clear text too.
So this module makes the platform's class itself, without its constructor (which reads variables), and accepts no other.
Every call runs on a worker with a time limit: a keychain that shows a prompt, or is dead, must not hang the program.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future
from importlib import import_module
from typing import Protocol, TypeVar, cast

from app.core.errors import KeychainDismissed, KeychainLocked, KeychainSilent, Locked, NoKeychain

SERVICE = "1099ops"
LIMIT_SECONDS = 3.0
MAX_VALUE = 1200
"""Characters. The Windows Credential Locker takes about 2,560 bytes, in UTF-16."""

ALLOWED = frozenset(
    {
        "keyring.backends.SecretService.Keyring",
        "keyring.backends.kwallet.DBusKeyring",
        "keyring.backends.macOS.Keyring",
        "keyring.backends.Windows.WinVaultKeyring",
    }
)

_LOCKED_HINT = "Open the keychain and try again, or open the books with the recovery key: --recovery-file."
_NO_HINT = "Use --mode passphrase, or start the desktop's keychain (GNOME Keyring, KWallet)."

_T = TypeVar("_T")


class Backend(Protocol):
    """The three calls of the keyring library that are used."""

    def get_password(self, service: str, username: str, /) -> str | None: ...
    def set_password(self, service: str, username: str, password: str, /) -> None: ...
    def delete_password(self, service: str, username: str, /) -> None: ...


class SystemKeychain:
    """Implements `ports.Keychain`. The keyring library is loaded on first use (about 100 ms)."""

    def __init__(self, *, limit_seconds: float = LIMIT_SECONDS, connect: Callable[[], Backend] | None = None) -> None:
        """Take the time limit of one call; `connect` makes the backend, the platform's own unless given."""
        self._limit = limit_seconds
        self._connect = connect or platform_backend
        self._backend: Backend | None = None

    def get(self, name: str) -> str | None:
        def read(backend: Backend) -> str | None:
            try:
                return backend.get_password(SERVICE, name)
            except UnicodeDecodeError:
                return ""  # somebody else wrote bytes there that are no text, so no key and no note of ours

        return self._call(read)

    def set(self, name: str, value: str) -> None:
        if len(value) >= MAX_VALUE:
            raise ValueError(f"a keychain entry takes under {MAX_VALUE} characters")
        self._call(lambda backend: backend.set_password(SERVICE, name, value))

    def delete(self, name: str) -> None:
        def remove(backend: Backend) -> None:
            # The backends disagree on what deleting a missing entry means, so it is looked up first.
            if backend.get_password(SERVICE, name) is not None:
                backend.delete_password(SERVICE, name)

        self._call(remove)

    def probe(self, name: str, value: str) -> None:
        """Write, read and remove one entry of its own. Raises: NoKeychain, KeychainLocked."""
        self.set(name, value)
        found = self.get(name)
        self.delete(name)
        if found != value:
            raise NoKeychain("The keychain does not give back what was put into it.", _NO_HINT)

    def _call(self, work: Callable[[Backend], _T]) -> _T:
        outcome: Future[_T] = Future()

        def run() -> None:
            try:
                if self._backend is None:
                    self._backend = self._connect()
                outcome.set_result(work(self._backend))
            except BaseException as error:  # noqa: BLE001 - carried to the calling thread, which decides
                outcome.set_exception(error)

        # A daemon thread: one that hangs in a dead keychain must not keep the program from ending.
        threading.Thread(target=run, name="keychain", daemon=True).start()
        try:
            return outcome.result(self._limit)
        except Locked:
            raise
        except TimeoutError as error:
            raise KeychainSilent(
                f"The keychain did not answer within {self._limit:g} seconds; it may be waiting for its own password.",
                _LOCKED_HINT,
            ) from error
        except Exception as error:
            translated = _translate(error)
            if translated is None:
                raise
            raise translated from error


def load_support() -> None:
    """Load what `platform_backend` will use here, without asking for a keychain. Raises: ImportError."""
    modules = {"darwin": ("macOS",), "win32": ("Windows",)}.get(sys.platform, ("SecretService", "kwallet"))
    for name in modules:
        import_module(f"keyring.backends.{name}")
    if sys.platform.startswith("linux"):
        import_module("secretstorage")  # the library forgives its absence and would only say: no keychain


def platform_backend() -> Backend:
    """Return this platform's keychain. Raises: NoKeychain."""
    if sys.platform == "darwin":
        from keyring.backends import macOS  # noqa: PLC0415 - only on this platform, only when used

        backend = _bare(macOS.Keyring)
        vars(backend)["keychain"] = None
        return accepted(backend)
    elif sys.platform == "win32":  # noqa: RET505 - the type checker follows platforms by branches
        from keyring.backends import Windows  # noqa: PLC0415 - only on this platform, only when used

        return accepted(_bare(Windows.WinVaultKeyring))
    else:
        return accepted(_linux_backend())


def accepted(backend: object) -> Backend:
    """Return the backend if its very class is on the list. Raises: NoKeychain."""
    kind = type(backend)
    if f"{kind.__module__}.{kind.__qualname__}".replace(".macOS.api.", ".macOS.") not in ALLOWED:
        raise NoKeychain(f"{kind.__qualname__} is not a keychain this program trusts.", _NO_HINT)
    return cast("Backend", backend)


def _linux_backend() -> object:
    from keyring.backends import SecretService  # noqa: PLC0415 - 100 ms; only when used

    try:
        _ = SecretService.Keyring.priority
    except RuntimeError as no_service:
        from keyring.backends import kwallet  # noqa: PLC0415 - the second choice

        try:
            _ = kwallet.DBusKeyring.priority
        except RuntimeError:
            raise NoKeychain("This computer has no keychain that can be reached.", _NO_HINT) from no_service
        wallet = _bare(kwallet.DBusKeyring)
        vars(wallet)["handle"] = -1
        return wallet
    return _bare(SecretService.Keyring)


def _bare(kind: type[_T]) -> _T:
    """Return an instance whose constructor never ran: it would copy KEYRING_PROPERTY_* variables into itself."""
    return kind.__new__(kind)


def _translate(error: Exception) -> Locked | None:
    """Return our error of a foreign one; None for a mistake in our own code."""
    causes = [error, error.__cause__ or error.__context__]
    names = {each.__name__ for cause in causes if cause is not None for each in type(cause).__mro__}
    if "PromptDismissedException" in names:
        return KeychainDismissed("The keychain asked for its password, and the question was closed.", _LOCKED_HINT)
    if names & {"KeyringLocked", "LockedException"}:
        return KeychainLocked("The keychain is locked, and it was not opened.", _LOCKED_HINT)
    if names & {"KeyringError", "SecretStorageException", "DBusErrorResponse", "DBusException", "OSError", "EOFError"}:
        return NoKeychain("The keychain cannot be used.", _NO_HINT)
    # The Windows interface raises `pywintypes.error`, which is named like nothing else.
    if type(error).__name__ == "error" or isinstance(error, (RuntimeError, ImportError)):
        return NoKeychain("This computer has no keychain that can be used.", _NO_HINT)
    return None

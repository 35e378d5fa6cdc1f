"""Wires store, adapters, services and front ends: the only module that knows them all. Heavy things load when used."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from app.cli import main as cli
from app.cli.session import Options, Wiring

if TYPE_CHECKING:
    from app.core.ports import Clock, Keychain
    from app.services.books import Books, Unlock


def run(argv: list[str]) -> int:
    """Run the command line."""
    return cli.main(
        argv,
        Wiring(
            open_books=_open_books,
            create_books=_create_books,
            create_throwaway=_create_throwaway,
            default_home=_default_home,
            clock=_clock,
        ),
    )


def _default_home() -> Path:
    from platformdirs import user_data_path  # noqa: PLC0415 - only when no --home is given

    return user_data_path("1099ops", appauthor=False)


def _clock(today: date | None, time_zone: str) -> Clock:
    from app.adapters.clock import SystemClock  # noqa: PLC0415

    return SystemClock(time_zone, fixed_today=today)


def _unlock(options: Options) -> Unlock:
    from app.adapters import safe_files  # noqa: PLC0415
    from app.core.errors import Usage  # noqa: PLC0415
    from app.services.books import Unlock  # noqa: PLC0415

    given = [options.passphrase_fd, options.passphrase_file, options.key_fd]
    if sum(each is not None for each in given) > 1:
        raise Usage("Give one way to unlock, not several.", "Choose --passphrase-file, --passphrase-fd or --key-fd.")
    if options.key_fd is not None:
        return Unlock(key_hex=safe_files.read_fd(options.key_fd))
    if options.passphrase_fd is not None:
        return Unlock(passphrase=safe_files.read_fd(options.passphrase_fd))
    if options.passphrase_file is not None:
        return Unlock(passphrase=safe_files.read_passphrase_file(Path(options.passphrase_file)))
    return Unlock(ask=_ask if sys.stdin.isatty() and sys.stderr.isatty() else None)


def _ask() -> str | None:
    from getpass import getpass  # noqa: PLC0415

    return getpass("Passphrase: ", stream=sys.stderr) or None


def _open_books(home: Path, options: Options) -> Books:
    from app.services import books  # noqa: PLC0415

    opened = books.open_books(
        home, _unlock(options), keychain=_keychain, clock=_clock(options.today, "UTC"), read_only=options.read_only
    )
    if options.today is None:
        values, _ = opened.settings.profile(opened.clock.today().year)
        if values.get("time_zone"):
            opened.clock = _clock(None, values["time_zone"])
    return opened


def _create_books(home: Path, options: Options, mode: str | None, kdf_memory: int | None) -> tuple[Books, str]:
    from app.adapters.randomness import OsRandomness  # noqa: PLC0415
    from app.core.security.envelope import Mode  # noqa: PLC0415
    from app.services import books  # noqa: PLC0415

    unlock = _unlock(options)
    passphrase = unlock.passphrase
    if passphrase is None and unlock.ask is not None and mode != Mode.KEYCHAIN:
        passphrase = _ask_twice()
    made, chosen = books.create(
        home,
        mode=Mode(mode) if mode else None,
        passphrase=passphrase,
        keychain=None if mode == Mode.PASSPHRASE else _keychain(),
        randomness=OsRandomness(),
        clock=_clock(options.today, "UTC"),
        kdf_memory_mib=kdf_memory,
    )
    return made, str(chosen)


def _create_throwaway(home: Path, options: Options) -> Books:
    """Make books that are thrown away, under a random passphrase that nobody keeps."""
    from app.adapters.randomness import OsRandomness  # noqa: PLC0415
    from app.core.security.envelope import Mode  # noqa: PLC0415
    from app.core.security.key_derivation import MIN_MEMORY_MIB  # noqa: PLC0415
    from app.services import books  # noqa: PLC0415

    randomness = OsRandomness()
    made, _ = books.create(
        home, mode=Mode.PASSPHRASE, passphrase=randomness.token(24).hex(), keychain=None, randomness=randomness,
        clock=_clock(options.today, "UTC"), kdf_memory_mib=MIN_MEMORY_MIB,
    )  # fmt: skip
    return made


def _ask_twice() -> str | None:
    from getpass import getpass  # noqa: PLC0415

    from app.core.errors import Refused  # noqa: PLC0415

    first = getpass("New passphrase (12 characters or more; Enter for none): ", stream=sys.stderr)
    if first and getpass("Once more: ", stream=sys.stderr) != first:
        raise Refused("The two passphrases are not the same.", "Try again.")
    return first or None


def _keychain() -> Keychain:
    from app.adapters.keychain import SystemKeychain  # noqa: PLC0415

    return SystemKeychain()

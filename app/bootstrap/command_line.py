"""Wires the command line."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from app.bootstrap.parts import default_home, system_clock, system_keychain, system_randomness

if TYPE_CHECKING:
    from app.cli.session import Options
    from app.services.books.open_books import Books, Unlock


def run(argv: list[str]) -> int:
    """Run the command line."""
    from app.adapters import logs  # noqa: PLC0415
    from app.cli import main as cli  # noqa: PLC0415 - the window needs none of it
    from app.cli.session import Wiring  # noqa: PLC0415

    try:
        return cli.main(
            argv,
            Wiring(
                open_books=_open_books,
                open_for_keys=_open_for_keys,
                open_rescue=_open_rescue,
                create_books=_create_books,
                new_passphrase=_new_passphrase,
                keychain=system_keychain,
                randomness=system_randomness,
                create_throwaway=_create_throwaway,
                default_home=default_home,
                clock=system_clock,
                prove_window=_prove_window,
                unlock=_unlock,
                open_browser=_open_browser,
            ),
        )
    finally:
        logs.let_go()


def _prove_window() -> str:
    from app.ui.runtime import selftest  # noqa: PLC0415 - Qt loads only for the check

    return selftest.prove()


def _unlock(options: Options) -> Unlock:
    from app.adapters import safe_files  # noqa: PLC0415
    from app.core.errors import Usage  # noqa: PLC0415
    from app.services.books.open_books import Unlock  # noqa: PLC0415

    given = [options.passphrase_fd, options.passphrase_file, options.key_fd, options.recovery_fd, options.recovery_file]
    if sum(each is not None for each in given) > 1:
        raise Usage("Give one way to unlock, not several.", "Choose one of the passphrase, recovery and key options.")
    if options.key_fd is not None:
        return Unlock(key_hex=safe_files.read_fd(options.key_fd))
    if options.passphrase_fd is not None:
        return Unlock(passphrase=safe_files.read_fd(options.passphrase_fd))
    if options.passphrase_file is not None:
        return Unlock(passphrase=safe_files.read_passphrase_file(Path(options.passphrase_file)))
    if options.recovery_fd is not None or options.recovery_file is not None:
        return Unlock(recovery_key=_recovery_key(options))
    return Unlock(ask=_ask if _has_person() else None)


def _recovery_key(options: Options) -> str:
    from app.adapters import safe_files  # noqa: PLC0415
    from app.core.security.recovery import is_unfinished  # noqa: PLC0415

    if options.recovery_fd is not None:
        return safe_files.read_fd(options.recovery_fd, goes_on=is_unfinished)
    return safe_files.read_passphrase_file(Path(options.recovery_file or ""), goes_on=is_unfinished)


def _has_person() -> bool:
    return sys.stdin.isatty() and sys.stderr.isatty()


def _ask() -> str | None:
    from getpass import getpass  # noqa: PLC0415

    return getpass("Passphrase: ", stream=sys.stderr) or None


def _open_books(home: Path, options: Options) -> Books:
    return _opened(home, options, _unlock(options))


def _open_for_keys(home: Path, options: Options) -> tuple[Books, str | None]:
    """Open the books and return what was given as the passphrase, too: wrapping keys anew takes it once more."""
    unlock = _unlock(options)
    said = [unlock.passphrase]

    def ask() -> str | None:
        said.append(_ask())
        return said[-1]

    return _opened(home, options, unlock._replace(ask=ask if unlock.ask else None)), said[-1]


def _opened(home: Path, options: Options, unlock: Unlock) -> Books:
    from app.adapters import logs  # noqa: PLC0415
    from app.services.books import opening  # noqa: PLC0415

    if options.read_only:
        logs.let_go()
    else:
        logs.keep_in(home)
    opened = opening.open_books(
        home, unlock, keychain=system_keychain, clock=system_clock(options.today, "UTC"), read_only=options.read_only
    )
    if options.today is None:
        values, _ = opened.settings.profile(opened.clock.today().year)
        if values.get("time_zone"):
            opened.clock = system_clock(None, values["time_zone"])
    return opened


def _open_rescue(home: Path, options: Options) -> Books:
    from app.services.books import opening  # noqa: PLC0415

    return opening.open_books(
        home, _unlock(options), keychain=system_keychain, clock=system_clock(options.today, "UTC"),
        read_only=options.read_only, rescue=True,
    )  # fmt: skip


def _create_books(home: Path, options: Options, mode: str | None, kdf_memory: int | None) -> tuple[Books, str]:
    from app.adapters.randomness import OsRandomness  # noqa: PLC0415
    from app.core.security.envelope import Mode  # noqa: PLC0415
    from app.services.books import opening  # noqa: PLC0415

    unlock = _unlock(options)
    passphrase = unlock.passphrase
    if passphrase is None and unlock.ask is not None and mode != Mode.KEYCHAIN:
        passphrase = _ask_twice()
    made, chosen = opening.create(
        home,
        mode=Mode(mode) if mode else None,
        passphrase=passphrase,
        keychain=None if mode == Mode.PASSPHRASE else system_keychain(),
        randomness=OsRandomness(),
        clock=system_clock(options.today, "UTC"),
        kdf_memory_mib=kdf_memory,
    )
    return made, str(chosen)


def _create_throwaway(home: Path, options: Options) -> Books:
    """Make books that are thrown away, under a random passphrase that nobody keeps."""
    from app.adapters.randomness import OsRandomness  # noqa: PLC0415
    from app.core.security.envelope import Mode  # noqa: PLC0415
    from app.core.security.key_derivation import MIN_MEMORY_MIB  # noqa: PLC0415
    from app.services.books import opening  # noqa: PLC0415

    randomness = OsRandomness()
    made, _ = opening.create(
        home, mode=Mode.PASSPHRASE, passphrase=randomness.token(24).hex(), keychain=None, randomness=randomness,
        clock=system_clock(options.today, "UTC"), kdf_memory_mib=MIN_MEMORY_MIB,
    )  # fmt: skip
    return made


def _ask_twice() -> str | None:
    from getpass import getpass  # noqa: PLC0415

    from app.core.errors import Refused  # noqa: PLC0415

    first = getpass("New passphrase (12 characters or more; Enter for none): ", stream=sys.stderr)
    if first and getpass("Once more: ", stream=sys.stderr) != first:
        raise Refused("The two passphrases are not the same.", "Try again.")
    return first or None


def _new_passphrase(descriptor: int | None, file: str | None) -> str | None:
    """Return a passphrase to come: from a descriptor, from a file, else asked twice; None when there is nobody."""
    from app.adapters import safe_files  # noqa: PLC0415

    if descriptor is not None:
        return safe_files.read_fd(descriptor)
    if file is not None:
        return safe_files.read_passphrase_file(Path(file))
    return _ask_twice() if _has_person() else None


def _open_browser(url: str) -> bool:
    from app.adapters import browser  # noqa: PLC0415

    return browser.open_page(url)

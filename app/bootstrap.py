"""Wires store, adapters, services and front ends: the only module that knows them all. Heavy things load when used."""

from __future__ import annotations

import sys
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.cli.session import Options
    from app.core.ports import Clock, Keychain, Randomness
    from app.services.books import Books, Unlock
    from app.ui.wiring import How
    from app.ui.wiring import Wiring as WindowWiring


def guard_process(*, is_window: bool = False) -> None:
    """Keep this process's memory off the disk, and its errors' texts off every screen and file."""
    from app.adapters import hardening, hooks  # noqa: PLC0415 - as all below

    hardening.harden(is_window=is_window)
    hooks.install()


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
                keychain=_keychain,
                randomness=_randomness,
                create_throwaway=_create_throwaway,
                default_home=_default_home,
                clock=_clock,
                prove_window=_prove_window,
                unlock=_unlock,
                open_browser=_open_browser,
            ),
        )
    finally:
        logs.let_go()


def run_window(argv: list[str]) -> int:
    """Show the window. The command line's modules are not loaded for it, nor the other way round."""
    from app.ui import screen  # noqa: PLC0415 - as below

    trouble = screen.trouble(argv)
    if trouble:
        sys.stderr.write(trouble + "\n")
        return 1
    from app.adapters import logs  # noqa: PLC0415
    from app.ui import app as window  # noqa: PLC0415 - Qt loads only for the window

    start, today = window.parse(argv, _default_home)
    try:
        return window.run(start, window_wiring(today))
    finally:
        logs.let_go()


def window_wiring(today: date | None = None, moment: datetime | None = None) -> WindowWiring:
    """Return what the window is wired to; `today` fixes the day, `moment` the time in the sample books."""
    from app.ui.wiring import Wiring  # noqa: PLC0415

    clock = _WindowClock(today)
    return Wiring(
        open_books=lambda home, passphrase: clock.adopt(_window_books(home, passphrase, clock)),
        create_books=lambda home, mode, passphrase: clock.adopt(_window_create(home, mode, passphrase, clock)),
        create_throwaway=lambda home: _window_throwaway(home, clock, moment),
        today=clock.today,
        adopt=clock.adopt,
        open_with_key=lambda home, key: clock.adopt(_window_books(home, None, clock, key_hex=key)),
        keychain=_keychain,
        randomness=_randomness,
        open_otherwise=lambda home, unlock, how: clock.adopt(_window_otherwise(home, unlock, how, clock)),
        clock=lambda: _clock(clock.fixed, "UTC"),
        open_beside=lambda home, key: clock.lend(_window_beside(home, key, clock)),
    )


class _WindowClock:
    """Today for the window: a day that was given, else the system's in the profile's time zone once books are open."""

    def __init__(self, fixed: date | None) -> None:
        self.fixed = fixed
        self._clock: Clock | None = None

    def today(self) -> date:
        if self._clock is None:
            self._clock = _clock(self.fixed, "UTC")
        return self._clock.today()

    def show_sample(self, clock: Clock) -> None:
        """Stand where the sample's files end."""
        self._clock = clock

    def lend(self, books: Books) -> Books:
        """Let second books tell the time as the first ones do."""
        books.clock = self._clock or books.clock
        return books

    def adopt(self, books: Books) -> Books:
        """Take the time zone of the books, for them and for the window."""
        try:
            if self.fixed is None:
                values, _ = books.settings.profile(books.clock.today().year)
                books.clock = _clock(None, values.get("time_zone") or "UTC")
        except Exception as error:
            from app.services import damage  # noqa: PLC0415 - rare

            if not books.damaged:
                books.close()
                raise damage.told(books, error) from error
        self._clock = books.clock
        return books


def _window_books(home: Path, passphrase: str | None, clock: _WindowClock, key_hex: str | None = None) -> Books:
    from app.services import audit_archive, opening, program_log  # noqa: PLC0415
    from app.services.books import Unlock  # noqa: PLC0415

    with program_log.window_opens(home):
        books = opening.open_books(
            home, Unlock(passphrase=passphrase, key_hex=key_hex), keychain=_keychain,
            clock=_clock(clock.fixed, "UTC"), program="the window of 1099 Ops",
        )  # fmt: skip
    audit_archive.window_opened(books)
    return books


def _window_beside(home: Path, key_hex: str, clock: _WindowClock) -> Books:
    from app.services import opening  # noqa: PLC0415
    from app.services.books import Unlock  # noqa: PLC0415

    return opening.open_books(
        home, Unlock(key_hex=key_hex), keychain=_keychain, clock=_clock(clock.fixed, "UTC"),
        program="the window of 1099 Ops",
    )  # fmt: skip


def _window_otherwise(home: Path, unlock: Unlock, how: How, clock: _WindowClock) -> Books:
    """Open books by a recovery key, or damaged ones: those are not written to."""
    from app.services import audit_archive, opening, program_log  # noqa: PLC0415

    for_work = how.value == "work"
    with program_log.window_opens(home):
        books = opening.open_books(
            home, unlock, keychain=_keychain, clock=_clock(clock.fixed, "UTC"), program="the window of 1099 Ops",
            read_only=how.value == "look", rescue=not for_work,
        )  # fmt: skip
    if for_work:
        audit_archive.window_opened(books)
    return books


def _window_create(home: Path, mode: str, passphrase: str | None, clock: _WindowClock) -> Books:
    from app.adapters.randomness import OsRandomness  # noqa: PLC0415
    from app.core.security.envelope import Mode  # noqa: PLC0415
    from app.services import opening, program_log  # noqa: PLC0415

    with program_log.window_opens(home):
        made, _ = opening.create(
            home, mode=Mode(mode), passphrase=passphrase, keychain=None if mode == Mode.PASSPHRASE else _keychain(),
            randomness=OsRandomness(), clock=_clock(clock.fixed, "UTC"),
        )  # fmt: skip
    made.in_window = True
    return made


def _window_throwaway(home: Path, clock: _WindowClock, moment: datetime | None) -> Books:
    from app.adapters.clock import SampleClock  # noqa: PLC0415
    from app.adapters.randomness import OsRandomness  # noqa: PLC0415
    from app.core.security.envelope import Mode  # noqa: PLC0415
    from app.core.security.key_derivation import MIN_MEMORY_MIB  # noqa: PLC0415
    from app.services import opening, sample_books  # noqa: PLC0415

    secret = OsRandomness().token(32).hex()
    made, _ = opening.create(
        home, mode=Mode.PASSPHRASE, passphrase=secret, keychain=None, randomness=OsRandomness(),
        clock=SampleClock(sample_books.PROFILE["time_zone"], sample_books.TODAY, moment),
        kdf_memory_mib=MIN_MEMORY_MIB,
    )  # fmt: skip
    clock.show_sample(made.clock)
    return made


def _prove_window() -> str:
    from app.ui import selftest  # noqa: PLC0415 - Qt loads only for the check

    return selftest.prove()


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
    from app.services import opening  # noqa: PLC0415

    if options.read_only:
        logs.let_go()
    else:
        logs.keep_in(home)
    opened = opening.open_books(
        home, unlock, keychain=_keychain, clock=_clock(options.today, "UTC"), read_only=options.read_only
    )
    if options.today is None:
        values, _ = opened.settings.profile(opened.clock.today().year)
        if values.get("time_zone"):
            opened.clock = _clock(None, values["time_zone"])
    return opened


def _open_rescue(home: Path, options: Options) -> Books:
    from app.services import opening  # noqa: PLC0415

    return opening.open_books(
        home, _unlock(options), keychain=_keychain, clock=_clock(options.today, "UTC"), read_only=options.read_only,
        rescue=True,
    )  # fmt: skip


def _create_books(home: Path, options: Options, mode: str | None, kdf_memory: int | None) -> tuple[Books, str]:
    from app.adapters.randomness import OsRandomness  # noqa: PLC0415
    from app.core.security.envelope import Mode  # noqa: PLC0415
    from app.services import opening  # noqa: PLC0415

    unlock = _unlock(options)
    passphrase = unlock.passphrase
    if passphrase is None and unlock.ask is not None and mode != Mode.KEYCHAIN:
        passphrase = _ask_twice()
    made, chosen = opening.create(
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
    from app.services import opening  # noqa: PLC0415

    randomness = OsRandomness()
    made, _ = opening.create(
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


def _new_passphrase(descriptor: int | None, file: str | None) -> str | None:
    """Return a passphrase to come: from a descriptor, from a file, else asked twice; None when there is nobody."""
    from app.adapters import safe_files  # noqa: PLC0415

    if descriptor is not None:
        return safe_files.read_fd(descriptor)
    if file is not None:
        return safe_files.read_passphrase_file(Path(file))
    return _ask_twice() if _has_person() else None


def _randomness() -> Randomness:
    from app.adapters.randomness import OsRandomness  # noqa: PLC0415

    return OsRandomness()


def _open_browser(url: str) -> bool:
    from app.adapters import browser  # noqa: PLC0415

    return browser.open_page(url)


def _keychain() -> Keychain:
    from app.adapters.keychain import SystemKeychain  # noqa: PLC0415

    return SystemKeychain()

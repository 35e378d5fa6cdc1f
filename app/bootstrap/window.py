"""Wires the window."""

from __future__ import annotations

import sys
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from app.bootstrap.parts import default_home, system_clock, system_keychain, system_randomness

if TYPE_CHECKING:
    from app.core.ports import Clock
    from app.services.books.open_books import Books, Unlock
    from app.ui.runtime.wiring import How
    from app.ui.runtime.wiring import Wiring as WindowWiring


def run_window(argv: list[str]) -> int:
    """Show the window. The command line's modules are not loaded for it, nor the other way round."""
    from app.ui.runtime import screen  # noqa: PLC0415 - as below

    trouble = screen.trouble(argv)
    if trouble:
        sys.stderr.write(trouble + "\n")
        return 1
    from app.adapters import logs  # noqa: PLC0415
    from app.ui import app as window  # noqa: PLC0415 - Qt loads only for the window

    start, today = window.parse(argv, default_home)
    try:
        return window.run(start, window_wiring(today))
    finally:
        logs.let_go()


def window_wiring(today: date | None = None, moment: datetime | None = None) -> WindowWiring:
    """Return what the window is wired to; `today` fixes the day, `moment` the time in the sample books."""
    from app.ui.runtime.wiring import Wiring  # noqa: PLC0415

    clock = _WindowClock(today)
    return Wiring(
        open_books=lambda home, passphrase: clock.adopt(_window_books(home, passphrase, clock)),
        create_books=lambda home, mode, passphrase: clock.adopt(_window_create(home, mode, passphrase, clock)),
        create_throwaway=lambda home: _window_throwaway(home, clock, moment),
        today=clock.today,
        adopt=clock.adopt,
        open_with_key=lambda home, key: clock.adopt(_window_books(home, None, clock, key_hex=key)),
        keychain=system_keychain,
        randomness=system_randomness,
        open_otherwise=lambda home, unlock, how: clock.adopt(_window_otherwise(home, unlock, how, clock)),
        clock=lambda: system_clock(clock.fixed, "UTC"),
        open_beside=lambda home, key: clock.lend(_window_beside(home, key, clock)),
    )


class _WindowClock:
    """Today for the window: a day that was given, else the system's in the profile's time zone once books are open."""

    def __init__(self, fixed: date | None) -> None:
        self.fixed = fixed
        self._clock: Clock | None = None

    def today(self) -> date:
        if self._clock is None:
            self._clock = system_clock(self.fixed, "UTC")
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
                books.clock = system_clock(None, values.get("time_zone") or "UTC")
        except Exception as error:
            from app.services.integrity import damage  # noqa: PLC0415 - rare

            if not books.damaged:
                books.close()
                raise damage.told(books, error) from error
        self._clock = books.clock
        return books


def _window_books(home: Path, passphrase: str | None, clock: _WindowClock, key_hex: str | None = None) -> Books:
    from app.services.audit import audit_archive  # noqa: PLC0415
    from app.services.books import opening  # noqa: PLC0415
    from app.services.books.open_books import Unlock  # noqa: PLC0415
    from app.services.program import program_log  # noqa: PLC0415

    with program_log.window_opens(home):
        books = opening.open_books(
            home, Unlock(passphrase=passphrase, key_hex=key_hex), keychain=system_keychain,
            clock=system_clock(clock.fixed, "UTC"), program="the window of 1099 Ops",
        )  # fmt: skip
    audit_archive.window_opened(books)
    return books


def _window_beside(home: Path, key_hex: str, clock: _WindowClock) -> Books:
    from app.services.books import opening  # noqa: PLC0415
    from app.services.books.open_books import Unlock  # noqa: PLC0415

    return opening.open_books(
        home, Unlock(key_hex=key_hex), keychain=system_keychain, clock=system_clock(clock.fixed, "UTC"),
        program="the window of 1099 Ops",
    )  # fmt: skip


def _window_otherwise(home: Path, unlock: Unlock, how: How, clock: _WindowClock) -> Books:
    """Open books by a recovery key, or damaged ones: those are not written to."""
    from app.services.audit import audit_archive  # noqa: PLC0415
    from app.services.books import opening  # noqa: PLC0415
    from app.services.program import program_log  # noqa: PLC0415

    for_work = how.value == "work"
    with program_log.window_opens(home):
        books = opening.open_books(
            home, unlock, keychain=system_keychain, clock=system_clock(clock.fixed, "UTC"),
            program="the window of 1099 Ops", read_only=how.value == "look", rescue=not for_work,
        )  # fmt: skip
    if for_work:
        audit_archive.window_opened(books)
    return books


def _window_create(home: Path, mode: str, passphrase: str | None, clock: _WindowClock) -> Books:
    from app.adapters.randomness import OsRandomness  # noqa: PLC0415
    from app.core.security.envelope import Mode  # noqa: PLC0415
    from app.services.books import opening  # noqa: PLC0415
    from app.services.program import program_log  # noqa: PLC0415

    with program_log.window_opens(home):
        made, _ = opening.create(
            home, mode=Mode(mode), passphrase=passphrase,
            keychain=None if mode == Mode.PASSPHRASE else system_keychain(),
            randomness=OsRandomness(), clock=system_clock(clock.fixed, "UTC"),
        )  # fmt: skip
    made.in_window = True
    return made


def _window_throwaway(home: Path, clock: _WindowClock, moment: datetime | None) -> Books:
    from app.adapters.clock import SampleClock  # noqa: PLC0415
    from app.adapters.randomness import OsRandomness  # noqa: PLC0415
    from app.core.security.envelope import Mode  # noqa: PLC0415
    from app.core.security.key_derivation import MIN_MEMORY_MIB  # noqa: PLC0415
    from app.services.books import opening  # noqa: PLC0415
    from app.services.program import sample_books  # noqa: PLC0415

    secret = OsRandomness().token(32).hex()
    made, _ = opening.create(
        home, mode=Mode.PASSPHRASE, passphrase=secret, keychain=None, randomness=OsRandomness(),
        clock=SampleClock(sample_books.PROFILE["time_zone"], sample_books.TODAY, moment),
        kdf_memory_mib=MIN_MEMORY_MIB,
    )  # fmt: skip
    clock.show_sample(made.clock)
    return made

"""The parts of this computer that both front ends are given: folder, clock, chance, keychain, and a guarded process."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.core.ports import Clock, Keychain, Randomness


def guard_process(*, is_window: bool = False) -> None:
    """Keep this process's memory off the disk, and its errors' texts off every screen and file."""
    from app.adapters import hardening, hooks  # noqa: PLC0415 - as all below

    hardening.harden(is_window=is_window)
    hooks.install()


def feed_own_keys() -> int:
    """Hand the person's own keys of the provider to the relay child that waits for them; return the exit code."""
    from app.services.bank import own_keys_feeder  # noqa: PLC0415

    return own_keys_feeder.main()


def default_home() -> Path:
    from platformdirs import user_data_path  # noqa: PLC0415 - only when no --home is given

    return user_data_path("1099ops", appauthor=False)


def system_clock(today: date | None, time_zone: str) -> Clock:
    from app.adapters.clock import SystemClock  # noqa: PLC0415

    return SystemClock(time_zone, fixed_today=today)


def system_randomness() -> Randomness:
    from app.adapters.randomness import OsRandomness  # noqa: PLC0415

    return OsRandomness()


def system_keychain() -> Keychain:
    from app.adapters.keychain import SystemKeychain  # noqa: PLC0415

    return SystemKeychain()

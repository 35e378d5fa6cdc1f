"""Ask the window that has a home open to do something."""

from __future__ import annotations

from pathlib import Path


def ask_to_lock(home: Path) -> bool:
    """Return whether a window had these books open and took the wish to lock them."""
    from app.adapters import window_socket  # noqa: PLC0415 - only this command speaks to the window

    return window_socket.ask(home, "lock")

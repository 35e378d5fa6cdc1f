"""Which run of the computer this is: between two, whatever was not synced may be gone."""

from __future__ import annotations

from functools import cache
from pathlib import Path


@cache
def boot_id() -> str:
    """Return a name for this run of the computer; nothing where the system has none."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()[:36]
    except (OSError, ValueError):
        return ""

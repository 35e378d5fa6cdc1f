"""Which program this is. Of its own, so that asking for the version loads nothing else."""

from __future__ import annotations

APP_VERSION = "0.1.0"

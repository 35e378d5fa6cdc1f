"""The version of the program, as every front end, backup and pack states it."""

from __future__ import annotations

APP_VERSION = "0.1.0"

"""Wires store, adapters, services and front ends: the only package that knows them all. Heavy things load when used."""

from __future__ import annotations

from app.bootstrap.command_line import run
from app.bootstrap.parts import feed_own_keys, guard_process
from app.bootstrap.window import run_window, window_wiring

__all__ = ["feed_own_keys", "guard_process", "run", "run_window", "window_wiring"]

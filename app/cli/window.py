"""`gui`: the window. Here only for the list of nouns and for options that stand before the noun."""

from __future__ import annotations

import argparse

from app.cli.session import Session
from app.core.errors import Usage


def build(_noun: str, parser: argparse.ArgumentParser) -> None:
    parser.description = "Open the window. Its options follow the noun: ops1099 gui --home DIR --today DATE FILE…"
    parser.set_defaults(run=_refuse)


def _refuse(_session: Session, _arguments: argparse.Namespace) -> int:
    raise Usage("The window takes its options behind the noun.", "Write it as: ops1099 gui --home DIR")

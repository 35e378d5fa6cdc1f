"""Reading what people type behind a noun."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from app.core.dates import Day
from app.core.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.cli.session import Session
    from app.services.books.work import Outcome


def count(text: str) -> int:
    """Return a number of rows, for argparse; 0 means all. Raises: ArgumentTypeError."""
    if not text.isascii() or not text.isdecimal() or len(text) > 9:
        raise argparse.ArgumentTypeError(f"“{text}” is not a number of rows; 0 means all")
    return int(text)


def number(text: str) -> int:
    """Return the number of a row, for argparse. Raises: ArgumentTypeError; no row has a number of 19 digits."""
    if not text.isascii() or not text.isdecimal() or len(text) > 18:
        raise argparse.ArgumentTypeError(f"“{text[:40]}” is not the number of a row")
    return int(text)


def year(text: str) -> int:
    """Return a year of the program's calendar, for argparse. Raises: ArgumentTypeError."""
    if not text.isascii() or not text.isdecimal() or len(text) != 4 or not 1970 <= int(text) <= 2199:
        raise argparse.ArgumentTypeError(f"“{text[:40]}” is not a year of 1970 to 2199")
    return int(text)


def key_values(pairs: list[str], settable: Sequence[str] = ()) -> dict[str, str]:
    """Return `K=V` arguments as a mapping; with `settable` no other keys are taken. Raises: Refused."""
    found: dict[str, str] = {}
    for pair in pairs:
        name, mark, value = pair.partition("=")
        if not mark or not name.strip():
            raise Refused(f"“{pair}” has no value.", "Write it as note=lunch.")
        if name.strip() in found:
            raise Refused(f"“{name.strip()}” is given twice.", "Give each once.")
        found[name.strip()] = value
    strange = sorted(set(found) - set(settable)) if settable else []
    if strange:
        raise Refused(f"“{strange[0]}” cannot be set.", f"These can: {', '.join(settable)}.")
    return found


def cents(text: str) -> int:
    """Return the cents of an amount in dollars. Raises: Refused."""
    from app.core.ingest.values import cents_of_typed  # noqa: PLC0415 - few commands take amounts

    try:
        return cents_of_typed(text)
    except ValueError as error:
        raise Refused(f"“{text}” is not an amount.", "Write it as 1234.50 or -15.") from error


def day(text: str | None) -> Day | None:
    """Return the day of an ISO date. Raises: Refused."""
    if text is None:
        return None
    from app.core.ingest.typed import day_typed  # noqa: PLC0415 - few commands take dates

    return day_typed(text)


def add_dry_run(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--dry-run", action="store_true", help="say what would happen and change nothing")


def done(outcome: Outcome, arguments: argparse.Namespace, **more: object) -> dict[str, object]:
    """Return the keys every write answers."""
    return {"operation": outcome.operation, "dry_run": bool(arguments.dry_run), **more}


def done_text(outcome: Outcome, arguments: argparse.Namespace, back: str = "undo") -> str:
    if arguments.dry_run:
        return "Nothing was changed (dry run)."
    if outcome.operation is None:
        return "Nothing changed."
    return f"Done (operation {outcome.operation}; take it back with: ops1099 {back})."


def told(
    session: Session, outcome: Outcome, arguments: argparse.Namespace, *, back: str = "undo", **more: object
) -> int:
    """Answer for a write the way every write is answered; returns the exit code."""
    session.emit(done(outcome, arguments, **more), done_text(outcome, arguments, back))
    return 0

"""`bank sync`: fetch what is new at one linked bank, or at all of them.

The five minutes between two clicks in the window do not bind this command: who types it twice means it. For whoever
lets it run by a timer there is `--due`, which asks no bank before its time; then it costs the relay nothing however
often it is run.
"""

from __future__ import annotations

import argparse
import contextlib
import sys
from typing import TYPE_CHECKING

from app.cli.output import printable, table
from app.cli.session import Session
from app.core.books.naming import counted
from app.core.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from app.services.bank.bank_accounts import Joined
    from app.services.bank.bank_sync import SyncResult
    from app.services.bank.bank_unread import Unread

_SHOWN = 20
_LATE = "The bank is still loading its history: figures of whole years wait until all of it is here."


def build(parser: argparse.ArgumentParser) -> None:
    """Give the verb's parser its arguments and what it runs."""
    parser.add_argument("connection", nargs="?", metavar="ID", help="the bank's number of `bank status`; all without")
    parser.add_argument(
        "--due", action="store_true", help="for timers: only banks whose time has come, mostly six hours"
    )
    parser.set_defaults(run=run)


def run(session: Session, arguments: argparse.Namespace) -> int:
    from app.services.bank import bank_sync  # noqa: PLC0415 - only where a bank is asked

    number = None
    if arguments.connection is not None:
        if not arguments.connection.isdecimal() or len(arguments.connection) > 18:
            raise NotFound(f"There is no connected bank “{arguments.connection}”.", "See: ops1099 bank status")
        number = int(arguments.connection)
    with _counted(session) as tell:
        made = bank_sync.sync(session.books, number, only_due=arguments.due, tell=tell)
    body = {
        "added": made.added, "modified": made.modified, "removed": made.removed, "operation": made.operation,
        "history": made.history,
        "connections": [
            {
                "id": each.connection, "institution": each.institution, "added": each.added, "modified": each.modified,
                "removed": each.removed, "operation": each.operation, "history": each.history,
                "refused": each.refused, "held_back": each.held_back, "error": each.error.code if each.error else None,
                "skipped": each.skipped, "due": each.due,
                "unread": [row._asdict() for row in each.unread], "joined": [one._asdict() for one in each.joined],
            }
            for each in made.connections
        ],
    }  # fmt: skip
    session.emit(body, _text(made))
    return 0


@contextlib.contextmanager
def _counted(session: Session) -> Iterator[Callable[[int], None] | None]:
    """Show how many rows have come, only on a terminal: how many there are nobody knows before the last page."""
    if session.options.quiet or not sys.stderr.isatty():
        yield None
        return

    def tell(rows: int) -> None:
        sys.stderr.write(f"\r{counted(rows, 'row')} read\x1b[K")
        sys.stderr.flush()

    try:
        yield tell
    finally:
        sys.stderr.write("\r\x1b[K")
        sys.stderr.flush()


def _text(made: SyncResult) -> str:
    rows = [
        (each.connection, each.institution, each.added, each.modified, each.removed,
         str(each.error) if each.error else f"not asked before {each.due}" if each.skipped
         else _remarks(each.refused, each.held_back))
        for each in made.connections
    ]  # fmt: skip
    lines = [table(("id", "bank", "new", "changed", "gone", ""), rows, right=(0, 2, 3, 4))]
    for each in made.connections:
        lines += joined_lines(each.joined)
        lines += unread_lines(each.institution, each.unread)
    return "\n".join([*lines, _LATE] if made.history != "complete" else lines)


def joined_lines(accounts: Sequence[Joined]) -> list[str]:
    """Say which accounts of a bank are accounts that the books had before."""
    return [
        f"{printable(each.name)}{f' ··{printable(each.last4)}' if each.last4 else ''} is your account "
        f"{printable(each.account)} (number {each.account_id}): its transactions go there."
        for each in accounts
    ]


def unread_lines(institution: str, rows: Sequence[Unread]) -> list[str]:
    """Say which rows of a bank are missing, and what to do."""
    if not rows:
        return []
    many = "1 transaction" if len(rows) == 1 else f"{len(rows):,} transactions"
    lines = [f"{many} of {printable(institution)} came incomplete and {'is' if len(rows) == 1 else 'are'} not booked:"]
    lines += [f"  {printable(each.account)}: {printable(each.reason)}" for each in rows[:_SHOWN]]
    lines += [f"  and {len(rows) - _SHOWN:,} more"] if len(rows) > _SHOWN else []
    return [*lines, "  Each comes in by itself when the bank sends it whole; until then it can be added by hand."]


def _remarks(refused: int, held_back: int) -> str:
    said = []
    if refused:
        said.append(f"{counted(refused, 'row')} could not be read")
    if held_back:
        said.append(f"{counted(held_back, 'row')} of sealed years left out")
    return "; ".join(said)

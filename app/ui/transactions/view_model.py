"""What the page loads in the pool."""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.core.books import naming

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

    from app.services.books.open_books import Books
    from app.services.ledger.finding import Found, Query
    from app.services.ledger.row_detail import Detail
    from app.ui.runtime.tasks import Token
    from app.ui.transactions.model import Line

_LOOKED_AT = 10
"""Steps of the history in which an undone one is looked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    ids: array[int]
    accounts: dict[int, str]
    undone: frozenset[int]
    """Those of the page's own operations that have been taken back since."""


def load(books: Books, token: Token, query: Query, own: Collection[int]) -> Loaded:
    """Find the rows. `own` are operations of the page that stood when it last looked."""
    from app.services.books import history  # noqa: PLC0415 - the window is painted before they load
    from app.services.ledger import finding  # noqa: PLC0415 - the window is painted before they load

    token.check()
    with books.reading():
        ids = finding.ids(books, query)
        labels = {at.id: naming.account_short(at.name, at.last4, at.institution) for at in books.accounts.all()}
        undone: frozenset[int] = frozenset()
        if own:
            latest = history.history(books, limit=_LOOKED_AT)
            undone = frozenset(step.id for step in latest if step.undone_by is not None and step.id in own)
    return Loaded(ids=ids, accounts=labels, undone=undone)


def sums(books: Books, token: Token, query: Query) -> Found:
    from app.services.ledger import finding  # noqa: PLC0415 - as above

    token.check()
    return finding.totals(books, query)


def lines(books: Books, ids: Sequence[int]) -> list[Line]:
    """Return some rows with their words: a block, quick enough for the GUI thread."""
    from app.services.ledger import finding  # noqa: PLC0415 - as above
    from app.ui.transactions.model import Line  # noqa: PLC0415 - the model imports Qt

    with books.reading():
        rows = finding.block(books, ids)
        return [Line(row, shown) for row, shown in zip(rows, finding.shown(books, rows), strict=True)]


def detail(books: Books, token: Token, transaction_id: int) -> Detail:
    from app.services.ledger import row_detail  # noqa: PLC0415 - as above

    token.check()
    return row_detail.detail(books, transaction_id)


def save_csv(books: Books, token: Token, query: Query, path: Path) -> int:
    """Write what a query finds as the product's own CSV, whole or not at all; returns the number of lines.

    Raises: BadFile, DiskFull, Refused, Cancelled.
    """
    from app.services.ledger import listing  # noqa: PLC0415 - as above

    token.check()
    with books.reading():
        return listing.save_csv(books, query.parse_text(), path, token.check)

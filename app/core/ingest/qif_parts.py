"""Parts of a split row: as a QIF file gives them, and as the memo of the row keeps them until a person books them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple

from app.core.ingest.memo_marks import SPLIT
from app.core.ingest.values import cents_of_plain, cents_of_typed, folded
from app.core.money import dollars, share

_BETWEEN = "; "
_MOST_KEPT = 900
"""Characters of the parts that a memo keeps whole; longer ones are told by their number."""


class FilePart(NamedTuple):
    cents: int
    category: str
    """As the file names it; `[Account]` for money moved to an account of one's own."""
    memo: str


class Spoken(NamedTuple):
    """A part as written: category, memo, amount and share, each may be empty."""

    category: str
    memo: str
    amount: str
    share: str


def parts_of(spoken: Sequence[Spoken], cents: int, *, comma: bool) -> tuple[FilePart, ...]:
    """Return the parts of a row. Raises: ValueError when they do not add up to its amount, or give none."""
    shares = [part for part in spoken if not part.amount]
    if shares and len(shares) < len(spoken):
        raise ValueError("a part without an amount")
    amounts = _by_share(spoken, cents) if shares else [cents_of_typed(p.amount, decimal_comma=comma) for p in spoken]
    if sum(amounts) != cents:
        raise ValueError("the parts do not add up")
    return tuple(
        FilePart(amount, _bare(part.category), _bare(part.memo)) for amount, part in zip(amounts, spoken, strict=True)
    )


def _by_share(spoken: Sequence[Spoken], cents: int) -> list[int]:
    """Return the cents of parts in percent; what rounding leaves goes to the last."""
    hundredths = [cents_of_plain(part.share.rstrip("%").strip()) for part in spoken]
    if sum(hundredths) != 100_00 or min(hundredths) < 0:
        raise ValueError("the shares are not one whole")
    amounts = [share(cents, Decimal(part) / 10_000) for part in hundredths[:-1]]
    return [*amounts, cents - sum(amounts)]


def _bare(text: str) -> str:
    """Return a text without the signs that part the parts."""
    return folded(text.replace(";", ",").replace("(", "").replace(")", ""))


def written(parts: Iterable[FilePart]) -> str:
    """Return the parts as a memo keeps them: `Split: Office (paper) -60.00; [Savings] -40.00`."""
    told = [" ".join([part.category or "No category", *([f"({part.memo})"] if part.memo else []), dollars(part.cents)])
            for part in parts]  # fmt: skip
    text = SPLIT + _BETWEEN.join(told)
    return text if len(text) <= _MOST_KEPT else f"In {len(told)} parts"


def parts_in(memo: str | None, cents: int) -> tuple[FilePart, ...]:
    """Return the parts a memo keeps of a row of so many cents; none where they do not add up to it."""
    _, mark, told = (memo or "").partition(SPLIT)
    found = []
    for part in told.split(_BETWEEN) if mark else ():
        words, _, amount = part.rpartition(" ")
        category, _, note = words.partition(" (")
        try:
            found.append(FilePart(cents_of_plain(amount), category, note.rstrip(")")))
        except ValueError:
            return ()
    return tuple(found) if len(found) > 1 and sum(part.cents for part in found) == cents else ()

"""A layout bound to the columns of one file: from role to field index, and the small readers of single cells."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from app.core.ingest.csv_layouts import WIDEST, Layout, normal
from app.core.ingest.values import cents_of_typed

LONGEST_TEXT = 1000
"""Characters of a descriptor or memo that are kept."""

_TAG = re.compile(r"<[^<>]{0,80}>")
_KEPT_JOINERS = "\u200d\ufe0f"
_BLANKS = frozenset({"", "-", "--", "—", "–", "n/a", "N/A"})


class Columns(NamedTuple):
    """Field indices of the roles; -1 or an empty tuple where the file has no such column."""

    layout: Layout
    names: tuple[str, ...]
    essential: int
    """Fields a row must have to be read at all."""
    width: int
    date: int
    other_date: int
    transacted: int
    time: int
    zone: int
    text: tuple[int, ...]
    more_text: tuple[int, ...]
    memo: tuple[int, ...]
    amount: int
    debit: int
    credit: int
    direction: int
    gross: int
    refunded: int
    fee: int
    balance: int
    bank_id: int
    type: tuple[int, ...]
    status: int
    impact: int
    reference: int
    currency: int
    exchange_from: int
    exchange_to: int
    exchanged: int
    fee_within: int
    account: int
    account_name: int
    institution: int


def bind(layout: Layout, names: Sequence[str]) -> Columns:
    """Return a layout bound to the normal names of a header (or to `#1`, `#2` … for a file without one)."""
    where: dict[str, int] = {}
    for index, name in enumerate(names[:WIDEST]):
        where.setdefault(f"#{index + 1}", index)
        if name:
            where.setdefault(name, index)

    def one(role: tuple[str, ...]) -> int:
        return next((where[name] for name in role if name in where), -1)

    def each(role: tuple[str, ...]) -> tuple[int, ...]:
        return tuple(where[name] for name in role if name in where)

    dates, text = each(layout.date), each(layout.text)
    must = (*dates[:1], *text[:1], one(layout.amount), one(layout.debit), one(layout.credit))
    if layout.net_of_parts:
        must = (*must, one(layout.gross), one(layout.fee))
    return Columns(
        layout=layout,
        names=tuple(names),
        essential=max(must) + 1,
        width=len(names),
        date=dates[0] if dates else -1,
        other_date=dates[1] if len(dates) > 1 else -1,
        transacted=one(layout.transacted),
        time=one(layout.time),
        zone=one(layout.zone),
        text=text,
        more_text=each(layout.more_text),
        memo=each(layout.memo),
        amount=one(layout.amount),
        debit=one(layout.debit),
        credit=one(layout.credit),
        direction=one(layout.direction),
        gross=one(layout.gross),
        refunded=one(layout.refunded),
        fee=one(layout.fee),
        balance=one(layout.balance),
        bank_id=one(layout.bank_id),
        type=each(layout.type),
        status=one(layout.status),
        impact=one(layout.impact),
        reference=one(layout.reference),
        currency=one(layout.currency),
        exchange_from=one(layout.exchange_from),
        exchange_to=one(layout.exchange_to),
        exchanged=one(layout.exchanged),
        fee_within=one(layout.fee_within),
        account=one(layout.account),
        account_name=one(layout.account_name),
        institution=one(layout.institution_column),
    )


def with_sign(columns: Columns, sign: str) -> Columns:
    """Return the same columns read under another sign convention."""
    return columns._replace(layout=columns.layout._replace(sign=sign))


def names_of(fields: Sequence[str]) -> tuple[str, ...]:
    """Return the normal column names of a header record."""
    return tuple(normal(field) for field in fields[:WIDEST])


def is_blank(cell: str) -> bool:
    """Whether a cell holds nothing, or one of the dashes banks write for nothing."""
    return cell.strip() in _BLANKS


def any_blank(cells: Iterable[str]) -> bool:
    """Whether one of many cells is blank."""
    return not _BLANKS.isdisjoint(map(str.strip, cells))


def fold(cell: str) -> str:
    """Return a text with its white space folded and control, direction and unpaired characters dropped."""
    # Of all white space only a plain space is printable, so most cells are known to be folded by a look.
    if cell.isprintable() and "  " not in cell and cell[:1] != " " != cell[-1:]:
        return cell if len(cell) <= LONGEST_TEXT else cell[:LONGEST_TEXT].rstrip()
    folded = " ".join(cell.split())
    if not folded.isprintable():
        folded = "".join(c for c in folded if c.isprintable() or c in _KEPT_JOINERS or unicodedata.category(c) == "Co")
        folded = " ".join(folded.split())
    return folded if len(folded) <= LONGEST_TEXT else folded[:LONGEST_TEXT].rstrip()


def without_html(cell: str) -> str:
    """Return a text with entities resolved and tags taken for blanks."""
    import html  # noqa: PLC0415 - its table of entities is for the one layout that has any

    return _TAG.sub(" ", html.unescape(cell))


def cents_of_cell(cell: str, decimal_comma: bool) -> int:  # noqa: FBT001 - called once a row, by position
    """Return the cents of an amount cell; plain machine numbers take a short way. Raises: ValueError."""
    whole, mark, part = cell.partition(".")
    if mark and len(part) == 2 and part.isdigit() and cell.isascii() and len(whole) < 12:
        digits = whole[1:] if whole[:1] == "-" else whole
        if digits.isdigit():
            return int(whole + part)
    return cents_of_typed(cell, decimal_comma=decimal_comma)

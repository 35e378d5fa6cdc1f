"""Whose rows a file brings that names no bank: those of a linked account, where most of them are that account's.

A bank link tells the day a row was posted; many files print the day of the purchase, so the same row stands on another
day, up to three apart. Equal amounts on near days, each row of one side beside just one of the other, in order, say
that two lists are of one account: eight rows of five amounts, and three quarters of the days both tell of, seen from
either side. With less than that a person is asked; their word is `--account` or the choice in the window.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from app.core.books.vocabulary import AccountKind
from app.core.errors import AccountAmbiguous, AccountLikely

if TYPE_CHECKING:
    from app.core.dates import Day
    from app.core.ingest.statement import ParsedFile, Statement
    from app.services.books.open_books import Books
    from app.store.accounts import Account

DAYS_APART = 3
_SURE, _SURE_AMOUNTS, _SURE_PART = 8, 5, (3, 4)
_LIKELY, _LIKELY_PART = 3, (1, 2)
"""Rows, and as many amounts, and the part of the file's rows that raise the question."""

Dated = tuple["Day", int]
"""A row's day and its cents."""


class Likeness(NamedTuple):
    """How alike two lists of rows are."""

    pairs: int
    amounts: int
    """How many different amounts the pairs have: eight equal coffees say little."""
    mine: tuple[int, int]
    theirs: tuple[int, int]
    """Of the days that both tell of: rows with a partner, and all rows."""

    @property
    def is_sure(self) -> bool:
        part = all(_is_part(*side, _SURE_PART) for side in (self.mine, self.theirs))
        return self.pairs >= _SURE and self.amounts >= _SURE_AMOUNTS and part

    @property
    def is_likely(self) -> bool:
        return min(self.pairs, self.amounts) >= _LIKELY and _is_part(*self.mine, _LIKELY_PART)


def _is_part(some: int, whole: int, least: tuple[int, int]) -> bool:
    part, of = least
    return bool(some) and some * of >= part * whole


def likeness(mine: Sequence[Dated], theirs: Sequence[Dated]) -> Likeness:
    """Pair rows of equal amounts that are at most three days apart, each with one, in order."""
    if not mine or not theirs:
        return Likeness(0, 0, (0, 0), (0, 0))
    left, right = _by_amount(mine), _by_amount(theirs)
    paired: list[tuple[Day, Day, int]] = []
    for cents in left.keys() & right.keys():
        ours, others, place, other = left[cents], right[cents], 0, 0
        while place < len(ours) and other < len(others):
            apart = ours[place] - others[other]
            if abs(apart) <= DAYS_APART:
                paired.append((ours[place], others[other], cents))
            place += apart <= DAYS_APART
            other += apart >= -DAYS_APART
    first, last = max(min(mine)[0], min(theirs)[0]), min(max(mine)[0], max(theirs)[0])

    def within(days: Iterable[Day]) -> int:
        return sum(first <= day <= last for day in days)

    return Likeness(
        len(paired), len({cents for *_, cents in paired}),
        (within(day for day, _, _ in paired), within(day for day, _ in mine)),
        (within(day for _, day, _ in paired), within(day for day, _ in theirs)),
    )  # fmt: skip


def _by_amount(rows: Sequence[Dated]) -> dict[int, list[Day]]:
    found: dict[int, list[Day]] = defaultdict(list)
    for day, cents in sorted(rows):
        found[cents].append(day)
    return found


def linked_account(
    books: Books, statement: Statement, parsed: ParsedFile, accounts: Iterable[Account]
) -> Account | None:  # fmt: skip
    """Return the linked account among `accounts` whose rows a statement brings, and say so in the notes of its file.

    Raises: AccountLikely when it may be one and is not surely; AccountAmbiguous when two are. A file of several
    accounts is not held up by a doubt about one: that stands in its notes.
    """
    rows = [(row.posted, row.cents) for row in statement.rows if row.currency in {None, statement.currency}]
    if len(rows) < _LIKELY:
        return None
    found = [(_likeness_of(books, account, rows), account) for account in accounts if _is_linked(books, account)]
    sure = [account for how, account in found if how.is_sure and account.currency == statement.currency]
    if len(sure) == 1:
        parsed.notes.append(
            f"Its rows are those of {sure[0].name}, some on other days, so it belongs there. If it is another account, "
            "undo this import and say the account."
        )
        return sure[0]
    if sure:
        names = ", ".join(account.name for account in sure)
        raise AccountAmbiguous("The file fits more than one account.", f"Say which with --account: {names}.")
    found += [
        (_likeness_of(books, account, [(day, -cents) for day, cents in rows]), account)
        for _, account in found
        if account.kind == AccountKind.CREDIT
    ]  # a file of a card often prints charges without a sign: as that account's file it is read so
    doubts = sorted(
        (-how.pairs, account.id, account)
        for how, account in found
        if how.is_likely and account.currency == statement.currency
    )
    if not doubts:
        return None
    pairs, _, account = doubts[0]
    what = f"{-pairs:,} of {len(rows):,} rows look like rows of {account.name}, some on other days."
    if len(parsed.statements) > 1:
        parsed.notes.append(f"{what} If they are one account, undo this import and bring that account's file alone.")
        return None
    raise AccountLikely(
        what,
        f"If it is that account: --account {account.id}. If it is another: --account with a name of its own.",
        account_id=account.id,
    )


def _is_linked(books: Books, account: Account) -> bool:
    return books.bank.file_of(account.id) is not None


def _likeness_of(books: Books, account: Account, rows: Sequence[Dated]) -> Likeness:
    first, last = min(rows)[0] - DAYS_APART, max(rows)[0] + DAYS_APART
    held = books.told_rows.in_span(account.id, first, last)
    return likeness(rows, [(row.posted, row.cents) for row in held if row.currency == account.currency])

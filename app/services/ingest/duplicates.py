"""Which rows of a file are in the books already: by source key, by provider id, and across sources by likeness."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import partial
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple, cast

from app.core.dates import Day
from app.core.ingest.statement import SourceRow, Statement
from app.services.books.open_books import Books
from app.store.accounts import Account
from app.store.descriptors import Text, short_hash

if TYPE_CHECKING:
    from app.core.match.duplicates import Row

NEAR = 5
"""Days around a file's span in which rows of other sources may be the same ones (matching A)."""


class NewRow(NamedTuple):
    descriptor_id: int
    row: SourceRow
    source_key: int


class Met(NamedTuple):
    """A row of a source that the books hold in other words, or may."""

    row: SourceRow
    text: Text
    key: int
    id: int
    """The transaction."""


_new_row = cast("type[NewRow]", partial(tuple.__new__, NewRow))
"""Makes a row of the tuple of its fields, without a call of Python for each."""


class Known:
    """The rows of a statement, told apart."""

    def __init__(self) -> None:
        self.new: list[NewRow] = []
        self.existing: list[tuple[int, int]] = []
        """(line, transaction id) of rows that are in the books."""
        self.met: list[Met] = []
        """Those of them that may be told otherwise here."""
        self.repeats = 0
        """Records that the file itself gives twice under one provider id."""
        self.warnings: list[str] = []

    @property
    def duplicates(self) -> int:
        return len(self.existing) + self.repeats


def split_known(
    books: Books, account: Account, statement: Statement, layout: str, texts: Sequence[Text], ids: Mapping[Text, int],
    *, told: AbstractSet[int] = frozenset(), pending: AbstractSet[int] = frozenset(),
) -> Known:  # fmt: skip
    """Tell new rows from known ones.

    The source key is made of the day and a hash of provider id and cents; a row without id has cents, text and its
    number among equals in the file. Rows with a key of their own that an account holds from another source are matched
    by likeness; a file is never compared with itself. `ids` are the interned texts. `told` are rows of the books that
    the source tells of under other ids, so that none of these is one of them; `pending` the places of pending rows.
    """
    rows = statement.rows
    found = Known()
    if not rows:
        return found
    numbers = [ids[text] for text in texts]
    keys = _source_keys(books, rows, texts, numbers)
    first, last = min(map(_POSTED, rows)), max(map(_POSTED, rows))
    held = books.told_rows.source_keys(account.id, first, last)
    same: dict[int, int] = {}
    if held:
        same = {index: held[value] for index, value in enumerate(keys) if value is not None and value in held}
    taken = set(same.values())
    rest = [index for index, value in enumerate(keys) if value is not None and index not in same]
    again = _by_id_in_other_words(books, same, rows, numbers)
    if rest and books.transactions.span(account.id):
        alike = _alike(books, account, rows, texts, rest, taken | told, layout, pending)
        same |= alike
        again |= alike
    found.met = [
        Met(rows[index], texts[index], key, number)
        for index, number in sorted(again.items())
        if (key := keys[index]) is not None and index not in pending
    ]
    found.existing = [(rows[index].line, number) for index, number in sorted(same.items())]
    found.repeats = keys.count(None)
    every = zip(numbers, rows, keys, strict=True)
    if same or found.repeats:
        found.new = [
            NewRow(number, row, value)
            for index, (number, row, value) in enumerate(every)
            if value is not None and index not in same
        ]
    else:
        found.new = list(map(_new_row, every))
    reused = _ids_used_twice(rows)
    if reused:
        found.warnings.append(
            f"{reused} of the bank's ids stand on rows of different amounts or dates; such rows were kept apart."
        )
    if found.repeats:
        found.warnings.append(
            f"{found.repeats} rows repeat the bank's own id, amount, date and text of an earlier row in this file; "
            "they were taken once."
        )
    return found


_POSTED = itemgetter(SourceRow._fields.index("posted"))
_BANK_ID = itemgetter(SourceRow._fields.index("bank_id"))
_HASH_BITS = 46
_HASH = (1 << _HASH_BITS) - 1
_BY_CENTS, _BY_TEXT, _BY_ORDINAL = 0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9
"""Odd multipliers spread the three numbers over the bits; within one day of one account that is plenty."""
_FOLD = 29


def _source_keys(
    books: Books, rows: Sequence[SourceRow], texts: Sequence[Text], numbers: Sequence[int]
) -> list[int | None]:
    """Return the key of each row; None for a record that the file itself gives twice under one provider id.

    The day stands in the upper bits, so that an import writes its index nearly in order.
    """
    if not any(map(_BANK_ID, rows)):
        return _keys_without_ids(rows, numbers)
    key = books.subkey("account-fingerprint")
    keys: list[int | None] = []
    ordinals: dict[tuple[Day, int, int], int] = {}
    by_id: dict[tuple[str, int, Day], set[str]] = {}
    for row, text, number in zip(rows, texts, numbers, strict=True):
        posted, cents, bank_id = row.posted, row.cents, row.bank_id
        if bank_id:
            words = by_id.setdefault((bank_id, cents, posted), set())
            if text.text in words:
                keys.append(None)
                continue
            words.add(text.text)
            extra = f"#{len(words)}" if len(words) > 1 else ""
            keys.append(key_by_id(key, posted, f"{bank_id}\x1f{cents}{extra}"))
        else:
            name = (posted, cents, number)
            ordinals[name] = ordinals.get(name, 0) + 1
            keys.append(_key_of(*name, ordinals[name]))
    return keys


def key_by_id(key: bytes, posted: Day, words: str) -> int:
    return posted << _HASH_BITS | short_hash(key, words) & _HASH


def is_id_of(key: bytes, source_key: int | None, posted: Day, bank_id: str, cents: int) -> bool:
    """Tell whether a row came with a provider id, which is kept as a keyed hash only."""
    return source_key is not None and source_key == key_by_id(key, posted, f"{bank_id}\x1f{cents}")


def _keys_without_ids(rows: Sequence[SourceRow], numbers: Sequence[int]) -> list[int | None]:
    names = [(row[1], row[3], number) for row, number in zip(rows, numbers, strict=True)]
    # `_key_of` with ordinal 1, written out: one call a row is what everything else here costs together.
    keys: list[int | None] = [
        day << _HASH_BITS | (
            (mixed := cents * _BY_CENTS ^ number * _BY_TEXT ^ _BY_ORDINAL) ^ mixed >> _FOLD
        ) & _HASH
        for day, cents, number in names
    ]  # fmt: skip
    if len(set(names)) < len(names):
        ordinals: dict[tuple[Day, int, int], int] = {}
        for place, name in enumerate(names):
            ordinals[name] = ordinal = ordinals.get(name, 0) + 1
            if ordinal > 1:
                keys[place] = _key_of(*name, ordinal)
    return keys


def _key_of(posted: Day, cents: int, number: int, ordinal: int) -> int:
    mixed = cents * _BY_CENTS ^ number * _BY_TEXT ^ ordinal * _BY_ORDINAL
    return posted << _HASH_BITS | (mixed ^ mixed >> _FOLD) & _HASH


def _ids_used_twice(rows: Sequence[SourceRow]) -> int:
    """Return how many provider ids a file gives to records that differ in amount or date (matching A2)."""
    seen: dict[str, tuple[int, Day]] = {}
    reused: set[str] = set()
    for row in rows:
        if row.bank_id and seen.setdefault(row.bank_id, (row.cents, row.posted)) != (row.cents, row.posted):
            reused.add(row.bank_id)
    return len(reused)


def _alike(
    books: Books, account: Account, rows: Sequence[SourceRow], texts: Sequence[Text], rest: Sequence[int],
    spoken_for: set[int], layout: str, pending: AbstractSet[int],
) -> dict[int, int]:  # fmt: skip
    """Match rows to those another file brought, by amount, date and likeness; each held row absorbs one."""
    first, last = min(rows[i].posted for i in rest) - NEAR, max(rows[i].posted for i in rest) + NEAR
    held = [row for row in books.told_rows.in_span(account.id, first, last) if row.id not in spoken_for]
    if not held:
        return {}
    from app.core.match.duplicates import Row  # noqa: PLC0415 - most imports have one source

    # each currency of an account is a pot of its own: ten euros are not ten dollars
    pots: defaultdict[str, int] = defaultdict(lambda: len(pots))
    others, own = (
        [
            Row(row.id, pots[row.currency], row.posted, row.cents, row.text, "held", bought=row.transacted)
            for row in held if (row.layout == layout) is same
        ]
        for same in (False, True)
    )  # fmt: skip
    mine = {
        i: Row(
            i, pots[rows[i].currency or account.currency], rows[i].posted, rows[i].cents, texts[i].text, "file",
            i in pending, rows[i].transacted,
        )
        for i in rest
    }  # fmt: skip
    matched = _told_elsewhere(others, mine, _spans(books, account.id, layout)) if others else {}
    if own:
        matched |= _told_anew(own, [row for i, row in mine.items() if i not in matched])
    return matched


def _told_elsewhere(theirs: Sequence[Row], mine: Mapping[int, Row], spans: Sequence[tuple[Day, Day]]) -> dict[int, int]:
    """Match rows to those that a source of another layout brought.

    Only days that the other source covers count: a coffee of 1 February is not the one of 30 January merely because
    the earlier file came from another source.
    """
    from app.core.match.duplicates import SURE, absorb  # noqa: PLC0415 - most imports have one source

    covered = {i for i, row in mine.items() if any(start <= row.day <= end for start, end in spans)}
    matched = absorb(theirs, [row for i, row in mine.items() if i in covered])
    by_key = {row.key: row for row in theirs}
    # At the edge of the other source's days its row may lie inside them by a date of its own: the day of the purchase
    # which both give, or the days by which it dates most of what it tells earlier or later.
    usual = _usual_lags(Counter(mine[i].day - by_key[number].day for i, number in matched.items()), SURE)
    edge = [row for i, row in mine.items() if i not in covered]
    near = [
        row for row in edge if any(start <= row.day - lag <= end for start, end in spans for lag in usual)
    ]  # fmt: skip
    for rows, fits in ((near, lambda new, old: new.day - old.day in usual), (edge, _bought_alike)):
        left = by_key.keys() - matched.values()
        found = absorb([by_key[key] for key in sorted(left)], [row for row in rows if row.key not in matched])
        matched |= {i: number for i, number in found.items() if fits(mine[i], by_key[number])}
    return matched


def _told_anew(theirs: Sequence[Row], mine: Sequence[Row]) -> dict[int, int]:
    """Match rows to those of the same day that an earlier file of this layout brought.

    A bank lists all rows of a day in each download, so what one has more than the other is new, and what both have is
    the same, though the bank gave it another id, none at all or other words.
    """
    from app.core.match.duplicates import absorb  # noqa: PLC0415 - most imports have one source

    exact: dict[tuple[int, Day, int, str], list[Row]] = {}
    for row in theirs:
        exact.setdefault((row.account_id, row.day, row.cents, row.text.casefold()), []).append(row)
    matched: dict[int, int] = {}
    for row in mine:
        same = exact.get((row.account_id, row.day, row.cents, row.text.casefold()))
        if same:
            matched[row.key] = same.pop(0).key
    left = [row for rows in exact.values() for row in rows]
    return matched | absorb(left, [row for row in mine if row.key not in matched], same_day=True)


def _bought_alike(new: Row, old: Row) -> bool:
    return new.day != old.day and (new.day == old.bought or new.bought == old.day)


def _usual_lags(lags: Counter[Day], least: int) -> frozenset[Day]:
    """Return by how many days the other source dates most of what it tells earlier, or later; none where it does not.

    So it does at the edges of its days too. It is one number of days where most rows say so, else the several numbers
    of one direction: a bank posts each purchase a little later, one a day, another three.
    """
    for way in (
        *({lag} for lag in lags if lag),
        {lag for lag in lags if lag > 0}, {lag for lag in lags if lag < 0},
    ):  # fmt: skip
        count = sum(lags[lag] for lag in way)
        if count >= least and count * 2 > lags.total():
            return frozenset(way)
    return frozenset()


def _by_id_in_other_words(
    books: Books, same: Mapping[int, int], rows: Sequence[SourceRow], numbers: Sequence[int]
) -> dict[int, int]:  # fmt: skip
    """Return which of the rows that are known by the bank's id stand in the books in other words."""
    by_id = {index: number for index, number in same.items() if rows[index].bank_id}
    words = books.told_rows.descriptors_of(list(by_id.values())) if by_id else {}
    return {index: number for index, number in by_id.items() if words[number] != numbers[index]}


def _spans(books: Books, account_id: int, layout: str) -> list[tuple[Day, Day]]:
    """Return the days that other sources cover; rows entered by hand cover their own day."""
    spans = [
        (file.first_day, file.last_day)
        for file in books.accounts.files(account_id)
        if file.layout != layout and file.first_day is not None and file.last_day is not None
    ]
    by_hand = books.told_rows.days_by_hand(account_id)
    return spans + [(day - 3, day + 3) for day in by_hand]

"""What an update of a bank changes in the books: which rows are new, which are known by another id, which are gone.

Pure. An update is taken as a whole: what was added, then what was modified, then what was removed. A row that comes
under another id (posted after it was pending, or given a new id by the bank) stays the row it was, so that all a person
said about it stays with it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from app.core.bank.reading import BankRow
from app.core.dates import Day
from app.core.match.duplicates import normalised, similarity

POSTING_DAYS = 14
"""A pending row posts within so many days."""
_EARLIER = 1
_DAYS = 3
_NEAR = 25
"""Per cent by which an amount may change when it posts …"""
_TIP = 30
"""… and by which it may grow where people tip or fill up."""
_TIPPED = ("FOOD_AND_DRINK", "TRANSPORTATION_GAS", "TRANSPORTATION_TAXIS", "PERSONAL_CARE")
_LEAST_SIMILAR = 50
ERASED = "Erased payer "
"""How the text of a row begins whose payer was erased: it never becomes what it was."""


class Held(NamedTuple):
    """A row of the books that a bank tells of."""

    provider_id: str
    id: int
    account_id: int
    posted: Day
    transacted: Day | None
    tax_day: Day
    cents: int
    currency: str
    pending: int
    descriptor_id: int
    text: str
    type_word: str | None
    memo: str | None
    own: int
    """Whether the link made it; else a file or a person did, and their word stands."""
    in_file: int
    """Whether a file tells of it too."""
    deleted_reason: str | None
    usd_cents: int | None
    is_split: int


class Told(NamedTuple):
    """A row of an update, ready for the books: its account is one of theirs, its texts are masked."""

    row: BankRow
    account_id: int
    text: str
    type_word: str | None
    memo: str | None
    currency: str

    @property
    def likeness(self) -> tuple[int, Day, int, str, str]:
        source = self.row.source
        return self.account_id, source.posted, source.cents, self.currency, self.text


class Change(NamedTuple):
    """A row of the books that is told of again; `old_id` is the id it went by."""

    held: Held
    told: Told
    old_id: str


class Plan(NamedTuple):
    changes: list[Change]
    fresh: list[Told]
    gone: list[Held]


def merged(
    added: Iterable[BankRow], modified: Iterable[BankRow], removed: Iterable[str]
) -> tuple[dict[str, BankRow], set[str]]:
    """Return the rows that stand after a whole update, and the ids that are gone."""
    gone = set(removed)
    rows = {row.provider_id: row for row in added}
    rows.update((row.provider_id, row) for row in modified)
    for number in gone & rows.keys():
        del rows[number]
    return rows, gone


def plan(
    told: Mapping[str, Told], removed: set[str], held: Mapping[str, Held], taken_back: Sequence[Held] = (), *,
    whole: bool = False, unreadable: frozenset[str] = frozenset(),
) -> Plan:  # fmt: skip
    """Return what to do. `held` are the rows known under the ids named; `whole` says that all rows of the bank came.

    `taken_back` are deleted rows that a bank took back before: a row just like one is that one again. `unreadable` are
    ids that came but could not be read; what the books hold of them stays as it is.
    """
    changes: list[Change] = []
    new: dict[str, Told] = {}
    for number, row in told.items():
        if number in held:
            changes.append(Change(held[number], row, number))
        else:
            new[number] = row
    leaving = held.keys() - told.keys() - unreadable if whole else removed & held.keys()
    gone = {number: held[number] for number in held if number in leaving}
    changes = _posted_by_id(new, held, gone, changes)
    _same_again(new, gone, changes)
    _same_elsewhere(new, gone, changes)
    _nearly_again(new, gone, changes)
    if new and taken_back:
        used = {change.held.id for change in changes}
        _same_again(new, {f"{n} {each.id}": each for n, each in enumerate(taken_back) if each.id not in used}, changes)
    return Plan(changes, list(new.values()), list(gone.values()))


def _posted_by_id(
    new: dict[str, Told], held: Mapping[str, Held], gone: dict[str, Held], changes: list[Change]
) -> list[Change]:
    """Let rows that say which pending row they were take its place."""
    waiting = {change.old_id for change in changes if change.told.row.pending}
    settled = {change.old_id for change in changes} - waiting
    replaced: set[str] = set()
    for number, row in list(new.items()):
        before = row.row.pending_id
        if before is None or row.row.pending:
            continue
        if before in new and new[before].row.pending:
            del new[before]  # both came at once: only the posted one is a row
        elif before in held and held[before].pending and before not in replaced | settled:
            changes.append(Change(held[before], row, before))
            gone.pop(before, None)
            replaced.add(before)
            del new[number]
    return [each for each in changes if each.old_id not in replaced or each.told.row.provider_id != each.old_id]


def _same_again(new: dict[str, Told], gone: dict[str, Held], changes: list[Change]) -> None:
    """A row that left and one that came are one when account, day, amount and text are equal."""
    if not new or not gone:
        return
    left: dict[tuple[int, Day, int, str, str], list[str]] = defaultdict(list)
    for number, each in gone.items():
        left[each.account_id, each.posted, each.cents, each.currency, each.text].append(number)
    for number, row in list(new.items()):
        numbers = left.get(row.likeness)
        if numbers:
            old = gone.pop(numbers.pop(0))
            changes.append(Change(old, row, old.provider_id))
            del new[number]


def _same_elsewhere(new: dict[str, Told], gone: dict[str, Held], changes: list[Change]) -> None:
    """A row that left one account and came in another of the bank, under another id, was moved by the bank."""
    left: dict[tuple[Day, int, str, str], list[str]] = defaultdict(list)
    for number, each in gone.items() if new else ():
        if not each.pending:
            left[each.posted, each.cents, each.currency, each.text].append(number)
    for number, row in list(new.items()) if left else ():
        numbers = left.get(row.likeness[1:])
        if numbers and not row.row.pending:
            old = gone.pop(numbers.pop(0))
            changes.append(Change(old, row, old.provider_id))
            del new[number]


def _nearly_again(new: dict[str, Told], gone: dict[str, Held], changes: list[Change]) -> None:
    """Match what posted without saying what it was, and what has another id and is told a little otherwise.

    The nearest amount comes first, then the nearest day. A wrong pair costs little: the row is as the bank tells it,
    and only what a person said of the old one stands with a new one just like it.
    """
    waiting: dict[int, list[tuple[str, Held]]] = defaultdict(list)
    for number, each in gone.items():
        waiting[each.account_id].append((number, each))
    if not waiting:
        return
    found: list[tuple[int, int, str, str]] = []
    for number, row in new.items():
        for old_number, old in waiting.get(row.account_id, ()):
            if _is_near(old, row):
                source = row.row.source
                found.append((abs(old.cents - source.cents), abs(source.posted - old.posted), old_number, number))
    for _, _, old_number, number in sorted(found):
        if old_number in gone and number in new:
            changes.append(Change(gone.pop(old_number), new.pop(number), old_number))


def _is_near(old: Held, row: Told) -> bool:
    source = row.row.source
    if old.currency != row.currency or (old.cents < 0) != (source.cents < 0):
        return False
    if old.text.startswith(ERASED):
        return old.posted == source.posted and old.cents == source.cents
    posts = old.pending and not row.row.pending
    earlier, later = (_EARLIER, POSTING_DAYS) if posts else (_DAYS, _DAYS)
    if not -earlier <= source.posted - old.posted <= later:
        return False
    before, now = abs(old.cents), abs(source.cents)
    tipped = posts and (row.type_word or old.type_word or "").startswith(_TIPPED)
    if not abs(now - before) * 100 <= _NEAR * before and not (tipped and before <= now <= before * (100 + _TIP) // 100):
        return False
    if old.memo and row.memo and normalised(old.memo) == normalised(row.memo):
        return True
    return similarity(normalised(old.text), normalised(row.text)) >= _LEAST_SIMILAR

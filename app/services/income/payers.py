"""Who paid: every payer with what came in a year, how often, and how much of the income that is.

Nothing here is stored: payers are found in the texts of booked income, and what a person settled about them holds.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from app.core.dates import FIRST_DAY, LAST_DAY, Day, date_of, year_days
from app.core.errors import Conflict, NotFound
from app.core.income import payers as grouping
from app.core.income.payer_name import Method, Named, named
from app.core.income.payers import Choice, Payers, Seen
from app.core.income.rhythm import Paid, Rhythm, rhythm
from app.services.books.open_books import Books
from app.services.books.shared import shared
from app.store.descriptors import Text
from app.store.income import ReceiptRow

_BEYOND_TEXTS = 1_000_000_000
"""Numbers of payers from here on are known only by a name that a former version of the program kept no text of."""


class Receipt(NamedTuple):
    """One payment of booked income. Units: US cents; `gross` before fees, `fees` and `returned` zero or negative."""

    id: int
    day: Day
    account_id: int
    payer: int | None
    """None when nothing names the payer."""
    text_id: int
    key: str
    gross: int
    fees: int
    returned: int
    method: Method
    network: str


class Known(NamedTuple):
    """All payers of the books and all they paid, oldest first."""

    payers: Mapping[int, grouping.Payer]
    receipts: Sequence[Receipt]
    near: Sequence[grouping.Near]
    of_text: Mapping[int, int]
    names: Mapping[str, str]
    """What people call each key."""
    added: frozenset[int]
    """Payers a person spoke of: they are shown also while they have paid nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PayerYear:
    """A payer and one year. Units: US cents; shares and regularity in basis points."""

    id: int
    name: str
    total_cents: int
    """Gross: line 1 of Schedule C counts it."""
    fees_cents: int
    returned_cents: int
    count: int
    first_day: Day | None
    """Of all payments ever."""
    last_day: Day | None
    """The last payment up to the day asked for, of whatever year."""
    share: int
    rhythm: Rhythm
    methods: Mapping[str, int]
    months_cents: Sequence[int]
    forms: Sequence[int]

    @property
    def banked_cents(self) -> int:
        return self.total_cents + self.fees_cents + self.returned_cents


@dataclass(frozen=True, slots=True, kw_only=True)
class IncomeYear:
    year: int
    as_of: Day
    total_cents: int
    fees_cents: int
    payers: Sequence[PayerYear]
    """The largest first."""
    nameless_cents: int
    nameless_count: int
    uncounted_cents: int
    """From what a person said is no payer."""
    near: Sequence[grouping.Near]

    @property
    def largest_share(self) -> int:
        return max((payer.share for payer in self.payers), default=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """A name under which a payer's deposits stand in the books."""

    text_id: int
    key: str
    name: str
    count: int
    example: str


def known(books: Books) -> Known:
    """Return all payers and their payments; made once for each state of the books."""
    return shared(books, "payers", lambda: _known(books))


def in_year(books: Books, year: int, as_of: Day | None = None, *, every: bool = False) -> IncomeYear:
    """Return who paid in a year up to a day; `every` also those who paid in other years only."""
    first, last = year_days(year)
    day = min(last, as_of if as_of is not None else last)
    found = known(books)
    total = sum(each.gross for each in found.receipts if first <= each.day <= day)
    by_payer: dict[int, list[Receipt]] = defaultdict(list)
    nameless: list[Receipt] = []
    for each in found.receipts:
        if each.day > day:
            continue
        if each.payer is not None:
            by_payer[each.payer].append(each)
        elif each.day >= first:
            nameless.append(each)
    forms: dict[int, list[int]] = defaultdict(list)
    for form in books.income.forms():
        if form.year == year:
            forms[found.of_text.get(form.text_id, 0)].append(form.id)
    rows = [
        _payer_year(found.payers[number], by_payer.get(number, []), first, total, forms.get(number, ()))
        for number in found.payers
        if by_payer.get(number) or number in found.added
    ]
    shown = [
        row for row in rows
        if found.payers[row.id].counted and (every or row.count or row.forms or not by_payer.get(row.id))
    ]  # fmt: skip
    return IncomeYear(
        year=year, as_of=day, total_cents=total,
        fees_cents=sum(each.fees for each in found.receipts if first <= each.day <= day),
        payers=sorted(shown, key=lambda row: (-row.total_cents, row.name.casefold(), row.id)),
        nameless_cents=sum(each.gross for each in nameless), nameless_count=len(nameless),
        uncounted_cents=sum(row.total_cents for row in rows if not found.payers[row.id].counted), near=found.near,
    )  # fmt: skip


def of_payer(books: Books, payer: grouping.Payer, year: int, as_of: Day) -> PayerYear:
    """Return one payer and a year up to a day."""
    first, last = year_days(year)
    day = min(last, as_of)
    found = known(books)
    total = sum(each.gross for each in found.receipts if first <= each.day <= day)
    own = [each for each in found.receipts if each.payer == payer.id and each.day <= day]
    forms = [row.id for row in books.income.forms() if row.year == year and found.of_text.get(row.text_id) == payer.id]
    return _payer_year(payer, own, first, total, forms)


def find(books: Books, selector: str) -> grouping.Payer:
    """Return the payer a person means, by number or exact name. Raises: NotFound; Conflict when two have the name."""
    found = known(books)
    if selector.isascii() and selector.isdecimal() and len(selector) < 19:
        number = int(selector)
        payer = found.payers.get(found.of_text.get(number, number))
        matches = [payer] if payer else []
    else:
        wanted = " ".join(selector.split()).casefold()
        matches = [payer for payer in found.payers.values() if payer.name.casefold() == wanted]
    if not matches:
        raise NotFound(f"There is no payer “{selector}”.", "See them with: ops1099 payers list")
    if len(matches) > 1:
        numbers = ", ".join(str(payer.id) for payer in matches)
        raise Conflict(f"Several payers are called “{selector}”.", f"Give the number of one: {numbers}.")
    return matches[0]


def variants(books: Books, payer: grouping.Payer) -> list[Variant]:
    """Return the names a payer's deposits bear, the most frequent first."""
    found = known(books)
    texts: dict[str, list[int]] = defaultdict(list)
    count: Counter[str] = Counter()
    for each in found.receipts:
        if each.payer == payer.id:
            texts[each.key].append(each.text_id)
            count[each.key] += 1
    held = books.descriptors.texts(min(numbers) for numbers in texts.values())
    return sorted(
        (
            Variant(
                text_id=min(numbers), key=key, name=found.names[key], count=count[key], example=held[min(numbers)].text
            )
            for key, numbers in texts.items()
        ),
        key=lambda each: (-each.count, each.text_id),
    )


def payments(books: Books, payer_id: int, first: Day = FIRST_DAY, last: Day = LAST_DAY) -> list[Receipt]:
    """Return what a payer paid in a span, the newest first."""
    return [each for each in reversed(known(books).receipts) if each.payer == payer_id and first <= each.day <= last]


def _payer_year(
    payer: grouping.Payer, receipts: Sequence[Receipt], first: Day, total: int, forms: Sequence[int]
) -> PayerYear:  # fmt: skip
    own = [each for each in receipts if each.day >= first]
    months = [0] * 12
    for each in own:
        months[date_of(each.day).month - 1] += each.gross
    cents = sum(months)
    paid = [each for each in receipts if each.gross > 0]
    return PayerYear(
        id=payer.id, name=payer.name, total_cents=cents, fees_cents=sum(each.fees for each in own),
        returned_cents=sum(each.returned for each in own), count=sum(1 for each in own if each.gross),
        first_day=paid[0].day if paid else None, last_day=paid[-1].day if paid else None,
        share=max(0, cents) * 10_000 // total if total > 0 else 0,
        rhythm=rhythm([Paid(each.day, each.gross) for each in paid]),
        methods=Counter(str(each.method) for each in own if each.gross), months_cents=months, forms=tuple(forms),
    )  # fmt: skip


# --- from the books


def _known(books: Books) -> Known:
    rows = books.income.receipts(FIRST_DAY, LAST_DAY)
    kinds = {account.id: account.kind for account in books.accounts.all()}
    names = _Names(kinds)
    names.given(books, rows)
    of_row = [names.of(row) for row in rows]
    counts = Counter((names.text_of(row), name) for row, name in zip(rows, of_row, strict=True))
    seen = [Seen(text_id, name, count) for (text_id, name), count in counts.items()]
    choices = [Choice(row.text_id, row.name, row.into_text, bool(row.apart), bool(row.counted))
               for row in books.income.payers()]  # fmt: skip
    spoken_of = {
        *(choice.text_id for choice in choices), *(choice.into for choice in choices if choice.into),
        *(row.text_id for row in books.income.expected()), *(row.text_id for row in books.income.forms()),
    }  # fmt: skip
    seen += _without_rows(books, spoken_of - {each.text_id for each in seen if each.named.key}, choices)
    found = grouping.grouped(seen, choices, [frozenset(pair) for pair in books.income.apart()])
    return Known(
        payers={payer.id: payer for payer in found.payers},
        receipts=[_receipt(row, name, found, names) for row, name in zip(rows, of_row, strict=True)],
        near=found.near,
        of_text=found.of_text,
        names={each.named.key: each.named.name for each in reversed(seen) if each.named.key},
        added=frozenset(found.of_text[number] for number in spoken_of if number in found.of_text),
    )


def _receipt(row: ReceiptRow, name: Named, found: Payers, names: _Names) -> Receipt:
    return Receipt(
        row.id, row.day, row.account_id, found.of_key.get(name.key) if name.key else None, names.text_of(row), name.key,
        row.gross, row.fees, row.returned, name.method, name.network,
    )  # fmt: skip


def _without_rows(books: Books, wanted: set[int], choices: Sequence[Choice]) -> list[Seen]:
    """Return the names of payers that were spoken of and have paid nothing yet."""
    given = {choice.text_id: choice.name for choice in choices if choice.name}
    return [
        Seen(number, named(text.text, given.get(number) and text.text, said=number in given), 0)
        for number, text in books.descriptors.texts(wanted).items()
    ]


class _Names:
    """The payer's name of each row; equal texts are read once."""

    def __init__(self, kinds: Mapping[int, str]) -> None:
        self._kinds = kinds
        self._read: dict[tuple[int, str | None, int, str], Named] = {}
        self._given: dict[str, int] = {}

    def given(self, books: Books, rows: Sequence[ReceiptRow]) -> None:
        """Find the texts of the names a person gave to rows."""
        wanted = {Text(row.merchant, None, None) for row in rows if row.said and row.merchant}
        self._given = {text.text: number for text, number in books.descriptors.known(wanted).items()}
        for row in rows:
            if row.said and row.merchant:
                self._given.setdefault(row.merchant, _BEYOND_TEXTS + row.id)

    def text_of(self, row: ReceiptRow) -> int:
        return self._given[row.merchant] if row.said and row.merchant else row.text_id

    def of(self, row: ReceiptRow) -> Named:
        kind = self._kinds[row.account_id]
        asked = (row.text_id, row.merchant, row.said, kind)
        name = self._read.get(asked)
        if name is None:
            name = named(row.text, row.merchant, kind, said=bool(row.said))
            if not name.key and row.memo:
                behind = named(row.memo, None, kind)
                name = behind._replace(method=name.method, network=name.network) if behind.key else name
            self._read[asked] = name
        return name

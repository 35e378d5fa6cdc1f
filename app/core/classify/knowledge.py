"""The shipped knowledge as plain tables, made from the rows of resources/merchants/*.csv."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from app.core.books.vocabulary import LINES, NO_LINE, Kind, Profession
from app.core.classify.clean import Cleaned, words_of
from app.core.classify.confidence import Scale, load_scale
from app.core.classify.connection import Connected, load_connection, load_words
from app.core.classify.guesses import Meanings, meanings
from app.core.classify.merchant_index import Found, Merchant, MerchantIndex, pack
from app.core.classify.phrase_book import Hit, Phrase, PhraseBook
from app.core.classify.spellings import spellings
from app.core.classify.trade_model import TradeModel
from app.core.digits import blotted

Row = Mapping[str, str]

_NUMBER = re.compile("[0-9]+")
_DATE = re.compile("(?<![0-9/])[01][0-9]/[0-3][0-9](?![0-9])")
_CITY_COLUMN = 13
"""Characters of the city on a card statement."""
_GROUPS = ("strong", "weak", "doubt", "turn", "hint", "contrary", "place")
_OWNERS = frozenset({Kind.OWNER_DRAW, Kind.OWNER_CONTRIBUTION})
_BANK_FEES = "bankfee"
_TRUE = frozenset({"yes", "y", "1", "true"})


class Category(NamedTuple):
    """What a trade means for a profession."""

    key: str
    kind: str
    line: str
    alternatives: tuple[tuple[str, str], ...]
    ambiguous: bool
    """What is paid there is asked."""
    vehicle: bool
    """A cost of the vehicle the trade lives on: what it is, is said by the vehicle's method alone."""
    ambiguous_in: bool
    """What is received from there is asked, when it is income."""
    money_in: str
    """What a credit is: `refund`, `ask`, or a kind such as income."""
    confidence: int
    label: str


class BankFees(NamedTuple):
    """The strong phrases of banks' fees: where the fee heads a text, they say more than what it was for."""

    book: PhraseBook
    phrase: Phrase
    words: frozenset[str]
    """Every word of theirs: a text of nothing else names nobody but the bank."""

    def plain(self, said: Sequence[str]) -> Hit | None:
        """Return the fee that a text of such words alone is: `ACH return fee`."""
        named = [word for word in said if not word.isdigit()]
        whole = " ".join(named)
        return Hit(self.phrase, whole, len(whole)) if named and self.words.issuperset(named) else None


class Knowledge(NamedTuple):
    """Merchants, what their trades mean, bank phrases, place names and categories of bank connections."""

    merchants: MerchantIndex
    categories: Mapping[tuple[str, str], Category]
    """By (category, profession); profession "" is everybody else's."""
    strong: PhraseBook
    weak: PhraseBook
    doubts: PhraseBook
    """Words of money in that is no income: they take the certainty from what looks like client money."""
    owners: PhraseBook
    """The strong phrases of what the owner takes out or puts in: they say more than `transfer`."""
    fees: BankFees
    turns: Mapping[str, PhraseBook]
    """By trade: words beside a name of it that make it another trade, as `IRA` does with a broker."""
    hints: PhraseBook
    plain: PhraseBook
    """The hints that may book: they say more than a longer word which many trades use."""
    contrary: PhraseBook
    """Plain names of trades: behind another name they say that the name is a namesake."""
    places: frozenset[str]
    connection: Mapping[str, Connected]
    """By the connection's category code."""
    bank_words: Mapping[str, str]
    """The category code by the words banks print in their files."""
    scale: Scale
    """How often each sort of evidence is right."""
    numbers: frozenset[str]
    """Numbers that are part of a name or a phrase: 360, 99, 7."""
    brands: Callable[[], MerchantIndex]
    """The shipped brands that are not curated one by one; read when the curated base first lacks a name."""

    model: Callable[[], TradeModel | None]
    """The small model; read when nothing else speaks."""

    meanings: Callable[[str, tuple[str, ...]], Meanings]
    """What the trades of the model mean for a profession; worked out once for each."""

    def find(self, cleaned: Cleaned) -> Found | None:
        """Return the merchant the words name: of the curated base, else a brand."""
        return self._find(self.merchants, cleaned) or self._find(self.brands(), cleaned)

    @staticmethod
    def _find(index: MerchantIndex, cleaned: Cleaned) -> Found | None:
        """Return the merchant of the longest name, in the spelling of the text or in another of its words."""
        found = index.find(cleaned.words, cleaned.facilitator, cleaned.cut_at)
        for words in spellings(cleaned.words):
            other = index.find(words, cleaned.facilitator)
            if other is not None and (found is None or other.size > found.size):
                found = other
        return found

    def blotted(self, text: str) -> str:
        """Return the text with the digits of every number turned to 0 that cannot be part of a name.

        A text that begins with a digit keeps them: there a number is often the name.
        """
        if "/" in text:
            text = _DATE.sub("00/00", text)
        found = _NUMBER.findall(text)
        if not found or text[0].isdigit():
            return text
        if self.numbers.isdisjoint(found):
            return blotted(text)
        return _NUMBER.sub(self._blot, text)

    def _blot(self, found: re.Match[str]) -> str:
        number = found.group()
        return number if number in self.numbers else blotted(number)

    def code_of(self, type_word: str | None) -> str | None:
        """Return the category a source gave a row: the code of a connection, or a bank's own words for one."""
        if not type_word:
            return None
        return type_word if type_word in self.connection else self.bank_words.get(type_word.casefold())

    def check(self) -> None:
        """Look at every merchant, which otherwise happens when one is met. Raises: ValueError for a bad row."""
        for index in (self.merchants, self.brands()):
            for _ in index.all():
                pass

    def names_no_trade(self, words: Sequence[str]) -> bool:
        """Return whether words behind a name leave it the same business: `evernote pub` is another one."""
        return self.contrary.best(words, -1, "checking") is None and self.hints.best(words, -1, "checking") is None

    def category(self, key: str, profession: str) -> Category | None:
        """Return what a trade means for a profession."""
        return self.categories.get((key, profession)) or self.categories.get((key, ""))


def packed_merchants(rows: Iterable[Sequence[str]] = ()) -> bytes:
    """Return rows of name, category, stems and `ambiguous` in the form that `load_knowledge` takes."""
    held = list(rows)
    return pack(held, set(_NUMBER.findall("|".join(row[2].strip() or row[0] for row in held))))


def load_knowledge(
    *, merchants: bytes, categories: Iterable[Row], phrases: Iterable[Row], confidence: Iterable[Row],
    bank_words: Iterable[Row] = (), connection: Iterable[Row] = (), brands: Callable[[], bytes] = packed_merchants,
    model: Callable[[], TradeModel | None] = lambda: None,
) -> Knowledge:  # fmt: skip
    """Return the knowledge of the tables; `merchants` are those that `packed_merchants` made of their rows.

    `brands` reads others of the same form, and is called once, when a text names no merchant; so is `model`, when
    nothing else speaks.

    Raises: ValueError when a row names an unknown kind, line, group or category. A merchant's row is looked at when the
    merchant is first met, or by `check`.
    """
    table, scale = dict(_category(row) for row in categories), load_scale(confidence)
    codes = load_connection(connection, (key for key, _ in table), scale.limits)
    books: dict[str, list[tuple[Phrase, str]]] = {group: [] for group in _GROUPS}
    for number, row in enumerate(phrases, 1):
        group = _cell(row, "group")
        if group not in books:
            raise ValueError(f"phrase row {number}: unknown group {group!r}")
        books[group].append((_phrase(row, number, table), _cell(row, "words")))
    index = MerchantIndex(merchants, lambda row: _merchant(row, table))
    words = "|".join(words for group in ("strong", "weak", "doubt", "hint", "place") for _, words in books[group])
    return Knowledge(
        index,
        table,
        PhraseBook(books["strong"]),
        PhraseBook(books["weak"]),
        PhraseBook(books["doubt"]),
        PhraseBook([row for row in books["strong"] if row[0].kind in _OWNERS and row[0].phrase is not None]),
        _bank_fees(books["strong"]),
        _turns(books["turn"]),
        PhraseBook(books["hint"]),
        PhraseBook([row for row in books["hint"] if row[0].auto]),
        PhraseBook(books["contrary"]),
        _places(name.strip() for _, names in books["place"] for name in names.split("|")),
        codes,
        load_words(bank_words, codes),
        scale,
        index.numbers.union(_NUMBER.findall(words)),
        cache(lambda: MerchantIndex(brands(), lambda row: _merchant(row, table)._replace(brand=True))),
        cache(model),
        cache(lambda profession, trades: _meanings(table, profession, trades)),
    )


def _meanings(
    table: Mapping[tuple[str, str], Category], profession: str, trades: Iterable[str]
) -> Meanings:  # fmt: skip
    meant = (table.get((trade, profession)) or table[trade, ""] for trade in trades)
    return meanings((row.kind, row.line, row.ambiguous) for row in meant)


def _bank_fees(rows: Iterable[tuple[Phrase, str]]) -> BankFees:
    """Return the fees of banks. Raises: ValueError when the table has no row of them."""
    own = [row for row in rows if row[0].id == _BANK_FEES]
    if not own:
        raise ValueError(f"no phrases of {_BANK_FEES}")
    return BankFees(PhraseBook(own), own[0][0], frozenset(word for _, words in own for word in words_of(words)))


def _turns(rows: Iterable[tuple[Phrase, str]]) -> dict[str, PhraseBook]:
    """Return the phrases by the trades they turn: `a b=words` in the table."""
    found: dict[str, list[tuple[Phrase, str]]] = {}
    for phrase, words in rows:
        trades, _, patterns = words.partition("=")
        for trade in trades.split():
            found.setdefault(trade, []).append((phrase, patterns))
    return {trade: PhraseBook(own) for trade, own in found.items()}


def _places(names: Iterable[str]) -> frozenset[str]:
    """Return city names, whole and as card statements cut them."""
    found = set(names)
    return frozenset(found | {name[:_CITY_COLUMN].rstrip() for name in found if len(name) > _CITY_COLUMN})


def _cell(row: Row, name: str) -> str:
    # csv.DictReader gives None for the missing end of a short row.
    return (row.get(name) or "").strip()


def _pairs(text: str) -> tuple[tuple[str, str], ...]:
    """Return `kind/line|kind/line` as pairs."""
    found = []
    for part in text.split("|") if text else ():
        kind, _, line = part.strip().partition("/")
        found.append((Kind(kind).value, _line(line or NO_LINE)))
    return tuple(found)


def _line(code: str) -> str:
    if code not in LINES:
        raise ValueError(f"unknown line {code!r}")
    return code


def _category(row: Row) -> tuple[tuple[str, str], Category]:
    key, profession = _cell(row, "key"), _cell(row, "profession")
    return (key, profession), Category(
        key,
        Kind(_cell(row, "kind")).value,
        _line(_cell(row, "line") or NO_LINE),
        _pairs(_cell(row, "alternatives")),
        _cell(row, "ambiguous") in {*_TRUE, "out", "vehicle"},
        _cell(row, "ambiguous") == "vehicle",
        _cell(row, "ambiguous") in {*_TRUE, "in"},
        _cell(row, "money_in") or "refund",
        int(_cell(row, "confidence") or 9000),
        _cell(row, "label") or key,
    )


def _phrase(row: Row, number: int, table: Mapping[tuple[str, str], Category]) -> Phrase:
    category = _cell(row, "category") or None
    if category and (category, "") not in table:
        raise ValueError(f"phrase row {number}: unknown category {category!r}")
    sign = {"in": 1, "out": -1}.get(_cell(row, "sign"), 0)
    kind = _cell(row, "kind")
    return Phrase(
        _cell(row, "id") or f"{_cell(row, 'group')}-{number}",
        _cell(row, "group"),
        sign,
        frozenset(_cell(row, "accounts").split()),
        Kind(kind).value if kind else "",
        _line(_cell(row, "line") or NO_LINE),
        int(_cell(row, "confidence") or 5000),
        _cell(row, "auto") in _TRUE,
        _cell(row, "phrase") or None,
        category,
        _pairs(_cell(row, "alternatives")),
        _cell(row, "meaning"),
    )


def _merchant(row: Sequence[str], table: Mapping[tuple[str, str], Category]) -> Merchant:
    name, category, asked = row
    if (category, "") not in table:
        raise ValueError(f"merchant {name!r}: unknown category {category!r}")
    trades = frozenset(Profession(trade) for trade in asked.split()[1:]) if asked.startswith("unless ") else frozenset()
    return Merchant(name, category, asked in _TRUE, asked == "pays", trades)

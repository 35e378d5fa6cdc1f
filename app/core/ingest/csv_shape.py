"""A table nobody described: find its header and what its columns mean, or say that a person has to.

Names propose and contents decide: a column called Amount that holds no amounts is no amount column, and a table with
odd names is still read when one column alone holds dates and one alone holds money.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from app.core.errors import NeedsMapping, NotAStatement
from app.core.ingest.csv_columns import is_blank, names_of
from app.core.ingest.csv_days import parts_of
from app.core.ingest.csv_layouts import WIDEST, direction_of
from app.core.ingest.csv_lines import Record
from app.core.ingest.csv_mapping import HEADERLESS, Mapping, signature, signature_of_width
from app.core.ingest.csv_names import CURRENCIES, ROLE_NAMES, SIGNS, currency_in, has_word, is_ledger
from app.core.ingest.values import cents_of_typed

__all__ = ["HEADERLESS", "Guess", "guess", "signature", "signature_of_width"]

SAMPLE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Guess:
    """What a table seems to be."""

    mapping: Mapping
    names: tuple[str, ...]
    first_line: int
    """1-based line of the first data record."""
    titles: tuple[tuple[str, ...], ...]
    left_out: str = ""
    """The name of a column of fees that stands beside the amounts and is not counted."""


@dataclass(slots=True)
class _Column:
    index: int
    name: str
    filled: int = 0
    days: int = 0
    money: int = 0
    blank_money: int = 0
    """Amounts of nothing."""
    marked: int = 0
    """Cells with a decimal mark or a currency sign: amounts rather than numbers of something."""
    negative: int = 0
    comma: int = 0
    letters: int = 0
    ways: set[int] = field(default_factory=set)
    values: set[str] = field(default_factory=set)
    signs: set[str] = field(default_factory=set)
    """Currencies whose signs stand in the cells."""

    def is_day(self) -> bool:
        return self.filled > 0 and self.days * 5 >= self.filled * 4

    def is_money(self) -> bool:
        return self.filled > 0 and self.money * 5 >= self.filled * 4 and not self.is_day()

    def is_text(self) -> bool:
        return self.letters > 0 and not self.is_day() and not self.is_money()


def guess(head: Sequence[Record], delimiter: str) -> Guess:
    """Return how the records of a file's beginning seem to be laid out.

    Raises: NeedsMapping for a table whose meaning stays open; NotAStatement for a text that is no table of money.
    """
    table = [(line, fields[:WIDEST]) for line, fields in head if fields and any(cell.strip() for cell in fields)]
    start = _first_data(table)
    if start is None:
        return _by_names_alone(table, delimiter)
    width = Counter(len(fields) for _, fields in table[start:]).most_common(1)[0][0]
    above = table[start - 1][1] if start else []
    named = _is_header(above, width)
    names = names_of(above) if named else tuple(f"#{number + 1}" for number in range(width))
    dated = [fields for _, fields in table[start : start + SAMPLE] if any(map(_is_day, fields))]
    columns = _examine(dated, names)
    if is_ledger(names, (value for column in columns for value in column.values)):
        raise NotAStatement(
            "The file is a ledger with both sides of each booking, not the statement of one account.",
            "Download the statement of the bank, or export one account as OFX or QIF.",
        )
    roles = _roles(columns)
    beside = _by_name("fee", [column for column in columns if column.is_money() and column.money > column.blank_money])
    mapping = _mapping(roles, names, delimiter, named=named)
    preamble = table[: start - 1] if named else table[:start]
    return Guess(
        mapping=mapping,
        names=names,
        first_line=table[start][0],
        titles=tuple(tuple(fields) for _, fields in preamble),
        left_out=beside.name if beside is not None and "fee" not in roles else "",
    )


def top_of(table: Sequence[tuple[int, list[str]]]) -> tuple[list[str] | None, int]:
    """Return the header of a table, None for one without, and the index of the first row below it."""
    start = _first_data(table)
    if start is None:
        return table[0][1], 1
    width = Counter(len(fields) for _, fields in table[start:]).most_common(1)[0][0]
    above = table[start - 1][1] if start else []
    return (above if _is_header(above, width) else None), start


def roles_by_content(table: Sequence[tuple[int, list[str]]], width: int) -> dict[int, str]:
    """Return what columns hold whose names say nothing: index to date, text, amount, debit or credit."""
    names = [""] * width
    columns = _examine([cells for _, cells in table[:SAMPLE]], names)
    found: dict[int, str] = {}
    days, money = [c for c in columns if c.is_day()], [c for c in columns if c.is_money()]
    texts = sorted((c for c in columns if c.is_text()), key=lambda column: -column.letters)
    found.update((column.index, "date") for column in days[:1])
    found.update((column.index, "text") for column in texts[:1])
    if len(money) == 1:
        found[money[0].index] = "amount"
    elif len(money) == 2 and sum(c.filled for c in money) <= len(table):
        found[money[0].index], found[money[1].index] = "debit", "credit"
    return found


def _is_header(fields: Sequence[str], width: int) -> bool:
    filled = [cell for cell in fields if cell.strip()]
    return (
        len(filled) >= 2 and len(fields) + 1 >= width and not any(_is_day(cell) or _is_money(cell) for cell in filled)
    )


def _first_data(table: Sequence[tuple[int, list[str]]]) -> int | None:
    """Return the index of the first record with a date and an amount that is no line of a preamble."""
    data = [len(fields) >= 2 and _is_data(fields) for _, fields in table]
    if not any(data):
        return None
    width = Counter(len(fields) for (_, fields), good in zip(table, data, strict=True) if good).most_common(1)[0][0]
    for index, (_, fields) in enumerate(table):
        if not data[index] or abs(len(fields) - width) > 1:
            continue
        # a balance row without an amount may stand between the header and the first good row
        above = index
        while (
            above > 0 and len(table[above - 1][1]) >= width - 1 and any(_is_day(cell) for cell in table[above - 1][1])
        ):
            above -= 1
        return above
    return None


def _is_data(fields: Sequence[str]) -> bool:
    return any(_is_day(cell) for cell in fields) and any(_is_money(cell) and not _is_day(cell) for cell in fields)


def _is_day(cell: str) -> bool:
    if not 6 <= len(cell) <= 60:
        return False
    try:
        parts_of(cell)
    except ValueError:
        return False
    return True


def _is_money(cell: str) -> bool:
    if not cell or len(cell) > 40 or is_blank(cell):
        return False
    for sign in SIGNS:
        cell = cell.replace(sign, "")
    for comma in (False, True):
        try:
            cents_of_typed(cell, decimal_comma=comma)
        except ValueError:
            continue
        return True
    return False


def _examine(rows: Sequence[Sequence[str]], names: Sequence[str]) -> list[_Column]:
    columns = [_Column(index, name) for index, name in enumerate(names)]
    for fields in rows:
        for column, cell in zip(columns, fields, strict=False):
            text = cell.strip()
            if is_blank(text):
                continue
            column.filled += 1
            column.days += _is_day(text)
            column.letters += sum(1 for c in text[:80] if c.isalpha())
            column.ways.add(direction_of(text))
            column.values.add(text)
            if _is_money(text):
                column.money += 1
                column.blank_money += not any(c in "123456789" for c in text)
                bare = text.rstrip(")- €£$")
                column.signs.update(code for sign, code in SIGNS.items() if sign in text)
                column.marked += "$" in text or bool(column.signs) or bare[-3:-2] in {".", ","}
                column.comma += bare[-3:-2] == "," or (bare[-2:-1] == "," and bare[-1:].isdigit())
                column.negative += text.lstrip(" €£$")[:1] in "-(−–" or text[-1] in "-−"
    return columns


def _roles(columns: Sequence[_Column]) -> dict[str, list[_Column]]:
    """Decide which column means what. Raises: NeedsMapping, NotAStatement."""
    taken: set[int] = set()

    def pick(role: str, fits: list[_Column]) -> _Column | None:
        free = [column for column in fits if column.index not in taken]
        found = _by_name(role, free)
        if found:
            taken.add(found.index)
        return found

    days = [column for column in columns if column.is_day()]
    if not days:
        if any(has_word("date", column.name) for column in columns):
            raise _open("The dates of this table cannot be read.", columns)
        raise NotAStatement("The file has no column of dates.", "Download the statement as OFX, QFX, QIF or CSV.")
    posted, traded = _by_name("posted", days), _by_name("transacted", days)
    date = posted or _by_name("date", days) or traded or days[0]
    taken.update(column.index for column in days)
    roles: dict[str, list[_Column]] = {"date": [date]}
    if traded and posted and traded is not posted:
        roles["transacted"] = [traded]
    money = [column for column in columns if column.is_money() or (not column.filled and column.index not in taken)]
    for role in ("balance", "debit", "credit", "gross", "fee"):
        if found := pick(role, money):
            roles[role] = [found]
    _settle_amount(roles, [column for column in money if column.index not in taken], columns)
    taken.update(column.index for role in ("amount", "direction") for column in roles.get(role, []))
    _settle_texts(roles, [column for column in columns if column.index not in taken])
    return roles


def _settle_amount(roles: dict[str, list[_Column]], money: list[_Column], columns: Sequence[_Column]) -> None:
    amount = _by_name("amount", [column for column in money if column.is_money()])
    if amount is None and not roles.keys() & {"debit", "credit"}:
        # a column that is called so and holds some amounts is one: what else stands in it is refused row by row
        named = [c for c in columns if c.name in ROLE_NAMES["amount"] and not c.is_day()]
        called = [column for column in named if column.money * 3 >= column.filled > 0]
        amount = called[0] if len(called) == 1 and not any(c.is_money() and c.marked for c in money) else None
    if amount is None and {"debit", "credit"} <= roles.keys():
        roles.pop("gross", None)
        roles.pop("fee", None)
        return
    if amount is None:
        marked = [column for column in money if column.is_money() and column.marked * 2 >= column.filled]
        unnamed = marked or [column for column in money if column.is_money() and not has_word("number", column.name)]
        if len(unnamed) == 1:
            amount = unnamed[0]
        elif "gross" in roles and not unnamed:
            amount = roles.pop("gross")[0]
        else:
            raise _open("It is not clear which column holds the amounts.", columns)
    roles["amount"] = [amount]
    roles.pop("debit", None)
    roles.pop("credit", None)
    if not {"gross", "fee"} <= roles.keys():
        roles.pop("gross", None)
        roles.pop("fee", None)
    if not amount.negative:
        ways = [column for column in columns if column.filled and column.ways == {-1, 1}]
        if ways:
            roles["direction"] = [ways[0]]


def _settle_texts(roles: dict[str, list[_Column]], free: list[_Column]) -> None:
    taken: set[int] = set()
    texts = [column for column in free if column.is_text()]
    for role in ("currency", "status", "account", "bank_id", "text", "memo", "type"):
        fits = texts if role in {"text", "memo", "type", "status", "currency"} else [c for c in free if c.filled]
        if role == "currency":
            fits = [column for column in fits if all(value.upper() in CURRENCIES for value in column.values)]
        if role == "bank_id":
            fits = [column for column in fits if len(column.values) == column.filled]
        found = _by_name(role, [column for column in fits if column.index not in taken])
        if role == "currency" and found is None and len(fits) == 1 and not has_word("elsewhere", fits[0].name):
            found = fits[0]
        if role == "text" and found is None:
            rest = [column for column in texts if column.index not in taken]
            found = max(rest, key=lambda column: (len(column.values) > 1, column.letters), default=None)
        if found:
            taken.add(found.index)
            roles[role] = [found]


def _by_name(role: str, columns: Sequence[_Column]) -> _Column | None:
    """Return the column whose name says the role best: a whole name before a word in one, earlier names first."""
    for name in ROLE_NAMES.get(role, ()):
        for column in columns:
            if column.name == name:
                return column
    return next((column for column in columns if has_word(role, column.name)), None)


def _mapping(roles: dict[str, list[_Column]], names: Sequence[str], delimiter: str, *, named: bool) -> Mapping:
    counts = Counter(names)
    mapping: Mapping = {
        "delimiter": delimiter,
        "header": "names" if named else HEADERLESS,
        "signature": signature(names) if named else signature_of_width(len(names)),
        "date_order": "auto",
        "sign": "auto" if "direction" not in roles else "word",
    }
    for role, found in roles.items():
        mapping[role] = [
            column.name if column.name and counts[column.name] == 1 else f"#{column.index + 1}" for column in found
        ]
    money = [column for role in ("amount", "debit", "credit", "balance") for column in roles.get(role, [])]
    comma, marked = sum(column.comma for column in money), sum(column.marked for column in money)
    if comma and comma * 2 > marked:
        mapping["decimal"] = "comma"
    named_money = {code for role in ("amount", "debit", "credit") for column in roles.get(role, [])
                   if (code := currency_in(column.name))}  # fmt: skip
    named_money |= {code for column in money for code in column.signs}
    if len(named_money) == 1:
        # what the column of the amounts says of itself goes before a column beside it, which may tell of the purchase
        mapping.pop("currency", None)
        mapping["money"] = named_money.pop()
    return mapping


def _open(message: str, columns: Sequence[_Column]) -> NeedsMapping:
    named = [column.name for column in columns if column.name][:20]
    return NeedsMapping(
        message,
        "Say which is which: --column date=NAME --column text=NAME --column amount=NAME (or debit= and credit=). "
        f"Columns: {', '.join(named)[:400]}.",
    )


def _by_names_alone(table: Sequence[tuple[int, list[str]]], delimiter: str) -> Guess:
    """Read a header without a readable row under it. Raises: NeedsMapping, NotAStatement."""
    for index, (line, fields) in enumerate(table):
        if len(fields) < 2:
            continue
        columns = [_Column(place, name) for place, name in enumerate(names_of(fields))]
        dated, priced = _by_name("date", columns), _by_name("amount", columns) or _by_name("debit", columns)
        if dated is None or priced is None:
            continue
        if index + 1 < len(table):
            below = _examine([cells for _, cells in table[index + 1 : index + 1 + SAMPLE]], names_of(fields))
            if any(column.days for column in below) or len(table) - index > 3:
                raise _open("The rows of this table have no readable dates and amounts.", columns)
        named = {
            role: found for role in ("date", "amount", "debit", "credit", "text") if (found := _by_name(role, columns))
        }
        if "amount" in named:
            named = {role: column for role, column in named.items() if role not in {"debit", "credit"}}
        roles = {role: [column] for role, column in named.items()}
        return Guess(
            mapping=_mapping(roles, names_of(fields), delimiter, named=True),
            names=names_of(fields),
            first_line=line + 1,
            titles=tuple(tuple(cells) for _, cells in table[:index]),
        )
    raise NotAStatement(
        "The file is no table of dates and amounts.", "Download the statement as OFX, QFX, QBO, QIF or CSV."
    )

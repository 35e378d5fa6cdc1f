"""Which account the rows of a CSV belong to, and what the file states about it: number, period, balance, currency."""

from __future__ import annotations

import re
from collections import Counter
from operator import itemgetter
from typing import NamedTuple

from app.core.dates import Day
from app.core.ingest.csv_columns import any_blank, cents_of_cell, is_blank
from app.core.ingest.csv_days import DayReader
from app.core.ingest.csv_layouts import Layout
from app.core.ingest.csv_sheet import AccountKey, Batch
from app.core.ingest.statement import RowTrouble, SourceRow, Statement
from app.core.later import later

PENDING = "pending: it has no balance yet"

_DIGITS = re.compile(r"\d{4,}", re.ASCII)
_FULL_NUMBER = later(r"\d[\d -]{4,30}\d", re.ASCII)
_TITLE_NUMBER = later(r"(?:account|card|acct)\b\D{0,60}?[x*•.\- ]*(\d{4,20})\b", re.IGNORECASE | re.ASCII)
_NAME_NUMBER = later(r"(?:(?<=[A-Za-z])|(?<=[-_ x*.#]))(\d{4})(?=[-_. )]|$)", re.ASCII)
_TITLE_DATE = later(r"\b(?:\d{1,2}[-/]\d{1,2}[-/](?:\d{4}|\d{2})|\d{4}-\d\d-\d\d|[A-Za-z]{3,9}\.? \d{1,2}, \d{4})\b")
_PERIOD_WORD = later(r"\b(?:period|from|through|between|dates?|range|balance as of|to)\b", re.IGNORECASE)
_ENDING = later(r"\bending balance\b", re.IGNORECASE)

US_INSTITUTIONS: tuple[tuple[str, str, str | None], ...] = (
    ("american express", "American Express", "credit"),
    ("amex", "American Express", "credit"),
    ("chase", "Chase", None),
    ("bank of america", "Bank of America", None),
    ("bofa", "Bank of America", None),
    ("wells fargo", "Wells Fargo", None),
    ("wellsfargo", "Wells Fargo", None),
    ("capital one", "Capital One", None),
    ("capitalone", "Capital One", None),
    ("citibank", "Citi", None),
    ("discover", "Discover", "credit"),
    ("barclays", "Barclays", "credit"),
    ("apple card", "Apple Card", "credit"),
    ("us bank", "US Bank", None),
    ("usbank", "US Bank", None),
    ("usaa", "USAA", None),
    ("navy federal", "Navy Federal", None),
    ("td bank", "TD Bank", None),
    ("truist", "Truist", None),
    ("schwab", "Charles Schwab", None),
    ("synchrony", "Synchrony", None),
    ("bluevine", "Bluevine", None),
    ("sofi", "SoFi", None),
    ("ally bank", "Ally Bank", None),
    ("novo", "Novo", None),
)
"""Words of file names and title lines: the word, the plain name, the kind it settles. All write months first."""


class Titles(NamedTuple):
    """What stands around the table: the file name and the lines above the header."""

    name: str
    lines: tuple[tuple[str, ...], ...]

    def text(self) -> str:
        """Return all of it in lower case, for words to be looked for."""
        return " \n".join([self.name, *(" ".join(line) for line in self.lines)]).lower()


def file_name(name: str) -> str:
    """Return the last part of a path of any system."""
    return name.replace("\\", "/").rsplit("/", 1)[-1]


def institution_in(titles: Titles) -> tuple[str | None, str | None]:
    """Return the institution that the name or the title lines mention, and its kind where that settles it."""
    text = re.sub(r"[^a-z0-9]+", " ", titles.text())
    for word, institution, kind in US_INSTITUTIONS:
        if re.search(rf"\b{word}(?:\b|\d)", text):
            return institution, kind
    return None, None


def kind_in_name(text: str) -> str | None:
    """Return the account kind that a lower-case text (file name, title line, account name) spells out."""
    if "saving" in text:
        return "savings"
    if re.search(r"credit[ _-]?card|creditcard", text):
        return "credit"
    return "checking" if "checking" in text else None


def statements(
    batches: dict[AccountKey, Batch], layout: Layout, titles: Titles, days: DayReader
) -> tuple[list[Statement], list[RowTrouble]]:
    """Return one statement for each account of a file, and rows found to be pending on the way."""
    filled = {key: batch for key, batch in batches.items() if batch.rows} or dict(list(batches.items())[:1])
    blank = next((key for key in filled if not any(key)), None)
    if layout.one_account and len(filled) > 1:
        filled = _merged(filled, Counter({key: len(batch.rows) for key, batch in filled.items()}).most_common(1)[0][0])
    elif len(filled) == 2 and blank is not None:
        filled = _merged(filled, next(key for key in filled if any(key)))
    pending: list[RowTrouble] = []
    found: list[Statement] = []
    for key, batch in filled.items():
        if layout.pending_without_balance:
            pending += _drop_pending(batch)
        found.append(_statement(key, batch, layout, titles, days, alone=len(filled) == 1))
    return found, pending


def _merged(batches: dict[AccountKey, Batch], into: AccountKey) -> dict[AccountKey, Batch]:
    whole = Batch()
    for batch in batches.values():
        whole.rows += batch.rows
        whole.balances += batch.balances
    order = sorted(range(len(whole.rows)), key=lambda index: whole.rows[index].line)
    if whole.balances:
        whole.balances = [whole.balances[index] for index in order]
    whole.rows = [whole.rows[index] for index in order]
    return {into: whole}


def _statement(
    key: AccountKey, batch: Batch, layout: Layout, titles: Titles, days: DayReader, *, alone: bool
) -> Statement:
    cell, name, institution = key
    statement = Statement(rows=batch.rows, institution=institution or layout.institution, kind=layout.kind)
    statement.name = name or None
    if statement.kind in {None, "checking"}:
        statement.kind = kind_in_name(name.lower()) or statement.kind
    _number(statement, cell or name)
    if alone and statement.last4 is None:
        _number_in_titles(statement, titles)
    if layout.money:
        statement.currency = layout.money
    if layout.currency:
        _settle_currency(statement)
    if alone:
        _period(statement, titles, days, decimal_comma=layout.decimal_comma)
    if batch.balances:
        newest = _newest_balance(statement.rows, batch.balances, decimal_comma=layout.decimal_comma)
        if newest is not None:
            statement.balance_day, statement.balance_cents = newest
    return statement


def _number(statement: Statement, cell: str) -> None:
    digits = "".join(c for c in cell if c.isdigit() and c.isascii())
    if _FULL_NUMBER.fullmatch(cell) and len(digits) >= 6:
        statement.account_number, statement.last4 = digits, digits[-4:]
    elif runs := _DIGITS.findall(cell):
        statement.last4 = runs[-1][-4:]


def _number_in_titles(statement: Statement, titles: Titles) -> None:
    for line in titles.lines:
        if found := _TITLE_NUMBER.search(" ".join(line)[:400]):
            _number(statement, found[1])
            return
    for found in _NAME_NUMBER.finditer(titles.name):
        before = titles.name[: found.start()][-1:]
        if before.isalpha() or not 1990 <= int(found[1]) <= 2099:
            statement.last4 = found[1]
            return


def _settle_currency(statement: Statement) -> None:
    """The statement takes dollars if there are any, else the most frequent currency; rows keep only what differs."""
    counts = Counter(row.currency for row in statement.rows if row.currency)
    if counts and "USD" not in counts:
        statement.currency = counts.most_common(1)[0][0]
    own = statement.currency
    statement.rows = [row._replace(currency=None) if row.currency == own else row for row in statement.rows]


def _period(statement: Statement, titles: Titles, days: DayReader, *, decimal_comma: bool) -> None:
    stated: list[Day] = []
    for line in titles.lines:
        text = " ".join(line)[:1000]
        found = [day for match in _TITLE_DATE.findall(text) if (day := days[match]) is not None]
        if found and _PERIOD_WORD.search(text):
            stated += found
        if found and _ENDING.search(text):
            for cell in reversed(line):
                if is_blank(cell):
                    continue
                try:
                    statement.balance_cents = cents_of_cell(cell, decimal_comma)
                except ValueError:
                    break
                statement.balance_day = found[-1]
                break
    if len(set(stated)) > 1:
        statement.first_day, statement.last_day = min(stated), max(stated)


def _newest_first(rows: list[SourceRow], cents: list[int | None]) -> bool:
    """Tell the order of a file by its running balance, else by its dates; banks write the newest row first."""
    votes = 0
    for index in range(min(len(rows) - 1, 60)):
        upper, lower = cents[index], cents[index + 1]
        if upper is not None and lower is not None:
            down = lower == upper + rows[index + 1].cents
            up = upper == lower + rows[index].cents
            votes += up - down
    return votes > 0 if votes else rows[0].posted >= rows[-1].posted


_CURRENCY = itemgetter(SourceRow._fields.index("currency"))
_POSTED = itemgetter(SourceRow._fields.index("posted"))


def _newest_balance(rows: list[SourceRow], balances: list[str], *, decimal_comma: bool) -> tuple[Day, int] | None:
    def read(cell: str) -> int | None:
        if is_blank(cell):
            return None
        try:
            return cents_of_cell(cell, decimal_comma)
        except ValueError:
            return None

    if any(map(_CURRENCY, rows)) or any_blank(balances):
        own = [index for index, row in enumerate(rows) if row.currency is None and not is_blank(balances[index])]
        if not own:
            return None
        rows, balances = [rows[index] for index in own], [balances[index] for index in own]
    newest = max(map(_POSTED, rows))
    first = _newest_first(rows, [read(cell) for cell in balances[:61]])
    for index in range(len(rows)) if first else reversed(range(len(rows))):
        if rows[index].posted == newest and (cents := read(balances[index])) is not None:
            return newest, cents
    return None


def _drop_pending(batch: Batch) -> list[RowTrouble]:
    """Take out the newest rows that have no balance while older ones do: the bank has not posted them."""
    if not any_blank(batch.balances):
        return []
    blank = [is_blank(cell) for cell in batch.balances]
    if all(blank):
        return []
    rows = batch.rows
    size = len(rows)
    newest_first = rows[0].posted >= rows[-1].posted
    order = range(size) if newest_first else range(size - 1, -1, -1)
    gone: set[int] = set()
    for index in order:
        if not blank[index]:
            break
        gone.add(index)
    troubles = [RowTrouble(rows[index].line, PENDING) for index in sorted(gone)]
    batch.rows = [row for index, row in enumerate(rows) if index not in gone]
    batch.balances = [cell for index, cell in enumerate(batch.balances) if index not in gone]
    return troubles

"""QIF files: Quicken's old exchange format, one field a line, `^` ends a record.

The format says neither the order of day and month nor the account number, and has no ids. What a file does not say is
decided once for the whole file and told in a note; a row that does not fit is rejected, never bent.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence

from app.core.books.vocabulary import AccountKind
from app.core.errors import BadFile, NeedsMapping, NotAStatement
from app.core.ingest.decode import controls_note, refuse_long_line, without_controls
from app.core.ingest.qif_dates import DateReader
from app.core.ingest.qif_parts import Spoken, parts_of, written
from app.core.ingest.statement import (
    MOST_REJECTED,
    ParsedFile,
    ReadOptions,
    RowTrouble,
    SourceRow,
    Statement,
    refuse_crowd,
    too_many_rejected,
)
from app.core.ingest.values import cents_of_typed, folded

_KINDS = {
    "bank": AccountKind.CHECKING,
    "cash": AccountKind.CASH,
    "ccard": AccountKind.CREDIT,
    "oth a": AccountKind.OTHER,
    "oth l": AccountKind.LOAN,
}
"""QIF account type to account kind. Source: the type headers of Quicken's interchange format."""

_LISTS = frozenset(
    {"cat", "class", "memorized", "security", "prices", "budget", "bill", "template", "tax", "tag", "payee", "invitem"}
)
"""Lists of names that carry no transactions."""

_MONTH = re.compile(
    "jan(uary)?|feb(ruary)?|mar(ch)?|apr(il)?|may|june?|july?|aug(ust)?|sept?(ember)?|oct(ober)?|nov(ember)?|dec(ember)?"
)
_MOST_SPLITS = 1000
_MOST_PARTS = 1_000_000
"""Parts of all splits of a file."""
_MOST_RECORDS = 500_000
_MOST_LINES = 6_000_000
_SHORTER = "Export a shorter period, a year at a time."
_MOST_NAMED = 10
"""Lines that a note names."""
_INVESTMENTS = frozenset({"invst", "port", "401(k)"})
_DIGIT = re.compile("[0-9]")
_DECIMAL_COMMA = re.compile(r"[0-9],[0-9]{1,2}$")
_DECIMAL_POINT = re.compile(r"\.[0-9]{1,2}$")


class _Record:
    """One transaction as written: the fields by letter, the splits in order."""

    __slots__ = ("account", "fields", "line", "splits")

    def __init__(self, line: int) -> None:
        self.line = line
        self.account = -1
        self.fields: dict[str, str] = {}
        self.splits: list[list[str]] = []


def read(text: str, options: ReadOptions, name: str = "") -> ParsedFile:
    """Return the accounts of a QIF file with their rows. `name` is the file's name.

    Raises: NotAStatement when the file holds no transaction; BadFile when a line is longer than 4 MiB, or there are
    more transactions, parts or lines than anybody has; NeedsMapping when every date could be month first or day first
    and nobody has said which for such a file.
    """
    refuse_long_line(text)
    text, removed = without_controls(text)
    parsed = ParsedFile(format="qif", layout="qif", statements=[])
    if removed:
        parsed.notes.append(controls_note(removed))
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if text.count("\n") > _MOST_LINES:
        raise BadFile(f"The file has more than {_MOST_LINES:,} lines.", _SHORTER)
    reader = _Reader(parsed)
    reader.read(text.split("\n"))
    reader.end()
    if not reader.records and not parsed.skipped:
        raise NotAStatement(
            "The QIF file holds no transactions.", "Download the transactions of an account, not its lists."
        )
    _fill(parsed, reader, options, name)
    return parsed


class _Reader:
    """Walks the lines: which account, which kind of list, which record."""

    def __init__(self, parsed: ParsedFile) -> None:
        self.records: list[_Record] = []
        self.month_first: bool | None = None
        self._parsed = parsed
        self._accounts: dict[tuple[str, str], int] = {}
        self._named = ("", "")
        self._section = "bank"
        self._record: _Record | None = None
        self._account_fields: dict[str, str] = {}
        self._parts = self._hopeless = 0

    def read(self, lines: Sequence[str]) -> None:
        """Walk through the lines of a file. Raises: BadFile."""
        for number, line in enumerate(lines, 1):
            content = line.strip()
            if not content:
                continue
            letter = content[0]
            if letter == "!":
                self._header(content[1:].strip().lower())
            elif letter == "^":
                self.end()
            elif self._section == "account":
                self._account_fields.setdefault(letter.upper(), content[1:].strip())
            elif self._section not in _LISTS:
                self._field(number, letter.upper(), content[1:].strip())

    def end(self) -> None:
        """Close the record that is open: at `^`, at a header, at the end of the file."""
        if self._account_fields:
            name, kind = self._account_fields.get("N", ""), self._account_fields.get("T", "").lower()
            self._named = (name, kind)
            self._account_fields = {}
        record, self._record = self._record, None
        if record is None:
            return
        if self._section in _INVESTMENTS:
            self._parsed.skipped.append(RowTrouble(record.line, "an investment row; only cash rows are read"))
        elif record.fields.keys() & {"D", "T", "U"}:
            record.account = self._account()
            self.records.append(record)
            self._refuse_endless(record.fields)
        else:
            self._parsed.rejected.append(RowTrouble(record.line, "the row has neither date nor amount"))

    def _refuse_endless(self, fields: Mapping[str, str]) -> None:
        """Refuse a file that has no end of rows, or of such as can be none: without a date or an amount."""
        if len(self.records) > _MOST_RECORDS:
            raise BadFile(f"The QIF file holds more than {_MOST_RECORDS:,} transactions.", _SHORTER)
        amount = fields.get("T") or fields.get("U")
        if not amount or not _DIGIT.search(amount) or not _DIGIT.search(fields.get("D", "")):
            self._hopeless += 1
            if self._hopeless > MOST_REJECTED:
                raise too_many_rejected()

    def _header(self, header: str) -> None:
        self.end()
        if header.startswith("type:"):
            self._section = header[5:].strip()
            if self._section not in _LISTS | _INVESTMENTS:
                self._account()
        elif header.startswith("account"):
            self._section = "account"
        elif header in {"option:mdy", "option:dmy"}:
            self.month_first = header == "option:mdy"

    def _field(self, number: int, letter: str, value: str) -> None:
        if self._record is not None and letter == "D" and "D" in self._record.fields:
            # the `^` between two records is missing
            self.end()
        if self._record is None:
            self._record = _Record(number)
        if letter == "S" and len(self._record.splits) < _MOST_SPLITS:
            self._record.splits.append([value, "", "", ""])
            self._parts += 1
            if self._parts > _MOST_PARTS:
                raise BadFile(f"The QIF file holds more than {_MOST_PARTS:,} parts of splits.", _SHORTER)
        elif letter == "S":
            return
        elif letter in "E$%" and self._record.splits:
            part = self._record.splits[-1]
            part["SE$%".index(letter)] = value
        elif letter == "A":
            # address lines: of no use in books, and personal
            return
        else:
            self._record.fields.setdefault(letter, value)

    def _account(self) -> int:
        """Return the number of the statement for the account the rows belong to now."""
        name, listed = self._named
        kind = self._section if self._section in _KINDS else listed
        key = (name, kind if not name else "")
        if key not in self._accounts:
            self._accounts[key] = len(self._parsed.statements)
            refuse_crowd(len(self._accounts))
            known = _KINDS.get(kind)
            if known is AccountKind.CHECKING and "saving" in name.lower():
                known = AccountKind.SAVINGS
            self._parsed.statements.append(
                Statement(
                    rows=[],
                    name=folded(name) or None,
                    account_type=kind or None,
                    kind=known.value if known else None,
                )
            )
        return self._accounts[key]


def _fill(parsed: ParsedFile, reader: _Reader, options: ReadOptions, name: str) -> None:
    """Turn the records into rows, with the date order and the decimal mark of the whole file."""
    records = reader.records
    amounts = [record.fields.get("T") or record.fields.get("U", "") for record in records]
    comma = sum(1 for a in amounts if _DECIMAL_COMMA.search(a)) > sum(1 for a in amounts if _DECIMAL_POINT.search(a))
    dates = _dates(parsed, reader, options, name, comma=comma)
    parsed.notes.extend(dates.notes)
    if comma:
        parsed.notes.append("Amounts were read with a decimal comma.")
    uneven: list[int] = []
    for record in records:
        statement = parsed.statements[record.account]
        try:
            row, whole = _row(record, dates, comma=comma)
        except ValueError as trouble:
            parsed.rejected.append(RowTrouble(record.line, str(trouble)))
            continue
        if row.text.casefold() == "opening balance" and not statement.rows and statement.balance_day is None:
            # what the account held before its first row: the balance at the end of the day before, no money moved
            statement.balance_cents, statement.balance_day = row.cents, row.posted - 1
            parsed.skipped.append(RowTrouble(record.line, "an opening balance, not a transaction"))
            own = record.fields.get("L", "")
            if not statement.name and own.startswith("["):
                statement.name = folded(own.partition("]")[0].strip("[")) or None
            continue
        statement.rows.append(row)
        if not whole:
            uneven.append(row.line)
    if uneven:
        rows = "one row" if len(uneven) == 1 else f"{len(uneven)} rows"
        lines = ", ".join(map(str, uneven[:_MOST_NAMED])) + (" …" if len(uneven) > _MOST_NAMED else "")
        parsed.notes.append(
            f"In {rows} the parts of a split do not add up to its amount; the amount was taken (line {lines})."
        )
    parsed.rejected.sort()
    # an account that is only named (a list of accounts, an empty header) is no statement
    used = {record.account for record in records}
    parsed.statements = [s for number, s in enumerate(parsed.statements) if number in used or len(used) == 0]
    if not parsed.statements:
        parsed.statements = [Statement(rows=[])]


def _dates(parsed: ParsedFile, reader: _Reader, options: ReadOptions, name: str, *, comma: bool) -> DateReader:
    """Return the reader of the file's dates; an order that a person said is handed on to be kept for files like this.

    Raises: NeedsMapping when nothing and nobody says whether the month or the day comes first.
    """
    texts = [record.fields.get("D", "") for record in reader.records]
    kept_as = signature(parsed.statements, name)
    kept = options.mapping or options.mappings_by_header.get(kept_as) or {}
    for said in (options.date_order, None, str(kept.get("date_order"))):
        if said in {None, "mdy", "dmy"}:
            dates = DateReader(texts, month_first=reader.month_first, said=said, comma=comma)
            if dates.open_date is None:
                if dates.told and said is not None:
                    parsed.mapping = {"signature": kept_as, "format": "qif", "date_order": said}
                return dates
    raise NeedsMapping(
        f"Every date of this file could be month first or day first, such as {dates.open_date}.",
        "Import it again with --date-order mdy (month first) or --date-order dmy; it is kept for files like this one.",
    )


def signature(statements: Sequence[Statement], name: str) -> str:
    """Return the key by which an answer about a file's dates is kept.

    Its accounts by kind and name, and the words of the file's name without months and numbers: the answer about one
    bank's files is none about another's.
    """
    parts = sorted(f"{each.account_type or ''}\x1f{each.name or ''}" for each in statements)
    words = re.findall(r"[^\W\d_]+", name.rpartition(".")[0].casefold() or name.casefold())
    parts += ["", *(word for word in words if not _MONTH.fullmatch(word))]
    return "qif-" + hashlib.sha256("\x1e".join(parts).encode("utf-8", "replace")).hexdigest()[:32]


def _row(record: _Record, dates: DateReader, *, comma: bool) -> tuple[SourceRow, bool]:
    """Return the row of a record, and whether its parts add up to it. Raises: ValueError with the reason."""
    get = record.fields.get
    if not get("D"):
        raise ValueError("the row has no date")
    posted = dates.day(get("D", ""))
    cents = _amount(get("T", ""), get("U", ""), comma=comma)
    payee, memo, number, category = (folded(get(letter, "")) for letter in "PMNL")
    transfer = category.startswith("[")
    extra = []
    if payee and memo and memo != payee:
        extra.append(memo)
    if number:
        extra.append(f"Check {number}" if number.isdecimal() else number)
    if transfer:
        extra.append(f"Transfer {category.partition(']')[0].strip('[')}".strip())
    told, whole = _parts(record, cents, comma=comma)
    extra += [told] if told else []
    text = payee or memo or folded(extra[0] if extra else category) or "No description"
    row = SourceRow(
        line=record.line,
        posted=posted,
        transacted=None,
        cents=cents,
        text=text,
        source_type="ACCT_XFER" if transfer else category or None,
        memo=folded(". ".join(extra)) or None,
    )
    return row, whole


def _parts(record: _Record, cents: int, *, comma: bool) -> tuple[str, bool]:
    """Return the parts of a split as its row keeps them, and whether they add up to it."""
    spoken = [Spoken(*part) for part in record.splits]
    if not spoken:
        return "", True
    try:
        parts = parts_of(spoken, cents, comma=comma)
    except ValueError:
        words = (" ".join(filter(None, (part.category.strip("[]"), part.memo, part.amount))) for part in spoken)
        return folded("Parts: " + "; ".join(words)), False
    return (written(parts) if len(parts) > 1 or parts[0].memo else f"Category {parts[0].category}"), True


def _amount(first: str, second: str, *, comma: bool) -> int:
    """Return the cents of T, else of U, which repeats it. Raises: ValueError with the reason."""
    if not first and not second:
        raise ValueError("the row has no amount")
    try:
        return cents_of_typed(first, decimal_comma=comma)
    except ValueError:
        if not second or second == first:
            raise
    return cents_of_typed(second, decimal_comma=comma)

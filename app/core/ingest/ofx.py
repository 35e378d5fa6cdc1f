"""OFX, QFX and QBO files: bank, card and investment statements.

One bad record never costs the good ones: it is named with its line, the rest is read. Dates are the civil dates that
are printed; an offset behind them changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from app.core.dates import Day
from app.core.errors import NotAStatement
from app.core.ingest.decode import controls_note
from app.core.ingest.ofx_statement import amount_cents, currency_of, describe, facts_of, stamp_day
from app.core.ingest.ofx_tokens import FieldReader, LineCounter, careful_fields, ends, plain_text, prepare, records
from app.core.ingest.statement import ParsedFile, ReadOptions, RowTrouble, SourceRow, Statement, refuse_crowd
from app.core.ingest.values import folded, joined
from app.core.money import LARGEST_CENTS, share

_STATEMENT = re.compile(r"<((?:CC|INV)?STMTRS)>")
_XML = re.compile(r"<\?xml|<\?OFX", re.IGNORECASE)
_TYPE_WORDS = {
    "CREDIT": "Credit",
    "DEBIT": "Debit",
    "INT": "Interest",
    "DIV": "Dividend",
    "FEE": "Fee",
    "SRVCHG": "Service charge",
    "DEP": "Deposit",
    "ATM": "ATM",
    "POS": "Point of sale",
    "XFER": "Transfer",
    "CHECK": "Check",
    "PAYMENT": "Payment",
    "CASH": "Cash withdrawal",
    "DIRECTDEP": "Direct deposit",
    "DIRECTDEBIT": "Direct debit",
    "REPEATPMT": "Repeating payment",
    "HOLD": "Hold",
    "OTHER": "Other",
}
"""TRNTYPE in plain words (OFX 2.2, 11.4.4.3), for rows that have no other text."""

_NO_IDS = frozenset({"NONE", "NULL", "N/A", "NA"})
_EXTRAS = frozenset({"CHECKNUM", "REFNUM", "SIC", "BANKACCTTO", "CCACCTTO", "CURSYM", "CURRENCY", "CORRECTFITID"})
_NO_AMOUNT = "the row has no amount"
_FULL, _ALMOST_FULL = 32, 28
"""Letters of a NAME (OFX 1.02, A-32). Banks that go on in the MEMO cut there, inside a word or not."""
_LONG_RECORD = 1 << 16
_MOST_TAGS = 5000
_TRADES = ("INVBUY", "INVSELL", "INCOME", "REINVEST", "INVEXPENSE", "MARGININTEREST", "RETOFCAP", "TRANSFER", "SPLIT")


def read(text: str, options: ReadOptions) -> ParsedFile:  # noqa: ARG001 - one signature for all readers
    """Return all statements of an OFX file.

    Raises: BadFile when it declares entities or a document type; NotAStatement when it is OFX without a statement
    (a profile, a list of accounts, a bank's refusal).
    """
    layout = "ofx-xml" if _XML.search(text[:4096]) or "</TRNAMT>" in text else "ofx-sgml"
    text, removed = prepare(text)
    starts = [(found.start(), found[1]) for found in _STATEMENT.finditer(text)]
    if not starts:
        if "<STMTTRN>" not in text and "<BANKTRANLIST>" not in text:
            raise _no_statement(text)
        starts = [(0, "CCSTMTRS" if "<CCACCTFROM>" in text else "STMTRS")]
    refuse_crowd(len(starts))
    parsed = ParsedFile(format="ofx", layout=layout, statements=[])
    if removed:
        parsed.notes.append(controls_note(removed))
    reader = _Reader(text, parsed)
    bank = facts_of(text, 0, min(starts[0][0], 65536))
    for number, (start, tag) in enumerate(starts):
        end = starts[number + 1][0] if number + 1 < len(starts) else len(text)
        statement, facts = reader.statement(start if number else 0, end, tag)
        for note in describe(statement, facts, bank, tag=tag):
            if note not in parsed.notes:
                parsed.notes.append(note)
        parsed.statements.append(statement)
    if text.rfind("</OFX>") < 0 <= text.find("<OFX>"):
        parsed.notes.append("The file has no end mark; it may be cut off.")
    return parsed


class _Reader:
    """Reads the rows of one file after another statement; line numbers and dates are counted once for the file."""

    def __init__(self, text: str, parsed: ParsedFile) -> None:
        self._text = text
        self._parsed = parsed
        self._lines = LineCounter(text)
        self._days: dict[str, Day | None] = {}
        self._closed = "</STMTTRN>" in text
        self._fields = FieldReader()
        self._count = 0
        """Transactions met so far in the file."""
        self._cut: list[tuple[int, str]] = []
        """Place among the rows of the statement, and text, of names that seem cut in a word and go on in the memo."""
        self._apart = False
        """Whether the bank puts other things into the memo than what a name had no room for."""

    def statement(self, start: int, end: int, tag: str) -> tuple[Statement, dict[tuple[str, str], str]]:
        """Return the statement in text[start:end] with its rows, and the facts that stand around them."""
        text, lines = self._text, self._lines
        first, last = ends(text, start, end)
        facts = facts_of(text, start, first) | facts_of(text, last, end)
        statement = Statement(rows=[], currency=currency_of(facts))
        withdrawn: dict[str, int] = {}
        self._cut, self._apart = [], False
        add = statement.rows.append
        before = 0
        for here, stop, whole in records(text, start, end):
            line = lines.at(here)
            self._count += 1
            alone, before = line != before, line
            try:
                if not whole:
                    self._refuse_cut(here, stop)
                record = self._record(here, stop)
                row = self._row(record, line, statement)
            except ValueError as trouble:
                reason = str(trouble) if alone and self._ends_its_line(stop) else f"{trouble} ({self._place()})"
                self._parsed.rejected.append(RowTrouble(line, reason))
                continue
            if "CORRECTFITID" in record and self._only_withdraws(record, line, withdrawn):
                self._parsed.skipped.append(RowTrouble(line, "takes back an earlier row; check it in the books"))
                continue
            add(row)
        if len(self._cut) > 1 and not self._apart:
            for place, text in self._cut:
                statement.rows[place] = statement.rows[place]._replace(text=text)
        self._withdraw(statement, withdrawn)
        self._left_out(start, end, tag)
        return statement, facts

    def _place(self) -> str:
        """Return where a transaction stands whose line holds others too."""
        return f"transaction {self._count:,} of the file"

    def _ends_its_line(self, stop: int) -> bool:
        """Whether no other transaction begins on the line that one ends on."""
        following = self._text.find("<STMTTRN>", stop)
        return following < 0 or self._lines.breaks(stop, following)

    def _refuse_cut(self, start: int, end: int) -> None:
        """Raise ValueError when the last row may lack its end: half an amount or id would be a wrong one."""
        last = self._text[start:end]
        ended = last[-1:].isspace() and last.rfind("<") > max(last.rfind("<TRNAMT>"), last.rfind("<FITID>"))
        if self._closed or not ended or "<FITID>" not in last:
            raise ValueError("the file ends inside this row")

    def _record(self, start: int, end: int) -> dict[str, str]:
        if end - start > _LONG_RECORD and self._text.count("<", start, end) > _MOST_TAGS:
            raise ValueError("the row has more fields than any")
        plain = self._fields.read(self._text, start, end)
        if plain is not None:
            return plain
        if "TRNAMT" not in self._text[start:end].upper():
            raise ValueError(_NO_AMOUNT)
        record: dict[str, str] = {}
        for tag, value in careful_fields(self._text, start, end):
            if tag == "TRNAMT" and tag in record:
                raise ValueError("two rows run into each other")
            if not tag.startswith("/"):
                record.setdefault(tag, value)
            elif value.strip() and (leaf := tag[1:]) in record:
                # text behind an end tag: a stray tag stood inside the value
                record[leaf] += value
        return record

    def _row(self, record: Mapping[str, str], line: int, statement: Statement) -> SourceRow:
        """Return the row of a record. Raises: ValueError with the reason."""
        get = record.get
        amount = get("TRNAMT", "")
        if not amount or amount.isspace():
            raise ValueError(_NO_AMOUNT)
        cents = amount_cents(amount)
        posted = self._day(get("DTPOSTED", ""))
        transacted = self._day(record["DTUSER"]) if "DTUSER" in record else None
        if posted is None:
            posted = transacted
            if posted is None:
                raise ValueError("the row has no date that can be read")
        name, memo = plain_text(get("EXTDNAME") or get("NAME", "")), plain_text(get("MEMO", ""))
        text = joined(name, memo)
        if memo and len(text) > len(name) and text[len(name)] == " " and text.startswith(name):
            if len(name) < _ALMOST_FULL:
                self._apart = True
            elif _is_cut(get("NAME", "").rstrip("\r\n"), name) and not get("MEMO", "")[0].isspace():
                self._cut.append((len(statement.rows), (name + memo)[: len(text)]))
        kind = get("TRNTYPE", "").strip().upper()[:32]
        bank_id = plain_text(get("FITID", ""))
        own_currency = usd = more = None
        if not _EXTRAS.isdisjoint(record):
            own_currency, usd = _foreign(record, cents, statement.currency)
            more = _more(record)
        if not text:
            text = more or _TYPE_WORDS.get(kind) or kind.capitalize() or "No description"
        if (len(bank_id) < 5 and bank_id.upper() in _NO_IDS) or not bank_id.strip("0"):
            bank_id = ""
        return SourceRow(
            line, posted, transacted, cents, text, bank_id or None, kind or None, None, None, own_currency, usd, more
        )

    def _day(self, stamp: str) -> Day | None:
        try:
            return self._days[stamp]
        except KeyError:
            day = self._days[stamp] = stamp_day(stamp)
            return day

    def _only_withdraws(self, record: Mapping[str, str], line: int, withdrawn: dict[str, int]) -> bool:
        """Remember which row a correction takes back; whether it puts nothing in its place."""
        if target := plain_text(record["CORRECTFITID"]):
            withdrawn[target] = line
        return bool(target) and record.get("CORRECTACTION", "").strip().upper() == "DELETE"

    def _withdraw(self, statement: Statement, withdrawn: dict[str, int]) -> None:
        """Take rows that a correction in the same file replaces out of the statement."""
        if not withdrawn:
            return
        kept = []
        for row in statement.rows:
            by = withdrawn.get(row.bank_id or "")
            if by is None or by == row.line:
                kept.append(row)
            else:
                self._parsed.skipped.append(RowTrouble(row.line, f"corrected by the bank in line {by}"))
                withdrawn[row.bank_id or ""] = -by
        statement.rows = kept
        if any(line > 0 for line in withdrawn.values()):
            self._parsed.notes.append("The bank corrects rows of an earlier file; check that they are not in twice.")

    def _left_out(self, start: int, end: int, tag: str) -> None:
        """Name what is in the statement and is no row: pending rows and trades."""
        here = self._text.find("<STMTTRNP>", start, end)
        while here >= 0:
            self._parsed.skipped.append(RowTrouble(self._lines.at(here), "the row is pending"))
            here = self._text.find("<STMTTRNP>", here + 10, end)
        if tag == "INVSTMTRS":
            trades = sum(self._text.count(f"<{trade}>", start, end) for trade in _TRADES)
            if trades:
                left_out = "1 investment trade was" if trades == 1 else f"{trades} investment trades were"
                self._parsed.notes.append(f"{left_out} left out; only cash rows are read.")


def _is_cut(written: str, name: str) -> bool:
    """Tell whether a name fills its field to the last letter, as the bank wrote it or without its double blanks."""
    return len(name) == _FULL or (len(written) == _FULL and not written[-1].isspace())


def _foreign(record: Mapping[str, str], cents: int, currency: str) -> tuple[str | None, int | None]:
    """Return the row's own currency and its US cents. ORIGCURRENCY is history: the amount is converted already."""
    if "CURRENCY" not in record:
        return None, None
    code = (record["CURRENCY"].strip() or record.get("CURSYM", "").strip()).upper()
    if len(code) != 3 or not code.isascii() or not code.isalpha() or code == currency:
        return None, None
    if currency != "USD":
        return code, cents if code == "USD" else None
    try:
        # CURRATE is the worth of one unit of the row's currency in the statement's (OFX 2.2, 5.2)
        rate = Decimal(record.get("CURRATE", "").strip())
        usd = share(cents, rate) if rate.is_finite() and 0 < rate < 10**6 else None
    except (InvalidOperation, ValueError):
        return code, None
    return code, usd if usd is not None and abs(usd) <= LARGEST_CENTS else None


def _more(record: Mapping[str, str]) -> str | None:
    """Return the further facts of a row as one text: check number, reference, merchant code, counter account."""
    parts = []
    check, reference = plain_text(record.get("CHECKNUM", "")), plain_text(record.get("REFNUM", ""))
    if check.strip("0"):
        parts.append(f"Check {check}")
    if reference.strip("0") and reference != check:
        parts.append(f"Reference {reference}")
    if code := plain_text(record.get("SIC", "")).strip("0"):
        parts.append(f"Merchant code {code}")
    if "BANKACCTTO" in record or "CCACCTTO" in record:
        digits = plain_text(record.get("ACCTID", ""))
        parts.append(f"Other account ··{digits[-4:]}" if digits else "Other account")
    return folded(", ".join(parts)) or None


def _no_statement(text: str) -> NotAStatement:
    head = text[:65536]
    message = re.search(r"<SEVERITY>\s*ERROR", head, re.IGNORECASE)
    if message:
        return NotAStatement("The file is a bank's refusal, not a statement.", "Download the statement again.")
    if "<ACCTINFO" in head:
        return NotAStatement("The file lists accounts; it holds no statement.", "Download a statement of an account.")
    return NotAStatement("The OFX file holds no statement.", "Download the transactions of an account as OFX or QFX.")

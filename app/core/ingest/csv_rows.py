"""The rows of a table, one by one: each ends in exactly one of rows, skipped and rejected."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, tzinfo

from app.core.ingest.csv_blocks import Block, ColumnReader, identifier
from app.core.ingest.csv_columns import Columns, cents_of_cell, fold, is_blank, names_of, without_html
from app.core.ingest.csv_conversions import dollars_beside, dollars_in_words
from app.core.ingest.csv_days import DayReader
from app.core.ingest.csv_layouts import FAILED_WORDS, PENDING_WORDS, WIDEST, direction_of
from app.core.ingest.csv_lines import Record
from app.core.ingest.statement import Rejections, RowTrouble, SourceRow, refuse_crowd

NO_TEXT = "(no description)"
UNCLOSED = "a quotation mark is not closed"
TOO_MANY = "more fields than the header names"

_BALANCE_TEXT = re.compile(
    r"(?:beginning|opening|starting|ending|closing) (?:ledger )?balance\b|(?:grand |sub)?totals?:?$", re.IGNORECASE
)
_TOTAL_WORD = re.compile(r"\b(?:sub)?totals?\b|\bbalance\b|\bend of (?:file|report|statement)\b", re.IGNORECASE)
_MONEY_IN_TEXT = re.compile(r"\$\s*(\d[\d,]*(?:\.\d{1,2})?)")

AccountKey = tuple[str, str, str]
"""Account cell, account name and institution as the row writes them; all blank in a file of one account."""

_ONE_ACCOUNT: AccountKey = ("", "", "")


class Batch:
    """The rows of one account, with what stands beside them in the file."""

    def __init__(self) -> None:
        self.rows: list[SourceRow] = []
        self.balances: list[str] = []
        """The running balance as written, one a row, when there is such a column."""
        self.references: list[tuple[str, str]] = []
        """Reference and moment of each row, for layouts with mirror or conversion rows."""


class Sheet:
    """Everything one reading of a table gave."""

    def __init__(self) -> None:
        self.batches: dict[AccountKey, Batch] = {}
        self.skipped: list[RowTrouble] = []
        self.rejected: list[RowTrouble] = Rejections()
        self.negative = 0
        """Amount cells below zero."""
        self.out_words = 0
        self.uneven_fees = 0


class RowReader:
    """Reads the rows of one table under one set of columns."""

    def __init__(self, columns: Columns, days: DayReader, zone: tzinfo | None) -> None:
        self._columns = columns
        self._days = days
        self._zone = zone or UTC
        self._layout = columns.layout
        self._comma = columns.layout.decimal_comma
        self._sheet = Sheet()

    def read(self, table: Iterable[Block | Iterator[Record]]) -> Sheet:
        """Return what the records hold."""
        batch = self._sheet.batches.setdefault(_ONE_ACCOUNT, Batch())
        whole = None
        if ColumnReader.fits(self._columns):
            whole = ColumnReader(self._columns, self._days, self._money(), _BALANCE_TEXT)
        for part in table:
            if not isinstance(part, Block):
                self._one_by_one(part)
            elif whole is None or (found := whole.read(part)) is None:
                self._one_by_one(part.records())
            else:
                rows, balances, negative = found
                batch.rows += rows
                batch.balances += balances
                self._sheet.negative += negative
        return self._sheet

    def _one_by_one(self, table: Iterable[Record]) -> None:
        columns, sheet, days = self._columns, self._sheet, self._days
        key = _ONE_ACCOUNT
        batch = sheet.batches[key]
        watch, money, label, finish = self._watch(), self._money(), self._label(), self._finisher()
        several = max(columns.account, columns.account_name, columns.institution) >= 0
        date_at, width, zoned = columns.date, columns.width, self._layout.zoned
        balance_at, id_at, type_at = columns.balance, columns.bank_id, columns.type
        memo_at, transacted_at = columns.memo, columns.transacted
        linked = bool(self._layout.mirror_types or self._layout.conversion_word)
        for line, fields in table:
            if fields is None:
                sheet.rejected.append(RowTrouble(line, UNCLOSED))
                continue
            if len(fields) < width and not self._filled_up(line, fields):
                continue
            day = self._moment(fields) if zoned else days[fields[date_at]]
            if day is None:
                self._undated(line, fields)
                continue
            if watch is not None and (reason := watch(fields)):
                sheet.skipped.append(RowTrouble(line, reason))
                continue
            if WIDEST > width < len(fields) and any(cell.strip() for cell in fields[width:]):
                # an amount such as 1,234.50 without quotation marks would be read as 1
                sheet.rejected.append(RowTrouble(line, TOO_MANY))
                continue
            text = label(fields)
            try:
                cents = money(fields)
            except ValueError as trouble:
                self._unpriced(line, fields, text, str(trouble))
                continue
            if text[:1] in "BbOoSsEeCcTtGg" and _BALANCE_TEXT.match(text):
                sheet.skipped.append(RowTrouble(line, "a balance, not a transaction"))
                continue
            if several:
                key = self._key(fields)
                if (found := sheet.batches.get(key)) is None:
                    found = sheet.batches[key] = Batch()
                    refuse_crowd(len(sheet.batches))
                batch = found
            word = ""
            for at in type_at:
                if word := fold(fields[at]):
                    break
            row = SourceRow(
                line,
                day,
                days[fields[transacted_at]] if transacted_at >= 0 else None,
                cents,
                text or word or NO_TEXT,
                identifier(fields[id_at]) if id_at >= 0 else None,
                word or None,
            )
            if memo_at:
                row = row._replace(memo=self._joined(fields, memo_at))
            batch.rows.append(row if finish is None else finish(row, fields))
            if balance_at >= 0:
                batch.balances.append(fields[balance_at])
            if linked:
                batch.references.append(self._link(fields))

    def _moment(self, fields: list[str]) -> int | None:
        columns = self._columns
        cell = fields[columns.date]
        if not cell.strip() and columns.other_date >= 0:
            cell = fields[columns.other_date]
        time = fields[columns.time].strip() if columns.time >= 0 else ""
        zone = fields[columns.zone].strip() if columns.zone >= 0 else ""
        try:
            return self._days.moment(cell, time, zone, self._zone)
        except ValueError:
            return None

    def _filled_up(self, line: int, fields: list[str]) -> bool:
        """Give a short row the cells it lacks; of one that lacks what every row needs return False, noted."""
        if len(fields) < self._columns.essential:
            self._short(line, fields)
            return False
        fields.extend([""] * (self._columns.width - len(fields)))
        return True

    def _short(self, line: int, fields: list[str]) -> None:
        filled = [cell for cell in fields if cell.strip()]
        if not filled:
            return
        date_at = self._columns.date
        dated = date_at < len(fields) and self._days[fields[date_at]] is not None
        if not dated and (len(filled) == 1 or any(_TOTAL_WORD.search(cell) for cell in filled)):
            self._sheet.skipped.append(RowTrouble(line, "a note or a total, not a transaction"))
        else:
            self._sheet.rejected.append(RowTrouble(line, "too few fields"))

    def _undated(self, line: int, fields: list[str]) -> None:
        filled = [cell for cell in fields if cell.strip()]
        if not filled:
            return
        sheet, cell = self._sheet, fields[self._columns.date].strip()
        if names_of(fields)[: self._columns.width] == self._columns.names:
            sheet.skipped.append(RowTrouble(line, "the header again"))
        elif len(filled) == 1 or any(_TOTAL_WORD.search(other[:200]) for other in filled):
            sheet.skipped.append(RowTrouble(line, "a note or a total, not a transaction"))
        elif self._columns.layout.id == "venmo" and not cell:
            sheet.skipped.append(RowTrouble(line, "a balance, not a transaction"))
        elif not cell:
            sheet.rejected.append(RowTrouble(line, "the date is missing"))
        elif cell[0].isalpha() and not self._has_money(fields):
            sheet.skipped.append(RowTrouble(line, "a note or a total, not a transaction"))
        else:
            sheet.rejected.append(RowTrouble(line, "the date is not a date of 1970 to 2199"))

    def _has_money(self, fields: list[str]) -> bool:
        columns = self._columns
        return any(
            at >= 0 and not is_blank(fields[at])
            for at in (columns.amount, columns.debit, columns.credit, columns.gross)
        )

    def _unpriced(self, line: int, fields: list[str], text: str, reason: str) -> None:
        if not self._has_money(fields):
            if _BALANCE_TEXT.match(text) or text.lower().startswith("total"):
                self._sheet.skipped.append(RowTrouble(line, "a balance, not a transaction"))
                return
            reason = "the amount is missing"
        self._sheet.rejected.append(RowTrouble(line, reason))

    def _money(self) -> Callable[[list[str]], int]:
        """Return the reader of a row's amount under this layout's sign convention."""
        columns, layout, sheet, comma = self._columns, self._layout, self._sheet, self._comma
        amount_at, debit_at, credit_at = columns.amount, columns.debit, columns.credit

        def part(fields: list[str], at: int) -> int:
            return 0 if at < 0 or is_blank(fields[at]) else cents_of_cell(fields[at], comma)

        def of_columns(fields: list[str]) -> int:
            if not any(at >= 0 and not is_blank(fields[at]) for at in (debit_at, credit_at)):
                raise ValueError("the amount is missing")
            return abs(part(fields, credit_at)) - abs(part(fields, debit_at))

        def of_parts(fields: list[str]) -> int:
            cents_of_cell(fields[columns.gross], comma)
            fee = part(fields, columns.fee)
            gross = part(fields, columns.gross) - abs(part(fields, columns.refunded))
            return gross - fee if layout.fee_is_cost else gross + fee

        def signed(fields: list[str]) -> int:
            cents = cents_of_cell(fields[amount_at], comma)
            if cents < 0:
                sheet.negative += 1
            return cents

        def flipped(fields: list[str]) -> int:
            return -signed(fields)

        def worded(fields: list[str]) -> int:
            cents, way = signed(fields), direction_of(fields[columns.direction])
            if cents < 0:
                return cents
            if way == 0 and cents:
                raise ValueError("no word says whether money came in or went out")
            return way * cents

        def signed_and_counted(fields: list[str]) -> int:
            sheet.out_words += direction_of(fields[columns.direction]) < 0
            return signed(fields)

        def signed_or_in_text(fields: list[str]) -> int:
            kind = fields[columns.type[0]].strip().lower() if columns.type else ""
            if kind in layout.amount_in_text_types and (found := _MONEY_IN_TEXT.search(fields[columns.text[0]])):
                return -cents_of_cell(found[1], comma)
            return 0 if fields[amount_at].strip() in {"--", "-"} else signed(fields)

        if layout.net_of_parts:
            return of_parts
        if amount_at < 0:
            return of_columns
        if layout.amount_in_text_types:
            return signed_or_in_text
        if layout.sign == "word" and columns.direction >= 0:
            return worded
        if layout.sign == "flipped":
            return flipped
        return signed_and_counted if columns.direction >= 0 else signed

    def _label(self) -> Callable[[list[str]], str]:
        columns, html_text = self._columns, self._layout.html_text
        text_at, more_at = columns.text, columns.more_text
        first = text_at[0] if text_at else -1

        def label(fields: list[str]) -> str:
            text = ""
            for at in text_at:
                if text := fold(without_html(fields[at]) if html_text else fields[at]):
                    break
            for at in more_at:
                more = fold(fields[at])
                if more and more.lower() not in text.lower():
                    text = f"{text} {more}".strip()
            return text

        def plain(fields: list[str]) -> str:
            return fold(fields[first])

        return plain if len(text_at) == 1 and not more_at and not html_text else label

    def _joined(self, fields: list[str], places: tuple[int, ...]) -> str | None:
        parts = [part for at in places if (part := fold(fields[at]))]
        return "; ".join(parts) or None

    def _watch(self) -> Callable[[list[str]], str] | None:
        """Return the reader of status words, or None; it gives the reason why a row is skipped, blank for none."""
        columns, layout = self._columns, self._layout
        if columns.status < 0 and columns.impact < 0 and not layout.skipped_type_words:
            return None
        type_at = columns.type[0] if columns.type else -1

        def watch(fields: list[str]) -> str:
            word = fields[columns.status].strip().lower() if columns.status >= 0 else ""
            if word in PENDING_WORDS:
                return "pending: it has not moved money yet"
            if word in FAILED_WORDS:
                return "failed or cancelled: it moved no money"
            if layout.kept_status and word and word not in layout.kept_status:
                return "not completed: it moved no money"
            if columns.impact >= 0 and fields[columns.impact].strip().lower() == "memo":
                return "a memo row: it moved no money"
            if layout.skipped_type_words and type_at >= 0:
                kind = fields[type_at].lower()
                if any(skip in kind for skip in layout.skipped_type_words):
                    return "an authorization or a hold, not a payment"
            return ""

        return watch

    def _finisher(self) -> Callable[[SourceRow, list[str]], SourceRow] | None:
        """Return the reader of fees and currencies, or None where the layout has neither."""
        columns, layout, sheet, comma = self._columns, self._layout, self._sheet, self._comma
        if columns.fee < 0 and columns.currency < 0:
            return None

        def part(fields: list[str], at: int) -> int:
            if at < 0 or is_blank(fields[at]):
                return 0
            try:
                return cents_of_cell(fields[at], comma)
            except ValueError:
                return 0

        def finish(row: SourceRow, fields: list[str]) -> SourceRow:
            fee = part(fields, columns.fee)
            if fee and columns.gross >= 0:
                gross = part(fields, columns.gross) - abs(part(fields, columns.refunded))
                if abs(gross) != abs(row.cents) and layout.direction and gross * row.cents < 0:
                    gross = -gross
                if abs(row.cents - gross) == abs(fee):
                    row = row._replace(gross_cents=gross, fee_cents=row.cents - gross)
                else:
                    sheet.uneven_fees += 1
            if columns.currency >= 0:
                code = fields[columns.currency].strip().upper()
                if len(code) == 3 and code.isalpha() and code.isascii():
                    row = row._replace(currency=code)
                    if code != "USD":
                        row = row._replace(usd_cents=self._dollars(row, code, fields, part))
            return row

        return finish

    def _dollars(
        self, row: SourceRow, currency: str, fields: list[str], part: Callable[[list[str], int], int]
    ) -> int | None:  # fmt: skip
        """Return the dollars that a row in another currency states itself, else None."""
        columns = self._columns
        fee = part(fields, columns.fee_within)
        if (said := dollars_in_words(row.text, row.cents, currency, fee)) is not None:
            return said
        if fee or min(columns.exchange_to, columns.exchanged) < 0:
            return None  # what arrived is less than what was paid: the fee's dollars are told nowhere
        source = fields[columns.exchange_from] if columns.exchange_from >= 0 else ""
        arrived = part(fields, columns.exchanged)
        return dollars_beside(row.cents, currency, source, fields[columns.exchange_to], arrived)

    def _link(self, fields: list[str]) -> tuple[str, str]:
        columns = self._columns
        reference = fields[columns.reference].strip() if columns.reference >= 0 else ""
        stamp = fields[columns.date] + " " + fields[columns.time] if columns.time >= 0 else fields[columns.date]
        return reference, stamp

    def _key(self, fields: list[str]) -> AccountKey:
        columns = self._columns
        places = (columns.account, columns.account_name, columns.institution)
        account, name, institution = (fold(fields[at]) if at >= 0 else "" for at in places)
        return account, name, institution

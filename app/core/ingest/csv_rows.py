"""The rows of a table, one by one: each ends in exactly one of rows, skipped and rejected."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, tzinfo

from app.core.ingest.csv_blocks import Block, ColumnReader, identifier
from app.core.ingest.csv_cells import finisher_of, label_of, money_of, watch_of
from app.core.ingest.csv_columns import Columns, fold, is_blank, names_of
from app.core.ingest.csv_days import DayReader
from app.core.ingest.csv_layouts import WIDEST
from app.core.ingest.csv_lines import Record
from app.core.ingest.csv_sheet import ONE_ACCOUNT, AccountKey, Batch, Sheet
from app.core.ingest.statement import RowTrouble, SourceRow, refuse_crowd

NO_TEXT = "(no description)"
UNCLOSED = "a quotation mark is not closed"
TOO_MANY = "more fields than the header names"

_BALANCE_TEXT = re.compile(
    r"(?:beginning|opening|starting|ending|closing) (?:ledger )?balance\b|(?:grand |sub)?totals?:?$", re.IGNORECASE
)
_TOTAL_WORD = re.compile(r"\b(?:sub)?totals?\b|\bbalance\b|\bend of (?:file|report|statement)\b", re.IGNORECASE)


class RowReader:
    """Reads the rows of one table under one set of columns."""

    def __init__(self, columns: Columns, days: DayReader, zone: tzinfo | None) -> None:
        self._columns = columns
        self._days = days
        self._zone = zone or UTC
        self._layout = columns.layout
        self._sheet = Sheet()

    def read(self, table: Iterable[Block | Iterator[Record]]) -> Sheet:
        """Return what the records hold."""
        batch = self._sheet.batches.setdefault(ONE_ACCOUNT, Batch())
        whole = None
        if ColumnReader.fits(self._columns):
            whole = ColumnReader(self._columns, self._days, money_of(self._columns, self._sheet), _BALANCE_TEXT)
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
        key, batch = ONE_ACCOUNT, sheet.batches[ONE_ACCOUNT]
        watch, money = watch_of(columns), money_of(columns, sheet)
        label, finish = label_of(columns), finisher_of(columns, sheet)
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

    def _joined(self, fields: list[str], places: tuple[int, ...]) -> str | None:
        parts = [part for at in places if (part := fold(fields[at]))]
        return "; ".join(parts) or None

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

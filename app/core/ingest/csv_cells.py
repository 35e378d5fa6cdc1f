"""How a layout writes a row: its amount, its text, its status, its fees and its currency."""

from __future__ import annotations

import re
from collections.abc import Callable

from app.core.ingest.csv_columns import Columns, cents_of_cell, fold, is_blank, without_html
from app.core.ingest.csv_conversions import dollars_beside, dollars_in_words
from app.core.ingest.csv_layouts import FAILED_WORDS, PENDING_WORDS, direction_of
from app.core.ingest.csv_sheet import Sheet
from app.core.ingest.statement import SourceRow

_MONEY_IN_TEXT = re.compile(r"\$\s*(\d[\d,]*(?:\.\d{1,2})?)")


def money_of(columns: Columns, sheet: Sheet) -> Callable[[list[str]], int]:
    """Return the reader of a row's amount under this layout's sign convention."""
    layout, comma = columns.layout, columns.layout.decimal_comma
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


def label_of(columns: Columns) -> Callable[[list[str]], str]:
    """Return the reader of a row's text."""
    html_text = columns.layout.html_text
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


def watch_of(columns: Columns) -> Callable[[list[str]], str] | None:
    """Return the reader of status words, or None; it gives the reason why a row is skipped, blank for none."""
    layout = columns.layout
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


def finisher_of(columns: Columns, sheet: Sheet) -> Callable[[SourceRow, list[str]], SourceRow] | None:
    """Return the reader of fees and currencies, or None where the layout has neither."""
    layout, comma = columns.layout, columns.layout.decimal_comma
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
                    row = row._replace(usd_cents=_dollars(columns, row, code, fields, part))
        return row

    return finish


def _dollars(
    columns: Columns, row: SourceRow, currency: str, fields: list[str], part: Callable[[list[str], int], int]
) -> int | None:  # fmt: skip
    """Return the dollars that a row in another currency states itself, else None."""
    fee = part(fields, columns.fee_within)
    if (said := dollars_in_words(row.text, row.cents, currency, fee)) is not None:
        return said
    if fee or min(columns.exchange_to, columns.exchanged) < 0:
        return None  # what arrived is less than what was paid: the fee's dollars are told nowhere
    source = fields[columns.exchange_from] if columns.exchange_from >= 0 else ""
    arrived = part(fields, columns.exchanged)
    return dollars_beside(row.cents, currency, source, fields[columns.exchange_to], arrived)

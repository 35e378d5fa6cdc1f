"""Spreadsheets through XlsxWriter: equal bytes for equal tabs, foreign text never a formula or a link.

Every text goes through `write_string`; the only links are our own, from a workpaper reference to its tab. Amounts are
numbers with two decimals made from whole cents: a double holds each cent exactly up to 90 trillion dollars.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from app.core.dates import date_of
from app.core.report.sheet import Sheet, SheetCell, SheetColumn, SheetType

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

MONEY = "#,##0.00;(#,##0.00);0.00"
FORMATS = {
    SheetType.CENTS: MONEY,
    SheetType.DOLLARS: "#,##0;(#,##0);0",
    SheetType.COUNT: "0",
    SheetType.RATE: "0.0%;(0.0%)",
    SheetType.DAY: "yyyy-mm-dd",
}
FONT = {"font_name": "Arial", "font_size": 10, "valign": "vcenter"}
LEFT = frozenset({SheetType.TEXT, SheetType.LINK, SheetType.DAY})
"""Columns set from the left, a step away from the figures before them."""

ROW_HEIGHT = 15
HEAD_HEIGHT = 20
LONGEST_TEXT = 32_767
"""What a cell of this format holds."""

UNWRITABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
"""Characters XML cannot carry; a tab and a line feed stay."""


def workbook_bytes(sheets: Sequence[Sheet], *, title: str, subject: str, created: date) -> bytes:
    """Return the file of the tabs, dated at the start of a day."""
    import xlsxwriter  # noqa: PLC0415 - only an export needs it

    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {
        "in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
    })  # fmt: skip
    moment = datetime(created.year, created.month, created.day)  # noqa: DTZ001 - the format knows no zone
    book.set_properties({"title": cleaned(title), "author": "1099 Ops", "created": moment})
    writer = _Writer(book, {sheet.reference: sheet.name for sheet in sheets}, cleaned(subject))
    for sheet in sheets:
        writer.write(sheet)
    book.close()
    return stream.getvalue()


def cleaned(text: str) -> str:
    """Return text a cell can hold."""
    return UNWRITABLE.sub(" ", text)[:LONGEST_TEXT]


class _Writer:
    def __init__(self, book: Any, tabs: dict[str, str], subject: str) -> None:  # noqa: ANN401 - imported late
        self.book = book
        self.tabs = tabs
        self.subject = subject
        self.title = book.add_format(FONT | {"bold": True, "font_size": 13})
        self.quiet = book.add_format(FONT | {"font_color": "#57606A"})
        self.plain: dict[SheetType, Format] = {}
        self.bold: dict[SheetType, Format] = {}
        self.sum: dict[SheetType, Format] = {}
        self.head: dict[bool, Format] = {}
        for type_ in SheetType:
            look = FONT | ({"num_format": FORMATS[type_]} if type_ in FORMATS else {})
            if type_ in LEFT:
                look |= {"align": "left", "indent": 1}
            if type_ is SheetType.LINK:
                look |= {"font_color": "#1D4ED8", "underline": 1}
            self.plain[type_] = book.add_format(look)
            self.bold[type_] = book.add_format(look | {"bold": True, "top": 1, "bottom": 1})
            self.sum[type_] = book.add_format(look | {"bold": True, "top": 1})
        for right in (False, True):
            look = FONT | {"bold": True, "bottom": 1, "text_wrap": True, "bg_color": "#F3F5F8"}
            self.head[right] = book.add_format(look | ({"align": "right"} if right else {"align": "left", "indent": 1}))

    def write(self, sheet: Sheet) -> None:
        page = self.book.add_worksheet(sheet.name)
        page.write_string(0, 0, cleaned(sheet.title), self.title)
        page.write_string(1, 0, cleaned(f"Workpaper {sheet.reference} · {self.subject}"), self.quiet)
        for at, note in enumerate(sheet.notes, 2):
            page.write_string(at, 0, cleaned(note), self.quiet)
        page.set_default_row(ROW_HEIGHT)
        head = 3 + len(sheet.notes)
        page.set_row(head, HEAD_HEIGHT)
        for at, column in enumerate(sheet.columns):
            page.set_column(at, at, column.width)
            page.write_string(head, at, column.name, self.head[_right(column)])
        for at, row in enumerate(sheet.rows):
            self._row(page, head + 1 + at, sheet.columns, row, self.bold if at in sheet.strong else self.plain)
        last = head + len(sheet.rows)
        if sheet.rows:
            page.autofilter(head, 0, last, len(sheet.columns) - 1)
            if sheet.total is not None:
                self._row(page, last + 1, sheet.columns, sheet.total, self.sum)
        else:
            page.write_string(head + 1, 0, "None in these books.", self.quiet)
        self._print(page, sheet, head)

    @staticmethod
    def _print(page: Worksheet, sheet: Sheet, head: int) -> None:
        page.freeze_panes(head + 1, 0)
        page.hide_gridlines(2)
        page.set_landscape()
        page.set_paper(1)
        page.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
        page.fit_to_pages(1, 0)
        page.repeat_rows(head)
        page.set_footer(f"&L{sheet.reference}&CPrepared by the client, unaudited&RPage &P of &N")

    def _row(
        self, page: Worksheet, at: int, columns: Sequence[SheetColumn], row: Sequence[SheetCell],
        look: dict[SheetType, Format],
    ) -> None:  # fmt: skip
        for number, (column, cell) in enumerate(zip(columns, row, strict=True)):
            style = look[column.type]
            if cell is None or cell == "":
                if look is not self.plain:
                    page.write_blank(at, number, None, look[SheetType.TEXT])
            elif isinstance(cell, str):
                target = self.tabs.get(cell) if column.type is SheetType.LINK else None
                if target is None:
                    page.write_string(at, number, cleaned(cell), look[SheetType.TEXT])
                else:
                    page.write_url(at, number, f"internal:'{target}'!A1", style, cell)
            elif column.type is SheetType.DAY:
                page.write_datetime(at, number, date_of(cell), style)
            else:
                page.write_number(at, number, _number(cell, column.type), style)


def _right(column: SheetColumn) -> bool:
    return column.type not in LEFT


def _number(value: int, type_: SheetType) -> float:
    """Return what the cell stores; whole cents become the nearest double, which prints as the same cents."""
    divisor = {SheetType.CENTS: 100, SheetType.RATE: 10_000}.get(type_, 1)
    return value / divisor

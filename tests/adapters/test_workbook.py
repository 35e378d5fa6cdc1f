"""The workbook: text stays text, amounts stay exact, nothing hidden or merged, equal bytes."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime

import openpyxl
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.worksheet.worksheet import Worksheet

from app.adapters.xlsx import workbook_bytes
from app.core.dates import day_from_iso
from app.core.report.sheet import Sheet, SheetCell, SheetColumn, SheetType, amounts, total_of, words

DAY = date(2026, 11, 20)
HOSTILE = [
    '=HYPERLINK("http://evil.example","click")',
    "+1+1",
    "-2+3",
    "@SUM(A1:A9)",
    "\tTAB",
    "\rCR",
    "=cmd|' /C calc'!A0",
    "http://evil.example",
    "internal:'B'!A1",
    "1234567890123456789",
    "<b>&amp;</b> \0 \x1f \ufffe \ud800",
    "Я" * 40_000,
    "",
]
COLUMNS = (words("Text", 20), *amounts("Amount"), SheetColumn("Day", SheetType.DAY), SheetColumn("Ref", SheetType.LINK))


def sheet(rows: list[tuple[SheetCell, ...]], name: str = "A", reference: str = "A-1") -> Sheet:
    return Sheet(name, reference, "Title", COLUMNS, rows, total_of(COLUMNS, rows, "Amount"), ("A note.",))


def written(*sheets: Sheet) -> bytes:
    return workbook_bytes(sheets, title="T", subject="S", created=DAY)


def read(data: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(data))


def table(page: Worksheet) -> list[tuple[object, ...]]:
    return list(page.iter_rows(min_row=6, values_only=True))


def test_no_text_from_outside_is_a_formula_or_a_link() -> None:
    rows: list[tuple[SheetCell, ...]] = [(text, 1, None, text) for text in HOSTILE]
    data = written(sheet(rows), sheet([(HOSTILE[0], -1, None, "A-1")], "B", "B-1"))
    book = read(data)
    kinds = {cell.data_type for page in book for line in page.iter_rows() for cell in line}
    assert "f" not in kinds
    links = [cell.hyperlink for page in book for line in page.iter_rows() for cell in line if cell.hyperlink]
    assert [(link.location, link.target) for link in links] == [("'A'!A1", None)]
    shown = [row[0] for row in table(book["A"])]
    assert shown[0] == HOSTILE[0]
    assert shown[9] == "1234567890123456789"
    assert len(str(shown[11])) == 32_767
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert not any("<f>" in archive.read(name).decode() for name in archive.namelist() if "sheet" in name)
        assert not any("External" in archive.read(name).decode() for name in archive.namelist() if "rels" in name)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(-(10**14), 10**14), min_size=1, max_size=20))
def test_every_amount_comes_back_to_the_cent(cents: list[int]) -> None:
    page = read(written(sheet([("x", each, None, "") for each in cents])))["A"]
    back = [round(float(str(row[1])) * 100) for row in table(page)]
    assert back == [*cents, sum(cents)]


def test_dates_are_dates_and_amounts_show_brackets() -> None:
    page = read(written(sheet([("x", -150, day_from_iso("2026-02-03"), "")])))["A"]
    assert page["C6"].value == datetime(2026, 2, 3)  # noqa: DTZ001 - a cell knows no zone
    assert page["C6"].number_format == "yyyy-mm-dd"
    assert page["B6"].number_format == "#,##0.00;(#,##0.00);0.00"


def test_a_tab_prints_filters_and_hides_nothing() -> None:
    page = read(written(sheet([("x", 1, None, ""), ("y", 2, None, "")])))["A"]
    assert page.auto_filter.ref == "A5:D7"
    assert page.freeze_panes == "A6"
    assert not page.merged_cells.ranges
    assert page.sheet_state == "visible"
    assert not any(each.hidden for each in (*page.row_dimensions.values(), *page.column_dimensions.values()))
    assert (page.page_setup.orientation, page.page_setup.fitToHeight) == ("landscape", 0)
    assert page.sheet_properties.pageSetUpPr.fitToPage
    assert page.print_title_rows == "$5:$5"
    assert page.oddFooter.right.text == "Page &P of &N"
    assert [page["A1"].value, page["A2"].value, page["A8"].value] == ["Title", "Workpaper A-1 · S", "Total"]


def test_a_tab_without_rows_says_so() -> None:
    page = read(written(sheet([])))["A"]
    assert page["A6"].value == "None in these books."
    assert page.auto_filter.ref is None


def test_equal_tabs_give_equal_bytes_and_another_day_others() -> None:
    one = sheet([("x", 1, None, "")])
    assert written(one) == written(one)
    assert workbook_bytes([one], title="T", subject="S", created=date(2026, 1, 1)) != written(one)
    assert read(written(one)).properties.created == datetime(2026, 11, 20)  # noqa: DTZ001 - the format knows no zone

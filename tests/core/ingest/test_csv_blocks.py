"""Whole columns or row by row: a file reads the same either way, whatever stands in it."""

from __future__ import annotations

from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.errors import UserError
from app.core.ingest import csv_blocks, csv_reader
from app.core.ingest.csv_lines import records
from app.core.ingest.redact import mask
from app.core.ingest.redact_numbers import _looks_like
from app.core.ingest.statement import ParsedFile, ReadOptions

CHASE = "Details,Posting Date,Description,Amount,Type,Balance,Check or Slip #"
CARD = "Transaction Date,Post Date,Description,Category,Type,Amount,Memo"
DISCOVER = "Trans. Date,Post Date,Description,Amount,Category"
CITI = "Status,Date,Description,Debit,Credit"
PLAIN = {
    CHASE: "DEBIT,01/{day:02d}/2026,SHOP {day},-{day}.50,DEBIT_CARD,100.00,,",
    CARD: "01/{day:02d}/2026,01/{day:02d}/2026,SHOP {day},Food,Sale,-{day}.50,note {day}",
    DISCOVER: "01/{day:02d}/2026,01/{day:02d}/2026,SHOP {day},{day}.50,Merchandise",
    CITI: "Cleared,01/{day:02d}/2026,SHOP {day},{day}.50,",
}
CELLS = st.sampled_from([
    "", " ", "01/02/2026", "31/01/2026", "01/02/2026 10:00", "-12.00", "1,200.00", '"1,200.00"', "(5.00)", "-0.00", "x",
    "1234567890123.00", "-.50", "12.5", "SHOP  TWO", "Beginning balance", "Total", "--", '"two\nlines"', '"open',
    'in"ner', "\u200bhidden", "٣.٥٠", "+1.00",
])  # fmt: skip


def read(text: str) -> ParsedFile | str:
    try:
        return csv_reader.read(text, "file.csv", ReadOptions(date_order="mdy"))
    except UserError as error:
        return error.message


def both(text: str) -> None:
    with patch.object(csv_blocks, "SIZE", 3):
        whole = read(text)
    with patch.object(csv_reader, "blocks", lambda *given: [records(*given)]):
        assert read(text) == whole


@pytest.mark.parametrize("header", PLAIN)
@settings(deadline=None)
@given(
    st.lists(
        st.one_of(st.integers(1, 28), st.lists(CELLS, min_size=1, max_size=8), st.just([""])), min_size=1, max_size=12
    )
)
def test_columns_and_rows_read_the_same(header: str, rows: list[int | list[str]]) -> None:
    lines = [PLAIN[header].format(day=row) if isinstance(row, int) else ",".join(row) for row in rows]
    both("\n".join([header, PLAIN[header].format(day=1), *lines, ""]))


@pytest.mark.parametrize("header", PLAIN)
@settings(deadline=None)
@given(st.integers(0, 7), CELLS, st.integers(0, 6))
def test_one_odd_cell_among_plain_rows(header: str, column: int, cell: str, at: int) -> None:
    rows = [PLAIN[header].format(day=day).split(",") for day in range(1, 8)]
    rows[at][min(column, len(rows[at]) - 1)] = cell
    both("\n".join([header, *map(",".join, rows)]))


@given(st.text(alphabet="0123456789 -./acdtxsnb", max_size=40), st.integers(1, 9))
def test_which_digits_they_are_does_not_change_the_first_look(text: str, digit: int) -> None:
    other = "".join(str((int(c) + digit) % 10) if c.isdigit() else c for c in text)
    assert _looks_like.__wrapped__(text) == _looks_like.__wrapped__(other)
    assert mask(mask(text).text).count == 0

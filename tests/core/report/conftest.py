"""Rows of invented books for the report tests."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import strategies as st

from app.core.books.vocabulary import LINES, PROFIT_KINDS, Kind
from app.core.dates import day_from_iso
from app.core.money import percent_of
from app.core.report.lines import LineRow

FIRST = day_from_iso("2026-01-01")

RowMaker = Callable[..., LineRow]


def make_row(
    number: int = 1,
    cents: int = -1000,
    *,
    kind: str = "expense",
    line: str = "C18",
    percent: int = 10_000,
    status: str = "confirmed",
    part: int = 0,
    account_id: int = 1,
    day: int = FIRST,
    merchant: str | None = "Paper Shop",
    description: str = "POS PAPER SHOP",
    note: str | None = None,
) -> LineRow:
    counted = kind in PROFIT_KINDS and line.startswith("C")
    return LineRow(
        transaction_id=number,
        part=part,
        date=day,
        posted=day + 1,
        account_id=account_id,
        account=f"Account {account_id}",
        last4="0093",
        merchant=merchant,
        description=description,
        cents=cents,
        currency="USD",
        kind=kind,
        line=line if counted else "NONE",
        percent=percent,
        business_cents=percent_of(cents, percent) if counted else 0,
        status=status,
        note=note,
        tags="",
        source_file="bank.csv",
        source_line=number,
        operation=7,
    )


@st.composite
def row_lists(draw: st.DrawFn) -> list[LineRow]:
    codes = [code for code in LINES if code.startswith("C")]
    count = draw(st.integers(0, 25))
    return [
        make_row(
            number,
            draw(st.integers(-10_000_000, 10_000_000)),
            kind=draw(st.sampled_from([kind.value for kind in Kind])),
            line=draw(st.sampled_from(codes)),
            percent=draw(st.integers(0, 10_000)),
            status=draw(st.sampled_from(["auto", "confirmed", "suggested"])),
            account_id=draw(st.integers(1, 3)),
            day=FIRST + draw(st.integers(0, 364)),
            merchant=draw(st.sampled_from(["Acme", "Jane Doe", "=1+1", None])),
        )
        for number in range(1, count + 1)
    ]


@pytest.fixture(scope="session")
def row() -> RowMaker:
    return make_row


@pytest.fixture(scope="session")
def some_rows() -> st.SearchStrategy[list[LineRow]]:
    return row_lists()

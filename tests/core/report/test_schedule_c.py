"""Schedule C from rows: what counts, limits on the total, printed numbers, results of the form."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.core.report.lines import LineRow, settled_line
from app.core.report.schedule_c import LineSum, line_sums, printed_line, schedule_c


@pytest.mark.parametrize(
    ("code", "year", "printed"),
    [
        ("C27", 2023, "27a"),
        ("C27", 2024, "27a"),
        ("C27", 2025, "27b"),
        ("C27", 2026, "27b"),
        ("C9P", 2026, "9"),
        ("C9", 2026, "9"),
        ("C16a", 2026, "16a"),
        ("C36", 2026, "36"),
        ("C24b", 2026, "24b"),
    ],
)
def test_the_form_of_the_year_prints(code: str, year: int, printed: str) -> None:
    assert printed_line(code, year) == printed


def test_the_meals_limit_acts_on_the_total_and_not_on_each_row(row: Callable[..., LineRow]) -> None:
    rows = [row(number, -101, line="C24b") for number in range(1, 4)]
    form = schedule_c(2026, line_sums(rows))
    (meals,) = form.lines
    assert (meals.cents, meals.count) == (-303, 3)
    assert meals.allowed_cents == -152  # half of 3.03; three halves of 1.01 would be 1.53
    assert form.net_profit_cents == -152


def test_the_results_of_the_form(row: Callable[..., LineRow]) -> None:
    rows = [
        row(1, 1_000_00, kind="income", line="C1"),
        row(2, -50_00, kind="refund", line="C2"),
        row(3, 20_00, kind="income", line="C6"),
        row(4, -100_00, line="C38"),
        row(5, -30_00, line="C8"),
        row(6, 10_00, kind="refund", line="C8"),
        row(7, -40_00, line="C24b"),
        row(8, -15_00, line="C30"),
    ]
    form = schedule_c(2026, line_sums(rows))
    assert form.net_receipts_cents == 950_00
    assert form.goods_cents == 100_00
    assert form.gross_income_cents == 870_00
    assert form.expenses_cents == 40_00
    assert form.home_cents == 15_00
    assert form.net_profit_cents == 815_00
    assert [(line.code, line.form_cents) for line in form.lines] == [
        ("C1", 1_000_00),
        ("C2", 50_00),
        ("C38", 100_00),
        ("C6", 20_00),
        ("C8", 20_00),
        ("C24b", 20_00),
        ("C30", 15_00),
    ]


@pytest.mark.parametrize(
    "facts",
    [
        {"status": "suggested"},
        {"status": "deleted"},
        {"kind": "transfer"},
        {"kind": "card_payment"},
        {"kind": "owner_draw"},
        {"kind": "tax_payment"},
        {"kind": "personal"},
        {"line": "S1_HEALTH"},
    ],
)
def test_rows_that_never_count(row: Callable[..., LineRow], facts: dict[str, str]) -> None:
    assert settled_line(row(**facts)) == "NONE"
    assert line_sums([row(**facts)]) == {}


def test_only_the_business_part_counts(row: Callable[..., LineRow]) -> None:
    form = schedule_c(2026, line_sums([row(1, -999, percent=3_333)]))
    assert form.net_profit_cents == -333


def test_a_year_without_rows_is_a_form_of_zeros() -> None:
    form = schedule_c(2026, {})
    assert (form.lines, form.net_profit_cents) == ((), 0)


def test_a_line_on_which_more_came_back_than_was_spent_stands_on_line_6() -> None:
    form = schedule_c(2026, {"C1": LineSum(100_000, 1), "C18": LineSum(4_200, 1), "C24b": LineSum(1_000, 1)})
    assert {line.code: line.form_cents for line in form.lines} == {"C1": 100_000, "C6": 4_700, "C18": 0, "C24b": 0}
    assert form.net_profit_cents == 104_700
    again = schedule_c(2026, {"C18": LineSum(4_200, 1)}, {"C18": 0, "C6": 4_200})
    assert [(line.code, line.form_cents) for line in again.lines] == [("C6", 4_200), ("C18", 0)]


def test_a_line_that_is_only_netted_stays_where_it_is() -> None:
    form = schedule_c(2026, {"C18": LineSum(-9_000 + 4_200, 2)})
    assert [(line.code, line.form_cents) for line in form.lines] == [("C18", 4_800)]

"""The lead sheet: every line of either year, changes that deserve a look, whole dollars that add up."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.report.counterparty import counterparty, shown
from app.core.report.lead_sheet import lead_rows, part_v, rounding, whole_amounts
from app.core.report.lines import LineRow
from app.core.report.schedule_c import ScheduleC, line_sums, schedule_c
from app.core.report.wording import and_more, percent_text, whole_bracketed

Maker = Callable[..., LineRow]


def form(rows: list[LineRow], year: int = 2026) -> ScheduleC:
    return schedule_c(year, line_sums(rows))


def test_a_line_that_gathers_codes_shows_its_parts(row: Maker) -> None:
    rows = [row(1, -100, line="C9P"), row(2, -250, line="C9A"), row(3, -40, line="C8")]
    shown_rows = [(each.number, each.reference, each.cents) for each in lead_rows(form(rows), None)]
    assert shown_rows == [
        ("7", "", 0), ("8", "C-8", 40), ("9", "C-9", 350), ("", "", 250), ("", "", 100), ("28", "", 390),
        ("31", "", -390),
    ]  # fmt: skip


def test_meals_stand_after_their_limit_with_the_full_sum_beside(row: Maker) -> None:
    (meals,) = [each for each in lead_rows(form([row(1, -12_345, line="C24b")]), None) if each.code == "C24b"]
    assert (meals.cents, meals.full_cents, meals.limit) == (6_173, 12_345, 5_000)


def test_a_line_of_last_year_alone_is_shown_with_nothing_this_year(row: Maker) -> None:
    before = form([row(1, -70_000, line="C17")], 2025)
    (line,) = [each for each in lead_rows(form([]), before) if each.code == "C17"]
    assert (line.cents, line.prior_cents, line.change_cents, line.rows) == (0, 70_000, -70_000, 0)


def test_the_other_expenses_of_two_years_meet_although_the_form_moved_them(row: Maker) -> None:
    now, before = form([row(1, -900, line="C27")], 2025), form([row(1, -500, line="C27")], 2024)
    (line,) = [each for each in lead_rows(now, before) if each.code == "C27"]
    assert (line.number, line.reference, line.change_cents) == ("27b", "C-27b", 400)


@pytest.mark.parametrize(
    ("now", "before", "flagged"),
    [
        (160_000, 100_000, True),
        (150_000, 100_000, False),
        (5_060_000, 5_000_000, False),
        (60_000, 0, True),
        (40_000, 0, False),
        (0, 60_000, True),
    ],
)
def test_a_flag_needs_a_fifth_and_500_dollars(row: Maker, now: int, before: int, *, flagged: bool) -> None:
    rows = lead_rows(form([row(1, -now)]), form([row(1, -before)], 2025))
    (line,) = [each for each in rows if each.code == "C18"]
    assert line.flagged is flagged


def test_without_a_year_before_nothing_is_compared(row: Maker) -> None:
    assert {each.change_cents for each in lead_rows(form([row(1, -1)]), None)} == {None}


@given(st.data())
def test_whole_dollars_add_up_and_the_rounding_is_said(
    some_rows: st.SearchStrategy[list[LineRow]], data: st.DataObject
) -> None:
    made = form(data.draw(some_rows))
    rows = lead_rows(made, None)
    whole = {row.number: dollars for row, dollars in zip(rows, whole_amounts(rows), strict=True) if row.style != "part"}
    costs = [
        whole[row.number]
        for row in rows
        if row.code and row.style == "line" and row.code not in {"C1", "C2", "C4", "C6", "C30"}
    ]
    assert whole["28"] == sum(filter(None, costs))
    assert whole["31"] == (whole["7"] or 0) - (whole["28"] or 0) - (whole.get("30") or 0)
    assert rounding(rows) == (whole["31"] or 0) * 100 - made.net_profit_cents


def test_part_v_names_each_payee_once_the_largest_first(row: Maker) -> None:
    rows = [
        row(1, -100, line="C27", merchant="A"), row(2, -500, line="C27", merchant="B"),
        row(3, -600, line="C27", merchant="A"), row(4, -9_000, line="C8", merchant="C"),
    ]  # fmt: skip
    assert [tuple(item) for item in part_v(rows, initials_only=False)] == [("A", 700, 2), ("B", 500, 1)]


@pytest.mark.parametrize(
    ("merchant", "description", "name"),
    [
        ("Adobe", "ADOBE *CC", "Adobe"),
        ("Zelle", "Zelle payment to IRIS DELMAR ILLUSTRATION 77696210344", "IRIS DELMAR ILLUSTRATION"),
        ("Bill.com", "OAKMERE WINERY BILL.COM CCD ID: 8921889539", "OAKMERE WINERY"),
        (None, "FEDWIRE CREDIT VIA: BANK/125 B/O: MERIDIAN LOOP INC REF: 5515375231", "MERIDIAN LOOP INC"),
        (None, "Invoice 9967 - Coppergate Museum Shop", "Coppergate Museum Shop"),
        (None, "LARKFIELD TEA CO AP PAYMENT CCD ID: 2455414501", "LARKFIELD TEA CO"),
        (None, "CHECK 1041", "CHECK 1041"),
        ("Zelle", "", "Zelle"),
        (None, "", ""),
    ],
)
def test_the_name_behind_the_banks_words(row: Maker, merchant: str | None, description: str, name: str) -> None:
    assert counterparty(row(1, merchant=merchant, description=description)) == name


def test_a_client_behind_a_payment_service_becomes_initials(row: Maker) -> None:
    paid = row(1, 500, kind="income", line="C1", merchant="Zelle", description="Zelle payment from JANE DOE 12345678")
    assert shown(paid, initials_only=True) == "J. D."


@pytest.mark.parametrize(
    ("basis_points", "text"),
    [(0, "0.0"), (1_234, "12.3"), (1_235, "12.4"), (-5_000, "(50.0)"), (99_949, "999.5"), (99_950, "> 999")],
)
def test_a_change_in_percent(basis_points: int, text: str) -> None:
    assert percent_text(basis_points) == text


def test_words_of_cut_lists_and_whole_dollars() -> None:
    assert (and_more(0, "x.csv"), and_more(1_200, "x.csv")) == ("", "and 1,200 more in x.csv")
    assert (whole_bracketed(-1_234), whole_bracketed(1_234)) == ("(1,234)", "1,234")

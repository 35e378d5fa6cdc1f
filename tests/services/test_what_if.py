"""Questions asked of real books: they are answered, and the books stay as they are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from app.core.errors import Refused
from app.services.books.open_books import Books
from app.services.ledger import transactions
from app.services.tax import profile, what_if
from app.store.row_filter import Filter

Bring = Callable[..., Any]


@pytest.fixture
def busy(books: Books, ofx: Callable[..., bytes], bring: Bring) -> Books:
    """A single designer in Illinois with 7,000 a month, all year."""
    profile.change(books, 2025, {"filing_status": "single", "state": "IL", "birth_year": "1985"})
    rows = [(f"2025-{month:02d}-10", 700000, "RIDGEWAY DENTAL GRP AP") for month in range(1, 13)]
    bring(books, "work.ofx", ofx(rows), role="business")
    for row in list(books.transactions.listed(Filter(), 0)):
        transactions.set_values(books, row.id, {"kind": "income"})
    return books


def difference(books: Books, **patch: str) -> int:
    return what_if.ask(what_if.expected(books, 2025), patch).difference_cents


def test_more_profit_costs_more_and_own_retirement_costs_less(busy: Books) -> None:
    assert difference(busy, profit="+10000") > 0
    assert difference(busy, retirement="+10000") < 0
    assert difference(busy, delay="5000") == difference(busy, profit="-5000") < 0


def test_a_move_changes_the_state_alone(busy: Books) -> None:
    found = what_if.ask(what_if.expected(busy, 2025), {"state": "TX"})
    assert found.before.totals["state_tax_cents"] > 0
    assert found.after.totals["state_tax_cents"] == 0
    assert found.before.totals["total_federal_cents"] == found.after.totals["total_federal_cents"]
    assert all(change.form.startswith("IL ") for change in found.changes)


def test_a_marriage_and_a_job_are_whole_other_returns(busy: Books) -> None:
    married = what_if.ask(what_if.expected(busy, 2025), {"filing_status": "mfj", "spouse_wages": "40000"})
    assert married.after.totals["federal_income_tax_cents"] != married.before.totals["federal_income_tax_cents"]
    assert any(change.label == "Standard deduction" for change in married.changes)


def test_another_entity_is_refused_as_everywhere_else(busy: Books) -> None:
    profile.change(busy, 2025, {"entity": "other"})
    with pytest.raises(Refused, match="for Schedule C and stay off"):
        what_if.expected(busy, 2025)


def test_filing_separately_takes_the_spouses_business_out_and_marriage_takes_it_in(busy: Books) -> None:
    profile.add_business(busy, {"name": "Bakery", "owner": "spouse"})
    last = list(busy.transactions.listed(Filter(), 0))[-1]
    transactions.set_values(busy, last.id, {"business": "Bakery"})
    alone = what_if.ask(what_if.expected(busy, 2025), {"filing_status": "mfj"})
    assert alone.before.totals["net_profit_cents"] == 7_700_000
    assert alone.after.totals["net_profit_cents"] == 8_400_000
    profile.change(busy, 2025, {"filing_status": "mfj"})
    joint = what_if.ask(what_if.expected(busy, 2025), {"filing_status": "mfs"})
    assert joint.before.totals["net_profit_cents"] == 8_400_000
    assert joint.after.totals["net_profit_cents"] == 7_700_000
    assert joint.after.totals["se_tax_cents"] == alone.before.totals["se_tax_cents"]


def test_the_end_of_the_marketplace_credit_is_measured(busy: Books) -> None:
    profile.change(busy, 2026, {"filing_status": "single", "state": "IL", "marketplace_insurance": "yes"})
    year = what_if.expected(busy, 2026)
    found = what_if.ask(year, {"profit": "60000"})
    assert found.credit_end is not None
    before, after = found.credit_end
    # 4 x 15,650; income is the profit less half of 8,477.73.
    assert (after.line, after.people, after.income) == (6_260_000, 1, 6_000_000 - 423_887)
    assert after.room == 6_260_000 - 5_576_113
    assert before.income == year.profit == 0
    assert found.assumptions[0] == (
        "Marketplace: the credit ends at $62,600.00 of household income (400 % of the poverty line, 1 person); "
        "yours is $55,761.13, $6,838.87 below."
    )
    four = what_if.ask(year, {"filing_status": "mfj", "children": "2015,2018", "profit": "150000"}).credit_end
    assert four is not None
    assert (four[1].line, four[1].people) == (12_860_000, 4)
    assert (
        "above: all of the advance credit would be paid back." in what_if.ask(year, {"profit": "70000"}).assumptions[0]
    )
    alaska = what_if.ask(year, {"state": "AK"}).credit_end
    assert alaska is not None
    assert alaska[1].line == 7_820_000


def test_before_2026_and_without_such_insurance_there_is_no_end_to_measure(busy: Books) -> None:
    assert what_if.ask(what_if.expected(busy, 2025), {"marketplace_insurance": "yes"}).credit_end is None
    assert what_if.ask(what_if.expected(busy, 2026), {"profit": "60000"}).credit_end is None
    asked = what_if.ask(what_if.expected(busy, 2026), {"marketplace_insurance": "yes", "profit": "60000"})
    assert asked.credit_end is not None


def test_near_the_threshold_it_is_asked_whether_a_trade_is_a_specified_service(busy: Books) -> None:
    year = what_if.expected(busy, 2025)

    def asked(profit: str) -> bool:
        found = what_if.ask(year, {"profit": profit})
        return any(text.startswith("From $197,300.00 of taxable income on") for text in found.assumptions)

    # Nine tenths of 197,300 with the standard deduction and half the tax: some 209,000 of profit.
    assert not asked("200000")
    assert asked("215000")
    assert asked("500000")
    profile.change_business(busy, "1", {"sstb": "yes"})
    year = what_if.expected(busy, 2025)
    assert not asked("500000")


def test_asking_leaves_the_books_alone(busy: Books) -> None:
    before = busy.settings.profile(2025), busy.transactions.last_id(), busy.connection.total_changes
    year = what_if.expected(busy, 2025)
    what_if.ask(year, {"wages": "50000", "state": "IL"})
    what_if.curve(year, "profit", 0, 10_000_000)
    assert (busy.settings.profile(2025), busy.transactions.last_id(), busy.connection.total_changes) == before


def test_a_curve_and_a_break_even_meet(busy: Books) -> None:
    year = what_if.expected(busy, 2025)
    points = what_if.curve(year, "profit", 0, 20_000_000)
    assert len(points) == 200
    target = points[120].tax
    met = what_if.solve(year, "profit", target, 0, 20_000_000)
    assert met is not None
    assert abs(met - points[120].value) < 500
    assert what_if.solve(year, "wages", 10**12, 0, 10**6) is None


def test_equipment_saves_now_and_a_state_that_follows_no_bonus_shows_it(busy: Books) -> None:
    year = what_if.expected(busy, 2025)
    here = what_if.ask(year, {"equipment": "20000", "state": "CA"})
    moved = what_if.ask(year, {"state": "CA"})
    saved = moved.after.totals["net_profit_cents"] - here.after.totals["net_profit_cents"]
    assert saved == 2_000_000
    # California allows no bonus: only a fifth of the cost in the first year (half a year of 40 %).
    assert any(line.label.startswith("Depreciation the state") and line.cents == 1_600_000 for line in here.after.lines)
    slower = difference(busy, equipment="20000", equipment_method="years")
    assert difference(busy, equipment="20000") < slower < 0
    assert difference(busy, equipment="20000", equipment_method="section_179") == difference(busy, equipment="20000")


@pytest.mark.parametrize(
    ("patch", "word"),
    [
        ({"wagse": "1"}, "wagse"), ({"wages": "lots"}, "wages"), ({"profit": "x"}, "profit"),
        ({"filing_status": "alone"}, "filing_status"), ({"state": "ZZ"}, "state"), ({"wages": "-5"}, "wages"),
        ({"time_zone": "UTC"}, "time_zone"), ({"equipment": "5", "equipment_method": "magic"}, "equipment_method"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_named(busy: Books, patch: dict[str, str], word: str) -> None:
    with pytest.raises(Refused, match=word):
        what_if.ask(what_if.expected(busy, 2025), patch)

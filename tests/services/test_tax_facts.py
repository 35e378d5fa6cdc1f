"""Vehicles, equipment and home offices in the books: what they do to the profit, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from app.core.dates import day_from_iso
from app.core.errors import NotFound, Refused
from app.core.report.pack import content
from app.core.report.summary import summary
from app.services.books import history
from app.services.books.open_books import Books
from app.services.ledger import accounts, transactions
from app.services.report import pack_export, pack_facts, reports, schedule_forms, schedule_report
from app.services.tax import profile, reserves, tax_facts, tax_plan, taxes

DAY = day_from_iso("2026-11-20")
END = day_from_iso("2026-12-31")

Enter = Callable[..., int]


@pytest.fixture
def enter(books: Books) -> Enter:
    """Enter a booked row by hand: `enter("2026-03-01", 5_000, "C1")` in dollars."""
    accounts.add(books, {"name": "Till", "kind": "cash", "role": "business"})

    def make(day: str, dollars: float, line: str, text: str = "", **more: str) -> int:
        _, number = transactions.add(
            books, date=day, cents=round(dollars * 100), account_selector="Till", description=text or f"{line} {day}"
        )
        assert number is not None
        kind = "personal" if line == "NONE" else "income" if dollars > 0 else "expense"
        transactions.set_values(books, number, {"kind": kind, "line": line, **more})
        return number

    return make


def printed(books: Books, year: int = 2026) -> dict[str, int]:
    return {line.code: line.form_cents for line in reports.schedule(books, year).lines}


def profit(books: Books, year: int = 2026) -> int:
    net, by_business = taxes.net_profit(books, year, day_from_iso(f"{year}-12-31"))
    assert net.expected == sum(by_business.values()) == reports.schedule(books, year).net_profit_cents
    return net.expected


def add(books: Books, table: str, year: int = 2026, **values: str) -> str:
    _, number = tax_facts.add(books, table, values, year=year)
    return str(number)


def test_a_car_at_the_mileage_rate_takes_the_place_of_its_costs(books: Books, enter: Enter) -> None:
    enter("2026-03-01", 9_000, "C1")
    enter("2026-03-02", -400, "C9A", "Fuel")
    enter("2026-03-03", -25, "C9P", "Parking")
    assert profit(books) == 857_500
    car = add(books, "vehicle", name="Golf", in_service="2026-01-01", method="standard", business_miles="1,000",
              commuting_miles="0", other_miles="1000")  # fmt: skip
    assert profit(books) == 900_000 - 72_500 - 2_500
    assert [line.printed for line in reports.schedule(books, 2026).lines if line.code.startswith("C9")] == ["9"] * 3
    tax_facts.change(books, "vehicle", car, {"method": "actual", "basis": "0"}, year=2026)
    assert profit(books) == 900_000 - 20_000 - 2_500
    history.undo(books)
    history.undo(books)
    assert profit(books) == 857_500
    history.redo(books)
    assert printed(books)["C9M"] == 72_500
    assert [entry.label for entry in history.history(books)][:2] == ["Redid: Added a vehicle", "Undid: Added a vehicle"]


def test_an_unsettled_fuel_row_counts_by_the_vehicles_method(books: Books, enter: Enter) -> None:
    enter("2026-03-01", 9_000, "C1")
    transactions.add(books, date="2026-03-02", cents=-10_000, account_selector="Till", description="SHELL OIL 5544")
    net, _ = taxes.net_profit(books, 2026, END)
    assert (net.low, net.high) == (890_000, 900_000)
    add(books, "vehicle", name="Golf", in_service="2026-01-01", method="standard", business_miles="0",
        commuting_miles="0", other_miles="1")  # fmt: skip
    net, _ = taxes.net_profit(books, 2026, END)
    assert (net.low, net.high) == (900_000, 900_000)
    assert {reading.expected.percent for reading in taxes.open_readings(books, 2026, END).values()
            if reading.expected.line == "C9A"} <= {0}  # fmt: skip


def test_what_the_home_office_leaves_over_counts_next_year(books: Books, enter: Enter) -> None:
    # 2025: 24,000 of rent, a tenth: 2,400 against 1,000 of profit; 1,400 wait. 2026: 1,400 against 9,000.
    enter("2025-05-01", 1_000, "C1")
    enter("2026-05-01", 9_000, "C1")
    enter("2025-06-01", -24_000, "NONE", "Rent", tags="home_pool")
    office = add(books, "home_office", 2025, name="Office", first_day="2025-01-01", area="100", home_area="1000",
                 exclusive="yes", owned="no", method="actual")  # fmt: skip
    assert profit(books, 2025) == 0
    [before] = schedule_report.by_business(books, 2025)
    assert schedule_report.contract(before)["carry_over"]["home_office_operating_cents"] == 140_000
    tax_facts.change(books, "home_office", office, {"method": "actual"}, year=2026)
    assert (printed(books)["C30"], profit(books)) == (140_000, 760_000)
    # What last year's return says wins over what the books work out.
    tax_facts.change(books, "home_office", office, {"carry_operating": "200"}, year=2026)
    assert printed(books)["C30"] == 20_000


def test_what_last_years_return_left_over_comes_from_the_profile(books: Books, enter: Enter) -> None:
    enter("2026-05-01", 9_000, "C1")
    profile.change(books, 2026, {"carryover_home_office": "300"})
    add(books, "home_office", name="Office", first_day="2024-01-01", area="100", home_area="1000", exclusive="yes",
        owned="no", method="actual")  # fmt: skip
    assert printed(books)["C30"] == 30_000


def test_a_state_sees_its_own_depreciation(books: Books) -> None:
    # 10,000 at once by federal bonus; California takes 20 % of it.
    assert schedule_forms.state_difference(books, 2026, END, "CA") == (0, "")
    add(books, "asset", name="Camera", cost="10000", in_service="2026-03-01")
    assert schedule_forms.state_difference(books, 2026, END, "CA") == (800_000, "")
    cents, said = schedule_forms.state_difference(books, 2026, END, "NY")
    assert (cents, said.startswith("NY may write off equipment otherwise")) == (0, True)


def test_the_limit_of_an_earlier_year_holds_in_the_years_after(books: Books, enter: Enter) -> None:
    # 80,000 elected of a heavy SUV of 2025, but 31,300 allowed; of the other 48,700 bonus took 40 % = 19,480 (bought
    # before 20 January), and 32 % of the 29,220 left is 9,350.40 in 2026.
    enter("2025-05-01", 90_000, "C1")
    enter("2026-05-01", 90_000, "C1")
    car = add(books, "vehicle", 2025, name="Truck", kind="suv", in_service="2025-02-01", acquired="2025-01-10",
              basis="80000", section_179="80000", method="actual", business_miles="10", commuting_miles="0",
              other_miles="0")  # fmt: skip
    tax_facts.change(books, "vehicle", car, {"method": "actual", "business_miles": "9", "commuting_miles": "0",
                                             "other_miles": "0"}, year=2026)  # fmt: skip
    assert printed(books)["C13"] == 935_040
    assert printed(books, 2025)["C13"] == 3_130_000 + 1_948_000 + 584_400


def test_section_179_that_met_no_income_waits_for_the_next_year(books: Books, enter: Enter) -> None:
    enter("2025-05-01", 1_000, "C1")
    enter("2026-05-01", 9_000, "C1")
    add(books, "asset", name="Camera", cost="3000", in_service="2025-03-01", section_179="3000")
    assert (printed(books, 2025)["C13"], printed(books)["C13"]) == (100_000, 200_000)
    assert any("$2,000.00 is carried over from 2025" in said for said in schedule_forms.said(books, 2026, END))
    tax_facts.change(books, "business", "1", {"section_179_carry": "0"}, year=2026)
    assert "C13" not in printed(books)


def test_a_year_the_books_do_not_hold_carries_nothing_over(books: Books, enter: Enter) -> None:
    enter("2026-05-01", 9_000, "C1")
    add(books, "asset", name="Camera", cost="3000", in_service="2025-03-01", section_179="3000")
    assert "C13" not in printed(books)


def test_the_election_for_small_items_is_said(books: Books) -> None:
    tax_facts.change(books, "business", "1", {"de_minimis": "yes"}, year=2026)
    [said] = schedule_forms.said(books, 2026, END)
    assert said.startswith("De minimis safe harbor, Reg. 1.263(a)-1(f), 2026: elected for items of up to $2,500.00.")


def test_costs_of_the_home_count_only_while_the_office_is_in_use(books: Books, enter: Enter) -> None:
    enter("2026-02-01", 9_000, "C1")
    enter("2026-02-01", -1_000, "NONE", "Rent", tags="home_pool")
    enter("2026-08-01", -1_000, "NONE", "Rent", tags="home_pool")
    enter("2026-08-02", -50, "NONE", "Paint", tags="home_pool home_direct")
    add(books, "home_office", name="Office", first_day="2026-07-01", area="100", home_area="1000", exclusive="yes",
        owned="no", method="actual")  # fmt: skip
    assert printed(books)["C30"] == 10_000 + 5_000


def test_equipment_that_is_a_row_is_deducted_once(books: Books, enter: Enter) -> None:
    enter("2026-02-01", 9_000, "C1")
    laptop = enter("2026-03-01", -3_200, "C22", "Laptop")
    add(books, "home_office", name="Office", first_day="2026-01-01", area="100", exclusive="yes", method="simplified")
    [asked] = schedule_forms.said(books, 2026, END)
    assert asked.startswith("Laptop, $3,200.00: above $2,500.00 a thing is written off over years.")
    add(books, "asset", name="Laptop", cost="3200", in_service="2026-03-01", bonus="no", transaction=str(laptop))
    assert (printed(books)["C22"], printed(books)["C13"]) == (0, 64_000)
    assert schedule_forms.said(books, 2026, END) == ()


def test_a_dear_thing_and_a_car_nobody_entered_are_asked_also_without_any_form(books: Books, enter: Enter) -> None:
    enter("2026-02-01", 9_000, "C1")
    enter("2026-03-01", -2_500, "C22", "Desk")
    assert schedule_forms.said(books, 2026, END) == ()
    enter("2026-03-02", -2_500.01, "C18", "Laptop")
    enter("2026-03-03", -400, "C9A", "Fuel")
    dear, car = schedule_forms.said(books, 2026, END)
    assert car == "Vehicle costs of $400.00 count as booked: add the vehicle and say by which method."
    assert dear.startswith("Laptop, $2,500.01: above $2,500.00 a thing is written off over years.")
    assert {car, dear} <= set(taxes.estimate(books, year=2026, as_of=END).assumptions)
    assert schedule_forms.forms(books, 2026, END) == {}
    # With a form the same is said once.
    add(books, "home_office", name="Office", first_day="2026-01-01", area="100", exclusive="yes", method="simplified")
    assert schedule_forms.said(books, 2026, END) == (dear, car)


def test_each_business_has_its_own_form_also_that_of_a_spouse(books: Books, enter: Enter) -> None:
    profile.add_business(books, {"name": "Bakery", "owner": "spouse"})
    enter("2026-02-01", 9_000, "C1")
    enter("2026-02-02", 4_000, "C1", business="Bakery")
    add(books, "vehicle", name="Van", business="Bakery", in_service="2026-01-01", method="standard",
        business_miles="1000", commuting_miles="0", other_miles="0")  # fmt: skip
    first, second = schedule_report.by_business(books, 2026)
    assert (first.form.net_profit_cents, first.worked) == (900_000, None)
    assert (second.form.net_profit_cents, second.business.owner) == (400_000 - 72_500, "spouse")
    assert profit(books) == 900_000 + 400_000 - 72_500
    profile.change(books, 2026, {"filing_status": "mfj"})
    assert taxes.estimate(books, year=2026, as_of=END).totals["net_profit_cents"] == 1_227_500


def test_a_spouses_business_stays_out_of_every_figure_of_a_separate_return(books: Books, enter: Enter) -> None:
    day = day_from_iso("2026-06-30")
    enter("2026-01-01", 20_000, "C1")
    profile.change(books, 2026, {"filing_status": "mfs", "state": "IL"})

    def figures() -> tuple[object, ...]:
        estimate = taxes.estimate(books, year=2026, as_of=day)
        reserve = reserves.reserve_now(books, as_of=day)
        plan = tax_plan.planned(books, year=2026, as_of=day)
        asked = [each.required for way in plan.plans[0].methods for each in way.instalments]
        return (estimate.totals, estimate.expected, estimate.high, reserve["needed_cents"], reserve["projection"],
                reserve["deposits"], plan.projection, asked)  # fmt: skip

    alone = figures()
    profile.add_business(books, {"name": "Bakery", "owner": "spouse"})
    enter("2026-03-02", 14_000, "C1", business="Bakery")
    enter("2026-03-03", -400, "C9A", "Fuel", business="Bakery")
    add(books, "home_office", name="Kitchen", business="Bakery", first_day="2026-01-01", area="100", exclusive="yes",
        method="simplified")  # fmt: skip
    assert figures() == alone
    assert taxes.net_profit(books, 2026, day)[0].expected == 2_000_000 + 1_400_000 - 40_000 - 50_000
    estimate = taxes.estimate(books, year=2026, as_of=day)
    assert any(text.startswith("The spouse’s business and pay are left out") for text in estimate.assumptions)
    profile.change(books, 2026, {"filing_status": "mfj"})
    joint = taxes.estimate(books, year=2026, as_of=day)
    assert joint.totals["net_profit_cents"] == 3_310_000
    assert joint.expected == sum(
        joint.totals[key] for key in ("total_federal_cents", "state_tax_cents", "local_tax_cents")
    )


def test_meals_and_gifts_go_by_their_tags(books: Books, enter: Enter) -> None:
    enter("2026-02-01", 9_000, "C1")
    enter("2026-02-02", -100, "C24b", "Lunch")
    enter("2026-02-03", -50, "C24b", "Coffee for the team", tags="office_meal")
    enter("2026-02-04", -60, "C27", "Basket", tags="gift", note="Ann")
    enter("2026-02-05", -10, "C27", "Mug", tags="gift", note="Bo")
    assert (printed(books)["C24b"], printed(books)["C27"]) == (5_000, 3_500)


def test_costs_of_the_year_follow_no_pace(books: Books, enter: Enter) -> None:
    """Half a year of income is projected to twice as much; a home office of 1,500 stays 1,500."""
    enter("2026-01-01", 3_000, "C1")
    enter("2026-06-30", 3_000, "C1")
    day = day_from_iso("2026-06-30")
    before = taxes.estimate(books, year=2026, as_of=day, project=True).totals["net_profit_cents"]
    add(books, "home_office", name="Office", first_day="2026-01-01", area="300", exclusive="yes", method="simplified")
    after = taxes.estimate(books, year=2026, as_of=day, project=True)
    assert before - after.totals["net_profit_cents"] == 150_000


@pytest.mark.parametrize(
    ("table", "values", "said"),
    [
        ("vehicle", {"in_service": "2026-01-01"}, "needs its name"),
        ("vehicle", {"name": "Golf"}, "needs its in_service"),
        ("vehicle", {"name": "Golf", "in_service": "2026-02-30"}, "in_service: “2026-02-30” is not a date"),
        ("vehicle", {"name": "Golf", "in_service": "2026-01-01", "wheels": "4"}, "has no “wheels”"),
        ("vehicle", {"name": "Golf", "in_service": "2026-01-01", "kind": "boat"}, "“boat” is not a kind"),
        ("vehicle", {"name": "Golf", "in_service": "2026-01-01", "business_miles": "-5"}, "not a whole number"),
        ("vehicle", {"name": "Golf", "in_service": "2026-01-01", "leased": "perhaps"}, "neither yes nor no"),
        ("vehicle", {"name": "Golf", "in_service": "2025-01-01", "first_method": "actual", "method": "standard"},
         "began with it"),
        ("vehicle", {"name": "Golf", "in_service": "2026-01-01", "section_179": "1", "method": "standard"}, "179"),
        ("asset", {"name": "Mac", "in_service": "2026-01-01"}, "needs its cost"),
        ("asset", {"name": "Mac", "in_service": "2026-01-01", "cost": "-3"}, "not an amount"),
        ("asset", {"name": "Mac", "in_service": "2026-01-01", "cost": "3", "section_179": "4"}, "more than the cost"),
        ("asset", {"name": "Mac", "in_service": "2026-01-01", "cost": "3", "prior_year": "2025"}, "the other way"),
        ("asset", {"name": "Mac", "in_service": "2026-01-01", "cost": "3", "business": "None"}, "None"),
        ("home_office", {"name": "Office", "first_day": "2026-01-01", "exclusive": "?"}, "neither yes nor no"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_by_its_name(books: Books, table: str, values: dict[str, str], said: str) -> None:
    with pytest.raises((Refused, NotFound)) as caught:
        tax_facts.add(books, table, values, year=2026)
    assert said in caught.value.message
    assert tax_facts.listed(books, table, 2026) == []


def test_a_fifth_vehicle_closes_the_mileage_rate(books: Books) -> None:
    for number in range(4):
        add(books, "vehicle", name=f"Van {number}", in_service="2026-01-01")
    with pytest.raises(Refused, match="With 5 vehicles"):
        add(books, "vehicle", name="Van 5", in_service="2026-01-01", method="standard")


def test_changes_can_be_tried_and_taken_back(books: Books) -> None:
    mac = add(books, "asset", name="Mac", cost="3200", in_service="2026-03-01")
    assert tax_facts.change(books, "asset", "Mac", {"cost": "3200.00"}, year=2026).operation is None
    assert tax_facts.change(books, "asset", mac, {"cost": "9"}, year=2026, dry_run=True).operation is None
    tax_facts.change(books, "asset", mac, {"section_179": "100", "year_percent": "60"}, year=2026)
    [shown] = tax_facts.listed(books, "asset", 2026)
    assert (shown.values["section_179"], shown.year) == ("100.00", {"year_percent": "60"})
    tax_facts.change(books, "asset", mac, {"section_179": ""}, year=2026)
    assert tax_facts.listed(books, "asset", 2026)[0].values["section_179"] == "0.00"
    with pytest.raises(Refused, match="needs its cost"):
        tax_facts.change(books, "asset", mac, {"cost": ""}, year=2026)
    tax_facts.remove(books, "asset", mac)
    assert tax_facts.listed(books, "asset", 2026) == []
    history.undo(books)
    assert tax_facts.listed(books, "asset", 2026)[0].year == {"year_percent": "60"}
    with pytest.raises(NotFound):
        tax_facts.remove(books, "asset", "77")


def test_yearly_facts_of_a_business(books: Books, enter: Enter) -> None:
    enter("2026-02-01", 9_000, "C1")
    enter("2026-02-02", -2_000, "C36")
    tax_facts.change(books, "business", "1", {"opening_inventory": "500", "closing_inventory": "800"}, year=2026)
    assert reports.schedule(books, 2026).goods_cents == 170_000
    # Costs before the first day wait for their rule once it is said what they were.
    profile.change_business(books, "1", {"started": "2026-02-01"})
    enter("2026-01-10", -600, "C22")
    assert any("start-up costs" in said for said in schedule_forms.said(books, 2026, END))
    tax_facts.change(books, "business", "1", {"startup": "600"}, year=2026)
    assert (printed(books)["C22"], printed(books)["C27"]) == (0, 60_000)
    # 8,600 of them: 5,000, and 3,600 / 180 for eleven months of 2026 and twelve of 2027.
    tax_facts.change(books, "business", "1", {"startup": "8600"}, year=2026)
    enter("2027-02-01", 9_000, "C1")
    assert (printed(books)["C27"], printed(books, 2027)["C27"]) == (522_000, 24_000)
    profile.change_business(books, "1", {"started": ""})
    assert "set started of the business" in "".join(schedule_forms.said(books, 2026, END))


def test_the_pack_holds_what_was_worked_out_and_still_adds_up(books: Books, enter: Enter, tmp_path: Path) -> None:
    enter("2026-02-01", 9_000, "C1")
    enter("2026-03-02", -400, "C9A", "Fuel")
    add(books, "vehicle", name="Golf", in_service="2026-01-01", method="standard", business_miles="1000",
        commuting_miles="0", other_miles="1000")  # fmt: skip
    pack_export.export_pack(books, 2026, tmp_path / "pack", DAY)
    assert [check for check in pack_export.verify_pack(tmp_path / "pack") if not check.ok] == []
    book = load_workbook(tmp_path / "pack" / "02-workbook.xlsx", read_only=True)
    worked = [row for row in book["Worked out"].values if row and row[0] == "My business"]
    assert ("Miles at 72.5 cents, Golf", 725) in [(row[3], row[4]) for row in worked]
    answers = [row[2] for row in book["Lines A to J"].values if row and row[1] == "Vehicle Golf"]
    assert "miles: business 1000, commuting 0, other 1000; free for private trips: not answered" in answers[0]
    book.close()
    sheet = (tmp_path / "pack" / "02-schedule-c-worksheet.csv").read_text("utf-8-sig")
    assert "Net profit or loss,,,,8275.00" in sheet


def test_the_summary_says_which_lines_no_bank_row_gives(books: Books, enter: Enter) -> None:
    enter("2026-02-01", 9_000, "C1")
    enter("2026-02-02", -100, "C24b", "Lunch")

    def adjustments() -> str:
        source = pack_facts.pack_input(books, 2026, DAY)
        page: Any = summary(source, content(source))
        return str(page["open"]["adjustments"])

    assert adjustments().endswith("every figure in this pack is the sum of bank rows.")
    add(books, "vehicle", name="Golf", in_service="2026-01-01", method="standard", business_miles="1000",
        commuting_miles="0", other_miles="1000")  # fmt: skip
    add(books, "home_office", name="Office", first_day="2026-01-01", area="100", exclusive="yes", method="simplified")
    assert "Schedule C, lines 9, 30. Each step" in adjustments()


def test_books_without_such_facts_are_as_they_were(household: Books) -> None:
    assert schedule_forms.forms(household, 2026, END) == {}
    assert all(line.worked_cents is None for line in reports.schedule(household, 2026).lines)
    assert all(each.worked is None for each in schedule_report.by_business(household, 2026))


def test_a_year_without_figures_is_left_as_booked(books: Books, enter: Enter) -> None:
    enter("2022-02-01", 9_000, "C1")
    enter("2022-03-02", -400, "C9A", "Fuel")
    _: Any = add(books, "vehicle", 2022, name="Golf", in_service="2022-01-01", method="standard", business_miles="1")
    assert schedule_forms.forms(books, 2022, day_from_iso("2022-12-31")) == {}
    assert printed(books, 2022)["C9A"] == 40_000

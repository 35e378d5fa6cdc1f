"""The plan of a year from real books: income by period, payments to two governments, dates that were put off."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from app.core.dates import date_of, day_from_iso, iso
from app.core.errors import NotFound, Refused
from app.core.tax.instalments.plan import Method, Plan
from app.core.tax.instalments.required import Credit
from app.services.books import history
from app.services.books.open_books import Books
from app.services.ingest import imports
from app.services.ledger import transactions as rows
from app.services.tax import postponed, profile, reserves, tax_dates, tax_plan, tax_plan_sheet, taxes, taxes_paid
from app.store.row_filter import Filter

Bring = Callable[..., imports.FileResult]
TODAY = day_from_iso("2026-11-20")


@pytest.fixture
def worked(books: Books, ofx: Callable[..., bytes], bring: Bring) -> Callable[..., Books]:
    """Books of a single person in Illinois with deposits of (day, dollars)."""

    def made(*deposits: tuple[str, int], **answers: str) -> Books:
        given = {"filing_status": "single", "state": "IL", "time_zone": "America/Chicago", **answers}
        profile.change(books, 2026, given)
        bring(
            books,
            "work.ofx",
            ofx([(day, dollars * 100, "RIDGEWAY DENTAL GRP AP") for day, dollars in deposits]),
            role="business",
        )
        for row in list(books.transactions.listed(Filter(), 0)):
            rows.set_values(books, row.id, {"kind": "income"})
        return books

    return made


@pytest.fixture
def even(worked: Callable[..., Books]) -> Books:
    return worked(*((f"2026-{month:02d}-10", 8000) for month in range(1, 12)))


def _plan(found: tax_plan.Planned, jurisdiction: str = "federal") -> Plan:
    return next(each for each in found.plans if each.jurisdiction == jurisdiction)


def _way(found: tax_plan.Planned, name: str = "regular", jurisdiction: str = "federal") -> Method:
    method = _plan(found, jurisdiction).method(name)
    assert method is not None
    return method


def _pay(
    books: Books, day: str, dollars: int, where: str = "federal", *, kind: str = "estimate", year: int = 2026
) -> None:
    values: dict[str, Any] = {
        "date": day, "cents": dollars * 100, "jurisdiction": where, "for_year": year, "type": kind,
    }  # fmt: skip
    taxes_paid.record(books, values)


def _paid(found: tax_plan.Planned, jurisdiction: str = "federal") -> list[int]:
    return [each.paid // 100 for each in _way(found, jurisdiction=jurisdiction).instalments]


def test_federal_and_state_stand_apart_each_with_its_own_payments(even: Books) -> None:
    _pay(even, "2026-04-15", 3000)
    _pay(even, "2026-04-15", 500, "IL")
    _pay(even, "2026-06-15", 700, kind="balance")
    _pay(even, "2026-06-15", 900, year=2025)
    found = tax_plan.planned(even)
    assert [each.jurisdiction for each in found.plans] == ["federal", "IL"]
    assert _paid(found) == [3000, 0, 0, 0]
    assert _paid(found, "IL") == [500, 0, 0, 0]
    totals = taxes.estimate(even, project=True).totals
    assert _plan(found).facts.tax == totals["total_federal_cents"]
    assert _plan(found, "IL").facts.tax == totals["state_tax_cents"] > 0


def test_income_counts_in_the_period_of_its_tax_date(worked: Callable[..., Books]) -> None:
    # All of the income comes in October, after the first three periods.
    books = worked(("2026-10-10", 90_000))
    found = tax_plan.planned(books)
    asked = [each.required for each in _way(found, "annualized").instalments]
    assert asked[:3] == [0, 0, 0]
    assert asked[3] > 0
    assert _plan(found).recommended == "annualized"
    rows.set_values(books, next(iter(books.transactions.listed(Filter(), 0))).id, {"date": "2026-03-31"})
    assert _way(tax_plan.planned(books), "annualized").instalments[0].required > 0


def test_a_period_to_come_goes_on_at_the_pace_so_far(even: Books) -> None:
    # 16,000 in the 50 days from 10 January to 28 February, and 306 days to come at that pace: 113,920.
    found = tax_plan.planned(even, year=2026, as_of=day_from_iso("2026-02-28"))
    regular, by_income = _way(found), _way(found, "annualized")
    assert found.projection.profit == 11_392_000
    # March brings 31 of the 306 days: 16,000 + 9,920 = 25,920 in the first period, a little less than a quarter.
    net_earnings = next(line.cents for line in by_income.lines if line.line == "28")
    assert net_earnings == 2_592_000 * 9235 // 10_000
    assert regular.instalments[0].required * 85 // 100 < by_income.instalments[0].required
    assert abs(sum(each.required for each in by_income.instalments) - regular.annual) <= 2


def test_last_years_tax_of_another_years_profile_is_not_taken(even: Books) -> None:
    profile.change(even, 2026, {"prior_year_tax": "12000", "prior_year_agi": "90000", "prior_year_state_tax": "2000"})
    found = tax_plan.planned(even)
    assert (_plan(found).recommended, _plan(found).facts.prior_tax) == ("prior_year", 1_200_000)
    assert (_plan(found, "IL").recommended, _plan(found, "IL").facts.prior_tax) == ("prior_year", 200_000)
    # In another year the profile is carried over, and nobody entered the tax of the year before that one.
    assert _plan(tax_plan.planned(even, year=2025)).facts.prior_tax is None


def test_last_years_return_gives_the_amounts_before_there_is_any_row(books: Books) -> None:
    profile.change(books, 2026, {"prior_year_tax": "8000", "prior_year_agi": "60000", "filing_status": "single"})
    federal = _plan(tax_plan.planned(books, as_of=day_from_iso("2026-01-05")))
    assert (federal.recommended, federal.next_cents) == ("prior_year", 200_000)
    assert iso(federal.next_due or 0) == "2026-04-15"


def test_a_state_without_a_tax_or_without_dates_says_so() -> None:
    assert tax_plan.no_instalments("TX", postponed.rules()["TX"]).endswith("nothing to pay.")
    assert "no instalments" in tax_plan.no_instalments("UT", postponed.rules()["UT"])
    assert "your state’s own voucher dates" in tax_plan.no_instalments("DE", None)


# --- payments


def test_an_applied_overpayment_counts_on_15_april(even: Books) -> None:
    profile.change(even, 2026, {"applied_overpayment": "600"})
    [paid] = taxes_paid.paid(even, 2026, "federal", TODAY)
    assert (paid.cents, iso(paid.day), paid.type) == (60_000, "2026-04-15", "applied")
    assert taxes_paid.paid(even, 2027, "federal", day_from_iso("2027-11-20")) == []
    # A recorded one stands for it, and counts on the same day whenever it was written down.
    _pay(even, "2026-02-20", 650, kind="applied")
    [paid] = taxes_paid.paid(even, 2026, "federal", TODAY)
    assert (paid.cents, iso(paid.day)) == (65_000, "2026-04-15")
    assert _paid(tax_plan.planned(even)) == [650, 0, 0, 0]


@pytest.mark.parametrize(
    ("text", "jurisdiction"),
    [
        ("IRS USATAXPYMT 270612345", "federal"), ("FRANCHISE TAX BO PAYMENTS", "CA"), ("NYS DTF PIT", "NY"),
        ("IL DEPT OF REVEN EDI PYMNTS", "IL"), ("COMP OF MARYLAND DIR DB", "MD"), ("VA DEPT TAXATION TAX PAY", "VA"),
        ("WEST VIRGINIA DEPT OF TAX", "WV"), ("W VA DEPT OF TAX", "WV"), ("MASS DEPT OF REVENUE", "MA"),
        ("COFFEE HOUSE", None), ("LA DORADA GRILL", None),
    ],
)  # fmt: skip
def test_a_payment_names_its_government(text: str, jurisdiction: str | None) -> None:
    assert taxes_paid.jurisdiction_of(text) == jurisdiction


@pytest.mark.parametrize(
    ("day", "expected"),
    [("2027-01-02", ("estimate", 2026)), ("2027-01-15", ("estimate", 2026)), ("2026-04-01", None),
     ("2026-04-30", None), ("2026-05-01", ("estimate", 2026)), ("2026-12-31", ("estimate", 2026))],
)  # fmt: skip
def test_january_is_last_years_fourth_and_april_is_asked(day: str, expected: tuple[str, int] | None) -> None:
    assert taxes_paid.proposal(day_from_iso(day)) == expected


def test_a_bank_row_of_a_state_is_a_payment_to_it(even: Books, ofx: Callable[..., bytes], bring: Bring) -> None:
    bring(even, "paid.ofx", ofx([("2026-06-15", -40_000, "IL DEPT OF REVEN EDI PYMNTS")], number="000771204418"))
    row = next(row for row in even.transactions.listed(Filter(), 0) if row.cents == -40_000)
    rows.set_values(even, row.id, {"kind": "tax_payment"})
    found = tax_plan.planned(even)
    assert (_paid(found, "IL")[0], _paid(found)[0]) == (400, 0)


# --- dates that were put off


def test_a_postponed_instalment_moves_in_the_plan_on_the_page_and_in_the_reserve(even: Books) -> None:
    assert postponed.postpone(even, "federal", 2026, 4, "2027-03-01", "Storm").operation is not None
    federal = _plan(tax_plan.planned(even))
    assert iso(federal.next_due or 0) == "2027-03-01"
    assert any("postponed" in note for note in federal.notes)
    assert iso(tax_dates.due_dates(even, 2026, TODAY)[3].due) == "2027-03-01"
    assert reserves.reserve_now(even)["federal"]["next_due"]["date"] == "2027-03-01"
    assert reserves.reserve_now(even)["state"]["next_due"]["date"] == "2027-01-15"
    history.undo(even)
    assert iso(_plan(tax_plan.planned(even)).next_due or 0) == "2027-01-15"


def test_a_postponed_instalment_costs_less_until_it_is_taken_back(even: Books) -> None:
    before = _way(tax_plan.planned(even)).penalty or 0
    postponed.postpone(even, "FEDERAL", 2026, 1, "2026-08-01")
    assert 0 < (_way(tax_plan.planned(even)).penalty or 0) < before
    postponed.clear(even, "federal", 2026, 1)
    assert _way(tax_plan.planned(even)).penalty == before


@pytest.mark.parametrize(
    ("where", "number", "due"),
    [("federal", 5, "2026-12-01"), ("CA", 3, "2026-12-01"), ("TX", 1, "2026-12-01"), ("Mars", 1, "2026-12-01"),
     ("federal", 2, "soon"), ("federal", 2, "2026-06-15"), ("federal", 2, "2026-06-01")],
)  # fmt: skip
def test_a_postponement_that_cannot_be(books: Books, where: str, number: int, due: str) -> None:
    with pytest.raises(Refused):
        postponed.postpone(books, where, 2026, number, due)
    assert postponed.listed(books) == []


def test_only_what_was_put_off_can_be_taken_back(books: Books) -> None:
    with pytest.raises(NotFound):
        postponed.clear(books, "federal", 2026, 2)
    outcome = postponed.postpone(books, "federal", 2026, 2, "2026-12-01", dry_run=True)
    assert (outcome.operation, postponed.listed(books)) == (None, [])


# --- the next dates


@pytest.mark.parametrize(
    ("day", "due"), [("2027-01-05", "2027-01-15"), ("2026-07-01", "2026-09-15"), ("2026-03-01", "2026-04-15")]
)
def test_the_next_payments_in_january_are_the_last_of_the_year_before(even: Books, day: str, due: str) -> None:
    found = tax_plan.next_payments(even, as_of=day_from_iso(day))
    assert [(each.jurisdiction, each.tax_year, iso(each.due)) for each in found] == [
        ("federal", 2026, due), ("IL", 2026, due),
    ]  # fmt: skip
    assert all(each.cents > 0 for each in found)


def test_in_january_the_new_plan_points_back_to_the_last_instalment(even: Books) -> None:
    early = tax_plan.planned(even, as_of=day_from_iso("2027-01-05"))
    assert "The last instalment of 2026 is still to come: look at the plan of 2026 too." in early.assumptions
    for other in (
        tax_plan.planned(even, as_of=day_from_iso("2027-01-20")),
        tax_plan.planned(even, year=2026, as_of=day_from_iso("2027-01-05")),
    ):
        assert not any("still to come" in text for text in other.assumptions)


def test_withholding_by_its_days_and_a_return_filed_in_january(even: Books) -> None:
    profile.change(even, 2026, {"withholding": "4000"})
    evenly = tax_plan.planned(even)
    # By November three parts of 1,000 came and went to the first instalment, the earliest that is open.
    assert _paid(evenly) == [3000, 0, 0, 1000]
    late = tax_plan.planned(even, withheld=[Credit(day_from_iso("2026-10-01"), 400_000)])
    assert sum(_paid(late)) == 4000
    assert (_way(late).penalty or 0) > (_way(evenly).penalty or 0)
    day = day_from_iso("2027-01-30")
    filed = tax_plan.planned(even, year=2026, as_of=day, filed_and_paid=day)
    assert _way(filed).instalments[3].required == 0


# --- the worksheet to print


def test_the_worksheet_holds_every_method_and_the_lines_of_the_form(even: Books) -> None:
    profile.change(even, 2026, {"prior_year_tax": "12000", "prior_year_agi": "90000"})
    body: Any = tax_plan_sheet.data(tax_plan.planned(even), date_of(TODAY))
    federal, state = body["jurisdictions"]
    assert (federal["name"], state["name"]) == ("Federal", "Illinois")
    assert [each["name"] for each in federal["methods"] if each["best"]] == ["By last year’s tax"]
    dates = [row["label"] for row in federal["rows"][:4]]
    assert dates == ["Apr 15, 2026", "Jun 15, 2026", "Sep 15, 2026", "Jan 15, 2027"]
    sheet = body["worksheets"][0]
    assert len(sheet["columns"]) == 4
    lines = [row["line"] for row in sheet["rows"]]
    assert lines == sorted(lines, key=lambda line: (not 28 <= int(line) <= 36, int(line)))
    assert {"28", "36", "19", "27"} <= set(lines)
    assert all(len(row["cells"]) == 4 for row in sheet["rows"])
    assert any("Not tax advice" in note for note in body["notes"])


def test_the_worksheet_is_a_pdf_and_the_same_for_the_same_books(even: Books) -> None:
    found = tax_plan.planned(even)
    made = tax_plan_sheet.as_pdf(found, date_of(TODAY))
    assert made.startswith(b"%PDF")
    assert made == tax_plan_sheet.as_pdf(found, date_of(TODAY))
    assert tax_plan_sheet.as_images(found, date_of(TODAY), 40)[0].startswith(b"\x89PNG")

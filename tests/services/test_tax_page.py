"""The page Taxes: every step adds up, and the figure is the reserve's own."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from app.core.dates import day_from_iso
from app.services.books.open_books import Books
from app.services.ingest import imports
from app.services.ledger import accounts, transactions
from app.services.tax import profile, reserves, tax_ladder, tax_page, taxes, taxes_paid
from app.services.tax.tax_ladder import PART, SUM, Step
from app.store.row_filter import Filter

HOUSEHOLDS: list[dict[str, str]] = [
    {},
    {"filing_status": "single", "state": "TX", "health_insurance": "5000", "retirement": "4000", "birth_year": "1956"},
    {"filing_status": "mfj", "spouse_wages": "150000", "spouse_withholding": "20000", "children": "2015,2018",
     "interest": "900", "long_term_gains": "40000", "social_security": "18000"},
    {"filing_status": "mfs", "wages": "400000", "withholding": "90000", "short_term_gains": "-9000"},
    {"filing_status": "hoh", "children": "2019,2021,2022"},
]  # fmt: skip


def groups(ladder: Sequence[Step]) -> list[tuple[int, int, str]]:
    """Return (sum of the parts with the sum before, the sum as shown, key) of each group."""
    found, running = [], 0
    for step in ladder:
        if step.role == PART:
            running += step.cents
            continue
        found.append((running, step.cents, step.key))
        # Tax is worked out from taxable income, not added to it.
        running = 0 if step.key == "taxable" else step.cents
    return found


@pytest.mark.parametrize("household", HOUSEHOLDS)
def test_each_subtotal_is_the_sum_of_its_parts_and_the_last_one_is_the_reserve(
    own_sample: Books, household: dict[str, str]
) -> None:
    clear = dict.fromkeys(("spouse_wages", "spouse_withholding", "filing_status", "state"), "")
    profile.change(own_sample, 2026, {**clear, **household})
    for day in ("2026-02-03", "2026-11-20"):
        page = tax_page.page(own_sample, day_from_iso(day))
        reserve = reserves.reserve_now(own_sample, as_of=day_from_iso(day))
        for parts, shown, key in groups(page.ladder):
            assert parts == shown, (key, day)
        sums = {step.key: step.cents for step in page.ladder if step.role == SUM}
        assert list(sums) == ["profit", "taxable", "tax", "share", "needed", "gap"]
        assert sums["needed"] == reserve["needed_cents"]
        assert sums["gap"] == reserve["gap_cents"]
        assert sums["profit"] == reserve["projection"]["profit_cents"]
        assert page.gauge.set_aside_now_cents - page.gauge.surplus_cents == reserve["gap_cents"]
        assert page.gauge.low_cents <= page.gauge.set_aside_now_cents <= page.gauge.high_cents


def test_a_small_year_stops_at_zero_and_says_so(books: Books, ofx: Callable[..., bytes],
                                                bring: Callable[..., imports.FileResult]) -> None:  # fmt: skip
    bring(books, "w.ofx", ofx([("2026-01-10", 90000, "RIDGEWAY DENTAL GRP AP")]), role="business")
    row = next(iter(books.transactions.listed(Filter(), 0)))
    transactions.set_values(books, row.id, {"kind": "income"})
    page = tax_page.page(books)
    keys = [step.key for step in page.ladder]
    assert "taxable_floor" in keys
    assert all(parts == shown for parts, shown, _ in groups(page.ladder))


def test_the_steps_open_down_to_their_rows(household: Books) -> None:
    found = reserves.reserve_today(household)
    page = tax_page.page(household)
    for step in page.ladder:
        rows = tax_page.rows_behind(household, step.key)
        assert bool(rows) == step.has_rows, step.key
        assert len(set(rows)) == len(rows)
        for number in rows[:5]:
            assert household.transactions.get(number) is not None
    paid = tax_page.rows_behind(household, "paid")
    assert sum(abs(transactions.existing(household, n).cents) for n in paid) == found.reserve.standing.paid_cents
    held = found.reserve_accounts[0]
    rows = tax_page.rows_behind(household, f"account_{held.account.id}")
    moved = sum(transactions.existing(household, n).cents for n in rows)
    assert held.account.opening_cents + moved == held.balance_cents
    booked = household.transactions.business_cents(list(tax_page.rows_behind(household, "booked")))
    # Meals count by half on their total, so the rows themselves give a little less than line 31.
    assert sum(booked.values()) <= found.booked_cents
    assert tax_page.rows_behind(household, "standard") == tax_page.rows_behind(household, "account_x") == ()


def test_the_worksheet_behind_a_step_is_the_one_of_the_projected_estimate(household: Books) -> None:
    page = tax_page.page(household)
    lines = taxes.estimate(household, project=True).result.lines
    assert page.worksheet[: len(lines)] == lines
    assert all(line in page.worksheet for step in page.ladder for line in step.lines)
    own = next(step for step in page.ladder if step.key == "se_tax")
    assert own.lines
    assert {line.form for line in own.lines} == {"Schedule SE"}


def test_deposits_stand_newest_first_and_the_newest_is_split_to_the_cent(household: Books) -> None:
    page = tax_page.page(household)
    days = [row.day for row in page.deposits]
    assert days == sorted(days, reverse=True)
    assert sum(part.cents for part in page.newest_parts) == page.deposits[0].set_aside_cents
    share = next(step.cents for step in page.ladder if step.key == "share")
    assert sum(row.set_aside_cents for row in page.deposits) == share
    waiting = {row.transaction_id for row in page.deposits if row.status == "waits"}
    assert waiting
    assert all(transactions.existing(household, number).status == "suggested" for number in waiting)


def test_the_four_dates_say_what_was_paid_and_when_the_next_is(household: Books) -> None:
    page = tax_page.page(household)
    assert [(row.number, row.state, row.words) for row in page.due_dates] == [
        (1, "asked", "a payment of April waits for your answer"),
        (2, "paid", "paid Jun 15"),
        (3, "paid", "paid Sep 15"),
        (4, "due", "in 56 days"),
    ]
    assert [row.paid_cents for row in page.due_dates] == [0, 520000, 560000, 0]
    later = tax_page.page(household, day_from_iso("2027-01-20"), year=2026)
    assert (later.year, later.due_dates[3].state) == (2026, "overdue")


def test_a_recorded_payment_shows_at_its_date(own_sample: Books) -> None:
    taxes_paid.record(own_sample, {"date": "2026-11-18", "cents": 100000, "jurisdiction": "federal", "for_year": 2026,
                                   "type": "estimate"})  # fmt: skip
    page = tax_page.page(own_sample)
    assert page.due_dates[3].state == "paid"
    assert next((row.cents, row.recorded) for row in page.payments) == (100000, True)
    assert [row.cents for row in page.recorded] == [100000]


def test_state_tax_is_in_the_figures_and_the_rules_are_dated(household: Books) -> None:
    page = tax_page.page(household)
    assert page.household == "2026, married filing jointly, CA"
    assert [(row.code, row.included, row.paid_cents) for row in page.jurisdictions] == [
        ("federal", True, 1080000), ("CA", True, 176000)
    ]  # fmt: skip
    assert page.standing.startswith("Estimate from your entries and rules of 20")
    assert "Not tax advice" in page.standing
    assert page.standing.endswith("Rules US 2026.2 and CA 2026.1.")
    state = next(step for step in page.ladder if step.key == "state")
    assert state.cents > 0
    assert state.note.startswith("California: ")
    assert {line.form.partition(" ")[0] for line in state.lines} == {"CA"}


def test_without_a_state_it_is_said_that_none_is_counted(own_sample: Books) -> None:
    profile.change(own_sample, 2026, {"filing_status": "single", "state": ""})
    state = next(step for step in tax_page.page(own_sample).ladder if step.key == "state")
    assert (state.cents, state.note) == (0, "No state is set: state tax is not included.")


def test_where_the_money_goes_is_said_and_nothing_is_written(own_sample: Books) -> None:
    before = own_sample.transactions.last_id()
    hint = tax_page.move_hint(own_sample)
    assert hint.account == "Ally Bank Savings ··3348"
    assert "moves no money" in hint.words
    accounts.change(own_sample, str(hint.account_id), {"role": "mixed"})
    assert tax_page.move_hint(own_sample).account is None
    assert own_sample.transactions.last_id() == before
    assert not [step for step in tax_page.page(own_sample).ladder if step.key.startswith("account_")]


def test_the_ladder_is_pure_of_its_own_arithmetic(household: Books) -> None:
    found = reserves.reserve_today(household)
    steps, _ = tax_ladder.ladder(found)
    own = next(step for step in steps if step.key == "se_tax").cents
    assert own == found.reserve.lines[0].inputs["self_employment_tax"]


def test_by_period_the_steps_add_up_too(own_sample: Books) -> None:
    profile.change(own_sample, 2026, {"reserve_mode": "annualized"})
    page = tax_page.page(own_sample)
    assert all(parts == shown for parts, shown, _ in groups(page.ladder))
    assert "not_yet_asked" in [step.key for step in page.ladder]
    assert page.gauge.needed_cents == reserves.reserve_now(own_sample)["needed_cents"]


def test_the_marginal_tax_of_the_newest_deposit_stands_beside_its_share(household: Books) -> None:
    found = reserves.reserve_today(household).reserve.deposits[-1]
    page = tax_page.page(household)
    assert page.newest_marginal_cents == found.marginal.total > 0
    assert page.deposits[0].set_aside_cents == found.set_aside_cents

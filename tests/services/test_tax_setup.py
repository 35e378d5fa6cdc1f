"""The ten questions of the tax set-up: what counts as answered, and what an answer would change."""

from __future__ import annotations

import pytest

from app.core.dates import day_from_iso, iso
from app.core.errors import Refused
from app.services.books import history
from app.services.books.open_books import Books
from app.services.tax import profile, reserves, tax_facts, tax_setup, what_if

TODAY = day_from_iso("2026-11-20")


def loaded(books: Books, year: int = 2026) -> tax_setup.Setup:
    return tax_setup.load(books, year, TODAY)


def test_new_books_have_answered_nothing(books: Books) -> None:
    assert loaded(books).answered == frozenset()
    assert loaded(books).next == tax_setup.KIND
    assert not loaded(books).is_done


def test_a_known_value_answers_its_question(books: Books) -> None:
    profile.change(books, 2026, {"entity": "single_member_llc", "children": "2019"})
    assert loaded(books).answered == {tax_setup.KIND, tax_setup.FAMILY}
    assert loaded(books).next == tax_setup.LAST_YEAR


def test_a_vehicle_answers_its_question(books: Books) -> None:
    tax_facts.add(books, "vehicle", {"name": "Van", "in_service": "2026-02-01"}, year=2026)
    assert loaded(books).answered == {tax_setup.VEHICLE}
    assert [each.values["name"] for each in loaded(books).vehicles] == ["Van"]


def test_nothing_is_an_answer_too_and_one_undo_takes_it_back(books: Books) -> None:
    before = len(history.history(books, limit=50))
    tax_setup.answer(books, 2026, tax_setup.HOME, {})
    tax_setup.answer(books, 2026, tax_setup.WITHHOLDING, {"wages": "40000", "withholding": "3000"})
    assert loaded(books).answered == {tax_setup.HOME, tax_setup.WITHHOLDING}
    assert len(history.history(books, limit=50)) == before + 2
    history.undo(books)
    assert loaded(books).answered == {tax_setup.HOME}
    assert "wages" not in profile.show(books, 2026).values


def test_what_is_asked_of_every_year_is_asked_again_in_the_next(books: Books) -> None:
    for number in (tax_setup.HOME, tax_setup.WITHHOLDING, tax_setup.LAST_YEAR):
        tax_setup.answer(books, 2025, number, {"prior_year_tax": "9000"} if number == tax_setup.LAST_YEAR else {})
    assert loaded(books, 2025).answered == {tax_setup.HOME, tax_setup.WITHHOLDING, tax_setup.LAST_YEAR}
    assert loaded(books, 2026).answered == {tax_setup.HOME}


def test_a_bad_value_is_refused_and_the_question_stays_open(books: Books) -> None:
    with pytest.raises(Refused, match="birth_year cannot be"):
        tax_setup.answer(books, 2026, tax_setup.FAMILY, {"birth_year": "85"})
    assert loaded(books).answered == frozenset()


def test_last_years_tax_gives_four_amounts_without_any_forecast(books: Books) -> None:
    found = tax_setup.by_last_year(books, 2026, {"prior_year_tax": "14,960", "prior_year_agi": "110000"}, "federal")
    assert [(iso(day), cents) for day, cents in found] == [
        ("2026-04-15", 374_000),
        ("2026-06-15", 374_000),
        ("2026-09-15", 374_000),
        ("2027-01-15", 374_000),
    ]
    high = tax_setup.by_last_year(books, 2026, {"prior_year_tax": "14960", "prior_year_agi": "150001"}, "federal")
    assert sum(cents for _, cents in high) == 1_645_600
    state = tax_setup.by_last_year(books, 2026, {"prior_year_state_tax": "2600", "prior_year_agi": "110000"}, "CA")
    assert [cents for _, cents in state] == [78_000, 104_000, 78_000]
    assert tax_setup.by_last_year(books, 2026, {}, "federal") == ()


def test_the_effect_of_an_answer_is_that_of_what_if(books: Books) -> None:
    profile.change(books, 2026, {"filing_status": "single", "wages": "60000"})
    found = tax_setup.effect(books, 2026, {"interest": "5000", "wages": "60000"})
    told = what_if.ask(what_if.expected(books, 2026), {"interest": "5000"})
    assert found is not None
    assert found.after - found.before == told.difference_cents > 0
    assert tax_setup.effect(books, 2026, {"wages": "60000"}) is None
    assert tax_setup.effect(books, 2026, {"entity": "other"}) is None


def test_another_entity_turns_the_tax_pages_off(books: Books) -> None:
    tax_setup.answer(books, 2026, tax_setup.KIND, {"entity": "other"})
    assert tax_setup.taxes_are_off(books, 2026)
    with pytest.raises(Refused, match="stay off"):
        reserves.reserve_today(books)

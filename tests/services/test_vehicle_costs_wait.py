"""A driver's fuel waits for the method of the vehicle in the row's year, and follows it when it changes."""

from __future__ import annotations

import pytest

from app.services.books import history
from app.services.books.open_books import Books
from app.services.classify import rules
from app.services.ledger import accounts, transactions
from app.services.tax import profile, tax_facts

Shown = tuple[str, str, str]


@pytest.fixture
def driver(books: Books) -> Books:
    profile.change(books, 2026, {"profession": "rideshare_driver"})
    accounts.add(books, {"name": "Till", "kind": "cash", "role": "business"})
    return books


def fuel(books: Books, day: str, text: str = "SHELL OIL 5544") -> int:
    _, number = transactions.add(books, date=day, cents=-4_000, account_selector="Till", description=text)
    assert number is not None
    return number


def shown(books: Books, number: int) -> Shown:
    row = transactions.existing(books, number)
    return row.status, row.kind, row.line


def van(books: Books, year: int, **values: str) -> str:
    _, number = tax_facts.add(books, "vehicle", {"name": "Van", "in_service": "2025-01-01", **values}, year=year)
    return str(number)


ASKED = ("suggested", "expense", "C9A")
BOOKED = ("auto", "expense", "C9A")
COVERED = ("auto", "personal", "NONE")


def test_without_a_vehicle_fuel_is_asked(driver: Books) -> None:
    assert shown(driver, fuel(driver, "2026-03-02")) == ASKED


def test_fuel_follows_the_method_of_its_own_year(driver: Books) -> None:
    before, now = fuel(driver, "2025-03-02"), fuel(driver, "2026-03-02")
    car = van(driver, 2025, method="standard")
    assert (shown(driver, before), shown(driver, now)) == (COVERED, ASKED)
    assert "mileage rate covers it" in transactions.existing(driver, before).reason
    tax_facts.change(driver, "vehicle", car, {"method": "actual"}, year=2026)
    assert (shown(driver, before), shown(driver, now)) == (COVERED, BOOKED)
    # Rows that come later are met by the same methods.
    assert shown(driver, fuel(driver, "2026-04-01", "CHEVRON 0093")) == BOOKED
    assert shown(driver, fuel(driver, "2025-04-01", "CHEVRON 0093")) == COVERED
    # The year of the row's own tax date counts.
    transactions.set_values(driver, now, {"date": "2025-12-31"})
    assert shown(driver, now) == COVERED


def test_taking_the_vehicle_back_asks_again(driver: Books) -> None:
    row = fuel(driver, "2026-03-02")
    car = van(driver, 2026, method="actual")
    assert shown(driver, row) == BOOKED
    tax_facts.remove(driver, "vehicle", car)
    assert shown(driver, row) == ASKED
    history.undo(driver)
    assert shown(driver, row) == BOOKED
    history.undo(driver)
    assert shown(driver, row) == ASKED
    history.redo(driver)
    assert shown(driver, row) == BOOKED


def test_vehicles_of_different_methods_leave_the_question(driver: Books) -> None:
    row = fuel(driver, "2026-03-02")
    van(driver, 2026, method="actual")
    tax_facts.add(driver, "vehicle", {"name": "Golf", "in_service": "2026-01-01", "method": "standard"}, year=2026)
    assert shown(driver, row) == ASKED


def test_what_a_person_decided_stays(driver: Books) -> None:
    own, ruled = fuel(driver, "2026-03-02"), fuel(driver, "2026-03-03", "EXXON 77")
    transactions.set_values(driver, own, {"kind": "personal", "line": "NONE"})
    rules.add(driver, {"text": "EXXON", "kind": "expense", "line": "C27"})
    van(driver, 2026, method="actual")
    assert shown(driver, own) == ("confirmed", "personal", "NONE")
    assert shown(driver, ruled) == ("confirmed", "expense", "C27")


def test_fuel_of_another_profession_is_asked_whatever_the_method(books: Books) -> None:
    profile.change(books, 2026, {"profession": "designer"})
    accounts.add(books, {"name": "Till", "kind": "cash", "role": "business"})
    row = fuel(books, "2026-03-02")
    van(books, 2026, method="actual")
    assert shown(books, row)[0] == "suggested"


def test_a_mixed_account_books_no_fuel_and_leaves_what_the_rate_covers(driver: Books) -> None:
    row = fuel(driver, "2026-03-02")
    accounts.change(driver, "Till", {"role": "mixed"})
    car = van(driver, 2026, method="actual")
    assert shown(driver, row) == ASKED
    tax_facts.change(driver, "vehicle", car, {"method": "standard"}, year=2026)
    assert shown(driver, row) == COVERED

"""The tax set-up: a section at the top of the page, ten skippable questions, each saved by itself."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from ui import audit

from app.core.dates import iso
from app.services.books import history
from app.services.tax import profile, tax_facts, tax_setup
from app.ui.taxes.setup_cards import ADVANCE, SPECS
from app.ui.taxes.setup_sheet import SetupSheet
from tests.ui.conftest import create
from tests.ui.taxes.conftest import stored, two_years, words_of

Key = Qt.Key


@pytest.fixture
def sheet(page: Any, window: Any, settle: Any) -> Any:
    page.sheets.open_setup(tax_setup.KIND)
    settle(window)
    return window.findChild(SetupSheet)


def field(sheet: Any, key: str) -> Any:
    return next(widget for spec, widget in sheet.form.fields.items() if spec.key == key)


def asked(sheet: Any, window: Any, settle: Any) -> str:
    """Let the sheet work out what the answer would change."""
    sheet._wait.stop()
    sheet._ask()
    settle(window)
    return str(sheet.effect.text())


def test_every_question_has_its_card(page: Any) -> None:
    assert list(SPECS) == list(tax_setup.CARDS)


def test_the_section_at_the_top_says_how_far_it_is_and_can_wait(page: Any, window: Any, settle: Any) -> None:
    strip = page.scroller.setup
    assert strip.isVisible()
    assert "Tax set-up: 2 of 10 answered" in words_of(strip)
    assert not page.questions.isVisible()
    strip._later.click()
    assert not strip.isVisible()
    assert page.questions.isVisible()
    page.questions.click()
    settle(window)
    assert window.findChild(SetupSheet).number == tax_setup.KIND


def test_what_you_are_says_what_follows(sheet: Any, window: Any, settle: Any) -> None:
    assert sheet.save.words() == "Leave it open"
    choice = field(sheet, "entity")
    choice._choose("couple")
    assert "Form" not in sheet.follows.said
    assert "qualified joint venture" in sheet.follows.said
    choice._choose("sole_proprietor")
    assert sheet.follows.said == ""
    sheet.submit()
    settle(window)
    assert profile.show(stored(window), 2026).values["entity"] == "sole_proprietor"
    assert sheet.number == tax_setup.FAMILY
    assert "3 of 10 answered" in sheet.title.text()


def test_partners_turn_the_tax_pages_off_and_back_on(sheet: Any, page: Any, window: Any, settle: Any) -> None:
    field(sheet, "entity")._choose("other")
    assert "stay off" in sheet.follows.said
    sheet.submit()
    settle(window)
    sheet.close_box()
    settle(window)
    assert page.loaded is None
    assert "The tax pages are off" in words_of(page)
    assert "its tax pages are for Schedule C and stay off" in words_of(page)
    assert "entity=" not in words_of(page)
    page.main_widget().click()
    settle(window)
    again = next(each for each in window.findChildren(SetupSheet) if each.isVisible())
    again.turn_to(tax_setup.KIND)
    field(again, "entity")._choose("sole_proprietor")
    again.submit()
    settle(window)
    assert page.loaded is not None


def test_last_years_return_gives_the_amounts_at_once(sheet: Any, window: Any, settle: Any, qtbot: Any) -> None:
    sheet.turn_to(tax_setup.LAST_YEAR)
    for key, text in (("prior_year_tax", "14960"), ("prior_year_agi", "110000"), ("prior_year_state_tax", "2600")):
        field(sheet, key).selectAll()
        qtbot.keyClicks(field(sheet, key), text)
    said = asked(sheet, window, settle)
    assert "Federal: $3,740.00 by Apr 15, 2026" in said
    assert "Your state: $780.00 by Apr 15, 2026, $1,040.00 by Jun 15, 2026, $780.00 by Jan 15, 2027" in said
    assert "you may still owe tax in April" in said


def test_an_answer_shows_what_it_changes_and_one_undo_takes_it_back(
    sheet: Any, page: Any, window: Any, settle: Any, qtbot: Any
) -> None:
    before = page.loaded.page.gauge.needed_cents
    sheet.turn_to(tax_setup.WITHHOLDING)
    qtbot.keyClicks(field(sheet, "wages"), "30,000")
    assert "All taxes of 2026 as expected: $" in asked(sheet, window, settle)
    assert sheet.effect.text().endswith(" more.")
    qtbot.keyClick(field(sheet, "wages"), Key.Key_Return)
    settle(window)
    assert profile.show(stored(window), 2026).values["wages"] == "30000.00"
    assert page.loaded.page.gauge.needed_cents != before
    sheet.close_box()
    window.commands.trigger("edit.undo")
    settle(window)
    assert "wages" not in profile.show(stored(window), 2026).values
    assert page.loaded.page.gauge.needed_cents == before


def test_what_is_wrong_is_said_at_its_field(sheet: Any, window: Any, settle: Any, qtbot: Any) -> None:
    sheet.turn_to(tax_setup.FAMILY)
    qtbot.keyClicks(field(sheet, "children"), "2015; 2018")
    qtbot.keyClicks(field(sheet, "birth_year"), "85")
    steps = len(history.history(stored(window), limit=50))
    sheet.submit()
    settle(window)
    assert "Birth years of your children cannot be" in field(sheet, "children").accessibleDescription()
    assert "Your birth year cannot be" in field(sheet, "birth_year").accessibleDescription()
    assert field(sheet, "children").hasFocus()
    assert len(history.history(stored(window), limit=50)) == steps


def test_marketplace_credit_is_warned_of_in_red_here_and_on_the_page(
    sheet: Any, page: Any, window: Any, settle: Any, qtbot: Any
) -> None:
    assert page.scroller.advance.said == ""
    sheet.turn_to(tax_setup.HEALTH)
    field(sheet, "insurance")._choose("marketplace")
    qtbot.keyClicks(field(sheet, "health_insurance"), "4800")
    assert sheet.advance.said == ADVANCE
    sheet.submit()
    settle(window)
    values = profile.show(stored(window), 2026).values
    assert (values["marketplace_insurance"], values["health_insurance"]) == ("yes", "4800.00")
    assert page.scroller.advance.said == "Marketplace insurance: this does not include repayment of advance credit."
    sheet.turn_to(tax_setup.HEALTH)
    assert field(sheet, "insurance").value() == "marketplace"
    field(sheet, "insurance")._choose("employer")
    sheet.submit()
    settle(window)
    values = profile.show(stored(window), 2026).values
    assert values["marketplace_insurance"] == "no"
    assert not values.get("health_insurance")


def test_a_vehicle_is_entered_or_there_is_none(sheet: Any, window: Any, settle: Any, qtbot: Any) -> None:
    sheet.turn_to(tax_setup.VEHICLE)
    assert sheet.save.words() == "No business driving"
    qtbot.keyClicks(field(sheet, "business_miles"), "9,000")
    assert sheet.save.words() == "Save"
    sheet.submit()
    settle(window)
    assert "A vehicle needs its name." in sheet.trouble.said
    qtbot.keyClicks(field(sheet, "name"), "Golf")
    qtbot.keyClicks(field(sheet, "in_service"), "2026-03-01")
    field(sheet, "method")._choose("standard")
    sheet.submit()
    settle(window)
    golf = tax_facts.listed(stored(window), "vehicle", 2026)[0]
    assert (golf.values["name"], golf.year["business_miles"]) == ("Golf", "9000")
    assert tax_setup.VEHICLE in sheet.setup.answered
    sheet.turn_to(tax_setup.VEHICLE)
    assert "Entered already: Golf (since 2026-03-01)" in sheet.known.text()
    sheet.turn_to(tax_setup.HOME)
    sheet.submit()
    settle(window)
    assert tax_setup.HOME in sheet.setup.answered


def test_payments_and_files_are_done_where_they_belong(sheet: Any, page: Any, window: Any, settle: Any) -> None:
    sheet.turn_to(tax_setup.START)
    assert "Checking ··6620: from January, none missing" in sheet.known.text()
    field(sheet, "started").setText("2024-03-01")
    sheet.submit()
    settle(window)
    started = stored(window).settings.businesses()[0].started
    assert started is not None
    assert iso(started) == "2024-03-01"
    sheet.turn_to(tax_setup.PAID)
    assert "2 federal payments for 2026" in sheet.known.text()
    sheet.then.click()
    assert not sheet.isVisible()
    settle(window)
    assert page.side.view == "payment"


def test_a_question_is_skipped_and_chosen_by_keyboard(sheet: Any, window: Any, settle: Any, qtbot: Any) -> None:
    steps = len(history.history(stored(window), limit=50))
    sheet.skip.click()
    settle(window)
    assert sheet.number == tax_setup.FAMILY
    sheet.list.setFocus()
    qtbot.keyClick(sheet.list, Key.Key_Down)
    settle(window)
    assert sheet.number == tax_setup.HEALTH
    assert len(history.history(stored(window), limit=50)) == steps


def test_the_section_goes_once_all_is_answered(opened: Any, tmp_path: Path, settle: Any) -> None:
    books = create(tmp_path / "home")
    two_years(books)
    profile.change(books, 2026, {"filing_status": "single", "state": "TX"})
    for number in tax_setup.CARDS[:-1]:
        tax_setup.answer(books, 2026, number, {})
    books.close()
    window = opened(tmp_path / "home")
    page = window.shell.page
    assert page.scroller.setup.isVisible()
    page.sheets.open_setup()
    settle(window)
    sheet = window.findChild(SetupSheet)
    assert sheet.number == tax_setup.CARRIED
    sheet.submit()
    settle(window)
    assert not window.findChildren(SetupSheet)
    assert not page.scroller.setup.isVisible()
    assert page.questions.isVisible()


@pytest.mark.parametrize("number", list(tax_setup.CARDS))
def test_a_question_can_be_heard_and_used_by_keyboard(sheet: Any, window: Any, settle: Any, number: int) -> None:
    sheet.turn_to(number)
    settle(window)
    found = [*audit.unnamed(sheet.box), *audit.untabbed(sheet.box), *audit.too_small(sheet.box)]
    assert not [*found, *audit.misplaced(sheet.box)]


@pytest.mark.parametrize("size", [(1440, 900), (1024, 700)])
def test_a_question_holds_large_text(sheet: Any, window: Any, look: Any, settle: Any, size: tuple[int, int]) -> None:
    look.set_scale(2.0)
    window.setMinimumSize(*size)
    window.resize(*size)
    for number in tax_setup.CARDS:
        sheet.turn_to(number)
        settle(window)
        assert not audit.misplaced(sheet.box)

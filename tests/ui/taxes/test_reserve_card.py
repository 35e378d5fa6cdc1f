"""The gauge in words, what was moved, and the reserve against the need over the year."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from app.services.books import history
from app.services.ledger import accounts
from app.services.tax import profile, reserve_curve
from app.ui.taxes import reserve_card
from app.ui.taxes.ladder import NOT_INCLUDED
from app.ui.widgets.amount import amount_text
from tests.ui.conftest import create
from tests.ui.taxes.conftest import stored, two_years, words_of


@pytest.fixture
def short(page: Any, window: Any, settle: Any) -> Any:
    """The page when less lies aside than is needed."""
    window.tasks.write(lambda books: profile.change(books, 2026, {"wages": "120000"}), None, window.fail)
    settle(window)
    return page


def test_the_gauge_says_what_is_needed_by_when_what_lies_aside_and_what_is_still_to_move(short: Any) -> None:
    seen = words_of(short.hero)
    assert "Still to move" in seen
    assert "In reserve" in seen
    assert "Needed by Jan 15" in seen
    gauge = short.loaded.page.gauge
    assert gauge.needed_cents - gauge.held_cents == gauge.set_aside_now_cents > 0
    assert short.hero._figure.text() == amount_text(gauge.set_aside_now_cents)


def test_what_is_marked_as_moved_stays_when_the_year_turns_out_otherwise(short: Any, window: Any, settle: Any) -> None:
    short.deposits.turn()
    shown = [row.set_aside_cents for row in short.loaded.page.deposits]
    assert short.loaded.page.gauge.true_up_cents == 0
    short.hero.keep.click()
    settle(window)
    assert len(stored(window).settings.kept_set_asides(2026)) > 0
    window.tasks.write(lambda books: profile.change(books, 2026, {"wages": "150000"}), None, window.fail)
    settle(window)
    assert [row.set_aside_cents for row in short.loaded.page.deposits] == shown
    assert short.loaded.page.gauge.true_up_cents > 0
    assert "later deposits take it" in words_of(short.hero)
    steps = len(history.history(stored(window), limit=99))
    short.hero.keep.click()
    settle(window)
    assert len(history.history(stored(window), limit=99)) == steps, "kept twice"
    for _ in range(2):
        window.commands.trigger("edit.undo")
        settle(window)
    assert not stored(window).settings.kept_set_asides(2026)
    assert short.loaded.page.gauge.true_up_cents == 0


def test_the_chart_has_its_table_and_says_in_words_what_it_shows(page: Any, window: Any) -> None:
    card = page.scroller.reserve
    curve = reserve_curve.curve(stored(window))
    assert card.chart.isVisibleTo(card)
    assert card.chart.accessibleName() == reserve_card.words(curve) == card.said.text()
    assert "It was enough on " in card.said.text()
    card.turn.click()
    assert not card.chart.isVisibleTo(card)
    cells = card.table.cells
    first = [cells.index(0, column).data() for column in range(3)]
    assert first == ["Nov 20, 2026", amount_text(curve.points[-1].held), amount_text(curve.points[-1].needed)]
    assert cells.rowCount() == len(curve.turning())
    card.turn.click()
    assert card.chart.isVisibleTo(card)


def test_the_table_keeps_its_height_in_another_look(page: Any, look: Any, window: Any, settle: Any) -> None:
    card = page.scroller.reserve
    card.turn.click()
    look.set_mode("dark")
    settle(window)
    assert card.table.height() == look.dp(reserve_card.TABLE_HEIGHT)


def test_without_an_account_for_the_reserve_the_chart_says_what_to_do(opened: Any, tmp_path: Path) -> None:
    books = create(tmp_path / "home")
    two_years(books)
    books.close()
    card = opened(tmp_path / "home").shell.page.scroller.reserve
    assert card.empty.text() == reserve_card.NO_ACCOUNT
    assert card.choose.isVisibleTo(card)
    assert not card.turn.isVisibleTo(card)
    assert not card.chart.isVisibleTo(card)


def test_an_account_without_any_deposit_draws_nothing_yet(opened: Any, tmp_path: Path) -> None:
    books = create(tmp_path / "home")
    two_years(books)
    accounts.add(books, {"name": "Aside", "kind": "savings", "role": "reserve"})
    books.close()
    card = opened(tmp_path / "home").shell.page.scroller.reserve
    assert card.chart.isVisibleTo(card)
    card.show_curve(reserve_curve.Curve(points=(), has_account=True))
    assert card.empty.text() == reserve_card.NO_DAYS
    assert not card.chart.isVisibleTo(card)


def test_amounts_of_the_chart_are_hidden(page: Any, look: Any) -> None:
    look.set_hide_amounts(True)
    card = page.scroller.reserve
    assert "$" not in card.said.text()
    assert "$" not in card.chart.accessibleName()
    assert "$" not in card.table.cells.index(0, 1).data()


def test_the_state_opens_its_worksheet_and_says_how_far_it_can_be_relied_on(page: Any) -> None:
    page.side.ladder.toggle("state")
    detail = words_of(page.side.ladder.detail())
    assert "California taxable income" in detail or "taxable income" in detail.lower()
    assert "bracket(taxable income, 1% from 0, 2% from " in detail
    assert "((0, 0.01)" not in detail
    below = words_of(page.side._below)
    assert "What is not in it" in below
    assert "California: income tax" in below
    assert "questions not answered yet" in below


def test_a_state_that_is_not_set_is_said_to_be_missing(opened: Any, tmp_path: Path) -> None:
    books = create(tmp_path / "home")
    two_years(books)
    profile.change(books, 2026, {"filing_status": "single"})
    books.close()
    page = opened(tmp_path / "home").shell.page
    steps = {button.step.key: button for button in page.side.ladder.buttons()}
    assert steps["state"].accessibleName() == f"State income tax, {NOT_INCLUDED}"
    assert "a first guess" in words_of(page.hero)
    assert "No state is set: state tax is not included." in words_of(page.side._below)

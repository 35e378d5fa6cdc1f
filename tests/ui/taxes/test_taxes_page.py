"""The page Taxes as a person uses it: figures, steps, payments, years, by keyboard."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from app import bootstrap
from app.services.books import history
from app.services.tax import profile, tax_page
from app.ui.taxes import view_model
from app.ui.widgets.amount import HIDDEN, amount_text
from app.ui.widgets.text import Label
from tests.ui.conftest import PASSPHRASE, create
from tests.ui.taxes.conftest import stored, two_years, words_of

Key = Qt.Key


# --- figures ----------------------------------------------------------------------------------------------------------


def test_the_figures_are_those_of_the_command_reserve(
    opened: Any, sample_home: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    secret = tmp_path / "passphrase"
    secret.write_text(PASSPHRASE + "\n")
    secret.chmod(0o600)
    command = [
        "--home",
        str(sample_home),
        "--passphrase-file",
        str(secret),
        "--today",
        "2026-11-20",
        "--json",
        "reserve",
    ]
    assert bootstrap.run(command) == 0
    told = json.loads(capfd.readouterr().out)
    page = opened(sample_home).shell.page
    hero = view_model.hero(page.loaded)
    assert page.hero._figure.text() == amount_text(max(0, told["gap_cents"]))
    assert [cents for _, _, cents in hero.legend] == [
        told["held_cents"],
        abs(told["gap_cents"]),
        told["needed_cents"],
    ]
    steps = {button.step.key: button for button in page.side.ladder.buttons()}
    assert steps["needed"].amount() == amount_text(told["needed_cents"])
    assert steps["gap"].amount() == amount_text(abs(told["gap_cents"]))
    page.deposits.turn()
    shown = [page.deposits.table.cells.index(row, 4).data() for row in range(page.deposits.table.cells.rowCount())]
    assert shown == [amount_text(row["set_aside_cents"]) for row in reversed(told["deposits"])]


def test_every_amount_of_the_page_can_be_hidden(page: Any, look: Any) -> None:
    page.side.ladder.toggle("open")
    look.set_hide_amounts(True)
    seen = words_of(page)
    assert HIDDEN in seen
    assert not re.search(r"\$\d", seen)
    assert all("$" not in button.accessibleName() for button in page.side.ladder.buttons())
    assert page.deposits.table.cells.index(0, 2).data() == HIDDEN
    assert "$" not in view_model.worksheet_text(page.loaded.page).replace("$0", "")


def test_the_standing_sentence_and_the_state_are_always_said(page: Any) -> None:
    foot = page.scroller.standing.text()
    assert "Not tax advice" in foot
    assert "Rules US 2026" in foot
    assert "and CA 2026" in foot
    steps = {button.step.key: button for button in page.side.ladder.buttons()}
    assert steps["state"].accessibleName().startswith("California income tax, ")
    assert steps["state"].amount() == amount_text(steps["state"].step.cents)


# --- the steps --------------------------------------------------------------------------------------------------------


def test_every_step_opens_by_keyboard_and_explains_itself(page: Any, qtbot: Any, window: Any, settle: Any) -> None:
    qtbot.keyClick(page.deposits.table, Key.Key_H)
    count = len(page.side.ladder.buttons())
    for number in range(count):
        button = page.side.ladder.buttons()[number]
        assert button.hasFocus(), (number, window.focusWidget())
        qtbot.keyClick(button, Key.Key_Return)
        settle(window)
        assert page.side.ladder.open_key == button.step.key
        detail = page.side.ladder.detail()
        links = [link for link in detail.findChildren(QWidget) if getattr(link, "words", None) and not link.isHidden()]
        assert words_of(detail).strip() or links
        qtbot.keyClick(button, Key.Key_Down)


def test_a_step_shows_its_transactions(page: Any, window: Any, settle: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    went: list[tuple[str, dict[str, Any]]] = []
    monkeypatch.setattr(window, "go", lambda where, **what: went.append((where, what)))
    page.side.ladder.toggle("paid")
    settle(window)
    detail = page.side.ladder.detail()
    assert "Show the 3 transactions" in [getattr(w, "words", str)() for w in detail.findChildren(QWidget)]
    detail._link.click()
    assert went == [("transactions", {"ids": tax_page.rows_behind(stored(window), "paid")})]


def test_an_open_step_stays_open_when_the_books_change(page: Any, window: Any, settle: Any) -> None:
    page.side.ladder.toggle("se_tax")
    window.tasks.write(lambda books: profile.change(books, 2026, {"wages": "10000"}), None, window.fail)
    settle(window)
    assert page.side.ladder.open_key == "se_tax"
    assert {b.step.key: b.amount() for b in page.side.ladder.buttons()}["wages"] == "$94,000.00"


def test_the_worksheet_is_read_scrolled_and_copied(page: Any, qtbot: Any) -> None:
    qtbot.keyClick(page.deposits.table, Key.Key_S)
    assert page.side.worksheet.hasFocus()
    for line in page.loaded.page.worksheet:
        assert line.label in words_of(page.side.worksheet)
    bar = page.side.scroller.verticalScrollBar()
    qtbot.keyClick(page.side.worksheet, Key.Key_PageDown)
    assert bar.value() > 0
    copy = next(w for w in page.side.findChildren(QWidget) if getattr(w, "words", str)() == "Copy")
    copy.click()
    copied = QGuiApplication.clipboard().text()
    assert "Schedule SE" in copied
    assert all(line.label in copied for line in page.loaded.page.worksheet)
    page.side.back()
    assert page.side.view == "ladder"
    assert page.deposits.table.hasFocus()


def test_escape_leaves_the_worksheet(page: Any, qtbot: Any) -> None:
    page.open_worksheet()
    qtbot.keyClick(page.side.worksheet, Key.Key_Escape)
    assert page.side.view == "ladder"


# --- payments ---------------------------------------------------------------------------------------------------------


def test_the_four_dates_say_in_words_how_they_stand(page: Any) -> None:
    cells = page.payments.due.cells
    said = [cells.index(row, 5).data() for row in range(cells.rowCount())]
    assert said[:2] == ["covered", "Jun 15"]
    assert said[2].endswith(" short")
    assert said[3:] == ["in 56 days", "$12,560.00"]
    page.payments.turn()
    assert page.payments.paid.isVisible()
    first = [page.payments.paid.cells.index(0, column).data() for column in range(5)]
    assert first == ["Sep 15", "IRS: quarterly estimate", "2026", "found in bank rows", "$5,600.00"]


def test_a_payment_is_recorded_by_keyboard_and_undone(page: Any, qtbot: Any, window: Any, settle: Any) -> None:
    qtbot.keyClick(page.deposits.table, Key.Key_P)
    form = page.side.form
    assert form.amount.hasFocus()
    qtbot.keyClicks(form.amount, "1,000+250.50")
    form.date.selectAll()
    qtbot.keyClicks(form.date, "11/18")
    qtbot.keyClicks(form.confirmation, "27083")
    qtbot.keyClick(form.confirmation, Key.Key_Return)
    settle(window)
    row = stored(window).settings.tax_payments()[0]
    assert (row.cents, row.jurisdiction, row.for_year, row.type) == (125_050, "federal", 2026, "estimate")
    assert row.confirmation == "27083"
    assert page.side.view == "ladder"
    assert page.payments.paid.isVisible()
    assert page.payments.paid.cells.index(0, 3).data() == "no. 27083"
    assert window.shell.toast.isVisible()
    window.commands.trigger("edit.undo")
    settle(window)
    assert not stored(window).settings.tax_payments()
    assert page.payments.paid.cells.index(0, 4).data() == "$5,600.00"


def test_a_form_says_at_the_field_what_is_missing(page: Any, qtbot: Any, window: Any, settle: Any) -> None:
    page.open_payment()
    form = page.side.form
    form.submit()
    assert form.amount.accessibleDescription() == "Type what was paid."
    assert form.amount.hasFocus()
    qtbot.keyClicks(form.amount, "-5")
    form.date.selectAll()
    qtbot.keyClicks(form.date, "12/24/2026")
    form.submit()
    assert "without a sign" in form.amount.accessibleDescription()
    assert "still to come" in form.date.accessibleDescription()
    qtbot.keyClick(form.amount, Key.Key_Escape)
    settle(window)
    assert page.side.view == "ladder"
    assert not stored(window).settings.tax_payments()


def test_a_payment_found_in_the_bank_rows_is_matched_and_counted_once(
    page: Any, qtbot: Any, window: Any, settle: Any
) -> None:
    before = page.loaded.page.jurisdictions[0].paid_cents
    page.open_payment()
    form = page.side.form
    qtbot.keyClicks(form.amount, "5600")
    form.date.selectAll()
    qtbot.keyClicks(form.date, "9/14")
    qtbot.waitUntil(lambda: form.row.value() is not None, timeout=5000)
    form.submit()
    settle(window)
    recorded = stored(window).settings.tax_payments()[0]
    assert recorded.transaction_id is not None
    assert page.loaded.page.jurisdictions[0].paid_cents == before


def test_the_payment_of_april_is_explained_where_it_is_asked(page: Any, qtbot: Any, window: Any, settle: Any) -> None:
    page.payments.due.go_to(0)
    page.payments.due.setFocus()
    qtbot.keyClick(page.payments.due, Key.Key_Return)
    form = page.side.form
    assert form.amount.cents() == 520_000
    form.submit()
    settle(window)
    assert page.payments.due.cells.index(0, 5).data() == "Apr 15"
    assert page.loaded.page.jurisdictions[0].paid_cents == 1_600_000


def test_a_form_half_filled_in_survives_a_change_of_the_books_and_a_second_p(
    page: Any, qtbot: Any, window: Any, settle: Any
) -> None:
    page.open_payment()
    qtbot.keyClicks(page.side.form.amount, "12")
    window.tasks.write(lambda books: profile.change(books, 2026, {"wages": "10000"}), None, window.fail)
    settle(window)
    page.deposits.table.setFocus()
    qtbot.keyClick(page.deposits.table, Key.Key_P)
    assert page.side.form.amount.cents() == 1200
    assert page.side.form.amount.hasFocus()


def test_no_part_of_the_page_flashes_up_as_a_window_of_its_own(page: Any, window: Any, qapp: Any, settle: Any) -> None:
    shown: list[QWidget] = []

    class Watch(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt
            if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
                shown.append(watched)
            return False

    watch = Watch()
    qapp.installEventFilter(watch)
    page.open_payment()
    settle(window)
    page.side.back()
    page.side.ladder.toggle("booked")
    page.open_worksheet()
    page.payments.turn()
    page.deposits.turn()
    settle(window)
    qapp.removeEventFilter(watch)
    assert shown == []


def test_one_primary_button_is_on_the_window(page: Any, window: Any) -> None:
    def primaries() -> list[str]:
        return [
            w.words() for w in window.findChildren(QWidget) if getattr(w, "_kind", "") == "primary" and w.isVisible()
        ]

    assert primaries() == ["Record payment"]
    page.open_payment()
    assert primaries() == ["Record"]


# --- deposits ---------------------------------------------------------------------------------------------------------


def test_the_deposits_are_walked_with_arrows_and_opened_with_enter(
    page: Any, qtbot: Any, window: Any, settle: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    went: list[Any] = []
    table = page.deposits.table
    assert table.hasFocus()
    assert [index.row() for index in table.selectionModel().selectedRows()] == [0]
    assert table.cells.rowCount() == view_model.NEWEST_SHOWN + 1
    table.go_to(view_model.NEWEST_SHOWN)
    qtbot.keyClick(table, Key.Key_Return)
    assert table.cells.rowCount() == len(page.loaded.page.deposits)
    assert table.currentIndex().row() == view_model.NEWEST_SHOWN
    settle(window)
    for _ in range(30):
        qtbot.keyClick(table, Key.Key_Down)
    assert page.scroller.verticalScrollBar().value() > 0
    monkeypatch.setattr(window, "go", lambda where, **what: went.append((where, what)))
    qtbot.keyClick(table, Key.Key_Return)
    row = page.loaded.page.deposits[view_model.NEWEST_SHOWN + 30]
    assert went == [("transactions", {"row": row.transaction_id})]


# --- other books ------------------------------------------------------------------------------------------------------


def test_without_rows_the_page_says_what_to_do(opened: Any, tmp_path: Path) -> None:
    create(tmp_path / "home").close()
    page = opened(tmp_path / "home").shell.page
    assert page.main_widget().words() == "Import files"
    assert page.main_widget().hasFocus()
    assert "Import a bank file" in words_of(page)
    assert not page.side.isVisible()
    assert not page.record.isVisible()


def test_a_first_guess_asks_for_filing_status_and_state(opened: Any, tmp_path: Path, qtbot: Any, settle: Any) -> None:
    books = create(tmp_path / "home")
    two_years(books)
    books.close()
    window = opened(tmp_path / "home")
    page, guess = window.shell.page, window.shell.page.hero._guess
    assert guess.isVisible()
    guess._save.click()
    assert "Choose your filing status" in words_of(guess)
    guess._status.set_value("hoh")
    qtbot.keyClicks(guess._state, "Atlantis")
    qtbot.keyClick(guess._state, Key.Key_Return)
    assert "Type a state" in words_of(guess)
    guess._state.clear()
    qtbot.keyClicks(guess._state, "oregon")
    qtbot.keyClick(guess._state, Key.Key_Return)
    settle(window)
    assert profile.show(stored(window), 2026).values["state"] == "OR"
    assert not guess.isVisible()
    assert page.subtitle() == "2026, head of household, Oregon"
    assert "Choose the account on Accounts" in [getattr(w, "words", str)() for w in page.hero.findChildren(QWidget)]


def test_a_past_year_shows_how_it_ended(opened: Any, tmp_path: Path, settle: Any) -> None:
    books = create(tmp_path / "home")
    two_years(books)
    profile.change(books, 2025, {"filing_status": "single", "state": "OR"})
    books.close()
    window = opened(tmp_path / "home")
    page = window.shell.page
    assert page.years.isVisible()
    page.show_what(year=2025)
    settle(window)
    assert page.loaded.is_past
    assert "Not covered by payments for 2025" in words_of(page.hero)
    keys = [button.step.key for button in page.side.ladder.buttons()]
    assert keys[-1] == "needed"
    assert page.payments.due.cells.index(3, 5).data() == "$3,880.17 short"
    assert page.deposits.table.cells.index(0, 5).data() == "not covered"
    assert page.loaded.page.gauge.needed_cents == view_model.hero(page.loaded).cents
    page.show_what(year=2026)
    settle(window)
    assert "Still to move" in words_of(page.hero)


# --- looks ------------------------------------------------------------------------------------------------------------


def test_in_a_narrow_window_the_steps_open_over_the_page_and_give_the_focus_back(
    page: Any, qtbot: Any, window: Any, settle: Any
) -> None:
    window.resize(1024, 700)
    settle(window)
    assert not page.side.isVisible()
    assert page.why.isVisible()
    assert page.scroller.verticalScrollBar().value() == 0
    qtbot.keyClick(page.deposits.table, Key.Key_H)
    assert page.side.isVisible()
    qtbot.keyClick(page.side.ladder.buttons()[0], Key.Key_Escape)
    assert not page.side.isVisible()
    assert page.deposits.table.hasFocus()


@pytest.mark.parametrize(("mode", "scale"), [("light", 1.0), ("dark", 1.0), ("light", 1.5), ("light", 2.0)])
def test_nothing_is_squeezed(page: Any, window: Any, look: Any, settle: Any, mode: str, scale: float) -> None:
    look.set_mode(mode)
    look.set_scale(scale)
    page.side.ladder.toggle("se_tax")
    page.open_pane()
    settle(window)
    squeezed = [
        (label.text(), label.height())
        for label in page.findChildren(Label)
        if label.isVisible() and label.height() < label.line_height()
    ]
    assert not squeezed
    assert all(button.height() >= look.dp(30) for button in page.side.ladder.buttons())


def test_undo_from_the_history_is_seen_here(page: Any, window: Any, settle: Any) -> None:
    before = page.hero._figure.text(), view_model.hero(page.loaded).needed
    window.tasks.write(lambda books: profile.change(books, 2026, {"wages": "500000"}), None, window.fail)
    settle(window)
    assert view_model.hero(page.loaded).needed != before[1]
    window.tasks.write(history.undo, None, window.fail)
    settle(window)
    assert (page.hero._figure.text(), view_model.hero(page.loaded).needed) == before

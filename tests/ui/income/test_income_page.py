"""Income on the real window: who paid, what is to come, the forms, and what a person says of payers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from ui.conftest import TODAY

from app.core.dates import day_of
from app.services.books import history
from app.services.income import expected_payments, forms_1099, payer_changes, payers
from app.services.ingest import imports
from app.services.ledger import transactions
from app.ui.widgets.text import Label

DAY = day_of(TODAY)
Settle = Callable[[Any], None]
Do = Callable[[Callable[[Any], Any]], Any]


@pytest.fixture
def page(window: Any, settle: Settle) -> Any:
    window.activateWindow()
    window.go("income")
    settle(window)
    settle(window)
    return window.shell.page


@pytest.fixture
def do(window: Any, settle: Settle) -> Do:
    def run(work: Callable[[Any], Any]) -> Any:
        done: list[Any] = []
        window.tasks.write(work, done.append, window.fail)
        settle(window)
        settle(window)
        return done[0]

    return run


def names(page: Any) -> list[str]:
    return [row.name for row in page.loaded.income.payers]


def cells(table: Any, row: int) -> list[str]:
    model = table.cells
    return [str(model.data(model.index(row, column)) or "") for column in range(model.columnCount())]


def said(widget: Any) -> str:
    return "\n".join(label.text() for label in widget.findChildren(Label) if not label.isHidden())


def finish(window: Any, settle: Settle) -> None:
    settle(window)
    settle(window)


def test_the_page_tells_who_paid_how_much_and_when(page: Any, window: Any) -> None:
    income = payers.in_year(window.session.gui, 2026, DAY)
    assert names(page) == [row.name for row in income.payers]
    first = cells(page.cards.payers, 0)
    assert first[0] == income.payers[0].name
    assert first[4] == f"{(income.payers[0].share + 50) // 100}%"
    assert sum(row.share for row in income.payers) <= 10_000
    assert page.cards.hero.total.figure.text().replace("$", "").replace(",", "") == f"{income.total_cents / 100:.2f}"
    assert income.payers[0].name in said(page.detail)
    assert "Last payments" in said(page.detail)


def test_a_row_leads_to_the_payers_transactions(page: Any, window: Any, settle: Settle) -> None:
    QTest.keyClick(page.cards.payers, Qt.Key.Key_Down)
    finish(window, settle)
    ids = page.detail.detail.ids
    assert page.detail.detail.payer.name == names(page)[1]
    QTest.keyClick(page.cards.payers, Qt.Key.Key_Return)
    finish(window, settle)
    assert window.shell.current == "transactions"
    assert window.shell.page.model.rowCount() == len(ids)


def test_a_payment_in_the_pane_opens_its_row(page: Any, window: Any, settle: Settle) -> None:
    number = page.detail.detail.payments[0].id
    page.detail.findChild(QPushButton, f"row-{number}").click()
    finish(window, settle)
    assert window.shell.current == "transactions"


def test_a_client_is_added_expected_and_stands_against_what_came(page: Any, window: Any, settle: Settle) -> None:
    QTest.keyClick(page.cards.payers, Qt.Key.Key_N)
    page.sheet.name.setText("Fjord Coffee Roasters")
    page.sheet.submit()
    finish(window, settle)
    assert "Fjord Coffee Roasters" in names(page)
    page._choose(next(row.id for row in page.loaded.income.payers if row.name.startswith("Fjord")))
    finish(window, settle)
    QTest.keyClick(page.cards.payers, Qt.Key.Key_E)
    page.sheet.submit()
    assert not page.sheet.isHidden(), "an amount is needed"
    page.sheet.amount.setText("1200")
    page.sheet.due.setText("2026-11-01")
    page.sheet.submit()
    finish(window, settle)
    assert page.sheet is None
    assert cells(page.cards.expected, 0) == ["Nov 1", "Fjord Coffee Roasters", "$1,200.00", "$1,200.00", "19 days late"]
    row = names(page).index("Fjord Coffee Roasters")
    assert cells(page.cards.payers, row)[6] == "19 days late"
    page.cards.expected.row_activated.emit(0)
    page.sheet.remove.click()
    finish(window, settle)
    assert expected_payments.outlook(window.session.gui, DAY).rows == []


def test_a_name_that_is_taken_is_refused_at_the_field(page: Any, window: Any, settle: Settle) -> None:
    page.add_client()
    page.sheet.name.setText(names(page)[0])
    page.sheet.submit()
    finish(window, settle)
    assert page.sheet is not None
    assert "There is a payer" in said(page.sheet)
    page.sheet.close_box()


def test_a_form_is_recorded_and_its_difference_is_said(page: Any, window: Any, settle: Settle) -> None:
    QTest.keyClick(page.cards.payers, Qt.Key.Key_9)
    total = page.loaded.income.payers[0].total_cents
    assert page.sheet.payer.value() == page.loaded.income.payers[0].id
    page.sheet.amount.set_cents(total + 600_00)
    page.sheet.submit()
    finish(window, settle)
    assert cells(page.cards.forms, 0)[5] == "off by $600.00"
    assert "off by" in "\n".join(each.text() for each in page.detail.findChildren(type(_badge())))
    [(form, _)] = forms_1099.listed(window.session.gui, 2026)
    assert form.cents == total + 600_00


def _badge() -> Any:
    from app.ui.widgets.badge import Badge

    return Badge("x")


def test_near_names_are_asked_about_and_undo_takes_the_answer_back(
    page: Any, window: Any, do: Do, settle: Settle, tmp_path: Path
) -> None:
    path = tmp_path / "more.csv"
    path.write_text(
        "Date,Description,Amount\n2026-06-06,VENMO FROM SARAH RUSSO,300.00\n"
        "2026-06-20,VENMO FROM SARAH R RUSSO,200.00\n"
        "2026-06-21,MOBILE CHECK DEPOSIT,75.00\n"
    )

    def bring(books: Any) -> None:
        imports.import_files(books, [path], imports.ImportOptions(account="Other", account_kind="checking"))
        rows = books.connection.execute(
            "SELECT t.id FROM transactions t JOIN account a ON a.id = t.account_id WHERE a.name = 'Other'"
        ).fetchall()
        for (number,) in rows:
            transactions.set_values(books, number, {"kind": "income", "line": "C1"})

    do(bring)
    assert "Sarah" in said(page.cards.near)
    assert not page.cards.nameless.isHidden()
    page.cards.near.buttons[0].click()
    finish(window, settle)
    assert page.cards.near.isHidden()
    assert names(page).count("Sarah Russo") == 1
    page._choose(next(row.id for row in page.loaded.income.payers if row.name == "Sarah Russo"))
    finish(window, settle)
    names_of = [each.name for each in page.detail.detail.names]
    assert names_of == ["Sarah Russo", "Sarah R Russo"]
    do(history.undo)
    assert not page.cards.near.isHidden()
    page.cards.near.buttons[1].click()
    finish(window, settle)
    assert page.cards.near.isHidden()
    assert "Sarah R Russo" in names(page)


def test_renaming_joining_and_leaving_out(page: Any, window: Any, settle: Settle) -> None:
    one, two = page.loaded.income.payers[:2]
    page.rename()
    page.sheet.name.setText("The Shop")
    page.sheet.submit()
    finish(window, settle)
    assert names(page)[0] == "The Shop"
    page.join()
    page.sheet.other.set_value(two.id)
    page.sheet.submit()
    finish(window, settle)
    assert page.loaded.income.payers[0].total_cents == one.total_cents + two.total_cents
    page.detail.hide_wanted.emit()
    finish(window, settle)
    assert "The Shop" not in names(page)
    assert page.loaded.income.total_cents == payers.in_year(window.session.gui, 2026, DAY).total_cents


def test_books_without_income_say_what_to_do(page: Any, do: Do) -> None:
    def no_income(books: Any) -> None:
        for each in payers.known(books).receipts:
            transactions.set_values(books, each.id, {"kind": "personal"})

    do(no_income)
    assert not page.nothing.isHidden()
    assert page.cards.isHidden()


def test_amounts_can_be_hidden(page: Any, look: Any) -> None:
    look.set_hide_amounts(True)
    shown = said(page) + "".join(cells(page.cards.payers, 0)) + page.cards.hero.total.figure.text()
    assert "$" not in shown


def test_locking_takes_the_names_away(page: Any, window: Any, do: Do, settle: Settle) -> None:
    do(lambda books: payer_changes.add(books, "Fjord Coffee Roasters"))
    page.forget()
    assert page.cards.payers.cells.rowCount() == 0
    assert "Fjord" not in said(page)

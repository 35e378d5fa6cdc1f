"""The page Accounts as a person uses it: by keyboard, on the sample books."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.services.ingest import import_history, imports
from app.services.ledger import accounts
from app.ui.accounts import view_model
from app.ui.accounts.delegate import action_box
from app.ui.widgets.amount import HIDDEN
from app.ui.widgets.coverage import Coverage
from app.ui.widgets.dialog import Sheet
from app.ui.widgets.text import Label

Settle = Callable[[Any], None]


def words(widget: Any) -> str:
    return "\n".join(label.text() for label in widget.findChildren(Label) if label.isVisible())


def sheet(window: Any) -> Any:
    return next(each for each in window.findChildren(Sheet) if each.isVisible())


def focus_of(page: Any, qtbot: Any) -> Any:
    qtbot.waitUntil(lambda: QApplication.focusWidget() is not None)
    return QApplication.focusWidget()


def written(window: Any) -> Any:
    """Return what the books hold, read on the window's own connection."""
    return window.session.gui


def test_every_account_shows_its_balance_and_the_sum(opened: Any, window: Any) -> None:
    names = [row.name for row in opened.loaded.page.accounts]
    assert len(names) == 6
    assert opened.list.current().name == names[0]
    spoken = opened.list.model().index(2, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "Chase Checking ··6620, Chase, from files, last row Nov 19, in order, balance $48,927.13"
    assert opened.accounts.total.texts() == ("Balance, all accounts", "$94,567.74")
    assert sum(row.balance_cents for row in opened.loaded.page.accounts) == 9_456_774
    assert view_model.second_line(opened.account(2)).endswith("counted from zero")


def test_hidden_amounts_hide_every_figure(opened: Any, look: Any) -> None:
    look.set_hide_amounts(True)
    assert opened.accounts.total.texts()[1] == HIDDEN
    assert "$" not in opened.list.model().index(2, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert (
        view_model.private("The books are -$1,048.20 below, or 3.10 EUR.")
        == f"The books are {HIDDEN} below, or {HIDDEN} EUR."
    )


def test_enter_opens_an_account_and_escape_returns_to_its_row(opened: Any, qtbot: Any) -> None:
    opened.list.go_to(2)
    QTest.keyClick(opened.list, Qt.Key.Key_Return)
    assert opened.panes.currentWidget() is opened.panes.editor
    assert focus_of(opened, qtbot) is opened.panes.editor.name
    assert opened.panes.editor.name.text() == "Chase Checking ··6620"
    assert not opened.panes.editor.remove.isEnabled()
    assert "Undo its imports first" in words(opened.panes.editor)
    QTest.keyClick(opened.panes.editor.name, Qt.Key.Key_Escape)
    assert opened.panes.currentWidget() is opened.panes.add
    assert focus_of(opened, qtbot) is opened.list
    assert opened.list.current_row() == 2


def test_a_name_typed_is_kept_and_can_be_undone(opened: Any, window: Any, settle: Settle) -> None:
    opened.list.go_to(2)
    opened.edit()
    opened.panes.editor.name.selectAll()
    QTest.keyClicks(opened.panes.editor.name, "Studio checking")
    QTest.keyClick(opened.panes.editor.name, Qt.Key.Key_Return)
    settle(window)
    assert written(window).accounts.get(3).name == "Studio checking"
    assert window.shell.toast.offers_undo
    opened.panes.show_adding()
    opened.list.setFocus()
    QTest.keyClick(opened.list, Qt.Key.Key_U)
    settle(window)
    assert written(window).accounts.get(3).name == "Chase Checking ··6620"
    assert opened.list.current().name == "Chase Checking ··6620"


def test_a_role_says_what_it_means_and_counts_as_set_aside(opened: Any, window: Any, settle: Settle) -> None:
    opened.list.go_to(2)
    opened.edit()
    assert "Business and personal rows lie side by side" in words(opened.panes.editor)
    opened.panes.editor.role._choose("reserve")
    settle(window)
    assert written(window).accounts.get(3).role == "reserve"
    assert "counts as set aside" in words(opened.panes.editor)
    assert "holds the reserve" in opened.account(3).second_line


def test_four_digits_are_all_that_is_taken(opened: Any, window: Any, settle: Settle) -> None:
    opened.list.go_to(2)
    opened.edit()
    opened.panes.editor.last4.setText("12")
    opened.panes.editor.last4.editingFinished.emit()
    settle(window)
    assert written(window).accounts.get(3).last4 == "6620"
    assert "Four digits, never the whole number." in words(opened.panes.editor)


def test_an_account_by_hand_with_its_opening_balance_and_its_removal(opened: Any, window: Any, settle: Settle) -> None:
    form = opened.panes.add.form
    form.open_button.click()
    form.add_button.click()
    assert "Give it a few words." in words(form)
    QTest.keyClicks(form.name, "Petty cash")
    form.kind._choose("cash")
    form.role._choose("business")
    assert "fewer questions" in words(form)
    QTest.keyClicks(form.opening, "120+30.50")
    QTest.keyClick(form.opening, Qt.Key.Key_Return)
    settle(window)
    made = written(window).accounts.named("Petty cash")
    assert (made.kind, made.role, made.opening_cents, made.opening_known) == ("cash", "business", 15050, 1)
    row = opened.account(made.id)
    assert (row.balance_cents, row.health_words, row.second_line) == (
        15050,
        "no files yet",
        "entered by hand, no rows yet",
    )
    assert form.name.text() == ""
    opened.list.select(made.id)
    opened.edit()
    opened.panes.editor.remove.click()
    settle(window)
    assert written(window).accounts.named("Petty cash") is None
    assert opened.panes.currentWidget() is opened.panes.add


def test_the_grid_says_each_month_in_words_and_opens_the_comparison(
    opened: Any, window: Any, qtbot: Any, settle: Settle
) -> None:
    months, rows, _notes = view_model.grid(opened.loaded.page)
    assert months[-1] == "Nov"
    assert rows[0][1][-1] is Coverage.NO_STATEMENT
    opened.statements.grid.setFocus()
    grid = focus_of(opened, qtbot)
    QTest.keyClick(grid, Qt.Key.Key_Return)
    settle(window)
    assert opened.panes.currentWidget() is opened.panes.comparison
    assert "No file states a balance" in words(opened.panes.comparison)
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Escape)
    assert opened.panes.currentWidget() is opened.panes.add
    assert focus_of(opened, qtbot) is grid


def break_a_month(opened: Any, window: Any, write: Any, settle: Settle, ofx: Any) -> int:
    """Import two statements of a new account whose second one states another balance than the rows give."""
    first = write("harbor-sep.ofx", ofx([("2026-09-05", -1500, "STAPLES")], balance=(100_000, "2026-09-30"),
                                        first="2026-09-01", last="2026-09-30"))  # fmt: skip
    second = write("harbor-oct.ofx", ofx([("2026-10-05", -2500, "DELTA AIR")], balance=(102_320, "2026-10-31"),
                                         first="2026-10-01", last="2026-10-31"))  # fmt: skip
    window.tasks.write(lambda books: imports.import_files(books, [first, second], imports.ImportOptions()))
    settle(window)
    return int(next(row.id for row in opened.loaded.page.accounts if row.name.startswith("Harbor Bank")))


def test_a_month_that_does_not_tie_says_so_and_names_the_suspects(
    opened: Any, window: Any, write: Any, settle: Settle, ofx: Any, monkeypatch: Any
) -> None:
    account = break_a_month(opened, window, write, settle, ofx)
    row = opened.account(account)
    assert (row.health.value, row.health_words) == ("bad", "does not tie by $48.20")
    assert opened.statements.sentence.isVisible()
    assert "the books are $48.20 below the statement of Oct 31." in words(opened.statements)
    opened.list.select(account)
    QTest.keyClick(opened.list, Qt.Key.Key_C)
    settle(window)
    shown = words(opened.panes.comparison)
    assert opened.panes.currentWidget() is opened.panes.comparison
    assert all(text in shown for text in ("$1,023.20", "$975.00", "−$48.20", "What may be wrong", "may be missing"))
    gone: list[tuple[str, dict[str, Any]]] = []
    monkeypatch.setattr(window, "go", lambda page, **what: gone.append((page, what)))
    opened.panes.comparison.list.setFocus()
    QTest.keyClick(opened.panes.comparison.list, Qt.Key.Key_Return)
    assert gone == [("transactions", {"row": opened.panes.comparison.shown.rows[0].id})]
    opened.panes.show_adding()
    opened.statements.sentence.button.click()
    settle(window)
    assert opened.panes.currentWidget() is opened.panes.comparison
    box = action_box(QRectF(opened.list.visualRect(opened.list.currentIndex())), row)
    opened.panes.show_adding()
    QTest.mouseClick(opened.list.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(*map(round, box.center().toTuple())))
    settle(window)
    assert opened.panes.currentWidget() is opened.panes.comparison


def test_t_shows_the_transactions_of_the_account(opened: Any, window: Any, monkeypatch: Any) -> None:
    gone: list[tuple[str, dict[str, Any]]] = []
    monkeypatch.setattr(window, "go", lambda page, **what: gone.append((page, what)))
    opened.list.go_to(1)
    QTest.keyClick(opened.list, Qt.Key.Key_T)
    assert gone == [("transactions", {"account_id": 2})]


def test_an_import_is_undone_after_a_sentence_and_says_so(opened: Any, window: Any, qtbot: Any, settle: Settle) -> None:
    table = opened.imports.table
    assert opened.imports.more.words() == "All 6"
    opened.imports.more.click()
    assert table.model().rowCount() == 6
    table.setFocus()
    table.setCurrentIndex(table.model().index(0, 0))
    assert table.current_entry().file.startswith("stripe")
    QTest.keyClick(table, Qt.Key.Key_U)
    settle(window)
    asked = sheet(window)
    assert "125 transactions leave the books. The file can be imported again." in words(asked)
    QTest.keyClick(focus_of(opened, qtbot), Qt.Key.Key_Return)
    settle(window)
    assert opened.account(6) is None, "the import had made the account"
    assert table.current_entry().undone
    assert table.model().index(0, 6).data() == "Undone"
    assert import_history.listed(written(window))[0].undone


def test_an_import_that_others_rest_on_is_not_undone(opened: Any, window: Any, settle: Settle) -> None:
    window.tasks.write(lambda books: accounts.change(books, "6", {"name": "Payouts"}))
    settle(window)
    opened._ask_undo(opened.loaded.imports[0])
    settle(window)
    asked = sheet(window)
    assert "Later changes rest on this one. Undo these first: Changed the account Payouts." in words(asked)
    assert [button.words() for button in asked.findChildren(type(opened.add_button)) if button.isVisible()] == ["Close"]


def test_no_accounts_yet_shows_the_way_in(empty: Any) -> None:
    assert empty.empty.isVisible()
    assert not empty.scroller.isVisible()
    assert "No accounts yet" in words(empty.empty)
    assert empty.drop.isVisible()
    assert not empty.panes.add.drop.isVisible()
    assert empty.drop.isAncestorOf(QApplication.focusWidget()), "Enter opens the dialog of files"


def test_a_narrow_window_lays_the_panes_over_the_page(opened: Any, window: Any, look: Any, settle: Settle) -> None:
    assert not opened.add_button.isVisible()
    window.resize(1024, 700)
    look.set_mode("dark")
    settle(window)
    assert not opened.panes.isVisible()
    opened.add_button.click()
    assert opened.panes.isVisible()
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Escape)
    assert not opened.panes.isVisible()
    opened.list.setFocus()
    QTest.keyClick(opened.list, Qt.Key.Key_Return)
    assert opened.panes.editor.isVisible()
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Escape)
    assert not opened.panes.isVisible()
    look.set_scale(1.5)
    settle(window)
    assert opened.list.height() == 6 * look.dp(54)


def test_every_command_of_the_page_is_bound(opened: Any, window: Any) -> None:
    assert all(window.commands.is_bound(spec.id) for spec in window.commands.of_page("accounts"))

"""History on the real window: what was done, what it touched, and the way back and forth again."""

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
from app.services.audit import audit_log
from app.services.books import history, history_words
from app.services.ledger import bulk_edit, transactions
from app.services.report import pack_export
from app.ui.widgets.text import Label

DAY = day_of(TODAY)
Settle = Callable[[Any], None]


@pytest.fixture
def page(window: Any, settle: Settle) -> Any:
    window.activateWindow()
    window.go("history")
    settle(window)
    return window.shell.page


def write(window: Any, settle: Settle, work: Callable[[Any], Any]) -> Any:
    done: list[Any] = []
    window.tasks.write(work, done.append, window.fail)
    settle(window)
    settle(window)
    return done[0]


def press(page: Any, window: Any, settle: Settle, key: Qt.Key) -> None:
    QTest.keyClick(page.list, key)
    settle(window)
    settle(window)


def sentences(page: Any) -> list[str]:
    return [entry.sentence for entry in page.model.entries]


def said(page: Any) -> list[str]:
    """Return what stands in the pane."""
    return [label.text() for label in page.detail.body.parentWidget().findChildren(Label) if label.isVisible()]


def count(window: Any) -> int:
    return len(list(window.session.gui.transactions.listed(transactions_filter(), 0)))


def transactions_filter() -> Any:
    from app.services.ledger.listing import Filter

    return Filter()


def go_to(page: Any, window: Any, settle: Settle, sentence: str) -> Any:
    row = sentences(page).index(sentence)
    page.list.go_to(row)
    settle(window)
    return page.model.entries[row]


def test_every_step_stands_there_newest_first(page: Any, window: Any) -> None:
    entries = history_words.entries(window.session.gui)
    assert sentences(page) == [entry.sentence for entry in entries]
    assert sentences(page)[-1] == "Made the books"
    assert page.count.text() == f"{len(entries)} steps"
    assert page.entry == entries[0]
    assert page.older.isHidden()


def test_the_pane_says_what_undo_would_bring_back(page: Any, window: Any, settle: Settle) -> None:
    entry = go_to(page, window, settle, "Imported stripe_itemized_balance_2026.csv")
    words = said(page)
    assert history_words.preview_undo(window.session.gui, entry.operation.id) in words
    assert f"{len(page.detail.step.ids)} transactions" in words
    assert "127 changes" in words
    assert page.detail.action.isEnabled()


def test_u_takes_a_step_back_and_r_does_it_again(page: Any, window: Any, settle: Settle) -> None:
    before = count(window)
    go_to(page, window, settle, "Imported stripe_itemized_balance_2026.csv")
    touched = len(page.detail.step.ids)
    press(page, window, settle, Qt.Key.Key_U)
    assert count(window) == before - touched
    assert page.entry.sentence == "Imported stripe_itemized_balance_2026.csv"
    assert page.entry.undone
    assert sentences(page)[0] == "Undid: Imported stripe_itemized_balance_2026.csv"
    assert page.detail.action.words() == "Do it again"
    assert window.shell.toast.accessibleName() == "Undone: Imported stripe_itemized_balance_2026.csv"
    assert window.focusWidget() is page.list
    press(page, window, settle, Qt.Key.Key_R)
    assert count(window) == before
    assert not page.entry.undone
    assert page.entry.can_undo


def test_an_undo_from_history_is_the_same_as_the_services(page: Any, window: Any, settle: Settle) -> None:
    operation = write(window, settle, lambda books: transactions.set_values(books, 5, {"note": "lunch"}).operation)
    assert page.model.row_of(operation) == 0
    page.go_to_step(operation)
    settle(window)
    assert "1 transaction will be as it was before." in said(page)
    page.detail.action.click()
    settle(window)
    settle(window)
    assert window.session.gui.transactions.get(5).note is None


def test_what_stands_in_the_way_is_named_and_linked(page: Any, window: Any, settle: Settle) -> None:
    first = write(window, settle, lambda books: transactions.set_values(books, 5, {"note": "a"}).operation)
    second = write(window, settle, lambda books: transactions.set_values(books, 5, {"note": "b"}).operation)
    page.go_to_step(first)
    settle(window)
    assert "Later changes rest on this step. Undo these first:" in said(page)
    assert not page.detail.action.isEnabled()
    page.detail.findChild(QPushButton, f"step-{second}").click()
    settle(window)
    assert page.entry.operation.id == second
    press(page, window, settle, Qt.Key.Key_U)
    page.go_to_step(first)
    settle(window)
    assert page.detail.action.isEnabled()
    press(page, window, settle, Qt.Key.Key_U)
    assert window.session.gui.transactions.get(5).note is None


def test_a_refused_undo_shows_the_steps_in_its_way(page: Any, window: Any, settle: Settle) -> None:
    """U does not wait for the pane: the refusal of the books themselves leads to the same links."""
    first = write(window, settle, lambda books: transactions.set_values(books, 5, {"note": "a"}).operation)
    second = write(window, settle, lambda books: transactions.set_values(books, 5, {"note": "b"}).operation)
    page.go_to_step(first)
    settle(window)
    page.undo()
    settle(window)
    settle(window)
    assert page.detail.findChild(QPushButton, f"step-{second}") is not None
    assert window.session.gui.transactions.get(5).note == "b"


def test_t_shows_the_transactions_of_a_step(
    page: Any, window: Any, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, dict[str, Any]]] = []
    monkeypatch.setattr(window, "go", lambda to, /, **what: asked.append((to, what)))
    write(window, settle, lambda books: bulk_edit.change_many(books, [7, 8, 9], {"note": "x"}))
    page.list.go_to(0)
    settle(window)
    press(page, window, settle, Qt.Key.Key_T)
    assert asked == [("transactions", {"ids": (7, 8, 9), "of": ""})]


def test_words_and_the_box_narrow_the_list(page: Any, window: Any, settle: Settle) -> None:
    page.search.setText("imported chase")
    assert all("Chase" in sentence for sentence in sentences(page))
    assert page.count.text() == f"{len(sentences(page))} steps"
    page.search.clear()
    go_to(page, window, settle, "Changed the profile")
    page.undoable.click()
    assert "Made the books" not in sentences(page)
    assert page.entry.sentence == "Changed the profile"
    page.search.setText("no such step")
    assert page.nothing.isVisible()
    assert page.list.isHidden()
    page.nothing.findChild(QPushButton).click()
    assert sentences(page)[-1] == "Made the books"
    assert page.search.text() == ""
    assert not page.undoable.isChecked()


def test_the_first_step_cannot_be_undone(page: Any, window: Any, settle: Settle) -> None:
    go_to(page, window, settle, "Made the books")
    assert "This step cannot be undone." in said(page)
    assert page.detail.action is None
    assert not window.commands.can("history.undo")
    assert not window.commands.can("history.redo")


def test_older_steps_come_when_asked_for(page: Any, window: Any, settle: Settle) -> None:
    page._limit = 4
    page.load()
    settle(window)
    assert len(sentences(page)) == 4
    assert page.count.text() == "The newest 4 steps"
    page.list.go_to(2)
    held = page.entry
    page.older.click()
    settle(window)
    assert len(sentences(page)) == len(history_words.entries(window.session.gui, limit=0))
    assert page.older.isHidden()
    assert page.entry == held


def test_a_step_that_is_not_loaded_can_be_asked_for(page: Any, window: Any, settle: Settle) -> None:
    page._limit = 4
    page.load()
    settle(window)
    window.go("history", operation=1)
    settle(window)
    assert page.entry.sentence == "Made the books"


def test_only_the_steps_of_one_transaction(page: Any, window: Any, settle: Settle) -> None:
    write(window, settle, lambda books: transactions.set_values(books, 5, {"note": "a"}))
    window.go("history", transaction_id=5)
    settle(window)
    expected = history_words.entries(window.session.gui, transaction_id=5)
    assert sentences(page) == [entry.sentence for entry in expected]
    assert len(expected) < 4
    assert page.touching.isVisible()
    page.touching.click()
    settle(window)
    assert page.touching.isHidden()
    assert sentences(page)[-1] == "Made the books"


def test_the_audit_log_is_proved_when_asked(page: Any, window: Any, settle: Settle) -> None:
    assert page.foot.audit.text() == "The audit log was not checked yet"
    page.foot.verify.click()
    settle(window)
    assert page.foot.audit.text() == f"Audit log: {audit_log.verify(window.session.gui).sentence}"
    assert page.foot.verify.words() == "Check again"


def test_packs_that_went_out_are_counted(page: Any, window: Any, settle: Settle, tmp_path: Path) -> None:
    assert page.foot.packs.text() == "No pack was handed out yet"
    assert page.foot.show_them.isHidden()
    write(window, settle, lambda books: pack_export.export_pack(books, 2026, tmp_path / "pack", DAY))
    assert page.foot.packs.text().startswith("1 pack handed out, last ")
    assert page.foot.show_them.isVisible()


def test_the_place_in_the_list_stays_when_the_books_change(page: Any, window: Any, settle: Settle) -> None:
    go_to(page, window, settle, "Imported amex_activity_71005.csv")
    write(window, settle, lambda books: transactions.set_values(books, 5, {"note": "a"}))
    assert page.entry.sentence == "Imported amex_activity_71005.csv"


def test_a_narrow_window_slides_the_details_in_and_escape_gives_the_list_back(
    page: Any, window: Any, settle: Settle
) -> None:
    window.resize(1024, 700)
    settle(window)
    assert page.pane.isHidden()
    page.list.setFocus()
    press(page, window, settle, Qt.Key.Key_Return)
    assert page.pane.isVisible()
    assert window.focusWidget() is page.detail.action
    QTest.keyClick(page.detail.action, Qt.Key.Key_Escape)
    assert page.pane.isHidden()
    assert window.focusWidget() is page.list


def test_each_step_is_said_to_those_who_do_not_see_it(page: Any, window: Any, settle: Settle) -> None:
    press(page, window, settle, Qt.Key.Key_U)
    spoken = [
        str(page.model.index(row, 0).data(Qt.ItemDataRole.AccessibleTextRole)) for row in range(page.model.rowCount())
    ]
    assert spoken[1].startswith("Changed the account Ally Bank Savings ··3348, ")
    assert spoken[1].endswith(", by you, 1 change, undone")
    assert spoken[-1].endswith("by 1099 Ops, 1 change, cannot be undone")


def test_locking_takes_every_name_away(page: Any, window: Any, settle: Settle) -> None:
    window.session.lock()
    settle(window)
    assert page.model.rowCount() == 0
    assert page.detail.entry is None


def test_undoing_by_the_menu_shows_here_at_once(page: Any, window: Any, settle: Settle) -> None:
    newest = sentences(page)[0]
    window.commands.trigger("edit.undo")
    settle(window)
    settle(window)
    assert sentences(page)[0] == f"Undid: {newest}"
    assert history.history(window.session.gui, limit=1)[0].label.startswith("Undid")

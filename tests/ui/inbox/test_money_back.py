"""Money back on Today: its candidates side by side, chosen by number, none of them, and undone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.services.ingest import imports
from app.services.ledger import transactions
from app.services.review import questions
from app.store.row_filter import Filter
from app.ui.widgets.evidence import EvidenceLine
from app.ui.widgets.text import Label

Settle = Callable[[Any], None]
HEAD = "Transaction Date,Post Date,Description,Category,Type,Amount,Memo\n"
ROWS = [
    ("10/04/2026", "-80.55", "Sale"), ("10/09/2026", "-91.17", "Sale"), ("11/18/2026", "30.01", "Return"),
]  # fmt: skip


@pytest.fixture
def today(window: Any, settle: Settle, tmp_path: Any) -> Any:
    """Today on the card of money that may have come back for either of two purchases."""
    path = tmp_path / "Chase4417_Activity20261121.CSV"
    path.write_text(HEAD + "".join(f"{day},{day},WILLOW LANE GOODS,Shopping,{way},{n},\n" for day, n, way in ROWS))

    def bring(books: Any) -> None:
        assert imports.import_files(books, [path], imports.ImportOptions())[0].error is None
        bought = [row for row in books.transactions.listed(Filter(), 0) if "WILLOW" in row.text and row.cents < 0]
        for row, line in zip(bought, ("C18", "C22"), strict=True):
            transactions.set_values(books, row.id, {"line": line})

    window.tasks.write(bring, None, window.fail)
    settle(window)
    window.shell.mark_stale()
    settle(window)
    page = window.shell.page
    card = next(card for card in page.model.cards if card.name == "Willow Lane Goods" and card.ways)
    page.list.setFocus()
    page.list.go_to(page.model.row_of(card.item.id))
    settle(window)
    return page


def back(window: Any) -> Any:
    rows = window.session.gui.transactions.listed(Filter(), 0)
    return next(row for row in rows if "WILLOW" in row.text and row.cents > 0)


def test_the_card_shows_each_purchase_with_its_amount_and_line(today: Any) -> None:
    picks = today.current.answering.picks()
    assert [(pick.words, pick.second, pick.code) for pick in picks] == [
        ("Oct 9, Willow Lane Goods", "Office expense, Card ··4417", "$91.17"),
        ("Oct 4, Willow Lane Goods", "Supplies, Card ··4417", "$80.55"),
        ("None of these", "", ""),
    ]
    said = [label.text() for label in today.detail.findChildren(Label)]
    assert "This looks like money back from Willow Lane Goods. For which purchase?" in said
    assert "For which purchase?" in said


def test_a_number_and_e_link_it_and_undo_asks_again(today: Any, window: Any, settle: Settle) -> None:
    item = today.card.item
    QTest.keyClick(today.list, Qt.Key.Key_2)
    assert today.current.answering.chosen == 2
    QTest.keyClick(today.list, Qt.Key.Key_E)
    settle(window)
    assert (back(window).kind, back(window).line, back(window).status) == ("refund", "C22", "confirmed")
    assert "Willow Lane Goods" in window.shell.toast.accessibleName()
    QTest.keyClick(today.list, Qt.Key.Key_U)
    settle(window)
    assert item.id in {each.id for each in questions.items(window.session.gui)}
    assert today.card.item.id == item.id


def test_none_of_these_asks_what_it_is(today: Any, window: Any, settle: Settle) -> None:
    QTest.keyClick(today.list, Qt.Key.Key_3)
    QTest.keyClick(today.list, Qt.Key.Key_E)
    settle(window)
    card = next(card for card in today.model.cards if card.name == "Willow Lane Goods")
    assert card.item.takes_any_line
    assert not card.ways


def test_personal_and_transfer_are_no_answer_to_it(today: Any, window: Any, settle: Settle) -> None:
    before = today.card.item.id
    for key in (Qt.Key.Key_P, Qt.Key.Key_T):
        QTest.keyClick(today.list, key)
        settle(window)
    assert today.card.item.id == before
    assert before in {each.id for each in questions.items(window.session.gui)}


def test_what_would_change_it_stands_in_the_pane(today: Any, qtbot: Any) -> None:
    def facts() -> list[str]:
        return [label.text() for line in today.detail.findChildren(EvidenceLine) for label in line.findChildren(Label)]

    qtbot.waitUntil(lambda: "A credit note that names what was bought" in facts())


def test_the_head_says_what_the_questions_leave_open(today: Any) -> None:
    found = today._loaded.summary.unreviewed
    assert found is not None
    assert today.sum.text().startswith("leave net profit at $")
    low, _, high = found.profit
    assert f"${round(low / 100):,}" in today.sum.text()
    assert f"${round(high / 100):,}" in today.sum.text()
    assert ", tax at $" in today.sum.text()


def test_a_question_that_an_earlier_answer_settled_goes_without_an_error(
    today: Any, window: Any, settle: Settle
) -> None:
    card = today.card

    def elsewhere(books: Any) -> None:
        questions.answer(books, card.item.id, questions.Answered(choice=1))

    window.tasks.write(elsewhere, None, window.fail)
    QTest.keyClick(today.list, Qt.Key.Key_E)
    settle(window)
    assert "settled this one too" in window.shell.toast.accessibleName()
    assert card.item.id not in {each.item.id for each in today.model.cards}

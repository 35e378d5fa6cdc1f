"""Why a row stands as it does, in the pane: a sentence, and on request each step."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.services.classify import explaining
from app.ui.transactions.why import Reasons
from app.ui.widgets.text import Label

Settle = Callable[[Any], None]
Opened = Callable[[int], Reasons]


@pytest.fixture
def opened(window: Any, settle: Settle, qtbot: Any) -> Callable[[int], Reasons]:
    """Opens a row and returns its reasons, which come a moment after the row."""

    def open_row(number: int) -> Reasons:
        window.go("transactions", ids=[number])
        settle(window)
        page = window.shell.page
        if not page.pane_is_visible:
            QTest.keyClick(page.table, Qt.Key.Key_Return)
        wanted = explaining.explain(window.session.gui, number).sentence

        def shown() -> list[Reasons]:
            return [each for each in page.row_pane.findChildren(Reasons) if each.sentence.text() == wanted]

        qtbot.waitUntil(lambda: bool(shown()))
        return shown()[0]

    return open_row


def words(reasons: Reasons) -> list[str]:
    return [label.text() for label in reasons.rest.findChildren(Label)]


def money_back(window: Any) -> int:
    rows = window.session.gui.connection.execute(
        "SELECT in_id FROM pair WHERE type = 'refund' AND state = 'linked' ORDER BY in_id"
    ).fetchall()
    return int(rows[0][0])


def test_the_reason_is_one_sentence_and_the_steps_unfold(window: Any, opened: Opened) -> None:
    number = money_back(window)
    why = explaining.explain(window.session.gui, number)
    reasons = opened(number)
    assert reasons.sentence.text() == why.sentence
    assert not reasons.rest.isVisible()
    reasons.toggle.click()
    assert reasons.rest.isVisible()
    decided = next(step for step in why.order if step.decided)
    assert f"{decided.title}: {decided.says}" in words(reasons)
    assert all("2026-" not in text for text in words(reasons)), "days are written as people say them"


def test_unfolded_steps_stay_so_for_the_next_row(window: Any, opened: Opened) -> None:
    first = opened(money_back(window))
    first.toggle.click()
    again = opened(1)
    assert again.rest.isVisible()
    again.toggle.click()
    assert not opened(2).rest.isVisible()


def test_reasons_are_there_in_a_narrow_window_too(window: Any, settle: Settle, opened: Opened) -> None:
    window.resize(1024, 700)
    settle(window)
    assert opened(money_back(window)).sentence.isVisible()

"""Help: found by searching, opened by F1, and true."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest

from app.ui.frame.actions import SPECS
from app.ui.frame.pages import PAGES
from app.ui.help.page import topics

Settle = Callable[[Any], None]


@pytest.fixture
def help_page(window: Any, settle: Settle) -> Any:
    window.activateWindow()
    window.go("help")
    settle(window)
    return window.shell.page


@pytest.mark.parametrize("page", [entry.id for entry in PAGES if entry.id != "help"])
def test_f1_opens_the_topic_of_the_page(window: Any, settle: Settle, page: str) -> None:
    window.activateWindow()
    window.go(page)
    settle(window)
    QTest.keyClick(window.shell.page.main_widget(), Qt.Key.Key_F1)
    settle(window)
    shown = window.shell._pages["help"]
    assert window.shell.current == "help"
    topic = next(topic for topic in topics() if topic.page == page)
    assert shown._current == topic.id
    assert shown._text.toPlainText().startswith(topic.text.splitlines()[0].removeprefix("# "))


def test_searching_narrows_the_topics_and_opens_the_first(help_page: Any, settle: Settle) -> None:
    help_page._search.setFocus()
    QTest.keyClicks(help_page._search, "SQLCipher wrapped")
    shown = [id_ for id_, item in help_page._list.items.items() if item.isVisible()]
    assert shown == ["safety"]
    assert help_page._current == "safety"
    QTest.keyClick(help_page._search, Qt.Key.Key_Escape)
    assert help_page._search.text() == ""
    QTest.keyClicks(help_page._search, "qqxzy")
    assert help_page._nothing.isVisible()
    assert not help_page._text.isVisible()


def test_arrow_keys_walk_through_the_topics(help_page: Any) -> None:
    first = help_page._list.items["start"]
    first.setFocus()
    QTest.keyClick(first, Qt.Key.Key_Down)
    assert help_page._current == "today"
    assert help_page._list.items["today"].hasFocus()


def test_another_size_and_topic_again_and_again_break_nothing(help_page: Any, look: Any) -> None:
    for scale in (1.5, 2.0, 1.0):
        look.set_scale(scale)
        for topic in topics():
            help_page._open(topic.id)
            assert help_page._text.toPlainText().strip()


KEY = re.compile(r"\*\*((?:(?:Ctrl|Shift)\+)*(?:[A-Z0-9/?,]|Enter|Space|Del|Home|End|F\d))\*\*")


@pytest.mark.parametrize("topic", topics(), ids=lambda topic: topic.id)
def test_every_key_a_text_names_is_a_key_there(topic: Any) -> None:
    known = {
        QKeySequence(key).toString()
        for spec in SPECS
        if spec.page in {None, topic.page or None}
        for key in spec.keys
    }  # fmt: skip
    for key in KEY.findall(topic.text):
        assert QKeySequence(key.replace("Enter", "Return")).toString() in known, key


def test_the_notices_name_every_part_the_program_is_made_of() -> None:
    root = Path(__file__).parents[3]
    table = (root / "THIRD_PARTY.md").read_text("utf-8")
    parts = re.findall(r"^\| ([\w.-]+) \| ([^|]+?) \|", table, re.MULTILINE)[2:]
    notices = (root / "resources" / "notices.md").read_text("utf-8")
    assert len(parts) > 20
    assert [name for name, licence in parts if f"- **{name}**, {licence}" not in notices] == []

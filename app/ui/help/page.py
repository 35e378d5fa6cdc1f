"""Help: the shipped texts, searched and read without a network."""

from __future__ import annotations

import tomllib
from importlib import resources
from typing import Any, NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QFrame, QHBoxLayout, QListWidget, QListWidgetItem, QTextBrowser, QVBoxLayout, QWidget

from app.ui.page import Frame, Page
from app.ui.theme import theme
from app.ui.theme.fonts import Role, font
from app.ui.widgets.buttons import Button
from app.ui.widgets.empty_state import EmptyState
from app.ui.widgets.fields import LineEdit
from app.ui.widgets.header import PageHeader

_LIST_WIDTH, _TEXT_WIDTH = 240, 680


class Topic(NamedTuple):
    id: str
    title: str
    page: str
    text: str


def topics() -> list[Topic]:
    """Return the shipped topics in their order."""
    folder = resources.files("resources") / "help"
    listed = tomllib.loads((folder / "index.toml").read_text("utf-8"))["topic"]
    found = [Topic(**row, text=(folder / f"{row['id']}.md").read_text("utf-8")) for row in listed]
    notices = resources.files("resources") / "notices.md"
    if notices.is_file():
        found.append(Topic("about", "About 1099 Ops", "", notices.read_text("utf-8")))
    return found


class HelpPage(Page):
    id, title = "help", "Help"

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame)
        self._topics = topics()
        header = PageHeader("Help")
        keys = Button("All keys", key="?")
        keys.clicked.connect(lambda: frame.commands.trigger("help.keys"))
        header.add_action(keys)
        self.column.addWidget(header)
        self._search = LineEdit("Search in help", icon="search")
        self._search.textChanged.connect(self._filter)
        self._list = QListWidget()
        self._list.setAccessibleName("Topics")
        self._list.setFrameShape(QFrame.Shape.NoFrame)
        self._list.currentItemChanged.connect(lambda item, _old: self._show(item))
        self._text = QTextBrowser()
        self._text.setAccessibleName("Help text")
        self._text.setOpenLinks(False)
        self._text.setFrameShape(QFrame.Shape.NoFrame)
        self._nothing = EmptyState("search", "Nothing found", "Try another word, or open a topic.")
        self._nothing.hide()
        left = QVBoxLayout()
        left.addWidget(self._search)
        left.addWidget(self._list, 1)
        self._left = QWidget()
        self._left.setLayout(left)
        self._across_body = QHBoxLayout()
        self._across_body.addWidget(self._left)
        self._across_body.addWidget(self._text, 1)
        self._across_body.addWidget(self._nothing, 1)
        self.column.addLayout(self._across_body, 1)
        self._filter("")
        theme.current().changed.connect(self._restyle)
        self._restyle()

    def main_widget(self) -> QWidget:
        return self._list

    def show_what(self, **what: Any) -> None:  # noqa: ANN401 - page or about
        wanted = next((t for t in self._topics if t.page and t.page == what.get("page")), None)
        if what.get("about"):
            wanted = next((t for t in self._topics if t.id == "about"), None)
        self._search.clear()
        for row in range(self._list.count()):
            if wanted is not None and self._list.item(row).data(Qt.ItemDataRole.UserRole) == wanted.id:
                self._list.setCurrentRow(row)

    def _filter(self, words: str) -> None:
        wanted = words.casefold().split()
        self._list.clear()
        for topic in self._topics:
            text = f"{topic.title} {topic.text}".casefold()
            if all(word in text for word in wanted):
                item = QListWidgetItem(topic.title)
                item.setData(Qt.ItemDataRole.UserRole, topic.id)
                self._list.addItem(item)
        empty = self._list.count() == 0
        self._text.setVisible(not empty)
        self._nothing.setVisible(empty)
        if not empty:
            self._list.setCurrentRow(0)

    def _show(self, item: QListWidgetItem | None) -> None:
        topic = next((t for t in self._topics if item is not None and t.id == item.data(Qt.ItemDataRole.UserRole)), None)
        if topic is not None:
            self._text.setMarkdown(topic.text)  # our own text, shipped with the program: never data

    def _restyle(self) -> None:
        look = theme.current()
        dp = look.dp
        self._left.setFixedWidth(dp(_LIST_WIDTH))
        self._left.layout().setContentsMargins(dp(16), 0, dp(8), dp(16))
        self._left.layout().setSpacing(dp(8))
        self._across_body.setContentsMargins(dp(8), dp(4), dp(24), 0)
        self._text.setMaximumWidth(dp(_TEXT_WIDTH))
        self._list.setFont(font(Role.BODY))
        reading = QFont(font(Role.BODY))
        self._text.document().setDefaultFont(reading)
        self._text.document().setDocumentMargin(dp(8))
        sheet = f"h1 {{ font-size: {font(Role.TITLE).pointSizeF()}pt; }} a {{ color: {look.color('accent').name()}; }}"
        self._text.document().setDefaultStyleSheet(sheet)
        self._show(self._list.currentItem())


PAGE = HelpPage

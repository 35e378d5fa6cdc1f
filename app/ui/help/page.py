"""Help: the shipped texts, searched and read without a network."""

from __future__ import annotations

import tomllib
from importlib import resources
from typing import Any, NamedTuple

from PySide6.QtCore import QByteArray, Qt, QUrl, Signal
from PySide6.QtGui import QFont, QKeyEvent, QResizeEvent, QTextBlockFormat, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QFrame, QHBoxLayout, QTextBrowser, QVBoxLayout, QWidget

from app.ui.frame.page import Frame, Page
from app.ui.theme import theme
from app.ui.theme.fonts import Role, font
from app.ui.widgets.buttons import Button
from app.ui.widgets.empty_state import EmptyState
from app.ui.widgets.fields import LineEdit
from app.ui.widgets.header import PageHeader
from app.ui.widgets.nav_list import NavList
from app.ui.widgets.scroll import OverlayScrollBar, ScrollArea

_LIST_WIDTH, _RAIL_WIDTH, _SEARCH_WIDTH, _TEXT_WIDTH = 304, 84, 280, 680
_RAIL_UNDER = 640
"""Width (at 100 %) under which the topics are icons: beside their names the text would be a column of words."""


class Topic(NamedTuple):
    id: str
    title: str
    page: str
    icon: str
    text: str


def topics() -> list[Topic]:
    """Return the shipped topics in their order."""
    folder = resources.files("resources") / "help"
    listed = tomllib.loads((folder / "index.toml").read_text("utf-8"))["topic"]
    found = [Topic(**row, text=(folder / f"{row['id']}.md").read_text("utf-8")) for row in listed]
    notices = resources.files("resources") / "notices.md"
    if notices.is_file():
        found.append(Topic("about", "About 1099 Ops", "", "info", notices.read_text("utf-8")))
    return found


class _Search(LineEdit):
    """Emits `down` when the arrow goes on to what was found. Esc empties it."""

    down = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        elif event.key() in {Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.down.emit()
        else:
            super().keyPressEvent(event)


class HelpPage(Page):
    id, title = "help", "Help"

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame)
        self._topics = topics()
        header = self._header = PageHeader("Help")
        keys = Button("All keys", key="?")
        keys.clicked.connect(lambda: frame.commands.trigger("help.keys"))
        self._search = _Search("Search in help", icon="search")
        header.add_action(self._search)
        header.add_action(keys)
        self.column.addWidget(header)
        self._search.textChanged.connect(self._filter)
        self._list = NavList([(topic.id, topic.title, topic.icon) for topic in self._topics], "Topics")
        self._list.chosen.connect(self._open)
        self._search.down.connect(self._list.setFocus)
        self._current = self._topics[0].id
        self._text = _Quiet()
        self._text.setAccessibleName("Help text")
        self._text.setOpenLinks(False)
        self._text.setFrameShape(QFrame.Shape.NoFrame)
        self._text.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._bar = OverlayScrollBar(self._text)
        self._text.setStyleSheet("QTextBrowser { border: none; background: transparent; }")
        self._nothing = EmptyState("search", "Nothing found", "Try another word, or open a topic.")
        self._nothing.hide()
        self._beside = QVBoxLayout()
        self._beside.addWidget(ScrollArea(self._list), 1)
        self._left = QWidget()
        self._left.setLayout(self._beside)
        self._across_body = QHBoxLayout()
        self._across_body.addWidget(self._left)
        self._across_body.addWidget(self._text, 4)
        self._across_body.addWidget(self._nothing, 4)
        self.column.addLayout(self._across_body, 1)
        self._filter("")
        theme.current().changed.connect(self._restyle)
        self._restyle()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt
        super().resizeEvent(event)
        self._wrap()

    def _wrap(self) -> None:
        """Keep lines short enough to read; the bar stays at the edge of the page."""
        dp = theme.current().dp
        narrow = self.width() < dp(_RAIL_UNDER)
        beside = dp(_RAIL_WIDTH if narrow else _LIST_WIDTH)
        self._list.set_rail(on=narrow)
        self._left.setFixedWidth(beside)
        others = self._header.wanted_width() - self._search.sizeHint().width()
        self._search.setFixedWidth(min(dp(_SEARCH_WIDTH), self.width() - others))
        room = self.width() - beside - dp(8) - dp(24) - dp(12)
        self._text.setLineWrapColumnOrWidth(max(dp(240), min(dp(_TEXT_WIDTH), room)))

    def main_widget(self) -> QWidget:
        return self._list

    def show_what(self, **what: Any) -> None:  # noqa: ANN401 - page or about
        wanted = "about" if what.get("about") else next(
            (topic.id for topic in self._topics if topic.page and topic.page == what.get("page")), None
        )  # fmt: skip
        self._search.clear()
        if wanted is not None:
            self._open(wanted)
            self._list.setFocus()

    def _filter(self, words: str) -> None:
        wanted = words.casefold().split()
        found = [
            topic.id
            for topic in self._topics
            if all(word in f"{topic.title} {topic.text}".casefold() for word in wanted)
        ]
        self._list.show_only(set(found))
        self._text.setVisible(bool(found))
        self._nothing.setVisible(not found)
        if found and self._current not in found:
            self._open(found[0])

    def _open(self, id_: str) -> None:
        self._current = id_
        self._list.set_current(id_)
        self._read()

    def _read(self) -> None:
        topic = next(topic for topic in self._topics if topic.id == self._current)
        self._text.setMarkdown(topic.text)  # our own text, shipped with the program: never data
        _set_type(self._text)

    def _restyle(self) -> None:
        look = theme.current()
        dp = look.dp
        self._beside.setContentsMargins(dp(16), dp(4), dp(8), dp(16))
        self._beside.setSpacing(dp(8))
        ring = dp(3)  # the ring of the focus goes around an entry
        self._list.setContentsMargins(ring, ring, ring, ring)
        self._across_body.setContentsMargins(dp(8), dp(4), dp(24), 0)
        self._text.setLineWrapMode(QTextBrowser.LineWrapMode.FixedPixelWidth)
        self._wrap()
        self._text.document().setDefaultFont(QFont(font(Role.BODY)))
        self._text.document().setDocumentMargin(dp(8))
        self._read()


class _Quiet(QTextBrowser):
    """Shows a text and fetches nothing for it: no picture, no style, no other page."""

    def loadResource(self, _kind: int, _place: QUrl | str) -> object:  # noqa: N802 - Qt
        return QByteArray(b" ")  # of nothing at all Qt would go and read the file itself


def _set_type(browser: QTextBrowser) -> None:
    """Give headings, strong words and paragraphs the type of the window: Markdown brings sizes of its own."""
    dp = theme.current().dp
    cursor = QTextCursor(browser.document())
    spans: list[tuple[int, int, Role]] = []  # read first: a change joins pieces, and what is walked over is gone
    block = browser.document().begin()
    while block.isValid():
        level = block.blockFormat().headingLevel()
        pieces = block.begin()
        while not pieces.atEnd():
            piece = pieces.fragment()
            strong = piece.charFormat().fontWeight() > QFont.Weight.Normal
            role = Role.TITLE if level else (Role.CARD_TITLE if strong else Role.BODY)
            spans.append((piece.position(), piece.length(), role))
            pieces += 1
        shape = block.blockFormat()
        shape.setBottomMargin(dp(12 if level else 8))
        shape.setLineHeight(140, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
        cursor.setPosition(block.position())
        cursor.setBlockFormat(shape)
        block = block.next()
    for position, length, role in spans:
        look = QTextCharFormat()
        look.setFont(font(role))
        cursor.setPosition(position)
        cursor.setPosition(position + length, QTextCursor.MoveMode.KeepAnchor)
        cursor.setCharFormat(look)
    browser.moveCursor(QTextCursor.MoveOperation.Start)


PAGE = HelpPage

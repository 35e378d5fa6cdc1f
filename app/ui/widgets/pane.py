"""The pane at the right of a page: a fixed head, sections that scroll, a fixed foot."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.ui.theme.fonts import Role
from app.ui.theme.theme import current
from app.ui.widgets.card import Divider
from app.ui.widgets.scroll import ScrollArea
from app.ui.widgets.text import ElidedLabel, Label
from app.ui.widgets.themed import Themed, clear, pad
from app.ui.widgets.tile import Tile

INSET = 20


class Pane(Themed, QFrame):
    """`body` takes sections, `foot` takes buttons 36 high; the foot shows once it holds something."""

    def __init__(self, width: int, name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("pane")
        self.setAccessibleName(name)
        self._width = width
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(1, 0, 0, 0)
        self._column.setSpacing(0)
        self._head = QVBoxLayout()
        self._head.setSpacing(0)
        self._column.addLayout(self._head)
        content = QWidget()
        # A stretch, not AlignTop: an aligned layout keeps to its size hint, in which wrapped texts are too low.
        outer = QVBoxLayout(content)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        self.body = QVBoxLayout()
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(0)
        outer.addLayout(self.body)
        outer.addStretch(1)
        self.scroller = ScrollArea(content)
        self._column.addWidget(self.scroller, 1)
        self._foot_line = Divider()
        self._foot_holder = QWidget()
        self.foot = QHBoxLayout(self._foot_holder)
        self._column.addWidget(self._foot_line)
        self._column.addWidget(self._foot_holder)
        self._foot_line.hide()
        self._foot_holder.hide()
        self._sections: list[_Section] = []
        self.follow_theme()

    def set_header(self, widget: QWidget, *, line: bool = True) -> None:
        """Put a widget at the fixed head, in the place of the one before."""
        clear(self._head)
        self._head.addWidget(widget)
        if line:
            self._head.addWidget(Divider())

    def add_section(self, widget: QWidget, *, line: bool = True) -> None:
        section = _Section(widget, line=line and bool(self._sections))
        self._sections.append(section)
        self.body.addWidget(section)

    def add_foot(self, widget: QWidget, stretch: int = 0) -> None:
        self._foot_line.show()
        self._foot_holder.show()
        self.foot.addWidget(widget, stretch)

    def clear_sections(self) -> None:
        self._sections.clear()
        clear(self.body)
        self.scroller.verticalScrollBar().setValue(0)

    def clear_foot(self) -> None:
        clear(self.foot)
        self._foot_line.hide()
        self._foot_holder.hide()

    def restyle(self) -> None:
        self.setFixedWidth(current().dp(self._width))
        pad(self.foot, INSET, 14, INSET, 14)
        self.foot.setSpacing(current().dp(8))


class Section(Themed, QWidget):
    """The content of a section, one thing under the other; `add_wide` lets choices reach 8 px beyond the text."""

    def __init__(self, title: str = "", right: QWidget | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(0)
        self._inset: list[QHBoxLayout] = []
        self._wide: list[QHBoxLayout] = []
        if title:
            head = QWidget()
            row = QHBoxLayout(head)
            row.setContentsMargins(0, 0, 0, 0)
            row.addWidget(Label(title, Role.SMALL_TITLE), 1)
            if right is not None:
                row.addWidget(right)
            head.setMinimumHeight(current().dp(24))
            self.add(head)
        self.follow_theme()

    def add(self, widget: QWidget, top: float = 0) -> None:
        self._put(widget, self._inset, INSET, top)

    def add_wide(self, widget: QWidget, top: float = 0) -> None:
        self._put(widget, self._wide, INSET - 8, top)

    def _put(self, widget: QWidget, rows: list[QHBoxLayout], inset: float, top: float) -> None:
        row = QHBoxLayout()
        row.addWidget(widget)
        if widget.sizePolicy().horizontalPolicy() is QSizePolicy.Policy.Fixed:
            row.addStretch(1)
        pad(row, inset, top, inset, 0)
        rows.append(row)
        self.column.addLayout(row)

    def restyle(self) -> None:
        for rows, inset in ((self._inset, INSET), (self._wide, INSET - 8)):
            for row in rows:
                pad(row, inset, row.contentsMargins().top() / current().factor, inset, 0)


class _Section(Themed, QWidget):
    def __init__(self, content: QWidget, *, line: bool) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        if line:
            column.addWidget(Divider())
        self._inner = QVBoxLayout()
        self._inner.addWidget(content)
        self._sides = 0 if isinstance(content, Section) else INSET
        column.addLayout(self._inner)
        self.follow_theme()

    def restyle(self) -> None:
        pad(self._inner, self._sides, 14, self._sides, 14)


class PaneTitle(Themed, QWidget):
    """A pane's title 64 high, for panes that explain: "How is this computed?"."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = ElidedLabel(title, Role.PANE_TITLE)
        self.row = QHBoxLayout(self)
        self.row.addWidget(self.title, 1)
        self.follow_theme()

    def add_right(self, widget: QWidget) -> None:
        self.row.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)

    def restyle(self) -> None:
        self.setFixedHeight(current().dp(64))
        pad(self.row, INSET, 0, INSET, 0)
        self.row.setSpacing(current().dp(8))


class PaneHead(Themed, QWidget):
    """A pane's head for one thing: tile, name with a line under it, an amount at the right."""

    def __init__(
        self,
        name: str,
        second: str = "",
        tile: str = "",
        right: QWidget | None = None,
        icon: str | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.name = ElidedLabel(name, Role.PANE_TITLE)
        self.second = ElidedLabel(second, Role.SMALL, "muted")
        self.row = QHBoxLayout(self)
        self.row.addWidget(Tile(tile, 40, icon), 0, Qt.AlignmentFlag.AlignVCenter)
        texts = QVBoxLayout()
        texts.setSpacing(0)
        texts.addWidget(self.name)
        texts.addWidget(self.second)
        self.row.addLayout(texts, 1)
        self.second.setVisible(bool(second))
        if right is not None:
            self.row.addWidget(right, 0, Qt.AlignmentFlag.AlignTop if second else Qt.AlignmentFlag.AlignVCenter)
        self.follow_theme()

    def restyle(self) -> None:
        pad(self.row, INSET, 18, INSET, 18)
        self.row.setSpacing(current().dp(12))

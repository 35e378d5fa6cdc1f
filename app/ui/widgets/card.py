"""A card: rows on a bordered ground, parted by lines, under a title with its links at the right."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.ui.theme.fonts import Role
from app.ui.theme.theme import current
from app.ui.widgets.icon_label import IconLabel
from app.ui.widgets.text import ElidedLabel, Label
from app.ui.widgets.themed import Themed, clear, pad

INSET = 16
_NAME_LEAST = 120
"""Px of the design that a name keeps beside its note."""


class Divider(Themed, QWidget):
    """One px of line, across or, when `upright`, up and down."""

    def __init__(self, *, upright: bool = False, color: str = "divider", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._color = color
        if upright:
            self.setFixedWidth(1)
            self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        else:
            self.setFixedHeight(1)
            self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.follow_theme()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        QPainter(self).fillRect(self.rect(), current().color(self._color))


class Card(Themed, QFrame):
    """`body` takes free content; `add_row` takes full-width rows and draws the lines between them."""

    def __init__(self, title: str = "", note: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(1, 1, 1, 1)
        self.body.setSpacing(0)
        self._head: CardHead | None = None
        self._has_rows = False
        if title:
            self._head = CardHead(title, note)
            self.setAccessibleName(title)
            self.body.addWidget(self._head)
            self._has_rows = True
        self._first = self.body.count()
        self.follow_theme()

    def set_title(self, title: str, note: str = "") -> None:
        assert self._head is not None, "made without a title"
        self._head.title.setText(title)
        self._head.note.setText(note)

    def add_link(self, widget: QWidget) -> None:
        """Put a widget at the right of the title."""
        assert self._head is not None, "made without a title"
        self._head.row.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)

    def add_row(self, widget: QWidget, line_color: str = "divider") -> Divider | None:
        """Return the line drawn above the row: it is hidden with it."""
        line = Divider(color=line_color) if self._has_rows else None
        if line is not None:
            self.body.addWidget(line)
        self._has_rows = True
        self.body.addWidget(widget)
        return line

    def add_inset(self, widget: QWidget, top: float = 14, bottom: float = 14) -> None:
        """Add free content with the card's inset, without a line above it."""
        holder = QWidget()
        inner = QVBoxLayout(holder)
        pad(inner, INSET, top, INSET, bottom)
        inner.addWidget(widget)
        self.body.addWidget(holder)

    def clear_rows(self) -> None:
        """Take all rows out, keeping the title."""
        clear(self.body, keep=self._first)
        self._has_rows = self._first > 0


class CardHead(Themed, QWidget):
    """The title row of a card, 44 high."""

    def __init__(self, title: str, note: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = Label(title, Role.CARD_TITLE)
        self.note = ElidedLabel(note, Role.SMALL, "muted")
        self.row = QHBoxLayout(self)
        self.row.addWidget(self.title)
        self.row.addWidget(self.note)
        self.row.addStretch(1)
        self.follow_theme()

    def restyle(self) -> None:
        self.setFixedHeight(current().dp(44))
        pad(self.row, INSET, 0, INSET, 0)
        self.row.setSpacing(current().dp(8))


class _Name(ElidedLabel):
    """What a row is about: the note beside it gives way first."""

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        least = super().minimumSizeHint()
        return QSize(max(least.width(), min(self.sizeHint().width(), current().dp(_NAME_LEAST))), least.height())


class Row(Themed, QWidget):
    """A row of a card: an icon or tile, a name with a muted note beside or under it, and widgets at the right.

    44 high with one line, 54 with a second; `height` overrides it.
    """

    def __init__(
        self,
        name: str,
        note: str = "",
        second: str = "",
        *,
        icon: str | None = None,
        icon_color: str = "muted",
        lead: QWidget | None = None,
        height: int | None = None,
        role: Role = Role.NAME,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._height = height or (54 if second else 44)
        self.row = QHBoxLayout(self)
        if lead is None and icon:
            lead = IconLabel(icon, icon_color, 16)
        if lead is not None:
            self.row.addWidget(lead, 0, Qt.AlignmentFlag.AlignVCenter)
        self.name = _Name(name, role)
        self.note = ElidedLabel(note, Role.SMALL, "muted")
        self.second = ElidedLabel(second, Role.CAPTION, "muted")
        first = QHBoxLayout()
        first.setContentsMargins(0, 0, 0, 0)
        first.addWidget(self.name)
        first.addWidget(self.note)
        first.addStretch(1)
        self._first = first
        texts = QVBoxLayout()
        texts.setSpacing(0)
        texts.addStretch(1)
        texts.addLayout(first)
        texts.addWidget(self.second)
        texts.addStretch(1)
        self.row.addLayout(texts, 1)
        self.note.setVisible(bool(note))
        self.second.setVisible(bool(second))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.follow_theme()

    def add_right(self, widget: QWidget, width: float | None = None) -> None:
        """Add a widget at the right, in a column of a given width when rows are to line up."""
        if width is not None:
            widget.setFixedWidth(current().dp(width))
        self.row.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return QSize(super().sizeHint().width(), current().dp(self._height))

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return QSize(super().minimumSizeHint().width(), current().dp(self._height))

    def restyle(self) -> None:
        self.setFixedHeight(current().dp(self._height))
        pad(self.row, INSET, 0, INSET, 0)
        self.row.setSpacing(current().dp(12))
        self._first.setSpacing(current().dp(8))


class Fact(Themed, QWidget):
    """One fact in a pane: what it is, muted, and its value at the right. 28 high."""

    def __init__(self, label: str, value: str | QWidget, height: int = 28, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._height = height
        self.label = Label(label, Role.SMALL, "muted")
        self.value = ElidedLabel(value, Role.SMALL) if isinstance(value, str) else value
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.label)
        row.addStretch(1)
        row.addWidget(self.value)
        self._row = row
        self.follow_theme()

    def say(self, value: str) -> None:
        """Show another value."""
        assert isinstance(self.value, Label), "made with a widget of its own"
        self.value.setText(value)

    def restyle(self) -> None:
        self.setFixedHeight(current().dp(self._height))
        self._row.setSpacing(current().dp(12))

"""The first step: what leaves the machine, before anything does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.ui.accounts import bank_model
from app.ui.accounts.connect.parts import Column, Point
from app.ui.theme.fonts import Role
from app.ui.widgets.buttons import LinkButton
from app.ui.widgets.segmented import Segmented
from app.ui.widgets.text import Label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.ui.runtime.bank_port import Way


class WordsStep(Column):
    """What leaves the machine and what does not. Where no way is set up yet it is chosen here, and the words follow."""

    change_wanted = Signal()

    def __init__(self, way: Way | None) -> None:
        super().__init__(14)
        self._way = way
        self.ways = Segmented(bank_model.WAYS, way.mode if way else bank_model.RELAY, "normal", "How banks are reached")
        self.ways.changed.connect(lambda _way: self._say())
        if way is None:
            self.add(self.ways)
        else:
            self.add(self._reached(way))
        self._words: Column | None = None
        self._say()

    @property
    def chosen(self) -> str:
        return str(self.ways.value())

    def _reached(self, way: Way) -> QWidget:
        line = QWidget()
        across = QHBoxLayout(line)
        across.setContentsMargins(0, 0, 0, 0)
        across.addWidget(Label(bank_model.way_words(way), Role.SMALL, "muted", wrap=True), 1)
        change = LinkButton("Change…")
        change.setAccessibleName("Change how banks are reached")
        change.clicked.connect(self.change_wanted)
        across.addWidget(change, 0, Qt.AlignmentFlag.AlignTop)
        return line

    def _say(self) -> None:
        if self._words is not None:
            _clear_one(self.column, self._words)
        words = self._words = Column(14)
        said = bank_model.promise(self.chosen, self._way.address if self._way else "")
        words.add(Label(said.lead, Role.BODY, "text", wrap=True))
        words.add(Points("Leaves this computer", "export", "warn", said.leaves))
        words.add(Points("Never leaves this computer", "check", "money_in", said.stays))
        words.add(Points("Who can see what", "eye", "muted", said.seen))
        words.add(Label(bank_model.ALWAYS, Role.CAPTION, "muted", wrap=True))
        self.add(words)
        words.show()


class Points(Column):
    """A few sentences under a title."""

    def __init__(self, title: str, icon: str, color: str, texts: Sequence[str]) -> None:
        super().__init__(4)
        self.setAccessibleName(title)
        self.add(Label(title, Role.SMALL_TITLE))
        for text in texts:
            self.add(Point(icon, color, text))


def _clear_one(layout: QVBoxLayout, widget: QWidget) -> None:
    """Take one widget out and delete it."""
    layout.removeWidget(widget)
    widget.hide()
    widget.deleteLater()

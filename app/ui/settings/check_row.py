"""The rows of the security check-up, and the ring above that counts those in order."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.ui.settings.check_ring import CheckRing
from app.ui.settings.tall_row import TallRow
from app.ui.theme.fonts import Role
from app.ui.theme.theme import current
from app.ui.widgets.buttons import Button
from app.ui.widgets.icon_label import IconLabel
from app.ui.widgets.text import Label
from app.ui.widgets.themed import Themed, pad

_STACKS_UNDER = 480
"""Width (at 100 %) below which the button goes under the words."""


class Todo(NamedTuple):
    """What is to be done about a check, and the button that does it."""

    words: str
    button: str
    do: Callable[[], None]


class CheckRow(TallRow):
    """A check: a tick or a triangle, what it is about, and what can be done."""

    def __init__(self, name: str) -> None:
        self.mark = IconLabel("check", "money_in", 16)
        super().__init__(name, lead=self.mark)
        self.is_good: bool | None = None
        self.todo: Todo | None = None

    def tell(self, second: str, *, good: bool | None, todo: Todo | None = None) -> None:
        """Say how it stands; None = not checked yet."""
        self.is_good, self.todo = good, todo
        self.second.setText(second)
        self.second.set_color("danger" if good is False and todo is None else "muted")
        self.mark.set_icon(*{True: ("check", "money_in"), False: ("alert", "warn"), None: ("clock", "muted")}[good])
        self.mark.setAccessibleName({True: "in order", False: "to do", None: "not checked yet"}[good])

    def button(self, words: str, do: Callable[[], None], name: str = "") -> Button:
        """Add a small button at the right; its name says more to those who only hear it."""
        made = Button(words, size="small")
        made.clicked.connect(do)
        if name:
            made.setAccessibleName(name)
        self.add_right(made)
        return made


class Summary(Themed, QWidget):
    """How many are in order, the most important thing to do, and its button."""

    def __init__(self) -> None:
        super().__init__()
        self.ring = CheckRing()
        self.title, self.words = Label("", Role.PANE_TITLE), Label("", Role.SMALL, "muted", wrap=True)
        self.act = Button("", kind="primary")
        self.act.clicked.connect(self._do)
        self._todo: Todo | None = None
        self._across = QHBoxLayout()
        self._across.addWidget(self.ring)
        texts = QVBoxLayout()
        texts.setSpacing(0)
        texts.addStretch(1)
        texts.addWidget(self.title)
        texts.addWidget(self.words)
        texts.addStretch(1)
        self._across.addLayout(texts, 1)
        self._whole = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._whole.addLayout(self._across, 1)
        self._whole.addWidget(self.act)
        self.follow_theme()

    def show_rows(self, rows: list[CheckRow], order: list[CheckRow]) -> None:
        """Count what is in order; `order` tells what weighs most among what is not."""
        good = sum(row.is_good is True for row in rows)
        self.ring.set_checks(good, len(rows))
        self.title.setText(f"{good} of {len(rows)} in order")
        waiting = [row for row in order if row.todo is not None and row in rows]
        waiting.sort(key=lambda row: row.is_good is None)  # what is wrong comes before what is not known
        self._todo = waiting[0].todo if waiting else None
        left = sum(row.is_good is not True for row in rows)
        first = "One thing to do: " if left == 1 else "To do first: "
        self.words.setText(first + self._todo.words if self._todo is not None else "Nothing to do.")
        self.act.setVisible(self._todo is not None)
        self.act.set_words(self._todo.button if self._todo is not None else "")

    def _do(self) -> None:
        if self._todo is not None:
            self._todo.do()

    def restyle(self) -> None:
        pad(self._whole, 20, 20, 20, 20)
        self._across.setSpacing(current().dp(20))
        self._whole.setSpacing(current().dp(20))
        self._stack()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt
        super().resizeEvent(event)
        self._stack()

    def _stack(self) -> None:
        narrow = self.width() < current().dp(_STACKS_UNDER)
        self._whole.setDirection(QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight)

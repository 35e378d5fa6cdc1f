"""The last step: the two answers a tax figure needs most. Both can wait."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.ui.theme.fonts import Role
from app.ui.theme.theme import current
from app.ui.widgets.buttons import Button, DropDown
from app.ui.widgets.fields import Field
from app.ui.widgets.gap import Gap
from app.ui.widgets.note import Note
from app.ui.widgets.text import Label
from app.ui.widgets.themed import Themed

_WIDTH = 420
_LATER = ("", "Answer later")


_WHY = "Federal and state tax follow from these two. The rest is asked later, on the page Taxes."


def _question(label: str, choice: DropDown) -> Field:
    """Return a form row whose choice is as wide as its words."""
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.addWidget(choice)
    row.addStretch(1)
    return Field(label, holder)


class HouseholdStep(Themed, QWidget):
    """Emits `done` when the answers are to be kept; without any the books just open."""

    done = Signal()

    def __init__(self) -> None:
        super().__init__()
        from app.services.tax import first_run  # noqa: PLC0415 - pulls in services; loaded when the step is opened

        self.status = DropDown([_LATER, *first_run.filing_statuses()], size="foot", name="Filing status")
        self.state = DropDown([_LATER, *first_run.states()], size="foot", name="State")
        self.note = Note()
        self.make = Button("Open my books", kind="primary", size="foot")
        self.make.clicked.connect(self.done)
        self._holder = QWidget()
        self._form = QVBoxLayout(self._holder)
        self._form.setContentsMargins(0, 0, 0, 0)
        self._form.addWidget(_question("Filing status", self.status))
        self._form.addWidget(_question("State you live in", self.state))
        self._form.addWidget(Label(_WHY, Role.CAPTION, "muted", wrap=True))
        self._form.addWidget(self.note)
        self._buttons = QHBoxLayout()
        self._buttons.addWidget(self.make)
        self._buttons.addStretch(1)
        self._form.addLayout(self._buttons)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(Label("Two answers for the tax figure", Role.UNLOCK))
        self._column.addWidget(
            Label("Without them the figure is a first guess for a single filer. You can change both at any time.",
                  Role.BODY, "muted", wrap=True)
        )  # fmt: skip
        self._column.addWidget(Gap(20))
        across = QHBoxLayout()
        across.addWidget(self._holder)
        across.addStretch(1)
        self._column.addLayout(across)
        self.follow_theme()

    def restyle(self) -> None:
        dp = current().dp
        self._column.setSpacing(dp(6))
        self._form.setSpacing(dp(16))
        self._buttons.setSpacing(dp(10))
        self._holder.setFixedWidth(dp(_WIDTH))

    def focus_first(self) -> None:
        self.status.setFocus()

    def answers(self) -> tuple[object, object]:
        return self.status.value(), self.state.value()

    def set_busy(self, *, busy: bool) -> None:
        """Show that the answers are being written."""
        for widget in (self.status, self.state, self.make):
            widget.setEnabled(not busy)

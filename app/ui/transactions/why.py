"""Why a row stands as it does: one sentence, and on request each step that was asked and what came second."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from app.core.books import naming
from app.core.dates import day_of
from app.ui.sheets.change_lines import change_lines
from app.ui.theme.fonts import Role
from app.ui.theme.theme import current
from app.ui.widgets.buttons import LinkButton
from app.ui.widgets.icon_label import IconLabel
from app.ui.widgets.text import Label
from app.ui.widgets.themed import Themed, pad

if TYPE_CHECKING:
    from app.services.classify.explaining import Explained, Step

_MORE, _LESS = "How this was decided", "Less"


class Reasons(Themed, QWidget):
    """The sentence stays; the rest unfolds. Emits `turned`, so that the next row can be shown the same way."""

    turned = Signal(bool)

    def __init__(self, why: Explained, *, opened: bool = False) -> None:
        super().__init__()
        self.is_open = opened
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self.sentence = Label(why.sentence, Role.SMALL, wrap=True)
        self.toggle = LinkButton(_LESS if opened else _MORE)
        self.toggle.clicked.connect(self._turn)
        self.rest = QWidget()
        self._rest = QVBoxLayout(self.rest)
        self._rest.setContentsMargins(0, 0, 0, 0)
        for part in (self.sentence, self.toggle, self.rest):
            self._column.addWidget(part)
        self.rest.setVisible(opened)
        self._fill(why)
        self.follow_theme()

    def restyle(self) -> None:
        dp = current().dp
        self._column.setSpacing(dp(4))
        self._rest.setSpacing(dp(2))

    def _fill(self, why: Explained) -> None:
        for step in why.order:
            if step.speaks:
                self._rest.addWidget(_StepRow(step))
        if why.said_at is not None and why.decided != "you":
            said = f"{naming.day_words(day_of(why.said_at.date()), 0)}, {why.said_at:%H:%M}"
            self._rest.addWidget(_titled("You answered", said))
        for link in why.links:
            if not link.certain:
                where = f"{link.account}, {naming.date_words(link.day)}"
                self._rest.addWidget(
                    _titled(f"May belong to {where}", naming.capital(naming.with_days(link.reason, 0)))
                )
        for rule in why.rules[1:]:
            self._rest.addWidget(_titled("A later rule fits too", f"{rule.text}: {rule.leads_to}"))
        if why.runner_up is not None:
            runner = naming.category(why.runner_up.kind, why.runner_up.line)
            self._rest.addWidget(_titled("Came second", runner))
        if why.changes:
            self._rest.addWidget(_titled("What would change it", ""))
            for line in change_lines(why.changes):
                self._rest.addWidget(line)
        quiet = [step.title.lower() for step in why.order if not step.speaks]
        if quiet:
            self._rest.addWidget(_titled("Nothing was said by", "", naming.capital(", ".join(quiet))))

    def _turn(self) -> None:
        self.is_open = not self.is_open
        self.rest.setVisible(self.is_open)
        self.toggle.set_words(_LESS if self.is_open else _MORE)
        self.turned.emit(self.is_open)


class _StepRow(Themed, QWidget):
    """One step: a tick where it decided, who speaks, what it says, and why."""

    def __init__(self, step: Step) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        icon = IconLabel("check" if step.decided else "arrow-right", "accent" if step.decided else "faint", 14, 18,
                         "Decided" if step.decided else "")  # fmt: skip
        self._grid.addWidget(icon, 0, 0, Qt.AlignmentFlag.AlignTop)
        role = Role.SMALL_STRONG if step.decided else Role.SMALL
        self._grid.addWidget(Label(f"{step.title}: {step.says}", role, wrap=True), 0, 1)
        if step.text:
            self._grid.addWidget(
                Label(naming.capital(naming.with_days(step.text, 0)), Role.CAPTION, "muted", wrap=True), 1, 1
            )
        self._grid.setColumnStretch(1, 1)
        self.follow_theme()

    def restyle(self) -> None:
        pad(self._grid, 0, 4, 0, 4)
        self._grid.setHorizontalSpacing(current().dp(8))
        self._grid.setVerticalSpacing(0)


def _titled(title: str, text: str, quiet: str = "") -> QWidget:
    holder = QWidget()
    column = QVBoxLayout(holder)
    pad(column, 0, 6, 0, 2)
    column.setSpacing(0)
    column.addWidget(Label(title, Role.CAPTION_STRONG, "muted", wrap=True))
    for words, role, color in ((text, Role.SMALL, "text"), (quiet, Role.CAPTION, "muted")):
        if words:
            column.addWidget(Label(words, role, color, wrap=True))
    return holder

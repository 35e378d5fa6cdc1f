"""One step in full: what it touched, what taking it back would bring, and what stands in the way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QSizePolicy

from app.ui.history import view_model
from app.ui.history.view_model import Loaded, Step
from app.ui.theme.fonts import Role
from app.ui.widgets.buttons import Button, LinkButton
from app.ui.widgets.card import Fact
from app.ui.widgets.pane import Pane, PaneHead, Section
from app.ui.widgets.text import Label
from app.ui.widgets.tips import tip

if TYPE_CHECKING:
    from app.services.books.history_words import Entry

WIDTH = 340


class _Blocker(LinkButton):
    """A link as wide as it may be, cut at the end."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.setToolTip(tip(text))
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)


class StepPane(Pane):
    undo_wanted = Signal()
    again_wanted = Signal()
    rows_wanted = Signal()
    step_wanted = Signal(int)

    def __init__(self) -> None:
        super().__init__(WIDTH, "The step in full")
        self.entry: Entry | None = None
        self.step: Step | None = None
        self.rows_button: Button | None = None
        self.action: Button | None = None
        self.show_nothing()

    def show_nothing(self) -> None:
        self.entry = self.step = None
        self.action = self.rows_button = None
        self.clear_sections()
        self.clear_foot()
        self.set_header(PaneHead("No step chosen", "Choose one in the list", icon="clock"))

    def show_step(self, entry: Entry, loaded: Loaded, step: Step | None) -> None:
        """Show a step; what it touched follows when it is read."""
        focused = self._focus_name()
        self.entry, self.step = entry, step
        when = view_model.second_line(entry, loaded)
        head = PaneHead(entry.operation.label, when, icon=view_model.icon_of(entry))
        self.set_header(head)
        self.clear_sections()
        self.clear_foot()
        self.action = self.rows_button = None
        facts = Section()
        facts.add(Label(entry.sentence, Role.SMALL_STRONG, wrap=True))
        facts.add(Fact("In the books", view_model.rows_of(entry)), top=6)
        facts.add(Fact("State", _state(entry)))
        self.add_section(facts)
        if step is not None:
            self._add_touched(entry, step)
            self._add_effect(entry, step)
            self._add_foot(entry, step)
        self._refocus(focused)

    def _add_touched(self, entry: Entry, step: Step) -> None:
        section = Section("What it touched")
        section.add(Label(view_model.touched_words(entry, step), Role.SMALL, "muted", wrap=True))
        if step.ids:
            self.rows_button = Button("Show it" if len(step.ids) == 1 else "Show them", key="T", size="small")
            self.rows_button.setObjectName("rows")
            self.rows_button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
            self.rows_button.clicked.connect(self.rows_wanted)
            section.add(self.rows_button, top=8)
        self.add_section(section)

    def _add_effect(self, entry: Entry, step: Step) -> None:
        section = Section("If you do it again" if entry.undone else "If you undo it")
        section.add(Label(step.effect, Role.SMALL, wrap=True))
        if entry.undone and step.blockers:
            section.add(Label(view_model.IN_THE_WAY, Role.SMALL, wrap=True), top=8)
        for blocker in step.blockers:
            link = _Blocker(blocker.sentence or f"Step {blocker.operation}")
            link.setObjectName(f"step-{blocker.operation}")
            link.clicked.connect(lambda _checked=False, number=blocker.operation: self.step_wanted.emit(number))
            section.add(link, top=4)
        self.add_section(section)

    def _add_foot(self, entry: Entry, step: Step) -> None:
        if view_model.target_of(entry) is None:
            return
        if entry.undone:
            self.action = Button("Do it again", "primary", icon="repeat", key="R", size="foot")
            self.action.clicked.connect(self.again_wanted)
        else:
            self.action = Button("Undo this step", "primary", icon="undo", key="U", size="foot")
            self.action.clicked.connect(self.undo_wanted)
        self.action.setObjectName("action")
        self.action.setEnabled(not step.blockers)
        self.add_foot(self.action, 1)

    def _focus_name(self) -> str:
        return next((each.objectName() for each in self.findChildren(QPushButton) if each.hasFocus()), "")

    def _refocus(self, name: str) -> None:
        """Keep the keyboard where it was when the same step is shown anew."""
        found = self.findChild(QPushButton, name) if name else None
        if found is not None and found.isEnabled():
            found.setFocus(Qt.FocusReason.OtherFocusReason)


def _state(entry: Entry) -> str:
    return "Undone" if entry.undone else "Stands" if entry.can_undo else "Cannot be undone"

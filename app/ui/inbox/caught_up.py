"""Today without questions: a small tick, the figure that still matters, what was done last."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.core.dates import date_of
from app.ui.theme.fonts import Role
from app.ui.theme.theme import current
from app.ui.widgets.amount import amount_text
from app.ui.widgets.bars import ProgressBar
from app.ui.widgets.buttons import Button, LinkButton
from app.ui.widgets.card import Card, Divider, Row
from app.ui.widgets.empty_state import EmptyState
from app.ui.widgets.scroll import ScrollArea
from app.ui.widgets.text import Figure, Label
from app.ui.widgets.themed import Themed, clear, pad

if TYPE_CHECKING:
    from app.services.books.history_words import Entry
    from app.services.books.open_books import Books
    from app.services.books.work import Outcome
    from app.ui.frame.page import Frame
    from app.ui.inbox.view_model import Loaded


def first_steps(frame: Frame) -> EmptyState:
    """Return what stands here before the first file."""
    state = EmptyState(
        "import", "Bring in your first file",
        "Download transactions from your bank as OFX, QFX, QBO, QIF or CSV and drop the file here. "
        "You see what would be imported before anything is written.",
    )  # fmt: skip
    button = Button("Choose a file", kind="primary", icon="import", size="foot")
    button.clicked.connect(frame.choose_files)
    state.add_action(button)
    if frame.bank.can_link:
        connect = Button("Connect a bank…", icon="link", size="foot")
        connect.clicked.connect(lambda: frame.go("accounts", bank="connect"))
        state.add_action(connect)
    return state


class CaughtUp(QWidget):
    def __init__(self, frame: Frame) -> None:
        super().__init__()
        self._frame = frame
        self._outer = QVBoxLayout(self)
        self._outer.setContentsMargins(0, 0, 0, 0)
        self._state: QWidget | None = None

    def show_day(self, loaded: Loaded) -> None:
        """Show the figures of a day without questions."""
        clear(self._outer)
        summary = loaded.summary
        following = summary.next_tax
        sentence = "Nothing needs you now."
        if following is not None:
            date = date_of(following.due)
            set_aside = "is set aside" if following.covered else "is not fully set aside"
            amount = amount_text(following.due_cents)
            sentence = f"Next tax date {date:%b} {date.day}, {following.words}. {amount} {set_aside}."
        if loaded.waiting:
            sentence += f" {loaded.waiting} questions wait for the month’s end."
        state = EmptyState("check", "All caught up", sentence, kind="ok")
        if summary.set_aside is not None:
            state.add_widget(_Figures(loaded))
        if loaded.last:
            state.add_widget(self._last(loaded.last))
        self._outer.addWidget(ScrollArea(state))

    def _last(self, entries: tuple[Entry, ...]) -> Card:
        card = Card("Done last")
        everything = LinkButton("History")
        everything.clicked.connect(lambda: self._frame.go("history"))
        card.add_link(everything)
        for entry in entries:
            row = Row(entry.sentence, "undone" if entry.undone else "", role=Role.BODY)
            if entry.can_undo:
                link = LinkButton("Undo")
                link.setAccessibleName(f"Undo: {entry.sentence}")
                link.clicked.connect(lambda _on=False, number=entry.operation.id: self._undo(number))
                row.add_right(link)
            card.add_row(row)
        return card

    def _undo(self, number: int) -> None:
        def work(books: Books) -> Outcome:
            from app.services.books import history  # noqa: PLC0415

            return history.undo(books, number)

        self._frame.tasks.write(work, lambda _done: self._frame.toast("Undone.", undo=False), self._frame.fail)


class _Figures(Themed, QFrame):
    """Set aside now, and the reserve."""

    def __init__(self, loaded: Loaded) -> None:
        super().__init__()
        self.setObjectName("card")
        aside = loaded.summary.set_aside
        assert aside is not None
        self._across = QHBoxLayout(self)
        left, right = QVBoxLayout(), QVBoxLayout()
        left.addWidget(Label("Set aside now", Role.CAPTION_STRONG, "muted"))
        left.addWidget(Figure(amount_text(aside.gauge.set_aside_now_cents), Role.FIGURE_L))
        right.addWidget(Label(f"Reserve for {aside.year} tax", Role.CAPTION_STRONG, "muted"))
        figure = Figure(amount_text(aside.gauge.held_cents), Role.FIGURE_S)
        figure.set_note(f"of {amount_text(aside.gauge.needed_cents)}")
        right.addWidget(figure)
        right.addWidget(ProgressBar(aside.gauge.held_cents, aside.gauge.needed_cents, name="Set aside"))
        self._across.addLayout(left, 3)
        self._across.addWidget(Divider(upright=True))
        self._across.addLayout(right, 2)
        self.follow_theme()

    def restyle(self) -> None:
        pad(self._across, 24, 18, 24, 18)
        self._across.setSpacing(current().dp(24))

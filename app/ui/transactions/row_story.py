"""What is known of a transaction: its parts, what it belongs to, why it is booked so, its source, its history."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.core.books import naming
from app.core.dates import day_of, year_of
from app.core.money import WHOLE, rate_text
from app.ui.theme.fonts import Role
from app.ui.theme.theme import current
from app.ui.transactions.model import with_line
from app.ui.transactions.why import Reasons
from app.ui.widgets.amount import AmountLabel
from app.ui.widgets.buttons import LinkButton
from app.ui.widgets.card import Fact
from app.ui.widgets.pane import Section
from app.ui.widgets.text import ElidedLabel, Label
from app.ui.widgets.themed import Themed, clear

if TYPE_CHECKING:
    from app.services.classify.explaining import Explained
    from app.services.ledger.row_detail import Detail, Linked, Step

LINKS = {
    "transfer": "Own transfer with", "card_payment": "Card payment with", "payout": "Payout of", "refund": "Refund of",
    "chargeback": "Chargeback of", "reimbursement": "Reimbursement of", "duplicate": "Duplicate of",
    "funding": "The same money as",
}  # fmt: skip


class RowStory(QObject):
    """Titled sections, each of which is away while it has nothing to tell."""

    split_wanted = Signal()
    join_wanted = Signal()
    row_wanted = Signal(int)
    unlink_wanted = Signal(int, int)
    undo_wanted = Signal(int)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.parts = _List("Parts")
        self.links = _List("Belongs to")
        self.why = _List("Why")
        self._why_open = False
        self.source = _List("Where it comes from")
        self.history = _List("History")
        self._lists = (self.parts, self.links, self.why, self.source, self.history)

    @property
    def sections(self) -> list[Section]:
        return [part.section for part in self._lists]

    def clear(self) -> None:
        for part in self._lists:
            part.fill([])

    def show_detail(self, detail: Detail, account: str) -> None:
        self.parts.fill(self._parts(detail))
        self.links.fill([self._link(detail.row.id, linked) for linked in detail.links])
        self.why.fill([self._reasons(detail.why)] if detail.why is not None else [])
        self.source.fill(self._source(detail, account))
        self.history.fill([self._step(step) for step in detail.history])

    def _reasons(self, why: Explained) -> Reasons:
        found = Reasons(why, opened=self._why_open)
        found.turned.connect(self._keep_open)
        return found

    def _keep_open(self, opened: bool) -> None:  # noqa: FBT001 - a slot
        self._why_open = opened

    def _parts(self, detail: Detail) -> list[QWidget]:
        if not detail.parts:
            return []
        year = year_of(detail.row.tax_date)
        found: list[QWidget] = []
        for part in detail.parts:
            words = with_line(naming.category(part.kind, part.line), naming.line_code(part.line, year))
            share = "" if part.percent == WHOLE else f", {rate_text(part.percent)} %"
            found.append(_Amounted(f"{words}{share}", part.cents))
        change, join = LinkButton("Change the parts"), LinkButton("Join again")
        change.clicked.connect(self.split_wanted)
        join.clicked.connect(self.join_wanted)
        return [*found, _Across(change, join)]

    def _source(self, detail: Detail, account: str) -> list[QWidget]:
        row = detail.row
        found: list[QWidget] = []
        if detail.deleted_because:
            found.append(Label(f"Deleted: {detail.deleted_because}", Role.SMALL, wrap=True))
        found.append(Label(row.text, Role.SMALL, wrap=True).selectable())
        line = f", line {row.file_line}" if row.file_line else ""
        found.append(Fact("File", f"{row.file}{line}" if row.file else "Entered by hand", 24))
        found.append(Fact("Account", account, 24))
        found.append(Fact("Booked by the bank", naming.date_words(row.posted_date), 24))
        if row.fee_cents is not None and row.gross_cents is not None:
            found.append(Fact("Gross", AmountLabel(row.gross_cents, Role.SMALL, plain=True), 24))
            found.append(Fact("Fee", AmountLabel(row.fee_cents, Role.SMALL, plain=True), 24))
        return found

    def _link(self, own_id: int, linked: Linked) -> QWidget:
        words = f"{LINKS[linked.type]} {linked.payee}, {naming.date_words(linked.row.tax_date)}"
        show, off = LinkButton("Show it"), LinkButton("Unlink")
        show.clicked.connect(lambda _on=False: self.row_wanted.emit(linked.row.id))
        off.clicked.connect(lambda _on=False: self.unlink_wanted.emit(own_id, linked.row.id))
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(_Amounted(words, linked.row.cents))
        column.addWidget(_Across(show, off))
        return holder

    def _step(self, step: Step) -> QWidget:
        undone = ", undone" if step.undone else ""
        when = Label(f"{naming.day_words(day_of(step.at.date()), 0)}, {step.at:%H:%M}{undone}", Role.CAPTION, "muted")
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(Label(step.sentence, Role.SMALL, wrap=True))
        if step.can_undo:
            link = LinkButton("Undo this")
            link.setAccessibleName(f"Undo: {step.sentence}")
            link.clicked.connect(lambda _on=False: self.undo_wanted.emit(step.operation))
            column.addWidget(_Across(when, link))
        else:
            column.addWidget(when)
        return holder


class _List:
    """A titled section whose content is made anew."""

    def __init__(self, title: str) -> None:
        self.section = Section(title)
        self._holder = QWidget()
        self._column = QVBoxLayout(self._holder)
        self._column.setContentsMargins(0, 0, 0, 0)
        self.section.add(self._holder, 4)

    def fill(self, widgets: Sequence[QWidget]) -> None:
        """Show these; with none the whole section is away."""
        clear(self._column)
        self._column.setSpacing(current().dp(4))
        for widget in widgets:
            self._column.addWidget(widget)
        outer = self.section.parentWidget()
        (outer or self.section).setVisible(bool(widgets))


class _Amounted(Themed, QWidget):
    """Words with an amount at the right end."""

    def __init__(self, words: str, cents: int) -> None:
        super().__init__()
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.addWidget(ElidedLabel(words, Role.SMALL), 1)
        self._row.addWidget(AmountLabel(cents, Role.SMALL_STRONG))
        self.follow_theme()

    def restyle(self) -> None:
        self._row.setSpacing(current().dp(8))


class _Across(Themed, QWidget):
    """Widgets side by side from the left."""

    def __init__(self, *widgets: QWidget) -> None:
        super().__init__()
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        for widget in widgets:
            self._row.addWidget(widget)
        self._row.addStretch(1)
        self.follow_theme()

    def restyle(self) -> None:
        self._row.setSpacing(current().dp(16))

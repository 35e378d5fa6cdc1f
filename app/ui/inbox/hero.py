"""The card at the top of Today: the one figure with where it comes from, the reserve, the month."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.core.books import naming
from app.core.dates import date_of, year_of
from app.ui.theme.fonts import Role
from app.ui.theme.theme import current
from app.ui.widgets.amount import amount_text, whole_text
from app.ui.widgets.bars import ProgressBar
from app.ui.widgets.buttons import LinkButton
from app.ui.widgets.card import Divider
from app.ui.widgets.text import Figure, Label, StrongLabel
from app.ui.widgets.themed import Themed, pad

if TYPE_CHECKING:
    from app.core.dates import Day
    from app.services.review.stakes import Unreviewed
    from app.services.today import SetAside, Today


class Hero(Themed, QFrame):
    """Emits `why` for the steps behind the figure and `household` where the tax questions are still open."""

    why = Signal()
    household = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._is_short = False
        self.setObjectName("card")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self._across = QHBoxLayout(self)
        self._columns = [QVBoxLayout(), QVBoxLayout(), QVBoxLayout()]
        self._first()
        self._second()
        self._third()
        for number, column in enumerate(self._columns):
            column.setSpacing(0)
            if number:
                self._across.addWidget(Divider(upright=True))
            self._across.addLayout(column, (39, 24, 17)[number])
        self.follow_theme()

    def _first(self) -> None:
        column = self._columns[0]
        self.caption = Label("Set aside now", Role.CAPTION_STRONG, "muted")
        self.figure = Figure("", Role.HERO)
        self.source = Label("", Role.SMALL, wrap=True)
        self.range = Label("", Role.CAPTION, "muted", wrap=True)
        self._link = LinkButton("Why this amount")
        self._link.clicked.connect(self.why)
        self._ask = LinkButton("Set filing status and state")
        self._ask.clicked.connect(self.household)
        self._actions = QHBoxLayout()
        for widget in (self._link, self._ask):
            self._actions.addWidget(widget)
            widget.hide()  # until it is known which of them there is a reason for
        self._actions.addStretch(1)
        for part in (self.caption, self.figure, self.source, self.range):
            column.addWidget(part)
        column.addStretch(1)
        column.addLayout(self._actions)

    def _second(self) -> None:
        column = self._columns[1]
        self.reserve_caption = Label("Reserve", Role.CAPTION_STRONG, "muted")
        self.reserve = Figure("", Role.FIGURE_S)
        self.bar = ProgressBar(name="Set aside")
        self.due = StrongLabel("", "")
        self.due_note = Label("", Role.SMALL, "muted", wrap=True)
        for part in (self.reserve_caption, self.reserve, self.bar, self.due, self.due_note):
            column.addWidget(part)
        column.addStretch(1)

    def _third(self) -> None:
        column = self._columns[2]
        self.in_caption = Label("", Role.CAPTION_STRONG, "muted")
        self.money_in = Figure("", Role.FIGURE_S)
        self.out_caption = Label("", Role.CAPTION_STRONG, "muted")
        self.costs = Figure("", Role.FIGURE_S)
        self._gap = QWidget()
        for part in (self.in_caption, self.money_in, self._gap, self.out_caption, self.costs):
            column.addWidget(part)
        column.addStretch(1)

    def restyle(self) -> None:
        dp = current().dp
        pad(self._across, 20, 18, 20, 16)
        self._across.setSpacing(dp(20))
        self._gap.setFixedHeight(dp(12))
        self.bar.setContentsMargins(0, 0, 0, 0)
        self._columns[1].setSpacing(dp(6))
        self._columns[0].setSpacing(dp(2))

    @property
    def is_short(self) -> bool:
        return self._is_short

    def set_short(self, *, on: bool) -> bool:
        """Show the figures without their explanation, where the window is low; return whether that differs."""
        differs, self._is_short = on != self._is_short, on
        return differs

    def show_summary(self, summary: Today) -> None:
        """Show the figures of a day."""
        self.in_caption.setText(f"Money in, {summary.month.name}")
        self.out_caption.setText(f"Costs, {summary.month.name}")
        self.money_in.setText(amount_text(summary.month.money_in_cents))
        self.costs.setText(amount_text(summary.month.costs_cents))
        aside = summary.set_aside
        self._ask.setVisible(aside is not None and aside.first_guess)
        self._link.setVisible(aside is not None)
        if aside is None:
            self.figure.setText("–")
            self.source.setText(summary.tax_off)
            for part in (self.range, self.bar, self.due, self.due_note):
                part.hide()
            self.reserve.setText("–")
            return
        self._show_aside(aside, summary.day, summary.questions.count)
        self._show_reserve(summary, aside)

    def _show_aside(self, aside: SetAside, today: Day, questions: int) -> None:
        gauge = aside.gauge
        self.caption.setText("Set aside now, first guess" if aside.first_guess else "Set aside now")
        self.figure.setText(amount_text(gauge.set_aside_now_cents))
        newest = aside.newest
        if newest is None:
            self.source.setText(f"Nothing has come in yet in {aside.year}.")
        else:
            when = naming.day_words(newest.day, year_of(today))
            rate = f"{newest.rate / 100:.1f}%"
            share = f"{amount_text(newest.set_aside_cents)}, {rate}, of {amount_text(newest.cents)}"
            self.source.setText(f"{share} from {newest.payer}, {when}")
        covered = not gauge.set_aside_now_cents
        wide = covered or gauge.low_cents != gauge.high_cents
        self.source.setVisible(not self._is_short)
        self.range.setVisible(wide and not self._is_short)
        if covered:
            self.range.setText("The reserve covers what is needed so far.")
        elif wide:
            until = "until the question is answered" if questions == 1 else f"until {questions} questions are answered"
            self.range.setText(f"{whole_text(gauge.low_cents)} to {whole_text(gauge.high_cents)} {until}")

    def _show_reserve(self, summary: Today, aside: SetAside) -> None:
        gauge = aside.gauge
        for part in (self.bar, self.due):
            part.show()
        self.due_note.setVisible(not self._is_short)
        self.reserve_caption.setText(f"Reserve for {aside.year} tax")
        self.reserve.setText(amount_text(gauge.held_cents))
        self.reserve.set_note(f"of {amount_text(gauge.needed_cents)}")
        self.bar.set_share(gauge.held_cents, gauge.needed_cents)
        following = summary.next_tax
        if following is None:
            self.due.hide()
            self.due_note.hide()
            return
        date = date_of(following.due)
        self.due.set_texts(f"{date:%b} {date.day}", f", {following.words}")
        covered = "it lies in the reserve" if following.covered else "not covered yet"
        parts = [f"{whom} {amount_text(cents)}" for whom, cents in following.parts]
        split = f" ({', '.join(parts)})" if len(parts) > 1 else ""
        self.due_note.setText(f"Next tax date, {amount_text(following.due_cents)}{split}, {covered}")


def open_words(found: Unreviewed | None, questions: int) -> str:
    """Return what the questions leave open of the year's profit and tax: `leave net profit at $51,000 to $58,000`."""
    if found is None:
        return ""
    low, _, high = map(whole_text, found.profit)
    profit = f"leave{'s' if questions == 1 else ''} net profit at {low} to {high}"
    return profit if found.tax is None else f"{profit}, tax at {whole_text(found.tax[0])} to {whole_text(found.tax[2])}"


def fewer_words(found: Unreviewed | None) -> tuple[str, ...]:
    """Return the same in fewer and fewer words, for where it has no room."""
    if found is None:
        return ()
    profit = f"profit {whole_text(found.profit[0])} to {whole_text(found.profit[2])}"
    if found.tax is None:
        return (profit,)
    tax = f"tax {whole_text(found.tax[0])} to {whole_text(found.tax[2])}"
    return f"{profit}, {tax}", tax

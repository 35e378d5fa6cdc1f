"""The pane of Today: why, what to book it as, what that does to the set-aside, what was done before."""

from __future__ import annotations

from heapq import nlargest
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from app.core.books import naming
from app.core.books.naming import counted
from app.core.dates import year_of
from app.core.money import WHOLE, rate_text
from app.ui.frame.page import focus_of
from app.ui.inbox.view_model import ALWAYS, ASK, ONLY_THIS, Answering, Detail
from app.ui.sheets.change_lines import change_lines
from app.ui.theme.fonts import Role
from app.ui.theme.theme import current
from app.ui.widgets.amount import AmountLabel, amount_in, amount_text
from app.ui.widgets.badge import Badge
from app.ui.widgets.buttons import Button, IconButton, LinkButton, Segmented
from app.ui.widgets.choices import ChoiceList
from app.ui.widgets.evidence import EvidenceLine
from app.ui.widgets.fields import AmountEdit, LineEdit
from app.ui.widgets.paint import monogram
from app.ui.widgets.pane import Pane, PaneHead, Section
from app.ui.widgets.text import ElidedLabel, Label
from app.ui.widgets.themed import take_out

if TYPE_CHECKING:
    from app.services.review.inbox import Card

WIDTH = 380
ICONS = {
    "history": "clock", "reason": "info", "account": "card", "amount": "tag", "pair": "transfer", "clock": "calendar",
}  # fmt: skip
_OTHER_SHARE = "other"


class DetailPane(Pane):
    """Shows one question. Emits what a person wants; the page does it."""

    confirmed = Signal()
    skipped = Signal()
    chosen = Signal(int)
    share_wanted = Signal()
    earlier_wanted = Signal()
    alike_wanted = Signal()

    def __init__(self, menu: QMenu) -> None:
        super().__init__(WIDTH, "Details of the question")
        self.answering: Answering | None = None
        self._detail: Detail | None = None
        self.confirm = Button("Confirm", kind="primary", key="E", size="foot")
        self.confirm.clicked.connect(self.confirmed)
        self.skip = Button("Skip", key="J", size="foot")
        self.skip.clicked.connect(self.skipped)
        self.more = IconButton("more", "More for this question", "foot")
        self.more.clicked.connect(lambda: menu.popup(self.more.mapToGlobal(self.more.rect().topLeft())))
        self.choices = ChoiceList("Book as")
        self.choices.changed.connect(self.chosen)
        self.add_foot(self.confirm, 1)
        self.add_foot(self.skip)
        self.add_foot(self.more)
        self._effect: AmountLabel | None = None
        self._together = 0
        self._name_confirm()

    def show_nothing(self) -> None:
        self.answering, self._detail = None, None
        take_out(self.choices)
        self.choices.setParent(None)
        self.clear_sections()
        self.set_header(QWidget(), line=False)
        self.hide()

    def show_question(self, answering: Answering, detail: Detail | None) -> None:
        """Fill the pane; `detail` arrives a moment later than the question."""
        card = answering.card
        same = self.answering is answering
        place = self.scroller.verticalScrollBar().value() if same else 0
        focused = self.choices.isAncestorOf(focus_of(self))
        self.answering, self._detail = answering, detail
        take_out(self.choices)
        self.choices.setParent(None)
        self.clear_sections()
        self.set_header(_head(card))
        self.add_section(self._why(card, detail))
        self.add_section(self._book_as(answering))
        self.add_section(self._consequence(answering, detail))
        if detail is not None and detail.changes:
            self.add_section(self._changes(detail))
        if len(card.item.rows) > 1 and not card.legs:
            self.add_section(self._rows(card))
        if detail is not None and detail.earlier:
            self.add_section(self._earlier(card, detail))
        self.scroller.verticalScrollBar().setValue(place)
        if focused:
            self.choices.focus_chosen()
        self._name_confirm()

    def confirms(self, together: int) -> None:
        """Say how many marked questions Confirm settles together; 0 where it answers the one that is shown."""
        self._together = together
        self._name_confirm()

    def _name_confirm(self) -> None:
        """Name what Confirm would do; off while nothing is chosen."""
        answering = self.answering
        rows = len(answering.card.item.rows) if answering is not None else 0
        many = self._together
        one = f"Confirm {rows}" if rows > 1 else "Confirm"
        self.confirm.set_words(f"Confirm {counted(many, 'question')}" if many else one)
        self.confirm.setEnabled(bool(many) or (answering is not None and answering.can_confirm))

    def _why(self, card: Card, detail: Detail | None) -> QWidget:
        sure = card.sure != naming.NO_SUGGESTION
        title = f"{card.sure.capitalize()}: {card.suggestion}" if sure else card.suggestion
        section = Section(title, Badge("asked") if not sure else None)
        asks = _asks(card)
        if asks:
            section.add(Label(asks, Role.SMALL, wrap=True), top=2)
        for line in detail.evidence if detail is not None else ():
            section.add(EvidenceLine(ICONS.get(line.icon, "info"), line.text, line.second))
        if card.legs:
            for leg in card.legs:
                date = naming.day_words(leg.day, year_of(card.newest))
                section.add(_pair_row(date, leg.account, amount_in(leg.cents, card.currency)))
        return section

    def _book_as(self, answering: Answering) -> QWidget:
        if answering.card.item.type == "currency":
            section = Section("US dollars")
            edit = AmountEdit()
            edit.setAccessibleName("Amount in US dollars")
            sign = 1 if answering.card.item.rows[0].cents >= 0 else -1

            def typed() -> None:
                try:
                    cents = edit.cents()
                except ValueError:
                    cents = None
                answering.usd_cents = sign * abs(cents) if cents else None
                self._name_confirm()

            edit.textChanged.connect(lambda _text: typed())
            section.add(edit, top=6)
            source = LineEdit("Where it is from, such as the card statement", name="Source of the amount")
            source.textChanged.connect(lambda text: setattr(answering, "source", text))
            section.add(source, top=6)
            return section
        right = Label("Schedule C line", Role.CAPTION, "muted") if answering.takes_anything else None
        title = "Book as" if answering.takes_anything else _TITLES.get(answering.card.item.type, "What is it?")
        section = Section(title, right)
        picks = answering.picks()
        self.choices = ChoiceList(title)
        self.choices.changed.connect(self.chosen)
        self.choices.set_choices(
            [(pick.n, pick.words, pick.code, pick.sure) for pick in picks], answering.chosen,
            {pick.n: pick.second for pick in picks if pick.second},
        )  # fmt: skip
        section.add_wide(self.choices, top=4)
        if answering.has_share:
            section.add(self._share(answering), top=10)
        if answering.has_memory:
            section.add(self._memory(answering), top=10)
            if self._detail is not None and self._detail.alike:
                section.add(self._alike(answering, len(self._detail.alike)), top=6)
        return section

    def _share(self, answering: Answering) -> QWidget:
        meaning = answering.meaning
        percent = meaning[2] if meaning is not None else WHOLE
        known = {WHOLE: "100%", WHOLE // 2: "50%"}
        other = "Other" if percent in known else f"{rate_text(percent)}%"
        share = Segmented([(WHOLE, "100%"), (WHOLE // 2, "50%"), (_OTHER_SHARE, other)], name="Business share")
        share.set_value(percent if percent in known else _OTHER_SHARE)

        def changed(value: object) -> None:
            if value == _OTHER_SHARE:
                self.share_wanted.emit()
            else:
                answering.percent = int(str(value))
                self.show_question(answering, self._detail)

        share.changed.connect(changed)
        return _line("Business share", share)

    def _memory(self, answering: Answering) -> QWidget:
        later = Segmented(
            [(ALWAYS, "Always"), (ONLY_THIS, "Only this"), (ASK, "Ask each time")], name="Later rows of this payee"
        )
        later.set_value(answering.mode)
        later.setToolTip("Always: book alike from now on. Only this: learn nothing. Ask each time: never book.")

        def changed(value: object) -> None:
            answering.mode = str(value)
            self.show_question(answering, self._detail)

        later.changed.connect(changed)
        return _line("From now on", later)

    def _alike(self, answering: Answering, count: int) -> QWidget:
        """Say what else an answer for always books, with a way to look at it before."""
        words = f"{counted(count, 'more transaction')} {'follows' if count == 1 else 'follow'}"
        if answering.mode != ALWAYS:
            words = (
                f"{counted(count, 'more transaction')} like {'this' if len(answering.card.item.rows) == 1 else 'these'}"
            )
        link = LinkButton("Look at them", key="V")
        link.clicked.connect(self.alike_wanted)
        return _line(Label(words, Role.SMALL, "muted"), link)

    def _consequence(self, answering: Answering, detail: Detail | None) -> QWidget:
        section = Section()
        cents = None
        if detail is not None and answering.chosen is not None:
            cents = detail.effects.get(answering.chosen)
        words = Label("Effect on what to set aside", Role.SMALL, "muted")
        plain = amount_text(cents, plus=True) if cents is not None else ("…" if detail is None else "not known")
        section.add(_line(words, Label(plain, Role.SMALL_STRONG if cents is not None else Role.SMALL)))
        return section

    @staticmethod
    def _changes(detail: Detail) -> QWidget:
        section = Section("What would change it")
        for line in change_lines(detail.changes):
            section.add(line)
        return section

    @staticmethod
    def _rows(card: Card) -> QWidget:
        section = Section("Transactions", Label(card.count, Role.CAPTION, "muted"))
        rows = card.item.rows
        for row in nlargest(5, rows, key=lambda row: (row.tax_date, row.id)):
            when = naming.day_words(row.tax_date, year_of(card.newest))
            section.add(_pair_row(when, row.text, amount_in(row.cents, row.currency)), top=4)
        if len(rows) > 5:
            section.add(Label(f"and {len(rows) - 5} more", Role.SMALL, "muted"), top=4)
        return section

    def _earlier(self, card: Card, detail: Detail) -> QWidget:
        link = LinkButton(f"All {detail.earlier_count}")
        link.clicked.connect(self.earlier_wanted)
        section = Section("Earlier", link)
        for row in detail.earlier:
            when = naming.day_words(row.tax_date, year_of(card.newest))
            what = naming.category(row.kind, row.line)
            section.add(_pair_row(when, what, amount_in(row.cents, row.currency)), top=4)
        return section


_TITLES = {"refund": "For which purchase?", "transfer": "Which belong together?", "tax_payment": "What was it for?"}


def _asks(card: Card) -> str:
    """Return the question in a sentence, where the title alone does not say what is asked."""
    if card.item.type in {"currency", "tax_payment", "duplicate", "split"}:
        return card.item.question
    if card.item.type == "refund":
        return naming.with_days(card.item.question.rsplit(" (", 1)[0], year_of(card.newest))
    return ""


def _head(card: Card) -> QWidget:
    amount: QWidget
    if card.legs:
        amount = Label(amount_in(card.cents, card.currency, plus=False), Role.PANE_TITLE)
        return PaneHead(card.name, card.about, right=amount, icon="transfer")
    foreign = card.currency != "USD"
    amount = Label(amount_in(card.cents, card.currency), Role.PANE_TITLE) if foreign else AmountLabel(
        card.cents, Role.PANE_TITLE
    )  # fmt: skip
    second = f"{card.count}, {card.about}" if card.count else card.about
    return PaneHead(card.name, second, monogram(card.name), right=amount)


def _line(left: QWidget | str, right: QWidget) -> QWidget:
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.addWidget(Label(left, Role.SMALL) if isinstance(left, str) else left, 1)
    row.addWidget(right, 0, Qt.AlignmentFlag.AlignRight)
    return holder


def _pair_row(first: str, second: str, right: str) -> QWidget:
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(current().dp(8))
    day = Label(first, Role.SMALL, "muted")
    day.setFixedWidth(current().dp(84 if "," in first else 52))
    row.addWidget(day)
    row.addWidget(ElidedLabel(second, Role.SMALL), 1)
    row.addWidget(Label(right, Role.SMALL, "muted"))
    return holder

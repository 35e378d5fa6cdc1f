"""Today: what to set aside, and the questions only a person can answer, by keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from app.core.books import naming
from app.core.dates import date_of
from app.ui.frame.page import Frame, Page, focus_of
from app.ui.inbox import view_model
from app.ui.inbox.caught_up import CaughtUp, first_steps
from app.ui.inbox.current import Current
from app.ui.inbox.deciding import Deciding
from app.ui.inbox.detail import DetailPane
from app.ui.inbox.hero import fewer_words, open_words
from app.ui.inbox.model import QuestionList
from app.ui.inbox.rows import QuestionRows
from app.ui.inbox.teaching import Teaching
from app.ui.inbox.top import Top
from app.ui.inbox.view_model import Loaded
from app.ui.theme.fonts import Role
from app.ui.theme.theme import current
from app.ui.widgets.buttons import Button, LinkButton, Segmented
from app.ui.widgets.card import Divider
from app.ui.widgets.header import PageHeader
from app.ui.widgets.keys_bar import KeysBar
from app.ui.widgets.text import Label, WholeLabel

if TYPE_CHECKING:
    from app.services.review.inbox import Card

KEYS = (
    (("J", "K"), "move"), (("E",), "confirm"), (("1–9",), "choose"), (("P",), "personal"), (("T",), "transfer"),
    (("S",), "split"), (("H",), "snooze"), (("U",), "undo"), (("?",), "all keys"),
)  # fmt: skip
_MANY_SURE = 3
"""So many sure questions are worth a link that marks them at once."""
_RESTORED = 3
"""So many questions at most come back by one undo; more are an import."""


class TodayPage(Page):
    id, title = "today", "Today"

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame)
        self._loaded: Loaded | None = None
        self.teaching = Teaching(self)
        self._gone: set[str] = set()
        self._by_date = False
        self._has_many_sure = False
        self.model = QuestionList(self)
        self._build()
        menu = QMenu(self)
        for id_ in ("split", "note", "rule", "snooze", "personal", "transfer", "mark", "all", "unmark"):
            menu.addAction(frame.commands[f"today.{id_}"])
        frame.commands.tell_in(menu)
        self.detail = DetailPane(menu)
        self.detail.skipped.connect(lambda: self.list.step(1))
        self.detail.earlier_wanted.connect(self._show_earlier)
        self.detail.alike_wanted.connect(self.teaching.show_alike)
        self.set_pane(self.detail)
        self.current = Current(self)
        self.decide = Deciding(self)
        self.detail.confirmed.connect(self.decide.confirm)
        self.detail.chosen.connect(self.decide.choose)
        self.decide.bind()

    def _build(self) -> None:
        self.header = PageHeader("Today")
        button = Button("Import", icon="import")
        button.clicked.connect(self.frame.choose_files)
        self.header.add_action(button)
        self.top = Top(self.frame)
        self.top.banner.review_wanted.connect(self._go_to_payment)
        self.count = Label("", Role.CARD_TITLE)
        self.sum = WholeLabel("", Role.SMALL, "muted")
        self.marking = LinkButton("")
        self.marking.hide()
        self.marking.clicked.connect(self._mark_or_unmark)
        self.order = Segmented([(False, "By merchant"), (True, "By date")], name="Order of the questions")
        self.order.changed.connect(self._reorder)
        self._head = QHBoxLayout()
        self._head.addWidget(self.count)
        self._head.addWidget(self.sum, 1)
        self._head.addWidget(self.marking)
        self._head.addWidget(self.order)
        self.list = QuestionRows(self.model)
        self.model.marks_changed.connect(self._marks_changed)
        self.list.current_changed.connect(lambda _row: self.show_current())
        self.list.row_activated.connect(lambda _row: self.enter())
        self.list.clicked_on.connect(lambda: self.open_pane() if self.pane_overlays else None)
        self.keys = KeysBar(KEYS)
        self.caught_up = CaughtUp(self.frame)
        self.caught_up.hide()
        self.first = first_steps(self.frame)
        self.first.hide()
        self.column.addWidget(self.header)
        self.column.addLayout(self.top)
        self.column.addLayout(self._head)
        self.edge = Divider()
        self.column.addWidget(self.edge)
        self.column.addWidget(self.list, 1)
        self.column.addWidget(self.keys)
        self.column.addWidget(self.caught_up, 1)
        self.column.addWidget(self.first, 1)
        current().changed.connect(self._restyle)
        self._resize()

    def _restyle(self) -> None:
        self._resize()
        if self._loaded is not None:  # amounts may be hidden or shown now
            self.top.show_again()
            self._count(self.model.cards)
            self.show_current()

    def _resize(self) -> None:
        self._be_short()
        dp = current().dp
        self.top.restyle()
        self._head.setContentsMargins(dp(24), dp(10), dp(24), dp(8))
        self._head.setSpacing(dp(8))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt
        super().resizeEvent(event)
        self._be_short()

    def _be_short(self) -> None:
        """Leave the questions some room where the window is low or its text large."""
        if self.top.fit(self.height()) and self._loaded is not None:
            self.keys.setVisible(bool(self.model.cards) and not self.top.hero.is_short)
        if self.model.cards:
            self.top.hero.setVisible(not self._is_flat)

    @property
    def _is_flat(self) -> bool:
        beside = self.detail.maximumWidth() if self.has_pane and not self.pane_overlays else 0
        return self.top.is_flat(self.width() - beside, self.height())

    def main_widget(self) -> QWidget:
        return self.list if self.list.isVisibleTo(self) else self.content

    # --- loading

    def load(self) -> None:
        by_date = self._by_date
        self.fetch(lambda books, token: view_model.load(books, token, by_date=by_date), self._show)

    def _show(self, loaded: Loaded) -> None:
        before = {card.item.id for card in self.model.cards}
        had_list = self._loaded is not None and self.list.isVisibleTo(self)
        self._loaded = loaded
        self._gone &= {card.item.id for card in loaded.cards}
        self.current.look_again()
        cards = view_model.without(loaded.cards, self._gone)
        date = date_of(loaded.summary.day)
        self.header.set_subtitle(f"{date:%A, %B} {date.day}")
        self.top.show_summary(loaded.summary)
        self._be_short()
        back = [card.item.id for card in cards if card.item.id not in before]
        restored = back[0] if before and 0 < len(back) <= _RESTORED else None
        self._show_cards(cards, restored)
        self.list.setVisible(bool(cards))
        for part in (self.count, self.sum, self.order, self.edge):
            part.setVisible(bool(cards))
        self.keys.setVisible(bool(cards) and not self.top.hero.is_short)
        self.top.hero.setVisible(bool(cards) and not self._is_flat)
        self.caught_up.setVisible(not cards and not loaded.summary.empty)
        self.first.setVisible(not cards and loaded.summary.empty)
        if not cards and not loaded.summary.empty:
            self.caught_up.show_day(loaded)
        if cards and not had_list and self._nothing_else_is_held():
            self.list.setFocus()

    def _nothing_else_is_held(self) -> bool:
        """Whether the questions may take the keyboard: nothing outside the page has it."""
        held = focus_of(self)
        return self.isVisible() and (held is self.window() or self.isAncestorOf(held))

    def _show_cards(self, cards: tuple[Card, ...], wanted: str | None = None) -> None:
        held = self.card.item.id if self.card is not None else None
        place = self.list.verticalScrollBar().value()
        at = next((n for n, card in enumerate(self.model.cards) if card.item.id == held), 0)
        self.current.keep(cards)
        self.list.blockSignals(True)  # the pane is made once, below
        self.model.show(cards)
        self.list.fit_rows()
        self._count(cards)
        self.has_pane = bool(cards)
        if not cards:
            self.list.blockSignals(False)
            self.detail.show_nothing()
            return
        known = {card.item.id for card in cards}
        target = wanted if wanted in known else held if held in known else cards[min(at, len(cards) - 1)].item.id
        self.list.verticalScrollBar().setValue(place)
        self.list.go_to(self.model.row_of(target or cards[0].item.id))
        self.list.blockSignals(False)
        self.list.viewport().repaint()  # the list first: it is what the eye is on
        self.show_current()

    def _count(self, cards: tuple[Card, ...]) -> None:
        loaded = self._loaded
        left = open_words(loaded.summary.unreviewed, len(cards)) if loaded is not None else ""
        rows = naming.counted(sum(len(card.item.rows) for card in cards), "transaction")
        later = f", {loaded.waiting} put off" if loaded is not None and loaded.waiting else ""
        self.count.setText(naming.counted(len(cards), "question"))
        self.sum.shorter = () if loaded is None or self.model.marked else fewer_words(loaded.summary.unreviewed)
        self.sum.setText(f"{len(self.model.marked)} marked" if self.model.marked else f"{left or rows}{later}")
        self._offer_marking()

    # --- marks

    @property
    def together(self) -> int:
        """How many marked questions Confirm settles together; 0 where it answers the current one, marked or not."""
        marked = self.model.marked
        return 0 if self.card is None or marked <= {self.card.item.id} else len(marked)

    def _offer_marking(self) -> None:
        """Offer to mark what is sure, or to take the marks away: one link, for those who use the mouse."""
        sure, marked = len(self.decide.sure_and_unmarked()), len(self.model.marked)
        self._has_many_sure = sure >= _MANY_SURE
        self.marking.set_words(f"Mark {sure} sure" if self._has_many_sure else f"Unmark {marked}")
        self.marking.setVisible(self._has_many_sure or bool(marked))

    def _mark_or_unmark(self) -> None:
        (self.decide.mark_sure if self._has_many_sure else self.decide.unmark)()

    def _marks_changed(self) -> None:
        self._count(self.model.cards)
        self.detail.confirms(self.together)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt
        covered = self.pane_overlays and self.pane_is_visible  # Escape closes the details first then
        if event.key() == Qt.Key.Key_Escape and self.model.marked and not covered:
            self.decide.unmark()
            return
        super().keyPressEvent(event)

    def forget(self) -> None:
        self._loaded = None
        self.top.forget()
        self.teaching.forget()
        self.current.forget()
        self.model.show(())
        self.detail.show_nothing()

    # --- the current question

    @property
    def card(self) -> Card | None:
        return self.list.card

    def show_current(self) -> None:
        if self.card is not None:
            self._offer_marking()
            self.current.show()
            self._place_pane()

    def enter(self) -> None:
        """Enter opens the details: beside the list they take the focus, over it they slide in."""
        self.open_pane()
        self.detail.choices.focus_chosen()

    def _go_to_payment(self) -> None:
        wanted = next((card for card in self.model.cards if card.item.type == "tax_payment"), None)
        if wanted is not None:
            self.list.go_to_card(wanted.item.id)
        self.list.setFocus()

    def take(self, ids: set[str]) -> None:
        """Take questions off the list at once, before they are written as answered."""
        self._gone |= ids
        focused = self.list.hasFocus() or self.detail.isAncestorOf(focus_of(self))
        self._show_cards(view_model.without(self.model.cards, ids))
        if focused:
            self.list.setFocus()
        self.detail.repaint()  # seen before the writer begins to take its share of the time

    def give_back(self, ids: set[str], *, again: bool) -> None:
        """Forget that questions were taken; `again`: they were not answered and are read again."""
        self._gone -= ids
        if again:
            self.load()

    def _show_earlier(self) -> None:
        if self.card is not None:
            self.frame.go("transactions", text=self.card.name)

    def _reorder(self, by_date: object) -> None:
        self._by_date = bool(by_date)
        self.load()

    def show_what(self, **what: Any) -> None:  # noqa: ANN401 - item
        item = what.get("item")
        if item is not None:
            self.list.go_to_card(str(item))
        self.list.setFocus()


PAGE = TodayPage

"""Today: what to set aside, and the questions only a person can answer, by keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from app.core.books import naming
from app.core.dates import date_of
from app.ui.category_picker import Category, CategoryPicker
from app.ui.inbox import sheets, view_model
from app.ui.inbox.caught_up import CaughtUp, first_steps
from app.ui.inbox.delegate import QuestionDelegate, chevron_hit
from app.ui.inbox.detail import DetailPane
from app.ui.inbox.hero import Hero
from app.ui.inbox.model import QuestionList, is_card
from app.ui.inbox.view_model import ALWAYS, ONLY_THIS, Answering, Detail, Loaded
from app.ui.page import Frame, Page, focus_of
from app.ui.theme.fonts import Role
from app.ui.theme.theme import current
from app.ui.widgets.amount import amount_text
from app.ui.widgets.banner import Banner
from app.ui.widgets.buttons import Button, Segmented
from app.ui.widgets.card import Divider
from app.ui.widgets.header import PageHeader
from app.ui.widgets.keys_bar import KeysBar
from app.ui.widgets.rows import RowList
from app.ui.widgets.text import Label, WholeLabel
from app.ui.widgets.toast import More

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.services.books import Books
    from app.services.inbox import Card
    from app.services.remembered import Memory
    from app.services.unit_of_work import Outcome

KEYS = (
    (("J", "K"), "move"), (("E",), "confirm"), (("1–9",), "choose"), (("P",), "personal"), (("T",), "transfer"),
    (("S",), "split"), (("H",), "snooze"), (("U",), "undo"), (("?",), "all keys"),
)  # fmt: skip
_REST_MS = 60
"""How long a question must stay before what speaks for it is looked up when another stood there just before."""
_SHORT_UNDER = 420
"""Height of the page (at 100 %) under which the card at the top is kept short."""
_FLAT_UNDER = 340
"""Height of the page (at 100 %) under which the card goes; the page Taxes says the same."""
_RESTORED = 3
"""So many questions at most come back by one undo; more are an import."""


class TodayPage(Page):
    id, title = "today", "Today"

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame)
        self._loaded: Loaded | None = None
        self._answering: dict[str, Answering] = {}
        self._details: dict[str, Detail] = {}
        self._looked_up = ""
        self._learned: Memory | None = None
        self._gone: set[str] = set()
        self._by_date = False
        self._closed_alert = ""
        self.model = QuestionList(self)
        self.model.opened_changed.connect(self._fit_rows)
        self._build()
        menu = QMenu(self)
        for id_ in ("split", "note", "rule", "snooze", "personal", "transfer", "mark"):
            menu.addAction(frame.commands[f"today.{id_}"])
        frame.commands.tell_in(menu)
        self.detail = DetailPane(menu)
        self.detail.confirmed.connect(self.confirm)
        self.detail.skipped.connect(lambda: self.step(1))
        self.detail.chosen.connect(self.choose)
        self.detail.share_wanted.connect(self._ask_share)
        self.detail.earlier_wanted.connect(self._show_earlier)
        self.detail.alike_wanted.connect(self.alike)
        self.set_pane(self.detail)
        self._picker = CategoryPicker(self.window())
        self._resting = QTimer(self, singleShot=True, interval=_REST_MS)
        self._resting.timeout.connect(self._fill_detail)
        self._bind()

    def _build(self) -> None:
        self.header = PageHeader("Today")
        button = Button("Import", icon="import")
        button.clicked.connect(self.frame.choose_files)
        self.header.add_action(button)
        self.hero = Hero()
        self.hero.why.connect(self.why_amount)
        self.hero.household.connect(lambda: self.frame.go("settings", section="profile"))
        self.banner = Banner("warn", "", "")
        self.banner.acted.connect(self._mend)
        self.banner.closed.connect(self._close_alert)
        self.banner.hide()
        self.count = Label("", Role.CARD_TITLE)
        self.sum = WholeLabel("", Role.SMALL, "muted")
        self.order = Segmented([(False, "By merchant"), (True, "By date")], name="Order of the questions")
        self.order.changed.connect(self._reorder)
        self._head = QHBoxLayout()
        self._head.addWidget(self.count)
        self._head.addWidget(self.sum, 1)
        self._head.addWidget(self.order)
        self.list = RowList("Questions")
        self.list.setModel(self.model)
        self.list.setItemDelegate(QuestionDelegate(self.list, self.model))
        self.list.current_changed.connect(lambda _row: self._show_current())
        self.list.row_activated.connect(lambda _row: self._enter())
        self.list.viewport().installEventFilter(self)
        self.list.installEventFilter(self)
        self.keys = KeysBar(KEYS)
        self.caught_up = CaughtUp(self.frame)
        self.caught_up.hide()
        self.first = first_steps(self.frame)
        self.first.hide()
        self._top = QVBoxLayout()
        for part in (self.hero, self.banner):
            self._top.addWidget(part)
        self.column.addWidget(self.header)
        self.column.addLayout(self._top)
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
            self.hero.show_summary(self._loaded.summary)
            self._count(self.model.cards)
            self._show_current()

    def _resize(self) -> None:
        self._be_short()
        dp = current().dp
        self._top.setContentsMargins(dp(24), 0, dp(24), 0)
        self._top.setSpacing(dp(12))
        self._head.setContentsMargins(dp(24), dp(10), dp(24), dp(8))
        self._head.setSpacing(dp(8))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt
        super().resizeEvent(event)
        self._be_short()

    def _be_short(self) -> None:
        """Leave the questions some room where the window is low or its text large."""
        short = self.height() < current().dp(_SHORT_UNDER)
        if self.hero.set_short(on=short) and self._loaded is not None:
            self.hero.show_summary(self._loaded.summary)
            self.keys.setVisible(bool(self.model.cards) and not short)
        if self.model.cards:
            self.hero.setVisible(not self._is_flat)

    @property
    def _is_flat(self) -> bool:
        """Whether there is room for the questions alone: very large text on a small screen."""
        return self.height() < current().dp(_FLAT_UNDER)

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
        self._details.clear()
        self._looked_up = ""
        cards = view_model.without(loaded.cards, self._gone)
        date = date_of(loaded.summary.day)
        self.header.set_subtitle(f"{date:%A, %B} {date.day}")
        self.hero.show_summary(loaded.summary)
        self._show_alert()
        back = [card.item.id for card in cards if card.item.id not in before]
        restored = back[0] if before and 0 < len(back) <= _RESTORED else None
        self._show_cards(cards, restored)
        self.list.setVisible(bool(cards))
        for part in (self.count, self.sum, self.order, self.edge):
            part.setVisible(bool(cards))
        self.keys.setVisible(bool(cards) and self.height() >= current().dp(_SHORT_UNDER))
        self.hero.setVisible(bool(cards) and not self._is_flat)
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
        row = self.list.current_row()
        entries = self.model.entries
        held = entries[row].card.item.id if 0 <= row < len(entries) else None
        place = self.list.verticalScrollBar().value()
        at = next((n for n, card in enumerate(self.model.cards) if card.item.id == held), 0)
        self._answering = {card.item.id: self._kept(card) for card in cards if card.item.id in self._answering}
        self.list.blockSignals(True)  # the pane is made once, below
        self.model.show(cards)
        self._fit_rows()
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
        self._show_current()

    def _fit_rows(self) -> None:
        """While no question is opened all rows are alike: the list then asks one for its height, not each."""
        self.list.setUniformItemSizes(not self.model.opened)

    def _kept(self, card: Card) -> Answering:
        """Keep an answer that is being put together while its question stays the same."""
        held = self._answering.get(card.item.id)
        if held is not None and held.card.item.choices == card.item.choices:
            held.card = card
            return held
        return Answering(card)

    def _count(self, cards: tuple[Card, ...]) -> None:
        rows = sum(len(card.item.rows) for card in cards)
        cents = sum(abs(card.cents) for card in cards)
        later = f", {self._loaded.waiting} put off" if self._loaded is not None and self._loaded.waiting else ""
        self.count.setText(naming.counted(len(cards), "question"))
        self.sum.setText(f"{naming.counted(rows, 'transaction')}, {amount_text(cents)} in all{later}")

    def _show_alert(self) -> None:
        alert = self._loaded.summary.alert if self._loaded is not None else None
        shown = alert is not None and alert.key != self._closed_alert
        self.banner.setVisible(shown)
        if alert is not None and shown:
            self.banner.set_banner("warn", alert.title, alert.text, alert.action)

    def _close_alert(self) -> None:
        alert = self._loaded.summary.alert if self._loaded is not None else None
        self._closed_alert = alert.key if alert is not None else ""

    def _mend(self) -> None:
        alert = self._loaded.summary.alert if self._loaded is not None else None
        if alert is None:
            return
        if alert.target == "review":
            wanted = next((c for c in self.model.cards if c.item.type == "tax_payment"), None)
            if wanted is not None:
                self.list.go_to(self.model.row_of(wanted.item.id))
            self.list.setFocus()
        elif alert.target in {"security", "backups"}:
            self.frame.go("settings", section=alert.target)
        else:
            self.frame.go(alert.target, account=alert.account_id, month=alert.month)

    def forget(self) -> None:
        self._loaded = None
        self._learned = None
        self._answering.clear()
        self._details.clear()
        self.model.show(())
        self.detail.show_nothing()

    # --- the current question

    @property
    def card(self) -> Card | None:
        row = self.list.current_row()
        return self.model.entries[row].card if 0 <= row < len(self.model.entries) else None

    @property
    def answering(self) -> Answering | None:
        card = self.card
        if card is None:
            return None
        held = self._answering.get(card.item.id)
        if held is None:
            held = self._answering[card.item.id] = Answering(card)
        return held

    def _show_current(self) -> None:
        card, answering = self.card, self.answering
        if card is None or answering is None:
            return
        self.detail.show_question(answering, self._details.get(card.item.id))
        self.detail.refresh_confirm(len(self.model.marked))
        self._place_pane()
        if card.item.id not in self._details:
            if not self._resting.isActive():
                self._fill_detail()
            self._resting.start()

    def _fill_detail(self) -> None:
        card = self.card
        if card is not None and card.item.id not in {*self._details, self._looked_up}:
            self._looked_up = card.item.id
            self.fetch(lambda books, token: view_model.load_detail(books, token, card), self._detailed, name="detail",
                       failed=lambda _error: None)  # fmt: skip

    def _detailed(self, detail: Detail) -> None:
        self._details[detail.item_id] = detail
        if self.card is not None and self.card.item.id == detail.item_id and self.answering is not None:
            self.answering.usual = detail.usual
            self.detail.show_question(self.answering, detail)
            self.detail.refresh_confirm(len(self.model.marked))

    def step(self, by: int) -> None:
        """Move to the next or previous question."""
        rows = [n for n, entry in enumerate(self.model.entries) if is_card(entry)]
        here = self.list.current_row()
        at = rows.index(here) if here in rows else -1
        if rows:
            self.list.go_to(rows[min(max(at + by, 0), len(rows) - 1)])

    def _enter(self) -> None:
        """Enter opens the details: beside the list they take the focus, over it they slide in."""
        self.open_pane()
        self.detail.choices.focus_chosen()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        if watched is self.list.viewport() and isinstance(event, QMouseEvent):
            if event.type() == QEvent.Type.MouseButtonPress and chevron_hit(self.list, event.position()):
                index = self.list.indexAt(event.position().toPoint())
                if index.isValid() and is_card(self.model.entries[index.row()]):
                    self.list.setCurrentIndex(index)
                    self.model.toggle(self.model.entries[index.row()].card.item.id)
                    return True
            if event.type() == QEvent.Type.MouseButtonRelease and self.pane_overlays:
                self.open_pane()
        elif watched is self.list and event.type() == QEvent.Type.KeyPress and self.card is not None:
            key = event.key() if isinstance(event, QKeyEvent) else None
            if key in {Qt.Key.Key_Right, Qt.Key.Key_Left}:
                self.model.toggle(self.card.item.id, opened=key == Qt.Key.Key_Right)
                return True
        return super().eventFilter(watched, event)

    # --- commands

    def _bind(self) -> None:
        act = self.frame.commands

        def has_card() -> bool:
            return self.card is not None

        def takes_anything() -> bool:
            return self.answering is not None and self.answering.takes_anything

        act.bind("today.next", lambda: self.step(1), has_card)
        act.bind("today.previous", lambda: self.step(-1), has_card)
        act.bind("today.confirm", self.confirm, has_card)
        for number in range(1, 10):
            act.bind(f"today.choose{number}", lambda n=number: self.choose(n), has_card)  # type: ignore[misc]
        act.bind("today.personal", self.personal, takes_anything)
        act.bind("today.transfer", self.transfer, has_card)
        act.bind("today.split", lambda: sheets.split(self), takes_anything)
        act.bind("today.rule", lambda: sheets.rule(self), takes_anything)
        act.bind("today.note", lambda: sheets.note(self), has_card)
        act.bind("today.undo", lambda: act.trigger("edit.undo"))
        act.bind("today.mark", self.mark, has_card)
        act.bind("today.extend_down", lambda: self.extend(1), has_card)
        act.bind("today.extend_up", lambda: self.extend(-1), has_card)
        act.bind("today.detail", self._enter, has_card)
        act.bind("today.snooze", self.snooze, has_card)
        act.bind("today.why", self.why_amount, has_card)
        act.bind("today.learned", self.learned, lambda: self._learned is not None)
        act.bind("today.alike", self.alike, has_card)
        act.bind("today.always", self.always, lambda: self.answering is not None and self.answering.has_memory)
        act.attach("today", self.list)
        act.attach("today", self.detail)

    def confirm(self) -> None:
        """Book the current question as chosen, or all that are marked as suggested."""
        if len(self.model.marked) > 1:
            self._confirm_marked()
            return
        answering = self.answering
        if answering is None or not answering.can_confirm:
            self.frame.toast("Choose what it is first: 1 to 9.", undo=False)
            return
        item_id, given = answering.card.item.id, answering.answered()
        self._settle({item_id}, lambda books: view_model.answer(books, item_id, given), answering.said())

    def _confirm_marked(self) -> None:
        wanted = [card for card in self.model.cards if card.item.id in self.model.marked]
        sure = [card.item.id for card in wanted if card.sure != naming.NO_SUGGESTION]
        if len(sure) < len(wanted):
            self.frame.toast("Some marked questions have no suggestion; answer those one by one.", undo=False)
            return

        def work(books: Books) -> Outcome:
            from app.services import settling  # noqa: PLC0415

            return settling.confirm_suggestions(books, sure)[0]

        self._settle(set(sure), work, f"Confirmed {len(sure)} questions.")

    def _settle(self, ids: set[str], work: Callable[[Books], Outcome], said: str) -> None:
        """Take questions off the list at once, then write; if that fails they come back."""
        self._gone |= ids
        focused = self.list.hasFocus() or self.detail.isAncestorOf(focus_of(self))
        self._show_cards(view_model.without(self.model.cards, ids))
        if focused:
            self.list.setFocus()
        self.detail.repaint()  # seen before the writer begins to take its share of the time

        def whole(books: Books) -> Memory | None:
            outcome = work(books)
            from app.services import remembered  # noqa: PLC0415 - after the first answer only

            return None if outcome.operation is None else remembered.learned_by(books, outcome.operation)

        def done(memory: Memory | None) -> None:
            self._gone -= ids
            self._learned = memory
            if memory is None:
                self.frame.toast(said)
            else:
                self.frame.toast(view_model.learned_words(memory), more=More("Edit", "L", self.learned))

        def failed(error: Exception) -> None:
            self._gone -= ids
            self.load()
            self.frame.fail(error)

        self.frame.tasks.write(whole, done, failed)

    def learned(self) -> None:
        """Show what the last answer taught, to look through, change or take back."""
        if self._learned is None:
            self.frame.toast("Nothing was learned just now. All of it: Settings, Rules.", undo=False)
            return
        from app.ui.learned_sheet import open_learned_sheet  # noqa: PLC0415 - only when asked for

        open_learned_sheet(self.frame, self._learned)

    def alike(self) -> None:
        """Show the rows that an answer for always would book too."""
        card = self.card
        detail = self._details.get(card.item.id) if card is not None else None
        if card is not None and detail is not None:
            ids = (*(row.id for row in card.item.rows), *detail.alike)
            self.frame.go("transactions", ids=ids, of=card.name)

    def choose(self, number: int) -> None:
        answering = self.answering
        if answering is None:
            return
        if number == answering.else_number and (answering.other is None or answering.chosen == number):
            self._search_category()
        elif answering.choose(number):
            self._show_current()
        self._keep_choice()

    def _keep_choice(self) -> None:
        answering = self.answering
        if answering is not None and answering.chosen is not None and answering.card.item.type != "currency":
            self.detail.choices.select(answering.chosen)

    def _search_category(self) -> None:
        answering, card = self.answering, self.card
        if answering is None or card is None:
            return

        def chosen(category: Category) -> None:
            answering.choose_other(category.kind, category.line)
            self._show_current()

        self._picker.ask(date_of(card.newest).year, chosen, money_in=card.cents > 0)

    def personal(self) -> None:
        card = self.card
        given = view_model.personal(card) if card is not None else None
        if card is not None and given is not None:
            item_id, answered = card.item.id, given.answered()
            self._settle({item_id}, lambda books: view_model.answer(books, item_id, answered), given.said())

    def transfer(self) -> None:
        card = self.card
        if card is None or card.item.type in {"currency", "tax_payment"}:
            self.frame.toast("This question is about something else.", undo=False)
            return
        item_id = card.item.id

        def work(books: Books) -> Outcome:
            from app.services import settling  # noqa: PLC0415

            return settling.transfer(books, item_id)[0]

        self._settle({item_id}, work, f"Booked {card.name} as a movement between your accounts.")

    def snooze(self) -> None:
        card = self.card
        if card is None:
            return
        item_id, today = card.item.id, self.frame.session.today

        def work(books: Books) -> Outcome:
            from app.services import settling  # noqa: PLC0415

            return settling.snooze(books, item_id, settling.next_month_end(today))

        self._settle({item_id}, work, f"{card.name} comes back at the month’s end.")

    def mark(self) -> None:
        if self.card is not None:
            self.model.mark(self.card.item.id)
            self.detail.refresh_confirm(len(self.model.marked))

    def extend(self, by: int) -> None:
        if self.card is not None:
            self.model.mark(self.card.item.id, on=True)
            self.step(by)
            self.model.mark(self.card.item.id, on=True)
            self.detail.refresh_confirm(len(self.model.marked))

    def always(self) -> None:
        answering = self.answering
        if answering is not None and answering.has_memory:
            answering.mode = ONLY_THIS if answering.mode == ALWAYS else ALWAYS
            self._show_current()

    def why_amount(self) -> None:
        self.frame.go("taxes", ladder=True)

    def _ask_share(self) -> None:
        answering = self.answering
        if answering is not None:
            sheets.share(self, answering)

    def set_share(self, percent: int) -> None:
        """Take a business share. Units: hundredths of a percent."""
        if self.answering is not None:
            self.answering.percent = percent
            self._show_current()

    def _show_earlier(self) -> None:
        if self.card is not None:
            self.frame.go("transactions", text=self.card.name)

    def _reorder(self, by_date: object) -> None:
        self._by_date = bool(by_date)
        self.load()

    def show_what(self, **what: Any) -> None:  # noqa: ANN401 - item
        item = what.get("item")
        if item is not None and self.model.row_of(str(item)) >= 0:
            self.list.go_to(self.model.row_of(str(item)))
        self.list.setFocus()


PAGE = TodayPage

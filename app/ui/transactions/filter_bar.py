"""The row of chips under the head: what the list is filtered by, and how many questions it holds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSizePolicy, QWidget

from app.core.dates import Day, year_of
from app.ui.theme.fonts import Role
from app.ui.theme.theme import current
from app.ui.transactions.filters import STATUSES, Filters, spans
from app.ui.widgets.buttons import Chip, LinkButton
from app.ui.widgets.paint import draw_text, text_width
from app.ui.widgets.themed import Themed, pad

if TYPE_CHECKING:
    from collections.abc import Mapping

ALWAYS = ("dates", "accounts", "status", "amount")
"""Chips that show while they filter nothing, in their order; from the right they give way to “Filter”."""
ALL = ("ids", *ALWAYS, "category")
_NAMES = {
    "dates": "Dates", "accounts": "Accounts", "status": "Status", "amount": "Amount", "category": "Category",
    "ids": "These transactions",
}  # fmt: skip


class StayingMenu(QMenu):
    """A menu of things to tick: it stays open until Esc or a click beside it."""

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        action = cast("QAction | None", self.actionAt(event.position().toPoint()))
        if action is not None and action.isCheckable():
            action.trigger()
            return
        super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        action = cast("QAction | None", self.activeAction())
        if event.key() == Qt.Key.Key_Space and action is not None and action.isCheckable():
            action.trigger()
            return
        super().keyPressEvent(event)


class FilterBar(Themed, QWidget):
    """`changed` hands over new filters; `wanted` asks the page for what takes more than a menu."""

    changed = Signal(object)
    wanted = Signal(str)
    """dates, amount or category."""
    review = Signal()

    def __init__(self, today: Callable[[], Day]) -> None:
        super().__init__()
        self._today = today
        self._filters = Filters()
        self._accounts: Mapping[int, str] = {}
        self._questions = 0
        self.chips: dict[str, Chip] = {}
        self._row = QHBoxLayout(self)
        for name in ALL:
            chip = Chip("", "calendar" if name == "dates" else None, menu=True)
            chip.clicked.connect(partial(self.open, name))
            chip.closed.connect(partial(self._close, name))
            self.chips[name] = chip
            self._row.addWidget(chip)
        self.more = Chip("Filter", "plus", dashed=True)
        self.more.setAccessibleName("Add a filter")
        self.more.clicked.connect(self._open_more)
        self._row.addWidget(self.more)
        self._row.addStretch(1)
        self.questions = _Questions()
        self.review_link = LinkButton("Review")
        self.review_link.setAccessibleName("Review the questions on Today")
        self.review_link.clicked.connect(self.review)
        self._row.addWidget(self.questions)
        self._row.addWidget(self.review_link)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.menu: QMenu | None = None
        self.follow_theme()
        self.show_filters(self._filters, {})
        self.show_questions(0)

    def show_filters(self, filters: Filters, accounts: Mapping[int, str]) -> None:
        self._filters, self._accounts = filters, accounts
        words = {
            "ids": filters.ids_words(), "dates": filters.date_words(year_of(self._today())),
            "accounts": filters.account_words(accounts), "status": filters.status_words(),
            "amount": filters.amount_words(), "category": filters.category_words(),
        }  # fmt: skip
        for name, chip in self.chips.items():
            chip.set_words(words[name])
            chip.setAccessibleName(f"{_NAMES[name]}: {words[name]}")
            chip.set_active(active=self._is_active(name))
        self._fit()

    def show_questions(self, count: int) -> None:
        self._questions = count
        self.questions.setVisible(bool(count))
        self.review_link.setVisible(bool(count))
        self._fit()

    def _is_active(self, name: str) -> bool:
        found = self._filters
        return {
            "ids": found.ids is not None, "dates": found.first is not None or found.last is not None,
            "accounts": bool(found.accounts), "status": bool(found.status), "amount": found.has_amount,
            "category": found.category is not None,
        }[name]  # fmt: skip

    # --- room

    def restyle(self) -> None:
        pad(self._row, 24, 0, 24, 14)
        self._row.setSpacing(current().dp(8))
        self.setFixedHeight(current().dp(42))
        if self.chips and hasattr(self, "review_link"):
            self.show_filters(self._filters, self._accounts)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        super().resizeEvent(event)
        self._fit()

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Chips never make the window wider."""
        return QSize(0, current().dp(42))

    def _fit(self) -> None:
        """Show what is in use, then as many of the others as there is room for; the question count shortens first."""
        if not hasattr(self, "review_link"):
            return
        active = [name for name in ALL if self._is_active(name)]
        idle = [name for name in ALWAYS if name not in active]
        short = f"{self._questions:,} to answer"
        long = f"{short} in this view"
        for words in (long, short):
            self.questions.set_words(words)
            if self._needed([*active, *idle]) <= self.width():
                break
        while idle and self._needed([*active, *idle]) > self.width():
            idle.pop()
        for name, chip in self.chips.items():
            chip.setVisible(name in active or name in idle)

    def _needed(self, shown: list[str]) -> int:
        dp = current().dp
        chips = [self.chips[name].sizeHint().width() for name in shown]
        right = (
            self.questions.sizeHint().width() + self.review_link.sizeHint().width() + dp(8) if self._questions else 0
        )
        return sum(chips) + dp(8) * (len(chips) + 2) + self.more.sizeHint().width() + right + dp(48)

    # --- menus

    def open(self, name: str) -> None:
        """Open the menu or the sheet of a filter."""
        if name in {"amount", "category"}:
            self.wanted.emit(name)
        elif name != "ids":
            menu = {"dates": self._dates, "accounts": self._account_menu, "status": self._statuses}[name]()
            self._pop(menu, self.chips[name] if self.chips[name].isVisible() else self.more)

    def _pop(self, menu: QMenu, under: QWidget) -> None:
        self.menu = menu
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(under.mapToGlobal(QPoint(0, under.height() + current().dp(4))))
        if menu.actions():
            menu.setActiveAction(next((a for a in menu.actions() if a.isChecked()), menu.actions()[0]))

    def _dates(self) -> QMenu:
        menu = QMenu(self)
        for words, (first, last) in spans(self._today()):
            on = (self._filters.first, self._filters.last) == (first, last)
            _add(menu, words, on, partial(self._set, first=first, last=last))
        menu.addSeparator()
        menu.addAction("From and to…").triggered.connect(lambda _on=False: self.wanted.emit("dates"))
        return menu

    def _account_menu(self) -> QMenu:
        menu = StayingMenu(self)
        everything = _add(menu, "All accounts", not self._filters.accounts, lambda: self._take_account(menu, None))
        everything.setData(None)
        for number, label in self._accounts.items():
            at = _add(menu, label, number in self._filters.accounts, partial(self._take_account, menu, number))
            at.setData(number)
        return menu

    def _take_account(self, menu: QMenu, number: int | None) -> None:
        chosen = set(self._filters.accounts) ^ {number} if number is not None else set()
        chosen = set() if chosen == set(self._accounts) else chosen
        self._set(accounts=tuple(at for at in self._accounts if at in chosen))
        for action in menu.actions():
            action.setChecked(action.data() in chosen if action.data() is not None else not chosen)

    def _statuses(self) -> QMenu:
        menu = QMenu(self)
        _add(menu, "Any status", not self._filters.status, partial(self._set, status=""))
        for status, words in STATUSES.items():
            _add(menu, words, self._filters.status == status, partial(self._set, status=status))
        return menu

    def _open_more(self) -> None:
        menu = QMenu(self)
        for name in ("dates", "accounts", "status", "amount", "category"):
            menu.addAction(f"{_NAMES[name]}…").triggered.connect(lambda _on=False, name=name: self.open(name))
        menu.addSeparator()
        for words, way in (("Money in only", "in"), ("Money out only", "out")):
            _add(menu, words, self._filters.direction == way,
                 partial(self._set, direction=None if self._filters.direction == way else way))  # fmt: skip
        self._pop(menu, self.more)

    def _close(self, name: str) -> None:
        plain = Filters()
        fields = {
            "ids": ("ids", "of"), "dates": ("first", "last"), "accounts": ("accounts",), "status": ("status",),
            "amount": ("direction", "least", "most"), "category": ("category",),
        }[name]  # fmt: skip
        self._set(**{field: getattr(plain, field) for field in fields})

    def _set(self, **values: Any) -> None:  # noqa: ANN401 - fields of Filters by name
        self.changed.emit(replace(self._filters, **values))


def _add(menu: QMenu, words: str, on: bool, do: Callable[[], None]) -> QAction:  # noqa: FBT001 - whether it is ticked
    action = menu.addAction(words.replace("&", "&&"))
    action.setCheckable(True)
    action.setChecked(on)
    action.triggered.connect(lambda _on=False: do())
    return action


class _Questions(Themed, QWidget):
    """The ring of the table with what it means."""

    def __init__(self) -> None:
        super().__init__()
        self._words = ""
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setToolTip("Transactions that need your answer carry this ring")
        self.follow_theme()

    def set_words(self, words: str) -> None:
        if words != self._words:
            self._words = words
            self.setAccessibleName(words)
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        dp = current().dp
        return QSize(dp(16) + int(text_width(self._words, Role.SMALL)) + 1, dp(24))

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        look, painter = current(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(look.color("warn"), 1.5))
        reach = look.dp(8) / 2 - 0.75
        painter.drawEllipse(QPointF(look.dp(4), self.height() / 2), reach, reach)
        box = QRectF(look.dp(16), 0, self.width() - look.dp(16), self.height())
        draw_text(painter, box, self._words, Role.SMALL, "muted")

"""Paints the questions: tile, name and second line, suggestion with its dots, amount."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QListView

from app.core.books import naming
from app.core.dates import year_of
from app.ui.inbox.model import ENTRY, Entry, Index, QuestionList, is_card
from app.ui.theme.fonts import Role
from app.ui.theme.theme import current
from app.ui.widgets.amount import amount_in
from app.ui.widgets.paint import (
    ALIGN_RIGHT,
    draw_text,
    fill_round,
    monogram,
    paint_dots,
    paint_icon,
    paint_tile,
    text_width,
)
from app.ui.widgets.rows import RowDelegate

if TYPE_CHECKING:
    from app.services.review.inbox import Card

DOTS = {naming.SURE: 3, naming.LIKELY: 2, naming.UNSURE: 1}
_EDGE, _TEXT, _SUGGESTION, _AMOUNT, _CHEVRON = 24, 68, 214, 118, 16
_NARROW_SUGGESTION = 150
_NARROW = 700
_TIGHT = 520
"""Width (at 100 %) under which the suggestion stands in the second line."""


class QuestionDelegate(RowDelegate):
    def __init__(self, view: QListView, model: QuestionList) -> None:
        super().__init__(view)
        self._model = model

    def row_height(self, index: Index) -> int:
        return 54 if is_card(index.data(ENTRY)) else 32

    def ground(self, index: Index) -> str:
        return "surface" if is_card(index.data(ENTRY)) else "sunken"

    def paint_row(self, painter: QPainter, rect: QRectF, index: Index) -> None:
        entry: Entry = index.data(ENTRY)
        if is_card(entry):
            self._card(painter, rect, entry.card)
        else:
            self._member(painter, rect, entry)

    def _columns(self, rect: QRectF) -> tuple[float, float, float]:
        """Return where the suggestion begins, and where the amount begins and ends."""
        dp = current().dp
        end = rect.right() - dp(_EDGE) - dp(_CHEVRON) - dp(12)
        start = end - dp(_AMOUNT)
        if self._is_tight(rect):
            return start + dp(8), start, end
        wide = _NARROW_SUGGESTION if rect.width() < dp(_NARROW) else _SUGGESTION
        return start - dp(8) - dp(wide), start, end

    @staticmethod
    def _is_tight(rect: QRectF) -> bool:
        return rect.width() < current().dp(_TIGHT)

    def _card(self, painter: QPainter, rect: QRectF, card: Card) -> None:
        dp = current().dp
        guess_x, amount_x, amount_end = self._columns(rect)
        tile = QRectF(rect.left() + dp(_EDGE), rect.top() + dp(11), dp(32), dp(32))
        if card.item.id in self._model.marked:
            fill_round(painter, tile, dp(8), "accent")
            paint_icon(painter, "check", tile.center(), 16, "on_accent")
        elif card.legs:
            paint_tile(painter, tile, "", dp(8), icon="transfer")
        else:
            paint_tile(painter, tile, monogram(card.name), dp(8))
        room = guess_x - dp(16) - dp(_TEXT) - rect.left()
        count = text_width(card.count, Role.CAPTION) + dp(8) if card.count else 0
        name = QRectF(rect.left() + dp(_TEXT), rect.top() + dp(8), max(room - count, dp(60)), dp(20))
        width = draw_text(painter, name, card.name, Role.NAME, elide=True)
        if card.count and width + count <= room:
            beside = QRectF(name.left() + width + dp(8), name.top() + dp(1), count, dp(20))
            draw_text(painter, beside, card.count, Role.CAPTION, "muted")
        about = QRectF(name.left(), rect.top() + dp(28), room, dp(16))
        if self._is_tight(rect):
            draw_text(painter, about, card.suggestion, Role.CAPTION, "muted", elide=True)
        else:
            draw_text(painter, about, card.about, Role.CAPTION, "muted", elide=True)
            self._guess(painter, QRectF(guess_x, rect.top(), amount_x - dp(8) - guess_x, rect.height()), card)
        text = amount_in(card.cents, card.currency, plus=not card.legs)
        color = "text" if card.legs or card.cents < 0 else "money_in"
        box = QRectF(amount_x, rect.top(), amount_end - amount_x, rect.height())
        draw_text(painter, box, text, Role.NAME, color, ALIGN_RIGHT)
        many = len(card.item.rows) > 1 and not card.legs
        icon = "chevron-down" if card.item.id in self._model.opened else "chevron-right"
        middle = QPointF(rect.right() - dp(_EDGE) - dp(_CHEVRON) / 2, rect.center().y())
        if many:
            paint_icon(painter, icon, middle, 16, "muted")

    @staticmethod
    def _guess(painter: QPainter, box: QRectF, card: Card) -> None:
        dp = current().dp
        first = QRectF(box.left(), box.top() + dp(8), box.width(), dp(20))
        second = QRectF(box.left(), box.top() + dp(28), box.width(), dp(16))
        draw_text(painter, first, card.suggestion, Role.BODY, elide=True)
        filled = DOTS.get(card.sure, 0)
        if filled:
            paint_dots(painter, second.left(), second.center().y(), filled)
            second.adjust(dp(27), 0, 0, 0)
        draw_text(painter, second, card.sure, Role.CAPTION, "muted", elide=True)

    def _member(self, painter: QPainter, rect: QRectF, entry: Entry) -> None:
        dp = current().dp
        left = rect.left() + dp(_TEXT)
        if entry.row is None:
            draw_text(painter, rect.adjusted(dp(_TEXT), 0, 0, 0), f"and {entry.more} more", Role.SMALL, "muted")
            return
        guess_x, amount_x, amount_end = self._columns(rect)
        row = entry.row
        day = naming.day_words(row.tax_date, year_of(entry.card.newest))
        draw_text(painter, QRectF(left, rect.top(), dp(60), rect.height()), day, Role.SMALL, "muted")
        text = QRectF(left + dp(64), rect.top(), guess_x - dp(16) - left - dp(64), rect.height())
        draw_text(painter, text, row.text, Role.SMALL, "muted", elide=True)
        guess = QRectF(guess_x, rect.top(), amount_x - dp(8) - guess_x, rect.height())
        if not self._is_tight(rect):
            draw_text(painter, guess, row.account, Role.SMALL, "muted", elide=True)
        box = QRectF(amount_x, rect.top(), amount_end - amount_x, rect.height())
        draw_text(painter, box, amount_in(row.cents, row.currency), Role.SMALL_STRONG, "text", ALIGN_RIGHT)


def chevron_hit(view: QListView, point: QPointF) -> bool:
    """Return whether a press lies on the chevron at the right end of a row."""
    return point.x() > view.viewport().width() - current().dp(_EDGE + _CHEVRON + 12)


__all__ = ["QuestionDelegate", "chevron_hit"]

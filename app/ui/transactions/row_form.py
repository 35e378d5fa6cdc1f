"""What can be changed of a transaction right in its pane: each field is saved when it is left."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from app.core.books import naming
from app.core.books.vocabulary import PROFIT_KINDS
from app.core.dates import Day, iso, year_of
from app.core.money import rate_text
from app.ui.sheets.split_sheet import percent_typed
from app.ui.theme.fonts import Role
from app.ui.theme.theme import current
from app.ui.transactions.model import with_line
from app.ui.widgets.buttons import Button
from app.ui.widgets.fields import DateEdit, LineEdit
from app.ui.widgets.paint import draw_text, paint_icon, paint_round
from app.ui.widgets.pane import Section
from app.ui.widgets.text import Label
from app.ui.widgets.themed import Themed

if TYPE_CHECKING:
    from app.ui.transactions.model import Line

_LABEL = 104


class RowForm(Section):
    category_wanted = Signal()
    value_typed = Signal(int, str, str)
    """Transaction id, the name of the value, what was typed."""

    def __init__(self, today: Day) -> None:
        super().__init__()
        self._row_id: int | None = None
        self._saved: dict[str, str] = {}
        self.category = PickButton()
        self.category.clicked.connect(self.category_wanted)
        self.share = LineEdit("100", size=32, name="Business share in percent")
        self.payee = LineEdit("", size=32, name="Payee")
        self.note = LineEdit("Add a note", size=32, name="Note")
        self.tags = LineEdit("Words, parted by spaces", size=32, name="Tags")
        self.day = DateEdit(today, size=32, name="Tax date")
        self._edits: dict[str, LineEdit] = {
            "business_percent": self.share, "merchant": self.payee, "note": self.note, "tags": self.tags,
            "date": self.day,
        }  # fmt: skip
        self._asks = Label("", Role.CAPTION, "warn", wrap=True)
        self._share_row = _FormRow("Business share", self.share)
        self.add(_FormRow("Category", self.category))
        self.add(self._asks, 6)
        for row in (
            self._share_row, _FormRow("Payee", self.payee), _FormRow("Note", self.note), _FormRow("Tags", self.tags),
            _FormRow("Tax date", self.day),
        ):  # fmt: skip
            self.add(row, 8)
        for name, edit in self._edits.items():
            edit.editingFinished.connect(partial(self._typed, name))
        self._day_note = Label("", Role.CAPTION, "muted", wrap=True)
        self.add(self._day_note, 6)

    # --- what is shown

    def show_line(self, line: Line) -> None:
        """Show a row; what a person types just now in a field of the same row stays."""
        row, shown = line
        fresh = row.id != self._row_id
        self._row_id = row.id
        deleted = row.status == "deleted"
        self.category.set_words("Deleted" if deleted else with_line(shown.category, shown.line))
        self.category.setEnabled(not deleted)
        self.category.setAccessibleName(f"Category: {self.category.words()}")
        sure = naming.confidence_word(row.confidence)
        has_none = sure == naming.NO_SUGGESTION
        self._asks.setText(
            "Choose a category." if has_none else f"A suggestion, {sure}. Confirm it, or choose another category."
        )
        self._asks.setVisible(shown.has_question)
        on_form = row.kind in PROFIT_KINDS and row.line != "NONE" and not row.is_split and not deleted
        self._share_row.setVisible(on_form)
        self._fill("business_percent", self.share, rate_text(row.percent), fresh=fresh)
        self._fill("note", self.note, row.note or "", fresh=fresh)
        self._fill("tags", self.tags, row.tags, fresh=fresh)
        self.payee.setPlaceholderText(shown.payee)
        if fresh:
            self._fill("merchant", self.payee, "", fresh=True)
        if fresh or not self.day.hasFocus():
            self.day.set_day(row.tax_date)
            self._saved["date"] = iso(row.tax_date)
        moved = row.tax_date != row.posted_date
        self._day_note.setText(
            f"Counts in {year_of(row.tax_date)}. The bank booked it on {naming.date_words(row.posted_date)}."
        )
        self._day_note.setVisible(moved)
        for edit in self._edits.values():
            edit.setEnabled(not deleted)

    def show_own_payee(self, text: str) -> None:
        """Show the payee that a person gave the row."""
        self._fill("merchant", self.payee, text, fresh=False)

    def _fill(self, name: str, edit: LineEdit, text: str, *, fresh: bool) -> None:
        """Fill a field, but not under the hands of the person who types in it."""
        if fresh or not (edit.hasFocus() and edit.text() != self._saved.get(name)):
            edit.setText(text)
            edit.setCursorPosition(0)
        self._saved[name] = text

    def forget(self) -> None:
        self._row_id = None
        for edit in self._edits.values():
            edit.clear()

    def tab_stops(self) -> list[QWidget]:
        return [self.category, *self._edits.values()]

    # --- what is typed

    def _typed(self, name: str) -> None:
        edit = self._edits[name]
        if self._row_id is None:
            return
        value = self._value(name, edit)
        edit.set_wrong(wrong=value is None)
        if value is not None and value != self._saved.get(name, ""):
            self._saved[name] = value
            self.value_typed.emit(self._row_id, name, value)

    def _value(self, name: str, edit: LineEdit) -> str | None:
        if name == "business_percent":
            return percent_typed(edit.text())
        if name != "date":
            return edit.text().strip()
        try:
            day = self.day.day()
        except ValueError:
            return None
        return None if day is None else iso(day)


class PickButton(Button):
    """A button that looks like a field: what is chosen at the left, a chevron at the right."""

    def __init__(self) -> None:
        super().__init__("", icon="tag")
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        look, painter = current(), QPainter(self)
        box, dp = QRectF(self.rect()), look.dp
        on = self.isEnabled()
        paint_round(painter, box, dp(8), "hover" if self._over_now() else "surface", "control" if on else "border")
        middle = box.center().y()
        paint_icon(painter, "tag", QPointF(dp(12) + dp(8), middle), 16)
        words = box.adjusted(dp(36), 0, -dp(36) if on else -dp(12), 0)
        draw_text(painter, words, self.words(), Role.SMALL, "text" if on else "faint", elide=True)
        if on:
            paint_icon(painter, "chevron-down", QPointF(box.right() - dp(18), middle), 14)


class _FormRow(Themed, QWidget):
    """A muted word and its field beside it."""

    def __init__(self, words: str, edit: QWidget) -> None:
        super().__init__()
        self._label = Label(words, Role.SMALL, "muted")
        self._label.setBuddy(edit)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.addWidget(self._label)
        self._row.addWidget(edit, 1)
        self.follow_theme()

    def restyle(self) -> None:
        self._row.setSpacing(current().dp(8))
        self._label.setFixedWidth(current().dp(_LABEL))
        self.setFixedHeight(current().dp(32))

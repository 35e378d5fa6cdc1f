"""The pane of one transaction: everything that can be said of it, each change saved at once."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.core.books import naming
from app.core.books.vocabulary import PROFIT_KINDS
from app.core.dates import Day, day_of, iso, year_of
from app.core.money import WHOLE, rate_text
from app.ui.split_sheet import percent_typed
from app.ui.theme.fonts import Role
from app.ui.theme.theme import current
from app.ui.transactions.model import amount_of
from app.ui.transactions.why import Reasons
from app.ui.widgets.amount import AmountLabel
from app.ui.widgets.buttons import Button, IconButton, LinkButton
from app.ui.widgets.card import Fact
from app.ui.widgets.fields import DateEdit, LineEdit
from app.ui.widgets.paint import draw_text, monogram, paint_icon, paint_round
from app.ui.widgets.pane import Pane, Section
from app.ui.widgets.pressable import Pressable
from app.ui.widgets.text import ElidedLabel, Label
from app.ui.widgets.themed import Themed, clear, pad
from app.ui.widgets.tile import Tile

if TYPE_CHECKING:
    from app.services.explaining import Explained
    from app.services.row_detail import Detail, Linked, Step
    from app.ui.transactions.model import Line

WIDTH = 380
_LABEL = 104
LINKS = {
    "transfer": "Own transfer with", "card_payment": "Card payment with", "payout": "Payout of", "refund": "Refund of",
    "chargeback": "Chargeback of", "reimbursement": "Reimbursement of", "duplicate": "Duplicate of",
    "funding": "The same money as",
}  # fmt: skip


class RowPane(Pane):
    """Shows one row; what it cannot do itself it asks the page for."""

    closed = Signal()
    category_wanted = Signal()
    split_wanted = Signal()
    join_wanted = Signal()
    value_typed = Signal(int, str, str)
    """Transaction id, the name of the value, what was typed."""
    row_wanted = Signal(int)
    unlink_wanted = Signal(int, int)
    undo_wanted = Signal(int)

    do_wanted = Signal(str)
    """confirm, split, transfer, delete or restore."""

    def __init__(self, today: Day) -> None:
        super().__init__(WIDTH, "Details of the transaction")
        self.shown_id: int | None = None
        self._account = ""
        self._saved: dict[str, str] = {}
        self.close_button: Pressable = IconButton("close", "Close the details", "small", framed=False)
        self.category = PickButton()
        self.category.clicked.connect(self.category_wanted)
        self.share = LineEdit("100", size=32, name="Business share in percent")
        self.payee = LineEdit("", size=32, name="Payee")
        self.note = LineEdit("Add a note", size=32, name="Note")
        self.tags = LineEdit("Words, parted by spaces", size=32, name="Tags")
        self.day = DateEdit(today, size=32, name="Tax date")
        self._rows: dict[str, _FormRow] = {}
        self._asks = Label("", Role.CAPTION, "warn", wrap=True)
        form = Section()
        for name, words, edit in (
            ("category", "Category", self.category), ("business_percent", "Business share", self.share),
            ("merchant", "Payee", self.payee), ("note", "Note", self.note), ("tags", "Tags", self.tags),
            ("date", "Tax date", self.day),
        ):  # fmt: skip
            self._rows[name] = _FormRow(words, edit)
            form.add(self._rows[name], 0 if name == "category" else 8)
            if name == "category":
                form.add(self._asks, 6)
            if isinstance(edit, LineEdit):
                edit.editingFinished.connect(partial(self._typed, name))
        self._day_note = Label("", Role.CAPTION, "muted", wrap=True)
        form.add(self._day_note, 6)
        self.add_section(form)
        self.parts = _List("Parts")
        self.links = _List("Belongs to")
        self.why = _List("Why")
        self._why_open = False
        self.source = _List("Where it comes from")
        self.history = _List("History")
        for part in (self.parts, self.links, self.why, self.source, self.history):
            self.add_section(part.section)
            part.fill([])
        self._foot()

    def _foot(self) -> None:
        self.buttons: dict[str, Button] = {}
        for name, words, kind in (
            ("confirm", "Confirm", "primary"), ("split", "Split…", "plain"), ("transfer", "Transfer", "plain"),
            ("delete", "Delete…", "plain"), ("restore", "Restore", "plain"),
        ):  # fmt: skip
            button = Button(words, kind, size="foot")
            button.clicked.connect(partial(self._do, name))
            self.buttons[name] = button
            self.add_foot(button, 1)

    def _do(self, name: str) -> None:
        self.do_wanted.emit(name)

    # --- what is shown

    def show_line(self, line: Line, account: str) -> None:
        """Show what the list knows of a row already; the rest follows with `show_detail`."""
        row, shown = line
        fresh = row.id != self.shown_id
        self.shown_id = row.id
        foreign = amount_of(row)
        amount = Label(foreign, Role.CARD_TITLE) if foreign else AmountLabel(row.cents, Role.CARD_TITLE)
        self._account = account
        head = _Head(shown.payee, naming.day_words(row.tax_date, 0), amount)
        head.close_button.clicked.connect(self.closed)
        self.close_button = head.close_button
        self.set_header(head)
        deleted = row.status == "deleted"
        self.category.set_words("Deleted" if deleted else _with_line(shown.category, shown.line))
        self.category.setEnabled(not deleted)
        self.category.setAccessibleName(f"Category: {self.category.words()}")
        sure = naming.confidence_word(row.confidence)
        has_none = sure == naming.NO_SUGGESTION
        self._asks.setText(
            "Choose a category." if has_none else f"A suggestion, {sure}. Confirm it, or choose another category."
        )
        self._asks.setVisible(shown.has_question)
        on_form = row.kind in PROFIT_KINDS and row.line != "NONE" and not row.is_split and not deleted
        self._rows["business_percent"].setVisible(on_form)
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
            f"Counts in {year_of(row.tax_date)}. The bank booked it on {naming.day_words(row.posted_date, 0)}."
        )
        self._day_note.setVisible(moved)
        for name, foot in self.buttons.items():
            foot.setVisible((name == "restore") == deleted)
        self.buttons["confirm"].setVisible(shown.has_question)
        self.buttons["transfer"].setVisible(not shown.has_question and not deleted)
        for edit in (self.share, self.payee, self.note, self.tags, self.day):
            edit.setEnabled(not deleted)
        if fresh:
            for part in (self.parts, self.links, self.why, self.source, self.history):
                part.fill([])
            self.scroller.verticalScrollBar().setValue(0)

    def _fill(self, name: str, edit: LineEdit, text: str, *, fresh: bool) -> None:
        """Fill a field, but not under the hands of the person who types in it."""
        if fresh or not (edit.hasFocus() and edit.text() != self._saved.get(name)):
            edit.setText(text)
            edit.setCursorPosition(0)
        self._saved[name] = text

    def show_detail(self, detail: Detail) -> None:
        row = detail.row
        if row.id != self.shown_id:
            return
        self._fill("merchant", self.payee, detail.own_payee, fresh=False)
        self.parts.fill(self._parts(detail))
        self.links.fill([self._link(row.id, linked) for linked in detail.links])
        self.why.fill([self._reasons(detail.why)] if detail.why is not None else [])
        self.source.fill(self._source(detail))
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
            words = _with_line(naming.category(part.kind, part.line), naming.line_code(part.line, year))
            share = "" if part.percent == WHOLE else f", {rate_text(part.percent)} %"
            found.append(_Amounted(f"{words}{share}", part.cents))
        change, join = LinkButton("Change the parts"), LinkButton("Join again")
        change.clicked.connect(self.split_wanted)
        join.clicked.connect(self.join_wanted)
        return [*found, _Across(change, join)]

    def _source(self, detail: Detail) -> list[QWidget]:
        row = detail.row
        found: list[QWidget] = []
        if detail.deleted_because:
            found.append(Label(f"Deleted: {detail.deleted_because}", Role.SMALL, wrap=True))
        found.append(Label(row.text, Role.SMALL, wrap=True).selectable())
        line = f", line {row.file_line}" if row.file_line else ""
        found.append(Fact("File", f"{row.file}{line}" if row.file else "Entered by hand", 24))
        found.append(Fact("Account", self._account, 24))
        found.append(Fact("Booked by the bank", naming.day_words(row.posted_date, 0), 24))
        if row.fee_cents is not None and row.gross_cents is not None:
            found.append(Fact("Gross", AmountLabel(row.gross_cents, Role.SMALL, plain=True), 24))
            found.append(Fact("Fee", AmountLabel(row.fee_cents, Role.SMALL, plain=True), 24))
        return found

    def _link(self, own_id: int, linked: Linked) -> QWidget:
        words = f"{LINKS[linked.type]} {linked.payee}, {naming.day_words(linked.row.tax_date, 0)}"
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

    # --- what is typed

    def _typed(self, name: str) -> None:
        edit = {"business_percent": self.share, "merchant": self.payee, "note": self.note, "tags": self.tags,
                "date": self.day}[name]  # fmt: skip
        if self.shown_id is None:
            return
        value = self._value(name, edit)
        edit.set_wrong(wrong=value is None)
        if value is not None and value != self._saved.get(name, ""):
            self._saved[name] = value
            self.value_typed.emit(self.shown_id, name, value)

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

    def focus_on(self, name: str) -> None:
        """Take the focus to a field, or show a section."""
        edits = {"note": self.note, "category": self.category}
        if name in edits:
            edits[name].setFocus(Qt.FocusReason.ShortcutFocusReason)
        elif name == "history":
            self.scroller.ensureWidgetVisible(self.history.section)
            bar = self.scroller.verticalScrollBar()
            bar.setValue(bar.maximum())

    def set_leading(self, *, on: bool) -> None:
        """Make Confirm the one primary button of the window, or leave that to the bar of the marked rows."""
        self.buttons["confirm"].set_kind("primary" if on else "plain")

    def tab_stops(self) -> list[QWidget]:
        """Return what stays in the pane whatever row it shows, in reading order."""
        return [self.category, self.share, self.payee, self.note, self.tags, self.day, *self.buttons.values()]

    def forget(self) -> None:
        self.shown_id = None
        for edit in (self.share, self.payee, self.note, self.tags, self.day):
            edit.clear()
        for part in (self.parts, self.links, self.why, self.source, self.history):
            part.fill([])
        self.set_header(QWidget(), line=False)


def _with_line(words: str, code: str) -> str:
    """Return a category with its line: `Travel, line 24a`."""
    if code == naming.DASH:
        return words
    return f"{words}, line {code}" if code[:1].isdigit() else f"{words}, {code}"


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


class _Head(Themed, QWidget):
    """Tile, the whole payee, under it the day and the amount."""

    def __init__(self, payee: str, day: str, amount: QWidget) -> None:
        super().__init__()
        self.close_button = IconButton("close", "Close the details", "small", framed=False)
        self._row = QHBoxLayout(self)
        self._row.addWidget(Tile(monogram(payee), 40), 0, Qt.AlignmentFlag.AlignVCenter)
        texts = QVBoxLayout()
        texts.setSpacing(0)
        texts.addWidget(ElidedLabel(payee, Role.PANE_TITLE))
        second = QHBoxLayout()
        second.addWidget(Label(day, Role.SMALL, "muted"))
        second.addStretch(1)
        second.addWidget(amount)
        texts.addLayout(second)
        self._row.addLayout(texts, 1)
        self._row.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignTop)
        self.follow_theme()

    def restyle(self) -> None:
        pad(self._row, 20, 18, 16, 18)
        self._row.setSpacing(current().dp(12))


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

"""The pane of the page: the ladder, the whole worksheet, or the form for a payment."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.services.tax.tax_page import DepositRow, Part
from app.services.tax.tax_rows import BankRow
from app.ui.runtime.clipboard import clipboard
from app.ui.taxes import view_model
from app.ui.taxes.hero import Swatch
from app.ui.taxes.ladder import Ladder
from app.ui.taxes.payment_form import PaymentForm
from app.ui.taxes.view_model import Loaded, private, rate_text, shown_steps, worksheet_text
from app.ui.taxes.worksheet import Worksheet
from app.ui.theme.fonts import Role
from app.ui.theme.theme import current
from app.ui.widgets.amount import AmountLabel, amount_text
from app.ui.widgets.bars import SplitBar
from app.ui.widgets.buttons import Button, IconButton, KeyCap
from app.ui.widgets.live import LiveLabel
from app.ui.widgets.paint import ALIGN_RIGHT, draw_text
from app.ui.widgets.pane import Pane, PaneTitle
from app.ui.widgets.text import Label
from app.ui.widgets.themed import Themed, clear, pad

WIDTH = 392
PART_COLORS = ("s1", "s2", "s5")
LADDER, WORKSHEET, PAYMENT = "ladder", "worksheet", "payment"


class TaxPane(Pane):
    """`view` is ladder, worksheet or payment. `closed` asks the page to close the pane where it lies over the page."""

    show_rows = Signal(tuple)
    wants_rows = Signal(str)
    wants_bank_rows = Signal(int, int)
    record = Signal(dict)
    closed = Signal()
    changed = Signal()
    """Another view is shown."""

    def __init__(self) -> None:
        super().__init__(WIDTH, "How is this computed?")
        self.view = ""
        self.overlays = False
        self.loaded: Loaded | None = None
        self.ladder: Ladder | None = None
        self.worksheet: Worksheet | None = None
        self.form: PaymentForm | None = None
        self._close: IconButton | None = None

    def show_loaded(self, loaded: Loaded) -> None:
        """Show other figures. A form that is being filled in stays as it is."""
        self.loaded = loaded
        if self.view == PAYMENT:
            return
        if self.view == WORKSHEET:
            place = self.scroller.verticalScrollBar().value()
            self.show_worksheet()
            self.scroller.verticalScrollBar().setValue(place)
        elif self.ladder is None:
            self.show_ladder()
        else:
            self.ladder.show_steps(shown_steps(loaded))
            self._below.show_loaded(loaded)

    def set_overlays(self, *, overlays: bool) -> None:
        self.overlays = overlays
        if self._close is not None and self.view == LADDER:
            self._close.setVisible(overlays)

    # --- the three views

    def show_ladder(self) -> None:
        if self.loaded is None:
            return
        self._start(LADDER, "How is this computed?")
        self.ladder = Ladder()
        self.ladder.wants_rows.connect(self.wants_rows)
        self.ladder.show_rows.connect(self.show_rows)
        self.ladder.show_steps(shown_steps(self.loaded))
        self._below = Below()
        self._below.show_loaded(self.loaded)
        self.body.addWidget(self.ladder)
        self.ladder.show()
        self.add_section(self._below)
        self.changed.emit()

    def show_worksheet(self) -> None:
        if self.loaded is None:
            return
        copy = Button("Copy", size="small")
        copy.clicked.connect(self._copy)
        self._start(WORKSHEET, "Worksheet", copy)
        self.worksheet = Worksheet(self.loaded.page.worksheet, self.scroller)
        self.body.addWidget(self.worksheet)
        self.worksheet.show()
        self.changed.emit()

    def show_payment(self, states: Sequence[str], row: BankRow | None) -> None:
        if self.loaded is None:
            return
        self._start(PAYMENT, "Record a payment")
        self.form = PaymentForm(self.loaded.today, self.loaded.page.year, states, self.loaded.unrecorded)
        self.form.wants_rows.connect(self.wants_bank_rows)
        self.form.submitted.connect(self.record)
        self.form.cancelled.connect(self.back)
        if row is not None:
            self.form.choose(row)
        self.add_section(self.form)
        done, cancel = Button("Record", "primary", size="foot"), Button("Cancel", size="foot")
        done.clicked.connect(self.form.submit)
        cancel.clicked.connect(self.back)
        self.add_foot(done, 1)
        self.add_foot(cancel)
        done.show()
        cancel.show()
        self.changed.emit()

    def back(self) -> None:
        """Leave the worksheet or the form; from the ladder, close the pane."""
        if self.view != LADDER:
            self.show_ladder()
        self.closed.emit()

    def focus_view(self) -> None:
        if self.view == PAYMENT and self.form is not None:
            self.form.amount.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self.form.amount.selectAll()
        elif self.view == WORKSHEET and self.worksheet is not None:
            self.worksheet.setFocus(Qt.FocusReason.ShortcutFocusReason)
        elif self.ladder is not None:
            self.ladder.focus_first()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt
        if event.key() == Qt.Key.Key_Escape and self.view != LADDER:
            self.back()
            return
        super().keyPressEvent(event)

    def _start(self, view: str, title: str, extra: QWidget | None = None) -> None:
        self.view = view
        self.ladder = self.worksheet = self.form = None
        self.clear_sections()
        self.clear_foot()
        head = PaneTitle(title)
        if extra is not None:
            head.add_right(extra)
        if view == LADDER:
            cap = KeyCap("H", "Go to the steps")
            cap.clicked.connect(self.focus_view)
            head.add_right(cap)
        self._close = IconButton("close", "Close" if view == LADDER else "Back to the steps", "small", framed=False)
        self._close.clicked.connect(self.back)
        head.add_right(self._close)
        self._close.setVisible(view != LADDER or self.overlays)
        self.set_header(head, line=view != LADDER)
        self.setAccessibleName(title)

    def _copy(self) -> None:
        if self.loaded is not None:
            clipboard().copy(worksheet_text(self.loaded.page))


class Below(Themed, QWidget):
    """Under the ladder: what the newest deposit sets aside, and what must be said beside every tax figure."""

    def __init__(self) -> None:
        super().__init__()
        self._title = LiveLabel(str, Role.SMALL_TITLE)
        self._rate = Label("", Role.SMALL, "muted")
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(self._rate)
        self._bar = SplitBar(height=10)
        self._parts = QVBoxLayout()
        self._parts.setSpacing(0)
        self._split = QWidget()
        self._split_column = QVBoxLayout(self._split)
        self._split_column.addLayout(head)
        self._split_column.addWidget(self._bar)
        self._marginal = LiveLabel(str, Role.CAPTION, "muted", wrap=True)
        self._split_column.addLayout(self._parts)
        self._split_column.addWidget(self._marginal)
        self._hint = Label("Press a step for its worksheet and its transactions.",
                           Role.CAPTION, "muted", wrap=True)  # fmt: skip
        self._missing_title = Label("What is not in it", Role.SMALL_TITLE)
        self._missing = LiveLabel(str, Role.CAPTION, "muted", wrap=True)
        self._rests_title = Label("What was assumed", Role.SMALL_TITLE)
        self._rests = LiveLabel(str, Role.CAPTION, "muted", wrap=True)
        self._column = QVBoxLayout(self)
        self._column.addWidget(self._split)
        self._column.addWidget(self._hint)
        titled = ((self._missing_title, self._missing), (self._rests_title, self._rests))
        for title, words in titled:
            self._column.addWidget(title)
            self._column.addWidget(words)
        self.follow_theme()

    def restyle(self) -> None:
        pad(self._column, 0, 0, 0, 0)
        self._column.setSpacing(current().dp(12))
        pad(self._split_column, 0, 0, 0, 0)
        self._split_column.setSpacing(current().dp(8))

    def show_loaded(self, loaded: Loaded) -> None:
        page = loaded.page
        newest = page.deposits[0] if page.deposits else None
        self._split.setVisible(newest is not None and bool(page.newest_parts))
        if newest is not None and page.newest_parts:
            self._show_split(newest, page.newest_parts)
        self._marginal.set_words(lambda: view_model.marginal_line(page))
        self._missing.set_words(lambda: private("\n".join(view_model.not_in_it(loaded))))
        self._rests.set_words(lambda: private("\n".join(page.assumptions)))
        self._rests_title.setVisible(bool(page.assumptions))

    def _show_split(self, newest: DepositRow, parts: Sequence[Part]) -> None:
        self._title.set_words(lambda: f"Of the {amount_text(newest.cents)} deposit")
        self._rate.setText(rate_text(newest.rate))
        colored = list(zip(parts, PART_COLORS, strict=False))
        self._bar.set_parts(
            [(part.cents, color, part.label) for part, color in colored], newest.cents - newest.set_aside_cents
        )
        clear(self._parts)
        for part, color in colored:
            self._parts.addWidget(PartRow(part, color))


class PartRow(Themed, QWidget):
    """One tax in a deposit: mark, name, rate, amount; 28 high."""

    def __init__(self, part: Part, color: str) -> None:
        super().__init__()
        self._rate = rate_text(part.rate)
        self._row = QHBoxLayout(self)
        self._row.addWidget(Swatch(color), 0, Qt.AlignmentFlag.AlignVCenter)
        self._row.addWidget(Label(part.label, Role.SMALL), 1)
        self._amount = AmountLabel(part.cents, Role.SMALL_STRONG, plain=True)
        self._row.addWidget(self._amount)
        self.setAccessibleName(f"{part.label} {self._rate}")
        self.follow_theme()

    def restyle(self) -> None:
        self.setFixedHeight(current().dp(28))
        pad(self._row, 0, 0, 0, 0)
        self._row.setSpacing(current().dp(9))

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt
        box = QRectF(0, 0, self.width() - current().dp(104), self.height())
        draw_text(QPainter(self), box, self._rate, Role.SMALL, "muted", ALIGN_RIGHT)

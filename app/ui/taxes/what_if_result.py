"""The answer of “What if”: before, after and difference by tax; the changed lines; a curve with its table."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.ui.taxes import what_if_model as model
from app.ui.taxes.what_if_model import Found
from app.ui.taxes.worksheet import LineView
from app.ui.theme.fonts import Role
from app.ui.theme.theme import current
from app.ui.widgets.amount import amount_text, whole_text
from app.ui.widgets.buttons import LinkButton
from app.ui.widgets.card_table import CardTable, Row
from app.ui.widgets.cell import Cell
from app.ui.widgets.flow import Flow
from app.ui.widgets.line_chart import LineChart, Mark, Series
from app.ui.widgets.live import LiveFigure, LiveLabel
from app.ui.widgets.text import Label
from app.ui.widgets.themed import Themed, clear, pad

if TYPE_CHECKING:
    from app.core.tax.what_if import LineChange

TAX_HEADS, TAX_WIDTHS = ("Tax", ">As expected", ">Changed", ">Difference"), (0, 108, 108, 116)
LINE_HEADS, LINE_WIDTHS = ("Line", "Where", ">As expected", ">Changed"), (0, 280, 124, 124)
CURVE_HEADS, CURVE_WIDTHS = (">Amount", ">All taxes", ">Difference"), (120, 0, 140)
CURVE_ROWS_HEIGHT = 212


class Result(Themed, QWidget):
    """Shows what was found. `below` holds what takes the whole width: the changed lines and what was assumed."""

    grew = Signal()
    """It needs more room, or less."""

    def __init__(self) -> None:
        super().__init__()
        self._found: Found | None = None
        self.caption = Label("", Role.CAPTION_STRONG, "muted")
        self.figure = LiveFigure(str, Role.FIGURE_M)
        self.taxes = CardTable("Taxes before and after", TAX_HEADS, TAX_WIDTHS, (1,))
        self.chart = LineChart(176)
        self.curve = CardTable("All taxes over the amount", CURVE_HEADS, CURVE_WIDTHS, (), CURVE_ROWS_HEIGHT)
        self.turn_curve = LinkButton("Show as table")
        self.turn_curve.clicked.connect(self._turn_curve)
        self.over = LiveLabel(str, Role.SMALL_STRONG)
        self.next = LiveLabel(str, Role.SMALL, "muted", wrap=True)
        self.even = LiveLabel(str, Role.SMALL, wrap=True)
        self.credit = LiveLabel(str, Role.SMALL, "warn", wrap=True)
        self.lines = CardTable("Lines that change", LINE_HEADS, LINE_WIDTHS, (1,))
        self.lines.row_activated.connect(self.open_line)
        self.lines.clicked.connect(lambda index: self.open_line(index.row()))
        self.turn_lines = LinkButton("")
        self.turn_lines.clicked.connect(self._turn_lines)
        self._detail = QVBoxLayout()
        self.notes = LiveLabel(str, Role.CAPTION, "muted", wrap=True)
        self._lay_out()
        self.follow_theme()

    def _lay_out(self) -> None:
        links = Flow()
        links.addWidget(self.turn_curve)
        links.addWidget(self.turn_lines)
        self._column = QVBoxLayout(self)
        for part in (
            self.caption,
            self.figure,
            self.taxes,
            self.over,
            self.chart,
            self.curve,
            self.next,
            self.even,
            self.credit,
        ):
            self._column.addWidget(part)
        self._column.addLayout(links)
        self._column.addStretch(1)
        self.below = QWidget()
        self._under = QVBoxLayout(self.below)
        self._under.addWidget(self.lines)
        self._under.addLayout(self._detail)
        self._under.addWidget(self.notes)
        self.curve.hide()
        self.lines.hide()

    def restyle(self) -> None:
        pad(self._column, 0, 0, 0, 0)
        self._column.setSpacing(current().dp(6))
        pad(self._under, 0, 0, 0, 0)
        self._under.setSpacing(current().dp(8))
        if self._found is not None:
            self.show_found(self._found)

    @property
    def found(self) -> Found | None:
        return self._found

    def show_found(self, found: Found) -> None:
        self._found = found
        self.caption.setText(f"All taxes of {found.answer.year}, as expected and changed")
        self.figure.set_words(partial(model.difference_words, found))
        self.taxes.show_rows(_tax_rows(found))
        self.over.set_words(lambda: f"All taxes over “{found.question.label}”")
        self._show_curve(found)
        self.next.set_words(partial(model.next_words, found))
        self.even.set_words(partial(model.even_words, found))
        self.even.setVisible(bool(model.even_words(found)))
        self.credit.set_words(partial(model.credit_words, found))
        self.credit.setVisible(bool(model.credit_words(found)))
        changed = found.answer.changes
        self.turn_lines.setVisible(bool(changed))
        self.lines.show_rows([_line_row(each) for each in changed])
        if not changed:
            self.lines.hide()
        clear(self._detail)
        self._tell()
        self.notes.set_words(partial(model.notes, found))

    def _show_curve(self, found: Found) -> None:
        here = found.here()
        points = [(found.more(point), point.tax) for point in found.points]
        at = {found.question.low, 0, found.question.high}
        self.chart.show_series(
            [Series("All taxes", "c_in", points)], lambda cents: whole_text(cents, plus=found.question.low < 0),
            whole_text, words=model.curve_words(found),
            marks=[Mark(here, found.after, amount_text(found.after), "accent")], at=sorted(at),
        )  # fmt: skip
        rows: list[Row] = [
            (
                Cell(kind="amount", cents=more, plain=True),
                Cell(kind="amount", cents=tax, plain=True),
                _change(tax - found.before),
            )
            for more, tax in points
        ]
        self.curve.show_rows(rows)

    def _turn_curve(self) -> None:
        shown = self.curve.isHidden()
        self.curve.setVisible(shown)
        self.chart.setVisible(not shown)
        self._tell()

    def _turn_lines(self) -> None:
        self.lines.setVisible(self.lines.isHidden())
        clear(self._detail)
        self._tell()

    def _tell(self) -> None:
        self.turn_curve.set_words("Show as table" if self.curve.isHidden() else "Show as curve")
        count = len(self._found.answer.changes) if self._found is not None else 0
        lines = "the line that changes" if count == 1 else f"the {count} lines that change"
        self.turn_lines.set_words(f"{'Show' if self.lines.isHidden() else 'Hide'} {lines}")
        self.grew.emit()

    def open_line(self, row: int) -> None:
        """Show how a changed line is worked out."""
        found = self._found
        clear(self._detail)
        if found is None or not 0 <= row < len(found.answer.changes):
            return
        change = found.answer.changes[row]
        line = model.line_of(found.answer.after, change) or model.line_of(found.answer.before, change)
        if line is not None:
            self._detail.addWidget(LineView(line))
            self.grew.emit()


def _tax_rows(found: Found) -> list[Row]:
    rows: list[Row] = [
        (
            Cell(text=label),
            Cell(kind="amount", cents=before, plain=True, quiet=True),
            Cell(kind="amount", cents=after, plain=True),
            _change(after - before),
        )
        for label, before, after in model.by_tax(found.answer)
    ]
    rows.append(
        (
            Cell(kind="strong", text="All taxes"),
            Cell(kind="amount", cents=found.before, plain=True, quiet=True),
            Cell(kind="amount", cents=found.after, plain=True),
            _change(found.after - found.before),
        )
    )
    return rows


def _change(cents: int) -> Cell:
    if not cents:
        return Cell(kind="muted", text="same", right=True)
    return Cell(kind="amount", cents=cents, color="text", spoken=f"{amount_text(abs(cents))} {_way(cents)}")


def _way(cents: int) -> str:
    return "more" if cents > 0 else "less"


def _line_row(change: LineChange) -> Row:
    where = f"{change.form}, {change.line}" if change.line else change.form
    return (
        Cell(kind="name", text=change.label, tip=change.label),
        Cell(kind="muted", text=where, tip=where),
        Cell(kind="amount", cents=change.before, plain=True, quiet=True),
        Cell(kind="amount", cents=change.after, plain=True),
    )

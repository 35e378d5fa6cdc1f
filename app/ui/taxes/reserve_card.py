"""The reserve against what was needed over the year: a chart, its table, and in words when it was enough."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.core.books import naming
from app.core.dates import Day, date_of, day_of
from app.services.tax.reserve_curve import Curve, Point
from app.ui.taxes.view_model import day_text
from app.ui.theme.fonts import Role
from app.ui.theme.theme import current
from app.ui.widgets.amount import amount_text, whole_text
from app.ui.widgets.buttons import LinkButton
from app.ui.widgets.card import INSET, Card
from app.ui.widgets.card_table import CardTable, Row
from app.ui.widgets.cell import Cell
from app.ui.widgets.line_chart import LineChart, Series
from app.ui.widgets.live import LiveLabel
from app.ui.widgets.text import Label
from app.ui.widgets.themed import pad

HEADS, WIDTHS = ("Day", ">In reserve", ">Needed", ">Short"), (0, 130, 130, 130)
TABLE_HEIGHT = 272
NO_ACCOUNT = "No account holds your tax money yet. Give one the role “reserve”, and its balance is drawn here."
NO_DAYS = "The line begins with the first deposit of the year."


class ReserveCard(Card):
    """`mark_reserve` asks for the page Accounts."""

    mark_reserve = Signal()

    def __init__(self) -> None:
        super().__init__("Reserve against need", " ")
        self._curve: Curve | None = None
        self.turn = LinkButton("Show as table")
        self.turn.clicked.connect(self._turn)
        self.add_link(self.turn)
        self.chart = LineChart(190)
        self.table = CardTable("Reserve against need by day", HEADS, WIDTHS, (2,), TABLE_HEIGHT)
        self.said = LiveLabel(str, Role.CAPTION, "muted", wrap=True)
        self.empty = Label("", Role.SMALL, "muted", wrap=True)
        self.choose = LinkButton("Choose the account on Accounts")
        self.choose.clicked.connect(self.mark_reserve)
        holder = QWidget()
        self._column = QVBoxLayout(holder)
        parts: tuple[QWidget, ...] = (self.chart, self.said, self.empty, self.choose)
        for part in parts:
            self._column.addWidget(part)
        self.add_row(self.table)
        self.body.addWidget(holder)
        self.table.hide()
        self.restyle()

    def restyle(self) -> None:
        super().restyle()
        if hasattr(self, "_column"):
            pad(self._column, INSET, 10, INSET, 14)
            self._column.setSpacing(current().dp(8))
            if self._curve is not None:
                self.show_curve(self._curve)

    def show_curve(self, curve: Curve) -> None:
        self._curve = curve
        drawn = curve.has_account and any(point.needed or point.held for point in curve.points)
        self.empty.setText("" if drawn else NO_DAYS if curve.has_account else NO_ACCOUNT)
        self.empty.setVisible(not drawn)
        self.choose.setVisible(not curve.has_account)
        self.turn.setVisible(drawn)
        self.said.setVisible(drawn)
        self.chart.setVisible(drawn and self.table.isHidden())
        if not drawn:
            self.table.hide()
            return
        self.said.set_words(lambda: words(curve))
        self._draw(curve)
        self.table.show_rows([_row(point) for point in reversed(curve.turning())])

    def _draw(self, curve: Curve) -> None:
        held = Series("In reserve", "c_in", [(each.day, each.held) for each in curve.points], stepped=True, filled=True)
        needed = Series("Needed", "c_tax", [(each.day, each.needed) for each in curve.points], stepped=True)
        last = curve.points[-1]
        self.chart.show_series(
            [held, needed], _month, whole_text, words=words(curve), at=_months(curve.points[0].day, last.day)
        )

    def _turn(self) -> None:
        shown = self.table.isHidden()
        self.table.setVisible(shown)
        self.chart.setVisible(not shown)
        self.turn.set_words("Show as chart" if shown else "Show as table")


def words(curve: Curve) -> str:
    """Say what the chart shows."""
    last, days = curve.points[-1], len(curve.points)
    now = f"On {day_text(last.day)} {amount_text(last.held)} lies in reserve; {amount_text(last.needed)} is needed."
    covered = curve.covered_days
    if covered == days:
        return f"{now} It was enough on every day of the year so far."
    worst = max(curve.points, key=lambda point: point.short)
    return (
        f"{now} It was enough on {covered:,} of {naming.counted(days, 'day')}; "
        f"most was missing on {day_text(worst.day)}: {amount_text(worst.short)}."
    )


def _row(point: Point) -> Row:
    short = (
        Cell(kind="amount", cents=point.short, plain=True) if point.short else Cell(kind="muted", text="–", right=True)
    )
    return (
        Cell(kind="muted", text=day_text(point.day, year=True)),
        Cell(kind="amount", cents=point.held, plain=True),
        Cell(kind="amount", cents=point.needed, plain=True, quiet=True),
        short,
    )


def _month(day: int) -> str:
    return f"{date_of(day):%b}"


def _months(first: Day, last: Day) -> list[int]:
    """Return the first days of the months between two days."""
    date = date_of(first)
    return [day for month in range(1, 13) if first <= (day := day_of(date.replace(month=month, day=1))) <= last]

"""Lines over an axis of amounts or days. What it shows always stands beside it as a table too."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.ui.theme.fonts import Role
from app.ui.theme.theme import current
from app.ui.widgets.paint import ALIGN_LEFT, ALIGN_RIGHT, draw_text, fill_round, text_width
from app.ui.widgets.themed import Themed

Words = Callable[[int], str]
LINES = 4
"""Lines across, besides the lowest."""
_STEPS = (10, 20, 25, 50, 100)


class Series(NamedTuple):
    """One line: (place, height) from left to right. A stepped line keeps its height until the next point."""

    label: str
    color: str
    points: Sequence[tuple[int, int]]
    stepped: bool = False
    filled: bool = False
    dashed: bool = False


class Mark(NamedTuple):
    """A point that is named: where the figures stand now."""

    x: int
    y: int
    label: str
    color: str = "text"


class LineChart(Themed, QWidget):
    """`words` says what is to be seen, for those who do not see it."""

    def __init__(self, height: int = 180, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._height = height
        self._series: Sequence[Series] = ()
        self._marks: Sequence[Mark] = ()
        self._x_words: Words = str
        self._y_words: Words = str
        self._at: Sequence[int] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.follow_theme()

    def show_series(
        self, series: Sequence[Series], x_words: Words, y_words: Words, *, words: str, marks: Sequence[Mark] = (),
        at: Sequence[int] = (),
    ) -> None:  # fmt: skip
        """Show lines. `at` are the places named under the axis; without any, both ends are."""
        self._series, self._marks = [each for each in series if each.points], marks
        self._x_words, self._y_words, self._at = x_words, y_words, at
        self.setAccessibleName(words)
        self.update()

    def restyle(self) -> None:
        self.setFixedHeight(current().dp(self._height))

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return QSize(current().dp(200), current().dp(self._height))

    # --- painting

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        if not self._series:
            return
        painter = QPainter(self)
        low, high, step = scale([y for each in self._series for _, y in each.points])
        heights = list(range(low, high + 1, step))
        legend = current().dp(24) if len(self._series) > 1 else 0
        top = 24 if self._marks else 8
        names = max(text_width(self._y_words(each), Role.CAPTION) for each in heights)
        box = QRectF(self.rect()).adjusted(names + current().dp(8), legend + current().dp(top), -current().dp(10),
                                           -current().dp(22))  # fmt: skip
        place = _Place(box, self._span(), (low, high))
        self._paint_axes(painter, place, heights)
        for each in self._series:
            _paint_line(painter, place, each)
        for mark in self._marks:
            _paint_mark(painter, place, mark)
        if legend:
            self._paint_legend(painter)

    def _span(self) -> tuple[int, int]:
        places = [x for each in self._series for x, _ in each.points]
        return min(places), max(places)

    def _paint_axes(self, painter: QPainter, place: _Place, heights: Sequence[int]) -> None:
        theme, box = current(), place.box
        for value in heights:
            y = round(place.y(value))
            line = "border" if value in {0, heights[0]} else "divider"
            painter.fillRect(round(box.left()), y, round(box.width()), 1, theme.color(line))
            where = QRectF(0, y - theme.dp(8), box.left() - theme.dp(8), theme.dp(16))
            draw_text(painter, where, self._y_words(value), Role.CAPTION, "faint", ALIGN_RIGHT)
        free = -1.0
        for value in self._at or self._span():
            words = self._x_words(value)
            width = text_width(words, Role.CAPTION)
            left = min(max(place.x(value) - width / 2, 0), self.width() - width)
            if left <= free:
                continue
            where = QRectF(left, box.bottom() + theme.dp(4), width + 1, theme.dp(16))
            draw_text(painter, where, words, Role.CAPTION, "faint", ALIGN_LEFT)
            free = left + width + theme.dp(8)

    def _paint_legend(self, painter: QPainter) -> None:
        theme, x = current(), 0.0
        for each in self._series:
            side = theme.dp(10)
            fill_round(painter, QRectF(x, theme.dp(8) - side / 2 + 1, side, side), theme.dp(3), each.color)
            x += side + theme.dp(6)
            x += draw_text(painter, QRectF(x, 0, self.width(), theme.dp(18)), each.label, Role.CAPTION, "muted")
            x += theme.dp(16)


class _Place(NamedTuple):
    """Where values stand on the screen."""

    box: QRectF
    across: tuple[int, int]
    up: tuple[int, int]

    def x(self, value: int) -> float:
        low, high = self.across
        return self.box.left() + self.box.width() * (value - low) / max(1, high - low)

    def y(self, value: int) -> float:
        low, high = self.up
        return self.box.bottom() - self.box.height() * (value - low) / max(1, high - low)


def _paint_line(painter: QPainter, place: _Place, each: Series) -> None:
    theme = current()
    corners: list[QPointF] = []
    for x, y in each.points:
        if each.stepped and corners:
            corners.append(QPointF(place.x(x), corners[-1].y()))
        corners.append(QPointF(place.x(x), place.y(y)))
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if each.filled:
        floor = place.y(max(place.up[0], 0))
        ground = QPainterPath()
        ground.addPolygon(QPolygonF([QPointF(corners[0].x(), floor), *corners, QPointF(corners[-1].x(), floor)]))
        painter.fillPath(ground, theme.color("c_band"))
    style = Qt.PenStyle.DashLine if each.dashed else Qt.PenStyle.SolidLine
    painter.setPen(QPen(theme.color(each.color), max(2, theme.dp(2)), style, Qt.PenCapStyle.FlatCap))
    painter.drawPolyline(QPolygonF(corners))
    painter.restore()


def _paint_mark(painter: QPainter, place: _Place, mark: Mark) -> None:
    theme, at = current(), QPointF(place.x(mark.x), place.y(mark.y))
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme.color("surface"), 2))
    painter.setBrush(theme.color(mark.color))
    painter.drawEllipse(at, theme.dp(5), theme.dp(5))
    painter.restore()
    width = text_width(mark.label, Role.CAPTION_STRONG)
    left = min(max(at.x() - width / 2, place.box.left()), place.box.right() - width)
    above = at.y() - theme.dp(24)
    top = above if above >= place.box.top() - theme.dp(8) else at.y() + theme.dp(8)
    draw_text(painter, QRectF(left, top, width + 1, theme.dp(16)), mark.label, Role.CAPTION_STRONG, mark.color)


def scale(values: Sequence[int]) -> tuple[int, int, int]:
    """Return the lowest and the highest line and the step between them, all round numbers around the values."""
    low, high = min(values), max(values)
    if low >= 0 and low < high / 2:
        low = 0
    rough = max(1, (high - low) // LINES)
    size = 10 ** max(0, len(str(rough)) - 2)
    step = next(size * each for each in _STEPS if size * each * 1 >= rough) if rough > 1 else 1
    bottom = low // step * step
    top = -(-max(high, bottom + step) // step) * step
    return bottom, top, step

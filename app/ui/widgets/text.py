"""Words on the window: always plain text, in a role's type and a token's colour, on the line height of the design."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QTextLayout, QTextOption
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from app.ui.theme.fonts import Role, font, metrics
from app.ui.theme.theme import current
from app.ui.widgets.paint import draw_text, draw_text_at, text_width
from app.ui.widgets.themed import Themed, ink
from app.ui.widgets.tips import tip


class Label(Themed, QLabel):
    """One line, or with `wrap` as many as its width asks for, each on the line height of its role."""

    def __init__(
        self,
        text: str = "",
        role: Role = Role.BODY,
        color: str = "text",
        wrap: bool = False,  # noqa: FBT001, FBT002 - reads as Label("…", wrap=True)
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self._role = role
        self._color = color
        self._wraps = wrap
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(wrap)
        across = QSizePolicy.Policy.Preferred
        policy = QSizePolicy(across, across if wrap else QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(wrap)
        self.setSizePolicy(policy)
        self.follow_theme()

    @property
    def role(self) -> Role:
        return self._role

    def set_role(self, role: Role) -> None:
        self._role = role
        self._on_theme()

    def set_color(self, color: str) -> None:
        if color != self._color:
            self._color = color
            self.restyle()
            self.update()

    def restyle(self) -> None:
        self.setFont(font(self._role))
        ink(self, self._color)

    def line_height(self) -> int:
        return current().dp(self._role.line)

    def selectable(self) -> Label:
        """Let the text be marked and copied, for error details and file names. Qt then paints it with its own lines."""
        flags = Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        self.setTextInteractionFlags(flags)
        return self

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        lines = self.text().split("\n")
        width = max(text_width(line, self._role) for line in lines)
        if self._wraps:
            width = min(width, current().dp(480))
            return QSize(self._across(width), self.heightForWidth(self._across(width)))
        return QSize(self._across(width), self._down(len(lines)))

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        if not self._wraps:
            return self.sizeHint()
        longest = max((text_width(word, self._role) for word in self.text().split()), default=0.0)
        return QSize(self._across(longest), self._down(1))

    def heightForWidth(self, width: int) -> int:  # noqa: N802 - Qt's name
        margins = self.contentsMargins()
        return self._down(len(self._lines(width - margins.left() - margins.right()))) if self._wraps else -1

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        if self.textInteractionFlags() & Qt.TextInteractionFlag.TextSelectableByMouse:
            super().paintEvent(event)
            return
        painter = QPainter(self)
        inside = QRectF(self.contentsRect())
        lines = self._lines(self.contentsRect().width()) if self._wraps else self.text().split("\n")
        height = self.line_height()
        top = inside.top()
        if not self.alignment() & Qt.AlignmentFlag.AlignTop:
            top += (inside.height() - height * len(lines)) / 2
        across = self.alignment() & Qt.AlignmentFlag.AlignHorizontal_Mask
        for line in lines:
            box = QRectF(inside.left(), top, inside.width(), height)
            self.paint_line(painter, box, line, across | Qt.AlignmentFlag.AlignVCenter)
            top += height

    def paint_line(self, painter: QPainter, box: QRectF, line: str, align: Qt.AlignmentFlag) -> None:
        draw_text(painter, box, line, self._role, self._shown_color(), align)

    def _shown_color(self) -> str:
        return self._color if self.isEnabled() else "faint"

    def _lines(self, width: float) -> list[str]:
        return wrapped(self.text(), self._role, width)

    def _across(self, width: float) -> int:
        margins = self.contentsMargins()
        return int(width) + 1 + margins.left() + margins.right()

    def _down(self, lines: int) -> int:
        margins = self.contentsMargins()
        return self.line_height() * max(1, lines) + margins.top() + margins.bottom()


def wrapped(text: str, role: Role, width: float) -> list[str]:
    """Return the lines a text takes in a width, broken between words."""
    lines: list[str] = []
    for part in text.split("\n"):
        layout = QTextLayout(part, font(role))
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        layout.beginLayout()
        taken = len(lines)
        while (line := layout.createLine()).isValid():
            line.setLineWidth(max(1.0, width))
            lines.append(part[line.textStart() : line.textStart() + line.textLength()].rstrip())
        layout.endLayout()
        if len(lines) == taken:
            lines.append("")
    return lines


class ElidedLabel(Label):
    """One line that gives way: what does not fit ends in an ellipsis and stands whole in the tooltip."""

    def __init__(
        self, text: str = "", role: Role = Role.BODY, color: str = "text", parent: QWidget | None = None
    ) -> None:
        super().__init__(text, role, color, parent=parent)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return QSize(self._across(text_width("…", self._role)), self._down(1))

    def paint_line(self, painter: QPainter, box: QRectF, line: str, align: Qt.AlignmentFlag) -> None:
        cut = text_width(line, self._role) > box.width() + 1
        self.setToolTip(tip(line) if cut else "")
        draw_text(painter, box, line, self._role, self._shown_color(), align, elide=cut)


class WholeLabel(ElidedLabel):
    """One line that shows whole or not at all: half an amount would be another amount.

    Where it has no room, the first of `shorter` that has is shown.
    """

    shorter: tuple[str, ...] = ()

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return QSize(0, self._down(1))

    def paint_line(self, painter: QPainter, box: QRectF, line: str, align: Qt.AlignmentFlag) -> None:
        ways = (line, *self.shorter)
        shown = next((each for each in ways if text_width(each, self._role) <= box.width() + 1), "")
        self.setToolTip("" if shown == line else tip(line))
        draw_text(painter, box, shown, self._role, self._shown_color(), align)


class Figure(Label):
    """One of a page's figures, its digits flush with the left edge; `note` stands small and muted on its baseline."""

    def __init__(
        self,
        text: str = "",
        role: Role = Role.FIGURE_M,
        note: str = "",
        color: str = "text",
        parent: QWidget | None = None,
    ) -> None:
        self._note = note
        super().__init__(text, role, color, parent=parent)

    def set_note(self, note: str) -> None:
        self._note = note
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        size = super().sizeHint()
        if self._note:
            size.setWidth(size.width() + current().dp(6) + int(text_width(self._note, Role.SMALL)) + 1)
        return size

    def paint_line(self, painter: QPainter, box: QRectF, line: str, align: Qt.AlignmentFlag) -> None:
        measures = metrics(self._role)
        baseline = box.center().y() + (measures.ascent() - measures.descent()) / 2
        bearing = measures.leftBearing(line[0]) if line else 0.0
        width = text_width(line, self._role)
        note = current().dp(6) + text_width(self._note, Role.SMALL) if self._note else 0.0
        x = box.left() - bearing / 2
        if align & Qt.AlignmentFlag.AlignRight:
            x = box.right() - width - note
        elif align & Qt.AlignmentFlag.AlignHCenter:
            x = box.center().x() - (width + note) / 2
        draw_text_at(painter, x, baseline, line, self._role, self._shown_color())
        if self._note:
            draw_text_at(painter, x + width + current().dp(6), baseline, self._note, Role.SMALL, "muted")


class StrongLabel(Label):
    """A sentence whose beginning is strong: "Jan 15" in 600, then ", in 58 days"."""

    def __init__(
        self,
        strong: str,
        text: str,
        role: Role = Role.SMALL,
        strong_role: Role = Role.SMALL_TITLE,
        color: str = "text",
        parent: QWidget | None = None,
    ) -> None:
        self._strong = strong
        self._rest = text
        self._strong_role = strong_role
        super().__init__(strong + text, role, color, parent=parent)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def set_texts(self, strong: str, text: str) -> None:
        self._strong, self._rest = strong, text
        self.setText(strong + text)
        self.updateGeometry()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        width = text_width(self._strong, self._strong_role) + text_width(self._rest, self._role)
        return QSize(self._across(width + 1), self._down(1))

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return QSize(self._across(text_width(self._strong, self._strong_role)), self._down(1))

    def paint_line(self, painter: QPainter, box: QRectF, line: str, align: Qt.AlignmentFlag) -> None:
        strong = text_width(self._strong, self._strong_role)
        whole = strong + text_width(self._rest, self._role)
        self.setToolTip(tip(line) if whole > box.width() + 1 else "")
        x = box.left()
        if align & Qt.AlignmentFlag.AlignHCenter and whole < box.width():
            x = box.center().x() - whole / 2
        first = QRectF(x, box.top(), box.right() - x, box.height())
        draw_text(painter, first, self._strong, self._strong_role, self._shown_color(), elide=strong > first.width())
        rest = QRectF(x + strong, box.top(), box.right() - x - strong, box.height())
        if rest.width() > 0:
            draw_text(painter, rest, self._rest, self._role, self._shown_color(), elide=whole > first.width() + 1)


def middle_point(rect: QRect) -> QPointF:
    return QRectF(rect).center()

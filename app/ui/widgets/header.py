"""The head of a page: title and subtitle on one baseline, actions at the right. It does not scroll."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from app.ui.theme.fonts import Role, metrics
from app.ui.theme.theme import current
from app.ui.widgets.paint import draw_text_at, text_width
from app.ui.widgets.themed import Themed, pad

HEIGHT = 64


class PageHeader(Themed, QWidget):
    def __init__(self, title: str, subtitle: str = "", inset: float = 24, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._inset = inset
        self._actions: list[QWidget] = []
        self._titles = _Titles(title, subtitle)
        self._row = QHBoxLayout(self)
        self._row.addWidget(self._titles, 1)
        self.follow_theme()

    def set_title(self, title: str) -> None:
        self._titles.title = title
        self._titles.tell()

    def set_subtitle(self, subtitle: str) -> None:
        self._titles.subtitle = subtitle
        self._titles.tell()

    def add_action(self, widget: QWidget) -> None:
        self._row.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)
        self._actions.append(widget)

    def wanted_width(self) -> int:
        """Return what the title and the actions that show need beside each other."""
        margins, gap = self._row.contentsMargins(), self._row.spacing()
        actions = sum(part.sizeHint().width() + gap for part in self._actions if not _is_away(part))
        return self._titles.minimumSizeHint().width() + actions + margins.left() + margins.right()

    def room_for(self, action: QWidget) -> int:
        """Return how wide an action may be beside the title and the others that show."""
        return max(0, self.width() - (self.wanted_width() - action.sizeHint().width()))

    def restyle(self) -> None:
        self.setFixedHeight(current().dp(HEIGHT))
        pad(self._row, self._inset, 0, self._inset, 0)
        self._row.setSpacing(current().dp(10))


def _is_away(widget: QWidget) -> bool:
    """Return whether a widget was hidden on purpose; before the window shows all of them are hidden."""
    return widget.isHidden() and widget.testAttribute(Qt.WidgetAttribute.WA_WState_ExplicitShowHide)


class _Titles(QLabel):
    def __init__(self, title: str, subtitle: str) -> None:
        super().__init__()
        self.title = title
        self.subtitle = subtitle
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.tell()

    def tell(self) -> None:
        self.setText(f"{self.title}, {self.subtitle}" if self.subtitle else self.title)
        self.update()

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return QSize(int(text_width(self.title, Role.TITLE)) + 1, current().dp(28))

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        painter = QPainter(self)
        measures = metrics(Role.TITLE)
        baseline = QRectF(self.rect()).center().y() + (measures.ascent() - measures.descent()) / 2
        draw_text_at(painter, 0, baseline, self.title, Role.TITLE, "text")
        left = text_width(self.title, Role.TITLE) + current().dp(10)
        shown = metrics(Role.BODY).elidedText(self.subtitle, Qt.TextElideMode.ElideRight, max(0.0, self.width() - left))
        draw_text_at(painter, left, baseline, shown, Role.BODY, "muted")

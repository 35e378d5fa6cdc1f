"""A sheet over the window, for the few things that need an answer before anything else."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.ui.theme.fonts import Role
from app.ui.theme.theme import current
from app.ui.widgets.buttons import IconButton
from app.ui.widgets.overlay import Overlay
from app.ui.widgets.scroll import ScrollArea
from app.ui.widgets.text import ElidedLabel
from app.ui.widgets.themed import pad, take_out


class Sheet(Overlay):
    """`body` takes content, `add_button` the answers at its foot, the last one being the one that acts."""

    def __init__(self, window: QWidget, title: str, width: int = 480) -> None:
        super().__init__(window)
        self._width = width
        self.setAccessibleName(title)
        self.box.setAccessibleName(title)
        self.title = ElidedLabel(title, Role.PANE_TITLE)
        self._close = IconButton("close", "Close", "small", framed=False)
        self._close.clicked.connect(self.close_box)
        self._column = QVBoxLayout(self.box)
        self._head = QHBoxLayout()
        self._head.addWidget(self.title, 1)
        self._head.addWidget(self._close)
        self._holder = QWidget()
        self.body = QVBoxLayout(self._holder)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.foot = QHBoxLayout()
        self.foot.addStretch(1)
        self._column.addLayout(self._head)
        self._column.addWidget(self._holder, 1)
        self._column.addLayout(self.foot)
        self.follow_theme()

    def add_button(self, button: QWidget) -> None:
        self.foot.addWidget(button)

    def open_box(self) -> None:
        super().open_box()
        stops = [stop for stop in self.focusables() if stop is not self._close]
        (stops[0] if stops else self._close).setFocus(Qt.FocusReason.TabFocusReason)

    def place_box(self) -> None:
        dp = current().dp
        width = min(dp(self._width), self.width() - dp(32))
        wanted, room = self._wanted_height(width), self.height() - dp(32)
        if wanted > room and self._holder.parent() is self.box:
            self._let_scroll()
        height = min(wanted, room)
        self.box.setGeometry((self.width() - width) // 2, max(dp(16), (self.height() - height) * 2 // 5), width, height)

    def _wanted_height(self, width: int) -> int:
        """Return the height at which nothing has to scroll."""
        layout = self.box.layout()
        assert layout is not None
        if self._holder.parent() is self.box:
            wanted = layout.heightForWidth(width) if layout.hasHeightForWidth() else self.box.sizeHint().height()
            return max(wanted, self.box.minimumSizeHint().height())
        margins = self._column.contentsMargins()
        inner = width - margins.left() - margins.right()
        body = self.body.heightForWidth(inner) if self.body.hasHeightForWidth() else self.body.sizeHint().height()
        around = self._head.sizeHint().height() + self.foot.sizeHint().height() + 2 * self._column.spacing()
        return margins.top() + margins.bottom() + around + body

    def _let_scroll(self) -> None:
        """Keep every part its size where they do not all fit: what asks scrolls, the answers stay."""
        held = self.window().focusWidget()
        area = ScrollArea()
        place = self._column.indexOf(self._holder)
        take_out(self._holder)
        self._column.insertWidget(place, area)
        area.setWidget(self._holder)
        self._holder.setAutoFillBackground(False)
        area.show()
        ring = current().dp(3)
        self.body.setContentsMargins(ring, ring, current().dp(16), ring)  # for the ring of the focus, and for the bar
        if self._holder.isAncestorOf(held):
            held.setFocus(Qt.FocusReason.OtherFocusReason)

    def restyle(self) -> None:
        dp = current().dp
        pad(self._column, 20, 16, 20, 20)
        self._column.setSpacing(dp(16))
        self.body.setSpacing(dp(12))
        self.foot.setSpacing(dp(8))
        if not self.isHidden():
            self.place_box()

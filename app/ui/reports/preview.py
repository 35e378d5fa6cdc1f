"""The summary of the pack as it will be printed, page by page, with what an export takes."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.ui.theme.fonts import Role
from app.ui.theme.theme import amounts_hidden, current
from app.ui.widgets.buttons import Button, CheckBox, IconButton, Segmented
from app.ui.widgets.pane import Pane, PaneTitle
from app.ui.widgets.paper import Paper
from app.ui.widgets.text import Label
from app.ui.widgets.themed import Themed

WIDTH = 536
FILE = "01-summary.pdf"
WAITING = "The pages are being drawn."
HIDDEN = "Amounts are hidden."


class PreviewPane(Pane):
    """`zipped` and `initials_only` are what the person chose; `initials_changed` asks for other pages."""

    initials_changed = Signal()
    print_wanted = Signal()
    export_wanted = Signal()

    def __init__(self) -> None:
        super().__init__(WIDTH, "Preview of the pack’s summary")
        self._pages: list[bytes] = []
        self.at = 0
        head = PaneTitle(FILE)
        self.place = Label("", Role.BODY, "muted")
        self.previous = IconButton("chevron-left", "Page before (PgUp)", "small")
        self.next = IconButton("chevron-right", "Next page (PgDn)", "small")
        self.previous.clicked.connect(lambda: self.turn(-1))
        self.next.clicked.connect(lambda: self.turn(1))
        for part in (self.place, self.previous, self.next):
            head.add_right(part)
        self.set_header(head, line=False)
        self.paper = Paper(WAITING)
        self._holder = QWidget()
        self._sides = QVBoxLayout(self._holder)
        self._sides.addWidget(self.paper)
        self.body.addWidget(self._holder)
        self.foot_bar = _Foot()
        self.initials = self.foot_bar.initials
        self.shape = self.foot_bar.shape
        self.print_button = self.foot_bar.print_button
        self.export_button = self.foot_bar.export_button
        self.initials.toggled.connect(lambda _on: self.initials_changed.emit())
        self.print_button.clicked.connect(self.print_wanted)
        self.export_button.clicked.connect(self.export_wanted)
        self.add_foot(self.foot_bar, 1)
        self.restyle()

    @property
    def zipped(self) -> bool:
        return bool(self.shape.value())

    @property
    def initials_only(self) -> bool:
        return self.initials.isChecked()

    @property
    def count(self) -> int:
        return len(self._pages)

    def wait(self, text: str = WAITING) -> None:
        """Say why there are no pages."""
        self._pages = []
        self.paper.set_placeholder(text)
        self._show_page()

    def show_pages(self, pages: Sequence[bytes]) -> None:
        """Show the pages, on the one that stood there before if there is such a page."""
        self._pages = list(pages)
        self._show_page()

    def turn(self, by: int) -> None:
        self.go_to(self.at + by)

    def go_to(self, page: int) -> None:
        """Show a page; before the pages are there it is the one they will open on."""
        self.at = max(0, min(page, len(self._pages) - 1)) if self._pages else max(0, page)
        self._show_page()

    def _show_page(self) -> None:
        count = len(self._pages)
        if count:
            self.at = min(self.at, count - 1)
            if amounts_hidden():
                self.paper.set_placeholder(HIDDEN)
            else:
                words = f"page {self.at + 1} of {count}"
                self.paper.set_page(QImage.fromData(self._pages[self.at]), f"{FILE}, {words}")
            self.scroller.verticalScrollBar().setValue(0)
        self.place.setText(f"page {self.at + 1} of {count}" if count else "")
        for button, can in ((self.previous, self.at > 0), (self.next, self.at + 1 < count)):
            had = button.hasFocus()
            button.setEnabled(can and count > 0)
            if had and not button.isEnabled():
                (self.next if button is self.previous else self.previous).setFocus(Qt.FocusReason.OtherFocusReason)
        self.print_button.setEnabled(count > 0)

    def restyle(self) -> None:
        super().restyle()
        if hasattr(self, "_sides"):
            dp = current().dp
            self._sides.setContentsMargins(dp(18), dp(2), dp(17), dp(14))
            self._show_page()


class _Foot(Themed, QWidget):
    """The choices of an export over its buttons."""

    def __init__(self) -> None:
        super().__init__()
        self.shape = Segmented([(False, "Folder"), (True, "ZIP file")], name="The pack as")
        self.initials = CheckBox("Initials only for payers")
        self.initials.setToolTip("Whatever could name a client is shortened to initials, in every file")
        self.print_button = Button("Print", key="Ctrl P", size="foot")
        self.export_button = Button("Export pack", "primary", icon="export", key="Ctrl E", size="foot")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._options, self._buttons = QHBoxLayout(), QHBoxLayout()
        self._options.addWidget(self.shape)
        self._options.addStretch(1)
        self._options.addWidget(self.initials)
        self._buttons.addStretch(1)
        self._buttons.addWidget(self.print_button)
        self._buttons.addWidget(self.export_button)
        self._column.addLayout(self._options)
        self._column.addLayout(self._buttons)
        self.follow_theme()

    def restyle(self) -> None:
        dp = current().dp
        self._column.setSpacing(dp(12))
        self._buttons.setSpacing(dp(10))

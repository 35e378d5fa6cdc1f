"""The frame of the open books: sidebar, sheet with the pages, status row."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QStackedWidget, QVBoxLayout, QWidget

from app.ui.frame import pages
from app.ui.frame.page import Page
from app.ui.frame.sample_bar import SampleBar
from app.ui.frame.sidebar import Sidebar
from app.ui.frame.status_row import StatusRow
from app.ui.runtime.upkeep import Notice
from app.ui.theme import theme
from app.ui.widgets import tab_order
from app.ui.widgets.banner import Banner
from app.ui.widgets.toast import Toast

RAIL_UNDER = 1100
"""Window width (at 100 %) below which the sidebar is a rail of icons."""


class Shell(QWidget):
    """Makes each page when it is first opened. Emits `shown` when another page is in front."""

    shown = Signal(str)

    def __init__(self, menu: QMenu, make: Callable[[pages.Entry], Page]) -> None:
        super().__init__()
        self.setObjectName("shell")
        self._make = make
        self._pages: dict[str, Page] = {}
        self.current = ""
        self._notice: Notice | None = None
        self.sidebar = Sidebar(menu)
        self.sidebar.chosen.connect(self.show_page)
        self.sample_bar = SampleBar()
        self.sample_bar.hide()
        self.notice = Banner("warn", "")
        self.notice.hide()
        self._under_notice = QVBoxLayout()
        self._under_notice.addWidget(self.notice)
        self._closed_notice = ""
        self.notice.closed.connect(self._close_notice)
        self.sheet = QFrame()
        self.sheet.setObjectName("sheet")
        self.stack = QStackedWidget()
        inside = QVBoxLayout(self.sheet)
        inside.setContentsMargins(1, 1, 1, 1)
        inside.addWidget(self.stack)
        self.status = StatusRow()
        self.toast = Toast(self.sheet)
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(self.sample_bar)
        right.addLayout(self._under_notice)
        right.addWidget(self.sheet, 1)
        right.addWidget(self.status)
        self._across = QHBoxLayout(self)
        self._across.setSpacing(0)
        self._across.addWidget(self.sidebar)
        self._across.addLayout(right, 1)
        theme.current().changed.connect(self._resize)
        self._resize()

    def _resize(self) -> None:
        dp = theme.current().dp
        self._across.setContentsMargins(0, dp(8), dp(8), 0)
        self.sidebar.set_rail(on=self.width() < dp(RAIL_UNDER))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt
        super().resizeEvent(event)
        narrow = self.width() < theme.current().dp(RAIL_UNDER)
        if narrow != self.sidebar.is_rail:
            self.sidebar.set_rail(on=narrow)

    def focusNextPrevChild(self, forward: bool) -> bool:  # noqa: N802, FBT001 - Qt's signature
        """Tab reads on from the sidebar to the page, its pane, the status row, and round again."""
        return tab_order.go_on(self, forward=forward)

    @property
    def page(self) -> Page | None:
        return self._pages.get(self.current)

    def made(self) -> list[Page]:
        """Return the pages opened so far."""
        return list(self._pages.values())

    def show_page(self, id_: str) -> Page:
        """Bring a page to the front; it loads if what it shows may be out of date."""
        page = self._pages.get(id_)
        if page is None:
            entry = next(entry for entry in pages.PAGES if entry.id == id_)
            page = self._pages[id_] = self._make(entry)
            self.stack.addWidget(page)
        self.current = id_
        self.sidebar.set_current(id_)
        self.stack.setCurrentWidget(page)
        self.load(page)
        page.main_widget().setFocus()
        self.shown.emit(id_)
        return page

    def mark_stale(self) -> None:
        """The books have changed: the page in front loads again, the others when they are shown."""
        for page in self._pages.values():
            page.is_stale = True
        if self.page is not None:
            self.load(self.page)

    @staticmethod
    def load(page: Page) -> None:
        if page.is_stale:
            page.is_stale = False
            page.load()

    def show_notice(self, notice: Notice | None) -> None:
        """Say something above every page until it is closed; None takes it away."""
        self._notice = notice
        shown = notice is not None and notice.title != self._closed_notice
        self.notice.setVisible(shown)
        self._under_notice.setContentsMargins(0, 0, 0, theme.current().dp(8) if shown else 0)
        if notice is not None:
            self.notice.set_banner(notice.kind, notice.title, notice.text, notice.action)

    def _close_notice(self) -> None:
        self._closed_notice = self._notice.title if self._notice is not None else ""
        self.show_notice(self._notice)

    def forget(self) -> None:
        """Drop the pages with everything they show."""
        for page in self._pages.values():
            page.forget()
            self.stack.removeWidget(page)
            page.deleteLater()
        self._pages.clear()
        self.current = ""
        self.toast.hide()
        self._closed_notice = ""
        self.sidebar.brand.set_book_name("")
        for item in self.sidebar.items.values():
            item.set_count(0)

"""The head of the page: the title, the search field, the import of files, and a menu of what is seldom wanted."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from app.ui.theme.theme import current
from app.ui.widgets.buttons import Button, IconButton
from app.ui.widgets.fields import LineEdit
from app.ui.widgets.header import PageHeader

_TYPING_MS = 60
_NARROW = 1100
"""Window width (at 100 %) below which the import is an icon."""
_SEARCH, _SEARCH_NARROW = 240, 210
_WORDS, _FEW_WORDS = "Payee, text or amount", "Payee or amount"


class Head(PageHeader):
    """Tells what is searched once the typing rests for a moment."""

    searched = Signal(str)
    left = Signal()
    """The keyboard is done here and wants to go on to the rows."""
    import_wanted = Signal()
    more_wanted = Signal()

    def __init__(self) -> None:
        super().__init__("Transactions")
        self.search = LineEdit(_WORDS, "search", "/", size=32, name="Search transactions")
        self.import_button = Button("Import", icon="import")
        self.import_icon = IconButton("import", "Import files")
        self.more_button = IconButton("more", "More")
        for action in (self.search, self.import_button, self.import_icon, self.more_button):
            self.add_action(action)
        self._searched = ""
        self._typing = QTimer(self, singleShot=True, interval=_TYPING_MS)
        self._typing.timeout.connect(self._search_now)
        self.search.textChanged.connect(lambda _text: self._typing.start())
        self.search.returnPressed.connect(self._search_and_leave)
        self.search.installEventFilter(self)
        self.import_button.clicked.connect(self.import_wanted)
        self.import_icon.clicked.connect(self.import_wanted)
        self.more_button.clicked.connect(self.more_wanted)
        self.fit()

    # --- the search

    def show_search(self, text: str) -> None:
        """Show what is searched without searching it once more."""
        self._searched = text
        if self.search.text().strip() != text:
            self.search.blockSignals(True)
            self.search.setText(text)
            self.search.blockSignals(False)

    def forget(self) -> None:
        self.search.clear()
        self._typing.stop()
        self._searched = ""

    def focus_search(self) -> None:
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def _search_now(self) -> None:
        text = self.search.text().strip()
        if text != self._searched:
            self._searched = text
            self.searched.emit(text)

    def _search_and_leave(self) -> None:
        self._typing.stop()
        self._search_now()
        self.left.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        if watched is self.search and isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            if event.key() == Qt.Key.Key_Down:
                self._search_and_leave()
                return True
            if event.key() == Qt.Key.Key_Escape:
                if self.search.text():
                    self.search.clear()
                    self._search_now()
                else:
                    self.left.emit()
                return True
        return super().eventFilter(watched, event)

    # --- room

    def restyle(self) -> None:
        super().restyle()
        if hasattr(self, "more_button"):
            self.fit()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        super().resizeEvent(event)
        self.fit()

    def fit(self) -> None:
        """Let the import be an icon in a narrow window, and the search field take no more than the others leave."""
        dp = current().dp
        narrow = self.window().width() < dp(_NARROW)
        self.import_button.setVisible(not narrow)
        self.import_icon.setVisible(narrow)
        wanted, room = dp(_SEARCH_NARROW if narrow else _SEARCH), self.room_for(self.search)
        self.search.setPlaceholderText(_WORDS if wanted <= room else _FEW_WORDS)
        self.search.setFixedWidth(min(wanted, room))

    def tab_stops(self) -> list[QWidget]:
        return [self.search, self.import_button, self.import_icon, self.more_button]

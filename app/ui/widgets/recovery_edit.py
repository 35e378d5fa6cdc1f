"""The field for a recovery key: in plain sight, in groups of four, and told at once when a letter is wrong."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QVBoxLayout, QWidget

from app.core.errors import Refused
from app.core.security import recovery
from app.ui.theme.fonts import Role, font
from app.ui.theme.theme import current
from app.ui.widgets.text import Label
from app.ui.widgets.themed import Themed

_GROUP = 4
_MOST = 200
"""Characters that are put into groups; a longer text is something else and stays as it is."""


def grouped(text: str, place: int) -> tuple[str, int]:
    """Return what was typed as capitals in groups of four, and where the cursor stands in it."""
    letters = [letter for letter in text.upper() if letter.isalnum()]
    before = sum(letter.isalnum() for letter in text[:place])
    groups = ["".join(letters[start : start + _GROUP]) for start in range(0, len(letters), _GROUP)]
    return " ".join(groups), before + max(0, before - 1) // _GROUP


def count_words(text: str) -> tuple[str, bool, str]:
    """Return how far the key is typed, whether it is whole, and what is wrong with a whole one."""
    count = sum(letter.isalnum() for letter in text)
    if count < recovery.LETTERS:
        return f"{count} of {recovery.LETTERS} letters", False, ""
    try:
        recovery.parse(text)
    except Refused as refused:
        return f"{count} of {recovery.LETTERS} letters", False, refused.message
    return f"All {recovery.LETTERS} letters fit together", True, ""


class RecoveryEdit(Themed, QWidget):
    """Emits `submitted` on Enter and `edited` when the text changes. Blanks, dashes and small letters do not matter."""

    submitted = Signal()
    edited = Signal()

    def __init__(self, name: str = "Recovery key") -> None:
        super().__init__()
        self.edit = _KeyEdit(name)
        self.edit.entered.connect(self.submitted)
        self.edit.textChanged.connect(self._typed)
        self.words = Label("", Role.CAPTION, "muted", wrap=True)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(self.edit)
        self._column.addWidget(self.words)
        self.setFocusProxy(self.edit)
        self._tell()
        self.follow_theme()

    def restyle(self) -> None:
        self._column.setSpacing(current().dp(6))

    def text(self) -> str:
        return self.edit.toPlainText().strip()

    def clear(self) -> None:
        """Forget what was typed, also for Undo."""
        self.edit.setPlainText("")

    def problem(self) -> str:
        """Return what keeps this from being a recovery key, before anything is tried with it."""
        try:
            recovery.parse(self.text())
        except Refused as refused:
            return refused.message
        return ""

    def _typed(self) -> None:
        text = self.edit.toPlainText()
        if len(text) <= _MOST:
            wanted, place = grouped(text, self.edit.textCursor().position())
            if wanted != text:
                self.edit.put(wanted, place)
        self._tell()
        self.edited.emit()

    def _tell(self) -> None:
        words, whole, wrong = count_words(self.text())
        self.words.setText(wrong or words)
        self.words.set_color("danger" if wrong else "money_in" if whole else "muted")
        self.edit.setAccessibleDescription(wrong or words)


class _KeyEdit(Themed, QPlainTextEdit):
    """Two lines of letters; Tab leaves it, Enter is an answer."""

    entered = Signal()

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setTabChangesFocus(True)
        self.setUndoRedoEnabled(False)  # it would keep what was cleared
        self.setPlaceholderText("XXXX XXXX XXXX …")
        self.setProperty("ring_radius", 8)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        hidden = Qt.InputMethodHint.ImhSensitiveData | Qt.InputMethodHint.ImhNoPredictiveText
        self.setInputMethodHints(hidden | Qt.InputMethodHint.ImhPreferUppercase)
        self.follow_theme()

    def restyle(self) -> None:
        dp = current().dp
        self.setFont(font(Role.NAME))
        self.document().setDocumentMargin(dp(8))
        self.setFixedHeight(dp(2 * Role.NAME.line + 30))

    def put(self, text: str, place: int) -> None:
        """Show the same letters in groups, the cursor behind the letter it stood behind."""
        self.blockSignals(True)
        self.setPlainText(text)
        cursor = self.textCursor()
        cursor.setPosition(min(place, len(text)), QTextCursor.MoveMode.MoveAnchor)
        self.setTextCursor(cursor)
        self.blockSignals(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.entered.emit()
            return
        super().keyPressEvent(event)

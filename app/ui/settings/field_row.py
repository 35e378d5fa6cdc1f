"""One value of the profile: it saves when it is left, and says at its place what is wrong with it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent

from app.ui.settings.tall_row import TallRow
from app.ui.theme.theme import amounts_hidden, current
from app.ui.widgets.amount import HIDDEN, HIDDEN_SPOKEN
from app.ui.widgets.announce import announce
from app.ui.widgets.buttons import LinkButton
from app.ui.widgets.fields import LineEdit

_WIDTH = 200


class _Edit(LineEdit):
    put_back = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        if event.key() == Qt.Key.Key_Escape and self.isModified():
            self.put_back.emit()
            return
        super().keyPressEvent(event)


class FieldRow(TallRow):
    """Emits `typed` with a value that differs from the one shown. `refuse` says why it was not taken."""

    typed = Signal(str)

    def __init__(self, name: str, hint: str, example: str = "", *, is_money: bool = False) -> None:
        self._value, self._is_money, self._hint = "", is_money, hint
        self.is_wrong = False
        super().__init__(name, hint)
        self.edit = _Edit(example, size=32, name=name)
        if is_money:
            self.edit.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.back = LinkButton("Put back")
        self.back.hide()
        self.add_right(self.back)
        self.add_right(self.edit)
        self.edit.editingFinished.connect(self._left)
        self.edit.put_back.connect(self.put_back)
        self.back.clicked.connect(self.put_back)
        self.restyle()

    def set_value(self, value: str) -> None:
        """Show what the books hold. What somebody is typing just now, or has yet to mend, stays."""
        self._value = value
        if not self.is_wrong and not (self.edit.hasFocus() and self.edit.isModified()):
            self._write()

    def set_words(self, name: str, hint: str) -> None:
        """Ask for it by another name."""
        self.name.setText(name)
        self.edit.setAccessibleName(name)
        self._hint = hint
        if not self.is_wrong:
            self._wrong("")

    def refuse(self, sentence: str) -> None:
        """Say why what stands in the field was not saved, and offer the value that was there."""
        self._wrong(sentence)
        announce(self.edit, sentence)

    def put_back(self) -> None:
        """Show the saved value again."""
        had_focus = self.back.hasFocus()
        self._wrong("")
        self._write()
        if had_focus:
            self.edit.setFocus()

    def restyle(self) -> None:
        super().restyle()
        if hasattr(self, "edit"):
            self.edit.setFixedWidth(current().dp(_WIDTH))
            if self._is_money and self.edit.isReadOnly() != amounts_hidden():
                self._write()

    def _wrong(self, sentence: str) -> None:
        """Put what is wrong in the place of the hint; an empty sentence brings the hint back."""
        self.is_wrong = bool(sentence)
        self.second.setText(sentence or self._hint)
        self.second.set_color("danger" if sentence else "muted")
        self.back.setVisible(self.is_wrong)
        self.back.setAccessibleName(f"Put back {self._value}" if self._value else "Empty it again")
        self.back.set_words("Put back" if self._value else "Empty it")
        self.edit.set_wrong(wrong=self.is_wrong)
        self.edit.setAccessibleDescription(sentence or self._hint)
        self.updateGeometry()

    def _write(self) -> None:
        hidden = self._is_money and amounts_hidden()
        self.edit.setReadOnly(hidden)
        self.edit.setText(HIDDEN if hidden and self._value else self._shown())
        self.edit.setModified(False)
        self.edit.setAccessibleDescription(HIDDEN_SPOKEN if hidden else self._hint)

    def _shown(self) -> str:
        """Return the value as people write it: `31,250`, `1,234.50`."""
        sign, plain = ("-", self._value[1:]) if self._value.startswith("-") else ("", self._value)
        whole, point, rest = plain.partition(".")
        return f"{sign}{int(whole):,}{point}{rest}" if self._is_money and whole.isdecimal() else self._value

    def _left(self) -> None:
        text = self.edit.text().strip()
        if self.edit.isReadOnly():
            return
        if text in {self._value, self._shown()}:
            if self.is_wrong:
                self.put_back()
            self.edit.setModified(False)
            return
        if self.edit.isModified() or self.is_wrong:
            self.edit.setModified(False)
            self.typed.emit(text)

    def taken(self) -> None:
        """What was typed is saved."""
        self._wrong("")

"""What this window remembers about itself: look, sizes, locking. Nothing of it is data of the books.

It lies beside the books in `window.ini`, readable while they are locked, so it holds no name and no amount.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtCore import QByteArray, QFile, QObject, QSettings, Signal

FILE = "window.ini"
TEXT_SIZES = (90, 100, 110, 125, 150, 175, 200)
"""Percent."""
_LARGEST = 10_000
_MODES = frozenset({"system", "light", "dark"})
DEFAULTS: Final[dict[str, str]] = {
    "appearance/mode": "system",
    "appearance/text_percent": "100",
    "appearance/compact": "no",
    "appearance/reduce_motion": "no",
    "keys/letters": "yes",
    "lock/minutes": "10",
    "lock/hide_amounts_unfocused": "no",
    "lock/when_away": "yes",
    "lock/when_minimised": "no",
    "lock/clear_clipboard": "yes",
}


class Preferences(QObject):
    """Typed settings of the window. Until a home exists they live in memory only."""

    changed = Signal(str)

    def __init__(self, home: Path | None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._memory: dict[str, str] = {}
        self._settings: QSettings | None = None
        self._path = Path()
        if home is not None:
            self.keep_in(home)

    def keep_in(self, home: Path) -> None:
        """Read and write in this home from now on, if it exists; what was set before is kept."""
        if not home.is_dir():
            return
        self._path = home / FILE
        self._settings = QSettings(str(self._path), QSettings.Format.IniFormat)
        for name, value in self._memory.items():
            self._settings.setValue(name, value)
        self._memory.clear()

    def text(self, name: str) -> str:
        """Return what is set, or the default. The file can be edited by hand: what makes no sense there is not set."""
        value = self._settings.value(name) if self._settings is not None else None
        text = str(value) if value is not None else self._memory.get(name, DEFAULTS.get(name, ""))
        return DEFAULTS[name] if name == "appearance/mode" and text not in _MODES else text

    def number(self, name: str) -> int:
        text = self.text(name)
        is_number = text.isascii() and text.isdecimal() and len(text) < 10
        return min(int(text), _LARGEST) if is_number else int(DEFAULTS[name])

    def words(self, name: str) -> list[str]:
        """Return a list that was set with `set_words`."""
        return [word for word in self.text(name).split(" ") if word]

    def set_words(self, name: str, words: list[str]) -> None:
        """Keep a list of names without blanks."""
        self.set(name, " ".join(words))

    def is_on(self, name: str) -> bool:
        return self.text(name) == "yes"

    def set(self, name: str, value: str | int | bool) -> None:  # noqa: FBT001 - a setting is on or off
        text = ("yes" if value else "no") if isinstance(value, bool) else str(value)
        if text == self.text(name):
            return
        if self._settings is None:
            self._memory[name] = text
        else:
            self._settings.setValue(name, text)
        self.changed.emit(name)

    def blob(self, name: str) -> QByteArray:
        """Return sizes and places of window parts, as Qt packs them."""
        value = self._settings.value(name) if self._settings is not None else None
        return value if isinstance(value, QByteArray) else QByteArray()

    def set_blob(self, name: str, value: QByteArray) -> None:
        if self._settings is not None:
            self._settings.setValue(name, value)

    def save(self) -> None:
        if self._settings is None:
            return
        self._settings.sync()
        owner = QFile.Permission.ReadOwner | QFile.Permission.WriteOwner
        QFile.setPermissions(str(self._path), owner)

"""What this window remembers about itself: look, sizes, locking. Nothing of it is data of the books.

It lies beside the books in `window.ini`, readable while they are locked, so it holds no name and no amount.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtCore import QByteArray, QObject, QTimer, Signal

from app.core.errors import AppError
from app.services.program import window_settings
from app.services.program.window_settings import FILE

__all__ = ["DEFAULTS", "FILE", "TEXT_SIZES", "Preferences"]

_SOON_MS = 300
"""After which a change is written, together with those that came meanwhile."""
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
    not_kept = Signal(object)
    """The error because of which they could not be written; told once, and tried again at the next change."""

    def __init__(self, home: Path | None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._values: dict[str, str] = {}
        self._home: Path | None = None
        self._is_told = False
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_SOON_MS)
        self._soon.timeout.connect(self.save)
        if home is not None:
            self.keep_in(home)

    def keep_in(self, home: Path) -> None:
        """Read and write in this home from now on, if it exists; what was set before is kept."""
        if not home.is_dir():
            return
        if home == self._home:
            return
        self.save()
        before = {} if self._home is not None else self._values
        self._home = home
        self._values = window_settings.load(home) | before
        if before:
            self._soon.start()

    def let_go(self) -> None:
        """Write nothing into the home any more, until `keep_in`: everything in it is being erased."""
        self._soon.stop()
        self._home = None

    def text(self, name: str) -> str:
        """Return what is set, or the default. The file can be edited by hand: what makes no sense there is not set."""
        text = self._values.get(name, DEFAULTS.get(name, ""))
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
        self._values[name] = text
        self._soon.start()
        self.changed.emit(name)

    def blob(self, name: str) -> QByteArray:
        """Return sizes and places of window parts, as Qt packs them."""
        return QByteArray.fromBase64(self._values.get(name, "").encode("ascii", "ignore"))

    def set_blob(self, name: str, value: QByteArray) -> None:
        self._values[name] = bytes(value.toBase64().data()).decode("ascii")
        self._soon.start()

    def save(self) -> None:
        """Write what was changed. A disk that does not take it loses the look of the window, so it is told once."""
        waits = self._soon.isActive()
        self._soon.stop()
        if self._home is None or not waits:
            return
        try:
            window_settings.save(self._home, self._values)
        except AppError as error:
            if not self._is_told:
                self._is_told = True
                self.not_kept.emit(error)

"""Words with amounts in them: asked for anew when amounts are hidden or shown."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from app.ui.theme.fonts import Role
from app.ui.widgets.text import Figure, Label
from app.ui.widgets.themed import Themed


class _Live(Themed):
    """A mixin for labels: keeps the function the words come from."""

    _words: Callable[[], str]

    def set_words(self, words: Callable[[], str]) -> None:
        self._words = words
        self._on_theme()

    def restyle(self) -> None:
        assert isinstance(self, Label)
        text = self._words()
        if text != self.text():
            self.setText(text)
        super().restyle()


class LiveLabel(_Live, Label):
    """A label whose words come from a function."""

    def __init__(
        self, words: Callable[[], str], role: Role = Role.BODY, color: str = "text", *, wrap: bool = False,
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        self._words = words
        super().__init__(words(), role, color, wrap, parent)


class LiveFigure(_Live, Figure):
    """A figure whose digits come from a function."""

    def __init__(self, words: Callable[[], str], role: Role) -> None:
        self._words = words
        super().__init__(words(), role)

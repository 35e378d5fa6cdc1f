"""The tax set-up at the top of the page until its ten questions are answered: how far it is, and what comes next."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.services.tax.tax_setup import CARDS, Setup
from app.ui.taxes import setup_words as words
from app.ui.taxes.setup_cards import SPECS
from app.ui.theme.fonts import Role
from app.ui.theme.theme import current
from app.ui.widgets.buttons import Button, LinkButton
from app.ui.widgets.card import Card
from app.ui.widgets.flow import Flow
from app.ui.widgets.gauge import StepRing
from app.ui.widgets.text import Label
from app.ui.widgets.themed import pad


class SetupStrip(Card):
    """`answer` wants the next open question, `later` wants the section away for now."""

    answer = Signal()
    later = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Tax set-up")
        self._ring = StepRing(0, len(CARDS))
        self._title = Label("", Role.CARD_TITLE, wrap=True)
        self._next = Label("", Role.SMALL, "muted", wrap=True)
        self.button = Button("Answer", size="small")
        self.button.clicked.connect(self.answer)
        self._later = LinkButton("Not now")
        self._later.clicked.connect(self.later)
        links = Flow()
        links.addWidget(self.button)
        links.addWidget(self._later)
        self._words = QVBoxLayout()
        self._words.addWidget(self._title)
        self._words.addWidget(self._next)
        self._words.addLayout(links)
        holder = QWidget()
        self._row = QHBoxLayout(holder)
        self._row.addWidget(self._ring, 0, Qt.AlignmentFlag.AlignTop)
        self._row.addLayout(self._words, 1)
        self.body.addWidget(holder)
        self.restyle()

    def restyle(self) -> None:
        if hasattr(self, "_row"):
            pad(self._row, 20, 14, 20, 14)
            self._row.setSpacing(current().dp(20))
            self._words.setSpacing(current().dp(4))

    def show_setup(self, setup: Setup) -> None:
        spec = SPECS[setup.next]
        self._ring.set_steps(len(setup.answered), len(CARDS))
        self._ring.setAccessibleName(words.progress(setup))
        self._title.setText(f"Tax set-up: {words.progress(setup)}")
        self._next.setText(f"Next: “{spec.title}” {spec.why}")
        self.button.setAccessibleName(f"Answer: {spec.title}")

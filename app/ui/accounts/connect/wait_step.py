"""The step while the person is at the bank."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal

from app.ui.accounts import bank_model
from app.ui.accounts.connect.parts import Column, TileLine
from app.ui.theme.fonts import Role
from app.ui.widgets.buttons import LinkButton
from app.ui.widgets.text import Label


class WaitStep(Column):
    """The bank's page is in the browser; this says how far it is there."""

    again_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.title = Label("", Role.NAME, wrap=True)
        self.text = Label("", Role.SMALL, "muted", wrap=True)
        self.again = LinkButton("Open the page once more")
        self.again.clicked.connect(self.again_wanted)
        self.again.setEnabled(False)
        texts = Column(4)
        texts.add(self.title)
        texts.add(self.text)
        self.add(TileLine("link", texts))
        self.add(self.again)
        self.column.setAlignment(self.again, Qt.AlignmentFlag.AlignLeft)
        self.add(Label("The page is Plaid’s or your bank’s. It works for about a quarter of an hour. Never give its "
                       "address to anybody.", Role.CAPTION, "muted", wrap=True))  # fmt: skip
        self.tell("begin")

    def tell(self, state: str) -> None:
        title, text = bank_model.STATES.get(
            state, ("Asking for the bank’s page", "It opens in your browser in a moment.")
        )
        self.title.setText(title)
        self.text.setText(text)
        self.text.setVisible(bool(text))

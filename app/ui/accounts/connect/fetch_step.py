"""The last step: the rows come."""

from __future__ import annotations

from app.ui.accounts.connect.parts import Column, TileLine
from app.ui.theme.fonts import Role
from app.ui.widgets.text import Label


class FetchStep(Column):
    """The first rows come. How many there will be nobody knows, so it is told how many are here."""

    def __init__(self) -> None:
        super().__init__()
        texts = Column(4)
        self.title = Label("Fetching the first transactions", Role.NAME, wrap=True)
        texts.add(self.title)
        texts.add(Label("You can close this; it goes on, and the line at the foot of the window tells.", Role.SMALL,
                        "muted", wrap=True))  # fmt: skip
        self.add(TileLine("sync", texts))

    def tell(self, rows: int) -> None:
        self.title.setText(f"{rows:,} transaction{'' if rows == 1 else 's'} so far")

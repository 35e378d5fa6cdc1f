"""The step that asks where the rows of each account of the bank go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.ui.accounts import bank_model
from app.ui.accounts.connect.parts import Column, Point
from app.ui.accounts.view_model import KINDS, ROLE_MEANING, ROLES, icon_of, kind_words
from app.ui.runtime.bank_port import Goes
from app.ui.theme.fonts import Role
from app.ui.theme.theme import current
from app.ui.widgets.card import Card
from app.ui.widgets.fields import Field
from app.ui.widgets.form_choice import FormChoice
from app.ui.widgets.text import Label
from app.ui.widgets.themed import Themed, pad
from app.ui.widgets.tile import Tile

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.ui.runtime.bank_port import Answer, Found, FoundAccount


class ConfirmStep(Column):
    """The bank that was linked, and where the rows of each of its accounts go."""

    def __init__(self, found: Found, known: Sequence[tuple[int, str]]) -> None:
        super().__init__()
        many = len(found.accounts)
        self.add(Label(f"{found.institution}, {many} account{'' if many == 1 else 's'}. Is this your bank?",
                       Role.BODY, "text", wrap=True))  # fmt: skip
        if found.linked_before:
            self.add(Point("alert", "warn", f"{found.institution} is linked already. A second link fetches the same "
                           "rows and may be billed twice; cancel unless these are other accounts."))  # fmt: skip
        card = Card()
        self.places = [AccountPlace(found.institution, each, known) for each in found.accounts]
        for place in self.places:
            card.add_row(place)
        self.add(card)
        self.add(Label("All of it can be changed later under Accounts.", Role.CAPTION, "muted", wrap=True))

    def problem(self) -> str:
        """Return what is wrong with the answers; empty when nothing is."""
        chosen = [place.goes().account_id for place in self.places]
        known = [each for each in chosen if each is not None]
        return "" if len(known) == len(set(known)) else "Two accounts of the bank cannot share one: choose another."

    def answer(self) -> Answer:
        return {place.account.provider_id: place.goes() for place in self.places}


class AccountPlace(Themed, QWidget):
    """An account of the bank: what it is, and where its rows go."""

    def __init__(self, institution: str, account: FoundAccount, known: Sequence[tuple[int, str]]) -> None:
        super().__init__()
        self.account, self._institution = account, institution
        goes = bank_model.suggested(institution, account)
        digits = f" ··{account.last4}" if account.last4 else ""
        title = f"{account.name}{digits}"
        self.setAccessibleName(title)
        head = QHBoxLayout()
        head.addWidget(Tile(icon=icon_of(goes.kind)))
        texts = QVBoxLayout()
        texts.setSpacing(0)
        texts.addWidget(Label(title, Role.NAME, wrap=True))
        texts.addWidget(Label(f"{kind_words(goes.kind)} at {institution}", Role.CAPTION, "muted", wrap=True))
        head.addLayout(texts, 1)
        self.target = FormChoice(
            [(None, f"A new account: {goes.name}"), *known], goes.account_id, f"{title}: rows go to"
        )
        self.target.changed.connect(lambda _to: self._show())
        self.kind = FormChoice(list(KINDS), goes.kind, f"{title}: kind")
        self.role = FormChoice(list(ROLES), goes.role, f"{title}: whose money")
        self.role.changed.connect(lambda _role: self._show())
        self._name = goes.name
        self._new = QWidget()
        pair = QHBoxLayout(self._new)
        pair.setContentsMargins(0, 0, 0, 0)
        pair.addWidget(Field("Kind", self.kind), 1)
        pair.addWidget(Field("Whose money", self.role), 1)
        self.meaning = Label("", Role.CAPTION, "muted", wrap=True)
        self._column = QVBoxLayout(self)
        self._column.addLayout(head)
        self._column.addWidget(Field("Its rows go to", self.target))
        self._column.addWidget(self._new)
        self._column.addWidget(self.meaning)
        self._spaced = (head, pair)
        # The accessible names of the three say which account they are about; `Field` would name them by their labels.
        for choice, what in ((self.target, "rows go to"), (self.kind, "kind"), (self.role, "whose money")):
            choice.setAccessibleName(f"{title}: {what}")
        self._show()
        self.follow_theme()

    def restyle(self) -> None:
        pad(self._column, 16, 14, 16, 14)
        self._column.setSpacing(current().dp(10))
        for row in self._spaced:
            row.setSpacing(current().dp(12))

    def _show(self) -> None:
        is_new = self.target.value() is None
        self._new.setVisible(is_new)
        words = {str(role): text for role, text in ROLE_MEANING.items()}
        self.meaning.setText(
            words[str(self.role.value())]
            if is_new
            else "Rows that are there already, from files for one, are recognised and not doubled."
        )

    def goes(self) -> Goes:
        target = self.target.value()
        to = target if isinstance(target, int) else None
        return Goes(to, self._name, str(self.kind.value()), str(self.role.value()))

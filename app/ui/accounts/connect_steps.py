"""The parts of connecting a bank: what leaves the machine, the way there, the wait, the accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.ui.accounts import bank_model
from app.ui.accounts.view_model import KINDS, ROLE_MEANING, ROLES, icon_of, kind_words
from app.ui.runtime.bank_port import Goes
from app.ui.theme.fonts import Role
from app.ui.theme.theme import current
from app.ui.widgets.buttons import LinkButton
from app.ui.widgets.card import Card
from app.ui.widgets.fields import Field, LineEdit, PasswordEdit
from app.ui.widgets.form_choice import FormChoice
from app.ui.widgets.icon_label import IconLabel
from app.ui.widgets.segmented import Segmented
from app.ui.widgets.text import Label
from app.ui.widgets.themed import Themed, pad
from app.ui.widgets.tile import Tile

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.ui.runtime.bank_port import Answer, Found, FoundAccount, Way


class Column(Themed, QWidget):
    """One part under the other."""

    def __init__(self, spacing: int = 12) -> None:
        super().__init__()
        self._spacing = spacing
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.follow_theme()

    def restyle(self) -> None:
        self.column.setSpacing(current().dp(self._spacing))

    def add(self, widget: QWidget) -> None:
        self.column.addWidget(widget)


def clear_one(layout: QVBoxLayout, widget: QWidget) -> None:
    """Take one widget out and delete it."""
    layout.removeWidget(widget)
    widget.hide()
    widget.deleteLater()


class Point(Themed, QWidget):
    """A sentence behind a mark."""

    def __init__(self, icon: str, color: str, text: str) -> None:
        super().__init__()
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.addWidget(IconLabel(icon, color, 16, 18), 0, Qt.AlignmentFlag.AlignTop)
        self._row.addWidget(Label(text, Role.SMALL, "text", wrap=True), 1)
        self.follow_theme()

    def restyle(self) -> None:
        self._row.setSpacing(current().dp(8))


class Points(Column):
    """A few sentences under a title."""

    def __init__(self, title: str, icon: str, color: str, texts: Sequence[str]) -> None:
        super().__init__(4)
        self.setAccessibleName(title)
        self.add(Label(title, Role.SMALL_TITLE))
        for text in texts:
            self.add(Point(icon, color, text))


class WordsStep(Column):
    """What leaves the machine and what does not. Where no way is set up yet it is chosen here, and the words follow."""

    change_wanted = Signal()

    def __init__(self, way: Way | None) -> None:
        super().__init__(14)
        self._way = way
        self.ways = Segmented(bank_model.WAYS, way.mode if way else bank_model.RELAY, "normal", "How banks are reached")
        self.ways.changed.connect(lambda _way: self._say())
        if way is None:
            self.add(self.ways)
        else:
            self.add(self._reached(way))
        self._words: Column | None = None
        self._say()

    @property
    def chosen(self) -> str:
        return str(self.ways.value())

    def _reached(self, way: Way) -> QWidget:
        line = QWidget()
        across = QHBoxLayout(line)
        across.setContentsMargins(0, 0, 0, 0)
        across.addWidget(Label(bank_model.way_words(way), Role.SMALL, "muted", wrap=True), 1)
        change = LinkButton("Change…")
        change.setAccessibleName("Change how banks are reached")
        change.clicked.connect(self.change_wanted)
        across.addWidget(change, 0, Qt.AlignmentFlag.AlignTop)
        return line

    def _say(self) -> None:
        if self._words is not None:
            clear_one(self.column, self._words)
        words = self._words = Column(14)
        said = bank_model.promise(self.chosen, self._way.address if self._way else "")
        words.add(Label(said.lead, Role.BODY, "text", wrap=True))
        words.add(Points("Leaves this computer", "export", "warn", said.leaves))
        words.add(Points("Never leaves this computer", "check", "money_in", said.stays))
        words.add(Points("Who can see what", "eye", "muted", said.seen))
        words.add(Label(bank_model.ALWAYS, Role.CAPTION, "muted", wrap=True))
        self.add(words)
        words.show()


class SetupStep(Column):
    """The address and the invitation of a relay, or a person's own keys of Plaid."""

    submitted = Signal()

    def __init__(self, mode: str, way: Way | None) -> None:
        super().__init__()
        self.mode = mode
        if mode == bank_model.OWN:
            self._own()
        else:
            self._relay(way)

    def _relay(self, way: Way | None) -> None:
        self.add(Label("A relay is run by somebody you trust: a shop, a bookkeeper, or yourself. Ask them for both.",
                       Role.SMALL, "muted", wrap=True))  # fmt: skip
        self.address = LineEdit("https://relay.example.com", size=36)
        self.address.setText(way.address if way and not way.is_own else "")
        self._address = Field("Address of the relay", self.address)
        self.grant = LineEdit("", size=36)
        self.grant.setMaxLength(4_000)
        self._grant = Field(
            "Invitation", self.grant, "A long line of letters. Leave it empty if the relay asks for none."
        )
        self.add(self._address)
        self.add(self._grant)
        for edit in (self.address, self.grant):
            edit.returnPressed.connect(self.submitted)

    def _own(self) -> None:
        self.add(Label("From dashboard.plaid.com, under Developers, Keys. They go into this computer’s keychain, or "
                       "sealed into the books where there is none.", Role.SMALL, "muted", wrap=True))  # fmt: skip
        self.client_id = LineEdit("", size=36)
        self._client = Field("Client id", self.client_id)
        self.secret = PasswordEdit(size=36, name="Secret")
        self._secret = Field("Secret", self.secret, "The one of the environment you choose below.")
        self.env = FormChoice(bank_model.ENVS, "production", "Environment")
        for part in (self._client, self._secret, Field("Environment", self.env)):
            self.add(part)
        self.client_id.returnPressed.connect(self.submitted)
        self.secret.submitted.connect(self.submitted)

    def check(self) -> bool:
        """Return whether all is there; else say at its place what is missing."""
        if self.mode == bank_model.OWN:
            self._client.set_error("" if self.client_id.text().strip() else "Type the client id.")
            self._secret.set_error("" if self.secret.text().strip() else "Type the secret.")
            first = self.secret if self.client_id.text().strip() else self.client_id
            if self.client_id.text().strip() and self.secret.text().strip():
                return True
        else:
            problem = bank_model.address_problem(self.address.text())
            self._address.set_error(problem)
            first = self.address
            if not problem:
                return True
        first.setFocus()
        return False

    def forget(self) -> None:
        """Drop what must not stay in a widget."""
        if self.mode == bank_model.OWN:
            self.secret.clear()
        else:
            self.grant.clear()


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
        line = QWidget()
        self._row = QHBoxLayout(line)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.addWidget(Tile(icon="link", size=40), 0, Qt.AlignmentFlag.AlignTop)
        self._row.addWidget(texts, 1)
        self.add(line)
        self.add(self.again)
        self.column.setAlignment(self.again, Qt.AlignmentFlag.AlignLeft)
        self.add(Label("The page is Plaid’s or your bank’s. It works for about a quarter of an hour. Never give its "
                       "address to anybody.", Role.CAPTION, "muted", wrap=True))  # fmt: skip
        self.restyle()
        self.tell("begin")

    def restyle(self) -> None:
        super().restyle()
        if hasattr(self, "_row"):
            self._row.setSpacing(current().dp(12))

    def tell(self, state: str) -> None:
        title, text = bank_model.STATES.get(
            state, ("Asking for the bank’s page", "It opens in your browser in a moment.")
        )
        self.title.setText(title)
        self.text.setText(text)
        self.text.setVisible(bool(text))


class FetchStep(Column):
    """The first rows come. How many there will be nobody knows, so it is told how many are here."""

    def __init__(self) -> None:
        super().__init__()
        line = QWidget()
        self._row = QHBoxLayout(line)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.addWidget(Tile(icon="sync", size=40), 0, Qt.AlignmentFlag.AlignTop)
        texts = Column(4)
        self.title = Label("Fetching the first transactions", Role.NAME, wrap=True)
        texts.add(self.title)
        texts.add(Label("You can close this; it goes on, and the line at the foot of the window tells.", Role.SMALL,
                        "muted", wrap=True))  # fmt: skip
        self._row.addWidget(texts, 1)
        self.add(line)
        self.restyle()

    def restyle(self) -> None:
        super().restyle()
        if hasattr(self, "_row"):
            self._row.setSpacing(current().dp(12))

    def tell(self, rows: int) -> None:
        self.title.setText(f"{rows:,} transaction{'' if rows == 1 else 's'} so far")


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
        if found.lost_before:
            self.add(Point("alert", "warn", f"An earlier link of {found.institution} was lost. If you have not ended "
                           "it at my.plaid.com, do so: it may be billed beside this one."))  # fmt: skip
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

"""The step that sets up the way there, where none is yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from app.ui.accounts import bank_model
from app.ui.accounts.connect.parts import Column
from app.ui.theme.fonts import Role
from app.ui.widgets.fields import Field, LineEdit, PasswordEdit
from app.ui.widgets.form_choice import FormChoice
from app.ui.widgets.text import Label

if TYPE_CHECKING:
    from app.ui.runtime.bank_port import Way


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

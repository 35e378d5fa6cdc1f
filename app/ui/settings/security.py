"""The lock and the proofs: what opens the books, when they lock, whether the history is whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.ui.settings.section import Section
from app.ui.widgets.badge import Badge
from app.ui.widgets.buttons import Button, CheckBox, DropDown
from app.ui.widgets.card import Card, Row

if TYPE_CHECKING:
    from app.services.books import Books
    from app.ui.page import Page
    from app.ui.runtime.tasks import Token

_MINUTES = ((2, "2 minutes"), (5, "5 minutes"), (10, "10 minutes"), (30, "30 minutes"), (60, "1 hour"), (0, "never"))
_MODES = {
    "keychain": "opened by this computer’s keychain",
    "both": "opened by your passphrase and this computer’s keychain",
    "passphrase": "opened by your passphrase",
}


class SecuritySection(Section):
    def __init__(self, page: Page) -> None:
        super().__init__(page, "Security")
        preferences = page.frame.preferences
        card = Card("Your books")
        self.file = Row("Encrypted file", "", second=" ", icon="lock")
        self.file.add_right(Badge("encrypted", "ok", "check"))
        card.add_row(self.file)
        self.chain = Row("History chain", "", second="Every change is sealed to the one before it", icon="shield")
        self.verify = Button("Verify", size="small")
        self.verify.clicked.connect(self._verify)
        self.chain.add_right(self.verify)
        card.add_row(self.chain)
        self.cards.addWidget(card)
        lock = Card("Locking")
        self.minutes = DropDown(list(_MINUTES), name="Lock after")
        self.minutes.changed.connect(lambda value: preferences.set("lock/minutes", int(str(value))))
        row = Row("Lock after", "without use")
        row.add_right(self.minutes)
        lock.add_row(row)
        self.unfocused = CheckBox("")
        self.unfocused.setAccessibleName("Hide amounts when the window loses focus")
        self.unfocused.toggled.connect(lambda on: preferences.set("lock/hide_amounts_unfocused", bool(on)))
        row = Row("Hide amounts when the window loses focus")
        row.add_right(self.unfocused)
        lock.add_row(row)
        now = Button("Lock now", icon="lock", key="Ctrl L")
        now.clicked.connect(lambda: page.frame.commands.trigger("app.lock"))
        row = Row("Lock the books", "and forget the key", height=54)
        row.add_right(now)
        lock.add_row(row)
        self.cards.addWidget(lock)
        self.cards.addStretch(1)

    def load(self) -> None:
        preferences = self.page.frame.preferences
        self.minutes.set_value(preferences.number("lock/minutes"))
        self.unfocused.setChecked(preferences.is_on("lock/hide_amounts_unfocused"))
        self.page.fetch(_facts, self._show, name="security")

    def _show(self, facts: tuple[str, int]) -> None:
        mode, size = facts
        self.file.second.setText(f"SQLCipher, AES-256, {size / 1_048_576:.1f} MB, {_MODES.get(mode, mode)}")

    def _verify(self) -> None:
        self.verify.setEnabled(False)
        self.chain.second.setText("Checking every entry")

        def work(books: Books, _token: Token) -> Any:  # noqa: ANN401 - AuditState, loaded late
            from app.services import audit_log  # noqa: PLC0415

            return audit_log.verify(books)

        def done(state: Any) -> None:  # noqa: ANN401 - as above
            self.verify.setEnabled(True)
            self.chain.second.setText(state.sentence)
            if not state.ok:
                self.chain.second.set_color("danger")

        self.page.fetch(work, done, name="verify")


def _facts(books: Books, _token: Token) -> tuple[str, int]:
    from app.services import vault  # noqa: PLC0415

    size = sum(path.stat().st_size for path in books.home.glob("books.db*"))
    return str(vault.mode_of(books.home)), size

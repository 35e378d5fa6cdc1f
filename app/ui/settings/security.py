"""The lock and the proofs: what opens the books, when they lock, whether the history is whole."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.ui.settings.check_ring import CheckRing
from app.ui.settings.section import Section
from app.ui.settings.switch_row import SwitchRow
from app.ui.theme.fonts import Role
from app.ui.theme.theme import current
from app.ui.widgets.badge import Badge
from app.ui.widgets.buttons import Button, CheckBox, DropDown
from app.ui.widgets.card import Card, Row
from app.ui.widgets.icon_label import IconLabel
from app.ui.widgets.text import Label
from app.ui.widgets.themed import Themed, pad

if TYPE_CHECKING:
    from app.services.books import Books
    from app.ui.page import Page
    from app.ui.runtime.tasks import Token

_MINUTES = ((2, "2 minutes"), (5, "5 minutes"), (10, "10 minutes"), (30, "30 minutes"), (60, "1 hour"), (0, "never"))
_SWITCHES = (
    ("lock/when_away", "Lock when the computer sleeps", "or locks its screen"),
    ("lock/when_minimised", "Lock when the window is minimised", ""),
    ("lock/hide_amounts_unfocused", "Hide amounts when the window loses focus", ""),
    ("lock/clear_clipboard", "Clear copied amounts", "after 30 seconds, and when the books lock"),
)
_MODES = {
    "keychain": ("This computer’s keychain", "whoever is logged in here can open the books"),
    "both": ("Passphrase and keychain", "both are needed; a forgotten passphrase cannot be reset"),
    "passphrase": ("Passphrase", "a forgotten one cannot be reset: keep it written down"),
}
VERIFIED = "security/verified_at"
"""When the chain was last found whole, UTC; forgotten when it is not."""


class Facts(NamedTuple):
    mode: str
    size: int
    entries: int
    verified: str
    """When the chain was last found whole, in words; empty where it never was."""


class _CheckRow(Row):
    """A check: a tick or a triangle, what it is about, and what can be done."""

    def __init__(self, name: str) -> None:
        self.mark = IconLabel("check", "money_in", 16)
        super().__init__(name, second=" ", lead=self.mark)
        self.is_good: bool | None = None

    def tell(self, second: str, *, good: bool | None) -> None:
        """Say how it stands; None = not checked yet."""
        self.is_good = good
        self.second.setText(second)
        self.mark.set_icon(*{True: ("check", "money_in"), False: ("alert", "warn"), None: ("clock", "muted")}[good])
        self.mark.setAccessibleName({True: "in order", False: "to do", None: "not checked yet"}[good])


class _Summary(Themed, QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.ring = CheckRing()
        self.title, self.words = Label("", Role.PANE_TITLE), Label("", Role.SMALL, "muted", wrap=True)
        self._across = QHBoxLayout(self)
        self._across.addWidget(self.ring)
        texts = QVBoxLayout()
        texts.setSpacing(0)
        texts.addStretch(1)
        texts.addWidget(self.title)
        texts.addWidget(self.words)
        texts.addStretch(1)
        self._across.addLayout(texts, 1)
        self.follow_theme()

    def restyle(self) -> None:
        pad(self._across, 20, 20, 20, 20)
        self._across.setSpacing(current().dp(20))


class SecuritySection(Section):
    def __init__(self, page: Page) -> None:
        super().__init__(page, "Security check-up")
        self.summary = _Summary()
        top = Card()
        top.add_row(self.summary)
        self.cards.addWidget(top)
        self.cards.addWidget(self._checks())
        self.cards.addWidget(self._locking())
        self.cards.addStretch(1)
        page.frame.preferences.changed.connect(self._preference)

    def _checks(self) -> Card:
        card = Card()
        self.chain = _CheckRow("History chain")
        self.verify = Button("Verify", size="small")
        self.verify.clicked.connect(self._verify)
        self.chain.add_right(self.verify)
        self.opens, self.file, self.idle = _CheckRow("Passphrase"), _CheckRow("Encrypted file"), _CheckRow("Locking")
        self.network = _CheckRow("What left this computer")
        self.file.add_right(Badge("AES-256", "ok", "lock"))
        self.network.add_right(Badge("nothing", "ok", "check"))
        self.checks = (self.chain, self.opens, self.file, self.idle, self.network)
        for row in self.checks:
            card.add_row(row)
        return card

    def _locking(self) -> Card:
        preferences = self.page.frame.preferences
        card = Card("Locking")
        self.minutes = DropDown(list(_MINUTES), name="Lock after")
        self.minutes.changed.connect(lambda value: preferences.set("lock/minutes", int(str(value))))
        row = Row("Lock after", "without use")
        row.add_right(self.minutes)
        card.add_row(row)
        self.switches: dict[str, CheckBox] = {}
        for name, title, note in _SWITCHES:
            row = SwitchRow(title, note)
            row.box.clicked.connect(partial(self._switch, name))
            self.switches[name] = row.box
            card.add_row(row)
        self.lock_now = Button("Lock now", icon="lock", key="Ctrl L")
        self.lock_now.clicked.connect(lambda: self.page.frame.commands.trigger("app.lock"))
        row = Row("Lock the books", "and forget the key")
        row.add_right(self.lock_now)
        card.add_row(row)
        return card

    def load(self) -> None:
        preferences = self.page.frame.preferences
        minutes = preferences.number("lock/minutes")
        if minutes not in dict(_MINUTES):
            self.minutes.set_choices([*_MINUTES, (minutes, f"{minutes} minutes")], minutes)
        self.minutes.set_value(minutes)
        for name, box in self.switches.items():
            box.setChecked(preferences.is_on(name))
        self.lock_now.setEnabled(self.page.frame.commands.can("app.lock"))
        self.page.fetch(partial(_facts, preferences.text(VERIFIED)), self._show, name="security")

    def _switch(self, name: str, on: object) -> None:
        self.page.frame.preferences.set(name, bool(on))

    def _preference(self, name: str) -> None:
        if name.startswith("lock/"):
            self.load()

    def _show(self, facts: Facts) -> None:
        preferences = self.page.frame.preferences
        name, second = _MODES.get(facts.mode, ("Key", facts.mode))
        self.opens.name.setText(name)
        self.opens.tell(second, good=True)
        self.file.tell(f"SQLCipher, {facts.size / 1_048_576:.1f} MB on this computer", good=True)
        minutes = preferences.number("lock/minutes")
        self.idle.tell(
            f"after {dict(_MINUTES).get(minutes, f'{minutes} minutes')} without use"
            if minutes
            else "never: whoever comes to this computer sees the books",
            good=minutes > 0,
        )
        self.network.tell("the program makes no connections: no account, no telemetry, no update check", good=True)
        if self.chain.is_good is not False:
            said = f"verified {facts.verified}" if facts.verified else "not verified yet"
            self.chain.tell(f"{facts.entries:,} entries, {said}", good=True if facts.verified else None)
        self._sum_up()

    def _sum_up(self) -> None:
        good = sum(row.is_good is True for row in self.checks)
        self.summary.ring.set_checks(good, len(self.checks))
        self.summary.title.setText(f"{good} of {len(self.checks)} in order")
        if self.chain.is_good is False:
            words = (
                "The history chain does not hold: the books were changed from outside. Keep a copy before you go on."
            )
        elif self.chain.is_good is None:
            words = "One thing to do: verify the history chain. It takes a moment."
        elif self.idle.is_good is False:
            words = "One thing to do: let the books lock when nobody uses them."
        else:
            words = "Nothing to do."
        self.summary.words.setText(words)

    def _verify(self) -> None:
        self.chain.tell("Checking every entry", good=None)

        def work(books: Books, _token: Token) -> Any:  # noqa: ANN401 - AuditState, loaded late
            from app.services import audit_log  # noqa: PLC0415

            return audit_log.verify(books), books.stamp()

        def done(found: Any) -> None:  # noqa: ANN401 - as above
            state, stamp = found
            self.page.frame.preferences.set(VERIFIED, stamp if state.ok else "")
            self.chain.tell(state.sentence, good=bool(state.ok))
            self.chain.second.set_color("muted" if state.ok else "danger")
            self._sum_up()

        def failed(error: Exception) -> None:
            self.load()
            self.page.frame.fail(error)

        self.page.fetch(work, done, name="verify", failed=failed)


def _when(stamp: str, books: Books) -> str:
    """Return a moment as people say it: `today 9:12`, `Nov 3`; empty for none."""
    try:
        at = datetime.fromisoformat(stamp).astimezone(books.zone())
    except ValueError:
        return ""
    today = books.clock.today()
    if at.date() == today:
        return f"today {at.hour}:{at.minute:02d}"
    return f"{at:%b} {at.day}" if at.year == today.year else f"{at:%b} {at.day}, {at.year}"


def _facts(verified: str, books: Books, _token: Token) -> Facts:
    from app.services import audit_log, vault  # noqa: PLC0415

    size = sum(path.stat().st_size for path in books.home.glob("books.db*"))
    newest = audit_log.listed(books, 1)
    return Facts(str(vault.mode_of(books.home)), size, newest[0].seq if newest else 0, _when(verified, books))

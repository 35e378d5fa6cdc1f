"""What the list of accounts says of those whose rows come from a bank."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from app.ui.runtime import bank_words
from app.ui.runtime.bank_port import GONE, RECONNECT

if TYPE_CHECKING:
    from app.ui.runtime.bank_watch import BankWatch


class LinkRow(NamedTuple):
    """A linked account: its second line, the badge if there is one, and what its button does."""

    second: str
    badge: tuple[str, str] | None
    action: str
    """sync, stop, sign_in or show."""


def rows(bank: BankWatch) -> dict[int, LinkRow]:
    """Return what is said of each linked account, by account of the books."""
    found, now = {}, bank.now_ms()
    for link in bank.standing.links:
        runs, trouble = bank.running == link.id, bank.trouble_of(link)
        action = "stop" if runs else {RECONNECT: "sign_in", GONE: "show"}.get(link.health, "sync")
        row = LinkRow(bank_words.second_line(link, now, trouble), bank_words.badge(link, trouble, running=runs), action)
        found.update(dict.fromkeys(link.accounts, row))
    return found

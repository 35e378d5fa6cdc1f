"""What the window shows of linked banks, and how a person's answers about a new one are taken. Asks no network."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from app.core.bank import schedule
from app.core.dates import Day, date_of
from app.services.bank import bank_client, bank_linking, egress_list
from app.services.bank.bank_unread import Unread, unread

if TYPE_CHECKING:
    from app.services.bank.bank_accounts import Place
    from app.services.bank.bank_linking import Linked
    from app.services.books.open_books import Books
    from app.store.bank_settings import BankSetting

EXPORT_HEAD = ("when_utc", "host", "purpose", "bytes_sent", "bytes_received", "allowed_by")


class Bank(NamedTuple):
    """A linked bank; `accounts` are those of the books its rows go to, moments are ms since 1970."""

    id: int
    institution: str
    health: str
    history: str
    synced_at: int | None
    tried_at: int | None
    failures: int
    accounts: tuple[int, ...]
    permission_ends: date | None = None
    """The day the bank's permission ends, where that is near."""
    permission_days: int = 0
    unread: tuple[Unread, ...] = ()
    """Rows that came incomplete and are not booked."""


class BankPage(NamedTuple):
    """`unanswered` are banks that were linked and wait for the person's word."""

    setting: BankSetting | None
    banks: tuple[Bank, ...]
    unanswered: tuple[str, ...]


class LikelyAccount(NamedTuple):
    """An account of a bank that was just linked; `account_id` is the one of the books it would be joined with."""

    provider_id: str
    name: str
    last4: str
    kind: str
    role: str
    account_id: int | None


def page(books: Books) -> BankPage:
    """Return how the banks stand, as was known last."""
    with books.reading():
        banks = tuple(
            Bank(
                each.id, each.institution, each.health, each.history, each.synced_at, each.tried_at,
                each.failures, tuple(account.account_id for account in books.bank.accounts_of(each.id)),
                *_permission(each.consent_ends, books.clock.today()), unread(books, each.id),
            )
            for each in books.bank.connections()
        )  # fmt: skip
        waiting = tuple(each.institution for each in bank_linking.linked(books))
        return BankPage(bank_client.setting_of(books), banks, waiting)


def _permission(ends: Day | None, today: date) -> tuple[date | None, int]:
    day = None if ends is None else date_of(ends)
    return (day, (day - today).days) if day is not None and schedule.ends_soon(day, today) else (None, 0)


def likely(books: Books, linked: Linked) -> list[LikelyAccount]:
    """Return the accounts of a bank that waits for the person's word, with where their rows would go."""
    from app.core.bank import reading  # noqa: PLC0415 - only when a bank is linked
    from app.services.bank import bank_accounts  # noqa: PLC0415 - same

    found: list[LikelyAccount] = []
    for told in linked.accounts:
        facts = reading.account(told)
        if facts is None:
            continue
        taken = {each.account_id for each in found if each.account_id is not None}
        there = bank_accounts.account_there(books, linked.institution, facts, taken)
        found.append(
            LikelyAccount(facts.provider_id, facts.name, facts.last4 or "", facts.kind, facts.role,
                          there.id if there is not None else None)
        )  # fmt: skip
    return found


def confirm(books: Books, item_id: str, places: Mapping[str, Place]) -> int:
    """Make a bank a connection, its rows going where the person said. Returns its number. Raises: as `bank_linking`."""
    return bank_linking.confirm(books, item_id, places=places)


def export_egress(books: Books, path: Path) -> int:
    """Write the list of what left this machine as CSV; return how many entries. Raises: Exists, BadFile, DiskFull."""
    import csv  # noqa: PLC0415 - rare

    from app.services.ingest import csv_tables  # noqa: PLC0415 - same

    found = egress_list.listed(books)
    with csv_tables.new_table(path) as stream:
        table = csv.writer(stream)
        table.writerow(EXPORT_HEAD)
        table.writerows((row.at, row.host, row.purpose, row.sent, row.received, row.allowed_by) for row in found.rows)
    return found.entries

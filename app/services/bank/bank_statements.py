"""The record that stands for what a link brings into an account: its days, its balance, the rows it could not read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING

from app.core.dates import day_of
from app.core.ingest.typed import kept
from app.services.bank import bank_accounts
from app.store.bank import FORMAT, LAYOUT

if TYPE_CHECKING:
    from app.core.bank.reading import AccountFacts
    from app.core.dates import Day
    from app.services.bank.bank_pages import Staged
    from app.services.books.open_books import Books
    from app.store.accounts import Account
    from app.store.bank import BankConnection

_TROUBLES_KEPT = 200


def of(books: Books, connection: BankConnection, account: Account, repeated: int = 0) -> int:
    """Return the record that stands for what the link brings into an account; it is made when rows first come."""
    found = books.bank.file_of(account.id)
    if found is None:
        day = day_of(books.clock.today())
        found = books.accounts.add_file((
            account.id, kept(connection.institution), f"bank:{account.id}", FORMAT, LAYOUT, day, day, 0, 0,
            repeated, 0, 0, None, None, 0, "{}",
        ))  # fmt: skip
    elif repeated:
        books.bank.count_repeats(found, repeated)
    return found


def note_refused(
    books: Books, connection: BankConnection, staged: Staged, accounts: Mapping[str, Account], *, is_all: bool
) -> None:
    """List the rows that could not be read, and take off the list those that came whole or went.

    The cursor moves past them. Nothing is lost by that: when Plaid mends a row it sends all of it again as
    modified (or as added, under a new id), and a row that is not known yet is then taken as new; one that it takes
    back is in `removed`, which for an unknown row changes nothing. Waiting in front of such a row instead would
    keep every other one of the bank back for as long as Plaid leaves it as it is. What the books hold of the row
    from before stays as it was. A pending row whose posted form cannot be read is taken back, as the bank says,
    and comes alive with all that was said of it once the posted form is whole.
    """
    refused: dict[int, dict[str, str]] = {}
    for each in staged.refused.values():
        if each.account in accounts:
            refused.setdefault(accounts[each.account].id, {})[each.number] = each.reason
    mended = staged.rows.keys() - staged.refused.keys() | staged.removed
    for account in {account.id: account for account in accounts.values()}.values():
        if account.id in refused or books.bank.file_of(account.id) is not None:
            books.bank.note_refused(
                of(books, connection, account), refused.get(account.id, {}), None if is_all else mended, _TROUBLES_KEPT
            )


def settle(
    books: Books, connection: BankConnection, accounts: Mapping[str, Account], roster: Mapping[str, AccountFacts],
    earliest: Mapping[int, Day],
) -> None:  # fmt: skip
    """Bring the record of each account up to date: its days, its rows, and the balance the bank states."""
    today = day_of(books.clock.today())
    facts = {accounts[number].id: each for number, each in roster.items() if number in accounts}
    feeders = Counter(account.id for account in accounts.values())
    for account in {account.id: account for account in accounts.values()}.values():
        held = facts.get(account.id)
        fits = held is not None and held.currency == account.currency and feeders[account.id] == 1
        stated = held.balance_cents if held is not None and fits else None
        file_id = books.bank.file_of(account.id)
        if file_id is None and account.id not in earliest and stated is None:
            continue
        file_id = file_id or of(books, connection, account)
        books.bank.refresh_file(file_id, today)
        bank_accounts.state_balance(books, account.id, file_id, stated, today, earliest.get(account.id))

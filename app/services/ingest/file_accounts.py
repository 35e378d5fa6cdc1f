"""Which account a file belongs to: one that is there, by its number, its bank, its name or its rows, or a new one."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING

from app.core.books.vocabulary import AccountKind, usual_role
from app.core.dates import Day
from app.core.errors import AccountAmbiguous
from app.core.ingest.typed import kept
from app.services.ingest import file_likeness
from app.services.ingest.account_names import name_letters, proposed_name, same_name
from app.services.ledger import which_account
from app.store.descriptors import short_hash

if TYPE_CHECKING:
    from app.core.ingest.statement import ParsedFile, Statement
    from app.services.books.open_books import Books
    from app.services.ingest.import_results import ImportOptions
    from app.store.accounts import Account

SHARED_ROWS = 3
"""So many equal rows (date, cents) say that a file belongs to an account."""

_MOSTLY = (3, 4)
"""So large a part of the rows of their common days must be equal where the name of the file says another bank."""

_DEPOSITS = {AccountKind.CHECKING, AccountKind.SAVINGS}
_POOLED = frozenset(
    {AccountKind.PAYPAL, AccountKind.STRIPE, AccountKind.SQUARE, AccountKind.VENMO, AccountKind.CASHAPP,
     AccountKind.ETSY, AccountKind.UPWORK, AccountKind.PAYONEER}
)  # fmt: skip
"""Wallets whose one export holds all currencies; elsewhere each currency is an account of its own."""


def account_for(
    books: Books, statement: Statement, parsed: ParsedFile, file_name: str, options: ImportOptions
) -> tuple[Account, bool]:
    """Return the account of a statement, making it when there is none; True when it was made.

    Raises: AccountAmbiguous when more than one account fits.
    """
    account = described(books, statement, parsed, file_name, options)
    if account.id:
        _complete(books, account, _last4(statement), _fingerprint(books, statement), statement.institution)
        return account, False
    made = books.accounts.add(
        business_id=account.business_id, name=account.name, kind=account.kind, role=account.role,
        institution=account.institution, last4=account.last4, fingerprint=account.fingerprint,
        currency=account.currency,
    )  # fmt: skip
    return made, True


def described(
    books: Books, statement: Statement, parsed: ParsedFile, file_name: str, options: ImportOptions,
    planned: Sequence[Account] = (),
) -> Account:  # fmt: skip
    """Return the account of a statement without writing anything: one that would be made has the id 0.

    `planned` are those that earlier statements of the same file would make; each has a negative id. Raises:
    AccountAmbiguous when more than one account fits.
    """
    own_name = _own_name(statement)
    guessed = not own_name and not statement.institution
    institution = own_name or kept(statement.institution or _institution_of(parsed, file_name) or "")[:60] or None
    print_of_number, last4 = _fingerprint(books, statement), _last4(statement)
    kind = options.account_kind or statement.kind
    if kind is None and institution == name_letters(file_name):
        kind = known_kind(books, file_name, options)
    if options.account is not None:
        known = which_account.find(books, options.account)
        name = kept(options.account)
    else:
        every = [*books.accounts.all(), *planned]
        known = _recognised(books, every, statement, institution, kind, last4, print_of_number, guessed=guessed)
        name = own_name or proposed_name(institution, kind, last4)
        if known is None:
            left = [
                each for each in books.accounts.all()
                if not _contradicts(each, kind, last4, print_of_number)
                and (not (statement.institution and each.institution)
                     or same_name(each.institution, statement.institution))
            ]  # fmt: skip
            known = file_likeness.linked_account(books, statement, parsed, left)
    if known is not None:
        return known
    from app.store.accounts import Account  # noqa: PLC0415 - only imports propose accounts

    return Account(
        id=0, business_id=books.settings.businesses()[0].id,
        name=books.accounts.free_name(name, {each.name for each in planned}), kind=kind or AccountKind.CHECKING,
        role=options.role or usual_role(kind or AccountKind.CHECKING), institution=institution, last4=last4,
        fingerprint=print_of_number, currency=statement.currency, opening_cents=0, opening_known=0, removed=0,
    )  # fmt: skip


def _own_name(statement: Statement) -> str | None:
    """Return the name that a file gives an account of which it tells neither bank nor number (Mint, QIF)."""
    if not statement.name or statement.institution or statement.account_number or statement.last4:
        return None
    return kept(statement.name)[:60] or None


def in_currency_of(account: Account, statement: Statement) -> list[str]:
    """Give rows of another currency than their account's its code, and let go of a balance that is not in it.

    Returns: what to tell of it.
    """
    own = statement.currency
    if own == account.currency:
        return []
    statement.rows = [
        row._replace(currency=None if (row.currency or own) == account.currency else row.currency or own)
        for row in statement.rows
    ]
    notes = [f"The statement is in {own}, the account in {account.currency}; its rows keep their currency."]
    if statement.balance_cents is not None:
        notes.append(f"Its balance in {own} was not compared.")
    statement.balance_cents = statement.balance_day = None
    statement.currency = account.currency
    return notes


def in_others_too(books: Books, account: Account, statement: Statement) -> list[str]:
    """Return what to tell where a new account has mostly the rows of one that is there: it may be the same."""
    rows = {(row.posted, row.cents) for row in statement.rows}
    told = []
    for other in books.accounts.all():
        if other.id == account.id or other.currency != account.currency:
            continue
        held = books.transactions.days_and_cents(other.id)
        if len(rows & held) >= SHARED_ROWS and mostly_the_same(rows, held):
            told.append(
                f"{len(rows & held):,} rows of {account.name} have the day and the amount of rows of {other.name}. If "
                f"they are one account, undo this import and bring the file into {other.name}."
            )
    return told


def _last4(statement: Statement) -> str | None:
    from app.core.ingest.redact import last_four  # noqa: PLC0415 - only imports read numbers of accounts

    return statement.last4 or (last_four(statement.account_number) if statement.account_number else None)


def _recognised(
    books: Books, accounts: Sequence[Account], statement: Statement, institution: str | None, kind: str | None,
    last4: str | None, print_of_number: str | None, *, guessed: bool,
) -> Account | None:  # fmt: skip
    """Return the account of a statement. `guessed`: its institution is only what its file is called."""
    if print_of_number:
        for account in accounts:
            if account.fingerprint == print_of_number:
                return account
    if last4 and institution:
        same = [
            a
            for a in accounts
            if a.last4 == last4
            and same_name(a.institution, institution)
            and (a.currency == statement.currency or a.kind in _POOLED)
        ]
        of_kind = [a for a in same if kind is None or a.kind == kind]
        # A bank's tables look the same for checking and savings, so that it is one or the other says little.
        near = [a for a in same if {a.kind, kind} == _DEPOSITS and not _numbered_otherwise(a, print_of_number)]
        if len(of_kind or near) == 1:
            return (of_kind or near)[0]
    if own_name := _own_name(statement):
        named = [a for a in accounts if own_name in {a.institution, a.name} and (kind is None or a.kind == kind)]
        if len(named) == 1:
            return named[0]
        institution = None  # a name of one's own is no bank's: others like it are other accounts
    rows = {(row.posted, row.cents) for row in statement.rows}
    called = _names_of_files(books)
    fitting = []
    for account in accounts:
        own = called.get(account.id)
        by_name = bool(institution) and any(same_name(name, institution) for name in (account.institution, own))
        if _contradicts(account, kind, last4, print_of_number) or (
            account.currency != statement.currency and account.kind not in _POOLED
        ):
            continue
        if (
            by_name
            and account.kind == (kind or AccountKind.CHECKING)
            and not _numbered_otherwise(account, print_of_number)
        ):
            fitting.append(account)
            continue
        other_bank = institution and account.institution and not by_name and not (last4 and account.last4 == last4)
        if other_bank and not guessed and account.institution != own:
            continue
        held = books.transactions.days_and_cents(account.id)
        if len(rows & held) >= SHARED_ROWS and (not other_bank or mostly_the_same(rows, held)):
            fitting.append(account)
    if len(fitting) > 1:
        names = ", ".join(a.name for a in fitting)
        raise AccountAmbiguous("The file fits more than one account.", f"Say which with --account: {names}.")
    return fitting[0] if fitting else None


def _contradicts(account: Account, kind: str | None, last4: str | None, print_of_number: str | None) -> bool:
    """Whether an account is surely another one: another number or another kind."""
    if _numbered_otherwise(account, print_of_number) and not (last4 and account.last4 == last4):
        # formats write one number in several ways (an IBAN, an account at a routing number); its end is the same
        return True
    return bool((last4 and account.last4 and account.last4 != last4) or (kind and account.kind != kind))


def _names_of_files(books: Books) -> dict[int, str]:
    """Return what the file that made an account is called, where it names no bank: it stood in for the bank's name."""
    first = {file.account_id: file for file in reversed(books.accounts.files())}
    letters = {number: _letters_for_bank(file.layout, file.format, file.name) for number, file in first.items()}
    return {number: name for number, name in letters.items() if name is not None}


def mostly_the_same(rows: AbstractSet[tuple[Day, int]], held: AbstractSet[tuple[Day, int]]) -> bool:
    """Whether nearly all rows of the days that both cover are equal, seen from either side."""
    first, last = (max(min(side)[0] for side in (rows, held)), min(max(side)[0] for side in (rows, held)))
    part, whole = _MOSTLY
    return all(len(rows & held) * whole >= part * sum(first <= day <= last for day, _ in side) for side in (rows, held))


def _numbered_otherwise(account: Account, print_of_number: str | None) -> bool:
    return bool(print_of_number and account.fingerprint and account.fingerprint != print_of_number)


def _complete(
    books: Books, account: Account, last4: str | None, print_of_number: str | None, institution: str | None
) -> None:
    """A later file may know the number, or the bank, that an earlier one did not."""
    values = {}
    # what no file said, or only what a file is called
    if institution and (not account.institution or account.institution == _names_of_files(books).get(account.id)):
        values["institution"] = kept(institution)[:60]
    if last4 and not account.last4:
        values["last4"] = last4
    if print_of_number and not account.fingerprint:
        values["fingerprint"] = print_of_number
    if values:
        books.accounts.change(account.id, values)


def _fingerprint(books: Books, statement: Statement) -> str | None:
    if not statement.account_number or not statement.account_number.strip("0 *xX-"):
        return None
    parts = (statement.routing_number, statement.account_number, statement.account_type)
    key = books.subkey("account-fingerprint")
    return f"{short_hash(key, '|'.join(part or '' for part in parts)):016x}"


def _institution_of(parsed: ParsedFile, file_name: str) -> str | None:
    """For a layout nobody named, the letters of the file's name stand for the bank: `mybank-2026-01.csv`."""
    return _letters_for_bank(parsed.layout, parsed.format, file_name)


def _letters_for_bank(layout: str, form: str, file_name: str) -> str | None:
    return name_letters(file_name) if layout == "mapping" or form == "qif" else None


def known_kind(books: Books, file_name: str, options: ImportOptions) -> str | None:
    """Return the kind of the account a bare file goes to, as far as it is known before the file is read.

    The user says it, or the account named, or the account that files of this very name went to before.
    """
    if options.account_kind is not None:
        return options.account_kind
    if options.account is not None:
        account = which_account.find(books, options.account)
        return account.kind if account else None
    letters = name_letters(file_name)
    called = _names_of_files(books)
    kinds = {
        account.kind
        for account in books.accounts.all()
        if letters and letters in {account.institution, called.get(account.id)}
    }
    return kinds.pop() if len(kinds) == 1 else None

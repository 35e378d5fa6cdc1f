"""The accounts of a linked bank, and the accounts of the books their rows go to."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from app.core.bank import reading
from app.core.bank.reading import AccountFacts, BankRow
from app.core.books.vocabulary import AccountKind, Role
from app.core.ingest.redact import mask
from app.core.ingest.typed import kept
from app.services.bank import bank_history
from app.services.ingest import account_names, file_accounts
from app.services.ledger import balances
from app.store.bank import LAYOUT

if TYPE_CHECKING:
    from app.core.dates import Day
    from app.services.books.open_books import Books
    from app.store.accounts import Account
    from app.store.bank import BankAccount, BankConnection

_DAYS_APART = 3
_NEAR_ROWS = 8
"""So many rows with the amount, some days apart, say what three with the very day do."""
_UNKNOWN = ("other", None, "Account")


class Settled(NamedTuple):
    """The account of the books for each of the provider's; `changed` says that one was made or moved."""

    of: dict[str, Account]
    changed: bool
    joined: frozenset[str] = frozenset()
    """The provider's ids of accounts that are new, and in the books already."""


class Joined(NamedTuple):
    """An account of a bank whose rows go on in an account that the books had before."""

    name: str
    last4: str | None
    account_id: int
    account: str


class Place(NamedTuple):
    """Where a person wants an account's rows to go: an account of the books, or a new one of this kind and role."""

    account_id: int | None
    name: str
    kind: str
    role: str


def remember_linked(books: Books, item: Mapping[str, Any], *, places: Mapping[str, Place] | None = None) -> int:
    """Keep a bank a person linked, as the relay tells it: the connection and its accounts. Returns its number.

    An account that is in the books already, from files or from an earlier link, is joined, not made again, unless the
    person said by `places` where its rows go. A bank that is known under the same item keeps its number.
    """
    institution = item.get("institution") or {}
    name = kept(mask(str(institution.get("name") or "Bank")).text)[:60] or "Bank"
    known = books.bank.of_item(str(item["item_id"]))
    with books.work.operation("bank_link", durable=True) as work:
        if known is None:
            setting = books.bank.env()
            number = books.bank.add_connection(
                item_id=str(item["item_id"]), institution_id=institution.get("id"), institution=name, env=setting
            )
        else:
            number = known.id
            if known.ended:
                books.bank.set_connection(number, ended=0, cursor="", history="loading")
        if known is None or known.ended:
            books.bank.set_connection(number, awaited_since=bank_history.moment(books))
        connection = books.bank.connection(number)
        assert connection is not None
        roster = {found.provider_id: found for each in item.get("accounts") or () if (found := reading.account(each))}
        if settle(books, connection, roster, roster, places or {}).changed:
            work.rematch_all = True
        work.refs = {"connection": number}
    return number


def settle(
    books: Books, connection: BankConnection, roster: Mapping[str, AccountFacts], wanted: Collection[str],
    places: Mapping[str, Place] = MappingProxyType({}),
) -> Settled:  # fmt: skip
    """Return the account of each of the provider's ids, known or named by rows; new ones are made, moved ones found.

    Only inside an operation.
    """
    known = {each.provider_id: each for each in books.bank.accounts_of(connection.id)}
    of: dict[str, Account] = {}
    for number, each in known.items():
        account = books.accounts.get(each.account_id)
        if account is not None:
            of[number] = _in_its_currency(books, account, roster.get(number))
    changed, joined = False, set[str]()
    for number in (*roster, *sorted(set(wanted) - roster.keys())):
        if number in of:
            continue
        facts = roster.get(number) or AccountFacts(
            number, None, _UNKNOWN[2], None, _UNKNOWN[0], None, AccountKind.CHECKING, Role.MIXED, "USD", None
        )
        moved = _moved(known, facts, roster)
        if moved is not None and moved.provider_id in of:
            books.bank.set_account(
                moved.id, provider_id=number, persistent_id=facts.persistent_id, name=_name(facts.name)
            )
            of[number] = of.pop(moved.provider_id)
            known[number] = known.pop(moved.provider_id)._replace(provider_id=number)
            continue
        account = _account_for(books, connection, facts, {each.id for each in of.values()}, places.get(number))
        if number in known:  # its account was removed from the books: rows come again, so does the account
            books.bank.set_account(known[number].id, account_id=account.id)
        else:
            books.bank.add_account(
                connection_id=connection.id, account_id=account.id, provider_id=number,
                persistent_id=facts.persistent_id, last4=facts.last4, type=facts.type, subtype=facts.subtype,
                name=_name(facts.name),
            )  # fmt: skip
        if number not in known and books.accounts.files(account.id):
            joined.add(number)
        of[number] = account
        changed = True
    return Settled(of, changed, frozenset(joined))


def joined(books: Books, connection_id: int, numbers: Collection[str] | None = None) -> tuple[Joined, ...]:
    """Return which accounts of a bank were joined with accounts of the books; None = all that hold more than its rows.

    Right after a bank was linked and before its first rows, these are the ones that files or an earlier link told of.
    """
    found: list[Joined] = []
    for each in books.bank.accounts_of(connection_id):
        account = books.accounts.get(each.account_id)
        is_one = bool(books.accounts.files(each.account_id)) if numbers is None else each.provider_id in numbers
        if account is not None and is_one:
            found.append(Joined(each.name, each.last4, account.id, account.name))
    return tuple(found)


def _in_its_currency(books: Books, account: Account, facts: AccountFacts | None) -> Account:
    """Return an account, in the currency the bank states its balance in: a new link says none, and takes dollars.

    It is changed only while nothing but the link told of the account, and nothing in the currency it was taken for.
    """
    if (
        facts is None or facts.balance_cents is None or facts.currency == account.currency or len(facts.currency) != 3
        or account.opening_known or books.bank.has_rows_in(account.id, account.currency)
        or any(file.layout != LAYOUT for file in books.accounts.files(account.id))
    ):  # fmt: skip
        return account
    books.accounts.change(account.id, {"currency": facts.currency})
    return account._replace(currency=facts.currency)


def _is_empty(books: Books, account: Account) -> bool:
    return (
        not account.opening_known and not books.transactions.span(account.id) and not books.accounts.files(account.id)
    )


def join_by_rows(
    books: Books, connection: BankConnection, of: dict[str, Account], rows: Iterable[BankRow]
) -> frozenset[str]:  # fmt: skip
    """Let an account whose first rows are those of just one that is there be that one; it was made for nothing.

    Files of an account often name neither the bank as the link does nor its digits. Only inside an operation. Returns
    the provider's ids of those that were joined so.
    """
    told: dict[str, set[tuple[Day, int]]] = {}
    for row in rows:
        if row.account in of and not row.pending:
            told.setdefault(row.account, set()).add((row.source.posted, row.source.cents))
    linked = {each.provider_id: each for each in books.bank.accounts_of(connection.id)}
    found: set[str] = set()
    for number, mine in told.items():
        made = of[number]
        if len(mine) < file_accounts.SHARED_ROWS or number not in linked or not _is_empty(books, made):
            continue
        if not made.name.startswith(account_names.proposed_name(connection.institution, made.kind, made.last4)):
            continue  # a person said that it is one of its own
        taken = {each.id for each in of.values()}
        same = [
            other for other in books.accounts.all()
            if other.id not in taken and (other.kind, other.currency) == (made.kind, made.currency)
            and not (other.last4 and made.last4 and other.last4 != made.last4) and _holds(books, other, mine)
        ]  # fmt: skip
        if len(same) == 1:
            books.bank.set_account(linked[number].id, account_id=same[0].id)
            free = books.accounts.free_name(f"{made.name} (removed)")
            books.accounts.change(made.id, {"removed": 1, "name": free})
            of[number] = same[0]
            found.add(number)
    return frozenset(found)


def _holds(books: Books, account: Account, rows: set[tuple[Day, int]]) -> bool:
    held = books.transactions.days_and_cents(account.id)
    if len(rows & held) >= file_accounts.SHARED_ROWS and file_accounts.mostly_the_same(rows, held):
        return True
    return bool(held) and _are_near(rows, held) and _are_near(held, rows)


def _are_near(rows: set[tuple[Day, int]], others: set[tuple[Day, int]]) -> bool:
    """Say whether of nearly all rows of common days the amount stands beside: a file may print another of two days."""
    first, last = min(others)[0] - _DAYS_APART, max(others)[0] + _DAYS_APART
    common = [(day, cents) for day, cents in rows if first <= day <= last]
    near = sum(
        any((day + apart, cents) in others for apart in range(-_DAYS_APART, _DAYS_APART + 1)) for day, cents in common
    )
    return near >= _NEAR_ROWS and near * 4 >= 3 * len(common)


def _name(told: str) -> str:
    return kept(mask(told).text)[:60] or "Account"


def _moved(
    known: Mapping[str, BankAccount], facts: AccountFacts, roster: Mapping[str, AccountFacts]
) -> BankAccount | None:
    """Return the account that goes by another id now: a bank may give new ones, with a new name too.

    Only an account that the bank no longer names can be it, and where the name is another, only if just one account
    left and just one came with these digits and of this kind.
    """
    left = [each for number, each in known.items() if number not in roster]
    if facts.persistent_id:
        found = [each for each in left if each.persistent_id == facts.persistent_id]
        if found:
            return found[0]
    alike = [
        each for each in left
        if each.last4 == facts.last4 and each.type == facts.type and not (facts.persistent_id and each.persistent_id)
    ]  # fmt: skip
    named = [
        each for each in alike if each.name == _name(facts.name) and (facts.last4 or each.subtype == facts.subtype)
    ]
    if named or not facts.last4:
        return named[0] if len(named) == 1 else None
    came = [
        each for number, each in roster.items()
        if number not in known and (each.last4, each.type, each.subtype) == (facts.last4, facts.type, facts.subtype)
    ]  # fmt: skip
    renamed = [each for each in alike if each.subtype == facts.subtype]
    return renamed[0] if len(renamed) == len(came) == 1 else None


def _account_for(
    books: Books, connection: BankConnection, facts: AccountFacts, taken: set[int], place: Place | None
) -> Account:
    """Return the account of the books that an account of a bank is, making it when there is none."""
    if place is not None and place.account_id is not None:
        chosen = books.accounts.get(place.account_id)
        if chosen is not None and chosen.currency == facts.currency:
            return chosen
    there = account_there(books, connection.institution, facts, taken) if place is None else None
    if there is not None:
        return there
    kind, role = (place.kind, place.role) if place is not None else (facts.kind, facts.role)
    proposed = account_names.proposed_name(connection.institution, kind, facts.last4)
    return books.accounts.add(
        business_id=books.settings.businesses()[0].id,
        name=books.accounts.free_name((place.name if place is not None else "") or proposed), kind=kind, role=role,
        institution=connection.institution, last4=facts.last4,
        currency=facts.currency if len(facts.currency) == 3 else "USD",
    )  # fmt: skip


def account_there(books: Books, institution: str, facts: AccountFacts, taken: Collection[int]) -> Account | None:
    """Return the account of the books that an account of a bank is already: by its lasting id, else by its digits."""
    every = [account for account in books.accounts.all() if account.id not in taken]
    by_number = {account.id: account for account in every}
    linked = books.bank.accounts_everywhere()
    if facts.persistent_id:
        for each in linked:
            if each.persistent_id == facts.persistent_id and each.account_id in by_number:
                return by_number[each.account_id]
    # Two accounts of one number are common (a credit union's share and its checking). Of an account that a link told of
    # it is known what it is; of one that only files told of, the kind may be a guess.
    others = {each.account_id for each in linked if _is_surely_another(each, facts)}
    if facts.last4:
        same = [
            account for account in every
            if account.id not in others and account.last4 == facts.last4 and account.currency == facts.currency
            and account_names.same_name(account.institution, institution)
        ]  # fmt: skip
        same = [account for account in same if account.kind == facts.kind] or same
        if len(same) == 1:
            return same[0]
    return None


def _is_surely_another(linked: BankAccount, facts: AccountFacts) -> bool:
    if linked.persistent_id and facts.persistent_id:
        return linked.persistent_id != facts.persistent_id
    known = linked.type != _UNKNOWN[0] or linked.subtype is not None
    return known and (linked.type, linked.subtype) != (facts.type, facts.subtype)


def state_balance(
    books: Books, account_id: int, file_id: int, stated: int | None, today: Day, earliest: Day | None
) -> None:
    """Take the balance a bank states of this moment.

    Where no statement set the opening before, the opening follows the bank: the account holds what the bank says. Else
    the opening stands, and a balance that holds is noted; one that does not says nothing, as it may count what is
    pending, or be of this morning.
    """
    account = books.accounts.get(account_id)
    if account is None:
        return
    if stated is None:
        balances.follow_opening(books, account_id, earliest)
        return
    record = next(file for file in books.accounts.files(account_id) if file.id == file_id)
    if account.opening_known and not record.sets_opening:
        balances.follow_opening(books, account_id, earliest)
        account = books.accounts.get(account_id) or account
        if not balances.ties(books, account, stated, today, sets_opening=False):
            return
    else:
        opening = stated - books.transactions.sum_through(account_id, today, account.currency)
        if not account.opening_known or opening != account.opening_cents:
            books.accounts.change(account_id, {"opening_cents": opening, "opening_known": 1})
    values = {"balance_cents": stated, "balance_day": today, "sets_opening": record.sets_opening}
    if not account.opening_known:
        values["sets_opening"] = 1
    if any(getattr(record, name) != value for name, value in values.items()):
        books.bank.set_file(file_id, values)

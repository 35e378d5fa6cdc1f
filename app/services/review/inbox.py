"""The open questions as the window shows them: cards, what was done earlier with the like, and what speaks for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import NamedTuple

from app.core.books import naming
from app.core.books.naming import Meaning, counted
from app.core.books.vocabulary import AccountKind, Kind, Role
from app.core.dates import Day, year_of
from app.core.money import money_text
from app.services.books.open_books import Books
from app.services.ledger import finding, transactions
from app.services.review import questions
from app.services.review.questions import Choice, Item
from app.services.tax import taxes
from app.store.accounts import Account
from app.store.transactions import BookedRow, Listed

OUTLIER = 3
"""A row is worth a look when it is this many times the usual amount, or more."""
_ENOUGH = 3
"""Rows it takes to speak of a usual amount."""


class Leg(NamedTuple):
    """One side of a movement between own accounts."""

    transaction_id: int
    account: str
    day: Day
    cents: int


class Way(NamedTuple):
    """One way rows may belong together: the choice of that number."""

    n: int
    words: str
    second: str
    cents: int


class Evidence(NamedTuple):
    """One line for or against a suggestion. `icon`: history, reason, account, amount, pair or clock."""

    icon: str
    text: str
    second: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One question as a row of the inbox. `cents` of a movement between own accounts is what moved, without a sign."""

    item: Item
    name: str
    count: str
    """`3 charges`; empty for a single row."""
    about: str
    """`Nov 3 and 18, Checking ··6620`."""
    newest: Day
    oldest: Day
    cents: int
    suggestion: str
    sure: str
    """sure, likely, unsure or no suggestion (app.core.books.naming)."""
    confidence: int
    legs: tuple[Leg, Leg] | None = None
    ways: tuple[Way, ...] = ()
    """Of rows that may belong together: how."""
    snoozed_until: Day | None = None

    @property
    def currency(self) -> str:
        return self.item.rows[0].currency


def cards(books: Books, *, by_date: bool = False, snoozed: bool = False) -> list[Card]:
    """Return the questions that want an answer today, the dearest first or the newest; or those that wait for a day.

    A question waits while all its rows do: a new row of the same merchant brings it back.
    """
    today = taxes.today(books)
    later = books.decisions.snoozed()
    accounts = {account.id: account for account in books.accounts.all()}
    found = []
    for item in questions.items(books):
        days = [later.get(row.id) for row in item.rows]
        until = min((day for day in days if day is not None), default=None) if None not in days else None
        waits = until is not None and until > today
        if waits == snoozed:
            found.append(_card(books, item, accounts, year_of(today), until if waits else None))
    return sorted(found, key=lambda card: (-card.newest, card.item.id)) if by_date else found


def card(books: Books, item_id: str) -> Card:
    """Return one question, also one that waits. Raises: NotFound."""
    accounts = {account.id: account for account in books.accounts.all()}
    return _card(books, questions.existing(books, item_id), accounts, year_of(taxes.today(books)), None)


def counts(found: Sequence[Card]) -> tuple[int, int, int]:
    """Return questions, transactions and cents in all, without signs: the line above the list."""
    return len(found), sum(len(card.item.rows) for card in found), sum(abs(card.cents) for card in found)


def _card(books: Books, item: Item, accounts: dict[int, Account], this_year: int, until: Day | None) -> Card:
    first, days = item.rows[0], [row.tax_date for row in item.rows]
    legs = _legs(books, item, accounts)
    account = label_of(accounts[first.account_id])
    when = naming.days_words(days, this_year)
    top = item.choices[0] if item.choices else None
    confidence = top.confidence if top else 0
    name = f"{legs[0].account} to {legs[1].account}" if legs else _name(item)
    return Card(
        item=item,
        name=name,
        count="" if legs or len(item.rows) == 1 else counted(len(item.rows), _noun(item)),
        about=f"{when}, {_sides(item)}" if legs else f"{when}, {account}",
        newest=max(days),
        oldest=min(days),
        cents=abs(legs[0].cents) if legs else sum(row.cents for row in item.rows),
        suggestion=_suggestion(item, top),
        sure=sure(item),
        confidence=confidence,
        legs=legs,
        ways=_ways(books, item, accounts, this_year),
        snoozed_until=until,
    )


def sure(item: Item) -> str:
    """Return how sure the suggestion is, in a word. Legs that fit are a suggestion even where texts say little."""
    top = item.choices[0] if item.choices else None
    word = naming.confidence_word(top.confidence if top else 0)
    return naming.UNSURE if word == naming.NO_SUGGESTION and top is not None and top.pair else word


def label_of(account: Account) -> str:
    return naming.account_short(account.name, account.last4, account.institution)


def _noun(item: Item) -> str:
    return "deposit" if item.rows[0].cents >= 0 else "charge"


def _sides(item: Item) -> str:
    return "both sides found" if len(item.rows) == 2 else f"{len(item.rows)} sides that may belong together"


def _ways(books: Books, item: Item, accounts: dict[int, Account], this_year: int) -> tuple[Way, ...]:
    """Return the choices that are rows: the purchases money came back for, or both sides of a movement."""
    if not item.is_about_pairs:
        return ()
    pairs = {choice.n: choice.pair for choice in item.choices if choice.pair}
    rows = books.transactions.block(sorted({number for pair in pairs.values() for number in pair}))
    known = {row.id: (row, shown.payee) for row, shown in zip(rows, finding.shown(books, rows), strict=True)}
    found = []
    for n, (out_id, in_id) in pairs.items():
        (out, payee), (into, _) = known[out_id], known[in_id]
        place, there = label_of(accounts[out.account_id]), label_of(accounts[into.account_id])
        if item.type == "transfer":
            when = naming.days_words([out.posted_date, into.posted_date], this_year)
            found.append(Way(n, when, f"{place} to {there}", abs(into.cents)))
        else:
            counts = naming.category(out.kind, out.line)
            words = f"{naming.day_words(out.tax_date, this_year)}, {payee}"
            found.append(Way(n, words, f"{counts}, {place}", abs(out.cents)))
    return tuple(found)


def _name(item: Item) -> str:
    """The name of a rail between persons (Zelle) does not say who it was: the merchant key does then."""
    newest = max(item.rows, key=lambda row: (row.tax_date, row.id))
    if newest.merchant and item.merchant_key in {"", newest.merchant.casefold()}:
        return newest.merchant
    return naming.payee(item.merchant_key, newest.text)


def _suggestion(item: Item, top: Choice | None) -> str:
    if item.type == "currency":
        return "How many dollars?"
    if item.type == "tax_payment":
        return "Which tax?"
    if item.type == "duplicate":
        return "One or two?"
    if top is not None and top.parts:
        return "In parts?"
    if item.type == "refund" and item.is_about_pairs:
        return "Money back: for what?" if len(item.choices) > 2 else "Money back for this?"
    if top is None:
        return naming.CHOOSE
    if top.pair and item.type == "transfer":
        return naming.category(top.kind, top.line)
    if item.type == "refund":
        return naming.category(top.kind, top.line)
    meant = list(dict.fromkeys(Meaning(choice.kind, choice.line) for choice in item.choices))
    return naming.suggestion(meant, top.confidence, money_in=item.rows[0].cents >= 0)


def _legs(books: Books, item: Item, accounts: dict[int, Account]) -> tuple[Leg, Leg] | None:
    """Return both sides of the likeliest pair."""
    pair = item.choices[0].pair if item.choices else None
    if pair is None or item.type != "transfer":
        return None
    known = {row.id: row for row in item.rows}
    known |= {row.id: row for row in books.transactions.block([number for number in pair if number not in known])}
    out, into = (
        Leg(row.id, label_of(accounts[row.account_id]), row.posted_date, row.cents)
        for row in (known[number] for number in pair)
    )
    return out, into


# --- what was done earlier, and what speaks for a suggestion


def earlier(books: Books, item: Item, limit: int = 5) -> tuple[list[Listed], int]:
    """Return the newest settled rows of the same merchant and direction, and how many there are."""
    found = _earlier(books, item)
    return books.transactions.block([row.id for row in found[:limit]]), len(found)


def _earlier(books: Books, item: Item) -> list[BookedRow]:
    if not item.merchant_key:
        return []
    return books.transactions.booked_of_merchant(
        item.merchant_key, money_in=item.rows[0].cents >= 0, but=[row.id for row in item.rows]
    )


def evidence_lines(books: Books, item: Item) -> list[Evidence]:
    """Return what speaks for and against the suggestion, in plain words, the strongest first."""
    if item.is_about_pairs:
        return _about_pair(books, item)
    found = []
    done = _earlier(books, item)
    if item.takes_any_line:
        found.append(_history(_name(item), done, _noun(item)))
    found.append(Evidence("reason", naming.with_days(item.reason, year_of(taxes.today(books)))))
    account = books.accounts.get(item.rows[0].account_id)
    if account is not None:
        found.append(_about_account(account, money_in=item.rows[0].cents >= 0))
    unusual = _amounts(item, done, year_of(taxes.today(books)))
    return [*found, unusual] if unusual else found


def _history(name: str, done: list[BookedRow], noun: str) -> Evidence:
    if not done:
        return Evidence("history", f"You have not booked {name} before")
    ways = Counter(naming.category(row.kind, row.line) for row in done).most_common()
    (words, most), rest = ways[0], ways[1:]
    if not rest:
        count = f"All {most} earlier {name} {noun}s were" if most > 1 else f"The one earlier {name} {noun} was"
        return Evidence("history", f"{count} {words}")
    others = ", ".join(f"{count} {'was' if count == 1 else 'were'} {way}" for way, count in rest[:2])
    return Evidence("history", f"{most} of {len(done)} earlier {name} {noun}s were {words}", others)


def _about_account(account: Account, *, money_in: bool) -> Evidence:
    thing = "card" if account.kind == AccountKind.CREDIT else "account"
    words = {
        Role.BUSINESS: f"a business {thing}",
        Role.PERSONAL: f"a personal {thing}",
        Role.RESERVE: "the account where tax money lies",
        Role.MIXED: f"{'an' if thing == 'account' else 'a'} {thing} used for both business and private",
    }
    return Evidence("account", f"{'Came in on' if money_in else 'Paid from'} {words[Role(account.role)]}")


def _amounts(item: Item, done: list[BookedRow], this_year: int) -> Evidence | None:
    sizes = [abs(row.cents) for row in item.rows] + [abs(row.cents) for row in done]
    if len(sizes) < _ENOUGH:
        return None
    if len(set(sizes)) == 1:
        return Evidence("amount", f"The same amount each time, {money_text(sizes[0])}")
    usual = round(median(sizes))
    high = max(item.rows, key=lambda row: (abs(row.cents), row.id))
    if abs(high.cents) < OUTLIER * usual:
        return None
    when = naming.day_words(high.tax_date, this_year)
    return Evidence(
        "amount", f"One of {money_text(abs(high.cents))} is far above the usual {money_text(usual)}",
        f"{when} is the one to look at",
    )  # fmt: skip


def _about_pair(books: Books, item: Item) -> list[Evidence]:
    """Return what speaks for each way rows may belong together: the link's own evidence."""
    this_year = year_of(taxes.today(books))
    found = []
    for choice in item.choices:
        if choice.pair:
            pair = next(p for p in books.pairs.of(choice.pair[0]) if p.in_id == choice.pair[1])
            reason = naming.with_days(pair.reason, this_year)
            out = transactions.existing(books, pair.out_id)
            second = f"{naming.day_words(out.posted_date, this_year)}, {money_text(abs(out.cents))}"
            said = f"{choice.n}: {reason}" if len(item.choices) > 2 else naming.capital(reason)
            found.append(Evidence("pair", said, second if item.type == "transfer" and len(item.choices) > 2 else ""))
    kinds = {row.kind for row in item.rows}
    if kinds <= {Kind.TRANSFER, Kind.CARD_PAYMENT}:
        found.append(Evidence("reason", "A movement between your own accounts is neither income nor a cost"))
    return found[:4]

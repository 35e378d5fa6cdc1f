"""What a bank link says, as rows: its signs, dates and codes turned into ours. Pure; texts are still unmasked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from app.core.books.vocabulary import AccountKind, Role
from app.core.dates import EPOCH, FIRST_DAY, LAST_DAY, Day, iso
from app.core.ingest.statement import SourceRow
from app.core.money import LARGEST_CENTS, money_of

Json = Mapping[str, Any]

HISTORY = ("loading", "initial", "complete")
"""How much of the past a bank has given, in this order."""

_AMOUNT = re.compile(r"(-?)([0-9]{1,20})(?:\.([0-9]{1,30}))?")
_PLACES = 8
_CENT = 10**6
_NOISE = 100
"""In 0.00000001: what a bank's binary number may lie beside a whole cent, as 12.340000000000001 does."""
_CODE = re.compile(r"[A-Za-z0-9]{2,12}")
_WORD = re.compile(r"[A-Za-z][A-Za-z _/&-]{0,39}|[0-9]{3}[a-z]?")
_ID = re.compile(r"[!-~]{1,200}")
_SURE = frozenset({"HIGH", "VERY_HIGH"})
_KINDS = {
    "savings": AccountKind.SAVINGS, "money market": AccountKind.SAVINGS, "cd": AccountKind.SAVINGS,
    "hsa": AccountKind.SAVINGS, "checking": AccountKind.CHECKING, "cash management": AccountKind.CHECKING,
    "prepaid": AccountKind.CHECKING, "ebt": AccountKind.CHECKING, "paypal": AccountKind.PAYPAL,
    "credit card": AccountKind.CREDIT,
}  # fmt: skip
_TYPES = {"depository": AccountKind.CHECKING, "credit": AccountKind.CREDIT, "loan": AccountKind.LOAN}
_BUSINESS = re.compile(r"\b(business|biz|llc|inc|corp|company|merchant)\b", re.IGNORECASE)


class BankRow(NamedTuple):
    """One row of a bank: `source` is as a file's row would be, with the posting and the purchase day apart."""

    provider_id: str
    account: str
    """The provider's id of the account."""
    pending: bool
    pending_id: str | None
    """The provider's id of the pending row that this one is now."""
    source: SourceRow


class Refused(NamedTuple):
    """A row that cannot be read: the provider's ids of its account and of itself, and why.

    The reason names the row by its day or its amount, whichever there is, so that a person finds it at the bank; of its
    text it says nothing.
    """

    account: str
    number: str
    reason: str
    is_change: bool
    """Whether it was told as a change of a row."""


class Page(NamedTuple):
    """One page of an update."""

    history: str
    added: list[BankRow]
    modified: list[BankRow]
    removed: list[str]
    accounts: list[Json]
    next_cursor: str
    has_more: bool
    refused: list[Refused]


class AccountFacts(NamedTuple):
    """An account as a bank link tells it."""

    provider_id: str
    persistent_id: str | None
    name: str
    last4: str | None
    type: str
    subtype: str | None
    kind: str
    role: str
    currency: str
    balance_cents: int | None
    """What the account holds; what is owed on a card or a loan is below zero."""


class Unreadable(ValueError):
    """A row that cannot be taken; the text says why, without what stands in it."""


def page(answer: Json) -> Page:
    """Return a page of the relay's as rows. Raises: ValueError when it is not shaped as promised."""
    cursor, more = answer.get("next_cursor"), answer.get("has_more")
    if not isinstance(cursor, str) or not isinstance(more, bool):
        raise ValueError("no cursor")  # noqa: TRY004 - of an answer, not of a program
    refused: list[Refused] = []
    told = answer.get("status")
    gone = [each["transaction_id"] for each in _objects(answer, "removed")]
    if not all(isinstance(each, str) and each for each in gone):
        raise ValueError("a removed row without an id")
    return Page(
        told if told in HISTORY else "loading",
        _rows(_objects(answer, "added"), refused),
        _rows(_objects(answer, "modified"), refused, is_change=True), gone,
        _objects(answer, "accounts"), cursor, more, refused,
    )  # fmt: skip


def _objects(answer: Json, name: str) -> list[Json]:
    found = answer.get(name)
    if found is None:
        return []
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise ValueError(name)
    return found


def _rows(told: list[Json], refused: list[Refused], *, is_change: bool = False) -> list[BankRow]:
    found: list[BankRow] = []
    for each in told:
        try:
            found.append(row(each))
        except Unreadable as trouble:
            reason = f"the row{_which(each)}{trouble}"
            number, account = each.get("transaction_id"), each.get("account_id")
            refused.append(Refused(_id(account), _id(number), reason, is_change))
    return found


def _id(value: object) -> str:
    return value if isinstance(value, str) and _ID.fullmatch(value) else ""


def _which(told: Json) -> str:
    """Return what tells an unreadable row from others; a colon alone where nothing does."""
    day = _day(told.get("date"))
    if day is not None:
        return f" of {iso(day)}: "
    try:
        amount, code = cents(told.get("amount")), currency(told) or "USD"
    except Unreadable:
        return ": "
    return f" of {money_of(abs(amount), code)} {'in' if amount < 0 else 'out'}: "


def row(told: Json) -> BankRow:
    """Return one row. Raises: Unreadable."""
    number, account = told.get("transaction_id"), told.get("account_id")
    if not isinstance(number, str) or not isinstance(account, str) or not _ID.fullmatch(number):
        raise Unreadable("the row has no id of its own")
    posted = _day(told.get("date"))
    if posted is None:
        raise Unreadable("it has no date" if told.get("date") in {None, ""} else "the date is not one")
    text = " ".join((_text(told, "original_description") or _text(told, "name") or "(no text)").split())
    source = SourceRow(
        line=0, posted=posted, transacted=_day(told.get("authorized_date")), cents=-cents(told.get("amount")),
        text=text or "(no text)", bank_id=number, source_type=type_word(told.get("personal_finance_category")),
        currency=currency(told), memo=_evidence(told, text),
    )  # fmt: skip
    before = told.get("pending_transaction_id")
    return BankRow(number, account, told.get("pending") is True, before if isinstance(before, str) else None, source)


def cents(amount: object) -> int:
    """Return an amount's decimal text as whole cents, in the provider's sign. Raises: Unreadable."""
    found = _AMOUNT.fullmatch(amount) if isinstance(amount, str) else None
    if found is None:
        raise Unreadable("it has no amount" if amount is None else "the amount is not a number")
    sign, whole, part = found.groups()
    value, rest = divmod(int(whole + (part or "").ljust(_PLACES, "0")[:_PLACES]), _CENT)
    if rest > _CENT // 2:
        value, rest = value + 1, _CENT - rest
    if rest > _NOISE or (not value and int(whole + (part or ""))):
        raise Unreadable("the amount has a part of a cent")
    if value > LARGEST_CENTS:
        raise Unreadable("the amount is larger than the books take")
    return -value if sign else value


def currency(told: Json) -> str | None:
    """Return the currency a row or a balance names, unofficial ones too, else None. Raises: Unreadable."""
    code = told.get("iso_currency_code") or told.get("unofficial_currency_code")
    if code is None:
        return None
    if not isinstance(code, str) or _CODE.fullmatch(code) is None:
        raise Unreadable("the currency is not one")
    return code.upper()


def type_word(category: object) -> str | None:
    """Return the provider's category as the row's type word: bare where it is sure of it, else with how sure it is."""
    if not isinstance(category, Mapping):
        return None
    code, level = category.get("detailed") or category.get("primary"), category.get("confidence_level")
    if not isinstance(code, str) or not code.strip():
        return None
    code = "_".join(code.split())[:80]
    if not isinstance(level, str) or not level.strip() or level.upper() in _SURE:
        return code
    return f"{code} {'_'.join(level.upper().split())[:20]}"


def _evidence(told: Json, text: str) -> str | None:
    """Return who the row was with, where the provider says more than the bank's text does."""
    paid = told.get("payment_meta")
    names = [paid.get("payer"), paid.get("payee")] if isinstance(paid, Mapping) else []
    names.append(told.get("merchant_name"))
    others = told.get("counterparties")
    if isinstance(others, list):
        names += [each.get("name") for each in others if isinstance(each, Mapping)]
    said = text.casefold()
    for name in names:
        if isinstance(name, str) and (plain := " ".join(name.split())) and plain.casefold() not in said:
            return plain[:120]
    return None


def _word(told: Json, name: str) -> str | None:
    """Return one of the provider's fixed words; None for what is none."""
    value = _text(told, name)
    return value if _WORD.fullmatch(value) else None


def _text(told: Json, name: str) -> str:
    value = told.get(name)
    return value.strip() if isinstance(value, str) else ""


@lru_cache(maxsize=4096)
def _known_day(text: str) -> Day | None:
    try:
        day = date.fromisoformat(text).toordinal() - EPOCH
    except ValueError:
        return None
    return day if FIRST_DAY <= day <= LAST_DAY else None


def _day(value: object) -> Day | None:
    return _known_day(value) if isinstance(value, str) else None


def day_told(value: object) -> date | None:
    """Return the day of a moment as a bank link writes it; None for what is none."""
    try:
        day = date.fromisoformat(value[:10]) if isinstance(value, str) else None
    except ValueError:
        return None
    return day if day is None or FIRST_DAY <= day.toordinal() - EPOCH <= LAST_DAY else None


def account(told: Json) -> AccountFacts | None:
    """Return an account; None for what has no id."""
    number = told.get("account_id")
    if not isinstance(number, str) or not _ID.fullmatch(number):
        return None
    type_, subtype = _word(told, "type") or "other", _word(told, "subtype")
    name = _text(told, "name") or _text(told, "official_name") or "Account"
    kind = _KINDS.get((subtype or "").casefold(), _TYPES.get(type_.casefold(), AccountKind.OTHER))
    if type_.casefold() == "loan":
        kind = AccountKind.LOAN
    is_business = told.get("holder_category") == "business" or _BUSINESS.search(f"{name} {subtype or ''}") is not None
    balances = told.get("balances")
    balances = balances if isinstance(balances, Mapping) else {}
    try:
        code = currency(balances)
        # Without an official currency it is one of the others, a coin mostly: no number of dollars.
        held = None if balances.get("current") is None or code is None else cents(balances["current"])
    except Unreadable:
        code, held = None, None
    if held is not None and kind in {AccountKind.CREDIT, AccountKind.LOAN}:
        held = -held
    mask, persistent = _text(told, "mask")[-4:], _text(told, "persistent_account_id")
    return AccountFacts(
        number, persistent if _ID.fullmatch(persistent) else None, name, mask if mask.isalnum() else None, type_,
        subtype, kind, Role.BUSINESS if is_business else Role.MIXED, code or "USD", held,
    )  # fmt: skip


def further(one: str, other: str) -> str:
    """Return the later of two words of `HISTORY`: what a bank has given once it has given."""
    return max(one, other, key=HISTORY.index)

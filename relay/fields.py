"""What of the provider's answers a device gets to see: lists of allowed fields, and masked free text.

Everything not named here is dropped: locations, account owners, logos, account numbers of counterparties. Unknown
values of known fields pass as they are; the app treats them as "ask".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final

from relay.errors import RelayError

Json = dict[str, Any]
Reader = Callable[[Any], Any]

_LONGEST = 500
LONGEST_CURSOR: Final = 256
"""Plaid's own limit of a cursor."""
_LARGEST_EXPONENT = 20
"""No amount has more digits before or behind its point; one that says so is no amount."""
_NUMBERS = re.compile(r"\d{6,}|(?<!\d)\d{3}[ -]\d\d[ -]\d{4}(?!\d)|(?<!\d)\d{4}(?:[ -]\d{4}){2,}(?:[ -]\d{1,3})?(?!\d)")
"""Six digits or more in a row, the shape of a social security number, and a card's groups of four."""


def masked(text: str) -> str:
    """Return free text with long numbers cut to their last four digits; masking twice changes nothing."""
    return _NUMBERS.sub(lambda found: "…" + found[0][-4:], text)


def _text(value: Any) -> str | None:
    """Return an identifier or a fixed word, as it is; None for what is no text."""
    return value[:_LONGEST] if isinstance(value, str) else None


def _words(value: Any) -> str | None:
    """Return free text, masked."""
    # Masked before it is cut: a cut number would look short enough to pass.
    return masked(value)[:_LONGEST] if isinstance(value, str) else None


def _last_four(value: Any) -> str | None:
    return value[-4:] if isinstance(value, str) else None


def _flag(value: Any) -> bool:
    return value is True


def _money(value: Any) -> str | None:
    """Return an amount as its own decimal text, "-12.34"; None for what is no number."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return None
    number = Decimal(value)
    digits, exponent = number.as_tuple().digits, number.as_tuple().exponent
    if not isinstance(exponent, int) or len(digits) > _LARGEST_EXPONENT or abs(exponent) > _LARGEST_EXPONENT:
        return None
    return format(number, "f")


def _object(fields: Mapping[str, Reader]) -> Reader:
    def read(value: Any) -> Json | None:
        return only(value, fields) if isinstance(value, dict) else None

    return read


def _objects(fields: Mapping[str, Reader], most: int) -> Reader:
    def read(value: Any) -> list[Json]:
        found = value if isinstance(value, list) else []
        return [only(each, fields) for each in found[:most] if isinstance(each, dict)]

    return read


def only(value: Mapping[str, Any], fields: Mapping[str, Reader]) -> Json:
    """Return the allowed fields of an object that are there."""
    return {name: read(value[name]) for name, read in fields.items() if name in value}


_BALANCES: Final[Mapping[str, Reader]] = {
    "available": _money, "current": _money, "limit": _money, "iso_currency_code": _text,
}  # fmt: skip
ACCOUNT: Final[Mapping[str, Reader]] = {
    "account_id": _text, "name": _words, "official_name": _words, "mask": _last_four, "type": _text, "subtype": _text,
    "balances": _object(_BALANCES), "persistent_account_id": _text, "holder_category": _text,
}  # fmt: skip
_CATEGORY: Final[Mapping[str, Reader]] = {
    "primary": _text, "detailed": _text, "confidence_level": _text, "version": _text,
}  # fmt: skip
_COUNTERPARTY: Final[Mapping[str, Reader]] = {
    "name": _words, "type": _text, "entity_id": _text, "confidence_level": _text,
}  # fmt: skip
_PAYMENT: Final[Mapping[str, Reader]] = {
    "payment_method": _text, "payment_processor": _words, "payer": _words, "payee": _words,
}  # fmt: skip
TRANSACTION: Final[Mapping[str, Reader]] = {
    "transaction_id": _text, "account_id": _text, "amount": _money, "iso_currency_code": _text,
    "unofficial_currency_code": _text, "date": _text, "authorized_date": _text, "pending": _flag,
    "pending_transaction_id": _text, "name": _words, "original_description": _words, "merchant_name": _words,
    "merchant_entity_id": _text, "payment_channel": _text, "check_number": _last_four, "transaction_code": _text,
    "merchant_category_code": _text, "personal_finance_category": _object(_CATEGORY),
    "counterparties": _objects(_COUNTERPARTY, 20), "payment_meta": _object(_PAYMENT),
}  # fmt: skip
_NEEDED: Final = ("transaction_id", "account_id")
_MAY_LACK: Final = ("amount", "date")
_MOST = 2_000
_UPDATE: Final = {"INITIAL_UPDATE_COMPLETE": "initial", "HISTORICAL_UPDATE_COMPLETE": "complete"}


def accounts(value: Any) -> list[Json]:
    """Return accounts. Raises: RelayError `upstream` when one has no id."""
    found = _listed(value)
    if any(not isinstance(each.get("account_id"), str) for each in found):
        raise RelayError("upstream", after=60)
    return [only(each, ACCOUNT) for each in found]


def transactions(value: Any) -> list[Json]:
    """Return transactions. Raises: RelayError `upstream` when one does not say which it is, or whose.

    One without an amount or a date passes, with null in its place: it must not vanish, nor count as nothing, nor keep
    all others back. By its id the device lists it, and knows it again when it comes whole.
    """
    made = [{**dict.fromkeys(_MAY_LACK), **only(each, TRANSACTION)} for each in _listed(value)]
    if any(each.get(name) in {None, ""} for each in made for name in _NEEDED):
        raise RelayError("upstream", after=60)
    return made


def removed(value: Any) -> list[Json]:
    made = [only(each, {"transaction_id": _text, "account_id": _text}) for each in _listed(value)]
    if any(not each.get("transaction_id") for each in made):
        raise RelayError("upstream", after=60)
    return made


def page(answer: Json) -> Json:
    """Return one page of transactions. Raises: RelayError `upstream` when it is not whole."""
    cursor, more = answer.get("next_cursor"), answer.get("has_more")
    if not isinstance(cursor, str) or len(cursor) > LONGEST_CURSOR or not isinstance(more, bool):
        # A cursor that could not be sent back would end the bank's updates for good.
        raise RelayError("upstream", after=60)
    return {
        "status": _UPDATE.get(str(answer.get("transactions_update_status")), "loading"),
        "added": transactions(answer.get("added")),
        "modified": transactions(answer.get("modified")),
        "removed": removed(answer.get("removed")),
        "accounts": accounts(answer.get("accounts") or []),
        "next_cursor": cursor,
        "has_more": more,
    }


def no_page_yet() -> Json:
    """Return the page of a bank that is still collecting: nothing, and no place to go on from."""
    return {
        "status": "loading", "added": [], "modified": [], "removed": [], "accounts": [], "next_cursor": "",
        "has_more": False,
    }  # fmt: skip


def institution(value: Any) -> Json:
    found = value if isinstance(value, dict) else {}
    return {"id": _text(found.get("institution_id")), "name": _words(found.get("name"))}


def _listed(value: Any) -> list[Json]:
    if not isinstance(value, list) or len(value) > _MOST or not all(isinstance(each, dict) for each in value):
        raise RelayError("upstream", after=60)
    return value

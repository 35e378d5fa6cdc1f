"""A saved mapping and a layout are the same thing in two dresses: plain JSON to keep, a Layout to read by."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from app.core.errors import NeedsMapping
from app.core.ingest.csv_layouts import Layout, normal

Mapping = dict[str, str | int | list[str]]

ROLES = (
    "date", "transacted", "text", "more_text", "memo", "amount", "debit", "credit", "direction", "gross", "fee",
    "balance", "bank_id", "type", "status", "currency", "account", "account_name",
)  # fmt: skip
"""Keys of a mapping that name columns: a name, a 1-based number, or a list of them."""

HEADERLESS = "none"
"""Value of the key `header` for a file whose first row is data; its columns are then `#1`, `#2` …"""

SIGNS = ("auto", "signed", "flipped", "word")
DATE_ORDERS = ("auto", "mdy", "dmy", "ymd")


def signature(header: Sequence[str]) -> str:
    """Return a stable key for a header: the same for the same names in any order and any case."""
    names = sorted(name for name in map(normal, header) if name)
    return hashlib.sha256("\x1f".join(names).encode("utf-8", "replace")).hexdigest()[:32]


def signature_of_width(columns: int) -> str:
    """Return the key of a file without a header, known by its number of columns alone."""
    return f"{HEADERLESS}-{columns}"


def layout_of(mapping: Mapping, institution: str | None, kind: str | None) -> Layout:
    """Return the layout a mapping describes. Raises: NeedsMapping when it cannot describe one."""
    roles = {role: _columns(mapping.get(role)) for role in ROLES}
    if not roles["date"] or not (roles["amount"] or roles["debit"] or roles["credit"]):
        raise NeedsMapping(
            "The mapping names no date column or no amount column.",
            "Give `date` and either `amount` or `debit` and `credit`.",
        )
    sign, order = str(mapping.get("sign", "auto")), str(mapping.get("date_order", "auto"))
    if sign not in SIGNS or order not in DATE_ORDERS:
        raise NeedsMapping(
            "The mapping has an unknown sign or date order.",
            f"`sign` is one of {', '.join(SIGNS)}; `date_order` is one of {', '.join(DATE_ORDERS)}.",
        )
    return Layout(
        id="mapping",
        institution=str(mapping["institution"]) if mapping.get("institution") else institution,
        kind=str(mapping["kind"]) if mapping.get("kind") else kind,
        order=order,
        sign=sign,
        decimal_comma=mapping.get("decimal") == "comma",
        date=roles["date"],
        transacted=roles["transacted"],
        text=roles["text"],
        more_text=roles["more_text"],
        memo=roles["memo"],
        amount=roles["amount"],
        debit=roles["debit"],
        credit=roles["credit"],
        direction=roles["direction"],
        gross=roles["gross"],
        fee=roles["fee"],
        balance=roles["balance"],
        bank_id=roles["bank_id"],
        type=roles["type"],
        status=roles["status"],
        currency=roles["currency"],
        money=str(mapping["money"]) if mapping.get("money") else None,
        account=roles["account"],
        account_name=roles["account_name"],
    )


def _columns(value: str | int | list[str] | None) -> tuple[str, ...]:
    if value is None or value == "":
        return ()
    if isinstance(value, list):
        return tuple(name for one in value for name in _columns(one))
    text = str(value)
    return (f"#{text}",) if text.isdigit() else (text if text.startswith("#") else normal(text),)

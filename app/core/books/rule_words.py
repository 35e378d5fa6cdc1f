"""A rule in words: what it looks for, and what it does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from app.core.books import naming
from app.core.money import WHOLE, money_text, rate_text

Amount = Callable[[int], str]

_FIELDS = {
    "name": "Name", "text": "Text", "regex": "Pattern", "counterparty": "Counterparty", "amount_min": "Smallest amount",
    "amount_max": "Largest amount", "date_from": "First day", "date_to": "Last day", "account_id": "Account",
    "sign": "Direction", "percent": "Business share", "ask": "Asks each time", "position": "Place",
}  # fmt: skip
_MONEY = frozenset({"amount_min", "amount_max"})
_DAYS = frozenset({"date_from", "date_to"})


def conditions(rule: Mapping[str, Any], account: str = "", amount: Amount = money_text) -> str:
    """Return what a rule looks for: `“FIGMA”, money out, from $10.00, Checking ··6620`."""
    parts = []
    if rule.get("text"):
        parts.append(f"“{rule['text']}”")
    if rule.get("regex"):
        parts.append(f"pattern “{rule['regex']}”")
    if rule.get("counterparty"):
        parts.append(f"with {rule['counterparty']}")
    if not parts:
        parts.append("any text")
    if rule.get("sign"):
        parts.append(_direction(rule["sign"]))
    low, high = rule.get("amount_min"), rule.get("amount_max")
    if low is not None and low == high:
        parts.append(f"exactly {amount(low)}")
    else:
        parts += [f"from {amount(low)}"] if low is not None else []
        parts += [f"up to {amount(high)}"] if high is not None else []
    first, last = rule.get("date_from"), rule.get("date_to")
    parts += [f"since {naming.date_words(first)}"] if first is not None else []
    parts += [f"until {naming.date_words(last)}"] if last is not None else []
    if account:
        parts.append(account)
    return ", ".join(parts)


def action(rule: Mapping[str, Any]) -> str:
    """Return what a rule does: `Book as Software, 60 % business`."""
    what = naming.category(rule["kind"], rule["line"])
    if rule["percent"] != WHOLE:
        what = f"{what}, {rate_text(rule['percent'])} % business"
    return f"Ask each time, {what} first" if rule["ask"] else f"Book as {what}"


def called(rule: Mapping[str, Any], account: str = "", amount: Amount = money_text) -> str:
    """Return the name of a rule, or what it looks for where it has none."""
    return rule.get("name") or conditions(rule, account, amount)


def changes(
    before: Mapping[str, Any], after: Mapping[str, Any], accounts: Mapping[int, str], amount: Amount = money_text
) -> str:
    """Return in a sentence what differs: `Book as Advertising instead of Office expense.`."""
    said = []
    if (before["kind"], before["line"]) != (after["kind"], after["line"]):
        now, was = (naming.category(each["kind"], each["line"]) for each in (after, before))
        said.append(f"{now} instead of {was}")
    for field, name in _FIELDS.items():
        old, new = before.get(field), after.get(field)
        if old != new:
            said.append(f"{name}: {_value(field, new, accounts, amount)} instead of "
                        f"{_value(field, old, accounts, amount)}")  # fmt: skip
    if before["is_on"] != after["is_on"]:
        said.append("Switched on" if after["is_on"] else "Switched off")
    return ". ".join(said) + "." if said else "Nothing that counts."


def _value(field: str, value: Any, accounts: Mapping[int, str], amount: Amount) -> str:  # noqa: ANN401 - a column
    if field == "ask":
        return "yes" if value else "no"
    if value is None or value == "":
        return "any" if field != "name" else "none"
    if field in _MONEY:
        return amount(value)
    if field in _DAYS:
        return naming.date_words(value)
    if field == "account_id":
        return accounts.get(value, f"account {value}")
    if field == "sign":
        return _direction(value)
    if field == "percent":
        return f"{rate_text(value)} %"
    return str(value) if field == "position" else f"“{value}”"


def _direction(sign: int) -> str:
    return "money in" if sign > 0 else "money out"

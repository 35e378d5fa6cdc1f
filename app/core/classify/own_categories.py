"""What a person's own category in another program says: a hint for a choice, never a booking.

Our own list of the usual names in such programs. Names are looked for whole, then part by part (`Auto:Fuel`), then by
their first word; what is not known says nothing.
"""

from __future__ import annotations

import re

from app.core.books.vocabulary import NO_LINE, Kind

_LINES: dict[str, str] = {
    "C8": "advertising ads marketing promotion",
    "C9": "auto car fuel gas gasoline vehicle mileage",
    "C10": "commission commissions fees bank-charge bank-charges service-charge processing-fees merchant-fees",
    "C11": "contractors subcontractors contract-labor freelancers",
    "C15": "insurance-business business-insurance liability-insurance",
    "C16b": "interest-exp interest-expense finance-charge",
    "C17": "legal accounting legal-fees accountant lawyer professional-fees legal-prof-fees bookkeeping",
    "C18": "office office-expense office-expenses postage printing stationery postage-and-delivery software",
    "C20a": "equipment-rental vehicle-rental",
    "C20b": "office-rent studio-rent rent-on-equip rent-paid",
    "C21": "repairs maintenance repairs-and-maintenance",
    "C22": "supplies supplies-bus materials tools",
    "C23": "licenses licenses-and-permits permits business-taxes",
    "C24a": "travel travel-bus airfare lodging hotel",
    "C24b": "meals meals-and-entertainment business-meals",
    "C25": "utilities-bus phone telephone internet",
    "C27": "dues subscriptions education training",
}
_INCOME_WORDS = "sales gross-receipts gr-sales consulting services-income business-income fees-earned income"
_PERSONAL_WORDS = (
    "groceries food dining household home clothing entertainment gifts medical rent mortgage personal salary childcare "
    "charity recreation pets hobbies"
)
_INCOME, _PERSONAL = frozenset(_INCOME_WORDS.split()), frozenset(_PERSONAL_WORDS.split())
_KNOWN = {word: line for line, words in _LINES.items() for word in words.split()}


def meaning(category: str, *, money_in: bool) -> tuple[str, str]:
    """Return the kind and line that a category suggests; personal and no line where it says nothing of business."""
    if category.startswith("["):
        return Kind.TRANSFER, NO_LINE
    name = category.casefold().partition("/")[0]
    for text in (name, *reversed(name.split(":"))):
        word = re.sub(r"[^a-z0-9]+", "-", text).strip("-")
        if word in _INCOME and money_in:
            return Kind.INCOME, "C1"
        if word in _PERSONAL:
            return Kind.PERSONAL, NO_LINE
        if word in _KNOWN:
            return Kind.REFUND if money_in else Kind.EXPENSE, _KNOWN[word]
    return Kind.PERSONAL, NO_LINE

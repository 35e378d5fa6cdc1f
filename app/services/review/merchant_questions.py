"""What rows of one merchant are for: one question for all of them, with what the engine thought of as its choices."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace

from app.core.books import naming
from app.core.books.vocabulary import NO_LINE, Kind
from app.core.dates import iso
from app.core.money import WHOLE, money_of
from app.services.books.open_books import Books
from app.services.review import refund_questions
from app.services.review.review_items import Choice, Item, id_of, plain_name
from app.store.transactions import Listed

_BEHIND = 2_000
"""How likely at most a choice is that stands behind what is known of the purchase."""
_ASKS = {
    "classify": "What is this: {name}?",
    "income": "Is this income: {name}?",
}


def items(books: Books, rows: Sequence[Listed]) -> list[Item]:
    """Group rows by merchant, account and direction: one answer settles all.

    Money given back stands apart from pay of the same payer, and so does each currency.
    """
    keys = books.transactions.merchant_keys([row.id for row in rows])
    groups: dict[tuple[str | int | bool, ...], list[Listed]] = {}
    split = refund_questions.split_purchases(books, filter(_is_back, rows))
    for row in rows:
        key, _ = keys[row.id]
        apart = [word for word in (_is_back(row) and "refund", row.currency != "USD" and row.currency) if word]
        apart += [f"of {row.id}"] if row.id in split else []
        groups.setdefault((key, row.account_id, row.cents >= 0, *apart), []).append(row)
    found = []
    for group, members in groups.items():
        key, money_in = str(group[0]), bool(group[2])
        newest = max(members, key=lambda row: (row.tax_date, row.id))
        choices = choices_of(newest, stored_choices(keys[newest.id][1]))
        if newest.id in split:
            choices = _joined(refund_questions.choices_of_parts(newest, split[newest.id]), choices)
        # The name of a rail between persons (Zelle) does not say who it was: the key is not its name then.
        name = newest.merchant if newest.merchant and key == newest.merchant.casefold() else newest.text
        moved = money_of(sum(row.cents for row in members), newest.currency)
        many = f"{len(members)} row{'s' if len(members) > 1 else ''}, {moved}"
        type_ = "refund" if _is_back(newest) else "income" if money_in and newest.kind == Kind.INCOME else "classify"
        if type_ == "refund" and not newest.merchant:
            name = naming.payee(key, newest.text)
        asks = refund_questions.words_for(books, name, newest) if type_ == "refund" else _ASKS[type_].format(name=name)
        found.append(
            Item(
                id=f"classify-{id_of(*group)}", type=type_, rows=members, merchant_key=key,
                question=f"{asks} ({many}, {newest.account})", choices=choices,
                reason=newest.reason,
                evidence=[
                    f"{iso(row.tax_date)}  {money_of(row.cents, row.currency)}  {row.text}" for row in members[:5]
                ],
            )
        )  # fmt: skip
    return found


def stored_choices(text: str | None) -> list[Choice]:
    """Return what the engine thought of, best first."""
    return [
        Choice(n=n, label=plain_name(str(kind), str(line), int(percent)), kind=str(kind), line=str(line),
               percent=int(percent), confidence=int(sure))
        for n, (kind, line, percent, sure) in enumerate(json.loads(text or "[]"), 1)
    ]  # fmt: skip


def choices_of(row: Listed, stored: list[Choice]) -> list[Choice]:
    """The effective suggestion first, then what the engine thought of, then personal."""
    options = [(row.kind, row.line, row.percent, row.confidence)]
    options += [(choice.kind, choice.line, choice.percent, choice.confidence) for choice in stored]
    options.append((Kind.PERSONAL, NO_LINE, WHOLE, 0))
    found: list[Choice] = []
    seen: set[tuple[str, str, int]] = set()
    for kind, line, percent, sure in options:
        if (kind, line, percent) not in seen:
            seen.add((kind, line, percent))
            found.append(
                Choice(
                    n=len(found) + 1, label=plain_name(kind, line, percent), kind=kind, line=line, percent=percent,
                    confidence=sure,
                )
            )  # fmt: skip
    return found


def _joined(first: Sequence[Choice], others: Sequence[Choice]) -> list[Choice]:
    """Return choices behind others, without those that say the same, numbered anew."""
    known = {(each.kind, each.line, each.percent) for each in first if not each.parts}
    rest = [replace(each, confidence=min(each.confidence, _BEHIND)) for each in others
            if (each.kind, each.line, each.percent) not in known]  # fmt: skip
    return [replace(each, n=n) for n, each in enumerate((*first, *rest), 1)]


def _is_back(row: Listed) -> bool:
    return row.kind == Kind.REFUND

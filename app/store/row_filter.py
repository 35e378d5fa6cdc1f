"""Which transactions are meant: a filter, and the SQL condition that finds them in the views."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any, NamedTuple

from app.core.dates import Day
from app.store.statements import marks_of


class Filter(NamedTuple):
    """What to list; None and () = any. `after` continues behind a row.

    `text` is looked for in the bank's texts, `anywhere` also in payees and notes; `cents_too` adds the rows of an
    amount to what is found anywhere. `least` and `most` bound the amount without its sign.
    """

    first: Day | None = None
    last: Day | None = None
    account_id: int | None = None
    text: str | None = None
    line: str | None = None
    kind: str | None = None
    status: str | None = None
    business_id: int | None = None
    after: int | None = None
    account_ids: tuple[int, ...] = ()
    kinds: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    money_in: bool | None = None
    least: int | None = None
    most: int | None = None
    anywhere: str | None = None
    cents_too: int | None = None
    has_question: bool | None = None
    ids: Collection[int] | None = None
    """Exactly these rows, the deleted ones among them too."""


def like(text: str) -> str:
    # The engine would end the pattern at a NUL, and find every row; half a character it cannot be given at all.
    folded = " ".join(text.replace("\0", "\ufffd").encode("utf-8", "replace").decode().split())
    for mark in ("\\", "%", "_"):
        folded = folded.replace(mark, "\\" + mark)
    return f"%{folded}%"


def conditions(wanted: Filter, alias: str) -> tuple[str, list[Any]]:
    """Return the SQL condition and its values for the views `effective` or `lines` under an alias."""
    tests: list[str] = []
    values: list[Any] = []

    def add(test: str, *given: Any) -> None:  # noqa: ANN401 - bound as SQL parameters of any type
        tests.append(test.replace("e.", f"{alias}."))
        values.extend(given)

    if wanted.first is not None:
        add("e.tax_date >= ?", wanted.first)
    if wanted.last is not None:
        add("e.tax_date <= ?", wanted.last)
    accounts = wanted.account_ids or (() if wanted.account_id is None else (wanted.account_id,))
    if accounts:
        add(f"e.account_id IN ({marks_of(accounts)})", *accounts)
    if wanted.text is not None:
        add("e.descriptor_id IN (SELECT id FROM descriptor WHERE text LIKE ? ESCAPE '\\')", like(wanted.text))
    if wanted.anywhere is not None:
        add(*_anywhere(wanted.anywhere, wanted.cents_too))
    for column, one, more in (("line", wanted.line, wanted.lines), ("kind", wanted.kind, wanted.kinds)):
        given = more or (() if one is None else (one,))
        if given:
            marks = marks_of(given)
            in_part = f"e.id IN (SELECT transaction_id FROM part WHERE {column} IN ({marks}))"
            add(f"(e.{column} IN ({marks}) OR {in_part})", *given, *given)
    if wanted.business_id is not None:
        add("e.business_id = ?", wanted.business_id)
    if wanted.money_in is not None:
        add("e.cents >= 0" if wanted.money_in else "e.cents < 0")
    for sign, bound in ((">=", wanted.least), ("<=", wanted.most)):
        if bound is not None:
            add(f"ABS(e.cents) {sign} ?", bound)
    if wanted.has_question is not None:
        asks = "(e.status = 'suggested' OR e.currency <> 'USD' AND e.usd_cents IS NULL)"
        add(asks if wanted.has_question else f"NOT {asks}")
    if wanted.ids is not None:
        add("e.id IN (SELECT value FROM json_each(?))", json.dumps(list(wanted.ids)))
    statuses = wanted.statuses or ((wanted.status,) if wanted.status else ())
    if statuses:
        add(f"e.status IN ({marks_of(statuses)})", *statuses)
    elif wanted.ids is None:
        # not `status <> 'deleted'`: the view would then be asked for every label
        add("e.id NOT IN (SELECT transaction_id FROM decision WHERE deleted_reason IS NOT NULL)")
    return " AND ".join(tests), values


def _anywhere(text: str, cents: int | None) -> tuple[Any, ...]:
    """Return the test for a text in the bank's text, the payee or the note, and its values.

    Each text is looked at once, not once a row: descriptors, merchants and decisions are few beside transactions.
    """
    held = like(text)
    found = (
        "SELECT id FROM transactions WHERE descriptor_id IN (SELECT id FROM descriptor WHERE text LIKE ? ESCAPE '\\' "
        "UNION SELECT descriptor_id FROM label WHERE merchant_id IN "
        "(SELECT id FROM merchant WHERE name LIKE ? ESCAPE '\\')) "
        "UNION SELECT transaction_id FROM decision WHERE merchant LIKE ? ESCAPE '\\' OR note LIKE ? ESCAPE '\\'"
    )
    if cents is None:
        return f"e.id IN ({found})", held, held, held, held
    return f"e.id IN ({found} UNION SELECT id FROM transactions WHERE cents IN (?, ?))", *[held] * 4, cents, -cents

"""Lists of transactions, for people and as the product's own CSV."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from app.core.books.vocabulary import Status
from app.core.dates import Day, year_days
from app.core.errors import Refused
from app.core.money import percent_of
from app.services.books import Books
from app.store.transactions import Filter, Listed

if TYPE_CHECKING:
    from app.store.rules import Rule

__all__ = ["Filter", "Listed", "business_cents", "count", "explain", "rows", "save_csv", "wanted", "write_csv"]

_BLOCK = 5000


def wanted(
    books: Books, *, year: int | None = None, first: Day | None = None, last: Day | None = None,
    account: str | None = None, text: str | None = None, line: str | None = None, kind: str | None = None,
    status: str | None = None, business: str | None = None, after: int | None = None,
) -> Filter:  # fmt: skip
    """Return the filter a person asked for. Raises: Refused, NotFound."""
    if year is not None:
        start, end = year_days(year)
        first = start if first is None else max(first, start)
        last = end if last is None else min(last, end)
    if status is not None and status not in set(Status):
        raise Refused(f"“{status}” is not a status.", f"They are: {', '.join(Status)}.")
    if (after, account, line, kind, business) == (None,) * 5:
        return Filter(first=first, last=last, text=text, status=status)
    from app.services import transactions  # noqa: PLC0415 - half the modules there are, to look up what was named

    if after is not None:
        transactions.existing(books, after)
    return Filter(
        first=first,
        last=last,
        account_id=transactions.account(books, account) if account else None,
        text=text,
        line=transactions.check_line(line) if line else None,
        kind=transactions.check_kind(kind) if kind else None,
        status=status,
        business_id=transactions.business(books, business) if business else None,
        after=after,
    )


def count(books: Books, found: Filter) -> tuple[int, int]:
    """Return how many rows a filter finds and their cents; where a list continues does not matter."""
    return books.transactions.count(found._replace(after=None))


def rows(books: Books, found: Filter, limit: int) -> Iterator[tuple[Listed, list[dict[str, Any]], int]]:
    """Yield rows, each with its links and its Schedule C cents."""
    listed = books.transactions.listed(found, limit)
    while block := list(islice(listed, _BLOCK)):
        links = _links(books, [row.id for row in block])
        parted = [row.id for row in block if row.is_split or row.fee_cents is not None]
        sums = books.transactions.business_cents(parted) if parted else {}
        for row in block:
            yield row, links.get(row.id, []), sums.get(row.id, business_cents(row))


def business_cents(row: Listed) -> int:
    """Return what a whole row puts on its Schedule C line: the rule of the view `lines`."""
    value = row.cents if row.currency == "USD" else row.usd_cents
    if value is None or row.line == "NONE" or row.kind not in {"income", "expense", "refund"} or row.pending:
        return 0
    return percent_of(value, row.percent)


def _links(books: Books, ids: list[int]) -> dict[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = {}
    for type_, first_id, second_id, cents in books.decisions.links(ids):
        if type_ == "not_a_pair":
            continue
        for own, other in ((first_id, second_id), (second_id, first_id)):
            found.setdefault(own, []).append({"type": type_, "other_id": other, "cents": cents})
    return found


def write_csv(books: Books, found: Filter, limit: int, target: BinaryIO) -> int:
    """Stream the own CSV (exports design): one line a row of the view `lines`. Returns the number of lines."""
    from app.adapters import csv_out  # noqa: PLC0415
    from app.core.report import own_csv  # noqa: PLC0415

    stream = io.TextIOWrapper(target, encoding="utf-8", newline="", write_through=False)
    try:
        return csv_out.write_rows(stream, own_csv.COLUMNS, own_csv.transaction_rows(books.lines.listed(found, limit)))
    finally:
        stream.flush()
        stream.detach()


def save_csv(books: Books, found: Filter, path: Path, check: Callable[[], None]) -> int:
    """Write the own CSV to a file, whole or not at all; returns the number of lines.

    Raises: what `check` raises, BadFile, DiskFull, Refused (a name that hides or runs).
    """
    from app.adapters import safe_files  # noqa: PLC0415

    safe_files.refuse_name(path)
    with safe_files.writing(path) as target:
        lines = write_csv(books, found, 0, target)
        check()
    return lines


def explain(books: Books, transaction_id: int) -> dict[str, Any]:
    """Return why a row stands as it does: the steps, the runner-up, what would change it, and who was asked in turn."""
    from app.services import derive, review, rules, transactions  # noqa: PLC0415

    row = transactions.existing(books, transaction_id)
    decision = books.decisions.get(transaction_id)
    group = transactions.group_of(books, transaction_id)
    found = derive.label_groups(books, [group])[0]
    label = found.outcome
    steps = [f"The bank's text is “{row.text}”."]
    if found.merchant.name:
        steps.append(f"It names {found.merchant.name}.")
    steps.append(f"By itself this text is: {review.plain_name(label.kind, label.line, label.percent)}. {label.reason}")
    pairs = [p for p in books.labels.pairs_of(transaction_id) if p.state == "linked"]
    steps += [
        f"It {'pairs' if p.type in derive.LINK_KIND else 'belongs'} with transaction "
        f"{p.out_id if p.in_id == transaction_id else p.in_id}: {p.reason}"
        for p in pairs
    ]
    if decision.kind is not None:
        steps.append("You booked it yourself; that stands above everything else.")
    elif row.reason not in {label.reason, ""} and not any(p.type in derive.LINK_KIND for p in pairs):
        steps.append(row.reason)
    met = rules.matching(books, transaction_id)
    accounts = rules.account_names(books) if met else {}
    decides = met[0].id if met and decision.kind is None and not row.is_split and not pairs else None
    steps += _rule_steps(met, accounts, decides)
    steps.append(f"So it is {row.status}: {review.plain_name(row.kind, row.line, row.percent)}.")
    others = [c for c in review.stored_choices(label.choices) if (c.kind, c.line) != (row.kind, row.line)]
    runner = others[0] if others else None
    ways = ["Your own answer for this row: ops1099 transactions set ID kind=… line=…"]
    if decision.kind is None:
        ways.append("A rule for its text: ops1099 rules add --text …")
        ways.append("The role of its account: ops1099 accounts set ID role=business")
    else:
        ways.append("Taking your answer back: ops1099 transactions set ID kind=")
    return {
        "id": transaction_id,
        "steps": steps,
        "runner_up": None if runner is None else runner.label,
        "would_change": ways,
        "order": [
            {
                "step": layer.step,
                "speaks": layer.speaks,
                "decided": layer.decided and decision.kind is None and not pairs,
                "kind": layer.meaning[0] or None,
                "line": layer.meaning[1] if layer.meaning[0] else None,
                "confidence": layer.confidence / 10_000 if layer.speaks else None,
                "reason": layer.text if layer.speaks else "",
            }
            for layer in derive.layers(books, group, row.cents, row.tax_date)
        ],
        "rules": [
            {"id": rule.id, "order": rule.position, "name": rules.words(rule, accounts), "decides": rule.id == decides}
            for rule in met
        ],
    }


def _rule_steps(met: Sequence[Rule], accounts: Mapping[int, str], decides: int | None) -> list[str]:
    """Return which rule decides and which others hold too."""
    from app.services import rules  # noqa: PLC0415 - as above

    steps = []
    for rule in met:
        words = rules.words(rule, accounts)
        if rule.id == decides:
            steps.append(f"Your rule {rule.position} decides: {words}.")
        else:
            why = "but comes later" if decides is not None else "but something stronger decides"
            steps.append(f"Your rule {rule.position} holds too, {why}: {words}.")
    return steps

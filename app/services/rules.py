"""The user's own rules: what wins over everything the engine knows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.core.errors import NotFound, Refused
from app.core.ingest.typed import kept
from app.services import derive, transactions
from app.services.books import Books
from app.services.unit_of_work import Outcome, Work
from app.store.labels import Group
from app.store.rules import Rule

__all__ = [
    "Rule", "TestedRow", "add", "change", "effect_of", "effect_of_change", "effect_of_new", "existing", "listed",
    "move", "remove",
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class TestedRow:
    """A row a rule touches, before and after."""

    transaction_id: int
    before: tuple[str, str]
    after: tuple[str, str]


def listed(books: Books) -> list[tuple[Rule, int]]:
    """Return the rules in their order, each with the number of rows it books now."""
    hits = dict(
        books.connection.execute(
            "SELECT o.rule_id, COUNT(*) FROM label l JOIN outcome o ON o.id = l.outcome_id AND o.rule_id IS NOT NULL "
            "JOIN transactions t ON t.descriptor_id = l.descriptor_id AND t.account_id = l.account_id "
            "AND (t.cents >= 0) = l.money_in GROUP BY 1"
        ).fetchall()
    )
    for rule_id, count in books.connection.execute(
        "SELECT rule_id, COUNT(*) FROM row_label WHERE rule_id IS NOT NULL GROUP BY 1"
    ):
        hits[rule_id] = hits.get(rule_id, 0) + count
    return [(rule, hits.get(rule.id, 0)) for rule in books.rules.all()]


def existing(books: Books, rule_id: int) -> Rule:
    rule = books.rules.get(rule_id)
    if rule is None:
        raise NotFound(f"There is no rule {rule_id}.", "See them with: ops1099 rules list")
    return rule


def add(books: Books, values: Mapping[str, Any], *, dry_run: bool = False) -> tuple[Outcome, int | None]:
    """Add a rule behind the others. `values` has typed columns of a rule. Raises: Refused."""
    columns = _checked(values)
    with books.work.operation("rule_add", dry_run=dry_run) as work:
        number = books.rules.add(columns)
        _relabel(work, columns.get("text"), number)
    return work.outcome, number if work.outcome.operation else None


def change(books: Books, rule_id: int, values: Mapping[str, Any], *, dry_run: bool = False) -> Outcome:
    changed = _changed(existing(books, rule_id), values)
    with books.work.operation("rule_set", dry_run=dry_run) as work:
        if changed:
            books.rules.change(rule_id, changed)
            work.relabel_all = True
            work.rematch_all = True
    return work.outcome


def _changed(rule: Rule, values: Mapping[str, Any]) -> dict[str, Any]:
    current = {name: getattr(rule, name) for name in Rule._fields if name not in {"id", "position"}}
    columns = _checked({**current, **values})
    if "position" in values:
        columns["position"] = int(values["position"])
    return {name: value for name, value in columns.items() if getattr(rule, name) != value}


def move(books: Books, rule_id: int, steps: int) -> Outcome:
    """Put a rule so many places further down, or up with a negative number; at the ends it stays. Raises: NotFound."""
    moved = existing(books, rule_id)
    order = books.rules.all()
    at = order.index(moved)
    order.insert(max(0, min(at + steps, len(order) - 1)), order.pop(at))
    with books.work.operation("rules_order") as work:
        for position, rule in enumerate(order, 1):
            if rule.position != position:
                books.rules.change(rule.id, {"position": position})
        work.relabel_all = work.rematch_all = True
    return work.outcome


def remove(books: Books, rule_id: int, *, dry_run: bool = False) -> Outcome:
    rule = existing(books, rule_id)
    with books.work.operation("rule_remove", dry_run=dry_run) as work:
        books.rules.remove(rule_id)
        _relabel(work, rule.text, rule_id)
    return work.outcome


def effect_of_new(books: Books, values: Mapping[str, Any]) -> list[TestedRow]:
    """Return the rows that would stand otherwise if a rule were added; nothing is changed. Raises: Refused."""
    columns = _checked(values)
    before = _standing(books)
    with books.work.operation("rule_add", dry_run=True) as work:
        number = books.rules.add(columns)
        _relabel(work, columns.get("text"), number)
        derive.settle(work)
        after = _standing(books)
    return _differences(before, after)


def effect_of_change(books: Books, rule_id: int, values: Mapping[str, Any]) -> list[TestedRow]:
    """Return the rows that would stand otherwise if a rule were changed; nothing is. Raises: NotFound; Refused."""
    changed = _changed(existing(books, rule_id), values)
    if not changed:
        return []
    before = _standing(books)
    with books.work.operation("rule_set", dry_run=True) as work:
        books.rules.change(rule_id, changed)
        work.relabel_all = work.rematch_all = True
        derive.settle(work)
        after = _standing(books)
    return _differences(before, after)


def effect_of(books: Books, rule_id: int) -> list[TestedRow]:
    """Return the rows that stand otherwise because of a rule. Raises: NotFound."""
    rule = existing(books, rule_id)
    after = _standing(books)
    with books.work.operation("rule_remove", dry_run=True) as work:
        books.rules.remove(rule_id)
        _relabel(work, rule.text, rule_id)
        derive.settle(work)
        before = _standing(books)
    return _differences(before, after)


def _standing(books: Books) -> dict[int, tuple[str, str]]:
    return {
        number: (kind, line)
        for number, kind, line in books.connection.execute(
            "SELECT id, kind, line FROM effective WHERE status <> 'deleted'"
        )
    }


def _differences(before: dict[int, tuple[str, str]], after: dict[int, tuple[str, str]]) -> list[TestedRow]:
    return [
        TestedRow(transaction_id=number, before=was, after=after[number])
        for number, was in sorted(before.items())
        if after[number] != was
    ]


def _checked(values: Mapping[str, Any]) -> dict[str, Any]:
    columns = dict(values)
    columns["kind"] = transactions.check_kind(str(columns.get("kind") or ""))
    columns["line"] = transactions.line_for(columns["kind"], columns.get("line"))
    if columns.get("text"):
        columns["text"] = kept(str(columns["text"]))
    low, high = columns.get("amount_min"), columns.get("amount_max")
    if low is not None and high is not None and low > high:
        raise Refused("The smallest amount is larger than the largest.", "Swap the two.")
    if not any(columns.get(name) is not None for name in ("text", "amount_min", "amount_max", "account_id", "sign")):
        raise Refused("A rule needs a condition.", "Give --text, --amount-min, --amount-max, --account or --sign.")
    return columns


def _relabel(work: Work, text: str | None, rule_id: int) -> None:
    """Label again what a rule may touch: the texts that hold its words, and the groups it booked."""
    books = work.books
    if text is None or not text.isascii():
        work.relabel_all = work.rematch_all = True
        return
    rows = books.connection.execute(
        "SELECT l.descriptor_id, l.account_id, l.money_in FROM label l JOIN outcome o ON o.id = l.outcome_id "
        "WHERE o.rule_id = ?1 OR o.by_row = 1 OR l.descriptor_id IN "
        "(SELECT id FROM descriptor WHERE text LIKE '%' || replace(replace(replace(?2, '\\', '\\\\'), '%', '\\%'), "
        # LIKE folds the case of ASCII only, a rule that of all letters.
        "'_', '\\_') || '%' ESCAPE '\\' OR text GLOB '*[^ -~]*')",
        (rule_id, text),
    )
    work.groups |= {Group(*row) for row in rows}
    work.rematch_all = True

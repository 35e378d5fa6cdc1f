"""The user's own rules: what wins over everything the engine knows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app.core.books import naming, rule_words
from app.core.errors import NotFound, Refused
from app.core.ingest.typed import kept
from app.services.books.open_books import Books
from app.services.books.work import Outcome
from app.services.classify import rule_reach
from app.services.ledger import typed_values
from app.store.rules import Rule

__all__ = [
    "CONDITIONS", "Rule", "account_names", "add", "change", "changed_columns", "checked", "existing", "listed",
    "move", "put_order", "remove", "words",
]  # fmt: skip

CONDITIONS = (
    "text", "regex", "counterparty", "amount_min", "amount_max", "date_from", "date_to", "account_id", "sign",
)  # fmt: skip
_TYPED = {"text": 200, "regex": 500, "counterparty": 200, "name": 100}
"""What a person types, and how long it may be."""


def listed(books: Books) -> list[tuple[Rule, int]]:
    """Return the rules in their order, each with the number of rows it books or asks about now."""
    hits = rule_reach.hits(books)
    return [(rule, hits.get(rule.id, 0)) for rule in books.rules.all()]


def existing(books: Books, rule_id: int) -> Rule:
    rule = books.rules.get(rule_id)
    if rule is None:
        raise NotFound(f"There is no rule {rule_id}.", "See them with: ops1099 rules list")
    return rule


def account_names(books: Books) -> dict[int, str]:
    return {a.id: naming.account_short(a.name, a.last4, a.institution) for a in books.accounts.all()}


def words(rule: Rule, accounts: Mapping[int, str]) -> str:
    """Return what a rule is called: its name, else what it looks for."""
    return rule_words.called(rule._asdict(), accounts.get(rule.account_id or 0, ""))


def add(books: Books, values: Mapping[str, Any], *, dry_run: bool = False) -> tuple[Outcome, int | None]:
    """Add a rule behind the others. `values` has typed columns of a rule. Raises: Refused."""
    columns = checked(values)
    with books.work.operation("rule_add", dry_run=dry_run) as work:
        number = books.rules.add(columns)
        rule_reach.relabel(work, existing(books, number))
    return work.outcome, number if work.outcome.operation else None


def change(books: Books, rule_id: int, values: Mapping[str, Any], *, dry_run: bool = False) -> Outcome:
    """Change columns of a rule; `position` is its place among the rules, from 1. Raises: NotFound, Refused."""
    rule = existing(books, rule_id)
    changed = changed_columns(rule, values)
    with books.work.operation("rule_set", dry_run=dry_run) as work:
        if changed:
            books.rules.change(rule_id, changed)
        moved = "position" in values and put_order(books, rule, int(values["position"]) - 1)
        if changed.keys() - {"name"} or moved:
            rule_reach.relabel(work, rule, existing(books, rule_id))
    return work.outcome


def move(books: Books, rule_id: int, steps: int) -> Outcome:
    """Put a rule so many places further down, or up with a negative number; at the ends it stays. Raises: NotFound."""
    rule = existing(books, rule_id)
    with books.work.operation("rules_order") as work:
        if put_order(books, rule, books.rules.all().index(rule) + steps):
            rule_reach.relabel(work, rule)
    return work.outcome


def put_order(books: Books, rule: Rule, place: int) -> bool:
    """Number the rules anew with one of them at a place, counted from 0; return whether any stands elsewhere now."""
    order = [each for each in books.rules.all() if each.id != rule.id]
    order.insert(max(0, min(place, len(order))), rule)
    differs = [(position, each) for position, each in enumerate(order, 1) if each.position != position]
    for position, each in differs:
        books.rules.change(each.id, {"position": position})
    return bool(differs)


def remove(books: Books, rule_id: int, *, dry_run: bool = False) -> Outcome:
    rule = existing(books, rule_id)
    with books.work.operation("rule_remove", dry_run=dry_run) as work:
        books.rules.remove(rule_id)
        rule_reach.relabel(work, rule)
    return work.outcome


def changed_columns(rule: Rule, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns that would be otherwise; where it stands is none of them. Raises: Refused."""
    current = {name: getattr(rule, name) for name in Rule._fields if name not in {"id", "position"}}
    columns = checked({**current, **{name: value for name, value in values.items() if name != "position"}})
    return {name: value for name, value in columns.items() if getattr(rule, name) != value}


def checked(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns of a rule as they are kept. Raises: Refused."""
    columns = {name: value for name, value in values.items() if name not in {"id", "position"}}
    columns["kind"] = typed_values.check_kind(str(columns.get("kind") or ""))
    columns["line"] = typed_values.line_for(columns["kind"], columns.get("line"))
    for name in _TYPED.keys() & columns.keys():
        columns[name] = _typed(name, columns[name])
    _in_order(columns, ("amount_min", "amount_max"), "The smallest amount is larger than the largest.")
    _in_order(columns, ("date_from", "date_to"), "The first day lies behind the last.")
    if all(columns.get(name) is None for name in CONDITIONS):
        raise Refused(
            "A rule needs a condition.",
            "Give --text, --regex, --counterparty, --amount-min, --amount-max, --date-from, --date-to, --account or "
            "--sign.",
        )
    if columns.get("regex"):
        from app.adapters.patterns import LinearPatterns  # noqa: PLC0415 - few rules have a pattern

        LinearPatterns().ready([columns["regex"]])
    return columns


def _typed(name: str, value: Any) -> str | None:  # noqa: ANN401 - as typed
    text = kept(str(value or ""))
    if len(text) > _TYPED[name]:
        raise Refused(f"The {name} of a rule may have {_TYPED[name]} characters.", "Shorten it.")
    return text or None


def _in_order(columns: Mapping[str, Any], names: Sequence[str], trouble: str) -> None:
    low, high = (columns.get(name) for name in names)
    if low is not None and high is not None and low > high:
        raise Refused(trouble, "Swap the two.")

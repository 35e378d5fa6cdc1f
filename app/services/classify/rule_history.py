"""Who changed a rule, when, and what: read from the record of operations, so nothing can be missing."""

from __future__ import annotations

from dataclasses import dataclass

from app.core.books import rule_words
from app.core.books.rule_words import Amount
from app.core.errors import NotFound
from app.core.money import money_text
from app.services.books.open_books import Books
from app.services.classify import rules
from app.store import operations
from app.store import rule_history as stored
from app.store.rule_history import Step


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    operation: int
    at: str
    actor: str
    rule_id: int
    what: str
    undone_by: int | None


def of(books: Books, rule_id: int | None = None, *, amount: Amount = money_text) -> list[Change]:
    """Return the changes of a rule, or of all that are or were, newest first. Raises: NotFound."""
    accounts = rules.account_names(books)
    found: list[Change] = []
    for number in stored.known(books.connection) if rule_id is None else [rule_id]:
        for step in stored.steps(books.connection, number):
            row = operations.get(books.connection, step.operation)
            if row is not None:
                what = _said(step, accounts, amount)
                if row.undoes is not None:
                    what = f"Undone: {what[0].lower()}{what[1:]}" if step.after is None else f"Put back. {what}"
                found.append(
                    Change(
                        operation=row.id, at=row.at, actor=row.actor, rule_id=number, what=what,
                        undone_by=row.undone_by,
                    )
                )  # fmt: skip
    if rule_id is not None and not found:
        raise NotFound(f"There never was a rule {rule_id}.", "See them with: ops1099 rules list")
    return sorted(found, key=lambda change: (-change.operation, change.rule_id))


def _said(step: Step, accounts: dict[int, str], amount: Amount) -> str:
    whole = step.after or step.before or {}
    words = rule_words.conditions(whole, accounts.get(whole.get("account_id") or 0, ""), amount)
    if step.before is None:
        return f"Added: {words}. {rule_words.action(whole)}."
    if step.after is None:
        return f"Removed: {words}. {rule_words.action(whole)}."
    return rule_words.changes(step.before, step.after, accounts, amount)

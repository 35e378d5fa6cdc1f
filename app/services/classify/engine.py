"""The engine that labels texts, with what a person taught it: their rules and their answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.core.classify.decide import Classifier
    from app.core.ports import Patterns
    from app.services.books.open_books import Books


def classifier(books: Books) -> Classifier:
    """Return the engine with the rules and answers as they stand now."""
    from app.core.classify.decide import Classifier, Remembered, UserRule  # noqa: PLC0415 - only new texts need it
    from app.services.classify import knowledge  # noqa: PLC0415 - same

    rules = [
        UserRule(
            id=rule.id, order=rule.position, text=rule.text, amount_min=rule.amount_min,
            amount_max=rule.amount_max, account_id=rule.account_id, sign=rule.sign, kind=rule.kind,
            line=rule.line, percent=rule.percent, ask=bool(rule.ask), regex=rule.regex,
            date_from=rule.date_from, date_to=rule.date_to, counterparty=rule.counterparty,
        )
        for rule in books.rules.all()
        if rule.is_on
    ]  # fmt: skip
    memory = {
        (a.merchant_key, a.sign, a.account_id): Remembered(a.kind, a.line, a.percent, bool(a.ask))
        for a in books.rules.answers()
    }
    patterns: Patterns | None = None
    if any(rule.regex for rule in rules):
        from app.adapters.patterns import LinearPatterns  # noqa: PLC0415 - few people write patterns

        patterns = LinearPatterns()
    return Classifier(knowledge.merchants(), rules, memory, patterns)

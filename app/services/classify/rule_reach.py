"""Which rows a rule may touch, and which it touches now."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from app.core.classify.rule_book import folded
from app.store.labels import Group

if TYPE_CHECKING:
    from app.services.books.open_books import Books
    from app.services.books.work import Work
    from app.store.rules import Rule

_OWN = (
    "SELECT {what} FROM label l JOIN outcome o ON o.id = l.outcome_id AND o.rule_id IS NOT NULL "
    "JOIN transactions t ON t.descriptor_id = l.descriptor_id AND t.account_id = l.account_id "
    "AND (t.cents >= 0) = l.money_in LEFT JOIN decision d ON d.transaction_id = t.id "
    "WHERE NOT EXISTS (SELECT 1 FROM row_label r WHERE r.transaction_id = t.id) AND {which} {group} "
    "UNION ALL SELECT {what_row} FROM row_label r LEFT JOIN decision d ON d.transaction_id = r.transaction_id "
    "WHERE r.rule_id IS NOT NULL AND {which} {group}"
)
_FREE = "(d.id IS NULL OR d.kind IS NULL AND d.deleted_reason IS NULL AND d.is_split = 0)"
_DECIDED = "d.deleted_reason IS NULL AND (d.kind IS NOT NULL OR d.is_split = 1)"


def hits(books: Books) -> dict[int, int]:
    """Return, by rule, how many rows it books or asks about now."""
    return _counted(books, _FREE)


def decided(books: Books) -> dict[int, int]:
    """Return, by rule, how many rows it would decide had a person not done so."""
    return _counted(books, _DECIDED)


def _counted(books: Books, which: str) -> dict[int, int]:
    found: dict[int, int] = {}
    sql = _OWN.format(what="o.rule_id, COUNT(*)", what_row="r.rule_id, COUNT(*)", which=which, group="GROUP BY 1")
    for rule_id, count in books.connection.execute(sql):
        found[rule_id] = found.get(rule_id, 0) + count
    return found


def relabel(work: Work, *versions: Rule) -> None:
    """Label again what a rule may touch, as it was and as it is: the texts it looks for, and the groups it booked."""
    for rule in versions:
        work.groups |= set(_groups(work.books, rule))
        if any(limit is not None for limit in (rule.amount_min, rule.amount_max, rule.date_from, rule.date_to)):
            work.rematch_all = True


def _groups(books: Books, rule: Rule) -> Iterator[Group]:
    met = _texts(books, rule)
    named = _merchants(books, rule)
    for descriptor_id, account_id, money_in, merchant_id, own in books.connection.execute(
        "SELECT l.descriptor_id, l.account_id, l.money_in, l.merchant_id, o.rule_id IS ?1 OR o.by_row = 1 "
        "FROM label l JOIN outcome o ON o.id = l.outcome_id",
        (rule.id,),
    ):
        fits = (
            (rule.account_id is None or rule.account_id == account_id)
            and (rule.sign is None or (rule.sign > 0) == bool(money_in))
            and (met is None or descriptor_id in met)
            and (named is None or merchant_id in named)
        )
        if fits or own:
            yield Group(descriptor_id, account_id, money_in)


def _texts(books: Books, rule: Rule) -> set[int] | None:
    """Return the descriptors that hold a rule's text and pattern; None where it has neither."""
    if not rule.text and not rule.regex:
        return None
    wanted = folded(rule.text)
    found_in = None
    if rule.regex:
        from app.adapters.patterns import LinearPatterns  # noqa: PLC0415 - few rules have a pattern

        found_in = LinearPatterns().ready([rule.regex]).found_in
    return {
        number
        for number, text in books.connection.execute("SELECT id, text FROM descriptor")
        if wanted in folded(text) and (found_in is None or found_in(" ".join(text.split())))
    }


def _merchants(books: Books, rule: Rule) -> set[int] | None:
    """Return the merchants a rule names; None where it names none."""
    if not rule.counterparty:
        return None
    wanted = folded(rule.counterparty)
    return {
        number
        for number, key, name in books.connection.execute("SELECT id, key, name FROM merchant")
        if wanted in {folded(key), folded(name)}
    }

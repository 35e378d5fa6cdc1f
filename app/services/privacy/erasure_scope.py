"""Whom an erasure is about, and what in the books is theirs alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from app.core.books.erasing import SHORTEST, Eraser, Payer, stand_in
from app.core.errors import NotFound
from app.store import erasure
from app.store.descriptors import short_hash

if TYPE_CHECKING:
    from app.services.books.open_books import Books

_PSEUDONYMS = 99_999


class Plan(NamedTuple):
    """What an erasure will do; shown before anything happens."""

    rows: int
    texts: int
    notes: int
    rules: int
    answers: int
    shown_as: str
    backups: tuple[str, ...]
    """Copies that still hold everything: out of reach of the erasure."""


def find(books: Books, selector: str) -> Payer:
    """Return the payer or merchant a person means, by name as it is shown, or by number. Raises: NotFound."""
    wanted = " ".join(selector.split()).casefold()
    if selector.isdecimal() and len(selector) < 19:
        wanted = erasure.key_of(books.connection, int(selector)) or wanted
    every = list(erasure.named(books.connection))
    exact = {row.key for row in every if row.key and row.key.casefold() == wanted}
    keys = exact or {row.key for row in every if row.key and (row.name or "").casefold() == wanted}
    overridden = any((row.override or "").casefold() == wanted for row in every)
    if not keys and not overridden and len(wanted) >= SHORTEST:
        # “Zelle from Jane Doe” is shown as Zelle, and it is Jane Doe who is to go.
        word = re.compile(rf"(?<!\w){re.escape(wanted)}(?!\w)")
        keys = {row.key for row in every if row.key and word.search(row.key.casefold())}
    named = _rows_of_payer(books, wanted)
    rows = [row for row in every if row.key in keys or row.id in named or (row.override or "").casefold() == wanted]
    if not rows or not wanted:
        raise NotFound(f"There is no payer “{selector}” in the books.", "Give the name as the transactions show it.")
    names = {wanted, *(row.override for row in rows if row.override)}
    number = short_hash(books.subkey("export-pseudonym"), min(keys, default=wanted)) % _PSEUDONYMS + 1
    return Payer(
        rows=frozenset(row.id for row in rows), names=frozenset(names), keys=frozenset(keys), shown=stand_in(number)
    )


def _rows_of_payer(books: Books, name: str) -> set[int]:
    """Return the rows of the payer whom a person gave this name; their texts may say another."""
    from app.services.income import payers  # noqa: PLC0415 - payers are few

    given = {row.text_id for row in books.income.payers() if (row.name or "").casefold() == name}
    if not given:
        return set()
    known = payers.known(books)
    theirs = {known.of_text[number] for number in given if number in known.of_text}
    return {each.id for each in known.receipts if each.payer in theirs}


def look(books: Books, selector: str) -> Plan:
    """Return what erasing a payer would do. Raises: NotFound."""
    payer = find(books, selector)
    eraser = Eraser(payer)
    texts = texts_of(books, payer, eraser)
    only_theirs = rules_of(books, texts)
    decisions = books.decisions.of_many(sorted(payer.rows)).values()
    return Plan(
        rows=len(payer.rows), texts=len(texts), notes=sum(1 for each in decisions if each.note or each.tags),
        rules=sum(
            1 for rule in books.rules.all()
            if eraser.rule_names(rule.text, rule.name, rule.regex, rule.counterparty)
            or only_theirs & {rule.text, rule.regex}
        ),
        answers=sum(1 for each in books.rules.answers() if is_theirs(each.merchant_key, payer, eraser)),
        shown_as=payer.shown, backups=copies(books),
    )  # fmt: skip


def copies(books: Books) -> tuple[str, ...]:
    """Return every copy the books know of, and those that lie beside them."""
    beside = (books.home / "backups").glob("*")
    return tuple(sorted({*erasure.known_places(books.connection), *(str(Path(each)) for each in beside)}))


def texts_of(books: Books, payer: Payer, eraser: Eraser) -> set[int]:
    """Return the texts that are wholly theirs: used by no other row, or naming them."""
    own: set[int] = set()
    others: set[int] = set()
    for row in erasure.named(books.connection):
        (own if row.id in payer.rows else others).add(row.descriptor_id)
    held = books.descriptors.texts(own & others)
    shared = {n for n, text in held.items() if not any(eraser.names(part) for part in text)}
    return own - shared


def is_theirs(key: str, payer: Payer, eraser: Eraser) -> bool:
    return key in payer.keys or eraser.names(key)


def rules_of(books: Books, theirs: set[int]) -> frozenset[str]:
    """Return the texts and patterns of rules that meet texts of this payer and of nobody else."""
    known = books.rules.all()
    wanted = {rule.text for rule in known if rule.text}
    patterns = sorted({rule.regex for rule in known if rule.regex})
    if not wanted and not patterns:
        return frozenset()
    every = [row[0] for row in books.connection.execute("SELECT id FROM descriptor")]
    found_in = _ready(patterns)
    own: set[str] = set()
    others: set[str] = set()
    for number, text in books.descriptors.texts(every).items():
        met = {rule for rule in wanted if rule.casefold() in text.text.casefold()}
        met |= {patterns[place] for place in found_in(text.text)}
        (own if number in theirs else others).update(met)
    return frozenset(own - others)


def _ready(patterns: list[str]) -> Callable[[str], Sequence[int]]:
    if not patterns:
        return lambda _text: ()
    from app.adapters.patterns import LinearPatterns  # noqa: PLC0415 - few people write patterns

    return LinearPatterns().ready(patterns).found_in

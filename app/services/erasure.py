"""Erase a payer: every word about them goes, amounts and dates stay under another name.

Two steps: `request` says what will happen and makes a code, which the caller shows to a person and to nobody else;
`erase_payer` takes the code. What was erased cannot be taken back. All changes are one transaction; what the file still
holds in free pages and in its log is cleaned right after it, or at the next start.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from base64 import b32encode
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from app.adapters import safe_files
from app.core.books.erasing import SHORTEST, Eraser, Payer, stand_in
from app.core.errors import AppError, NotFound, Refused
from app.core.security.audit_events import Event
from app.services import derive
from app.services.audit_notes import note
from app.services.work import Work
from app.store import erasure, journal
from app.store.connection import translated
from app.store.decisions import Decision
from app.store.descriptors import Text, short_hash

if TYPE_CHECKING:
    from app.core.ports import Randomness
    from app.services.books import Books

VALID_MINUTES = 10
_TRIES = 5
_CODE_BYTES = 5
_PSEUDONYMS = 99_999
EVERYTHING = ""
"""What a request names when all is to be erased."""


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


class Erased(NamedTuple):
    operation: int
    shown_as: str
    rows: int
    clean: bool
    """False when another program held the file: its old pages go at the next start."""


# --- the two steps


def request(books: Books, payer: str | None, randomness: Randomness) -> tuple[Plan | None, str, datetime]:
    """Keep a request and return what it would do, its code, and until when that holds; with no payer for everything.

    The code is for a person's eyes: never log it, never print it where a program reads. Raises: NotFound, Refused.
    """
    books.refuse_reader()
    plan = look(books, payer) if payer is not None else None
    code = b32encode(randomness.token(_CODE_BYTES)).decode()
    until = books.clock.now() + timedelta(minutes=VALID_MINUTES)
    connection = books.connection
    with translated():
        connection.execute("BEGIN IMMEDIATE")
        erasure.ask(connection, _moment(until), _digest(books, payer, code))
        connection.execute("COMMIT")
    return plan, code, until


def hand_over(code: str, descriptor: int) -> None:
    """Write a code to the descriptor a script gave for it. Raises: Usage."""
    safe_files.write_fd(descriptor, code)


def confirm(books: Books, payer: str | None, code: str) -> None:
    """Use up the code of a request for the same thing. Raises: Refused; after five wrong ones the request is void."""
    connection = books.connection
    with translated():
        connection.execute("BEGIN IMMEDIATE")
        held = erasure.request(connection)
        good = held is not None and hmac.compare_digest(held.digest, _digest(books, payer, code))
        fresh = held is not None and books.clock.now() <= datetime.fromisoformat(held.until).astimezone(UTC)
        if held is not None and fresh and not good and held.tries + 1 < _TRIES:
            erasure.count_try(connection)
        else:
            erasure.forget_requests(connection)
        connection.execute("COMMIT")
    if not (good and fresh):
        raise Refused(
            "The code does not fit, is used up or is older than ten minutes.",
            "Ask for a new one with --request, for exactly what is to be erased.",
        )


def _digest(books: Books, payer: str | None, code: str) -> str:
    what = EVERYTHING if payer is None else "payer\x1f" + " ".join(payer.split()).casefold()
    text = f"{what}\x1f{code.strip().upper()}"
    return hmac.new(books.subkey("erasure"), text.encode(), hashlib.sha256).hexdigest()


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds")


# --- whom it is about


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
    from app.services import payers  # noqa: PLC0415 - payers are few

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
    texts = _texts_of(books, payer, eraser)
    only_theirs = _rules_of(books, texts)
    decisions = books.decisions.of_many(sorted(payer.rows)).values()
    return Plan(
        rows=len(payer.rows), texts=len(texts), notes=sum(1 for each in decisions if each.note or each.tags),
        rules=sum(
            1 for rule in books.rules.all()
            if eraser.rule_names(rule.text, rule.name, rule.regex, rule.counterparty)
            or only_theirs & {rule.text, rule.regex}
        ),
        answers=sum(1 for each in books.rules.answers() if _is_theirs(each.merchant_key, payer, eraser)),
        shown_as=payer.shown, backups=copies(books),
    )  # fmt: skip


def copies(books: Books) -> tuple[str, ...]:
    """Return every copy the books know of, and those that lie beside them."""
    beside = (books.home / "backups").glob("*")
    return tuple(sorted({*erasure.known_places(books.connection), *(str(Path(each)) for each in beside)}))


def _texts_of(books: Books, payer: Payer, eraser: Eraser) -> set[int]:
    """Return the texts that are wholly theirs: used by no other row, or naming them."""
    own: set[int] = set()
    others: set[int] = set()
    for row in erasure.named(books.connection):
        (own if row.id in payer.rows else others).add(row.descriptor_id)
    held = books.descriptors.texts(own & others)
    shared = {n for n, text in held.items() if not any(eraser.names(part) for part in text)}
    return own - shared


def _is_theirs(key: str, payer: Payer, eraser: Eraser) -> bool:
    return key in payer.keys or eraser.names(key)


# --- erasing


def erase_payer(books: Books, selector: str, randomness: Randomness) -> Erased:
    """Erase a payer whose code was confirmed. Raises: NotFound; InUse while another program has the books open."""
    books.refuse_reader()
    with books.alone() as alone:
        payer = find(alone, selector)
        operation = _erase(alone, payer, int.from_bytes(randomness.token(6), "big") + 1)
        cleaned = _cleaned(alone)
    books.anchor_in_keychain = True
    books.committed()
    return Erased(operation, payer.shown, len(payer.rows), cleaned)


def resume(books: Books) -> None:
    """Clean up behind an erasure that was interrupted, if the home can be had alone; else the next start does."""
    if books.reads_only or not erasure.is_unfinished(books.connection):
        return
    try:
        with books.alone(0) as alone:
            _cleaned(alone)
    except AppError:
        return


def _cleaned(books: Books) -> bool:
    with translated():
        erasure.clean(books.connection)
    return not erasure.is_unfinished(books.connection)


def _erase(books: Books, payer: Payer, number: int) -> int:
    """Do it all in one transaction, and return the operation that stands for it in the history."""
    connection = books.connection
    with translated():
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("BEGIN IMMEDIATE")
        try:
            before = erasure.standing(connection)
            operation = journal.begin(
                connection, at=books.stamp(), actor="user", code=journal.ERASE, undoes=None,
                schema_version=books.schema_version,
            )  # fmt: skip
            work = Work(books, operation, books.transactions.last_id() + 1)
            with erasure.unsealed(connection):
                changes = _wash(books, payer)
                derive.rebuild(work)
                _hold(work, before)
                journal.close(connection, operation, {})
            erasure.wash_images(connection, changes)
            erasure.drop_unused(connection)
            erasure.begin(connection, number, books.stamp())
            _record(books, number)
            journal.commit(connection, operation)
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
        finally:
            connection.execute("PRAGMA synchronous = NORMAL")
    return operation


def _wash(books: Books, payer: Payer) -> dict[str, Callable[[erasure.Row], erasure.Row | None]]:
    """Wash the rows of the books; returns what does the same to their old images."""
    connection = books.connection
    eraser = Eraser(payer)
    theirs = _texts_of(books, payer, eraser)
    only_theirs = _rules_of(books, theirs)
    about = theirs | _texts_naming(books, eraser)
    changes: dict[str, Callable[[erasure.Row], erasure.Row | None]] = {
        "decision": eraser.decision,
        "rule": lambda row: eraser.rule(row, only_theirs),
        "answer": lambda row: None if _is_theirs(row["merchant_key"], payer, eraser) else row,
        "tax_payment": eraser.tax_payment,
        **dict.fromkeys(("vehicle", "asset", "home_office"), eraser.thing),
        "tax_override": eraser.override,
        "payer": lambda row: eraser.about(row, "name", about),
        "expected_payment": lambda row: eraser.about(row, "note", about),
        "form_1099": lambda row: eraser.about(row, "note", about),
    }
    for table in erasure.WASHED:
        erasure.wash(connection, table, changes[table])
    _wash_texts(books, payer, eraser, theirs)
    return {**changes, "answer": lambda row: _without_key(row, payer, eraser)}


def _without_key(row: erasure.Row, payer: Payer, eraser: Eraser) -> erasure.Row:
    theirs = _is_theirs(row["merchant_key"], payer, eraser)
    return {**row, "merchant_key": payer.shown.casefold()} if theirs else row


def _rules_of(books: Books, theirs: set[int]) -> frozenset[str]:
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


def _texts_naming(books: Books, eraser: Eraser) -> set[int]:
    """Return the texts that name them, whether a row has them or a person typed them as a payer's name."""
    every = [row[0] for row in books.connection.execute("SELECT id FROM descriptor")]
    return {number for number, text in books.descriptors.texts(every).items() if eraser.names(text.text)}


def _wash_texts(books: Books, payer: Payer, eraser: Eraser, theirs: set[int]) -> None:
    every = [row[0] for row in books.connection.execute("SELECT id FROM descriptor ORDER BY id")]
    held = books.descriptors.texts(every)
    taken = {text.text for text in held.values()}
    count = 1
    for number, text in held.items():
        if number in theirs:
            while (shown := payer.shown if count == 1 else f"{payer.shown} ({count})") in taken:
                count += 1
            taken.add(shown)
            books.descriptors.rewrite(number, Text(shown, None, None))
            continue
        new = Text(eraser.washed(text.text) or "", eraser.washed(text.type_word), eraser.washed(text.memo))
        if new != text:
            books.descriptors.rewrite(number, new)


def _hold(work: Work, before: dict[int, erasure.Standing]) -> None:
    """Settle what only the erased words had settled, so that every sum stays as it was."""
    books = work.books
    now = erasure.standing(books.connection)
    decisions: dict[int, Decision] = {}
    for number, was in before.items():
        if was.status in {"auto", "confirmed"} and not was.is_split and now[number][:3] != was[:3]:
            held = books.decisions.get(number)
            decisions[number] = held._replace(kind=was.kind, line=was.line, percent=was.percent)
    if decisions:
        books.decisions.decide_many(decisions)
        derive.rebuild(work)


def _record(books: Books, number: int) -> None:
    """Note it in the audit log by a random number and the time; whose it was is written nowhere.

    Rows and images of all ages were changed, so the digest of the books begins anew, and the entry states it.
    """
    note(books, Event.ERASURE, object_id=number, code="payer", digest=books.digest.rebuild())

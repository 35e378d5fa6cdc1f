"""A row that two sources tell: the one that says more stands for it, so that the order of the files changes nothing.

What is said is compared by its content alone. What a person settled stays: a row that a rule or an answer of theirs
holds keeps its words unless the other ones are held the same way, and the names of settled payers stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from app.core.books.vocabulary import AccountKind
from app.core.classify.source_types import phrase_words
from app.core.ingest.memo_marks import GIVES_BACK, SPLIT
from app.store.descriptors import Text
from app.store.labels import Group, Outcome
from app.store.told_rows import Held

if TYPE_CHECKING:
    from app.core.dates import Day
    from app.services.books.open_books import Books
    from app.services.books.work import Work
    from app.services.ingest.duplicates import Met
    from app.store.accounts import Account

Source = tuple[int, int, int]
"""A file, a line (0 in the record of a bank link) and the transaction that it tells."""

_CHARGE_DAYS = 30
_SAYS_NOTHING = frozenset({"(no description)", "(no text)", ""})
_OF_A_PERSON = frozenset({"rule", "memory"})


def tax_day(account: Account, posted: Day, transacted: Day | None, cents: int) -> Day:
    """A charge on a card counts on the day of the purchase where the file tells it (tax rule 3)."""
    is_charge = account.kind == AccountKind.CREDIT and cents < 0 and transacted is not None
    if is_charge and transacted is not None and 0 <= posted - transacted <= _CHARGE_DAYS:
        return transacted
    return posted


# --- what says more


def _words(text: str) -> tuple[int, int, str]:
    says = text.casefold() not in _SAYS_NOTHING
    return (sum(map(str.isalpha, text)) if says else -1), sum(map(str.isdigit, text)), text


def _memo(memo: str | None) -> tuple[bool, int, str]:
    held = memo or ""
    return SPLIT in held or GIVES_BACK in held, len(held), held


@lru_cache(maxsize=4096)
def _type_word(word: str | None, account_kind: str) -> tuple[bool, bool, int, str]:
    """A word that stands for a phrase says most, then one that names a category, a bank link's above a file's."""
    from app.services.classify import knowledge  # noqa: PLC0415 - most rows are told by one source

    held = word or ""
    says = bool(phrase_words(held, account_kind)), knowledge.merchants().code_of(held) is not None
    return *says, len(held), held


def joined(main: Text, other: Text, account_kind: str) -> Text:
    """Return the words of one source with what the other says beside its own."""
    type_word, memo = main.type_word, main.memo
    if type_word != other.type_word:
        type_word = max(type_word, other.type_word, key=lambda word: _type_word(word, account_kind))
    if memo != other.memo:
        memo = max(memo, other.memo, key=_memo)
    return Text(main.text, type_word, memo)


# --- in the books


class _Change(NamedTuple):
    held: Held
    text: Text
    values: dict[str, Any]
    """Columns that differ, without the text's."""
    is_told_by_new: bool
    """Whether the row is the new source's from now on."""


def take_better(
    work: Work, account: Account, file_id: int, met: Sequence[Met], *, has_lines: bool = True
) -> list[Source]:  # fmt: skip
    """Let rows say what a second source tells better of them; returns who told them before, where that changed."""
    from app.core.bank.planning import ERASED  # noqa: PLC0415 - as above

    books = work.books
    held = books.told_rows.held([each.id for each in met])
    settled = books.income.settled_texts()
    seals = books.settings.sealed_spans()
    found = []
    for each in met:
        row = held.get(each.id)
        if row is None or row.descriptor_id in settled or row.text.startswith(ERASED):
            continue
        change = _compared(account, row, each, file_id, has_lines=has_lines)
        days = {row.tax_date, change.values.get("tax_date", row.tax_date)}
        is_sealed = any(first <= day <= last for first, last in seals for day in days)
        if (change.values or change.text != row.said) and not is_sealed:
            found.append(change)
    ids = books.descriptors.intern(dict.fromkeys(change.text for change in found))
    work.texts.update({number: text for text, number in ids.items()})
    changes = _left_to(books, account, found, {text: ids[text] for text in ids})
    _write(work, account, [(change, ids[change.text]) for change in changes])
    return [(change.held.file_id, change.held.line or 0, change.held.id) for change in changes if change.is_told_by_new]


def _compared(account: Account, held: Held, met: Met, file_id: int, *, has_lines: bool) -> _Change:
    row, new = met.row, Text(*met.text)
    takes = (_words(new.text), row.posted) > (_words(held.text), held.posted)
    values: dict[str, Any] = {}
    if takes:
        values |= {
            "source_key": met.key, "file_id": file_id, "line": row.line if has_lines else None,
            "posted_date": row.posted,
        }  # fmt: skip
    days = [day for day in (held.transacted, row.transacted) if day is not None]
    values["transacted_date"] = min(days, default=None)
    posted = values.get("posted_date", held.posted)
    if held.tax_date == tax_day(account, held.posted, held.transacted, held.cents):  # else a person moved it
        values["tax_date"] = tax_day(account, posted, values["transacted_date"], held.cents)
    if held.fee is None and row.fee_cents is not None and not held.is_split:
        values |= {"gross_cents": row.gross_cents, "fee_cents": row.fee_cents}
    if held.usd is None and row.usd_cents is not None:
        values["usd_cents"] = row.usd_cents
    was = {
        "source_key": held.source_key, "file_id": held.file_id, "line": held.line, "posted_date": held.posted,
        "transacted_date": held.transacted, "tax_date": held.tax_date, "gross_cents": held.gross,
        "fee_cents": held.fee, "usd_cents": held.usd,
    }  # fmt: skip
    text = joined(new, held.said, account.kind) if takes else joined(held.said, new, account.kind)
    return _Change(held, text, {name: value for name, value in values.items() if value != was[name]}, takes)


def _left_to(
    books: Books, account: Account, changes: Sequence[_Change], ids: dict[Text, int]
) -> list[_Change]:  # fmt: skip
    """Leave out rows that a person's rule or answer holds and would not hold the same way under the other words."""
    from app.services.derived import group_labels  # noqa: PLC0415 - as above

    by_row = {change.held.id for change in changes if (own := books.row_labels.get(change.held.id)) is not None
              and own.source == "rule"}  # fmt: skip
    bound: dict[Group, tuple[object, ...]] = {}
    for group in {_group(account, change.held.descriptor_id, change.held.cents) for change in changes}:
        label = books.labels.label(group)
        if label is not None and label.outcome.source in _OF_A_PERSON:
            bound[group] = _said(label.outcome)
    then = {_group(account, ids[change.text], change.held.cents) for change in changes
            if _group(account, change.held.descriptor_id, change.held.cents) in bound}  # fmt: skip
    would = {label.group: _said(label.outcome) for label in group_labels.labelled(books, sorted(then))} if then else {}
    kept = []
    for change in changes:
        held = bound.get(_group(account, change.held.descriptor_id, change.held.cents))
        moves = ids[change.text] != change.held.descriptor_id
        same = held is None or would[_group(account, ids[change.text], change.held.cents)] == held
        if not moves or (same and change.held.id not in by_row):
            kept.append(change)
    return kept


def _said(outcome: Outcome) -> tuple[object, ...]:
    return outcome.source, outcome.rule_id, outcome.kind, outcome.line, outcome.percent, outcome.status


def _group(account: Account, descriptor_id: int, cents: int) -> Group:
    return Group(descriptor_id, account.id, int(cents >= 0))


def _write(work: Work, account: Account, changes: Iterable[tuple[_Change, int]]) -> None:
    books, written = work.books, list(changes)
    if not written:
        return
    ids = [change.held.id for change, _ in written]
    work.touch([*ids, *books.pairs.partners(ids)])
    for change, descriptor_id in written:
        held = change.held
        posted = change.values.get("posted_date", held.posted)
        work.span(min(held.posted, posted), max(held.posted, posted))
        if descriptor_id != held.descriptor_id:
            work.groups |= {_group(account, number, held.cents) for number in (held.descriptor_id, descriptor_id)}
        books.told_rows.change(held.id, {"descriptor_id": descriptor_id, **change.values})

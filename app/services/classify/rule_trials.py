"""What a rule would do, told before: it is really made, looked at, and taken back. Nothing is kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from app.services.books.open_books import Books
from app.services.books.work import Work
from app.services.classify import remembered, rule_reach, rules
from app.services.derived import derive
from app.store.rules import Standing

Meaning = tuple[str, str]
"""Kind and line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TestedRow:
    """A row a rule touches, before and after."""

    transaction_id: int
    before: Meaning
    after: Meaning


class LineSum(NamedTuple):
    """What the rows that stand otherwise come to on one line. Cents count what is business; private rows whole."""

    kind: str
    line: str
    before_cents: int
    before_count: int
    after_cents: int
    after_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    rows: Sequence[TestedRow]
    """The rows that stand otherwise."""
    lines: Sequence[LineSum]
    matched: int
    """Rows the rule decides; some of them stand so already."""
    decided: int
    """Rows it meets that a person decided: they stay as they are."""
    settles: int
    """Open questions' rows that it books, many as they were suggested."""
    opens: int
    """Booked rows that become a question."""


def of_new(
    books: Books, values: Mapping[str, Any], *, instead_of: tuple[str, int, int] | None = None
) -> Effect:  # fmt: skip
    """Return what would stand otherwise if a rule were added, maybe in the place of an answer. Raises: Refused."""
    columns = rules.checked(values)

    def made(work: Work) -> int:
        number = books.rules.add(columns)
        rule_reach.relabel(work, rules.existing(books, number))
        if instead_of is not None:
            remembered.unlearn(work, *instead_of)
        return number

    return _tried(books, "rule_add", made)


def of_change(books: Books, rule_id: int, values: Mapping[str, Any]) -> Effect:
    """Return what would stand otherwise if a rule were changed. Raises: NotFound, Refused."""
    rule = rules.existing(books, rule_id)
    changed = rules.changed_columns(rule, values)

    def made(work: Work) -> int:
        if changed:
            books.rules.change(rule_id, changed)
            rule_reach.relabel(work, rule, rules.existing(books, rule_id))
        return rule_id

    return _tried(books, "rule_set", made)


def of_standing(books: Books, rule_id: int) -> Effect:
    """Return what stands otherwise because of a rule. Raises: NotFound."""
    rule = rules.existing(books, rule_id)

    def gone(work: Work) -> int:
        books.rules.remove(rule_id)
        rule_reach.relabel(work, rule)
        return rule_id

    found = _tried(books, "rule_remove", gone)
    return Effect(
        rows=[TestedRow(transaction_id=row.transaction_id, before=row.after, after=row.before) for row in found.rows],
        lines=[LineSum(*line[:2], *line[4:], *line[2:4]) for line in found.lines],
        matched=rule_reach.hits(books).get(rule_id, 0),
        decided=rule_reach.decided(books).get(rule_id, 0),
        settles=found.opens, opens=found.settles,
    )  # fmt: skip


def _tried(books: Books, code: str, do: Callable[[Work], int]) -> Effect:
    with books.work.operation(code, dry_run=True) as work:
        number = do(work)
        derive.settle(work)
        touched = sorted(work.touched)
        after = books.rules.standing(touched)
        matched, decided = rule_reach.hits(books).get(number, 0), rule_reach.decided(books).get(number, 0)
        # What follows from it was made; it is taken back now, and need not be made once more before.
        work.groups.clear()
        work.spans.clear()
        work.relabel_all = work.rematch_all = False
    before = books.rules.standing(touched)
    both = [row for row in touched if row in before and row in after]
    changed = [row for row in both if before[row][:3] != after[row][:3]]
    return Effect(
        rows=[TestedRow(transaction_id=row, before=before[row][:2], after=after[row][:2]) for row in changed],
        lines=_lines([before[row] for row in changed], [after[row] for row in changed]),
        matched=matched, decided=decided,
        settles=sum(before[row].is_open and not after[row].is_open for row in both),
        opens=sum(after[row].is_open and not before[row].is_open for row in both),
    )  # fmt: skip


def _lines(before: Sequence[Standing], after: Sequence[Standing]) -> list[LineSum]:
    """Return the sums by kind and line, the largest change first."""
    sums: dict[Meaning, list[int]] = {}
    for at, rows in ((0, before), (2, after)):
        for kind, line, _, cents, _ in rows:
            held = sums.setdefault((kind, line), [0, 0, 0, 0])
            held[at] += cents
            held[at + 1] += 1
    found = [LineSum(kind, line, *held) for (kind, line), held in sums.items()]
    return sorted(found, key=lambda each: (-abs(each.after_cents - each.before_cents), each.kind, each.line))

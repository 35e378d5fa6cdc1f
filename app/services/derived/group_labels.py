"""What the engine makes of a group of rows: one text of one account in one direction, asked once for all of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

from app.core.books.vocabulary import Status
from app.core.errors import NotFound
from app.services.classify import engine
from app.services.classify.asking import Asking
from app.services.review.split_questions import held_back
from app.store.labels import Group, LabelRow, MerchantName, Outcome

if TYPE_CHECKING:
    from app.core.classify.answers import Subject
    from app.core.classify.decide import Choice, Label
    from app.core.dates import Day
    from app.services.books.open_books import Books
    from app.services.books.work import Work
    from app.store.accounts import Account
    from app.store.descriptors import Text

_BATCH = 2000


def settle(work: Work, fresh: set[Group]) -> None:
    """Label again the groups that an operation touched, and the new ones of `fresh`."""
    books = work.books
    if work.relabel_all:
        wanted = books.labels.groups_in_use()
        known = books.labels.labels()
        books.labels.drop(set(known) - wanted)
        relabel(work, wanted, known)
        return
    orphans = {group for group in work.groups if not books.labels.rows_of(group)}
    books.labels.drop(orphans)
    again = work.groups - orphans
    if len(fresh) > 50:
        fresh -= books.labels.labelled()
    else:
        fresh = {group for group in fresh if books.labels.label(group) is None}
    known = {group: label for group in again if (label := books.labels.label(group)) is not None}
    relabel(work, again | fresh, known)


def relabel(work: Work, groups: Iterable[Group], known: dict[Group, LabelRow] | None = None) -> None:
    """Label groups; rows of groups whose label changes are taken out of the sums first."""
    # One whole number each: comparing 100,000 tuples in one call would hold up a window.
    wanted = sorted(groups, key=lambda group: group[0] << 40 | group[1] << 1 | group[2])
    if not wanted:
        return
    books = work.books
    made = labelled(books, wanted, work.texts, work.check)
    changed = [row for row in made if not known or known.get(row.group) != row]
    counted: list[int] = []
    for row in changed:
        if known and row.group in known:
            counted += [number for number, _ in books.labels.rows_of(row.group)]
            work.rematch_all = True
        elif row.outcome.by_row:
            work.rematch_all = True
    work.touch(counted)
    books.labels.put(changed)


def labelled(
    books: Books, groups: Iterable[Group], texts: Mapping[int, Text] | None = None,
    check: Callable[[], None] | None = None, planned: Iterable[Account] = (),
) -> list[LabelRow]:  # fmt: skip
    """Return what the engine makes of each group now.

    `texts` may hold texts that are known already; `check` is called now and then and may raise Cancelled; `planned`
    are accounts that are not made yet.
    """
    wanted = list(groups)
    held = texts or {}
    missing = {group.descriptor_id for group in wanted if group.descriptor_id not in held}
    texts = {**held, **books.descriptors.texts(missing)} if missing else held
    ask = Asking(books, planned)
    label_of = engine.classifier(books).label
    said: dict[int, tuple[Label, Outcome, MerchantName]] = {}
    found: list[LabelRow] = []
    for number, group in enumerate(wanted):
        if check is not None and number % _BATCH == 0:
            check()
        descriptor_id, account_id, money_in = group
        text = texts[descriptor_id]
        subject = ask.group(account_id, text, money_in)
        if subject is None:
            continue
        label = label_of(subject)
        # Equal labels are one object: the classifier keeps them, so each is put into the store's form once.
        known = said.get(id(label))
        if known is None:
            known = said[id(label)] = (label, _outcome(label), MerchantName(label.merchant_key, label.merchant))
        found.append(LabelRow(group, held_back(known[1], text) if text.memo else known[1], known[2]))
    return found


def label_as(books: Books, group: Group, role: str) -> Label:
    """Return what the engine would make of a group if its account were of a role. Raises: NotFound."""
    text = books.descriptors.texts({group.descriptor_id})[group.descriptor_id]
    asked = Asking(books).group(group.account_id, text, group.money_in)
    if asked is None:
        raise NotFound("The account is no longer in the books.")
    return engine.classifier(books).label(asked._replace(account_role=role))


def subject_of(books: Books, group: Group, cents: int, day: Day) -> Subject:
    """Return a row of a group and tax day as the engine is asked about it."""
    text = books.descriptors.texts({group.descriptor_id})[group.descriptor_id]
    return Asking(books).row(group.account_id, text, group.money_in, cents, day)


def status_of(label: Label) -> Status:
    """A person's rule or answer confirms; evidence books; anything else asks."""
    if not label.auto:
        return Status.SUGGESTED
    return Status.CONFIRMED if label.source in {"rule", "memory"} else Status.AUTO


def _outcome(label: Label) -> Outcome:
    return Outcome(
        str(label.kind), label.line, label.percent, str(status_of(label)), label.confidence, label.source,
        label.reason_text, _choices_text(label.choices), label.rule_id, label.phrase,
        int(label.by_row),
    )  # fmt: skip


@lru_cache(maxsize=1024)
def _choices_text(choices: tuple[Choice, ...]) -> str:
    return json.dumps([[c.kind, c.line, c.percent, c.confidence] for c in choices], separators=(",", ":"))

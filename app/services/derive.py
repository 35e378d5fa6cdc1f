"""What follows from facts and decisions: labels, pairs, sums. One way for imports, edits, rules and undo alike.

`settle` makes the derived rows of what an operation touched; `rebuild` makes all of them. A test holds the two equal.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

from app.core.books.vocabulary import NO_LINE, AccountKind, Kind, Status
from app.core.dates import Day
from app.core.errors import NotFound
from app.services.asking import Asking
from app.services.split_questions import held_back
from app.store.labels import Group, LabelRow, MerchantName, Outcome
from app.store.pairs import LegRow, PairRow
from app.store.row_labels import RowLabel

if TYPE_CHECKING:
    from app.core.classify.answers import Subject
    from app.core.classify.decide import Choice, Classifier, Label
    from app.core.match.transfers import Rival
    from app.services.books import Books
    from app.services.work import Work
    from app.store.accounts import Account
    from app.store.descriptors import Text

REACH = 60
"""Days around a touched span that the matcher looks at again: pairs lie within 7 days, chains of pairs rarely reach."""

CANDIDATE_DAYS = 8
_BATCH = 2000
_PROCESSORS = (AccountKind.PAYPAL, AccountKind.STRIPE, AccountKind.SQUARE, AccountKind.VENMO, AccountKind.CASHAPP)
_PAIR_KIND = {"transfer": Kind.TRANSFER, "card_payment": Kind.CARD_PAYMENT, "payout": Kind.TRANSFER}
_HALF_PAYOUT = "It looks like a payout of an account in these books, but the other half is missing there."
LINK_KIND = {
    "transfer": Kind.TRANSFER,
    "card_payment": Kind.CARD_PAYMENT,
    "payout": Kind.TRANSFER,
    "duplicate": Kind.TRANSFER,
}
"""What a link makes of both rows; of other links (refund, chargeback, reimbursement) one row follows the other."""
FUNDING = "funding"
"""A pair of which only the bank's side is a movement: the wallet's side is what was bought."""
SPLIT = "split"
"""A pair that stands for a part: one amount left and arrived as several. Always a question about all of them."""
PAIR_TYPES = frozenset({*LINK_KIND, FUNDING, SPLIT})
"""Pairs that the search for movements between own accounts makes."""

NOTHING_MOVED = "zero"
"""The source of the labels of rows over 0.00 that would be asked about: a card checked, a fee waived."""
_NOTHING = "No money moved, so there is nothing to book."

_EVER = (-(10**6), 10**6)


def settle(work: Work) -> None:
    """Bring labels, pairs and sums in line with what the operation changed."""
    books = work.books
    last_new = books.transactions.last_id()
    has_new = last_new >= work.first_new
    _settle_labels(work, _fresh(work, last_new) if has_new else set())
    work.check()
    span = _EVER if work.rematch_all else _union(work, last_new if has_new else None)
    if span:
        _settle_rows(work, *span)
    books.totals.remember(work.touched)
    if has_new:
        books.totals.remember_range(work.first_new, last_new)


def _fresh(work: Work, last_new: int) -> set[Group]:
    if work.fresh is not None:
        return set(work.fresh)
    return work.books.labels.groups_of_range(work.first_new, last_new)


def rebuild(work: Work) -> None:
    """Make everything derived again from nothing."""
    books = work.books
    books.labels.clear()
    books.row_labels.clear()
    books.pairs.clear()
    _put_labels(work, books.labels.groups_in_use())
    _settle_rows(work, *_EVER)
    books.totals.rebuild()


def match_all(work: Work) -> None:
    """Find all pairs and all money back again, with the labels as they are."""
    _settle_rows(work, *_EVER)


# --- labels -----------------------------------------------------------------------------------------------------------


def _settle_labels(work: Work, fresh: set[Group]) -> None:
    books = work.books
    if work.relabel_all:
        wanted = books.labels.groups_in_use()
        known = books.labels.labels()
        books.labels.drop(set(known) - wanted)
        _put_labels(work, wanted, known)
        return
    orphans = {group for group in work.groups if not books.labels.rows_of(group)}
    books.labels.drop(orphans)
    again = work.groups - orphans
    if len(fresh) > 50:
        fresh -= books.labels.labelled()
    else:
        fresh = {group for group in fresh if books.labels.label(group) is None}
    known = {group: label for group in again if (label := books.labels.label(group)) is not None}
    _put_labels(work, again | fresh, known)


def _put_labels(work: Work, groups: Iterable[Group], known: dict[Group, LabelRow] | None = None) -> None:
    """Label groups; rows of groups whose label changes are taken out of the sums first."""
    # One whole number each: comparing 100,000 tuples in one call would hold up a window.
    wanted = sorted(groups, key=lambda group: group[0] << 40 | group[1] << 1 | group[2])
    if not wanted:
        return
    books = work.books
    labelled = label_groups(books, wanted, work.texts, work.check)
    changed = [row for row in labelled if not known or known.get(row.group) != row]
    counted: list[int] = []
    for row in changed:
        if known and row.group in known:
            counted += [number for number, _ in books.labels.rows_of(row.group)]
            work.rematch_all = True
        elif row.outcome.by_row:
            work.rematch_all = True
    work.touch(counted)
    books.labels.put(changed)


def label_groups(
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
    label_of = books.classifier().label
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
    return books.classifier().label(asked._replace(account_role=role))


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


# --- rows that differ from their group --------------------------------------------------------------------------------


def _union(work: Work, last_new: int | None) -> tuple[Day, Day] | None:
    spans = list(work.spans)
    if last_new is not None:
        row = work.books.connection.execute(
            "SELECT MIN(posted_date), MAX(posted_date) FROM transactions WHERE id BETWEEN ? AND ?",
            (work.first_new, last_new),
        ).fetchone()
        if row[0] is not None:
            spans.append((row[0], row[1]))
    if not spans:
        return None
    return min(first for first, _ in spans), max(last for _, last in spans)


def _settle_rows(work: Work, first: Day, last: Day) -> None:
    """Make the pairs and the single-row labels of a span again, and write only what differs."""
    from app.services import refunds  # noqa: PLC0415 - most single changes pair nothing anew

    books = work.books
    accounts = books.accounts.all()
    low, high = first - REACH, last + REACH
    old_pairs = [pair for pair in books.pairs.dated_in(low, high) if pair.type in PAIR_TYPES]
    legs = books.pairs.legs(low, high) if len(accounts) > 1 else []
    inside = {leg.id for leg in legs}
    gone = {p for p in old_pairs if not _exists(books, p)}
    kept = {p for p in old_pairs if p not in gone and not (p.out_id in inside and p.in_id in inside)}
    kept = {p for p in kept if _reaches_outside(books, p, low, high)}
    busy = {number for pair in kept for number in (pair.out_id, pair.in_id)}
    pairs = _match(books, [leg for leg in legs if leg.id not in busy], accounts) | kept
    old = set(old_pairs)
    labels = _row_labels(books, pairs, [leg for leg in legs if leg.id not in busy], accounts, low, high)
    # Of a pair that reaches out of the span, the far leg keeps what it has: not all evidence about it was looked at.
    near = books.transactions.posted_within(labels, low, high)
    labels = {number: row for number, row in labels.items() if number in near}
    known = {n: row for n, row in books.row_labels.posted_in(low, high).items() if row.source != refunds.SOURCE}
    changed = [row for number, row in labels.items() if known.get(number) != row]
    dropped = [number for number in known if number not in labels and number not in busy]
    work.touch([row.transaction_id for row in changed] + dropped)
    books.pairs.drop(old - pairs)
    books.pairs.put(sorted(pairs - old))
    books.row_labels.drop(dropped)
    books.row_labels.put(changed)
    refunds.settle(work, first, last)
    books.row_labels.drop_orphans()


def _exists(books: Books, pair: PairRow) -> bool:
    return books.transactions.exists(pair.out_id) and books.transactions.exists(pair.in_id)


def _reaches_outside(books: Books, pair: PairRow, low: Day, high: Day) -> bool:
    rows = books.connection.execute(
        "SELECT MIN(posted_date), MAX(posted_date) FROM transactions WHERE id IN (?, ?)", (pair.out_id, pair.in_id)
    ).fetchone()
    return bool(rows[0] < low or rows[1] > high)


def _match(books: Books, legs: list[LegRow], accounts: list[Account]) -> set[PairRow]:
    """Pair the legs of each currency: equal numbers of euros and dollars are no movement of money."""
    barred = _barred(books)
    rows: set[PairRow] = set()
    for currency in {leg.currency for leg in legs}:
        rows |= _match_one(books, [leg for leg in legs if leg.currency == currency], accounts, barred)
    return rows


def _barred(books: Books) -> set[tuple[int, int]]:
    """Return what a person said does not belong together, in both directions."""
    return {
        pair for type_, one, other, _ in books.decisions.decided_links() if type_ == "not_a_pair"
        for pair in ((one, other), (other, one))
    }  # fmt: skip


def rivals(books: Books, transaction_id: int) -> list[Rival]:
    """Return the ways to pair a row with one of another account, best first, as the matcher weighs them now."""
    from app.core.match.transfers import AccountFacts, Leg  # noqa: PLC0415 - asked for single rows
    from app.core.match.transfers import rivals as all_ways  # noqa: PLC0415 - as above

    row = books.transactions.get(transaction_id)
    if row is None:
        return []
    legs = books.pairs.legs(row.posted_date - CANDIDATE_DAYS, row.posted_date + CANDIDATE_DAYS)
    legs = [leg for leg in legs if leg.currency == row.currency]
    texts = books.descriptors.texts(leg.descriptor_id for leg in legs)
    facts = [AccountFacts(a.id, a.kind, a.role, a.institution, a.name, a.last4) for a in books.accounts.all()]
    return all_ways(
        transaction_id,
        [Leg(leg.id, leg.account_id, leg.day, leg.cents, leg.phrase, texts[leg.descriptor_id].text) for leg in legs],
        facts,
        _barred(books),
    )


def missing_side(books: Books, text: str) -> str:
    """Return words for the other side of a movement that pairs with no row here."""
    from app.core.match.transfers import AccountFacts  # noqa: PLC0415 - asked for single rows
    from app.core.match.transfers import missing_side as said  # noqa: PLC0415 - as above

    return said(text, [
        AccountFacts(a.id, a.kind, a.role, a.institution, a.name, a.last4) for a in books.accounts.all()
    ])  # fmt: skip


def _match_one(
    books: Books, legs: list[LegRow], accounts: list[Account], barred: set[tuple[int, int]]
) -> set[PairRow]:  # fmt: skip
    from app.core.match.transfers import AccountFacts, Leg, pair  # noqa: PLC0415 - not for books of one account

    if len({leg.account_id for leg in legs}) < 2:
        return set()
    texts = books.descriptors.texts(leg.descriptor_id for leg in legs)
    facts = [AccountFacts(a.id, a.kind, a.role, a.institution, a.name, a.last4) for a in accounts]
    found = pair(
        [Leg(leg.id, leg.account_id, leg.day, leg.cents, leg.phrase, texts[leg.descriptor_id].text) for leg in legs],
        facts,
        barred,
    )
    rows = {
        PairRow(p.out_id, p.in_id, p.type, p.cents, p.fee_cents, round(p.score * 100), "linked", p.reason)
        for p in found.linked
    }
    for question in found.questions:
        for p in question.candidates:
            rows.add(
                PairRow(p.out_id, p.in_id, p.type, p.cents, p.fee_cents, round(p.score * 100), "question", p.reason)
            )
    return rows


def _row_labels(
    books: Books, pairs: set[PairRow], legs: list[LegRow], accounts: list[Account], low: Day, high: Day
) -> dict[int, RowLabel]:
    """Return the labels of rows that differ from their group; later kinds of evidence win over earlier ones."""
    found: dict[int, RowLabel] = {}
    found |= _unpaired_payouts(books, pairs, legs, accounts)
    for pair in sorted(pairs, key=lambda p: (p.state == "linked", p)):
        kind = _PAIR_KIND.get(pair.type, Kind.TRANSFER)
        linked = pair.state == "linked"
        for number in (pair.out_id,) if pair.type == FUNDING else (pair.out_id, pair.in_id):
            found[number] = RowLabel(
                number, kind, NO_LINE, 10_000, Status.AUTO if linked else Status.SUGGESTED,
                9_900 if linked else 5_000, "pair", pair.reason, None,
            )  # fmt: skip
    found |= {
        number: RowLabel(number, Kind.PERSONAL, NO_LINE, 10_000, Status.AUTO, 10_000, NOTHING_MOVED, _NOTHING, None)
        for number in books.row_labels.asked_about_nothing(low, high)
    }
    found |= _single_rows(books, low, high)
    for type_, first_id, second_id, _ in books.decisions.decided_links():
        link_kind = LINK_KIND.get(type_)
        for number in (first_id, second_id) if link_kind else ():
            found[number] = RowLabel(
                number, link_kind or "", NO_LINE, 10_000, Status.CONFIRMED, 10_000, "link", "You linked it.", None
            )
    return found


def _unpaired_payouts(
    books: Books, pairs: set[PairRow], legs: list[LegRow], accounts: list[Account]
) -> dict[int, RowLabel]:
    """A processor's payout is not income when the processor's own account is in the books: its charges already are.

    Without its other half such a row is asked, not booked (tax rules 7 and 8).
    """
    connected = {a.kind for a in accounts if a.kind in _PROCESSORS}
    if not connected:
        return {}
    paired = {number for pair in pairs if pair.state == "linked" for number in (pair.out_id, pair.in_id)}
    waiting = [leg for leg in legs if leg.phrase == "payout" and leg.cents > 0 and leg.id not in paired]
    texts = books.descriptors.texts(leg.descriptor_id for leg in waiting)
    return {
        leg.id: RowLabel(leg.id, Kind.TRANSFER, NO_LINE, 10_000, Status.SUGGESTED, 6_000, "payout", _HALF_PAYOUT, None)
        for leg in waiting
        if any(kind in texts[leg.descriptor_id].text.casefold().replace(" ", "") for kind in connected)
    }


def _single_rows(books: Books, low: Day, high: Day) -> dict[int, RowLabel]:
    """Rules that name an amount or a date, and the vehicle's method of a row's year, decide row by row."""
    rows = books.row_labels.to_be_asked(low, high)
    if not rows:
        return {}
    ask, texts = Asking(books), books.descriptors.texts(row.descriptor_id for row in rows)
    classifier: Classifier = books.classifier()
    found: dict[int, RowLabel] = {}
    for number, cents, day, descriptor_id, account_id, money_in in rows:
        subject = ask.row(account_id, texts[descriptor_id], money_in, cents, day)
        label = classifier.label(subject)
        # A vehicle without a method of that year leaves the row with its group, which asks.
        if label.source == "rule" or (label.auto and label.of_vehicle):
            found[number] = RowLabel(
                number, label.kind, label.line, label.percent, status_of(label), label.confidence,
                "rule" if label.source == "rule" else "vehicle", label.reason_text, label.rule_id,
            )  # fmt: skip
    return found

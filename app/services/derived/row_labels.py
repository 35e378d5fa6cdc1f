"""Labels of single rows that differ from their group's: sides of movements, amounts, dates, links by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.core.books.vocabulary import NO_LINE, AccountKind, Kind, Status
from app.services.classify import engine
from app.services.classify.asking import Asking
from app.services.derived.group_labels import status_of
from app.services.derived.movements import FUNDING, LINK_KIND
from app.store.row_labels import RowLabel

if TYPE_CHECKING:
    from app.core.classify.decide import Classifier
    from app.core.dates import Day
    from app.services.books.open_books import Books
    from app.store.accounts import Account
    from app.store.pairs import LegRow, PairRow

NOTHING_MOVED = "zero"
"""The source of the labels of rows over 0.00 that would be asked about: a card checked, a fee waived."""
_NOTHING = "No money moved, so there is nothing to book."

_PROCESSORS = (AccountKind.PAYPAL, AccountKind.STRIPE, AccountKind.SQUARE, AccountKind.VENMO, AccountKind.CASHAPP)
_PAIR_KIND = {"transfer": Kind.TRANSFER, "card_payment": Kind.CARD_PAYMENT, "payout": Kind.TRANSFER}
_HALF_PAYOUT = "It looks like a payout of an account in these books, but the other half is missing there."


def of_span(
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
    classifier: Classifier = engine.classifier(books)
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

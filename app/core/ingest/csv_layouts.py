"""What is known about the CSV exports of US banks, cards and processors: the shape of an entry and the way to find one.

A layout is recognised by the set of its column names, never by their position, so columns may move, come and go. The
entries themselves stand in csv_bank_layouts and csv_processor_layouts.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

_DROPPED = str.maketrans({"_": " ", ".": "", "(": " ", ")": " ", "*": "", ":": "", '"': "", "'": "", "\ufeff": ""})

WIDEST = 400
"""Columns that are looked at; a table that is wider is read by its first ones."""


def normal(name: str) -> str:
    """Return a column name in the one form layouts use: `Created (UTC)` and `created_utc` are both `created utc`."""
    return " ".join(name[:200].translate(_DROPPED).lower().split())


class Layout(NamedTuple):
    """How to read one export. Column roles hold normal names in order of preference."""

    id: str
    institution: str | None = None
    kind: str | None = None
    """An AccountKind value; None when the file cannot tell."""
    needs: frozenset[str] = frozenset()
    """Normal names that must all be there."""
    title_word: str | None = None
    """A word that must stand in the title lines or the file name, where the names alone are too common."""
    order: str = "mdy"
    """Date order when no cell of the file decides: mdy or dmy. ISO dates and month names need none."""
    date: tuple[str, ...] = ("date",)
    """The posting date, or the only date."""
    transacted: tuple[str, ...] = ()
    time: tuple[str, ...] = ()
    zone: tuple[str, ...] = ()
    zoned: bool = False
    """Whether date and time are a moment in the zone of the zone column or cell (UTC when it has none)."""
    text: tuple[str, ...] = ("description",)
    """The descriptor: the first of these that is not blank."""
    more_text: tuple[str, ...] = ()
    """Added to the descriptor when it does not hold it already."""
    memo: tuple[str, ...] = ()
    amount: tuple[str, ...] = ("amount",)
    """Net where the source has gross, fee and net."""
    debit: tuple[str, ...] = ()
    credit: tuple[str, ...] = ()
    sign: str = "signed"
    """signed; flipped (a positive amount is a charge); word (the direction column tells); auto (csv_sign decides)."""
    direction: tuple[str, ...] = ()
    gross: tuple[str, ...] = ()
    refunded: tuple[str, ...] = ()
    """Taken off the gross."""
    fee: tuple[str, ...] = ()
    fee_is_cost: bool = False
    """Whether a positive fee is a cost (Stripe); else fees are written as they move the balance (PayPal)."""
    net_of_parts: bool = False
    """Whether there is no net column: net = gross - refunded + fee."""
    balance: tuple[str, ...] = ()
    bank_id: tuple[str, ...] = ()
    type: tuple[str, ...] = ()
    status: tuple[str, ...] = ()
    kept_status: frozenset[str] = frozenset()
    """When given, a row with another status word is skipped; else only pending and failed words are."""
    impact: tuple[str, ...] = ()
    """PayPal's Balance Impact: rows marked Memo moved nothing."""
    skipped_type_words: tuple[str, ...] = ()
    mirror_types: frozenset[str] = frozenset()
    """Types of rows that only bring the money for another row of the same file."""
    conversion_word: str | None = None
    reference: tuple[str, ...] = ()
    currency: tuple[str, ...] = ()
    exchange_from: tuple[str, ...] = ()
    exchange_to: tuple[str, ...] = ()
    """The currencies of a row that was converted."""
    exchanged: tuple[str, ...] = ()
    """What arrived, in the currency of `exchange_to`."""
    fee_within: tuple[str, ...] = ()
    """A fee that the amount holds already and that is only told."""
    money: str | None = None
    """The currency of the amounts where no column says it row by row, else None."""
    account: tuple[str, ...] = ()
    one_account: bool = False
    """Whether several card numbers in one file are still one account."""
    account_name: tuple[str, ...] = ()
    institution_column: tuple[str, ...] = ()
    pending_without_balance: bool = False
    amount_in_text_types: frozenset[str] = frozenset()
    """Types whose amount stands in the text and leaves the account (Etsy deposits)."""
    decimal_comma: bool = False
    html_text: bool = False
    """Whether texts hold HTML entities and break tags."""


PENDING_WORDS = frozenset({
    "pending", "processing", "authorized", "authorised", "authorization", "in progress", "in process", "on hold",
    "held", "hold", "uncaptured", "scheduled", "incomplete", "requires action", "requires payment method",
    "requires confirmation", "requires capture", "under review", "waiting", "unclaimed", "in transit",
    "outstanding", "placed",
})  # fmt: skip
FAILED_WORDS = frozenset({
    "failed", "declined", "denied", "canceled", "cancelled", "voided", "void", "expired", "rejected", "returned",
    "reversed by bank", "reverted", "blocked", "payment failed", "transfer failed", "payment canceled",
    "payment cancelled", "removed", "error", "unsuccessful",
})  # fmt: skip
OUT_WORDS = frozenset({
    "debit", "dr", "d", "withdrawal", "withdraw", "withdrawals", "sent", "send", "out", "outgoing", "charge",
    "spend", "spent", "paid", "-", "expense", "money out", "paid out", "cash out", "purchase", "transfer out",
    "check", "fee", "debits", "outflow", "cash card", "dbit", "debet", "débito", "debito", "débit", "af", "uit", "soll",
    "s",
})  # fmt: skip
IN_WORDS = frozenset({
    "credit", "cr", "c", "deposit", "deposits", "received", "receive", "in", "incoming", "+", "income", "money in",
    "paid in", "cash in", "transfer in", "refund", "interest", "credits", "inflow", "direct deposit", "crdt",
    "crédito", "credito", "crédit", "bij", "haben", "h",
})  # fmt: skip


def direction_of(word: str) -> int:
    """Return -1 for a word of money going out, 1 for one coming in, 0 for neither."""
    plain = word.strip().lower()
    for known in (plain, plain.split(" ", 1)[0]):
        if known in OUT_WORDS:
            return -1
        if known in IN_WORDS:
            return 1
    return 0


def find_layout(layouts: Sequence[Layout], names: frozenset[str], titles: str) -> Layout | None:
    """Return the layout that asks for the most of these column names, or None.

    `titles` is the lower-case text of the file name and the lines above the header.
    """
    best: Layout | None = None
    for layout in layouts:
        fits = layout.needs <= names and (layout.title_word is None or layout.title_word in titles)
        if fits and (best is None or len(layout.needs) > len(best.needs)):
            best = layout
    return best

"""The inbox: one question a card, grouped by merchant, in the order of their effect. An answer is one operation."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from hashlib import blake2b

from app.core.books import naming
from app.core.books.vocabulary import NO_LINE, Kind
from app.core.dates import date_of, iso
from app.core.errors import NotFound, Refused, Usage
from app.core.ingest.typed import kept
from app.core.money import LARGEST_CENTS, WHOLE, dollars, money_text, share
from app.services import (
    duplicate_questions,
    refund_questions,
    remembered,
    split_questions,
    stakes,
    taxes_paid,
    transactions,
)
from app.services.books import Books
from app.services.derive import PAIR_TYPES, SPLIT
from app.services.review_items import Choice, Item, plain_name
from app.services.shared import shared
from app.services.unit_of_work import Outcome, Work
from app.store.labels import Group, PairRow
from app.store.rules import Answer
from app.store.transactions import Filter, Listed

__all__ = [
    "ALWAYS", "ASK_EACH_TIME", "ONLY_THIS", "Answered", "Choice", "Item", "answer", "choices_of", "count",
    "existing", "items", "plain_name", "settle", "skip", "stored_choices", "usual_mode",
]  # fmt: skip

ALWAYS, ASK_EACH_TIME, ONLY_THIS = "always", "ask_each_time", "only_this"
_RATE = re.compile(r"[0-9]{1,6}(?:\.[0-9]{1,10})?")


def items(books: Books) -> list[Item]:
    """Return the open questions, those first that change tax the most. They may be shared: do not change them."""
    return list(shared(books, "questions", lambda: _items(books)))


def _items(books: Books) -> list[Item]:
    rows = {row.id: row for row in books.transactions.listed(Filter(status="suggested"), 0)}
    waiting = set(rows) - books.decisions.skipped()
    found = _pair_items(books, rows, waiting) + refund_questions.items(books, rows, waiting)
    found += split_questions.items(books, rows, waiting - {row.id for item in found for row in item.rows})
    asked = {row.id for item in found for row in item.rows}
    found += _classify_items(books, [rows[number] for number in sorted(waiting - asked)])
    found += duplicate_questions.items(books)
    found += _currency_items(books)
    found += _payment_items(books)
    stakes.put(books, found)
    return sorted(found, key=lambda item: (-item.stake_cents, -item.amount_cents, item.id))


def count(books: Books) -> int:
    """Return how many questions are open, for those who only count: what was found is freed bit by bit.

    100,000 new rows ask thousands of questions; freed at once, or looked through for cycles, they hold up a window.
    """
    from app.services.import_reading import no_collection  # noqa: PLC0415 - it knows files, which a count does not need

    with no_collection():
        found = items(books)
        many = len(found)
        while found:
            found.pop()
    return many


_ASKS = {
    "classify": "What is this: {name}?",
    "income": "Is this income: {name}?",
}


def _is_back(row: Listed) -> bool:
    return row.kind == Kind.REFUND


def _money(cents: int, currency: str) -> str:
    return money_text(cents) if currency == "USD" else f"{money_text(cents).replace('$', '')} {currency}"


def _hash(*parts: object) -> str:
    return blake2b("\x1f".join(map(str, parts)).encode(), digest_size=6).hexdigest()


# --- questions --------------------------------------------------------------------------------------------------------


def _classify_items(books: Books, rows: Sequence[Listed]) -> list[Item]:
    """Group rows by merchant, account and direction: one answer settles all.

    Money given back stands apart from pay of the same payer, and so does each currency.
    """
    keys = books.transactions.merchant_keys([row.id for row in rows])
    groups: dict[tuple[str | int | bool, ...], list[Listed]] = {}
    for row in rows:
        key, _ = keys[row.id]
        apart = [word for word in (_is_back(row) and "refund", row.currency != "USD" and row.currency) if word]
        groups.setdefault((key, row.account_id, row.cents >= 0, *apart), []).append(row)
    found = []
    for group, members in groups.items():
        key, money_in = str(group[0]), bool(group[2])
        newest = max(members, key=lambda row: (row.tax_date, row.id))
        choices = choices_of(newest, stored_choices(keys[newest.id][1]))
        # The name of a rail between persons (Zelle) does not say who it was: the key is not its name then.
        name = newest.merchant if newest.merchant and key == newest.merchant.casefold() else newest.text
        moved = _money(sum(row.cents for row in members), newest.currency)
        many = f"{len(members)} row{'s' if len(members) > 1 else ''}, {moved}"
        type_ = "refund" if _is_back(newest) else "income" if money_in and newest.kind == Kind.INCOME else "classify"
        if type_ == "refund" and not newest.merchant:
            name = naming.payee(key, newest.text)
        asks = refund_questions.words_for(books, name, newest) if type_ == "refund" else _ASKS[type_].format(name=name)
        found.append(
            Item(
                id=f"classify-{_hash(*group)}", type=type_, rows=members, merchant_key=key,
                question=f"{asks} ({many}, {newest.account})", choices=choices,
                reason=newest.reason,
                evidence=[f"{iso(row.tax_date)}  {money_text(row.cents)}  {row.text}" for row in members[:5]],
            )
        )  # fmt: skip
    return found


def stored_choices(text: str | None) -> list[Choice]:
    """Return what the engine thought of, best first."""
    return [
        Choice(n=n, label=plain_name(str(kind), str(line), int(percent)), kind=str(kind), line=str(line),
               percent=int(percent), confidence=int(sure))
        for n, (kind, line, percent, sure) in enumerate(json.loads(text or "[]"), 1)
    ]  # fmt: skip


def choices_of(row: Listed, stored: list[Choice]) -> list[Choice]:
    """The effective suggestion first, then what the engine thought of, then personal."""
    options = [(row.kind, row.line, row.percent, row.confidence)]
    options += [(choice.kind, choice.line, choice.percent, choice.confidence) for choice in stored]
    options.append((Kind.PERSONAL, NO_LINE, WHOLE, 0))
    found: list[Choice] = []
    seen: set[tuple[str, str, int]] = set()
    for kind, line, percent, sure in options:
        if (kind, line, percent) not in seen:
            seen.add((kind, line, percent))
            found.append(
                Choice(
                    n=len(found) + 1, label=plain_name(kind, line, percent), kind=kind, line=line, percent=percent,
                    confidence=sure,
                )
            )  # fmt: skip
    return found


def _pair_items(books: Books, rows: dict[int, Listed], waiting: set[int]) -> list[Item]:
    """One card for legs that may belong together in more than one way."""
    found = []
    for ids, pairs in _joined([pair for pair in books.labels.questions() if pair.type in PAIR_TYPES]):
        members = [rows[number] for number in sorted(ids & waiting)]
        if not members or len(ids & waiting) < len(ids):
            continue
        ordered = sorted(pairs, key=lambda p: (-p.score, p.out_id, p.in_id))
        parts = tuple((p.out_id, p.in_id) for p in ordered if p.type == SPLIT)
        choices = [_parts_choice(ordered, rows)] if parts else [
            Choice(
                n=n, label=_pair_words(books, p, rows),
                kind=Kind.CARD_PAYMENT if p.type == "card_payment" else Kind.TRANSFER,
                line=NO_LINE, confidence=min(9_000, max(0, 3_000 + p.score * 10)), pair=(p.out_id, p.in_id),
            )
            for n, p in enumerate(ordered, 1)
        ]  # fmt: skip
        choices.append(Choice(n=len(choices) + 1, label="These do not belong together", kind="", line=NO_LINE))
        found.append(
            Item(
                id=f"transfer-{_hash(*sorted(ids))}", type="transfer", rows=members,
                question="Which of these belong together as one movement between your accounts?",
                choices=choices, reason=ordered[0].reason,
                evidence=[f"{r.account}  {iso(r.tax_date)}  {money_text(r.cents)}  {r.text}" for r in members],
            )
        )  # fmt: skip
    return found


def _joined(pairs: Iterable[PairRow]) -> list[tuple[set[int], list[PairRow]]]:
    """Return the pairs in groups that share no row."""
    leader: dict[int, int] = {}

    def find(number: int) -> int:
        while leader.setdefault(number, number) != number:
            leader[number] = leader[leader[number]]
            number = leader[number]
        return number

    known = list(pairs)
    for pair in known:
        leader[find(pair.out_id)] = find(pair.in_id)
    groups: dict[int, tuple[set[int], list[PairRow]]] = {}
    for pair in known:
        ids, members = groups.setdefault(find(pair.out_id), (set(), []))
        ids |= {pair.out_id, pair.in_id}
        members.append(pair)
    return list(groups.values())


def _parts_choice(pairs: Sequence[PairRow], rows: Mapping[int, Listed]) -> Choice:
    """Return the one choice that links all parts of an amount."""
    said = ", ".join(money_text(rows[p.in_id].cents) for p in sorted(pairs, key=lambda p: p.in_id))
    return Choice(
        n=1, label=f"{money_text(rows[pairs[0].out_id].cents)} arrived as {said}", kind=Kind.TRANSFER, line=NO_LINE,
        confidence=5_000, pair=(pairs[0].out_id, pairs[0].in_id), pairs=tuple((p.out_id, p.in_id) for p in pairs),
    )  # fmt: skip


def _pair_words(books: Books, pair: PairRow, rows: dict[int, Listed]) -> str:
    out = rows.get(pair.out_id) or transactions.existing(books, pair.out_id)
    into = rows.get(pair.in_id) or transactions.existing(books, pair.in_id)
    return (
        f"{money_text(out.cents)} from {out.account} on {iso(out.posted_date)} "
        f"to {into.account} on {iso(into.posted_date)}"
    )


def _currency_items(books: Books) -> list[Item]:
    found = []
    for number in books.transactions.without_usd():
        row = transactions.existing(books, number)
        found.append(
            Item(
                id=f"currency-{number}", type="currency", rows=[row],
                question=f"How many US dollars was {row.text}? It counts in no total until you say.", choices=[],
                reason=f"The row is in {row.currency} and its file states no conversion.",
                evidence=["Take what your bank charged or paid, or a published rate of the day; say where it is from."],
            )
        )  # fmt: skip
    return found


def _payment_items(books: Books) -> list[Item]:
    """A tax payment of April may be three things; guessing one would move a year's reserve."""
    found = []
    for payment in taxes_paid.unsettled(books):
        row = transactions.existing(books, payment.transaction_id)
        options = taxes_paid.meanings(row.tax_date)
        found.append(
            Item(
                id=f"tax_payment-{row.id}", type="tax_payment", rows=[row],
                question=f"What was the tax payment of {iso(row.tax_date)} over {money_text(row.cents)} for?",
                choices=[
                    Choice(n=n, label=label, kind=Kind.TAX_PAYMENT, line=NO_LINE, payment=(type_, year))
                    for n, (type_, year, label) in enumerate(options, 1)
                ],
                reason="In April a payment may be the first instalment, last year's balance, or go with an extension.",
                evidence=[f"{row.account}  {row.text}"],
            )
        )  # fmt: skip
    return found + [_nameless_item(books, number) for number, _ in taxes_paid.nameless(books)]


def _nameless_item(books: Books, number: int) -> Item:
    """A tax payment that does not say to whom: it counts nowhere until somebody does."""
    row = transactions.existing(books, number)
    state = books.settings.profile(date_of(row.tax_date).year)[0].get("state")
    whom = [taxes_paid.FEDERAL, *([str(state)] if state else [])]
    options = [(place, *meaning) for place in whom for meaning in taxes_paid.meanings(row.tax_date)]
    choices = [
        Choice(n=n, label=f"{'Federal' if place == taxes_paid.FEDERAL else place}: {words[0].lower()}{words[1:]}",
               kind=Kind.TAX_PAYMENT, line=NO_LINE, payment=(type_, year), jurisdiction=place)
        for n, (place, type_, year, words) in enumerate(options, 1)
    ]  # fmt: skip
    choices.append(Choice(n=len(choices) + 1, label="No tax on income", kind=Kind.PERSONAL, line=NO_LINE))
    return Item(
        id=f"tax_payment-{row.id}", type="tax_payment", rows=[row],
        question=f"To whom did the tax payment of {iso(row.tax_date)} over {money_text(row.cents)} go?",
        choices=choices, reason="Its text names neither the IRS nor a state, so it counts nowhere yet.",
        evidence=[f"{row.account}  {row.text}"],
    )  # fmt: skip


# --- answers ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    choice: int | None = None
    kind: str | None = None
    line: str | None = None
    percent: str | None = None
    usd_cents: int | None = None
    rate: str | None = None
    """US dollars for one unit of the row's currency, instead of `usd_cents`."""
    source: str | None = None
    """Where the dollars or the rate are from; kept in the row's note."""
    """`percent` goes with a choice too."""
    mode: str | None = ONLY_THIS
    """None: as `usual_mode` says."""


def existing(books: Books, item_id: str) -> Item:
    """Return an open question. Raises: NotFound."""
    for item in items(books):
        if item.id == item_id:
            return item
    raise NotFound(f"There is no open question “{item_id}”.", "See them with: ops1099 review list")


def answer(
    books: Books, item_id: str, given: Answered, *, only: Collection[int] | None = None, dry_run: bool = False
) -> tuple[Outcome, int]:
    """Settle a question, or only some of its rows; returns the outcome and how many questions remain.

    Raises: NotFound, Refused, Usage.
    """
    item = existing(books, item_id) if only is None else _narrowed(existing(books, item_id), only)
    choice = _chosen(item, given)
    with books.work.operation("answer", dry_run=dry_run) as work:
        settle(work, item, choice, given)
    return work.outcome, len(items(books))


def settle(work: Work, item: Item, choice: Choice | None, given: Answered) -> None:
    """Put an answer into the books, inside an open operation."""
    if item.type == "currency":
        _answer_currency(work, item, given)
    elif item.is_about_pairs:
        _answer_pair(work, item, choice)
    elif item.type == "tax_payment" and choice and choice.payment:
        taxes_paid.record_row(work.books, item.rows[0], *choice.payment, choice.jurisdiction)
    elif item.type == "duplicate" and choice:
        duplicate_questions.settle(work, item, choice)
    elif choice and choice.parts:
        transactions.announce(work, item.rows[0].id)
        work.books.decisions.split(item.rows[0].id, choice.parts)
    elif choice:
        _answer_rows(work, item, choice, usual_mode(work.books, item) if given.mode is None else given.mode)


def usual_mode(books: Books, item: Item) -> str:
    """Return what an answer is taken for when a person does not say.

    A merchant that sells one thing, or a name that nobody knows yet, is booked alike from then on. Where much is sold,
    and behind words that are no name, the answer is for these rows only.
    """
    if item.type not in {"classify", "income"} or not item.merchant_key:
        return ONLY_THIS
    return ALWAYS if remembered.is_clear(books, item.rows[0], item.merchant_key) else ONLY_THIS


def _narrowed(item: Item, only: Collection[int]) -> Item:
    """Return the question about some of its rows. Raises: NotFound, Refused."""
    rows = [row for row in item.rows if row.id in only]
    if len(rows) < len(set(only)) or not rows:
        raise NotFound("Some of these rows are not part of the question any more.", "Look at the question again.")
    if len(rows) < len(item.rows) and item.type in {"transfer", "duplicate"}:
        raise Refused("Both sides of a movement are settled together.", "Answer for all of its rows.")
    return replace(item, rows=rows)


def _chosen(item: Item, given: Answered) -> Choice | None:
    if given.choice is not None:
        for choice in item.choices:
            if choice.n == given.choice:
                return _with_share(item, choice, given.percent)
        raise Refused(f"This question has no choice {given.choice}.", f"Choose 1 to {len(item.choices)}.")
    if item.type == "currency":
        if (given.usd_cents is None) == (given.rate is None):
            raise Usage(
                "Say how many US dollars it was, or at what rate.",
                "Give --usd with an amount such as -12.50, or --rate with the dollars of one unit, such as 1.0842.",
            )
        return None
    if given.kind is None and given.line is None:
        raise Usage("An answer needs --choice, or --kind and --line.", "See the choices with: ops1099 review list")
    if not item.takes_any_line:
        raise Refused("This question is answered by one of its choices.", "Give --choice.")
    line = transactions.check_line(given.line) if given.line else None
    kind = transactions.check_kind(given.kind) if given.kind else _kind_of(item, line)
    percent = transactions.percent(given.percent) if given.percent else WHOLE
    line = transactions.line_for(kind, line)
    return Choice(n=0, label=plain_name(kind, line, percent), kind=kind, line=line, percent=percent)


def _with_share(item: Item, choice: Choice, percent: str | None) -> Choice:
    if percent is None or not item.takes_any_line:
        return choice
    share = transactions.percent(percent)
    return replace(choice, percent=share, label=plain_name(choice.kind, choice.line, share))


def _kind_of(item: Item, line: str | None) -> str:
    if line in {"C1", "C6"}:
        return Kind.INCOME
    if line is None or not line.startswith("C"):
        return Kind.PERSONAL
    return Kind.REFUND if item.rows[0].cents > 0 else Kind.EXPENSE


def _answer_rows(work: Work, item: Item, choice: Choice, mode: str) -> None:
    books = work.books
    sign = 1 if item.rows[0].cents >= 0 else -1
    if mode in {ALWAYS, ASK_EACH_TIME} and item.merchant_key:
        remembered.learn(
            work,
            Answer(
                item.merchant_key, sign, item.rows[0].account_id, choice.kind, choice.line, choice.percent,
                int(mode == ASK_EACH_TIME),
            ),
        )  # fmt: skip
        work.groups |= {Group(*transactions.group_of(books, row.id)) for row in item.rows}
    for row in item.rows:
        transactions.announce(work, row.id)
        decision = books.decisions.get(row.id)
        books.decisions.decide(
            row.id,
            decision._replace(
                kind=choice.kind, line=choice.line, percent=choice.percent, skipped=0, snoozed_until=None
            ),
        )


def _answer_pair(work: Work, item: Item, choice: Choice | None) -> None:
    books = work.books
    if choice is None:
        return
    for row in item.rows:
        transactions.announce(work, row.id)
        work.span(row.posted_date, row.posted_date)
    if choice.pair:
        for out_id, in_id in choice.pairs or (choice.pair,):
            pair = next(p for p in books.labels.pairs_of(out_id) if p.in_id == in_id)
            books.decisions.add_link("transfer" if pair.type == SPLIT else pair.type, out_id, in_id, pair.cents)
        return
    for pair in {p for row in item.rows for p in books.labels.pairs_of(row.id) if p.state == "question"}:
        books.decisions.add_link("not_a_pair", pair.out_id, pair.in_id, 0)


def _answer_currency(work: Work, item: Item, given: Answered) -> None:
    """Store the dollars of a row; the rate and its source go into its note, for whoever checks the books."""
    row, books = item.rows[0], work.books
    usd = given.usd_cents if given.rate is None else share(row.cents, exchange_rate(given.rate))
    if usd is None or (usd > 0) != (row.cents > 0) or abs(usd) > LARGEST_CENTS:
        raise Refused("The dollars must have the sign of the row.", "Money out is negative.")
    transactions.announce(work, row.id)
    books.transactions.set_usd(row.id, usd)
    said = [f"{money_text(usd)} for {dollars(row.cents)} {row.currency}"]
    said += [f"at {given.rate.strip()}"] if given.rate is not None else []
    said += [f"({source})"] if (source := kept(given.source or "")) else []
    decision = books.decisions.get(row.id)
    note = " ".join(said) if given.rate is not None or source else None
    if note:
        note = f"{decision.note}; {note}" if decision.note else note
        books.decisions.decide(row.id, decision._replace(note=note))


def exchange_rate(text: str) -> Decimal:
    """Return the dollars of one unit of another currency. Raises: Refused."""
    if not _RATE.fullmatch(text.strip()) or not (rate := Decimal(text.strip())):
        raise Refused(f"“{text[:40]}” is not a rate.", "Write the US dollars of one unit, such as 1.0842.")
    return rate


def skip(books: Books, item_id: str, *, dry_run: bool = False) -> tuple[Outcome, int]:
    """Put a question off: its rows stay unsettled and are not asked again until the skip is undone."""
    item = existing(books, item_id)
    if item.type in {"currency", "tax_payment"}:
        raise Refused("This question cannot be put off: a total waits for it.", "Answer it, or leave it open.")
    with books.work.operation("skip", dry_run=dry_run) as work:
        for row in item.rows:
            work.touch([row.id])
            books.decisions.decide(row.id, books.decisions.get(row.id)._replace(skipped=1))
    return work.outcome, len(items(books))

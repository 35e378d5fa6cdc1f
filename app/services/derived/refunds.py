"""What was given back follows what it was given back for: the same line, the same share, in the year it arrives.

Derived like labels and pairs: found again from facts and decisions for all rows of the merchants that a change touches,
so that one file after the other ends where all at once do.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from app.core.books.vocabulary import NO_LINE, AccountKind, Kind, Status
from app.core.match.naming import WALLETS
from app.core.money import WHOLE
from app.store.given_back import BACK_TYPES, REPAID_DAYS, GivenBack, MoveRow, Standing
from app.store.pairs import PairRow
from app.store.row_labels import RowLabel

if TYPE_CHECKING:
    from app.core.dates import Day
    from app.core.match.refunds import Back, Move
    from app.core.report.profit_range import Option
    from app.services.books.open_books import Books
    from app.services.books.work import Work
    from app.store.accounts import Account

SOURCE = "refund"
"""The source of the labels made here."""
_SURE, _PART, _OPEN = 9_800, 9_500, 6_000
_LEADS = ("for", "refund", "chargeback", "dispute", "reversal", "payment", "partial", "return", "full")
"""First words of what processors write before the name of a charge they give back."""
_ELSEWHERE = 0
"""The original is named and not in these books: nothing is guessed instead."""
_BOOKED = (Status.AUTO, Status.CONFIRMED)


def settle(work: Work, first: Day, last: Day) -> None:
    """Find again what rows of a span were given back or give back, and write only what differs."""
    books = work.books
    store = GivenBack(books.connection)
    if not store.possible():
        return
    from app.core.match.refunds import DAYS_AFTER, DAYS_BEFORE  # noqa: PLC0415 - not for books that never give back

    low, high = first - DAYS_BEFORE, last + DAYS_AFTER
    near = store.pairs(low, high)
    rows = _of_touched_names(books, store, near, low, high)
    links = books.decisions.decided_links()
    linked, questions = _found(books, rows, links)
    pairs = {_pair(back, "linked") for back in linked}
    pairs |= {_pair(back, "question") for question in questions for back in question}
    repaid = _repaid(store, low, high, links)
    pairs |= repaid
    labels = _labels(store, linked, questions)
    labels |= _decided(books, store, links)
    # What clients repaid was looked for in these days only, whatever else the merchants' rows belong to.
    old = {*near, *(pair for pair in store.pairs_of(rows) if pair.type != "reimbursement")}
    old |= store.pairs_of(pair.in_id for pair in repaid)
    looked_at = {*rows, *labels, *(pair.in_id for pair in old), *store.labelled(low, high)}
    known = {number: row for number, row in store.row_labels().items() if number in looked_at}
    changed = [row for number, row in sorted(labels.items()) if known.get(number) != row]
    dropped = sorted(set(known) - set(labels))
    work.touch([row.transaction_id for row in changed] + dropped)
    books.pairs.drop(old - pairs)
    books.pairs.put(sorted(pairs - old))
    books.row_labels.drop(dropped)
    books.row_labels.put(changed)


def _of_touched_names(
    books: Books, store: GivenBack, near: Iterable[PairRow], low: Day, high: Day
) -> dict[int, MoveRow]:  # fmt: skip
    """Return all rows of the merchants that gave back in a span, or were found to."""
    from app.core.match.refund_words import back_key, head  # noqa: PLC0415 - as above

    touched = store.candidates(low, high)
    touched += store.named({number for pair in near for number in (pair.out_id, pair.in_id)})
    accounts = books.accounts.all()
    kinds = {account.id: account.kind for account in accounts}
    disputed: dict[int, set[int]] = defaultdict(set)
    for row in touched:
        if kinds[row.account_id] in WALLETS and _is_nameless(row.text, row.type_word):
            disputed[row.account_id].add(-row.cents)
    for account_id, amounts in sorted(disputed.items()):
        touched += store.of_amounts(account_id, amounts)
    heads: dict[int, set[str]] = defaultdict(set)
    for row in touched:
        heads[row.account_id] |= {head(row.key), head(back_key(row.text, row.key))}
    families = _families(accounts)
    of_family: dict[int, set[str]] = defaultdict(set)
    for account_id, names in heads.items():
        of_family[families.get(account_id, account_id)] |= names
    found: dict[int, MoveRow] = {}
    for account_id in sorted(kinds):
        names = of_family.get(families.get(account_id, account_id), set())
        if names:
            leads = _LEADS if kinds[account_id] in WALLETS else ()
            found.update((row.id, row) for row in store.of_names(account_id, {*names, *leads}))
    return found


def _is_nameless(text: str, type_word: str | None) -> bool:
    """Tell whether a row disputes a charge of which it gives no name, only the processor's number."""
    from app.core.match.refund_words import names_nobody, says_back  # noqa: PLC0415 - as above

    return says_back(text, type_word) == "chargeback" and names_nobody(text)


def _families(accounts: Iterable[Account]) -> dict[int, int]:
    """Return, for cards of one bank, the first of them: shops give back to any of these."""
    first: dict[str, int] = {}
    return {
        account.id: first.setdefault(account.institution.casefold(), account.id)
        for account in sorted(accounts, key=lambda account: account.id)
        if account.kind == AccountKind.CREDIT and account.institution
    }


def _found(
    books: Books, rows: dict[int, MoveRow], links: Iterable[tuple[str, int, int, int]]
) -> tuple[list[Back], list[tuple[Back, ...]]]:
    from app.core.match.refunds import find  # noqa: PLC0415 - as above

    given: dict[int, int] = defaultdict(int)
    barred: set[tuple[int, int]] = set()
    for type_, one, other, cents in links:
        if type_ == "not_a_pair":
            barred |= {(one, other), (other, one)}
        elif type_ in BACK_TYPES:
            given[one] += cents
            given[other] += cents
    accounts = books.accounts.all()
    kinds = {account.id: account.kind for account in accounts}
    families = _families(accounts)
    linked: list[Back] = []
    questions: list[tuple[Back, ...]] = []
    for currency in sorted({row.currency for row in rows.values()}):
        moves = [_move(row, kinds[row.account_id]) for row in rows.values() if row.currency == currency]
        known = _told(books, rows, [move for move in moves if move is not None])
        answer = find(_by_amount(rows, kinds, known), given, barred, families)
        linked += answer.linked
        questions += answer.questions
    return linked, questions


def _move(row: MoveRow, kind: str) -> Move | None:
    """Return the row as the matcher wants it; None for one that gives back but is settled otherwise."""
    from app.core.match.refund_words import back_key, says_back  # noqa: PLC0415 - as above
    from app.core.match.refunds import Move  # noqa: PLC0415 - as above

    back = says_back(row.text, row.type_word)
    if row.may_give and kind not in WALLETS and row.cents > 0:
        back = back or "refund"
    elif back and not row.may_give:
        return None
    if back and row.cents < 0 and kind not in WALLETS:
        back = None
    key = back_key(row.text, row.key) if back and kind in WALLETS else row.key
    return Move(row.id, row.account_id, row.day, row.cents, key, row.text, back)


def _repaid(store: GivenBack, low: Day, high: Day, links: Iterable[tuple[str, int, int, int]]) -> set[PairRow]:
    """Return costs that a client may have repaid: only ever a question (tax rule 12)."""
    apart = {frozenset((one, other)) for type_, one, other, _ in links if type_ == "not_a_pair"}
    found: set[PairRow] = set()
    for cost, back, bought, came, cents in store.repaid(low - REPAID_DAYS, high + REPAID_DAYS):
        if frozenset((cost, back)) not in apart:
            days = came - bought
            reason = f"the same amount as a cost {days} days before, and its words speak of repaying"
            found.add(PairRow(cost, back, "reimbursement", cents, 0, -days, "question", reason))
    return found


def _told(books: Books, rows: dict[int, MoveRow], moves: list[Move]) -> list[Move]:
    """Fill in the originals that files name by the processor's id."""
    from app.core.ingest.memo_marks import GIVES_BACK  # noqa: PLC0415 - as above
    from app.core.match.refunds import DAYS_AFTER  # noqa: PLC0415 - as above
    from app.services.ingest.duplicates import is_id_of  # noqa: PLC0415 - most books have none

    key = b""
    for place, move in enumerate(moves):
        _, found, named = (rows[move.transaction_id].memo or "").rpartition(GIVES_BACK)
        if not move.back or not found:
            continue
        key = key or books.subkey("account-fingerprint")
        moves[place] = move._replace(original_id=_ELSEWHERE)
        for other in rows.values():
            may_be = other.account_id == move.account_id and (other.cents > 0) != (move.cents > 0)
            if may_be and 0 <= move.day - other.day <= DAYS_AFTER and is_id_of(
                key, other.source_key, other.day, named, other.net_cents
            ):  # fmt: skip
                moves[place] = move._replace(original_id=other.id, key=other.key)
                break
    return moves


def _by_amount(rows: dict[int, MoveRow], kinds: Mapping[int, str], moves: list[Move]) -> list[Move]:
    """Fill in the only charge of that amount for a dispute that names nobody: the whole charge is disputed."""
    from app.core.match.refunds import DAYS_AFTER  # noqa: PLC0415 - as above

    filled: list[Move] = []
    for move in moves:
        row = rows[move.transaction_id]
        nameless = move.back and move.original_id is None and move.cents < 0 and kinds[move.account_id] in WALLETS
        if nameless and _is_nameless(row.text, row.type_word):
            fits = [
                other for other in moves
                if other.account_id == move.account_id and other.cents == -move.cents and not other.back
                and 0 <= move.day - other.day <= DAYS_AFTER
            ]  # fmt: skip
            if len(fits) == 1:
                move = move._replace(original_id=fits[0].transaction_id, key=fits[0].key)  # noqa: PLW2901 - filled in
        filled.append(move)
    return filled


def _pair(back: Back, state: str) -> PairRow:
    """Of money given back, `out_id` is the original and `in_id` what came back, whatever their signs."""
    return PairRow(back.original_id, back.back_id, back.type, back.cents, 0, back.points, state, back.reason)


def may_follow(books: Books) -> dict[int, tuple[Option, ...]]:
    """Return, by row, what it would count as under each purchase it may give money back for."""
    from app.core.report.profit_range import Option  # noqa: PLC0415 - where something is asked only

    asked = [pair for pair in books.pairs.questions() if pair.type in BACK_TYPES]
    if not asked:
        return {}
    standing = GivenBack(books.connection).standing({pair.out_id for pair in asked})
    found: dict[int, tuple[Option, ...]] = defaultdict(tuple)
    for pair in asked:
        original = standing.get(pair.out_id)
        if original is not None and original.kind in {Kind.EXPENSE, Kind.INCOME}:
            line = original.line if original.kind == Kind.EXPENSE else "C2"
            found[pair.in_id] += (Option(Kind.REFUND, line, original.percent),)
    return found


# --- labels


def _labels(store: GivenBack, linked: list[Back], questions: list[tuple[Back, ...]]) -> dict[int, RowLabel]:
    backs = [*linked, *(back for question in questions for back in question)]
    standing = store.standing({back.original_id for back in backs})
    found: dict[int, RowLabel] = {}
    for back in linked:
        label = _following(back, standing.get(back.original_id))
        if label is not None:
            found[back.back_id] = label
    for question in questions:
        labels = [_following(back, standing.get(back.original_id)) for back in question]
        same = {label[1:5] if label else None for label in labels}
        if len(same) == 1 and labels[0] is not None:
            # Whichever it was for, it counts the same: no reason to ask.
            reason = "Money back from a merchant whose purchases all stand on this line."
            found[question[0].back_id] = labels[0]._replace(reason=reason, confidence=_PART)
    return found


def _following(back: Back, original: Standing | None) -> RowLabel | None:
    """Return the label of what came back, None where the original says nothing about it."""
    if original is None or original.is_split:
        return None
    booked = original.status in _BOOKED
    line, percent = NO_LINE, WHOLE
    if original.kind == Kind.EXPENSE:
        line, percent = original.line, original.percent
    elif original.kind == Kind.INCOME:
        # A processor's own word for it and the charge it names: the client's money went back, however sure the rest is.
        line, percent, booked = "C2", original.percent, True
    elif original.kind != Kind.PERSONAL:
        return None
    confidence = (_SURE if back.full else _PART) if booked else _OPEN
    reason = back.reason[0].upper() + back.reason[1:] + "."
    return RowLabel(
        back.back_id, Kind.REFUND, line, percent, Status.AUTO if booked else Status.SUGGESTED, confidence, SOURCE,
        reason, None,
    )  # fmt: skip


def _decided(
    books: Books, store: GivenBack, links: Iterable[tuple[str, int, int, int]]
) -> dict[int, RowLabel]:  # fmt: skip
    """What a person linked follows its original too, and is settled."""
    said = [link for link in links if link[0] in BACK_TYPES]
    if not said:
        return {}
    ids = {number for _, one, other, _ in said for number in (one, other)}
    # What these labels say themselves is no evidence for them: a row would stay what it was once taken for.
    rows, standing = {row.id: row for row in store.named(ids)}, store.by_themselves(ids)
    found: dict[int, RowLabel] = {}
    for type_, one, other, cents in said:
        if one not in rows or other not in rows:
            continue
        original, came = _which_came_back(rows[one], rows[other], standing, type_)
        if books.decisions.get(came.id).kind is not None or standing[came.id].is_split:
            continue
        label = _following(_linked_by_hand(original, came, cents), standing.get(original.id))
        if label is not None:
            found[came.id] = label._replace(status=Status.CONFIRMED, confidence=WHOLE, reason="You linked it.")
    return found


def _which_came_back(
    one: MoveRow, other: MoveRow, standing: dict[int, Standing], type_: str
) -> tuple[MoveRow, MoveRow]:
    """Return original and back of a link: costs come back as money in, client money as money out."""
    out, into = (one, other) if one.cents < 0 else (other, one)
    if type_ == "chargeback" or (type_ == "refund" and standing[into.id].kind == Kind.INCOME):
        return into, out
    return out, into


def _linked_by_hand(original: MoveRow, came: MoveRow, cents: int) -> Back:
    from app.core.match.refunds import Back  # noqa: PLC0415 - as above

    return Back(original.id, came.id, cents, "refund", abs(original.cents) == cents, 0, "you linked it")

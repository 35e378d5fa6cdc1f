"""What was answered with “always” or “ask each time”: the program's memory, to look through and to correct."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING, Any, NamedTuple

from app.core.books import naming
from app.core.books.vocabulary import Kind, Status
from app.core.classify.nearest import beginning
from app.core.errors import NotFound, Refused
from app.services.books.open_books import Books
from app.services.books.work import Outcome, Work
from app.services.classify import alike, rule_reach, rules
from app.services.classify.alike import equal_rows, key_of, others_like, sign_of
from app.services.classify.lessons import Lessons, is_clear, names_a_seller
from app.services.ledger import transactions, typed_values
from app.store.rules import Answer

if TYPE_CHECKING:
    from app.store.transactions import Listed

__all__ = [
    "Memory", "Offer", "as_rule", "change", "count_learned", "equal_rows", "existing", "forget", "learn", "learn_all",
    "learn_from", "learned_by", "listed", "make_rule", "offer", "others_like", "told", "unlearn",
]  # fmt: skip


class Memory(NamedTuple):
    """One answer that is kept for a merchant, a direction and an account."""

    merchant_key: str
    sign: int
    account_id: int
    name: str
    account: str
    kind: str
    line: str
    percent: int
    ask: bool
    hits: int
    """Rows that follow it now: those a person decided one by one are not among them."""


class Offer(NamedTuple):
    """What one booked row could teach: nothing is kept before a person says so."""

    transaction_id: int
    name: str
    kind: str
    line: str
    rows: tuple[int, ...]
    """The other rows of its merchant, direction and account that no person decided: they would be booked alike."""


_MOVEMENTS = frozenset({Kind.TRANSFER, Kind.CARD_PAYMENT})
_GUESSES = frozenset({"nearest", "model"})
_KEYS_AT_ONCE = 500


_LEARNED = (
    "a.id IN (SELECT row_id FROM journal WHERE operation_id = ?1 AND table_name = 'answer' "
    "UNION SELECT a2.id FROM made m JOIN answer a2 ON a2.id BETWEEN m.first_id AND m.last_id "
    "WHERE m.operation_id = ?1 AND m.table_name = 'answer')"
)


def listed(books: Books) -> list[Memory]:
    """Return what is remembered, by name."""
    accounts = rules.account_names(books)
    names = dict(books.connection.execute("SELECT key, name FROM merchant WHERE name IS NOT NULL").fetchall())
    answers = books.rules.answers()
    hits = alike.hits(books) if answers else {}
    found = [_memory(answer, accounts, names, hits.get(answer[:3], 0)) for answer in answers]
    return sorted(found, key=lambda memory: (memory.name.casefold(), memory.account, memory.sign))


def _memory(answer: Answer, accounts: Mapping[int, str], names: Mapping[str, str], hits: int) -> Memory:
    return Memory(
        merchant_key=answer.merchant_key, sign=answer.sign, account_id=answer.account_id,
        name=names.get(answer.merchant_key) or naming.payee(answer.merchant_key),
        account=accounts.get(answer.account_id, ""), kind=answer.kind, line=answer.line, percent=answer.percent,
        ask=bool(answer.ask), hits=hits,
    )  # fmt: skip


def existing(books: Books, merchant_key: str, sign: int, account_id: int) -> Memory:
    """Raises: NotFound."""
    for memory in listed(books):
        if memory[:3] == (merchant_key, sign, account_id):
            return memory
    raise NotFound("This answer is not remembered any more.", "Nothing was changed.")


def learned_by(books: Books, operation: int) -> Memory | None:
    """Return what an operation made the program remember, as it stands now; None when it was nothing."""
    row = books.connection.execute(
        f"SELECT a.merchant_key, a.sign, a.account_id FROM answer a WHERE {_LEARNED} LIMIT 1",  # noqa: S608 - constants
        (operation,),
    ).fetchone()
    return None if row is None else existing(books, *row)


def offer(books: Books, ids: Sequence[int]) -> Offer | None:
    """Return what rows that a person has just booked could teach; None where nothing should be offered.

    They must be of one merchant, direction and account, and booked alike. Nothing is offered for a merchant that sells
    everything, for movements and money back, where a rule decides, and for what is known already.
    """
    rows = books.transactions.block(ids)
    if not rows or len({(row.account_id, sign_of(row), row.kind, row.line, row.percent) for row in rows}) > 1:
        return None
    row = max(rows, key=lambda each: (each.tax_date, each.id))
    key = key_of(books, row.id)
    if not key or not _all_of(books, key, [each.id for each in rows]):
        return None
    said = _decided(books, row)
    if said is None or said[0] in {*_MOVEMENTS, Kind.REFUND} or not _may_teach(books, row, key, said):
        return None
    own = {each.id for each in rows}
    others = tuple(number for number in equal_rows(books, key, sign_of(row), row.account_id) if number not in own)
    names = dict(books.connection.execute("SELECT key, name FROM merchant WHERE key = ? AND name IS NOT NULL", (key,)))
    return Offer(row.id, names.get(key) or naming.payee(key), said[0], said[1], others)


def _all_of(books: Books, merchant_key: str, ids: Sequence[int]) -> bool:
    return all(
        key == merchant_key
        for start in range(0, len(ids), _KEYS_AT_ONCE)
        for key, _ in books.transactions.merchant_keys(ids[start : start + _KEYS_AT_ONCE]).values()
    )


def _may_teach(books: Books, row: Listed, merchant_key: str, said: tuple[str, str, int]) -> bool:
    label = Lessons(books, [row]).label(row)
    if label.source == "rule" or label.kind == Kind.REFUND:
        return False
    held = _held(books, merchant_key, sign_of(row), row.account_id)
    if held is not None:  # it was taught otherwise; who wants to be asked each time is not urged
        return not held.ask and held[3:6] != said
    guessed = label.source in _GUESSES and names_a_seller(row, merchant_key)
    return guessed or is_clear(label, row, merchant_key)


def _held(books: Books, merchant_key: str, sign: int, account_id: int) -> Answer | None:
    return next((a for a in books.rules.answers() if a[:3] == (merchant_key, sign, account_id)), None)


def _decided(books: Books, row: Listed) -> tuple[str, str, int] | None:
    """Return kind, line and share as a person booked a row; None for one that nobody did."""
    decision = books.decisions.get(row.id)
    if decision.kind is None or decision.line is None or decision.percent is None:
        return None
    return None if row.is_split or row.status == Status.DELETED else (decision.kind, decision.line, decision.percent)


def learn_from(
    books: Books, transaction_id: int, values: Mapping[str, str] | None = None, *, ask: bool = False,
    dry_run: bool = False,
) -> tuple[Outcome, Memory]:  # fmt: skip
    """Book the merchant of a row from now on as a person booked the row, or with `ask` ask each time.

    `values` change the row first, in the same step, as `transactions.set_values` does. Rows that a person decided stay.
    Raises: NotFound, Refused, SealedYear.
    """
    transactions.existing(books, transaction_id)
    with books.work.operation("answer_learn", dry_run=dry_run) as work:
        if values:
            transactions.put_values(work, transaction_id, values)
        row = transactions.existing(books, transaction_id)
        key, said = key_of(books, transaction_id), _decided(books, row)
        if said is None:
            raise Refused("Only a row that you booked yourself can teach.", "Give it a kind and a line first.")
        if not any(map(str.isalnum, key)):
            raise Refused("The text of this row names nobody to remember.", "Make a rule for its words instead.")
        answer = Answer(key, sign_of(row), row.account_id, *said, int(ask))
        if answer != _held(books, *answer[:3]):
            learn(work, answer)
        memory = existing(books, *answer[:3])
    return work.outcome, memory


def told(memory: Memory) -> str:
    """Return in one sentence what was learned: `Figma is booked as Software from now on · 12 more rows`."""
    if memory.ask:
        return f"{memory.name} is asked about each time."
    rows = f" · {naming.counted(memory.hits, 'more row')}" if memory.hits else ""
    return f"{memory.name} is booked as {naming.category(memory.kind, memory.line)} from now on{rows}"


def learn(work: Work, answer: Answer) -> None:
    """Keep an answer inside an open operation; all rows of the merchant follow it that no person decided."""
    learn_all(work, [answer])


def learn_all(work: Work, answers: Sequence[Answer]) -> None:
    """Keep many answers inside an open operation, with one look for the rows that follow them."""
    for answer in answers:
        work.books.rules.remember(answer)
    _follow(work, {(answer.merchant_key, answer.account_id) for answer in answers})


def count_learned(books: Books, operation: int) -> int:
    """Return how many answers an operation made the program remember."""
    row = books.connection.execute(f"SELECT COUNT(*) FROM answer a WHERE {_LEARNED}", (operation,)).fetchone()  # noqa: S608 - constants
    return int(row[0])


def unlearn(work: Work, merchant_key: str, sign: int, account_id: int) -> None:
    """Forget an answer inside an open operation."""
    work.books.rules.forget(merchant_key, sign, account_id)
    _follow(work, {(merchant_key, account_id)})


def change(
    books: Books, merchant_key: str, sign: int, account_id: int, values: Mapping[str, Any], *, dry_run: bool = False
) -> Outcome:
    """Change what is remembered: `kind`, `line`, `percent`, `ask`. Raises: NotFound, Refused."""
    held = existing(books, merchant_key, sign, account_id)
    kind = typed_values.check_kind(str(values.get("kind", held.kind)))
    line = typed_values.line_for(kind, values.get("line", held.line if kind == held.kind else None))
    answer = Answer(
        merchant_key, sign, account_id, kind, line, int(values.get("percent", held.percent)),
        int(values.get("ask", held.ask)),
    )  # fmt: skip
    with books.work.operation("answer_set", dry_run=dry_run) as work:
        if answer[3:] != (held.kind, held.line, held.percent, int(held.ask)):
            learn(work, answer)
    return work.outcome


def forget(books: Books, merchant_key: str, sign: int, account_id: int, *, dry_run: bool = False) -> Outcome:
    """Remove one answer; rows that rest on it are asked about again. Raises: NotFound."""
    existing(books, merchant_key, sign, account_id)
    with books.work.operation("answer_remove", dry_run=dry_run) as work:
        unlearn(work, merchant_key, sign, account_id)
    return work.outcome


def as_rule(memory: Memory) -> dict[str, Any]:
    """Return the columns of a rule that does what an answer does."""
    return {
        "counterparty": memory.name, "sign": memory.sign, "account_id": memory.account_id, "kind": memory.kind,
        "line": memory.line, "percent": memory.percent, "ask": int(memory.ask),
    }  # fmt: skip


def make_rule(
    books: Books, merchant_key: str, sign: int, account_id: int, values: Mapping[str, Any], *, dry_run: bool = False
) -> tuple[Outcome, int | None]:
    """Put a rule in the place of an answer, as one step. Raises: NotFound, Refused."""
    existing(books, merchant_key, sign, account_id)
    columns = rules.checked(values)
    with books.work.operation("answer_rule", dry_run=dry_run) as work:
        number = books.rules.add(columns)
        rule_reach.relabel(work, rules.existing(books, number))
        unlearn(work, merchant_key, sign, account_id)
    return work.outcome, number if work.outcome.operation else None


def _follow(work: Work, taught: AbstractSet[tuple[str, int]]) -> None:
    """Label again what may rest on answers for (merchant, account).

    Both directions: money back from a merchant follows what was said of the purchases there. And names nearly the
    same: they take the answer too.
    """
    by_account: dict[int, set[str]] = {}
    for merchant_key, account_id in taught:
        by_account.setdefault(account_id, set()).add(beginning(merchant_key))
    for account_id, beginnings in by_account.items():
        work.groups |= work.books.labels.groups_of_merchants_like(account_id, beginnings)

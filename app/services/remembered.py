"""What was answered with “always” or “ask each time”: the program's memory, to look through and to correct."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from app.core.books import naming
from app.core.classify.nearest import beginning
from app.core.errors import NotFound
from app.services import rule_reach, rules, transactions
from app.services.books import Books
from app.services.unit_of_work import Outcome, Work
from app.store.rules import Answer

__all__ = [
    "Memory", "as_rule", "change", "equal_rows", "existing", "forget", "learn", "learned_by", "listed", "make_rule",
    "unlearn",
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


_FREE = "(d.id IS NULL OR d.kind IS NULL AND d.deleted_reason IS NULL AND d.is_split = 0)"
_ROWS = (
    "FROM merchant m JOIN label l ON l.merchant_id = m.id JOIN transactions t ON t.descriptor_id = l.descriptor_id "
    "AND t.account_id = l.account_id AND (t.cents >= 0) = l.money_in "
    f"LEFT JOIN decision d ON d.transaction_id = t.id WHERE {_FREE} "
)


def listed(books: Books) -> list[Memory]:
    """Return what is remembered, by name."""
    accounts = rules.account_names(books)
    names = dict(books.connection.execute("SELECT key, name FROM merchant WHERE name IS NOT NULL").fetchall())
    answers = books.rules.answers()
    hits: dict[tuple[str, int, int], int] = {}
    if answers:
        hits = {
            (key, 1 if money_in else -1, account): count
            for key, money_in, account, count in books.connection.execute(
                f"SELECT m.key, l.money_in, l.account_id, COUNT(*) {_ROWS} "  # noqa: S608 - constants
                "AND m.key IN (SELECT merchant_key FROM answer) GROUP BY 1, 2, 3"
            )
        }
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
        "SELECT a.merchant_key, a.sign, a.account_id FROM answer a WHERE a.id IN ("
        "SELECT row_id FROM journal WHERE operation_id = ?1 AND table_name = 'answer' "
        "UNION SELECT a2.id FROM made m JOIN answer a2 ON a2.id BETWEEN m.first_id AND m.last_id "
        "WHERE m.operation_id = ?1 AND m.table_name = 'answer') LIMIT 1",
        (operation,),
    ).fetchone()
    return None if row is None else existing(books, *row)


def equal_rows(books: Books, merchant_key: str, sign: int, account_id: int) -> tuple[int, ...]:
    """Return the rows of a merchant, a direction and an account that no person decided: an answer books them alike."""
    rows = books.connection.execute(
        f"SELECT t.id {_ROWS} AND m.key = ? AND l.money_in = ? AND l.account_id = ? "
        "ORDER BY t.tax_date DESC, t.id DESC",
        (merchant_key, int(sign > 0), account_id),
    )
    return tuple(row[0] for row in rows)


def learn(work: Work, answer: Answer) -> None:
    """Keep an answer inside an open operation; all rows of the merchant follow it that no person decided."""
    work.books.rules.remember(answer)
    _follow(work, answer.merchant_key, answer.account_id)


def unlearn(work: Work, merchant_key: str, sign: int, account_id: int) -> None:
    """Forget an answer inside an open operation."""
    work.books.rules.forget(merchant_key, sign, account_id)
    _follow(work, merchant_key, account_id)


def change(
    books: Books, merchant_key: str, sign: int, account_id: int, values: Mapping[str, Any], *, dry_run: bool = False
) -> Outcome:
    """Change what is remembered: `kind`, `line`, `percent`, `ask`. Raises: NotFound, Refused."""
    held = existing(books, merchant_key, sign, account_id)
    kind = transactions.check_kind(str(values.get("kind", held.kind)))
    line = transactions.line_for(kind, values.get("line", held.line if kind == held.kind else None))
    answer = Answer(
        merchant_key, sign, account_id, kind, line, int(values.get("percent", held.percent)),
        int(values.get("ask", held.ask)),
    )  # fmt: skip
    with books.work.operation("answer_set", dry_run=dry_run) as work:
        if answer[3:] != (held.kind, held.line, held.percent, int(held.ask)):
            learn(work, answer)
    return work.outcome


def forget(books: Books, merchant_key: str, sign: int, account_id: int) -> Outcome:
    """Remove one answer; rows that rest on it are asked about again. Raises: NotFound."""
    existing(books, merchant_key, sign, account_id)
    with books.work.operation("answer_remove") as work:
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


def _follow(work: Work, merchant_key: str, account_id: int) -> None:
    """Label again what may rest on an answer.

    Both directions: money back from a merchant follows what was said of the purchases there. And names nearly the
    same: they take the answer too.
    """
    labels = work.books.labels
    groups = labels.groups_of_merchant(merchant_key) | labels.groups_of_merchants_like(beginning(merchant_key))
    work.groups |= {group for group in groups if group.account_id == account_id}

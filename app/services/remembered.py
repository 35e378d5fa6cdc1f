"""What was answered with “always” or “ask each time”: the program's memory, to look through and to correct."""

from __future__ import annotations

from typing import NamedTuple

from app.core.books import naming
from app.core.errors import NotFound
from app.services.books import Books
from app.services.unit_of_work import Outcome


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


def listed(books: Books) -> list[Memory]:
    """Return what is remembered, by name."""
    accounts = {a.id: naming.account_short(a.name, a.last4, a.institution) for a in books.accounts.all()}
    names = dict(books.connection.execute("SELECT key, name FROM merchant WHERE name IS NOT NULL").fetchall())
    found = [
        Memory(
            merchant_key=answer.merchant_key, sign=answer.sign, account_id=answer.account_id,
            name=names.get(answer.merchant_key) or naming.payee(answer.merchant_key),
            account=accounts.get(answer.account_id, ""), kind=answer.kind, line=answer.line, percent=answer.percent,
            ask=bool(answer.ask),
        )
        for answer in books.rules.answers()
    ]  # fmt: skip
    return sorted(found, key=lambda memory: (memory.name.casefold(), memory.account, memory.sign))


def forget(books: Books, merchant_key: str, sign: int, account_id: int) -> Outcome:
    """Remove one answer; rows that rest on it are asked about again. Raises: NotFound."""
    known = {(answer.merchant_key, answer.sign, answer.account_id) for answer in books.rules.answers()}
    if (merchant_key, sign, account_id) not in known:
        raise NotFound("This answer is not remembered any more.", "Nothing was changed.")
    with books.work.operation("answer_remove") as work:
        books.rules.forget(merchant_key, sign, account_id)
        work.relabel_all = work.rematch_all = True
    return work.outcome

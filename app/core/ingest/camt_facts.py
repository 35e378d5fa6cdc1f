"""What a camt.053 statement says around its rows, and which statements of a file follow one another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from app.core.books.vocabulary import AccountKind
from app.core.ingest.camt_entry import Node, day_from_text
from app.core.ingest.statement import Statement

_KINDS = {
    "CACC": AccountKind.CHECKING, "TRAN": AccountKind.CHECKING, "TRAS": AccountKind.CHECKING,
    "SVGS": AccountKind.SAVINGS, "LLSV": AccountKind.SAVINGS, "MOMA": AccountKind.SAVINGS,
    "ONDP": AccountKind.SAVINGS, "CARD": AccountKind.CREDIT, "LOAN": AccountKind.LOAN, "ODFT": AccountKind.LOAN,
    "CASH": AccountKind.CHECKING,
}  # fmt: skip
"""ISO 20022 cash account type to account kind."""

_LONGEST_GAP = 5
"""Days without a statement between two that follow one another: a long weekend."""


def describe(statement: Statement, heading: Node) -> None:
    """Fill in what the heading says of the account and the period."""
    bank = heading.first("Acct", "Svcr", "FinInstnId") or Node("", 0)
    code = bank.text("BICFI") or bank.text("BIC")
    statement.institution = bank.text("Nm") or code or None
    statement.routing_number = bank.text("ClrSysMmbId", "MmbId") or code or None
    statement.account_number = heading.text("Acct", "Id", "IBAN") or heading.text("Acct", "Id", "Othr", "Id") or None
    statement.account_type = heading.text("Acct", "Tp", "Cd") or heading.text("Acct", "Tp", "Prtry") or None
    kind = _KINDS.get((statement.account_type or "").upper())
    statement.kind = kind.value if kind else None
    first = day_from_text(heading.text("FrToDt", "FrDtTm") or heading.text("FrToDt", "FrDt"))
    last = day_from_text(heading.text("FrToDt", "ToDtTm") or heading.text("FrToDt", "ToDt"))
    if first is not None and last is not None and first <= last:
        statement.first_day, statement.last_day = first, last


def told_apart(statement: Statement) -> None:
    """Take ids away that several rows share: a bank that gives a payment and its fee one reference names neither."""
    counts = Counter(row.bank_id for row in statement.rows if row.bank_id)
    if any(count > 1 for count in counts.values()):
        statement.rows = [
            row._replace(bank_id=None) if row.bank_id and counts[row.bank_id] > 1 else row for row in statement.rows
        ]


def chained(statements: Sequence[Statement]) -> list[Statement]:
    """Return the statements with those joined that go on where another of the same account closed.

    A file often holds a statement a day. Equal balances at the joint prove that nothing is missing between them.
    """
    found: list[Statement] = []
    newest: dict[tuple[str | None, str | None, str | None, str], Statement] = {}
    for statement in statements:
        before = newest.get(_account(statement))
        if before is None or not _goes_on(before, statement):
            found.append(statement)
            newest[_account(statement)] = statement
            continue
        before.rows += statement.rows
        before.balance_cents, before.balance_day = statement.balance_cents, statement.balance_day
        if before.first_day is None or statement.last_day is None:
            before.first_day = before.last_day = None
        else:
            before.last_day = statement.last_day
    for statement in found:
        told_apart(statement)
    return found


def _account(statement: Statement) -> tuple[str | None, str | None, str | None, str]:
    return statement.account_number, statement.routing_number, statement.account_type, statement.currency


def _goes_on(before: Statement, statement: Statement) -> bool:
    if statement.account_number is None or statement.balance_day is None or before.balance_day is None:
        return False
    if before.balance_cents != statement.opening_cents or before.balance_day > statement.balance_day:
        return False
    here, there = before.last_day, statement.first_day
    return here is None or there is None or there - here <= _LONGEST_GAP

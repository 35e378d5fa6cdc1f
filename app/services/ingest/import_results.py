"""What is asked of an import, and what became of each file."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from app.core.errors import UserError
from app.core.ingest.statement import RowTrouble
from app.store.accounts import Account


class ImportOptions(NamedTuple):
    account: str | None = None
    account_kind: str | None = None
    role: str | None = None
    """Whose money a new account holds; None for what is usual for its kind."""
    format: str = "auto"
    mapping: str | None = None
    date_order: str | None = None
    sign: str | None = None
    columns: dict[str, str] | None = None
    """Roles of columns as the user named them: date, text, amount, debit, credit, balance …"""
    dry_run: bool = False


class AccountResult(NamedTuple):
    """What one account of a file got."""

    account: Account
    made: bool
    rows: int
    added: int
    duplicates: int
    first: int | None
    last: int | None
    sum_cents: int
    statement_balance_cents: int | None
    balance_cents: int
    balance_ties: bool | None


class FileResult:
    """What became of one file; `error` says why it was refused."""

    def __init__(self, path: Path, sha256: str = "") -> None:
        self.path = path
        self.size = 0
        self.sha256 = sha256
        self.format: str | None = None
        self.layout: str | None = None
        self.accounts: list[AccountResult] = []
        self.skipped: list[RowTrouble] = []
        self.rejected: list[RowTrouble] = []
        self.notes: list[str] = []
        self.masked = 0
        self.operation: int | None = None
        self.error: UserError | None = None

    @property
    def added(self) -> int:
        return sum(account.added for account in self.accounts)

    @property
    def duplicates(self) -> int:
        return sum(account.duplicates for account in self.accounts)

    @property
    def rows(self) -> int:
        """Every data row of the file ends in exactly one of four ways."""
        return self.added + self.duplicates + len(self.skipped) + len(self.rejected)

"""What is asked of an import, and what became of each file."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from app.core.books.vocabulary import Role
from app.core.errors import UserError
from app.core.ingest.statement import RowTrouble
from app.store.accounts import Account


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportOptions:
    account: str | None = None
    account_kind: str | None = None
    role: str = Role.MIXED
    format: str = "auto"
    mapping: str | None = None
    date_order: str | None = None
    sign: str | None = None
    columns: dict[str, str] | None = None
    """Roles of columns as the user named them: date, text, amount, debit, credit, balance …"""
    dry_run: bool = False


@dataclass(slots=True, kw_only=True)
class AccountResult:
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


@dataclass(slots=True, kw_only=True)
class FileResult:
    """What became of one file; `error` says why it was refused."""

    path: Path
    sha256: str = ""
    format: str | None = None
    layout: str | None = None
    accounts: list[AccountResult] = field(default_factory=list)
    skipped: list[RowTrouble] = field(default_factory=list)
    rejected: list[RowTrouble] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    masked: int = 0
    operation: int | None = None
    error: UserError | None = None

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

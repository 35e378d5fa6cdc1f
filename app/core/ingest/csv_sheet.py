"""What one reading of a table gives: the rows of each account, and what was skipped and rejected."""

from __future__ import annotations

from app.core.ingest.statement import Rejections, RowTrouble, SourceRow

AccountKey = tuple[str, str, str]
"""Account cell, account name and institution as the row writes them; all blank in a file of one account."""

ONE_ACCOUNT: AccountKey = ("", "", "")


class Batch:
    """The rows of one account, with what stands beside them in the file."""

    def __init__(self) -> None:
        self.rows: list[SourceRow] = []
        self.balances: list[str] = []
        """The running balance as written, one a row, when there is such a column."""
        self.references: list[tuple[str, str]] = []
        """Reference and moment of each row, for layouts with mirror or conversion rows."""


class Sheet:
    """Everything one reading of a table gave."""

    def __init__(self) -> None:
        self.batches: dict[AccountKey, Batch] = {}
        self.skipped: list[RowTrouble] = []
        self.rejected: list[RowTrouble] = Rejections()
        self.negative = 0
        """Amount cells below zero."""
        self.out_words = 0
        self.uneven_fees = 0

"""What is known and chosen of the files that are looked at before an import, without a widget."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from app.core.books.naming import counted
from app.core.errors import Cancelled, UserError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from app.services.books.open_books import Books
    from app.services.ingest.import_preview import Preview, StatementPreview
    from app.services.ingest.import_results import AccountResult, FileResult, ImportOptions
    from app.ui.runtime.tasks import Token

NEW = "new"
"""Choice of an account: one that is made for the file."""

READING, READY, NOTHING_NEW, KNOWN, ASKS, REFUSED = "reading", "ready", "nothing new", "known", "asks", "refused"

COLUMN_ROLES: tuple[tuple[str, str], ...] = (
    ("", "Not used"), ("date", "Date"), ("text", "Text"), ("amount", "Amount"), ("debit", "Money out"),
    ("credit", "Money in"), ("balance", "Balance"), ("memo", "Note"), ("more_text", "More text"),
    ("transacted", "Purchase date"), ("direction", "In or out"), ("gross", "Before fees"), ("fee", "Fee"),
    ("bank_id", "Bank’s own number"), ("type", "Type"), ("status", "Status"), ("currency", "Currency"),
    ("account", "Account number"), ("account_name", "Account name"),
)  # fmt: skip


@dataclass(slots=True, kw_only=True)
class Choices:
    """What a person said about a file; None leaves it to the program. `account` is an id, a name, or None."""

    account: str | None = None
    kind: str | None = None
    role: str | None = None
    columns: dict[str, str] | None = None
    """Column key by role."""
    date_order: str | None = None
    sign: str | None = None


@dataclass(slots=True, kw_only=True)
class Looked:
    """One file: what was chosen, and what the preview said to that."""

    path: Path
    choices: Choices = field(default_factory=Choices)
    preview: Preview | None = None
    likely: tuple[int, str] | None = None
    """The account that the rows seem to be of, and why that is not sure."""

    @property
    def standing(self) -> str:
        shown = self.preview
        if shown is None:
            return READING
        if shown.already_imported and not shown.error:
            return KNOWN
        if shown.error:
            return ASKS if shown.asks else REFUSED
        return READY if shown.new else NOTHING_NEW

    @property
    def goes_in(self) -> bool:
        return self.standing in {READY, NOTHING_NEW}

    def heard(self, shown: Preview) -> None:
        """Take the answer. An account that the rows seem to be of is chosen, until the person says another."""
        self.preview = shown
        if shown.looks_like is not None and self.choices.account is None:
            self.likely = shown.looks_like, shown.doubt
            self.choices.account = str(shown.looks_like)

    @property
    def doubt(self) -> str:
        """Return why the account that is chosen may be another one; empty where nothing says so."""
        return self.likely[1] if self.likely is not None and self.choices.account == str(self.likely[0]) else ""

    def options(self) -> ImportOptions:
        from app.services.ingest.import_preview import columns_option  # noqa: PLC0415 - loads the readers
        from app.services.ingest.import_results import ImportOptions  # noqa: PLC0415

        said, columns = self.choices, None
        if said.columns and self.preview is not None:
            columns = columns_option(self.preview, said.columns)
        return ImportOptions(
            account=said.account, account_kind=said.kind, role=said.role, columns=columns,
            date_order=said.date_order, sign=said.sign,
        )  # fmt: skip


def columns_shown(shown: Preview) -> dict[str, str]:
    """Return the roles of a table's columns as they stand; a role has one column."""
    return {column.role: column.key for column in reversed(shown.columns) if column.role}


def can_be_read(shown: Preview) -> bool:
    """Return whether the roles as they stand are enough to read a table by."""
    roles = set(columns_shown(shown))
    return "date" in roles and bool(roles & {"amount", "debit", "credit"})


def columns_with(shown: Preview, key: str, role: str) -> dict[str, str]:
    """Return the roles of a table's columns once one of them is said to be another; a role has one column."""
    held = {each: at for each, at in columns_shown(shown).items() if at != key}
    return {**held, role: key} if role else held


def total_new(files: Iterable[Looked]) -> int:
    return sum(file.preview.new for file in files if file.preview is not None and file.goes_in)


def overlap(files: Sequence[Looked]) -> bool:
    """Return whether two of the files cover the same days of one account: shared rows are counted in each."""
    spans: list[tuple[str, int, int]] = []
    for file in files:
        if file.preview is None or not file.goes_in:
            continue
        for each in file.preview.statements:
            if each.first is None or each.last is None or not each.new:
                continue
            name = each.account_words.removeprefix("new: ")
            if any(name == known and each.first <= last and first <= each.last for known, first, last in spans):
                return True
            spans.append((name, each.first, each.last))
    return False


def button_words(files: Sequence[Looked]) -> str:
    """Return what the one button says."""
    ready = [file for file in files if file.goes_in]
    new = total_new(files)
    if not ready:
        return "Import"
    if not new:
        return f"Import {counted(len(ready), 'statement')}"
    upto = "up to " if overlap(files) else ""
    return f"Import {upto}{new:,} new {'transaction' if new == 1 else 'transactions'}"


def look(books: Books, token: Token, path: Path, options: ImportOptions) -> Preview:
    from app.services.ingest import import_preview  # noqa: PLC0415

    return import_preview.preview(books, path, options, check=token.check)


@dataclass(slots=True, kw_only=True)
class Ended:
    """What became of an import."""

    results: list[FileResult] = field(default_factory=list)
    stopped: bool = False

    @property
    def added(self) -> int:
        return sum(result.added for result in self.results)

    @property
    def done(self) -> list[FileResult]:
        return [result for result in self.results if result.error is None]


def run(
    books: Books, token: Token, jobs: Sequence[tuple[Path, ImportOptions, int]], tell: Callable[[int, int], None]
) -> Ended:
    """Import files one after the other, each with its options and the number of its rows.

    Stopped, the file at work leaves nothing; those before it stay.
    """
    from app.services.ingest import imports  # noqa: PLC0415

    ended, before, whole = Ended(), 0, sum(rows for _, _, rows in jobs)
    for path, options, rows in jobs:

        def heard(done: int, _all: int, before: int = before) -> None:
            tell(before + done, whole)

        try:
            ended.results += imports.import_files(books, [path], options, check=token.check, tell_rows=heard)
        except Cancelled:
            ended.stopped = True
            break
        before += rows
    return ended


def open_questions(books: Books, token: Token) -> int:
    from app.services.review import questions  # noqa: PLC0415

    token.check()
    return questions.count(books)


def toast_words(ended: Ended) -> str:
    """Return `Imported 212 transactions from 3 files`."""
    files = counted(len(ended.done), "file")
    words = f"Imported {ended.added:,} {'transaction' if ended.added == 1 else 'transactions'} from {files}."
    return f"Stopped. {words}" if ended.stopped else words


def result_words(result: FileResult) -> str:
    """Return in one line what a file brought."""
    if result.error is not None:
        return result.error.message
    parts = [f"{result.added:,} new"]
    if result.duplicates:
        parts.append(f"{result.duplicates:,} already there")
    if result.rejected:
        parts.append(f"{len(result.rejected):,} rejected")
    if result.skipped:
        parts.append(f"{len(result.skipped):,} skipped")
    return ", ".join(parts)


def tie_words(account: AccountResult) -> str:
    """Return which account got the rows, and whether its stated balance ties."""
    ties = {True: "balance ties", False: "balance does not tie", None: ""}[account.balance_ties]
    return ", ".join(part for part in (account.account.name, "made just now" if account.made else "", ties) if part)


def refusal(error: Exception) -> str:
    return f"{error.message} {error.hint}".strip() if isinstance(error, UserError) else str(error)


def stated(statement: StatementPreview) -> bool:
    return statement.stated_cents is not None and statement.stated_day is not None

"""What a file would bring, before anything is written: its account, its rows as they will be booked, its doubts.

The same reader and the same search for known rows as the import itself, but nothing is written: a reader's books do.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from app.core.books.vocabulary import AccountKind, Status
from app.core.dates import Day
from app.core.errors import AccountAmbiguous, AccountLikely, NeedsMapping, UserError
from app.core.ingest import decode, reader
from app.core.ingest.redact import mask
from app.core.ingest.statement import ParsedFile, RowTrouble, Statement
from app.core.ingest.typed import kept
from app.services.books.open_books import Books
from app.services.derived import group_labels
from app.services.ingest import file_accounts, import_reading, imports
from app.services.ingest.collector import no_collection
from app.services.ingest.duplicates import split_known
from app.services.ingest.import_reading import Masked, Progress, Source
from app.services.ingest.import_results import FileResult, ImportOptions
from app.services.review import questions
from app.store.accounts import Account
from app.store.labels import Group

SAMPLES = 5
SURE, LIKELY, UNSURE = "sure", "likely", "unsure"
_LIKELY_FROM = 7_000
_KIND_WORDS = {AccountKind.CREDIT: "card", AccountKind.CASHAPP: "Cash App"}
_OWN_NAMES = frozenset({"paypal", "stripe", "square", "venmo", "cashapp", "wise", "etsy", "upwork", "payoneer"})


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleRow:
    """A row as it would be booked. `confidence` is sure, likely or unsure; sure ones are booked without asking."""

    line: int
    day: Day
    text: str
    cents: int
    suggestion: str
    confidence: str
    already_there: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementPreview:
    """What one account of the file would get. `account_words` says `new: …` for one that would be made."""

    account_id: int | None
    account_words: str
    kind: str
    role: str
    currency: str
    rows: int
    new: int
    already_there: int
    first: Day | None
    last: Day | None
    sum_cents: int
    stated_cents: int | None
    stated_day: Day | None
    samples: tuple[SampleRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a table of unknown layout. `role` is date, amount, debit, credit, text … or None."""

    key: str
    name: str
    role: str | None
    confidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """`error` says why the file is refused as things stand; `asks` names the choice that would help.

    It is columns, date_order or account; None where no choice would.
    """

    path: Path
    file: str
    sha256: str = ""
    format: str | None = None
    layout: str | None = None
    layout_words: str = ""
    statements: tuple[StatementPreview, ...] = ()
    columns: tuple[Column, ...] = ()
    """Of a table nobody described; empty for known layouts."""
    headerless: bool = False
    raw_rows: tuple[tuple[str, ...], ...] = ()
    """The first rows of such a table as they stand in the file, masked."""
    date_order: str | None = None
    """mdy or dmy as the dates were read, None where they cannot be mistaken."""
    sign: str | None = None
    can_change: tuple[str, ...] = ()
    """Which of columns, date_order and sign a person may set otherwise."""
    skipped: tuple[RowTrouble, ...] = ()
    rejected: tuple[RowTrouble, ...] = ()
    notes: tuple[str, ...] = ()
    masked: int = 0
    already_imported: bool = False
    error: str | None = None
    hint: str = ""
    code: str | None = None
    asks: str | None = None
    looks_like: int | None = None
    """The account that the rows seem to be of. All else is said as if they were; an import takes it as
    `ImportOptions.account`, and asks without."""
    doubt: str = ""
    """Why that is not sure."""

    @property
    def new(self) -> int:
        return sum(statement.new for statement in self.statements)


@dataclass(slots=True)
class _Found:
    statements: list[StatementPreview] = field(default_factory=list)
    masked: int = 0
    notes: list[str] = field(default_factory=list)
    planned: list[Account] = field(default_factory=list)
    """Accounts that the import would make; their ids are negative."""


def preview(
    books: Books, path: Path, options: ImportOptions | None = None, *, check: Callable[[], None] | None = None
) -> Preview:
    """Return what an import of the file with these options would do; a refused file has an `error`.

    To change columns, dates or signs, call it again with `ImportOptions.columns`, `.date_order` or `.sign`. Raises:
    Cancelled from `check`; nothing else.
    """
    progress = Progress() if check is None else Progress(check=check)
    progress.check()
    with no_collection():
        return _preview(books, path, options or ImportOptions(), progress)


def _preview(books: Books, path: Path, options: ImportOptions, progress: Progress) -> Preview:
    name = import_reading.plain(path.name.encode("utf-8", "replace").decode())
    try:
        file = import_reading.source(path)
    except UserError as error:
        return _refused(Preview(path=path, file=name), error)
    again = FileResult(path=path, sha256=file.sha256)
    known = imports.already_imported(books, again, options)
    plain = Preview(path=path, file=kept(name), sha256=file.sha256, already_imported=known)
    try:
        parsed = import_reading.parsed(books, file, options)
    except UserError as error:
        asks = _asks(books, file, options, error)
        shown = _with_columns(plain, file, _mapping_of(options))
        if asks == "date_order" and not shown.can_change:
            shown = replace(shown, can_change=("date_order",))
        return _refused(shown, error, asks)
    progress.check()
    plain = _described(books, plain, file, parsed, options)
    found = _Found()
    try:
        with books.reading():
            for statement in parsed.statements:
                _statement(books, statement, parsed, file.name, options, progress, found)
    except AccountLikely as likely:
        # What would come of it if it is that account; the person sees the question beside that account, chosen.
        there = options._replace(account=str(likely.account_id))
        return replace(_preview(books, path, there, progress), looks_like=likely.account_id, doubt=likely.message)
    except UserError as error:
        return _refused(plain, error, "account" if isinstance(error, AccountAmbiguous) else None)
    import_reading.let_go(parsed)
    notes = [*parsed.notes, *found.notes, *(again.notes if known else ())]
    return replace(plain, statements=tuple(found.statements), masked=found.masked, notes=tuple(dict.fromkeys(notes)))


def columns_option(shown: Preview, roles: Mapping[str, str]) -> dict[str, str]:
    """Return `ImportOptions.columns` for roles by column key: {"date": "#1", "text": "#3", "amount": "#4"}."""
    return {"header": "none", **roles} if shown.headerless else dict(roles)


_HINTS = {
    "columns": "Say which column holds the date, the text and the amount.",
    "date_order": "Say whether the month or the day comes first.",
    "account": "Say which account the file belongs to.",
}


def _refused(shown: Preview, error: UserError, asks: str | None = None) -> Preview:
    # Hints that name options are for the command line.
    hint = _HINTS[asks] if asks else "" if "--" in error.hint else error.hint
    return replace(shown, error=error.message, hint=hint, code=error.code, asks=asks)


def _asks(books: Books, file: Source, options: ImportOptions, error: UserError) -> str | None:
    """Return the choice that a refused table waits for: when an order of its dates is enough, it is that."""
    if not isinstance(error, NeedsMapping):
        return None
    if options.date_order is None:
        with contextlib.suppress(UserError):
            import_reading.parsed(books, file, options._replace(date_order="mdy"))
            return "date_order"
    return "columns"


# --- the file ---------------------------------------------------------------------------------------------------------


def _mapping_of(options: ImportOptions) -> Mapping[str, str | int | list[str]] | None:
    return dict(options.columns) if options.columns else None


def _described(books: Books, shown: Preview, file: Source, parsed: ParsedFile, options: ImportOptions) -> Preview:
    shown = replace(
        shown, format=parsed.format, layout=parsed.layout, layout_words=_layout_words(books, parsed, options),
        skipped=tuple(parsed.skipped), rejected=tuple(parsed.rejected),
    )  # fmt: skip
    mapping = parsed.mapping
    if parsed.format == "qif" and mapping is not None:
        return replace(shown, date_order=str(mapping["date_order"]), can_change=("date_order",))
    if parsed.layout != "mapping" or mapping is None:
        return shown
    order = str(mapping.get("date_order"))
    can = (
        ["columns"] + (["date_order"] if order in {"mdy", "dmy"} else []) + (["sign"] if mapping.get("amount") else [])
    )
    sign = options.sign or str(mapping.get("sign"))
    shown = replace(
        shown, date_order=options.date_order or (order if order in {"mdy", "dmy"} else None),
        sign=sign if sign in {"signed", "flipped"} else None, can_change=tuple(can),
    )  # fmt: skip
    # What a person said is sure; what was guessed says how sure it is.
    return _with_columns(shown, file, mapping if options.columns or options.mapping else None)


def _with_columns(shown: Preview, file: Source, mapping: Mapping[str, str | int | list[str]] | None) -> Preview:
    """Add the columns of a table, so that a person can say which is which."""
    from app.core.ingest import csv_look  # noqa: PLC0415 - known layouts need no look

    try:
        text, _ = decode.decode(file.data)
        if reader.kind_of(text) != "csv":
            return shown
        decode.refuse_long_line(text)
    except UserError:
        return shown
    found = csv_look.look(text, mapping, SAMPLES)
    if found is None:
        return shown
    columns = tuple(
        Column(key=each.key, name=_shown(each.name), role=each.role, confidence=each.confidence)
        for each in found.columns
    )
    rows = tuple(tuple(_shown(cell) for cell in row) for row in found.rows)
    can = shown.can_change or ("columns", "date_order", "sign")
    return replace(shown, columns=columns, headerless=found.headerless, raw_rows=rows, can_change=can)


def _shown(text: str) -> str:
    return import_reading.plain(mask(text).text) if text else ""


def _layout_words(books: Books, parsed: ParsedFile, options: ImportOptions) -> str:
    """Return `Chase card CSV`, `OFX from Ally Bank`, `a table we have not seen`."""
    banks = dict.fromkeys(mask(each.institution).text for each in parsed.statements if each.institution)
    bank = " and ".join(banks)
    if parsed.format != "csv":
        return f"{parsed.format.upper()} from {bank}" if bank else f"{parsed.format.upper()} file"
    if parsed.layout != "mapping":
        kinds = {each.kind for each in parsed.statements}
        kind = kinds.pop() if len(kinds) == 1 else None
        word = _KIND_WORDS.get(AccountKind(kind), kind) if kind and kind not in _OWN_NAMES else None
        return " ".join(part for part in (bank or parsed.layout.replace("-", " "), word, "CSV") if part)
    if options.columns:
        return "a table read as you said"
    signature = parsed.mapping and parsed.mapping.get("signature")
    name = next((name for name, known, _ in books.settings.mappings() if known == signature), None)
    return f"a table like “{name}”" if name else "a table we have not seen"


# --- its accounts and rows --------------------------------------------------------------------------------------------


def _statement(
    books: Books, statement: Statement, parsed: ParsedFile, name: str, options: ImportOptions, progress: Progress,
    found: _Found,
) -> None:  # fmt: skip
    account = file_accounts.described(books, statement, parsed, name, options, found.planned)
    made = account.id <= 0
    if not account.id:
        account = account._replace(id=-1 - len(found.planned))
        found.planned.append(account)
    masked = Masked(statement.rows, progress)
    found.masked += masked.count
    ids = books.descriptors.planned(masked.distinct)
    progress.check()
    known = split_known(books, account, statement, parsed.layout, masked.texts, ids)
    found.notes += known.warnings
    first, last = imports.period(statement)
    new_lines = {entry.row.line for entry in known.new}
    # The newest rows are those a person remembers.
    order = sorted(range(len(statement.rows)), key=lambda n: (-statement.rows[n].posted, n))[:SAMPLES]
    groups = {n: Group(ids[masked.texts[n]], account.id, int(statement.rows[n].cents >= 0)) for n in order}
    texts = {ids[masked.texts[n]]: masked.texts[n] for n in order}
    labels = {
        label.group: label.outcome
        for label in group_labels.labelled(books, set(groups.values()), texts, planned=found.planned)
    }
    samples = []
    for n in order:
        row, outcome = statement.rows[n], labels[groups[n]]
        booked = outcome.status != Status.SUGGESTED
        samples.append(
            SampleRow(
                line=row.line, day=row.posted, text=masked.texts[n].text, cents=row.cents,
                suggestion=questions.plain_name(outcome.kind, outcome.line, outcome.percent),
                confidence=confidence_word(outcome.confidence, booked=booked),
                already_there=row.line not in new_lines,
            )
        )  # fmt: skip
    found.statements.append(
        StatementPreview(
            account_id=None if made else account.id, account_words=f"new: {account.name}" if made else account.name,
            kind=account.kind, role=account.role, currency=statement.currency, rows=len(statement.rows),
            new=len(known.new), already_there=known.duplicates, first=first, last=last,
            sum_cents=sum(row.cents for row in statement.rows if row.currency is None),
            stated_cents=statement.balance_cents, stated_day=statement.balance_day, samples=tuple(samples),
        )
    )  # fmt: skip


def confidence_word(confidence: int, *, booked: bool) -> str:
    """Return sure, likely or unsure. What is booked without a question is sure. `confidence` in basis points."""
    if booked:
        return SURE
    return LIKELY if confidence >= _LIKELY_FROM else UNSURE

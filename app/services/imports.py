"""Bring bank files into the books: read, mask, find the account, drop duplicates, write. One operation a file."""

from __future__ import annotations

import gc
import hashlib
import json
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby, repeat
from operator import itemgetter
from pathlib import Path

from app.adapters import safe_files
from app.core.books.vocabulary import AccountKind
from app.core.errors import NotAStatement, Refused, UserError
from app.core.ingest import decode, reader
from app.core.ingest.redact import mask
from app.core.ingest.statement import ParsedFile, ReadOptions, RowTrouble, SourceRow, Statement
from app.services import file_accounts
from app.services.books import Books
from app.services.duplicates import Known, NewRow, split_known
from app.services.import_results import AccountResult, FileResult, ImportOptions
from app.services.unit_of_work import Work
from app.store.accounts import Account
from app.store.descriptors import Text

__all__ = ["AccountResult", "FileResult", "ImportOptions", "import_files"]

_TROUBLES_KEPT = 2000
_CHARGE_DAYS = 30
_LONGEST_TEXT = 4000
"""Characters kept of a text of a row; banks write some hundred, and a list must stay a list."""


def import_files(
    books: Books, paths: Sequence[Path], options: ImportOptions, tell: Callable[[int, int], None] | None = None
) -> list[FileResult]:
    """Import files one after the other; a refused one is reported and the rest go on. `tell` hears (done, all)."""
    results: list[FileResult] = []
    for number, path in enumerate(paths):
        if tell:
            tell(number, len(paths))
        result = FileResult(path=path)
        try:
            with _no_collection():
                _import_one(books, path, options, result)
        except UserError as error:
            result.error = error
        results.append(result)
    return results


@contextmanager
def _no_collection() -> Iterator[None]:
    """Let Python's cycle collector rest: an import makes a million small objects and no cycles."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _import_one(books: Books, path: Path, options: ImportOptions, result: FileResult) -> None:
    data = safe_files.read_limited(path, decode.LARGEST_FILE)
    result.sha256 = hashlib.sha256(data).hexdigest()
    if _same_again(books, result, options):
        return
    # The name goes into the books and onto screens: bytes that are no text and control characters do not.
    name = _plain(path.name.encode("utf-8", "replace").decode())
    parsed = reader.read(data, name, _read_options(books, options, name))
    del data
    result.format, result.layout = parsed.format, parsed.layout
    result.skipped, result.rejected, result.notes = parsed.skipped, parsed.rejected, parsed.notes
    if options.account and len(parsed.statements) > 1:
        raise Refused(
            f"The file holds {len(parsed.statements)} accounts, so it cannot go into one.",
            "Leave --account away: each account is found or made by itself.",
        )
    _refuse_nothing_good(parsed)
    with books.work.operation("import", durable=True, dry_run=options.dry_run) as work:
        for statement in parsed.statements:
            result.accounts.append(_import_statement(work, statement, parsed, name, options, result))
        _keep_mapping(books, parsed, name)
        work.refs = {"files": [result.sha256[:12]], "added": result.added}
        work.audit_body = {
            "sha256": result.sha256, "format": parsed.format, "added": result.added, "duplicates": result.duplicates,
            "rejected": len(result.rejected), "masked": result.masked,
        }  # fmt: skip
    result.operation = work.outcome.operation
    for account in result.accounts:
        account.balance_cents = file_accounts.balance(books, account.account.id)


def _refuse_nothing_good(parsed: ParsedFile) -> None:
    """A file without one good row is refused: there is nothing to keep."""
    if parsed.rejected and not parsed.skipped and not any(statement.rows for statement in parsed.statements):
        first = parsed.rejected[0]
        raise Refused(
            f"None of the {len(parsed.rejected)} rows could be read; line {first.line}: {first.reason}.",
            "Download the file again, or choose another format.",
            code="row_errors",
        )
    if parsed.layout == "mapping" and not any(statement.rows for statement in parsed.statements):
        # Of an unknown table without one transaction nobody can say that it is a statement.
        raise NotAStatement("The table has no transaction in it.", decode.DOWNLOAD_HINT)


def _same_again(books: Books, result: FileResult, options: ImportOptions) -> bool:
    """The very same bytes into the same account: nothing to do, known without reading the file."""
    known = books.accounts.files_with(result.sha256)
    if options.account is not None:
        account = file_accounts.find(books, options.account)
        known = [file for file in known if account is not None and file.account_id == account.id]
    if not known:
        return False
    result.format, result.layout = known[0].format, known[0].layout
    for file in known:
        account = books.accounts.get(file.account_id)
        if account is None:
            return False
        result.accounts.append(
            AccountResult(
                account=account, made=False, rows=file.row_count, added=0, duplicates=file.added + file.duplicates,
                first=file.first_day, last=file.last_day, sum_cents=file.sum_cents,
                statement_balance_cents=file.balance_cents,
                balance_cents=file_accounts.balance(books, account.id),
                balance_ties=file_accounts.ties(books, account, file.balance_cents, file.balance_day,
                                                sets_opening=bool(file.sets_opening)),
            )
        )  # fmt: skip
    troubles = json.loads(known[0].troubles)
    result.skipped = [RowTrouble(*row) for row in troubles.get("skipped", [])]
    result.rejected = [RowTrouble(*row) for row in troubles.get("rejected", [])]
    result.masked = sum(file.masked for file in known)
    result.notes = ["This very file is in the books already; nothing was added."]
    return True


def _read_options(books: Books, options: ImportOptions, file_name: str) -> ReadOptions:
    saved = {name: (signature, json.loads(body)) for name, signature, body in books.settings.mappings()}
    if options.mapping is not None and options.mapping not in saved:
        raise Refused(f"There is no saved mapping “{options.mapping}”.", "Import without --mapping to make one.")
    return ReadOptions(
        format=options.format,
        account_kind=file_accounts.known_kind(books, file_name, options),
        date_order=options.date_order,
        sign=options.sign,
        time_zone=books.zone(),
        mapping=saved[options.mapping][1] if options.mapping else _named_columns(options),
        # A day-first bank is the exception in the US: columns of the same names do not make another bank one.
        mappings_by_header={
            signature: body
            if body.get("date_order") != "dmy"
            or file_accounts.name_letters(name) == file_accounts.name_letters(file_name)
            else {**body, "date_order": "auto"}
            for name, (signature, body) in saved.items()
        },
    )


def _named_columns(options: ImportOptions) -> dict[str, str | int | list[str]] | None:
    """Return a mapping of the columns the user named, None when none was."""
    if not options.columns:
        return None
    return {"header": "names", "date_order": options.date_order or "auto", "sign": options.sign or "auto",
            **options.columns}  # fmt: skip


def _keep_mapping(books: Books, parsed: ParsedFile, name: str) -> None:
    if parsed.mapping is None:
        return
    signature = str(parsed.mapping["signature"])
    known = {sig for _, sig, _ in books.settings.mappings()}
    if signature not in known:
        taken = {each for each, _, _ in books.settings.mappings()}
        stem, number = mask(Path(name).stem).text[:40] or "mapping", 2
        wanted = stem
        while wanted in taken:
            wanted, number = f"{stem} {number}", number + 1
        books.settings.add_mapping(wanted, signature, json.dumps(parsed.mapping, sort_keys=True))


def _import_statement(
    work: Work, statement: Statement, parsed: ParsedFile, name: str, options: ImportOptions, result: FileResult
) -> AccountResult:
    books = work.books
    known_accounts = books.accounts.all()
    account, made = file_accounts.account_for(books, statement, parsed, name, options)
    if books.accounts.all() != known_accounts:
        work.rematch_all = True  # texts of other accounts may name the new one
    masked_rows = _Masked(statement.rows)
    result.masked += masked_rows.count
    ids = books.descriptors.intern(dict.fromkeys(masked_rows.texts))
    known = split_known(books, account, statement, parsed.layout, masked_rows.texts, ids)
    work.know({number: text for text, number in ids.items()}, account.id, known.new)
    first, last = _period(statement)
    total = sum(map(_CENTS, statement.rows))
    file_id = books.accounts.add_file((
        account.id, mask(name).text, result.sha256, parsed.format, parsed.layout, first, last, len(statement.rows),
        len(known.new), known.duplicates, masked_rows.count, total, statement.balance_cents,
        statement.balance_day, 0, _troubles(parsed),
    ))  # fmt: skip
    _insert(books, account, known, file_id)
    books.accounts.add_sources([(file_id, line, number) for line, number in known.existing])
    if known.warnings:
        result.notes.extend(known.warnings)
    sets = file_accounts.settle_opening(books, account, statement, known.new, file_id)
    account = books.accounts.get(account.id) or account
    return AccountResult(
        account=account, made=made, rows=len(statement.rows), added=len(known.new), duplicates=known.duplicates,
        first=first, last=last, sum_cents=total, statement_balance_cents=statement.balance_cents, balance_cents=0,
        balance_ties=file_accounts.ties(
            books, account, statement.balance_cents, statement.balance_day, sets_opening=sets
        ),
    )  # fmt: skip


class _Masked:
    """The texts of a statement's rows, each distinct one masked once, before anything is written."""

    def __init__(self, rows: Sequence[SourceRow]) -> None:
        raw = list(map(_TEXTS, rows))
        made = {words: _masked(*words) for words in dict.fromkeys(raw)}
        changed = {words: count for words, (_, count) in made.items() if count}
        self.count = sum(map(changed.get, raw, repeat(0))) if changed else 0
        texts = {words: text for words, (text, _) in made.items()}
        self.texts: list[Text] = [texts[words] for words in raw]


_POSTED = itemgetter(SourceRow._fields.index("posted"))
_CENTS = itemgetter(SourceRow._fields.index("cents"))
_TEXTS = itemgetter(*map(SourceRow._fields.index, ("text", "source_type", "memo")))


def _masked(text: str, type_word: str | None, memo: str | None) -> tuple[Text, int]:
    found = mask(text)
    count = found.count
    if memo:
        hidden = mask(memo)
        memo, count = _plain(hidden.text), count + hidden.count
    return Text(_plain(found.text), type_word and _plain(type_word), memo), count


_CONTROL = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


def _plain(text: str) -> str:
    """Data text is never markup: control and direction characters do not enter the books."""
    return text if text.isascii() and text.isprintable() else " ".join(_CONTROL.sub(" ", text).split()) or "(no text)"


def _insert(books: Books, account: Account, known: Known, file_id: int) -> None:
    """Write the new rows, oldest first where the file begins with the newest: ids then follow the days."""
    rows = known.new
    if len(rows) > 1 and rows[0].row.posted > rows[-1].row.posted:
        rows = rows[::-1]
    for plain, group in groupby(rows, key=_is_plain):
        if plain:
            books.transactions.insert_plain(
                account.business_id, account.id, account.currency, file_id,
                [(descriptor_id, row[1], row[3], key, row[0]) for descriptor_id, row, key in group],
            )  # fmt: skip
            continue
        books.transactions.insert([
            (account.business_id, account.id, descriptor_id, _tax_day(account, row), row.posted, row.transacted,
             row.cents, row.currency or account.currency, row.usd_cents, row.gross_cents, row.fee_cents, key, file_id,
             row.line)
            for descriptor_id, row, key in group
        ])  # fmt: skip


_NOTHING_MORE = (None, None, None, None)


def _is_plain(new: NewRow) -> bool:
    """Whether a row has one date, no fee and no currency of its own."""
    row = new[1]
    return row[2] is None and row[7:11] == _NOTHING_MORE


def _tax_day(account: Account, row: SourceRow) -> int:
    """A charge on a card counts on the day of the purchase where the file tells it (tax rule 3)."""
    charge = account.kind == AccountKind.CREDIT and row.cents < 0 and row.transacted is not None
    if charge and row.transacted is not None and 0 <= row.posted - row.transacted <= _CHARGE_DAYS:
        return row.transacted
    return row.posted


def _period(statement: Statement) -> tuple[int | None, int | None]:
    rows = statement.rows
    first = statement.first_day if statement.first_day is not None else min(map(_POSTED, rows), default=None)
    last = statement.last_day if statement.last_day is not None else max(map(_POSTED, rows), default=None)
    return first, last


def _troubles(parsed: ParsedFile) -> str:
    return json.dumps(
        {
            "skipped": [list(row) for row in parsed.skipped[:_TROUBLES_KEPT]],
            "rejected": [list(row) for row in parsed.rejected[:_TROUBLES_KEPT]],
        }
    )

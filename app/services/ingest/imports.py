"""Bring bank files into the books: read, mask, find the account, drop duplicates, write. One operation a file."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from app.adapters import logs
from app.core.errors import BadFile, UserError
from app.core.ingest.statement import ParsedFile, RowTrouble, SourceRow, Statement
from app.core.ingest.typed import kept
from app.core.log_events import Event
from app.services.books.open_books import Books
from app.services.books.work import Work
from app.services.ingest import file_accounts, import_reading, retelling
from app.services.ingest.collector import no_collection
from app.services.ingest.duplicates import Known, NewRow, split_known
from app.services.ingest.import_reading import BATCH, Masked, Progress
from app.services.ingest.import_results import AccountResult, FileResult, ImportOptions
from app.services.ledger import balances, which_account
from app.store.accounts import Account

__all__ = ["AccountResult", "FileResult", "ImportOptions", "already_imported", "import_files", "period"]

_TROUBLES_KEPT = 2000


def import_files(
    books: Books, paths: Sequence[Path], options: ImportOptions, tell: Callable[[int, int], None] | None = None,
    *, check: Callable[[], None] | None = None, tell_rows: Callable[[int, int], None] | None = None,
) -> list[FileResult]:  # fmt: skip
    """Import files one after the other; a refused one is reported and the rest go on.

    `tell` hears (files done, all files), `tell_rows` (rows done, all rows) of the file at work. `check` is called
    every few thousand rows and may raise Cancelled: nothing of the file at work is left then, while files that were
    whole before it stay, each an operation of its own.
    """
    results: list[FileResult] = []
    for number, path in enumerate(paths):
        if tell:
            tell(number, len(paths))
        result = FileResult(path=path)
        progress = Progress(tell=tell_rows) if check is None else Progress(check=check, tell=tell_rows)
        progress.check()
        begun = books.clock.monotonic_ms()
        try:
            with no_collection():
                _import_one(books, path, options, result, progress)
        except UserError as error:
            result.error = error
        if not options.dry_run:
            _note(result, books.clock.monotonic_ms() - begun)
        results.append(result)
    return results


def _note(result: FileResult, took: int) -> None:
    """Tell the program's log how it went: codes and ranges, no word of the file."""
    if result.error is not None:
        line = result.error.line if isinstance(result.error, BadFile) else None
        logs.note(Event.IMPORT_REFUSED, error=result.error.code, format=result.format, size=result.size, line=line,
                  took=took)  # fmt: skip
        return
    first_bad = min((row.line for row in result.rejected), default=0)
    logs.note(Event.IMPORT_DONE, format=result.format, layout=result.layout, size=result.size, rows=result.rows,
              rejected=len(result.rejected), first_bad=first_bad, masked=result.masked, took=took)  # fmt: skip


def _import_one(books: Books, path: Path, options: ImportOptions, result: FileResult, progress: Progress) -> None:
    file = import_reading.source(path)
    result.sha256, result.size = file.sha256, len(file.data)
    if already_imported(books, result, options):
        return
    parsed = import_reading.parsed(books, file, options)
    name = file.name
    del file
    result.format, result.layout = parsed.format, parsed.layout
    result.skipped, result.rejected, result.notes = parsed.skipped, parsed.rejected, parsed.notes
    progress.total = sum(len(statement.rows) for statement in parsed.statements)
    progress.at("read", progress.total)
    with books.work.operation("import", durable=True, dry_run=options.dry_run) as work:
        work.check = progress.check
        for statement in parsed.statements:
            result.accounts.append(_import_statement(work, statement, parsed, name, options, result, progress))
        _keep_mapping(books, parsed, name)
        work.refs = {"files": [result.sha256[:12]], "added": result.added}
        work.audit_body = {
            "sha256": result.sha256, "format": parsed.format, "added": result.added, "duplicates": result.duplicates,
            "rejected": len(result.rejected), "masked": result.masked,
        }  # fmt: skip
    result.operation = work.outcome.operation
    _let_go(parsed, work)
    result.accounts = [each._replace(balance_cents=balances.of(books, each.account.id)) for each in result.accounts]
    progress.end()


def _let_go(parsed: ParsedFile, work: Work) -> None:
    """Free what the file took bit by bit, for the same reason as `import_reading.let_go`."""
    import_reading.let_go(parsed)
    while work.texts:
        work.texts.popitem()
    while work.fresh:
        work.fresh.pop()


def already_imported(books: Books, result: FileResult, options: ImportOptions) -> bool:
    """Say whether the very same bytes went into the same account, known without reading them; fills the result then."""
    known = books.accounts.files_with(result.sha256)
    if options.account is not None:
        account = which_account.find(books, options.account)
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
                balance_cents=balances.of(books, account.id),
                balance_ties=balances.ties(books, account, file.balance_cents, file.balance_day,
                                                sets_opening=bool(file.sets_opening)),
            )
        )  # fmt: skip
    troubles = json.loads(known[0].troubles)
    result.skipped = [RowTrouble(*row) for row in troubles.get("skipped", [])]
    result.rejected = [RowTrouble(*row) for row in troubles.get("rejected", [])]
    result.masked = sum(file.masked for file in known)
    result.notes = ["This very file is in the books already; nothing was added."]
    return True


def _keep_mapping(books: Books, parsed: ParsedFile, name: str) -> None:
    if parsed.mapping is None:
        return
    if any(kept(word) != " ".join(word.split()) for word in _words(parsed.mapping)):
        return  # names of columns that hold a number: they are not kept, the next such file is worked out anew
    signature = str(parsed.mapping["signature"])
    known = {sig for _, sig, _ in books.settings.mappings()}
    if parsed.format == "qif" or signature not in known:  # a new answer about the same files takes the old one's place
        taken = {each for each, _, _ in books.settings.mappings()}
        stem, number = kept(Path(name).stem)[:40] or "mapping", 2
        wanted = stem
        while wanted in taken:
            wanted, number = f"{stem} {number}", number + 1
        books.settings.add_mapping(wanted, signature, json.dumps(parsed.mapping, sort_keys=True))


def _words(mapping: Mapping[str, str | int | list[str]]) -> Iterator[str]:
    for value in mapping.values():
        yield from value if isinstance(value, list) else [str(value)]


def _import_statement(
    work: Work, statement: Statement, parsed: ParsedFile, name: str, options: ImportOptions, result: FileResult,
    progress: Progress,
) -> AccountResult:  # fmt: skip
    books = work.books
    known_accounts = books.accounts.all()
    account, made = file_accounts.account_for(books, statement, parsed, name, options)
    if books.accounts.all() != known_accounts:
        work.rematch_all = True  # texts of other accounts may name the new one
    result.notes.extend(file_accounts.in_currency_of(account, statement))
    if made:
        result.notes.extend(file_accounts.in_others_too(books, account, statement))
    masked_rows = Masked(statement.rows, progress)
    result.masked += masked_rows.count
    ids = books.descriptors.intern(masked_rows.distinct)
    progress.at("known", 0)
    known = split_known(books, account, statement, parsed.layout, masked_rows.texts, ids)
    progress.at("write", 0)
    work.know({number: text for text, number in ids.items()}, account.id, known.new)
    first, last = period(statement)
    # amounts of two currencies make no sum: that of the statement counts
    total = sum(cents for cents, currency in map(_CENTS_IN, statement.rows) if currency is None)
    file_id = books.accounts.add_file((
        account.id, kept(name), result.sha256, parsed.format, parsed.layout, first, last, len(statement.rows),
        len(known.new), known.duplicates, masked_rows.count, total, statement.balance_cents,
        statement.balance_day, 0, _troubles(parsed),
    ))  # fmt: skip
    before = retelling.take_better(work, account, file_id, known.met) if known.met else []
    _insert(books, account, known, file_id, progress)
    now = {number for *_, number in before}
    books.accounts.add_sources([*before, *((file_id, *each) for each in known.existing if each[1] not in now)])
    if known.warnings:
        result.notes.extend(known.warnings)
    sets = balances.settle_opening(books, account, statement, known.new, file_id)
    account = books.accounts.get(account.id) or account
    return AccountResult(
        account=account, made=made, rows=len(statement.rows), added=len(known.new), duplicates=known.duplicates,
        first=first, last=last, sum_cents=total, statement_balance_cents=statement.balance_cents, balance_cents=0,
        balance_ties=balances.ties(
            books, account, statement.balance_cents, statement.balance_day, sets_opening=sets
        ),
    )  # fmt: skip


_POSTED = itemgetter(SourceRow._fields.index("posted"))
_CENTS_IN = itemgetter(*map(SourceRow._fields.index, ("cents", "currency")))


def _insert(books: Books, account: Account, known: Known, file_id: int, progress: Progress) -> None:
    """Write the new rows, oldest first where the file begins with the newest: ids then follow the days."""
    rows = known.new
    if len(rows) > 1 and rows[0].row.posted > rows[-1].row.posted:
        rows = rows[::-1]
    for start in range(0, len(rows), BATCH):
        progress.at("write", start)
        _insert_batch(books, account, rows[start : start + BATCH], file_id)


def _insert_batch(books: Books, account: Account, rows: Sequence[NewRow], file_id: int) -> None:
    for plain, group in groupby(rows, key=_is_plain):
        if plain:
            books.told_rows.insert_plain(
                account.business_id, account.id, account.currency, file_id,
                [(descriptor_id, row[1], row[3], key, row[0]) for descriptor_id, row, key in group],
            )  # fmt: skip
            continue
        books.told_rows.insert([
            (account.business_id, account.id, descriptor_id, tax_day(account, row), row.posted, row.transacted,
             row.cents, row.currency or account.currency, _dollars(account, row), row.gross_cents, row.fee_cents, key,
             file_id, row.line)
            for descriptor_id, row, key in group
        ])  # fmt: skip


_NOTHING_MORE = (None, None, None, None)


def _is_plain(new: NewRow) -> bool:
    """Whether a row moves money, and has one date, no fee and no currency of its own."""
    row = new[1]
    return row[2] is None and row[3] != 0 and row[7:11] == _NOTHING_MORE


def _dollars(account: Account, row: SourceRow) -> int | None:
    """Return what the file itself says in dollars of a foreign row; nothing is nothing at every rate."""
    is_nothing = not row.cents and not row.gross_cents and (row.currency or account.currency) != "USD"
    return 0 if is_nothing else row.usd_cents


def tax_day(account: Account, row: SourceRow) -> int:
    return retelling.tax_day(account, row.posted, row.transacted, row.cents)


def period(statement: Statement) -> tuple[int | None, int | None]:
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

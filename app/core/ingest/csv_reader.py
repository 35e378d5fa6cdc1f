"""CSV files of banks, cards and processors: known layouts by their column names, all others by a guessed mapping."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, tzinfo
from itertools import chain, islice
from typing import NamedTuple

from app.core.errors import NeedsMapping, NotAStatement, Refused
from app.core.ingest import csv_mapping
from app.core.ingest.csv_accounts import Titles, file_name, institution_in, kind_in_name, statements
from app.core.ingest.csv_bank_layouts import BANK_LAYOUTS, WELLS_FARGO_HEADERLESS
from app.core.ingest.csv_blocks import blocks
from app.core.ingest.csv_columns import Columns, bind, cents_of_cell, names_of, with_sign
from app.core.ingest.csv_days import DayReader, parts_of
from app.core.ingest.csv_layouts import Layout, find_layout
from app.core.ingest.csv_lines import Record, records, split_lines
from app.core.ingest.csv_mapping import Mapping
from app.core.ingest.csv_names import SIGNS
from app.core.ingest.csv_processor_layouts import PROCESSOR_LAYOUTS
from app.core.ingest.csv_rows import RowReader
from app.core.ingest.csv_sheet import Sheet
from app.core.ingest.csv_wallets import settle
from app.core.ingest.statement import ParsedFile, ReadOptions, Statement

DELIMITERS = (",", ";", "\t", "|")
HEAD = 120
"""Records in which the header is looked for, and by which a table is judged."""

LAYOUTS: tuple[Layout, ...] = BANK_LAYOUTS + PROCESSOR_LAYOUTS

_MARKUP = ("<!doctype", "<html", "<?xml", "<ofx", "<svg", "<table", "<document")


class _Table(NamedTuple):
    """A file whose columns are known."""

    delimiter: str
    columns: Columns
    first_line: int
    titles: Titles
    mapping: Mapping | None = None
    locale_known: bool = True
    left_out: str = ""


def read(text: str, name: str, options: ReadOptions) -> ParsedFile:
    """Return the statements of a CSV text.

    `name` is the file's name: it may tell the institution and the last four digits of the account.
    Raises: NeedsMapping when the meaning of the columns, the date order or a card's signs stay open; NotAStatement when
    the text is no table of dates and amounts.
    """
    lines = split_lines(text)
    _refuse_other_texts(text)
    table = _table(lines, file_name(name), options)
    sheet, days, table = _read_in_order(_without_signs(lines, table), table, options)
    layout = table.columns.layout
    notes = _notes(text, sheet, days, layout)
    if table.left_out:
        notes.append(f"The column “{table.left_out}” was left out: the amounts were taken as what moved the balance.")
    skipped = sheet.skipped
    for batch in sheet.batches.values():
        skipped += settle(batch, layout)
    found, pending = statements(sheet.batches, layout, table.titles, days)
    notes += _settle_signs(found, table, options)
    _settle_kinds(found, table.titles)
    mapping = table.mapping
    if mapping is not None and mapping.get("date_order") == "auto" and days.open + days.month_first + days.day_first:
        mapping = {**mapping, "date_order": days.order}
    parsed = ParsedFile(format="csv", layout=layout.id, statements=found, mapping=mapping)
    parsed.skipped, parsed.rejected, parsed.notes = sorted(skipped + pending), sorted(sheet.rejected), notes
    return parsed


def _without_signs(lines: list[str], table: _Table) -> list[str]:
    """Return the lines without the sign of the currency that all amounts are in, so that they read as numbers."""
    signs = [sign for sign, code in SIGNS.items() if code == table.columns.layout.money]
    return [line.replace(signs[0], "") for line in lines] if signs else lines


def _refuse_other_texts(text: str) -> None:
    start = text[:400].lstrip("\ufeff \t\r\n").lower()
    if start.startswith(_MARKUP):
        raise NotAStatement("The file is markup, not a table.", "Download the statement as OFX, QFX, QBO, QIF or CSV.")


def _table(lines: Sequence[str], name: str, options: ReadOptions) -> _Table:
    """Find out how the file is laid out. Raises: NeedsMapping, NotAStatement."""
    start = list(islice(lines, 400))
    heads = {
        delimiter: list(islice(records(start, delimiter, 0, 2), HEAD))
        for delimiter in DELIMITERS
        if any(delimiter in line for line in start)
    }
    if not heads:
        raise NotAStatement("The file is no table.", "Download the statement as OFX, QFX, QBO, QIF or CSV.")
    order = sorted(heads, key=lambda delimiter: -evenness(heads[delimiter]))
    for delimiter in order:
        if found := _by_saved_mapping(heads[delimiter], delimiter, name, options):
            return found
    for delimiter in order:
        if found := _by_layout(heads[delimiter], delimiter, name):
            return found
    trouble: Refused | None = None
    for delimiter in order:
        try:
            return _by_guess(heads[delimiter], delimiter, name)
        except Refused as refusal:
            if trouble is None or (isinstance(refusal, NeedsMapping) and isinstance(trouble, NotAStatement)):
                trouble = refusal
    assert trouble is not None, "every delimiter of the file was tried"
    raise trouble


def evenness(head: Sequence[Record]) -> int:
    """Return how much a delimiter makes rows of one width: records of the commonest width times that width."""
    counts: dict[int, int] = {}
    for _, fields in head:
        width = len(fields or ())
        counts[width] = counts.get(width, 0) + 1
    return max((times * min(width, 30) for width, times in counts.items() if width > 1), default=0)


def _titles(name: str, head: Sequence[Record]) -> Titles:
    return Titles(name=name, lines=tuple(tuple(fields[:40]) for _, fields in head if fields))


def _by_saved_mapping(head: Sequence[Record], delimiter: str, name: str, options: ReadOptions) -> _Table | None:
    given = options.mapping
    if given is None and not options.mappings_by_header:
        return None
    if given is not None and given.get("delimiter", delimiter) != delimiter:
        return None
    for index, (line, fields) in enumerate(head):
        if not fields:
            continue
        mapping = given
        if mapping is None:
            mapping = options.mappings_by_header.get(csv_mapping.signature(fields))
            if mapping is None and index == 0:
                mapping = options.mappings_by_header.get(csv_mapping.signature_of_width(len(fields)))
            if mapping is None:
                continue
        titles = _titles(name, head[:index])
        institution, kind = institution_in(titles)
        layout = csv_mapping.layout_of(mapping, institution, kind)
        headerless = mapping.get("header") == csv_mapping.HEADERLESS
        names = tuple(f"#{number + 1}" for number in range(len(fields))) if headerless else names_of(fields)
        columns = bind(layout, names)
        if not _resolves(columns, fields, headerless=headerless):
            continue
        own = csv_mapping.signature_of_width(len(fields)) if headerless else csv_mapping.signature(fields)
        return _Table(
            delimiter=delimiter,
            columns=columns,
            first_line=line if headerless else line + 1,
            titles=titles,
            mapping={"signature": own, **mapping},
            locale_known=institution is not None or layout.order != "auto",
        )
    if given is not None and delimiter == given.get("delimiter"):
        raise NeedsMapping("The columns of the mapping are not in this file.", "Choose another mapping, or none.")
    return None


def _resolves(columns: Columns, fields: Sequence[str], *, headerless: bool) -> bool:
    layout = columns.layout
    wanted = ((layout.amount, columns.amount), (layout.debit, columns.debit), (layout.credit, columns.credit))
    if columns.date < 0 or any(role and index < 0 for role, index in wanted):
        return False
    return _is_day(fields[columns.date]) if headerless else not _is_day(fields[columns.date])


def _is_day(cell: str) -> bool:
    try:
        parts_of(cell)
    except ValueError:
        return False
    return True


def _by_layout(head: Sequence[Record], delimiter: str, name: str) -> _Table | None:
    for index, (line, fields) in enumerate(head):
        if not fields or len(fields) < 3:
            continue
        names = names_of(fields)
        titles = _titles(name, head[:index])
        if layout := find_layout(LAYOUTS, frozenset(names), titles.text()):
            # a file re-saved with a decimal comma is told by its delimiter; its amounts are read as typed
            layout = layout._replace(decimal_comma=_decimal_comma(layout, names, head[index + 1 :]))
            below = head[index + 1][0] if index + 1 < len(head) else line + 1
            return _Table(delimiter=delimiter, columns=bind(layout, names), first_line=below, titles=titles)
    sample = [fields for _, fields in head[:20] if fields]
    if sample and sum(map(_is_wells_fargo, sample)) * 5 >= len(sample) * 4:
        layout = WELLS_FARGO_HEADERLESS
        return _Table(
            delimiter=delimiter,
            columns=bind(layout, ("", "", "", "", "")),
            first_line=head[0][0],
            titles=_titles(name, ()),
        )
    return None


def _decimal_comma(layout: Layout, names: Sequence[str], rows: Sequence[Record]) -> bool:
    columns = bind(layout, names)
    places = [at for at in (columns.amount, columns.gross, columns.debit, columns.credit) if at >= 0]
    cells = [fields[at].strip() for _, fields in rows if fields for at in places if at < len(fields)]
    comma = sum(1 for cell in cells if cell[-3:-2] == ",")
    return comma > 0 and not any(cell[-3:-2] == "." for cell in cells)


def _is_wells_fargo(fields: Sequence[str]) -> bool:
    if len(fields) != 5 or fields[2].strip() != "*" or not _is_day(fields[0]):
        return False
    try:
        cents_of_cell(fields[1], decimal_comma=False)
    except ValueError:
        return False
    return True


def _by_guess(head: Sequence[Record], delimiter: str, name: str) -> _Table:
    from app.core.ingest import csv_shape  # noqa: PLC0415 - known layouts need no guess

    guessed = csv_shape.guess(head, delimiter)
    titles = Titles(name=name, lines=guessed.titles)
    institution, kind = institution_in(titles)
    layout = csv_mapping.layout_of(guessed.mapping, institution, kind)
    return _Table(
        delimiter=delimiter,
        columns=bind(layout, guessed.names),
        first_line=guessed.first_line,
        titles=titles,
        mapping=guessed.mapping,
        locale_known=institution is not None,
        left_out=guessed.left_out,
    )


def _read_in_order(lines: list[str], table: _Table, options: ReadOptions) -> tuple[Sheet, DayReader, _Table]:
    """Read the rows, again where the whole file shows that its dates or signs are the other way round.

    Raises: NeedsMapping when every day could be a month and nobody says which comes first.
    """
    columns, zone = table.columns, options.time_zone
    order = options.date_order or columns.layout.order
    start = "dmy" if order == "dmy" or (order == "auto" and columns.layout.decimal_comma) else "mdy"
    days = DayReader(start)
    sheet = _rows(lines, table, columns, days, zone)
    if days.order_in_doubt():
        days = DayReader("mdy" if start == "dmy" else "dmy")
        sheet = _rows(lines, table, columns, days, zone)
    elif order == "auto" and days.open and not (days.month_first or days.day_first or _locale_known(table)):
        raise NeedsMapping(
            "Every date of this file could be month first or day first.",
            "Import it again with --date-order mdy (month first) or --date-order dmy. Columns: "
            + ", ".join(name for name in columns.names if name)[:400],
        )
    unsigned = not sheet.negative and sheet.out_words > 0 and columns.layout.sign == "signed"
    if unsigned and columns.direction >= 0:
        table = table._replace(columns=with_sign(columns, "word"))
        sheet = _rows(lines, table, table.columns, days, zone)
    return sheet, days, table


def _locale_known(table: _Table) -> bool:
    """Whether the institution, or amounts written with a decimal comma, say which way dates are written."""
    return table.locale_known or table.columns.layout.decimal_comma


def _rows(lines: list[str], table: _Table, columns: Columns, days: DayReader, zone: tzinfo | None) -> Sheet:
    data = blocks(lines, table.delimiter, table.first_line - 1, columns.width)
    return RowReader(columns, days, zone or UTC).read(data)


def _settle_signs(found: Sequence[Statement], table: _Table, options: ReadOptions) -> list[str]:
    """Turn a bare amount column round where it needs it; return what to say of the choice, if there was one to make."""
    layout = table.columns.layout
    if layout.sign != "auto" or table.columns.amount < 0:
        return []
    from app.core.ingest import csv_sign  # noqa: PLC0415 - known layouts say how they sign

    told = options.account_kind is not None
    kind = options.account_kind or layout.kind or kind_in_name(table.titles.text())
    rows = list(chain.from_iterable(statement.rows for statement in found))
    sign = options.sign or csv_sign.decide(rows, kind, told=told)
    for statement in found:
        if sign == "flipped":
            statement.rows = csv_sign.turned(statement.rows)
            statement.kind = statement.kind or csv_sign.CARD_KIND
    return [csv_sign.sentence(statement.rows, sign, statement.currency) for statement in found]


def _settle_kinds(found: Sequence[Statement], titles: Titles) -> None:
    spelled = kind_in_name(titles.text())
    for statement in found:
        if statement.kind in {None, "checking"} and spelled and statement.name is None:
            statement.kind = spelled


def _notes(text: str, sheet: Sheet, days: DayReader, layout: Layout) -> list[str]:
    notes: list[str] = []
    if days.order == "dmy" and (days.day_first or days.open):
        notes.append("Dates were read day first.")
    if days.day_first and days.month_first:
        notes.append("Some dates are only readable in the other order of day and month; their rows were rejected.")
    if layout.decimal_comma:
        notes.append("Amounts were read with a decimal comma.")
        if layout.id == "mapping" and not (layout.currency or layout.money):
            notes.append("The file names no currency; the amounts were taken for US dollars.")
    if nul := text.count("\0"):
        notes.append(f"The file holds {nul} NUL characters; they were left out of texts.")
    if sheet.uneven_fees:
        notes.append(f"In {sheet.uneven_fees} rows gross, fee and net do not add up; only the net was taken.")
    return notes

"""The workbook of the pack: the lead sheet first, then one workpaper a tab, linked by reference."""

from __future__ import annotations

from collections.abc import Sequence

from app.core.dates import iso, month_of
from app.core.money import WHOLE, money_text, rate_text
from app.core.report.lead_sheet import (
    LeadRow,
    answers,
    lead_rows,
    part_answers,
    part_v,
    rounding,
    whole_amounts,
)
from app.core.report.lines import settled_line
from app.core.report.own_csv import initials
from app.core.report.pack_input import PackInput
from app.core.report.receipts import after_period, bridge, payers
from app.core.report.schedule_c import ScheduleC
from app.core.report.sheet import Sheet, SheetCell, SheetColumn, SheetType, amounts, count, day, total_of, words
from app.core.report.wording import counted
from app.core.report.workpapers import Papers, over_limit

LEAD_COLUMNS = (
    words("Line", 7), words("Description", 38), *amounts("This year"),
    SheetColumn("Whole dollars", SheetType.DOLLARS, 14), *amounts("Rounding", "Before limit"),
    SheetColumn("Limit", SheetType.RATE, 8), *amounts("Last year", "Change"),
    SheetColumn("Change %", SheetType.RATE, 10), words("Flag", 6), count("Rows"), words("Tick", 6),
    SheetColumn("Workpaper", SheetType.LINK, 11), words("Code", 7),
)  # fmt: skip

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

FORMS_NOT_RECORDED = "No form 1099 received is recorded: compare each form with its payer's total here."


def workbook(source: PackInput, form: ScheduleC) -> list[Sheet]:
    """Return the tabs in the order an accountant reads them; what the product does not keep has no tab."""
    papers = Papers(source)
    rows = lead_rows(form, source.prior)
    lines = [papers.line(row.code, row.label, row.reference) for row in rows if row.reference and row.rows]
    fifth = part_v_sheet(papers)
    return [
        lead_sheet(source, papers, rows),
        answers_sheet(source, form),
        receipts_sheet(papers),
        bridge_sheet(papers),
        *([forms_sheet(source)] if source.forms else []),
        tie_out_sheet(source),
        coverage_sheet(source),
        *lines,
        *([fifth] if fifth.rows else []),
        *([worked_sheet(source)] if source.worksheet else []),
        papers.large(),
        papers.contractors(),
        papers.payments(),
        papers.schedule_1(),
        papers.loans(),
        papers.owner(),
        papers.personal(),
        papers.round_numbers(),
        papers.year_end(),
        papers.questions(),
    ]


def worked_sheet(source: PackInput) -> Sheet:
    """Return the worksheets behind lines that no bank row gives: mileage, depreciation, the home office."""
    columns = (
        words("Business", 24), words("Form", 26), words("Line", 7), words("What", 44), *amounts("Amount"),
        words("Worked out as", 52), words("From, in cents", 60), words("Rule", 60),
    )  # fmt: skip
    rows: list[tuple[SheetCell, ...]] = [tuple(line) for line in source.worksheet]
    notes = ("Amounts of vehicles, equipment and the home office have no rows in the ledger.", *source.open_facts)
    return Sheet("Worked out", "W-5", "Worksheets behind Schedule C", columns, rows, None, notes)


def answers_sheet(source: PackInput, form: ScheduleC) -> Sheet:
    columns = (words("Line", 9), words("What the form asks", 36), words("Answer", 80))
    rows = [tuple(each) for each in (*answers(source, over_limit(source)), *part_answers(form, source.vehicles))]
    return Sheet("Lines A to J", "L-2", "Lines A to J, Part III and Part IV", columns, rows)


def lead_sheet(source: PackInput, papers: Papers, rows: Sequence[LeadRow]) -> Sheet:
    before = "Last year: as these books hold it, not the return as filed." if source.prior else (
        f"Last year: these books hold nothing of {source.year - 1}.")  # fmt: skip
    notes = (
        f"Whole dollars: lines rounded, results added from them; rounding of net profit {money_text(rounding(rows))}.",
        before,
        "Flag !: changed by more than 20 % and $500. Meals stand after their limit, the full sum beside it.",
    )
    strong = frozenset(at for at, row in enumerate(rows) if row.style in {"total", "result"})
    cells = [_lead_cells(papers, row, whole) for row, whole in zip(rows, whole_amounts(rows), strict=True)]
    return Sheet("Lead sheet", "L-1", f"Schedule C {source.year}, lead sheet", LEAD_COLUMNS, cells, None, notes, strong)


def _lead_cells(papers: Papers, row: LeadRow, whole: int | None) -> tuple[SheetCell, ...]:
    part = row.style == "part"
    limited = row.limit != WHOLE
    return (
        row.number, f"   {row.label}" if part else row.label, row.cents, whole,
        None if whole is None else whole * 100 - row.cents, row.full_cents if limited else None,
        row.limit if limited else None, row.prior_cents, row.change_cents, row.change_rate,
        "!" if row.flagged else "", row.rows, _line_tick(papers, row), row.reference if row.rows else "", row.code,
    )  # fmt: skip


def _line_tick(papers: Papers, row: LeadRow) -> str:
    """Return T only when every row of a line carries it, E when one is a share."""
    if not row.reference:
        return ""
    marks = [set(papers.ticks.of(each).split()) for each in papers.by_form[row.code]]
    found = [mark for mark in ("T",) if marks and all(mark in one for one in marks)]
    return " ".join([*found, *(mark for mark in ("Q", "E") if any(mark in one for one in marks))])


def receipts_sheet(papers: Papers) -> Sheet:
    columns = (words("Payer", 44), count("Rows"), *amounts("Receipts"))
    source = papers.source
    found = payers(papers.rows, initials_only=source.initials_only, names_of=source.payer_names)
    rows = [(payer.name, payer.rows, payer.cents) for payer in found]
    return Sheet("Gross receipts", "R-1", "Gross receipts by payer (line 1)", columns, rows,
                 total_of(columns, rows, "Rows", "Receipts"), (forms_note(source),))  # fmt: skip


def forms_note(source: PackInput) -> str:
    """Return one sentence on the forms 1099 received."""
    if not source.forms:
        return FORMS_NOT_RECORDED
    off = sum(1 for form in source.forms if form.difference)
    said = f"Forms 1099 of {counted(len(source.forms), 'payer', 'payers')} are recorded and held against the books"
    return f"{said}: {counted(off, 'differs', 'differ')}, see R-3." if off else f"{said}: they agree, see R-3."


def forms_sheet(source: PackInput) -> Sheet:
    """Return the forms 1099 received against the books, payer by payer."""
    columns = (
        words("Payer", 40), words("Form", 20), *amounts("On the form", "Explained", "In the books", "Difference"),
        words("What explains it", 60),
    )  # fmt: skip
    rows: list[tuple[SheetCell, ...]] = [
        (
            initials(form.payer) or "No name" if source.initials_only else form.payer, form.form, form.reported,
            form.explained, form.received, form.difference, form.steps,
        )
        for form in source.forms
    ]  # fmt: skip
    notes = ("On the form + explained + difference = in the books. Gross of fees; refunds to customers are on line 2.",)
    return Sheet("Forms 1099", "R-3", "Forms 1099 received against the books", columns, rows,
                 total_of(columns, rows, "On the form", "Explained", "In the books", "Difference"), notes)  # fmt: skip


def bridge_sheet(papers: Papers) -> Sheet:
    columns = (words("Step", 44), count("Rows"), *amounts("Amount"))
    source = papers.source
    found = bridge(papers.rows, source.accounts)
    rows: list[tuple[SheetCell, ...]] = [
        ("Gross receipts (line 1)", None, found.gross),
        *((step.label, step.rows, step.cents) for step in found.steps),
        ("Deposits explained", None, found.explained),
        ("Deposits per bank, by tax date", None, found.deposits),
        ("Unexplained difference", None, found.difference),
    ]
    late = after_period(papers.rows, source.as_of)
    notes = [f"{late.label}: {late.rows} rows, {money_text(late.cents)}."] if late.rows else []
    if found.left_out:
        notes.append(f"{found.left_out} accounts in another currency are not part of this bridge.")
    strong = frozenset({0, len(rows) - 3, len(rows) - 1})
    return Sheet("Receipts to deposits", "R-2", "From gross receipts to the deposits at the bank", columns, rows, None,
                 notes, strong)  # fmt: skip


def tie_out_sheet(source: PackInput) -> Sheet:
    columns = (
        words("Account", 34), words("Kind", 10), words("Currency", 9),
        *amounts("Opening", "Money in", "Money out", "Closing"), day("On"),
        *amounts("Statement", "Books that day", "Difference"), words("Result", 26), count("Rows"),
    )  # fmt: skip
    rows = []
    for tie in sorted(source.accounts, key=lambda each: each.id):
        known = tie.statement_cents is not None and tie.book_cents is not None
        rows.append((
            tie.name, tie.kind, tie.currency, tie.opening_cents, tie.in_cents, tie.out_cents, tie.closing_cents,
            tie.statement_day, tie.statement_cents, tie.book_cents if known else None,
            (tie.statement_cents or 0) - (tie.book_cents or 0) if known else None,
            tie_word(tie.ties, stated=tie.statement_cents is not None), tie.rows,
        ))  # fmt: skip
    return Sheet("Bank tie-out", "B-1", "Accounts against statements", columns, rows, None,
                 ("Opening to closing by tax date; the statement is compared by posting date, as the bank counts.",
                  f"To {iso(source.as_of)}. A statement that set the opening balance proves nothing by itself."),
                 )  # fmt: skip


def coverage_sheet(source: PackInput) -> Sheet:
    columns = (words("Account", 34), *(words(name, 10) for name in MONTHS))
    rows = []
    for tie in sorted(source.accounts, key=lambda each: each.id):
        covers = {cover.month % 100: cover.state for cover in tie.months}
        rows.append((tie.name, *(covers.get(month, "") for month in range(1, 13))))
    return Sheet("Months covered", "B-2", "Months covered by files", columns, rows, None,
                 ("covered: every day · partial: some days · missing: none · untied: a stated balance differs",),
                 )  # fmt: skip


def tie_word(ties: bool | None, *, stated: bool) -> str:  # noqa: FBT001 - a tie has three values
    return {None: "sets the opening" if stated else "none stated", True: "ties", False: "does not tie"}[ties]


def part_v_sheet(papers: Papers) -> Sheet:
    columns = (words("Payee", 44), count("Rows"), *amounts("Amount"))
    items = part_v(papers.rows, initials_only=papers.source.initials_only)
    rows = [(item.name, item.rows, item.cents) for item in items]
    return Sheet("Part V", "C-48", "Other expenses, item by item (Part V, line 48)", columns, rows,
                 total_of(columns, rows, "Rows", "Amount"))  # fmt: skip


def profit_and_loss(source: PackInput, form: ScheduleC) -> Sheet:
    """Return the Schedule C lines by month, signed as in the books."""
    months = [source.year * 100 + number for number in range(1, 13)]
    columns = (words("Line", 7), words("Description", 36), *amounts(*(f"{m // 100}-{m % 100:02d}" for m in months)),
               *amounts("Total"), count("Rows"))  # fmt: skip
    sums = {(line.code, month): 0 for line in form.lines for month in months}
    for row in source.rows:
        code = settled_line(row)
        if code != "NONE":
            sums[code, month_of(row.date)] += row.business_cents
    rows: list[tuple[SheetCell, ...]] = [
        (line.printed, line.label, *(sums[line.code, month] for month in months), line.cents, line.count)
        for line in form.lines
    ]
    notes = [
        f"Line {line.printed} stands at 100 %; {rate_text(line.limit)} % is deducted."
        for line in form.lines
        if line.limit != WHOLE
    ]
    return Sheet("Profit and loss", "P-1", f"Profit and loss {source.year} by month", columns, rows,
                 total_of(columns, rows, *(column.name for column in columns[2:])),
                 ("Signed as in the books: money in is positive.", *notes))  # fmt: skip

"""What stands in the tables of payments and deposits."""

from __future__ import annotations

from app.core.books import naming
from app.services.tax.tax_page import DepositRow
from app.ui.taxes.paid_rows import PaidRow
from app.ui.taxes.view_model import Rest, day_text, rate_text
from app.ui.widgets.card_table import Row
from app.ui.widgets.cell import Cell

PAID_HEADS = ("Date", "Payment", "For", "Known from", ">Amount")
PAID_WIDTHS = (84, 0, 64, 176, 128)
PAID_YIELDS = (3, 2)
DEPOSIT_HEADS = ("Date", "Deposit", ">Amount", ">Rate", ">Set aside", ">Moved")
DEPOSIT_WIDTHS = (72, 0, 114, 60, 106, 140)
DEPOSIT_YIELDS = (3, 2)


def paid_cells(row: PaidRow) -> Row:
    return (
        Cell(kind="muted", text=day_text(row.day)),
        Cell(text=f"{row.whom}: {row.what[:1].lower()}{row.what[1:]}"),
        Cell(kind="muted", text=str(row.year or "–"), spoken=f"for {row.year}" if row.year else "for no year yet"),
        Cell(kind="muted", text=row.proof, tip=row.proof),
        Cell(kind="amount", cents=row.cents, plain=True),
    )


def deposit_cells(row: DepositRow, *, is_past: bool = False) -> Row:
    waits = row.status == "waits"
    return (
        Cell(kind="muted", text=day_text(row.day)),
        Cell(kind="name", text=row.payer, tip=row.payer),
        Cell(kind="amount", cents=row.cents, plain=False, color="text"),
        Cell(kind="muted", text=rate_text(row.rate), right=True),
        Cell(kind="amount", cents=row.set_aside_cents, plain=True, color="muted" if waits else ""),
        _moved(row, is_past=is_past),
    )


def _moved(row: DepositRow, *, is_past: bool) -> Cell:
    if is_past and row.status != "waits":
        return Cell(kind="muted", text="paid" if row.status == "moved" else "not covered", right=True)
    if row.status == "to_move":
        return Cell(kind="badge", badge="accent", text=row.words, right=True)
    if row.status == "waits":
        return Cell(kind="badge", badge="warn", text=row.words, right=True)
    return Cell(kind="status", icon="check", text=row.words, right=True)


def rest_cells(rest: Rest) -> Row:
    return (
        Cell(kind="muted", text="Earlier", tip=f"up to {day_text(rest.before)}"),
        Cell(kind="muted", text=naming.counted(rest.count, "deposit")),
        Cell(kind="amount", cents=rest.cents, color="muted", quiet=True),
        Cell(kind="muted", text=rate_text(rest.rate), right=True),
        Cell(kind="amount", cents=rest.set_aside_cents, plain=True, color="muted", quiet=True),
        Cell(kind="muted", text=rest.words, right=True),
    )

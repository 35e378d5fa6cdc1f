"""What the page Income shows, decided without painting anything."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.core.books.naming import DASH, counted, day_words
from app.core.dates import Day, date_of, month_of
from app.ui.widgets.card_table import Row
from app.ui.widgets.cell import Cell

if TYPE_CHECKING:
    from app.core.income.payers import Near
    from app.services.books.open_books import Books
    from app.services.income.expected_payments import Likely, Outlook, Standing
    from app.services.income.forms_1099 import PayerCheck, YearCheck
    from app.services.income.payers import IncomeYear, PayerYear, Receipt, Variant
    from app.ui.runtime.tasks import Token

COLORS = ("s1", "s2", "s3", "s4", "s5", "s6")
"""Of the largest payers; the others share the last one."""
PAYMENTS_SHOWN = 6
STATE_BADGES = {"received": ("ok", "check"), "over": ("ok", "check"), "short": ("warn", "alert"),
                "late": ("warn", "alert"), "expected": ("neutral", "")}  # fmt: skip

PAYER_HEADS = ("Payer", ">Gross", ">Fees", ">Banked", ">Share", "Last", "Next", "Form")
PAYER_WIDTHS = (0, 112, 104, 112, 54, 64, 86, 84)
PAYER_YIELDS = (2, 3, 7, 4, 6)
NAME_LEAST = 126
"""Px of the design that a name has, before columns give way to it."""
EXPECTED_HEADS = ("Due", "Payer", ">Expected", ">Still to come", "State")
EXPECTED_WIDTHS = (84, 0, 120, 128, 126)
EXPECTED_YIELDS = (3, 0)
FORM_HEADS = ("Payer", "Form", ">On the form", ">In the books", "What explains the difference", "State")
FORM_WIDTHS = (0, 92, 120, 120, 184, 150)
FORM_YIELDS = (4, 1, 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    income: IncomeYear
    outlook: Outlook
    check: YearCheck
    names: Mapping[int, str]
    """Of every payer, for choices and suggestions."""
    forms: Mapping[int, str]
    """The forms of the year, by number."""
    nameless: tuple[int, ...]
    years: tuple[int, ...]
    this_year: int
    today: Day

    @property
    def year(self) -> int:
        return self.income.year

    @property
    def is_empty(self) -> bool:
        return not self.income.payers and not self.income.nameless_count and len(self.names) == 0

    @property
    def is_past(self) -> bool:
        return self.year < self.this_year

    @property
    def month_cents(self) -> int:
        month = date_of(self.income.as_of).month - 1
        return sum(payer.months_cents[month] for payer in self.income.payers)


@dataclass(frozen=True, slots=True, kw_only=True)
class Detail:
    payer: PayerYear
    names: Sequence[Variant]
    payments: Sequence[Receipt]
    """The newest first, of all years."""
    accounts: Mapping[int, str]
    expected: Sequence[Standing]
    check: PayerCheck | None

    @property
    def ids(self) -> tuple[int, ...]:
        return tuple(each.id for each in self.payments)


def load(books: Books, token: Token, year: int | None) -> Loaded:
    from app.services.income import expected_payments, forms_1099, payers  # noqa: PLC0415 - the window is painted before they load
    from app.services.report import reports  # noqa: PLC0415 - the window is painted before they load
    from app.services.tax import taxes  # noqa: PLC0415 - the window is painted before they load

    today = taxes.today(books)
    this_year = date_of(today).year
    wanted = year or this_year
    income = payers.in_year(books, wanted, today)
    token.check()
    known = payers.known(books)
    nameless = [each.id for each in known.receipts
                if each.payer is None and date_of(each.day).year == wanted and each.gross]  # fmt: skip
    return Loaded(
        income=income, outlook=expected_payments.outlook(books, today),
        check=forms_1099.check_year(books, wanted, today),
        names={number: payer.name for number, payer in known.payers.items()},
        forms={row.id: row.type for row, _ in forms_1099.listed(books, wanted)}, nameless=tuple(nameless),
        years=tuple(sorted({this_year, *reports.years(books)}, reverse=True)), this_year=this_year, today=today,
    )  # fmt: skip


def load_detail(books: Books, token: Token, payer_id: int, year: int, today: Day) -> Detail | None:
    from app.core.books.naming import account_short  # noqa: PLC0415
    from app.services.income import expected_payments, forms_1099, payers  # noqa: PLC0415 - as above

    payer = payers.known(books).payers.get(payer_id)
    if payer is None:
        return None
    token.check()
    check = forms_1099.check_year(books, year, today)
    return Detail(
        payer=payers.of_payer(books, payer, year, today), names=payers.variants(books, payer),
        payments=payers.payments(books, payer.id, last=today),
        accounts={each.id: account_short(each.name, each.last4, each.institution) for each in books.accounts.all()},
        expected=[row for row in expected_payments.outlook(books, today).rows if row.payer_id == payer.id],
        check=next((row for row in check.rows if row.payer_id == payer.id), None),
    )  # fmt: skip


# --- words and cells --------------------------------------------------------------------------------------------------


def percent(basis_points: int) -> str:
    """Return a share in whole percent; `<1%` for what is there and rounds to nothing."""
    whole = (basis_points + 50) // 100
    return f"{whole}%" if whole or not basis_points else "<1%"


def color_of(place: int) -> str:
    return COLORS[min(place, len(COLORS) - 1)]


def payer_cells(loaded: Loaded, place: int, row: PayerYear) -> Row:
    form = ", ".join(loaded.forms[number] for number in row.forms if number in loaded.forms)
    return (
        Cell(kind="name", text=row.name, tip=row.name, strip=color_of(place)),
        _money(row.total_cents),
        _money(row.fees_cents + row.returned_cents, quiet=True),
        Cell(kind="amount", cents=row.banked_cents, plain=True),
        Cell(kind="muted", text=percent(row.share), right=True),
        Cell(kind="muted", text=DASH if row.last_day is None else day_words(row.last_day, loaded.year)),
        next_cell(loaded, row),
        Cell(kind="muted", text=form or DASH, spoken=form or "no form recorded"),
    )


def _money(cents: int, *, quiet: bool = False) -> Cell:
    if not cents:
        return Cell(kind="muted", text=DASH, right=True, spoken="none")
    return Cell(kind="amount", cents=cents, plain=True, quiet=True, color="muted" if quiet else "text")


def next_cell(loaded: Loaded, row: PayerYear) -> Cell:
    """Return when the next payment is due: what was written down before what the rhythm says."""
    if loaded.is_past:
        return Cell(kind="muted", text=DASH, spoken="nothing expected")
    waiting = [each for each in loaded.outlook.rows if each.payer_id == row.id and each.open_cents]
    if waiting:
        first = waiting[0]
        if first.days_late:
            return Cell(text=f"{counted(first.days_late, 'day')} late", color="warn")
        return Cell(text=day_words(first.due, loaded.this_year), tip="Expected")
    likely = next((each for each in loaded.outlook.likely if each.payer_id == row.id), None)
    if likely is not None:
        return Cell(kind="muted", text=f"~ {day_words(likely.due, loaded.this_year)}",
                    tip=f"Likely: pays every {likely.interval_days} days",
                    spoken=f"likely {day_words(likely.due, loaded.this_year)}")  # fmt: skip
    return Cell(kind="muted", text=DASH, spoken="nothing expected")


def expected_cells(row: Standing, this_year: int) -> Row:
    kind, icon = STATE_BADGES[row.state]
    words = f"{counted(row.days_late, 'day')} late" if row.state == "late" else row.state
    return (
        Cell(kind="muted", text=day_words(row.due, this_year)),
        Cell(kind="name", text=row.payer, tip=f"{row.note or row.payer}, due {day_words(row.due, this_year)}"),
        Cell(kind="amount", cents=row.cents, plain=True),
        _money(row.open_cents),
        Cell(kind="badge", badge=kind, icon=icon, text=words),
    )


def likely_cells(row: Likely, this_year: int) -> Row:
    return (
        Cell(kind="muted", text=f"~ {day_words(row.due, this_year)}"),
        Cell(
            kind="muted",
            text=row.payer,
            tip=f"Pays every {row.interval_days} days, next about {day_words(row.due, this_year)}",
        ),
        Cell(kind="amount", cents=row.cents, plain=True, quiet=True, color="muted"),
        Cell(kind="muted", text=DASH, right=True, spoken="not written down"),
        Cell(kind="badge", badge="neutral", text="likely"),
    )


def form_cells(row: PayerCheck) -> Row:
    bridge = "; ".join(step.what for step in row.bridge)
    return (
        Cell(kind="name", text=row.payer, tip=row.payer),
        Cell(kind="muted", text=row.form or DASH),
        _money(row.reported_cents or 0),
        _money(row.received_cents),
        Cell(kind="muted", text=bridge or DASH, tip=bridge, spoken=bridge or "nothing"),
        state_cell(row.difference_cents),
    )


def state_cell(difference: int | None) -> Cell:
    """Return how a form stands against the books; nothing here says that a form is right."""
    if difference is None:
        return Cell(kind="muted", text="none recorded")
    if not difference:
        return Cell(kind="badge", badge="ok", icon="check", text="matches")
    from app.ui.widgets.amount import amount_text  # noqa: PLC0415

    return Cell(kind="badge", badge="warn", icon="alert", text=f"off by {amount_text(abs(difference))}")


def expected_rows(loaded: Loaded) -> list[Standing]:
    """Return what is still to come, and what came within the last month and a half; of a past year nothing."""
    if loaded.is_past:
        return []
    return [row for row in loaded.outlook.rows if row.open_cents or row.due >= loaded.today - 45]


def check_note(loaded: Loaded) -> str:
    recorded = sum(1 for row in loaded.check.rows if row.form)
    if not recorded:
        return "no form recorded yet"
    questions = loaded.check.open_count
    said = f"{counted(recorded, 'payer')} with a form"
    return f"{said}, {counted(questions, 'difference')}" if questions else said


def near_words(loaded: Loaded, near: Near) -> str:
    return f"“{loaded.names[near.one]}” and “{loaded.names[near.other]}” may be one payer: {near.why}."


def since_words(payer: PayerYear) -> str:
    if payer.first_day is None:
        return "Has paid nothing yet"
    return f"Pays since {date_of(payer.first_day):%B %Y}"


def rhythm_words(payer: PayerYear) -> str:
    days = payer.rhythm.interval_days
    if days is None:
        return "too few payments to say"
    usual = "about monthly" if 27 <= days <= 34 else "about weekly" if 6 <= days <= 8 else f"every {days} days"
    return usual if payer.rhythm.next_day is not None else f"{usual}, not regularly"


def methods_words(payer: PayerYear) -> str:
    names = {"ach": "ACH", "zelle": "Zelle", "venmo": "Venmo", "paypal": "PayPal", "cash_app": "Cash App",
             "wire": "Wire", "check": "Check", "processor": "Card", "cash": "Cash", "other": "Other"}  # fmt: skip
    ordered = sorted(payer.methods.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{names[name]} {count}" for name, count in ordered) or DASH


def month_name(loaded: Loaded) -> str:
    return f"{date_of(loaded.income.as_of):%B}"


def is_month_now(loaded: Loaded) -> bool:
    return month_of(loaded.today) == month_of(loaded.income.as_of)

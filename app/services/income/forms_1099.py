"""Forms 1099 that payers sent, against what the books say came. The numbers of payer and owner are never kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.core.dates import Day, date_of, day_of, year_days
from app.core.errors import NotFound, Refused
from app.core.income.forms import Came, Checked, Form, FormType, Step, check
from app.core.income.payer_name import squeezed
from app.core.income.payers import Payer
from app.core.ingest.typed import kept
from app.services.books.open_books import Books
from app.services.books.work import Outcome
from app.services.income import payers
from app.store.income import FormRow

FORMS = tuple(form.value for form in FormType)
_LARGEST = 1_000_000_000_00
_AMOUNTS = {"cents": "cents", "fees": "fees_cents", "refunds": "refunds_cents", "sales_tax": "sales_tax_cents"}
_JANUARY = 31


@dataclass(frozen=True, slots=True, kw_only=True)
class PayerCheck:
    """A payer of a year: its forms, what came, and the bridge between. `form` is None where none was recorded."""

    payer_id: int
    payer: str
    form: str | None
    forms: Sequence[FormRow]
    reported_cents: int | None
    received_cents: int
    bridge: Sequence[Step]
    difference_cents: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class YearCheck:
    year: int
    rows: Sequence[PayerCheck]
    reported_cents: int
    received_cents: int
    """Gross income of the year, of all payers and of deposits that name nobody."""
    nameless_cents: int

    @property
    def open_count(self) -> int:
        return sum(1 for row in self.rows if row.difference_cents)


def listed(books: Books, year: int | None = None) -> list[tuple[FormRow, str]]:
    """Return the forms recorded, each with the payer's name."""
    found = payers.known(books)
    return [
        (row, found.payers[found.of_text[row.text_id]].name if row.text_id in found.of_text else "")
        for row in books.income.forms()
        if year is None or row.year == year
    ]


def check_year(books: Books, year: int, as_of: Day | None = None) -> YearCheck:
    """Return each payer of a year with its forms against what came up to a day."""
    first, last = year_days(year)
    january = day_of(date_of(last).replace(year=year + 1, month=1, day=_JANUARY))
    end = january if as_of is None else min(january, as_of)
    found = payers.known(books)
    recorded: dict[int, list[FormRow]] = {}
    for form in books.income.forms():
        if form.year == year and form.text_id in found.of_text:
            recorded.setdefault(found.of_text[form.text_id], []).append(form)
    year_rows = payers.in_year(books, year, as_of)
    receipts = [each for each in found.receipts if first <= each.day <= end]
    networks = {
        number: squeezed(found.payers[number].name)
        for number, forms in recorded.items()
        if any(form.type == FormType.K for form in forms)
    }
    shown = {row.id for row in year_rows.payers if row.count} | set(recorded)
    rows = [
        _checked(found.payers[number], year, recorded.get(number, []), receipts, networks.get(number))
        for number in shown
    ]
    return YearCheck(
        year=year, rows=sorted(rows, key=lambda row: (row.form is None, -row.received_cents, row.payer.casefold())),
        reported_cents=sum(row.reported_cents or 0 for row in rows), received_cents=year_rows.total_cents,
        nameless_cents=year_rows.nameless_cents,
    )  # fmt: skip


def _checked(
    payer: Payer, year: int, forms: Sequence[FormRow], receipts: Sequence[payers.Receipt],
    network: str | None,
) -> PayerCheck:  # fmt: skip
    came = [
        Came(each.day, each.gross, bool(each.network) and each.network != network)
        for each in receipts
        # A network's form 1099-K holds what its customers paid through it, whoever they are.
        if each.gross and (each.payer == payer.id or (network and each.network == network))
    ]
    result: Checked = check(year, [_form(row, payer.id) for row in forms], came)
    return PayerCheck(
        payer_id=payer.id, payer=payer.name, form=", ".join(sorted({row.type for row in forms})) or None, forms=forms,
        reported_cents=result.reported if forms else None, received_cents=result.received,
        bridge=result.bridge if forms else (), difference_cents=result.difference if forms else None,
    )  # fmt: skip


def _form(row: FormRow, payer: int) -> Form:
    return Form(row.id, payer, row.year, row.type, row.cents, row.fees_cents, row.refunds_cents, row.sales_tax_cents)


def add(
    books: Books, selector: str, year: int, form: str, values: Mapping[str, Any], *, dry_run: bool = False
) -> tuple[Outcome, int | None]:
    """Record a form: `values` has cents and perhaps fees, refunds, sales_tax, note. Raises: NotFound; Refused."""
    payer = payers.find(books, selector)
    columns = {"text_id": payer.id, "year": year, "type": form_type(form), **_columns(values)}
    _hold(columns)
    with books.work.operation("form_add", dry_run=dry_run) as work:
        number = books.income.add("form_1099", columns)
    return work.outcome, number if work.outcome.operation else None


def change(books: Books, number: int, values: Mapping[str, Any], *, dry_run: bool = False) -> Outcome:
    """Change amounts, year, form or note. Raises: NotFound; Refused."""
    row = _existing(books, number)
    wanted = _columns(values)
    if "year" in values:
        wanted["year"] = values["year"]
    if "form" in values:
        wanted["type"] = form_type(values["form"])
    _hold({**row._asdict(), **wanted})
    changed = {name: value for name, value in wanted.items() if getattr(row, name) != value}
    with books.work.operation("form_set", dry_run=dry_run) as work:
        if changed:
            books.income.change("form_1099", number, changed)
    return work.outcome


def remove(books: Books, number: int, *, dry_run: bool = False) -> Outcome:
    """Remove a form. Raises: NotFound."""
    _existing(books, number)
    with books.work.operation("form_remove", dry_run=dry_run) as work:
        books.income.remove("form_1099", number)
    return work.outcome


def form_type(text: str) -> str:
    """Return the form a person means: `NEC`, `1099-K`. Raises: Refused."""
    wanted = text.strip().upper().removeprefix("1099-").removeprefix("1099")
    for form in FORMS:
        if form.endswith(f"-{wanted}"):
            return form
    raise Refused(f"“{text}” is not a form the books keep.", f"Forms are: {', '.join(FORMS)}.")


def _existing(books: Books, number: int) -> FormRow:
    for row in books.income.forms():
        if row.id == number:
            return row
    raise NotFound(f"There is no form {number}.", "See them with: ops1099 forms list")


def _columns(values: Mapping[str, Any]) -> dict[str, str | int | None]:
    found: dict[str, str | int | None] = {}
    for name, column in _AMOUNTS.items():
        if name in values:
            if not 0 <= values[name] <= _LARGEST:
                raise Refused("Amounts of a form are not negative.", "Give them in dollars as the form prints them.")
            found[column] = values[name]
    if "note" in values:
        found["note"] = kept(values["note"]) or None
    return found


def _hold(columns: Mapping[str, Any]) -> None:
    inside = sum(columns.get(name) or 0 for name in ("fees_cents", "refunds_cents", "sales_tax_cents"))
    if inside > columns["cents"]:
        raise Refused(
            "Fees, refunds and sales tax are more than the form's amount.",
            "They are parts of it: give what the payer's own statement names.",
        )

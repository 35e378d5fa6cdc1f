"""The facts a pack is made of, gathered from the books; what is drawn from them is the business of app.core.report."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.core.dates import Day, iso, month_of, year_days
from app.core.money import money_text, percent_of
from app.core.product import APP_VERSION
from app.core.report.pack_input import (
    AccountTie,
    AuditHead,
    Business,
    FormReceived,
    MonthCover,
    PackInput,
    ProfitRange,
    Question,
    ReportingLimit,
    TaxPaid,
    VehicleFacts,
    WorkLine,
)
from app.core.report.schedule_c import ScheduleC
from app.core.tax.profile_keys import STATES
from app.services.books.open_books import Books
from app.services.classify import knowledge
from app.services.income import forms_1099, payers
from app.services.ledger import accounts, balances
from app.services.report import reports, schedule_report
from app.services.review import questions
from app.services.tax import taxes, taxes_paid
from app.store import audit

if TYPE_CHECKING:
    from app.core.tax.business.vehicle import Vehicle


def pack_input(books: Books, year: int, as_of: Day, *, initials_only: bool = False) -> PackInput:
    """Return all that a pack is made of."""
    first, last = year_days(year)
    end = min(as_of, last)
    net, _ = taxes.net_profit(books, year, end)
    # A pack states no tax, so a year without tax figures has one too: it names the rules nearest to it.
    figures = taxes.figures_of(min(knowledge.federal_years(), key=lambda known: abs(known - year)))
    asked = [item for item in questions.items(books) if any(first <= row.tax_date <= end for row in item.rows)]
    seq, mac = audit.head_of_changes(books.connection)
    return PackInput(
        year=year,
        as_of=end,
        created_at=iso(as_of),
        app_version=APP_VERSION,
        rules_version=figures.version,
        rules_date=figures.read.isoformat(),
        business=_business(books),
        accounts=account_ties(books, first, end),
        rows=list(books.lines.rows(first, end)),
        questions=[
            Question(
                item=item.id, question=item.question, count=len(item.rows), cents=sum(row.cents for row in item.rows),
                rows=tuple(row.id for row in item.rows),
            )
            for item in asked
        ],
        range=ProfitRange(net.low, net.expected, net.high),
        audit=AuditHead(seq, mac),
        initials_only=initials_only,
        prior=_year_before(books, year - 1),
        payments=_payments(books, year, as_of),
        limit=_limit(year),
        payer_names=_payer_names(books),
        forms=_forms(books, year, end),
        **_worked(books, year, end),
    )  # fmt: skip


def _payer_names(books: Books) -> dict[int, str]:
    known = payers.known(books)
    return {each.id: known.payers[each.payer].name for each in known.receipts if each.payer is not None}


def _forms(books: Books, year: int, end: Day) -> list[FormReceived]:
    """Return the forms 1099 recorded for a year against what came up to a day."""
    return [
        FormReceived(
            row.payer, row.form, row.reported_cents or 0, row.received_cents, sum(step.cents for step in row.bridge),
            "; ".join(f"{step.what} {money_text(step.cents)}" for step in row.bridge), row.difference_cents or 0,
        )
        for row in forms_1099.check_year(books, year, end).rows
        if row.form is not None
    ]  # fmt: skip


def _worked(books: Books, year: int, end: Day) -> dict[str, Any]:
    """Return what stands beside the rows: what worksheets allow, their lines, and the answers of Part IV."""
    found = [each for each in schedule_report.by_business(books, year, end) if each.worked]
    if not found:
        return {}
    form = reports.schedule(books, year, end)
    return {
        "worked": {
            line.code: line.allowed_cents
            for line in form.lines
            if line.worked_cents not in {None, percent_of(line.cents, line.limit)}
        },
        "worksheet": [
            WorkLine(
                each.business.name, line.form, line.line, line.label, line.cents, line.formula,
                "; ".join(f"{name} {value}" for name, value in line.inputs.items()), line.source,
            )
            for each in found
            for line in each.worksheet
        ],
        "vehicles": [
            _vehicle(each.business.name, vehicle, year)
            for each in found
            for vehicle in (each.worked.vehicles if each.worked else ())
            if vehicle.in_use(year)
        ],
        "open_facts": [
            text for each in found if each.worked for text in (*each.worked.questions, *each.worked.notes)
        ],
    }  # fmt: skip


def _vehicle(business: str, vehicle: Vehicle, year: int) -> VehicleFacts:
    said = vehicle.says(year)

    def words(value: object) -> str:
        known = {None: "not answered", True: "yes", False: "no"}
        return known[value] if value is None or isinstance(value, bool) else str(value)

    method = {"standard": "mileage rate", "actual": "actual costs"}.get(said.method or "", "method not chosen")
    return VehicleFacts(
        business, vehicle.name, vehicle.in_service, method, words(said.business_miles), words(said.commuting_miles),
        words(said.other_miles), words(said.personal_use), words(said.another_car), words(said.evidence),
        words(said.written),
    )  # fmt: skip


def _business(books: Books) -> Business:
    """Return whose books these are; a pack of several businesses says that it sums them."""
    every = books.settings.businesses()
    names = [business.name for business in every]
    return Business(
        name=names[0] if len(names) == 1 else f"{' + '.join(names)} ({len(names)} businesses, summed)",
        profession=every[0].profession,
        owner=every[0].owner,
        principal_code=every[0].principal_code if len(names) == 1 else None,
        started=every[0].started if len(names) == 1 else None,
        trades=len(names),
    )


def _year_before(books: Books, year: int) -> ScheduleC | None:
    """Return the year before when the books hold rows of it; not the return as filed."""
    return reports.schedule(books, year) if books.lines.days(*year_days(year)) is not None else None


def _payments(books: Books, year: int, as_of: Day) -> list[TaxPaid]:
    """Return the income tax paid for a year up to a day, to every jurisdiction the books know."""
    said = {
        (row.paid_date, row.cents, row.jurisdiction, row.for_year, row.type, row.transaction_id): row.confirmation
        for row in taxes_paid.listed(books)
    }
    found = [
        TaxPaid(
            day=paid.day, cents=paid.cents, jurisdiction=paid.jurisdiction, year=paid.year, type=paid.type,
            confirmation=said.get(
                (paid.day, paid.cents, paid.jurisdiction, paid.year, paid.type, paid.transaction_id)
            ),
            transaction_id=paid.transaction_id, recorded=paid.recorded,
        )
        for jurisdiction in ("federal", *sorted(STATES))
        for paid in taxes_paid.paid(books, year, jurisdiction, as_of)
    ]  # fmt: skip
    return sorted(found, key=lambda paid: (paid.day, paid.jurisdiction, paid.transaction_id or 0, paid.cents))


def _limit(year: int) -> ReportingLimit | None:
    row = knowledge.reporting_limits().get(year)
    return None if row is None else ReportingLimit(row["cents"], row["source"])


def account_ties(books: Books, first: Day, last: Day) -> list[AccountTie]:
    """Return what each account held at both ends of a span, with the newest balance its files state.

    A balance that did not set the opening proves more than one that did, and is preferred.
    """
    cover = accounts.coverage(books, month_of(first), month_of(last))
    found = []
    for account in books.accounts.all():
        before, money_in, money_out, rows = books.lines.account_flow(account.id, account.currency, first, last)
        stated = [
            f for f in books.accounts.files(account.id) if f.balance_day is not None and first <= f.balance_day <= last
        ]
        newest = max(stated, key=lambda f: (not f.sets_opening, f.balance_day or 0, f.id), default=None)
        day = newest.balance_day if newest else None
        held = None
        if day is not None:
            held = account.opening_cents + books.transactions.sum_through(account.id, day, account.currency)
        opening = account.opening_cents + before
        found.append(
            AccountTie(
                id=account.id, name=account.name, kind=account.kind, institution=account.institution or "",
                last4=account.last4, currency=account.currency, opening_cents=opening, in_cents=money_in,
                out_cents=money_out, closing_cents=opening + money_in + money_out,
                statement_cents=newest.balance_cents if newest else None,
                statement_day=day, book_cents=held,
                ties=balances.ties(books, account, newest.balance_cents, newest.balance_day,
                                        sets_opening=bool(newest.sets_opening)) if newest else None,
                rows=rows, months=[MonthCover(m.month, m.state, m.ties) for m in cover.get(account.id, [])],
            )
        )  # fmt: skip
    return found

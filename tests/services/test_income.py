"""Who paid, what is expected against what came, and the forms 1099 against the books."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.core.dates import day_from_iso, iso
from app.core.errors import Conflict, Exists, NotFound, Refused
from app.core.income.forms import FEES, NETWORK, NEXT_JANUARY
from app.services.books import history
from app.services.books.open_books import Books
from app.services.income import expected_payments, forms_1099, payer_changes, payers
from app.services.income.payers import PayerYear
from app.services.ingest import imports
from app.services.ledger import transactions
from app.services.privacy import erasure_scope

TODAY = day_from_iso("2026-11-20")
HEAD = "Date,Description,Amount\n"
NORTHWIND = "".join(f"2026-{month:02d}-17,ACH CREDIT NORTHWIND LABS LLC AP PAYMENT,4800.00\n" for month in range(1, 11))
BANK = (
    HEAD + NORTHWIND
    + "2026-11-17,Zelle payment from NORTHWIND LABS ABC1234567,4800.00\n"
    "2026-03-03,WIRE TYPE:WIRE IN DATE: 260303 TRN:2026030300412345 ORIG:HALDEN & CO ID:009876543,9000.00\n"
    "2026-04-04,MOBILE CHECK DEPOSIT,750.00\n"
    "2026-05-05,MOBILE CHECK DEPOSIT,1250.00\n"
    "2026-06-06,VENMO FROM SARAH RUSSO,300.00\n"
    "2026-06-20,VENMO FROM SARAH R RUSSO,200.00\n"
    "2026-07-01,LENDINGCLUB LOAN PROCEEDS,20000.00\n"
    "2026-07-02,INTEREST PAYMENT,3.11\n"
    "2026-07-03,IRS TREAS 310 TAX REF,900.00\n"
    "2026-07-04,ONLINE TRANSFER FROM SAV ...4417,5000.00\n"
    "2026-07-05,ACME CORP PAYROLL DIR DEP,2500.00\n"
    "2027-01-04,ACH CREDIT HALDEN & CO PAYMENT,600.00\n"
)  # fmt: skip
NOT_INCOME = ("LENDING", "INTEREST", "IRS", "ONLINE", "ACME")


@pytest.fixture
def paid(books: Books, tmp_path: Path) -> Books:
    """A business account with deposits of four payers and two cheques; all client money is booked as income."""
    path = tmp_path / "bank.csv"
    path.write_text(BANK)
    options = imports.ImportOptions(account="Everyday", account_kind="checking", role="business")
    [result] = imports.import_files(books, [path], options)
    assert result.added == 22
    for number, text in books.connection.execute(
        "SELECT t.id, d.text FROM transactions t JOIN descriptor d ON d.id = t.descriptor_id"
    ).fetchall():
        if not text.startswith(NOT_INCOME):
            transactions.set_values(books, number, {"kind": "income", "line": "C1"})
    return books


def by_name(books: Books, year: int = 2026) -> dict[str, PayerYear]:
    return {row.name: row for row in payers.in_year(books, year, TODAY if year == 2026 else None).payers}


def number_of(books: Books, date: str) -> int:
    row = books.connection.execute("SELECT id FROM transactions WHERE tax_date = ?", (day_from_iso(date),)).fetchone()
    return int(row[0])


def test_every_way_a_payer_pays_is_one_line_with_its_rhythm(paid: Books) -> None:
    year = payers.in_year(paid, 2026, TODAY)
    row = by_name(paid)["Northwind Labs LLC"]
    assert (row.total_cents, row.count, dict(row.methods)) == (5_280_000, 11, {"ach": 10, "zelle": 1})
    assert (row.rhythm.interval_days, row.rhythm.usual_cents) == (31, 480_000)
    assert iso(row.rhythm.next_day or 0) == "2026-12-17"
    assert iso(row.last_day or 0) == "2026-11-17"
    assert row.share == 5_280_000 * 10_000 // year.total_cents
    assert year.total_cents == 5_280_000 + 900_000 + 200_000 + 50_000
    assert sum(each.total_cents for each in year.payers) + year.nameless_cents == year.total_cents
    assert (year.nameless_count, year.nameless_cents) == (2, 200_000)


def test_borrowed_returned_moved_and_earned_money_has_no_payer(paid: Books) -> None:
    known = payers.known(paid)
    for word in NOT_INCOME:
        assert not [name for name in (payer.name for payer in known.payers.values()) if name.upper().startswith(word)]
    booked = paid.connection.execute(
        "SELECT COUNT(*) FROM lines WHERE kind = 'income' AND line = 'C1' AND status IN ('auto', 'confirmed')"
    ).fetchone()[0]
    assert booked == 17


def test_a_nameless_deposit_gets_its_payer_by_a_word(paid: Books) -> None:
    transactions.set_values(paid, number_of(paid, "2026-04-04"), {"merchant": "Fjord Coffee"})
    transactions.set_values(paid, number_of(paid, "2026-05-05"), {"merchant": "Halden & Co."})
    rows = by_name(paid)
    assert rows["Fjord Coffee"].total_cents == 75_000
    assert rows["Halden & Co."].total_cents == 1_025_000
    history.undo(paid)
    assert by_name(paid)["Halden and Co"].total_cents == 900_000


def test_near_names_are_joined_only_when_a_person_says_so_and_undo_takes_it_back(paid: Books) -> None:
    [near] = payers.in_year(paid, 2026).near
    assert {payers.known(paid).payers[each].name for each in near[:2]} == {"Sarah Russo", "Sarah R Russo"}
    outcome = payer_changes.merge(paid, str(near.one), [str(near.other)], dry_run=True)
    assert (outcome.operation, len(payers.in_year(paid, 2026).near)) == (None, 1)
    payer_changes.merge(paid, str(near.one), [str(near.other)])
    assert by_name(paid)["Sarah Russo"].total_cents == 50_000
    with pytest.raises(Refused, match="one payer already"):
        payer_changes.merge(paid, "Sarah Russo", [str(near.other)])
    history.undo(paid)
    assert by_name(paid)["Sarah Russo"].total_cents == 30_000
    payer_changes.keep_apart(paid, str(near.one), str(near.other))
    assert payers.in_year(paid, 2026).near == []


def test_a_joined_name_can_be_parted_again(paid: Books) -> None:
    payer_changes.merge(paid, "Halden and Co", ["Sarah Russo", "Sarah R Russo"])
    payer = payers.find(paid, "Halden and Co")
    names = {each.name: each.text_id for each in payers.variants(paid, payer)}
    assert set(names) == {"Halden and Co", "Sarah Russo", "Sarah R Russo"}
    payer_changes.split(paid, "Halden and Co", [names["Sarah Russo"]])
    rows = by_name(paid)
    assert (rows["Sarah Russo"].total_cents, rows["Halden and Co"].total_cents) == (30_000, 920_000)
    with pytest.raises(Refused, match="without a name"):
        payer_changes.split(paid, "Halden and Co", [names["Halden and Co"], names["Sarah R Russo"]])
    with pytest.raises(Refused, match="one name"):
        payer_changes.split(paid, "Sarah Russo", [names["Sarah Russo"]])


def test_a_parted_name_takes_nobody_with_it(paid: Books) -> None:
    """The name by which a payer is known is parted: what was joined into it stays with the others."""
    payer_changes.merge(paid, "Sarah Russo", ["Halden and Co"])
    payer_changes.merge(paid, "Sarah Russo", ["Sarah R Russo"])
    payer = payers.find(paid, "Sarah Russo")
    names = {each.name: each.text_id for each in payers.variants(paid, payer)}
    payer_changes.split(paid, str(payer.id), [names["Sarah Russo"]])
    totals = sorted(row.total_cents for row in by_name(paid).values())
    assert totals == [30_000, 920_000, 5_280_000]


def test_a_name_is_kept_and_two_payers_cannot_share_one(paid: Books) -> None:
    payer_changes.change(paid, "Halden and Co", {"name": "Halden Studio"})
    assert "Halden Studio" in by_name(paid)
    with pytest.raises(Exists):
        payer_changes.change(paid, "Halden Studio", {"name": "NORTHWIND LABS INC"})
    with pytest.raises(NotFound):
        payers.find(paid, "Halden and Co")
    payer_changes.change(paid, "Halden Studio", {"name": ""})
    assert "Halden and Co" in by_name(paid)


def test_what_is_no_payer_leaves_the_list_and_its_money_stays(paid: Books) -> None:
    before = payers.in_year(paid, 2026, TODAY)
    payer_changes.change(paid, "Halden and Co", {"payer": "no"})
    after = payers.in_year(paid, 2026, TODAY)
    assert "Halden and Co" not in {row.name for row in after.payers}
    assert (after.total_cents, after.uncounted_cents) == (before.total_cents, 900_000)


# --- expected


def states(books: Books, day: int = TODAY) -> list[tuple[str, int, int]]:
    return [(row.state, row.received_cents, row.open_cents) for row in expected_payments.outlook(books, day).rows]


def test_what_came_stands_against_what_was_expected(paid: Books) -> None:
    for due, cents in (
        ("2026-03-01", 900_000),  # came two days later
        ("2026-10-15", 1_000_000),  # nothing came of it
        ("2026-12-01", 250_000),
        ("2027-02-10", 100_000),
    ):
        expected_payments.add(paid, "Halden and Co", day_from_iso(due), cents)
    expected_payments.add(paid, "Sarah Russo", day_from_iso("2026-06-01"), 50_000)
    expected_payments.add(paid, "Sarah R Russo", day_from_iso("2026-06-18"), 15_000)
    found = expected_payments.outlook(paid, TODAY)
    assert {iso(row.due): row.state for row in found.rows} == {
        "2026-03-01": "received", "2026-06-01": "short", "2026-06-18": "over", "2026-10-15": "late",
        "2026-12-01": "expected", "2027-02-10": "expected",
    }  # fmt: skip
    assert next(row.days_late for row in found.rows if row.state == "late") == 36
    assert (found.next_30_cents, found.next_90_cents) == (250_000, 350_000)
    assert found.late_cents == 1_000_000 + 20_000


def test_a_regular_payer_is_likely_to_pay_until_it_is_written_down(paid: Books) -> None:
    [likely] = expected_payments.outlook(paid, TODAY).likely
    assert (likely.payer, iso(likely.due), likely.cents) == ("Northwind Labs LLC", "2026-12-17", 480_000)
    expected_payments.add(paid, "Northwind Labs LLC", likely.due, likely.cents)
    assert expected_payments.outlook(paid, TODAY).likely == []


def test_one_payment_meets_one_expectation_only(paid: Books) -> None:
    for due in ("2026-11-10", "2026-11-25"):
        expected_payments.add(paid, "Northwind Labs LLC", day_from_iso(due), 480_000)
    rows = expected_payments.outlook(paid, TODAY).rows
    assert len({number for row in rows for number in row.transactions}) == sum(len(row.transactions) for row in rows)


def test_a_client_who_has_paid_nothing_can_be_expected(paid: Books) -> None:
    _, number = payer_changes.add(paid, "Fjord Coffee Roasters LLC")
    expected_payments.add(paid, "Fjord Coffee Roasters LLC", day_from_iso("2026-11-01"), 120_000, "logo")
    row = by_name(paid)["Fjord Coffee Roasters LLC"]
    assert (row.id, row.total_cents, row.last_day) == (number, 0, None)
    with pytest.raises(Exists):
        payer_changes.add(paid, "Northwind Labs")


# --- forms


def check(books: Books, name: str) -> tuple[int | None, int, dict[str, int], int | None]:
    row = next(row for row in forms_1099.check_year(books, 2026).rows if row.payer == name)
    return row.reported_cents, row.received_cents, {step.what: step.cents for step in row.bridge}, row.difference_cents


def test_a_form_that_equals_the_books_leaves_nothing(paid: Books) -> None:
    forms_1099.add(paid, "Northwind Labs LLC", 2026, "NEC", {"cents": 5_280_000})
    assert check(paid, "Northwind Labs LLC") == (5_280_000, 5_280_000, {}, 0)
    assert check(paid, "Halden and Co")[0] is None


def test_a_payment_that_left_in_december_is_named(paid: Books) -> None:
    forms_1099.add(paid, "Halden and Co", 2026, "1099-nec", {"cents": 960_000})
    assert check(paid, "Halden and Co") == (960_000, 900_000, {NEXT_JANUARY: -60_000}, 0)


def test_fees_inside_a_form_are_a_step_and_the_rest_is_said(paid: Books) -> None:
    forms_1099.add(paid, "Halden and Co", 2026, "K", {"cents": 1_000_000, "fees": 70_000})
    assert check(paid, "Halden and Co") == (1_000_000, 900_000, {FEES: -70_000}, -30_000)


def test_what_a_network_reports_is_not_missing_on_the_clients_form(paid: Books) -> None:
    payer_changes.merge(paid, "Northwind Labs LLC", ["Sarah Russo"])
    forms_1099.add(paid, "Northwind Labs LLC", 2026, "NEC", {"cents": 5_280_000})
    assert check(paid, "Northwind Labs LLC") == (5_280_000, 5_310_000, {NETWORK: 30_000}, 0)
    payer_changes.add(paid, "Venmo")
    forms_1099.add(paid, "Venmo", 2026, "K", {"cents": 50_000})
    assert check(paid, "Venmo") == (50_000, 50_000, {}, 0)


def test_forms_hold_what_a_form_can_hold(paid: Books) -> None:
    with pytest.raises(Refused, match="not a form"):
        forms_1099.add(paid, "Halden and Co", 2026, "W-2", {"cents": 1})
    with pytest.raises(Refused, match="more than"):
        forms_1099.add(paid, "Halden and Co", 2026, "K", {"cents": 100, "fees": 60, "refunds": 60})
    with pytest.raises(NotFound):
        forms_1099.remove(paid, 7)


# --- elsewhere


def test_an_erased_payer_is_found_by_the_name_the_list_shows(paid: Books) -> None:
    payer_changes.change(paid, "Halden and Co", {"name": "Studio H"})
    assert erasure_scope.look(paid, "Studio H").rows == 2


def test_two_payers_of_one_name_are_told_apart_by_number(paid: Books) -> None:
    payer_changes.merge(paid, "Halden and Co", ["Sarah Russo"])
    numbers = [row.id for row in payers.in_year(paid, 2026).payers]
    assert len(numbers) == len(set(numbers))
    with pytest.raises(NotFound):
        payers.find(paid, "999999")
    assert not isinstance(payers.find(paid, str(numbers[0])), Conflict)


def test_the_pack_names_the_same_payers_and_holds_the_forms(paid: Books) -> None:
    from app.core.report.receipts import payers as receipts
    from app.core.report.workbook import FORMS_NOT_RECORDED, forms_note, workbook
    from app.services.report import pack_facts, reports

    source = pack_facts.pack_input(paid, 2026, TODAY)
    assert forms_note(source) == FORMS_NOT_RECORDED
    found = {row.name: row.cents for row in receipts(source.rows, initials_only=False, names_of=source.payer_names)}
    assert {name: found[name] for name in by_name(paid)} == {n: row.total_cents for n, row in by_name(paid).items()}
    forms_1099.add(paid, "Northwind Labs LLC", 2026, "NEC", {"cents": 5_280_000})
    forms_1099.add(paid, "Halden and Co", 2026, "NEC", {"cents": 1_000_000})
    source = pack_facts.pack_input(paid, 2026, TODAY)
    [tab] = [tab for tab in workbook(source, reports.schedule(paid, 2026)) if tab.reference == "R-3"]
    assert [tuple(row)[:6] for row in tab.rows] == [
        ("Northwind Labs LLC", "1099-NEC", 5_280_000, 0, 5_280_000, 0),
        ("Halden and Co", "1099-NEC", 1_000_000, 0, 900_000, -100_000),
    ]
    assert "1 differs" in forms_note(source)

"""Every known layout from a file of its own: rows, signs, dates, ids, fees, accounts, balances, skipped rows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from app.core.dates import iso
from app.core.ingest import csv_reader
from app.core.ingest.statement import ParsedFile, ReadOptions, SourceRow, Statement

FILES = Path(__file__).parents[2] / "data" / "csv"
ZONE = ZoneInfo("America/Los_Angeles")

Reader = Callable[[str], ParsedFile]


@pytest.fixture
def read() -> Reader:
    def reader(name: str) -> ParsedFile:
        text = (FILES / name).read_bytes().decode("utf-8")
        return csv_reader.read(text, name, ReadOptions(time_zone=ZONE))

    return reader


def seen(row: SourceRow) -> tuple[int, str, int, str]:
    return row.line, iso(row.posted), row.cents, row.text


def only(parsed: ParsedFile) -> Statement:
    assert len(parsed.statements) == 1
    return parsed.statements[0]


# file, layout, institution, kind, last4, rows (line, date, cents, text), skipped lines
SINGLE = [
    (
        "Chase4821_Activity_20260131.csv", "chase-checking", "Chase", "checking", "4821",
        [
            (3, "2026-01-20", -4210, "INK AND PAPER, LLC PORTLAND OR"),
            (4, "2026-01-15", -50000, "CHECK 1041"),
            (5, "2026-01-05", 300000, "NORTHWIND STUDIO PAYROLL"),
        ],
        [2],
    ),
    (
        "bofa_checking.csv", "bofa-checking", "Bank of America", "checking", None,
        [
            (9, "2026-01-05", 50000, 'Zelle payment from JO for "lunch, and more"; Conf# 1'),
            (10, "2026-01-09", -10000, "CITY PRINT SHOP"),
        ],
        [8],
    ),
    (
        "bofa_card.csv", "bofa-card", "Bank of America", "credit", None,
        [(2, "2026-01-14", -21040, "HARBOR HOTEL"), (3, "2026-01-20", 21040, "PAYMENT - THANK YOU")],
        [],
    ),
    (
        "Checking1.csv", "wells-fargo", "Wells Fargo", "checking", None,
        [
            (1, "2026-01-22", -1200, "PURCHASE AUTHORIZED ON 01/20 CORNER CAFE"),
            (2, "2026-01-20", 125000, "NORTHWIND STUDIO INVOICE"),
            (3, "2026-01-19", -7550, "CHECK # 1042"),
        ],
        [],
    ),
    (
        "wells_fargo_new.csv", "wells-fargo-new", "Wells Fargo", "checking", None,
        [(3, "2026-01-21", 90000, "NORTHWIND STUDIO")],
        [2],
    ),
    (
        "capital_one_card.csv", "capital-one-card", "Capital One", "credit", "7788",
        [(2, "2026-01-12", -2999, "CLOUD HOSTING"), (3, "2026-01-15", 2999, "CAPITAL ONE AUTOPAY PYMT")],
        [],
    ),
    (
        "360Checking.csv", "capital-one-360", "Capital One", "checking", "4567",
        [(2, "2026-01-16", -6120, "Withdrawal to CITY WATER"), (3, "2026-01-15", 100000, "Deposit from NORTHWIND")],
        [],
    ),
    (
        "amex_full.csv", "amex-full", "American Express", "credit", None,
        [(2, "2026-01-18", -2500, "STOCK PHOTOS"), (6, "2026-01-20", 2500, "ONLINE PAYMENT - THANK YOU")],
        [],
    ),
    (
        "citi_card.csv", "citi-card", "Citi", "credit", None,
        [
            (2, "2026-01-14", -12000, "OFFICE CHAIR"),
            (3, "2026-01-16", 12000, "PAYMENT"),
            (4, "2026-01-17", 2000, "RETURN CHAIR"),
        ],
        [5],
    ),
    (
        "discover.csv", "discover-card", "Discover", "credit", None,
        [(2, "2026-01-11", -3500, "CAMERA STRAP"), (3, "2026-01-20", 3500, "INTERNET PAYMENT - THANK YOU")],
        [],
    ),
    (
        "us_bank.csv", "us-bank", "US Bank", "checking", None,
        [(2, "2026-01-14", -8800, "WEB AUTHORIZED PMT CITY INSURAN"), (3, "2026-01-15", 30000, "MOBILE DEPOSIT")],
        [],
    ),
    (
        "pnc.csv", "pnc", "PNC", "checking", None,
        [
            (2, "2026-01-15", -14832, "POWER COMPANY"),
            (3, "2026-01-16", -2000, "CASH"),
            (4, "2026-01-17", 100000, "NORTHWIND"),
        ],
        [],
    ),
    (
        "ally.csv", "ally", "Ally Bank", "checking", None,
        [(2, "2026-01-15", -1500, "MUSIC SERVICE"), (3, "2026-01-16", 20000, "TRANSFER IN")],
        [],
    ),
    ("usaa.csv", "usaa", "USAA", None, None, [(2, "2026-01-15", -3100, "GROCER #12 AUSTIN TX")], [3]),
    (
        "apple_card.csv", "apple-card", "Apple Card", "credit", None,
        [(2, "2026-01-15", -475, "CAFE 1 MAIN ST"), (3, "2026-01-31", 475, "ACH DEPOSIT")],
        [],
    ),
    (
        "barclays.csv", "barclays-card", "Barclays", "credit", "9014",
        [(6, "2026-01-20", 10000, "Payment Received"), (7, "2026-01-15", -4400, "TRAIN TICKET")],
        [],
    ),
    (
        "schwab.csv", "schwab-checking", "Charles Schwab", "checking", None,
        [(2, "2026-01-20", -6000, "ATM WITHDRAWAL"), (3, "2026-01-15", 200000, "NORTHWIND")],
        [],
    ),
    (
        "dcu.csv", "dcu", "DCU", "checking", None,
        [(2, "2026-01-20", -797139, "CITY TAX"), (3, "2026-01-15", 800000, "NORTHWIND")],
        [],
    ),
    (
        "relay.csv", "relay", "Relay", "checking", "5512",
        [(2, "2026-01-16", -3000, "Cloud Hosting CARD PURCHASE"), (3, "2026-01-15", 150000, "Northwind ACH")],
        [],
    ),
    (
        "paypal_activity.csv", "paypal-activity", "PayPal", "paypal", None,
        [
            (2, "2026-01-05", 106680, "Client One"),
            (3, "2026-01-06", -5000, "Shop"),
            (5, "2026-01-07", -2000, "Euro Shop"),
            (10, "2026-01-09", 20000, "Bank Deposit to PP Account"),
        ],
        [4, 6, 7, 8, 9],
    ),
    (
        "paypal_statement.csv", "paypal-statement", "PayPal", "paypal", None,
        [(2, "2026-01-15", 9700, "Client One"), (3, "2026-01-16", -9700, "General Withdrawal")],
        [],
    ),
    (
        "stripe_balance.csv", "stripe-balance", "Stripe", "stripe", None,
        [
            (2, "2026-01-04", 9680, "Invoice 1"),
            (3, "2026-01-06", -2000, "REFUND FOR CHARGE"),
            (4, "2026-01-08", -7680, "STRIPE PAYOUT"),
        ],
        [],
    ),
    (
        "stripe_payments.csv", "stripe-payments", "Stripe", "stripe", None,
        [(2, "2026-01-05", 7680, "Invoice 1")],
        [3],
    ),
    (
        "square.csv", "square-transactions", "Square", "square", None,
        [(2, "2026-01-15", 120766, "Portrait"), (3, "2026-01-16", -4500, "Print")],
        [],
    ),
    (
        "venmo.csv", "venmo", "Venmo", "venmo", None,
        [(5, "2026-01-15", -2340, "Logo draft 🎨 Ada Ben"), (7, "2026-01-16", 3710, "Rent share Cy Ada")],
        [4, 8],
    ),
    (
        "cash_app.csv", "cash-app", "Cash App", "cashapp", None,
        [(2, "2026-01-15", -2500, "Ben lunch"), (3, "2026-01-16", 6000, "Cy logo")],
        [],
    ),
    (
        "revolut.csv", "revolut", "Revolut", "checking", None,
        [
            (2, "2026-01-05", 50000, "Payment from Client"),
            (3, "2026-01-07", -12350, "To Landlord Co"),
            (4, "2026-01-08", -640, "Corner Cafe"),
        ],
        [5, 6],
    ),
    (
        "wise.csv", "wise", "Wise", "wise", None,
        [
            (2, "2026-01-05", 20000, "Received money from Client"),
            (3, "2026-01-06", -1250, "Card transaction of 12.50 EUR Kiosk"),
        ],
        [],
    ),
    (
        "etsy.csv", "etsy", "Etsy", "etsy", None,
        [
            (2, "2026-01-20", -2680, "$26.80 sent to your bank account"),
            (3, "2026-01-18", -320, "Transaction fee: Poster"),
            (4, "2026-01-18", 3000, "Payment for Order #1"),
        ],
        [],
    ),
    (
        "upwork.csv", "upwork", "Upwork", "upwork", None,
        [
            (2, "2026-01-15", 15000, "Invoice for 3 hours Team One"),
            (3, "2026-01-15", -1500, "Service Fee for Hourly Team One"),
        ],
        [],
    ),
    (
        "payoneer.csv", "payoneer", "Payoneer", "payoneer", None,
        [(2, "2026-01-15", 40000, "Payment from Client"), (3, "2026-01-16", -39900, "Withdrawal to bank")],
        [],
    ),
]  # fmt: skip


@pytest.mark.parametrize("case", SINGLE, ids=[case[0] for case in SINGLE])
def test_a_file_of_one_account(read: Reader, case: tuple) -> None:
    name, layout, institution, kind, last4, rows, skipped = case
    parsed = read(name)
    statement = only(parsed)
    assert parsed.layout == layout
    assert parsed.mapping is None
    assert (statement.institution, statement.kind, statement.last4) == (institution, kind, last4)
    assert [seen(row) for row in statement.rows] == rows
    assert [trouble.line for trouble in parsed.skipped] == skipped
    assert parsed.rejected == []


@pytest.mark.parametrize(
    ("name", "accounts"),
    [
        ("chase_card.csv", [("1111", "Chase", [-1900, 5925]), ("2222", "Chase", [-4025])]),
        ("amex_members.csv", [("1005", "American Express", [-2500, 3920]), ("2013", "American Express", [-1420])]),
        ("mercury.csv", [("1234", "Mercury", [150000]), ("9876", "Mercury", [-3000])]),
        ("tiller.csv", [("1234", "First Bank", [-400]), ("5678", "Second Bank", [100000])]),
        ("mint.csv", [(None, None, [-1200]), (None, None, [90000])]),
    ],
)
def test_a_file_of_several_accounts(read: Reader, name: str, accounts: list) -> None:
    found = [(s.last4, s.institution, [row.cents for row in s.rows]) for s in read(name).statements]
    assert found == accounts


@pytest.mark.parametrize(
    ("name", "balance"),
    [
        ("Chase4821_Activity_20260131.csv", (245790, "2026-01-20")),
        ("bofa_checking.csv", (140000, "2026-01-09")),
        ("360Checking.csv", (93880, "2026-01-16")),
        ("pnc.csv", (183168, "2026-01-17")),
        ("schwab.csv", (194000, "2026-01-20")),
        ("wise.csv", (18750, "2026-01-06")),
    ],
)
def test_the_newest_running_balance_is_the_stated_one(read: Reader, name: str, balance: tuple[int, str]) -> None:
    statement = only(read(name))
    assert statement.balance_day is not None
    assert (statement.balance_cents, iso(statement.balance_day)) == balance


def test_a_wallet_whose_mirror_rows_are_left_out_states_no_balance(read: Reader) -> None:
    assert only(read("paypal_activity.csv")).balance_cents is None


@pytest.mark.parametrize(
    ("name", "fees"),
    [
        ("paypal_activity.csv", [(110000, -3320), (None, None), (None, None), (None, None)]),
        ("stripe_balance.csv", [(10000, -320), (None, None), (None, None)]),
        ("stripe_payments.csv", [(8000, -320)]),
        ("square.csv", [(124000, -3234), (None, None)]),
    ],
)
def test_gross_and_fee_stand_beside_the_net(read: Reader, name: str, fees: list) -> None:
    rows = only(read(name)).rows
    assert [(row.gross_cents, row.fee_cents) for row in rows] == fees
    assert all(row.gross_cents is None or row.gross_cents + (row.fee_cents or 0) == row.cents for row in rows)


@pytest.mark.parametrize(
    ("name", "ids"),
    [
        ("bofa_card.csv", ["24692160140000123456789", "24692160200000987654321"]),
        ("amex_full.csv", ["320260180001112223", "320260200001112224"]),
        ("paypal_activity.csv", ["P1", "P2", "P4", "P9"]),
        ("stripe_balance.csv", ["txn_1", "txn_2", "txn_3"]),
        ("venmo.csv", ["3000000000000001", "3000000000000002"]),
        ("chase_card.csv", [None, None]),
    ],
)
def test_stable_ids_are_kept_without_their_wrapping(read: Reader, name: str, ids: list) -> None:
    assert [row.bank_id for row in read(name).statements[0].rows] == ids


def test_type_words_are_evidence(read: Reader) -> None:
    assert [row.source_type for row in only(read("paypal_activity.csv")).rows][:2] == [
        "Website Payment",
        "Express Checkout Payment",
    ]
    assert [row.source_type for row in only(read("stripe_balance.csv")).rows] == ["charge", "refund", "payout"]


def test_both_dates_are_kept_where_a_card_gives_both(read: Reader) -> None:
    row = only(read("capital_one_card.csv")).rows[0]
    assert row.transacted is not None
    assert (iso(row.posted), iso(row.transacted)) == ("2026-01-12", "2026-01-10")


def test_a_foreign_row_takes_its_dollars_from_the_conversion(read: Reader) -> None:
    row = only(read("paypal_activity.csv")).rows[2]
    assert (row.currency, row.cents, row.usd_cents) == ("EUR", -2000, -2250)


def test_a_file_in_one_foreign_currency_says_so_once(read: Reader) -> None:
    statement = only(read("wise.csv"))
    assert statement.currency == "EUR"
    assert {row.currency for row in statement.rows} == {None}


def test_the_period_of_the_title_lines(read: Reader) -> None:
    statement = only(read("bofa_checking.csv"))
    assert statement.first_day is not None
    assert statement.last_day is not None
    assert (iso(statement.first_day), iso(statement.last_day)) == ("2026-01-01", "2026-01-31")


def test_a_full_account_number_is_handed_on_and_a_masked_one_is_not(read: Reader) -> None:
    assert only(read("360Checking.csv")).account_number == "36001234567"
    assert [s.account_number for s in read("tiller.csv").statements] == [None, None]


def test_utc_moments_become_days_of_the_users_zone() -> None:
    text = (FILES / "stripe_balance.csv").read_text(encoding="utf-8")
    days = {
        zone: iso(csv_reader.read(text, "s.csv", ReadOptions(time_zone=ZoneInfo(zone))).statements[0].rows[0].posted)
        for zone in ("America/New_York", "UTC", "Asia/Tokyo")
    }
    assert days == {"America/New_York": "2026-01-04", "UTC": "2026-01-05", "Asia/Tokyo": "2026-01-05"}


@pytest.mark.parametrize("name", [case[0] for case in SINGLE if case[1] != "wells-fargo"])
def test_columns_may_move_gain_neighbours_and_change_case(read: Reader, name: str) -> None:
    plain = read(name)
    lines = (FILES / name).read_text(encoding="utf-8").split("\n")
    records = list(csv_reader.records(lines, ",", 0, 2))
    header = next(i for i, (_, fields) in enumerate(records) if fields and len(fields) > 2 and fields[2].strip())
    if name == "bofa_checking.csv":
        header = 5
    width = len(records[header][1])
    turned = []
    for index, (_, fields) in enumerate(records):
        padded = (fields + [""] * width)[:width]
        extra = "Added Column" if index == header else "x"
        cells = [cell.upper() if index == header else cell for cell in reversed(padded)]
        row = [*cells, extra] if index >= header else fields
        turned.append(",".join('"' + cell.replace('"', '""') + '"' for cell in row))
    again = csv_reader.read("\ufeff" + "\r\n".join(turned), name, ReadOptions(time_zone=ZONE))
    assert again.layout == plain.layout
    assert [row[1:] for s in again.statements for row in s.rows] == [
        row[1:] for s in plain.statements for row in s.rows
    ]


def test_ids_of_layouts_are_settled_words() -> None:
    assert len({layout.id for layout in csv_reader.LAYOUTS}) == len(csv_reader.LAYOUTS) - 1  # usaa has two forms
    assert all(layout.needs for layout in csv_reader.LAYOUTS)

"""The same layouts as other years and other settings write them: each trap of the survey in a file of its own."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from app.core.dates import iso
from app.core.ingest import reader
from app.core.ingest.statement import ParsedFile, ReadOptions

FILES = Path(__file__).parents[2] / "data" / "csv"
ZONE = ZoneInfo("America/Los_Angeles")


def read(name: str) -> ParsedFile:
    return reader.read((FILES / name).read_bytes(), name, ReadOptions(time_zone=ZONE))


@pytest.mark.parametrize(
    ("name", "layout", "rows"),
    [
        ("capital_one_card_resaved.csv", "capital-one-card", [("2026-01-12", -2999), ("2026-01-15", 2999)]),
        ("citi_card_older.csv", "citi-card", [("2026-01-14", -12000), ("2026-01-16", 12000)]),
        ("us_bank_iso.csv", "us-bank", [("2026-01-14", -8800), ("2026-01-15", 30000)]),
        ("pnc_no_category.csv", "pnc", [("2026-01-15", -14832), ("2026-01-17", 100000)]),
        ("usaa_older.csv", "usaa", [("2026-01-15", -3100), ("2026-01-16", 90000)]),
        ("apple_card_short.csv", "apple-card", [("2026-01-15", -475), ("2026-01-31", 475)]),
        ("bofa_checking_plain.csv", "bofa-checking", [("2026-01-05", 150000), ("2026-01-09", -10000)]),
        ("amex_uk.csv", "amex-full", [("2026-01-18", -2500), ("2026-02-02", 2500)]),
        ("paypal_day_first.csv", "paypal-activity", [("2026-01-25", 106680), ("2026-02-02", -5000)]),
        ("square_us_dates.csv", "square-transactions", [("2026-01-15", 120766)]),
        ("venmo_older.csv", "venmo", [("2026-01-15", -2340)]),
        ("cash_app_signed.csv", "cash-app", [("2026-01-15", -2500), ("2026-01-16", 5820)]),
        ("wise_direction.csv", "wise", [("2026-01-05", 20000), ("2026-01-26", -1250)]),
        ("mint_cr.csv", "mint", [("2026-01-15", -1200), ("2026-01-16", 200)]),
    ],
)
def test_a_variant_is_the_same_layout_with_the_same_signs(name: str, layout: str, rows: list[tuple[str, int]]) -> None:
    parsed = read(name)
    assert (parsed.layout, parsed.mapping, parsed.rejected) == (layout, None, [])
    assert [(iso(row.posted), row.cents) for row in parsed.statements[0].rows] == rows


def test_the_short_american_express_file_is_turned_round_by_its_name_and_its_payment() -> None:
    parsed = read("amex_activity.csv")
    [statement] = parsed.statements
    assert (parsed.layout, statement.institution, statement.kind) == ("mapping", "American Express", "credit")
    assert [row.cents for row in statement.rows] == [-2500, -1920, 4420]
    assert parsed.notes == ["Amounts were turned round, positive amounts being charges: 1 in, 2 out, net $0.00."]


def test_a_decimal_comma_and_day_first_dates_are_told() -> None:
    parsed = read("paypal_day_first.csv")
    assert parsed.notes == ["Dates were read day first.", "Amounts were read with a decimal comma."]
    assert (parsed.statements[0].rows[0].gross_cents, parsed.statements[0].rows[0].fee_cents) == (110000, -3320)


def test_balance_rows_of_an_older_file_are_no_rows() -> None:
    assert [trouble.line for trouble in read("venmo_older.csv").skipped] == [2, 4]

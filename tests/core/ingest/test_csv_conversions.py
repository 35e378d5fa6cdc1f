"""A foreign row that writes its dollars is not asked about; one that writes only a rate is."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.core.ingest import reader
from app.core.ingest.csv_conversions import dollars_in_words
from app.core.ingest.statement import ReadOptions

FILES = Path(__file__).parents[2] / "data" / "csv"


def test_a_wallet_tells_the_dollars_in_words_or_beside_the_amount() -> None:
    name = "wise_conversions.csv"
    parsed = reader.read((FILES / name).read_bytes(), name, ReadOptions())
    [statement] = parsed.statements
    assert (parsed.layout, statement.currency, parsed.rejected) == ("wise", "EUR", [])
    assert [(row.bank_id, row.cents, row.usd_cents) for row in statement.rows] == [
        ("BALANCE-1", 92_000, 100_000),
        ("BALANCE-2", -50_000, -54_120),
        ("CARD-3", -1_160, -1_250),
        ("TRANSFER-4", -10_000, -10_800),
        ("TRANSFER-5", -10_000, None),  # a fee within it, whose dollars nobody wrote
        ("BALANCE-6", -5_000, None),  # no dollars in it
        ("BALANCE-7", -6_000, None),  # it speaks of another amount
        ("TRANSFER-8", 7_500, None),
    ]


@pytest.mark.parametrize(
    ("text", "cents", "currency", "dollars"),
    [
        ("Converted 1,000.00 USD to 920.00 EUR", 92_000, "EUR", 100_000),
        ("converted 920 EUR from your EUR balance to 1000.5 USD for you", -92_000, "EUR", -100_050),
        ("Converted 1.000,00 USD to 920,00 EUR", 92_000, "EUR", None),
        ("Converted 1,000.00 USD to 920.00 EUR", 92_000, "GBP", None),
        ("Converted 920.00 EUR to 920.00 EUR", 92_000, "EUR", None),
        ("Converted 0.00 USD to 920.00 EUR", 92_000, "EUR", None),
        ("Converted USD to EUR at 0.92", 92_000, "EUR", None),
        ("Card transaction of 12.50 EUR issued by Kiosk", -1_250, "EUR", None),
        ("Card transaction of 7,255.00 JPY issued by Kiosk", -4_300, "EUR", None),
        ("Gift card transaction of 12.505 USD", -1_250, "EUR", None),
    ],
)
def test_only_what_is_written_of_this_very_amount_is_taken(
    text: str, cents: int, currency: str, dollars: int | None
) -> None:
    assert dollars_in_words(text, cents, currency) == dollars

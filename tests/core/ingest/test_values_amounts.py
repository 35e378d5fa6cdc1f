"""Amounts as machines and people write them: each has one meaning or is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.ingest.values import cents_of_plain, cents_of_typed, folded, joined


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("0", 0),
        ("-0.00", 0),
        ("12", 1200),
        ("-12.3", -1230),
        ("+12.34", 1234),
        ("12,34", 1234),
        ("-0.50", -50),
        ("12.340000", 1234),
        ("999999999999.00", 99_999_999_999_900),
    ],
)
def test_plain(text: str, cents: int) -> None:
    assert cents_of_plain(text) == cents


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "NaN",
        "Infinity",
        "1E+999999",
        "1e2",
        "0x10",
        "9" * 4001,
        "1_0.00",
        "١٢.00",
        "--1.00",
        "+-1.00",
        "1.2.3",
        "1,234",
        "1,234.00",
        "12.345",
        "0.001",
        "$5",
        "1 2.00",
        "-",
        ".",
        "-.00",
        "1.00 ",
        "²2.00",
        "1.0²",
    ],
)
def test_plain_refuses(text: str) -> None:
    with pytest.raises(ValueError, match="amount"):
        cents_of_plain(text)


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("$1,234.50", 123450),
        ("(1,350.00)", -135000),
        ("($1,350.00)", -135000),
        ("$(5.00)", -500),
        ("(-5.00)", -500),
        ("-(5.00)", -500),
        ("- $23.40", -2340),
        ("+ $37.10", 3710),
        ("-$7,971.39", -797139),
        ("$-5.00", -500),
        ("12.00-", -1200),
        ("12.00+", 1200),
        ("$12.00-", -1200),
        ("USD 5", 500),
        ("5.00 USD", 500),
        ("US$ 5.10", 510),
        ("−5.00", -500),
        ("–5", -500),
        (".50", 50),
        ("5.", 500),
        ("1,234", 123400),
        ("1,234,567.8", 123456780),
        ("1'234.50", 123450),
        ("1 234,50", 123450),
        ("1\u00a0234.50", 123450),
        ("1.234,50", 123450),
        ("1.234.567", 123456700),
        ("12,5", 1250),
        ("0,500", 50),
        ("148.3200", 14832),
    ],
)
def test_typed(text: str, cents: int) -> None:
    assert cents_of_typed(text) == cents


@pytest.mark.parametrize(
    ("text", "cents"),
    [("1.234", 123400), ("1.234,56", 123456), ("12,34", 1234), ("-0,5", -50), ("1.234.567,8", 123456780)],
)
def test_typed_with_decimal_comma(text: str, cents: int) -> None:
    assert cents_of_typed(text, decimal_comma=True) == cents


@pytest.mark.parametrize(
    "text",
    [
        "",
        "--",
        "-",
        "$",
        "()",
        "NaN",
        "1e5",
        "--5",
        "-5-",
        "+-5",
        "-+5",
        "5 5",
        "1,23,456",
        "1,234,56",
        "12,34,567",
        "1.234",
        "0.001",
        "1,2345.00",
        "1.234.56",
        "€5",
        "5%",
        "9" * 13,
        "1,234,567,890,123,456",
        "٥",
        "abc",
        "(5",
        "((-5))",
        "1,234.567",
        "1 2",
        "5.0.0",
    ],
)
def test_typed_refuses(text: str) -> None:
    with pytest.raises(ValueError, match="amount"):
        cents_of_typed(text)


@pytest.mark.parametrize("text", ["1,234", "1,2345"])
def test_typed_with_decimal_comma_refuses_fractions(text: str) -> None:
    with pytest.raises(ValueError, match="fraction"):
        cents_of_typed(text, decimal_comma=True)


@given(cents=st.integers(-(10**14) + 1, 10**14 - 1))
def test_every_way_of_writing_gives_the_same_cents(cents: int) -> None:
    whole, part = divmod(abs(cents), 100)
    sign = "-" if cents < 0 else ""
    assert cents_of_plain(f"{sign}{whole}.{part:02d}") == cents
    assert cents_of_typed(f"{sign}${whole:,}.{part:02d}") == cents
    assert cents_of_typed(f"{whole:,}.{part:02d}{sign}") == cents
    german = f"{whole:,}".replace(",", ".")
    assert cents_of_typed(f"{sign}{german},{part:02d}", decimal_comma=True) == cents
    if cents < 0:
        assert cents_of_typed(f"({whole:,}.{part:02d})") == cents


@given(text=st.text("0123456789.,-+()$ '’USDx", max_size=14))
def test_any_text_gives_cents_or_a_value_error(text: str) -> None:
    try:
        cents = cents_of_typed(text)
    except ValueError:
        return
    digits = "".join(c for c in text if c in "0123456789")
    assert str(abs(cents)).strip("0") == digits.strip("0")


@pytest.mark.parametrize(
    ("name", "memo", "text"),
    [
        ("SHOP", "", "SHOP"),
        ("", "memo", "memo"),
        ("SHOP", "shop", "SHOP"),
        (
            "COFFEE HOUSE OF MANY WORDS AND ON",
            "COFFEE HOUSE OF MANY WORDS AND ONE",
            "COFFEE HOUSE OF MANY WORDS AND ONE",
        ),
        ("COFFEE HOUSE", "COFFEE", "COFFEE HOUSE"),
        ("CARD", "COFFEE", "CARD COFFEE"),
    ],
)
def test_joined(name: str, memo: str, text: str) -> None:
    assert joined(name, memo) == text


def test_folded_keeps_one_line_of_bounded_length() -> None:
    assert folded("  a\t b\r\nc ") == "a b c"
    assert len(folded("x" * 5000)) == 1000

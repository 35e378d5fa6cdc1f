"""The short words of the window."""

from __future__ import annotations

from datetime import date

import pytest

from app.core.books import naming
from app.core.books.naming import Meaning
from app.core.dates import day_of


@pytest.mark.parametrize(
    ("kind", "line", "want"),
    [
        ("expense", "C18", "Office expense"),
        ("income", "C1", "Client income"),
        ("refund", "C22", "Supplies, refund"),
        ("refund", "C2", "Returns and allowances"),
        ("card_payment", "NONE", "Card payment"),
        ("transfer", "NONE", "Transfer"),
        ("personal", "NONE", "Personal"),
        ("personal", "S1_HEALTH", "Health insurance"),
    ],
)
def test_a_category_has_a_plain_name(kind: str, line: str, want: str) -> None:
    assert naming.category(kind, line) == want


@pytest.mark.parametrize(
    ("line", "want"), [("C18", "18"), ("C24a", "24a"), ("C9A", "9"), ("NONE", "–"), ("S1_RETIRE", "Sch. 1")]
)
def test_a_line_is_shown_as_the_form_prints_it(line: str, want: str) -> None:
    assert naming.line_code(line, 2026) == want


@pytest.mark.parametrize(
    ("confidence", "want"),
    [(9_850, "sure"), (9_000, "sure"), (8_999, "likely"), (6_500, "likely"), (6_000, "unsure"),
     (5_000, "no suggestion")],
)  # fmt: skip
def test_confidence_is_a_word(confidence: int, want: str) -> None:
    assert naming.confidence_word(confidence) == want


def test_an_unsure_suggestion_becomes_a_question() -> None:
    car, private = Meaning("expense", "C9A"), Meaning("personal", "NONE")
    assert naming.suggestion([private, car], 6_000, money_in=False) == "Car or personal?"
    assert naming.suggestion([car, private], 9_500, money_in=False) == "Car"
    assert naming.suggestion([private, car], 5_000, money_in=False) == "Choose a line"
    assert naming.suggestion([Meaning("income", "C1"), private], 5_500, money_in=True) == "Income or repayment?"


@pytest.mark.parametrize(
    ("name", "last4", "bank", "want"),
    [
        ("Chase Checking ··6620", "6620", "Chase", "Checking ··6620"),
        ("Sapphire", "0093", "Chase", "Sapphire ··0093"),
        ("PayPal", None, "PayPal", "PayPal"),
    ],
)
def test_an_account_is_short(name: str, last4: str | None, bank: str, want: str) -> None:
    assert naming.account_short(name, last4, bank) == want


@pytest.mark.parametrize(
    ("days", "want"),
    [
        ([(2026, 11, 16)], "Nov 16"),
        ([(2026, 11, 18), (2026, 11, 3)], "Nov 3 and 18"),
        ([(2026, 11, 11), (2026, 11, 13), (2026, 11, 16)], "Nov 11 to 16"),
        ([(2026, 10, 29), (2026, 11, 3), (2026, 11, 4)], "Oct 29 to Nov 4"),
        ([(2025, 12, 28), (2026, 1, 2)], "Dec 28, 2025 and Jan 2"),
        ([(2025, 12, 1), (2025, 12, 8)], "Dec 1 and 8, 2025"),
    ],
)
def test_days_are_named_together(days: list[tuple[int, int, int]], want: str) -> None:
    assert naming.days_words([day_of(date(*day)) for day in days], 2026) == want


@pytest.mark.parametrize(
    ("key", "text", "want"),
    [
        ("zelle payment from petra solberg", "Zelle payment from PETRA SOLBERG CERAMICS 18", "Petra Solberg Ceramics"),
        ("invoice caf verd", "Invoice 5049 - Café Verdé", "Café Verdé"),
        ("industrious oakland", "INDUSTRIOUS OAKLAND OAKLAND CA", "Industrious Oakland"),
        ("", "CHECK 1042", "CHECK 1042"),
    ],
)  # fmt: skip
def test_an_unknown_payee_is_named_from_its_text(key: str, text: str, want: str) -> None:
    assert naming.payee(key, text) == want

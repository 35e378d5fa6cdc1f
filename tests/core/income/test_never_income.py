"""Money in that is no client's: borrowed, given back, moved, earned as interest or wages. Nothing is booked to C1."""

from __future__ import annotations

import random

import pytest
from payer_texts import code, digits

from app.core.classify.decide import Classifier, Subject
from app.services.classify import knowledge

TEXTS = {
    "loan": (
        "LENDINGCLUB LOAN PROCEEDS", "SBA EIDL LOAN TREAS 310", "KABBAGE LOAN FUNDING", "STRIPE CAPITAL ADVANCE",
        "ONDECK CAPITAL LOAN", "BLUEVINE LOC DRAW", "LOAN PROCEEDS", "ACH CREDIT UPSTART LOAN FUNDING",
        "HOME EQUITY LOC ADVANCE", "PAYPAL WORKING CAPITAL LOAN", "STUDENT LOAN DISBURSEMENT NAVIENT",
    ),
    "wages": (
        "ACME CORP PAYROLL DIR DEP", "ADP PAYROLL NORTHGATE HEALTH", "GUSTO PAYROLL", "INTUIT PAYROLL DIRECT DEP",
        "SALARY ACME CORP", "ORIG CO NAME:STATE OF OHIO ORIG ID:1234567890 CO ENTRY DESCR:PAYROLL SEC:PPD",
    ),
    "interest": ("INTEREST PAYMENT", "INTEREST PAID", "INTEREST EARNED", "MONTHLY INTEREST CREDIT"),
    "refund": (
        "PURCHASE RETURN AUTHORIZED ON 08/17 HOME DEPOT", "AMAZON MKTPL REFUND", "REFUND ADOBE INC",
        "POS REFUND STAPLES", "RETURN BEST BUY", "CASH BACK REWARD", "STATEMENT CREDIT",
    ),
    "transfer": (
        "ONLINE TRANSFER FROM SAV", "TRANSFER FROM CHECKING XXXX1234", "FUNDS TRANSFER FRMDEP FROM SAVINGS",
        "VENMO CASHOUT", "COINBASE.COM TRANSFER",
    ),
    "tax refund": ("IRS TREAS 310 TAX REF", "FRANCHISE TAX BD CASTTAXRFD", "STATE TAX REFUND"),
}  # fmt: skip


@pytest.mark.parametrize("role", ["business", "personal", "mixed", "reserve"])
@pytest.mark.parametrize("what", TEXTS)
def test_it_is_never_booked_as_income(what: str, role: str) -> None:
    dice = random.Random(f"{what} {role}")
    label_of = Classifier(knowledge.merchants(), [], {}).label
    wrong = []
    for text in TEXTS[what]:
        for tail in (
            "",
            f" {code(dice)}",
            f" {digits(dice, 10)} PPD ID: {digits(dice, 10)}",
            f" {digits(dice, 6)} WEB",
        ):
            for kind in ("checking", "savings"):
                for profession in ("designer", "rideshare_driver", "therapist", "other"):
                    said = f"{text}{tail}"
                    label = label_of(Subject(said, 1, kind, role, profession, None, 48_000, 1, None))
                    if label.auto and label.kind == "income":
                        wrong.append(said)
    assert wrong == []

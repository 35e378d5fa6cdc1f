"""Money that is no income, in the clothes of a deposit: whatever a bank wraps around it, it is never booked as income.

The list is made here, of phrases written for it, names and the ways banks print a deposit.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest

from app.core.books.vocabulary import Kind, Profession
from app.core.classify.decide import Classifier, Knowledge, Label, Subject

PHRASES: dict[str, tuple[str, ...]] = {
    "pay": (
        "{co} PAYROLL",
        "{co} DIRECT DEP",
        "{co} SALARY",
        "{co} WAGES",
        "{co} NET PAY",
        "{co} REG SALARY",
        "ADP PAYROLL {co}",
        "PAYCHEX {co} PAYROLL",
        "{co} DIR DEP",
        "{co} PAYROLL BONUS",
        "{co} SEVERANCE PAY",
        "{co} SICK PAY",
        "{co} BONUS PAYROLL",
        "DFAS-CLEVELAND FED SALARY",
        "UNIFIED SCHOOL DIST PAYROLL",
        "{co} W-2 PAY",
        "{co} EMPLOYEE PAY",
        "{co} HOLIDAY PAY",
        "STATE OF OHIO PAYROLL",
        "{co} RETRO PAY",
        "{co} VACATION PAYOUT",
        "{co} PTO PAYOUT",
    ),
    "loan": (
        "SBA EIDL LOAN",
        "{co} LOAN PAYOUT",
        "UPSTART LOAN FUNDING",
        "LENDINGCLUB PAYOUT",
        "PERSONAL LOAN DEPOSIT",
        "LOAN FROM {who}",
        "CASH ADVANCE PAYOUT",
        "HELOC ADVANCE",
        "STUDENT LOAN DISBURSEMENT",
        "FAMILY LOAN {who}",
        "{co} LOAN PROCEEDS",
        "{co} BRIDGE LOAN",
        "MERCHANT CASH ADV {co}",
        "{co} LENDING DISBURSEMENT",
        "AUTO LOAN REFINANCE PAYOUT",
        "{co} CAPITAL ADVANCE",
        "LOAN REPAYMENT {who}",
        "LOC DRAW",
        "PAYDAY LOAN {co}",
        "MICROLOAN PAYOUT",
        "{co} LOAN ORIGINATION",
        "EARNED WAGE ADVANCE",
        "ONDECK CAPITAL DEPOSIT",
        "SQUARE LOANS PAYOUT",
    ),
    "gift": (
        "BIRTHDAY GIFT {who}",
        "WEDDING GIFT {who}",
        "GIFT FROM {who}",
        "CHRISTMAS MONEY {who}",
        "INHERITANCE {who}",
        "ESTATE OF {who}",
        "ESTATE DISTRIBUTION",
        "GOFUNDME PAYOUT",
        "BABY SHOWER GIFT",
        "GRADUATION GIFT {who}",
        "HONEYMOON FUND PAYOUT",
        "TRUST DISTRIBUTION {who}",
        "LIFE INSURANCE BENEFICIARY PAYOUT",
    ),
    "own money": (
        "TRANSFER FROM SAVINGS",
        "OWNER CONTRIBUTION",
        "FROM PERSONAL CHECKING",
        "CAPITAL CONTRIBUTION {who}",
        "OWN FUNDS DEPOSIT",
        "OVERDRAFT PROTECTION TRANSFER",
        "BROKERAGE REDEMPTION PAYOUT",
        "COINBASE PAYOUT",
        "FIDELITY WITHDRAWAL PAYOUT",
        "ROTH IRA DISTRIBUTION",
        "401K DISTRIBUTION PAYOUT",
        "CD MATURITY PAYOUT",
        "ROBINHOOD PAYOUT",
        "ESCROW REFUND PAYMENT",
        "MONEY MARKET PAYOUT",
        "CERTIFICATE OF DEPOSIT PAYMENT",
        "VANGUARD SELL PAYMENT",
        "ACORNS PAYOUT",
        "CRYPTO CASH OUT PAYOUT",
        "SAVINGS GOAL PAYOUT",
        "MEMBER CONTRIBUTION {who}",
        "SHAREHOLDER LOAN {who}",
        "HSA DISTRIBUTION PAYMENT",
        "529 PLAN DISTRIBUTION",
        "SALE OF CAR PAYMENT {who}",
        "ACCOUNT CLOSING PAYOUT",
        "SECURITY DEPOSIT RETURN {co}",
    ),
    "tax": (
        "IRS TREAS 310 TAX REF",
        "STATE TAX REFUND",
        "SALES TAX REFUND",
        "SALES TAX PAYMENT",
        "CASTTAXRFD",
        "FRANCHISE TAX BD REFUND",
        "PROPERTY TAX REFUND PAYMENT",
        "TAX REFUND ADVANCE PAYOUT",
        "SALES TAX COLLECTED",
        "TAX REBATE PAYMENT",
    ),
    "benefit": (
        "SSA TREAS 310 XXSOC SEC",
        "UNEMPLOYMENT PAYMENT",
        "VA BENEFIT PAYMENT",
        "PENSION PAYMENT {co}",
        "DISABILITY PAYOUT",
        "CHILD SUPPORT {who}",
        "ALIMONY PAYMENT {who}",
        "INSURANCE CLAIM PAYMENT",
        "WORKERS COMP CLAIM PAYMENT",
        "CLASS ACTION SETTLEMENT PAYOUT",
        "LOTTERY PAYOUT",
        "CASINO PAYOUT",
        "DIVIDEND PAYOUT",
        "ANNUITY PAYOUT",
        "RETIREMENT PAYMENT",
        "RENT FROM ROOMMATE {who}",
        "JURY DUTY PAYMENT",
        "SCHOLARSHIP PAYMENT",
        "FEMA PAYMENT",
        "BOND COUPON PAYMENT",
        "SETTLEMENT PAYOUT {who}",
        "SURVIVOR BENEFIT PAYOUT",
        "DIVORCE SETTLEMENT PAYMENT",
        "LEGAL SETTLEMENT PAYMENT",
        "FOSTER CARE PAYMENT",
        "TREASURY DIRECT PAYMENT",
        "SPORTSBOOK PAYOUT",
        "FANDUEL PAYOUT",
        "PLASMA CENTER PAYMENT",
        "CASHBACK PAYOUT",
        "REWARDS PAYOUT",
        "REBATE PAYMENT {co}",
        "INTEREST PAYOUT",
    ),
    "returned": (
        "REIMBURSEMENT {co}",
        "EXPENSE REPORT PAYMENT",
        "REFUND PAYMENT {co}",
        "REVERSAL {co}",
        "RETURNED PAYMENT {co}",
        "OVERPAYMENT REFUND {co}",
        "CHARGEBACK REVERSAL",
        "PAYMENT RETURNED NSF",
        "DEPOSIT REFUND {co}",
        "RETURNED ACH {co}",
        "PREMIUM REFUND PAYMENT",
        "WARRANTY CLAIM PAYMENT",
    ),
}
WRAPPERS = (
    "{p}",
    "ORIG CO NAME:{p} ORIG ID:9111111103 DESC DATE:260110 CO ENTRY DESCR:{w} SEC:PPD TRACE#:021000021234567",
    "{p} DES:{w} ID:XXXXX12345 INDN:JORDAN R AVERY CO ID:XXXXX67890 PPD",
    "{p} DES:{w} ID:XXXXX12345 INDN:JORDAN R AVERY CO ID:XXXXX67890 CCD",
    "{p} {w} PPD ID: 1234567890",
    "{p} {w} CCD ID: 1234567890",
    "ACH DEPOSIT {p} {w}",
    "ELECTRONIC DEPOSIT FROM {p} REF=260110012345678",
    "EXTERNAL DEPOSIT {p}",
    "WIRE TYPE:WIRE IN DATE: 260110 TIME:1403 ET TRN:2026011000412345 ORIG:{p}",
    "ZELLE PAYMENT FROM {who} FOR {p} CONF# T0ABCDEF",
    "REAL TIME PAYMENT CREDIT RECD FROM ABA/CONTR BNK-021000021 FROM: {p}",
    "VENMO CASHOUT {p}",
    "DEPOSIT {p}",
)
ENTRIES = ("PAYMENT", "DEPOSIT", "CREDIT", "PAYOUT")
COMPANIES = ("BRIGHTON FOODS", "NORTHLINE LOGISTICS INC")
PEOPLE = ("MARGUERITE DOYLE", "T OKONKWO")


def texts(phrases: tuple[str, ...]) -> Iterator[str]:
    for number, phrase in enumerate(phrases):
        for company, person in zip(COMPANIES, PEOPLE, strict=True):
            said = phrase.format(co=company, who=person)
            for place, wrapper in enumerate(WRAPPERS):
                for entry in ENTRIES if "{w}" in wrapper else ENTRIES[:1]:
                    yield wrapper.format(p=said, w=entry, who=PEOPLE[(number + place) % len(PEOPLE)])


def booked_as_income(knowledge: Knowledge, phrases: tuple[str, ...]) -> list[tuple[str, Label]]:
    classifier = Classifier(knowledge, [], {})
    found = []
    for number, text in enumerate(dict.fromkeys(texts(phrases))):
        trade = list(Profession)[number % len(Profession)]
        for account in ("checking", "savings"):
            made = classifier.label(Subject(text, 1, account, "business", trade, None, None, 0, None))
            if made.auto and made.kind == Kind.INCOME:
                found.append((text, made))
    return found


@pytest.mark.parametrize("sort", list(PHRASES))
def test_it_is_never_booked_as_income(knowledge: Knowledge, sort: str) -> None:
    wrong = booked_as_income(knowledge, PHRASES[sort])
    assert Counter(text for text, _ in wrong) == Counter()


def test_the_list_is_long_and_client_money_in_the_same_clothes_is_booked(knowledge: Knowledge) -> None:
    assert sum(1 for phrases in PHRASES.values() for _ in texts(phrases)) > 5_000
    client = ("{co} VENDOR PAYMENT", "{co} ACCOUNTS PAYABLE", "{co} INVOICE 1042")
    assert len({text for text, _ in booked_as_income(knowledge, client)}) > 40


def test_what_took_the_certainty_is_said_and_income_stays_a_choice(knowledge: Knowledge) -> None:
    for text in ("UPWORK LOAN PAYOUT", "BRIGHTON FOODS LOAN PAYOUT"):
        subject = Subject(text, 1, "checking", "business", "designer", None, None, 0, None)
        made = Classifier(knowledge, [], {}).label(subject)
        assert (made.kind, made.auto) == (Kind.LOAN, False)
        assert made.reason_text == "The words “loan” may mean borrowed money."
        assert (Kind.INCOME, "C1") in {(choice.kind, choice.line) for choice in made.choices}
        [decided] = [layer for layer in Classifier(knowledge, [], {}).explained(subject) if layer.decided]
        assert decided.speaks


@pytest.mark.parametrize(
    "text",
    ["UPWORK ESCROW IN DES:EDI PYMNTS ID:12345 INDN:JORDAN R AVERY CO ID:XXXXX67890 CCD", "STRIPE TRANSFER ST-A1"],
)
def test_payers_everybody_knows_are_still_booked(knowledge: Knowledge, text: str) -> None:
    made = Classifier(knowledge, [], {}).label(
        Subject(text, 1, "checking", "business", "designer", None, None, 0, None)
    )
    assert (made.kind, made.line, made.auto) == (Kind.INCOME, "C1", True)

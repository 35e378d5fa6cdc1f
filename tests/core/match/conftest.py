"""Invented years of bank rows with known pairs and decoys, other in names, banks, lags and fees for each seed."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from app.core.match.naming import AccountFacts
from app.core.match.scoring import Leg

CHECKING, PERSONAL, SAVINGS, CARD_A, CARD_B, PAYPAL, STRIPE = range(1, 8)
BANKS = ("Chase", "Bank of America", "Wells Fargo", "Capital One", "Ally Bank", "First Prairie CU", "Bluestem Bank")
CARDS = {
    "American Express": "AMEX EPAYMENT ACH PMT",
    "Chase": "CHASE CREDIT CRD AUTOPAY PPD",
    "Capital One": "CAPITAL ONE CRCARDPMT",
    "Citi": "CITI CARD ONLINE PAYMENT",
    "Discover": "DISCOVER E-PAYMENT",
    "Bluestem Bank": "BLUESTEM BANK CARD PYMT",
}
STRANGE_CARDS = ("BARCLAYCARD US CREDITCARD", "SYNCHRONY BANK PAYMENT", "APPLECARD GSBANK PAYMENT")
CLIENTS = ("HARTWELL STUDIO", "NORTHGATE LLC", "OTIS AND VALE", "PINE RIDGE DENTAL", "KESTREL MEDIA")
SHOPS = ("STAPLES", "ADOBE", "DELTA AIR", "SHELL OIL", "TRADER JOES", "FIGMA", "B&H PHOTO")


@dataclass
class Book:
    facts: list[AccountFacts]
    legs: list[Leg] = field(default_factory=list)
    truth: set[tuple[int, int]] = field(default_factory=set)
    kinds: dict[tuple[int, int], str] = field(default_factory=dict)
    decoys: set[int] = field(default_factory=set)

    def add(
        self, account: int, day: int, cents: int, text: str, phrase: str | None = None, *, decoy: bool = False
    ) -> int:
        number = len(self.legs) + 1
        self.legs.append(Leg(number, account, day, cents, phrase, text))
        if decoy:
            self.decoys.add(number)
        return number

    def link(self, out: int, into: int, kind: str) -> None:
        self.truth.add((out, into))
        self.kinds[out, into] = kind


class Maker:
    """Writes one year into a book."""

    def __init__(self, seed: int, density: int = 1) -> None:
        self.dice = random.Random(seed)
        self.first = 20_000 + 365 * (seed % 5)
        self.density = density
        bank, other_bank = self.dice.sample(BANKS, 2)
        card_a, card_b = self.dice.sample(sorted(CARDS), 2)
        four = [f"{n:04d}" for n in self.dice.sample(range(1000, 9999), 7)]
        names = ("Business checking", "House account", "Tax reserve", "Gold card", "Travel card", "PayPal", "Stripe")
        kinds = ("checking", "checking", "savings", "credit", "credit", "paypal", "stripe")
        banks = (bank, other_bank, bank, card_a, card_b, None, None)
        self.book = Book(
            [
                AccountFacts(i + 1, kinds[i], "business", banks[i], names[i], four[i] if i < 5 else None)
                for i in range(7)
            ]
        )
        self.card_text = {CARD_A: CARDS[card_a], CARD_B: CARDS[card_b]}
        self.strange_card = self.dice.choice(STRANGE_CARDS)

    def day(self) -> int:
        return self.first + self.dice.randrange(350)

    def odd(self, low: int = 2_000, high: int = 900_000) -> int:
        return self.dice.randrange(low, high)

    def round(self) -> int:
        return self.dice.choice((20_000, 50_000, 75_000, 100_000, 120_000, 150_000, 200_000, 250_000))

    def last4(self, account: int) -> str:
        return self.book.facts[account - 1].last4 or ""

    def move(self, out: int, into: int, cents: int, day: int, *, blind: bool = False) -> None:
        """A transfer between two bank accounts, as six banks would write it."""
        short = {"checking": "CHK", "savings": "SAV"}
        other, own = self.book.facts[into - 1], self.book.facts[out - 1]
        number = self.dice.randrange(10**10, 10**11)
        style = self.dice.randrange(4)
        there = (
            f"Online Transfer to {short[other.kind]} ...{other.last4} transaction#: {number}",
            f"ONLINE BANKING TRANSFER TO {short[other.kind]} {other.last4} CONFIRMATION# {number}",
            f"TRANSFER TO {own.institution if other.institution is None else other.institution} {other.kind.upper()}",
            f"EXT TRNSFR TO {other.institution or ''} XXXX{other.last4}",
        )[style]
        here = (
            f"Online Transfer from {short[own.kind]} ...{own.last4} transaction#: {number}",
            f"ONLINE BANKING TRANSFER FROM {short[own.kind]} {own.last4}",
            f"TRANSFER FROM {own.kind.upper()}",
            f"{(own.institution or '').upper()} EXT TRNSFR PPD",
        )[style]
        if blind:
            here = "DEPOSIT"
        lag = self.dice.choice((0, 0, 0, 1, 1, 2, 3))
        a = self.book.add(out, day, -cents, there, "transfer")
        b = self.book.add(into, day + lag, cents, here, None if blind else "transfer")
        self.book.link(a, b, "transfer")

    def pay_card(self, card: int, cents: int, day: int) -> None:
        text = self.dice.choice(("AUTOPAY PAYMENT - THANK YOU", "Payment Thank You-Mobile", "ONLINE PAYMENT RECEIVED"))
        a = self.book.add(CHECKING, day, -cents, self.card_text[card], "card_payment")
        b = self.book.add(card, day + self.dice.choice((-1, 0, 0, 1, 2, 3)), cents, text, "card_payment")
        self.book.link(a, b, "card_payment")

    def pay_out(self, wallet: int, cents: int, day: int, fee: int = 0) -> None:
        own = {PAYPAL: "General Withdrawal to bank account", STRIPE: "STRIPE PAYOUT po_1Nx"}[wallet]
        theirs = {PAYPAL: "PAYPAL TRANSFER PPD ID: PAYPALSD11", STRIPE: "STRIPE TRANSFER ST-K3X CCD"}[wallet]
        a = self.book.add(wallet, day, -cents, own, "payout")
        b = self.book.add(CHECKING, day + self.dice.choice((0, 1, 1, 2, 3)), cents - fee, theirs, "payout")
        self.book.link(a, b, "fee" if fee else "payout")

    def true_pairs(self) -> None:
        for _ in range(26 * self.density):
            self.pay_out(STRIPE, self.odd(), self.day())
            self.pay_out(PAYPAL, self.odd(), self.day())
        for month in range(11):
            start = self.first + 30 * month
            self.pay_card(CARD_A, self.odd(), start + self.dice.randrange(4))
            self.pay_card(CARD_B, self.odd(), start + 14 + self.dice.randrange(4))
            self.move(CHECKING, SAVINGS, self.round(), start + 8)
            self.move(CHECKING, PERSONAL, self.round(), start + 2)
            self.move(CHECKING, PERSONAL, self.odd(), start + 18)
            self.move(SAVINGS, CHECKING, self.odd(), start + 22, blind=month % 4 == 0)
            cents = self.odd()
            self.pay_out(PAYPAL, cents, start + 5, fee=min(2_500, cents * 175 // 10_000))

    def noise(self) -> None:
        for _ in range(1_300 * self.density):
            account = self.dice.choice((CHECKING, PERSONAL, CARD_A, CARD_B, PAYPAL))
            self.book.add(account, self.day(), -self.odd(300, 60_000), f"{self.dice.choice(SHOPS)} {self.odd()}")
        for _ in range(200 * self.density):
            client = self.dice.choice(CLIENTS)
            text = self.dice.choice((f"ACH CREDIT {client}", f"DEPOSIT {client}", f"Payment from {client}"))
            self.book.add(self.dice.choice((CHECKING, PAYPAL, PERSONAL)), self.day(), self.odd(), text)

    def decoys(self) -> None:
        add, book = self.book.add, self.book
        for _ in range(8 * self.density):
            day, cents, client = self.day(), self.round() + self.dice.randrange(0, 4_000), self.dice.choice(CLIENTS)
            # A client pays what goes out elsewhere.
            add(SAVINGS, day, -cents, "Online Transfer to CHK ...0007 transaction#: 99", "transfer", decoy=True)
            add(CHECKING, day + 1, cents, f"ZELLE PAYMENT FROM {client}", "transfer", decoy=True)
            # A purchase equal to a deposit; two equal amounts that say nothing.
            cents = self.odd()
            add(CARD_A, day, -cents, "CAMERA HOUSE 0042", decoy=True)
            add(CHECKING, day, cents, f"ACH CREDIT {client}", decoy=True)
            cents = self.odd()
            add(PERSONAL, day, -cents, "CHECK 1044", decoy=True)
            add(PAYPAL, day, cents, f"Payment from {client}", decoy=True)
            # A card that is not here is paid while a refund of the same amount arrives on one that is.
            cents = self.odd()
            add(CHECKING, day, -cents, self.strange_card, "card_payment", decoy=True)
            add(CARD_B, day + 1, cents, "PURCHASE RETURN DELTA AIR", decoy=True)
            # A processor that is not here pays out what leaves for somewhere else.
            cents = self.round()
            add(PERSONAL, day, -cents, "WIRE TRANSFER OUT TO GARNET ESCROW", "transfer", decoy=True)
            add(CHECKING, day, cents, "UPWORK ESCROW PAYOUT", "payout", decoy=True)
            # A bank-funded wallet purchase and a client's payment into the wallet.
            cents = self.odd()
            add(CHECKING, day, -cents, "PAYPAL INST XFER", "transfer", decoy=True)
            add(PAYPAL, day, cents, f"Payment from {client}", decoy=True)
        assert book.decoys

    def make(self) -> Book:
        self.true_pairs()
        self.noise()
        self.decoys()
        self.dice.shuffle(self.book.legs)
        return self.book


@pytest.fixture
def make_book() -> Callable[..., Book]:
    return lambda seed, density=1: Maker(seed, density).make()

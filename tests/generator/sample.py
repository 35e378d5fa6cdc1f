"""The sample files of `resources/sample`: the designer's year with its particular days.

`scripts/make_sample.py` writes what this returns; a test holds the committed files against it.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Any

from generator.designer import AMEX, CHASE, CHECKING, DESIGNER, PAYPAL, STRIPE
from generator.ledger import Row, Skip, bank_day
from generator.story import Story
from generator.truth import truth, write
from generator.wording import zelle

SEED = 1099
YEAR = 2026


def make_sample() -> tuple[dict[str, bytes], dict[str, Any]]:
    """Return the six files by name and their truth."""
    who = replace(DESIGNER, accounts=deepcopy(DESIGNER.accounts))
    story = Story(who, Random(SEED))
    story.tell()
    _work(story)
    _trip(story)
    _home(story)
    _clients_money_back(story)
    _money_in_that_is_no_income(story)
    _decoys(story)
    books = story.settle()
    files = write(books)
    return files, truth(books, who)


def _on(month: int, day: int) -> date:
    return date(YEAR, month, day)


def _work(story: Story) -> None:
    buy = story.buy
    buy(CHASE, _on(2, 3), -289900, "APPLE STORE R414", "expense", None, category="Shopping", note="laptop")
    buy(CHASE, _on(1, 12), -12500, "AIGA MEMBERSHIP", "expense", "C27", category="Professional Services")
    buy(CHASE, _on(3, 9), -16800, "SKILLSHARE ANNUAL", "expense", "C27", category="Education")
    buy(AMEX, _on(4, 21), -49900, "CONFIG 2026 FIGMA", "expense", "C27", category="Education")
    buy(AMEX, _on(8, 4), -24900, "DOMESTIKA INC", "expense", "C27", category="Education")
    buy(CHASE, _on(4, 6), -14900, "LEGALZOOM* LEGAL SVC", "expense", "C17", category="Professional Services")
    buy(CHASE, _on(9, 2), -21900, "B&H PHOTO 800-606-6969", "expense", "C22", category="Shopping", note="colorimeter")
    for month, cents in ((2, 38500), (4, 61000), (8, 29000)):
        text = zelle("chase_debit", story.rng, "BLUESTEM BOOKKEEPING", _on(month, 18), inward=False)
        story.bank(_on(month, 18), -cents, text, "expense", "C17")
    for month, cents in ((2, 90000), (3, 62500), (5, 110000), (7, 48000), (9, 87500), (10, 54000)):
        text = zelle("chase_debit", story.rng, "IRIS DELMAR ILLUSTRATION", _on(month, 20), inward=False)
        story.bank(_on(month, 20), -cents, text, "expense", "C11")
    text = story.ach("CITY OF OAKLAND", "BUSTAX", _on(2, 26), inward=False)
    story.bank(_on(2, 26), -18640, text, "expense", "C23", note="business licence tax")
    story.bank(_on(5, 29), -1500, "DOMESTIC INCOMING WIRE FEE", "expense", "C27")
    story.bank(_on(7, 6), -36000, "CHECK 1041", "expense", None, judgment=True, note="letterpress shop, paid by cheque")
    story.bank(_on(10, 9), -21500, "CHECK 1042", "personal", "NONE", judgment=True, note="piano tuner")


def _trip(story: Story) -> None:
    """Four days at a conference in Chicago in May, two days with a client in Portland in September."""
    for when, cents, text, city, line in (
        (_on(4, 2), -41860, "UNITED      0162410557731", "HOUSTON TX", "C24a"),
        (_on(5, 14), -92344, "HILTON CHICAGO", "CHICAGO IL", "C24a"),
        (_on(5, 12), -1975, "CTA VENTRA", "CHICAGO IL", None),
        (_on(5, 12), -4310, "TST* LOU MALNATIS", "CHICAGO IL", None),
        (_on(5, 13), -6725, "GIRL AND THE GOAT", "CHICAGO IL", None),
        (_on(5, 14), -1340, "INTELLIGENTSIA COFFEE", "CHICAGO IL", None),
        (_on(8, 20), -21840, "ALASKA AIR  0272188190414", "SEATTLE WA", "C24a"),
        (_on(9, 10), -38612, "KIMPTON HOTEL VINTAGE", "PORTLAND OR", "C24a"),
        (_on(9, 9), -5480, "TST* HEADWATERS", "PORTLAND OR", None),
    ):
        story.buy(AMEX, when, cents, text, "expense", line, city=city, category="Travel", note="business trip")


def _home(story: Story) -> None:
    bank = story.bank
    for month in range(1, 12):
        text = f"Online Transfer to CHK ...8820 transaction#: 2{month:02d}7{month * 41893 % 10**7:07d}"
        bank(
            _on(month, 4), -40000, text, "owner_draw", "NONE", judgment=True, note="spouse's own account, not imported"
        )
    # Numbers that must never reach the books: a test card number, an account number, an invented routing pair.
    bank(_on(3, 24), -8650, "ONLINE PMT OAKLAND PARKS REC CARD 4111111111111111", "personal", "NONE", judgment=True)
    bank(_on(6, 23), -24000, "PHONE PAYMENT CASTLE DENTAL CARD 4012 8888 8888 1881", "personal", "NONE", judgment=True)
    bank(_on(8, 25), -30000, "BILL PAY SUMMER CAMP ACCOUNT NUMBER 004417702298", "personal", "NONE", judgment=True)
    for month, cents, name in ((2, 6500, "DEVON ASHLING"), (5, 12000, "DEVON ASHLING"), (9, 4800, "LENA MARCH")):
        text = zelle("chase_debit", story.rng, name, _on(month, 12), inward=False)
        bank(_on(month, 12), -cents, text, "personal", "NONE", judgment=True)
    text = story.ach("VANGUARD SEP-IRA", "CONTRIB", _on(9, 22), inward=False)
    bank(_on(9, 22), -300000, text, "personal", "S1_RETIRE", note="the owner's own retirement")


def _clients_money_back(story: Story) -> None:
    """A refund in full and in part on each processor, a lost dispute with its fee, a processor's own bill."""
    books = story.books
    charges = [r for r in books.of(STRIPE) if r.kind == "income" and (r.gross or 0) > 40000]
    full, part, lost = charges[3], charges[9], charges[14]
    more: dict[str, Any] = {"source_type": "refund", "note": "client refund"}
    for row, cents in ((full, full.gross or 0), (part, 12500)):
        when = row.posted + timedelta(days=6)
        text = f"REFUND FOR CHARGE ({row.text})"
        books.add(STRIPE, when, -cents, text, "refund", "C2", gross=-cents, fee=0, original=row, **more)
    gross = lost.gross or 0
    books.add(
        STRIPE, lost.posted + timedelta(days=27), -gross - 1500, f"Chargeback withdrawal for {lost.text}", "refund",
        "C2", gross=-gross, fee=-1500, source_type="dispute", original=lost, note="chargeback with its fee",
    )  # fmt: skip
    for month in (3, 6, 9):
        books.add(
            STRIPE, _on(month, 3), -1840, "Billing - Usage Fee", "expense", "C10", source_type="fee", note="processor"
        )
    paid = [r for r in books.of(PAYPAL) if r.kind == "income"]
    for row, cents in ((paid[6], paid[6].gross or 0), (paid[20], 4500)):
        books.add(
            PAYPAL, row.posted + timedelta(days=5), -cents, row.name, "refund", "C2", gross=-cents, fee=0,
            source_type="Payment Refund", name=row.name, original=row, note="client refund",
        )  # fmt: skip
    for month, cents in ((2, 2900), (6, 4800), (10, 1900)):
        books.add(
            PAYPAL, _on(month, 17), -cents, "Retro Supply Co", "expense", None, judgment=True,
            source_type="Express Checkout Payment", name="Retro Supply Co",
        )  # fmt: skip
    for month, day, cents in ((3, 5, -2500), (8, 12, -6100)):
        books.skips.append(
            Skip(account=PAYPAL, posted=_on(month, day), cents=cents, text="General Authorization", reason="pending")
        )


def _money_in_that_is_no_income(story: Story) -> None:
    bank, books = story.bank, story.books
    text = story.ach("FRANCHISE TAX BD", "CASTTAXRFD", _on(3, 17), inward=True)
    bank(_on(3, 17), 41200, text, "tax_payment", "NONE", note="refund of 2025 California tax")
    for month, cents in ((2, 8500), (5, 14200), (8, 6000)):
        text = story.ach("VENMO", "CASHOUT", _on(month, 25), inward=True)
        bank(
            _on(month, 25),
            cents,
            text,
            "personal",
            "NONE",
            judgment=True,
            note="friends' shares of dinners and tickets",
        )
    for month, cents, name in ((3, 8500, "TOMAS RIVEL"), (7, 22500, "HOLLIS ASHLING")):
        text = zelle("chase_debit", story.rng, name, _on(month, 10), inward=True)
        bank(_on(month, 10), cents, text, "personal", "NONE", judgment=True, note="a friend pays back")
    bank(_on(4, 29), 20000, "REMOTE ONLINE DEPOSIT # 901", "personal", "NONE", judgment=True, note="birthday cheque")
    books.add(
        CHASE, _on(6, 3), 4820, "REDEMPTION CREDIT CASH BACK", "refund", "NONE", transacted=_on(6, 2),
        source_type="Adjustment", category="", judgment=True, note="cash back is a rebate",
    )  # fmt: skip
    books.add(
        AMEX, _on(10, 14), 2500, "AMEX OFFER STATEMENT CREDIT", "refund", "NONE", transacted=_on(10, 14),
        judgment=True, note="cash back is a rebate",
    )  # fmt: skip
    print_run = story.buy(AMEX, _on(7, 21), -41260, "MOO PRINT INC", "expense", None, city="EAST PROVIDENCE RI")
    print_run.note = "menu cards for a client, paid back by the client"
    text = story.ach("OAKMERE WINERY", "EXP REIMB", _on(8, 7), inward=True, sec="CCD")
    bank(_on(8, 7), 41260, text, "refund", None, judgment=True, original=print_run, note="client repays a cost")
    story.from_savings(
        _on(5, 29),
        800000,
        1500,
        (
            "FEDWIRE CREDIT VIA: ALLY BANK/124003116 B/O: WREN CALLOWAY REF: {n}",
            "Wire transfer to CHASE BANK XXXXXX6620",
        ),
    )


def _decoys(story: Story) -> None:
    """Equal amounts that are two different things."""
    books, bank = story.books, story.bank

    def decoy(a: Row, b: Row, why: str) -> None:
        books.decoy(a, b, why)

    laptop = next(r for r in books.of(CHASE) if r.cents == -289900)
    same = bank(_on(2, 4), 289900, story.ach("RIDGEWAY DENTAL GRP", "INVOICE", _on(2, 4), inward=True), "income", "C1")
    decoy(laptop, same, "a client pays the price of the laptop bought a day before")
    hotel = next(r for r in books.of(AMEX) if r.cents == -92344)
    pays = bank(_on(5, 15), 92344, story.ach("QUILLSTONE PRESS", "ROYALTYPAY", _on(5, 15), inward=True), "income", "C1")
    decoy(hotel, pays, "a client payment equals a hotel bill")
    shop = story.buy(CHASE, _on(10, 5), -6400, "REI #92 BERKELEY", "personal", "NONE", category="Shopping")
    other = story.buy(AMEX, _on(10, 3), -6400, "BERKELEY REP THEATRE", "personal", "NONE", category="Entertainment")
    back = story.give_back(shop, 6400, _on(10, 12))
    decoy(other, back, "a refund equals another card's purchase")
    friend = bank(
        _on(6, 9), 50000, zelle("chase_debit", story.rng, "HOLLIS ASHLING", _on(6, 9), inward=True), "personal", "NONE"
    )
    friend.judgment, friend.note = True, "share of a holiday flat"
    moved = story.to_savings(bank_day(_on(6, 22)), 50000)
    decoy(moved[0], friend, "a friend's money and a transfer of the same sum")
    draws = [r for r in books.of(CHECKING) if r.kind == "owner_draw" and r.cents == -40000]
    gig = books.add(
        STRIPE, _on(4, 3), 40000 - 1190, "Invoice 5501 - Stellan Bike Works", "income", "C1", gross=40000, fee=-1190,
        source_type="charge",
    )  # fmt: skip
    decoy(draws[3], gig, "a gross charge equals money drawn for life")

"""Households whose rows are hard to tell apart: `make_tangled(seed)` gives overlapping files and the truth about them.

A year and a half of one of the generated households, with what a plain year lacks: the owner's private account with
draws and contributions, Stripe and Square beside PayPal, money given back months later and across the turn of the year,
chargebacks, costs that clients repay, loans, wires that lose a fee, and equal sums that belong to different things.
Every account comes in several files that overlap, the bank's own format and another, as people download them.
"""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random
from typing import Any

from generator.ledger import Account, Books, Row, Skip, bank_day, digits, token
from generator.people import PEOPLE
from generator.persona import Client, Persona
from generator.story import Story
from generator.truth import truth, write
from generator.wording import zelle
from generator.writers import WRITERS
from generator.year import equal_sums, money_in_that_is_no_income, named

HOUSE, STRIPE, SQUARE = "house account", "stripe", "square"
_HOUSE_BANKS = (("Wells Fargo", "7735"), ("Chase", "6192"), ("Navy Federal", "3406"), ("U.S. Bank", "9913"))
_SHOPS = (
    "IKEA",
    "PATAGONIA",
    "WAYFAIR",
    "ETSY.COM*",
    "WILLOW LANE GOODS",
    "TALL PINES OUTFITTERS",
    "MERCER & SONS HDWE",
)
_OTHER_FORMAT = {"checking": "wells_headerless", "savings": "wells_headerless", "credit": "ofx_sgml"}
_BACK_WORDS = ("{t}", "RETURN {t}", "REFUND {t}", "{t} REFUND", "{t} CREDIT")
_NEVER = ("SHELL", "EXXON", "TST*", "STARBUCKS", "SQ *", "CHIPOTLE", "MCDONALD", "7-ELEVEN", "UBER")
"""Fuel, rides and meals are hardly ever given back."""
_SHARES = (10, 20, 25, 30, 40, 50, 75)
_DAYS_AFTER = ((2, 30), (2, 30), (2, 30), (20, 90))
"""Days between a purchase and the money back: mostly weeks, sometimes a season."""


@dataclass(frozen=True, slots=True)
class TangledFile:
    name: str
    data: bytes
    account: str
    """The label of its account in the truth."""
    lines: dict[int, str]
    """The truth's row id by the line where its record starts."""


@dataclass(frozen=True, slots=True)
class Tangle:
    files: list[TangledFile]
    accounts: dict[str, Account]
    whole: dict[str, bytes]
    """One file for each account, by its label: the same rows without overlaps."""
    truth: dict[str, Any]
    """As `truth.truth`, with `backs` besides: money given back, its original, whether in full, and of what sort."""


def make_tangled(seed: int, *, months: int = 18) -> Tangle:
    """Return some 3,000 rows of a year and a half in about 15 overlapping files; equal seeds give equal bytes."""
    rng = Random(seed * 104_729 + 5)
    who = _widened(named(PEOPLE[seed % len(PEOPLE)], rng), rng, months)
    told = _Tangled(who, rng)
    told.tell()
    money_in_that_is_no_income(told)
    told.between_own_pockets()
    told.given_back()
    told.clients_money_back()
    told.square_days()
    told.repaid_by_clients()
    told.wires()
    equal_sums(told)
    told.more_equal_sums()
    books = told.settle()
    whole = write(books)
    answer = truth(books, who)
    ids = {id(row): fact["id"] for row, fact in zip(books.rows, answer["rows"], strict=True)}
    answer["backs"] = [back_truth(row, ids) for row in books.rows if row.kind == "refund" and row.original is not None]
    return Tangle(
        _files(books, rng, ids), books.accounts, {a.label: whole[a.file] for a in books.accounts.values()}, answer
    )


def back_truth(row: Row, ids: dict[int, str]) -> dict[str, Any]:
    original = row.original
    assert original is not None
    given = abs(row.cents if row.gross is None else row.gross)
    whole = abs(original.cents if original.gross is None else original.gross)
    sort = "reimbursement" if "repay" in row.note else "chargeback" if "chargeback" in row.note else "refund"
    return {
        "id": ids[id(row)],
        "original": ids[id(original)],
        "full": given == whole,
        "type": sort,
        "days": (row.posted - original.posted).days,
        "client": row.line == "C2",
    }


def _widened(who: Persona, rng: Random, months: int) -> Persona:
    """Return the persona with a private account, Stripe and Square, over more than one year."""
    bank, last4 = rng.choice([each for each in _HOUSE_BANKS if each[0] != who.accounts[0].institution])
    more = [
        Account(
            label=HOUSE,
            file="house.ofx",
            writer="ofx_sgml",
            kind="checking",
            institution=bank,
            last4=last4,
            number=f"00019{digits(rng, 5)}{last4}",
            routing="121000248",
            opening=310000,
            dress="pos",
        ),
        Account(
            label=SQUARE,
            file="transactions-square.csv",
            writer="square",
            kind="square",
            institution="Square",
            last4="",
        ),
    ]
    if not who.stripe:
        more.append(
            Account(label=STRIPE, file="stripe.csv", writer="stripe", kind="stripe", institution="Stripe", last4="")
        )
    accounts = tuple(replace(a, number=a.number or f"4400{digits(rng, 8)}{a.last4}") for a in (*who.accounts, *more))
    sellers = tuple(
        Client(f"{word} {rng.choice(('Guild', 'Atelier', 'Works'))}", "stripe", 2, 9000, 80000, 500)
        for word in rng.sample(("Aster", "Bramble", "Cinder", "Dapple", "Ember"), 3)
    )
    first = date(who.first.year, 1, 1)
    last = date(first.year + (months - 1) // 12, (months - 1) % 12 + 1, 28)
    taxes = (*who.taxes, (date(first.year + 1, 1, 15), 210000, "IRS", "USATAXPYMT"))
    return replace(
        who,
        accounts=accounts,
        stripe=who.stripe or STRIPE,
        clients=(*who.clients, *sellers),
        first=first,
        last=last,
        taxes=tuple(tax for tax in taxes if tax[0] <= last),
    )


class _Tangled(Story):
    """A story with the events of this module."""

    def day_in(self, month: date) -> date:
        return bank_day(self.some_day(month))

    def settled(self, day: date) -> bool:
        return day <= self.who.last - timedelta(days=8)

    def move(self, out: str, into: str, day: date, cents: int, words: tuple[str, str], kind: str) -> None:
        """Move money between two of the owner's accounts and record it."""
        left = self.books.add(out, day, -cents, words[0], "transfer", "NONE", note=kind)
        arrives = bank_day(day, self.rng.choice((0, 0, 1, 1, 2)))
        came = self.books.add(into, arrives, cents, words[1], "transfer", "NONE", note=kind)
        self.books.link(kind, left, came)

    def between_own_pockets(self) -> None:
        """Draws to the private account each month, now and then money put in, and a loan."""
        checking, house = self.books.accounts[self.who.checking], self.books.accounts[HOUSE]
        mine, theirs = checking.institution.upper() or "LAKESIDE CU", house.institution.upper()
        for month in self.months():
            for base in self.rng.sample((150000, 200000, 120000, 237500, 84010), 2):
                day = self.day_in(month)
                words = self.rng.choice(
                    (
                        (
                            f"Online Transfer to CHK ...{house.last4} transaction#: {digits(self.rng, 10)}",
                            f"{mine} EXT TRNSFR {digits(self.rng, 9)} {self.who.owner}",
                        ),
                        (
                            f"{theirs} ACCT {house.last4} EXTERNAL TRANSFER {self.who.owner}",
                            f"TRANSFER FROM {mine} {checking.last4} {self.who.owner}".replace("  ", " "),
                        ),
                    )
                )
                if self.settled(day):
                    self.move(self.who.checking, HOUSE, day, base, words, "owner_draw")
            if month.month % 3 == 0:
                day = self.day_in(month)
                words = (
                    f"EXTERNAL TRANSFER TO {mine} {checking.last4} REF {token(self.rng, 9)}".replace("  ", " "),
                    f"{theirs} EXT TRANSFER {self.who.owner}",
                )
                if self.settled(day):
                    self.move(HOUSE, self.who.checking, day, self.amount(30000, 250000, 2500), words, "contribution")
            self.buy(
                HOUSE,
                self.day_in(month),
                -self.amount(3000, 22000),
                f"KROGER #{digits(self.rng, 3)}",
                "personal",
                "NONE",
            )

    def given_back(self) -> None:
        """Shops give money back in full and in part, in their own words, the same card, sometimes in the next year."""
        for plan in self.who.cards:
            for month in self.months():
                shop = self.rng.choice(_SHOPS)
                for _ in range(self.rng.choice((1, 1, 2, 3))):
                    self.buy(
                        plan.card,
                        self.some_day(month),
                        -self.amount(2500, 48000),
                        f"{shop} {digits(self.rng, 4)}",
                        "expense",
                        None,
                    )
            bought = [r for r in self.books.of(plan.card) if r.cents < -2500]
            gave = {id(r.original) for r in self.books.rows if r.original is not None}
            free = [r for r in bought if id(r) not in gave and not any(word in r.text for word in _NEVER)]
            for n, row in enumerate(self.rng.sample(free, min(34, len(free)))):
                self._give(row, part=n % 3 == 2)

    def _give(self, row: Row, *, part: bool) -> None:
        day = row.day + timedelta(days=self.rng.randint(*self.rng.choice(_DAYS_AFTER)))
        if not self.settled(bank_day(day)):
            return
        # A part is a share that was agreed on, or the price of one thing among several.
        some = self.rng.choice((-row.cents * self.rng.choice(_SHARES) // 100, self.rng.randrange(500, -row.cents)))
        cents = some if part else -row.cents
        back = self.give_back(row, cents, day)
        shape = self.rng.choice(_BACK_WORDS)
        plain = row.text
        if self.books.accounts[row.account].dress == "plain":
            # Card networks repeat the shop's own words, a branch's number too; a mark made for one order is often gone.
            kept = 0.5 if "*" in row.text else 0.8
            if self.rng.random() >= kept:
                bare = " ".join(word for word in plain.split("*")[0].split() if not any(map(str.isdigit, word)))
                plain = bare if len(bare) > 3 else plain
            back.text = shape.replace("{t}", plain.strip())

    def clients_money_back(self) -> None:
        """Clients get money back in full and in part, and dispute charges, on each processor."""
        books, rng = self.books, self.rng
        for account, word in ((self.who.stripe, "refund"), (self.who.paypal, "Payment Refund")):
            if not account:
                continue
            limit = self.who.last - timedelta(days=70)
            paid = [r for r in books.of(account) if r.kind == "income" and r.posted < limit]
            for n, row in enumerate(rng.sample(paid, min(14, len(paid)))):
                whole = row.gross or 0
                after = row.posted + timedelta(days=rng.randint(1, 60))
                if n % 5 == 4:
                    self._disputed(account, row, after)
                    continue
                cents = whole if n % 3 else whole * rng.choice(_SHARES) // 100
                text = f"REFUND FOR CHARGE ({row.text})" if account == self.who.stripe else row.name
                books.add(
                    account,
                    after,
                    -cents,
                    text,
                    "refund",
                    "C2",
                    gross=-cents,
                    fee=0,
                    source_type=word,
                    name=row.name,
                    original=row,
                    note="client refund",
                )

    def _disputed(self, account: str, row: Row, day: date) -> None:
        stripe, whole = account == self.who.stripe, row.gross or 0
        self.books.add(
            account,
            day,
            -whole - 1500,
            f"Chargeback withdrawal for {row.text}" if stripe else row.name,
            "refund",
            "C2",
            gross=-whole,
            fee=-1500,
            source_type="dispute" if stripe else "Chargeback",
            name=row.name,
            original=row,
            note="chargeback",
        )

    def square_days(self) -> None:
        """Square keeps sales and fees; its file shows no payout, the bank shows what it pays out next day."""
        books, rng = self.books, self.rng
        for month in self.months():
            for day in sorted({self.day_in(month) for _ in range(6)}):
                if not self.settled(day):
                    continue
                deposit, total = token(rng, 11), 0
                for _ in range(rng.randint(1, 4)):
                    gross = self.amount(1500, 32000, 25)
                    fee = -((gross * 26 + 500) // 1000 + 10)
                    total += gross + fee
                    books.add(
                        SQUARE,
                        day,
                        gross + fee,
                        rng.choice(("Print", "Workshop seat", "Consultation", "Custom Amount")),
                        "income",
                        "C1",
                        gross=gross,
                        fee=fee,
                        source_type="Payment",
                        name=deposit,
                    )
                text = self.ach("SQUARE INC", f"SQ{day:%y%m%d}", day, inward=True, sec="CCD")
                self.bank(
                    bank_day(day, 1), total, text, "transfer", "NONE", note="payout; in flight: no row on Square's side"
                )

    def repaid_by_clients(self) -> None:
        for month in self.months()[::4]:
            day = self.day_in(month)
            card = self.who.cards[0].card
            cost = self.buy(card, day, -self.amount(8000, 60000), f"HAMPTON INN {digits(self.rng, 4)}", "expense", None)
            after = bank_day(day + timedelta(days=self.rng.randint(7, 45)))
            client = next(c for c in self.who.clients if c.how == "ach")
            if self.settled(after):
                text = self.ach(
                    client.name.upper(),
                    self.rng.choice(("EXP REIMB", "EXPENSE RE", "REIMBURSE")),
                    after,
                    inward=True,
                    sec="CCD",
                )
                self.bank(
                    after, -cost.cents, text, "refund", None, judgment=True, original=cost, note="client repays a cost"
                )

    def wires(self) -> None:
        """Wires between own banks lose a fee on the way."""
        bank = self.books.accounts[self.who.savings].institution.upper()
        mine = self.books.accounts[self.who.checking]
        for month in self.months()[1::3]:
            day = self.day_in(month)
            if self.settled(day):
                words = (
                    f"Incoming Wire Transfer {bank} {self.who.owner}",
                    f"Wire transfer to {mine.institution.upper() or 'LAKESIDE CU'} {mine.last4}".strip(),
                )
                self.from_savings(day, self.amount(150000, 900000, 10000), self.rng.choice((1000, 1500, 2000)), words)

    def more_equal_sums(self) -> None:
        """Sums that are equal by chance, between bank accounts and wallets too."""
        books, rng = self.books, self.rng
        friends = ("TESS QUILLFEATHER", "OREN BLACKWATER", "PIA LUNDQUIST")
        for month in self.months()[::2]:
            day, cents = self.day_in(month), self.amount(20000, 150000, 5000)
            if not self.settled(day):
                continue
            # Money to a friend, and a client who pays the same the day after into the other account.
            text = zelle(self.who.ach_style, rng, rng.choice(friends), day, inward=False)
            gift = self.bank(day, -cents, text, "personal", "NONE", judgment=True)
            paid = books.add(
                HOUSE,
                bank_day(day, 1),
                cents,
                f"ACH Deposit {rng.choice(friends)} PAYMENT",
                "personal",
                "NONE",
                judgment=True,
            )
            books.decoy(gift, paid, "two people, one sum")
            # A cheque and a charge of the same sum.
            odd = self.amount(5000, 90000)
            cheque = self.bank(day, -odd, f"CHECK {digits(rng, 4)}", "personal", "NONE", judgment=True)
            fee = -((odd * 29 + 500) // 1000 + 30)
            sale = books.add(
                self.who.stripe,
                day,
                odd,
                f"Invoice {digits(rng, 4)} - {rng.choice(friends).title()}",
                "income",
                "C1",
                gross=odd - fee,
                fee=fee,
                source_type="charge",
            )
            books.decoy(cheque, sale, "a cheque and what a processor keeps of a charge")
            # A card that is not here is paid; the same sum leaves savings for someone else.
            strange = self.amount(15000, 90000)
            card = self.bank(
                day,
                -strange,
                self.ach("BARCLAYCARD US", "CREDITCARD", day, inward=False),
                "card_payment",
                "NONE",
                note="a card without a file; in flight for ever",
            )
            back = books.add(
                self.who.cards[1].card,
                bank_day(day, 1),
                strange,
                "PURCHASE RETURN NORDSTROM",
                "refund",
                "NONE",
                judgment=True,
                source_type="Return",
            )
            books.decoy(card, back, "a card that is not here is paid, another gets money back")


# --- files that overlap


def _files(books: Books, rng: Random, ids: dict[int, str]) -> list[TangledFile]:
    found: list[TangledFile] = []
    for account in books.accounts.values():
        rows = books.of(account.label)
        if not rows:
            continue
        third = len(rows) // 3
        cuts = [
            (0, third + rng.randint(5, 60)),
            (third - rng.randint(0, 40), 2 * third + 10),
            (2 * third - 25, len(rows)),
        ]
        for n, (start, end) in enumerate(cuts):
            part = _whole_days(rows, max(start, 0), end)
            found.append(_file(books, account, account.writer, f"{n}-{account.file}", part, ids))
        other = _OTHER_FORMAT.get(account.kind)
        if other and other != account.writer:
            part = _whole_days(rows, rng.randint(0, third), len(rows) - rng.randint(0, third))
            end = "csv" if other == "wells_headerless" else "ofx"
            found.append(_file(books, account, other, f"other-{account.label.replace(' ', '-')}.{end}", part, ids))
    return found


def _whole_days(rows: list[Row], start: int, end: int) -> list[Row]:
    """Return a run of rows widened to whole days: banks cut downloads by date."""
    first, last = rows[start].posted, rows[min(end, len(rows)) - 1].posted
    return [row for row in rows if first <= row.posted <= last]


def _file(books: Books, account: Account, writer: str, name: str, rows: list[Row], ids: dict[int, str]) -> TangledFile:
    copies = [copy(row) for row in rows]
    span = Books(rows[0].posted, rows[-1].posted, Random(0), books.accounts)
    before = rows[0].balance - rows[0].cents
    held = replace(account, opening=before)
    skips: list[Skip] = []
    data = WRITERS[writer](span, held, copies, skips)
    lines = {done.line_no: ids[id(row)] for done, row in zip(copies, rows, strict=True)}
    return TangledFile(name, data, account.label, lines)

"""Households whose banks say little: `make_moving(seed)` gives five years of rows, and which of them belong together.

Written apart from `tangled`: other banks and their wordings, most of which do not name the other account; fees on the
way; weekends and holidays; wallets that pay before the bank does; money back to another card of the family, before the
purchase posted, in several parts and in the next year; and rows that are equal by chance.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from generator.ledger import Account, Books, Row, bank_day, digits, months, stable, token
from generator.people import PEOPLE
from generator.tangled import Tangle, TangledFile, back_truth
from generator.truth import truth, write

CHECKING, HOUSE, SAVINGS, OTHER_SAVINGS = "checking", "house", "savings", "away savings"
CARD, CARD_TWO, OTHER_CARD, HOUSE_CARD = "card", "employee card", "other card", "house card"
PAYPAL, STRIPE, VENMO = "paypal", "stripe", "venmo"
_PAIRED_YEAR = 2021
_LATE = 5


@dataclass(frozen=True, slots=True)
class Bank:
    """How a bank words its rows: `{o}` and `{b}` are the other account, `{d}` a day, `{w}` the owner."""

    name: str
    inside_out: tuple[str, ...]
    inside_in: tuple[str, ...]
    away_out: tuple[str, ...]
    away_in: tuple[str, ...]
    wire_out: str
    wire_in: str


BANKS = (
    Bank(
        "Chase",
        ("Online Transfer to SAV ...{o} transaction#: {n} {d}", "Online Transfer to CHK ...{o} transaction#: {n} {d}"),
        ("Online Transfer from CHK ...{o} transaction#: {n}", "Online Transfer from SAV ...{o} transaction#: {n}"),
        ("Online ACH Payment {n} To {w} (_######{o})", "Online Transfer {n} to {b} ######{o} transaction #: {n} {d}"),
        ("Online Transfer from {b} ######{o} transaction #: {n}", "ACH TRANSFER CREDIT PPD ID: {r}"),
        "DOMESTIC WIRE TRANSFER VIA: {b}/0{r} A/C: {w} TRN: {n}",
        "FEDWIRE CREDIT VIA: {b}/0{r} B/O: {w} TRN: {n}",
    ),
    Bank(
        "Bank of America",
        (
            "Online Banking transfer to SAV {o} Confirmation# {n}",
            "Online scheduled transfer to CHK {o} Confirmation# {n}",
        ),
        (
            "Online Banking transfer from CHK {o} Confirmation# {n}",
            "Online scheduled transfer from CHK {o} Confirmation# {n}",
        ),
        ("External transfer fee 3 Day - {d} Confirmation: {n} TRANSFER", "TRANSFER {w}:EXT ACCT Confirmation# {n}"),
        ("{b} DES:TRANSFER ID:{n} INDN:{w} CO ID:{r} PPD", "TRANSFER FROM EXTERNAL ACCT Confirmation# {n}"),
        "WIRE TYPE:WIRE OUT DATE:{d} TRN:{n} BNF:{w}",
        "WIRE TYPE:WIRE IN DATE: {d} TRN:{n} ORIG:{w}",
    ),
    Bank(
        "Wells Fargo",
        (
            "ONLINE TRANSFER REF #IB0{r} TO WAY2SAVE SAVINGS XXXXXX{o} ON {d}",
            "RECURRING TRANSFER TO {w} SAVINGS REF #OP0{r} XXXXXX{o}",
        ),
        (
            "ONLINE TRANSFER REF #IB0{r} FROM EVERYDAY CHECKING XXXXXX{o} ON {d}",
            "RECURRING TRANSFER FROM {w} REF #OP0{r}",
        ),
        ("{b} TRANSFER {d} {n} {w}", "WF-WF EXT TRNSFR {d} {n} {w}"),
        ("{b} TRANSFER {d} {n} {w}", "EXT TRNSFR {d} {n} {w}"),
        "WT FED#{n} {b} /FTR/BNF={w} SRF# {r}",
        "WT FED#{n} {b} /ORG={w} SRF# {r} TRN#{n}",
    ),
    Bank(
        "U.S. Bank",
        ("Internet Banking Transfer Withdrawal To Account {o}", "Mobile Banking Transfer Withdrawal"),
        ("Internet Banking Transfer Deposit From Account {o}", "Mobile Banking Transfer Deposit"),
        ("Electronic Withdrawal To {b} REF={n}Y TRANSFER", "External Transfer Withdrawal"),
        ("Electronic Deposit From {b} REF={n}N TRANSFER", "External Transfer Deposit"),
        "Wire Debit REF{r} {b} {n}",
        "Wire Credit REF{r} {b} {n}",
    ),
    Bank(
        "PNC",
        ("ONLINE TRANSFER TO XXXXX{o}", "TRANSFER TO 00000000{o}"),
        ("ONLINE TRANSFER FROM XXXXX{o}", "TRANSFER FROM 00000000{o}"),
        ("ACH WEB {b} TRANSFER {w}", "EXTERNAL TRANSFER DEBIT {n}"),
        ("ACH CREDIT {b} TRANSFER {w}", "EXTERNAL TRANSFER CREDIT {n}"),
        "FED WIRE OUT {n}",
        "FED WIRE IN {n}",
    ),
    Bank(
        "Redwood Credit Union",
        ("Withdrawal Home Banking Transfer To Share {o}", "Withdrawal Transfer To {o}"),
        ("Deposit Home Banking Transfer From Share {o}", "Deposit Transfer From {o}"),
        ("Withdrawal ACH {b} TYPE: TRANSFER CO: {b}", "External Withdrawal TRANSFER {n}"),
        ("Deposit ACH {b} TYPE: TRANSFER CO: {b}", "External Deposit TRANSFER {n}"),
        "Withdrawal Wire Transfer {n}",
        "Deposit Wire Transfer {n}",
    ),
    Bank(
        "Mercury",
        ("Transfer to Mercury Savings ••{o}", "Transfer to Savings"),
        ("Transfer from Mercury Checking ••{o}", "Transfer from Checking"),
        ("Send Money transfer: {w}", "{w}; transfer {n}"),
        ("{b}; TRANSFER; {w}", "Transfer from {b}"),
        "Wire transfer to {w}",
        "Wire transfer from {w}",
    ),
    Bank(
        "Relay",
        ("Transfer to Relay Reserve {o}", "Transfer to account ending {o}"),
        ("Transfer from Relay Operating {o}", "Transfer from account ending {o}"),
        ("ACH transfer to {w}", "Outgoing ACH transfer"),
        ("ACH transfer from {b}", "Incoming ACH transfer {w}"),
        "Outgoing wire transfer",
        "Incoming wire transfer",
    ),
)
AWAY = (
    Bank(
        "Ally",
        ("Internet transfer to Savings {o}",),
        ("Internet transfer from Checking {o}",),
        ("Requested transfer to {b} Bank account ending in {o}", "ACH Withdrawal TRANSFER {w}"),
        ("Requested transfer from {b}", "Transfer from external account"),
        "WIRE TRANSFER OUT {n}",
        "WIRE TRANSFER IN {n}",
    ),
    Bank(
        "Goldman Sachs",
        ("Transfer to Savings",),
        ("Transfer from Savings",),
        ("ACH Withdrawal Transfer to {b} account ending in {o}", "ACH Withdrawal Internet transfer to bank account"),
        ("ACH Deposit Internet transfer from {b} account", "ACH Deposit Internet transfer from bank account"),
        "Wire Transfer Withdrawal",
        "Wire Transfer Deposit",
    ),
    Bank(
        "SoFi",
        ("To Savings - {o}",),
        ("From Checking - {o}",),
        ("{b} ACH Transfer Withdrawal", "External account transfer"),
        ("{b} ACH Transfer Deposit", "External account transfer"),
        "Wire Withdrawal transfer {n}",
        "Wire Deposit transfer {n}",
    ),
    Bank(
        "Capital One",
        ("Withdrawal to 360 Checking XXXXXXX{o}",),
        ("Deposit from 360 Checking XXXXXXX{o}",),
        ("Withdrawal to {b} Transfer XXXXXX{o}", "ACH Transfer Withdrawal {b}"),
        ("Deposit from {b} Transfer XXXXXX{o}", "ACH Transfer Deposit"),
        "Wire transfer withdrawal",
        "Wire transfer deposit",
    ),
)


@dataclass(frozen=True, slots=True)
class Issuer:
    """How a card's payment reads at the bank that pays it and on the card. `early`: the card shows it first."""

    name: str
    at_bank: tuple[str, ...]
    on_card: tuple[str, ...]
    early: bool


ISSUERS = (
    Issuer(
        "Chase",
        (
            "CHASE CREDIT CRD AUTOPAY PPD ID: 4760039224",
            "Payment to Chase card ending in {o} {d}",
            "CHASE CREDIT CRD EPAY WEB ID: 5760039224",
        ),
        ("Payment Thank You-Mobile", "AUTOMATIC PAYMENT - THANK", "Payment Thank You - Web"),
        early=True,
    ),
    Issuer(
        "American Express",
        ("AMERICAN EXPRESS ACH PMT M{n} WEB ID: 2005032111", "AMEX EPAYMENT ACH PMT {n}"),
        ("AUTOPAY PAYMENT - THANK YOU", "ONLINE PAYMENT - THANK YOU", "MOBILE PAYMENT - THANK YOU"),
        early=True,
    ),
    Issuer(
        "Capital One",
        ("CAPITAL ONE CRCARDPMT {n} WEB ID: 9279744380", "CAPITAL ONE MOBILE PMT {n}"),
        ("CAPITAL ONE AUTOPAY PYMT", "CAPITAL ONE MOBILE PYMT", "CAPITAL ONE ONLINE PYMT"),
        early=True,
    ),
    Issuer(
        "Discover",
        ("DISCOVER E-PAYMENT {n} WEB ID: 2510020270", "DISCOVER E-PAYMENT {n}"),
        ("INTERNET PAYMENT - THANK YOU", "DIRECTPAY FULL BALANCE"),
        early=True,
    ),
    Issuer(
        "Citi",
        ("CITI AUTOPAY PAYMENT {n} WEB ID: CITICARDAP", "CITI CARD ONLINE PAYMENT {n}"),
        ("AUTOPAY 000000000{n}RAUTOPAY AUTO-PMT", "ONLINE PAYMENT, THANK YOU"),
        early=True,
    ),
    Issuer(
        "Bank of America",
        ("Online Banking payment to CRD {o} Confirmation# {n}", "BK OF AMER VISA ONLINE PMT {n}"),
        ("Online payment from CHK", "PAYMENT - THANK YOU"),
        early=False,
    ),
    Issuer(
        "Wells Fargo",
        ("WF Credit Card AUTO PAY {n} {w}", "ONLINE TRANSFER REF #IB{r} TO SIGNATURE CARD XXXXXXXXXXXX{o} ON {d}"),
        ("AUTOMATIC PAYMENT - THANK YOU", "ONLINE ACH PAYMENT THANK YOU"),
        early=False,
    ),
    Issuer(
        "U.S. Bank",
        ("ELECTRONIC WITHDRAWAL CARDMEMBER SERV WEB PYMT", "Web Authorized Pmt Cardmember Serv {n}"),
        ("PAYMENT THANK YOU", "INTERNET PAYMENT THANK YOU"),
        early=False,
    ),
)

# A shop: how a purchase reads, how money back reads (which may share only part of the name), range in cents, whether
# prices are round there.
_KNOWN_SHOPS = (
    (
        "AMZN Mktp US*{r} Amzn.com/bill WA",
        ("AMZN Mktp US", "AMZN Mktp US*{r}", "AMAZON MKTPLACE PMTS", "{t}"),
        900,
        24000,
    ),
    ("AMAZON.COM*{r} SEATTLE WA", ("AMAZON.COM", "{t}", "AMZN.COM/BILL RETURN"), 900, 40000),
    (
        "THE HOME DEPOT #{n} OAKLAND CA",
        ("THE HOME DEPOT #{n} OAKLAND CA", "{t}", "HOME DEPOT RETURN", "THE HOME DEPOT"),
        800,
        60000,
    ),
    ("LOWES #0{n}* EMERYVILLE CA", ("{t}", "LOWES #0{n}*", "LOWE'S RETURN"), 800, 60000),
    ("BESTBUYCOM80{n} 888-BESTBUY MN", ("BESTBUYCOM80{n}", "{t}", "BESTBUYCOM RETURN"), 3000, 180000),
    ("STAPLES 0{n} BERKELEY CA", ("{t}", "STAPLES 0{n} BERKELEY CA RETURN", "STAPLES DIRECT"), 700, 30000),
    ("B&H PHOTO 800-606-6969 NY", ("B&H PHOTO 800-606-6969 NY", "B&H PHOTO"), 2500, 280000),
    ("TARGET 0000{n} OAKLAND CA", ("{t}", "TARGET.COM * 800-591-3869 MN", "TARGET 0000{n} RETURN"), 900, 20000),
    ("DELTA AIR 006{n}{n} ATLANTA GA", ("{t}", "DELTA AIR 006{n}{n}", "DELTA AIR LINES REFUND"), 9800, 90000),
    ("MARRIOTT DENVER {n}", ("{t}", "MARRIOTT REFUND DENVER"), 14000, 70000),
    ("IKEA EMERYVILLE", ("IKEA EMERYVILLE", "IKEA RETURN EMERYVILLE"), 2000, 80000),
    (
        "ADOBE *CREATIVE CLOUD 408-536-6000 CA",
        ("ADOBE *CREATIVE CLOUD 408-536-6000 CA", "ADOBE INC 408-536-6000"),
        1999,
        8999,
    ),
    ("PALOMINO PAPER CO {n}", ("{t}", "PALOMINO PAPER CO", "PALOMINO PAPER CREDIT"), 1500, 40000),
    ("TST* BRIAR & OAK KITCHEN", ("TST* BRIAR & OAK KITCHEN",), 1200, 9000),
    (
        "SQ *NORTHERN LENS REPAIR gosq.com",
        ("SQ *NORTHERN LENS REPAIR gosq.com", "SQ *NORTHERN LENS REPAIR"),
        4000,
        45000,
    ),
    ("WAYFAIR*WAYFAIR {n}", ("WAYFAIR*WAYFAIR", "{t}", "WAYFAIR REFUND"), 3000, 90000),
)
_SMALL = (
    "HARBOR LANE FABRICS",
    "COPPERLEAF SUPPLY",
    "MINNOW & SONS",
    "FJORD OUTDOOR GEAR",
    "QUILLWORK PRESS",
    "TALLGRASS TOOLS",
    "BLUEPRINT LIGHTING",
    "OSPREY CASE CO",
    "VELVET HOUR RECORDS",
    "MERIDIAN LAB GLASS",
    "PINE & PIXEL",
    "SADDLEBACK SHOES",
    "ORCHARD STREET BOOKS",
    "NIMBUS AUDIO",
    "THISTLE CERAMICS",
    "GRANITE STATE CYCLES",
    "LANTERN HOME",
    "RIVET WORKWEAR",
    "SUNDIAL OPTICS",
    "WREN STREET FRAMES",
    "KILN AND CLAY",
    "PARALLEL DESKS",
    "HOLLOW OAK KNIVES",
    "TIDEWATER PRINT",
    "CINDER BLOCK GYM",
    "SAGE & STEM FLORAL",
    "ALPINE RACKS",
    "MOSSY BANK NURSERY",
    "IRONBRIDGE HARDWARE",
    "DOVECOTE LINENS",
)
_WAYS = (  # how small shops read, and how what they give back reads
    ("{s} {n}", ("{s}", "{t}", "{s} RETURN")),
    ("SQ *{s}", ("{t}", "SQ *{s} REFUND")),
    ("{s} OAKLAND CA", ("{t}", "{s}")),
    ("SP {s}", ("{t}", "{s}")),
    ("{s}*{r}", ("{s}", "{t}", "{s}*{r}")),
    ("PAYPAL *{s}", ("{t}", "{s}")),
)
_SHOPS = (
    *_KNOWN_SHOPS,
    *(
        (way.replace("{s}", shop), tuple(back.replace("{s}", shop) for back in backs), 1_100, 38_000)
        for (way, backs), shop in zip((_WAYS * 5), _SMALL, strict=True)
    ),
)
_PLAIN = (
    ("SAFEWAY #{n}", 900, 16000),
    ("SHELL OIL 5744{n}", 2500, 8000),
    ("STARBUCKS STORE {n}", 450, 1400),
    ("SPOTIFY USA", 1199, 1199),
    ("COMCAST CABLE COMM", 8999, 8999),
    ("PG&E WEBRECURRING", 6000, 21000),
    ("UBER *TRIP {r}", 800, 4600),
    ("CHIPOTLE {n}", 950, 2600),
    ("USPS PO {n}", 500, 4200),
    ("TRADER JOE S #{n}", 1400, 9900),
    ("GOOGLE *WORKSPACE", 1440, 1440),
    ("DROPBOX*{r}", 1199, 1199),
    ("KAISER HPS {n}", 3000, 42000),
)
_CLIENTS = ("HALVERSON DESIGN GRP", "OAKMERE WINERY LLC", "PELICAN BAY SCHOOLS", "NORDVIK SUPPLY INC", "TALLOW & FINCH")
_ROUND = (50000, 75000, 100000, 100000, 150000, 200000, 200000, 250000, 300000)
_SHARES = (10, 15, 20, 25, 30, 50, 50, 75)


def make_moving(seed: int, *, years: int = 5, per_year: int = 2_000) -> Tangle:
    """Return a household of some `per_year` rows a year, one file an account; equal seeds give equal bytes."""
    rng = Random(seed * 7_919 + 77)
    last = date(_PAIRED_YEAR + years - 1, 12, 31)
    who = replace(PEOPLE[seed % len(PEOPLE)], first=date(_PAIRED_YEAR, 1, 1), last=last)
    told = _Story(Books(who.first, who.last, rng), rng, seed, who.owner.upper(), per_year)
    told.tell()
    told.books.close()
    data = write(told.books)
    answer = truth(told.books, who)
    ids = {id(row): fact["id"] for row, fact in zip(told.books.rows, answer["rows"], strict=True)}
    answer["backs"] = [back_truth(r, ids) for r in told.books.rows if r.kind == "refund" and r.original is not None]
    known = told.books.accounts
    whole = {a.label: data[a.file] for a in known.values()}
    files = [
        TangledFile(a.file, whole[a.label], a.label, {r.line_no: ids[id(r)] for r in told.books.of(a.label)})
        for a in known.values()
    ]
    return Tangle(files, known, whole, answer)


class _Story:
    def __init__(self, books: Books, rng: Random, seed: int, owner: str, per_year: int) -> None:
        self.books, self.rng, self.owner, self.per_year = books, rng, owner, per_year
        self.dense = max(1, per_year // 2_000)
        self.bank, self.house = BANKS[seed % len(BANKS)], BANKS[(seed * 3 + 1) % len(BANKS)]
        if self.house is self.bank:
            self.house = BANKS[(seed + 2) % len(BANKS)]
        self.away = AWAY[seed % len(AWAY)]
        issuers = [ISSUERS[(seed + n * 3) % len(ISSUERS)] for n in range(3)]
        self.issuer = {CARD: issuers[0], CARD_TWO: issuers[0], OTHER_CARD: issuers[1], HOUSE_CARD: issuers[2]}
        self.bought: list[tuple[Row, tuple[str, ...]]] = []
        self._open()

    def _open(self) -> None:
        plan = [
            (CHECKING, "checking", self.bank.name),
            (HOUSE, "checking", self.house.name),
            (SAVINGS, "savings", self.bank.name),
            (OTHER_SAVINGS, "savings", self.away.name),
            *((card, "credit", issuer.name) for card, issuer in self.issuer.items()),
            (PAYPAL, "paypal", "PayPal"),
            (STRIPE, "stripe", "Stripe"),
        ]
        for label, kind, bank in plan:
            last4 = "" if kind in {"paypal", "stripe"} else digits(self.rng, 4)
            writer = kind if kind in {"paypal", "stripe"} else "ofx_sgml"
            self.books.accounts[label] = Account(
                label=label,
                file=f"{label.replace(' ', '-')}.{'csv' if writer == kind else 'ofx'}",
                writer=writer,
                kind=kind,
                institution=bank,
                last4=last4,
                number=f"00019{stable(label, 5)}{last4}",
                routing="121000248",
                opening=2_000_000,
            )

    # --- small helpers

    def words(self, shape: str, other: str = "", day: date | None = None) -> str:
        there = self.books.accounts.get(other)
        fields = {
            "o": there.last4 if there else "",
            "b": there.institution.upper() if there else "",
            "w": self.owner,
            "n": digits(self.rng, 7),
            "r": token(self.rng, 7),
            "d": f"{day:%m/%d/%y}" if day else "",
            "t": "",
        }
        return " ".join(shape.format(**fields).split())

    def day_in(self, month: date) -> date:
        return min(month + timedelta(days=self.rng.randrange(0, 28)), self.books.last)

    def add(self, account: str, day: date, cents: int, text: str, kind: str = "expense", **more: object) -> Row:
        line = None if kind in {"expense", "refund"} else "C1" if kind == "income" else "NONE"
        return self.books.add(account, day, cents, text, kind, line, **more)

    def move(
        self,
        out: str,
        into: str,
        day: date,
        cents: int,
        kind: str,
        *,
        fee: int = 0,
        lag: int | None = None,
        texts: tuple[str, str] | None = None,
    ) -> None:
        """Move money between two accounts in the words of their banks."""
        inside = self.books.accounts[out].institution == self.books.accounts[into].institution
        day = bank_day(day)
        if lag is None:
            lag = 0 if inside else self.rng.choice((0, 1, 1, 2, 3))
        arrives = bank_day(day, lag) if lag >= 0 else day + timedelta(days=lag)
        if texts is None:
            paying, receiving = self.bank_of(out), self.bank_of(into)
            texts = (
                self.words(self.rng.choice(paying.inside_out if inside else paying.away_out), into, day),
                self.words(self.rng.choice(receiving.inside_in if inside else receiving.away_in), out, day),
            )
        left = self.add(out, day, -cents, texts[0], "transfer", source_type=texts[0] if out in {PAYPAL, STRIPE} else "")
        came = self.add(
            into, arrives, cents - fee, texts[1], "transfer", source_type=texts[1] if into in {PAYPAL, STRIPE} else ""
        )
        self.books.link(kind, left, came, fee)

    def bank_of(self, label: str) -> Bank:
        return {CHECKING: self.bank, SAVINGS: self.bank, HOUSE: self.house, OTHER_SAVINGS: self.away}[label]

    # --- the story

    def tell(self) -> None:
        for month in months(self.books.first, self.books.last):
            for _ in range(self.dense):
                self.income(month)
                self.own_money(month)
                self.cards(month)
                self.wallets(month)
                self.decoys(month)
                self.elsewhere(month)
            self.life(month)
        self.given_back()
        self.client_money_back()

    def income(self, month: date) -> None:
        rng = self.rng
        for client in rng.sample(_CLIENTS, 3):
            cents = rng.randrange(60_000, 700_000, 500)
            shape = rng.choice(
                ("{c} VENDOR PMT PPD ID: {n}", "{c} DES:PAYMENT ID:{n} CCD", "ACH CREDIT {c} AP PAYMENT")
            )
            self.add(CHECKING, bank_day(self.day_in(month)), cents, self.words(shape.replace("{c}", client)), "income")
        kept = 0
        first = self.day_in(month)
        for n in range(rng.randint(3, 8)):
            gross = rng.randrange(4_000, 90_000, 5)
            fee = (gross * 29 + 500) // 1000 + 30
            kept += gross - fee
            self.add(
                STRIPE,
                first,
                gross - fee,
                f"Invoice {digits(rng, 5)}-{n:04d}",
                "income",
                gross=gross,
                fee=-fee,
                source_type="charge",
            )
        self.payout(bank_day(first, 2), kept)

    def payout(self, day: date, cents: int) -> None:
        text = self.rng.choice(("STRIPE TRANSFER ST-{r} CCD ID: 1800948598", "STRIPE DES:TRANSFER ID:ST-{r} CCD"))
        left = self.add(STRIPE, day, -cents, "STRIPE PAYOUT", "transfer", source_type="payout")
        came = self.add(CHECKING, bank_day(day, self.rng.choice((0, 1, 2))), cents, self.words(text), "transfer")
        self.books.link("payout", left, came)

    def own_money(self, month: date) -> None:
        rng = self.rng
        for _ in range(rng.choice((2, 3))):
            self.move(CHECKING, HOUSE, self.day_in(month), rng.choice(_ROUND), "owner_draw")
        self.move(
            CHECKING, SAVINGS, self.day_in(month), rng.choice((*_ROUND, rng.randrange(9_000, 180_000))), "transfer"
        )
        self.move(
            *rng.choice(((CHECKING, OTHER_SAVINGS), (OTHER_SAVINGS, CHECKING))),
            self.day_in(month),
            rng.choice((*_ROUND, rng.randrange(9_000, 180_000))),
            "transfer",
        )
        if month.month % 2:
            self.move(SAVINGS, CHECKING, self.day_in(month), rng.choice(_ROUND), "transfer")
        if month.month % 3 == 0:
            self.move(HOUSE, CHECKING, self.day_in(month), rng.choice(_ROUND), "contribution")
            day = bank_day(self.day_in(month))
            texts = (self.words(self.away.wire_out, CHECKING, day), self.words(self.bank.wire_in, OTHER_SAVINGS, day))
            self.move(
                OTHER_SAVINGS,
                CHECKING,
                day,
                rng.randrange(200_000, 900_000, 10_000),
                "transfer",
                fee=rng.choice((1500, 1500, 1000, 2000)),
                lag=rng.choice((0, 0, 1)),
                texts=texts,
            )
        if month.month in {1, 4, 6, 9}:
            text = rng.choice(("IRS USATAXPYMT {n} CCD ID: 3387702000", "IRS DES:USATAXPYMT ID:{n}"))
            self.add(
                CHECKING,
                bank_day(month.replace(day=15)),
                -rng.randrange(80_000, 400_000, 100),
                self.words(text),
                "tax_payment",
            )

    def cards(self, month: date) -> None:
        for card, issuer in self.issuer.items():
            from_ = HOUSE if card == HOUSE_CARD else CHECKING
            day = bank_day(self.day_in(month))
            cents = self.rng.choice(
                (
                    self.rng.randrange(20_000, 350_000),
                    self.rng.randrange(20_000, 350_000),
                    self.rng.choice((50_000, 100_000)),
                )
            )
            if issuer.early:
                lag = -(bank_day(day, self.rng.choice((0, 1, 1, 2))) - day).days
                paid = day + timedelta(days=-lag)
            else:
                paid, lag = day, 0
                lag = (bank_day(day, self.rng.choice((0, 1))) - day).days
            texts = (
                self.words(self.rng.choice(issuer.at_bank), card, paid),
                self.words(self.rng.choice(issuer.on_card), from_, paid),
            )
            left = self.add(from_, paid, -cents, texts[0], "card_payment")
            came = self.add(card, paid + timedelta(days=lag), cents, texts[1], "card_payment", source_type="Payment")
            self.books.link("card_payment", left, came)

    def wallets(self, month: date) -> None:
        rng = self.rng
        for client in rng.sample(_CLIENTS, 2):
            gross = rng.randrange(9_000, 120_000, 500)
            fee = (gross * 349 + 5_000) // 10_000 + 49
            self.add(
                PAYPAL,
                self.day_in(month),
                gross - fee,
                client.title(),
                "income",
                gross=gross,
                fee=-fee,
                source_type="Website Payment",
                name=client.title(),
            )
        # A purchase that PayPal takes from the bank: PayPal's side first, the bank a day or more later. Two rows leave,
        # one sum is spent.
        for _ in range(2):
            cents, day = rng.randrange(900, 30_000), self.day_in(month)
            shop = rng.choice(("Fontspring", "Envato Pty", "Namecheap Inc", "Palomino Paper"))
            spent = self.add(PAYPAL, day, -cents, shop, "expense", source_type="Express Checkout Payment", name=shop)
            text = rng.choice(("PAYPAL INST XFER {s} WEB ID: PAYPALSI77", "PAYPAL DES:INST XFER ID:{s} INDN:{w}"))
            left = self.add(
                CHECKING,
                bank_day(day + timedelta(days=rng.choice((1, 1, 2)))),
                -cents,
                self.words(text.replace("{s}", shop.upper().replace(" ", ""))),
                "transfer",
            )
            self.books.link("funding", left, spent)
        cents, day = rng.randrange(20_000, 150_000), bank_day(self.day_in(month))
        instant = month.month % 2 == 0
        fee = min(2_500, (cents * 175 + 5_000) // 10_000) if instant else 0
        word = "User Initiated Withdrawal" if instant else "General Withdrawal"
        left = self.add(PAYPAL, day, -cents, word, "transfer", source_type=word, gross=fee - cents, fee=-fee)
        came = self.add(
            CHECKING,
            bank_day(day, 0 if instant else rng.choice((1, 2))),
            cents - fee,
            self.words(
                rng.choice(
                    (
                        "PAYPAL TRANSFER PPD ID: PAYPALSD11",
                        "PAYPAL DES:TRANSFER ID:{n}",
                        "VISA DIRECT PAYPAL INSTANT XFER" if instant else "PAYPAL TRANSFER {n}",
                    )
                )
            ),
            "transfer",
        )
        self.books.link("payout", left, came, fee)

    def life(self, month: date) -> None:
        """Purchases until the year has its rows."""
        rng = self.rng
        already = 45 * self.dense
        for _ in range(max(0, self.per_year // 12 - already)):
            account = rng.choice((CARD, CARD, CARD_TWO, OTHER_CARD, OTHER_CARD, HOUSE_CARD, CHECKING, HOUSE))
            if rng.random() < 0.45 and account not in {CHECKING, HOUSE}:
                text, backs, low, high = rng.choice(_SHOPS)
            else:
                (text, low, high), backs = rng.choice(_PLAIN), ()
            bought = self.day_in(month)
            posted = bank_day(bought, rng.choice((0, 1, 2)))
            row = self.add(account, posted, -rng.randint(low, high), self.words(text), transacted=bought)
            if backs:
                self.bought.append((row, backs))

    def decoys(self, month: date) -> None:
        """Sums that are equal by chance."""
        rng = self.rng
        day, cents = bank_day(self.day_in(month)), rng.choice(_ROUND)
        what = rng.randrange(5)
        if what == 0:  # a client pays what a card bill is
            out = self.add(HOUSE, day, -cents, "AMEX EPAYMENT ACH PMT", "card_payment")
            into = self.add(CHECKING, bank_day(day, 1), cents, f"{rng.choice(_CLIENTS)} VENDOR PMT", "income")
        elif what == 1:  # rent by Zelle and a client's Zelle
            out = self.add(HOUSE, day, -cents, f"Zelle payment to MARLOW PROPERTIES {digits(rng, 9)}", "personal")
            into = self.add(
                CHECKING, bank_day(day, 1), cents, f"Zelle payment from TESS QUILLFEATHER {digits(rng, 9)}", "income"
            )
        elif what == 2:  # a cheque and an unrelated deposit
            out = self.add(CHECKING, day, -cents, f"CHECK {digits(rng, 4)}", "expense")
            into = self.add(HOUSE, bank_day(day, 2), cents, "MOBILE CHECK DEPOSIT", "personal")
        elif what == 3:  # a wire to a supplier and a client's wire
            out = self.add(CHECKING, day, -cents, f"OUTGOING WIRE TO SHENZHEN OPTICS LTD {digits(rng, 6)}", "expense")
            into = self.add(OTHER_SAVINGS, bank_day(day, 1), cents, "Interest and bonus deposit", "interest")
        else:  # a shop gives back what left for somebody else
            out = self.add(CHECKING, day, -cents, "VENMO PAYMENT 10482 WEB ID: 3264681992", "personal")
            into = self.add(OTHER_CARD, bank_day(day, 1), cents, "STATEMENT CREDIT OFFER", "refund")
        self.books.decoy(out, into, "equal by chance")

    def elsewhere(self, month: date) -> None:
        """Legs whose other side is in no file."""
        rng = self.rng
        if month.month % 2 == 0:
            self.add(
                HOUSE,
                bank_day(self.day_in(month)),
                -rng.randrange(20_000, 90_000),
                "BARCLAYCARD US CREDITCARD WEB ID: 2510407970",
                "card_payment",
            )
        if month.month % 4 == 1:
            self.add(
                CHECKING,
                bank_day(self.day_in(month)),
                2_500_000 if month.month == 1 else rng.choice(_ROUND),
                "KABBAGE LOAN PROCEEDS CCD",
                "loan",
            )
        self.add(CHECKING, bank_day(self.day_in(month)), -84_211, "SBA EIDL LOAN PAYMENT", "loan")

    # --- money back

    def given_back(self) -> None:
        rng = self.rng
        rng.shuffle(self.bought)
        for n, (row, backs) in enumerate(self.bought[: len(self.books.rows) // 32]):
            what = n % 10
            lag = rng.choice((rng.randint(1, 21), rng.randint(1, 21), rng.randint(5, 45), rng.randint(30, 120)))
            if what < 5:
                self._back(row, -row.cents, lag, backs)
            elif what < 7:
                share = rng.choice((-row.cents * rng.choice(_SHARES) // 100, rng.randint(300, -row.cents - 100)))
                self._back(row, share, lag, backs)
            elif what == 7:  # several parts of one purchase
                one = -row.cents * rng.choice(_SHARES[:5]) // 100
                self._back(row, one, lag, backs)
                self._back(row, -row.cents - one, lag + rng.randint(1, 12), backs)
            elif what == 8:  # another card of the family, or before the purchase posted
                if row.account in {CARD, CARD_TWO}:
                    other = CARD_TWO if row.account == CARD else CARD
                    self._back(row, -row.cents, lag, backs, account=other)
                else:
                    self._back(row, -row.cents, -(row.posted - row.day).days, backs)
            else:  # two purchases of one price, the latest given back mostly
                gap = timedelta(days=rng.randint(3, 20))
                twin = self.add(row.account, bank_day(row.posted + gap), row.cents, row.text)
                self._back(twin if rng.random() < 0.9 else row, -row.cents, lag + gap.days, backs)
        for account in (CARD, OTHER_CARD):
            for month in months(self.books.first, self.books.last)[::3]:
                text = rng.choice(("CASHBACK BONUS REDEMPTION", "STATEMENT CREDIT", "REWARDS CREDIT"))
                self.add(
                    account, self.day_in(month), rng.choice((2_500, 5_000, rng.randrange(500, 9_000))), text, "refund"
                )

    def _back(self, row: Row, cents: int, lag: int, shapes: tuple[str, ...], account: str = "") -> None:
        text = self.rng.choice(shapes)
        text = row.text if text == "{t}" else self.words(text)
        day = row.posted + timedelta(days=lag)
        more = {"source_type": "Return", "original": row}
        self.add(account or row.account, bank_day(day) if lag > 0 else day, cents, text, "refund", **more)

    def client_money_back(self) -> None:
        rng = self.rng
        paid = [r for r in self.books.rows if r.kind == "income" and r.account in {STRIPE, PAYPAL}]
        for n, row in enumerate(rng.sample(paid, len(paid) // 25)):
            whole, day = row.gross or 0, row.posted + timedelta(days=rng.randint(1, 50))
            stripe = row.account == STRIPE
            if n % 5 == 4:
                self.books.add(
                    row.account,
                    day,
                    -whole - 1_500,
                    f"Chargeback withdrawal for {row.text}" if stripe else row.name,
                    "refund",
                    "C2",
                    gross=-whole,
                    fee=-1_500,
                    source_type="dispute" if stripe else "Chargeback",
                    name=row.name,
                    original=row,
                    note="chargeback",
                )
                continue
            cents = whole if n % 3 else whole * rng.choice(_SHARES) // 100
            self.books.add(
                row.account,
                day,
                -cents,
                f"REFUND FOR CHARGE ({row.text})" if stripe else row.name,
                "refund",
                "C2",
                gross=-cents,
                fee=0,
                source_type="refund" if stripe else "Payment Refund",
                name=row.name,
                original=row,
                note="client refund",
            )

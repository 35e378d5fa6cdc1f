"""Big plain files for measuring: any number of rows of one checking account, no story behind them.

Three tenths of the rows are a few hundred merchants again and again with a tail that varies (terminal, date, city);
the rest is spread over payees that come back every month and many small shops seen once or twice.
"""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from generator.ledger import ALNUM, money

FIRST, LAST = date(2023, 11, 21), date(2026, 11, 20)
_CITIES = ("OAKLAND CA", "SEATTLE WA", "AUSTIN TX", "COLUMBUS OH", "DENVER CO", "BOSTON MA", "MIAMI FL", "RENO NV")
_CHAINS = (
    "TRADER JOE S", "SAFEWAY", "TARGET", "COSTCO WHSE", "STARBUCKS STORE", "CHEVRON", "SHELL OIL", "WALGREENS",
    "CVS/PHARMACY", "HOME DEPOT", "STAPLES", "CHIPOTLE", "PEETS", "AMAZON MKTPL*", "UBER   *TRIP", "LYFT   *RIDE",
    "FACEBK *", "GOOGLE *ADS", "USPS PO", "UPS STORE", "BEST BUY", "WHOLEFDS", "KROGER", "ALDI",
)  # fmt: skip
_SHOP = ("BLUE", "OLD", "RED", "GOLDEN", "LITTLE", "NORTH", "SUNNY", "RIVER", "CORNER", "GREEN", "GRAND", "HAPPY")
_NOUN = ("FOX", "OAK", "LANTERN", "SPOON", "ANCHOR", "HARE", "PINE", "KETTLE", "LOOM", "BARREL", "WILLOW", "CROW")
_SORT = ("CAFE", "BAKERY", "BOOKS", "HARDWARE", "DELI", "SALON", "PRINTS", "GRILL", "MARKET", "STUDIO", "GARAGE")
_MONTHLY = ("NETFLIX.COM", "SPOTIFY USA", "ADOBE *CREATIVE CLOUD", "FIGMA MONTHLY RENEWAL", "NOTION LABS, INC.")
_CLIENTS = ("LARKFIELD TEA CO", "RIDGEWAY DENTAL GRP", "OAKMERE WINERY", "QUILLSTONE PRESS", "TIDEWATER YOGA LLC")


def _shops(rng: Random) -> list[str]:
    """Return the small shops a person goes to: a few hundred, each in one place."""
    return [f"{rng.choice(_SHOP)} {rng.choice(_NOUN)} {rng.choice(_SORT)} {rng.choice(_CITIES)}" for _ in range(400)]


def _text(rng: Random, n: int, shops: list[str], *, dated: bool) -> tuple[str, bool]:
    """Return a descriptor and whether money comes in."""
    draw = rng.random()
    day = f" {rng.randrange(1, 13):02d}/{rng.randrange(1, 29):02d}" if dated else ""
    if draw < 0.30:
        chain, city = rng.choice(_CHAINS), rng.choice(_CITIES)
        tail = f"{rng.choice(ALNUM)}{rng.randrange(10**6):06d}" if chain.endswith("*") else f" #{rng.randrange(40):04d}"
        return f"{chain}{tail} {city}{day}", False
    if draw < 0.45:
        return rng.choice(_MONTHLY), False
    if draw < 0.53:
        client = rng.choice(_CLIENTS)
        return f"{client} AP PAYMENT CCD ID: {9000000000 + n % 4000}", True
    if draw < 0.56:
        return f"Zelle payment to {rng.choice(_SHOP)} {rng.choice(_NOUN)} {17000000000 + n}", False
    return f"SQ *{rng.choice(shops)}{day}", False


def _rows(rows: int, seed: int, *, dated: bool) -> list[tuple[date, int, str]]:
    rng = Random(seed)
    shops = _shops(rng)
    span = (LAST - FIRST).days
    days = [FIRST + timedelta(days=n) for n in range(span + 1)]
    made = []
    for n in range(rows):
        text, inward = _text(rng, n, shops, dated=dated)
        cents = rng.randrange(50000, 400000) if inward else -rng.randrange(199, 24000)
        made.append((days[n * span // max(rows - 1, 1)], cents, text))
    return made


def make_flat_csv(rows: int, seed: int, *, dated: bool = True) -> bytes:
    """Return a Chase checking CSV, oldest row first, over three years.

    `dated` writes the purchase date into card texts, as debit cards do: nearly every text is then a new one.
    """
    lines = ["Details,Posting Date,Description,Amount,Type,Balance,Check or Slip #"]
    balance = 500000
    for day, cents, text in _rows(rows, seed, dated=dated):
        balance += cents
        words = "CREDIT" if cents > 0 else "DEBIT", "ACH_CREDIT" if cents > 0 else "DEBIT_CARD"
        shown = f'"{text}"' if "," in text else text
        lines.append(f"{words[0]},{day:%m/%d/%Y},{shown},{money(cents)},{words[1]},{money(balance)},,")
    return "\n".join([*lines, ""]).encode()


def make_flat_ofx(rows: int, seed: int) -> bytes:
    """Return an OFX 1.02 file of the same rows as `make_flat_csv`, with ids and a balance that ties."""
    head = (
        "OFXHEADER:100\nDATA:OFXSGML\nVERSION:102\nSECURITY:NONE\nENCODING:USASCII\nCHARSET:1252\nCOMPRESSION:NONE\n"
        "OLDFILEUID:NONE\nNEWFILEUID:NONE\n\n<OFX><SIGNONMSGSRSV1><SONRS><STATUS><CODE>0<SEVERITY>INFO</STATUS>"
        f"<DTSERVER>{LAST:%Y%m%d}<LANGUAGE>ENG<FI><ORG>Harbor Bank<FID>5959</FI></SONRS></SIGNONMSGSRSV1>\n"
        "<BANKMSGSRSV1><STMTTRNRS><TRNUID>1<STATUS><CODE>0<SEVERITY>INFO</STATUS><STMTRS><CURDEF>USD"
        "<BANKACCTFROM><BANKID>125000105<ACCTID>000771204417<ACCTTYPE>CHECKING</BANKACCTFROM>"
        f"<BANKTRANLIST><DTSTART>{FIRST:%Y%m%d}<DTEND>{LAST:%Y%m%d}\n"
    )
    parts, balance = [head], 500000
    for n, (day, cents, text) in enumerate(_rows(rows, seed, dated=True)):
        balance += cents
        name, memo = text[:32].rstrip(), text[32:].strip()
        parts.append(
            f"<STMTTRN>\n<TRNTYPE>{'CREDIT' if cents > 0 else 'DEBIT'}\n<DTPOSTED>{day:%Y%m%d}120000[0:GMT]\n"
            f"<TRNAMT>{money(cents)}\n<FITID>{day:%Y%m%d}{n:07d}\n<NAME>{name}\n"
            + (f"<MEMO>{memo}\n" if memo else "")
            + "</STMTTRN>\n"
        )
    parts.append(
        f"</BANKTRANLIST><LEDGERBAL><BALAMT>{money(balance)}<DTASOF>{LAST:%Y%m%d}</LEDGERBAL>"
        "</STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>\n"
    )
    return "".join(parts).encode()

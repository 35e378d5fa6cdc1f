"""Three more households for the generator: other trades, states, banks, wordings and lags than the sample's."""

from __future__ import annotations

from datetime import date

from generator.ledger import Account
from generator.persona import ASK, Bill, CardPlan, Client, Merchant, Persona

C, S, K1, K2, PP, ST = "checking", "savings", "first card", "second card", "paypal", "stripe"


def _life(city: str, *, often: float = 1.0) -> tuple[Merchant, ...]:
    """Return the shops of any household, spread over two cards and the checking account."""
    shops = (
        (K1, "KROGER #{n}", 8, 1800, 14200, "NONE", "Groceries"),
        (K1, "ALDI 7{n}", 5, 1200, 8900, "NONE", "Groceries"),
        (K1, "SHELL OIL 5744{n}", 6, 2900, 7200, "NONE", "Gas"),
        (K1, "AMAZON MKTPL*{r}", 9, 700, 15900, ASK, "Shopping"),
        (K1, "TARGET 0000{n}", 5, 1100, 15200, ASK, "Shopping"),
        (K1, "STARBUCKS STORE 0{n}", 9, 395, 1490, ASK, "Food & Drink"),
        (K1, "CHIPOTLE {n}", 5, 1050, 3900, "NONE", "Food & Drink"),
        (K1, "WALGREENS #0{n}", 3, 500, 4600, "NONE", "Health & Wellness"),
        (K1, "UBER   *TRIP", 4, 900, 5200, ASK, "Travel"),
        (K2, "COSTCO WHSE #0{n}", 3, 5200, 38000, ASK, "Groceries"),
        (K2, "MCDONALD'S F{n}", 5, 600, 2400, "NONE", "Restaurants"),
        (K2, "TST* BLUE DOOR PUB", 4, 1900, 9400, "NONE", "Restaurants"),
        (K2, "TARGET.COM  * {n}", 3, 1500, 9900, ASK, "Merchandise"),
        (K2, "AMAZON.COM*{r}", 5, 900, 18800, ASK, "Merchandise"),
        (K2, "BARNES & NOBLE #2{n}", 1.5, 900, 5400, "NONE", "Merchandise"),
        (K2, "EXXON CARLTON {n}", 4, 2600, 7700, "NONE", "Gas"),
        (C, "SAFEWAY STORE {n}", 5, 1400, 9900, "NONE", "Groceries"),
        (C, "7-ELEVEN {n}", 5, 300, 2900, "NONE", "Groceries"),
        (C, "DOLLAR TREE {n}", 2, 300, 3200, "NONE", "Shopping"),
        (C, "SQ *CORNER BAKERY CAFE", 4, 550, 2300, ASK, "Food & Drink"),
    )
    return tuple(
        Merchant(account, text, city, rate * often, low, high, "personal", line, group)
        for account, text, rate, low, high, line, group in shops
    )


def _work(account: str, *lines: tuple[str, float, int, int, str | None, str]) -> tuple[Merchant, ...]:
    return tuple(Merchant(account, t, city, rate, lo, hi, "expense", line) for t, rate, lo, hi, line, city in lines)


PHOTOGRAPHER = Persona(
    slug="photographer",
    profession="photographer",
    owner="OWNER",
    state="WA",
    filing_status="single",
    first=date(2025, 1, 1),
    last=date(2025, 12, 31),
    home_city="SEATTLE WA",
    accounts=(
        Account(
            label=C, file="stmt-4821.csv", writer="bofa_checking", kind="checking", institution="Bank of America",
            last4="4821", opening=1421455, dress="bofa_debit",
        ),
        Account(
            label=S, file="bofa-savings-7719.ofx", writer="ofx_sgml", kind="savings", institution="Bank of America",
            last4="7719", number="000457837719", routing="125000024", opening=640000,
        ),
        Account(
            label=K1, file="transaction_download.csv", writer="capital_one_card", kind="credit",
            institution="Capital One", last4="5501", opening=-88412,
        ),
        Account(
            label=K2, file="Chase9034_Activity20250101_20251231_20260105.CSV", writer="chase_card", kind="credit",
            institution="Chase", last4="9034", opening=-120733,
        ),
        Account(label=PP, file="Download.CSV", writer="paypal", kind="paypal", institution="PayPal", last4=""),
    ),
    checking=C,
    savings=S,
    paypal=PP,
    ach_style="bofa_debit",
    clients=(
        Client("?", "ach", 1.7, 70000, 260000, entry="PAYMENT"),
        Client("?", "ach", 0.8, 90000, 310000, entry="AP PAYMENT"),
        Client("?", "check", 1.8, 40000, 180000),
        Client("?", "check", 1, 45000, 220000),
        Client("?", "zelle", 2, 15000, 65000),
        Client("?", "paypal", 4, 9000, 48000, 500),
        Client("?", "paypal", 3, 12000, 60000, 500),
        Client("?", "paypal", 2, 6500, 22000, 500),
        Client("SHUTTERSTOCK CONTRIB", "platform", 1, 4000, 19000, 1, entry="PAY"),
    ),
    bills=(
        Bill(C, 1, "CASCADE TERRACE APTS", 214500, 214500, "personal", "NONE", "RENT"),
        Bill(C, 9, "SEATTLE CITY LIGHT", 6200, 16800, "personal", "NONE", "UTIL BILL"),
        Bill(C, 5, "PREMERA BLUE CROSS", 46310, 46310, "personal", "S1_HEALTH", "HLTH PREM"),
        Bill(C, 15, "PROGRESSIVE", 11890, 11890, "personal", "NONE", "*INSURANCE"),
        Bill(C, 20, "XFINITY MOBILE", 9240, 9310, "personal", ASK, "PAYMENT"),
        Bill(K1, 3, "ADOBE *PHOTOGPHY PLAN", 1999, 1999, "expense", "C18", city="SAN JOSE CA"),
        Bill(K1, 6, "PIXIESET.COM", 2800, 2800, "expense", "C18"),
        Bill(K1, 11, "HONEYBOOK", 3900, 3900, "expense", "C18"),
        Bill(K1, 21, "BACKBLAZE INC", 900, 900, "expense", "C18"),
        Bill(K1, 26, "HULU 877-8244858", 1899, 1899, "personal", "NONE"),
        Bill(K2, 8, "HISCOX INC", 6120, 6120, "expense", "C15"),
        Bill(K2, 17, "SQSP* INV{n}", 2300, 2300, "expense", "C18"),
    ),
    merchants=_life("SEATTLE WA", often=1.1)
    + _work(
        K1,
        ("LENSRENTALS.COM", 1, 6000, 32000, "C20a", "CORDOVA TN"),
        ("B&H PHOTO MOTO", 0.8, 4000, 68000, "C22", "NEW YORK NY"),
        ("MPIX LAB {n}", 1.5, 1800, 14000, "C22", "PITTSBURG KS"),
        ("FACEBK *{r}", 2, 1500, 6000, "C8", "MENLO PARK CA"),
        ("WA STATE FERRIES", 1, 1800, 4500, ASK, "SEATTLE WA"),
    ),
    cards=(
        CardPlan(
            card=K1, day=12, bank_text="CAPITAL ONE DES:CRCARDPMT ID:{r} INDN:OWNER CO ID:XXXXX44380 WEB",
            card_text="CAPITAL ONE AUTOPAY PYMT", lag=(0, 2), opening_owed=88412, extra_months=(2, 7),
            extra_bank_text="CAPITAL ONE DES:MOBILE PMT ID:{r} INDN:OWNER CO ID:XXXXX44380 CCD",
            extra_card_text="CAPITAL ONE MOBILE PYMT",
        ),
        CardPlan(
            card=K2, day=22, bank_text="CHASE CREDIT CRD DES:AUTOPAY ID:{n} INDN:OWNER CO ID:XXXXX39224 PPD",
            card_text="AUTOMATIC PAYMENT - THANK", lag=(1, 2), opening_owed=120733, extra_months=(7,),
            extra_bank_text="CHASE CREDIT CRD DES:EPAY ID:{n} INDN:OWNER CO ID:XXXXX39224 WEB",
            extra_card_text="Payment Thank You-Mobile",
        ),
    ),
    to_savings=(
        "Online Banking transfer to SAV 7719 Confirmation# {n}",
        "Online Banking transfer from CHK 4821 Confirmation# {n}",
    ),
    from_savings=(
        "Online Banking transfer from SAV 7719 Confirmation# {n}",
        "Online Banking transfer to CHK 4821 Confirmation# {n}",
    ),
    transfer_lag=(0, 1),
    reserve_sum=(30000, 90000),
    taxes=(
        (date(2025, 1, 15), 210000, "IRS", "USATAXPYMT"),
        (date(2025, 4, 15), 240000, "IRS", "USATAXPYMT"),
        (date(2025, 6, 16), 240000, "IRS", "USATAXPYMT"),
        (date(2025, 9, 15), 260000, "IRS", "USATAXPYMT"),
    ),
)  # fmt: skip

CONSULTANT = Persona(
    slug="consultant",
    profession="software_consultant",
    owner="OWNER",
    state="TX",
    filing_status="mfj",
    first=date(2024, 1, 1),
    last=date(2024, 12, 31),
    home_city="AUSTIN TX",
    accounts=(
        Account(
            label=C, file="Checking1.csv", writer="wells_headerless", kind="checking", institution="Wells Fargo",
            last4="2291", opening=1733090, dress="wells_debit",
        ),
        Account(
            label=S, file="2024_360PerformanceSavings_6604.csv", writer="capital_one_360", kind="savings",
            institution="Capital One", last4="6604", opening=2210000,
        ),
        Account(
            label=K1, file="Chase8812_Activity20240101_20241231_20250103.CSV", writer="chase_card", kind="credit",
            institution="Chase", last4="8812", opening=-301277,
        ),
        Account(
            label=K2, file="amex-activity.csv", writer="amex_members", kind="credit", institution="American Express",
            last4="2007", opening=-64090, dress="amex",
        ),
        Account(
            label=ST, file="Itemized_balance_change_from_activity.csv", writer="stripe", kind="stripe",
            institution="Stripe", last4="",
        ),
    ),
    checking=C,
    savings=S,
    stripe=ST,
    ach_style="wells_debit",
    payout_entry="TRANSFER",
    savings_interest="Monthly Interest Paid",
    clients=(
        Client("?", "ach", 1, 640000, 640000, entry="CONSULTING"),
        Client("?", "ach", 1, 280000, 520000, entry="AP PAYMENT"),
        Client("?", "ach", 0.5, 300000, 900000, entry="BILL.COM"),
        Client("?", "wire", 0.3, 600000, 1200000),
        Client("?", "stripe", 3, 20000, 95000, 1000),
        Client("?", "stripe", 2, 4900, 4900, 100),
        Client("?", "stripe", 2, 9900, 29900, 100),
        Client("?", "stripe", 1, 120000, 250000),
    ),
    bills=(
        Bill(C, 1, "LAKEVIEW LOAN SRV", 241277, 241277, "personal", "NONE", "MTG PYMT"),
        Bill(C, 7, "CITY OF AUSTIN", 14400, 29900, "personal", "NONE", "UTILITIES"),
        Bill(C, 10, "SPECTRUM TEXAS", 7999, 7999, "personal", ASK, "INTERNET"),
        Bill(C, 14, "STATE FARM", 19852, 19852, "personal", "NONE", "INSURANCE"),
        Bill(C, 25, "BCBS OF TEXAS", 88140, 88140, "personal", "S1_HEALTH", "HLTH PREM"),
        Bill(K1, 2, "GITHUB, INC.", 2100, 2100, "expense", "C18"),
        Bill(K1, 4, "AWS EMEA aws.amazon.co", 4100, 19800, "expense", "C18", city="SEATTLE WA"),
        Bill(K1, 6, "DIGITALOCEAN.COM", 4800, 4800, "expense", "C18"),
        Bill(K1, 8, "JETBRAINS AMERICAS", 2890, 2890, "expense", "C18"),
        Bill(K1, 15, "LINEAR.APP", 1000, 1000, "expense", "C18"),
        Bill(K1, 19, "SPOTIFY USA", 1099, 1099, "personal", "NONE"),
        Bill(K2, 12, "ZOOM.COM 888-799-9666", 1599, 1599, "expense", "C18", city="SAN JOSE CA"),
        Bill(K2, 23, "ATT*BILL PAYMENT", 13390, 13440, "personal", ASK, city="DALLAS TX"),
    ),
    merchants=_life("AUSTIN TX", often=1.15)
    + _work(
        K1,
        ("CLOUDFLARE", 1, 500, 4500, "C18", "SAN FRANCISCO CA"),
        ("SOUTHWES    5262{n}", 0.6, 14000, 49000, "C24a", "DALLAS TX"),
        ("MARRIOTT AUSTIN {n}", 0.4, 18000, 61000, "C24a", "CHICAGO IL"),
        ("O'REILLY MEDIA", 0.3, 4900, 49900, "C27", "SEBASTOPOL CA"),
        ("UPWORK -{n}CONN", 1, 15000, 90000, "C11", "SANTA CLARA CA"),
    ),
    cards=(
        CardPlan(
            card=K1, day=16, bank_text="CHASE CREDIT CRD AUTOPAY {y} {r} OWNER", card_text="AUTOMATIC PAYMENT - THANK",
            lag=(1, 3), opening_owed=301277, extra_months=(4, 9),
            extra_bank_text="CHASE CREDIT CRD EPAY {y} {r} OWNER", extra_card_text="Payment Thank You - Web",
        ),
        CardPlan(
            card=K2, day=5, bank_text="AMERICAN EXPRESS ACH PMT {y} M{n} OWNER",
            card_text="AUTOPAY PAYMENT - THANK YOU", lag=(1, 2), opening_owed=64090, extra_months=(9,),
            extra_bank_text="AMERICAN EXPRESS ACH PMT {y} W{n} OWNER", extra_card_text="ONLINE PAYMENT - THANK YOU",
        ),
    ),
    to_savings=("CAPITAL ONE TRANSFER {n} OWNER", "Deposit from WELLS FARGO BANK XXXXXXX2291"),
    from_savings=("CAPITAL ONE TRANSFER {n} OWNER", "Withdrawal to WELLS FARGO BANK XXXXXXX2291"),
    transfer_lag=(1, 3),
    reserve_sum=(90000, 260000),
    taxes=(
        (date(2024, 1, 16), 640000, "IRS", "USATAXPYMT"),
        (date(2024, 4, 15), 690000, "IRS", "USATAXPYMT"),
        (date(2024, 6, 17), 690000, "IRS", "USATAXPYMT"),
        (date(2024, 9, 16), 720000, "IRS", "USATAXPYMT"),
    ),
    payroll=("BRAZOS COUNTY HOSP", 203318),
)  # fmt: skip

CONTRACTOR = Persona(
    slug="contractor",
    profession="contractor",
    owner="OWNER",
    state="OH",
    filing_status="hoh",
    first=date(2025, 1, 1),
    last=date(2025, 12, 31),
    home_city="COLUMBUS OH",
    accounts=(
        Account(
            label=C, file="lakeside-cu-checking.qif", writer="qif", kind="checking", institution="", last4="",
            opening=588120, dress="pos",
        ),
        Account(
            label=S, file="marcus-savings.qfx", writer="ofx_xml", kind="savings", institution="Marcus", last4="8040",
            number="0220138040", routing="124085024", opening=412000,
        ),
        Account(
            label=K1, file="capitalone-2025.csv", writer="capital_one_card", kind="credit", institution="Capital One",
            last4="3177", opening=-154090,
        ),
        Account(
            label=K2, file="citi_card.ofx", writer="ofx_sgml", kind="credit", institution="Citigroup", last4="0068",
            number="XXXXXXXXXXXX0068", opening=-71833,
        ),
    ),
    checking=C,
    savings=S,
    ach_style="cu",
    savings_interest="Interest Credit",
    clients=(
        Client("?", "check", 2, 120000, 480000),
        Client("?", "check", 2, 40000, 190000),
        Client("?", "zelle", 2, 20000, 90000),
        Client("?", "ach", 1, 260000, 640000, entry="CONSTR PAY"),
        Client("SQUARE INC", "platform", 3, 15000, 90000, 1, entry="SQ250112"),
    ),
    bills=(
        Bill(C, 2, "HUNTINGTON MTG", 138012, 138012, "personal", "NONE", "LOAN PMT"),
        Bill(C, 8, "AEP OHIO", 9800, 21000, "personal", "NONE", "PAYMENT"),
        Bill(C, 12, "MEDICAL MUTUAL", 61240, 61240, "personal", "S1_HEALTH", "PREMIUM"),
        Bill(C, 18, "FORD CREDIT", 52133, 52133, "loan", "NONE", "AUTO PYMT"),
        Bill(C, 21, "THE HARTFORD", 14311, 14311, "expense", "C15", "NTCLSTICC"),
        Bill(K1, 5, "VERIZON WRLS MYACCT VB", 8840, 8890, "personal", ASK, city="FOLSOM CA"),
        Bill(K1, 9, "JOBBER SUBSCRIPTION", 6900, 6900, "expense", "C18"),
        Bill(K1, 14, "INTUIT *QBOOKS ONLINE", 3500, 3500, "expense", "C18"),
        Bill(K2, 19, "DISNEYPLUS", 1599, 1599, "personal", "NONE"),
    ),
    merchants=_life("COLUMBUS OH", often=1.15)
    + _work(
        K1,
        ("THE HOME DEPOT #{n}", 6, 1400, 38000, ASK, "COLUMBUS OH"),
        ("LOWES #0{n}*", 3, 1900, 29000, ASK, "COLUMBUS OH"),
        ("SHERWIN-WILLIAMS 70{n}", 2, 3200, 21000, "C22", "COLUMBUS OH"),
        ("SUNBELT RENTALS #{n}", 1, 9000, 41000, "C20a", "COLUMBUS OH"),
    ),
    cards=(
        CardPlan(
            card=K1, day=11, bank_text="ACH Withdrawal CAPITAL ONE CRCARDPMT", card_text="CAPITAL ONE AUTOPAY PYMT",
            lag=(-1, 2), opening_owed=154090, extra_months=(5, 8),
            extra_bank_text="ACH Withdrawal CAPITAL ONE MOBILE PMT", extra_card_text="CAPITAL ONE MOBILE PYMT",
        ),
        CardPlan(
            card=K2, day=25, bank_text="ACH Withdrawal CITI CARD ONLINE PAYMENT", card_text="ONLINE PAYMENT, THANK YOU",
            lag=(0, 2), opening_owed=71833, extra_months=(8,),
            extra_bank_text="ACH Withdrawal CITI CARD ONLINE PAYMENT", extra_card_text="ONLINE PAYMENT, THANK YOU",
        ),
    ),
    to_savings=("ACH Withdrawal MARCUS BANK TRANSFER", "ACH Transfer from LAKESIDE CU checking"),
    from_savings=("ACH Deposit MARCUS BANK TRANSFER", "ACH Transfer to LAKESIDE CU checking"),
    transfer_lag=(0, 3),
    taxes=(
        (date(2025, 4, 15), 180000, "IRS", "USATAXPYMT"),
        (date(2025, 4, 15), 31000, "OHIO TAXPAYMENT", "OH INDVL"),
        (date(2025, 6, 16), 180000, "IRS", "USATAXPYMT"),
        (date(2025, 6, 16), 31000, "OHIO TAXPAYMENT", "OH INDVL"),
        (date(2025, 9, 15), 180000, "IRS", "USATAXPYMT"),
        (date(2025, 9, 15), 31000, "OHIO TAXPAYMENT", "OH INDVL"),
    ),
)  # fmt: skip

PEOPLE = (PHOTOGRAPHER, CONSULTANT, CONTRACTOR)

"""The household of the sample files: an invented married designer in California, 1 January to 20 November 2026."""

from __future__ import annotations

from datetime import date

from generator.ledger import Account
from generator.persona import ASK, Bill, CardPlan, Client, Merchant, Persona

CHECKING, SAVINGS, CHASE, AMEX, PAYPAL, STRIPE = "checking", "savings", "chase card", "amex card", "paypal", "stripe"

ACCOUNTS = (
    Account(
        label=CHECKING, file="Chase6620_Activity_20261120.OFX", writer="ofx_sgml", kind="checking",
        institution="Chase", last4="6620", number="000000805516620", routing="322271627", opening=1184622,
        dress="chase_debit",
    ),
    Account(
        label=SAVINGS, file="Ally_Tax_Savings_20261120.QFX", writer="ofx_xml", kind="savings",
        institution="Ally Bank", last4="3348", number="2147003348", routing="124003116", opening=1526040,
    ),
    Account(
        label=CHASE, file="Chase4417_Activity20260101_20261120_20261120.CSV", writer="chase_card", kind="credit",
        institution="Chase", last4="4417", opening=-213684,
    ),
    Account(
        label=AMEX, file="amex_activity_71005.csv", writer="amex_full", kind="credit", institution="American Express",
        last4="1005", opening=-94210, dress="amex",
    ),
    Account(
        label=PAYPAL, file="PayPal_Activity_2026.CSV", writer="paypal", kind="paypal", institution="PayPal", last4="",
        opening=31840,
    ),
    Account(
        label=STRIPE, file="stripe_itemized_balance_2026.csv", writer="stripe", kind="stripe", institution="Stripe",
        last4="",
    ),
)  # fmt: skip

CLIENTS = (
    Client("Larkfield Tea Co", "ach", 1, 240000, 240000, entry="AP PAYMENT"),
    Client("Tidewater Yoga LLC", "ach", 1, 110000, 110000),
    Client("Quillstone Press", "ach", 0.4, 160000, 340000, entry="ROYALTYPAY"),
    Client("Ridgeway Dental Grp", "ach", 0.35, 220000, 460000, entry="INVOICE"),
    Client("Oakmere Winery", "ach", 0.35, 210000, 390000, entry="BILL.COM"),
    Client("Fernhill Orchards LLC", "check", 0.4, 120000, 280000),
    Client("Bluejay Kayak Rentals", "check", 0.3, 80000, 190000),
    Client("PETRA SOLBERG CERAMICS", "zelle", 0.9, 25000, 90000),
    Client("NINA ABERNATHY DESIGN CO", "zelle", 0.8, 20000, 80000),
    Client("Meridian Loop Inc", "wire", 0.2, 450000, 620000),
    Client("Sunbeam Pediatrics", "stripe", 1, 9500, 9500, 500),
    Client("Moss & Main Florist", "stripe", 1, 14500, 14500, 500),
    Client("Café Verdé", "stripe", 1, 9500, 9500, 500),
    Client("Hightide Surf School", "stripe", 1, 24500, 24500, 500),
    Client("Coppergate Museum Shop", "stripe", 1.2, 30000, 95000, 2500),
    Client("Paperbark Weddings", "stripe", 1.1, 22000, 58000, 1000),
    Client("Stellan Bike Works", "stripe", 0.7, 45000, 90000),
    Client("Rookery Podcast Network", "paypal", 1.6, 12000, 46000, 1000),
    Client("Vellum & Vine", "paypal", 1.3, 18000, 62000, 1000),
    Client("Dockside Makers Guild", "paypal", 1.5, 8000, 29000, 500),
)

BILLS = (
    Bill(CHECKING, 1, "HARBORVIEW APTS", 315000, 315000, "personal", "NONE", "WEB PMTS"),
    Bill(CHECKING, 8, "PGANDE", 9800, 21400, "personal", "NONE", "WEB ONLINE"),
    Bill(CHECKING, 19, "EBMUD", 6200, 8800, "personal", "NONE", "UTILITY", months=(1, 3, 5, 7, 9, 11)),
    Bill(CHECKING, 11, "COMCAST CALIFORNIA", 8500, 8500, "personal", ASK, "CABLE"),
    Bill(CHECKING, 3, "COVERED CA KAISER", 58214, 58214, "personal", "S1_HEALTH", "HLTH PREM"),
    Bill(CHECKING, 6, "GEICO", 13480, 13480, "personal", "NONE", "PYMT"),
    Bill(CHECKING, 17, "TOYOTA FINANCIAL", 38620, 38620, "loan", "NONE", "RETAIL PAY"),
    Bill(CHECKING, 22, "HISCOX INC", 5875, 5875, "expense", "C15", "INS PREM"),
    Bill(CHECKING, 28, "NELNET", 24110, 24110, "loan", "NONE", "STUDENT LN"),
    Bill(CHASE, 2, "ADOBE *CREATIVE CLOUD", 5999, 5999, "expense", "C18", city="SAN JOSE CA"),
    Bill(CHASE, 4, "FIGMA MONTHLY RENEWAL", 1500, 1500, "expense", "C18"),
    Bill(CHASE, 5, "GOOGLE *GSUITE WRENSTUDIO", 2160, 2160, "expense", "C18", city="CC GOOGLE.COM CA"),
    Bill(CHASE, 7, "DROPBOX*{r}", 1199, 1199, "expense", "C18"),
    Bill(CHASE, 9, "NOTION LABS, INC.", 1000, 1000, "expense", "C18"),
    Bill(CHASE, 12, "INTUIT *MAILCHIMP", 4500, 4500, "expense", "C18", city="ATLANTA GA"),
    Bill(CHASE, 13, "WEBFLOW.COM", 3900, 3900, "expense", "C18"),
    Bill(CHASE, 16, "VZWRLSS*APOCC VISB", 11240, 11310, "personal", ASK, city="FOLSOM CA"),
    Bill(CHASE, 18, "NETFLIX.COM", 1799, 1799, "personal", "NONE", category="Entertainment", city="LOS GATOS CA"),
    Bill(CHASE, 20, "Spotify USA", 1699, 1699, "personal", "NONE", category="Entertainment", city="NEW YORK NY"),
    Bill(CHASE, 21, "OPENAI *CHATGPT SUBSCR", 2000, 2000, "expense", "C18"),
    Bill(CHASE, 24, "24 HOUR FITNESS USA", 4699, 4699, "personal", "NONE", category="Health & Wellness"),
    Bill(CHASE, 26, "1PASSWORD", 799, 799, "expense", "C18", city="TORONTO"),
    Bill(AMEX, 6, "INDUSTRIOUS OAKLAND", 32500, 32500, "expense", "C20b", city="OAKLAND CA"),
    Bill(AMEX, 10, "SLACK T05WRENST", 875, 875, "expense", "C18"),
    Bill(AMEX, 14, "SQSP* INV{n}", 2300, 2300, "expense", "C18", city="NEW YORK NY"),
    Bill(AMEX, 15, "CANVA* I04{n}", 1499, 1499, "expense", "C18", city="CAMDEN DE"),
    Bill(AMEX, 25, "APPLE.COM/BILL", 999, 999, "personal", ASK, city="CUPERTINO CA"),
)

MERCHANTS = (
    Merchant(CHASE, "TRADER JOE S #{n}", "OAKLAND CA", 3, 2800, 11900, category="Groceries"),
    Merchant(CHASE, "SAFEWAY #{n}", "OAKLAND CA", 2, 1400, 9800, category="Groceries"),
    Merchant(CHASE, "COSTCO WHSE #0482", "RICHMOND CA", 1.2, 6400, 31900, "personal", ASK, "Groceries"),
    Merchant(CHASE, "TARGET 00003{n}", "EMERYVILLE CA", 1.4, 1800, 14900, "personal", ASK),
    Merchant(CHASE, "AMAZON MKTPL*{r}", "AMZN.COM/BILL WA", 2.3, 900, 13900, "personal", ASK),
    Merchant(CHASE, "CHEVRON 0093{n}", "OAKLAND CA", 2, 3400, 6900, category="Gas"),
    Merchant(CHASE, "TST* SUYA HOUSE", "OAKLAND CA", 1.5, 2400, 8800, category="Food & Drink"),
    Merchant(CHASE, "CHIPOTLE {n}", "OAKLAND CA", 1.4, 1150, 3400, category="Food & Drink"),
    Merchant(CHASE, "SQ *HIGHWIRE COFFEE", "OAKLAND CA", 1.8, 425, 1680, "personal", ASK, "Food & Drink"),
    Merchant(CHASE, "PEETS #{n}", "BERKELEY CA", 1, 450, 1340, "personal", ASK, "Food & Drink"),
    Merchant(CHASE, "CVS/PHARMACY #0{n}", "OAKLAND CA", 1, 700, 5400, category="Health & Wellness"),
    Merchant(CHASE, "CREATIVEMARKET.COM", "SAN FRANCISCO CA", 1, 1500, 7900, "expense", "C18", "Shopping"),
    Merchant(CHASE, "MYFONTS BY MONOTYPE", "WOBURN MA", 0.4, 3500, 19900, "expense", "C18", "Shopping"),
    Merchant(CHASE, "NAME-CHEAP.COM* {r}", "PHOENIX AZ", 0.6, 1098, 4496, "expense", "C18", "Professional Services"),
    Merchant(CHASE, "STAPLES 00{n}", "EMERYVILLE CA", 0.5, 1900, 12900, "expense", "C18", "Office & Shipping"),
    Merchant(CHASE, "USPS PO 05{n}4", "OAKLAND CA", 0.7, 980, 4300, "expense", "C18", "Office & Shipping"),
    Merchant(CHASE, "PARKMOBILE", "ATLANTA GA", 0.7, 250, 1600, "personal", ASK, "Travel"),
    Merchant(CHASE, "LYFT *RIDE", "SAN FRANCISCO CA", 0.7, 1100, 4200, "personal", ASK, "Travel"),
    Merchant(AMEX, "FACEBK *{r}", "MENLO PARK CA", 1.5, 2500, 9000, "expense", "C8", "Advertising"),
    Merchant(AMEX, "GOOGLE *ADS{r}", "CC GOOGLE.COM CA", 1.2, 5000, 15000, "expense", "C8", "Advertising"),
    Merchant(AMEX, "UPWORK -{n}CONN", "SANTA CLARA CA", 0.8, 12000, 58000, "expense", "C11", "Services"),
    Merchant(AMEX, "WHOLEFDS LMT 10{n}", "OAKLAND CA", 1.6, 2100, 12400, category="Groceries"),
    Merchant(AMEX, "AMAZON.COM*{r}", "SEATTLE WA", 1.2, 1200, 9900, "personal", ASK, "Merchandise"),
    Merchant(AMEX, "BLICK ART {n}", "BERKELEY CA", 0.6, 1400, 9800, "expense", "C22", "Merchandise"),
    Merchant(AMEX, "DD *DOORDASH {r}", "SAN FRANCISCO CA", 1.4, 1800, 5600, category="Restaurant"),
    Merchant(CHECKING, "BERKELEY BOWL WEST", "BERKELEY CA", 1.2, 1900, 9400),
    Merchant(CHECKING, "WALGREENS #{n}", "OAKLAND CA", 1, 600, 3900),
    Merchant(CHECKING, "OAKLAND FARMERS MKT", "OAKLAND CA", 1.2, 1100, 4200),
)

CARDS = (
    CardPlan(
        card=CHASE, day=14, bank_text="CHASE CREDIT CRD AUTOPAY PPD ID: 4760039224",
        card_text="AUTOMATIC PAYMENT - THANK", lag=(0, 1), opening_owed=213684, extra_months=(3, 6, 8, 10),
        extra_bank_text="Payment to Chase card ending in 4417 {d}", extra_card_text="Payment Thank You-Mobile",
    ),
    CardPlan(
        card=AMEX, day=24, bank_text="AMERICAN EXPRESS ACH PMT M{n} WEB ID: 2005032111",
        card_text="AUTOPAY PAYMENT - THANK YOU", lag=(1, 2), opening_owed=94210,
    ),
)  # fmt: skip

IRS, FTB = ("IRS", "USATAXPYMT"), ("FRANCHISE TAX BD", "PAYMENTS")
TAXES = (
    (date(2026, 1, 15), 430000, *IRS),
    (date(2026, 1, 15), 124000, *FTB),
    (date(2026, 4, 15), 520000, *IRS),
    (date(2026, 4, 15), 132000, *FTB),
    (date(2026, 6, 15), 520000, *IRS),
    (date(2026, 6, 15), 176000, *FTB),
    (date(2026, 9, 15), 560000, *IRS),
)

DESIGNER = Persona(
    slug="designer",
    profession="designer",
    owner="WREN CALLOWAY",
    state="CA",
    filing_status="mfj",
    first=date(2026, 1, 1),
    last=date(2026, 11, 20),
    accounts=ACCOUNTS,
    checking=CHECKING,
    savings=SAVINGS,
    stripe=STRIPE,
    paypal=PAYPAL,
    ach_style="chase_debit",
    clients=CLIENTS,
    bills=BILLS,
    merchants=MERCHANTS,
    cards=CARDS,
    to_savings=("ALLY BANK $TRANSFER WEB ID: 9833122001", "Requested transfer from CHASE BANK CHECKING XXXXXX6620"),
    from_savings=("ALLY BANK $TRANSFER PPD ID: 9833122002", "Requested transfer to CHASE BANK CHECKING XXXXXX6620"),
    transfer_lag=(1, 2),
    reserve_sum=(110000, 260000),
    taxes=TAXES,
    payroll=("CRESTLINE UNIFIED SD", 241873),
)

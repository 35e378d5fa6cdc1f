"""CSV exports of US banks and cards.

Source: the project's survey of public importers and samples (design file csv-formats.md, numbers in the comments, with
its grade: A = a fixture or three independent files, B = two files, C = one file).
"""

from __future__ import annotations

from app.core.ingest.csv_layouts import Layout

CHASE_CHECKING = Layout(  # 1 A. Rows have one comma more than the header; a row without a balance is still pending.
    id="chase-checking",
    institution="Chase",
    kind="checking",
    needs=frozenset({"details", "posting date", "description", "amount"}),
    date=("posting date",),
    type=("type", "details"),
    balance=("balance",),
    pending_without_balance=True,
)
CHASE_CARD = Layout(  # 2 A. Some files lead with a Card column: then several cards may be in one file.
    id="chase-card",
    institution="Chase",
    kind="credit",
    needs=frozenset({"transaction date", "post date", "description", "amount", "type"}),
    date=("post date",),
    transacted=("transaction date",),
    type=("type", "category"),
    memo=("memo",),
    account=("card",),
)
BOFA_CHECKING = Layout(  # 3 A. Summary block above; the first row is the beginning balance.
    id="bofa-checking",
    institution="Bank of America",
    kind="checking",
    needs=frozenset({"date", "description", "amount", "running bal"}),
    balance=("running bal",),
)
BOFA_CARD = Layout(  # 4 A
    id="bofa-card",
    institution="Bank of America",
    kind="credit",
    needs=frozenset({"posted date", "reference number", "payee", "amount"}),
    date=("posted date",),
    text=("payee",),
    memo=("address",),
    bank_id=("reference number",),
)
WELLS_FARGO_HEADERLESS = Layout(  # 5 A. No header: date, amount, asterisk, check number or nothing, description.
    id="wells-fargo",
    institution="Wells Fargo",
    kind="checking",
    date=("#1",),
    amount=("#2",),
    text=("#5",),
)
WELLS_FARGO = Layout(  # 6 B
    id="wells-fargo-new",
    institution="Wells Fargo",
    kind="checking",
    needs=frozenset({"date", "description", "amount", "check #", "status"}),
    status=("status",),
)
CAPITAL_ONE_CARD = Layout(  # 7 A
    id="capital-one-card",
    institution="Capital One",
    kind="credit",
    needs=frozenset({"transaction date", "posted date", "card no", "description", "debit", "credit"}),
    date=("posted date",),
    transacted=("transaction date",),
    amount=(),
    debit=("debit",),
    credit=("credit",),
    type=("category",),
    account=("card no",),
    one_account=True,
)
CAPITAL_ONE_360 = Layout(  # 8 A. Amounts are unsigned.
    id="capital-one-360",
    institution="Capital One",
    kind="checking",
    needs=frozenset({"account number", "transaction description", "transaction date", "transaction amount"}),
    date=("transaction date",),
    text=("transaction description",),
    amount=("transaction amount",),
    sign="word",
    direction=("transaction type",),
    type=("transaction type",),
    balance=("balance",),
    account=("account number",),
)
AMEX_MEMBERS = Layout(  # 10 A. Several cards in one file. (9, the short form, is a bare file: csv_shape.)
    id="amex-members",
    institution="American Express",
    kind="credit",
    needs=frozenset({"date", "description", "card member", "amount"}),
    sign="flipped",
    account=("account #",),
    type=("category",),
)
AMEX_FULL = Layout(  # 11 A. Extended Details breaks over lines; Reference stands in apostrophes.
    id="amex-full",
    institution="American Express",
    kind="credit",
    needs=frozenset({"date", "description", "amount", "extended details", "reference"}),
    sign="flipped",
    account=("account #",),
    type=("category",),
    memo=("extended details",),
    bank_id=("reference",),
)
CITI_CARD = Layout(  # 12 A. Credits are negative in some files and positive in others.
    id="citi-card",
    institution="Citi",
    kind="credit",
    needs=frozenset({"status", "date", "description", "debit", "credit"}),
    amount=(),
    debit=("debit",),
    credit=("credit",),
    status=("status",),
)
DISCOVER = Layout(  # 13 A
    id="discover-card",
    institution="Discover",
    kind="credit",
    needs=frozenset({"trans date", "post date", "description", "amount"}),
    date=("post date",),
    transacted=("trans date",),
    sign="flipped",
    type=("category",),
)
US_BANK = Layout(  # 14 B. The name is cut; its rest stands in the memo.
    id="us-bank",
    institution="US Bank",
    kind="checking",
    needs=frozenset({"date", "transaction", "name", "memo", "amount"}),
    text=("name",),
    memo=("memo",),
    type=("transaction",),
    direction=("transaction",),
)
PNC = Layout(  # 15 A
    id="pnc",
    institution="PNC",
    kind="checking",
    needs=frozenset({"date", "description", "withdrawals", "deposits", "balance"}),
    amount=(),
    debit=("withdrawals",),
    credit=("deposits",),
    type=("category",),
    balance=("balance",),
)
ALLY = Layout(  # 16 B
    id="ally",
    institution="Ally Bank",
    kind="checking",
    needs=frozenset({"date", "time", "amount", "type", "description"}),
    type=("type",),
    direction=("type",),
)
_USAA_NAMES = frozenset({"date", "description", "original description", "category", "amount"})
USAA = Layout(  # 17 B
    id="usaa",
    institution="USAA",
    needs=_USAA_NAMES | {"status"},
    text=("original description", "description"),
    type=("category",),
    status=("status",),
)
USAA_OLD = Layout(
    id="usaa",
    institution="USAA",
    needs=_USAA_NAMES | {"balance"},
    text=("original description", "description"),
    type=("category",),
    balance=("balance",),
)
APPLE_CARD = Layout(  # 18 A
    id="apple-card",
    institution="Apple Card",
    kind="credit",
    needs=frozenset({"transaction date", "clearing date", "description", "merchant", "amount usd"}),
    date=("clearing date",),
    transacted=("transaction date",),
    amount=("amount usd",),
    sign="flipped",
    type=("type", "category"),
    memo=("merchant",),
)
BARCLAYS = Layout(  # 19 C. The names are common: only with the bank's title lines.
    id="barclays-card",
    institution="Barclays",
    kind="credit",
    needs=frozenset({"transaction date", "description", "category", "amount"}),
    title_word="barclays",
    date=("transaction date",),
    type=("category",),
    direction=("category",),
)
SCHWAB = Layout(  # 20 A
    id="schwab-checking",
    institution="Charles Schwab",
    kind="checking",
    needs=frozenset({"date", "type", "description", "withdrawal", "deposit", "runningbalance"}),
    amount=(),
    debit=("withdrawal",),
    credit=("deposit",),
    status=("status",),
    type=("type",),
    balance=("runningbalance",),
)
DCU = Layout(  # 21 A
    id="dcu",
    institution="DCU",
    kind="checking",
    needs=frozenset({"date", "transaction type", "description", "amount", "id", "current balance"}),
    memo=("memo",),
    type=("transaction type",),
    bank_id=("id",),
    balance=("current balance",),
)
MINT = Layout(  # 35 A. Old exports: magnitude and a word; many accounts.
    id="mint",
    needs=frozenset({"date", "description", "original description", "amount", "transaction type", "account name"}),
    text=("original description", "description"),
    sign="word",
    direction=("transaction type",),
    type=("category",),
    memo=("notes",),
    html_text=True,
    account_name=("account name",),
)
TILLER = Layout(  # 36 A. Many accounts in one file.
    id="tiller",
    needs=frozenset({"date", "description", "amount", "account", "account #", "institution"}),
    text=("full description", "description"),
    type=("category",),
    bank_id=("transaction id",),
    account=("account #",),
    account_name=("account",),
    institution_column=("institution",),
)

BANK_LAYOUTS = (
    CHASE_CHECKING,
    CHASE_CARD,
    BOFA_CHECKING,
    BOFA_CARD,
    WELLS_FARGO,
    CAPITAL_ONE_CARD,
    CAPITAL_ONE_360,
    AMEX_MEMBERS,
    AMEX_FULL,
    CITI_CARD,
    DISCOVER,
    US_BANK,
    PNC,
    ALLY,
    USAA,
    USAA_OLD,
    APPLE_CARD,
    BARCLAYS,
    SCHWAB,
    DCU,
    MINT,
    TILLER,
)

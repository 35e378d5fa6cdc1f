"""Column names seen in exports of banks nobody described, by what they mean. Normal names, best first.

Source: the headers of the layouts in csv-formats.md and the plain words of English, Spanish, German and French exports.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

ROLE_NAMES: dict[str, tuple[str, ...]] = {
    "posted": ("posting date", "posted date", "post date", "date posted", "posted", "booking date", "clearing date"),
    "transacted": ("transaction date", "trans date", "txn date", "purchase date", "date of transaction"),
    "date": (
        "date", "posting date", "posted date", "post date", "transaction date", "trans date", "txn date", "datetime",
        "timestamp", "effective date", "value date", "created", "created at", "day", "fecha", "datum", "when",
    ),
    "amount": (
        "amount", "transaction amount", "amount usd", "net amount", "net", "net total", "amt", "total", "value", "sum",
        "importe", "betrag", "montant",
    ),
    "debit": (
        "debit", "debits", "debit amount", "amount debit", "withdrawal", "withdrawals", "withdrawal amount",
        "money out", "paid out", "outflow", "out", "spent", "charges", "charge", "payments",
    ),
    "credit": (
        "credit", "credits", "credit amount", "amount credit", "deposit", "deposits", "deposit amount", "money in",
        "paid in", "inflow", "in", "received", "receipts",
    ),
    "gross": ("gross", "gross amount"),
    "fee": ("fee", "fees", "fee amount"),
    "balance": ("balance", "running balance", "running bal", "current balance", "available balance", "ending balance"),
    "text": (
        "description", "transaction description", "original description", "payee", "merchant", "merchant name",
        "name", "narrative", "details", "particulars", "transaction details", "text", "counterparty", "vendor",
        "transaction", "memo", "title", "concepto", "what", "notes", "note",
    ),
    "memo": ("memo", "notes", "note", "extended description", "details", "comment", "comments", "message"),
    "bank_id": (
        "transaction id", "id", "fitid", "unique id", "transaction number", "reference number", "reference", "ref id",
        "txn id", "confirmation number", "tracking id",
    ),
    "type": ("type", "transaction type", "category", "kind"),
    "status": ("status", "state"),
    "currency": (
        "currency", "currency code", "ccy", "waehrung", "währung", "valuta", "devise", "moneda", "moeda", "waluta",
    ),
    "account": ("account number", "account #", "account no", "card number", "card no", "card", "account"),
}  # fmt: skip

_CODES = (
    "AED ARS AUD BGN BRL CAD CHF CLP CNY COP CZK DKK EGP EUR GBP GEL HKD HUF IDR ILS INR ISK JPY KRW MAD MXN MYR NOK "
    "NZD PEN PHP PLN RON RSD RUB SAR SEK SGD THB TRY TWD UAH USD UYU VND ZAR"
)
CURRENCIES = frozenset(_CODES.split())
"""ISO 4217 codes that a column of currencies may hold, or a column of amounts be named by."""

SIGNS = {"€": "EUR", "£": "GBP"}
"""Signs of money beside the dollar's that stand in cells of amounts."""

_WORDS: dict[str, tuple[str, ...]] = {
    "date": ("date",),
    "amount": ("amount",),
    "debit": ("debit", "withdrawal", "withdrawals", "outflow"),
    "credit": ("credit", "deposit", "deposits", "inflow"),
    "balance": ("balance", "bal"),
    "text": ("description", "payee", "merchant", "narrative"),
    "elsewhere": ("foreign", "original", "local", "target", "from", "to"),
    "number": ("id", "number", "no", "#", "check", "ref", "reference", "zip", "code", "year", "month", "week", "phone"),
}


def currency_in(name: str) -> str | None:
    """Return the currency that the name of a column of amounts says, such as `amount eur` or `cad$`."""
    words = re.split(r"[^A-Z]+", name.upper())
    return next((word for word in words if word in CURRENCIES), None)


def is_ledger(names: Sequence[str], accounts: Iterable[str]) -> bool:
    """Whether a table is a ledger, with both sides of each booking, by its column or the names of its accounts."""
    if "full account name" in names or {"txnidx", "account"} <= set(names):
        return True
    tops = {account.partition(":")[0].strip().lower() for account in accounts if ":" in account}
    return len(tops & {"assets", "expenses", "income", "liabilities", "equity", "revenues"}) > 1


def has_word(role: str, name: str) -> bool:
    """Whether a column name holds a word of a role: `check number` is a number, `amount in usd` an amount."""
    words = name.replace("/", " ").replace("-", " ").split()
    return any(word in words for word in _WORDS.get(role, ()))

"""Column names seen in exports of banks nobody described, by what they mean. Normal names, best first.

Source: the headers of the layouts in csv-formats.md and the plain words of English, Spanish, German and French exports.
"""

from __future__ import annotations

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
    "currency": ("currency", "currency code", "ccy"),
    "account": ("account number", "account #", "account no", "card number", "card no", "card", "account"),
}  # fmt: skip

_WORDS: dict[str, tuple[str, ...]] = {
    "date": ("date",),
    "amount": ("amount",),
    "debit": ("debit", "withdrawal", "withdrawals", "outflow"),
    "credit": ("credit", "deposit", "deposits", "inflow"),
    "balance": ("balance", "bal"),
    "text": ("description", "payee", "merchant", "narrative"),
    "number": ("id", "number", "no", "#", "check", "ref", "reference", "zip", "code", "year", "month", "week", "phone"),
}


def has_word(role: str, name: str) -> bool:
    """Whether a column name holds a word of a role: `check number` is a number, `amount in usd` an amount."""
    words = name.replace("/", " ").replace("-", " ").split()
    return any(word in words for word in _WORDS.get(role, ()))

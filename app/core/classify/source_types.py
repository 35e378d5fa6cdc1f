"""What the type words of bank files say: weaker than the descriptor, better than nothing.

Source: OFX 2.2 section 11.4.4.3 (TRNTYPE) and the type columns of US bank CSVs (design, CSV formats).
"""

from __future__ import annotations

WALLETS = frozenset({"paypal", "stripe", "square", "venmo", "cashapp", "wise", "etsy", "upwork", "payoneer"})
"""Accounts whose files name the kind of each row: there the type word is read like a bank's phrase."""

WORDS: dict[str, str] = {
    "INT": "interest",
    "SRVCHG": "service charge",
    "FEE": "bank fee",
    "FEE_TRANSACTION": "bank fee",
    "ATM": "atm withdrawal",
    "CASH": "cash withdrawal",
    "ACCT_XFER": "account transfer",
}
"""Type words that stand for a phrase of their own on bank accounts and cards."""

CARD_WORDS: dict[str, str] = {
    "PAYMENT": "payment thank you",
    "RETURN": "merchandise return",
    "FEE": "fee",
}
"""The same on card accounts, where a row's type column is reliable."""


def phrase_words(source_type: str | None, account_kind: str) -> str:
    """Return the words a type adds to a descriptor; empty for none."""
    if not source_type:
        return ""
    if account_kind in WALLETS:
        return source_type.replace("_", " ")
    word = source_type.strip().upper()
    if account_kind == "credit":
        return CARD_WORDS.get(word, "")
    return WORDS.get(word, "")

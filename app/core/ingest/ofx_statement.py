"""What an OFX file says around its rows: bank, account, period, balance."""

from __future__ import annotations

import re

from app.core.books.vocabulary import AccountKind
from app.core.dates import FIRST_DAY, LAST_DAY, Day, day_from_iso
from app.core.ingest.ofx_banks import institution
from app.core.ingest.ofx_tokens import careful_fields, plain_text
from app.core.ingest.statement import Statement
from app.core.ingest.values import UNREADABLE, cents_of_plain, cents_of_typed

_STAMP = re.compile(r"([0-9]{4})([-/.]?)([0-9]{2})\2([0-9]{2})(?![0-9]{1,3}(?![0-9]))")

_KINDS = {
    "CHECKING": AccountKind.CHECKING,
    "SAVINGS": AccountKind.SAVINGS,
    "MONEYMRKT": AccountKind.SAVINGS,
    "CD": AccountKind.SAVINGS,
    "CREDITLINE": AccountKind.LOAN,
    "CREDITCARD": AccountKind.CREDIT,
}
"""OFX ACCTTYPE to account kind (OFX 2.2, 11.3.1.1); CREDITCARD is no word of the standard but seen."""

_SECTIONS = frozenset(
    {
        *("BANKACCTFROM", "CCACCTFROM", "INVACCTFROM", "LEDGERBAL", "AVAILBAL", "BALLIST", "BAL", "FI", "SONRS"),
        *("BANKTRANLIST", "INVTRANLIST", "BANKTRANLISTP", "BANKACCTTO", "CCACCTTO", "INVBAL", "INVPOSLIST", "SECLIST"),
        *("STMTRS", "CCSTMTRS", "INVSTMTRS", "STATUS", "STMTTRNRS", "CCSTMTTRNRS", "INVSTMTTRNRS", "LOANACCTFROM"),
    }
)
_ACCOUNTS = ("BANKACCTFROM", "CCACCTFROM", "INVACCTFROM", "LOANACCTFROM", "")


def stamp_day(text: str) -> Day | None:
    """Return the civil day of an OFX date as printed (`20260301120000.000[-5:EST]`, `2026-03-01`), None for no date."""
    found = _STAMP.match(text.strip())
    if not found:
        return None
    try:
        day = day_from_iso(f"{found[1]}-{found[3]}-{found[4]}")
    except ValueError:
        return None
    return day if FIRST_DAY <= day <= LAST_DAY else None


def amount_cents(text: str) -> int:
    """Return the cents of an OFX amount; also `$120` and `1,234.50`, which the standard forbids and banks write.

    Raises: ValueError, its text being the reason.
    """
    amount = text.strip()
    try:
        return cents_of_plain(amount)
    except ValueError as trouble:
        # only what is not OFX at all may be read as people write; a doubtful number stays refused
        if str(trouble) != UNREADABLE:
            raise
    return cents_of_typed(amount)


Facts = dict[tuple[str, str], str]
"""Field texts by the aggregate they stand in."""


MOST_HEADING = 1 << 20
"""Characters looked through for facts on either side of the rows; a heading has a few thousand."""


def facts_of(text: str, start: int, end: int) -> Facts:
    """Return the non-empty fields of text[start:end]; of repeated ones the first. Missing end tags do no harm.

    Of a longer stretch only its beginning is read: what comes there is lists of securities, or an attack.
    """
    end = min(end, start + MOST_HEADING)
    section = ""
    result: Facts = {}
    for tag, value in careful_fields(text, start, end):
        if tag in _SECTIONS:
            section = tag
        elif tag.startswith("/"):
            if tag[1:] in _SECTIONS:
                section = ""
        elif value and not value.isspace():
            result.setdefault((section, tag), plain_text(value))
    return result


def describe(statement: Statement, facts: Facts, bank: Facts, *, tag: str) -> list[str]:
    """Fill in what `facts` say of the statement; `bank` are those of the file's head, `tag` its message set.

    Returns: notes on what could not be read.
    """
    both = {**bank, **facts}
    statement.institution = institution(
        _any(both, "ORG", "INTU.ORG"), both.get(("FI", "FID"), ""), _any(both, "FID"), _any(both, "INTU.BID")
    )
    number = next((facts[s, k] for s in _ACCOUNTS for k in ("ACCTID", "LOANACCTID") if (s, k) in facts), None)
    statement.account_number = number
    statement.last4 = _last4(number or "")
    statement.routing_number = next((facts[s, k] for s in _ACCOUNTS for k in ("BANKID",) if (s, k) in facts), None)
    statement.account_type = next((facts[s, "ACCTTYPE"] for s in _ACCOUNTS if (s, "ACCTTYPE") in facts), None)
    on_card = tag == "CCSTMTRS" or ("CCACCTFROM", "ACCTID") in facts
    kind = AccountKind.CREDIT if on_card else _KINDS.get((statement.account_type or "").upper())
    if kind is None and tag == "INVSTMTRS":
        kind = AccountKind.OTHER
    elif kind is None and any(section == "LOANACCTFROM" for section, _ in facts):
        kind = AccountKind.LOAN
    statement.kind = kind.value if kind else None
    statement.first_day = stamp_day(_any(facts, "DTSTART"))
    statement.last_day = stamp_day(_any(facts, "DTEND"))
    notes = []
    if statement.first_day is not None and statement.last_day is not None and statement.first_day > statement.last_day:
        statement.first_day = statement.last_day = None
        notes.append("The period of the statement ends before it starts; it was not used.")
    return notes + _balance(statement, facts)


def currency_of(facts: Facts) -> str:
    """Return the ISO code of the statement, USD when it states none."""
    code = _any(facts, "CURDEF").upper()
    return code if len(code) == 3 and code.isascii() and code.isalpha() else "USD"


def _balance(statement: Statement, facts: Facts) -> list[str]:
    if ("LEDGERBAL", "BALAMT") not in facts:
        return ["The stated balance is empty."] if ("LEDGERBAL", "DTASOF") in facts else []
    try:
        cents = amount_cents(facts["LEDGERBAL", "BALAMT"])
    except ValueError:
        return ["The stated balance cannot be read; it was not used."]
    day = stamp_day(facts.get(("LEDGERBAL", "DTASOF"), ""))
    if day is None:
        day = statement.last_day
    if day is None:
        return ["The stated balance has no date; it was not used."]
    statement.balance_cents, statement.balance_day = cents, day
    return []


def _any(facts: Facts, *tags: str) -> str:
    return next((value for tag in tags for (_, name), value in facts.items() if name == tag), "")


def _last4(number: str) -> str | None:
    digits = "".join(c for c in number if c.isascii() and c.isdigit())
    if len(digits) >= 4:
        return digits[-4:]
    letters = "".join(c for c in number if c.isalnum())
    return letters[-4:] or None

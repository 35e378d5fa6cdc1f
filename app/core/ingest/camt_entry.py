"""One booked entry of a camt.053 statement as a row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from app.core.dates import FIRST_DAY, LAST_DAY, Day, day_from_iso
from app.core.ingest.statement import SourceRow
from app.core.ingest.values import cents_of_plain, folded, joined

_DIRECTIONS = {"CRDT": 1, "DBIT": -1}
_NO_IDS = frozenset({"NONE", "NULL", "N/A", "NA", "NONREF", "NOTPROVIDED"})
_TYPES = {
    "CWDL": "ATM", "INTR": "INT", "DVID": "DIV", "CHRG": "FEE", "FEES": "FEE", "COMM": "FEE", "CDPT": "DEP",
    "POSD": "POS", "POSC": "POS",
}  # fmt: skip
"""ISO 20022 sub-family of a bank transaction code to the type words of OFX."""
_FAMILIES = {"RCHQ": "CHECK", "ICHQ": "CHECK", "RDDT": "DIRECTDEBIT", "IDDT": "DIRECTDEBIT", "CCRD": "POS"}
_TYPE_TEXTS = {
    "ATM": "Cash withdrawal", "INT": "Interest", "DIV": "Dividend", "FEE": "Fee", "DEP": "Deposit",
    "POS": "Card payment", "CHECK": "Check", "DIRECTDEBIT": "Direct debit",
}  # fmt: skip
_WAITING = frozenset({"PDNG", "FUTR"})
_MOST_PARTS = 6
"""Parts of a batch that the memo names."""


class Node:
    """An element with its text and what is in it; `currency` is its Ccy attribute, `line` that of an entry."""

    __slots__ = ("_first", "_more", "currency", "line", "texts")

    def __init__(self, currency: str, line: int) -> None:
        self.currency = currency
        self.line = line
        self.texts: list[str] = []
        self._first = _NONE
        """The first element of each name."""
        self._more = _NO_MORE
        """The others, by name."""

    def add(self, name: str, node: Node) -> None:
        # Nearly every element is the only one of its name, and most hold none: those need no list and no table.
        if not self._first:
            self._first = {name: node}
        elif name not in self._first:
            self._first[name] = node
        else:
            if not self._more:
                self._more = {}
            self._more.setdefault(name, []).append(node)

    def every(self, name: str) -> Sequence[Node]:
        first = self._first.get(name)
        return () if first is None else (first, *self._more.get(name, ()))

    def first(self, *path: str) -> Node | None:
        """Return the element at a path, of several the first."""
        here = self
        for name in path:
            found = here._first.get(name)
            if found is None:
                return None
            here = found
        return here

    def text(self, *path: str) -> str:
        """Return the folded text at a path, empty where there is none."""
        here = self
        for name in path:
            found = here._first.get(name)
            if found is None:
                return ""
            here = found
        return folded("".join(here.texts)) if here.texts else ""


_NONE: dict[str, Node] = {}
_NO_MORE: dict[str, list[Node]] = {}
"""Never filled: `add` puts another in their place."""


def left_out(entry: Node) -> str | None:
    """Return why an entry is no booked row: it waits, or only informs. None for a booked one."""
    said = entry.first("Sts")
    if said is None:
        return None
    status = said.text("Cd") or said.text("Prtry") or said.text()
    if status.upper() in _WAITING:
        return "the row is pending"
    return "the row is for information only" if status.upper() == "INFO" else None


def entry_row(entry: Node, currency: str) -> SourceRow:
    """Return the row of an entry; `currency` is the account's. Raises: ValueError with the reason."""
    cents = signed_cents(entry)
    amount = entry.first("Amt")
    own = (amount.currency if amount is not None else "") or currency
    if not (len(own) == 3 and own.isascii() and own.isalpha()):
        raise ValueError("the amount has a currency that is none")
    value_day = day_of(entry, "ValDt")
    posted = day_of(entry, "BookgDt")
    if posted is None:
        posted = value_day
    if posted is None:
        raise ValueError("the row has no date that can be read")
    details = [part for block in entry.every("NtryDtls") for part in block.every("TxDtls")]
    gross, fee = _charged(entry, details, cents, own)
    kind = _type_of(entry, details)
    return SourceRow(
        line=entry.line,
        posted=posted,
        transacted=_transacted(details),
        cents=cents,
        text=_text(entry, details, kind, incoming=cents >= 0),
        bank_id=_bank_id(entry, details),
        source_type=kind,
        gross_cents=gross,
        fee_cents=fee,
        currency=own if own != currency else None,
        usd_cents=_converted(entry, details, cents) if own != "USD" else None,
        memo=_memo(entry, details, cents, own),
    )


def signed_cents(node: Node) -> int:
    """Return the cents of an element with an amount and a direction.

    A reversal needs no turning: its direction is that of the reversal itself. Raises: ValueError with the reason.
    """
    amount = node.text("Amt")
    if not amount:
        raise ValueError("the row has no amount")
    direction = _DIRECTIONS.get(node.text("CdtDbtInd").upper())
    if direction is None:
        raise ValueError("the row does not say whether money came in or went out")
    if amount[0] in "+-":
        raise ValueError("the amount has a sign beside its direction")
    return direction * cents_of_plain(amount)


def day_of(node: Node, name: str) -> Day | None:
    """Return the civil day of a date or a moment as printed, None for no date."""
    said = node.first(name)
    return day_from_text(said.text("Dt") or said.text("DtTm") or said.text()) if said is not None else None


@lru_cache(maxsize=1024)
def day_from_text(text: str) -> Day | None:
    try:
        day = day_from_iso(text[:10])
    except ValueError:
        return None
    return day if FIRST_DAY <= day <= LAST_DAY else None


def _transacted(details: list[Node]) -> Day | None:
    if len(details) != 1:
        return None
    dates = details[0].first("RltdDts")
    return day_from_text(dates.text("TxDtTm") or dates.text("AccptncDtTm")) if dates is not None else None


def _text(entry: Node, details: list[Node], kind: str | None, *, incoming: bool) -> str:
    """Return the descriptor: who, and what for; else what the bank says of the entry; else its type."""
    if len(details) == 1:
        [part] = details
        lines = (line for info in part.every("RmtInf") for line in info.every("Ustrd"))
        paid_for = folded(" ".join("".join(line.texts) for line in lines))
        text = joined(_party(part, incoming=incoming), paid_for or part.text("AddtlTxInf"))
        if text:
            return text
    names = list(dict.fromkeys(name for part in details if (name := _party(part, incoming=incoming))))
    common = names[0] if len(names) == 1 else ""
    text = joined(common, entry.text("AddtlNtryInf"))
    return text or folded(", ".join(names[:3])) or _TYPE_TEXTS.get(kind or "") or "No description"


def _party(part: Node, *, incoming: bool) -> str:
    """Return the name of the other side; from version 3 on it may stand one level deeper."""
    parties = part.first("RltdPties")
    if parties is None:
        return ""
    for role in (*(("Dbtr", "UltmtDbtr") if incoming else ("Cdtr", "UltmtCdtr")), "TradgPty"):
        name = parties.text(role, "Pty", "Nm") or parties.text(role, "Nm")
        if name:
            return name
    return ""


def _type_of(entry: Node, details: list[Node]) -> str | None:
    for node in (entry, *details[:1]):
        said = node.first("BkTxCd", "Domn", "Fmly")
        if said is None:
            continue
        family, part = said.text("Cd").upper(), said.text("SubFmlyCd").upper()
        if found := _TYPES.get(part) or _FAMILIES.get(family):
            return found
    return entry.text("BkTxCd", "Prtry", "Cd") or None


def _bank_id(entry: Node, details: list[Node]) -> str | None:
    found = entry.text("AcctSvcrRef")
    if not found and len(details) == 1:
        found = details[0].text("Refs", "AcctSvcrRef")
    return None if found.upper() in _NO_IDS or not found.strip("0") else found


def _charged(entry: Node, details: list[Node], cents: int, currency: str) -> tuple[int | None, int | None]:
    """Return gross and fee of an entry whose amount has the bank's charge taken off or put on; else None twice.

    From version 4 on the charge says so itself; before, the amount before charges does.
    """
    fee, said = 0, None
    for node in (entry, *(details if len(details) == 1 else ())):
        for charge in _charges(node):
            inside = charge.text("ChrgInclInd").lower()
            amount = charge.first("Amt")
            if inside in {"false", "0"} or amount is None or (amount.currency or currency) != currency:
                continue
            try:
                off = cents_of_plain(amount.text())
            except ValueError:
                return None, None
            fee += off if charge.text("CdtDbtInd").upper() == "CRDT" else -off
            said = inside in {"true", "1"} if said is None else said and inside in {"true", "1"}
        if fee:
            break
    if not fee or not (said or cents - fee in _before_charges(entry, details, cents, currency)):
        return None, None
    return cents - fee, fee


def _charges(node: Node) -> Iterator[Node]:
    for charge in node.every("Chrgs"):
        records = list(charge.every("Rcrd"))
        yield from records or ([charge] if charge.first("Amt") is not None else [])


def _before_charges(entry: Node, details: list[Node], cents: int, currency: str) -> set[int]:
    """Return the amounts that the file gives for the payment itself, signed as the entry is."""
    found = set()
    for node in (entry, *(details if len(details) == 1 else ())):
        for name in ("TxAmt", "InstdAmt"):
            amount = node.first("AmtDtls", name, "Amt")
            if amount is not None and (amount.currency or currency) == currency:
                try:
                    found.add(cents_of_plain(amount.text()) * (1 if cents >= 0 else -1))
                except ValueError:
                    continue
    return found


def _converted(entry: Node, details: list[Node], cents: int) -> int | None:
    """Return the US cents that the file itself gives for a row in another currency, None where it gives none."""
    for node in (entry, *(details if len(details) == 1 else ())):
        for name in ("CntrValAmt", "TxAmt", "InstdAmt"):
            amount = node.first("AmtDtls", name, "Amt")
            if amount is not None and amount.currency == "USD":
                try:
                    found = cents_of_plain(amount.text())
                except ValueError:
                    continue
                if found > 0:
                    return found if cents >= 0 else -found
    return None


def _memo(entry: Node, details: list[Node], cents: int, currency: str) -> str | None:
    parts = []
    if entry.text("RvslInd").lower() in {"true", "1"}:
        parts.append("Reversal")
    if len(details) == 1:
        [part] = details
        check = part.text("Refs", "ChqNb")
        reference = part.text("RmtInf", "Strd", "CdtrRefInf", "Ref")
        parts += [f"Check {check}"] if check.strip("0") else []
        parts += [f"Reference {reference}"] if reference else []
    count = len(details) if len(details) > 1 else 0
    stated = entry.text("NtryDtls", "Btch", "NbOfTxs")
    if not count and stated.isascii() and stated.isdecimal() and len(stated) < 8 and int(stated) > 1:
        parts.append(f"Batch of {int(stated)} payments")
    if count:
        named = [
            " ".join(word for word in (_party(part, incoming=cents >= 0), _part_amount(part)) if word)
            for part in details[:_MOST_PARTS]
        ]
        more = f"; and {count - _MOST_PARTS} more" if count > _MOST_PARTS else ""
        parts.append(f"Batch of {count} payments: " + "; ".join(name for name in named if name) + more)
    instructed = entry.first("AmtDtls", "InstdAmt", "Amt") or (
        details[0].first("AmtDtls", "InstdAmt", "Amt") if len(details) == 1 else None
    )
    if instructed is not None and instructed.currency not in {"", currency}:
        parts.append(f"Originally {instructed.currency} {instructed.text()}")
    return folded(". ".join(parts)) or None


def _part_amount(part: Node) -> str:
    return part.text("Amt") or part.text("AmtDtls", "TxAmt", "Amt") or part.text("AmtDtls", "InstdAmt", "Amt")

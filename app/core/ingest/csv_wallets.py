"""Rows of a wallet's file that belong to other rows: money fetched for a purchase, and currency conversions.

A purchase paid from the bank shows twice in a wallet's export, as the purchase and as the deposit that funds it. Only
the purchase is spending. A foreign purchase shows three times: the purchase and both legs of its conversion; the legs
tell what it cost in dollars.
"""

from __future__ import annotations

from collections import Counter

from app.core.ingest.csv_layouts import Layout
from app.core.ingest.csv_sheet import Batch
from app.core.ingest.memo_marks import GIVES_BACK
from app.core.ingest.statement import RowTrouble, SourceRow
from app.core.match.refund_words import says_back

FUNDING = "a mirror row: it only brings the money for another row"
CONVERSION = "a currency conversion: its dollars stand on the converted row"


def settle(batch: Batch, layout: Layout) -> list[RowTrouble]:
    """Take funding and conversion rows out of a batch, putting their dollars on the rows they serve."""
    rows, references = batch.rows, batch.references
    if not references:
        return []
    gone: dict[int, str] = {}
    if layout.conversion_word:
        _convert(rows, references, layout.conversion_word, gone)
    if layout.mirror_types:
        _drop_mirrors(rows, references, layout.mirror_types, gone)
    troubles = [RowTrouble(rows[index].line, reason) for index, reason in sorted(gone.items())]
    if gone:
        kept = [index for index in range(len(rows)) if index not in gone]
        # a running balance that counts rows taken out here can never tie
        batch.balances = []
        batch.references = [references[index] for index in kept]
        batch.rows = [rows[index] for index in kept]
    _name_originals(batch.rows, batch.references)
    return troubles


def _name_originals(rows: list[SourceRow], references: list[tuple[str, str]]) -> None:
    """Keep, with a row that gives money back, the processor's id of what it gives back for."""
    for index, (reference, _) in enumerate(references):
        row = rows[index]
        if reference and reference != row.bank_id and says_back(row.text, row.source_type):
            said = f"{GIVES_BACK}{reference}"
            rows[index] = row._replace(memo=f"{row.memo} {said}" if row.memo else said)


def _convert(rows: list[SourceRow], references: list[tuple[str, str]], word: str, gone: dict[int, str]) -> None:
    by_id = {row.bank_id: index for index, row in enumerate(rows) if row.bank_id}
    by_stamp: dict[str, list[int]] = {}
    legs: dict[str, list[int]] = {}
    for index, row in enumerate(rows):
        reference, stamp = references[index]
        if word in (row.source_type or "").lower():
            legs.setdefault(reference if reference in by_id else stamp, []).append(index)
        else:
            by_stamp.setdefault(stamp, []).append(index)
    for key, pair in legs.items():
        targets = [by_id[key]] if key in by_id else by_stamp.get(key, [])
        dollars = [index for index in pair if rows[index].currency == "USD"]
        foreign = [index for index in pair if rows[index].currency != "USD"]
        if len(dollars) != 1 or len(foreign) != 1:
            continue
        other = rows[foreign[0]]
        for target in targets:
            row = rows[target]
            fits = row.currency == other.currency and other.cents in {-row.cents, -(row.gross_cents or 0)}
            if fits and target not in gone and row.usd_cents is None:
                rows[target] = row._replace(usd_cents=rows[dollars[0]].cents)
                gone[dollars[0]] = gone[foreign[0]] = CONVERSION
                break


def _drop_mirrors(
    rows: list[SourceRow], references: list[tuple[str, str]], mirrors: frozenset[str], gone: dict[int, str]
) -> None:
    """Skip a deposit only where a payment is there that it funds; a plain top-up stays a row."""
    payments = [
        index
        for index, row in enumerate(rows)
        if row.cents < 0 and (index not in gone or row.currency == "USD") and not _is_mirror(row, mirrors)
    ]
    ids = {row.bank_id for index in payments if (row := rows[index]).bank_id}
    asked = {references[index][0] for index in payments if references[index][0]}
    stamps = Counter(references[index][1] for index in payments)
    amounts = Counter((rows[index].posted, -rows[index].cents, rows[index].currency) for index in payments)
    for index, row in enumerate(rows):
        if index in gone or row.cents <= 0 or not _is_mirror(row, mirrors):
            continue
        reference, stamp = references[index]
        amount = (row.posted, row.cents, row.currency)
        named = reference in ids or row.bank_id in asked or bool(reference and reference in asked)
        if named or amounts[amount] > 0 or (":" in stamp and stamps[stamp] > 0):
            gone[index] = FUNDING
            amounts[amount] -= 1
            stamps[stamp] -= 1


def _is_mirror(row: SourceRow, mirrors: frozenset[str]) -> bool:
    return (row.source_type or "").strip().lower() in mirrors

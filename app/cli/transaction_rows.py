"""The rows of `transactions list` as JSON text: thousands at once, so what many of them share is put into text once."""

from __future__ import annotations

import json
from json.encoder import encode_basestring as quoted
from typing import TYPE_CHECKING, Any

from app.cli.output import confidence, percent_json
from app.core.dates import Day, iso

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from app.services.ledger.listing import Listed

_NONE = "null"


class _Days(dict[Day | None, str]):
    """Days as JSON."""

    def __missing__(self, day: Day | None) -> str:
        self[day] = text = _NONE if day is None else f'"{iso(day)}"'
        return text


def as_json(rows: Iterable[tuple[Listed, list[dict[str, Any]], int]]) -> Iterator[str]:
    """Yield each row with its links and its Schedule C cents as a JSON object: the keys of the contract."""
    days = _Days()
    shared: dict[tuple[Any, ...], tuple[str, str, str, str]] = {}
    for row, links, business_cents in rows:
        key = (row.account_id, row.kind, row.line, row.business_id, row.percent, row.status, row.confidence, row.reason,
               row.file)  # fmt: skip
        parts = shared.get(key)
        if parts is None:
            parts = shared[key] = _shared(row)
        account, booked, standing, file = parts
        usd = row.cents if row.currency == "USD" else row.usd_cents
        yield (
            f'{{"id": {row.id}, "date": {days[row.tax_date]}, "posted_date": {days[row.posted_date]}, '
            f'"authorized_date": {days[row.transacted_date]}, {account}, "description": {quoted(row.text)}, '
            f'"merchant": {_text(row.merchant)}, "amount_cents": {row.cents}, '
            f'"gross_cents": {_number(row.gross_cents)}, "fee_cents": {_number(row.fee_cents)}, '
            f'"pending": {"true" if row.pending else "false"}, "currency": {quoted(row.currency)}, '
            f'"usd_cents": {_number(usd)}, {booked}, '
            f'"business_cents": {business_cents}, "tags": {_listed(row.tags.split())}, '
            f'{standing}, "links": {_listed(links)}, '
            f'"source": {{"file": {file}, "line": {_number(row.file_line)}}}, "note": {_text(row.note)}}}'
        )


def _shared(row: Listed) -> tuple[str, str, str, str]:
    """Return what rows of one account, standing and file have in common: three runs of keys, and the file's name."""
    account = {"account": row.account, "account_id": row.account_id}
    booked = {
        "kind": row.kind, "line": row.line, "business_id": row.business_id,
        "business_percent": percent_json(row.percent),
    }  # fmt: skip
    standing = {"status": row.status, "confidence": confidence(row.confidence), "reason": row.reason}
    first, second, third = (json.dumps(part, ensure_ascii=False)[1:-1] for part in (account, booked, standing))
    return first, second, third, _text(row.file)


def _text(text: str | None) -> str:
    return _NONE if text is None else quoted(text)


def _number(value: int | None) -> str:
    return _NONE if value is None else str(value)


def _listed(values: list[Any]) -> str:
    return json.dumps(values, ensure_ascii=False) if values else "[]"

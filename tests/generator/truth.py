"""The answer sheet of generated files: what every line truly is, which lines belong together, and the sums."""

from __future__ import annotations

from typing import Any

from generator.ledger import Books, Row
from generator.persona import Persona
from generator.writers import WRITERS


def write(books: Books) -> dict[str, bytes]:
    """Return the files by name; every row and skip of `books` then knows its line."""
    return {a.file: WRITERS[a.writer](books, a, books.of(a.label), books.skips) for a in books.accounts.values()}


def truth(books: Books, who: Persona) -> dict[str, Any]:
    """Return the truth as plain JSON. A row's id is `file#line`, the line where its record starts in the file."""
    files = {a.label: a.file for a in books.accounts.values()}

    def key(row: Row) -> str:
        return f"{files[row.account]}#{row.line_no}"

    rows = [_row(r, key(r), files[r.account], key(r.original) if r.original else None) for r in books.rows]
    income = [r for r in books.rows if r.kind == "income"]
    back = [r for r in books.rows if r.kind == "refund" and r.line == "C2"]
    return {
        "profile": {
            "profession": who.profession,
            "state": who.state,
            "filing_status": who.filing_status,
            "owner": who.owner,
            "first": who.first.isoformat(),
            "last": who.last.isoformat(),
            "year": who.last.year,
        },
        "accounts": {label: _account(books, label) for label in books.accounts},
        "totals": {
            "rows": len(rows),
            "gross_client_income_cents": sum(r.cents if r.gross is None else r.gross for r in income),
            "client_refunds_cents": sum(r.cents if r.gross is None else r.gross for r in back),
            "processor_fees_cents": sum(r.fee or 0 for r in books.rows if r.fee),
            "sum_cents": sum(r.cents for r in books.rows),
        },
        "pairs": [
            {
                "id": n,
                "type": p.type,
                "out": key(p.out),
                "in": key(p.inn),
                "cents": p.inn.cents,
                "fee_cents": p.fee,
                "days": (p.inn.posted - p.out.posted).days,
            }
            for n, p in enumerate(books.pairs, 1)
        ],
        "decoys": [{"a": key(a), "b": key(b), "why": why} for a, b, why in books.decoys],
        "skipped": [
            {"file": files[s.account], "line": s.line_no, "reason": s.reason, "text": s.text} for s in books.skips
        ],
        "rows": rows,
    }


def _account(books: Books, label: str) -> dict[str, Any]:
    account = books.accounts[label]
    mine = books.of(label)
    moved = sum(r.cents for r in mine)
    return {
        "file": account.file,
        "kind": account.kind,
        "institution": account.institution,
        "last4": account.last4,
        "opening_cents": account.opening,
        "sum_cents": moved,
        "balance_cents": account.opening + moved,
        "rows": len(mine),
        "skipped": sum(s.account == label for s in books.skips),
        "first_date": min(r.day for r in mine).isoformat(),
        "last_date": max(r.day for r in mine).isoformat(),
    }


def _row(r: Row, key: str, file: str, original: str | None) -> dict[str, Any]:
    return {
        "id": key,
        "file": file,
        "line": r.line_no,
        "bank_id": r.bank_id or None,
        "date": r.day.isoformat(),
        "posted_date": r.posted.isoformat(),
        "account": r.account,
        "text": r.text,
        "amount_cents": r.cents,
        "gross_cents": r.gross,
        "fee_cents": r.fee,
        "kind": r.kind,
        "schedule_c_line": r.line,
        "judgment": r.judgment,
        "pair_id": r.pair,
        "pair_type": r.pair_type,
        "original": original,
        "note": r.note,
    }

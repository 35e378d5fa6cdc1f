"""What would change how a row is booked, for answers of several commands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from app.services.review.would_change import Change


def change_json(change: Change) -> dict[str, Any]:
    """Return one entry of `would_change`."""
    return {
        "what": str(change.what),
        "text": change.text,
        "kind": change.kind or None,
        "line": change.line,
        "books": change.books,
    }


def change_text(change: Change) -> str:
    """Return it as a line: `If this account were for business only (Office expense)`."""
    return f"{change.text} ({change.leads_to})" if change.leads_to else change.text

"""What would change how a row is booked, one line a fact: beside a question and behind the reasons of a row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.ui.widgets.evidence import EvidenceLine

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.services.review.would_change import Change

_ICONS = {
    "account_missing": "import", "account_role": "card", "vehicle_method": "taxes", "receipt": "receipts",
    "original": "undo", "rate": "info", "confirmation": "check", "statement": "reports",
}  # fmt: skip


def change_lines(changes: Iterable[Change]) -> list[EvidenceLine]:
    """Return each fact with what would follow from it."""
    return [EvidenceLine(_ICONS[change.what], change.text, _then(change)) for change in changes]


def _then(change: Change) -> str:
    if not change.leads_to:
        return ""
    return f"Then: {change.leads_to}, without asking" if change.books else f"Then: {change.leads_to}"

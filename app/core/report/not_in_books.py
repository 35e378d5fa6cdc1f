"""What a preparer looks for in vain: the same words on the front of the pack and in its readme."""

from __future__ import annotations

from app.core.report.pack_input import PackInput

NOT_IN_BOOKS = (
    ("Forms 1099 received", "forms"),
    ("Forms 1099 issued and Forms W-9", ""),
    ("Receipts and the purpose of travel and meals", ""),
    ("Vehicle miles and Part IV", "C9"),
    ("Assets, depreciation and section 179", "C13"),
    ("Home office (Form 8829)", "C30"),
    ("Inventory (Part III)", "C4"),
    ("Employer number and address", ""),
)
"""What a preparer asks for elsewhere, and the line on which it would stand if it were worked out here."""


def not_in_books(source: PackInput) -> list[str]:
    """Return what these books do not hold; what is worked out on a line of the form is there."""
    there = {code for code in source.worked if source.worked[code]} | ({"forms"} if source.forms else set())
    return [words for words, line in NOT_IN_BOOKS if not line or not any(code.startswith(line) for code in there)]

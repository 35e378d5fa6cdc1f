"""Takes a payer out of texts: whose names they are, and what stands there afterwards."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

SHORTEST = 3
"""Shorter names are only erased where they are the whole text: two letters stand in every second word."""

ERASED_REASON = "erased"


def stand_in(number: int) -> str:
    """Return what is shown instead of a payer who was erased."""
    return f"Erased payer {number}"


class Payer(NamedTuple):
    """Whom to erase: the rows that are theirs, and the names they go by."""

    rows: frozenset[int]
    names: frozenset[str]
    keys: frozenset[str]
    """How the merchant engine calls them."""
    shown: str
    """What stands in their place."""

    def __repr__(self) -> str:
        return f"Payer(rows={len(self.rows)}, shown={self.shown!r})"


class Eraser:
    """Washes texts and rows of one payer. The same text gives the same text, so that equal states stay equal."""

    def __init__(self, payer: Payer) -> None:
        self._payer = payer
        words = sorted({n for n in payer.names | payer.keys if len(n) >= SHORTEST}, key=lambda n: (-len(n), n))
        parts = [r"\s+".join(map(re.escape, name.split())) for name in words]
        self._pattern = re.compile(rf"(?<!\w)(?:{'|'.join(parts)})(?!\w)", re.IGNORECASE) if parts else None
        self._whole = {name.casefold() for name in payer.names | payer.keys}

    def names(self, text: str | None) -> bool:
        """Tell whether a text names the payer."""
        if not text:
            return False
        found = self._pattern is not None and self._pattern.search(text) is not None
        return found or text.strip().casefold() in self._whole

    def washed(self, text: str | None) -> str | None:
        """Return a text with the payer's names replaced."""
        if not text or not self.names(text):
            return text
        return self._pattern.sub(self._payer.shown, text) if self._pattern is not None else self._payer.shown

    def decision(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """Return a decision without what was typed about the payer."""
        if row["transaction_id"] not in self._payer.rows:
            return {**row, **{name: self.washed(row.get(name)) for name in ("merchant", "note", "deleted_reason")},
                    "tags": self.washed(row["tags"]) or ""}  # fmt: skip
        return {
            **row, "merchant": row["merchant"] and self._payer.shown, "note": None, "tags": "",
            "deleted_reason": row["deleted_reason"] and ERASED_REASON,
        }  # fmt: skip

    def rule(self, row: Mapping[str, Any], only_theirs: Collection[str]) -> dict[str, Any]:
        """Return a rule without the payer's words; `only_theirs` are texts and patterns that meet no other text."""
        # Images of earlier formats have no other words than the text.
        words = {name: row[name] for name in ("text", "name", "regex", "counterparty") if row.get(name)}
        return {**row, **{
            name: self._payer.shown if word in only_theirs else self.washed(word) for name, word in words.items()
        }}  # fmt: skip

    def rule_names(self, *words: str | None) -> bool:
        """Tell whether any of the words of a rule names the payer."""
        return any(self.names(text) for text in words)

    def answer(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """Return an answer (only its old images are kept) without the payer's key."""
        return {**row, "merchant_key": (self.washed(row["merchant_key"]) or "").casefold()}

    def tax_payment(self, row: Mapping[str, Any]) -> dict[str, Any]:
        return {**row, "confirmation": self.washed(row["confirmation"])}

    def thing(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """Return a vehicle, a piece of equipment or a home office whose name says no payer's."""
        return {**row, "name": self.washed(row["name"])}

    def override(self, row: Mapping[str, Any]) -> dict[str, Any]:
        return {**row, "reason": self.washed(row["reason"])}

    def about(self, row: Mapping[str, Any], column: str, texts: Collection[int]) -> dict[str, Any]:
        """Return what was typed about a payer, expected or reported of one, without their words.

        `texts` are the numbers of texts that are wholly theirs.
        """
        if row["text_id"] not in texts:
            return {**row, column: self.washed(row[column])}
        return {**row, column: row[column] and (self._payer.shown if column == "name" else None)}

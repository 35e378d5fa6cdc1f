"""Tooltips that show a text as it is."""

from __future__ import annotations

from html import escape


def tip(text: str) -> str:
    """Return a tooltip for any text: what looks like markup would be drawn as such, pictures fetched from anywhere."""
    return f"<span style='white-space: pre-wrap'>{escape(text)}</span>" if "<" in text else text

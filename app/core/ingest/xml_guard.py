"""The guard before every reader of markup: no document type, no entity, so nothing can be fetched or grow."""

from __future__ import annotations

import re

from app.core.errors import BadFile

_DECLARATION = re.compile(r"<!\s*(?:DOCTYPE|ENTITY|ELEMENT|ATTLIST|NOTATION)", re.IGNORECASE)


def refuse_declarations(text: str) -> None:
    """Refuse a text that declares anything; it is decoded before, so no encoding hides it. Raises: BadFile."""
    if "<!" not in text:
        return
    found = _DECLARATION.search(text)
    if found:
        raise BadFile(
            "The file declares a document type or entities, which no bank file needs.",
            "Download the statement again from the bank.",
            line=text.count("\n" if "\n" in text else "\r", 0, found.start()) + 1,
        )

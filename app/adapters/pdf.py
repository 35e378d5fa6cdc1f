"""PDF through Typst: bundled type only, tagged PDF/A-2a and PDF/UA-1, equal bytes for equal data.

Data never becomes markup: templates get it as JSON and show strings as text. Typst refuses to make PDF/A with a glyph
its fonts lack, so characters outside the bundled fonts are replaced before.
"""

from __future__ import annotations

import json
import unicodedata
from datetime import UTC, date, datetime
from importlib import resources
from typing import Any

COVERED = (
    (0x20, 0x7E),
    (0xA1, 0xAC),
    (0xAE, 0x148),
    (0x14A, 0x1C3),
    (0x1C5, 0x24F),
    (0x384, 0x38A),
    (0x38C, 0x38C),
    (0x38E, 0x3A1),
    (0x3A3, 0x3CE),
    (0x400, 0x45F),
    (0x490, 0x491),
    (0x1E00, 0x1EFF),
    (0x2010, 0x2015),
    (0x2018, 0x2022),
    (0x2026, 0x2026),
    (0x2030, 0x2030),
    (0x2039, 0x203A),
    (0x20A0, 0x20BF),
    (0x2116, 0x2116),
    (0x2122, 0x2122),
    (0x2190, 0x2193),
    (0x2212, 0x2212),
    (0x25A1, 0x25A1),
    (0x2713, 0x2713),
)
"""Characters the fonts in resources/fonts hold, as inclusive ranges in order."""

REPLACEMENT = "□"


def render(template: str, data: dict[str, object], *, timestamp: date) -> bytes:
    """Return the PDF of a template in resources/report_templates, dated at the start of that day (UTC).

    Raises: typst.TypstError when the template itself is wrong; no data can cause it.
    """
    made = _compiled(template, data, timestamp, format="pdf", pdf_standards=["a-2a", "ua-1"])
    assert isinstance(made, bytes)
    return made


def page_images(template: str, data: dict[str, object], *, timestamp: date, dpi: int) -> list[bytes]:
    """Return the pages of a template as PNG images. Raises: as render does."""
    made = _compiled(template, data, timestamp, format="png", ppi=float(dpi))
    return list(made) if isinstance(made, list) else [made]


def _compiled(template: str, data: dict[str, object], timestamp: date, **form: Any) -> bytes | list[bytes]:  # noqa: ANN401 - passed on to typst
    import typst  # noqa: PLC0415 - 80 MB that only an export needs

    moment = datetime(timestamp.year, timestamp.month, timestamp.day, tzinfo=UTC)
    here = resources.files("resources")
    with (
        resources.as_file(here.joinpath("report_templates")) as templates,
        resources.as_file(here.joinpath("fonts")) as fonts,
    ):
        made: bytes | list[bytes] = typst.compile(
            templates / f"{template}.typ",
            font_paths=[fonts],
            ignore_system_fonts=True,
            sys_inputs={"data": json.dumps(printable(data), sort_keys=True)},
            timestamp=moment,
            **form,
        )
    return made


def printable(value: object) -> object:
    """Return data with every string made of characters the fonts hold; controls and direction marks vanish."""
    if isinstance(value, str):
        return printable_text(value)
    if isinstance(value, dict):
        return {key: printable(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [printable(item) for item in value]
    return value


def printable_text(text: str) -> str:
    """Return text on one line in characters of the bundled fonts; what they lack becomes a box."""
    out: list[str] = []
    for char in unicodedata.normalize("NFC", text):
        if _covered(char):
            out.append(char)
        elif char.isspace():
            out.append(" ")
        elif unicodedata.category(char) not in {"Cc", "Cf", "Mn", "Me"}:
            folded = unicodedata.normalize("NFKC", char)
            out.append(folded if folded and all(_covered(part) for part in folded) else REPLACEMENT)
    return "".join(out)


def _covered(char: str) -> bool:
    code = ord(char)
    return any(first <= code <= last for first, last in COVERED)

"""The sheet of paper the worksheets write on: every line with the arithmetic that made it.

A what-if or a reserve evaluates hundreds of times and reads only totals; its sheet is blank and costs nothing.
"""

from __future__ import annotations

from collections.abc import Mapping

from app.core.tax.model import Line


class Sheet:
    """Collects lines in the order of the work."""

    __slots__ = ("_explain", "_sources", "lines")

    def __init__(self, sources: Mapping[str, str], *, explain: bool) -> None:
        self._sources = sources
        self._explain = explain
        self.lines: list[Line] = []

    def add(self, form: str, line: str, label: str, cents: int, formula: str, figures: str, /, **inputs: int) -> int:
        """Write a line and return its cents.

        `figures` names the parameters behind the line (`section.name`, joined by blanks), empty for plain arithmetic.
        """
        if self._explain:
            source = "; ".join(dict.fromkeys(self._sources[figure] for figure in figures.split()))
            self.lines.append(Line(form, line, label, cents, formula, inputs, source))
        return cents

"""Schedule C from the rows of the books: one total a line, limits on the total, the printed numbers of the year.

Rows are summed at 100 % of their business share; a limit (meals) acts on the total of its line, never on a row. What
the form prints is derived here once, so that window, command line, files and paper cannot disagree.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.core.books.vocabulary import INCOME_LINES, LINES, NO_LINE, PROFIT_LINES, line_on_form
from app.core.money import WHOLE, percent_of
from app.core.report.lines import LineRow, settled_line

LIMITS: Mapping[str, int] = {"C24b": 5_000}
"""Deductible part of a line's total in basis points. Source: Internal Revenue Code section 274(n)(1)."""

PRINTED_SINCE: Mapping[str, tuple[tuple[int, str], ...]] = {"C27": ((0, "27a"), (2025, "27b"))}
"""Printed numbers that change: (first tax year, number), oldest first.

Source: Schedule C (Form 1040) of 2023 and 2024 print other expenses on 27a, the form of 2025 on 27b (tax-rules 5).
"""

GOODS_LINES = frozenset({"C4", "C36", "C37", "C38", "C39"})
"""Lines that enter cost of goods sold (line 4)."""

HOME_LINE = "C30"
OTHER_INCOME = "C6"
_COSTS = PROFIT_LINES - INCOME_LINES - GOODS_LINES - {HOME_LINE}


class LineSum:
    """Cents and number of the rows of one line while they are added up."""

    __slots__ = ("cents", "count")

    def __init__(self, cents: int = 0, count: int = 0) -> None:
        self.cents = cents
        self.count = count


@dataclass(frozen=True, slots=True, kw_only=True)
class LineTotal:
    """One line code with rows. Units: US cents."""

    code: str
    printed: str
    label: str
    cents: int
    """Signed as in the books: money in is positive."""
    count: int
    limit: int
    """Deductible part of the total in basis points."""
    worked_cents: int | None = None
    """What a worksheet allows of the line, signed as in the books; None where the limit says it."""

    @property
    def allowed_cents(self) -> int:
        """The total after its limit, signed as in the books."""
        return percent_of(self.cents, self.limit) if self.worked_cents is None else self.worked_cents

    @property
    def form_cents(self) -> int:
        """The amount as the form prints it: costs and returns are positive there."""
        return self.allowed_cents if self.code in {"C1", "C6"} else -self.allowed_cents


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleC:
    """The lines of one year and the results of the form. Units: US cents, results as the form prints them."""

    year: int
    lines: tuple[LineTotal, ...]
    """In the order of the form; only lines with rows."""

    def _allowed(self, codes: frozenset[str]) -> int:
        return sum(line.allowed_cents for line in self.lines if line.code in codes)

    @property
    def net_receipts_cents(self) -> int:
        """Line 3: receipts less returns."""
        return self._allowed(frozenset({"C1", "C2"}))

    @property
    def goods_cents(self) -> int:
        """Line 4, positive for a cost."""
        return -self._allowed(GOODS_LINES)

    @property
    def gross_income_cents(self) -> int:
        """Line 7."""
        return self.net_receipts_cents - self.goods_cents + self._allowed(frozenset({"C6"}))

    @property
    def expenses_cents(self) -> int:
        """Line 28, positive for a cost; without the home (line 30)."""
        return -self._allowed(_COSTS)

    @property
    def home_cents(self) -> int:
        """Line 30, positive for a cost."""
        return -self._allowed(frozenset({HOME_LINE}))

    @property
    def net_profit_cents(self) -> int:
        """Line 31."""
        return self.gross_income_cents - self.expenses_cents - self.home_cents


def printed_line(code: str, year: int) -> str:
    """Return the number the form of that tax year prints for a Schedule C code: C9P -> 9, C36 -> 36, C27 -> 27b."""
    parent = line_on_form(code)
    number = (code if parent == "C4" else parent).removeprefix("C")
    for first, printed in PRINTED_SINCE.get(code, ()):
        if year >= first:
            number = printed
    return number


def line_sums(rows: Iterable[LineRow]) -> dict[str, LineSum]:
    """Return the sums of the business part by line code, booked rows only."""
    sums: dict[str, LineSum] = {}
    for row in rows:
        code = settled_line(row)
        if code == NO_LINE:
            continue
        found = sums.get(code)
        if found is None:
            found = sums[code] = LineSum()
        found.cents += row.business_cents
        found.count += 1
    return sums


def schedule_c(year: int, sums: Mapping[str, LineSum], worked: Mapping[str, int] | None = None) -> ScheduleC:
    """Return the form's lines in its order from sums by line code; codes outside Schedule C are left out.

    `worked` has what worksheets allow of lines, signed as in the books; such a line needs no rows. A cost line on which
    more came back than was spent is nothing, and what is over stands on line 6: the form has no negative costs, and the
    year of the purchase stays as filed (tax-rules 1.10).
    """
    worked = _without_negative_costs(sums, worked or {})
    none = LineSum()
    lines = tuple(
        LineTotal(
            code=code,
            printed=printed_line(code, year),
            label=label,
            cents=sums.get(code, none).cents,
            count=sums.get(code, none).count,
            limit=LIMITS.get(code, WHOLE),
            worked_cents=worked.get(code),
        )
        for code, label in LINES.items()
        if code in PROFIT_LINES and (code in sums or code in worked)
    )
    return ScheduleC(year=year, lines=lines)


def _without_negative_costs(sums: Mapping[str, LineSum], worked: Mapping[str, int]) -> Mapping[str, int]:
    """Return what worksheets allow, with what came back beyond the costs of a line on line 6."""
    over = {
        code: cents
        for code, total in sums.items()
        if code in _COSTS and code not in worked and (cents := percent_of(total.cents, LIMITS.get(code, WHOLE))) > 0
    }
    if not over:
        return worked
    held = sums.get(OTHER_INCOME)
    own = worked.get(OTHER_INCOME, held.cents if held else 0)
    return {**worked, **dict.fromkeys(over, 0), OTHER_INCOME: own + sum(over.values())}

"""What is booked on the lines of Schedule C, business by business: where forms, reports and estimates all begin."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.core.dates import Day, year_days

if TYPE_CHECKING:
    from app.core.report.schedule_c import LineSum
    from app.services.books.open_books import Books


def booked_sums(books: Books, year: int, as_of: Day) -> dict[int, dict[str, LineSum]]:
    """Return the booked Schedule C sums of each business up to a day."""
    from app.core.report.schedule_c import LineSum  # noqa: PLC0415 - the month report, which loads this, needs no form

    found: dict[int, dict[str, LineSum]] = {business.id: {} for business in books.settings.businesses()}
    for row in books.lines.sums(year_days(year)[0], as_of):
        found.setdefault(row.business_id, {})[row.line] = LineSum(row.cents, row.rows)
    return found

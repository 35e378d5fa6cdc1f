"""The tax by brackets, with long-term gains and qualified dividends at their own rates.

The formula is used at every income, unless a household asks for the printed table: below $100,000 that takes the tax
of the middle of a band, in whole dollars, and differs by a few dollars.
"""

from __future__ import annotations

from typing import NamedTuple

from app.core.books.vocabulary import FilingStatus
from app.core.money import share, whole_dollars
from app.core.tax.figures import Brackets, Parameters
from app.core.tax.model import Household
from app.core.tax.trace import Sheet

RETURN = "Form 1040"
GAINS = "Qualified Dividends and Capital Gain Worksheet"


class GainsSplit(NamedTuple):
    """Gain by its rate: how much lies in the zero, the middle and the top band. Cents."""

    zero: int
    middle: int
    top: int


def bracket_tax(
    sheet: Sheet, brackets: Brackets, status: FilingStatus, income: int, form: str = RETURN, line: str = "16"
) -> int:
    """Return the tax on ordinary income. Units: cents."""
    below = floor = 0
    rate = brackets.rates[-1]
    for up_to, band_rate in zip(brackets.up_to_cents[status], brackets.rates, strict=False):
        if income <= up_to:
            rate = band_rate
            break
        below += share(up_to - floor, band_rate)
        floor = up_to
    return sheet.add(
        form, line, "Tax on ordinary income", below + share(income - floor, rate),
        f"tax_below_band + (income - band_floor) * {rate}", "brackets.rates brackets.up_to_cents",
        tax_below_band=below, income=income, band_floor=floor,
    )  # fmt: skip


def _table_tax(sheet: Sheet, figures: Parameters, status: FilingStatus, income: int, form: str, line: str) -> int:
    """Return the tax as the printed table has it, in cents."""
    tables = figures.tables
    middle = 0
    for start, width in zip(tables.bands_from_cents, tables.bands_width_cents, strict=True):
        if income >= start:
            middle = start + (income - start) // width * width + width // 2
    at_middle = bracket_tax(sheet, figures.brackets, status, middle, form, line)
    return sheet.add(
        form, line, "Tax by the table", whole_dollars(at_middle) * 100, "floor(tax_at_middle / 100 + 1 / 2) * 100",
        "tables.bands_from_cents tables.bands_width_cents", tax_at_middle=at_middle, income=income, middle=middle,
    )  # fmt: skip


def split_gains(brackets: Brackets, status: FilingStatus, ordinary: int, gains: int) -> GainsSplit:
    """Return the bands of the gains. Ordinary income fills the bands first. Units: cents."""
    low, high = brackets.up_to_cents[status]
    zero = min(gains, max(0, low - ordinary))
    middle = min(gains - zero, max(0, high - max(ordinary, low)))
    return GainsSplit(zero, middle, gains - zero - middle)


def regular_tax(sheet: Sheet, figures: Parameters, household: Household, taxable: int, preferred: int) -> int:
    """Return the income tax before credits and AMT; `preferred` is net capital gain and qualified dividends. Cents."""
    status = household.filing_status

    def ordinary(income: int, form: str = RETURN, line: str = "16") -> int:
        if household.tables and income < figures.tables.below_cents:
            return _table_tax(sheet, figures, status, income, form, line)
        return bracket_tax(sheet, figures.brackets, status, income, form, line)

    gains = min(taxable, preferred)
    if gains <= 0:
        return ordinary(taxable)
    on_ordinary = ordinary(taxable - gains, GAINS, "22")
    on_all = ordinary(taxable, GAINS, "24")
    bands = split_gains(figures.gains, status, taxable - gains, gains)
    _, middle_rate, top_rate = figures.gains.rates
    sheet.add(
        GAINS, "9", "Gains taxed at 0%", bands.zero, "gains - middle - top", "gains.up_to_cents",
        gains=gains, middle=bands.middle, top=bands.top,
    )  # fmt: skip
    on_middle = sheet.add(
        GAINS, "18", "Tax on gains in the middle band", share(bands.middle, middle_rate),
        f"middle * {middle_rate}", "gains.rates gains.up_to_cents", middle=bands.middle,
    )  # fmt: skip
    on_top = sheet.add(
        GAINS, "21", "Tax on gains in the top band", share(bands.top, top_rate),
        f"top * {top_rate}", "gains.rates gains.up_to_cents", top=bands.top,
    )  # fmt: skip
    return sheet.add(
        RETURN, "16", "Tax", min(on_all, on_ordinary + on_middle + on_top),
        "min(on_all, on_ordinary + on_middle + on_top)", "",
        on_all=on_all, on_ordinary=on_ordinary, on_middle=on_middle, on_top=on_top,
    )  # fmt: skip

"""One row of a scenario table: a household in dollars, and its answer in the same columns everywhere."""

from __future__ import annotations

from collections.abc import Mapping

from app.core.books.vocabulary import FilingStatus
from app.core.errors import Refused
from app.core.money import LARGEST_CENTS, dollars
from app.core.tax.model import Business, Household, Owner, Person, Result

FEDERAL_COLUMNS = (
    "se_tax", "addl_medicare_tax", "half_se_deduction", "agi", "standard_deduction", "senior_deduction",
    "qbi_deduction", "taxable_income", "income_tax_before_credits", "amt", "nonrefundable_credits", "eitc",
    "refundable_ctc", "refundable_credits", "niit", "income_tax", "total_federal",
)  # fmt: skip
STATE_COLUMNS = (
    "state_income_tax_before_refundable_credits", "state_refundable_credits", "state_income_tax", "local_income_tax",
)  # fmt: skip
OUTPUT_COLUMNS = (
    *FEDERAL_COLUMNS, "itemizes", *STATE_COLUMNS, "state_fidelity", "state_error_p90", "marginal_rate_next_dollar",
    "parameters_version",
)  # fmt: skip
ERROR_COLUMN = "error"

LARGEST_AGE = 130
MOST_CHILDREN = 30


def household_of(row: Mapping[str, str]) -> Household:
    """Return the household of a row. Raises: Refused that names the column."""
    read = _Row(row)
    status = read.status()
    joint = status is FilingStatus.MFJ
    sstb = read.flag("sstb")
    businesses = [
        Business(
            net_profit_cents=read.signed("se_net_primary"), sstb=sstb,
            w2_wages_cents=read.cents("business_w2_wages"), ubia_cents=read.cents("business_ubia"),
        )
    ]  # fmt: skip
    spouse_profit, spouse_wages = read.signed("se_net_spouse"), read.cents("wages_spouse")
    if joint:
        businesses.append(Business(net_profit_cents=spouse_profit, owner=Owner.SPOUSE, sstb=sstb))
    elif spouse_profit or spouse_wages:
        column = "se_net_spouse" if spouse_profit else "wages_spouse"
        raise Refused(f"{column} is only for filing_status mfj: every other return is one person's.", "Leave it empty.")
    qualified, dividends = read.cents("qualified_dividends"), read.cents("ordinary_dividends")
    if qualified > dividends:
        raise Refused("qualified_dividends are more than ordinary_dividends, which include them.", "Correct one.")
    return Household(
        year=read.year(),
        filing_status=status,
        primary=Person(
            age=read.count("age_primary", LARGEST_AGE) or None,
            wages_cents=read.cents("wages_primary"),
            health_insurance_cents=read.cents("se_health_insurance"),
            retirement_cents=read.cents("sep_contribution"),
        ),
        spouse=Person(age=read.count("age_spouse", LARGEST_AGE) or None, wages_cents=spouse_wages) if joint else None,
        children_ages=(read.count("child_age", LARGEST_AGE),) * read.count("n_children", MOST_CHILDREN),
        businesses=tuple(businesses),
        interest_cents=read.cents("taxable_interest"),
        dividends_cents=dividends,
        qualified_dividends_cents=qualified,
        short_term_gains_cents=read.signed("st_capital_gains"),
        long_term_gains_cents=read.signed("lt_capital_gains"),
        social_security_cents=read.cents("social_security_benefits"),
        # The tables this one is compared with take separate filers as meeting the separated-spouse rule.
        lived_apart=True,
        apart_by_assumption=True,
    )


def columns_of(result: Result) -> dict[str, str]:
    """Return the amounts of an answer in dollars; the state's are 0 when it was not asked for."""
    names = (*FEDERAL_COLUMNS, *STATE_COLUMNS)
    found = {name: dollars(result.components.get(name, 0)) for name in names}
    found["itemizes"] = str(result.components.get("itemizes", 0))
    found["parameters_version"] = result.parameters_version
    return found


class _Row:
    """Reads a row column by column; an empty cell is 0."""

    def __init__(self, row: Mapping[str, str]) -> None:
        self._row = row

    def _text(self, column: str) -> str:
        return (self._row.get(column) or "").strip()

    def year(self) -> int:
        text = self._text("year")
        if not (text.isascii() and text.isdigit() and len(text) == 4):
            raise Refused(f"year cannot be “{text}”.", "Use a tax year with four digits.")
        return int(text)

    def status(self) -> FilingStatus:
        text = self._text("filing_status").lower()
        if text not in tuple(FilingStatus):
            raise Refused(f"filing_status cannot be “{text}”.", f"Choose one of: {', '.join(FilingStatus)}.")
        return FilingStatus(text)

    def flag(self, column: str) -> bool:
        text = self._text(column) or "0"
        if text not in {"0", "1"}:
            raise Refused(f"{column} cannot be “{text}”.", "Use 0 or 1.")
        return text == "1"

    def count(self, column: str, most: int) -> int:
        text = self._text(column) or "0"
        if not (text.isascii() and text.isdigit() and len(text) < 4 and int(text) <= most):
            raise Refused(f"{column} cannot be “{text}”.", f"Use a whole number up to {most}.")
        return int(text)

    def cents(self, column: str) -> int:
        amount = self.signed(column)
        if amount < 0:
            raise Refused(f"{column} cannot be negative.", "Use an amount of dollars of 0 or more.")
        return amount

    def signed(self, column: str) -> int:
        text = self._text(column)
        if not text:
            return 0
        sign, digits = (-1, text[1:]) if text[0] == "-" else (1, text)
        whole, _, rest = digits.partition(".")
        if not (whole + rest).isascii() or not (whole + rest).isdigit() or len(whole) > 15:
            raise Refused(f"{column} cannot be “{text}”.", "Use dollars like 1234.50.")
        # Digits behind the cent are rounded half away from zero, as everywhere.
        cents = int(whole or "0") * 100 + int((rest + "00")[:2]) + (len(rest) > 2 and rest[2] >= "5")
        if cents > LARGEST_CENTS:
            raise Refused(f"{column} is larger than any amount the tax is worked out for.", "Check the amount.")
        return sign * cents

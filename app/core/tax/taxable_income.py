"""From adjusted gross income to taxable income: the deductions, and whether itemizing takes off more."""

from __future__ import annotations

from typing import NamedTuple

from app.core.tax.adjusted_income import AdjustedIncome, OwnDeductions
from app.core.tax.business_share import BusinessShare, business_shares, tips_deduction
from app.core.tax.deduction import senior_deduction, standard_deduction
from app.core.tax.figures import Parameters
from app.core.tax.itemized import gifts_beside_standard, schedule_a, value_cap
from app.core.tax.model import Household, Owner, ScheduleA
from app.core.tax.qbi import QbiDeduction, qbi_deduction
from app.core.tax.trace import Sheet

RETURN = "Form 1040"


class TaxableIncome(NamedTuple):
    """Cents. `standard` stands beside `schedule_a` whichever was taken; `below_zero` is what no income was left for."""

    standard: int
    senior: int
    tips: int
    gifts: int
    schedule_a: ScheduleA | None
    itemizes: bool
    qbi: QbiDeduction
    taxable: int
    below_zero: int

    @property
    def deducted(self) -> int:
        """The standard deduction with the gifts beside it, or what is itemized."""
        return self.standard + self.gifts if not self.itemizes or self.schedule_a is None else self.schedule_a.total

    @property
    def taxes_deducted(self) -> int:
        """State and local taxes among the itemized deductions."""
        return self.schedule_a.taxes if self.itemizes and self.schedule_a is not None else 0

    @property
    def kept_for_minimum_tax(self) -> int:
        """The deductions that count for the alternative minimum tax too."""
        if not self.itemizes or self.schedule_a is None:
            return self.tips + self.gifts
        return self.tips + self.schedule_a.before_reduction - self.schedule_a.taxes


class _Case(NamedTuple):
    """What the choice between the two deductions works with. Cents."""

    household: Household
    shares: list[BusinessShare]
    income: int
    """After the deductions that do not depend on the choice."""
    preferred: int


def taxable_income(
    sheet: Sheet, figures: Parameters, household: Household, own: dict[Owner, OwnDeductions], income: AdjustedIncome,
    preferred: int,
) -> TaxableIncome:  # fmt: skip
    """Return taxable income with every deduction. Units: cents; `preferred` is what has the rates of gains."""
    standard = standard_deduction(sheet, figures.deduction, household)
    senior = senior_deduction(sheet, figures.deduction, household, income.adjusted)
    tips, shares = tips_deduction(sheet, figures.tips, household, business_shares(household, own), income.adjusted)
    case = _Case(household, shares, income.adjusted - senior - tips, preferred)
    gifts = gifts_beside_standard(sheet, figures.itemizing, household)
    listed = schedule_a(sheet, figures.itemizing, household, income.adjusted)
    itemizes = listed is not None and _itemizes(figures, case, listed, standard + gifts)
    if listed is None or not itemizes:
        deducted = standard + gifts
        qbi = _qbi(sheet, figures, case, deducted)
    else:
        qbi = _qbi(sheet, figures, case, listed.before_reduction)
        listed = _capped(sheet, figures, case, listed, qbi)
        gifts, deducted = 0, listed.total
    if listed is not None:
        sheet.add(
            RETURN, "12", "Itemized or standard deduction, the larger", deducted, "max(itemized, standard + gifts)", "",
            itemized=listed.total, standard=standard, gifts=gifts,
        )  # fmt: skip
    rest = case.income - deducted
    taxable = sheet.add(
        RETURN, "15", "Taxable income", max(0, max(0, rest) - qbi.deduction),
        "max(0, max(0, adjusted_income - deduction - senior - tips) - qbi)", "",
        adjusted_income=income.adjusted, deduction=deducted, senior=senior, tips=tips, qbi=qbi.deduction,
    )  # fmt: skip
    return TaxableIncome(standard, senior, tips, gifts, listed, itemizes, qbi, taxable, below_zero=max(0, -rest))


def _itemizes(figures: Parameters, case: _Case, listed: ScheduleA, otherwise: int) -> bool:
    """Return whether Schedule A takes off more; in the top bracket its cap depends on the choice itself."""
    if listed.before_reduction <= otherwise:
        return False
    sheet = Sheet({}, explain=False)
    qbi = _qbi(sheet, figures, case, listed.before_reduction)
    return _capped(sheet, figures, case, listed, qbi).total > otherwise


def _qbi(sheet: Sheet, figures: Parameters, case: _Case, deducted: int) -> QbiDeduction:
    before = max(0, case.income - deducted)
    return qbi_deduction(
        sheet, figures.qbi, case.household, case.shares, taxable_before=before, preferred=case.preferred
    )


def _capped(sheet: Sheet, figures: Parameters, case: _Case, listed: ScheduleA, qbi: QbiDeduction) -> ScheduleA:
    return value_cap(
        sheet, figures.itemizing, figures.brackets, case.household.filing_status, listed, case.income - qbi.deduction
    )

"""Schedule SE: Social Security and Medicare tax on the profit of one person."""

from __future__ import annotations

from typing import NamedTuple

from app.core.money import share
from app.core.tax.figures import SelfEmployment
from app.core.tax.trace import Sheet

FORM = "Schedule SE"


class SelfEmploymentTax(NamedTuple):
    """Cents. `net_earnings` is 0 below the floor."""

    net_earnings: int
    social_security: int
    tax: int
    deductible_half: int


NO_TAX = SelfEmploymentTax(0, 0, 0, 0)


def schedule_se(
    sheet: Sheet, figures: SelfEmployment, net_profit: int, wages: int, whose: str = ""
) -> SelfEmploymentTax:
    """Return the self-employment tax on one person's netted profit; own wages use up the Social Security base first.

    Units: cents. `whose` is added to the labels of a spouse's lines.
    """
    if net_profit <= 0:
        return NO_TAX
    earnings = sheet.add(
        FORM, "4a", f"Net earnings{whose}", share(net_profit, figures.net_earnings_factor),
        f"net_profit * {figures.net_earnings_factor}", "self_employment.net_earnings_factor", net_profit=net_profit,
    )  # fmt: skip
    counted = sheet.add(
        FORM, "4c", f"Net earnings that count{whose}", earnings if earnings >= figures.floor_cents else 0,
        "net_earnings if net_earnings >= floor else 0", "self_employment.floor_cents",
        net_earnings=earnings, floor=figures.floor_cents,
    )  # fmt: skip
    if not counted:
        return NO_TAX
    room = sheet.add(
        FORM, "9", f"Social Security base left after wages{whose}", max(0, figures.wage_base_cents - wages),
        "max(0, wage_base - wages)", "self_employment.wage_base_cents",
        wage_base=figures.wage_base_cents, wages=wages,
    )  # fmt: skip
    social_security = sheet.add(
        FORM, "10", f"Social Security part{whose}", share(min(counted, room), figures.social_security_rate),
        f"min(net_earnings, room) * {figures.social_security_rate}", "self_employment.social_security_rate",
        net_earnings=counted, room=room,
    )  # fmt: skip
    medicare = sheet.add(
        FORM, "11", f"Medicare part{whose}", share(counted, figures.medicare_rate),
        f"net_earnings * {figures.medicare_rate}", "self_employment.medicare_rate", net_earnings=counted,
    )  # fmt: skip
    tax = sheet.add(
        FORM, "12", f"Self-employment tax{whose}", social_security + medicare,
        "social_security + medicare", "", social_security=social_security, medicare=medicare,
    )  # fmt: skip
    half = sheet.add(
        FORM, "13", f"Deductible half{whose}", share(tax, figures.deductible_share),
        f"tax * {figures.deductible_share}", "self_employment.deductible_share", tax=tax,
    )  # fmt: skip
    return SelfEmploymentTax(counted, social_security, tax, half)

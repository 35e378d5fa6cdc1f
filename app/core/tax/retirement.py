"""Own retirement plans of the self-employed, and traditional IRAs. All amounts in cents."""

from __future__ import annotations

from app.core.books.vocabulary import FilingStatus
from app.core.money import portion, share
from app.core.tax.figures import Retirement
from app.core.tax.model import Household, Owner, Person
from app.core.tax.trace import Sheet

FORM = "Schedule 1"
WORKSHEET = "Own plan worksheet"


def own_plan(sheet: Sheet, figures: Retirement, person: Person, net_profit: int, half: int, whose: str = "") -> int:
    """Return what one person may deduct for a SEP or solo 401(k).

    The order is that of the deduction worksheet for the self-employed: the employer's part beside the deferral, the
    deferral within what is left of the profit, the catch-up on top. Source: IRC 401(c)(2), 402(g), 404(a)(8), 414(v),
    415(c).
    """
    if not person.retirement_cents and not person.deferral_cents:
        return 0
    room = max(0, net_profit - half)
    regular = min(person.deferral_cents, figures.deferral_limit_cents, room)
    part = share(room, figures.employer_rate)
    most = min(figures.limit_cents - regular, (room - regular) // 2) if regular else figures.limit_cents
    employer = sheet.add(
        WORKSHEET, "", f"Employer part{whose}", min(person.retirement_cents, part, most),
        f"min(paid, max(0, net_profit - half) * {figures.employer_rate}, most)",
        "retirement.employer_rate retirement.limit_cents",
        paid=person.retirement_cents, net_profit=net_profit, half=half, most=most,
    )  # fmt: skip
    deferral = _deferral(sheet, figures, person, room - employer, whose) if person.deferral_cents else 0
    return sheet.add(
        FORM, "16", f"Own retirement plan{whose}", employer + deferral, "employer + deferral", "",
        employer=employer, deferral=deferral,
    )  # fmt: skip


def _deferral(sheet: Sheet, figures: Retirement, person: Person, left: int, whose: str) -> int:
    limit, extra = figures.deferral_limit_cents, catch_up(figures, person.age)
    return sheet.add(
        WORKSHEET, "", f"Employee part{whose}", min(person.deferral_cents, limit + extra, left),
        "min(paid, limit + catch_up, left_of_profit)", "retirement.deferral_limit_cents retirement.catch_up_cents",
        paid=person.deferral_cents, limit=limit, catch_up=extra, left_of_profit=left,
    )  # fmt: skip


def catch_up(figures: Retirement, age: int | None) -> int:
    """Return what a person of this age may defer beyond the limit."""
    if age is None or age < figures.catch_up_from_age:
        return 0
    older = figures.older_from_age <= age < figures.older_under_age
    return figures.older_catch_up_cents if older else figures.catch_up_cents


def ira_deduction(
    sheet: Sheet, figures: Retirement, household: Household, earned: dict[Owner, int], covered: dict[Owner, bool],
    adjusted: int,
) -> int:  # fmt: skip
    """Return what the household may deduct for traditional IRAs.

    `earned` is pay and profit after own plans by person, `covered` who takes part in a plan, `adjusted` the adjusted
    gross income without this deduction. Source: IRC 219(b), (c), (g).
    """
    # On a joint return one spouse's pay may carry the other's contribution.
    left = sum(max(0, pay) for pay in earned.values())
    total = 0
    for owner, person in household.persons:
        if not person.ira_cents:
            continue
        whose = " (spouse)" if owner is Owner.SPOUSE else ""
        old = person.age is not None and person.age >= figures.catch_up_from_age
        limit = figures.ira_limit_cents + (figures.ira_catch_up_cents if old else 0)
        limit = min(limit, _phased(sheet, figures, household, limit, covered, owner, adjusted))
        allowed = sheet.add(
            FORM, "20", f"IRA deduction{whose}", min(person.ira_cents, limit, left), "min(paid, limit, earned_left)",
            "retirement.ira_limit_cents", paid=person.ira_cents, limit=limit, earned_left=left,
        )  # fmt: skip
        left -= allowed
        total += allowed
    return total


def _phased(
    sheet: Sheet, figures: Retirement, household: Household, limit: int, covered: dict[Owner, bool], owner: Owner,
    adjusted: int,
) -> int:  # fmt: skip
    """Return the limit after the phase-out for people with a plan at work or of their own."""
    status = household.filing_status
    if status is FilingStatus.MFS and household.lived_apart:
        status = FilingStatus.SINGLE
    if covered[owner]:
        start, width = figures.ira_phase_out_from_cents[status], figures.ira_phase_range_cents[status]
    elif any(covered.values()):
        start, width = figures.ira_spouse_phase_out_from_cents, figures.ira_spouse_phase_range_cents
    else:
        return limit
    over = max(0, adjusted - start)
    if not over:
        return limit
    step = figures.ira_step_cents
    # The reduction is rounded down to ten dollars, and nobody on the way is left with less than 200.
    left = max(figures.ira_least_cents, limit - portion(limit, over, width) // step * step) if over < width else 0
    return sheet.add(
        FORM, "20", "IRA limit after the phase-out", left,
        "max(least, limit - floor(limit * over / width / step) * step) if over < width else 0",
        "retirement.ira_phase_out_from_cents retirement.ira_phase_range_cents",
        least=figures.ira_least_cents, limit=limit, over=over, width=width, step=step,
    )  # fmt: skip

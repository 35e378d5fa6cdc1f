"""What-if: the year of the books with something changed, beside the year as it is expected. The books are only read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from app.core.dates import Day, year_days
from app.core.errors import Refused
from app.core.tax import profile, what_if
from app.core.tax.by_profit import with_profit
from app.core.tax.cautions import CreditEnd
from app.core.tax.model import Household, Result
from app.core.tax.profile_keys import PROFILE_KEYS, KeyType, cents_of, normalized
from app.core.tax.what_if import LineChange, Point
from app.services.books.open_books import Books
from app.services.report import schedule_forms
from app.services.tax import equipment, tax_cautions, tax_rules, taxes
from app.services.tax.tax_rules import TaxRules

PROFIT, DELAY, EQUIPMENT, WRITTEN_OFF = "profit", "delay", "equipment", "equipment_method"
EXTRA_KEYS = {
    PROFIT: "profit of the year before taxes, or more or less of it (+5000)",
    DELAY: "income that comes in January instead",
    EQUIPMENT: "equipment bought and used from the middle of the year",
    WRITTEN_OFF: "how it is written off: bonus (unless told otherwise), section_179 or years",
}
"""What can be asked beside the keys of the profile."""

NOT_ASKED = frozenset({"time_zone", "entity", "profession", "reserve_mode", "setup_answered"})
"""Keys of the profile that change no tax."""

_ANY_AMOUNT = "wages"
"""A key that takes any amount of zero and more."""
_MONEY = frozenset({KeyType.MONEY, KeyType.SIGNED_MONEY})


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Both returns and what differs."""

    year: int
    patch: Mapping[str, str]
    before: Result
    after: Result
    changes: tuple[LineChange, ...]
    assumptions: tuple[str, ...]
    credit_end: tuple[CreditEnd, CreditEnd] | None = None
    """With Marketplace insurance: how far its credit's end is, as expected and changed."""

    @property
    def difference_cents(self) -> int:
        return total(self.after) - total(self.before)


@dataclass(frozen=True, slots=True)
class Expected:
    """The year as the books let expect it: what every question starts from."""

    year: int
    values: Mapping[str, str]
    businesses: tuple[tuple[str, int, bool], ...]
    """Owner, profit and specified service: those on the return with what is expected, others with what is booked."""
    profit: int
    """What is expected of the businesses on the return."""
    state_difference: int
    """What the state already counts otherwise of the equipment in the books."""

    def household(self, patch: Mapping[str, str]) -> tuple[Household, TaxRules, tuple[str, ...]]:
        """Return the household with a patch laid over it. Raises: Refused that names the key."""
        values = self.profile_with(patch)
        household, notes = profile.household_from_profile(values, self.businesses, self.year)
        if values.get("state") == self.values.get("state"):
            household = replace(household, state_profit_difference_cents=self.state_difference)
        amount = household.net_profit_cents
        if PROFIT in patch:
            amount = _changed(PROFIT, patch[PROFIT], amount)
        if DELAY in patch:
            amount -= _dollars(DELAY, patch[DELAY])
        if EQUIPMENT in patch or WRITTEN_OFF in patch:
            bought = equipment.bought(
                self.year, _dollars(EQUIPMENT, patch.get(EQUIPMENT) or "0"), patch.get(WRITTEN_OFF) or equipment.BONUS,
                values.get("state") or "",
            )  # fmt: skip
            amount -= bought.deducted
            household = replace(
                household,
                state_profit_difference_cents=household.state_profit_difference_cents + bought.state_difference,
            )
            notes = (*notes, *bought.notes)
        if household.businesses:
            household = with_profit(household, amount)
        return household, tax_rules.rules_of(values, self.year), notes

    def profile_with(self, patch: Mapping[str, str]) -> Mapping[str, str]:
        """Return the profile with a patch laid over it. Raises: Refused that names the key."""
        return {**self.values, **self._profile_part(patch)}

    def _profile_part(self, patch: Mapping[str, str]) -> dict[str, str]:
        found = {}
        for key, text in patch.items():
            if key in EXTRA_KEYS:
                continue
            if key not in PROFILE_KEYS or key in NOT_ASKED:
                askable = [*EXTRA_KEYS, *(name for name in PROFILE_KEYS if name not in NOT_ASKED)]
                raise Refused(
                    f"What if {key!r}? is not a question this program knows.", "Ask with: " + ", ".join(askable)
                )
            found[key] = self._value(key, text.strip())
        if "state" in found and "locality" not in found:
            found["locality"] = ""
        return found

    def _value(self, key: str, text: str) -> str:
        if PROFILE_KEYS[key].type in _MONEY and text[:1] in {"+", "-"}:
            now = cents_of(key, self.values.get(key) or "0")
            amount = _changed(key, text, now)
            if amount < 0 and PROFILE_KEYS[key].type is KeyType.MONEY:
                raise Refused(f"{key} would fall below zero.", "Take off less.")
            sign = "-" if amount < 0 else ""
            return f"{sign}{abs(amount) // 100}.{abs(amount) % 100:02d}"
        return normalized(key, text)


def expected(books: Books, year: int | None = None, as_of: Day | None = None) -> Expected:
    """Return the year as it is expected. Raises: Refused."""
    wanted, day = taxes.as_of_day(books, year, as_of)
    values, _ = books.settings.profile(wanted)
    taxes.for_schedule_c(values)
    found = taxes.projected(books, wanted, day)
    state = values.get("state") or ""
    difference = schedule_forms.state_difference(books, wanted, year_days(wanted)[1], state)[0] if state else 0
    profit = found.projection.profit
    return Expected(wanted, values, _with_expected(values, found.businesses, profit, wanted), profit, difference)


def _with_expected(
    values: Mapping[str, str], businesses: tuple[tuple[str, int, bool], ...], profit: int, year: int
) -> tuple[tuple[str, int, bool], ...]:
    """Return the businesses with the expected profit shared over those on the return.

    So a change of the filing status takes a spouse's business in or out with its own profit.
    """
    household, _ = profile.household_from_profile(values, businesses, year)
    if not household.businesses:
        return businesses
    parts = iter(with_profit(household, profit).businesses)
    owners = {business.owner for business in household.businesses}
    return tuple(
        (owner, next(parts).net_profit_cents if owner in owners else booked, sstb) for owner, booked, sstb in businesses
    )


def ask(year: Expected, patch: Mapping[str, str]) -> Answer:
    """Return both returns and every line that differs. Raises: Refused."""
    household, rules, _ = year.household({})
    other, other_rules, notes = year.household(patch)
    before, after = rules.evaluate(household), other_rules.evaluate(other)
    other_values = year.profile_with(patch)
    # Asked whether the insurance would be there, the expected year is measured against the same line.
    has = {"marketplace_insurance": other_values.get("marketplace_insurance") or ""}
    end = tax_cautions.credit_end({**year.values, **has}, household, before)
    changed = tax_cautions.credit_end(other_values, other, after)
    return Answer(
        year=year.year, patch=dict(patch), before=before, after=after,
        changes=what_if.changes(before.lines, after.lines),
        assumptions=tuple(dict.fromkeys((
            *tax_cautions.said(other_values, other_rules, other, after), *notes, *other_rules.notes,
            *after.assumptions,
        ))),
        credit_end=None if end is None or changed is None else (end, changed),
    )  # fmt: skip


def curve(
    year: Expected, key: str, low: int, high: int, patch: Mapping[str, str] | None = None, points: int = what_if.POINTS
) -> tuple[Point, ...]:
    """Return the taxes over one amount from low to high, in cents. Raises: Refused."""
    if high <= low:
        raise Refused("A curve needs a lower end and a higher end.", "Give --from 0 --to 50000.")
    return what_if.sweep(_tax_of(year, key, patch or {}), low, high, points)


def solve(
    year: Expected, key: str, target: int, low: int, high: int, patch: Mapping[str, str] | None = None
) -> int | None:
    """Return the amount of one key at which all taxes reach a target; None where they do not. Raises: Refused."""
    return what_if.break_even(_tax_of(year, key, patch or {}), target, low, high)


def _tax_of(year: Expected, key: str, patch: Mapping[str, str]) -> Callable[[int], int]:
    if key == PROFIT:
        household, rules, _ = year.household(patch)
        if not household.businesses:
            raise Refused("There is no business whose profit could change.", "Add one with `business add`.")
        by_profit = rules.by_profit(household)
        return lambda cents: by_profit(cents).total
    if key not in {DELAY, EQUIPMENT} and (key not in PROFILE_KEYS or PROFILE_KEYS[key].type not in _MONEY):
        raise Refused(f"{key} is not an amount.", "Use an amount such as profit, wages or retirement.")

    def tax(cents: int) -> int:
        sign = "-" if cents < 0 else ""
        household, rules, _ = year.household({**patch, key: f"{sign}{abs(cents) // 100}.{abs(cents) % 100:02d}"})
        return total(rules.evaluate(household, explain=False))

    return tax


def total(result: Result) -> int:
    """Return all taxes of a return, in cents."""
    return result.totals["total_federal_cents"] + result.totals["state_tax_cents"] + result.totals["local_tax_cents"]


def _changed(key: str, text: str, now: int) -> int:
    """Return an amount that was set (5000), or changed by some (+5000, -5000)."""
    text = text.strip()
    if text[:1] in {"+", "-"}:
        amount = _dollars(key, text[1:])
        return now + (amount if text[0] == "+" else -amount)
    return _dollars(key, text)


def _dollars(key: str, text: str) -> int:
    try:
        return cents_of(_ANY_AMOUNT, text)
    except Refused as error:
        raise Refused(
            f"{key} takes an amount of dollars, not “{text}”.", "Use dollars like 5000, +5000 or -5000."
        ) from error

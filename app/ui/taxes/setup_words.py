"""The words of the tax set-up that depend on what is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.core.books import naming
from app.core.dates import Day
from app.services.ledger import account_page
from app.services.tax.tax_setup import CARDS, CARRIED, HOME, PAID, START, VEHICLE, Setup
from app.ui.taxes.setup_cards import SPECS
from app.ui.taxes.view_model import day_text
from app.ui.widgets.amount import amount_text

if TYPE_CHECKING:
    from app.core.errors import UserError
    from app.services.tax.tax_facts import Thing
    from app.services.tax.tax_setup import Effect, Reach

Dates = tuple[tuple[Day, int], ...]

NOTHING = {
    1: "Leave it open", 2: "I have none", 3: "No such pay", 4: "None of it", 5: "None of it", 6: "No business driving",
    7: "No home office", 8: "That is all", 9: "That is all", 10: "Nothing carried over",
}  # fmt: skip
"""What saving a question says when nothing is entered."""


def numbered(number: int) -> str:
    return f"{number}  {SPECS[number].title}"


def progress(setup: Setup) -> str:
    return f"{len(setup.answered)} of {len(CARDS)} answered"


def known(setup: Setup, number: int) -> str:
    """Say what the books know of a question that its fields do not show."""
    if number == PAID:
        count = naming.counted(setup.payments, "federal payment") if setup.payments else "No federal payment"
        return f"{count} for {setup.year} found in your bank rows or recorded by you."
    if number == START:
        return "\n".join(_reach(each) for each in setup.reach) or "No account has any rows yet."
    things = {VEHICLE: setup.vehicles, HOME: setup.offices, CARRIED: setup.assets}.get(number, ())
    return f"Entered already: {', '.join(_named(each) for each in things)}. Add another below." if things else ""


def _named(thing: Thing) -> str:
    since = thing.values.get("in_service") or thing.values.get("first_day")
    return f"{thing.values['name']} (since {since})" if since else str(thing.values["name"])


def _reach(each: Reach) -> str:
    if each.first is None:
        return f"{each.name}: no rows of this year"
    gone = ", ".join(account_page.month_name(month, like=month) for month in each.missing)
    return f"{each.name}: from {account_page.month_name(each.first)}, {f'missing: {gone}' if gone else 'none missing'}"


def effect(year: int, changed: Effect) -> str:
    """Say what an answer does to all taxes of the year."""
    difference = changed.after - changed.before
    if not difference:
        return f"All taxes of {year} as expected stay {amount_text(changed.after)}."
    way = "more" if difference > 0 else "less"
    return (
        f"All taxes of {year} as expected: {amount_text(changed.before)} → {amount_text(changed.after)}, "
        f"{amount_text(abs(difference))} {way}."
    )


def last_year(federal: Dates, state: Dates) -> str:
    """Say what each date asks for by last year's tax."""
    said = []
    for whose, dates in (("Federal", federal), ("Your state", state)):
        if dates:
            each = ", ".join(f"{amount_text(cents)} by {day_text(day, year=True)}" for day, cents in dates)
            said.append(f"{whose}: {each}, less what is withheld.")
    if said:
        said.append(
            "Paid on time, this meets the rule against the underpayment penalty; you may still owe tax in April."
        )
    return "\n".join(said)


def plain(error: UserError) -> str:
    """Return an error without the words of the command line."""
    hint = error.hint or ""
    hint = "" if "=" in hint or "ops1099" in hint else hint
    return f"{error.message} {hint}".strip()

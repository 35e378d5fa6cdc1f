"""The household and the business: what the tax figures rest on."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from app.core.books.vocabulary import Profession
from app.ui.settings.section import Section
from app.ui.theme import theme
from app.ui.widgets.buttons import DropDown
from app.ui.widgets.card import Card, Row
from app.ui.widgets.fields import LineEdit

if TYPE_CHECKING:
    from app.services.books import Books
    from app.services.unit_of_work import Outcome
    from app.ui.page import Page
    from app.ui.runtime.tasks import Token

FILING = (
    ("", "not set"),
    ("single", "Single"),
    ("mfj", "Married filing jointly"),
    ("mfs", "Married filing separately"),
    ("hoh", "Head of household"),
    ("qss", "Qualifying surviving spouse"),
)
PROFESSIONS = tuple((value, value.replace("_", " ").capitalize()) for value in Profession)
ZONES = (
    "America/New_York", "America/Chicago", "America/Denver", "America/Phoenix", "America/Los_Angeles",
    "America/Anchorage", "Pacific/Honolulu", "UTC",
)  # fmt: skip


class Field(NamedTuple):
    """One key of the profile. `hint` says what it is on a return or payslip."""

    key: str
    name: str
    hint: str


MONEY_CARDS: tuple[tuple[str, str, tuple[Field, ...]], ...] = (
    (
        "Last year’s return", "gives the safe harbour without a forecast",
        (
            Field("prior_year_tax", "Total tax", "Form 1040, line 24"),
            Field("prior_year_agi", "Adjusted gross income", "Form 1040, line 11"),
            Field("applied_overpayment", "Refund applied to this year", "Form 1040, line 36"),
        ),
    ),
    (
        "Pay with withholding", "for the whole year",
        (
            Field("wages", "Your wages", "W-2, box 1"),
            Field("withholding", "Federal tax withheld from you", "W-2, box 2"),
            Field("spouse_wages", "Spouse’s wages", "W-2, box 1"),
            Field("spouse_withholding", "Federal tax withheld from spouse", "W-2, box 2"),
        ),
    ),
    (
        "Other income and deductions", "for the whole year",
        (
            Field("interest", "Interest", "1099-INT"),
            Field("dividends", "Dividends", "1099-DIV, box 1a"),
            Field("qualified_dividends", "of which qualified", "1099-DIV, box 1b"),
            Field("long_term_gains", "Long-term gains", "may be negative"),
            Field("short_term_gains", "Short-term gains", "may be negative"),
            Field("other_income", "Other income", ""),
            Field("health_insurance", "Health insurance you pay yourself", "premiums of the year"),
            Field("retirement", "Retirement plan payments", "SEP, solo 401(k), IRA"),
        ),
    ),
)  # fmt: skip


class ProfileSection(Section):
    def __init__(self, page: Page) -> None:
        super().__init__(page, "Profile and tax", "Used for the estimate only. Every change can be undone.")
        self._edits: dict[str, LineEdit] = {}
        self._drops: dict[str, DropDown] = {}
        self._shown: dict[str, str] = {}
        self._year = 0
        self.business = self._business_card()
        self.cards.addWidget(self.business)
        self.cards.addWidget(self._household_card())
        for title, note, fields in MONEY_CARDS:
            card = Card(title, note)
            for field in fields:
                card.add_row(self._edit_row(field, "$0"))
            self.cards.addWidget(card)
        self.cards.addStretch(1)

    def _business_card(self) -> Card:
        card = Card("Business")
        card.add_row(self._edit_row(Field("business_name", "Name", "as it stands on the pack"), "My business"))
        profession = Field("profession", "What you do", "decides which costs are plausible")
        card.add_row(self._drop_row(profession, PROFESSIONS))
        return card

    def _household_card(self) -> Card:
        from app.core.tax.profile_keys import STATES  # noqa: PLC0415 - only this card lists them

        card = Card("Household")
        card.add_row(self._drop_row(Field("filing_status", "Filing status", ""), FILING))
        states = (("", "not set"), *((code, code) for code in sorted(STATES)))
        card.add_row(self._drop_row(Field("state", "State", ""), states))
        card.add_row(self._edit_row(Field("birth_year", "Birth year", ""), "1985"))
        card.add_row(self._edit_row(Field("spouse_birth_year", "Spouse’s birth year", ""), "1985"))
        card.add_row(self._edit_row(Field("children", "Children’s birth years", "parted by commas"), "2015,2018"))
        zones = (("", "not set"), *((zone, zone.rpartition("/")[2].replace("_", " ")) for zone in ZONES))
        card.add_row(self._drop_row(Field("time_zone", "Time zone", "for the dates of payment services"), zones))
        return card

    def _drop_row(self, field: Field, choices: tuple[tuple[str, str], ...]) -> Row:
        drop = DropDown(list(choices), name=field.name)
        drop.changed.connect(lambda value, key=field.key: self._save(key, str(value)))
        self._drops[field.key] = drop
        row = Row(field.name, field.hint)
        row.add_right(drop)
        return row

    def _edit_row(self, field: Field, example: str) -> Row:
        edit = LineEdit(example, size=32, name=field.name)
        edit.editingFinished.connect(lambda key=field.key, source=edit: self._save(key, source.text().strip()))
        self._edits[field.key] = edit
        row = Row(field.name, field.hint, height=48)
        edit.setFixedWidth(theme.current().dp(200))
        row.add_right(edit)
        return row

    def load(self) -> None:
        self.page.fetch(_loaded, self._show, name="profile")

    def _show(self, found: tuple[int, dict[str, str]]) -> None:
        self._year, self._shown = found
        for key, edit in self._edits.items():
            if not edit.hasFocus():
                edit.setText(self._shown.get(key, ""))
        for key, drop in self._drops.items():
            value = self._shown.get(key, "")
            if value and value not in {known for known, _ in drop.choices()}:
                drop.set_choices([*drop.choices(), (value, value)], value)
            drop.set_value(value)

    def _save(self, key: str, value: str) -> None:
        if value == self._shown.get(key, ""):
            return
        self._shown[key] = value
        year = self._year

        def work(books: Books) -> Outcome:
            from app.services import profile  # noqa: PLC0415

            if key == "business_name":
                first = profile.businesses(books)[0]
                return profile.change_business(books, str(first.id), {"name": value})
            return profile.change(books, year, {key: value})

        self.change(work, "Profile changed.")


def _loaded(books: Books, _token: Token) -> tuple[int, dict[str, str]]:
    from app.services import profile  # noqa: PLC0415

    year = books.clock.today().year
    view = profile.show(books, year)
    return year, {**view.values, "business_name": profile.businesses(books)[0].name}

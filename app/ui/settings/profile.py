"""The household and the business: what the tax figures rest on. A value is saved when its field is left."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from app.core.errors import UserError
from app.ui.settings import profile_fields as fields
from app.ui.settings.businesses import BusinessesCard
from app.ui.settings.field_row import FieldRow
from app.ui.settings.profile_fields import Block, Field
from app.ui.settings.section import Section
from app.ui.settings.switch_row import SwitchRow
from app.ui.widgets.buttons import CheckBox, DropDown
from app.ui.widgets.card import Card, Row
from app.ui.widgets.note import Note

if TYPE_CHECKING:
    from app.services.books import Books
    from app.services.profile import Business, ProfileView
    from app.services.unit_of_work import Outcome
    from app.ui.page import Page
    from app.ui.runtime.tasks import Token


class Loaded(NamedTuple):
    view: ProfileView
    years: list[int]
    businesses: list[Business]


class ProfileSection(Section):
    def __init__(self, page: Page) -> None:
        super().__init__(page, "Profile and tax", "Used for the estimate only. Each change is saved at once.")
        self.rows: dict[str, FieldRow] = {}
        self.drops: dict[str, DropDown] = {}
        self.switches: dict[str, CheckBox] = {}
        self._of_married: list[tuple[str, Row]] = []
        self._values: dict[str, str] = {}
        self._year: int | None = None
        self.year = DropDown([], name="Year", size="small")
        self.year.changed.connect(self._turn_to)
        self.add_action(self.year)
        self.carried = Note("muted", "info")
        self.cards.addWidget(self.carried)
        self.businesses = BusinessesCard(self)
        self.cards.addWidget(self.businesses)
        self.cards.addWidget(self._household())
        for block in fields.MONEY:
            self.cards.addWidget(self._money_card(block))
        self.cards.addStretch(1)

    # --- what is on it

    def _household(self) -> Card:
        from app.services import first_run  # noqa: PLC0415 - pulls in services; loaded when the section is opened

        card = Card("Household")
        unset = ("", "not set")
        card.add_row(self._drop(Field("filing_status", "Filing status"), (unset, *first_run.filing_statuses())))
        card.add_row(self._drop(Field("state", "State", "state tax is not included yet"), (unset, *first_run.states())))
        card.add_row(self._drop(Field("entity", "Kind of business", "as the IRS sees it"), fields.ENTITIES))
        card.add_row(self._drop(Field("time_zone", "Time zone", "which day it is"), fields.ZONES))
        for field in fields.BORN:
            self._keep(field, self._edit(field, "2015, 2018" if field.key == "children" else "1985"), card)
        for field in fields.SWITCHES:
            self._keep(field, self._switch(field), card)
        return card

    def _money_card(self, block: Block) -> Card:
        card = Card(block.title, block.note)
        for field in block.fields:
            self._keep(field, self._edit(field, "0", is_money=True), card)
        return card

    def _keep(self, field: Field, row: Row, card: Card) -> None:
        card.add_row(row)
        if field.for_married:
            self._of_married.append((field.key, row))

    def _drop(self, field: Field, choices: tuple[tuple[str, str], ...]) -> Row:
        drop = self.drops[field.key] = DropDown(list(choices), name=field.name)
        drop.changed.connect(lambda value: self._save(field, str(value)))
        row = Row(field.name, field.hint)
        row.add_right(drop)
        return row

    def _edit(self, field: Field, example: str, *, is_money: bool = False) -> Row:
        row = self.rows[field.key] = FieldRow(field.name, field.hint, example, is_money=is_money)
        row.typed.connect(partial(self._save, field))
        return row

    def _switch(self, field: Field) -> Row:
        row = SwitchRow(field.name, field.hint)
        box = self.switches[field.key] = row.box
        box.clicked.connect(lambda on: self._save(field, "yes" if on else "no"))
        return row

    # --- what the books hold

    def load(self) -> None:
        self.page.fetch(partial(_loaded, self._year), self._show, name="profile")

    def _turn_to(self, year: object) -> None:
        self._year = int(str(year))
        self.load()

    def _show(self, found: Loaded) -> None:
        view = found.view
        self._values = view.values
        if [year for year, _ in self.year.choices()] != found.years:
            self.year.set_choices([(year, str(year)) for year in found.years])
        self.year.set_value(view.year)
        self.carried.say(
            f"These values were entered for {view.carried_over_from} and are used for {view.year} too. "
            f"Change one, and {view.year} keeps values of its own."
            if view.carried_over_from
            else ""
        )
        for key, row in self.rows.items():
            row.set_value(view.values.get(key, ""))
        for key, drop in self.drops.items():
            value = view.values.get(key, "")
            if value not in {known for known, _ in drop.choices()}:
                drop.set_choices([*drop.choices(), (value, fields.zone_words(value))], value)
            drop.set_value(value)
        for key, box in self.switches.items():
            box.setChecked(view.values.get(key) == "yes")
        married = view.values.get("filing_status") in fields.MARRIED
        for key, held in self._of_married:
            held.setVisible(married or view.values.get(key, "") not in {"", "no"})
        self.businesses.show_businesses(found.businesses)

    def _save(self, field: Field, value: str) -> None:
        year = self.year.value()

        def work(books: Books) -> Outcome:
            from app.services import profile  # noqa: PLC0415

            return profile.change(books, int(str(year)), {field.key: value})

        edit = self.rows.get(field.key)

        def failed(error: Exception) -> None:
            if edit is None or not isinstance(error, UserError):
                self.load()
                self.page.frame.fail(error)
                return
            edit.refuse(f"{error.message.replace(field.key, field.name)} {error.hint}".strip())

        said = f"{field.name} changed." if value else f"{field.name} emptied."
        self.change(work, said, failed=failed, done=edit.taken if edit else None)


def _loaded(year: int | None, books: Books, _token: Token) -> Loaded:
    from app.services import profile  # noqa: PLC0415

    view = profile.show(books, year or books.clock.today().year)
    return Loaded(view, profile.years(books), profile.businesses(books))

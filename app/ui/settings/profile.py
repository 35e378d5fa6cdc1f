"""The household and the business: what the tax figures rest on. A value is saved when its field is left."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtWidgets import QWidget

from app.core.errors import UserError
from app.core.tax.profile_keys import PROFILE_KEYS, KeyType
from app.ui.settings.businesses import BusinessesCard
from app.ui.settings.field_row import FieldRow
from app.ui.settings.place_rows import PlaceRows
from app.ui.settings.profile_fields import ChoiceRow, YesRow, choices_of
from app.ui.settings.section import Section
from app.ui.widgets.buttons import CheckBox, DropDown
from app.ui.widgets.card import Card
from app.ui.widgets.note import Note

if TYPE_CHECKING:
    from app.services.books.open_books import Books
    from app.services.books.work import Outcome
    from app.services.tax.profile import Business, ProfileView
    from app.services.tax.profile_places import Places
    from app.services.tax.profile_words import Field, Group
    from app.ui.frame.page import Page
    from app.ui.runtime.tasks import Token

_MONEY = frozenset({KeyType.MONEY, KeyType.SIGNED_MONEY})
_CHOSEN = frozenset({KeyType.STATUS, KeyType.STATE, KeyType.ZONE, KeyType.CHOICE})
_GO = ("", "Go to")


class Loaded(NamedTuple):
    view: ProfileView
    years: list[int]
    businesses: list[Business]
    places: Places


class _Held(NamedTuple):
    """A row with the line above it, and when it is seen."""

    row: QWidget
    line: QWidget | None
    is_asked: Callable[[], bool]


class ProfileSection(Section):
    def __init__(self, page: Page) -> None:
        from app.services.tax import profile_words  # noqa: PLC0415 - pulls in services; loaded when the section is opened

        super().__init__(page, "Profile and tax", "Used for the estimate only. Each change is saved at once.")
        self.rows: dict[str, FieldRow] = {}
        self.drops: dict[str, DropDown] = {}
        self.switches: dict[str, CheckBox] = {}
        self.groups: dict[str, Card] = {}
        self.place: PlaceRows | None = None
        self._choices: dict[str, ChoiceRow] = {}
        self._held: list[_Held] = []
        self._values: dict[str, str] = {}
        self._year: int | None = None
        self.jump = DropDown([_GO, *((group.title, group.title) for group in profile_words.GROUPS)],
                             name="Go to a part of the profile", size="small")  # fmt: skip
        self.jump.changed.connect(self._go_to)
        self.add_action(self.jump)
        self.year = DropDown([], name="Year", size="small")
        self.year.changed.connect(self._turn_to)
        self.add_action(self.year)
        self.carried = Note("muted", "info")
        self.cards.addWidget(self.carried)
        self.businesses = BusinessesCard(self)
        self.cards.addWidget(self.businesses)
        for group in profile_words.GROUPS:
            self.cards.addWidget(self._card(group))
        self.cards.addStretch(1)
        self._bring_out(loaded=False)  # an empty field would say that nothing is set, and take what cannot be kept yet

    # --- what is on it

    def _bring_out(self, *, loaded: bool) -> None:
        for widget in (self.businesses, *self.groups.values()):
            widget.setVisible(loaded)
        for drop in (self.jump, self.year):
            drop.setEnabled(loaded)

    def _card(self, group: Group) -> Card:
        card = self.groups[group.title] = Card(group.title, group.note)
        for field in group.fields:
            if field.key == "locality":
                self._add_place(field, card)
                continue
            kind = PROFILE_KEYS[field.key].type
            row = (
                self._choice(field) if kind in _CHOSEN
                else self._switch(field) if kind is KeyType.BOOL
                else self._edit(field, is_money=kind in _MONEY)
            )  # fmt: skip
            line = card.add_row(row)
            if field.only:
                self._held.append(_Held(row, line, partial(self._is_asked, field)))
        return card

    def _add_place(self, field: Field, card: Card) -> None:
        place = self.place = PlaceRows(field, self)
        self.drops[field.key], self.rows[field.key] = place.choice.drop, place.other
        self._held += [
            _Held(place.choice, card.add_row(place.choice), lambda: place.shows_choice),
            _Held(place.other, card.add_row(place.other), lambda: place.shows_other),
        ]
        place.told.connect(partial(self._save, field))
        place.changed.connect(self._show_asked)

    def _choice(self, field: Field) -> ChoiceRow:
        row = self._choices[field.key] = ChoiceRow(field.name, field.hint, choices_of(field.key))
        self.drops[field.key] = row.drop
        row.chosen.connect(self._move_to if field.key == "state" else partial(self._save, field))
        return row

    def _edit(self, field: Field, *, is_money: bool) -> FieldRow:
        example = "0" if is_money else field.example
        row = self.rows[field.key] = FieldRow(field.name, field.hint, example, is_money=is_money)
        row.typed.connect(partial(self._save, field))
        return row

    def _switch(self, field: Field) -> YesRow:
        row = YesRow(field.name, field.hint)
        box = self.switches[field.key] = row.box
        box.clicked.connect(lambda on: self._save(field, "yes" if on else "no"))
        return row

    # --- what the books hold

    def load(self) -> None:
        self.page.fetch(partial(_loaded, self._year), self._show, name="profile")

    def _turn_to(self, year: object) -> None:
        self._year = int(str(year))
        self.load()

    def _go_to(self, title: object) -> None:
        """Bring a card into sight and its first field under the keyboard."""
        self.jump.set_value(_GO[0])
        card = self.groups[str(title)]
        self.property("area").verticalScrollBar().setValue(card.mapTo(self, card.rect().topLeft()).y())
        stops = [each for each in card.findChildren(QWidget) if each.focusPolicy() and each.isVisibleTo(self)]
        if stops:
            stops[0].setFocus()

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
            if key != "locality":
                row.set_value(view.values.get(key, ""))
        for key, choice in self._choices.items():
            choice.set_value(view.values.get(key, ""))
        for key, box in self.switches.items():
            box.setChecked(view.values.get(key) == "yes")
        if self.place is not None:
            self.place.show_value(found.places, view.values.get("locality", ""))
        self._show_asked()
        self.businesses.show_businesses(found.businesses)
        self._bring_out(loaded=True)

    def _show_asked(self) -> None:
        for held in self._held:
            is_asked = held.is_asked()
            held.row.setVisible(is_asked)
            if held.line is not None:
                held.line.setVisible(is_asked)

    def _is_asked(self, field: Field) -> bool:
        from app.services.tax import profile_words  # noqa: PLC0415

        return profile_words.asked(field, self._values)

    def _move_to(self, state: str) -> None:
        """Take another state; the place within the former one goes with it."""
        values = {"state": state, **({"locality": ""} if self._values.get("locality") else {})}
        said = "State changed, city or county emptied." if len(values) > 1 else "State changed."
        self.change(self._change_to(values), said)

    def _save(self, field: Field, value: str) -> None:
        from app.services.tax import profile_words  # noqa: PLC0415

        edit = self.rows.get(field.key)

        def failed(error: Exception) -> None:
            if edit is None or not isinstance(error, UserError):
                self.load()
                self.page.frame.fail(error)
                return
            edit.refuse(f"{profile_words.said(field, error.message)} {error.hint}".strip())

        said = f"{field.name} changed." if value else f"{field.name} emptied."
        self.change(self._change_to({field.key: value}), said, failed=failed, done=edit.taken if edit else None)

    def _change_to(self, values: dict[str, str]) -> Callable[[Books], Outcome]:
        year = int(str(self.year.value()))

        def work(books: Books) -> Outcome:
            from app.services.tax import profile  # noqa: PLC0415

            return profile.change(books, year, values)

        return work


def _loaded(year: int | None, books: Books, _token: Token) -> Loaded:
    from app.services.tax import profile, profile_places  # noqa: PLC0415

    view = profile.show(books, year or books.clock.today().year)
    places = profile_places.places(view.values.get("state", ""))
    return Loaded(view, profile.years(books), profile.businesses(books), places)

"""What the choices of the profile are called, and the rows they are made in."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal

from app.core.books.vocabulary import Profession
from app.ui.settings.tall_row import AROUND, TallRow
from app.ui.theme.theme import current
from app.ui.widgets.buttons import CheckBox, DropDown
from app.ui.widgets.card import INSET

UNSET = ("", "not set")
PROFESSIONS = tuple((str(value), value.replace("_", " ").capitalize()) for value in Profession)
ZONES = (
    ("America/New_York", "Eastern"),
    ("America/Chicago", "Central"),
    ("America/Denver", "Mountain"),
    ("America/Phoenix", "Arizona"),
    ("America/Los_Angeles", "Pacific"),
    ("America/Anchorage", "Alaska"),
    ("Pacific/Honolulu", "Hawaii"),
    ("America/Puerto_Rico", "Puerto Rico"),
    ("UTC", "UTC"),
)
_BOX_AROUND = 4
"""What can be clicked reaches so far beyond the box that is seen: the box ends where the fields above it do."""


def choices_of(key: str) -> tuple[tuple[str, str], ...]:
    """Return (value, words) of a key that takes one of a few, the value of an empty key first."""
    from app.services.tax import first_run, profile_words  # noqa: PLC0415 - pulls in services; when the section is opened

    if key == "filing_status":
        return (UNSET, *first_run.filing_statuses())
    if key == "state":
        return (UNSET, *first_run.states())
    if key == "time_zone":
        return (UNSET, *ZONES)
    known = profile_words.CHOICES[key]
    return known if key in profile_words.FIRST_HOLDS else (UNSET, *known)


def zone_words(zone: str) -> str:
    """Return how a zone that is not in the list is called: `Boise` for America/Boise."""
    return dict(ZONES).get(zone) or zone.rpartition("/")[2].replace("_", " ")


class ChoiceRow(TallRow):
    """One of a few; `chosen` tells of a person's choice."""

    chosen = Signal(str)

    def __init__(self, name: str, hint: str, choices: Sequence[tuple[str, str]]) -> None:
        super().__init__(name, hint)
        self.drop = DropDown(list(choices), name=name)
        self.drop.setAccessibleDescription(hint)
        self.drop.changed.connect(lambda value: self.chosen.emit(str(value)))
        self.add_right(self.drop)

    def set_choices(self, choices: Sequence[tuple[str, str]]) -> None:
        if self.drop.choices() != list(choices):
            self.drop.set_choices(list(choices))

    def set_value(self, value: str) -> None:
        """Show a value; an empty one is the first choice, one that is no choice is added."""
        known = [each for each, _ in self.drop.choices()]
        if value and value not in known:
            self.drop.set_choices([*self.drop.choices(), (value, zone_words(value))])
        self.drop.set_value(value or known[0])


class YesRow(TallRow):
    """Yes or no."""

    def __init__(self, name: str, hint: str) -> None:
        super().__init__(name, hint)
        self.box = CheckBox("", name=name)
        self.box.setAccessibleDescription(hint)
        self.add_right(self.box)

    def restyle(self) -> None:
        super().restyle()
        dp = current().dp
        self._row.setContentsMargins(dp(INSET), dp(AROUND), dp(INSET - _BOX_AROUND), dp(AROUND))

    def _stack(self) -> None:
        """A box is small: it stays at the right however large the words."""

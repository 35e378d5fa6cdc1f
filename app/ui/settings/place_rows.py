"""Where one lives within a state: a choice of its places whose tax is worked out, or any other in own words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.ui.settings.field_row import FieldRow
from app.ui.settings.profile_fields import ChoiceRow

if TYPE_CHECKING:
    from app.services.tax.profile_places import Places
    from app.services.tax.profile_words import Field

_NONE = ("", "none")
_OTHER = ("*", "another place …")
_OTHER_NAME, _OTHER_HINT = "Name of the place", "its own income tax is not worked out here"


class PlaceRows(QObject):
    """`told` hands over the code of a place, or what was typed. The field alone stands where a state has no choice."""

    told = Signal(str)
    changed = Signal()
    """Another row is to be seen."""

    def __init__(self, field: Field, parent: QObject) -> None:
        super().__init__(parent)
        self._field = field
        self._places: Places | None = None
        self.choice = ChoiceRow(field.name, field.hint, (_NONE, _OTHER))
        self.other = FieldRow(field.name, field.hint)
        self.choice.chosen.connect(self._chosen)
        self.other.typed.connect(self._typed)

    @property
    def shows_choice(self) -> bool:
        return self._places is not None and bool(self._places.choices)

    @property
    def shows_other(self) -> bool:
        if self.shows_choice:
            return self.choice.drop.value() == _OTHER[0]
        return self._places is not None and bool(self._places.state or self.other.edit.text())

    def show_value(self, places: Places, value: str) -> None:
        code = places.code_of(value)
        self._places = places
        self.choice.set_choices((_NONE, *places.choices, _OTHER))
        self.choice.set_value(code or (_OTHER[0] if value else ""))
        self.other.set_value("" if code else value)
        if places.choices:
            self.other.set_words(_OTHER_NAME, _OTHER_HINT)
        else:
            self.other.set_words(self._field.name, f"no place in {places.state} has a tax that is worked out here")

    def _chosen(self, value: str) -> None:
        if value != _OTHER[0]:
            self.told.emit(value)
        self.changed.emit()
        if value == _OTHER[0]:
            self.other.edit.setFocus()

    def _typed(self, text: str) -> None:
        code = self._places.code_of(text) if self._places is not None else ""
        self.told.emit(code or text)

"""The form of one question of the tax set-up: its fields with what is known, and what is wrong at its place."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLineEdit, QWidget

from app.core.dates import Day, iso
from app.core.errors import UserError
from app.core.money import dollars
from app.core.tax.profile_keys import cents_of, normalized
from app.services.tax.tax_setup import HEALTH, KIND, Setup
from app.ui.taxes.setup_cards import (
    KIND_NOTES,
    KIND_VALUES,
    SPECS,
    FieldSpec,
    insurance_values,
    known_insurance,
)
from app.ui.theme.theme import amounts_hidden, current
from app.ui.widgets.buttons import CheckBox
from app.ui.widgets.fields import AmountEdit, DateEdit, Field, LineEdit
from app.ui.widgets.form_choice import FormChoice
from app.ui.widgets.themed import Themed, pad

MARRIED = frozenset({"mfj", "mfs"})
MANY = 6
"""Fields one below the other; more stand in two columns."""


class CardForm(Themed, QWidget):
    """`changed` tells of anything a person typed or chose; `done` that Enter was pressed in a field."""

    changed = Signal()
    done = Signal()

    def __init__(self, number: int, setup: Setup, today: Day) -> None:
        super().__init__()
        self.number, self.setup, self.spec = number, setup, SPECS[number]
        married = setup.values.get("filing_status") in MARRIED
        self.fields: dict[FieldSpec, QWidget] = {}
        self._rows: dict[FieldSpec, Field] = {}
        self._grid = QGridLayout(self)
        self._parts: list[QWidget] = []
        self._columns = 0
        for spec in self.spec.fields:
            if spec.for_married and not married and not setup.values.get(spec.key):
                continue
            widget = self.fields[spec] = self._widget(spec, today)
            if isinstance(widget, CheckBox):
                self._parts.append(widget)
            else:
                self._rows[spec] = Field(spec.label, widget, spec.hint)
                self._parts.append(self._rows[spec])
        self.set_room(wide=False)
        self._start = self._read_all()
        self.follow_theme()

    def set_room(self, *, wide: bool) -> None:
        """Put many fields in two columns where there is room for them."""
        columns = 2 if wide and len(self._parts) > MANY else 1
        if columns == self._columns:
            return
        self._columns = columns
        for number, part in enumerate(self._parts):
            self._grid.addWidget(part, number // columns, number % columns, Qt.AlignmentFlag.AlignTop)
        self._grid.setColumnStretch(1, columns - 1)
        self._grid.setColumnStretch(0, 1)

    def restyle(self) -> None:
        pad(self._grid, 0, 0, 0, 0)
        self._grid.setSpacing(current().dp(12))
        mode = QLineEdit.EchoMode.Password if amounts_hidden() else QLineEdit.EchoMode.Normal
        for widget in self.fields.values():
            if isinstance(widget, AmountEdit):
                widget.setEchoMode(mode)

    # --- fields

    def _widget(self, spec: FieldSpec, today: Day) -> QWidget:
        known = self._known(spec)
        if spec.kind == "choice":
            choice = FormChoice(spec.choices, known, name=spec.label)
            choice.changed.connect(lambda _value: self.changed.emit())
            return choice
        if spec.kind == "yes":
            box = CheckBox(spec.label)
            box.setChecked(known == "yes")
            box.toggled.connect(lambda _on: self.changed.emit())
            return box
        edit: LineEdit
        if spec.kind == "money":
            edit = AmountEdit(cents_of("other_income", known) if known else None, name=spec.label)
        elif spec.kind == "day":
            edit = DateEdit(today, self.setup.business.started if spec.table == "business" else None, name=spec.label)
        else:
            edit = LineEdit(spec.example, name=spec.label)
            edit.setText(known)
        edit.textEdited.connect(lambda _text: self.changed.emit())
        edit.returnPressed.connect(self.done)
        return edit

    def _known(self, spec: FieldSpec) -> str:
        if spec.key == "insurance":
            return known_insurance(self.setup.values)
        return self.setup.values.get(spec.key, "") if spec.table == "profile" else ""

    def _read(self, spec: FieldSpec) -> str:
        """Return what a field holds, as the books take it. Raises: ValueError."""
        widget = self.fields[spec]
        if isinstance(widget, FormChoice):
            return str(widget.value() or "")
        if isinstance(widget, CheckBox):
            return "yes" if widget.isChecked() else "no" if self._known(spec) else ""
        if isinstance(widget, AmountEdit):
            cents = widget.cents()
            if cents is None:
                return ""
            return f"-{dollars(-cents)}" if cents < 0 else dollars(cents)
        if isinstance(widget, DateEdit):
            day = widget.day()
            return "" if day is None else iso(day)
        assert isinstance(widget, LineEdit)
        return widget.text().strip()

    def _read_all(self) -> dict[FieldSpec, str]:
        found = {}
        for spec in self.fields:
            try:
                found[spec] = self._read(spec)
            except ValueError:
                found[spec] = "?"
        return found

    # --- what is said

    @property
    def is_empty(self) -> bool:
        """Whether nothing is entered: saving it then says that nothing of it applies."""
        return not any(text and text != "no" for text in self._read_all().values())

    @property
    def is_changed(self) -> bool:
        return self._read_all() != self._start

    def note(self) -> str:
        """Return what follows from the answer as it stands."""
        if self.number == KIND:
            return KIND_NOTES.get(next(iter(self._read_all().values())), "")
        return ""

    def problems(self) -> dict[FieldSpec, str]:
        """Return what is wrong, by field."""
        wrong = {}
        for spec in self.fields:
            try:
                text = self._read(spec)
                if spec.table == "profile" and spec.key in self._profile_keys() and spec.kind in {"money", "text"}:
                    normalized(spec.key, text)
            except ValueError as problem:
                wrong[spec] = str(problem)
            except UserError as problem:
                message = problem.message.replace(spec.key, spec.label)
                wrong[spec] = f"{message} {problem.hint or ''}".strip()
        return wrong

    def _profile_keys(self) -> set[str]:
        return {spec.key for spec in self.fields if spec.table == "profile"} - {"insurance"}

    def show_problems(self, wrong: Mapping[FieldSpec, str]) -> None:
        for spec, row in self._rows.items():
            row.set_error(wrong.get(spec, ""))
        for spec in wrong:
            self.fields[spec].setFocus()
            break

    def profile_values(self) -> dict[str, str]:
        """Return the values of the profile. Only after `problems` found none."""
        found = {spec.key: self._read(spec) for spec in self.fields if spec.table == "profile"}
        if self.number == KIND:
            found["entity"] = KIND_VALUES.get(found["entity"], found["entity"])
        if self.number == HEALTH:
            return insurance_values(found["insurance"], found["health_insurance"])
        return found

    def fact_values(self) -> dict[str, str]:
        """Return what is said of a vehicle, a home office, a piece of equipment or the business."""
        found = {spec.key: self._read(spec) for spec in self.fields if spec.table != "profile"}
        return {key: text for key, text in found.items() if text}

    def typed_profile(self) -> dict[str, str] | None:
        """Return the values of the profile while they can be read, else None."""
        return None if self.problems() else self.profile_values()

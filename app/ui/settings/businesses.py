"""The businesses, each on a Schedule C of its own, and the form to add or change one."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.core.dates import iso
from app.core.errors import UserError
from app.ui.settings.profile_fields import PROFESSIONS
from app.ui.widgets.buttons import Button, CheckBox, DropDown, LinkButton, Segmented
from app.ui.widgets.card import Card, Row
from app.ui.widgets.dialog import Sheet
from app.ui.widgets.fields import Field, LineEdit
from app.ui.widgets.note import Note

if TYPE_CHECKING:
    from app.services.books.open_books import Books
    from app.services.books.work import Outcome
    from app.services.tax.profile import Business
    from app.ui.settings.section import Section

_OWNERS = (("self", "You"), ("spouse", "Your spouse"))


def described(business: Business) -> str:
    """Return what a business is in a few words: `Designer, principal code 541430, since 2024-03-01`."""
    parts = [dict(PROFESSIONS).get(business.profession, business.profession)]
    if business.owner == "spouse":
        parts.append("of your spouse")
    if business.principal_code:
        parts.append(f"principal code {business.principal_code}")
    if business.started is not None:
        parts.append(f"since {iso(business.started)}")
    return ", ".join(parts)


class BusinessesCard(Card):
    def __init__(self, section: Section) -> None:
        super().__init__("Business", "one Schedule C each")
        self._section = section
        self.add = LinkButton("Add a business")
        self.add.clicked.connect(lambda: self.open_sheet(None))
        self.add_link(self.add)
        self.edits: dict[int, Button] = {}
        self._shown: list[Business] = []

    def show_businesses(self, found: list[Business]) -> None:
        if found == self._shown:
            return
        held = next((number for number, button in self.edits.items() if button.hasFocus()), None)
        self._shown = found
        self.edits = {}
        self.clear_rows()
        self.set_title("Business" if len(found) == 1 else "Businesses", "one Schedule C each")
        for business in found:
            row = Row(business.name, second=described(business))
            button = Button("Edit", size="small")
            button.setAccessibleName(f"Edit {business.name}")
            button.clicked.connect(partial(self.open_sheet, business))
            row.add_right(button)
            self.add_row(row)
            self.edits[business.id] = button
        if held in self.edits:
            self.edits[held].setFocus()

    def open_sheet(self, business: Business | None) -> None:
        sheet = BusinessSheet(self._section, self.window(), business)
        sheet.closed.connect(sheet.deleteLater)
        sheet.open_box()


def _as_wide_as_its_words(widget: QWidget) -> QWidget:
    if not isinstance(widget, DropDown):
        return widget
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.addWidget(widget)
    row.addStretch(1)
    return holder


class BusinessSheet(Sheet):
    """A new business, or one that is there."""

    def __init__(self, section: Section, window: QWidget, business: Business | None) -> None:
        super().__init__(window, f"Edit {business.name}" if business else "New business", width=480)
        self._section, self._business = section, business
        self.name = LineEdit("My business", name="Name")
        self.profession = DropDown(list(PROFESSIONS), size="foot", name="What it does")
        self.owner = Segmented(_OWNERS, name="Whose it is")
        self.code = LineEdit("541430", name="Principal business code")
        self.started = LineEdit("2024-03-01", name="Started on")
        self.sstb = CheckBox("A specified service trade")
        self.problem = Note()
        if business is not None:
            self.name.setText(business.name)
            self.profession.set_value(business.profession)
            self.owner.set_value(business.owner)
            self.code.setText(business.principal_code or "")
            self.started.setText(iso(business.started) if business.started is not None else "")
            self.sstb.setChecked(bool(business.sstb))
        else:
            self.profession.set_value("other")
        for words, widget, hint in (
            ("Name", self.name, "as it stands on the accountant pack"),
            ("What it does", self.profession, "decides which costs are plausible"),
            ("Whose it is", self.owner, ""),
            ("Principal business code", self.code, "Schedule C, line B; six digits"),
            ("Started on", self.started, "where it began this year; may stay empty"),
        ):
            self.body.addWidget(Field(words, _as_wide_as_its_words(widget), hint))
        self.body.addWidget(
            Field("For the QBI deduction", self.sstb, "health, law, consulting, performing arts and so on")
        )
        self.body.addWidget(self.problem)
        cancel = Button("Cancel")
        self.save = Button("Save" if business else "Add the business", kind="primary")
        cancel.clicked.connect(self.close_box)
        self.save.clicked.connect(self._save)
        self.add_button(cancel)
        self.add_button(self.save)
        for edit in (self.name, self.code, self.started):
            edit.returnPressed.connect(self._save)

    def _save(self) -> None:
        values = {
            "name": self.name.text().strip(), "profession": str(self.profession.value()),
            "owner": str(self.owner.value()), "principal_code": self.code.text().strip(),
            "started": self.started.text().strip(), "sstb": "yes" if self.sstb.isChecked() else "no",
        }  # fmt: skip
        if not values["name"]:
            self._say("A business needs a name.")
            self.name.setFocus()
            return
        business = self._business

        def work(books: Books) -> Outcome:
            from app.services.tax import profile  # noqa: PLC0415

            if business is None:
                return profile.add_business(books, values)[0]
            return profile.change_business(books, str(business.id), values)

        def failed(error: Exception) -> None:
            if isinstance(error, UserError):
                self._say(f"{error.message} {error.hint}".strip())
            else:
                self._section.page.frame.fail(error)

        said = f"{values['name']} changed." if business else f"{values['name']} added."
        self._section.change(work, said, failed=failed, done=self.close_box)

    def _say(self, text: str) -> None:
        self.problem.say(text)
        self.place_box()

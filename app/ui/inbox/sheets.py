"""What a question may need besides a choice: a note, another share, parts, a rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.core.errors import UserError
from app.ui.sheets.rule_sheet import open_rule_sheet
from app.ui.sheets.split_sheet import open_split_sheet
from app.ui.theme.fonts import Role
from app.ui.widgets.buttons import Button
from app.ui.widgets.dialog import Sheet
from app.ui.widgets.fields import LineEdit, field
from app.ui.widgets.text import Label

if TYPE_CHECKING:
    from typing import Any

    from app.services.books.open_books import Books
    from app.services.books.work import Outcome
    from app.ui.inbox.page import TodayPage
    from app.ui.inbox.view_model import Answering
    from app.ui.runtime.tasks import Token


def note(page: TodayPage) -> None:
    """Ask for a note and write it to every row of the question."""
    card = page.card
    if card is None:
        return
    ids = [row.id for row in card.item.rows]
    edit = LineEdit("who, what for", name="Note")
    edit.setText(card.item.rows[0].note or "")

    def save() -> None:
        text = edit.text().strip()

        def work(books: Books) -> Outcome:
            from app.services.ledger import bulk_edit  # noqa: PLC0415

            return bulk_edit.change_many(books, ids, {"note": text})

        sheet.close_box()
        page.frame.tasks.write(work, lambda _done: page.frame.toast(f"Note kept with {card.name}."), page.frame.fail)

    sheet = _ask(page, f"Note for {card.name}", edit, "Keep the note", save)


def share(page: TodayPage, answering: Answering) -> None:
    """Ask for a business share other than all or half."""
    edit = LineEdit("60", name="Business share in percent")
    trouble = Label("", Role.SMALL, "danger")

    def save() -> None:
        from app.services.ledger import typed_values  # noqa: PLC0415

        try:
            percent = typed_values.percent(edit.text().strip().rstrip("%").strip())
        except UserError as error:
            trouble.setText(f"{error.message} {error.hint}")
            return
        sheet.close_box()
        page.current.set_share(percent)

    sheet = _ask(page, f"Business share of {answering.card.name}", edit, "Use this share", save)
    sheet.body.addWidget(trouble)


def _ask(page: TodayPage, title: str, edit: LineEdit, button: str, save: Any) -> Sheet:  # noqa: ANN401 - a callback
    sheet = Sheet(page.window(), title)
    sheet.body.addWidget(field(edit.accessibleName(), edit))
    cancel, keep = Button("Cancel"), Button(button, kind="primary")
    cancel.clicked.connect(sheet.close_box)
    keep.clicked.connect(save)
    edit.returnPressed.connect(save)
    sheet.add_button(cancel)
    sheet.add_button(keep)
    sheet.closed.connect(sheet.deleteLater)
    sheet.open_box()
    edit.setFocus()
    edit.selectAll()
    return sheet


def rule(page: TodayPage) -> None:
    """Open a rule that would book rows like these."""
    card, answering = page.card, page.current.answering
    if card is None or answering is None:
        return

    def work(books: Books, _token: Token) -> dict[str, Any]:
        from app.services.review import settling  # noqa: PLC0415

        return settling.rule_for(books, card.item)

    def done(values: dict[str, Any]) -> None:
        meaning = answering.meaning
        if meaning is not None:
            values.update(kind=meaning[0], line=meaning[1], percent=meaning[2])
        open_rule_sheet(page.frame, **values)

    page.fetch(work, done, name="rule")


def split(page: TodayPage) -> None:
    """Split the newest row of the question into parts."""
    card, answering = page.card, page.current.answering
    if card is None or answering is None:
        return
    row = max(card.item.rows, key=lambda each: (each.tax_date, each.id))
    meaning = answering.meaning or ("expense", "C18", 10_000)
    open_split_sheet(page.frame, row, meaning)

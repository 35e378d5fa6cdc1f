"""What the page's commands do, on the marked rows or else the current one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from app.core.books import naming
from app.core.books.naming import counted
from app.core.books.vocabulary import PROFIT_KINDS
from app.core.dates import year_of
from app.core.money import rate_text
from app.ui.sheets.category_picker import Category, CategoryPicker
from app.ui.sheets.split_sheet import SplitSheet
from app.ui.transactions import changes
from app.ui.transactions.sheets import DeleteSheet, ShareSheet

if TYPE_CHECKING:
    from app.services.ledger.row_detail import Detail
    from app.services.ledger.transactions import Part
    from app.ui.transactions.model import Line
    from app.ui.transactions.page import TransactionsPage


class Commands:
    def __init__(self, page: TransactionsPage) -> None:
        self._page = page
        self._picker: CategoryPicker | None = None
        self._bind()
        self._bind_pane()

    def _bind(self) -> None:
        page, table = self._page, self._page.table
        act = page.frame.commands
        does: tuple[tuple[str, Callable[[], None], Callable[[], bool] | None], ...]

        def some() -> bool:
            return bool(page.marking.target_ids())

        def one() -> bool:
            return page.table.current_id is not None

        def open_rows() -> bool:
            line = page.current_line()
            return bool(page.model.marks) or (line is not None and line.row.status != "deleted")

        does = (
            ("edit", page.open_row, one),
            ("mark", table.toggle, one),
            ("all", page.model.mark_all, lambda: bool(page.model.ids)),
            ("category", self.category, open_rows),
            ("share", self.share, open_rows),
            ("transfer", self.transfer, open_rows),
            ("confirm", self.confirm, open_rows),
            ("split", self.split, self._one_open),
            ("merge", self.merge, self._two),
            ("keep_apart", self.keep_apart, self._two),
            ("delete", self.delete, open_rows),
            ("restore", self.restore, self._one_deleted),
            ("note", partial(self._in_pane, "note"), one),
            ("history", partial(self._in_pane, "history"), one),
            ("top", partial(table.go_to, 0), one),
            ("bottom", lambda: table.go_to(len(page.model.ids) - 1), one),
            ("filter", page.filter_bar.more.click, None),
            ("clear", page.clear_filter, lambda: not page.filters.is_plain),
            ("undo", lambda: act.trigger("edit.undo"), None),
            ("export", page.saving.ask, some),
        )
        for name, do, enabled in does:
            act.bind(f"transactions.{name}", do, enabled)
        page.teaching.bind()
        act.attach("transactions", table)
        act.attach("transactions", page.no_match)

    def _bind_pane(self) -> None:
        page, pane = self._page, self._page.row_pane
        pane.do_wanted.connect(self.on_shown)
        pane.form.category_wanted.connect(lambda: self._category_of(self._shown()))
        pane.form.value_typed.connect(self._set_value)
        story = pane.story
        story.split_wanted.connect(lambda: self._split_of(self._shown()))
        story.join_wanted.connect(lambda: self._for_each(self._shown(), changes.join))
        story.row_wanted.connect(page.show_row)
        story.unlink_wanted.connect(
            lambda own, other: page.change(partial(_run, changes.unlink, own, other), keep_marks=True)
        )
        story.undo_wanted.connect(lambda step: page.change(partial(_run, changes.undo, step), keep_marks=True))

    def _shown(self) -> list[int]:
        shown = self._page.row_pane.shown_id
        return [] if shown is None else [shown]

    # --- whether

    def _two(self) -> bool:
        return len(self._page.model.marks) == 2

    def _one_open(self) -> bool:
        line = self._page.current_line()
        return line is not None and line.row.status != "deleted"

    def _one_deleted(self) -> bool:
        line = self._page.current_line()
        return line is not None and line.row.status == "deleted"

    def on_shown(self, name: str) -> None:
        """Do what a button of the pane says, to the row it shows and to no other, whatever is marked."""
        ids = self._shown()
        if not ids:
            return
        if name == "restore":
            self._for_each(ids, changes.restore)
        else:
            {
                "confirm": self._confirm_of, "transfer": self._transfer_of, "delete": self._delete_of,
                "split": self._split_of,
            }[name](ids)  # fmt: skip

    # --- what

    def pick_category(self, chosen: Callable[[Category], None], *, money_in: bool, year: int | None = None) -> None:
        """Open the palette of categories; the keyboard comes back to where it was."""
        page = self._page
        if self._picker is None:
            self._picker = CategoryPicker(page.window())
        self._picker.ask(year or year_of(page.frame.session.today), chosen, money_in=money_in)

    def category(self) -> None:
        self._category_of(self._page.marking.target_ids())

    def _category_of(self, ids: Sequence[int]) -> None:
        lines = self._lines(ids[:2])
        if not lines:
            return
        money_in = all(line.row.cents > 0 for line in lines)

        def chosen(found: Category) -> None:
            self._page.change(lambda books: changes.set_category(books, ids, found.kind, found.line))

        self.pick_category(chosen, money_in=money_in, year=year_of(lines[0].row.tax_date))

    def share(self) -> None:
        ids = self._page.marking.target_ids()
        lines = self._lines(ids[:1])
        if not lines:
            return
        row = lines[0].row
        percent = rate_text(row.percent) if row.kind in PROFIT_KINDS else "100"
        ShareSheet(
            self._page.window(), self._named(ids), percent,
            lambda typed: self._page.change(lambda books: changes.set_share(books, ids, typed)),
        ).open_box()  # fmt: skip

    def transfer(self) -> None:
        self._transfer_of(self._page.marking.target_ids())

    def _transfer_of(self, ids: Sequence[int]) -> None:
        self._page.change(partial(_run, changes.set_transfer, ids))

    def confirm(self) -> None:
        self._confirm_of(self._page.marking.target_ids())

    def _confirm_of(self, ids: Sequence[int]) -> None:
        self._page.change(partial(_run, changes.confirm, ids))

    def merge(self) -> None:
        self._page.change(partial(_run, changes.merge, self._page.model.marked))

    def keep_apart(self) -> None:
        self._page.change(partial(_run, changes.keep_apart, self._page.model.marked))

    def restore(self) -> None:
        current = self._page.table.current_id
        self._for_each([] if current is None else [current], changes.restore)

    def delete(self) -> None:
        self._delete_of(self._page.marking.target_ids())

    def _delete_of(self, ids: Sequence[int]) -> None:
        DeleteSheet(
            self._page.window(), self._named(ids), len(ids),
            lambda reason: self._page.change(lambda books: changes.delete(books, ids, reason)),
        ).open_box()  # fmt: skip

    def split(self) -> None:
        current = self._page.table.current_id
        self._split_of([] if current is None else [current])

    def _split_of(self, ids: Sequence[int]) -> None:
        if not ids:
            return
        from app.ui.transactions import view_model  # noqa: PLC0415 - read before the sheet opens

        self._page.fetch(lambda books, token: view_model.detail(books, token, ids[0]), self._open_split, name="split")

    def _open_split(self, detail: Detail) -> None:
        row = detail.row
        parts = [(part.cents, part.kind, part.line, part.percent) for part in detail.parts]
        known = {naming.SURE, naming.LIKELY}
        if not parts and (not detail.shown.has_question or naming.confidence_word(row.confidence) in known):
            parts = [(detail.whole_cents, row.kind, row.line, row.percent)]

        def done(typed: list[Part]) -> None:
            self._page.change(lambda books: changes.split(books, row.id, typed), keep_marks=True)

        SplitSheet(
            self._page.window(), detail.shown.payee, detail.whole_cents, parts, year_of(row.tax_date), done
        ).open_box()

    def _for_each(self, ids: Sequence[int], what: Callable[..., changes.Did]) -> None:
        for number in ids:
            self._page.change(partial(_run, what, number), keep_marks=True)

    def _set_value(self, transaction_id: int, name: str, value: str) -> None:
        self._page.change(partial(_run, changes.set_value, transaction_id, name, value), keep_marks=True)

    def _in_pane(self, part: str) -> None:
        self._page.open_row(focus=False)
        self._page.row_pane.focus_on(part)

    # --- words

    def _lines(self, ids: Sequence[int]) -> list[Line]:
        model = self._page.model
        found = [model.line(row) for row in (model.row_of(number) for number in ids) if row >= 0]
        return [line for line in found if line is not None]

    def _named(self, ids: Sequence[int]) -> str:
        if len(ids) == 1:
            lines = self._lines(ids)
            return lines[0].shown.payee if lines else "one transaction"
        return counted(len(ids), "transaction")


def _run(what: Callable[..., changes.Did], *given: object) -> changes.Did:
    """Call a change with the books last: `partial(_run, change, ids)` is what the writer thread runs."""
    *rest, books = given
    return what(books, *rest)

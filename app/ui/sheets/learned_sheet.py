"""What an answer taught, for whom and where; to change it, forget it, or make it a rule."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from app.core.books import naming
from app.core.books.naming import counted
from app.core.books.vocabulary import PROFIT_KINDS, Kind
from app.core.errors import UserError
from app.core.money import rate_text
from app.ui.sheets.category_picker import Category, CategoryPicker
from app.ui.theme import theme
from app.ui.theme.fonts import Role
from app.ui.widgets.buttons import Button, LinkButton, Segmented
from app.ui.widgets.card import Fact
from app.ui.widgets.dialog import Sheet
from app.ui.widgets.fields import LineEdit, field
from app.ui.widgets.text import Label

if TYPE_CHECKING:
    from app.services.books.open_books import Books
    from app.services.books.work import Outcome
    from app.services.classify.remembered import Memory
    from app.ui.frame.page import Frame

_ALWAYS, _ASK = "always", "ask"


class LearnedSheet(Sheet):
    def __init__(self, frame: Frame, window: QWidget, memory: Memory) -> None:
        super().__init__(window, f"What is known of {memory.name}", width=520)
        self._frame, self.memory = frame, memory
        self._kind, self._line = memory.kind, memory.line
        self.mode = Segmented([(_ALWAYS, "Always"), (_ASK, "Ask each time")], name="From now on")
        self.mode.set_value(_ASK if memory.ask else _ALWAYS)
        self.category = Button("", icon="tag", size="foot")
        self.category.clicked.connect(self._choose)
        self.share = LineEdit("100", name="Business share in percent")
        self.share.setText(rate_text(memory.percent))
        self.look = LinkButton(f"Look at the {counted(memory.hits, 'transaction')}")
        self.look.clicked.connect(self._look)
        self.look.setVisible(memory.hits > 0)
        self.trouble = Label("", Role.SMALL, "danger", wrap=True)
        self._picker = CategoryPicker(window)
        self._lay_out()
        self._name_category()

    def _lay_out(self) -> None:
        memory = self.memory
        self.body.addWidget(Fact("Payee or payer", memory.name))
        self.body.addWidget(Fact("Direction", "money in" if memory.sign > 0 else "money out"))
        self.body.addWidget(Fact("Account", memory.account))
        self.body.addWidget(Fact("Rows that follow it", self.look if memory.hits else "none yet"))
        self.body.addWidget(field("From now on", self.mode))
        self.body.addWidget(field("Book as", self.category))
        self._share = field("Business share, %", self.share)
        self._share.setMaximumWidth(theme.current().dp(130))
        self.body.addWidget(self._share)
        self.foot.insertWidget(0, self.trouble, 1)
        self.forget = Button("Forget it", kind="danger")
        self.rule = Button("Make it a rule…")
        self.keep = Button("Save", kind="primary")
        self.forget.clicked.connect(self._forget)
        self.rule.clicked.connect(self._to_rule)
        self.keep.clicked.connect(self._keep)
        self.share.returnPressed.connect(self._keep)
        for button in (self.forget, self.rule, self.keep):
            self.add_button(button)

    def _name_category(self) -> None:
        self.category.set_words(naming.category(self._kind, self._line))
        self._share.setVisible(self._kind in PROFIT_KINDS and self._kind != Kind.INCOME)

    def _choose(self) -> None:
        def chosen(category: Category) -> None:
            self._kind, self._line = category.kind, category.line
            self._name_category()

        self._picker.ask(self._frame.session.wiring.today().year, chosen, money_in=self.memory.sign > 0)

    def _look(self) -> None:
        memory = self.memory

        def work(books: Books, _token: Any) -> tuple[int, ...]:  # noqa: ANN401 - the token of the task
            from app.services.classify import remembered  # noqa: PLC0415

            return remembered.equal_rows(books, *memory[:3])

        def done(ids: tuple[int, ...]) -> None:
            self.close_box()
            self._frame.go("transactions", ids=ids, of=memory.name)

        self._frame.tasks.run(work, done, self._frame.fail)

    def _keep(self) -> None:
        from app.services.ledger import typed_values  # noqa: PLC0415 - pulls in services

        memory = self.memory
        typed = self.share.text() if not self._share.isHidden() else ""
        try:
            share = typed_values.percent(typed.strip().removesuffix("%").strip() or "100")
        except UserError as error:
            self.trouble.setText(f"{error.message} {error.hint}")
            return
        values = {"kind": self._kind, "line": self._line, "percent": share, "ask": self.mode.value() == _ASK}
        self._change(
            lambda books, service: service.change(books, *memory[:3], values),
            f"{memory.name} follows this from now on.",
        )

    def _forget(self) -> None:
        memory = self.memory
        self._change(lambda books, service: service.forget(books, *memory[:3]), f"{memory.name} is asked about again.")

    def _change(self, do: Any, said: str) -> None:  # noqa: ANN401 - a call of the service
        def work(books: Books) -> Outcome:
            from app.services.classify import remembered  # noqa: PLC0415

            outcome: Outcome = do(books, remembered)
            return outcome

        def done(outcome: Outcome) -> None:
            self.close_box()
            if outcome.operation is not None:
                self._frame.toast(said)

        self._frame.tasks.write(work, done, self._frame.fail)

    def _to_rule(self) -> None:
        from app.services.classify import remembered  # noqa: PLC0415
        from app.ui.sheets.rule_sheet import open_rule_sheet  # noqa: PLC0415 - only when asked for

        values = {**remembered.as_rule(self.memory), "kind": self._kind, "line": self._line}
        self.close_box()
        open_rule_sheet(self._frame, **values, instead_of=self.memory[:3])


def open_learned_sheet(frame: Frame, memory: Memory) -> LearnedSheet:
    """Open it over the window."""
    assert isinstance(frame, QWidget)
    sheet = LearnedSheet(frame, frame, memory)
    sheet.closed.connect(sheet.deleteLater)
    sheet.open_box()
    return sheet

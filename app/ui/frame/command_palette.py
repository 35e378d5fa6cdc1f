"""Ctrl+K: commands, pages, payees, transactions, sums. The best hit first; nothing destructive runs unasked."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable
from decimal import Decimal, DivisionByZero, InvalidOperation
from typing import TYPE_CHECKING, Any, NamedTuple

from app.ui.frame.actions import SPECS, Actions, Spec
from app.ui.frame.pages import PAGES
from app.ui.widgets.palette_box import PaletteBox, Result

if TYPE_CHECKING:
    from app.services.books.open_books import Books
    from app.ui.frame.main_window import MainWindow
    from app.ui.runtime.tasks import Token

LAST_USED = "palette/last_used"
_MOST = 6
_KEPT = 12
"""Commands of which it is remembered that they were used last."""
_FROM_LETTERS = 2
"""Letters typed before the books are searched."""

_SIGNS: dict[type[ast.operator], Callable[[Decimal, Decimal], Decimal]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


def calculated(text: str) -> Decimal | None:
    """Return what a sum such as `4800*0.382` or `(12+30)/4` comes to, exactly; None for anything else."""
    plain = text.replace(",", "").replace("$", "").replace("×", "*").replace("−", "-").strip()
    if len(plain) > 60 or not any(sign in plain for sign in "+-*/") or not set(plain) <= set("0123456789.+-*/() "):
        return None
    try:
        return _value(ast.parse(plain, mode="eval").body)
    except (SyntaxError, ValueError, InvalidOperation, DivisionByZero, RecursionError):
        return None


def _value(node: ast.expr) -> Decimal:
    if isinstance(node, ast.Constant) and isinstance(node.value, (int, float)):
        return Decimal(str(node.value))
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return -_value(node.operand)
    if isinstance(node, ast.BinOp) and type(node.op) in _SIGNS:
        return _SIGNS[type(node.op)](_value(node.left), _value(node.right))
    raise ValueError("not a sum")


def matches(query: str, text: str) -> int | None:
    """Return how well a text answers: 0 begins with it, 1 a word begins with it, 2 holds it; None not at all."""
    wanted, held = query.casefold(), text.casefold()
    if held.startswith(wanted):
        return 0
    if f" {wanted}" in held:
        return 1
    return 2 if wanted in held else None


def open_palette(window: MainWindow) -> None:
    """Open the palette over the window."""
    if window.palette_box is None:
        window.palette_box = PaletteBox(window, tip="Try a sum: 4800*0.3")
        window.palette_box.filler = Palette(window, window.palette_box)  # type: ignore[attr-defined]
    window.palette_box.open_box()
    window.palette_box.query_changed.emit("")


class Palette:
    """Fills the box with what fits the words, and does what is chosen."""

    def __init__(self, window: MainWindow, box: PaletteBox) -> None:
        self._window, self._box = window, box
        self._token: Token | None = None
        self._query = ""
        self._used = [id_ for id_ in window.preferences.words(LAST_USED) if id_ in window.commands.specs]
        self._do: dict[str, Callable[[], None]] = {}
        box.query_changed.connect(self._ask)
        box.activated.connect(self._run)

    def _ask(self, query: str) -> None:
        self._query = query = query.strip()
        if self._token is not None:
            self._token.cancel()
        self._show(query, None)
        if len(query) >= _FROM_LETTERS and calculated(query) is None:
            self._token = self._window.tasks.run(lambda books, _token: _search(books, query), self._found)

    def _found(self, found: Any) -> None:  # noqa: ANN401 - a services result, loaded late
        if found.query == self._query:
            self._show(self._query, found, keep=True)

    def _show(self, query: str, found: Any, *, keep: bool = False) -> None:  # noqa: ANN401 - as above
        self._do = {}
        groups: list[tuple[str, list[Result]]] = []
        total = calculated(query)
        if total is not None:
            groups.append(("Sum", [self._sum(total)]))
        if found is not None:
            groups += self._from_books(found)
        groups.append(("Pages", self._pages(query)))
        groups.append(("Commands", self._commands(query)))
        self._box.set_results(groups, keep=keep)

    def _sum(self, total: Decimal) -> Result:
        from app.ui.runtime.clipboard import clipboard  # noqa: PLC0415 - when a sum was typed

        text = f"{total:,.2f}".replace("-", "−")
        self._do["sum"] = lambda: clipboard().copy(f"{total:.2f}")
        return Result("sum", "check", text, "Enter copies it", "")

    def _pages(self, query: str) -> list[Result]:
        found = []
        for entry in PAGES:
            if query and matches(query, entry.title) is not None:
                id_ = f"page:{entry.id}"
                self._do[id_] = lambda page=entry.id: self._window.go(page)  # type: ignore[misc]
                key = next((Actions.key_text(spec) for spec in SPECS if spec.id == f"go.{entry.id}"), "")
                found.append(Result(id_, entry.icon, entry.title, "page", key))
        return found + self._sections(query)

    def _sections(self, query: str) -> list[Result]:
        from app.ui.settings.sections import SECTIONS  # noqa: PLC0415 - only names; loaded with the first letters

        found = []
        for section in SECTIONS:
            if len(query) >= _FROM_LETTERS and matches(query, section.title) is not None:
                id_ = f"section:{section.id}"
                self._do[id_] = lambda wanted=section.id: self._window.go("settings", section=wanted)  # type: ignore[misc]
                found.append(Result(id_, section.icon, section.title, "in Settings", ""))
        return found

    def _commands(self, query: str) -> list[Result]:
        ranked: list[tuple[int, int, Spec]] = []
        for spec in SPECS:
            here = spec.page in {None, self._window.shell.current}
            if not here or not spec.in_palette or spec.id.startswith("go.") or ".choose" in spec.id:
                continue
            score = matches(query, spec.text) if query else 3
            if score is not None and self._window.commands.can(spec.id):
                used = self._used.index(spec.id) if spec.id in self._used else len(SPECS)
                ranked.append((used if not query else score, used, spec))
        found = []
        for _, _, spec in sorted(ranked, key=lambda row: row[:2])[: _MOST if query else 9]:
            self._do[spec.id] = lambda id_=spec.id: self._window.commands.trigger(id_)  # type: ignore[misc]
            found.append(Result(spec.id, spec.icon, spec.text, "", Actions.key_text(spec)))
        return found

    def _from_books(self, found: Any) -> list[tuple[str, list[Result]]]:  # noqa: ANN401 - as above
        from app.core.books.naming import counted  # noqa: PLC0415
        from app.core.dates import date_of  # noqa: PLC0415
        from app.ui.widgets.amount import amount_text  # noqa: PLC0415

        payees, rows = [], []
        for payee in found.payees[:3]:
            id_ = f"payee:{payee.name}"
            text = payee.name if payee.name in found.findable else found.query
            self._do[id_] = lambda text=text: self._window.go("transactions", text=text)  # type: ignore[misc]
            note = f"{counted(payee.rows, 'transaction')}, {amount_text(payee.cents, plus=True)} this year"
            payees.append(Result(id_, "person", payee.name, note, ""))
        for row in found.rows[:_MOST]:
            id_ = f"row:{row.id}"
            self._do[id_] = lambda row_id=row.id: self._window.go("transactions", row=row_id)  # type: ignore[misc]
            note = f"{date_of(row.tax_date):%b} {date_of(row.tax_date).day}, {amount_text(row.cents, plus=True)}"
            rows.append(Result(id_, "transactions", row.merchant or row.text, note, ""))
        if found.matching > len(found.rows):
            self._do["all"] = lambda text=found.query: self._window.go("transactions", text=text)  # type: ignore[misc]
            rows.append(Result("all", "filter", f"Show all {found.matching:,} that match", "", ""))
        return [("Payers and payees", payees), ("Transactions", rows)]

    def _run(self, id_: str) -> None:
        do = self._do.get(id_)
        if do is None:
            return
        if id_ in self._window.commands.specs:
            self._used = [id_, *(known for known in self._used if known != id_)][:_KEPT]
            self._window.preferences.set_words(LAST_USED, self._used)
        self._box.close_box()
        do()


class _Found(NamedTuple):
    query: str
    payees: list[Any]
    rows: list[Any]
    matching: int
    findable: set[str]
    """Payees whose transactions are found by their name; the others are found by what was typed."""


def _search(books: Books, query: str) -> _Found:
    from app.services.ledger import finding  # noqa: PLC0415

    found = finding.search(books, query, _MOST)
    names = {payee.name for payee in found.payees[:3]}
    findable = {name for name in names if finding.ids(books, finding.Query(text=name))}
    return _Found(query, found.payees, found.transactions, found.count, findable)

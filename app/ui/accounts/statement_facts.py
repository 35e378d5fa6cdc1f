"""What one account of a file would get, in figures side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.core.books import naming
from app.ui.accounts.import_model import stated
from app.ui.accounts.view_model import balance
from app.ui.theme.fonts import Role
from app.ui.theme.theme import current
from app.ui.widgets.card import INSET
from app.ui.widgets.text import ElidedLabel, Label
from app.ui.widgets.themed import Themed, pad

if TYPE_CHECKING:
    from app.core.dates import Day
    from app.services.ingest.import_preview import Preview, StatementPreview


class StatementFacts(Themed, QWidget):
    def __init__(self, statement: StatementPreview, shown: Preview | None, *, with_account: bool) -> None:
        super().__init__()
        self._row = QHBoxLayout(self)
        for label, value in facts(statement, shown, with_account=with_account):
            pair = QVBoxLayout()
            pair.setSpacing(0)
            pair.addWidget(Label(label, Role.CAPTION, "muted"))
            pair.addWidget(ElidedLabel(value, Role.SMALL_STRONG))
            self._row.addLayout(pair, 2 if label in {"Account", "Period", "Stated balance"} else 1)
        self.setAccessibleName(", ".join(f"{label} {value}" for label, value in
                                         facts(statement, shown, with_account=with_account)))  # fmt: skip
        self.follow_theme()

    def restyle(self) -> None:
        pad(self._row, INSET, 10, INSET, 10)
        self._row.setSpacing(current().dp(16))


def facts(statement: StatementPreview, shown: Preview | None, *, with_account: bool) -> list[tuple[str, str]]:
    """Return the figures of a statement; rejected rows belong to the file and stand with its first account."""
    found = [("Account", statement.account_words)] if with_account else []
    found.append(("Period", _period(statement.first, statement.last)))
    found.append(("New", f"{statement.new:,}"))
    found.append(("Already there", f"{statement.already_there:,}"))
    if shown is not None:
        found.append(("Rejected", f"{len(shown.rejected):,}"))
    if stated(statement):
        assert statement.stated_cents is not None
        assert statement.stated_day is not None
        text = f"{balance(statement.stated_cents, statement.currency)} on {naming.date_words(statement.stated_day)}"
        found.append(("Stated balance", text))
    else:
        found.append(("Stated balance", "none in the file"))
    return found


def _period(first: Day | None, last: Day | None) -> str:
    if first is None or last is None:
        return "no rows"
    return naming.date_words(first) if first == last else f"{naming.date_words(first)} to {naming.date_words(last)}"

"""The accountant pack: what is in it, what to look at before it goes out, and what was handed out."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QGuiApplication, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.ui.reports import view_model
from app.ui.reports.view_model import Facts
from app.ui.theme.fonts import Role
from app.ui.theme.theme import current
from app.ui.widgets.amount import AmountLabel
from app.ui.widgets.badge import Badge
from app.ui.widgets.buttons import Button, IconButton, LinkButton
from app.ui.widgets.card import Card, Divider, Row
from app.ui.widgets.icon_label import IconLabel
from app.ui.widgets.paint import fill_round
from app.ui.widgets.scroll import ScrollArea
from app.ui.widgets.text import ElidedLabel, Label
from app.ui.widgets.themed import Themed, pad

if TYPE_CHECKING:
    from app.core.report.pack_figures import Check as Proof
    from app.services.report.export_checks import Check

MARKS = {"warn": ("alert", "warn"), "info": ("info", "muted"), "ok": ("check", "money_in")}
ALOUD = {"warn": "to look at", "info": "to know", "ok": "fine"}


class PackView(Themed, QWidget):
    """`acted` names the check whose way out was taken; `verify` asks for a pack, zipped or not, to check."""

    acted = Signal(object)
    verify = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.files = Card("In the pack")
        self.span = Label("", Role.SMALL, "muted")
        self.files.add_link(self.span)
        self.checks = Card("Before you export")
        self.to_look_at = Badge("", "ok", "check")
        self.checks.add_link(self.to_look_at)
        self.packs = Card("Packs handed out")
        self.check_folder = Button("Check a folder…", size="small")
        self.check_zip = Button("Check a ZIP file…", size="small")
        for button, zipped in ((self.check_folder, False), (self.check_zip, True)):
            button.setToolTip("Compare every file of a pack with its own list of sums")
            button.clicked.connect(lambda _checked=False, zipped=zipped: self.verify.emit(zipped))
            self.packs.add_link(button)
        self.proof = _Proof()
        self.proof.hide()
        content = QWidget()
        self._cards = QVBoxLayout(content)
        self._cards.setAlignment(Qt.AlignmentFlag.AlignTop)
        for part in (self.files, self.checks, self.packs, self.proof):
            self._cards.addWidget(part)
        self.scroller = ScrollArea(content)
        self.scroller.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.scroller.setAccessibleName("Accountant pack")
        self.written = _Written()
        self.foot = _Foot()
        self.foot.history.clicked.connect(self.show_packs)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.written)
        column.addWidget(self.scroller, 1)
        column.addWidget(self.foot)
        self.follow_theme()

    def restyle(self) -> None:
        pad(self._cards, 24, 2, 24, 16)
        self._cards.setSpacing(current().dp(14))

    def show_facts(self, facts: Facts) -> None:
        place, focus = self.scroller.verticalScrollBar().value(), self._focused_check()
        self.files.clear_rows()
        self.span.setText(facts.span)
        for file in facts.files:
            row = _row(view_model.file_title(file), file.what, height=36)
            row.name.setToolTip(file.name)
            row.add_right(Label(view_model.file_facts(file), Role.SMALL, "muted"))
            self.files.add_row(row)
        self._show_checks(facts, focus)
        self._order_tabs()
        self.packs.clear_rows()
        self.packs.setVisible(bool(facts.handed_out))
        for pack in facts.handed_out:
            row = Row(pack.name, second=view_model.pack_words(pack, facts.zone, facts.today))
            row.add_right(Label("Net profit", Role.SMALL, "muted"))
            row.add_right(AmountLabel(pack.net_profit_cents, plain=True))
            self.packs.add_row(row)
        self.foot.last.setText(view_model.last_pack_words(facts))
        self.foot.history.setVisible(bool(facts.handed_out))
        QTimer.singleShot(0, self, lambda: self.scroller.verticalScrollBar().setValue(place))

    def _show_checks(self, facts: Facts, focus: str) -> None:
        self.checks.clear_rows()
        count = facts.open_checks
        if count:
            self.to_look_at.set_badge(f"{count} to look at", "warn")
        else:
            self.to_look_at.set_badge("Nothing to look at", "ok", "check")
        for check in facts.checks:
            icon, color = MARKS[check.level]
            mark = IconLabel(icon, color, 16, name=ALOUD[check.level])
            row = _row(check.text, check.note, lead=mark, role=Role.BODY)
            row.setAccessibleName(f"{ALOUD[check.level]}: {check.text}, {check.note}".rstrip(", "))
            if check.action:
                button = Button(check.action, size="small")
                button.setObjectName(check.key)
                button.setAccessibleName(f"{check.action}: {check.text}")
                button.clicked.connect(lambda _checked=False, check=check: self.acted.emit(check))
                row.add_right(button)
                if check.key == focus:
                    QTimer.singleShot(0, button, button.setFocus)
            self.checks.add_row(row)

    def _order_tabs(self) -> None:
        """Let Tab go as one reads: rows that are made anew come last by themselves."""
        buttons = self.checks.findChildren(Button)
        for before, after in pairwise((self.scroller, *buttons, self.check_folder, self.check_zip, self.foot.history)):
            QWidget.setTabOrder(before, after)

    def _focused_check(self) -> str:
        focus: QWidget | None = self.checks.focusWidget()
        return focus.objectName() if focus is not None and focus.hasFocus() else ""

    def show_packs(self) -> None:
        """Bring what was handed out into view."""
        QTimer.singleShot(0, self, self._go_to_packs)

    def _go_to_packs(self) -> None:
        if self.packs.isVisible():
            self.scroller.ensureWidgetVisible(self.packs)
            self.check_folder.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_proof(self, name: str, proofs: Sequence[Proof]) -> None:
        self.proof.show_proof(name, proofs)
        QTimer.singleShot(0, self, lambda: self.scroller.ensureWidgetVisible(self.proof))

    def show_written(self, path: Path) -> None:
        self.written.show_path(path)


def _row(name: str, note: str, *, lead: QWidget | None = None, height: int = 44, role: Role = Role.NAME) -> Row:
    """Return a row whose name is never cut: the note gives way."""
    row = Row(name, note, lead=lead, height=height, role=role)
    row.name.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
    return row


class _Proof(Card):
    """What checking a pack found."""

    def __init__(self) -> None:
        super().__init__("Checked", " ")
        self.badge = Badge("", "ok", "check")
        self.add_link(self.badge)

    def show_proof(self, name: str, proofs: Sequence[Proof]) -> None:
        self.clear_rows()
        self.set_title("Checked", name)
        wrong = sum(not proof.ok for proof in proofs)
        if wrong:
            self.badge.set_badge("Does not hold", "danger", "close")
        else:
            self.badge.set_badge("Unchanged, and it ties", "ok", "check")
        for proof in view_model.proof_rows(proofs):
            mark = IconLabel(*(("check", "money_in") if proof.ok else ("close", "danger")), 16,
                             name="holds" if proof.ok else "does not hold")  # fmt: skip
            self.add_row(_row(proof.name, proof.detail, lead=mark, height=36, role=Role.BODY))
        self.show()


class _Written(Themed, QWidget):
    """Where the pack just written is. It stands over the cards, where no toast covers it."""

    def __init__(self) -> None:
        super().__init__()
        self._path = Path()
        self.words = ElidedLabel("", Role.SMALL)
        self.show_folder = LinkButton("Show folder")
        self.copy_path = LinkButton("Copy path")
        self.show_folder.clicked.connect(self._open_folder)
        self.copy_path.clicked.connect(self._copy)
        close = IconButton("close", "Close", "small", framed=False)
        close.clicked.connect(self.hide)
        self._line = QHBoxLayout(self)
        for part in (IconLabel("check", "money_in", 16), self.words, self.show_folder, self.copy_path, close):
            self._line.addWidget(part, 1 if part is self.words else 0, Qt.AlignmentFlag.AlignVCenter)
        self.hide()
        self.follow_theme()

    def restyle(self) -> None:
        dp = current().dp
        pad(self._line, 40, 0, 28, 14)
        self._line.setSpacing(dp(12))
        self.setFixedHeight(dp(54))

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        dp = current().dp
        fill_round(QPainter(self), QRectF(self.rect()).adjusted(dp(24), 0, -dp(24), -dp(14)), dp(8), "in_bg")

    def show_path(self, path: Path) -> None:
        self._path = path
        self.words.setText(f"Written to {view_model.place_words(path)}")
        self.copy_path.set_words("Copy path")
        self.show()

    def _open_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._path.parent)))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(str(self._path))
        self.copy_path.set_words("Copied")


class _Foot(Themed, QWidget):
    """The last pack."""

    def __init__(self) -> None:
        super().__init__()
        self.last = ElidedLabel("", Role.SMALL, "muted")
        self.history = LinkButton("History")
        self._holder = QWidget()
        self._line = QHBoxLayout(self._holder)
        for part in (IconLabel("clock", "muted", 14), self.last, self.history):
            self._line.addWidget(part, 1 if part is self.last else 0, Qt.AlignmentFlag.AlignVCenter)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(Divider())
        column.addWidget(self._holder)
        self.follow_theme()

    def restyle(self) -> None:
        dp = current().dp
        pad(self._line, 24, 0, 24, 0)
        self._line.setSpacing(dp(10))
        self._holder.setFixedHeight(dp(44))


def way_out(check: Check, first: int, last: int) -> tuple[str, dict[str, object]]:
    """Return the page a check's button opens, and what it shows there."""
    if check.target == "review":
        return "today", {}
    if check.target == "settings":
        return "settings", {"section": "profile"}
    if check.target == "transactions":
        return "transactions", {"ids": check.ids} if check.ids else {"first": first, "last": last}
    return check.target, {"account": check.account_id, "month": check.month}

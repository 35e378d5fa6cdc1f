"""One window with every widget, for the eye and for the smoke test.

Run `python tests/ui/widgets/gallery.py FOLDER` to write pictures in both modes and two text sizes.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from PySide6.QtCore import QAbstractTableModel, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication, QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.ui.theme.fonts import Role
from app.ui.theme.install import install
from app.ui.theme.theme import current
from app.ui.widgets.amount import AmountLabel, amount_text
from app.ui.widgets.badge import Badge
from app.ui.widgets.banner import Banner
from app.ui.widgets.bars import ProgressBar, SplitBar
from app.ui.widgets.buttons import (
    Button,
    CheckBox,
    Chip,
    DropDown,
    IconButton,
    KeyCap,
    LinkButton,
    Segmented,
)
from app.ui.widgets.card import Card, Divider, Fact, Row
from app.ui.widgets.cell import Cell, cell_data
from app.ui.widgets.choices import ChoiceList
from app.ui.widgets.coverage import Coverage, CoverageGrid, CoverageLegend
from app.ui.widgets.dialog import Sheet
from app.ui.widgets.drop_area import DropArea
from app.ui.widgets.empty_state import EmptyState
from app.ui.widgets.evidence import EvidenceLine
from app.ui.widgets.fields import AmountEdit, DateEdit, LineEdit, PasswordEdit, field
from app.ui.widgets.gauge import Gauge, StepRing
from app.ui.widgets.header import PageHeader
from app.ui.widgets.keys_bar import KeysBar
from app.ui.widgets.paint import Check
from app.ui.widgets.palette_box import PaletteBox, Result
from app.ui.widgets.pane import Pane, PaneHead, Section
from app.ui.widgets.paper import Paper
from app.ui.widgets.progress_line import ProgressLine
from app.ui.widgets.table import Table
from app.ui.widgets.text import Figure, Label, StrongLabel
from app.ui.widgets.tile import Tile
from app.ui.widgets.toast import Toast

TODAY = 20777
HEADS = ("", "Date", "Payee", "Bank text", "Category", "Line", "Share", "", "Amount")
ROWS = [
    (Check.ON, "Nov 18", "Figma", "FIGMA MONTHLY RENEWAL", "Office expense", "18", "100%", "clip", -1500, True),
    (
        Check.OFF,
        "Nov 17",
        "Northwind Labs LLC",
        "ACH CREDIT NORTHWIND LABS",
        "Client income",
        "1",
        "",
        "",
        480000,
        False,
    ),
    (Check.ON, "Nov 16", "Lyft", "LYFT *RIDE SUN 4PM", "Travel", "24a", "100%", "", -2148, True),
    (Check.OFF, "Nov 16", "Sapphire payment", "CHASE AUTOPAY 0093", "Card payment", "–", "", "", -132240, True),
    (Check.OFF, "Nov 15", "Shell", "SHELL OIL 5544", "Car or personal?", "9", "", "clip", -5218, True),
]


class Rows(QAbstractTableModel):
    def rowCount(self, _parent: Any = None) -> int:  # noqa: N802 - Qt's name
        return len(ROWS)

    def columnCount(self, _parent: Any = None) -> int:  # noqa: N802 - Qt's name
        return len(HEADS)

    def data(self, index: Any, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        check, day, payee, bank, category, line, share, clip, cents, asks = ROWS[index.row()]
        cells = (
            Cell(kind="check", check=check),
            Cell(kind="muted", text=day),
            Cell(kind="name", text=payee),
            Cell(kind="bank", text=bank),
            Cell(text=category, question=asks, gutter=True),
            Cell(kind="line", text=line),
            Cell(kind="muted", text=share, right=True),
            Cell(kind="icon", icon=clip),
            Cell(kind="amount", cents=cents, quiet=cents == -132240),
        )
        return cell_data(cells[index.column()], role)

    def headerData(self, section: int, orientation: Any, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: N802 - Qt's name
        if orientation is not Qt.Orientation.Horizontal:
            return None
        kind = {0: "check", 7: "icon"}.get(section, "text")
        right = section in {6, 8}
        return cell_data(
            Cell(kind=kind, text=HEADS[section], check=Check.PARTLY, icon="clip", gutter=section == 4, right=right),
            role,
        )


def table() -> Table:
    made = Table("Transactions")
    made.setModel(made_rows := Rows(made))
    made_rows.setObjectName("rows")
    dp = current().dp
    for column, width in enumerate((50, 68, 170, 200, 180, 60, 60, 40, 132)):
        made.setColumnWidth(column, dp(width))
    made.head.setSectionResizeMode(3, made.head.ResizeMode.Stretch)
    made.head.setSortIndicatorShown(True)
    made.head.setSortIndicator(1, Qt.SortOrder.DescendingOrder)
    made.setSelectionMode(Table.SelectionMode.MultiSelection)
    made.selectRow(0)
    made.selectRow(2)
    made.fit_height()
    return made


def hero() -> Card:
    card = Card()
    line = QHBoxLayout()
    line.setContentsMargins(20, 18, 20, 16)
    line.setSpacing(20)
    left = QVBoxLayout()
    left.setSpacing(2)
    left.addWidget(Label("Set aside now", Role.CAPTION_STRONG, "muted"))
    left.addWidget(Figure(amount_text(183164), Role.HERO))
    left.addWidget(Label("38.2% of yesterday’s $4,800.00 from Northwind Labs", Role.SMALL))
    left.addWidget(Label("$1,740 to $2,511 until the 7 questions are answered", Role.CAPTION, "muted"))
    acts = QHBoxLayout()
    acts.addWidget(Button("Mark as moved", icon="check", size="small"))
    acts.addSpacing(18)
    acts.addWidget(LinkButton("Why this amount"))
    acts.addWidget(KeyCap("?", "Why this amount"))
    acts.addStretch(1)
    left.addSpacing(8)
    left.addLayout(acts)
    line.addLayout(left, 3)
    line.addWidget(Divider(upright=True))
    right = QVBoxLayout()
    right.setSpacing(4)
    right.addWidget(Label("Reserve for 2026 tax", Role.CAPTION_STRONG, "muted"))
    right.addWidget(Figure(amount_text(578019), Role.FIGURE_S, "of $7,611.83"))
    right.addWidget(ProgressBar(578019, 761183, name="Set aside"))
    right.addSpacing(12)
    right.addWidget(StrongLabel("Jan 15", ", in 58 days"))
    right.addWidget(Label("Q4 payment $4,520.00, covered", Role.SMALL, "muted"))
    right.addStretch(1)
    line.addLayout(right, 2)
    card.body.addLayout(line)
    return card


def pane() -> Pane:
    made = Pane(380, "Lyft")
    made.set_header(PaneHead("Lyft", "3 rides, Nov 11 to 16", "LY", AmountLabel(-6418, Role.PANE_TITLE)))
    likely = Section("Likely Travel", Badge("asked each time"))
    likely.add(
        EvidenceLine("clock", "9 of 11 earlier Lyft rides were Travel", "2 were Personal, both on a Saturday night")
    )
    likely.add(EvidenceLine("calendar", "Two rides on weekday mornings", "Sunday 4 pm is the one to look at"))
    likely.add(EvidenceLine("card", "Paid from a business card"))
    made.add_section(likely)
    book = Section("Book as", Label("Schedule C line", Role.CAPTION, "muted"))
    choices = ChoiceList("Book as")
    choices.set_choices(
        [
            (1, "Travel", "24a", "likely"),
            (2, "Personal", "none", ""),
            (3, "Meals", "24b", ""),
            (4, "Billed to a client", "24a", ""),
            (5, "Something else", "Search", ""),
        ],
        1,
    )
    book.add_wide(choices, 6)
    share = QWidget()
    line = QHBoxLayout(share)
    line.setContentsMargins(0, 0, 0, 0)
    line.addWidget(Label("Business share", Role.SMALL), 1)
    line.addWidget(Segmented([(100, "100%"), (50, "50%"), (None, "Other")], name="Business share"))
    book.add(share, 12)
    book.add(CheckBox("Always book Lyft this way"), 10)
    made.add_section(book)
    facts = Section()
    facts.add(Fact("Effect on what to set aside", AmountLabel(-2449, Role.SMALL_TITLE)))
    facts.add(Fact("Receipt", LinkButton("Attach", "A")))
    made.add_section(facts)
    made.add_foot(Button("Confirm 3", "primary", key="E", size="foot"), 1)
    made.add_foot(Button("Skip", key="J", size="foot"))
    made.add_foot(IconButton("more", "More", "foot"))
    return made


def coverage() -> Card:
    card = Card("Statements by month")
    card.add_link(CoverageLegend())
    grid = CoverageGrid()
    t, no = Coverage.TIES, Coverage.NO_STATEMENT
    grid.set_coverage(
        ["Dec", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov"],
        [
            ("Checking ··4821", [t] * 11 + [no]),
            ("Sapphire ··0093", [t] * 6 + [Coverage.UNTIED] + [t] * 4 + [Coverage.INCOMPLETE]),
            ("Tax savings ··7730", [t] * 8 + [Coverage.MISSING, t, t, no]),
            ("Stripe balance", [Coverage.NONE] + [t] * 10 + [no]),
        ],
        {(1, 6): "The books are $48.20 below the statement."},
    )
    card.body.addWidget(grid)
    card.body.addSpacing(8)
    row = Row(
        "Sapphire, June: the books are $48.20 below the statement", icon="alert", icon_color="danger", role=Role.SMALL
    )
    row.add_right(Button("Compare", size="small"))
    card.add_row(row)
    return card


def accounts() -> Card:
    card = Card("Accounts", "four of them")
    card.add_link(LinkButton("All 62"))
    for name, second, icon, badge, kind, mark, cents in (
        ("Business Checking ··4821", "Chase, linked, synced 2 min ago", "accounts", "in order", "ok", "check", 1510956),
        ("Sapphire card ··0093", "Chase, linked, last row Nov 16", "card", "login needed", "warn", "alert", -48912),
        ("Tax savings ··7730", "Ally, from files", "vault", "August missing", "neutral", None, 578019),
    ):
        row = Row(name, second=second, lead=Tile(icon=icon))
        row.add_right(Badge(badge, kind, mark))
        row.add_right(AmountLabel(cents, plain=True), 120)
        row.add_right(Button("Sync", icon="sync", size="small"), 100)
        card.add_row(row)
    card.add_row(Row("Worksheet by line", "every figure with its rows"))
    return card


def controls() -> QWidget:
    holder = QWidget()
    grid = QGridLayout(holder)
    grid.setContentsMargins(24, 8, 24, 8)
    grid.setSpacing(10)
    rows: list[list[QWidget]] = [
        [
            Button("Import", icon="import"),
            Button("Record payment", "primary", key="P"),
            Button("Quiet", "quiet"),
            Button("Delete all", "danger"),
            DropDown([(1, "All accounts"), (2, "Checking")], name="Account"),
            Button("Unlock", "primary", key="Enter", size="large"),
        ],
        [
            Chip("Nov 1 to 18, 2026", "calendar", active=True, closable=True),
            Chip("All accounts", menu=True),
            Chip("Filter", "plus", dashed=True),
            Segmented([(0, "By merchant"), (1, "By date")]),
            Segmented([(0, "Accountant pack"), (1, "Schedule C")], size="normal"),
            IconButton("more", "More"),
        ],
        [
            LineEdit("Payee, text or amount", "search", "/", 32),
            field("Amount", AmountEdit(123450)),
            field("Date", DateEdit(TODAY, TODAY), "The day on the statement"),
            field("Password", PasswordEdit()),
            Gauge(578019, 761183, "set aside"),
            StepRing(6, 7),
        ],
    ]
    off = Button("Cannot now", "primary")
    off.setEnabled(False)
    flat = Button("Not now", key="N")
    flat.setEnabled(False)
    partly = CheckBox("Some of them")
    partly.setTristate(True)
    partly.setCheckState(Qt.CheckState.PartiallyChecked)
    ticked = CheckBox("Sign the pack")
    ticked.setChecked(True)
    rows.append([off, flat, partly, ticked, CheckBox(name="Update check"), Badge("to move", "accent")])
    for at, widgets in enumerate(rows):
        for across, widget in enumerate(widgets):
            grid.addWidget(widget, at, across, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    return holder


def page() -> QFrame:
    made = QFrame()
    made.setObjectName("sheet")
    outer = QHBoxLayout(made)
    outer.setContentsMargins(1, 1, 1, 1)
    outer.setSpacing(0)
    column = QVBoxLayout()
    column.setSpacing(0)
    header = PageHeader("Today", "Wednesday, November 18")
    header.add_action(Button("Import", icon="import"))
    column.addWidget(header)
    inset = QVBoxLayout()
    inset.setContentsMargins(24, 0, 24, 14)
    inset.setSpacing(14)
    inset.addWidget(hero())
    inset.addWidget(Banner("warn", "Sapphire ··0093 needs a new login.", "Nothing newer has arrived.", "Fix login"))
    column.addLayout(inset)
    column.addWidget(table())
    column.addWidget(controls())
    lower = QVBoxLayout()
    lower.setContentsMargins(24, 8, 24, 14)
    lower.setSpacing(14)
    lower.addWidget(coverage())
    lower.addWidget(accounts())
    bar = SplitBar([(53, "s1", "Northwind"), (19, "s2", "Lumen"), (12, "s3", "Upwork"), (9, "s4", "Halden")])
    lower.addWidget(bar)
    lower.addWidget(SplitBar([(678, "s1", "Self-employment"), (738, "s2", "Federal"), (414, "s5", "State")], 10, 2970))
    line = ProgressLine()
    lower.addWidget(line)
    line.show_progress("Reading chase.csv", 340, 1000)
    column.addLayout(lower)
    column.addStretch(1)
    keys = [(("J", "K"), "move"), (("E",), "confirm"), (("1–9",), "choose"), (("Ctrl K",), "all keys")]
    column.addWidget(KeysBar(keys))
    outer.addLayout(column, 1)
    outer.addWidget(pane())
    return made


def gallery() -> QWidget:
    window = QWidget()
    window.setObjectName("window")
    dp = current().dp
    window.resize(dp(1440), dp(1640))
    column = QVBoxLayout(window)
    column.setContentsMargins(8, 8, 8, 36)
    column.addWidget(page(), 1)
    Toast(window).show_text("Booked 4 Amazon orders as Supplies", undo=True)
    return window


def second_page() -> QWidget:
    window = QWidget()
    window.setObjectName("window")
    dp = current().dp
    window.resize(dp(1100), dp(860))
    line = QHBoxLayout(window)
    left = QVBoxLayout()
    empty = EmptyState("check", "All caught up", "Next tax date Jan 15, in 58 days. The Q4 payment is set aside.", "ok")
    empty.add_action(Button("Look at last week"))
    left.addWidget(empty)
    drop = DropArea("Drop a bank file here", "OFX, QFX, QBO, QIF or CSV", "Choose file")
    left.addWidget(drop)
    hot = DropArea("or drop one or more bank files anywhere in this window", icon="reports")
    hot.set_hot(True)
    left.addWidget(hot)
    line.addLayout(left, 1)
    paper = Paper("The first page appears here")
    image = QImage(850, 1100, QImage.Format.Format_RGB32)
    image.fill(QColor("#FFFFFF"))
    paper.set_page(image, "01-summary.pdf, page 1 of 14")
    right = QVBoxLayout()
    right.addWidget(paper)
    right.addWidget(Paper("The first page appears here"))
    line.addLayout(right, 1)
    return window


def with_palette(window: QWidget) -> PaletteBox:
    box = PaletteBox(window, tip="Try a sum: 4800*0.382")
    box.open_box()
    box.field.setText("nor")
    box.set_results(
        [
            ("Payers and payees", [Result("p", "person", "Northwind Labs LLC", "payer, $52,800.00 this year")]),
            (
                "Transactions",
                [
                    Result("1", "transactions", "Northwind Labs LLC", "Nov 17, +$4,800.00"),
                    Result("2", "transactions", "Northwind Labs LLC", "Oct 16, +$4,800.00"),
                    Result("3", "filter", "Show all 11 from Northwind Labs LLC", "", "Ctrl Enter"),
                ],
            ),
            ("Commands", [Result("4", "plus", "New rule for Northwind Labs LLC", "", "R")]),
        ]
    )
    return box


def with_sheet(window: QWidget) -> Sheet:
    sheet = Sheet(window, "Erase all books")
    sheet.body.addWidget(Label("This takes every transaction, receipt and rule off this computer. ", wrap=True))
    sheet.body.addWidget(field("Type the name of the books", LineEdit("Reyes Design")))
    sheet.add_button(Button("Keep them"))
    sheet.add_button(Button("Erase", "danger"))
    sheet.open_box()
    return sheet


def main() -> None:
    folder = Path(sys.argv[1])
    app = QApplication(sys.argv[:1])
    theme = install(app, "light")
    for mode in ("light", "dark"):
        for scale in (1.0, 1.5):
            theme.set_mode(mode)
            theme.set_scale(scale)
            for name, build in (("one", gallery), ("two", second_page)):
                window = build()
                window.show()
                app.processEvents()
                window.grab().save(str(folder / f"{name}-{mode}-{int(scale * 100)}.png"))
                if name == "two":
                    box = with_palette(window)
                    app.processEvents()
                    window.grab().save(str(folder / f"palette-{mode}-{int(scale * 100)}.png"))
                    box.close_box()
                    sheet = with_sheet(window)
                    app.processEvents()
                    window.grab().save(str(folder / f"sheet-{mode}-{int(scale * 100)}.png"))
                    sheet.close_box()
                window.close()


if __name__ == "__main__":
    main()

"""Every command of the window, once: menu, keys, palette, the sheet of keys and the accessible names come from here.

A single letter acts only while the list of its page has the focus (WCAG 2.1.4) and can be switched off; everything a
letter does is in the menu and the palette too.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from app.ui.runtime.preferences import Preferences


@dataclass(frozen=True, slots=True, kw_only=True)
class Spec:
    """One command. `page` is None for those that act everywhere."""

    id: str
    text: str
    keys: tuple[str, ...] = ()
    menu: str = ""
    page: str | None = None
    icon: str = ""
    in_palette: bool = True


def _page(page: str, menu: str, *rows: tuple[str, str, tuple[str, ...], str]) -> tuple[Spec, ...]:
    return tuple(Spec(id=f"{page}.{id_}", text=text, keys=keys, menu=menu, page=page, icon=icon)
                 for id_, text, keys, icon in rows)  # fmt: skip


SPECS: tuple[Spec, ...] = (
    Spec(id="app.import", text="Import files…", keys=("Ctrl+I",), menu="File", icon="import"),
    Spec(id="app.export", text="Export for the accountant", keys=("Ctrl+E",), menu="File", icon="export"),
    Spec(id="app.backup", text="Back up now", keys=("Ctrl+B",), menu="File", icon="database"),
    Spec(id="app.test_backup", text="Test my backup", menu="File", icon="check"),
    Spec(id="app.recovery", text="Make recovery sheet…", menu="File", icon="key"),
    Spec(id="app.passphrase", text="Change passphrase…", menu="File", icon="key"),
    Spec(id="app.lock", text="Lock now", keys=("Ctrl+L",), menu="File", icon="lock"),
    Spec(id="app.quit", text="Quit", keys=("Ctrl+Q",), menu="File", icon="close"),
    Spec(id="edit.undo", text="Undo", keys=("Ctrl+Z",), menu="Edit", icon="undo"),
    Spec(id="edit.redo", text="Redo", keys=("Ctrl+Shift+Z",), menu="Edit", icon="repeat"),
    Spec(id="app.search", text="Search transactions", keys=("Ctrl+F", "/"), menu="Edit", icon="search"),
    Spec(id="app.palette", text="Search or run…", keys=("Ctrl+K",), menu="Edit", icon="command", in_palette=False),
    Spec(id="go.today", text="Today", keys=("Ctrl+1",), menu="Go", icon="today"),
    Spec(id="go.transactions", text="Transactions", keys=("Ctrl+2",), menu="Go", icon="transactions"),
    Spec(id="go.income", text="Income", keys=("Ctrl+3",), menu="Go", icon="income"),
    Spec(id="go.taxes", text="Taxes", keys=("Ctrl+4",), menu="Go", icon="taxes"),
    Spec(id="go.reports", text="Reports", keys=("Ctrl+5",), menu="Go", icon="reports"),
    Spec(id="go.accounts", text="Accounts", keys=("Ctrl+6",), menu="Go", icon="accounts"),
    Spec(id="go.history", text="History", keys=("Ctrl+7",), menu="Go", icon="clock"),
    Spec(id="go.settings", text="Settings", keys=("Ctrl+,",), menu="Go", icon="settings"),
    Spec(id="go.backups", text="Backups", menu="Go", icon="database"),
    Spec(id="view.hide_amounts", text="Hide amounts", keys=("Ctrl+Shift+H",), menu="View", icon="eye-off"),
    Spec(id="view.bigger", text="Larger text", keys=("Ctrl++", "Ctrl+="), menu="View", icon="plus"),
    Spec(id="view.smaller", text="Smaller text", keys=("Ctrl+-",), menu="View", icon="more"),
    Spec(id="view.normal", text="Normal text size", keys=("Ctrl+0",), menu="View", icon="repeat"),
    Spec(id="view.next_region", text="Next part of the window", keys=("F6",), menu="View", icon="arrow-right"),
    Spec(id="help.page", text="Help on this page", keys=("F1",), menu="Help", icon="help"),
    Spec(id="help.keys", text="All keys of this page", keys=("?",), menu="Help", icon="command"),
    Spec(id="help.verify", text="Verify history", menu="Help", icon="shield"),
    Spec(id="help.check", text="Check books", menu="Help", icon="shield"),
    Spec(id="help.report", text="Report a problem…", menu="Help", icon="alert"),
    Spec(id="help.about", text="About 1099 Ops", menu="Help", icon="info"),
    *_page(
        "today", "Review",
        ("next", "Next question", ("J",), "chevron-down"),
        ("previous", "Previous question", ("K",), "chevron-down"),
        ("confirm", "Confirm", ("E",), "check"),
        *((f"choose{n}", f"Take choice {n}", (str(n),), "check") for n in range(1, 10)),
        ("personal", "Book as personal", ("P", "0"), "person"),
        ("transfer", "Book as own transfer", ("T",), "transfer"),
        ("split", "Split…", ("S",), "split"),
        ("rule", "Make a rule from this…", ("R",), "tag"),
        ("note", "Add a note…", ("N",), "edit"),
        ("undo", "Undo", ("U",), "undo"),
        ("mark", "Mark this question", ("X",), "check"),
        ("all", "Mark all that are sure", ("Ctrl+A",), "check"),
        ("unmark", "Take all marks away", (), "close"),
        ("extend_down", "Mark and go down", ("Shift+J",), "chevron-down"),
        ("extend_up", "Mark and go up", ("Shift+K",), "chevron-down"),
        ("detail", "Go to the details", ("Return",), "arrow-right"),
        ("snooze", "Ask again after the month’s end", ("H",), "clock"),
        ("why", "Why this suggestion", ("W",), "info"),
        ("always", "Always book this way", ("A",), "repeat"),
        ("alike", "Show all rows like these", ("V",), "transactions"),
        ("learned", "Change what was learned…", ("L",), "edit"),
    ),
    *_page(
        "transactions", "Transactions",
        ("edit", "Show and edit", ("Return",), "edit"),
        ("mark", "Mark", ("Space",), "check"),
        ("all", "Mark all that match", ("Ctrl+A",), "check"),
        ("category", "Set category…", ("C",), "tag"),
        ("share", "Set business share…", ("B",), "taxes"),
        ("transfer", "Mark as own transfer", ("T",), "transfer"),
        ("confirm", "Confirm", ("E",), "check"),
        ("split", "Split…", ("S",), "split"),
        ("merge", "Merge two duplicates", ("M",), "link"),
        ("delete", "Delete…", ("D", "Del"), "trash"),
        ("note", "Edit the note", ("N",), "edit"),
        ("history", "History of this row", ("H",), "clock"),
        ("top", "Go to the top", ("G", "Home"), "arrow-right"),
        ("bottom", "Go to the end", ("Shift+G", "End"), "arrow-right"),
        ("filter", "Add a filter…", ("F",), "filter"),
        ("clear", "Clear the filter", ("Shift+C",), "filter"),
        ("restore", "Bring back", ("R",), "repeat"),
        ("keep_apart", "These are no duplicates", (), "link"),
        ("alike", "Show the rows like the one just booked", ("V",), "transactions"),
        ("learn", "Book rows like it so from now on", ("L",), "repeat"),
        ("undo", "Undo", ("U",), "undo"),
        ("export", "Save these rows as CSV…", (), "export"),
    ),
    *_page(
        "income", "Income",
        ("client", "Add a client…", ("N",), "plus"),
        ("expect", "Expect a payment…", ("E",), "calendar"),
        ("form", "Record a form 1099…", ("9",), "reports"),
        ("nameless", "Name deposits without a payer", ("M",), "tag"),
        ("rows", "All transactions of the payer", ("T",), "transactions"),
        ("rename", "Rename the payer…", ("R",), "edit"),
        ("join", "Join with another payer…", ("J",), "link"),
    ),
    *_page(
        "taxes", "Taxes",
        ("payment", "Record a payment…", ("P",), "plus"),
        ("setup", "Tax set-up…", ("T",), "settings"),
        ("moved", "Mark as moved", ("M",), "check"),
        ("what_if", "What if…", ("W",), "repeat"),
        ("ladder", "How is this computed?", ("H",), "info"),
        ("worksheet", "Open the worksheet", ("S",), "reports"),
        ("plan", "Save the instalments as PDF…", (), "export"),
        ("postpone", "Postpone a due date…", ("D",), "calendar"),
    ),
    *_page(
        "accounts", "Accounts",
        ("import", "Import a file…", ("I",), "import"),
        ("edit", "Edit the account…", ("Return",), "edit"),
        ("rows", "Show its transactions", ("T",), "transactions"),
        ("compare", "Compare with the statement", ("C",), "search"),
        ("undo_import", "Undo the import", ("U",), "undo"),
        ("connect", "Connect a bank…", ("B",), "link"),
        ("sync", "Sync the bank now", ("Shift+S",), "sync"),
        ("sign_in", "Sign in at the bank again…", ("F",), "key"),
        ("disconnect", "Disconnect the bank…", (), "close"),
    ),
    *_page(
        "reports", "Reports",
        ("print", "Print the summary…", ("Ctrl+P",), "reports"),
        ("previous_page", "Page before", ("PgUp",), "arrow-right"),
        ("next_page", "Next page", ("PgDown",), "arrow-right"),
    ),
    *_page(
        "history", "History",
        ("undo", "Undo this step", ("U",), "undo"),
        ("redo", "Do this step again", ("R",), "repeat"),
        ("rows", "Show the rows it touched", ("T",), "transactions"),
    ),
)  # fmt: skip

MENUS = (
    "File", "Edit", "View", "Go", "Review", "Transactions", "Income", "Taxes", "Accounts", "Reports", "History", "Help",
)  # fmt: skip
MENU_TITLES = {"Income": "I&ncome", "Taxes": "Ta&xes", "Reports": "Re&ports", "History": "H&istory"}
"""Where the first letter with Alt is another menu's."""


def is_letter(keys: str) -> bool:
    """Return whether a key is a plain character: it must not act while somebody types or listens."""
    return len(keys.removeprefix("Shift+")) == 1


class Actions(QObject):
    """The commands as QActions. Pages say what theirs do (`bind`) and where their keys act (`attach`)."""

    def __init__(self, window: QWidget, preferences: Preferences) -> None:
        super().__init__(window)
        self._window = window
        self._preferences = preferences
        self._do: dict[str, Callable[[], None]] = {}
        self._enabled: dict[str, Callable[[], bool]] = {}
        self._made: dict[str, QAction] = {}
        self.specs = {spec.id: spec for spec in SPECS}
        for spec in SPECS:
            action = QAction(spec.text, self)
            action.setObjectName(spec.id)
            action.setEnabled(False)
            action.triggered.connect(lambda _checked=False, id_=spec.id: self._run(id_))
            everywhere = spec.page is None
            action.setShortcutContext(
                Qt.ShortcutContext.WindowShortcut if everywhere else Qt.ShortcutContext.WidgetWithChildrenShortcut
            )
            self._made[spec.id] = action
            if everywhere:
                window.addAction(action)
        self._set_keys()
        preferences.changed.connect(lambda name: self._set_keys() if name == "keys/letters" else None)

    def _set_keys(self) -> None:
        letters = self._preferences.is_on("keys/letters")
        for spec in SPECS:
            keys = [key for key in spec.keys if letters or not is_letter(key)]
            self._made[spec.id].setShortcuts([QKeySequence(key) for key in keys])

    def __getitem__(self, id_: str) -> QAction:
        return self._made[id_]

    def bind(self, id_: str, do: Callable[[], None], enabled: Callable[[], bool] | None = None) -> None:
        """Say what a command does, and when it can be done. A page made anew takes the place of the one before it."""
        self._do[id_] = do
        self._made[id_].setEnabled(True)
        self._enabled.pop(id_, None)
        if enabled is not None:
            self._enabled[id_] = enabled

    def unbind_pages(self) -> None:
        """Forget what the commands of pages do: the pages are gone, with all they held."""
        for spec in SPECS:
            if spec.page is not None:
                self._do.pop(spec.id, None)
                self._enabled.pop(spec.id, None)
                self._made[spec.id].setEnabled(False)

    def is_bound(self, id_: str) -> bool:
        return id_ in self._do

    def attach(self, page: str, widget: QWidget) -> None:
        """Let the keys of a page act while this widget, or one inside it, has the focus."""
        for spec in SPECS:
            if spec.page == page:
                widget.addAction(self._made[spec.id])

    def can(self, id_: str) -> bool:
        """Return whether a command can be done now. Asked when it is wanted: an answer kept would be out of date."""
        ask = self._enabled.get(id_)
        return id_ in self._do and (ask is None or ask())

    def trigger(self, id_: str) -> None:
        if self.can(id_):
            self._made[id_].trigger()

    def _run(self, id_: str) -> None:
        if self.can(id_):
            self._do[id_]()

    def tell_in(self, menu: QMenu) -> None:
        """Grey out in a menu, while it is open, what cannot be done now; keys are asked when they are pressed."""
        menu.aboutToShow.connect(lambda: self._grey(menu, closing=False))
        menu.aboutToHide.connect(lambda: self._grey(menu, closing=True))

    def _grey(self, menu: QMenu, *, closing: bool) -> None:
        for action in menu.actions():
            id_ = action.objectName()
            if id_ in self._made:
                action.setEnabled(id_ in self._do if closing else self.can(id_))

    def of_page(self, page: str | None) -> list[Spec]:
        return [spec for spec in SPECS if spec.page == page]

    @staticmethod
    def key_text(spec: Spec) -> str:
        """Return the first key as people write it: `Ctrl K`, `Shift J`."""
        if not spec.keys:
            return ""
        native = QKeySequence(spec.keys[0]).toString(QKeySequence.SequenceFormat.NativeText)
        return native.replace("+", " ").replace("Ctrl  ", "Ctrl +").replace("Return", "Enter")

"""What the commands do that act everywhere. Those of a page are bound by the page."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from app.ui.runtime.preferences import TEXT_SIZES
from app.ui.runtime.session import State
from app.ui.theme import theme

if TYPE_CHECKING:
    from app.services.books.open_books import Books
    from app.services.books.work import Outcome
    from app.ui.frame.main_window import MainWindow


def bind(window: MainWindow) -> None:
    """Bind every command that belongs to no page."""
    act = window.commands

    def is_open() -> bool:
        return window.shows_books

    for id_ in ("today", "transactions", "income", "taxes", "reports", "accounts", "history", "settings"):
        act.bind(f"go.{id_}", partial(window.go, id_), is_open)
    _bind_vault(window, is_open)
    act.bind("app.import", window.choose_files, lambda: window.session.state is not State.LOCKED)
    act.bind("app.export", lambda: window.go("reports", export=True), is_open)
    act.bind(
        "app.lock", window.session.lock,
        lambda: window.session.state is State.OPEN and not window.session.is_sample,
    )  # fmt: skip
    act.bind("app.quit", partial(_quit, window))
    act.bind("app.search", lambda: window.go("transactions", search=True), is_open)
    act.bind("app.palette", partial(_palette, window), is_open)
    act.bind("edit.undo", partial(_undo, window), is_open)
    act.bind("edit.redo", partial(_redo, window), is_open)
    act.bind("view.hide_amounts", _hide_amounts)
    act.bind("view.bigger", partial(_zoom, window, 1))
    act.bind("view.smaller", partial(_zoom, window, -1))
    act.bind("view.normal", partial(window.preferences.set, "appearance/text_percent", 100))
    act.bind("view.next_region", partial(_next_region, window))
    act.bind("help.page", partial(_help, window))
    act.bind("help.keys", partial(_keys, window), is_open)
    act.bind("help.report", partial(_report, window))
    act.bind("help.about", lambda: window.go("help", about=True), is_open)


def _bind_vault(window: MainWindow, is_open: Callable[[], bool]) -> None:
    """Bind what the settings do about keys, backups and proofs; the sample books have no keys anybody holds."""
    act = window.commands

    def is_own() -> bool:
        return is_open() and not window.session.is_sample

    act.bind("go.backups", partial(window.go, "settings", section="backups"), is_open)
    act.bind("app.backup", lambda: _back_up(window), is_open)
    act.bind("app.test_backup", partial(window.go, "settings", section="backups", do="test"), is_open)
    for id_, what, when in (
        ("app.recovery", "recovery", is_own), ("app.passphrase", "passphrase", is_own),
        ("help.verify", "verify", is_open), ("help.check", "check", is_open),
    ):  # fmt: skip
        act.bind(id_, partial(window.go, "settings", section="security", do=what), when)


def _back_up(window: MainWindow) -> None:
    from app.ui.settings import watched  # noqa: PLC0415 - loads when first wanted

    watched.back_up(window)


def _quit(window: MainWindow) -> None:
    window.close()


def _undo(window: MainWindow) -> None:
    def work(books: Books) -> tuple[Outcome, str]:
        from app.services.books import history, history_words  # noqa: PLC0415

        label = history_words.newest_label(books) or "the last step"
        return history.undo(books), label

    window.tasks.write(work, lambda done: window.toast(f"Undone: {done[1]}", undo=False), window.fail)


def _redo(window: MainWindow) -> None:
    def work(books: Books) -> Outcome:
        from app.services.books import history  # noqa: PLC0415

        return history.redo(books)

    window.tasks.write(work, lambda _done: window.toast("Done again."), window.fail)


def _hide_amounts() -> None:
    look = theme.current()
    look.set_hide_amounts(not look.hide_amounts)


def _zoom(window: MainWindow, step: int) -> None:
    now = window.preferences.number("appearance/text_percent")
    nearest = min(range(len(TEXT_SIZES)), key=lambda n: abs(TEXT_SIZES[n] - now))
    wanted = TEXT_SIZES[min(max(nearest + step, 0), len(TEXT_SIZES) - 1)]
    window.preferences.set("appearance/text_percent", wanted)


def _next_region(window: MainWindow) -> None:
    """Move the focus from the sidebar to the page, to its pane, to the status row, and round again."""
    page = window.shell.page
    if page is None:
        return
    regions: list[QWidget] = [window.shell.sidebar.items[window.shell.current], page.main_widget()]
    if page.pane_is_visible and page.pane is not None:
        regions.append(page.pane)
    regions.append(window.shell.status.amounts)
    focus = QApplication.focusWidget()
    here = next((n for n, part in enumerate(regions) if focus is part or (focus and part.isAncestorOf(focus))), -1)
    for step in range(1, len(regions) + 1):
        target = regions[(here + step) % len(regions)]
        first = target if target.focusPolicy() != Qt.FocusPolicy.NoFocus else first_focusable(target)
        if first is not None:
            first.setFocus(Qt.FocusReason.ShortcutFocusReason)
            return


def first_focusable(widget: QWidget) -> QWidget | None:
    """Return the first child that takes the focus, in the order of Tab."""
    for child in widget.findChildren(QWidget):
        if child.isVisibleTo(widget) and child.isEnabled() and child.focusPolicy() & Qt.FocusPolicy.TabFocus:
            return child
    return None


def _palette(window: MainWindow) -> None:
    from app.ui.frame.command_palette import open_palette  # noqa: PLC0415 - loads when first wanted

    open_palette(window)


def _help(window: MainWindow) -> None:
    if window.shows_books:
        window.go("help", page=window.shell.current)


def _keys(window: MainWindow) -> None:
    from app.ui.frame.keys_sheet import show_keys  # noqa: PLC0415

    show_keys(window, window.shell.current)


def _report(window: MainWindow) -> None:
    from app.ui.sheets.report_sheet import open_report_sheet  # noqa: PLC0415 - loads when something went wrong

    open_report_sheet(window)

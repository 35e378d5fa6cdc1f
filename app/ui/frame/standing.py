"""How the books stand, said around the pages: name, questions, steps to undo, backups, banks, and what needs a look."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.ui.runtime.session import State

if TYPE_CHECKING:
    from app.ui.frame.main_window import MainWindow
    from app.ui.runtime.upkeep import Notice


class Standing:
    def __init__(self, window: MainWindow) -> None:
        self._window, self._shell = window, window.shell
        self._upkeep, self._bank = window.upkeep, window.bank
        self._upkeep.changed.connect(self._show_upkeep)
        self._bank.changed.connect(self._show_upkeep)
        self._shell.shown.connect(lambda _id: self._show_notice())
        self._shell.notice.acted.connect(self._mend)

    def ask(self) -> None:
        """Ask for what the frame itself shows of the books: name, open questions, steps to undo."""
        from app.ui.frame.frame_facts import frame_facts  # noqa: PLC0415 - pulls in services

        self._window.tasks.run(frame_facts, self._show_facts)

    def _show_facts(self, facts: Any) -> None:  # noqa: ANN401 - FrameFacts, loaded late
        self._shell.sidebar.brand.set_book_name(facts.name)
        self._shell.sidebar.items["today"].set_count(facts.questions)
        self._shell.status.set_steps(facts.steps, facts.newest)
        self._window.commands["edit.undo"].setText(f"Undo: {facts.newest}" if facts.newest else "Undo")

    def _show_upkeep(self) -> None:
        """Say quietly when the last backup was made, and above the page what must not stay unseen."""
        self._shell.status.set_backup(self._upkeep.backup_words, failed=self._upkeep.backup_trouble is not None)
        asks = bool(self._bank.asking) and self._bank.running is None
        self._shell.status.set_bank(self._bank.words, asks=asks)
        self._shell.sidebar.items["accounts"].set_count(self._bank.asking)
        self._show_notice()

    @property
    def _notice(self) -> Notice | None:
        """Return what is said above the page; what a bank wants is said by the page of the accounts itself."""
        return self._upkeep.notice or (self._bank.notice if self._shell.current != "accounts" else None)

    def _show_notice(self) -> None:
        self._shell.show_notice(self._notice)

    def _mend(self) -> None:
        notice = self._notice
        if notice is None or self._window.session.state is not State.OPEN:
            return
        if notice.page == "settings":
            self._window.go("settings", section=notice.section)
        else:
            self._window.go(notice.page, bank="ask")

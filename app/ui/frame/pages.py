"""The pages there are: only those that work are named here. Each loads when it is first opened."""

from __future__ import annotations

from importlib import import_module
from typing import NamedTuple

from app.ui.frame.page import Frame, Page


class Entry(NamedTuple):
    id: str
    title: str
    icon: str
    module: str
    group: str


PAGES: tuple[Entry, ...] = (
    Entry("today", "Today", "today", "app.ui.inbox.page", "top"),
    Entry("transactions", "Transactions", "transactions", "app.ui.transactions.page", "top"),
    Entry("income", "Income", "income", "app.ui.income.page", "top"),
    Entry("taxes", "Taxes", "taxes", "app.ui.taxes.page", "top"),
    Entry("reports", "Reports", "reports", "app.ui.reports.page", "top"),
    Entry("accounts", "Accounts", "accounts", "app.ui.accounts.page", "top"),
    Entry("history", "History", "clock", "app.ui.history.page", "top"),
    Entry("settings", "Settings", "settings", "app.ui.settings.page", "bottom"),
    Entry("help", "Help", "help", "app.ui.help.page", "bottom"),
)


def title(id_: str) -> str:
    return next(entry.title for entry in PAGES if entry.id == id_)


def make(entry: Entry, frame: Frame) -> Page:
    """Load a page's module and make its page: the class it calls PAGE."""
    found: type[Page] = import_module(entry.module).PAGE
    return found(frame)

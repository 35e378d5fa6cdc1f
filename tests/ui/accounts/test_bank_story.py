"""From Connect to rows in the window: a real relay process, a stand-in for Plaid behind it, the real services."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QLabel
from ui.accounts.conftest import open_page

from app.services.bank import bank_links
from app.ui.accounts.connect.confirm_step import ConfirmStep
from app.ui.accounts.connect.setup_step import SetupStep
from app.ui.accounts.connect.wait_step import WaitStep
from app.ui.settings.egress_card import EgressCard
from tests.relay.conftest import RelayProcess, plaid, relay, relays, shared_relay, stand_in
from tests.relay.plaid_stand_in import CLIENT_ID, SECRET, Item, PlaidStandIn, account, transaction

__all__ = ["plaid", "relay", "relays", "shared_relay", "stand_in"]

SLOW = 60_000


def words(widget: Any) -> str:
    return "\n".join(label.text() for label in widget.findChildren(QLabel) if label.isVisible())


def bank(plaid: PlaidStandIn, rows: int) -> Item:
    item = plaid.new_item(accounts=[account("acc1")])
    item.add(*(transaction(f"t{n}", "acc1", 10 + n, f"2026-11-{n + 2:02d}", f"HARBOR COFFEE {n}") for n in range(rows)))
    return item


def connect(qtbot: Any, page: Any, relay: RelayProcess, plaid: PlaidStandIn, item: Item, opened: list[str]) -> Any:
    """Go through the sheet up to the question whether the bank is the right one."""
    page.bank.connect()
    sheet = page.bank.sheet
    sheet.send.click()
    qtbot.waitUntil(lambda: isinstance(sheet._step, SetupStep))
    sheet._step.address.setText(relay.origin)
    sheet.send.click()
    qtbot.waitUntil(lambda: isinstance(sheet._step, WaitStep) and bool(opened), timeout=SLOW)
    plaid.finish(plaid.last_link(), item)
    sheet.send.click()
    qtbot.waitUntil(lambda: isinstance(sheet._step, ConfirmStep), timeout=SLOW)
    return sheet


def test_a_bank_is_connected_and_its_rows_are_in_the_window(
    qtbot: Any, window: Any, settle: Callable[[Any], None], relay: RelayProcess, plaid: PlaidStandIn
) -> None:
    item = bank(plaid, 5)
    opened: list[str] = []
    window.bank.open_page = lambda url: bool(opened.append(url) or True)
    page = open_page(qtbot, window, settle)
    before = window.session.gui.transactions.last_id()

    sheet = connect(qtbot, page, relay, plaid, item, opened)
    assert opened[0].startswith("https://secure.plaid.com/")
    sheet._step.places[0].role.set_value("business")
    sheet.send.click()
    qtbot.waitUntil(lambda: "5 transactions are here" in words(sheet), timeout=SLOW)
    sheet.send.click()
    settle(window)

    link = window.bank.standing.links[0]
    made = window.session.gui.accounts.get(link.accounts[0])
    assert window.session.gui.transactions.last_id() == before + 5
    assert made.role == "business"
    assert window.shell.status.bank.text() == "Synced just now"
    assert page.list.accounts.links[made.id].second.endswith("linked, last synced just now")
    assert next(row for row in page.list.accounts.rows if row.id == made.id).rows == 5

    item.error = {"error_type": "ITEM_ERROR", "error_code": "ITEM_LOGIN_REQUIRED", "error_message": ""}
    window.bank.sync(link.id, by_hand=False)
    qtbot.waitUntil(lambda: "wants you to sign in again" in words(page.banners), timeout=SLOW)
    page.bank.do("sign_in", link.id)
    sheet = page.bank.sheet
    sheet.send.click()
    qtbot.waitUntil(lambda: len(opened) == 2, timeout=SLOW)
    item.error = None
    item.add(transaction("t9", "acc1", 44, "2026-11-18", "HARBOR COFFEE AGAIN"))
    plaid.finish(plaid.last_link())
    sheet.send.click()
    qtbot.waitUntil(lambda: "is connected. 1 transaction is here." in words(sheet), timeout=SLOW)
    sheet.close_box()
    qtbot.waitUntil(lambda: not window.bank.asking)

    window.go("settings", section="privacy")
    settle(window)
    assert "What left this machine" in words(window.shell.page)
    cells = window.shell.page.findChild(EgressCard).table.cells
    assert "your transactions" in {cells.index(row, 2).data() for row in range(cells.rowCount())}

    window.go("accounts")
    page = window.shell.page
    page.bank.do("disconnect", link.id)
    page.bank.sheet.send.click()
    qtbot.waitUntil(lambda: not window.bank.standing.links, timeout=SLOW)
    settle(window)
    assert window.session.gui.transactions.last_id() == before + 6
    assert window.shell.status.bank.isHidden()


def test_a_bank_that_is_not_wanted_is_taken_off_at_its_side(
    qtbot: Any, window: Any, settle: Callable[[Any], None], relay: RelayProcess, plaid: PlaidStandIn
) -> None:
    item = bank(plaid, 2)
    opened: list[str] = []
    window.bank.open_page = lambda url: bool(opened.append(url) or True)
    page = open_page(qtbot, window, settle)
    sheet = connect(qtbot, page, relay, plaid, item, opened)
    sheet.cancel.click()
    qtbot.waitUntil(lambda: "Nothing was connected" in words(window.shell.toast), timeout=SLOW)
    assert window.bank.standing.links == ()
    assert item.removed


def test_the_relay_of_own_keys_ends_at_the_lock(
    qtbot: Any, window: Any, settle: Callable[[Any], None], plaid: PlaidStandIn
) -> None:
    numbers: list[int | None] = []

    def work(books: Any, _token: Any) -> None:
        bank_links.setup_own_keys(books, CLIENT_ID, SECRET, env="sandbox", plaid_host=plaid.host)
        numbers.append(books.child.number)

    window.tasks.beside(work)
    qtbot.waitUntil(lambda: bool(numbers), timeout=SLOW)
    number = numbers[0]
    assert number is not None
    assert _runs(number)
    window.session.lock()
    qtbot.waitUntil(lambda: not _runs(number), timeout=SLOW)


def _runs(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    return True

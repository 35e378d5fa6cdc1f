"""From Connect to rows in the window: a real relay process, a stand-in for Plaid behind it, the real services."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QLabel
from ui.accounts.conftest import open_page

from app.ui.accounts.connect_steps import ConfirmStep, SetupStep, WaitStep
from tests.relay.conftest import RelayProcess, plaid, relay, relays  # noqa: F401 - used by pytest
from tests.relay.plaid_stand_in import PlaidStandIn, account, transaction

SLOW = 60_000


def words(widget: Any) -> str:
    return "\n".join(label.text() for label in widget.findChildren(QLabel) if label.isVisible())


def test_a_bank_is_connected_and_its_rows_are_in_the_window(
    qtbot: Any,
    window: Any,
    settle: Callable[[Any], None],
    relay: RelayProcess,  # noqa: F811 - the fixture
    plaid: PlaidStandIn,  # noqa: F811 - the fixture
) -> None:
    item = plaid.new_item(accounts=[account("acc1")])
    item.add(*(transaction(f"t{n}", "acc1", 10 + n, f"2026-11-{n + 2:02d}", f"HARBOR COFFEE {n}") for n in range(5)))
    opened: list[str] = []
    window.bank.open_page = lambda url: bool(opened.append(url) or True)
    page = open_page(qtbot, window, settle)
    rows_before = window.session.gui.transactions.last_id()

    page.bank.connect()
    sheet = page.bank.sheet
    sheet.send.click()
    qtbot.waitUntil(lambda: isinstance(sheet._step, SetupStep))
    sheet._step.address.setText(relay.origin)
    sheet.send.click()
    qtbot.waitUntil(lambda: isinstance(sheet._step, WaitStep) and bool(opened), timeout=SLOW)
    assert opened[0].startswith("https://secure.plaid.com/")
    plaid.finish(plaid.last_link(), item)
    sheet.send.click()
    qtbot.waitUntil(lambda: isinstance(sheet._step, ConfirmStep), timeout=SLOW)
    place = sheet._step.places[0]
    place.role.set_value("business")
    sheet.send.click()
    qtbot.waitUntil(lambda: "5 transactions are here" in words(sheet), timeout=SLOW)
    sheet.send.click()
    settle(window)

    assert window.session.gui.transactions.last_id() == rows_before + 5
    link = window.bank.standing.links[0]
    made = window.session.gui.accounts.get(link.accounts[0])
    assert made.role == "business"
    assert window.shell.status.bank.text() == "Synced just now"
    row = page.list.accounts.links[made.id]
    assert row.second.endswith("linked, last synced just now")
    assert page.list.accounts.rows[-1].rows == 5

    window.go("settings", section="privacy")
    settle(window)
    section = window.shell.page.findChild(QLabel).window().shell.page
    assert "What left this machine" in words(section)

    item.fail("ITEM_LOGIN_REQUIRED") if hasattr(item, "fail") else None
    window.go("accounts")
    page = window.shell.page
    page.bank.do("disconnect", link.id)
    page.bank.sheet.send.click()
    qtbot.waitUntil(lambda: not window.bank.standing.links, timeout=SLOW)
    settle(window)
    assert window.session.gui.transactions.last_id() == rows_before + 5

"""Connecting a bank in the window: what is said before, the wait, the accounts, the first rows, signing in again."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from ui import audit
from ui.accounts.conftest import open_page
from ui.accounts.fake_bank import PAGE, RELAY, FakeBank

from app.core.errors import BankRefused, BankUnreachable
from app.ui.accounts.connect.confirm_step import ConfirmStep
from app.ui.accounts.connect.setup_step import SetupStep
from app.ui.accounts.connect.wait_step import WaitStep
from app.ui.accounts.connect.words_step import WordsStep
from app.ui.runtime.bank_port import Link, Sent
from app.ui.settings.egress_card import EgressCard
from app.ui.widgets.buttons import Button


@pytest.fixture
def linked(qtbot: Any, window: Any, settle: Callable[[Any], None]) -> Callable[..., Any]:
    """The page over a bank link that answers at once: `(page, fake)`."""

    def make(*links: Link, way: Any = RELAY) -> tuple[Any, FakeBank]:
        fake = FakeBank(way, links)
        window.bank.port = fake
        opened: list[str] = []
        window.bank.open_page = lambda url: bool(opened.append(url) or True)
        fake.opened = opened  # type: ignore[attr-defined]
        page = open_page(qtbot, window, settle)
        window.bank.load()
        qtbot.waitUntil(lambda: window.bank.standing.way == way)
        settle(window)
        return page, fake

    return make


def words(sheet: Any) -> str:
    return "\n".join(label.text() for label in sheet.findChildren(QLabel) if label.isVisible())


def step(qtbot: Any, sheet: Any, kind: type) -> Any:
    qtbot.waitUntil(lambda: isinstance(sheet._step, kind))
    return sheet._step


def test_it_says_what_leaves_the_machine_before_anything_is_sent(linked: Callable[..., Any]) -> None:
    page, fake = linked()
    page.bank.connect()
    said = words(page.bank.sheet)
    assert "Nothing has been sent yet" in said
    assert "Leaves this computer" in said
    assert "Never leaves this computer" in said
    assert "relay.example.com" in said
    assert "Your bank password" in said
    assert fake.asked == []


def test_a_bank_is_linked_after_its_page_and_the_persons_word(qtbot: Any, linked: Callable[..., Any]) -> None:
    page, fake = linked()
    page.bank.connect()
    sheet = page.bank.sheet
    sheet.send.click()
    step(qtbot, sheet, WaitStep)
    qtbot.waitUntil(lambda: fake.opened == [PAGE])
    fake.state = "open"
    sheet.send.click()
    qtbot.waitUntil(lambda: "The page is open" in words(sheet))
    fake.state = "linked"
    sheet.send.click()
    asks = step(qtbot, sheet, ConfirmStep)
    assert "Chase, 2 accounts. Is this your bank?" in words(sheet)
    asks.places[1].role.set_value("business")
    sheet.send.click()
    qtbot.waitUntil(lambda: "214 transactions are here" in words(sheet))
    assert fake.answer is not None
    assert fake.answer["a2"].role == "business"
    assert ("sync", 5) in fake.asked
    sheet.send.click()
    assert sheet.isHidden()


def test_a_no_takes_the_bank_off_again_and_a_slip_does_not(qtbot: Any, linked: Callable[..., Any]) -> None:
    page, fake = linked()
    page.bank.connect()
    sheet = page.bank.sheet
    fake.state = "linked"
    sheet.send.click()
    step(qtbot, sheet, ConfirmStep)
    qtbot.keyClick(sheet, Qt.Key.Key_Escape)
    assert not sheet.isHidden()
    sheet.cancel.click()
    qtbot.waitUntil(lambda: "rejected" in fake.asked)
    qtbot.waitUntil(lambda: "Nothing was connected" in words(page.window().shell.toast))


def test_cancel_ends_the_wait(qtbot: Any, linked: Callable[..., Any]) -> None:
    page, fake = linked()
    page.bank.connect()
    sheet = page.bank.sheet
    sheet.send.click()
    step(qtbot, sheet, WaitStep)
    qtbot.waitUntil(lambda: bool(fake.opened))
    sheet.cancel.click()
    assert sheet.isHidden()
    ended = []
    page.frame.tasks.beside(lambda _books, _token: 1, ended.append)
    qtbot.waitUntil(lambda: ended == [1])
    assert fake.answer is None


def test_the_first_time_a_relay_is_set_up_with_its_invitation(qtbot: Any, linked: Callable[..., Any]) -> None:
    page, fake = linked(way=None)
    page.bank.connect()
    sheet = page.bank.sheet
    assert isinstance(sheet._step, WordsStep)
    sheet.send.click()
    fields = step(qtbot, sheet, SetupStep)
    fields.address.setText("relay.example.com")
    sheet.send.click()
    assert "It begins with https://" in words(sheet)
    assert fake.asked == []
    fields.address.setText("https://relay.example.com")
    fields.grant.setText("eyJ.invited")
    fake.errors = [BankRefused("bad_grant", said=("The bank link does not accept this grant.", "ops1099 bank setup"))]
    sheet.send.click()
    qtbot.waitUntil(lambda: "does not accept this invitation" in words(sheet))
    assert "ops1099" not in words(sheet)
    sheet.send.click()
    step(qtbot, sheet, WaitStep)
    assert fake.asked[:2] == [("relay", "https://relay.example.com", "eyJ.invited")] * 2


def test_own_keys_are_asked_for_with_their_own_words(qtbot: Any, linked: Callable[..., Any]) -> None:
    page, fake = linked(way=None)
    page.bank.connect()
    sheet = page.bank.sheet
    first = step(qtbot, sheet, WordsStep)
    first.ways.set_value("own_keys")
    first.ways.changed.emit("own_keys")
    assert "To Plaid: your Plaid client id and secret" in words(sheet)
    assert "relay host" not in words(sheet)
    sheet.send.click()
    fields = step(qtbot, sheet, SetupStep)
    fields.client_id.setText("client")
    fields.secret.edit.setText("secret")
    sheet.send.click()
    step(qtbot, sheet, WaitStep)
    assert fake.asked[0] == ("own_keys", "client", "production")


def test_a_bank_that_asks_to_sign_in_is_told_everywhere_and_mended(
    qtbot: Any, linked: Callable[..., Any], window: Any, settle: Callable[[Any], None]
) -> None:
    page, fake = linked(Link(id=5, institution="Chase", health="reconnect", synced_at=1, accounts=(1,)))
    assert "Chase wants you to sign in again." in words(page)
    assert window.shell.notice.isHidden()
    assert window.shell.sidebar.items["accounts"].count == 1
    window.go("today")
    assert window.shell.notice.isVisible()
    assert "Chase wants you to sign in again." in words(window.shell.notice)
    window.shell.notice.acted.emit()
    settle(window)
    sheet = page.bank.sheet
    assert "Sign in at Chase again" in words(sheet)
    fake.state = "repaired"
    sheet.send.click()
    qtbot.waitUntil(lambda: "Chase is connected" in words(sheet))
    assert ("reconnect", 5) in fake.asked
    qtbot.waitUntil(lambda: window.shell.sidebar.items["accounts"].count == 0)
    sheet.close_box()
    assert not page.banners.isVisible()


def test_sync_now_is_held_to_once_in_five_minutes(qtbot: Any, linked: Callable[..., Any], window: Any) -> None:
    _, fake = linked(Link(id=5, institution="Chase", accounts=(1,)))
    window.commands.trigger("accounts.sync")
    qtbot.waitUntil(lambda: "Chase: 214 new transactions." in words(window.shell.toast))
    qtbot.waitUntil(lambda: window.bank.wait_ms(5) > 0)  # the window has read when it was tried
    window.commands.trigger("accounts.sync")
    assert "again in 5 minutes" in words(window.shell.toast)
    assert fake.asked.count(("sync", 5)) == 1
    qtbot.waitUntil(lambda: window.shell.status.bank.text() == "Synced just now")


def test_what_was_read_before_a_sync_does_not_come_after_it(
    qtbot: Any, linked: Callable[..., Any], window: Any, settle: Callable[[Any], None]
) -> None:
    _, fake = linked(Link(id=5, institution="Chase", accounts=(1,)))
    go, begun, read = threading.Event(), threading.Event(), fake.standing

    def slow(books: Any) -> Any:
        fake.standing = read
        found = read(books)
        begun.set()
        go.wait(20)
        return found

    fake.standing = slow
    window.bank.load()
    qtbot.waitUntil(begun.is_set)
    window.bank.sync(5)
    qtbot.waitUntil(lambda: window.bank.wait_ms(5) > 0)
    go.set()
    settle(window)
    assert window.bank.wait_ms(5) > 0, "a second click would ask the bank again"


def test_a_sync_can_be_stopped(qtbot: Any, linked: Callable[..., Any], window: Any) -> None:
    page, fake = linked(Link(id=5, institution="Chase", accounts=(1,)))
    fake.hold.clear()
    window.bank.sync(5)
    qtbot.waitUntil(lambda: window.bank.fetched == 120)
    assert window.shell.status.bank.text() == "Fetching Chase"
    page.sync_button.click()
    qtbot.waitUntil(lambda: window.bank.running is None)
    assert window.bank.troubles == {}


def test_being_offline_is_told_quietly(qtbot: Any, linked: Callable[..., Any], window: Any) -> None:
    page, fake = linked(Link(id=5, institution="Chase", synced_at=1, accounts=(1,)))
    fake.errors = [BankUnreachable()]
    window.bank.sync(5, by_hand=False)
    qtbot.waitUntil(lambda: bool(window.bank.troubles))
    qtbot.waitUntil(lambda: "offline" in window.shell.status.bank.text())
    assert not page.banners.isVisible()
    assert page.list.accounts.links[1].second.endswith(", offline")


def test_disconnecting_says_what_cannot_be_undone_and_keeps_the_rows(
    qtbot: Any, linked: Callable[..., Any], window: Any
) -> None:
    page, fake = linked(Link(id=5, institution="Chase", accounts=(1,)))
    page.bank.do("disconnect", 5)
    sheet = page.bank.sheet
    assert "This cannot be undone" in words(sheet)
    fake.errors = [BankUnreachable()]
    sheet.send.click()
    qtbot.waitUntil(lambda: "Nothing was changed." in words(sheet))
    sheet.send.click()
    qtbot.waitUntil(lambda: "Chase is disconnected." in words(window.shell.toast))
    assert fake.asked[-1] == ("disconnect", 5, True)
    qtbot.waitUntil(lambda: not window.bank.standing.links)


def test_a_lock_ends_what_talks_to_a_bank(qtbot: Any, linked: Callable[..., Any], window: Any) -> None:
    _, fake = linked(Link(id=5, institution="Chase", accounts=(1,)))
    fake.hold.clear()
    window.bank.sync(5)
    qtbot.waitUntil(lambda: window.bank.fetched == 120)
    with qtbot.waitSignal(window.session.state_changed):
        window.session.lock()
    assert window.bank.running is None
    assert window.shell.status.bank.isHidden()


def test_two_accounts_of_a_bank_cannot_share_one(qtbot: Any, linked: Callable[..., Any]) -> None:
    page, fake = linked()
    page.bank.connect()
    sheet = page.bank.sheet
    fake.state = "linked"
    sheet.send.click()
    asks = step(qtbot, sheet, ConfirmStep)
    known = next(value for value in asks.places[0].target.values() if value is not None)
    for place in asks.places:
        place.target.set_value(known)
    sheet.send.click()
    assert "cannot share one" in words(sheet)
    assert fake.answer is None
    asks.places[1].target.set_value(None)
    sheet.send.click()
    qtbot.waitUntil(lambda: fake.answer is not None)
    assert fake.answer is not None
    assert (fake.answer["a1"].account_id, fake.answer["a2"].account_id) == (known, None)


def test_a_bank_that_was_not_answered_for_is_asked_about_later(qtbot: Any, linked: Callable[..., Any]) -> None:
    page, fake = linked()
    fake.unanswered = ("Chase",)
    page.frame.bank.load()
    qtbot.waitUntil(lambda: "Chase was linked and waits for your word." in words(page))
    page.bank.do("finish", 0)
    step(qtbot, page.bank.sheet, ConfirmStep)
    assert fake.asked == [("connect", True)]
    assert fake.opened == []


@pytest.mark.parametrize(("left", "is_everywhere"), [(14, False), (8, False), (7, True), (0, True), (-1, True)])
def test_a_permission_that_ends_soon_is_told_beside_the_accounts_and_in_its_last_week_everywhere(
    linked: Callable[..., Any], window: Any, left: int, *, is_everywhere: bool
) -> None:
    ends = date(2026, 12, 4)
    page, _ = linked(
        Link(id=5, institution="Chase", synced_at=1, accounts=(1,), permission_ends=ends, permission_days=left),
        Link(id=6, institution="Ally", synced_at=1, accounts=(2,)),
    )
    said = f"Your permission at Chase {'ended' if left < 0 else 'ends'} on December 4, 2026."
    assert said in words(page.banners)
    assert page.banners.findChildren(Button)[0].text() == "Reconnect"
    window.go("today")
    assert window.shell.notice.isVisible() is is_everywhere
    if is_everywhere:
        assert said in words(window.shell.notice)
        window.shell.notice.acted.emit()
        assert "Sign in at Chase again" in words(page.bank.sheet)
        page.bank.sheet.close_box()


def test_rows_that_came_incomplete_are_named_beside_the_accounts(linked: Callable[..., Any]) -> None:
    rows = tuple(("Chase Checking", f"the row of 2026-03-0{day}: it has no amount") for day in range(1, 6))
    page, _ = linked(
        Link(id=5, institution="Chase", synced_at=1, accounts=(1,), unread=rows),
        Link(id=6, institution="Ally", synced_at=1, accounts=(2,), unread=rows[:1]),
    )
    said = words(page.banners)
    assert "5 transactions of Chase came incomplete and are not booked." in said
    assert "1 transaction of Ally came incomplete and is not booked." in said
    assert "Chase Checking: the row of 2026-03-01: it has no amount;" in said
    assert "and 2 more" in said
    assert "until then you can add them by hand" in said
    assert "until then you can add it by hand" in said


@pytest.mark.parametrize("by_hand", [True, False])
def test_an_account_that_was_in_the_books_already_is_named_when_its_rows_come(
    qtbot: Any, linked: Callable[..., Any], window: Any, *, by_hand: bool
) -> None:
    page, fake = linked(Link(id=5, institution="Chase", accounts=(1,)))
    fake.brings = fake.brings._replace(joined=(("Everyday ··4417", "Business account"),))
    if by_hand:
        page.bank.do("sync", 5)
    else:
        window.bank.sync(5, by_hand=False)
    said = "Everyday ··4417 is your account Business account: its transactions go there."
    qtbot.waitUntil(lambda: said in words(window.shell.toast))


def test_banks_are_fetched_at_the_start_and_every_six_hours(
    qtbot: Any, linked: Callable[..., Any], window: Any
) -> None:
    _, fake = linked(Link(id=5, institution="Chase", accounts=(1,)), Link(id=6, institution="Ally", health="reconnect"))
    window.bank.by_itself = True
    window.bank.begin()
    qtbot.waitUntil(lambda: ("sync", 5) in fake.asked and window.bank.running is None)
    assert ("sync", 6) not in fake.asked
    qtbot.waitUntil(lambda: 5 * 3_600_000 < window.bank._next.remainingTime() < 7 * 3_600_000)


def test_what_could_not_be_reached_is_tried_again_soon_and_then_later(
    qtbot: Any, linked: Callable[..., Any], window: Any
) -> None:
    _, fake = linked(Link(id=5, institution="Chase", accounts=(1,)))
    fake.errors = [BankUnreachable()]
    window.bank.by_itself = True
    window.bank.begin()
    for failures, most in enumerate((60_000, 300_000, 1_800_000), 1):
        fake.errors = fake.errors or [BankUnreachable()]
        if failures > 1:
            window.bank.sync(5, by_hand=False)
        qtbot.waitUntil(lambda wanted=failures: window.bank.link(5).failures == wanted)
        qtbot.waitUntil(lambda: window.bank.running is None and window.bank._next.isActive())
        qtbot.waitUntil(lambda wanted=most: 0.9 * wanted < window.bank._next.remainingTime() < 1.1 * wanted)
    assert window.shell.toast.isHidden()


def test_what_left_this_machine_is_listed_and_saved(
    qtbot: Any, linked: Callable[..., Any], window: Any, settle: Callable[[Any], None], tmp_path: Path
) -> None:
    _, fake = linked()
    window.go("settings", section="privacy")
    settle(window)
    assert EgressCard(window.shell.page).nothing.parentWidget().isHidden(), "nothing is said before it was read"
    card = window.shell.page.findChild(EgressCard)
    assert "These books have made no connection." in words(card)
    fake.sent = tuple(
        Sent(1_790_000_000_000 + n, "relay.example.com", "transactions", 900, 39_000, "bank sync") for n in range(12)
    )
    card.load()
    qtbot.waitUntil(lambda: card.table.cells.rowCount() == 8)
    assert "10.8 KB sent, 468.0 KB received" in words(card)
    card.more.click()
    qtbot.waitUntil(lambda: card.table.cells.rowCount() == 12)
    texts = [card.table.cells.index(0, column).data() for column in range(1, 6)]
    assert texts == ["relay.example.com", "your transactions", "900 B", "39.0 KB", "a sync"]
    card.save(tmp_path / "sent.csv")
    qtbot.waitUntil(lambda: "12 entries saved as sent.csv." in words(window.shell.toast))


def test_the_sample_books_connect_to_nothing(
    qtbot: Any, make_window: Callable[[Path], Any], tmp_path: Path, settle: Callable[[Any], None]
) -> None:
    shown = make_window(tmp_path / "none")
    with qtbot.waitSignal(shown.session.state_changed, timeout=60_000):
        shown.open_sample()
    settle(shown)
    page = open_page(qtbot, shown, settle)
    assert not page.panes.add.bank.button.isEnabled()
    assert "The sample books connect to nothing." in words(page.panes.add)
    assert not shown.commands.can("accounts.connect")


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_the_sheets_can_be_used_by_everyone(
    qtbot: Any, linked: Callable[..., Any], window: Any, look: Any, scale: float
) -> None:
    page, fake = linked(way=None)
    look.set_scale(scale)
    window.resize(1024, 700)
    page.bank.connect()
    sheet = page.bank.sheet
    assert wrong(sheet) == []
    sheet.send.click()
    step(qtbot, sheet, SetupStep)
    assert wrong(sheet) == []
    sheet._step.address.setText("https://relay.example.com")
    fake.state = "linked"
    sheet.send.click()
    step(qtbot, sheet, ConfirmStep)
    assert wrong(sheet) == []


def wrong(sheet: Any) -> list[str]:
    box = sheet.box
    return [*audit.unnamed(box), *audit.untabbed(box), *audit.too_small(box), *audit.misplaced(box)]

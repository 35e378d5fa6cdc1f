"""With one's own Plaid keys the relay is a child of the program: nobody else reaches it, and it never stays behind."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from urllib.parse import urlsplit

import httpx2
import pytest

from app.core.errors import BankRefused, Cancelled, Refused
from app.services.backup import backups
from app.services.bank import bank_feed, bank_links, bank_secrets, egress_list
from app.services.bank.bank_asking import asking
from app.services.books.open_books import Books
from app.services.privacy import data_page, erase_home
from tests.bank.conftest import MemoryKeychain, bank, connect, reopened
from tests.relay.plaid_stand_in import CLIENT_ID, SECRET, PlaidStandIn
from tests.relay.test_exchange import Held


@pytest.fixture
def own(books: Books, plaid: PlaidStandIn) -> Books:
    bank_links.setup_own_keys(books, CLIENT_ID, SECRET, env="sandbox", plaid_host=plaid.host)
    return books


def child_of(books: Books) -> tuple[int, str]:
    assert books.child is not None
    origin = books.child.origin()
    assert books.child.number is not None
    return books.child.number, origin


def gone(number: int) -> bool:
    """Wait until a process is no more."""
    ends = time.monotonic() + 20
    while time.monotonic() < ends:
        try:
            os.kill(number, 0)
        except ProcessLookupError:
            return True
    return False


def test_a_bank_is_linked_and_read_through_the_child(own: Books, plaid: PlaidStandIn, keychain: MemoryKeychain) -> None:
    (number,) = connect(own, plaid, bank(plaid))
    with bank_feed.feed(own, number) as feed:
        assert len(feed.page("")["added"]) == 3
    hosts = {row.host for row in egress_list.listed(own).rows}
    assert hosts == {"127.0.0.1"}  # the stand-in; whom the child calls is what leaves, not the child
    assert any(name.endswith(".bank.own") for name in keychain.entries)


def test_what_was_sealed_opens_after_a_restart(own: Books, plaid: PlaidStandIn, keychain: MemoryKeychain) -> None:
    (number,) = connect(own, plaid, bank(plaid))
    first, origin = child_of(own)
    again = reopened(own, keychain)
    assert gone(first)
    try:
        with bank_feed.feed(again, number) as feed:
            assert feed.health()["health"] == "ok"
        second, other = child_of(again)
        assert second != first
        assert urlsplit(other).path != urlsplit(origin).path
    finally:
        again.close()
    assert gone(second)


def test_a_child_that_was_killed_is_started_again(own: Books, plaid: PlaidStandIn) -> None:
    (number,) = connect(own, plaid, bank(plaid))
    first, _ = child_of(own)
    os.kill(first, signal.SIGKILL)
    assert own.child is not None
    own.child._process.wait()  # type: ignore[union-attr]
    with bank_feed.feed(own, number) as feed:
        assert feed.health()["health"] == "ok"
    assert child_of(own)[0] != first


def test_program_and_child_killed_together_lose_no_bank(own: Books, plaid: PlaidStandIn) -> None:
    """The child exchanged, and nobody took the answer: the next child has it, and nothing of it can be read."""
    bank_links.begin(own)
    plaid.finish(plaid.last_link(), bank(plaid))
    (page,) = bank_links.pages(own).values()
    with asking(own, "test") as relay:
        told = relay.post("/v1/link/status", {"link": page.handle}, "link")
    os.kill(child_of(own)[0], signal.SIGKILL)
    assert own.child is not None
    own.child._process.wait()  # type: ignore[union-attr]
    kept = [path.read_bytes() for path in (own.home / "relay").iterdir()]
    assert kept
    assert not any(b"access-" in data or told["items"][0]["item_id"].encode() in data for data in kept)
    assert [stands.state for stands in bank_links.check(own)] == ["linked"]
    assert bank_secrets.get(own, "token:" + told["items"][0]["item_id"]) == told["items"][0]["sealed_token"]
    assert len(plaid.exchanges) == 1
    assert list((own.home / "relay").iterdir()) == []


def test_no_backup_takes_the_childs_folder_and_the_list_of_places_names_it(own: Books, plaid: PlaidStandIn) -> None:
    connect(own, plaid, bank(plaid))
    before = backups.create(own, reason="asked", full=True).file.stat().st_size
    # Noise does not get smaller by being packed: it would show, wherever in the backup it were.
    (own.home / "relay" / ("a" * 64)).write_bytes(os.urandom(4 * 1024 * 1024))
    assert backups.create(own, reason="asked", full=True).file.stat().st_size - before < 100_000
    (place,) = [each for each in data_page.places(own.home) if each.kind == "relay"]
    assert (place.path, place.files, place.size) == (own.home / "relay", 1, 4 * 1024 * 1024)


def test_erasing_takes_the_childs_folder_too(own: Books, plaid: PlaidStandIn, keychain: MemoryKeychain) -> None:
    connect(own, plaid, bank(plaid))
    (own.home / "relay" / ("a" * 64)).write_bytes(b"left behind")
    gone = erase_home.erase(own, lambda: keychain)
    assert sorted(path.name for path in gone.home.iterdir()) == ["ERASED.txt"]


def test_a_child_told_to_end_finishes_an_exchange_and_keeps_it(
    own: Books, plaid: PlaidStandIn, keychain: MemoryKeychain
) -> None:
    held = Held(plaid)
    bank_links.begin(own)
    plaid.finish(plaid.last_link(), bank(plaid))
    number, _ = child_of(own)
    locked = threading.Thread(target=lambda: held.happened.wait(30) and own.hang_up())
    locked.start()
    with pytest.raises(Cancelled):
        bank_links.check(own)
    locked.join()
    held.let_go.set()
    again = reopened(own, keychain)
    assert gone(number)
    try:
        assert [stands.state for stands in bank_links.check(again)] == ["linked"]
        assert len(plaid.exchanges) == 1
    finally:
        again.close()


def test_neither_arguments_nor_environment_of_the_child_hold_a_secret(own: Books) -> None:
    number, origin = child_of(own)
    told = Path(f"/proc/{number}/cmdline").read_bytes() + Path(f"/proc/{number}/environ").read_bytes()
    for secret in (SECRET, CLIENT_ID, urlsplit(origin).path.strip("/")):
        assert secret.encode() not in told


def test_only_who_knows_the_path_and_comes_by_loopback_is_answered(own: Books) -> None:
    _, origin = child_of(own)
    parts = urlsplit(origin)
    root = f"http://{parts.netloc}"
    assert httpx2.get(origin + "/v1/config").status_code == 200
    assert httpx2.get(root + "/v1/config").status_code == 404
    assert httpx2.get(f"{root}/{'A' * 43}/v1/config").status_code == 404
    assert httpx2.get(origin + "/v1/config", headers={"Host": "evil.example:80"}).status_code == 404
    assert httpx2.get(origin + "/v1/config", headers={"Origin": "https://evil.example"}).status_code == 404
    own_address = socket.gethostbyname(socket.gethostname())
    if own_address != "127.0.0.1":
        with pytest.raises(OSError), socket.create_connection((own_address, parts.port or 0), timeout=2):
            pytest.fail("it listens on another address")


def test_a_program_that_is_killed_leaves_no_child(plaid: PlaidStandIn, tmp_path: Path) -> None:
    program = (
        "import sys, signal\n"
        "from pathlib import Path\n"
        "from app.services.bank.bank_child import RelayChild, new_keys\n"
        "from app.adapters.randomness import OsRandomness\n"
        f"keys = new_keys({CLIENT_ID!r}, {SECRET!r}, env='sandbox', host={plaid.host!r}, randomness=OsRandomness())\n"
        f"child = RelayChild(lambda: keys, OsRandomness(), Path({str(tmp_path)!r}))\n"
        "child.origin()\n"
        "print(child.number, flush=True)\n"
        "signal.pause()\n"
    )
    root = Path(__file__).resolve().parents[2]
    started = subprocess.Popen([sys.executable, "-c", program], cwd=root, stdout=subprocess.PIPE, text=True)
    assert started.stdout is not None
    number = int(started.stdout.readline())
    started.kill()
    started.communicate()
    assert gone(number)


def test_keys_that_plaid_refuses_are_told_of_in_words(books: Books, plaid: PlaidStandIn) -> None:
    bank_links.setup_own_keys(books, CLIENT_ID, "another-secret", env="sandbox", plaid_host=plaid.host)
    with pytest.raises(BankRefused) as refused:
        bank_links.begin(books)
    assert refused.value.reason == "misconfigured"
    assert "dashboard.plaid.com" in refused.value.hint
    # a right secret for the same account takes its place
    bank_links.setup_own_keys(books, CLIENT_ID, SECRET, env="sandbox", plaid_host=plaid.host)
    assert bank_links.begin(books).url.startswith("https://secure.plaid.com/")


@pytest.mark.parametrize(
    ("client_id", "secret", "env", "host"),
    [("", SECRET, "sandbox", None), ("a b", SECRET, "sandbox", None), (CLIENT_ID, "x" * 201, "sandbox", None),
     (CLIENT_ID, SECRET, "development", None), (CLIENT_ID, SECRET, "production", "http://127.0.0.1:1"),
     (CLIENT_ID, SECRET, "sandbox", "https://plaid.example")],
)  # fmt: skip
def test_what_cannot_be_keys_is_refused_and_nothing_is_kept(
    books: Books, keychain: MemoryKeychain, client_id: str, secret: str, env: str, host: str | None
) -> None:
    before = dict(keychain.entries)
    with pytest.raises(Refused):
        bank_links.setup_own_keys(books, client_id, secret, env=env, plaid_host=host)
    assert keychain.entries == before

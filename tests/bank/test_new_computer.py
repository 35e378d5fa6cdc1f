"""Books come to a new computer from a backup, and their banks come along."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from app.adapters.randomness import OsRandomness
from app.core.security.envelope import Mode
from app.services.backup import backups, restores
from app.services.bank import bank_client, bank_feed, bank_links, bank_secrets
from app.services.books import opening
from app.services.books.open_books import Books, Unlock
from app.services.vault import key_changes
from relay import key_files
from tests.bank.conftest import CLOCK, PASSPHRASE, MemoryKeychain, bank, connect
from tests.relay.conftest import RelayProcess
from tests.relay.plaid_stand_in import PlaidStandIn


def at(home: Path, keychain: MemoryKeychain | None, unlock: Unlock) -> Books:
    return opening.open_books(home, unlock, keychain=lambda: keychain, clock=CLOCK)


def test_a_restored_backup_moves_the_bank_to_a_key_of_the_new_computer(
    linked: Books, plaid: PlaidStandIn, tmp_path: Path
) -> None:
    (number,) = connect(linked, plaid, bank(plaid))
    recovery = key_changes.make_recovery_key(linked, randomness=OsRandomness())
    made = backups.create(linked, reason="asked")
    old = bank_client.device_key(linked).thumbprint
    assert b"link" in made.file.read_bytes()[:20_000]

    new_keychain = MemoryKeychain()
    away = tmp_path / "away"
    restores.restore(made.file, away, Unlock(recovery_key=recovery), keychain=lambda: new_keychain, clock=CLOCK,
                     into_new=True)  # fmt: skip
    there = at(away, new_keychain, Unlock(recovery_key=recovery))
    try:
        key_changes.change_mode(there, Mode.KEYCHAIN, passphrase=None, keychain=new_keychain, randomness=OsRandomness())
        (standing,) = bank_links.status(there).connections
        assert (standing.health, standing.asked, standing.has_token) == ("ok", True, True)
        with bank_feed.feed(there, number) as feed:
            assert len(feed.page("")["added"]) == 3
        assert bank_client.device_key(there).thumbprint != old
        assert bank_secrets.names(there, bank_secrets.COPY) == []
        assert bank_links.disconnect(there, number, keep_rows=True).how == "removed"
    finally:
        there.close()


def test_a_backup_put_back_over_the_same_books_keeps_banks_linked_since(
    linked: Books, plaid: PlaidStandIn, keychain: MemoryKeychain
) -> None:
    (first,) = connect(linked, plaid, bank(plaid))
    made = backups.create(linked, reason="asked")
    later = bank(plaid, "acc2", institution_id="ins_2", institution_name="Second Bank")
    connect(linked, plaid, later)
    home = linked.home
    linked.close()
    restores.restore(made.file, home, Unlock(), keychain=lambda: keychain, clock=CLOCK)
    back = at(home, keychain, Unlock())
    try:
        found = bank_links.status(back)
        assert [each.id for each in found.connections] == [first]
        assert [each.institution for each in found.linked] == ["Second Bank"]
        bank_links.reject(back, found.linked[0].item_id)
        assert later.removed
    finally:
        back.close()


def test_books_with_a_passphrase_move_too_where_it_takes_a_grant(
    make_books: Callable[..., Books], relays: Callable[..., RelayProcess], plaid: PlaidStandIn, tmp_path: Path
) -> None:
    strict = relays(enrolment="grant")
    grant = key_files.grant(strict.keys / "grant.pem", plan="personal", max_items=2, days=7, once=True)
    books = make_books()
    bank_links.setup_relay(books, strict.origin, grant=grant)
    (number,) = connect(books, plaid, bank(plaid))
    old = bank_client.device_key(books).thumbprint
    made = backups.create(books, reason="asked")
    away = tmp_path / "away"
    given = Unlock(passphrase=PASSPHRASE)
    restores.restore(made.file, away, given, keychain=lambda: None, clock=CLOCK, into_new=True)
    there = at(away, None, given)
    try:
        with bank_feed.feed(there, number) as feed:
            assert len(feed.page("")["added"]) == 3
        assert bank_client.device_key(there).thumbprint != old
        assert bank_links.begin(there).url  # the new key has a certificate of its own
    finally:
        there.close()

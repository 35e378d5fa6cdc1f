"""Erasing everything ends the banks first, and says so where it could not."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from app.services.bank import bank_client
from app.services.books.open_books import Books
from app.services.privacy import erase_home
from tests.bank.conftest import MemoryKeychain, bank, connect
from tests.relay.conftest import ROOT, RelayProcess
from tests.relay.plaid_stand_in import PlaidStandIn


def test_banks_are_ended_and_the_keychain_is_empty(
    linked: Books, plaid: PlaidStandIn, keychain: MemoryKeychain
) -> None:
    items = [bank(plaid), bank(plaid, "acc2", institution_id="ins_2")]
    for item in items:
        connect(linked, plaid, item)
    gone = erase_home.erase(linked, lambda: keychain)
    assert (gone.banks_ended, gone.banks_open, gone.removal_list) == (2, 0, None)
    assert all(item.removed for item in items)
    assert keychain.entries == {}
    assert sorted(path.name for path in gone.home.iterdir()) == ["ERASED.txt"]


def test_offline_a_signed_list_stays_for_whoever_runs_the_relay(
    linked: Books, plaid: PlaidStandIn, relay: RelayProcess, keychain: MemoryKeychain
) -> None:
    item = bank(plaid)
    connect(linked, plaid, item)
    jwk = bank_client.device_key(linked).jwk
    relay.kill()
    gone = erase_home.erase(linked, lambda: keychain)
    assert (gone.banks_ended, gone.banks_open, gone.removal_list) == (0, 1, "banks-to-end.txt")
    assert keychain.entries == {}
    assert "my.plaid.com" in (gone.home / "ERASED.txt").read_text()
    head, claims, signature = (gone.home / "banks-to-end.txt").read_text().split(".")
    public = Ed25519PublicKey.from_public_bytes(_decoded(jwk["x"]))
    public.verify(_decoded(signature), f"{head}.{claims}".encode())
    said = json.loads(_decoded(claims))
    assert [each["item_id"] for each in said["remove"]] == [item.item_id]
    assert said["relay"] == relay.origin
    assert json.loads(_decoded(head))["typ"] == "1099ops-removal+jwt"

    # whoever runs the relay ends it; a list that was changed ends nothing
    list_file = gone.home / "banks-to-end.txt"
    whole = list_file.read_text()
    list_file.write_text(f"{head}.{claims}.{signature[:-6]}AAAAAA")
    assert _end(relay, list_file).returncode == 3
    assert not item.removed
    list_file.write_text(whole)
    for _ in range(2):
        done = _end(relay, list_file)
        assert (done.returncode, done.stdout) == (0, f"{item.item_id}: ended\n"), done.stderr
    assert item.removed


def _end(relay: RelayProcess, file: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "relay", "end", "--config", str(relay.written()), str(file)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))

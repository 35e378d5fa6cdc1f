"""Runs inside a private D-Bus session: books under the real keychain, which then dies, hangs or is locked.

The test starts it, since the session must exist before its interpreter does. It prints one JSON object.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from datetime import date
from pathlib import Path

from adapters.keychain.session import daemon_pid, lock_collection, start_daemon, tried
from faults.harness import files_of

from app.adapters.clock import SystemClock
from app.adapters.keychain import LIMIT_SECONDS, SystemKeychain
from app.adapters.randomness import OsRandomness
from app.core.security.envelope import Mode
from app.services.audit import audit_log
from app.services.books import opening
from app.services.books.open_books import Books, Unlock
from app.services.ledger import accounts, transactions
from app.services.vault import key_changes

HOME = Path.home() / "books"
CLOCK = SystemClock("UTC", date(2026, 11, 20))
PASSPHRASE = "violet anchor harvest tundra 41"


def opened() -> Books:
    return opening.open_books(HOME, Unlock(), keychain=lambda: KEYCHAIN, clock=CLOCK)


def trouble(strike: str) -> dict[str, object]:
    """Open the books, let the keychain fail, and see what goes on and what is told."""
    daemon = start_daemon()
    KEYCHAIN.probe("probe", "value")
    made, mode = opening.create(
        HOME, mode=Mode.KEYCHAIN, passphrase=None, keychain=KEYCHAIN, randomness=OsRandomness(), clock=CLOCK
    )
    accounts.add(made, {"name": "Cash", "kind": "cash"})
    made.close()
    books = opened()
    keys = (HOME / "ops.keys").read_bytes()
    if strike == "killed":
        os.kill(daemon_pid(), signal.SIGKILL)
    elif strike == "hanging":
        os.kill(daemon, signal.SIGSTOP)
    else:
        lock_collection()
    found: dict[str, object] = {
        "mode": str(mode),
        "change": transactions.add(books, date="2026-11-20", cents=-500, account_selector="1", description="LAMP")[1],
    }
    begun = time.monotonic()
    found["rekey"] = tried(
        lambda: key_changes.change_mode(
            books, Mode.BOTH, passphrase=PASSPHRASE, keychain=KEYCHAIN, randomness=OsRandomness()
        )
    )
    found["rekey_seconds"] = time.monotonic() - begun
    found["keys_unchanged"] = (HOME / "ops.keys").read_bytes() == keys
    books.close()
    before = files_of(HOME)
    begun = time.monotonic()
    found["opening"] = tried(opened)
    found["opening_seconds"] = time.monotonic() - begun
    found["again"] = tried(
        lambda: opening.create(
            HOME, mode=Mode.KEYCHAIN, passphrase=None, keychain=KEYCHAIN, randomness=OsRandomness(), clock=CLOCK
        )
    )
    found["untouched"] = files_of(HOME) == before
    if strike == "hanging":
        os.kill(daemon, signal.SIGCONT)
        later = opened()
        found["later"] = audit_log.verify(later).ok
        later.close()
    found["limit"] = LIMIT_SECONDS
    return found


KEYCHAIN = SystemKeychain()

if __name__ == "__main__":
    json.dump(trouble(sys.argv[1]), sys.stdout)

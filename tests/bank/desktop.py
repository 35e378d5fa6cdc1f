"""Runs inside a private D-Bus session with the real keychain: a desktop that links a bank, and then looks at itself.

The test starts it with the relay's address. It prints one JSON object: what was found where.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

from adapters.keychain.session import lock_collection, start_daemon, tried

from app.adapters import logs
from app.adapters.clock import SystemClock
from app.adapters.keychain import SystemKeychain
from app.adapters.randomness import OsRandomness
from app.core.security.envelope import Mode
from app.services.bank import bank_child, bank_feed, bank_links, bank_sync
from app.services.books import opening
from app.services.books.open_books import Books, Unlock
from app.services.privacy import erase_home

HOME = Path.home() / "books"
CLOCK = SystemClock("UTC", date(2026, 11, 20))
PASSPHRASE = "violet anchor harvest tundra 41"
KEYCHAIN = SystemKeychain(limit_seconds=30)
SHAPE = re.compile(rb"(?:access|public|link)-(?:sandbox|development|production)-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}")
PLANTED = re.compile(rb"stand-in-secret-[0-9]{10}")


def linked(relay: str) -> Books:
    start_daemon()
    made, mode = opening.create(
        HOME, mode=Mode.KEYCHAIN, passphrase=None, keychain=KEYCHAIN, randomness=OsRandomness(), clock=CLOCK
    )
    assert mode is Mode.KEYCHAIN
    logs.keep_in(HOME)
    bank_links.setup_relay(made, relay)
    found = bank_links.connect(made, wait=30, open_browser=None, tell=lambda _: None, pause=time.sleep)
    for each in found.linked:
        bank_links.confirm(made, each.item_id)
    return made


def kept() -> str:
    """Return everything the keychain holds for the program, as a stranger at the open desktop reads it."""
    done = subprocess.run(
        ["secret-tool", "search", "--all", "service", "1099ops"], check=True, capture_output=True, text=True, timeout=30
    )
    return done.stdout + done.stderr


def look(relay: str) -> dict[str, object]:
    """Link, fetch, and search memory, disk, keychain and logs for anything of the shape of a token."""
    books = linked(relay)
    synced = bank_sync.sync(books)
    with bank_feed.feed(books, 1) as feed:
        feed.health()
        feed.accounts()
    found: dict[str, object] = {"added": synced.added, "memory": in_memory(SHAPE), "secret": in_memory(PLANTED)}
    entries = kept()
    found["keychain"] = bool(SHAPE.search(entries.encode()))
    found["entries"] = sorted(set(re.findall(r"\.bank\.([a-z]+)", entries)))
    books.close()
    found["disk"] = [str(path) for path in Path.home().rglob("*") if path.is_file() and SHAPE.search(_bytes(path))]
    found["log"] = b"bank.linked" in b"".join(_bytes(path) for path in (HOME / "logs").glob("*"))
    lock_collection()
    again = tried(lambda: opening.open_books(HOME, Unlock(), keychain=lambda: KEYCHAIN, clock=CLOCK))
    found["locked"] = again
    return found


def erase(relay: str) -> dict[str, object]:
    books = linked(relay)
    before = kept().count(".bank.")
    gone = erase_home.erase(books, lambda: KEYCHAIN)
    return {"before": before > 0, "after": kept().count(".bank."), "ended": gone.banks_ended, "open": gone.banks_open}


def own(host: str) -> dict[str, object]:
    """Set own keys up in one process, then fetch in others that look for the secret in their memory."""
    start_daemon()
    found: dict[str, object] = {}
    for mode in ("keychain", "passphrase"):
        ran = [_ran("own-setup", mode, host), *(_ran("own-look", mode) for _ in range(3))]
        found[mode] = ran[1:]
        found[f"typed, {mode}"] = ran[0]
    lock_collection()
    found["locked"] = _ran("own-look", "keychain-locked")
    return found


def _ran(*arguments: str) -> object:
    done = subprocess.run(
        [sys.executable, __file__, *arguments], input=sys.argv[3] if arguments[0] == "own-setup" else "",
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def own_setup(mode: str, host: str) -> dict[str, object]:
    keychain = KEYCHAIN if mode == "keychain" else None
    made, _ = opening.create(
        Path.home() / mode, mode=Mode.KEYCHAIN if keychain else Mode.PASSPHRASE,
        passphrase=None if keychain else PASSPHRASE, keychain=keychain, randomness=OsRandomness(), clock=CLOCK,
        kdf_memory_mib=64,
    )  # fmt: skip
    typed = sys.stdin.read()
    bank_links.setup_own_keys(made, "stand-in-client", typed, env="sandbox", plaid_host=host)
    # Whoever types the secret has it in memory: that the search finds it here is what tries the search.
    found = bank_links.connect(made, wait=30, open_browser=None, tell=lambda _: None, pause=time.sleep)
    for each in found.linked:
        bank_links.confirm(made, each.item_id)
    secret = in_memory(PLANTED)
    made.close()
    return {"secret": secret, "typed": len(typed)}


def own_look(mode: str) -> object:
    keychain = KEYCHAIN if mode.startswith("keychain") else None
    if mode == "keychain-locked":
        # The books are open already when the keychain is locked: they are opened by their own key here.
        return tried(lambda: bank_child.RelayChild(_locked_place, OsRandomness(), Path.home() / "relay").origin())
    unlock = Unlock() if keychain else Unlock(passphrase=PASSPHRASE)
    books = opening.open_books(Path.home() / mode, unlock, keychain=lambda: keychain, clock=CLOCK)
    bank_sync.sync(books)
    assert books.child is not None
    found = {"secret": in_memory(PLANTED), "token": in_memory(SHAPE), "child": books.child.number is not None}
    books.close()
    return found


def _locked_place() -> bank_child.KeyPlace:
    (folder,) = (Path.home() / "keychain").glob("ops.keys")
    uuid = json.loads(folder.read_text())["uuid"]
    return bank_child.KeyPlace(f"{uuid}.bank.own", None, b"", uuid)


def in_memory(shape: re.Pattern[bytes]) -> int:
    """Return how often a shape occurs in the memory of this process."""
    count = 0
    with Path("/proc/self/maps").open() as maps, Path("/proc/self/mem").open("rb", 0) as memory:
        for line in maps.read().splitlines():
            span, rights = line.split()[:2]
            if "r" not in rights or line.endswith(("[vvar]", "[vsyscall]", "[vvar_vclock]")):
                continue
            start, end = (int(part, 16) for part in span.split("-"))
            try:
                memory.seek(start)
                count += len(shape.findall(memory.read(end - start)))
            except (OSError, ValueError, OverflowError):
                continue
    return count


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


if __name__ == "__main__":
    if sys.argv[1] == "blind":
        # The search itself is tried: a token that is there is found.
        planted = f"access-sandbox-{OsRandomness().token(4).hex()}-0123-4567-89ab-0123456789ab"
        print(json.dumps({"memory": in_memory(SHAPE), "planted": len(planted)}))
    else:
        works = {"look": look, "erase": erase, "own": own, "own-look": own_look}
        print(json.dumps(own_setup(*sys.argv[2:]) if sys.argv[1] == "own-setup" else works[sys.argv[1]](sys.argv[2])))

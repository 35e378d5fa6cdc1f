"""Runs inside a private D-Bus session and prints what the real keychain did, as one JSON object.

The test starts it; it is no test itself, since the session must exist before its interpreter does.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import secretstorage

from app.adapters.clock import SystemClock
from app.adapters.keychain import SystemKeychain
from app.adapters.randomness import OsRandomness
from app.core.errors import AppError
from app.core.security.envelope import Mode
from app.services.books import opening
from app.services.books.open_books import Unlock
from app.services.vault import book_keys, key_changes, rotation

NAME = "3f0b0e2f-3f0b-4d7e-9a51-6d1f0c9a2b3c"
WORDS = "correct horse battery"
# The limit of the program is 3 seconds; a loaded test machine gets more where the limit is not the point.
PATIENT = 30.0


def tried(work: Callable[[], object]) -> object:
    try:
        return work()
    except AppError as error:
        return {"code": error.code, "message": error.message}


def start_daemon() -> int:
    """Start the keychain with an open collection; return its process number."""
    started = subprocess.run(
        ["gnome-keyring-daemon", "--unlock", "--components=secrets", "--daemonize"],
        input=b"invented",
        check=True,
        capture_output=True,
        timeout=30,
    )
    assert started.returncode == 0
    with closing(secretstorage.dbus_init()) as bus:
        assert not secretstorage.get_default_collection(bus).is_locked()
    return daemon_pid()


def daemon_pid() -> int:
    answer = subprocess.run(
        [
            *("dbus-send", "--session", "--print-reply=literal", "--dest=org.freedesktop.DBus", "/"),
            *("org.freedesktop.DBus.GetConnectionUnixProcessID", "string:org.freedesktop.secrets"),
        ],
        check=True,
        capture_output=True,
        text=True,
        timeout=30,
    )
    return int(answer.stdout.split()[-1])


def lock_collection() -> None:
    with closing(secretstorage.dbus_init()) as bus:
        secretstorage.get_default_collection(bus).lock()


def everyday() -> dict[str, object]:
    start_daemon()
    keychain = SystemKeychain(limit_seconds=PATIENT)
    found: dict[str, object] = {"before": keychain.get(NAME)}
    keychain.set(NAME, "first")
    keychain.set(NAME, "second")
    found["after"] = keychain.get(NAME)
    found["seen_from_outside"] = subprocess.run(
        ["secret-tool", "lookup", "service", "1099ops", "username", NAME],
        check=True,
        capture_output=True,
        text=True,
        timeout=30,
    ).stdout
    keychain.set("long", "x" * 1199)
    found["long"] = len(keychain.get("long") or "")
    keychain.delete(NAME)
    keychain.delete(NAME)
    found["deleted"] = keychain.get(NAME)
    keychain.probe("probe", "value")
    found["probe_left"] = keychain.get("probe")
    return found


def locked() -> dict[str, object]:
    start_daemon()
    keychain = SystemKeychain(limit_seconds=PATIENT)
    keychain.set(NAME, "value")
    lock_collection()
    return {
        "get": tried(lambda: keychain.get(NAME)),
        "set": tried(lambda: keychain.set(NAME, "other")),
        "delete": tried(lambda: keychain.delete(NAME)),
        "probe": tried(lambda: SystemKeychain(limit_seconds=PATIENT).probe("probe", "value")),
    }


def not_unlocked() -> dict[str, object]:
    """The bus starts the keychain by itself, and nobody opened it."""
    keychain = SystemKeychain(limit_seconds=PATIENT)
    return {"get": tried(lambda: keychain.get(NAME)), "set": tried(lambda: keychain.set(NAME, "value"))}


def no_service() -> dict[str, object]:
    keychain = SystemKeychain(limit_seconds=PATIENT)
    return {"get": tried(lambda: keychain.get(NAME)), "set": tried(lambda: keychain.set(NAME, "value"))}


def hanging() -> dict[str, object]:
    daemon = start_daemon()
    keychain = SystemKeychain(limit_seconds=PATIENT)
    keychain.set(NAME, "value")
    os.kill(daemon, signal.SIGSTOP)
    impatient = SystemKeychain(limit_seconds=0.5)
    begun = time.monotonic()
    answer = tried(lambda: impatient.get(NAME))
    waited = time.monotonic() - begun
    os.kill(daemon, signal.SIGCONT)
    return {"get": answer, "ended": waited < PATIENT, "again": keychain.get(NAME)}


def killed() -> dict[str, object]:
    """The daemon dies in the middle of a session; the bus starts another one, which nobody opened."""
    daemon = start_daemon()
    keychain = SystemKeychain(limit_seconds=PATIENT)
    keychain.set(NAME, "value")
    os.kill(daemon, signal.SIGKILL)
    with contextlib.suppress(ProcessLookupError):
        while Path(f"/proc/{daemon}/stat").exists():
            os.kill(daemon, 0)
    return {"get": tried(lambda: keychain.get(NAME))}


def books() -> dict[str, object]:
    """The vault on the real keychain: made, opened, entry exchanged, spoiled, removed, collection locked."""
    start_daemon()
    keychain = SystemKeychain(limit_seconds=PATIENT)
    found: dict[str, object] = {}
    for mode in (None, Mode.BOTH, Mode.KEYCHAIN):
        home = Path.home() / f"books-{mode}"
        words = None if mode is Mode.KEYCHAIN else WORDS
        made = book_keys.create(
            home, mode=mode, passphrase=words, keychain=keychain, randomness=OsRandomness(), kdf_memory_mib=64
        )
        (home / book_keys.BOOKS_FILE).touch()

        def opened(home: Path = home, words: str | None = words, made: book_keys.Opened = made) -> object:
            return book_keys.open_keys(home, passphrase=words, keychain=keychain).dbk == made.keys.dbk

        answers: dict[str, object] = {"mode": str(made.mode), "opened": tried(opened)}
        good = keychain.get(made.keys.uuid) or ""
        keychain.set(made.keys.uuid, "ab" * 32)
        answers["other_key"] = tried(opened)
        keychain.set(made.keys.uuid, "spoiled")
        answers["no_key"] = tried(opened)
        keychain.delete(made.keys.uuid)
        answers["missing"] = tried(opened)
        keychain.set(made.keys.uuid, good)
        answers["back"] = tried(opened)
        found[str(mode)] = answers
    lock_collection()
    found["locked"] = tried(lambda: book_keys.open_keys(Path.home() / "books-keychain", keychain=keychain))
    made = book_keys.create(
        Path.home() / "words",
        mode=None,
        passphrase=WORDS,
        keychain=keychain,
        randomness=OsRandomness(),
        kdf_memory_mib=64,
    )
    found["made_while_locked"] = str(made.mode)
    return found


def changes() -> dict[str, object]:
    """The modes changed and the key renewed with the real keychain; then all of it again while it is locked."""
    start_daemon()
    keychain = SystemKeychain(limit_seconds=PATIENT)
    clock, randomness = SystemClock("UTC"), OsRandomness()
    books, _ = opening.create(
        Path.home() / "books", mode=Mode.BOTH, passphrase=WORDS, keychain=keychain, randomness=randomness, clock=clock,
        kdf_memory_mib=64,
    )  # fmt: skip
    first, second = books.uuid, f"{books.uuid}.2"

    def entries() -> list[bool]:
        return [keychain.get(name) is not None for name in (first, second)]

    def opened(passphrase: str | None) -> bool:
        again = opening.open_books(
            books.home, Unlock(passphrase=passphrase), keychain=lambda: keychain, clock=clock, read_only=True
        )
        same = again.key_hex() == books.key_hex()
        again.close()
        return same

    found: dict[str, object] = {"made": entries()}
    for mode, words in ((Mode.PASSPHRASE, WORDS), (Mode.KEYCHAIN, None), (Mode.BOTH, WORDS)):
        key_changes.change_mode(books, mode, passphrase=words, keychain=keychain, randomness=randomness)
        found[str(mode)] = [*entries(), opened(words)]
    old = keychain.get(first)
    rotation.rotate(books, passphrase=WORDS, keychain=keychain, randomness=randomness)
    found["rotated"] = [*entries(), opened(WORDS), keychain.get(second) != old]
    before = (books.home / book_keys.KEYS_FILE).read_bytes()
    lock_collection()
    found["locked"] = [
        tried(lambda: key_changes.change_passphrase(books, WORDS + "!", keychain=keychain, randomness=randomness)),
        tried(lambda: key_changes.change_mode(books, Mode.KEYCHAIN, passphrase=None, keychain=keychain,
                                              randomness=randomness)),
        tried(lambda: rotation.rotate(books, passphrase=WORDS, keychain=keychain, randomness=randomness)),
    ]  # fmt: skip
    found["same"] = (books.home / book_keys.KEYS_FILE).read_bytes() == before
    letters = key_changes.make_recovery_key(books, randomness=randomness)
    found["page"] = book_keys.open_keys(books.home, recovery_key=letters).dbk.hex() == books.key_hex()
    books.keychain = None
    books.close()
    return found


if __name__ == "__main__":
    scenario = globals()[sys.argv[1]]
    json.dump(scenario(), sys.stdout)

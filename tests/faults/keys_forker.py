"""Starts children that change keys, and kills them: the program is loaded once, and each child is a fork.

One request a line: what to do, on which home, the step after which to kill, and the seconds to live from there on.
One answer a line: the steps that were heard, and whether the child was killed.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from app.adapters.clock import SystemClock
from app.adapters.randomness import OsRandomness
from app.core.security.key_derivation import Argon2id, stretch
from app.core.security.wrapping import Mode, Way
from app.services.books import opening
from app.services.books.open_books import Books, Unlock
from app.services.vault import key_changes, rotation

CLOCK = SystemClock("UTC", date(2026, 11, 20))
KDF = Argon2id(salt=b"s" * 16, memory_kib=64 * 1024)
FIRST, SECOND = "violet anchor harvest tundra 41", "marble canyon lantern orbit 77"


class FileKeychain:
    """A keychain that outlives processes: one file an entry, replaced as a whole."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(exist_ok=True)

    def get(self, name: str) -> str | None:
        path = self._folder / name
        return path.read_text() if path.exists() else None

    def set(self, name: str, value: str) -> None:
        part = self._folder.with_name(f"{self._folder.name}-{name}.new")
        part.write_text(value)
        part.replace(self._folder / name)

    def delete(self, name: str) -> None:
        (self._folder / name).unlink(missing_ok=True)

    def names(self) -> list[str]:
        return sorted(path.name for path in self._folder.iterdir() if "anchor" not in path.name)


def ways() -> dict[str, Way]:
    return {words: Way(Mode.PASSPHRASE, b"", stretch(words, KDF), KDF) for words in (FIRST, SECOND)}


def rotate(books: Books, chain: FileKeychain, say: Callable[[str], object]) -> None:
    rotation.rotate(
        books, passphrase=None, keychain=chain, randomness=OsRandomness(), backup=lambda _books: None, told=say
    )


def passphrase(books: Books, _chain: FileKeychain, say: Callable[[str], object]) -> None:
    """Change the passphrase back and forth, saying each that is in force."""
    while True:
        for words in (SECOND, FIRST):
            key_changes.replace_way(
                books, WAYS[words], OsRandomness(), "vault.passphrase", code="changed", generation=1
            )
            say(words)


WORKS = {"rotate": rotate, "passphrase": passphrase}
WAYS: dict[str, Way] = {}


def child(request: dict[str, Any], heard: int) -> None:
    def say(step: str) -> None:
        os.write(heard, step.encode() + b"\n")

    home, chain = Path(request["home"]), FileKeychain(Path(request["chain"]))
    books = opening.open_books(home, Unlock(key_hex=request["key"]), keychain=lambda: chain, clock=CLOCK)
    books.keychain = chain
    say("begun")
    WORKS[request["work"]](books, chain, say)
    books.close()


def serve(request: dict[str, Any]) -> dict[str, Any]:
    while signal.sigtimedwait({signal.SIGCHLD}, 0) is not None:
        pass  # the end of the child before
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            os.close(reading)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD})
            child(request, writing)
            code = 0
        finally:
            os._exit(code)
    os.close(writing)
    steps: list[str] = []
    with os.fdopen(reading, "r") as said:
        for line in said:
            steps.append(line.strip())
            if steps[-1] == request["step"]:
                signal.sigtimedwait({signal.SIGCHLD}, request["lives"])
                os.kill(pid, signal.SIGKILL)
    _, status = os.waitpid(pid, 0)
    return {"killed": os.WIFSIGNALED(status), "code": os.waitstatus_to_exitcode(status), "steps": steps}


if __name__ == "__main__":
    WAYS.update(ways())
    # Loaded here, so that a child spends its short life on the work.
    import cryptography.hazmat.primitives.asymmetric.x25519
    import cryptography.hazmat.primitives.ciphers.aead  # noqa: F401 - as above

    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCHLD})
    for asked in sys.stdin:
        sys.stdout.write(json.dumps(serve(json.loads(asked))) + "\n")
        sys.stdout.flush()

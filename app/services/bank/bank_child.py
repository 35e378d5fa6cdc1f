"""The relay of a person's own keys: the same program as any relay, as a child process that only this one can reach.

It is started when it is first needed. Everything it must know goes through its stdin as one line: nothing of it stands
in its arguments or its environment. A process beside, `own_keys_feeder`, writes that line: the keys of the provider do
not come into this one. It listens on loopback under a path drawn anew at each start, and it ends when its
stdin closes, which happens however this process ends. An exchange that is under way it lets finish, and what that gave
waits in a folder of the home, sealed, for the next one.
"""

from __future__ import annotations

import base64
import contextlib
import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any, NamedTuple

from app.core.errors import (
    AppError,
    BankUnreachable,
    KeychainDismissed,
    KeychainLocked,
    KeychainSilent,
    NoKeychain,
    NotFound,
)
from app.core.ports import Randomness
from app.services.program import program_log
from app.services.program.program_log import Event

KEY_SIZE = 32
FEED = "own-keys"
"""The word by which the program is the feeder."""
FOLDER = "relay"
"""Where in a home the child keeps what an exchange gave until the program has it: minutes, and never in a backup."""
_START_SECONDS = 60.0
"""Until it listens: a cold start loads the provider's library."""
_STOP_SECONDS = 5.0
"""How long its end is waited for. One that takes longer lets an exchange finish, and ends by itself after that."""
_PASSED_ON = frozenset({
    "PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR", "TEMP", "TMP", "SYSTEMROOT", "WINDIR", "SSL_CERT_FILE",
    "SSL_CERT_DIR", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH",
})  # fmt: skip
"""Of our environment the child gets only what a program needs to run."""


class OwnKeys(NamedTuple):
    """The provider's keys of a person, and the keys by which their own relay knows this device again."""

    client_id: str
    secret: str
    env: str
    host: str | None
    seal: str
    nonce: str
    signing: str

    def __repr__(self) -> str:
        return "OwnKeys()"

    def text(self) -> str:
        return json.dumps(self._asdict(), separators=(",", ":"))

    @classmethod
    def read(cls, text: str) -> OwnKeys:
        """Return what `text` gave. Raises: ValueError."""
        found = json.loads(text)
        try:
            return cls(**{name: found[name] for name in cls._fields})
        except (KeyError, TypeError) as error:
            raise ValueError("not the keys of a relay") from error


def new_keys(client_id: str, secret: str, *, env: str, host: str | None, randomness: Randomness) -> OwnKeys:
    seal, nonce, signing = (base64.b64encode(randomness.token(KEY_SIZE)).decode() for _ in range(3))
    return OwnKeys(client_id, secret, env, host, seal, nonce, signing)


class KeyPlace(NamedTuple):
    """Where the keys lie: an entry of the keychain, or sealed in the books, which the subkey opens."""

    entry: str | None
    sealed: str | None
    subkey: bytes
    uuid: str

    def __repr__(self) -> str:
        return "KeyPlace()"

    def body(self) -> dict[str, str | None]:
        return {"entry": self.entry, "sealed": self.sealed, "key": self.subkey.hex(), "uuid": self.uuid}


class RelayChild:
    """The child process, started when first asked for its address and again when it ended by itself."""

    def __init__(self, keys: Callable[[], KeyPlace | OwnKeys], randomness: Randomness, state_dir: Path) -> None:
        """Take what tells at each start where the keys are; keys themselves only where no other process has them."""
        self._keys, self._randomness, self._state_dir = keys, randomness, state_dir
        self._process: subprocess.Popen[bytes] | None = None
        self._is_over = False
        self._origin = ""
        self._lock = threading.Lock()

    def __repr__(self) -> str:
        return "RelayChild()"

    @property
    def number(self) -> int | None:
        """The process number while it runs."""
        return self._process.pid if self._process is not None and self._process.poll() is None else None

    def origin(self) -> str:
        """Return the address, with its secret path; start the child first where it does not run.

        Raises: BankUnreachable; the keychain's errors.
        """
        with self._lock:
            if self.number is None:
                self._drop()
                self._start()
            return self._origin

    def stop(self) -> None:
        """Let the child end: its stdin closes."""
        with self._lock:
            self._drop()

    def let_go(self) -> None:
        """Tell the child to end, from any thread, and wait for nothing; it is not started again."""
        self._is_over = True
        process = self._process
        if process is not None:
            _close(process.stdin)

    def _start(self) -> None:
        path_token = base64.urlsafe_b64encode(self._randomness.token(KEY_SIZE)).rstrip(b"=").decode()
        keys = self._keys()
        try:
            process = subprocess.Popen(  # noqa: S603 - our own program
                command(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                env=environment(), cwd=None if _FROZEN else _ROOT, close_fds=True, start_new_session=True,
            )  # fmt: skip
        except OSError:
            raise BankUnreachable from None
        self._process = process
        try:
            assert process.stdin is not None
            if isinstance(keys, KeyPlace):
                _feed(keys, path_token, self._state_dir, process.stdin)
            else:
                process.stdin.write(json.dumps(config(keys, path_token, self._state_dir)).encode() + b"\n")
                process.stdin.flush()
            port = _port(process)
        except (OSError, ValueError):
            port = None
        except AppError:
            self._drop()
            raise
        if port is None or self._is_over:
            self._drop()
            program_log.note(Event.RELAY_ENDED, why="start")
            raise BankUnreachable
        self._origin = f"http://127.0.0.1:{port}/{path_token}"
        program_log.note(Event.RELAY_STARTED)

    def _drop(self) -> None:
        process, self._process, self._origin = self._process, None, ""
        if process is None:
            return
        _close(process.stdin, process.stdout)
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            threading.Thread(target=process.wait, name="relay-end", daemon=True).start()


def _feed(place: KeyPlace, path_token: str, state_dir: Path, into: IO[bytes]) -> None:
    """Let another process read the keys and write them to the child.

    Raises: the keychain's errors, NotFound, OSError.
    """
    asked = json.dumps({**place.body(), "path_token": path_token, "state_dir": str(state_dir)}).encode() + b"\n"
    source = {} if _FROZEN else {"PYTHONPATH": str(_ROOT)}
    # It reads the keychain as this program would, so it gets the whole of our environment; the child does not.
    feeder = subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, FEED] if _FROZEN else [sys.executable, "-m", "app", FEED],
        stdin=subprocess.PIPE, stdout=into, stderr=subprocess.PIPE, env={**os.environ, **source},
        cwd=None if _FROZEN else _ROOT, close_fds=True, start_new_session=True,
    )  # fmt: skip
    try:
        _, said = feeder.communicate(asked, timeout=_START_SECONDS)
    except subprocess.TimeoutExpired:
        feeder.kill()
        feeder.communicate()
        raise OSError("the keys did not come") from None
    if feeder.returncode:
        raise _told(said)


def _told(said: bytes) -> AppError:
    """Return what the feeder met, as if it had been met here."""
    kinds = (NoKeychain, KeychainLocked, KeychainDismissed, KeychainSilent, NotFound)
    try:
        told = json.loads(said)
        return {kind.__name__: kind for kind in kinds}[told["kind"]](str(told["message"]), str(told["hint"]))
    except (ValueError, KeyError, TypeError):
        return BankUnreachable()


def _close(*streams: IO[bytes] | None) -> None:
    for stream in streams:
        if stream is not None:
            with contextlib.suppress(OSError):
                stream.close()


def command() -> list[str]:
    """Return how the relay is started: from source, or as a part of the one frozen program."""
    start = [sys.executable, "relay"] if _FROZEN else [sys.executable, "-m", "relay"]
    return [*start, "serve", "--config-fd", "0"]


def environment() -> dict[str, str]:
    found = {name: value for name, value in os.environ.items() if name.upper() in _PASSED_ON}
    return found if _FROZEN else {**found, "PYTHONPATH": str(_ROOT)}


_FROZEN = bool(getattr(sys, "frozen", False))
_ROOT = Path(__file__).resolve().parents[2]


def config(keys: OwnKeys, path_token: str, state_dir: Path) -> dict[str, Any]:
    """Return what the child must know, as it reads it."""
    return {
        "listen": "127.0.0.1:0", "state_dir": str(state_dir.resolve()), "plaid_env": keys.env,
        **({"plaid_host": keys.host} if keys.host else {}),
        "own": {
            "plaid_client_id": keys.client_id, "plaid_secret": keys.secret, "seal_keys": [keys.seal],
            "nonce_key": keys.nonce, "signing_key": keys.signing, "path_token": path_token,
        },
    }  # fmt: skip


def _port(process: subprocess.Popen[bytes]) -> int | None:
    """Wait for the line that says it listens; None when it ended, said something else or took too long."""
    assert process.stdout is not None
    told: queue.Queue[bytes] = queue.Queue()
    stream = process.stdout
    threading.Thread(target=lambda: told.put(stream.readline(4096)), name="relay-start", daemon=True).start()
    try:
        said = json.loads(told.get(timeout=_START_SECONDS))
        port = said["port"] if said["event"] == "ready" else None
    except (queue.Empty, ValueError, KeyError, TypeError):
        return None
    return port if isinstance(port, int) else None

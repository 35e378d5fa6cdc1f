"""What an operator checks before opening, and when something is odd: each line with its fix."""

from __future__ import annotations

import asyncio
import json
import os
import ssl
import stat
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from email.utils import parsedate_to_datetime
from pathlib import Path

from redis.exceptions import RedisError

from relay.settings import Secrets, Settings, Unusable
from relay.shared_state import connected

_SKEW_SECONDS = 60
_SECONDS = 5


@dataclass(frozen=True, slots=True)
class Check:
    name: str
    ok: bool
    fix: str = ""


def run(settings: Settings, *, as_json: bool) -> int:
    """Print the checks and return 0, or 1 when one failed."""
    found = [*_keys(settings), *_modes(settings), *_upstream(settings), _redis(settings), _account(), _grants(settings)]
    if as_json:
        sys.stdout.write(json.dumps({"checks": [asdict(each) for each in found]}) + "\n")
    else:
        for each in found:
            sys.stdout.write(f"{'ok  ' if each.ok else 'FAIL'}  {each.name}{'' if each.ok else '  — ' + each.fix}\n")
    return 0 if all(each.ok for each in found) else 1


def _keys(settings: Settings) -> Iterator[Check]:
    try:
        Secrets(settings)
    except Unusable as error:
        yield Check("keys can be read", ok=False, fix=str(error))
    else:
        yield Check("keys can be read", ok=True)


def _modes(settings: Settings) -> Iterator[Check]:
    """The files that hold secrets are the relay's alone, and so are their folders."""
    secret = [
        settings.plaid_client_id_file, settings.plaid_secret_file, settings.nonce_key_file, settings.signing_key_file,
        settings.tls_key_file, *settings.seal_key_files, *settings.webhook_secret_files,
    ]  # fmt: skip
    for path in (each for each in secret if each is not None):
        yield Check(f"mode of {path.name}", *_mode(path))


def _mode(path: Path) -> tuple[bool, str]:
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
    except OSError as error:
        return False, f"{error.strerror}"
    if os.name == "posix" and mode & (stat.S_IRWXO | stat.S_IWGRP):
        return False, f"chmod 600 {path}"
    return True, ""


def _upstream(settings: Settings) -> Iterator[Check]:
    """Plaid's host answers over TLS, and its clock and ours agree."""
    from urllib3 import PoolManager, Timeout  # noqa: PLC0415 - not where only keys are checked
    from urllib3.exceptions import HTTPError  # noqa: PLC0415 - as above

    try:
        answer = PoolManager(timeout=Timeout(_SECONDS), retries=False).request("GET", settings.upstream + "/")
    except (HTTPError, ssl.SSLError, OSError):
        yield Check("Plaid's host answers", ok=False, fix=f"no answer from {settings.upstream} in {_SECONDS} s")
        return
    yield Check("Plaid's host answers", ok=True)
    told = answer.headers.get("date")
    try:
        off = abs(parsedate_to_datetime(told).timestamp() - time.time()) if told else 0.0
    except (ValueError, TypeError):
        off = 0.0
    yield Check("clock", ok=off < _SKEW_SECONDS, fix=f"this clock is {off:.0f} s off; set it by NTP")


def _redis(settings: Settings) -> Check:
    redis = connected(settings.redis_url)
    if redis is None:
        return Check("Redis: none named, memory of one process is used", ok=True)

    async def ping() -> None:
        try:
            await redis.ping()
        finally:
            await redis.aclose()

    try:
        asyncio.run(ping())
    except (RedisError, OSError):
        return Check("Redis answers", ok=False, fix="see redis_url; without it new banks cannot be linked")
    return Check("Redis answers", ok=True)


def _account() -> Check:
    root = os.name == "posix" and os.geteuid() == 0 and not Path("/.dockerenv").exists()
    return Check("not run as root", ok=not root, fix="run it as a user of its own, as the systemd unit does")


def _grants(settings: Settings) -> Check:
    ok = settings.enrolment == "open" or bool(settings.redis_url)
    return Check(
        "grants are good once", ok=ok,
        fix="without Redis a restart forgets which grants were used; those that last over 7 days are refused",
    )  # fmt: skip

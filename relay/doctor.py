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

from relay.results import Folder
from relay.settings import LOOPBACK, Secrets, Settings, Unusable, read_file
from relay.shared_state import connected, redis_failures
from relay.used_grants import UsedGrants

_SKEW_SECONDS = 60
_OLDEST_DAYS, _LEAST_DAYS = 400, 14
_SECONDS = 5


@dataclass(frozen=True, slots=True)
class Check:
    name: str
    ok: bool
    fix: str = ""


def run(settings: Settings, *, as_json: bool) -> int:
    """Print the checks and return 0, or 1 when one failed."""
    found = [
        *_keys(settings), *_modes(settings), *_ages(settings), *_certificate(settings), *_deny_list(settings),
        *_upstream(settings), _redis(settings), *_results(settings), _account(), _grants(settings), _way_in(settings),
    ]  # fmt: skip
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


def _secret_files(settings: Settings) -> list[Path]:
    named = [
        settings.plaid_client_id_file, settings.plaid_secret_file, settings.nonce_key_file, settings.signing_key_file,
        settings.tls_key_file, *settings.seal_key_files, *settings.webhook_secret_files,
    ]  # fmt: skip
    return [path for path in named if path is not None]


def _modes(settings: Settings) -> Iterator[Check]:
    """The files that hold secrets are the relay's alone, and so are their folders."""
    files = _secret_files(settings)
    for path in files:
        yield Check(f"mode of {path.name}", *_mode(path))
    for folder in dict.fromkeys(path.parent for path in files):
        yield Check(f"mode of the folder {folder.name}", *_mode(folder, "700"))


def _ages(settings: Settings) -> Iterator[Check]:
    """Keys are changed once a year; the runbook says how, and no device has to do anything."""
    for path in [*settings.seal_key_files[:1], settings.nonce_key_file, settings.plaid_secret_file]:
        if path is None or not path.exists():
            continue
        days = int((time.time() - path.stat().st_mtime) // 86_400)
        yield Check(f"age of {path.name}", ok=days <= _OLDEST_DAYS, fix=f"{days} days; see the runbook, key rotation")


def _certificate(settings: Settings) -> Iterator[Check]:
    if settings.tls_cert_file is None:
        return
    from cryptography import x509  # noqa: PLC0415 - only where TLS ends here

    try:
        made = x509.load_pem_x509_certificate(read_file(settings.tls_cert_file, secret=False))
        left = (made.not_valid_after_utc.timestamp() - time.time()) / 86_400
    except (Unusable, ValueError):
        left = -1.0
    yield Check("certificate of TLS lasts two weeks", ok=left >= _LEAST_DAYS, fix=f"renew it; days left: {left:.0f}")


def _deny_list(settings: Settings) -> Iterator[Check]:
    if settings.deny_list_file is not None:
        try:
            read_file(settings.deny_list_file, secret=False)
        except Unusable as error:
            yield Check("deny list can be read", ok=False, fix=f"{error} An empty file will do.")
        else:
            yield Check("deny list can be read", ok=True)


def _way_in(settings: Settings) -> Check:
    """Devices reach the relay by TLS: its own, or a proxy's that is named."""
    outside = settings.address[0] not in LOOPBACK
    ok = not outside or settings.tls_cert_file is not None or bool(settings.trusted_proxies)
    return Check("reached by TLS only", ok=ok, fix="set tls_cert_file, or listen on 127.0.0.1 behind a proxy")


def _mode(path: Path, wanted: str = "600") -> tuple[bool, str]:
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
    except OSError as error:
        return False, f"{error.strerror}"
    if os.name == "posix" and mode & (stat.S_IRWXO | stat.S_IWGRP):
        return False, f"chmod {wanted} {path}"
    return True, ""


def _upstream(settings: Settings) -> Iterator[Check]:
    """Plaid's host answers over TLS, and its clock and ours agree."""
    from urllib3 import PoolManager, Timeout  # noqa: PLC0415 - not where only keys are checked
    from urllib3.exceptions import HTTPError  # noqa: PLC0415 - as above

    try:
        pool = PoolManager(timeout=Timeout(_SECONDS), retries=False)
        answer = pool.request("GET", settings.upstream + "/", preload_content=False, redirect=False)
        answer.close()
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
    except redis_failures():
        return Check("Redis answers", ok=False, fix="see redis_url; without it new banks cannot be linked")
    return Check("Redis answers", ok=True)


def _results(settings: Settings) -> Iterator[Check]:
    """Without Redis a folder keeps what an exchange gave until the device has it."""
    if settings.redis_url:
        return
    trouble = Folder(settings.state_dir).trouble() if settings.state_dir is not None else "state_dir is not set"
    yield Check(
        "results of exchanges outlive a kill", ok=not trouble,
        fix=f"{trouble}; in memory alone, a relay killed while a bank is linked loses that bank",
    )  # fmt: skip


def _account() -> Check:
    root = os.name == "posix" and os.geteuid() == 0 and not Path("/.dockerenv").exists()
    return Check("not run as root", ok=not root, fix="run it as a user of its own, as the systemd unit does")


def _grants(settings: Settings) -> Check:
    """Redis remembers which grants were used, else the folder; a memory forgets with its process."""
    trouble = ""
    if settings.enrolment != "open" and not settings.redis_url:
        trouble = UsedGrants(settings.state_dir).trouble() if settings.state_dir is not None else "state_dir is not set"
    return Check(
        "grants are good once", ok=not trouble,
        fix=f"{trouble}; in memory alone, a restart forgets which were used, and those over 7 days are refused",
    )  # fmt: skip

"""What the relay costs: `python -m tests.bench.relay`. Pages a second and core, crypto of a call, memory, imports.

Pages are full ones of 500 rows, as long as Plaid's. The processor time of the relay's process counts, so what asks and
what stands in for Plaid are taken away.
"""

from __future__ import annotations

import gzip
import json
import os
import secrets
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

from app.adapters.device_key import DeviceKey, encoded, hashed
from app.core.errors import BankRefused
from relay import proof
from relay.certificates import OPEN, Office
from relay.proof import Nonces
from relay.sealing import SealRing
from tests.relay.conftest import NO_LIMITS, Device, RelayProcess
from tests.relay.plaid_stand_in import PlaidStandIn, Trouble, account, transaction

PAGES, CALLS = 60, 300
LEAST_PAGES, MOST_CRYPTO_MS, MOST_MEMORY = 40, 0.5, 120
ROUGH_DEVICES, ROUGH_ROUNDS, SLOW_CONNECTIONS = 8, 6, 500
TOKEN = b"access-sandbox-00000000-0000-4000-8000-000000000000"


def page() -> bytes:
    """Return a full page as long as Plaid's: 695 KB."""
    rows = [
        transaction(
            secrets.token_hex(18), "acc1", 10.25 + n, "2026-03-02", f"CARD PURCHASE 4412 COFFEE HOUSE {n} SPRINGFIELD",
            merchant_name=f"Coffee House {n}", merchant_entity_id=secrets.token_hex(16),
            counterparties=[{"name": f"Coffee House {n}", "type": "merchant", "entity_id": secrets.token_hex(16),
                             "confidence_level": "VERY_HIGH", "logo_url": "https://plaid.example/logo.png",
                             "website": "coffee.example", "account_numbers": None, "phone_number": None}],
        )
        for n in range(500)
    ]  # fmt: skip
    whole = {"added": rows, "modified": [], "removed": [], "accounts": [account("acc1")], "next_cursor": "c",
             "has_more": True, "transactions_update_status": "HISTORICAL_UPDATE_COMPLETE"}  # fmt: skip
    data = json.dumps(whole)
    return (data + " " * max(0, 694_756 - len(data))).encode()


def cpu_seconds(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def peak_mib(process: int) -> float:
    status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def pages_per_second(*, compressed: bool) -> tuple[float, float]:
    """Return full pages a second and core, and the peak memory in MiB."""
    with tempfile.TemporaryDirectory() as folder, PlaidStandIn() as plaid:
        relay = RelayProcess(Path(folder), plaid.host, limits=NO_LIMITS).start()
        assert relay.process is not None
        try:
            device = Device(relay).enrol()
            (item,) = device.link(plaid, plaid.new_item(accounts=[account("acc1")]))
            if compressed:
                device.client._client().headers["Accept-Encoding"] = "gzip"
            full = Trouble(200, page())
            plaid.trouble["/transactions/sync"].extend([full] * (PAGES + 3))
            for _ in range(3):
                device.post("/v1/transactions/sync", **item)
            began = cpu_seconds(relay.process.pid)
            for _ in range(PAGES):
                assert len(device.post("/v1/transactions/sync", **item)["added"]) == 500
            spent = cpu_seconds(relay.process.pid) - began
            device.client.close()
            return PAGES / spent, peak_mib(relay.process.pid)
        finally:
            relay.kill()


def rough_pages() -> list[Trouble]:
    """Return the largest pages that pass, small rows by the ten thousand, and bombs."""
    fat = [
        transaction(secrets.token_hex(18), "acc1", n, "2026-03-02", "COFFEE", original_description="x" * 15_000)
        for n in range(500)
    ]
    whole = {"added": fat, "modified": [], "removed": [], "accounts": [account("acc1")], "next_cursor": "c",
             "has_more": True, "transactions_update_status": "HISTORICAL_UPDATE_COMPLETE"}  # fmt: skip
    packed = {"Content-Encoding": "gzip"}
    return [
        Trouble(200, json.dumps(whole)),
        Trouble(200, gzip.compress(json.dumps(whole).encode()), headers=packed),
        Trouble(200, gzip.compress(bytes(200 * 1024 * 1024), 9), headers=packed),
        Trouble(200, "[" + "{}," * 2_600_000 + "{}]"),
        Trouble(500, gzip.compress(bytes(200 * 1024 * 1024), 9), headers=packed),
        Trouble(200, '{"added": [' + " " * 7_000_000, cut=True),
    ]


def rough_peak() -> float:
    """Return the peak memory in MiB of a relay whose upstream and whose callers are at their worst together."""
    with tempfile.TemporaryDirectory() as folder, PlaidStandIn() as plaid, ExitStack() as stack:
        relay = RelayProcess(Path(folder), plaid.host, limits=NO_LIMITS).start()
        stack.callback(relay.kill)
        assert relay.process is not None
        first = Device(relay).enrol()
        stack.callback(first.client.close)
        (item,) = first.link(plaid, plaid.new_item(accounts=[account("acc1")]))
        pages = rough_pages()
        slow = b"POST /v1/item HTTP/1.1\r\nHost: relay\r\nContent-Length: 9000\r\n\r\n{"
        for _ in range(SLOW_CONNECTIONS):
            stack.enter_context(socket.create_connection(("127.0.0.1", relay.port), timeout=30)).sendall(slow)

        def ask(_: int) -> None:
            device = Device(relay, first.key)
            device.client.certificate = first.client.certificate
            try:
                for _ in range(ROUGH_ROUNDS * len(pages)):
                    with suppress(BankRefused):
                        device.post("/v1/transactions/sync", **item)
            finally:
                device.client.close()

        plaid.trouble["/transactions/sync"].extend(pages * (ROUGH_ROUNDS * ROUGH_DEVICES))
        with ThreadPoolExecutor(ROUGH_DEVICES) as pool:
            list(pool.map(ask, range(ROUGH_DEVICES)))
        return peak_mib(relay.process.pid)


def milliseconds(work: Callable[[], Any]) -> float:
    began = time.process_time()
    for _ in range(CALLS):
        work()
    return (time.process_time() - began) * 1000 / CALLS


def crypto() -> dict[str, float]:
    """Return the processor time of each piece of a call's cryptography."""
    key, ring, nonces = (
        DeviceKey(secrets.token_bytes(32)),
        SealRing([secrets.token_bytes(32)], ["s", "c"]),
        Nonces(bytes(32)),
    )
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    office = Office(Ed25519PrivateKey.generate(), issuer="i", env="s")
    certificate, _ = office.issue(key.thumbprint, OPEN)
    nonce, sealed = nonces.issue(key.thumbprint), ring.seal(TOKEN, key.thumbprint, "item")
    text = key.signed({
        "htm": "POST", "htu": "https://relay.example/v1/item", "iat": 1, "jti": encoded(secrets.token_bytes(16)),
        "bsh": hashed(b"{}"), "nonce": nonce, "ath": hashed(certificate),
    })  # fmt: skip
    return {
        "proof": milliseconds(lambda: proof.read(text)),
        "certificate": milliseconds(lambda: office.read(certificate, thumbprint=key.thumbprint)),
        "nonce": milliseconds(lambda: (nonces.accepts(nonce, key.thumbprint), nonces.issue(key.thumbprint))),
        "open": milliseconds(lambda: ring.open(sealed, key.thumbprint, "item")),
        "seal": milliseconds(lambda: ring.seal(TOKEN, key.thumbprint, "item")),
    }


def import_seconds(module: str) -> float:
    code = f"import time; b = time.process_time(); import {module}; print(time.process_time() - b)"
    return float(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout)


def main() -> int:
    plain, memory = pages_per_second(compressed=False)
    packed, _ = pages_per_second(compressed=True)
    pieces = crypto()
    call = sum(value for name, value in pieces.items() if name != "seal")
    print(f"full pages a second and core      {plain:6.1f}   (at least {LEAST_PAGES})")
    print(f"the same, answers in gzip         {packed:6.1f}")
    print(f"crypto of a call                  {call:6.3f} ms (at most {MOST_CRYPTO_MS})")
    for name, value in pieces.items():
        print(f"  {name:31} {value:6.3f} ms")
    print(f"peak memory                       {memory:6.1f} MiB (at most {MOST_MEMORY})")
    rough = rough_peak()
    print(f"the same, all at their worst      {rough:6.1f} MiB (at most {MOST_MEMORY})")
    for module in ("relay.__main__", "relay.server", "plaid"):
        print(f"import {module:26} {import_seconds(module):6.2f} s")
    return int(plain < LEAST_PAGES or call > MOST_CRYPTO_MS or max(memory, rough) > MOST_MEMORY)


if __name__ == "__main__":
    sys.exit(main())

"""The first sync of a large bank: CPU and memory of the desktop and of the relay, with a stand-in for the provider.

    PYTHONPATH=.:tests .venv/bin/python tests/bench/bank_sync.py [--rows 50000] [--check]

The desktop is the command line in a process of its own, the relay another; the provider's stand-in runs in this one and
counts for nothing. `--check` exits 1 above 60 s CPU in all or 400 MiB in either.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from random import Random

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from app.adapters.clock import SystemClock  # noqa: E402 - the path is set above
from app.adapters.randomness import OsRandomness  # noqa: E402 - same
from app.core.dates import day_from_iso, iso  # noqa: E402 - same
from app.core.security.envelope import Mode  # noqa: E402 - same
from app.services.books import opening  # noqa: E402 - same
from tests.bank.conftest import bank_links, connect  # noqa: E402 - same
from tests.relay.conftest import RelayProcess  # noqa: E402 - same
from tests.relay.plaid_stand_in import Item, PlaidStandIn, account, transaction  # noqa: E402 - same

MOST_CPU, MOST_MIB = 60.0, 400.0
_SHOPS = (
    "BLUE FOX CAFE",
    "STAPLES 0041",
    "FIGMA MONTHLY",
    "SHELL OIL 5544",
    "UBER TRIP",
    "WHOLEFDS MKT",
    "CHASE QUICKPAY",
)
_FULL = {"sync_per_item": 100_000, "per_device": 100_000, "all_sync": 100_000}


def fill(item: Item, rows: int) -> int:
    """Give a bank its rows, a third of them with a text of their own; returns their sum in our sign."""
    dice, start, total = Random(5), day_from_iso("2024-11-25"), 0
    codes = ("FOOD_AND_DRINK_COFFEE", "GENERAL_SERVICES_OTHER", "TRANSPORTATION_GAS", "INCOME_WAGES")
    for number in range(rows):
        cents = dice.randint(-200_000, 500_000)
        total -= cents
        shop = dice.choice(_SHOPS)
        name = f"{shop} {''.join(dice.choices('ABCDEFGHKLMNP', k=6))}" if number % 3 == 0 else shop
        item.add(transaction(
            f"txn{number:07d}{dice.getrandbits(100):025x}", f"acc{number % 3}", cents / 100,
            iso(start + number * 720 // rows), name, merchant_name=shop.title(),
            personal_finance_category={"primary": "X", "detailed": dice.choice(codes), "confidence_level": "HIGH"},
        ))  # fmt: skip
    return total


def cost_of(pid: int) -> tuple[float, float]:
    """Return the CPU seconds of a process so far, and its largest size in MiB."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    status = Path(f"/proc/{pid}/status").read_text()
    peak = next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1]
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK"), int(peak) / 1024


def run(rows: int) -> bool:
    with tempfile.TemporaryDirectory(prefix="1099ops-bank-") as name, PlaidStandIn() as plaid:
        folder = Path(name)
        relay = RelayProcess(folder, plaid.host, limits=_FULL).start()
        assert relay.process is not None
        item = plaid.new_item(accounts=[
            account(f"acc{n}", mask=f"441{n}", name=f"Everyday {n}") for n in range(3)
        ])  # fmt: skip
        total = fill(item, rows)
        books, _ = opening.create(
            folder / "home", mode=Mode.PASSPHRASE, passphrase="violet anchor harvest tundra 41", keychain=None,
            randomness=OsRandomness(), clock=SystemClock("UTC", date(2026, 11, 20)), kdf_memory_mib=64,
        )  # fmt: skip
        key = books.key_hex()
        bank_links.setup_relay(books, relay.origin)
        connect(books, plaid, item)
        books.close()
        before, _ = cost_of(relay.process.pid)
        began = time.perf_counter()
        desktop = subprocess.Popen(
            [sys.executable, "-m", "app", "--home", str(folder / "home"), "--json", "--today", "2026-11-20", "--key-fd",
             "0", "bank", "sync"],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert desktop.stdin is not None
        assert desktop.stdout is not None
        desktop.stdin.write(key + "\n")
        desktop.stdin.close()
        body = json.loads(desktop.stdout.read())
        _, status, used = os.wait4(desktop.pid, 0)
        wall = time.perf_counter() - began
        after, relay_mib = cost_of(relay.process.pid)
        relay.stop()
        assert (status, body["added"]) == (0, rows), body
        print(f"{rows} rows, {wall:.1f} s: sum {total} cents")
        cpu, mib = used.ru_utime + used.ru_stime, used.ru_maxrss / 1024
        print(f"desktop  {cpu:6.2f} s CPU  {mib:6.1f} MiB")
        print(f"relay    {after - before:6.2f} s CPU  {relay_mib:6.1f} MiB")
        print(f"in all   {cpu + after - before:6.2f} s CPU, at most {MOST_CPU:.0f}; {MOST_MIB:.0f} MiB each")
        return cpu + after - before <= MOST_CPU and max(mib, relay_mib) <= MOST_MIB


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rows", type=int, default=50_000)
    parser.add_argument("--check", action="store_true")
    wanted = parser.parse_args()
    return 0 if run(wanted.rows) or not wanted.check else 1


if __name__ == "__main__":
    raise SystemExit(main())

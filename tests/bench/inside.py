"""What is measured inside one process: a single edit with its report, the price of the journal, undo of an import."""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path

from generator.flat import make_flat_csv

from app.adapters.clock import SystemClock
from app.adapters.randomness import OsRandomness
from app.core.security.envelope import Mode
from app.core.security.hash_chain import entry_mac
from app.services.audit import audit_archive, audit_log
from app.services.books import history, opening
from app.services.books.open_books import Books, Unlock
from app.services.ingest import imports
from app.services.ledger import transactions
from app.services.report import reports
from app.store import audit, journal_triggers, schema

RESIDENT_MS = 5.0
EDIT_MS = 2.0
JOURNAL_RATIO = 1.7
UNDO_S = 0.3
BYTES_A_ROW = 190
AUDIT_ENTRIES = 200_000
"""Entries that are verified, and how many at least in a second of CPU."""


def process_cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


class _Later(SystemClock):
    """A clock seven years ahead."""

    def now(self) -> datetime:
        return super().now() + timedelta(days=2500)


class Inside:
    def __init__(self, home: Path, key: str) -> None:
        self.books = opening.open_books(home, Unlock(key_hex=key), keychain=lambda: None, clock=SystemClock())

    @staticmethod
    def made(home: Path, passphrase: str) -> Books:
        made, _ = opening.create(
            home, mode=Mode.PASSPHRASE, passphrase=passphrase, keychain=None, randomness=OsRandomness(),
            clock=SystemClock(), kdf_memory_mib=64,
        )  # fmt: skip
        return made

    @classmethod
    def make(cls, home: Path, passphrase: str) -> str:
        """Make books and return their database key."""
        made = cls.made(home, passphrase)
        made.close()
        return made.key_hex()

    @classmethod
    def unlock(cls, home: Path, passphrase: str) -> float:
        """Return the CPU seconds of one command that unlocks by passphrase at the default cost."""
        secret = home.with_suffix(".secret")
        if not home.exists():
            made, _ = opening.create(
                home, mode=Mode.PASSPHRASE, passphrase=passphrase, keychain=None, randomness=OsRandomness(),
                clock=SystemClock(),
            )  # fmt: skip
            made.close()
            secret.touch(mode=0o600)
            secret.write_text(passphrase)
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(
            [sys.executable, "-P", "-m", "app", "--home", str(home), "--passphrase-file", str(secret),
             "accounts", "list"],
            check=True, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    def measure(self, rows: int, folder: Path) -> list[str]:
        """Print the figures and return what was not reached."""
        bad = self._edits(rows)
        self.books.close()
        bad += self._journal(rows, folder)
        if rows == 10_000:
            bad += self._undo(rows, folder)
            bad += self._audit(folder)
        return bad

    def _edits(self, rows: int) -> list[str]:
        with_report, alone = [], []
        for turn in range(21):
            line = ("C18", "C22")[turn % 2]
            began = time.process_time()
            transactions.set_values(self.books, 7 + turn, {"kind": "expense", "line": line})
            alone.append(1000 * (time.process_time() - began))
            reports.profit_and_loss(self.books, 2025)
            with_report.append(1000 * (time.process_time() - began))
        edit, resident = statistics.median(alone), statistics.median(with_report)
        print(f"one edit {edit:.2f} ms CPU (at most {EDIT_MS}); W6 resident {resident:.2f} ms (at most {RESIDENT_MS})")
        return [f"one edit at {rows}: {edit:.2f} ms"] * (edit > EDIT_MS) + [
            f"W6 resident at {rows}: {resident:.2f} ms"
        ] * (resident > RESIDENT_MS)

    def _journal(self, rows: int, folder: Path) -> list[str]:
        source = folder / f"Chase8888_Activity_{rows}.csv"
        source.write_bytes(make_flat_csv(rows, 11))
        seconds = {}
        for name in ("with", "without"):
            taken = []
            for run in range(3):
                made = self.made(folder / f"journal-{rows}-{name}-{run}", "a long enough passphrase")
                if name == "without":
                    self._switch_off(made)
                began = process_cpu()
                imports.import_files(made, [source], imports.ImportOptions(account="A"))
                taken.append(process_cpu() - began)
                made.close()
            seconds[name] = statistics.median(taken)
        size = sum(p.stat().st_size for p in (folder / f"journal-{rows}-with-2").glob("books.db*")) / rows
        ratio = seconds["with"] / seconds["without"]
        print(
            f"import with journal {seconds['with']:.3f} s, without {seconds['without']:.3f} s: {ratio:.2f} "
            f"(at most {JOURNAL_RATIO}); {size:.0f} bytes a row (at most {BYTES_A_ROW})"
        )
        bad = [f"journal at {rows}: {ratio:.2f}"] * (ratio > JOURNAL_RATIO)
        return bad + [f"bytes a row at {rows}: {size:.0f}"] * (size > BYTES_A_ROW and rows >= 100_000)

    @staticmethod
    def _switch_off(made: Books) -> None:
        made.connection.set_authorizer(None)
        for table in schema.BOOKS:
            for trigger in journal_triggers.trigger_names(table):
                made.connection.execute(f"DROP TRIGGER {trigger}")

    def _undo(self, rows: int, folder: Path) -> list[str]:
        taken = []
        for run in range(3):
            made = self.made(folder / f"undo-{rows}-{run}", "a long enough passphrase")
            imports.import_files(made, [folder / f"Chase8888_Activity_{rows}.csv"], imports.ImportOptions(account="A"))
            began = process_cpu()
            history.undo(made)
            taken.append(process_cpu() - began)
            assert made.transactions.last_id() == rows
            assert made.connection.execute("SELECT COUNT(*) FROM transactions").fetchone()[0] == 0
            made.close()
        undo = statistics.median(taken)
        print(f"undo of an import of {rows} rows: {undo:.3f} s CPU (at most {UNDO_S})")
        return [f"undo of {rows}: {undo:.3f} s"] * (undo > UNDO_S)

    def _audit(self, folder: Path) -> list[str]:
        """Verify a log of many entries, reading included; then the same when it is sealed month by month."""
        made = self.made(folder / "audit", "a long enough passphrase")
        key, home = made.key_hex(), made.home
        self._fill_log(made)
        made.close()
        bad, clock = [], _Later()
        for name in ("hot", "sealed"):
            taken = []
            for _ in range(3):
                books = opening.open_books(home, Unlock(key_hex=key), keychain=lambda: None, clock=clock)
                began = time.process_time()
                state = audit_log.verify(books)
                taken.append(time.process_time() - began)
                assert state.first_bad_seq is None
                assert state.entries >= AUDIT_ENTRIES
                if name == "hot" and len(taken) == 3:
                    began = time.process_time()
                    sealed = audit_archive.archive_due(books)
                    spent = time.process_time() - began
                books.close()
            rate = AUDIT_ENTRIES / statistics.median(taken)
            print(f"audit verify, {name}: {rate:,.0f} entries/s CPU (at least {AUDIT_ENTRIES:,})")
            bad += [f"audit verify, {name}: {rate:,.0f}/s"] * (rate < AUDIT_ENTRIES)
        print(f"sealing {AUDIT_ENTRIES:,} entries as {sealed} months: {spent:.2f} s CPU")
        return bad

    @staticmethod
    def _fill_log(books: Books) -> None:
        """Append entries like those of edits, spread over seven years to come."""
        first, prev = audit.head(books.connection)
        key, rows = books.subkey("audit-mac"), []
        then = books.clock.now()
        for seq in range(first + 1, first + AUDIT_ENTRIES + 1):
            at = then + timedelta(days=2499) * (seq / AUDIT_ENTRIES)
            body = f'{{"code":"set","digest":"{seq:064x}","rows":{seq % 7},"undoes":null}}'
            fields = (seq, f"{at:%Y-%m-%dT%H:%M:%S}.123Z", 1000 * seq, "change", "user", "operation", seq, "ok", body)
            mac = entry_mac(key, fields, bytes.fromhex(prev)).hex()
            rows.append((*fields, prev, mac))
            prev = mac
        books.connection.execute("BEGIN")
        books.connection.executemany("INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
        books.connection.execute("COMMIT")
        books.changed = True

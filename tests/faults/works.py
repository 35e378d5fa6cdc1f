"""What the children do: the command line as it is, or a long session of edits through the services."""

from __future__ import annotations

import ctypes
import importlib
import json
import os
import pkgutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

from app import bootstrap
from app.adapters.clock import SystemClock
from app.adapters.randomness import OsRandomness
from app.core.errors import AppError
from app.services.books import history, opening
from app.services.books.open_books import Books, Unlock
from app.services.classify import rules
from app.services.ingest import imports
from app.services.ledger import transactions
from app.services.privacy import erasure

TODAY = date(2026, 11, 20)


def load() -> None:
    """Load the program before the first fork, as every child would have to; never the window."""
    import app

    for module in pkgutil.walk_packages(app.__path__, "app."):
        if not module.name.startswith("app.ui") and module.name not in {"app.__main__", "app.cli.window"}:
            importlib.import_module(module.name)


def cli(request: dict[str, Any]) -> int:
    """Run one command line; `key` and `passphrase` reach it by descriptors."""
    words = ["--home", request["home"], "--json"]
    if request.get("today", TODAY.isoformat()):
        words += ["--today", request.get("today", TODAY.isoformat())]
    for option, name in (("--key-fd", "key"), ("--passphrase-fd", "passphrase")):
        if request.get(name):
            words += [option, str(pipe_with(request[name]))]
    rest = [str(pipe_with(word["fd"])) if isinstance(word, dict) else word for word in request["argv"]]
    return bootstrap.run([*words, *rest])


def pipe_with(text: str) -> int:
    reading, writing = os.pipe()
    os.write(writing, text.encode() + b"\n")
    os.close(writing)
    return reading


def edits(books: Books, seed: int, count: int) -> Iterator[int]:
    """Change the books as a person would, at random; yield the number of each operation after it returned."""
    chance = Random(seed)
    rows = [row[0] for row in books.connection.execute("SELECT id FROM transactions ORDER BY id")]
    account = books.connection.execute("SELECT id FROM account ORDER BY id LIMIT 1").fetchone()[0]
    steps: list[tuple[int, Callable[[], Any]]] = [
        (40, lambda: transactions.set_values(books, chance.choice(rows), {"note": f"note {chance.random()}"})),
        (15, lambda: transactions.set_values(
            books, chance.choice(rows), {"kind": "expense", "line": chance.choice(["C18", "C22", "C25"])})),
        (10, lambda: transactions.add(
            books, date=f"2026-{chance.randrange(1, 11):02d}-07", cents=-chance.randrange(100, 9000),
            account_selector=str(account), description=f"CASH {chance.randrange(50)} SHOP")[0]),
        (8, lambda: transactions.delete(books, [chance.choice(rows)], "not mine")),
        (5, lambda: transactions.restore(books, chance.choice(rows))),
        (4, lambda: rules.add(books, {"text": f"SHOP {chance.randrange(99)}", "kind": "expense", "line": "C22"})[0]),
        (12, lambda: history.undo(books)),
        (6, lambda: history.redo(books)),
    ]  # fmt: skip
    weights = [weight for weight, _ in steps]
    for _ in range(count):
        step = chance.choices([each for _, each in steps], weights)[0]
        try:
            outcome = step()
        except AppError as error:
            if error.exit_code not in {3, 5}:
                raise
            continue
        if outcome.operation is not None:
            yield outcome.operation


def opened(request: dict[str, Any]) -> Books:
    return opening.open_books(
        Path(request["home"]), Unlock(key_hex=request["key"]), keychain=lambda: None, clock=SystemClock("UTC", TODAY)
    )


class QuickClock(SystemClock):
    """A clock on which every look at it takes 200 ms, so that a session of minutes takes a second."""

    _ms = 0

    def monotonic_ms(self) -> int:
        self._ms += 200
        return self._ms


def edit(request: dict[str, Any]) -> int:
    """Edit; once an operation has returned, note its number and how many calls were made to the disk by then."""
    books = opened(request)
    if request.get("quick"):
        books.clock = QuickClock("UTC", TODAY)
    calls = ctypes.CDLL(None).fault_count
    journal = os.open(request["journal"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for operation in edits(books, request["seed"], request["count"]):
        os.write(journal, b"%d %d %d\n" % (operation, calls(), books.clock.monotonic_ms()))
    books.close()
    return 0


def probe(request: dict[str, Any]) -> int:
    """Read spoiled files, one a seed, and say of each what went wrong; import some of them for real."""
    from faults import fuzz

    known = [Path(name) for name in request["known"]]
    files = fuzz.good_files([*known, *map(Path, request["others"])], {path.name for path in known})
    books = opened(request)
    for seed in range(*request["seeds"]):
        file = fuzz.spoiled(files, seed)
        trouble = fuzz.verdict(file)
        if seed % 50 == 0:
            path = Path(request["folder"]) / file.good.name
            path.write_bytes(file.data)
            result = imports.import_files(books, [path], imports.ImportOptions())[0]
            if result.error is not None and result.error.exit_code not in {3, 5}:
                trouble = trouble or f"import: {result.error.code}"
        print(json.dumps({"seed": seed, "file": file.good.name, "trouble": trouble}), flush=True)
    books.close()
    return 0


def erase(request: dict[str, Any]) -> int:
    """Erase a payer, as the two commands of `privacy erase` do in the end."""
    books = opened(request)
    erasure.erase_payer(books, request["payer"], OsRandomness())
    books.close()
    return 0


WORKS: dict[str, Callable[[dict[str, Any]], int]] = {"cli": cli, "edit": edit, "erase": erase, "probe": probe}

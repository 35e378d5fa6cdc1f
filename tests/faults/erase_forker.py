"""Children that erase, and are killed: the forker of the changes of keys with two works more."""

from __future__ import annotations

import json
import signal
import sys
from collections.abc import Callable

from faults import keys_forker
from faults.keys_forker import FileKeychain

from app.adapters.randomness import OsRandomness
from app.services.books.open_books import Books
from app.services.privacy import erase_home, erasure

NAME = "Zebulon Quartermain"


def payer(books: Books, _chain: FileKeychain, say: Callable[[str], object]) -> None:
    erasure.erase_payer(books, NAME, OsRandomness())
    say("erased")


def everything(books: Books, chain: FileKeychain, say: Callable[[str], object]) -> None:
    erase_home.erase(books, lambda: chain)
    say("erased")


if __name__ == "__main__":
    keys_forker.WORKS.update(payer=payer, everything=everything)
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCHLD})
    for asked in sys.stdin:
        sys.stdout.write(json.dumps(keys_forker.serve(json.loads(asked))) + "\n")
        sys.stdout.flush()

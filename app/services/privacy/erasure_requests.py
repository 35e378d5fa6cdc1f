"""The request before an erasure, and the code that confirms it."""

from __future__ import annotations

import hashlib
import hmac
from base64 import b32encode
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from app.adapters import safe_files
from app.core.errors import Refused
from app.services.privacy.erasure_scope import Plan, look
from app.store import erasure
from app.store.connection import translated

if TYPE_CHECKING:
    from app.core.ports import Randomness
    from app.services.books.open_books import Books

_VALID_MINUTES = 10
_TRIES = 5
_CODE_BYTES = 5
_EVERYTHING = ""
"""What a request names when all is to be erased."""


def request(books: Books, payer: str | None, randomness: Randomness) -> tuple[Plan | None, str, datetime]:
    """Keep a request and return what it would do, its code, and until when that holds; with no payer for everything.

    The code is for a person's eyes: never log it, never print it where a program reads. Raises: NotFound, Refused.
    """
    books.refuse_reader()
    plan = look(books, payer) if payer is not None else None
    code = b32encode(randomness.token(_CODE_BYTES)).decode()
    until = books.clock.now() + timedelta(minutes=_VALID_MINUTES)
    connection = books.connection
    with translated():
        connection.execute("BEGIN IMMEDIATE")
        erasure.ask(connection, _moment(until), _digest(books, payer, code))
        connection.execute("COMMIT")
    return plan, code, until


def hand_over(code: str, descriptor: int) -> None:
    """Write a code to the descriptor a script gave for it. Raises: Usage."""
    safe_files.write_fd(descriptor, code)


def confirm(books: Books, payer: str | None, code: str) -> None:
    """Use up the code of a request for the same thing. Raises: Refused; after five wrong ones the request is void."""
    connection = books.connection
    with translated():
        connection.execute("BEGIN IMMEDIATE")
        held = erasure.request(connection)
        good = held is not None and hmac.compare_digest(held.digest, _digest(books, payer, code))
        fresh = held is not None and books.clock.now() <= datetime.fromisoformat(held.until).astimezone(UTC)
        if held is not None and fresh and not good and held.tries + 1 < _TRIES:
            erasure.count_try(connection)
        else:
            erasure.forget_requests(connection)
        connection.execute("COMMIT")
    if not (good and fresh):
        raise Refused(
            "The code does not fit, is used up or is older than ten minutes.",
            "Ask for a new one with --request, for exactly what is to be erased.",
        )


def _digest(books: Books, payer: str | None, code: str) -> str:
    what = _EVERYTHING if payer is None else "payer\x1f" + " ".join(payer.split()).casefold()
    text = f"{what}\x1f{code.strip().upper()}"
    return hmac.new(books.subkey("erasure"), text.encode(), hashlib.sha256).hexdigest()


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds")

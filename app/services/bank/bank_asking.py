"""Asking the relay, after what a backup brought to a new computer was moved to a key of this device."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from app.services.bank import bank_client, bank_secrets

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.services.bank.bank_client import Relay
    from app.services.books.open_books import Books
    from app.store.bank_settings import BankSetting


@contextlib.contextmanager
def asking(
    books: Books, allowed_by: str, *, in_batch: bool = False, setting: BankSetting | None = None
) -> Iterator[Relay]:
    """Give the relay these books are set up for, or that of a `setting` to come; see `bank_client.calling`.

    Raises: NotFound when no bank link is set up; Refused on books that only read; the keychain's errors.
    """
    books.refuse_reader()
    if (setting or bank_client.setting_of(books)) and bank_secrets.names(books, bank_secrets.COPY):
        from app.services.bank import bank_moving  # noqa: PLC0415 - once on a new computer

        bank_moving.move(books)
    with bank_client.calling(books, allowed_by, in_batch=in_batch, setting=setting) as relay:
        yield relay

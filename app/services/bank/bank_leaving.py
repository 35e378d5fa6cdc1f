"""Disconnecting a bank: at the bank's side first, then here. Whoever was let in must always be able to leave."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, NamedTuple

from app.core.errors import AppError, BankRefused, BankUnreachable, SealedYear
from app.services.audit.audit_notes import note
from app.services.bank import bank_client, bank_linking, bank_records, bank_secrets
from app.services.bank.bank_asking import asking
from app.services.program import program_log
from app.services.program.program_log import Event
from app.store import bank_only
from app.store.bank import GONE

if TYPE_CHECKING:
    from app.services.books.open_books import Books

CODE = "bank_disconnect"
_GONE = frozenset({"gone", "bad_sealed_token"})
"""Answers that say there is nothing left to remove, or nothing this device could remove."""


class Left(NamedTuple):
    """What became of a bank. `operation` deleted its rows and can be undone; None where they were kept."""

    connection: int
    institution: str
    how: str
    """`removed` at the bank's side, `gone` there already, or `lost`: this computer has no key for it any more."""
    rows: int
    kept: int
    operation: int | None


def disconnect(books: Books, number: int, *, keep_rows: bool) -> Left:
    """End a connection. Rows that a file or another bank brought too stay in every case.

    The connection itself cannot be put back; rows that go are deleted in a step of their own that can.

    Raises: NotFound; SealedYear before anything is done; BankUnreachable, BankRefused: then all is as it was.
    """
    bank = books.bank.connection(number)
    if bank is not None and bank.ended:
        return Left(number, bank.institution, "gone", 0, 0, None)
    bank = bank_records.standing(books, number)
    rows = bank_only.rows_of(books.connection, number)
    if not keep_rows:
        _refuse_sealed(books, rows)
    how = leave(books, bank.item_id)
    if how == "lost" and bank.health == "gone":
        how = "gone"  # its token went when that was heard
    with books.work.operation(CODE, durable=True):
        books.bank.set_connection(number, ended=1, health="gone")
        note(
            books, "bank.removed", object_id=number, code=how, rows=0 if keep_rows else len(rows),
            kept=len(rows) if keep_rows else 0,
        )  # fmt: skip
    program_log.note(Event.BANK_LEFT, how=how)
    operation = None
    if rows and not keep_rows:
        from app.services.ledger import bulk_edit  # noqa: PLC0415 - only when rows go

        operation = bulk_edit.delete_many(books, rows, GONE).operation
    return Left(number, bank.institution, how, 0 if keep_rows else len(rows), len(rows) if keep_rows else 0, operation)


def leave(books: Books, item_id: str) -> str:
    """Unlink a bank at its side and forget its token; returns how that went. Raises: BankUnreachable, BankRefused."""
    if not _has_token(books, item_id):
        return "lost"
    how = "removed"
    with asking(books, "bank disconnect") as relay:
        try:
            relay.item("/v1/item/remove", item_id, "remove")
        except BankRefused as error:
            if error.reason not in _GONE:
                raise
            how = "gone" if error.reason == "gone" else "lost"
    bank_secrets.remove(books, bank_secrets.TOKEN + item_id)
    return how


def reject(books: Books, item_id: str) -> None:
    """Unlink a bank that the person did not want, where it was linked first. Raises: as `leave`."""
    bank_linking.waiting(books, item_id)
    how = leave(books, item_id)
    bank_secrets.remove(books, bank_secrets.LINKED + item_id)
    note(books, "bank.removed", code="rejected")
    program_log.note(Event.BANK_LEFT, how=how)


def _has_token(books: Books, item_id: str) -> bool:
    return item_id in bank_secrets.names(books, bank_secrets.TOKEN)


def forget_gone(books: Books, item_id: str) -> None:
    """Delete the token of a bank that was ended at its side, after asking once that it be removed there too.

    The connection and its rows stay until the person disconnects it. While the relay is out of reach, or the keychain
    closed, the token stays as well, and the next look tries again. Raises nothing for that.
    """
    bank = books.bank.of_item(item_id)
    with contextlib.suppress(AppError):
        if bank is None or not _has_token(books, item_id):
            return
        try:
            leave(books, item_id)
        except BankRefused as error:
            if error.retry == "later":
                raise
            bank_secrets.remove(books, bank_secrets.TOKEN + item_id)
        rows = bank_only.rows_of(books.connection, bank.id)
        note(books, "bank.removed", object_id=bank.id, code="gone", rows=0, kept=len(rows))


class AllLeft(NamedTuple):
    """How many banks were ended before everything is erased, and how many could not be."""

    ended: int
    open: int
    removal_list: str | None
    """A text signed by this device's key, by which whoever runs the relay can end the rest; None where none is left."""


def leave_all(books: Books) -> AllLeft:
    """End every linked bank, as far as it can be reached, because everything is erased next. Raises nothing for that.

    What was linked and not confirmed is ended too.
    """
    waiting = bank_secrets.names(books, bank_secrets.TOKEN)
    open_still: list[str] = []
    unreachable = False
    for item_id in waiting:
        try:
            how = "lost" if unreachable else leave(books, item_id)
        except AppError as error:
            unreachable = isinstance(error, BankUnreachable)
            how = "lost"
        if how == "lost":
            open_still.append(item_id)
    return AllLeft(len(waiting) - len(open_still), len(open_still), _removal_list(books, open_still))


def _removal_list(books: Books, item_ids: list[str]) -> str | None:
    """Return the signed list. With own keys nobody else could use one, since the keys that open it go as well."""
    setting = bank_client.setting_of(books)
    if not item_ids or setting is None or setting.mode == "own_keys":
        return None
    try:
        items = [
            {"item_id": item_id, "sealed_token": bank_secrets.get(books, bank_secrets.TOKEN + item_id)}
            for item_id in item_ids
        ]
        key = bank_client.device_key(books)
    except AppError:
        return None
    claims = {"relay": setting.relay_url, "iat": int(books.clock.now().timestamp()), "remove": items}
    return key.signed(claims, kind="1099ops-removal+jwt")


def _refuse_sealed(books: Books, rows: list[int]) -> None:
    """Raises: SealedYear when a row that would go is of a year that was handed out."""
    from app.core.dates import year_of  # noqa: PLC0415 - as below

    years = set(books.settings.sealed_years())
    met = {year_of(row.tax_date) for row in books.transactions.block(rows)} & years if years else set()
    if met:
        raise SealedYear(
            f"Rows of this bank are in {', '.join(map(str, sorted(met)))}, which was handed out and is sealed.",
            "Nothing was done. Disconnect with --keep-rows, which leaves them where they are.",
        )

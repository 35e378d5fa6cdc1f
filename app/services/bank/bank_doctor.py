"""Whether the bank link works: for `doctor`. It asks the relay what it offers, and nothing about any bank."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.core.errors import AppError
from app.services.bank import bank_client, bank_secrets
from app.services.bank.bank_asking import asking
from app.services.program.doctor import Check

if TYPE_CHECKING:
    from app.services.books.open_books import Books

NAME = "bank link"


def checks(books: Books) -> list[Check]:
    """Return what was found; nothing where no bank link is set up. None of it keeps the books from working."""
    setting = bank_client.setting_of(books)
    if setting is None:
        return []
    found = [_answers(books)] if not books.reads_only else []
    held = set(bank_secrets.names(books, bank_secrets.TOKEN))
    lost = [bank for bank in books.bank.connections() if bank.item_id not in held]
    found.append(
        Check(
            name="keys of connected banks", ok=not lost, required=False,
            fix="Disconnect these banks and connect them again: "
            + ", ".join(f"ops1099 bank disconnect {bank.id} --keep-rows" for bank in lost),
        )
    )  # fmt: skip
    return found


def _answers(books: Books) -> Check:
    fix = "Check the internet connection and the address in: ops1099 bank status"
    try:
        with asking(books, "doctor") as relay:
            offered = str(relay.config().get("plaid_env"))
    except AppError as error:
        return Check(name=NAME, ok=False, fix=error.hint or fix, required=False, trouble=error.message)
    setting = bank_client.setting_of(books)
    is_right = setting is not None and setting.env == offered
    return Check(
        name=NAME, ok=is_right, required=False, fix="Set it up again: ops1099 bank setup",
        trouble=None if is_right else "It serves another environment than when it was set up.",
    )  # fmt: skip

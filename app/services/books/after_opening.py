"""What is done once books are open: the log is told what happened meanwhile, an older cost of keys is raised."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from app.core.errors import AppError
from app.core.security import key_derivation
from app.services.vault import unlocking

if TYPE_CHECKING:
    from app.core.security.key_derivation import Kdf
    from app.services.books.open_books import Books
    from app.services.vault.rotation import Settled
    from app.services.vault.unlocking import Unlocked


def catch_up(books: Books, ended: Settled | None, found: Unlocked, *, former: frozenset[Kdf] | None = None) -> None:
    """Note what happened while the books were shut; stretch a passphrase anew that has the cost of an older program.

    The books are open: that some of this cannot be written, on a full disk for one, is no reason to shut them.
    """
    with contextlib.suppress(AppError):
        if ended is not None and ended.code:
            from app.services.audit.audit_notes import note  # noqa: PLC0415 - hardly ever

            note(books, "vault.rotation", actor="system", code=ended.code, generation=ended.keys.generation)
        if found.counted:
            unlocking.tell_of_failures(books, found.failures)
        if found.passphrase is not None and (former or key_derivation.FORMER_DEFAULTS):
            from app.adapters.randomness import OsRandomness  # noqa: PLC0415 - once after an update
            from app.services.vault import key_changes  # noqa: PLC0415 - same

            key_changes.raise_cost(
                books, found.passphrase, keychain=found.keychain, randomness=OsRandomness(), former=former
            )

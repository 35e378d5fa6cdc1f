"""The bank link as the services do it: their calls put together to what the window asks of them."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.core.errors import BankUnreachable, Cancelled
from app.ui.runtime.bank_port import Answer, Egress, Found, FoundAccount, Link, Sent, Standing, Synced, Talk, Way

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.services.bank_linking import Linked
    from app.services.books import Books

FAST_SECONDS, FAST_EVERY, SLOW_EVERY = 60.0, 2.0, 5.0
"""How often it is asked how the bank's page stands: often in the first minute, then less."""
_EGRESS_HEAD = ("when", "host", "purpose", "sent_bytes", "received_bytes", "allowed_by")


class Services:
    """Implements `BankPort`."""

    def standing(self, books: Books) -> Standing:
        from app.services import bank_client, bank_linking  # noqa: PLC0415 - the first page is painted before
        from app.store import bank_connections  # noqa: PLC0415

        raise NotImplementedError

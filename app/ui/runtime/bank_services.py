"""The bank link as the services do it, put together to what the window asks of it. All of it loads when it is used."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from app.core.errors import Refused
from app.ui.runtime.bank_port import Egress, Found, FoundAccount, Link, Sent, Standing, Synced, Way

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.services.bank.bank_linking import Linked, Page
    from app.services.books.open_books import Books
    from app.ui.runtime.bank_port import Talk

PAGE_SECONDS = 1_800.0
"""How long the bank's page is waited for; it ends by itself before that."""


class Services:
    """Implements `BankPort`."""

    def standing(self, books: Books) -> Standing:
        from app.services.bank import bank_page  # noqa: PLC0415

        found = bank_page.page(books)
        setting = found.setting
        way = None if setting is None else Way(setting.mode, setting.relay_url or "", setting.env)
        links = tuple(
            Link(id=each.id, institution=each.institution, health=each.health, history=each.history,
                 synced_at=each.synced_at, tried_at=each.tried_at, failures=each.failures, accounts=each.accounts,
                 permission_ends=each.permission_ends, permission_days=each.permission_days,
                 unread=tuple((row.account, row.reason) for row in each.unread))
            for each in found.banks
        )  # fmt: skip
        return Standing(way, links, found.unanswered)

    def set_up_relay(self, books: Books, url: str, *, grant: str) -> None:
        from app.services.bank import bank_links  # noqa: PLC0415

        bank_links.setup_relay(books, url, grant=grant)

    def set_up_own_keys(self, books: Books, client_id: str, secret: str, *, env: str) -> None:
        from app.services.bank import bank_links  # noqa: PLC0415

        bank_links.setup_own_keys(books, client_id, secret, env=env)

    def connect(self, books: Books, talk: Talk, *, only_waiting: bool = False) -> tuple[int, ...]:
        from app.services.bank import bank_links  # noqa: PLC0415

        if not only_waiting:
            connected = bank_links.connect(
                books, wait=PAGE_SECONDS, open_browser=talk.open_page, tell=lambda _page: None, pause=talk.wait,
                heard=talk.tell,
            )  # fmt: skip
            if not connected.linked:
                _refuse(connected.page)
        made = []
        for linked in bank_links.linked(books):
            number = self._answered(books, linked, talk)
            if number is not None:
                made.append(number)
        return tuple(made)

    @staticmethod
    def _answered(books: Books, linked: Linked, talk: Talk) -> int | None:
        from app.services.bank import bank_links, bank_page  # noqa: PLC0415
        from app.services.bank.bank_accounts import Place  # noqa: PLC0415

        accounts = tuple(
            FoundAccount(provider_id=each.provider_id, name=each.name, last4=each.last4, kind=each.kind,
                         role=each.role, account_id=each.account_id)
            for each in bank_page.likely(books, linked)
        )  # fmt: skip
        found = Found(
            institution=linked.institution, accounts=accounts, linked_before=linked.is_same,
            lost_before=linked.lost_on is not None,
        )  # fmt: skip
        answer = talk.confirm(found)
        if answer is None:
            bank_links.reject(books, linked.item_id)
            return None
        places = {
            number: Place(account_id=goes.account_id, name=goes.name, kind=goes.kind, role=goes.role)
            for number, goes in answer.items()
        }
        return bank_page.confirm(books, linked.item_id, places)

    def reconnect(self, books: Books, connection: int, talk: Talk) -> None:
        from app.services.bank import bank_links  # noqa: PLC0415

        page = bank_links.reconnect(
            books, connection, wait=PAGE_SECONDS, open_browser=talk.open_page, tell=lambda _page: None,
            pause=talk.wait, heard=talk.tell,
        )  # fmt: skip
        if page.state != "repaired":
            _refuse(page)

    def sync(self, books: Books, connection: int, *, check: Callable[[], None], tell: Callable[[int], None]) -> Synced:
        from app.services.bank import bank_sync  # noqa: PLC0415

        found = bank_sync.sync(books, connection, check=check, tell=tell)
        joined = tuple(
            (f"{one.name} ··{one.last4}" if one.last4 else one.name, one.account)
            for each in found.connections
            for one in each.joined
        )
        return Synced(found.added, found.modified, found.removed, found.operation, found.history, joined)

    def disconnect(self, books: Books, connection: int, *, keep_rows: bool) -> None:
        from app.services.bank import bank_links  # noqa: PLC0415

        bank_links.disconnect(books, connection, keep_rows=keep_rows)

    def egress(self, books: Books, limit: int) -> Egress:
        from datetime import datetime  # noqa: PLC0415

        from app.services.bank import egress_list  # noqa: PLC0415

        found = egress_list.listed(books, limit=limit)
        newest = tuple(
            Sent(int(datetime.fromisoformat(row.at).timestamp() * 1000), row.host, row.purpose, row.sent, row.received,
                 row.allowed_by)
            for row in found.rows
        )  # fmt: skip
        return Egress(newest, found.entries, found.sent, found.received)

    def export_egress(self, books: Books, path: Path) -> int:
        from app.services.bank import bank_page  # noqa: PLC0415

        return bank_page.export_egress(books, path)


def _refuse(page: Page) -> None:
    """Say why a page brought nothing. Raises: Refused."""
    message, hint = page.words
    raise Refused(message, hint)

"""A bank link that answers at once, for tests of the window: it implements `BankPort` and keeps what it was asked."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from app.core.errors import AppError
from app.ui.runtime.bank_port import Answer, Egress, Found, FoundAccount, Link, Sent, Standing, Synced, Talk, Way

PAGE = "https://secure.plaid.com/hl/abc"
RELAY = Way("relay", "https://relay.example.com", "production")
FOUND = Found(
    institution="Chase",
    accounts=(
        FoundAccount(provider_id="a1", name="Business Checking", last4="4821", kind="checking"),
        FoundAccount(provider_id="a2", name="Sapphire", last4="0093", kind="credit"),
    ),
)


class FakeBank:
    """`state` is what the bank's page says when it is asked; `errors` are met one after the other."""

    def __init__(self, way: Way | None = RELAY, links: tuple[Link, ...] = ()) -> None:
        self.way, self.links = way, links
        self.unanswered: tuple[str, ...] = ()
        self.asked: list[Any] = []
        self.errors: list[AppError] = []
        self.state = "waiting"
        self.found = FOUND
        self.answer: Answer | None = None
        self.sent: tuple[Sent, ...] = ()
        self.hold = threading.Event()
        self.hold.set()
        self.brings = Synced(214, 0, 0, 7, "complete")

    def _meet(self) -> None:
        if self.errors:
            raise self.errors.pop(0)

    def standing(self, _books: Any) -> Standing:
        return Standing(self.way, self.links, self.unanswered)

    def set_up_relay(self, _books: Any, url: str, *, grant: str) -> None:
        self.asked.append(("relay", url, grant))
        self._meet()
        self.way = Way("relay", url, "production")

    def set_up_own_keys(self, _books: Any, client_id: str, _secret: str, *, env: str) -> None:
        self.asked.append(("own_keys", client_id, env))
        self._meet()
        self.way = Way("own_keys", "", env)

    def connect(self, _books: Any, talk: Talk, *, only_waiting: bool = False) -> tuple[int, ...]:
        self.asked.append(("connect", only_waiting))
        self._meet()
        if not only_waiting:
            self._page(talk)
        self.answer = talk.confirm(self.found)
        if self.answer is None:
            self.asked.append("rejected")
            return ()
        self.links += (Link(id=5, institution=self.found.institution, history="loading", accounts=(1,)),)
        return (5,)

    def _page(self, talk: Talk) -> None:
        talk.open_page(PAGE)
        while self.state not in {"linked", "repaired"}:
            talk.tell(self.state)
            talk.wait(30)

    def reconnect(self, _books: Any, connection: int, talk: Talk) -> None:
        self.asked.append(("reconnect", connection))
        self._meet()
        self._page(talk)
        self.links = tuple(replace(each, health="ok") if each.id == connection else each for each in self.links)

    def sync(self, books: Any, connection: int, *, check: Callable[[], None], tell: Callable[[int], None]) -> Synced:
        self.asked.append(("sync", connection))
        tell(120)
        while not self.hold.wait(0.05):
            check()
        check()
        now = int(books.clock.now().timestamp() * 1000)
        if self.errors:
            self.links = tuple(
                replace(each, health="waiting", tried_at=now, failures=each.failures + 1)
                if each.id == connection
                else each
                for each in self.links
            )
        self._meet()
        self.links = tuple(
            replace(each, health="ok", synced_at=now, tried_at=now, failures=0, history=self.brings.history)
            if each.id == connection
            else each
            for each in self.links
        )
        return self.brings

    def disconnect(self, _books: Any, connection: int, *, keep_rows: bool) -> None:
        self.asked.append(("disconnect", connection, keep_rows))
        self._meet()
        self.links = tuple(each for each in self.links if each.id != connection)

    def egress(self, _books: Any, limit: int) -> Egress:
        return Egress(self.sent[: limit or None], len(self.sent), sum(e.sent for e in self.sent),
                      sum(e.received for e in self.sent))  # fmt: skip

    def export_egress(self, _books: Any, path: Path) -> int:
        path.write_text("when,host\n")
        return len(self.sent)

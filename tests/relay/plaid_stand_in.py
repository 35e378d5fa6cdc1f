"""A stand-in for Plaid: real HTTP on loopback, answers after the published contract, and trouble on request.

It keeps a truth (banks with transactions that change) and serves it with cursors; what it was asked is kept for tests
to look at. `trouble` makes the next calls of a path fail in a named way; None lets one through.
"""

from __future__ import annotations

import json
import threading
import uuid
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

Json = dict[str, Any]
CLIENT_ID, SECRET = "stand-in-client", "stand-in-secret-0123456789"
ENV = "sandbox"


def _token(kind: str) -> str:
    return f"{kind}-{ENV}-{uuid.uuid4()}"


def account(number: str, **more: Any) -> Json:
    """Return an account as Plaid tells it."""
    return {
        "account_id": number, "name": "Everyday Checking", "official_name": "Everyday Checking Account",
        "mask": "4417", "type": "depository", "subtype": "checking", "persistent_account_id": None,
        "holder_category": "personal",
        "balances": {"available": 1200.5, "current": 1250.5, "limit": None, "iso_currency_code": "USD",
                     "unofficial_currency_code": None},
        **more,
    }  # fmt: skip


def transaction(number: str, account_id: str, amount: float, day: str, name: str, **more: Any) -> Json:
    """Return a transaction as Plaid tells it: positive is money out."""
    return {
        "transaction_id": number, "account_id": account_id, "amount": amount, "iso_currency_code": "USD",
        "unofficial_currency_code": None, "date": day, "authorized_date": day, "authorized_datetime": None,
        "datetime": None, "pending": False, "pending_transaction_id": None, "name": name,
        "original_description": name, "merchant_name": None, "merchant_entity_id": None, "payment_channel": "online",
        "check_number": None, "transaction_code": None, "transaction_type": "place", "account_owner": "Someone",
        "category": None, "category_id": None, "logo_url": "https://plaid.example/logo.png", "website": None,
        "personal_finance_category": {"primary": "GENERAL_SERVICES", "detailed": "GENERAL_SERVICES_OTHER",
                                      "confidence_level": "HIGH", "version": "v2"},
        "personal_finance_category_icon_url": "https://plaid.example/icon.png", "counterparties": [],
        "location": {"address": "1 Main St", "city": "Springfield", "region": "IL", "postal_code": "62701",
                     "country": "US", "lat": 39.8, "lon": -89.6, "store_number": None},
        "payment_meta": {"by_order_of": None, "payee": None, "payer": None, "payment_method": None,
                         "payment_processor": None, "ppd_id": None, "reason": None, "reference_number": None},
        **more,
    }  # fmt: skip


@dataclass
class Item:
    """A linked bank: its accounts and the log of what happened to its rows, which cursors count through."""

    item_id: str
    access_token: str
    institution_id: str = "ins_1"
    institution_name: str = "Stand-in Bank"
    accounts: list[Json] = field(default_factory=list)
    changes: list[tuple[str, Json]] = field(default_factory=list)
    status: str = "HISTORICAL_UPDATE_COMPLETE"
    error: Json | None = None
    removed: bool = False
    consent_ends: str | None = None

    def add(self, *rows: Json) -> None:
        self.changes += [("added", row) for row in rows]

    def modify(self, row: Json) -> None:
        self.changes.append(("modified", row))

    def remove(self, row: Json) -> None:
        self.changes.append(("removed", {"transaction_id": row["transaction_id"], "account_id": row["account_id"]}))


@dataclass
class Link:
    """A hosted page; `sessions` is what became of it."""

    link_token: str
    access_token: str | None
    sessions: list[Json] = field(default_factory=list)


class Trouble(Exception):
    """Ends a call: an HTTP status with a body and headers, or `cut` for a connection that breaks in the middle."""

    def __init__(
        self, status: int, body: Json | str | bytes = b"", *, cut: bool = False, headers: dict[str, str] | None = None
    ) -> None:  # fmt: skip
        super().__init__(status)
        self.status, self.cut, self.headers = status, cut, headers or {}
        self.data = (
            json.dumps(body).encode() if isinstance(body, dict) else body.encode() if isinstance(body, str) else body
        )


def error(kind: str, code: str, status: int = 400, message: str = "") -> Trouble:
    return Trouble(status, {
        "error_type": kind, "error_code": code, "error_message": message or code.lower(), "display_message": None,
        "request_id": "standin" + uuid.uuid4().hex[:8],
    })  # fmt: skip


class _Quiet(ThreadingHTTPServer):
    def handle_error(self, *_: object) -> None:
        """Say nothing of a relay that was killed in the middle of a call."""


class PlaidStandIn:
    """The server. Use it as a context; `host` is what a relay's `plaid_host` says."""

    def __init__(self) -> None:
        self.items: dict[str, Item] = {}
        self.links: dict[str, Link] = {}
        self.public: dict[str, Item] = {}
        self.calls: list[tuple[str, Json]] = []
        self.exchanges: list[str] = []
        self.webhook_keys: dict[str, Json] = {}
        self.page = 500
        self.second_exchange_works = False
        self.trouble: dict[str, deque[Trouble | None]] = defaultdict(deque)
        self.before_answer: Callable[[str, Json], None] = lambda _path, _answer: None
        self._lock = threading.RLock()
        self._server = _Quiet(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True

    @property
    def host(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def forget(self) -> None:
        """Forget what was asked and what was to go wrong; banks and links stay."""
        with self._lock:
            self.calls.clear()
            self.exchanges.clear()
            self.trouble.clear()
            self.page, self.second_exchange_works = 500, False
            self.before_answer = lambda _path, _answer: None

    def calls_to(self, path: str) -> list[Json]:
        with self._lock:
            return [body for asked, body in self.calls if asked == path]

    def new_item(self, **more: Any) -> Item:
        """Return a bank that can be linked."""
        return Item(f"item{uuid.uuid4().hex[:20]}", _token("access"), **more)

    def finish(self, link_token: str, *items: Item) -> None:
        """Let the person finish the hosted page with these banks."""
        with self._lock:
            results = []
            for item in items:
                public = _token("public")
                self.public[public] = item
                results.append({
                    "public_token": public, "institution": {"institution_id": item.institution_id,
                                                            "name": item.institution_name},
                    "accounts": [{"id": each["account_id"], "name": each["name"], "mask": each["mask"],
                                  "type": each["type"], "subtype": each["subtype"]} for each in item.accounts],
                })  # fmt: skip
            self.links[link_token].sessions.append({
                "link_session_id": uuid.uuid4().hex, "started_at": "2026-11-22T10:00:00.123456789Z",
                "finished_at": "2026-11-22T10:01:00Z", "exit": None, "events": [],
                "results": {"item_add_results": results, "document_income_results": None},
            })  # fmt: skip

    def leave(self, link_token: str, code: str | None = None) -> None:
        """Let the person close the page, with an error or without."""
        said = {"error_type": "ITEM_ERROR", "error_code": code} if code else None
        self.links[link_token].sessions.append({
            "link_session_id": uuid.uuid4().hex, "started_at": "2026-11-22T10:00:00Z",
            "finished_at": "2026-11-22T10:01:00Z", "results": None, "exit": {"error": said, "metadata": {}},
        })  # fmt: skip

    def last_link(self) -> str:
        return list(self.links)[-1]

    # --- the paths

    def _link_token_create(self, body: Json) -> Json:
        if "access_token" in body:
            self._item(body, even_broken=True)
        token = _token("link")
        self.links[token] = Link(token, body.get("access_token"))
        return {
            "link_token": token, "expiration": "2099-01-01T00:00:00Z",
            "hosted_link_url": f"https://secure.plaid.com/hl/{uuid.uuid4().hex}",
        }  # fmt: skip

    def _link_token_get(self, body: Json) -> Json:
        link = self.links.get(body["link_token"])
        if link is None:
            raise error("INVALID_INPUT", "INVALID_LINK_TOKEN")
        return {
            "link_token": link.link_token, "created_at": None, "expiration": "2099-01-01T00:00:00Z", "metadata": {},
            "link_sessions": link.sessions,
        }  # fmt: skip

    def _item_public_token_exchange(self, body: Json) -> Json:
        item = self.public.get(body["public_token"])
        if item is None or (item.item_id in self.items and not self.second_exchange_works):
            raise error("INVALID_INPUT", "INVALID_PUBLIC_TOKEN")
        self.items[item.item_id] = item
        self.exchanges.append(item.item_id)
        return {"access_token": item.access_token, "item_id": item.item_id}

    def _accounts_get(self, body: Json) -> Json:
        item = self._item(body)
        return {"accounts": item.accounts, "item": self._about(item)}

    _accounts_balance_get = _accounts_get

    def _transactions_sync(self, body: Json) -> Json:
        item = self._item(body)
        if item.status == "NOT_READY":
            return {"transactions_update_status": "NOT_READY", "accounts": [], "added": [], "modified": [],
                    "removed": [], "next_cursor": "", "has_more": False}  # fmt: skip
        start = 0
        if cursor := body.get("cursor"):
            owner, _, place = cursor.partition(":")
            if owner != item.item_id:
                raise error("INVALID_INPUT", "INVALID_FIELD", message="cursor not associated with access_token")
            start = int(place)
        count = min(body.get("count", 100), self.page)
        some = item.changes[start : start + count]
        told: dict[str, list[Json]] = {"added": [], "modified": [], "removed": []}
        for what, row in some:
            told[what].append(row)
        end = start + len(some)
        return {
            **told, "transactions_update_status": item.status, "accounts": item.accounts,
            "next_cursor": f"{item.item_id}:{end}", "has_more": end < len(item.changes),
        }  # fmt: skip

    def _transactions_refresh(self, body: Json) -> Json:
        self._item(body)
        return {}

    def _item_get(self, body: Json) -> Json:
        item = self._item(body, even_broken=True)
        lately = {"last_successful_update": "2026-11-22T08:00:00Z", "last_failed_update": None}
        return {"item": self._about(item), "status": {"transactions": lately, "last_webhook": None}}

    def _item_access_token_invalidate(self, body: Json) -> Json:
        item = self._item(body)
        item.access_token = _token("access")
        return {"new_access_token": item.access_token}

    def _webhook_verification_key_get(self, body: Json) -> Json:
        key = self.webhook_keys.get(body["key_id"])
        if key is None:
            raise error("INVALID_INPUT", "INVALID_WEBHOOK_VERIFICATION_KEY_ID")
        return {"key": key}

    def _item_remove(self, body: Json) -> Json:
        self._item(body, even_broken=True).removed = True
        return {}

    def _item(self, body: Json, *, even_broken: bool = False) -> Item:
        token = body.get("access_token")
        found = next((each for each in self.items.values() if each.access_token == token), None)
        if found is None or found.removed:
            raise error("INVALID_INPUT", "INVALID_ACCESS_TOKEN" if found is None else "ITEM_NOT_FOUND")
        if found.error is not None and not even_broken:
            raise Trouble(400, {**found.error, "request_id": "standinbroken"})
        return found

    def _about(self, item: Item) -> Json:
        return {
            "item_id": item.item_id, "institution_id": item.institution_id, "institution_name": item.institution_name,
            "error": item.error, "consent_expiration_time": item.consent_ends, "update_type": "background",
            "webhook": "", "available_products": [], "billed_products": ["transactions"],
        }  # fmt: skip

    # --- HTTP

    def answer(self, path: str, headers: Any, data: bytes) -> bytes:
        """Return the body of one call's answer. Raises: Trouble for any other end."""
        with self._lock:
            body = json.loads(data)
            self.calls.append((path, body))
            if (headers.get("PLAID-CLIENT-ID"), headers.get("PLAID-SECRET")) != (CLIENT_ID, SECRET):
                raise error("INVALID_INPUT", "INVALID_API_KEYS")
            if self.trouble[path] and (trouble := self.trouble[path].popleft()) is not None:
                raise trouble
            handler = getattr(self, path.replace("/", "_"), None)
            if handler is None:
                raise error("INVALID_REQUEST", "NOT_FOUND", 404)
            made = {**handler(body), "request_id": "standin" + uuid.uuid4().hex[:8]}
        self.before_answer(path, made)
        return json.dumps(made).encode()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        stand_in = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = -1  # head and body in one piece, or the system waits 40 ms between them

            def do_POST(self) -> None:
                data = self.rfile.read(int(self.headers.get("content-length", "0")))
                try:
                    self.tell(200, stand_in.answer(self.path, self.headers, data))
                except Trouble as trouble:
                    if trouble.cut:
                        self.tell(200, trouble.data, more=1_000)
                        self.close_connection = True
                    else:
                        self.tell(trouble.status, trouble.data, **trouble.headers)
                except ConnectionError:
                    self.close_connection = True

            def tell(self, status: int, data: bytes, *, more: int = 0, **headers: str) -> None:
                self.send_response(status)
                for name, value in {"Content-Type": "application/json", **headers}.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(data) + more))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        return Handler

"""Linking a bank: the hosted page, waiting for it, and the one exchange that must not be lost or done twice."""

from __future__ import annotations

import asyncio
import hashlib
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from relay import fields
from relay.encoding import b64url
from relay.errors import RelayError
from relay.limits import Limiter
from relay.messages import Item as ItemRequest
from relay.messages import LinkStart
from relay.plaid_gateway import Plaid
from relay.results import TOMBSTONE_SECONDS, Results
from relay.sealing import SealRing
from relay.shared_state import Shared
from relay.tokens import Caller, Tokens

Json = dict[str, Any]

URL_SECONDS = 15 * 60
_POLL_SECONDS = 2
_CLIENT_USER_BYTES = 16
_LOST: Final = "lost"
_NO_ROOM: Final = "plan_limit"


@dataclass(frozen=True, slots=True, repr=False)
class _Handle:
    """What a link handle holds: the link token, which a device never sees, and what the link is for."""

    token: str
    mode: str
    expires: int
    item_id: str
    access: str

    @property
    def key(self) -> str:
        return "link:" + hashlib.sha256(self.token.encode()).hexdigest()


class Links:
    """The three calls of a link. Raises: RelayError."""

    def __init__(
        self, *, plaid: Plaid, ring: SealRing, tokens: Tokens, state: Shared, results: Results, limiter: Limiter,
        client_name: str, webhook: str,
    ) -> None:  # fmt: skip
        self._plaid, self._ring, self._tokens = plaid, ring, tokens
        self._state, self._results, self._limiter = state, results, limiter
        self._client_name, self._webhook = client_name, webhook
        self._running: set[asyncio.Task[Json]] = set()

    async def start(self, asked: LinkStart, caller: Caller) -> Json:
        """Return the handle and the address of the hosted page."""
        if asked.mode == "new" and self._state.is_degraded:
            # A link costs money and its exchange must be remembered: not while the memory is in doubt.
            raise RelayError("busy", after=30)
        access = ""
        if asked.mode != "new":
            if asked.sealed_token is None or asked.item_id is None:
                raise RelayError("invalid")
            item = ItemRequest(sealed_token=asked.sealed_token, item_id=asked.item_id)
            access = self._tokens.open(item, caller).token
        await self._limiter.link(caller.certificate.subject)
        if asked.mode == "new":
            await self._limiter.has_room(caller.certificate.subject, caller.certificate.max_items)
        answer = await self._plaid.call("link_token_create", self._request(asked, caller, access))
        token, url = answer.get("link_token"), answer.get("hosted_link_url")
        if not isinstance(token, str) or not isinstance(url, str):
            raise RelayError("upstream", after=60)
        # Plaid's data about a link outlive its page: somebody who finished in the last minute is not turned away.
        expires = max(_seconds(answer.get("expiration")), int(time.time()) + URL_SECONDS)
        handle = _Handle(token, asked.mode, expires, asked.item_id or "", access)
        return {
            "link": self._sealed(handle, caller), "url": url, "expires_at": expires, "poll_seconds": _POLL_SECONDS,
        }  # fmt: skip

    async def status(self, link: str, caller: Caller) -> Json:
        """Return how a link stands; when it is linked, the sealed tokens, the same bytes until `ack`."""
        handle = self._opened(link, caller)
        if (kept := await self._result(handle.key, handle, caller)) is not None:
            return kept
        try:
            answer = await self._plaid.call("link_token_get", {"link_token": handle.token})
        except RelayError as error:
            if error.code in {"bad_link", "gone"}:
                return _state("expired")
            raise
        told = answer.get("link_sessions")
        sessions = [each for each in told if isinstance(each, dict)] if isinstance(told, list) else []
        is_over = time.time() > handle.expires
        if handle.mode == "new":
            # When the page's time is up, what a session added counts even if it was never closed.
            ended = [each for each in sessions if each.get("finished_at") or is_over]
            added = next((found for each in ended if (found := _added(each))), None)
            if added is not None:
                return await self._finished(handle, added, caller)
        elif any(_is_done(each) for each in sessions) and await self._is_healthy(handle):
            return _state("repaired")
        return _standing(sessions, is_over=is_over)

    async def ack(self, link: str, caller: Caller) -> Json:
        """Forget the result: the device has it."""
        handle = self._opened(link, caller)
        await self._results.done(handle.key, self._kept(handle, _state("linked"), caller))
        return {}

    # --- the exchange

    async def _finished(self, handle: _Handle, added: list[Json], caller: Caller) -> Json:
        """Exchange under a lock, to its end: a client that hangs up must not leave an Item nobody can reach."""
        task = asyncio.create_task(self._exchanged(handle, added, caller))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return await asyncio.shield(task)

    async def _exchanged(self, handle: _Handle, added: list[Json], caller: Caller) -> Json:
        async with self._state.alone(handle.key):
            if (kept := await self._result(handle.key, handle, caller)) is not None:
                return kept
            got = [await self._item(handle, each, caller) for each in added]
            items = [each for each in got if "item_id" in each]
            lost = [each["institution"] for each in got if each.get("reason") == _LOST]
            reason = next((each["reason"] for each in got if "item_id" not in each), None)
            state = "linked" if items else "left" if reason == _NO_ROOM else "expired"
            result: Json = {"state": state, "items": items, "reason": reason}
            if lost:
                result |= {"reason": _LOST, "lost": lost}
            await self._results.put(handle.key, self._kept(handle, result, caller))
            return result

    async def _item(self, handle: _Handle, added: Json, caller: Caller) -> Json:
        """Exchange one public token; of several, the ones done stay done when a later one fails.

        Returns a reason in place of an Item where the provider does not know the public token any more (its answer to
        an earlier exchange is lost with the relay that got it), or where the plan has no room: that Item is removed.
        """
        key = f"{handle.key}:{hashlib.sha256(added['public_token'].encode('utf-8', 'replace')).hexdigest()}"
        if (kept := await self._result(key, handle, caller)) is not None:
            return await self._removed(kept, caller) if kept.get("over") else kept
        institution, accounts = fields.institution(added.get("institution")), _link_accounts(added.get("accounts"))

        def keep(answer: Json) -> tuple[Json, bytes, bool]:
            """Seal the token and bring it to the disk in the thread that read it: until then a kill loses the bank."""
            token, item_id = answer.get("access_token"), answer.get("item_id")
            if not isinstance(token, str) or not isinstance(item_id, str):
                raise RelayError("upstream", after=60)
            sealed = self._tokens.seal(token, caller.thumbprint, item_id)
            item = {"item_id": item_id, "sealed_token": sealed, "institution": institution, "accounts": accounts}
            kept = self._kept(handle, item, caller)
            return item, kept, self._results.write(key, kept)

        try:
            item, value, is_written = await self._plaid.read(
                "item_public_token_exchange", {"public_token": added["public_token"]}, keep
            )
        except RelayError as error:
            if error.code == "bad_link":
                # A process before this one may have ended only now, with the answer.
                return await self._result(key, handle, caller) or {"reason": _LOST, "institution": institution}
            raise
        await self._results.put(key, value, is_written=is_written)
        if not await self._limiter.takes_room(caller.certificate.subject, caller.certificate.max_items):
            over = {**item, "over": True}
            await self._results.put(key, self._kept(handle, over, caller))
            return await self._removed(over, caller)
        return item

    async def _removed(self, item: Json, caller: Caller) -> Json:
        """End a bank the plan has no room for; one that could not be ended is, when it is asked for again."""
        held = ItemRequest(sealed_token=item["sealed_token"], item_id=item["item_id"])
        try:
            await self._plaid.call("item_remove", {"access_token": self._tokens.open(held, caller).token})
        except RelayError as error:
            if error.code != "gone":
                raise
        return {"reason": _NO_ROOM}

    async def _result(self, key: str, handle: _Handle, caller: Caller) -> Json | None:
        """Return what is kept under a key; what does not open for this device and link is not a result."""
        kept = await self._results.get(key)
        if kept is None:
            return None
        sealed = kept.decode("ascii")
        try:
            opened = self._ring.open(sealed, caller.thumbprint, "result", handle.key, longest=len(sealed))
        except RelayError:
            return None
        return dict(json.loads(opened.plain))

    def _kept(self, handle: _Handle, result: Json, caller: Caller) -> bytes:
        plain = json.dumps(result).encode()
        return self._ring.seal(plain, caller.thumbprint, "result", handle.key).encode("ascii")

    async def finish(self) -> None:
        """Wait for the exchanges under way: the relay is about to end."""
        await asyncio.gather(*self._running, return_exceptions=True)

    async def _is_healthy(self, handle: _Handle) -> bool:
        answer = await self._plaid.call("item_get", {"access_token": handle.access})
        item = answer.get("item")
        return isinstance(item, dict) and not item.get("error")

    # --- handles and requests

    def _sealed(self, handle: _Handle, caller: Caller) -> str:
        plain = json.dumps([handle.token, handle.mode, handle.item_id, handle.access]).encode()
        return f"{handle.expires:010d}." + self._ring.seal(plain, caller.thumbprint, "link", handle.expires)

    def _opened(self, link: str, caller: Caller) -> _Handle:
        head, _, sealed = link.partition(".")
        expires = int(head)
        opened = self._ring.open(sealed, caller.thumbprint, "link", expires, code="bad_link")
        if time.time() > expires + TOMBSTONE_SECONDS:
            raise RelayError("bad_link")
        token, mode, item_id, access = json.loads(opened.plain)
        return _Handle(token, mode, expires, item_id, access)

    def _request(self, asked: LinkStart, caller: Caller, access: str) -> Json:
        user = b64url(hashlib.sha256(b"user" + caller.certificate.subject.encode()).digest()[:_CLIENT_USER_BYTES])
        made: Json = {
            "client_name": self._client_name, "language": "en", "country_codes": ["US"],
            "user": {"client_user_id": user}, "hosted_link": {"url_lifetime_seconds": URL_SECONDS},
        }  # fmt: skip
        if asked.mode == "new":
            made |= {"products": ["transactions"], "transactions": {"days_requested": asked.days}}
            if self._webhook:
                made["webhook"] = self._webhook
        else:
            made["access_token"] = access
            if asked.mode == "accounts":
                made["update"] = {"account_selection_enabled": True}
        return made


def _added(session: Mapping[str, Any]) -> list[Json] | None:
    """Return what a session added: all of it, from where Plaid says it now, else from where it said it before.

    A session may have both, of the same Item; then the new form counts, for only that names all of several.
    """
    results = session.get("results")
    found = results.get("item_add_results") if isinstance(results, dict) else None
    if isinstance(found, list):
        kept = [each for each in found if isinstance(each, dict) and isinstance(each.get("public_token"), str)]
        if kept:
            return kept
    old = session.get("on_success")
    if isinstance(old, dict) and isinstance(old.get("public_token"), str):
        held = old.get("metadata")
        about = held if isinstance(held, dict) else {}
        return [{
            "public_token": old["public_token"], "institution": about.get("institution"),
            "accounts": about.get("accounts"),
        }]  # fmt: skip
    return None


def _is_done(session: Mapping[str, Any]) -> bool:
    """Say whether a session of the update mode ended well."""
    left = session.get("exit")
    return bool(session.get("finished_at")) and not (isinstance(left, dict) and left.get("error"))


def _standing(sessions: list[Json], *, is_over: bool) -> Json:
    if any(not each.get("finished_at") for each in sessions):
        return _state("expired" if is_over else "open")
    if not sessions:
        return _state("expired" if is_over else "waiting")
    left = sessions[-1].get("exit")
    if not isinstance(left, dict):
        # Done, and Plaid has not caught up with what came of it.
        return _state("expired" if is_over else "open")
    error = left.get("error")
    code = error.get("error_code") if isinstance(error, dict) else None
    return _state("left", code if isinstance(code, str) and code.replace("_", "").isalnum() else None)


def _state(state: str, reason: str | None = None) -> Json:
    return {"state": state, "items": [], "reason": reason}


def _link_accounts(value: Any) -> list[Json]:
    """Return the accounts a session names; here Plaid says `id`, elsewhere `account_id`."""
    found = [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
    return [fields.only({"account_id": each.get("id"), **each}, fields.ACCOUNT) for each in found]


def _seconds(value: Any) -> int:
    """Return Plaid's time (RFC 3339, up to nanoseconds) in seconds since 1970, 0 for what is none."""
    if not isinstance(value, str):
        return 0
    whole = value.partition(".")[0].removesuffix("Z")
    try:
        return int(datetime.fromisoformat(whole).replace(tzinfo=UTC).timestamp())
    except (ValueError, OverflowError):
        return 0

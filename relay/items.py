"""The calls about a linked bank: accounts, transactions, health, and moving or ending its token."""

from __future__ import annotations

from typing import Any

from relay import fields, proof
from relay.admission import DenyList
from relay.certificates import Grant, Office
from relay.encoding import digest
from relay.errors import NOT_READY, RelayError, from_plaid
from relay.limits import Limiter
from relay.messages import Accounts, Item, Rebind, Sync
from relay.plaid_gateway import Plaid
from relay.settings import Settings
from relay.tokens import Caller, Tokens

Json = dict[str, Any]


class Items:
    """What a device may ask about an Item whose sealed token it holds. Raises: RelayError."""

    def __init__(
        self, *, plaid: Plaid, tokens: Tokens, limiter: Limiter, office: Office, denied: DenyList, settings: Settings
    ) -> None:  # fmt: skip
        self._plaid, self._tokens, self._limiter, self._office = plaid, tokens, limiter, office
        self._denied, self._settings = denied, settings

    async def accounts(self, asked: Accounts, caller: Caller) -> Json:
        access = self._tokens.open(asked, caller)
        if asked.live and "balance" not in self._settings.features:
            raise RelayError("unsupported")
        await self._limiter.item("balance" if asked.live else "accounts", asked.item_id)
        path = "accounts_balance_get" if asked.live else "accounts_get"
        found = await self._plaid.read(
            path, {"access_token": access.token}, lambda answer: fields.accounts(answer.get("accounts"))
        )
        return access.with_reseal({"accounts": found})

    async def sync(self, asked: Sync, caller: Caller) -> Json:
        """Return one page; the device owns the loop, the cursor and the restart."""
        access = self._tokens.open(asked, caller)
        await self._limiter.item("sync", asked.item_id)
        body: Json = {
            "access_token": access.token, "count": asked.count,
            "options": {"include_original_description": True, "personal_finance_category_version": "v2"},
        }  # fmt: skip
        if asked.cursor:
            body["cursor"] = asked.cursor
        try:
            page = await self._plaid.read("transactions_sync", body, fields.page)
        except RelayError as error:
            if asked.cursor and error.code == "invalid":
                # Of all we send only the cursor is not our own making, so that is what Plaid does not take, in whatever
                # words. From an empty cursor a mistake of ours would be refused again, and be told as one.
                raise RelayError("restart", ref=error.ref, detail="cursor") from None
            if error.detail != NOT_READY:
                raise
            page = fields.no_page_yet()
        return access.with_reseal(page)

    async def refresh(self, asked: Item, caller: Caller) -> Json:
        access = self._tokens.open(asked, caller)
        if "refresh" not in self._settings.features:
            raise RelayError("unsupported")
        await self._limiter.item("refresh", asked.item_id)
        await self._plaid.call("transactions_refresh", {"access_token": access.token})
        return access.with_reseal({})

    async def health(self, asked: Item, caller: Caller) -> Json:
        access = self._tokens.open(asked, caller)
        await self._limiter.item("item", asked.item_id)
        try:
            answer = await self._plaid.call("item_get", {"access_token": access.token})
        except RelayError as error:
            if error.code not in {"gone", "reconnect"}:
                raise
            return access.with_reseal({
                "health": error.code, "institution": {"id": None, "name": None}, "last_good": None,
                "consent_expires": None, "code": error.code,
            })  # fmt: skip
        item = answer.get("item")
        if not isinstance(item, dict):
            raise RelayError("upstream", after=60)
        health, code = _health(item.get("error"))
        return access.with_reseal({
            "health": health, "code": code,
            "institution": fields.institution({"institution_id": item.get("institution_id"),
                                               "name": item.get("institution_name")}),
            "last_good": _last_good(answer.get("status")),
            "consent_expires": _text(item.get("consent_expiration_time")),
        })  # fmt: skip

    async def rotate(self, asked: Item, caller: Caller) -> Json:
        """Let Plaid make a new access token; the old one is dead at once, so this is never repeated by itself."""
        access = self._tokens.open(asked, caller)
        await self._limiter.item("item", asked.item_id)
        answer = await self._plaid.call("item_access_token_invalidate", {"access_token": access.token})
        token = answer.get("new_access_token")
        if not isinstance(token, str):
            raise RelayError("upstream")
        return {"sealed_token": self._tokens.seal(token, caller.thumbprint, asked.item_id)}

    async def rebind(self, asked: Rebind, caller: Caller, url: str) -> Json:
        """Seal a token for a new device key that signs along: the way from a backup to a new machine."""
        access = self._tokens.open(asked, caller)
        new = proof.read(asked.new_proof)
        fits = new.fits(
            method="POST", url=url, body_hash=digest(asked.sealed_token), certificate=caller.raw_certificate
        )
        if not fits or proof.named(asked.new_jwk) != new.thumbprint or new.claims.get("nonce") != caller.proof_nonce:
            raise RelayError("bad_proof")
        await self._denied.refuse(new.thumbprint)
        held = caller.certificate
        grant = Grant(held.grant, held.plan, held.max_items, 0, once=True)
        certificate, expires = self._office.issue(new.thumbprint, grant, held.subject)
        sealed = self._tokens.seal(access.token, new.thumbprint, asked.item_id)
        return {"sealed_token": sealed, "certificate": certificate, "expires_at": expires}

    async def remove(self, asked: Item, caller: Caller) -> Json:
        """End an Item at Plaid; one that is gone already is removed too."""
        access = self._tokens.open(asked, caller)
        await self._limiter.item("item", asked.item_id)
        try:
            await self._plaid.call("item_remove", {"access_token": access.token})
        except RelayError as error:
            if error.code != "gone":
                raise
        return {"removed": True}


def _health(error: Any) -> tuple[str, str | None]:
    if not error:
        return "ok", None
    if not isinstance(error, dict):
        return "waiting", "upstream"
    ours = from_plaid(str(error.get("error_type")), str(error.get("error_code")))
    # What neither a new sign-in nor a new link can cure passes by itself, or the operator sees to it.
    return (ours.code if ours.code in {"reconnect", "gone"} else "waiting"), ours.code


def _last_good(status: Any) -> str | None:
    about = status.get("transactions") if isinstance(status, dict) else None
    return _text(about.get("last_successful_update")) if isinstance(about, dict) else None


def _text(value: Any) -> str | None:
    return value[:64] if isinstance(value, str) else None

"""The ASGI application: reads a request within its limits, checks who asks, and hands it to the one who knows."""

from __future__ import annotations

import hmac
import secrets
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

from anyio import to_thread
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from relay import api, reading
from relay.admission import DenyList, Gate
from relay.answers import HEADERS, Json, as_json, refusal, takes_gzip
from relay.certificates import Office
from relay.encoding import b64url
from relay.errors import RelayError
from relay.hooks import Hooks
from relay.items import Items
from relay.limits import Limiter
from relay.links import Links
from relay.logs import Log
from relay.plaid_gateway import Plaid
from relay.proof import Nonces, Proof
from relay.reading import Reader
from relay.results import Results
from relay.sealing import SealRing
from relay.settings import Secrets, Settings
from relay.shared_state import Shared, connected
from relay.tokens import Caller, Tokens
from relay.used_grants import UsedGrants

Handler = Callable[[Any, Caller], Awaitable[Json]]

LARGEST_BODY = 16 * 1024
_LARGEST_HOOK = 256 * 1024
API, MIN_CLIENT = 1, "0.1.0"
_HOOK_SIGNATURE = "x-1099ops-signature"


class Relay:
    """Everything behind the routes, wired once."""

    def __init__(self, settings: Settings, secret: Secrets, *, origin: str, log: Log | None = None) -> None:
        self.settings, self.origin = settings, origin
        self.log = log or Log()
        self._reader = Reader(settings, has_secret_path=bool(secret.path_token))
        ring = SealRing(secret.seal_keys, [settings.plaid_env, secret.client_id])
        tokens = Tokens(ring)
        self.state = Shared(connected(settings.redis_url))
        self.limiter = Limiter(settings.limits, settings.redis_url, key=secret.nonce_key, note=self.log.event)
        self.plaid = Plaid(
            settings.upstream, secret.client_id, secret.plaid_secret, at_once=settings.limits.upstream_at_once
        )
        office = Office(secret.signing_key, issuer="1099ops-relay", env=settings.plaid_env)
        denied = DenyList(settings.deny_list_file, self.state)
        self._gate = Gate(
            office=office, nonces=Nonces(secret.nonce_key), state=self.state, limiter=self.limiter,
            denied=denied, grant_key=secret.grant_key,
            is_open=settings.enrolment == "open" or settings.own is not None,
            used=UsedGrants(settings.state_dir) if settings.state_dir and not self.state.is_shared else None,
        )  # fmt: skip
        takes_events = "events" in settings.features
        self._hooks = Hooks(
            plaid=self.plaid, state=self.state, tokens=tokens, key=secret.nonce_key, secrets=secret.webhook_secrets
        )
        self.results = Results(self.state, settings.state_dir, self.log.event)
        self._links = links = Links(
            plaid=self.plaid, ring=ring, tokens=tokens, state=self.state, results=self.results, limiter=self.limiter,
            client_name=settings.client_name, webhook=f"{origin}/v1/hooks/plaid" if takes_events else "",
        )  # fmt: skip
        items = Items(
            plaid=self.plaid, tokens=tokens, limiter=self.limiter, office=office, denied=denied, settings=settings
        )  # fmt: skip
        self._handlers: Mapping[str, Handler] = {
            "/v1/enrol/renew": self._renew,
            "/v1/link/start": links.start,
            "/v1/link/status": lambda asked, caller: links.status(asked.link, caller),
            "/v1/link/ack": lambda asked, caller: links.ack(asked.link, caller),
            "/v1/accounts": items.accounts,
            "/v1/transactions/sync": items.sync,
            "/v1/transactions/refresh": items.refresh,
            "/v1/item": items.health,
            "/v1/item/rotate": items.rotate,
            "/v1/item/rebind": lambda asked, caller: items.rebind(asked, caller, self._url("/v1/item/rebind")),
            "/v1/item/remove": items.remove,
            "/v1/events": self._hooks.events,
        }

    def app(self) -> Starlette:
        """Return the application; plaid-python is loaded while it starts."""
        routes = [Route(each.path, self._endpoint(each), methods=["POST"]) for each in api.PATHS]
        routes += [
            Route("/v1/config", self._open(self._config), methods=["GET"]),
            Route("/v1/openapi.json", self._open(lambda _: api.openapi()), methods=["GET"]),
            Route("/healthz", self._open(lambda _: {"ok": True}), methods=["GET"]),
            Route("/readyz", self._open(self._ready), methods=["GET"]),
            Route("/.well-known/security.txt", self._security, methods=["GET"]),
        ]
        if "events" in self.settings.features:
            routes.append(Route("/v1/hooks/plaid", self._hook("plaid-verification"), methods=["POST"]))
            if self.settings.webhook_secret_files:
                routes.append(Route("/v1/hooks/signed", self._hook(_HOOK_SIGNATURE), methods=["POST"]))
        app = Starlette(
            routes=routes, lifespan=self._lifespan,
            exception_handlers={HTTPException: self._no_such, Exception: self._broken},
        )  # fmt: skip
        # A redirect to a path without its last stroke would carry the Host header of whoever asked.
        app.router.redirect_slashes = False
        return app

    @asynccontextmanager
    async def _lifespan(self, _: Starlette) -> AsyncIterator[None]:
        await to_thread.run_sync(self.plaid.load)
        await self.state.look()
        await self.results.open()
        yield
        await self._links.finish()
        await self.results.close()

    # --- the protocol's calls

    def _endpoint(self, path: api.Path) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            seen: list[Proof] = []
            response = await self._guarded(path.path, lambda: self._answered(path, request, seen), request, seen)
            if seen:
                response.headers["DPoP-Nonce"] = self._gate.nonce_for(seen[0].thumbprint)
            return response

        return endpoint

    async def _guarded(
        self, path: str, work: Callable[[], Awaitable[Json]], request: Request, seen: Sequence[Proof] = ()
    ) -> Response:
        """Answer whatever happens with a code, and leave a line in the log without values."""
        started, ref = time.perf_counter(), b64url(secrets.token_bytes(9))
        problem: RelayError | None = None
        try:
            response = as_json(await work(), 200, gzipped=takes_gzip(request))
        except RelayError as error:
            problem = error
            response = refusal(error, ref)
        except ClientDisconnect:
            problem = RelayError("invalid")
            response = refusal(problem, ref)
        except Exception as error:  # noqa: BLE001 - what broke is told by its kind; its text could hold anything
            self.log.event("broken", kind=type(error).__name__, ref=ref)
            problem = RelayError("internal")
            response = refusal(problem, ref)
        self.log.request(
            path=path, status=response.status_code, code=problem.code if problem else None, ref=ref,
            upstream_ref=problem.ref if problem else None, seconds=time.perf_counter() - started,
            thumbprint=seen[0].thumbprint if seen else None,
        )  # fmt: skip
        return response

    async def _answered(self, path: api.Path, request: Request, seen: list[Proof]) -> Json:
        address = self._reader.address(request)
        await self.limiter.address_may_ask(address)
        try:
            body = await self._reader.body(request, LARGEST_BODY)
            certificate = None if path.auth == "key" else reading.certificate(request)
            read = self._gate.read_proof(
                reading.header(request, "dpop"), url=self._url(path.path), body=body, certificate=certificate
            )
            seen.append(read)
            if certificate is None:
                return await self._gate.enrol(reading.parsed(path, body), read)
            caller = await self._gate.admit(read, certificate, path.auth)
        except RelayError as error:
            if await self._is_failure(error, seen, has_certificate=path.auth != "key"):
                await self.limiter.address_failed(address)
            raise
        return await self._handlers[path.path](reading.parsed(path, body), caller)

    async def _is_failure(self, error: RelayError, seen: list[Proof], *, has_certificate: bool) -> bool:
        """Say whether a refusal counts against the address it came from."""
        if not seen:
            return error.code != "busy"
        if error.code == "use_dpop_nonce" and has_certificate:
            # A device of ours that was away for five minutes; behind one address there may be hundreds.
            return not await self._gate.is_behind(seen[0])
        return error.status in {401, 403}

    async def _renew(self, _: object, caller: Caller) -> Json:
        return self._gate.renew(caller)

    # --- what anybody may ask

    def _open(self, answer: Callable[[Request], Json]) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            try:
                self._reader.check_host(request)
                return as_json(answer(request), 200)
            except RelayError as error:
                return refusal(error, "-")

        return endpoint

    def _config(self, _: Request) -> Json:
        has = set(self.settings.features)
        return {
            "api": API, "min_client": MIN_CLIENT, "plaid_env": self.settings.plaid_env,
            "features": {name: name in has for name in ("refresh", "balance", "events")},
            "enrolment": "open" if self.settings.own is not None else self.settings.enrolment,
        }  # fmt: skip

    def _ready(self, _: Request) -> Json:
        shared = "degraded" if self.state.is_degraded else "ok"
        return {"ok": True, "shared_state": shared, "results": self.results.kept_in}

    async def _security(self, _: Request) -> Response:
        contact = self.settings.security_contact
        if not contact:
            return refusal(RelayError("not_found"), "-")
        ends = time.strftime("%Y-%m-%dT00:00:00Z", time.gmtime(time.time() + 180 * 86_400))
        text = f"Contact: {contact}\nExpires: {ends}\nPreferred-Languages: en\n"
        return PlainTextResponse(text, headers=HEADERS)

    # --- webhooks

    def _hook(self, header: str) -> Callable[[Request], Awaitable[Response]]:
        take = self._hooks.from_plaid if header == "plaid-verification" else self._hooks.from_others

        async def taken(request: Request) -> Json:
            address = self._reader.address(request)
            await self.limiter.address_may_ask(address)
            try:
                body = await self._reader.body(request, _LARGEST_HOOK)
                return await take(body, reading.header(request, header))
            except RelayError as error:
                if error.code != "busy":
                    await self.limiter.address_failed(address)
                raise

        async def endpoint(request: Request) -> Response:
            return await self._guarded(request.scope["path"], lambda: taken(request), request)

        return endpoint

    def _url(self, path: str) -> str:
        """Return the address a proof must name: the public one, whatever the Host header says."""
        return f"{self.origin}{path}"

    async def _no_such(self, request: Request, error: Exception) -> Response:
        del request
        if not isinstance(error, HTTPException) or error.status_code != 405:
            return refusal(RelayError("not_found"), "-")
        response = refusal(RelayError("method_not_allowed"), "-")
        response.headers["Allow"] = (error.headers or {}).get("Allow", "POST")
        return response

    async def _broken(self, request: Request, error: Exception) -> Response:
        del request, error
        return refusal(RelayError("internal"), "-")


def behind(relay: Relay, path_token: str) -> Callable[..., Awaitable[None]]:
    """Return the application, under a secret path where one is set: anything else is not there."""
    app = relay.app()
    if not path_token:
        return app
    prefix = f"/{path_token}"

    async def mounted(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            head, rest = scope["path"][: len(prefix)], scope["path"][len(prefix) :]
            fits = hmac.compare_digest(head.encode("utf-8", "replace"), prefix.encode())
            scope = {**scope, "path": rest if fits and rest.startswith("/") else "/-"}
            scope["raw_path"] = scope["path"].encode("utf-8", "replace")
        await app(scope, receive, send)

    return mounted

"""The table of the protocol's paths: what each takes, what it answers, and who may call it. OpenAPI is made from it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, Final, Literal

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from relay import __version__, messages
from relay.errors import STATUS

Auth = Literal["device", "renewing", "leaving", "key"]

JSON_TYPE: Final = "application/json"


@dataclass(frozen=True, slots=True)
class Path:
    """A POST of the protocol; `auth` says whether a certificate is wanted beside the proof.

    One that ended is good for renewing it, and for leaving: nobody may be kept from removing a bank.
    """

    path: str
    takes: type[messages.Request]
    gives: type[messages.Answer]
    summary: str
    auth: Auth = "device"


PATHS: Final = (
    Path("/v1/enrol", messages.Enrol, messages.Certified, "Turn a grant into a certificate of this device", "key"),
    Path("/v1/enrol/renew", messages.Nothing, messages.Certified, "Renew the certificate", "renewing"),
    Path("/v1/link/start", messages.LinkStart, messages.LinkStarted, "Begin to link a bank"),
    Path("/v1/link/status", messages.Link, messages.LinkState, "See how a link stands"),
    Path("/v1/link/ack", messages.Link, messages.Empty, "Say that the tokens are kept"),
    Path("/v1/accounts", messages.Accounts, messages.AccountList, "List the accounts of an Item"),
    Path("/v1/transactions/sync", messages.Sync, messages.Page, "Fetch one page of changes"),
    Path("/v1/transactions/refresh", messages.Item, messages.Empty, "Ask the bank for news"),
    Path("/v1/item", messages.Item, messages.ItemHealth, "See how an Item is"),
    Path("/v1/item/rotate", messages.Item, messages.SealedAgain, "Replace the access token"),
    Path("/v1/item/rebind", messages.Rebind, messages.Rebound, "Move a token to a new device key"),
    Path("/v1/item/remove", messages.Item, messages.Removed, "Unlink an Item", "leaving"),
    Path("/v1/events", messages.Events, messages.EventList, "Fetch hints that came by webhook"),
)


@cache
def openapi() -> dict[str, Any]:
    """Return the OpenAPI document of the protocol, made once."""
    models: list[type[BaseModel]] = [messages.Problem, messages.Config]
    for each in PATHS:
        models += [each.takes, each.gives]
    _, defined = models_json_schema(
        [(model, "validation") for model in dict.fromkeys(models)], ref_template="#/components/schemas/{model}"
    )
    failures = {str(status): _answer(messages.Problem) for status in sorted(set(STATUS.values()))}
    paths: dict[str, Any] = {
        each.path: {
            "post": {
                "summary": each.summary,
                "operationId": each.path.removeprefix("/v1/").replace("/", "_"),
                "requestBody": {"required": True, "content": {JSON_TYPE: {"schema": _ref(each.takes)}}},
                "responses": {"200": _answer(each.gives), **failures},
                "security": [{"proof": []}] if each.auth == "key" else [{"proof": [], "certificate": []}],
            }
        }
        for each in PATHS
    }
    paths["/v1/config"] = {
        "get": {
            "summary": "What this relay offers",
            "operationId": "config",
            "responses": {"200": _answer(messages.Config), "429": _answer(messages.Problem)},
        }
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": "1099 Ops relay", "version": __version__},
        "paths": paths,
        "components": {
            "schemas": defined["$defs"],
            "securitySchemes": {
                "proof": {"type": "apiKey", "in": "header", "name": "DPoP", "description": "RFC 9449, with bsh"},
                "certificate": {"type": "apiKey", "in": "header", "name": "Authorization", "description": "DPoP …"},
            },
        },
    }


def _ref(model: type[BaseModel]) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{model.__name__}"}


def _answer(model: type[BaseModel]) -> dict[str, Any]:
    return {"description": (model.__doc__ or model.__name__).partition("\n")[0],
            "content": {JSON_TYPE: {"schema": _ref(model)}}}  # fmt: skip

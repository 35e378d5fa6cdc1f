"""The requests of the protocol, and the shapes of its answers: what OpenAPI prints and what is checked on arrival."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from relay.fields import LONGEST_CURSOR

Sealed = Annotated[str, Field(min_length=60, max_length=4_096, pattern=r"^[A-Za-z0-9_-]+$")]
Handle = Annotated[str, Field(min_length=60, max_length=4_096, pattern=r"^[0-9]{10}\.[A-Za-z0-9_-]+$")]
ItemId = Annotated[str, Field(min_length=1, max_length=128, pattern=r"^[A-Za-z0-9_.-]+$")]
MOST_EVENTS = 20


class Request(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Nothing(Request):
    """An empty object."""


class Enrol(Request):
    grant: Annotated[str, Field(max_length=4_096)] = ""


class LinkStart(Request):
    """Begin a link: `repair` and `accounts` are for an Item that is there, `days` of history for a new one."""

    mode: Literal["new", "repair", "accounts"] = "new"
    sealed_token: Sealed | None = None
    item_id: ItemId | None = None
    days: Annotated[int, Field(ge=1, le=730)] = 730


class Link(Request):
    link: Handle


class Item(Request):
    sealed_token: Sealed
    item_id: ItemId


class Accounts(Item):
    live: bool = False


class Sync(Item):
    cursor: Annotated[str, Field(max_length=LONGEST_CURSOR)] = ""
    count: Annotated[int, Field(ge=1, le=500)] = 500


class Rebind(Item):
    """Move a token to a new device key; `new_proof` is signed by it."""

    new_jwk: dict[str, str]
    new_proof: Annotated[str, Field(max_length=4_096)]


class Events(Request):
    items: Annotated[list[Item], Field(max_length=MOST_EVENTS)]


# --- answers


class Answer(BaseModel):
    model_config = ConfigDict(extra="allow")


class Resealed(Answer):
    item_id: str
    sealed_token: str


class Certified(Answer):
    certificate: str
    expires_at: int


class LinkStarted(Answer):
    link: str
    url: str
    expires_at: int
    poll_seconds: int


class Institution(Answer):
    id: str | None
    name: str | None


class LinkedItem(Answer):
    item_id: str
    sealed_token: str
    institution: Institution
    accounts: list[dict[str, Any]]


class LinkState(Answer):
    state: Literal["waiting", "open", "linked", "left", "repaired", "expired"]
    items: list[LinkedItem]
    reason: str | None
    lost: list[Institution] = Field(default_factory=list)
    """Where the reason is `lost`: at which banks an Item was made that nobody holds the token of."""


class AccountList(Answer):
    accounts: list[dict[str, Any]]
    reseal: Resealed | None = None


class Page(Answer):
    status: Literal["loading", "initial", "complete"]
    added: list[dict[str, Any]]
    modified: list[dict[str, Any]]
    removed: list[dict[str, Any]]
    accounts: list[dict[str, Any]]
    next_cursor: str
    has_more: bool
    reseal: Resealed | None = None


class ItemHealth(Answer):
    health: Literal["ok", "reconnect", "gone", "waiting"]
    institution: Institution
    last_good: str | None
    consent_expires: str | None
    code: str | None
    reseal: Resealed | None = None


class SealedAgain(Answer):
    sealed_token: str


class Rebound(SealedAgain):
    certificate: str
    expires_at: int


class Removed(Answer):
    removed: Literal[True]


class Event(Answer):
    item_id: str
    code: str
    at: int


class EventList(Answer):
    events: list[Event]


class Empty(Answer):
    """An empty object."""


class Features(Answer):
    refresh: bool
    balance: bool
    events: bool


class Config(Answer):
    api: int
    min_client: str
    plaid_env: str
    features: Features
    enrolment: Literal["open", "grant"]


class ErrorBody(Answer):
    code: str
    retry: Literal["no", "later", "restart", "reconnect"]
    ref: str
    after: int | None = None
    detail: str | None = None


class Problem(Answer):
    error: ErrorBody

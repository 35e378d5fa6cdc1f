"""What the relay answers when it can't: a closed list of codes, never the provider's words, never a token."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

STATUS: Final[Mapping[str, int]] = MappingProxyType({
    "use_dpop_nonce": 401, "bad_proof": 401, "bad_certificate": 401, "certificate_expired": 401,
    "bad_grant": 403, "blocked": 403, "plan_limit": 403,
    "bad_sealed_token": 400, "bad_link": 400, "invalid": 422, "too_large": 413, "not_found": 404,
    "method_not_allowed": 405, "wrong_type": 415, "limited": 429, "busy": 503,
    "reconnect": 409, "gone": 410, "restart": 409, "institution": 503, "unsupported": 422,
    "upstream": 502, "upstream_timeout": 504, "misconfigured": 500, "internal": 500,
})  # fmt: skip
"""The HTTP status of every code."""

NOT_READY: Final = "not_ready"
"""The detail of a bank that is still collecting its rows."""
_RETRY: Final[Mapping[str, str]] = MappingProxyType({
    "use_dpop_nonce": "later", "limited": "later", "busy": "later", "institution": "later", "upstream": "later",
    "upstream_timeout": "later", "reconnect": "reconnect", "restart": "restart", "internal": "later",
})  # fmt: skip


@dataclass(slots=True)
class RelayError(Exception):
    """An answer that is no success.

    `after` is seconds until a repeat makes sense; `ref` is the provider's request id, where one came; `detail` says
    which restart is meant (`pagination` or `cursor`), or `not_ready`.
    """

    code: str
    after: int | None = None
    ref: str | None = None
    detail: str | None = None

    @property
    def status(self) -> int:
        return STATUS[self.code]

    def body(self, ref: str) -> dict[str, object]:
        """Return the JSON of the answer; `ref` is our own request id, used where the provider gave none."""
        said: dict[str, object] = {"code": self.code, "retry": _RETRY.get(self.code, "no"), "ref": self.ref or ref}
        if self.after is not None:
            said["after"] = self.after
        if self.detail is not None:
            said["detail"] = self.detail
        return {"error": said}


# Plaid's codes by what a client can do about them (plaid.com/docs/errors): type and code are stable, texts change.
_BY_CODE: Final[Mapping[str, tuple[str, str | None]]] = MappingProxyType({
    **dict.fromkeys(("ITEM_LOGIN_REQUIRED", "ACCESS_NOT_GRANTED", "NO_ACCOUNTS", "PENDING_DISCONNECT",
                     "PENDING_EXPIRATION", "INVALID_CREDENTIALS", "INVALID_MFA", "ITEM_LOCKED",
                     "USER_SETUP_REQUIRED"), ("reconnect", None)),
    **dict.fromkeys(("USER_PERMISSION_REVOKED", "USER_ACCOUNT_REVOKED", "ITEM_NOT_FOUND", "INVALID_ACCESS_TOKEN"),
                    ("gone", None)),
    "TRANSACTIONS_SYNC_MUTATION_DURING_PAGINATION": ("restart", "pagination"),
    **dict.fromkeys(("PRODUCTS_NOT_SUPPORTED", "INSTITUTION_NO_LONGER_SUPPORTED"), ("unsupported", None)),
    **dict.fromkeys(("INVALID_API_KEYS", "UNAUTHORIZED_ENVIRONMENT", "INVALID_PRODUCT", "UNAUTHORIZED_ROUTE_ACCESS",
                     "ADDITION_LIMIT", "ITEM_LIMIT"), ("misconfigured", None)),
    "PRODUCT_NOT_READY": ("upstream", NOT_READY),
    **dict.fromkeys(("INTERNAL_SERVER_ERROR", "PLANNED_MAINTENANCE"), ("upstream", None)),
    **dict.fromkeys(("INVALID_LINK_TOKEN", "INVALID_PUBLIC_TOKEN"), ("bad_link", None)),
    **dict.fromkeys(("MISSING_FIELDS", "UNKNOWN_FIELDS", "INVALID_FIELD", "INVALID_BODY",
                     "INVALID_WEBHOOK_VERIFICATION_KEY_ID"), ("invalid", None)),
})  # fmt: skip

_BY_TYPE: Final[Mapping[str, str]] = MappingProxyType(
    {"RATE_LIMIT_EXCEEDED": "limited", "API_ERROR": "upstream", "INSTITUTION_ERROR": "institution"}
)


def from_plaid(kind: str, code: str, *, message: str = "", ref: str | None = None) -> RelayError:
    """Return our error for one of Plaid's.

    A cursor that no longer fits comes as INVALID_FIELD; there only the message tells it from a fault of ours, so its
    one word `cursor` is looked for and nothing else is read from the text.
    """
    if kind == "RATE_LIMIT_EXCEEDED":
        return RelayError("limited", after=30, ref=ref)
    if code == "INVALID_FIELD" and "cursor" in message.casefold():
        return RelayError("restart", ref=ref, detail="cursor")
    if code in _BY_CODE:
        ours, detail = _BY_CODE[code]
        return RelayError(ours, ref=ref, detail=detail)
    if code.startswith("INSTITUTION_"):
        return RelayError("institution", ref=ref)
    # A type nobody knew when this was written is most likely something that passes.
    return RelayError(_BY_TYPE.get(kind, "upstream"), ref=ref)

"""Prints the modules of plaid-python that the relay's calls load, which are the ones the built program takes along.

The models import each other inside functions, so a look at the code finds all 2,300; what loads is found by making
every request the relay makes.
"""

from __future__ import annotations

import sys
from typing import Any

from relay.errors import RelayError
from relay.plaid_gateway import PATHS, Plaid

_NOBODY = "http://127.0.0.1:1"
_TOKEN = {"access_token": "a"}
_LINK = {
    "client_name": "1099 Ops", "language": "en", "country_codes": ["US"], "user": {"client_user_id": "u"},
    "hosted_link": {"url_lifetime_seconds": 900},
}  # fmt: skip
BODIES: dict[str, tuple[dict[str, Any], ...]] = {
    "link_token_create": (
        {**_LINK, "products": ["transactions"], "transactions": {"days_requested": 730}, "webhook": "https://x.example"},
        {**_LINK, **_TOKEN, "update": {"account_selection_enabled": True}},
    ),
    "link_token_get": ({"link_token": "l"},),
    "item_public_token_exchange": ({"public_token": "p"},),
    "transactions_sync": (
        {**_TOKEN, "count": 500, "cursor": "c",
         "options": {"include_original_description": True, "personal_finance_category_version": "v2"}},
    ),
    "webhook_verification_key_get": ({"key_id": "k"},),
}  # fmt: skip
"""A body of each shape the relay sends; the rest send an access token alone."""


def loaded() -> list[str]:
    """Make every request to an address where nobody listens, and return the modules that took."""
    plaid = Plaid(_NOBODY, "client", "secret", at_once=1)
    for path in sorted(PATHS):
        for body in BODIES.get(path, (_TOKEN,)):
            try:
                plaid._call(path, body, dict)  # noqa: SLF001 - the very code that runs, without a loop around it
            except RelayError as error:
                if error.code != "upstream":
                    raise
    return sorted(name for name in sys.modules if name == "plaid" or name.startswith("plaid."))


if __name__ == "__main__":
    sys.stdout.write("\n".join(loaded()) + "\n")

"""Hands a person's own keys of the provider to the relay child, in a process of its own that ends when it did.

Python cannot wipe a text, and the libraries that read a keychain leave copies of what they read. So the program does
not read these keys: it starts this, tells it where they lie, and gives it the child's stdin for its own stdout. What
this process leaves in its memory the system takes back with it.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from app.adapters.keychain import SystemKeychain
from app.core.errors import AppError, NotFound
from app.services.bank import bank_secrets
from app.services.bank.bank_child import OwnKeys, config

REFUSED = 3
"""Exit code when the keys cannot be had; what there is to say of it stands on stderr."""


def main() -> int:
    """Read one line of JSON that says where the keys are, and write the child's configuration."""
    asked = json.loads(sys.stdin.readline())
    try:
        keys = _read(asked)
    except AppError as error:
        sys.stderr.write(json.dumps({"kind": type(error).__name__, "message": error.message, "hint": error.hint}))
        return REFUSED
    line = json.dumps(config(keys, asked["path_token"], Path(asked["state_dir"])))
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
    return 0


def _read(asked: dict[str, Any]) -> OwnKeys:
    if asked["entry"] is not None:
        held = SystemKeychain().get(asked["entry"])
    else:
        held = bank_secrets.unseal(bytes.fromhex(asked["key"]), asked["uuid"], bank_secrets.OWN, asked["sealed"])
    try:
        return OwnKeys.read(held or "{}")
    except ValueError:
        raise missing() from None


def missing() -> NotFound:
    return NotFound(
        "Your own Plaid keys are not in the keychain any more.",
        "Give them again with: ops1099 bank setup --own-keys-fd N --plaid-env ENV",
    )

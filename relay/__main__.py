"""`ops1099-relay`: serve, doctor, keys, grant, end."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from relay import __version__
from relay.settings import Settings, Unusable, load, parse

_LARGEST_CONFIG = 65_536
_REFUSED = 3


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 1 a check failed, 2 usage, 3 refused."""
    parser = argparse.ArgumentParser(prog="ops1099-relay", description="The relay of 1099 Ops.")
    parser.add_argument("--version", action="version", version=__version__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    serve = verbs.add_parser("serve", help="run the relay")
    _config(serve)
    doctor = verbs.add_parser("doctor", help="check keys, modes, clock, Plaid's host and Redis")
    _config(doctor)
    doctor.add_argument("--json", action="store_true")
    keys = verbs.add_parser("keys", help="make the key files that are missing")
    keys.add_argument("folder", type=Path)
    grant = verbs.add_parser("grant", help="sign a grant, which lets one device enrol")
    grant.add_argument("--key-file", type=Path, required=True, help="grant.pem, kept offline")
    grant.add_argument("--plan", default="personal")
    grant.add_argument("--max-items", type=int, default=10, help="new banks in thirty days")
    grant.add_argument("--days", type=int, default=7, help="until when it may be used")
    grant.add_argument("--many", action="store_true", help="let more than one device use it")
    end = verbs.add_parser("end", help="end the banks of a list that somebody left who erased everything offline")
    _config(end)
    end.add_argument("file", type=Path, help="banks-to-end.txt")
    chosen = parser.parse_args(arguments)
    try:
        return _run(chosen)
    except Unusable as error:
        sys.stderr.write(f"ops1099-relay: {error}\n")
        return _REFUSED


def _config(parser: argparse.ArgumentParser) -> None:
    one = parser.add_mutually_exclusive_group(required=True)
    one.add_argument("--config", type=Path, help="the TOML file")
    one.add_argument("--config-fd", type=int, help="a descriptor to read the TOML, or one line of JSON, from")


def _run(chosen: argparse.Namespace) -> int:
    if chosen.verb == "keys":
        from relay import key_files  # noqa: PLC0415 - each verb loads what it needs

        for path in key_files.make(chosen.folder):
            sys.stdout.write(f"{path}\n")
        return 0
    if chosen.verb == "grant":
        from relay import key_files  # noqa: PLC0415 - as above

        text = key_files.grant(
            chosen.key_file, plan=chosen.plan, max_items=chosen.max_items, days=chosen.days, once=not chosen.many
        )
        sys.stdout.write(text + "\n")
        return 0
    settings = _settings(chosen)
    if chosen.verb == "doctor":
        from relay import doctor  # noqa: PLC0415 - as above

        return doctor.run(settings, as_json=chosen.json)
    if chosen.verb == "end":
        from relay import removal_list  # noqa: PLC0415 - as above

        return removal_list.end(settings, chosen.file)
    from relay.running import serve  # noqa: PLC0415 - as above

    return serve(settings)


def _settings(chosen: argparse.Namespace) -> Settings:
    if chosen.config is not None:
        return load(chosen.config)
    return parse(_handed_over(chosen.config_fd))


def _handed_over(descriptor: int) -> str:
    """Return the configuration of a descriptor: one JSON object on one line, or TOML up to the end.

    The app writes one line into our stdin and leaves it open: its end is how we learn that the app is gone.
    """
    data = bytearray()
    while piece := os.read(descriptor, _LARGEST_CONFIG):
        data += piece
        if len(data) > _LARGEST_CONFIG:
            raise Unusable("The configuration is too long.")
        if data.startswith(b"{") and data.endswith(b"\n"):
            break
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise Unusable("The configuration is no UTF-8.") from None


if __name__ == "__main__":
    sys.exit(main())

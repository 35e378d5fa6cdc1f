"""`completion`: what the shell needs to complete `ops1099`."""

from __future__ import annotations

import argparse

from app.cli.session import Session


def build(_noun: str, parser: argparse.ArgumentParser) -> None:
    parser.add_argument("shell", choices=["bash", "zsh", "tcsh"])
    parser.set_defaults(run=_completion)


def _completion(session: Session, arguments: argparse.Namespace) -> int:
    import shtab  # noqa: PLC0415 - only here

    from app.cli.main import global_parser  # noqa: PLC0415

    text = shtab.complete(global_parser(with_nouns=True), shell=arguments.shell)
    session.emit({"shell": arguments.shell, "script": text}, text)
    return 0

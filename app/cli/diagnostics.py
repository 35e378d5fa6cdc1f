"""`diagnostics`: the report of a problem, shown, and saved where the user says. It is never sent."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.cli.session import Session
from app.core.errors import AppError, Conflict, FaultError, Locked

if TYPE_CHECKING:
    from app.services.program.diagnostics import Bundle


def build(_noun: str, parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--preview", action="store_true", help="show every file as it would be saved (the default)")
    parser.add_argument("--out", metavar="FILE", help="save it as a zip file, or under its own name in a folder")
    parser.add_argument("--sections", metavar="A,B", help="only these: system app database sync events errors imports")
    parser.set_defaults(run=_diagnostics)


def _diagnostics(session: Session, arguments: argparse.Namespace) -> int:
    from app.services.program import diagnostics, program_log  # noqa: PLC0415

    books, trouble = None, None
    try:
        books = session.books
    except (Locked, Conflict, FaultError) as error:
        trouble = error
    # From here on nothing is written down: looking must not change what is looked at.
    program_log.silence()
    sections = arguments.sections.split(",") if arguments.sections is not None else None
    today = session.wiring.clock(session.options.today, "UTC").today()
    made = diagnostics.preview(
        books, session.home, today, sections=sections, trouble=None if trouble is None else trouble.code
    )
    saved = None
    if arguments.out is not None:
        saved = diagnostics.save(made, Path(arguments.out).expanduser(), books)
    session.emit(_body(made, saved, trouble), _text(made, saved, trouble))
    return 0


def _body(made: Bundle, saved: Path | None, trouble: AppError | None) -> dict[str, Any]:
    import hashlib  # noqa: PLC0415

    whole = made.zipped()
    return {
        "id": made.id, "created": made.created.isoformat(), "sections": list(made.sections), "name": made.name,
        "bytes": len(whole), "sha256": hashlib.sha256(whole).hexdigest(),
        "books": "open" if trouble is None else trouble.code, "saved": None if saved is None else str(saved),
        "files": [
            {"name": file.name, "bytes": len(file.data), "sha256": file.sha256, "content": _content(file.data)}
            for file in made.files
        ],
    }  # fmt: skip


def _content(data: bytes) -> str:
    return data.decode("ascii")


def _text(made: Bundle, saved: Path | None, trouble: AppError | None) -> str:
    parts = [] if trouble is None else [f"The books could not be opened ({trouble.code}); the report says so.\n"]
    for file in made.files:
        parts.append(f"--- {file.name}  {len(file.data)} bytes  sha256 {file.sha256}")
        parts.append(_content(file.data))
    if saved is None:
        parts.append("Nothing was saved or sent. Save exactly this with: ops1099 diagnostics --out FILE")
    else:
        parts.append(f"Saved as {saved}. Nothing was sent: give it to whom you want.")
    return "\n".join(parts)

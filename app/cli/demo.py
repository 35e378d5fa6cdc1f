"""`demo`."""

from __future__ import annotations

import argparse
from pathlib import Path

from app.cli.output import money
from app.cli.session import Session


def build(_noun: str, parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--out", default="out/demo", metavar="DIR", help="where the pack goes (default out/demo)")
    parser.set_defaults(run=_demo)


def _demo(session: Session, arguments: argparse.Namespace) -> int:
    from app.cli.tax import reserve_text  # noqa: PLC0415
    from app.services.program import demo  # noqa: PLC0415

    options = session.options._replace(today=demo.TODAY, passphrase_file=None, passphrase_fd=None, key_fd=None)
    found = demo.run(lambda home: session.wiring.create_throwaway(home, options), Path(arguments.out), session.progress)
    body = {
        "imported": [
            {
                "file": result.path.name, "added": result.added, "duplicates": result.duplicates,
                "rejected": len(result.rejected), "masked": result.masked,
                "error": result.error.message if result.error else None,
            }
            for result in found.imported
        ],
        "review_items": found.review_items,
        "reserve": found.reserve,
        "pack": str(found.pack),
    }  # fmt: skip
    added = sum(result.added for result in found.imported)
    reserve = found.reserve
    needed, held = money(reserve["needed_cents"]), money(reserve["held_cents"])
    text = "\n".join(
        [
            f"Imported {added} rows of {len(found.imported)} sample files of an invented designer.",
            "",
            reserve_text(reserve),
            "",
            f"Set aside for federal and state tax on {reserve['as_of']}: {needed} ({held} lie in reserve).",
            f"{found.review_items} questions are open. The accountant pack lies in {found.pack}",
        ]
    )
    session.emit(body, text)
    return 1 if any(result.error for result in found.imported) else 0

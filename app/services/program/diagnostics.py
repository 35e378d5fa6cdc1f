"""The report of a problem: made on this computer, shown before it is saved, never sent by the program.

Every file is built from shapes without room for text (`diagnostics_sections`), then looked over once more for anything
like private data. Equal states give equal bytes, so what was shown is what is saved.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from app.adapters import safe_files, system_facts
from app.core.diagnostics.leaves import Value
from app.core.diagnostics.scan import findings
from app.core.errors import FaultError, Refused
from app.core.product import APP_VERSION
from app.services.program import diagnostics_facts as facts
from app.services.program.diagnostics_sections import MANIFEST, SCHEMA_VERSION, SECTIONS

if TYPE_CHECKING:
    from app.services.books.open_books import Books

_README = """This is a report of a problem with 1099 Ops.

It was made on the computer of the person who gave it to you, and the program did not send it. It holds no
transactions, names, amounts, notes, account numbers, file names or folders: only versions, counts in ranges, codes of
what happened, and the places in the program's own code where errors came from. Which layout an imported file had can
tell which bank it came from.

manifest.json   what is inside, with the SHA-256 of each file
system.json     the kind of computer
app.json        the version of the program
database.json   whether the books are whole, and about how many rows they have
sync.json       how bank connections went
events.jsonl    what happened when, as codes
errors.jsonl    errors of the program, by class and place
imports.jsonl   how imports went, as codes and ranges
"""


class ReportFile(NamedTuple):
    name: str
    data: bytes

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


class Bundle(NamedTuple):
    """A finished report. `files` begins with the manifest."""

    id: str
    created: date
    sections: tuple[str, ...]
    files: tuple[ReportFile, ...]

    @property
    def name(self) -> str:
        return f"ops1099-diagnostics-{self.created:%Y%m%d}.zip"

    def zipped(self) -> bytes:
        """Return the file that is saved; the same files give the same bytes."""
        from app.adapters.safe_files.archives import zipped  # noqa: PLC0415 - only for a report

        return zipped(self.files)


def preview(
    books: Books | None, home: Path, today: date, *, sections: Iterable[str] | None = None, trouble: str | None = None,
    screen_scale: str = system_facts.UNKNOWN,
) -> Bundle:  # fmt: skip
    """Make the report and keep it in memory. Changes nothing.

    Without open books `trouble` is the code of why; the other sections are made as ever. Raises: Refused for a section
    there is not; FaultError when a check of the finished report finds something like private data.
    """
    chosen = _chosen(sections)
    told = facts.told(home) if {"events", "errors", "imports"} & set(chosen) else []
    made: dict[str, Callable[[], Value]] = {
        "system": lambda: facts.system(books, screen_scale),
        "app": lambda: facts.app(home),
        "database": lambda: facts.database(books, home, trouble, today),
        "sync": lambda: {"connections": []},
        "events": lambda: facts.events(told),
        "errors": lambda: facts.errors(told),
        "imports": lambda: facts.imports(told),
    }
    files = [section_file(name, made[name]()) for name in chosen]
    files.append(ReportFile("README.txt", _README.encode("ascii")))
    bundle = _with_manifest(files, chosen, today)
    _refuse_private(bundle)
    return bundle


def save(bundle: Bundle, path: Path, books: Books | None = None) -> Path:
    """Write the report as one file, under its own name where `path` is a folder; note it in the books' audit log.

    Raises: BadFile, Exists.
    """
    target = path / bundle.name if path.is_dir() else path
    safe_files.write_atomic(target, bundle.zipped(), replace=False)
    if books is not None and not books.reads_only:
        from app.services.audit.audit_notes import note  # noqa: PLC0415 - only with open books

        note(books, "diagnostics.saved", count=len(bundle.files))
    return target


def section_file(name: str, value: Value) -> ReportFile:
    """Return the file of a section. Raises: Unfit for a value its shape has no room for; Refused for no section."""
    _chosen([name])
    file, shape = SECTIONS[name]
    if isinstance(value, list):
        for entry in value:
            shape.check(entry, name)
        return ReportFile(file, b"".join(_json(entry, in_one_line=True) for entry in value))
    shape.check(value, name)
    return ReportFile(file, _json(value))


def _chosen(sections: Iterable[str] | None) -> tuple[str, ...]:
    wanted = set(SECTIONS if sections is None else sections)
    if not wanted <= SECTIONS.keys():
        raise Refused("A section that was asked for is not one of a report.", f"Choose from: {', '.join(SECTIONS)}.")
    return tuple(name for name in SECTIONS if name in wanted)


def _with_manifest(files: list[ReportFile], chosen: tuple[str, ...], today: date) -> Bundle:
    whole = hashlib.sha256(b"".join(file.sha256.encode() for file in files)).hexdigest()
    # From the contents, so that equal reports are the same report; in letters, so that it looks like no number.
    id_ = whole[:16].translate(str.maketrans("0123456789abcdef", "abcdefghijklmnop"))
    manifest: Value = {
        "schema_version": SCHEMA_VERSION, "app_version": system_facts.numbers(APP_VERSION),
        "created": today.isoformat(), "id": id_, "sections": list(chosen),
        "files": [{"name": file.name, "bytes": len(file.data), "sha256": file.sha256} for file in files],
    }  # fmt: skip
    MANIFEST.check(manifest, "manifest")
    return Bundle(id_, today, chosen, (ReportFile("manifest.json", _json(manifest)), *files))


def _json(value: Value, *, in_one_line: bool = False) -> bytes:
    return json.dumps(value, sort_keys=True, indent=None if in_one_line else 1).encode("ascii") + b"\n"


def _refuse_private(bundle: Bundle) -> None:
    for file in bundle.files:
        text = file.data.decode("ascii")
        for other in bundle.files:
            text = text.replace(other.sha256, "")  # those of the manifest are meant to be there
        if findings(text):
            raise FaultError(
                "The report was not made: its last check found something that looks like private data.",
                f"Leave out the section {file.name.partition('.')[0]}, and tell us that this happened.",
            )

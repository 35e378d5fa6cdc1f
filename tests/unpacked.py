"""The readable insides of exported files: archives and workbooks unpacked, PDF as text."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path


def texts(path: Path) -> Iterator[tuple[str, str]]:
    """Yield (name, text) of a file and of everything inside it."""
    yield str(path), path.name
    yield from _inside(path.name, path.read_bytes())


def _inside(name: str, data: bytes) -> Iterator[tuple[str, str]]:
    if zipfile.is_zipfile(io.BytesIO(data)):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for member in archive.infolist():
                yield f"{name}!{member.filename}", member.filename
                yield from _inside(f"{name}!{member.filename}", archive.read(member))
    elif data.startswith(b"%PDF"):
        yield name, _pdf(data)
    else:
        yield name, data.decode("utf-8", "replace")


def _pdf(data: bytes) -> str:
    inflated = []
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", data, re.DOTALL):
        try:
            inflated.append(zlib.decompress(stream).decode("latin-1"))
        except zlib.error:
            continue
    text = "\n".join(inflated)
    if shutil.which("pdftotext"):
        shown = subprocess.run(["pdftotext", "-", "-"], input=data, capture_output=True, check=True).stdout
        text += shown.decode("utf-8", "replace")
    return text

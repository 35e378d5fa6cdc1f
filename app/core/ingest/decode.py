"""Bytes of a bank file to text, or a plain refusal.

UTF-8 and UTF-16 with or without a byte order mark, else Windows-1252 (what US banks write when they do not say).
"""

from __future__ import annotations

import codecs

from app.core.errors import BadFile, NotAStatement

LARGEST_FILE = 256 * 1024 * 1024
LONGEST_LINE = 4 * 1024 * 1024

_MAGIC = (
    (b"PK\x03\x04", "a ZIP archive or a spreadsheet workbook"),
    (b"PK\x05\x06", "an empty ZIP archive"),
    (b"%PDF", "a PDF document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\xd0\xcf\x11\xe0", "an old Office document"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"SQLite format 3", "a database"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90", "a program"),
)


def decode(data: bytes) -> tuple[str, str]:
    """Return the text of a file and the name of the encoding it was read by.

    Raises: NotAStatement for archives, pictures, documents and other binary content; BadFile for an empty file, one
    over 256 MiB, or one with a line over 4 MiB.
    """
    if not data.strip():
        raise BadFile("The file is empty.", "Download the statement again.")
    if len(data) > LARGEST_FILE:
        raise BadFile("The file is larger than 256 MiB.", "Download a shorter period, a year at a time.")
    for magic, what in _MAGIC:
        if data.startswith(magic):
            raise NotAStatement(
                f"The file is {what}, not a bank file.", "Download the statement as OFX, QFX, QBO, QIF or CSV."
            )
    text, encoding = _text(data)
    if _longest_line(data) > LONGEST_LINE:
        raise BadFile("The file has a line of more than 4 MiB.", "Download the statement again.")
    head = text[:65536]
    odd = sum(1 for c in head if c < " " and c not in "\t\r\n\f\x1a\x00")
    if odd * 50 > len(head):
        raise NotAStatement("The file is not text.", "Download the statement as OFX, QFX, QBO, QIF or CSV.")
    return text, encoding


def _longest_line(data: bytes) -> int:
    longest, start = 0, 0
    for end in _breaks(data):
        longest, start = max(longest, end - start), end + 1
    return max(longest, len(data) - start)


def _breaks(data: bytes) -> list[int]:
    """Line ends, found coarsely: only stretches over the limit are worth a closer look."""
    ends: list[int] = []
    position = 0
    while True:
        window = data.find(b"\n", position)
        other = data.find(b"\r", position, window if window >= 0 else len(data))
        found = other if other >= 0 else window
        if found < 0:
            return ends
        ends.append(found)
        # jump ahead: a break anywhere in the next LONGEST_LINE bytes is enough
        ahead = max(data.rfind(b"\n", found, found + LONGEST_LINE), data.rfind(b"\r", found, found + LONGEST_LINE))
        position = max(found + 1, ahead)


def _text(data: bytes) -> tuple[str, str]:
    if data.startswith(codecs.BOM_UTF8):
        return _strict(data[3:], "utf-8"), "utf-8"
    if data.startswith(codecs.BOM_UTF16_LE):
        return _strict(data[2:], "utf-16-le"), "utf-16-le"
    if data.startswith(codecs.BOM_UTF16_BE):
        return _strict(data[2:], "utf-16-be"), "utf-16-be"
    sample = data[:4096]
    if len(sample) >= 4:
        if sample[1::2].count(0) * 10 > len(sample) * 4:
            return _strict(data, "utf-16-le"), "utf-16-le"
        if sample[0::2].count(0) * 10 > len(sample) * 4:
            return _strict(data, "utf-16-be"), "utf-16-be"
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace"), "cp1252"


def _strict(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as trouble:
        raise BadFile(
            f"The file says it is {encoding.upper()} but has bytes that are not.", "Download the statement again."
        ) from trouble

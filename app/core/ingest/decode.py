"""Bytes of a bank file to text, or a plain refusal.

UTF-8 and UTF-16 with or without a byte order mark, else Windows-1252 (what US banks write when they do not say). What
a header claims is not asked: headers lie more often than bytes do.
"""

from __future__ import annotations

import codecs

from app.core.errors import BadFile, NotAStatement
from app.core.ingest import file_kinds

LARGEST_FILE = 256 * 1024 * 1024
LONGEST_LINE = 4 * 1024 * 1024

REPLACED = "\ufffd"
"""Stands where bytes could not be read; readers count it for a note."""

DOWNLOAD_HINT = "Download the statement as OFX, QFX, QBO, QIF or CSV."
EMPTY_HINT = "If nothing happened in that time, there is nothing to import. Otherwise download the file again."
"""For tables without a transaction."""

_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)

_BIDI = "\u061c\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
_CONTROLS = "".join(map(chr, (*range(9), 0x0B, *range(0x0E, 0x20), *range(0x7F, 0xA0)))) + _BIDI

_ODD = bytes(set(range(0x20)) - set(b"\t\r\n\f\x1a\x00"))
"""Control characters that no text holds."""


def decode(data: bytes) -> tuple[str, str]:
    """Return the text of a file and the name of the encoding it was read by.

    Bytes that no encoding explains become U+FFFD; nothing is dropped. Line ends stay as they are.

    Raises: NotAStatement for archives, pictures, documents and other binary content; BadFile for an empty file or one
    over 256 MiB.
    """
    if not data.strip(b" \t\r\n\x0b\x0c\x00") or data in _MARKS:
        raise BadFile("The file is empty.", "Download the statement again.")
    if len(data) > LARGEST_FILE:
        raise BadFile("The file is larger than 256 MiB.", "Download a shorter period, a year at a time.")
    refuse_other_kinds(data[: file_kinds.HEAD])
    text, encoding = _text(data)
    head = text[:65536]
    raw = head.encode("utf-8", "surrogatepass")
    odd = len(raw) - len(raw.translate(None, _ODD))
    # a few stray bytes are a damaged statement (in a short file they weigh no more than in a long one); one in ten is
    # not text at all
    if odd * 50 > max(len(head), 1000) or (head.count(REPLACED) + head.count("\x00")) * 10 > len(head):
        raise NotAStatement("The file is not text.", DOWNLOAD_HINT)
    return text, encoding


def refuse_other_kinds(head: bytes) -> None:
    """Refuse what is plainly no table and no statement by its first bytes. Raises: NotAStatement."""
    what = file_kinds.kind_of(head)
    if what is not None:
        raise NotAStatement(f"The file is {what}, not a bank file.", DOWNLOAD_HINT)


def refuse_long_line(text: str) -> None:
    """Raise BadFile when a line is longer than LONGEST_LINE characters: for formats that are made of lines."""
    if len(text) <= LONGEST_LINE:
        return
    start = 0
    while start < len(text):
        # the last break within reach is the farthest jump that proves no line in between is too long
        reach = start + LONGEST_LINE + 1
        ahead = max(text.rfind("\n", start, reach), text.rfind("\r", start, reach))
        if ahead < 0:
            if len(text) - start <= LONGEST_LINE:
                return
            line = len(text[:start].splitlines()) + 1
            raise BadFile(f"Line {line} is longer than 4 MiB.", "Download the statement again.", line=line)
        start = ahead + 1


def without_controls(text: str) -> tuple[str, int]:
    """Return the text without control and direction characters, and how many were removed.

    Tabs, line ends and form feeds stay. Direction marks go too: they let a text look other than it is.
    """
    found = [c for c in _CONTROLS if c in text]
    if not found:
        return text, 0
    count = sum(text.count(c) for c in found if c not in "\x1a\ufeff")
    return text.translate({ord(c): None for c in found}), count


def controls_note(count: int) -> str:
    """Return the sentence that tells of removed control characters."""
    return "One control character was removed." if count == 1 else f"{count} control characters were removed."


def decoding_notes(text: str, encoding: str) -> list[str]:
    """Return what a person should know about how the bytes were read, one sentence each."""
    notes = []
    if encoding == "cp1252":
        notes.append("The file was read as Windows-1252 text.")
    broken = text.count(REPLACED)
    if broken:
        what = "One character" if broken == 1 else f"{broken} characters"
        notes.append(f"{what} of the file could not be read, shown as {REPLACED}.")
    return notes


def _text(data: bytes) -> tuple[str, str]:
    if data.startswith(codecs.BOM_UTF8):
        return data[3:].decode("utf-8", errors="replace"), "utf-8"
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
        return _mended(data)


def _mended(data: bytes) -> tuple[str, str]:
    """Return broken UTF-8 with marks where more of it is right than broken, else Windows-1252."""
    text = data.decode("utf-8", errors="replace")
    broken = text.count(REPLACED)
    right = len(text) - broken - len(text.encode("ascii", errors="ignore"))
    if right > broken:
        return text, "utf-8"
    return data.decode("cp1252", errors="replace"), "cp1252"


def _strict(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as trouble:
        raise BadFile(
            f"The file says it is {encoding.upper()} but has bytes that are not.", "Download the statement again."
        ) from trouble

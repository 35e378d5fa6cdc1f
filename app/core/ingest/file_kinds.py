"""What a file is by its first bytes, whatever its name says."""

from __future__ import annotations

HEAD = 512
"""Bytes that suffice to tell."""

_MAGIC = (
    (b"PK\x03\x04", "a ZIP archive or a spreadsheet workbook"),
    (b"PK\x05\x06", "an empty ZIP archive"),
    (b"PK\x07\x08", "a part of a ZIP archive"),
    (b"%PDF", "a PDF document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\x1f\x9d", "a compressed file"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"\x28\xb5\x2f\xfd", "a zstd archive"),
    (b"\x04\x22\x4d\x18", "an lz4 archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"MSCF", "a Windows cabinet"),
    (b"!<arch>\n", "an archive of a system package"),
    (b"\xed\xab\xee\xdb", "a system package"),
    (b"\xd0\xcf\x11\xe0", "an old Office document"),
    (b"{\\rtf", "a text document"),
    (b"%!PS", "a print document"),
    (b"bplist00", "a property list"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"II*\x00", "a picture"),
    (b"MM\x00*", "a picture"),
    (b"RIFF", "a picture or a sound"),
    (b"OggS", "a sound"),
    (b"ID3\x02", "a sound"),
    (b"ID3\x03", "a sound"),
    (b"ID3\x04", "a sound"),
    (b"\x1aE\xdf\xa3", "a film"),
    (b"SQLite format 3", "a database"),
    (b"\x00\x01\x00\x00Standard ", "a database"),
    (b"ARROW1\x00", "a data file of another program"),
    (b"\x89HDF", "a data file of another program"),
    (b"\x93NUMPY", "a data file of another program"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90", "a program"),
    (b"\xca\xfe\xba\xbe", "a program"),
    (b"\xce\xfa\xed\xfe", "a program"),
    (b"\xcf\xfa\xed\xfe", "a program"),
    (b"\xfe\xed\xfa\xce", "a program"),
    (b"\xfe\xed\xfa\xcf", "a program"),
    (b"\x00asm", "a program"),
    (b"#!", "a script"),
    (b"L\x00\x00\x00\x01\x14\x02", "a Windows shortcut"),
    (b"-----BEGIN ", "a key or a certificate"),
)

_PICKLES = tuple(bytes((0x80, version)) for version in range(2, 6))
"""How Python's serialised objects begin. As text they would be two odd letters."""


def kind_of(head: bytes) -> str | None:
    """Return what a file is when it is something known that holds no statement; None when it may be text.

    `head` are its first `HEAD` bytes or more.
    """
    for magic, what in _MAGIC:
        if head.startswith(magic):
            return what
    if head.startswith(_PICKLES):
        return "a saved object of a program"
    if head[257:262] == b"ustar":
        return "a tar archive"
    if head[4:8] == b"ftyp":
        return "a film or a picture"
    return None

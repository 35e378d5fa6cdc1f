"""Files that are something else than their names say."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import pickle
import random
import sqlite3
import struct
import tarfile
import zipfile
import zlib

from hostile.cases import HEAD, ONE, TWO, Case

SEED = 1099
GOOD = HEAD + ONE + TWO


def _zip() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(zipfile.ZipInfo("statement.csv"), HEAD + ONE + TWO)
    return stream.getvalue()


def _png() -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0\0\0\0")) + chunk(b"IEND", b"")
    )


def _zip_of(*members: tuple[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def _tar() -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        entry = tarfile.TarInfo("../statement.csv")
        entry.size = len(GOOD)
        archive.addfile(entry, io.BytesIO(GOOD.encode()))
    return stream.getvalue()


def _database() -> bytes:
    made = sqlite3.connect(":memory:")
    made.execute("CREATE TABLE a (b)")
    return bytes(made.serialize())


class _Runs:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return print, ("a saved object ran",)


def _noise() -> bytes:
    return random.Random(SEED).randbytes(60_000)


CONTENTS = [
    Case("empty.csv", lambda: b"", "bad_file", attack="S1"),
    Case("blank.ofx", lambda: b" \r\n\t\n" * 500, "bad_file", attack="S1"),
    Case("only_bom.csv", lambda: b"\xef\xbb\xbf", "bad_file", attack="S1"),
    Case("only_bom16.csv", lambda: b"\xff\xfe", "bad_file", attack="S1"),
    Case("nul.csv", lambda: b"\0" * 100_000, "bad_file", attack="S1"),
    Case("workbook.csv", _zip, "not_a_statement", attack="S4"),
    Case("archive.ofx", _zip, "not_a_statement", attack="S4"),
    Case("document.csv", lambda: b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n", "not_a_statement", attack="S15"),
    Case("picture.ofx", _png, "not_a_statement", attack="S15"),
    Case("packed.csv", lambda: gzip.compress(GOOD.encode(), mtime=0), "not_a_statement", attack="S15"),
    Case("bomb.csv", lambda: gzip.compress(b"1,2\n" * 5_000_000, mtime=0), "not_a_statement", attack="S4"),
    Case("program.qif", lambda: b"\x7fELF\x02\x01\x01" + bytes(57), "not_a_statement", attack="S15"),
    Case("database.csv", lambda: b"SQLite format 3\0" + bytes(84), "not_a_statement", attack="S15"),
    Case("old_office.csv", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), "not_a_statement", attack="S15"),
    Case("noise.csv", _noise, "not_a_statement", attack="S1"),
    Case("odd_utf16.csv", lambda: GOOD.encode("utf-16") + b"\n", "bad_file", attack="S1"),
    Case("half_pair.csv", lambda: (GOOD * 9).encode("utf-16-le") + b"\x00\xd8", "bad_file", attack="S1"),
    Case("zip_bomb.csv", lambda: _zip_of(("a.csv", bytes(50 << 20))), "not_a_statement", attack="S4"),
    Case("zip_slip.csv", lambda: _zip_of(("../../a.csv", GOOD.encode())), "not_a_statement", attack="S4"),
    Case("nested.qif", lambda: _zip_of(("a.zip", _zip_of(("b.csv", b"1")))), "not_a_statement", attack="S4"),
    Case("tar.csv", _tar, "not_a_statement", attack="S4"),
    Case("bomb.ofx", lambda: bz2.compress(bytes(20 << 20)), "not_a_statement", attack="S4"),
    Case("bomb.qif", lambda: lzma.compress(bytes(20 << 20)), "not_a_statement", attack="S4"),
    Case("pickle2.csv", lambda: pickle.dumps(_Runs(), 2), "not_a_statement", attack="S15"),
    Case("pickle5.ofx", lambda: pickle.dumps(_Runs(), 5), "not_a_statement", attack="S15"),
    Case("pickle0.csv", lambda: pickle.dumps(_Runs(), 0), "not_a_statement", attack="S15"),
    Case("database.ofx", _database, "not_a_statement", attack="S15"),
    Case("letter.docx", lambda: _zip_of(("word/document.xml", b"<w/>")), "not_a_statement", attack="S15"),
    Case("module.csv", lambda: b"\x00asm\x01\x00\x00\x00" + bytes(100), "not_a_statement", attack="S15"),
    Case("applet.csv", lambda: b"\xca\xfe\xba\xbe\x00\x00\x00\x34" + bytes(100), "not_a_statement", attack="S15"),
    Case("program.csv", lambda: b"MZ\x90\x00" + bytes(200), "not_a_statement", attack="S15"),
    Case("shortcut.csv", lambda: b"L\x00\x00\x00\x01\x14\x02\x00" + bytes(80), "not_a_statement", attack="S15"),
    Case("film.csv", lambda: b"\x00\x00\x00\x20ftypisom" + bytes(80), "not_a_statement", attack="S15"),
    Case("script.csv", lambda: b"#!/usr/bin/env python3\n1,2,3\n", "not_a_statement", attack="S15"),
    Case("key.csv", lambda: b"-----BEGIN PRIVATE KEY-----\nAAAA\n", "not_a_statement", attack="S15"),
]

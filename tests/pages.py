"""Reads the pages of encrypted books by the key, free pages and the write-ahead log included.

What a query shows is not all that a file holds: a deleted text may stay in a page that is no longer used. This undoes
the cipher page by page, without the database library: AES-256 in CBC mode, the vector in the last 80 bytes of a page.
"""

from __future__ import annotations

from pathlib import Path

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

PAGE = 4096
RESERVED = 80
SALT = 16
WAL_HEADER = 32
FRAME_HEADER = 24


def _plain(page: bytes, key: bytes, *, skip: int = 0) -> bytes:
    cipher = Cipher(algorithms.AES(key), modes.CBC(page[PAGE - RESERVED : PAGE - RESERVED + 16]))
    decryptor = cipher.decryptor()
    return decryptor.update(page[skip : PAGE - RESERVED]) + decryptor.finalize()


def of_database(path: Path, key_hex: str) -> bytes:
    """Return every page of a database, decrypted, one after the other."""
    data, key = path.read_bytes(), bytes.fromhex(key_hex)
    pages = [data[at : at + PAGE] for at in range(0, len(data), PAGE)]
    return b"".join(_plain(page, key, skip=0 if number else SALT) for number, page in enumerate(pages))


def of_log(path: Path, key_hex: str) -> bytes:
    """Return every page image of a write-ahead log, decrypted; empty when there is none."""
    if not path.exists():
        return b""
    data, key = path.read_bytes(), bytes.fromhex(key_hex)
    found = []
    for at in range(WAL_HEADER, len(data) - PAGE, FRAME_HEADER + PAGE):
        number = int.from_bytes(data[at : at + 4], "big")
        page = data[at + FRAME_HEADER : at + FRAME_HEADER + PAGE]
        found.append(_plain(page, key, skip=SALT if number == 1 else 0))
    return b"".join(found)


def of_home(home: Path, key_hex: str) -> bytes:
    """Return all that the books of a home hold anywhere."""
    return of_database(home / "books.db", key_hex) + of_log(home / "books.db-wal", key_hex)

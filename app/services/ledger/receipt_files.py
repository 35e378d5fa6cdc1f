"""Receipt files: each encrypted on its own, written once, named by the hash of its encrypted bytes.

The name is random, since the encryption is, and it proves the file: whoever copies or keeps a receipt can tell whether
it is whole without a key. A receipt is on the disk before any row names it.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from app.adapters import safe_files
from app.adapters.randomness import OsRandomness
from app.core.errors import AppError, DamagedFile, NotFound, Refused
from app.core.ports import Randomness
from app.core.security import sealing
from app.core.security.backup_container import Receipt
from app.core.security.key_derivation import Purpose
from app.services.books.open_books import Books

FOLDER = "receipts"
MAX_SIZE = 32 * 1024 * 1024
_MAGIC = b"OPSRCPT\x01"
_NAME = re.compile(r"[0-9a-f]{64}")


def put(books: Books, data: bytes, *, randomness: Randomness | None = None) -> str:
    """Encrypt a receipt, write it for good, and return its name. Raises: Refused (too large), BadFile (disk)."""
    if not 0 < len(data) <= MAX_SIZE:
        raise Refused(f"A receipt has at most {MAX_SIZE // 1024 // 1024} MB and is not empty.")
    books.refuse_reader()
    nonce = (randomness or OsRandomness()).token(sealing.NONCE_SIZE)
    sealed = _MAGIC + nonce + sealing.seal(books.subkey(Purpose.RECEIPT), data, _binding(books), nonce)
    name = hashlib.sha256(sealed).hexdigest()
    safe_files.private_folder(books.home / FOLDER, within=books.home)
    safe_files.write_atomic(books.home / FOLDER / name, sealed, replace=False, within=books.home)
    return name


def get(books: Books, name: str) -> bytes:
    """Return a receipt. Raises: NotFound, DamagedFile."""
    if _NAME.fullmatch(name) is None:
        raise NotFound("There is no such receipt.")
    path = books.home / FOLDER / name
    try:
        sealed = safe_files.read_limited(path, MAX_SIZE + 64)
    except AppError as error:
        raise NotFound(f"The receipt {name[:16]} is missing.", "Restore it from a backup.") from error
    start = len(_MAGIC) + sealing.NONCE_SIZE
    key = books.subkey(Purpose.RECEIPT)
    data = sealing.unseal(key, sealed[start:], _binding(books), sealed[len(_MAGIC) : start])
    if data is None or not sealed.startswith(_MAGIC) or hashlib.sha256(sealed).hexdigest() != name:
        raise DamagedFile(f"The receipt {name[:16]} is damaged.", "Restore it from a backup.")
    return data


def stored(home: Path) -> tuple[Receipt, ...]:
    """Return the receipts of a home, in the order of their names."""
    try:
        found = sorted(path for path in (home / FOLDER).iterdir() if _NAME.fullmatch(path.name))
    except FileNotFoundError:
        return ()
    return tuple(Receipt(path.name, path.lstat().st_size) for path in found)


def _binding(books: Books) -> bytes:
    return b"1099ops receipt v1 " + books.uuid.encode("ascii")

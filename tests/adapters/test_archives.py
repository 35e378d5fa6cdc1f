"""ZIP files that lie: names that leave, links, doubles, encrypted members, sizes that grow."""

from __future__ import annotations

import io
import stat
import struct
import time
import zipfile
from pathlib import Path

import pytest

from app.adapters.safe_files import archives
from app.core.errors import BadFile


def zipped(path: Path, *entries: tuple[str | zipfile.ZipInfo, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries:
            archive.writestr(name, data)
    return path


def look(path: Path) -> tuple[dict[str, bytes], list[str]]:
    with archives.zip_contents(path) as found:
        return {name: opener().read() for name, opener in found.files.items()}, found.wrong


def test_what_was_packed_is_read_back(tmp_path: Path) -> None:
    assert look(zipped(tmp_path / "a.zip", ("one.csv", b"1"), ("two.csv", b"2"))) == (
        {"one.csv": b"1", "two.csv": b"2"},
        [],
    )


@pytest.mark.parametrize(
    "name", ["../a", "/etc/a", "a/b", "..\\a", "C:a", "dir/", "..", "a\x1b[31m", "a\u202eb", "a\nb"]
)
def test_a_name_that_is_no_plain_one_is_not_read(tmp_path: Path, name: str) -> None:
    files, wrong = look(zipped(tmp_path / "a.zip", (zipfile.ZipInfo(name), b"x"), ("good.csv", b"1")))
    assert files == {"good.csv": b"1"}
    assert len(wrong) == 1
    assert wrong[0].isprintable()


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR, stat.S_IFDIR])
def test_a_member_that_is_no_file_is_not_read(tmp_path: Path, kind: int) -> None:
    entry = zipfile.ZipInfo("a")
    entry.external_attr = (kind | 0o777) << 16
    assert look(zipped(tmp_path / "a.zip", (entry, b"/etc/passwd"))) == ({}, ["a is a link or a device"])


def test_a_bomb_is_refused_by_what_it_declares(tmp_path: Path) -> None:
    start = time.monotonic()
    files, wrong = look(zipped(tmp_path / "a.zip", ("a.csv", bytes(200 << 20))))
    assert (files, wrong) == ({}, ["a.csv grows too much when it is unpacked"])
    assert time.monotonic() - start < 5


def test_members_that_share_their_bytes_are_refused(tmp_path: Path) -> None:
    """Each entry of the list points at the same packed bytes: small on disk, endless when unpacked."""
    path = zipped(tmp_path / "a.zip", ("a", b"0123456789" * 100_000))
    data = path.read_bytes()
    at = data.index(b"PK\x01\x02")
    end = data.index(b"PK\x05\x06")
    entries = b"".join(
        data[at:end].replace(b"\x01\x00\x00\x00\x00", b"\x01\x00\x00\x00\x00")[:-1] + bytes((97 + n,))
        for n in range(20)
    )
    tail = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 20, 20, len(entries), at, 0)
    path.write_bytes(data[:at] + entries + tail)
    files, wrong = look(path)
    assert files == {}
    assert wrong == ["its files are together larger than a pack can be"]


def test_a_member_that_claims_less_than_it_is_gives_no_more_than_it_claims(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", ("a", b"x" * 1_000_000))
    data = bytearray(path.read_bytes())
    at = data.index(b"PK\x01\x02")
    data[at + 24 : at + 28] = struct.pack("<I", 10)
    path.write_bytes(data)
    with archives.zip_contents(path) as found:
        try:
            got = found.files["a"]().read()
        except archives.READ_ERRORS:
            got = b""
    assert len(got) <= 10


def test_nested_archives_stay_packed(tmp_path: Path) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("a", b"x")
    files, wrong = look(zipped(tmp_path / "a.zip", ("inner.zip", inner.getvalue())))
    assert files == {"inner.zip": inner.getvalue()}
    assert wrong == []


def test_a_crowd_is_not_looked_at(tmp_path: Path) -> None:
    files, wrong = look(zipped(tmp_path / "a.zip", *((f"{n}", b"") for n in range(100))))
    assert files == {}
    assert wrong == ["100 files are more than a pack holds"]


@pytest.mark.parametrize("data", [b"", b"PK", b"PK\x03\x04" + bytes(100), b"PK\x05\x06" + b"\xff" * 18])
def test_what_is_no_archive_is_a_sentence(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a.zip").write_bytes(data)
    with pytest.raises(BadFile):
        look(tmp_path / "a.zip")

"""What a disk holds after the power went: made from the log of every change a run made to its files.

The run itself is made once. For any moment of it the log gives what the system had been told; of that only what was
synced is sure. Of the rest a seeded choice is kept: of a file's bytes any writes, whole or torn at a sector; of the
names (made, renamed, removed) a prefix, since file systems keep the order of those. A sync of any file writes all names
down, as on file systems with a journal; or, strictly, a name lasts only from the sync of its folder on.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import NamedTuple

HEAD = struct.Struct("<cIIIQQ")
SECTOR = 512


class Change(NamedTuple):
    """One call that changed a file or a name. `number` is the call's place among all that are counted."""

    kind: str
    number: int
    name: str
    other: str
    place: int
    data: bytes


def read_log(path: Path, home: Path) -> list[Change]:
    """Return the changes in their order, names relative to the home."""
    raw = path.read_bytes()
    return list(_changes(raw, str(home)))


def _changes(raw: bytes, home: str) -> Iterator[Change]:
    at = 0
    while at + HEAD.size <= len(raw):
        kind, number, name_size, other_size, place, size = HEAD.unpack_from(raw, at)
        at += HEAD.size
        name = raw[at : at + name_size].decode()
        other = raw[at + name_size : at + name_size + other_size].decode()
        at += name_size + other_size
        data = raw[at : at + size]
        at += size
        yield Change(kind.decode(), number, inside(name, home), inside(other, home), place, data)


def inside(name: str, home: str) -> str:
    return name.removeprefix(home).lstrip("/")


class _File:
    """A file's bytes on the disk for sure, and what was asked for since."""

    def __init__(self, data: bytes = b"") -> None:
        self.sure = data
        self.since: list[Change] = []

    def sync(self) -> None:
        self.sure = self.after(self.since)
        self.since = []

    def after(self, changes: list[Change]) -> bytes:
        data = bytearray(self.sure)
        for change in changes:
            if change.kind == "t":
                del data[change.place :]
                data.extend(bytes(change.place - len(data)))
            else:
                data.extend(bytes(max(0, change.place - len(data))))
                data[change.place : change.place + len(change.data)] = change.data
        return bytes(data)

    def lost(self, chance: Random, keeps: float) -> bytes:
        """Return what a power cut may leave: each write kept, dropped, or torn at a sector."""
        kept = []
        for change in self.since:
            draw = chance.random()
            if draw < keeps:
                kept.append(change)
            elif draw < keeps + 0.1 and len(change.data) > SECTOR:
                sectors = chance.randrange(len(change.data) // SECTOR)
                kept.append(change._replace(data=change.data[: sectors * SECTOR]))
        return self.after(kept)


class Disk:
    """The files of a home while the log is played; `sure` are the names that are on the disk whatever happens."""

    def __init__(self, home: Path, *, strict: bool) -> None:
        """Take a home as it lay on the disk before. `strict`: names last only when their folder was synced."""
        self.names = {
            str(path.relative_to(home)): _File(path.read_bytes())
            for path in home.rglob("*")
            if path.is_file() and not path.is_symlink()
        }
        self.folders = {str(path.relative_to(home)) for path in home.rglob("*") if path.is_dir()}
        self.sure = dict(self.names)
        self.waiting: list[tuple[Change, _File]] = []
        self.strict = strict

    def play(self, change: Change) -> None:
        if change.kind in {"w", "t"}:
            if change.name in self.names:
                self.names[change.name].since.append(change)
        elif change.kind == "s":
            self._sync(change.name)
        elif change.kind == "m":
            self.folders.add(change.name)
        elif change.kind in {"c", "r", "l", "u"}:
            file = _File() if change.kind == "c" else self.names.get(change.name, _File())
            named(self.names, change, file)
            self.waiting.append((change, file))

    def _sync(self, name: str) -> None:
        if name in self.names:
            self.names[name].sync()
        waiting = []
        for change, file in self.waiting:
            folders = {str(Path(each).parent).removeprefix(".") for each in (change.name, change.other) if each}
            if self.strict and name not in folders and not (change.kind == "c" and change.name == name):
                waiting.append((change, file))
            else:
                named(self.sure, change, file)
        self.waiting = waiting

    def left(self, target: Path, chance: Random, keeps: float) -> None:
        """Write into a new folder what may be there when the power goes now; `keeps` is the share of kept writes."""
        names = dict(self.sure)
        for change, file in self.waiting[: len(self.waiting) if keeps >= 1 else chance.randint(0, len(self.waiting))]:
            named(names, change, file)
        target.mkdir(mode=0o700)
        for folder in sorted(self.folders):
            (target / folder).mkdir(mode=0o700, exist_ok=True)
        written: dict[int, bytes] = {}
        for name, file in names.items():
            if id(file) not in written:
                written[id(file)] = file.after(file.since) if keeps >= 1 else file.lost(chance, keeps)
            path = target / name
            path.write_bytes(written[id(file)])
            path.chmod(0o600)


def named(names: dict[str, _File], change: Change, file: _File) -> None:
    """Do to a set of names what a call did."""
    if change.kind == "u":
        names.pop(change.name, None)
        return
    if change.kind == "r":
        names.pop(change.name, None)
    names[change.name if change.kind == "c" else change.other] = file


def cut_at(home: Path, changes: list[Change], moment: int, target: Path, *, seed: int) -> None:
    """Make the home as a power cut just before call `moment` may leave it; one seed always leaves the same."""
    chance = Random(seed)
    disk = Disk(home, strict=bool(seed % 2))
    for change in changes:
        if change.number >= moment:
            break
        disk.play(change)
    disk.left(target, chance, chance.choice([0.0, 0.3, 0.7, 0.95]))


def killed_at(home: Path, changes: list[Change], moment: int, target: Path) -> None:
    """Make the home as a process that dies just before call `moment` leaves it: all that was asked for is there."""
    disk = Disk(home, strict=False)
    for change in changes:
        if change.number >= moment:
            break
        disk.play(change)
    disk.left(target, Random(0), 1.0)

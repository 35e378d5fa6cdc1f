"""F9: a disk that fills up: a sentence that says so, nothing half done, the books stay readable, and a retry works.

Full is made twice: as a small disk of its own where this process may mount one, and everywhere as a limit on the size
of any file, which the engine meets as the same refusal in the middle of a write.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from faults.conftest import Base
from faults.harness import Children, files_of, fresh, judge, may_mount, small_disk

EXPORTS = (
    ("pack", ("export", "accountant", "--year", "2026", "--out", "{out}/pack.zip")),
    ("csv", ("report", "ledger", "--year", "2026", "--format", "csv", "--out", "{out}/ledger.csv")),
)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Callable[[float], Path]]:
    if not may_mount():
        pytest.skip("only root may mount a small disk; the limit on file sizes is tested beside it")
    with contextlib.ExitStack() as mounted:
        yield lambda mib: mounted.enter_context(small_disk(tmp_path / f"disk-{mib}", mib))


def fill(folder: Path, leave: int) -> Path:
    """Fill a disk up to `leave` bytes."""
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while file.write(bytes(4096)) == 4096:
            pass
    size = filler.stat().st_size
    with filler.open("r+b") as file:
        file.truncate(max(0, size - leave))
    return filler


def is_full(error: dict[str, str]) -> bool:
    return error["code"] in {"disk_full", "bad_file", "invalid_value"} and "full" in error["message"]


@pytest.mark.parametrize("mib", [6, 12, 24])
def test_an_import_on_a_small_disk_is_there_or_told(
    mib: int, children: Children, bare: Base, ten_thousand: Path, disk: Callable[[float], Path]
) -> None:
    folder = disk(mib)
    home = fresh(bare.home, folder / "home")
    old = judge(home, bare.key)
    end = children.cli(home, "import", ten_thousand, key=bare.key)
    if end.code == 0:
        assert judge(home, bare.key).rows == 10_000
        return
    assert is_full(end.error), end.out
    assert judge(home, bare.key) == old


@pytest.mark.parametrize("leave", [0, 8_192, 65_536, 400_000, 2_000_000])
def test_books_on_a_full_disk_are_readable_and_change_again_once_there_is_room(
    leave: int, children: Children, sample: Base, ten_thousand: Path, disk: Callable[[float], Path]
) -> None:
    folder = disk(24)
    home = fresh(sample.home, folder / "home")
    old = judge(home, sample.key)
    filler = fill(folder, leave)
    for words in (("import", str(ten_thousand)), ("transactions", "set", "3", "note=lamp")):
        end = children.cli(home, *words, key=sample.key)
        assert end.code == 0 or is_full(end.error), end.out
    read = children.cli(home, "--read-only", "transactions", "list", "--limit", "1", key=sample.key)
    assert read.code == 0, read.out
    filler.unlink()
    assert judge(home, sample.key).rows >= old.rows
    assert children.cli(home, "import", ten_thousand, key=sample.key).code == 0
    assert judge(home, sample.key).rows == old.rows + 10_000


@pytest.mark.parametrize("size", [0, 100, 40_000, 600_000, 2_000_000, 5_000_000])
def test_no_file_may_grow_past_a_limit(
    size: int, children: Children, bare: Base, ten_thousand: Path, tmp_path: Path
) -> None:
    home = fresh(bare.home, tmp_path / "home")
    old = judge(home, bare.key)
    end = children.run(
        "cli", home, argv=["import", str(ten_thousand)], key=bare.key, limits={"file_size": size}
    )  # fmt: skip
    assert end.code == 0 or (end.code in {3, 5, 7} and end.error["message"]), end
    assert (judge(home, bare.key) == old) is (end.code != 0)
    assert children.cli(home, "import", ten_thousand, key=bare.key).code == 0


@pytest.mark.parametrize(("name", "argv"), EXPORTS, ids=[name for name, _ in EXPORTS])
@pytest.mark.parametrize("leave", [0, 4_096, 20_000])
def test_an_export_to_a_full_disk_leaves_nothing_there(
    leave: int, name: str, argv: tuple[str, ...], children: Children, sample: Base, disk: Callable[[float], Path],
    tmp_path: Path,
) -> None:  # fmt: skip
    home, out = fresh(sample.home, tmp_path / "home"), disk(2)
    old = judge(home, sample.key)
    filler = fill(out, leave)
    end = children.cli(home, *(word.format(out=out) for word in argv), key=sample.key)
    assert is_full(end.error), end.out
    assert set(files_of(out)) == {"filler"}
    assert judge(home, sample.key) == old, "an export that failed was written down as handed out"
    filler.unlink()
    assert children.cli(home, *(word.format(out=out) for word in argv), key=sample.key).code == 0
    assert name

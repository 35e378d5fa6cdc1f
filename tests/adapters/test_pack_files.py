"""The pack on disk: complete or absent, private, equal bytes; and a check that notices every change."""

from __future__ import annotations

import hashlib
import json
import stat
import struct
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.adapters.pack_check import Check, verify
from app.adapters.pack_files import write_pack
from app.core.books.vocabulary import LINES, Kind
from app.core.dates import day_from_iso
from app.core.errors import BadFile, Exists, Refused
from app.core.money import percent_of
from app.core.report.lines import LineRow
from app.core.report.pack_input import AccountTie, AuditHead, Business, PackInput, ProfitRange, Question

NAMES = [
    "01-summary.pdf",
    "02-schedule-c-worksheet.csv",
    "02-workbook.xlsx",
    "03-profit-and-loss.xlsx",
    "04-transactions.csv",
    "05-general-ledger.csv",
    "06-trial-balance-with-tax-lines.csv",
    "06-trial-balance.csv",
    "10-estimated-payments.csv",
    "12-open-questions.csv",
    "README.txt",
    "books.beancount",
    "books.journal",
    "manifest.json",
]
FIRST = day_from_iso("2026-01-01")


def bank_row(number: int, cents: int, kind: str, line: str, percent: int, status: str, name: str) -> LineRow:
    counted = kind in {"income", "expense", "refund"}
    return LineRow(
        number, 0, FIRST + number, FIRST + number, number % 2 + 1, "Checking", "0093", name, name, cents, "USD", kind,
        line if counted else "NONE", percent, percent_of(cents, percent) if counted else 0, status, None, "", "a.csv",
        number, 1,
    )  # fmt: skip


@st.composite
def bank_rows(draw: st.DrawFn) -> list[LineRow]:
    return [
        bank_row(
            number,
            draw(st.integers(-(10**9), 10**9)),
            draw(st.sampled_from([kind.value for kind in Kind])),
            draw(st.sampled_from([code for code in LINES if code.startswith("C")])),
            draw(st.integers(0, 10_000)),
            draw(st.sampled_from(["auto", "confirmed", "suggested"])),
            draw(st.sampled_from(["Acme", "=1+1", 'a"b,c', "two\nlines", "\ud800", ""])),
        )
        for number in range(1, draw(st.integers(0, 12)) + 1)
    ]


SOME_ROWS = [
    bank_row(1, 250_000, "income", "C1", 10_000, "confirmed", "Acme"),
    bank_row(2, -4_200, "expense", "C24b", 10_000, "auto", "=Diner"),
    bank_row(3, -9_001, "expense", "C25", 5_000, "confirmed", "Phone"),
    bank_row(4, -777, "transfer", "NONE", 0, "confirmed", "To card"),
    bank_row(5, -1_234, "expense", "C18", 10_000, "suggested", "Store"),
]


def pack_input(rows: list[LineRow]) -> PackInput:
    return PackInput(
        year=2026,
        as_of=day_from_iso("2026-11-20"),
        created_at="2026-11-20",
        app_version="0.1.0",
        rules_version="2026.1",
        rules_date="2026-11-21",
        business=Business(name="Reyes Design", profession="designer", owner="self"),
        accounts=[
            AccountTie(
                id=number,
                name=name,
                kind=kind,
                institution="Bank",
                last4=None,
                currency="USD",
                opening_cents=opening,
                in_cents=0,
                out_cents=0,
                closing_cents=opening,
            )
            for number, name, kind, opening in ((1, "Checking", "checking", 5_000), (2, "Card", "credit", -900))
        ],
        rows=rows,
        questions=[Question(item="classify:5", question="@Store: business?", count=1, cents=-1_234)],
        range=ProfitRange(1, 2, 3),
        audit=AuditHead(9, "cd" * 32),
    )


def failed(checks: list[Check]) -> set[str]:
    assert checks
    return {check.name for check in checks if not check.ok}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    target = tmp_path / "pack"
    write_pack(pack_input(SOME_ROWS), target)
    return target


def restate(folder: Path, name: str) -> None:
    """Make the manifest agree with a changed file's bytes, as a careful forger would."""
    stated = json.loads((folder / "manifest.json").read_text("utf-8"))
    for entry in stated["files"]:
        if entry["name"] == name:
            entry["sha256"] = hashlib.sha256((folder / name).read_bytes()).hexdigest()
    (folder / "manifest.json").write_text(json.dumps(stated), "utf-8")


def test_a_pack_holds_its_files_for_its_owner_alone_and_passes(folder: Path) -> None:
    assert sorted(path.name for path in folder.iterdir()) == NAMES
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    assert failed(verify(folder)) == set()
    assert [path.name for path in folder.parent.iterdir()] == ["pack"]


def test_the_manifest_lists_what_was_written(folder: Path) -> None:
    stated = json.loads((folder / "manifest.json").read_text("utf-8"))
    assert sorted(entry["name"] for entry in stated["files"]) == [name for name in NAMES if name != "manifest.json"]
    by_name = {entry["name"]: entry for entry in stated["files"]}
    assert by_name["04-transactions.csv"]["rows"] == 5
    assert by_name["04-transactions.csv"]["total_cents"] == sum(row.cents for row in SOME_ROWS)
    assert by_name["06-trial-balance.csv"]["total_cents"] is None
    assert by_name["01-summary.pdf"]["rows"] is None
    assert stated["lines"] == {"C1": 250_000, "C24b": -4_200, "C25": -4_501}
    assert stated["net_profit_cents"] == 250_000 - 2_100 - 4_501
    assert stated["open_questions"] == 1
    assert stated["audit"] == {"seq": 9, "mac": "cd" * 32}


def test_equal_input_gives_equal_bytes_in_any_order_of_rows(tmp_path: Path) -> None:
    write_pack(pack_input(SOME_ROWS), tmp_path / "a")
    write_pack(pack_input(SOME_ROWS[::-1]), tmp_path / "b")
    write_pack(pack_input(SOME_ROWS), tmp_path / "a.zip")
    write_pack(pack_input(SOME_ROWS[::-1]), tmp_path / "b.zip")
    for name in NAMES:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes(), name
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()


def test_the_zip_holds_the_same_bytes_and_passes(folder: Path) -> None:
    target = folder.parent / "pack.zip"
    write_pack(pack_input(SOME_ROWS), target)
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    with zipfile.ZipFile(target) as archive:
        assert sorted(archive.namelist()) == NAMES
        assert archive.testzip() is None
        for name in NAMES:
            assert archive.read(name) == (folder / name).read_bytes()
    assert failed(verify(target)) == set()


def test_an_empty_folder_is_taken_and_a_full_place_refused(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    write_pack(pack_input([]), tmp_path / "empty")
    assert failed(verify(tmp_path / "empty")) == set()
    (tmp_path / "file.zip").write_bytes(b"mine")
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    for taken in ("empty", "file.zip", "link"):
        with pytest.raises(Exists):
            write_pack(pack_input([]), tmp_path / taken)
    assert (tmp_path / "file.zip").read_bytes() == b"mine"
    assert not (tmp_path / "elsewhere").exists()


def test_a_place_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(Refused, match="not a folder"):
        write_pack(pack_input([]), tmp_path / "file" / "pack")


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=bank_rows())
def test_every_pack_of_random_books_passes(tmp_path_factory: pytest.TempPathFactory, rows: list[LineRow]) -> None:
    target = tmp_path_factory.mktemp("random") / "pack"
    write_pack(pack_input(rows), target)
    assert failed(verify(target)) == set()


@pytest.mark.parametrize("name", [name for name in NAMES if name != "manifest.json"])
def test_a_changed_byte_in_any_file_is_noticed(folder: Path, name: str) -> None:
    data = bytearray((folder / name).read_bytes())
    data[len(data) // 2] ^= 1
    (folder / name).write_bytes(data)
    assert f"sha256 {name}" in failed(verify(folder))


@pytest.mark.parametrize("name", NAMES)
def test_a_missing_file_is_noticed(folder: Path, name: str) -> None:
    (folder / name).unlink()
    assert failed(verify(folder)) >= ({"manifest"} if name == "manifest.json" else {"files"})


@pytest.mark.parametrize(
    ("name", "old", "new", "check"),
    [
        ("04-transactions.csv", ",2500.00,USD", ",2500.01,USD", "rows 04-transactions.csv"),
        ("04-transactions.csv", "100,2500.00", "100,2400.00", "lines 04-transactions.csv"),
        ("04-transactions.csv", "C24b", "C24a", "lines 04-transactions.csv"),
        ("02-schedule-c-worksheet.csv", "-42.00", "-41.00", "lines 02-schedule-c-worksheet.csv"),
        ("02-schedule-c-worksheet.csv", "2433.99", "2433.98", "net profit"),
        ("02-schedule-c-worksheet.csv", "66.01", "66.02", "net profit"),
        ("05-general-ledger.csv", "42.00,,=", "43.00,,=", "rows 05-general-ledger.csv"),
        ("05-general-ledger.csv", "45.01,,Phone", "45.02,,Phone", "ledger entries"),
        ("05-general-ledger.csv", "Owner draws", "Owner contributions", "trial balance against ledger"),
        ("06-trial-balance.csv", "C25 Utilities,45.01", "C25 Utilities,45.02", "trial balance"),
        ("06-trial-balance.csv", "C25 Utilities", "C22 Supplies", "lines 06-trial-balance.csv"),
        (
            "06-trial-balance-with-tax-lines.csv",
            "C25 Utilities,45.01",
            "C25 Utilities,45.02",
            "trial balance with tax lines",
        ),
        ("06-trial-balance-with-tax-lines.csv", ",C25,25", ",C22,22", "rows 06-trial-balance-with-tax-lines.csv"),
        ("books.journal", "Utilities  45.01 USD", "Utilities  45.02 USD", "lines books.journal"),
        ("books.journal", "Expenses:C25 Utilities  45.01", "Expenses:C22 Supplies  45.01", "lines books.journal"),
        ("books.beancount", "Utilities  45.01 USD", "Utilities  45.02 USD", "lines books.beancount"),
        ("12-open-questions.csv", "-12.34", "-12.33", "rows 12-open-questions.csv"),
        ("12-open-questions.csv", "-12.34", "nan", "rows 12-open-questions.csv"),
    ],
)
def test_a_forged_figure_is_noticed_even_when_its_hash_agrees(
    folder: Path, name: str, old: str, new: str, check: str
) -> None:
    text = (folder / name).read_bytes().decode()
    if old == "42.00,,=":
        old, new, check = "42.00,,'=Diner", "43.00,,'=Diner", "ledger entries"
    assert old in text
    (folder / name).write_bytes(text.replace(old, new).encode())
    restate(folder, name)
    assert check in failed(verify(folder))


def test_a_pack_of_the_first_form_still_passes(folder: Path) -> None:
    later = {"02-workbook.xlsx", "03-profit-and-loss.xlsx", "06-trial-balance-with-tax-lines.csv",
             "10-estimated-payments.csv", "books.journal", "books.beancount"}  # fmt: skip
    for name in later:
        (folder / name).unlink()
    path = folder / "manifest.json"
    stated = json.loads(path.read_text("utf-8"))
    stated["files"] = [entry for entry in stated["files"] if entry["name"] not in later]
    path.write_text(json.dumps(stated), "utf-8")
    assert failed(verify(folder)) == set()


@pytest.mark.parametrize(
    ("key", "value", "check"),
    [
        ("net_profit_cents", 1, "net profit"),
        ("lines", {"C1": 250_000}, "lines 04-transactions.csv"),
        ("open_questions", 0, "open questions"),
        ("lines", {"X": 1}, "manifest"),
        ("lines", {"C1": "1"}, "manifest"),
        ("period", {"from": "soon", "to": "late"}, "manifest"),
        ("files", [{"name": "../x"}], "manifest"),
        ("files", [], "files"),
        ("schema_version", 99, "manifest"),
        ("extra", 1, "manifest"),
    ],
)
def test_a_forged_manifest_is_noticed(folder: Path, key: str, value: object, check: str) -> None:
    path = folder / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | {key: value}), "utf-8")
    assert check in failed(verify(folder))


@pytest.mark.parametrize("words", [b"", b"[]", b"{", b"\xff", b"[" * 100_000, b" " * 2_000_000, b'{"files": NaN}'])
def test_a_manifest_that_is_none_is_noticed(folder: Path, words: bytes) -> None:
    (folder / "manifest.json").write_bytes(words)
    assert failed(verify(folder)) == {"manifest"}


def test_unknown_files_links_and_folders_are_noticed(folder: Path) -> None:
    (folder / "extra.csv").write_text("x", "utf-8")
    assert failed(verify(folder)) == {"files"}
    (folder / "extra.csv").unlink()
    (folder / "more").mkdir()
    assert failed(verify(folder)) == {"safe names"}
    (folder / "more").rmdir()
    (folder / "README.txt").rename(folder.parent / "README.txt")
    (folder / "README.txt").symlink_to(folder.parent / "README.txt")
    assert failed(verify(folder)) == {"safe names", "files"}


@pytest.mark.parametrize("name", ["../evil.txt", "/etc/evil", "a/b.txt", "C:evil", "..\\evil", "dir/"])
def test_a_zip_that_would_leave_its_folder_is_noticed(tmp_path: Path, name: str) -> None:
    target = tmp_path / "pack.zip"
    write_pack(pack_input(SOME_ROWS), target)
    with zipfile.ZipFile(target, "a") as archive:
        archive.writestr(name, "x")
    assert "safe names" in failed(verify(target))


def test_links_doubles_and_crowds_in_a_zip_are_noticed(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("link")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    for name, entries in {"link": [link], "crowd": [zipfile.ZipInfo(f"{i}") for i in range(100)]}.items():
        target = tmp_path / f"{name}.zip"
        write_pack(pack_input([]), target)
        with zipfile.ZipFile(target, "a") as archive:
            for entry in entries:
                archive.writestr(entry, "x")
        assert "safe names" in failed(verify(target))


def test_a_zip_that_claims_to_be_huge_is_not_read(tmp_path: Path) -> None:
    target = tmp_path / "pack.zip"
    write_pack(pack_input([]), target)
    data = bytearray(target.read_bytes())
    at = data.index(b"PK\x01\x02")
    data[at + 24 : at + 28] = struct.pack("<I", 0xF0000000)
    target.write_bytes(data)
    assert "safe names" in failed(verify(target))


def test_a_damaged_zip_member_fails_its_check(tmp_path: Path) -> None:
    target = tmp_path / "pack.zip"
    write_pack(pack_input(SOME_ROWS), target)
    data = bytearray(target.read_bytes())
    with zipfile.ZipFile(target) as archive:
        entry = archive.getinfo("01-summary.pdf")
    middle = entry.header_offset + 60 + entry.compress_size // 2
    data[middle : middle + 40] = bytes(40)
    target.write_bytes(data)
    assert failed(verify(target)) == {"sha256 01-summary.pdf"}


def test_what_is_no_pack_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "text.zip").write_text("hello", "utf-8")
    for path in (tmp_path / "text.zip", tmp_path / "nothing"):
        with pytest.raises(BadFile):
            verify(path)
    (tmp_path / "empty").mkdir()
    assert failed(verify(tmp_path / "empty")) == {"manifest"}

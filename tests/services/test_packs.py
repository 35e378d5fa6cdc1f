"""Every pack that was handed out is on record."""

from __future__ import annotations

import hashlib
from pathlib import Path

from app.core.dates import day_from_iso
from app.services.audit import audit_log
from app.services.books import history
from app.services.books.open_books import Books
from app.services.report import pack_export, packs

TODAY = day_from_iso("2026-11-20")


def test_a_pack_that_was_handed_out_is_on_record(sample: Books, tmp_path: Path) -> None:
    target = tmp_path / "pack-2026.zip"
    files, questions = pack_export.export_pack(sample, 2026, target, TODAY)
    (made,) = packs.listed(sample)
    assert (made.year, made.as_of, made.name) == (2026, TODAY, "pack-2026.zip")
    assert made.sha256 == hashlib.sha256(target.read_bytes()).hexdigest()
    assert (made.files, made.bytes, made.open_questions) == (len(files) + 1, target.stat().st_size, questions)
    assert audit_log.listed(sample, 1)[0].event == "pack.exported"
    assert audit_log.verify(sample).ok


def test_a_folder_is_known_by_its_manifest_and_the_newest_stands_first(sample: Books, tmp_path: Path) -> None:
    pack_export.export_pack(sample, 2026, tmp_path / "first", TODAY)
    pack_export.export_pack(sample, 2025, tmp_path / "second.zip", TODAY)
    newest, oldest = packs.listed(sample)
    assert (newest.name, oldest.name) == ("second.zip", "first")
    assert oldest.sha256 == hashlib.sha256((tmp_path / "first" / "manifest.json").read_bytes()).hexdigest()
    assert packs.listed(sample, year=2026) == [oldest]


def test_undo_takes_no_record_of_a_pack_back(sample: Books, tmp_path: Path) -> None:
    before = history.history(sample, limit=1)
    pack_export.export_pack(sample, 2026, tmp_path / "pack", TODAY)
    assert history.history(sample, limit=1) == before
    history.undo(sample)
    assert len(packs.listed(sample)) == 1


def test_equal_books_still_give_an_equal_pack(sample: Books, tmp_path: Path) -> None:
    for name in ("one.zip", "two.zip"):
        pack_export.export_pack(sample, 2026, tmp_path / name, TODAY)
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()

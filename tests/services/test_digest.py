"""The digest of the rows follows every change, and an old row put back is never taken for the truth."""

from __future__ import annotations

import shutil
from pathlib import Path
from random import Random

import pytest

from app.adapters.clock import SystemClock
from app.core.errors import Cancelled, DamagedBooks
from app.services.books import history, opening
from app.services.books.open_books import Books, Unlock
from app.services.classify import rules
from app.services.derived import derive
from app.services.ingest import imports
from app.services.integrity import health, rescue
from app.services.ledger import transactions
from app.store import audit, schema
from app.store.digest import TABLES

OTHERWISE = {
    "audit": "its chain", "audit_segment": "its chain", "erasure": "the audit log", "row_digest": "the sum",
    "op_now": "empty", "op_start": "empty", "image_columns": "format", "migration": "format", "pack": "the audit log",
    "backup_made": "the audit log", "month_total": "adding up again",
    "egress": "a record outside changes", "bank_state": "a record outside changes",
}  # fmt: skip
"""What is proved in another way than by blocks of rows, and by which."""


def whole(books: Books) -> bool:
    return books.digest.prove(lambda: None).ok


def past_the_guard(books: Books, table: str, sql: str) -> None:
    """Change a row as an old page would: no trigger hears of it."""
    books.connection.set_authorizer(None)
    triggers = books.connection.execute(
        "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = ?", (table,)
    ).fetchall()
    for name, _ in triggers:
        books.connection.execute(f"DROP TRIGGER {name}")
    books.connection.execute(sql)
    for _, text in triggers:
        books.connection.execute(text)


def test_every_table_is_proved_in_one_way() -> None:
    assert set(TABLES) | set(OTHERWISE) == {*schema.BOOKS, *schema.DERIVED, *schema.RECORDS}
    assert not set(TABLES) & set(OTHERWISE)


def test_the_sum_after_any_changes_is_that_of_all_rows(sample: Books) -> None:
    rng = Random(7)
    known = [n for n in range(1, sample.transactions.last_id() + 1) if sample.transactions.exists(n)]
    for turn in range(25):
        number = rng.choice(known)
        if turn % 8 == 3:
            history.undo(sample)
        elif turn % 8 == 5:
            rules.add(sample, {"text": f"TEXT {turn}", "kind": "expense", "line": "C18"})
        elif turn % 8 == 7:
            transactions.delete(sample, [rng.choice(known)], "twice")
        else:
            transactions.set_values(sample, number, {"note": f"note {turn}", "kind": "expense", "line": "C22"})
        assert whole(sample), turn
    stated = sample.digest.stated()
    assert stated is not None
    assert int(sample.digest.rebuild(), 16) == stated


def test_derived_rows_made_again_keep_the_sum(sample: Books) -> None:
    with sample.work.operation("rebuild") as work:
        sample.settings.add_business({"name": "Second"})
        derive.rebuild(work)
    assert whole(sample)


def test_an_import_taken_back_leaves_the_sum_of_what_is_there(sample: Books, tmp_path: Path) -> None:
    file = tmp_path / "bank.csv"
    lines = [f"01/{1 + n % 28:02d}/2026,SHOP {n % 40},-{n}.10" for n in range(1, 400)]
    file.write_text("Date,Description,Amount\n" + "\n".join(lines) + "\n", encoding="utf-8")
    imports.import_files(sample, [file], imports.ImportOptions(account="New"))
    assert whole(sample)
    history.undo(sample)
    assert whole(sample)
    history.redo(sample)
    assert whole(sample)


def test_looking_past_the_guard_alone_is_no_damage(sample: Books) -> None:
    past_the_guard(sample, "transactions", "UPDATE transactions SET cents = cents WHERE id = 7")
    assert health.check(sample, deep=True).ok


@pytest.mark.parametrize(
    ("table", "sql"),
    [
        ("transactions", "UPDATE transactions SET cents = cents - 1 WHERE id = 7"),
        ("descriptor", "UPDATE descriptor SET text = text || 'X' WHERE id = 3"),
        ("journal", "UPDATE journal SET before = NULL WHERE id = 1"),
        ("operation", "UPDATE operation SET code = 'other' WHERE id = 1"),
        ("made", "DELETE FROM made WHERE operation_id = 2"),
        ("label", "UPDATE label SET outcome_id = outcome_id + 1 WHERE descriptor_id = 2"),
        ("profile", "DELETE FROM profile WHERE name = 'state'"),
        ("month_total", "UPDATE month_total SET cents = cents + 1"),
        ("sqlite_sequence", "UPDATE sqlite_sequence SET seq = seq - 1 WHERE name = 'transactions'"),
        ("migration", "UPDATE migration SET undo_horizon = 5"),
    ],
)
def test_a_row_from_another_time_is_found(sample: Books, table: str, sql: str) -> None:
    assert health.check(sample, deep=False).ok
    past_the_guard(sample, table, sql)
    assert not health.check(sample, deep=False).ok


def test_the_place_of_an_old_row_is_told_as_a_person_would_look_for_it(sample: Books) -> None:
    past_the_guard(sample, "transactions", "UPDATE transactions SET cents = cents - 1 WHERE id = 7")
    found = health.check(sample, deep=False)
    said = next(finding.said for finding in found.troubles if finding.name == "rows")
    assert "the transactions posted 20" in said
    assert found.code == "damaged"


def test_a_change_beside_an_old_row_is_refused_and_does_not_make_it_the_truth(sample: Books) -> None:
    transactions.set_values(sample, 7, {"note": "kept"})
    past_the_guard(sample, "decision", "UPDATE decision SET note = 'older' WHERE transaction_id = 7")
    before = audit.head(sample.connection)
    with pytest.raises(DamagedBooks) as told:
        transactions.set_values(sample, 8, {"note": "next to it"})
    assert told.value.exit_code == 7
    assert audit.head(sample.connection) == before
    assert not whole(sample)


def test_after_damage_was_met_nothing_is_written_by_any_way(sample: Books) -> None:
    past_the_guard(sample, "transactions", "UPDATE transactions SET cents = cents - 1 WHERE id = 7")
    reader = sample.reader()
    assert not health.check(reader, deep=False).ok
    reader.close()
    with pytest.raises(DamagedBooks, match="nothing is written"):
        transactions.set_values(sample, 40, {"note": "x"})
    with pytest.raises(DamagedBooks):
        opening.open_books(
            sample.home, Unlock(key_hex=sample.key_hex()), keychain=lambda: None, clock=SystemClock("UTC")
        )


def test_wrong_month_totals_are_added_up_again(sample: Books) -> None:
    wanted = sample.totals.dump()
    past_the_guard(sample, "month_total", "UPDATE month_total SET cents = cents + 1")
    found = health.check(sample, deep=True)
    assert [finding.name for finding in found.troubles] == ["month totals"]
    assert "rescue repair" in found.troubles[0].fix
    transactions.set_values(sample, 40, {"note": "still written"})
    rescue.repair(sample)
    assert sample.totals.dump() == wanted
    assert health.check(sample, deep=True).ok


def test_a_check_can_be_stopped(sample: Books) -> None:
    def stop() -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        health.check(sample, deep=False, cancel=stop)
    assert sample.damaged is None


def test_a_trial_run_leaves_the_sum_alone(sample: Books) -> None:
    before = sample.digest.stated()
    transactions.set_values(sample, 7, {"note": "perhaps"}, dry_run=True)
    assert sample.digest.stated() == before
    assert whole(sample)


@pytest.mark.parametrize("name", ["format-1", "format-2", "format-3", "format-4", "format-5"])
def test_older_books_get_their_sum_when_they_are_brought_up(name: str, tmp_path: Path) -> None:
    home = tmp_path / "home"
    shutil.copytree(Path(__file__).parents[1] / "data" / name, home)
    books = opening.open_books(
        home, Unlock(passphrase="violet anchor harvest tundra 41"), keychain=lambda: None, clock=SystemClock("UTC")
    )
    assert health.check(books, deep=True).ok
    books.close()

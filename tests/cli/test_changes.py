"""Writes: a dry run changes nothing, nothing changed has no operation, and what was done can be taken back later."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

WRITES: dict[str, tuple[str, ...]] = {
    "profile": ("profile", "set", "wages=1"),
    "business add": ("business", "add", "name=Second"),
    "business set": ("business", "set", "1", "name=Studio"),
    "account add": ("accounts", "add", "name=Box", "kind=cash"),
    "account set": ("accounts", "set", "1", "role=reserve"),
    "add": ("transactions", "add", "--date", "2026-05-05", "--amount", "-15", "--account", "1", "--description", "X"),
    "kind": ("transactions", "set", "1", "kind=personal"),
    "percent": ("transactions", "set", "60", "kind=expense", "line=C22", "business_percent=40"),
    "always": ("transactions", "set", "60", "kind=expense", "line=C22", "--always"),
    "note": ("transactions", "set", "1", "note=x"),
    "tags": ("transactions", "set", "1", "tags=a b"),
    "date": ("transactions", "set", "1", "date=2026-02-02"),
    "delete": ("transactions", "delete", "1", "2", "--reason", "twice"),
    "link": ("transactions", "link", "722", "1016", "--type", "reimbursement"),
    "not duplicate": ("transactions", "not-duplicate", "1", "2"),
    "rule": ("rules", "add", "--text", "facebk", "--kind", "expense", "--line", "C8"),
    "pay": ("tax", "pay", "--date", "2026-06-15", "--amount", "10", "--jurisdiction", "CA", "--for-year", "2026",
            "--type", "estimate"),
    "vehicle": ("vehicles", "add", "name=Golf", "in_service=2026-03-01", "method=standard", "business_miles=900"),
    "asset": ("assets", "add", "name=Laptop", "cost=3200", "in_service=2026-03-01"),
    "home office": ("homeoffice", "add", "name=Office", "first_day=2026-01-01", "area=120"),
    "business facts": ("business", "facts", "1", "de_minimis=yes"),
    "undo": ("undo",),
}  # fmt: skip


@pytest.mark.parametrize("name", WRITES)
def test_a_dry_run_changes_nothing_and_says_what_the_real_run_says(
    name: str, ops: Callable[..., Any], home: Path, dump: Any
) -> None:
    before = dump(home)
    tried = ops(*WRITES[name], "--dry-run")
    assert (tried.code, tried.err) == (0, ""), tried.out
    assert (tried.body["dry_run"], tried.body["operation"]) == (True, None)
    assert dump(home) == before
    real = ops(*WRITES[name])
    assert (real.code, real.err) == (0, ""), real.out
    assert isinstance(real.body["operation"], int)
    assert real.body["dry_run"] is False
    assert set(real.body) == set(tried.body)
    assert dump(home) != before


TEXT = ("--description", "X")
FACTS = ("transactions", "decision", "part", "link", "rule", "answer", "account", "business", "profile", "tax_payment",
         "vehicle", "vehicle_year", "asset", "asset_year", "home_office", "home_office_year", "business_year",
         "imported_file", "source_row", "mapping", "label", "row_label", "pair", "month_total")  # fmt: skip


@pytest.mark.parametrize("name", [name for name in WRITES if name != "undo"])
def test_undo_gives_back_every_row_and_redo_does_it_again(
    name: str, ops: Callable[..., Any], home: Path, dump: Any
) -> None:
    before = [table for table in dump(home) if table[0] in FACTS]
    assert ops(*WRITES[name]).code == 0
    after = [table for table in dump(home) if table[0] in FACTS]
    assert after != before
    assert ops("undo").body["operation"] == 10
    assert [table for table in dump(home) if table[0] in FACTS] == before
    assert ops("redo").body["operation"] == 11
    assert [table for table in dump(home) if table[0] in FACTS] == after
    assert ops("audit", "verify").body["ok"] is True


@pytest.mark.parametrize(
    "command",
    [
        ("profile", "set", "state=CA"),
        ("accounts", "set", "1", "role=mixed"),
        ("business", "set", "1", "name=My business"),
    ],
)  # fmt: skip
def test_a_write_that_changes_nothing_has_no_operation(
    command: tuple[str, ...], ops: Any, home: Path, dump: Any
) -> None:
    before = dump(home)
    answer = ops(*command)
    assert (answer.code, answer.body["operation"]) == (0, None)
    assert dump(home) == before


def test_the_same_value_again_has_no_operation(ops: Any) -> None:
    for command in (("transactions", "set", "1", "note=x"), ("transactions", "set", "60", "kind=personal")):
        assert ops(*command).body["operation"]
        assert ops(*command).body["operation"] is None


def test_import_tries_without_writing(bare: Path, on: Any, bank: Any, dump: Any) -> None:
    path = bank("a.csv", ("2026-03-05", "COFFEE", "-4.75"), ("2026-03-16", "BOOK", "-9.00"))
    before = dump(bare)
    tried = on(bare, "import", path, "--dry-run").body
    assert (tried["dry_run"], tried["operations"], tried["files"][0]["added"]) == (True, [], 2)
    assert dump(bare) == before
    real = on(bare, "import", path).body
    assert set(real) == set(tried)
    assert real["files"][0]["accounts"][0]["made"] is True


@pytest.mark.parametrize(
    ("command", "code", "error"),
    [
        (("set", "999999", "note=x"), 5, "not_found"),
        (("set", "0", "note=x"), 5, "not_found"),
        (("set", "1", "amount=5"), 3, "invalid_value"),
        (("set", "1", "kind=nonsense"), 3, "invalid_value"),
        (("set", "1", "line=C99"), 3, "invalid_value"),
        (("set", "60", "kind=expense", "line=C22", "business_percent=101"), 3, "invalid_value"),
        (("set", "60", "kind=expense", "line=C22", "business_percent=NaN"), 3, "invalid_value"),
        (("set", "1", "date=2026-02-30"), 3, "invalid_value"),
        (("set", "1", "business=9"), 5, "not_found"),
        (("set", "1", "note"), 3, "invalid_value"),
        (("set", "one", "note=x"), 2, "usage"),
        (("set", "1"), 2, "usage"),
        (("split", "1", "5:expense"), 3, "invalid_value"),
        (("split", "1", "1:income:C1", "2:income:C1"), 3, "invalid_value"),
        (("split", "999999", "1:income:C1", "2:income:C1"), 5, "not_found"),
        (("unsplit", "1"), 5, "conflict"),
        (("link", "1", "1", "--type", "transfer"), 3, "invalid_value"),
        (("link", "1", "2", "--type", "marriage"), 3, "invalid_value"),
        (("link", "1", "999999", "--type", "transfer"), 5, "not_found"),
        (("unlink", "1", "60"), 5, None),
        (("merge", "1", "999999"), 5, "not_found"),
        (("delete", "1"), 2, "usage"),
        (("delete", "999999", "--reason", "x"), 5, "not_found"),
        (("restore", "1"), 5, "conflict"),
        (("restore", "999999"), 5, "not_found"),
        (("add", "--date", "x", "--amount", "1", "--account", "1", *TEXT), 3, "invalid_value"),
        (("add", "--date", "2026-01-01", "--amount", "1e9", "--account", "1", *TEXT), 3, "invalid_value"),
        (("add", "--date", "2026-01-01", "--amount", "NaN", "--account", "1", *TEXT), 3, "invalid_value"),
        (("add", "--date", "2026-01-01", "--amount", "1", "--account", "Nowhere", *TEXT), 5, "not_found"),
        (("add", "--date", "2026-01-01", "--amount", "9" * 40, "--account", "1", *TEXT), 3, "invalid_value"),
    ],
    ids=lambda value: " ".join(value)[:50] if isinstance(value, tuple) else None,
)  # fmt: skip
def test_a_refused_change_changes_nothing(
    command: tuple[str, ...], code: int, error: str | None, ops: Any, home: Path, dump: Any
) -> None:
    before = dump(home)
    answer = ops("transactions", *command)
    assert (answer.code, answer.err) == (code, ""), answer.out
    assert answer.error == error or error is None
    assert dump(home) == before


def test_numbers_too_large_for_the_database(ops: Any) -> None:
    for command in (("transactions", "explain"), ("transactions", "restore"), ("undo",), ("rules", "remove"),
                    ("transactions", "list", "--after"), ("transactions", "list", "--year"), ("history", "--limit"),
                    ("report", "pnl", "--year"), ("history", "--transaction")):  # fmt: skip
        for number in ("9" * 30, "-1", "9" * 5000):
            answer = ops(*command, number)
            assert (answer.code, answer.error, answer.err) == (2, "usage", ""), command
    for command in (
        ("accounts", "remove"),
        ("transactions", "list", "--account"),
        ("transactions", "list", "--business"),
    ):
        answer = ops(*command, "9" * 30)
        assert (answer.code, answer.error, answer.err) == (5, "not_found", ""), command


def test_split_and_unsplit(done: Any, ops: Any) -> None:
    row = next(r for r in done("transactions", "list", "--status", "suggested", "--limit", "0")["transactions"]
               if r["amount_cents"] < -1000 and not r["links"])  # fmt: skip
    number, half = str(row["id"]), row["amount_cents"] // 2
    rest = row["amount_cents"] - half
    parts = [f"{half / 100:.2f}:expense:C18", f"{rest / 100:.2f}:personal:NONE"]
    assert done("transactions", "split", number, *parts)["operation"]
    assert done("transactions", "explain", number)["steps"]
    assert done("transactions", "unsplit", number)["operation"]
    assert ops("transactions", "unsplit", number).error == "conflict"


def test_a_deleted_row_is_gone_until_it_is_restored(done: Any, ops: Any, home: Path) -> None:
    sample = Path(__file__).parents[2] / "resources" / "sample"
    count = done("transactions", "list", "--limit", "1")["total_count"]
    assert done("transactions", "delete", "5", "--reason", "not mine")["operation"]
    assert done("transactions", "list", "--limit", "1")["total_count"] == count - 1
    assert [r["id"] for r in done("transactions", "list", "--status", "deleted")["transactions"]] == [5]
    done("import", *sorted(sample.iterdir()))
    copy = home.parent / "copy.QFX"
    text = next(sample.glob("*.QFX")).read_text()
    copy.write_text(text + "\n\n")
    [file] = done("import", copy)["files"]
    assert (file["added"], file["duplicates"]) == (0, 48)
    assert done("transactions", "list", "--limit", "1")["total_count"] == count - 1
    assert done("transactions", "restore", "5")["operation"]
    assert done("transactions", "list", "--limit", "1")["total_count"] == count


def test_an_import_that_was_undone_can_be_made_again(bare: Path, on: Any, bank: Any) -> None:
    path = bank("a.csv", ("2026-03-05", "COFFEE", "-4.75"), ("2026-03-16", "BOOK", "-9.00"))
    assert on(bare, "import", path).body["operations"] == [2]
    assert on(bare, "undo").body["operation"] == 3
    assert on(bare, "transactions", "list").body["total_count"] == 0
    assert on(bare, "accounts", "list").body["accounts"] == []
    again = on(bare, "import", path).body
    assert (again["operations"], again["files"][0]["added"]) == ([4], 2)
    assert min(row["id"] for row in on(bare, "transactions", "list").body["transactions"]) == 3, (
        "ids are never used twice"
    )


def test_an_older_import_below_a_later_one_is_not_pulled_out(bare: Path, on: Any, bank: Any) -> None:
    first = bank("a.csv", ("2026-03-05", "COFFEE", "-4.75"), ("2026-03-16", "BOOK", "-9.00"))
    second = bank("b.csv", ("2026-03-16", "BOOK", "-9.00"), ("2026-03-20", "PEN", "-2.00"))
    one = on(bare, "import", first, "--account", "Main").body["operation"]
    two = on(bare, "import", second, "--account", "Main").body["operation"]
    answer = on(bare, "undo", str(one))
    assert (answer.code, answer.error) == (5, "conflict")
    said = answer.body["error"]["message"] + answer.body["error"]["hint"]
    assert str(two) in said
    assert on(bare, "undo", str(two)).code == 0
    assert on(bare, "undo", str(one)).code == 0
    assert on(bare, "transactions", "list").body["total_count"] == 0


def test_undo_and_redo_work_in_later_processes(home: Path, real: Any) -> None:
    def explained() -> dict[str, Any]:
        body = real(home, "transactions", "explain", "1").body
        body.pop("said_at")  # what is done again is said again, at another moment
        return dict(body)

    states = [explained()]
    for number in range(3):
        assert (
            real(
                home, "transactions", "set", "1", f"note={number}", f"kind={'personal' if number % 2 else 'transfer'}"
            ).code
            == 0
        )
        states.append(explained())
    for state in (states[2], states[1], states[0]):
        assert real(home, "undo").code == 0
        assert explained() == state
    for state in states[1:]:
        assert real(home, "redo").code == 0
        assert explained() == state
    answer = real(home, "redo")
    assert (answer.code, answer.error) == (5, "nothing_to_undo")
    assert real(home, "undo").code == 0
    assert real(home, "transactions", "set", "2", "note=z").code == 0
    assert real(home, "redo").error == "nothing_to_undo"
    assert real(home, "audit", "verify").body["ok"] is True


def test_undoing_everything_leaves_empty_books_and_redoing_all_of_it_the_same_ones(
    ops: Any, home: Path, dump: Any
) -> None:
    before = [table for table in dump(home) if table[0] in FACTS]
    undone = 0
    while ops("undo").code == 0:
        undone += 1
    assert undone == 7
    assert ops("transactions", "list").body["total_count"] == 0
    assert ops("accounts", "list").body["accounts"] == []
    for _ in range(undone):
        assert ops("redo").code == 0
    assert [table for table in dump(home) if table[0] in FACTS] == before

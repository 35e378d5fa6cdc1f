"""Keys, codes and counts of every command, as design and README promise them."""

from __future__ import annotations

import csv
import io
import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.core.tax.profile_keys import PROFILE_KEYS
from app.services.tax import profile_words

PASSPHRASE = "violet anchor harvest tundra 41"

PROFILE = {
    "filing_status", "state", "locality", "time_zone", "entity", "birth_year", "spouse_birth_year", "blind", "children",
    "wages", "spouse_wages", "withholding", "spouse_withholding", "interest", "dividends", "qualified_dividends",
    "short_term_gains", "long_term_gains", "other_income", "prior_year_tax", "prior_year_agi", "applied_overpayment",
    "health_insurance", "marketplace_insurance", "retirement", "carryover_home_office", "carryover_qbi_loss",
    "profession",
}  # fmt: skip
TRANSACTION = {
    "id", "date", "posted_date", "authorized_date", "account", "account_id", "description", "merchant", "amount_cents",
    "gross_cents", "fee_cents", "pending", "currency", "usd_cents", "kind", "line", "business_id", "business_percent",
    "business_cents", "tags", "status", "confidence", "reason", "links", "source", "note",
}  # fmt: skip
FILE = {
    "file", "sha256", "format", "layout", "accounts", "rows", "added", "duplicates", "skipped", "rejected", "masked",
    "sum_cents", "operation",
}  # fmt: skip
FILE_ACCOUNT = {
    "id", "name", "made", "rows", "added", "duplicates", "first_date", "last_date", "sum_cents",
    "statement_balance_cents", "balance_cents", "balance_ties",
}  # fmt: skip
TOTALS = {
    "net_profit_cents", "se_tax_cents", "federal_income_tax_cents", "niit_cents", "additional_medicare_cents",
    "total_federal_cents", "state_tax_cents", "local_tax_cents",
}  # fmt: skip
RANGE = {"low_cents", "expected_cents", "high_cents"}


def _holds(found: dict[str, Any], *keys: str) -> None:
    assert set(keys) <= set(found), sorted(set(keys) - set(found))


def test_init(tmp_path: Path, passphrase_file: Path, run: Any) -> None:
    home = tmp_path / "new" / "books"
    before = ("--home", home, "--passphrase-file", passphrase_file, "--json")
    answer = run(*before, "init", "--mode", "passphrase", "--kdf-memory", "64")
    assert (answer.code, answer.err) == (0, "")
    _holds(answer.body, "home", "mode", "recovery_key_written")
    assert {path.name for path in home.iterdir()} >= {"books.db", "ops.keys", "backups", "receipts", "logs", "exports"}
    assert all(path.stat().st_mode & 0o077 == 0 for path in [home, *home.rglob("*")])
    listed = run(*before, "business", "list").body["businesses"]
    assert len(listed) == 1
    assert run(*before, "transactions", "list").body["total_count"] == 0


def test_profile(done: Any) -> None:
    shown = done("profile", "show")
    assert set(shown["profile"]) >= PROFILE
    assert shown["profile"]["filing_status"] == "mfj"
    assert shown["profile"]["wages"] is None
    answer = done("profile", "set", "wages=120000.50", "children=2015,2018")
    assert answer["operation"] == 9
    assert done("profile", "show")["profile"]["children"] == "2015,2018"
    assert done("profile", "set", "children=2015,2018")["operation"] is None
    later = done("profile", "show", "--year", "2027")
    assert later["carried_over_from"] == 2026


def test_the_profile_is_shown_and_its_keys_listed_group_by_group(
    run: Any, home: Path, passphrase_file: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    before = ("--home", home, "--passphrase-file", passphrase_file, "--today", "2026-11-20")
    assert run(*before, "profile", "set", "ira=100", "carryover_home_office=5").code == 0
    shown = run(*before, "profile", "show").out
    titles = [title for title, _ in profile_words.grouped()]
    found = [line for line in shown.splitlines() if line in titles]
    assert found == [title for title in titles if title in found]
    assert {"You and your household", "Insurance and retirement", "Asked elsewhere"} <= set(found)
    assert re.search(r"^ira +100 +Traditional IRA$", shown, re.MULTILINE)
    with pytest.raises(SystemExit, match="0"):
        run("profile", "set", "--help")
    listed = capfd.readouterr().out
    assert [line for line in listed.splitlines() if line in titles] == titles
    for key in PROFILE_KEYS:
        assert re.search(rf"^  {key} +\S", listed, re.MULTILINE), key


@pytest.mark.parametrize(
    "pair",
    ["filing_status=married", "state=ZZ", "wages=lots", "nonsense=1", "time_zone=Mars/Base", "plain", "=x",
     "birth_year=99999"],
)  # fmt: skip
def test_a_profile_value_that_is_none(pair: str, ops: Any, home: Path, dump: Any) -> None:
    before = dump(home)
    answer = ops("profile", "set", pair)
    assert (answer.code, answer.error, answer.err) == (3, "invalid_value", "")
    assert dump(home) == before


def test_businesses(done: Any, ops: Any) -> None:
    [first] = done("business", "list")["businesses"]
    _holds(first, "id", "name", "owner", "principal_code", "profession", "sstb", "started", "method")
    added = done("business", "add", "name=Second", "profession=photographer")
    assert added["operation"]
    assert [b["name"] for b in added["businesses"]] == [first["name"], "Second"]
    changed = done("business", "set", str(added["id"]), "name=Studio", "sstb=yes")
    assert [b["sstb"] for b in changed["businesses"]] == [False, True]
    assert ops("business", "set", "77", "name=X").error == "not_found"
    assert ops("business", "set", "1", "profession=astronaut").error == "invalid_value"


@pytest.mark.parametrize(
    ("noun", "key", "pairs", "yearly"),
    [
        ("vehicles", "vehicles", ("name=Golf", "in_service=2026-03-01", "business_miles=900"), "business_miles"),
        ("assets", "assets", ("name=Golf", "in_service=2026-03-01", "cost=3200"), "year_percent"),
        ("homeoffice", "home_offices", ("name=Golf", "first_day=2026-01-01", "area=120"), "method"),
    ],
)
def test_facts_of_the_return(done: Any, ops: Any, noun: str, key: str, pairs: tuple[str, ...], yearly: str) -> None:
    assert done(noun, "list")[key] == []
    added = done(noun, "add", *pairs)
    assert (added["operation"] is not None, added["year"]) == (True, 2026)
    [one] = added[key]
    assert (one["id"], one["name"], yearly in one["in_year"]) == (added["id"], "Golf", True)
    assert done(noun, "set", "Golf", "name=Jetta", "--year", "2025")["year"] == 2025
    assert ops(noun, "set", "77", "name=X").error == "not_found"
    assert ops(noun, "set", "1", "colour=red").error == "invalid_value"
    assert "Jetta" in json.dumps(done(noun, "list"))
    assert done(noun, "remove", "Jetta")[key] == []


def test_what_a_year_says_of_a_business(done: Any, ops: Any) -> None:
    said = done("business", "facts", "1", "de_minimis=yes", "--year", "2025")
    assert (said["year"], said["businesses"][0]["de_minimis"]) == (2025, "yes")
    assert ops("business", "facts", "1", "name=X").error == "invalid_value"


def test_schedule_c_by_business(done: Any, ops: Any) -> None:
    done("vehicles", "add", "name=Golf", "in_service=2026-03-01", "method=standard", "business_miles=1000")
    done("assets", "add", "name=Laptop", "in_service=2026-03-01", "cost=3200", "bonus=no")
    form = done("report", "schedule-c", "--year", "2026")
    [part] = form["businesses"]
    _holds(part, "id", "name", "owner", "lines", "gross_income_cents", "expenses_cents", "tentative_profit_cents",
           "home_office_cents", "net_profit_cents", "part_iv", "written_off", "carry_over", "questions", "notes",
           "worksheet")  # fmt: skip
    assert part["net_profit_cents"] == form["net_profit_cents"]
    assert part["part_iv"][0]["business_miles"] == 1000
    assert part["written_off"][0]["depreciation_cents"] == 64_000
    assert set(part["worksheet"][0]) == {"form", "line", "label", "cents", "formula", "inputs", "source"}
    assert "Golf: how many commuting miles in 2026?" in part["questions"]


def test_schedule_c_in_words(done: Any, run: Any, home: Path, template: Any) -> None:
    done("vehicles", "add", "name=Golf", "in_service=2026-03-01", "method=standard", "business_miles=1000")
    done("assets", "add", "name=Laptop", "in_service=2026-03-01", "cost=3200", "bonus=no")
    reading, writing = os.pipe()
    os.write(writing, f"{template.key}\n".encode())
    os.close(writing)
    said = run("--home", home, "--key-fd", str(reading), "report", "schedule-c", "--year", "2026").out
    os.close(reading)
    assert "Vehicle Golf, in service 2026-03-01, standard; miles: business 1000, commuting ?, other ?" in said
    assert "? Golf: how many commuting miles in 2026?" in said
    assert "Laptop" in said.split("written off")[1]


def test_accounts(done: Any, ops: Any) -> None:
    listed = done("accounts", "list")["accounts"]
    assert len(listed) == 6
    for account in listed:
        _holds(
            account, "id", "name", "kind", "role", "institution", "last4", "currency", "balance_cents", "as_of", "rows"
        )
    added = done("accounts", "add", "name=Cash box", "kind=cash", "role=business")
    assert added["operation"]
    assert done("accounts", "set", str(added["id"]), "role=mixed")["operation"]
    assert done("accounts", "set", str(added["id"]), "role=mixed")["operation"] is None
    assert done("accounts", "remove", "Cash box")["operation"]
    assert ops("accounts", "remove", "Cash box").error == "not_found"
    assert (ops("accounts", "remove", "1").code, ops("accounts", "remove", "1").error) == (5, "conflict")
    assert ops("accounts", "set", "1", "role=boss").error == "invalid_value"
    assert ops("accounts", "add", "name=X", "kind=piggybank").error == "invalid_value"


def test_coverage(done: Any) -> None:
    for account in done("accounts", "coverage")["accounts"]:
        _holds(account, "id", "months")
        for month in account["months"]:
            _holds(month, "month", "state", "ties", "rows")
            assert month["state"] in {"covered", "partial", "missing", "untied"}
            assert month["ties"] in {True, False, None}


def test_import(bare: Path, on: Any, bank: Any) -> None:
    path = bank(
        "one.csv",
        ("2026-03-05", "COFFEE CORNER", "-4.75"),
        ("2026-03-06", "CLIENT", "900.00"),
        ("2026-03-40", "BAD", "1"),
    )
    answer = on(bare, "import", path, "--account", "Main", "--account-kind", "checking", "--role", "business")
    assert (answer.code, answer.err) == (0, "")
    [file] = answer.body["files"]
    assert set(file) >= FILE
    assert set(file["accounts"][0]) >= FILE_ACCOUNT
    assert (file["added"], file["rejected"][0]["line"], file["sum_cents"]) == (2, 4, 89525)
    assert answer.body["operations"] == [file["operation"]]
    again = on(bare, "import", path, "--account", "Main").body
    assert (again["operations"], again["files"][0]["operation"], again["files"][0]["duplicates"]) == ([], None, 2)
    other = on(bare, "import", path, "--account", "Other").body
    assert other["files"][0]["added"] == 2
    assert other["files"][0]["operation"]


def test_import_errors(bare: Path, on: Any, bank: Any, tmp_path: Path) -> None:
    good = bank("good.csv", ("2026-03-05", "COFFEE", "-4.75"), ("2026-03-16", "BOOK", "-9.00"))
    either_way = bank("days.csv", ("01/02/2026,02/01/2026", "A", "-1.00"), ("03/04/2026,04/03/2026", "B", "-2.00"))
    either_way.write_text(either_way.read_text().replace("Date,", "Date,Date,", 1))
    bad_rows = tmp_path / "rows.qif"
    bad_rows.write_text("!Type:Bank\nD02/30/2026\nT-1.00\n^\nD02/31/2026\nTx\n^\n")
    page = tmp_path / "page.csv"
    page.write_text("<html></html>")
    for command, error in (
        ((tmp_path / "no.csv",), "bad_file"),
        ((page,), "not_a_statement"),
        ((either_way,), "needs_mapping"),
        ((bad_rows,), "row_errors"),
        ((good, "--mapping", "nothing"), "invalid_value"),
        ((good, "--format", "camt"), "not_a_statement"),
    ):
        answer = on(bare, "import", *command)
        assert (answer.code, answer.error, answer.err) == (3, error, "")
        assert set(answer.body["error"]) == {"code", "message", "hint"}
    assert on(bare, "import", good, "--account-kind", "sofa").error == "usage"
    assert on(bare, "import").error == "usage"
    mixed = on(bare, "import", page, good)
    assert (mixed.code, mixed.error, len(mixed.body["operations"])) == (3, "not_a_statement", 1)


def test_an_account_that_could_be_two(bare: Path, on: Any, bank: Any) -> None:
    for name in ("One", "Two"):
        assert on(bare, "accounts", "add", f"name={name}", "kind=checking", "institution=Chase").code == 0
    path = bank("Chase_Activity.csv")
    path.write_text(
        "Details,Posting Date,Description,Amount,Type,Balance,Check or Slip #\n"
        "DEBIT,03/05/2026,COFFEE CORNER,-4.75,DEBIT_CARD,95.25,,\nDEBIT,03/16/2026,BOOK SHOP,-9.00,DEBIT_CARD,86.25,,\n"
    )
    answer = on(bare, "import", path)
    assert (answer.code, answer.error) == (3, "account_ambiguous")
    assert "One" in answer.body["error"]["hint"]
    assert "Two" in answer.body["error"]["hint"]


def test_transactions_list(done: Any) -> None:
    everything = done("transactions", "list", "--limit", "0")
    rows = everything["transactions"]
    assert len(rows) == everything["total_count"] > 1000
    assert all(set(row) >= TRANSACTION for row in rows)
    assert sum(row["amount_cents"] for row in rows) == everything["total_cents"]
    assert rows == sorted(rows, key=lambda row: (row["date"], row["id"]), reverse=True)
    assert {row["status"] for row in rows} <= {"auto", "confirmed", "suggested"}
    assert all(0 <= row["confidence"] <= 1 for row in rows)
    assert len(done("transactions", "list")["transactions"]) == 200
    first = done("transactions", "list", "--limit", "7")
    second = done("transactions", "list", "--limit", "7", "--after", str(first["transactions"][-1]["id"]))
    assert [r["id"] for r in first["transactions"] + second["transactions"]] == [row["id"] for row in rows[:14]]
    assert (second["total_count"], second["total_cents"]) == (everything["total_count"], everything["total_cents"])


@pytest.mark.parametrize(
    ("arguments", "keep"),
    [
        (("--kind", "expense"), lambda row: row["kind"] == "expense"),
        (("--status", "suggested"), lambda row: row["status"] == "suggested"),
        (("--line", "C8"), lambda row: row["line"] == "C8"),
        (("--account", "Stripe"), lambda row: row["account"] == "Stripe"),
        (("--account", "3"), lambda row: row["account_id"] == 3),
        (("--from", "2026-02-10", "--to", "2026-02-20"), lambda row: "2026-02-10" <= row["date"] <= "2026-02-20"),
        (("--year", "2025"), lambda row: row["date"].startswith("2025")),
        (("--text", "fEdWiRe  cReDiT"), lambda row: "fedwire credit" in row["description"].lower()),
    ],
)
def test_filters(arguments: tuple[str, ...], keep: Callable[[dict[str, Any]], bool], done: Any) -> None:
    rows = done("transactions", "list", "--limit", "0")["transactions"]
    wanted = [row["id"] for row in rows if keep(row)]
    found = done("transactions", "list", "--limit", "2", *arguments)
    assert [row["id"] for row in found["transactions"]] == wanted[:2]
    assert found["total_count"] == len(wanted)
    assert found["total_cents"] == sum(row["amount_cents"] for row in rows if keep(row))


@pytest.mark.parametrize(
    ("arguments", "code", "error"),
    [
        (("--account", "Nowhere"), 5, "not_found"),
        (("--business", "99"), 5, "not_found"),
        (("--kind", "nonsense"), 3, "invalid_value"),
        (("--status", "nonsense"), 3, "invalid_value"),
        (("--line", "C99"), 3, "invalid_value"),
        (("--from", "yesterday"), 3, "invalid_value"),
        (("--from", "2026-02-30"), 3, "invalid_value"),
        (("--year", "x"), 2, "usage"),
        (("--limit", "x"), 2, "usage"),
        (("--limit", "-1"), 2, "usage"),
        (("--nonsense",), 2, "usage"),
        (("--after", "99999999"), 5, "not_found"),
    ],
)
def test_filters_that_are_none(arguments: tuple[str, ...], code: int, error: str, ops: Any) -> None:
    answer = ops("transactions", "list", *arguments)
    assert (answer.code, answer.error, answer.err) == (code, error, "")


def test_the_list_as_csv(ops: Any, done: Any) -> None:
    answer = ops("transactions", "list", "--format", "csv")
    assert (answer.code, answer.err) == (0, "")
    rows = list(csv.reader(io.StringIO(answer.out.removeprefix("\ufeff"))))
    listed = done("transactions", "list", "--limit", "0")
    assert rows[0] == [
        "id", "date", "posted_date", "account", "account_last4", "payee", "description", "amount", "currency",
        "direction", "kind", "schedule_c_line", "business_pct", "business_amount", "customer", "receipt_file",
        "review_status", "note", "source", "import_batch",
    ]  # fmt: skip
    # a split row has a line for each part, all with its id
    assert list(dict.fromkeys(int(row[0]) for row in rows[1:])) == [row["id"] for row in listed["transactions"]]
    assert sum(round(float(row[7]) * 100) for row in rows[1:]) == listed["total_cents"]
    assert {len(row) for row in rows} == {len(rows[0])}
    limited = ops("transactions", "list", "--format", "csv", "--limit", "3", "--kind", "expense")
    assert limited.out.count("\n") == 4


def test_explain(done: Any, ops: Any) -> None:
    found = done("transactions", "explain", "1")
    _holds(found, "steps", "runner_up", "would_change", "sentence", "decided", "order", "links", "rules", "said_at")
    assert found["steps"]
    assert sum(step["decided"] for step in found["order"]) <= 1
    assert [step["step"] for step in found["order"]][:3] == ["you", "rule", "memory"]
    assert ops("transactions", "explain", "999999").error == "not_found"


def test_review(done: Any, ops: Any) -> None:
    listed = done("review", "list")
    assert listed["remaining"] == len(listed["items"]) > 0
    for item in listed["items"]:
        _holds(item, "id", "type", "transaction_ids", "question", "choices", "reason", "evidence", "effect")
        for way in item["would_change"]:
            _holds(way, "what", "text", "kind", "line", "books")
        assert item["transaction_ids"]
        for choice in item["choices"]:
            _holds(choice, "n", "label", "kind", "line", "confidence")
    told = done("report", "schedule-c", "--year", str(listed["year"]))
    assert listed["range"] == told["range"]
    told = done("tax", "estimate")["range"]
    assert listed["tax_range"] == {name: told[name] for name in ("low_cents", "expected_cents", "high_cents")}
    stakes = [item["stake_cents"] for item in listed["items"]]
    assert stakes == sorted(stakes, reverse=True)
    first = listed["items"][0]
    answered = done("review", "answer", first["id"], "--choice", "1")
    assert answered["operation"]
    assert answered["remaining"] == listed["remaining"] - 1
    assert ops("review", "answer", first["id"], "--choice", "1").error == "not_found"
    undone = done("review", "undo")
    assert undone["remaining"] == listed["remaining"]
    assert done("review", "list")["items"] == listed["items"]
    skipped = done("review", "skip", first["id"])
    assert skipped["operation"]
    assert ops("review", "answer", "classify-nothing", "--choice", "1").error == "not_found"
    assert ops("review", "answer", listed["items"][1]["id"], "--choice", "99").error == "invalid_value"
    assert ops("review", "answer", listed["items"][1]["id"]).code in {2, 3}


def test_rules(done: Any, ops: Any) -> None:
    assert done("rules", "list") == {"schema_version": 1, "rules": []}
    tested = done("rules", "test", "--text", "facebk", "--kind", "expense", "--line", "C8")
    added = done("rules", "add", "--text", "facebk", "--kind", "expense", "--line", "C8")
    [rule] = added["rules"]
    _holds(rule, "id", "order", "on", "when", "then", "hits")
    assert rule["hits"] > 0
    again = done("rules", "test", str(rule["id"]))
    _holds(again, "rows", "count")
    assert tested["count"] == len(tested["rows"])
    for row in tested["rows"]:
        _holds(row, "before", "after")
        assert row["after"] == {"kind": "expense", "line": "C8"}
    assert done("rules", "set", str(rule["id"]), "--off")["rules"][0]["on"] is False
    assert done("rules", "remove", str(rule["id"]))["rules"] == []
    assert ops("rules", "remove", "77").error == "not_found"
    assert ops("rules", "add", "--text", "x", "--kind", "nonsense").error == "invalid_value"
    assert ops("rules", "add", "--kind", "expense").code in {2, 3}


def test_tax(done: Any, ops: Any) -> None:
    found = done("tax", "estimate", "--explain")
    _holds(found, "year", "totals", "range", "lines", "assumptions", "parameters_version", "open_questions")
    assert set(found["totals"]) >= TOTALS
    assert set(found["range"]) >= RANGE
    assert found["range"]["low_cents"] <= found["range"]["expected_cents"] <= found["range"]["high_cents"]
    for line in found["lines"]:
        _holds(line, "form", "line", "label", "cents", "formula", "inputs", "source")
    totals = found["totals"]
    parts = ("se_tax_cents", "federal_income_tax_cents", "niit_cents", "additional_medicare_cents")
    assert totals["total_federal_cents"] == sum(totals[part] for part in parts)
    paid = done(
        "tax",
        "pay",
        "--date",
        "2026-04-15",
        "--amount",
        "1200",
        "--jurisdiction",
        "federal",
        "--for-year",
        "2026",
        "--type",
        "estimate",
    )
    assert paid["operation"]
    [payment] = done("tax", "payments")["payments"]
    assert (payment["amount_cents"], payment["type"], payment["date"]) == (120000, "estimate", "2026-04-15")
    for change in (
        ("--type", "gift"),
        ("--amount", "much"),
        ("--date", "soon"),
        ("--jurisdiction", "Mars"),
        ("--transaction", "999999"),
    ):
        pairs = {
            "--date": "2026-04-15",
            "--amount": "1",
            "--jurisdiction": "federal",
            "--for-year": "2026",
            "--type": "estimate",
        } | dict([change])
        answer = ops("tax", "pay", *[part for pair in pairs.items() for part in pair])
        assert (answer.code, answer.error) in {(3, "invalid_value"), (5, "not_found")}, change
    for year in ("1999", "2099"):
        assert ops("tax", "estimate", "--year", year).code in {0, 3}


def test_what_if(done: Any, ops: Any) -> None:
    done("profile", "set", "marketplace_insurance=yes")
    found = done("tax", "what-if", "retirement=+5000", "--sweep", "profit", "--to", "100000", "--break-even", "profit",
                 "--target", "9000")  # fmt: skip
    _holds(found, "year", "patch", "before", "after", "difference_cents", "lines", "assumptions", "marketplace")
    _holds(found["marketplace"], "people", "line_cents", "income_before_cents", "income_cents", "room_before_cents",
           "room_cents")  # fmt: skip
    assert found["marketplace"]["room_cents"] > found["marketplace"]["room_before_cents"]
    assert found["difference_cents"] == found["after"]["total_cents"] - found["before"]["total_cents"] < 0
    for line in found["lines"]:
        _holds(line, "form", "line", "label", "before_cents", "after_cents", "difference_cents")
    assert len(found["sweep"]["points"]) == 200
    met = found["break_even"]["value_cents"]
    assert 0 < met < 10_000_000
    assert any("Not tax advice" in text for text in found["assumptions"])
    assert ops("tax", "what-if", "wages=much").error == "invalid_value"
    assert ops("tax", "what-if", "color=red").error == "invalid_value"
    done("profile", "set", "marketplace_insurance=no")
    assert done("tax", "what-if", "wages=1")["marketplace"] is None


PLAN = ("--jurisdiction", "federal", "--for-year", "2026", "--number", "4")


def test_the_plan(done: Any, ops: Any, tmp_path: Path) -> None:
    done("profile", "set", "prior_year_tax=20000", "prior_year_agi=160000")
    found = done("tax", "plan", "--year", "2026")
    _holds(found["projection"], "method", "profit_cents", "low_cents", "high_cents", "deposits_cents")
    assert found["jurisdictions"][0]["jurisdiction"] == "federal"
    for place in found["jurisdictions"]:
        _holds(place, "jurisdiction", "methods", "recommended", "recommended_why", "next_due", "notes", "tax_cents")
    federal = found["jurisdictions"][0]
    assert [method["name"] for method in federal["methods"]] == ["regular", "prior_year", "annualized"]
    for method in federal["methods"]:
        _holds(method, "instalments", "penalty_cents", "april_cents", "available", "lines")
        for instalment in method["instalments"]:
            _holds(instalment, "number", "due", "required_cents", "paid_cents", "due_now_cents")
        assert [each["due"] for each in method["instalments"]][-1] == "2027-01-15"
    # 110 % of 20,000 in four parts
    assert [each["required_cents"] for each in federal["methods"][1]["instalments"]] == [550000] * 4
    assert federal["recommended"] in {"regular", "prior_year", "annualized"}
    assert "April" in federal["recommended_why"]
    assert any("Not tax advice" in text for text in found["assumptions"])
    target = tmp_path / "plan.pdf"
    assert done("tax", "plan", "--format", "pdf", "--out", str(target))["out"] == str(target)
    assert target.read_bytes().startswith(b"%PDF")
    assert ops("tax", "plan", "--format", "pdf", "--out", str(target)).code != 0
    assert ops("tax", "plan", "--format", "pdf").error == "usage"
    assert done("tax", "plan", "--withheld", "2026-03-31=1000", "--filed", "2027-01-20")["jurisdictions"]


def test_a_postponed_instalment(done: Any, ops: Any) -> None:
    assert done("tax", "postpone", *PLAN, "--due", "2027-05-01", "--reason", "Storm")["operation"]
    federal = done("tax", "plan", "--year", "2026")["jurisdictions"][0]
    last = federal["methods"][0]["instalments"][-1]
    assert (last["due"], last["postponed"]) == ("2027-05-01", True)
    assert ops("tax", "postpone", *PLAN, "--due", "2026-05-01").error == "invalid_value"
    assert ops("tax", "postpone", *PLAN).error == "usage"
    assert done("tax", "postpone", *PLAN, "--clear")["operation"]
    assert ops("tax", "postpone", *PLAN, "--clear").error == "not_found"


def test_reserve(done: Any) -> None:
    found = done("reserve")
    _holds(
        found, "as_of", "year", "mode", "needed_cents", "range", "first_guess", "assumptions", "held_cents",
        "paid_cents", "gap_cents", "federal", "state", "next_due", "projection", "deposits", "true_up_cents",
        "warnings", "next_dates",
    )  # fmt: skip
    _holds(found["next_due"], "date", "jurisdiction", "due_cents")
    _holds(found["projection"], "method", "profit_cents", "low_cents", "high_cents")
    assert found["deposits"]
    for deposit in found["deposits"]:
        _holds(
            deposit,
            "transaction_id",
            "date",
            "payer",
            "amount_cents",
            "set_aside_cents",
            "marginal_cents",
            "marginal_rate",
            "parts",
            "status",
        )
        _holds(deposit["parts"], "federal_cents", "se_cents", "state_cents", "local_cents")


def test_reports(done: Any, ops: Any, tmp_path: Path) -> None:
    pnl = done("report", "pnl", "--year", "2026")
    for row in pnl["rows"]:
        _holds(row, "line", "label", "kind", "months_cents", "total_cents", "count")
        assert sum(row["months_cents"]) == row["total_cents"]
        assert len(row["months_cents"]) == 12
    form = done("report", "schedule-c", "--year", "2026")
    for line in form["lines"]:
        _holds(line, "line", "printed_line", "label", "cents", "count")
    ledger = done("report", "ledger", "--year", "2026")
    assert sum(r["debit_cents"] or 0 for r in ledger["rows"]) == sum(r["credit_cents"] or 0 for r in ledger["rows"])
    flow = done("cashflow", "--from", "2026-01-01", "--to", "2026-06-30")
    _holds(flow, "periods", "balance", "recurring", "runway_months")
    assert len(flow["periods"]) == 6
    for period in flow["periods"]:
        assert (
            period["net_cents"] == period["in_cents"] + period["out_cents"]
            or period["net_cents"] == period["in_cents"] - period["out_cents"]
        )
    for report in ("pnl", "schedule-c", "ledger"):
        out = tmp_path / f"{report}.csv"
        answer = ops("report", report, "--year", "2026", "--format", "csv", "--out", out)
        assert (answer.code, answer.err) == (0, "")
        assert len(list(csv.reader(io.StringIO(out.read_text(encoding="utf-8-sig"))))) > 1
        assert ops("report", report, "--year", "2026", "--format", "csv", "--out", out).error == "exists"
        assert ops("report", report, "--year", "x").error == "usage"


def test_export(done: Any, ops: Any, tmp_path: Path) -> None:
    for name in ("pack", "pack.zip"):
        made = done("export", "accountant", "--year", "2026", "--out", tmp_path / name)
        _holds(made, "files", "open_questions")
        for file in made["files"]:
            _holds(file, "name", "sha256", "rows", "total_cents")
        checked = done("export", "verify", tmp_path / name)
        assert checked["ok"] is True
        answer = ops("export", "accountant", "--year", "2026", "--out", tmp_path / name)
        assert (answer.code, answer.error) == (5, "exists")
    victim = next((tmp_path / "pack").glob("*transactions.csv"))
    victim.write_bytes(victim.read_bytes().replace(b"1", b"2", 1))
    answer = ops("export", "verify", tmp_path / "pack")
    assert (answer.code, answer.body["ok"]) == (1, False)


def test_equal_books_give_equal_packs(ops: Any, tmp_path: Path, files: Any) -> None:
    for name in ("a", "b"):
        assert (
            ops("export", "accountant", "--year", "2026", "--as-of", "2026-11-20", "--out", tmp_path / name).code == 0
        )
    assert files(tmp_path / "a") == files(tmp_path / "b")


def test_history_and_audit(done: Any, ops: Any) -> None:
    listed = done("history")["operations"]
    for operation in listed:
        _holds(operation, "id", "at", "actor", "label", "rows", "undone_by")
    assert [o["id"] for o in listed] == list(range(len(listed), 0, -1))
    assert len(done("history", "--limit", "2")["operations"]) == 2
    assert [o["label"] for o in done("history", "--transaction", "1")["operations"]] == ["Imported a file"]
    assert ops("history", "--transaction", "999999").error == "not_found"
    verified = done("audit", "verify")
    assert (verified["ok"], verified["first_bad_seq"], verified["anchor_ok"]) == (True, None, True)
    entries = done("audit", "list", "--limit", "0")["entries"]
    assert verified["entries"] == len(entries)


def test_nothing_to_undo_or_redo(bare: Path, on: Any) -> None:
    for command in ("undo", "redo"):
        answer = on(bare, command)
        assert (answer.code, answer.error) == (5, "nothing_to_undo")
    assert on(bare, "undo", "1").error == "conflict"
    assert on(bare, "undo", "55").error == "not_found"


def test_doctor_needs_no_books(tmp_path: Path, run: Any) -> None:
    for noun in ("doctor", "selftest"):
        answer = run("--home", tmp_path / "none", "--json", noun)
        assert answer.code in {0, 1}
        for check in answer.body["checks"]:
            _holds(check, "name", "ok", "fix")
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("shell", ["bash", "zsh", "tcsh"])
def test_completion(shell: str, run: Any) -> None:
    answer = run("completion", shell)
    assert (answer.code, answer.err) == (0, "")
    assert "transactions" in answer.out
    assert run("--json", "completion", "nonsense").error == "usage"


def test_classify(ops: Any, tmp_path: Path) -> None:
    source = tmp_path / "in.csv"
    source.write_text(
        "id,descriptor,amount,account_type\n7,ADOBE *CREATIVE CLOUD,-59.99,credit\n8,QZX 1,-3.00,checking\n"
    )
    out = tmp_path / "out.csv"
    answer = ops("classify", source, "--profession", "designer", "--out", out)
    assert (answer.code, answer.err) == (0, "")
    rows = list(csv.DictReader(io.StringIO(out.read_text())))
    assert [row["id"] for row in rows] == ["7", "8"]
    for row in rows:
        _holds(
            row,
            "descriptor",
            "amount",
            "account_type",
            "kind",
            "line",
            "decision",
            "confidence",
            "merchant",
            "ambiguous",
            "reason",
            "top3",
        )
        assert row["decision"] in {"auto", "ask"}
        assert row["kind"]
        assert 0 <= float(row["confidence"]) <= 1
    assert ops("classify", tmp_path / "none.csv").error == "bad_file"
    assert ops("classify", source, "--profession", "astronaut").error == "usage"
    assert ops("classify", source, "--out", out).error == "exists"


def test_tax_scenario(ops: Any, tmp_path: Path) -> None:
    source, out = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text("id,year,filing_status,state,se_net_primary\nA,2026,single,IL,80000\nB,2026,alone,IL,80000\n")
    answer = ops("tax", "scenario", source, "--out", out)
    assert (answer.code, answer.body["count"], answer.body["errors"]) == (3, 2, 1)
    good, bad = csv.DictReader(io.StringIO(out.read_text()))
    assert (good["id"], good["se_tax"], good["error"]) == ("A", "11303.64", "")
    assert (bad["id"], bad["filing_status"], bad["se_tax"]) == ("B", "alone", "")
    assert "filing_status" in bad["error"]
    assert ops("tax", "scenario", tmp_path / "none.csv").error == "bad_file"
    assert ops("tax", "scenario", source, "--out", out).error == "exists"
    whole = tmp_path / "good.csv"
    whole.write_text("year,filing_status\n2026,hoh\n")
    assert ops("tax", "scenario", whole).code == 0


@pytest.mark.parametrize(
    "command",
    [
        (),
        ("nonsense",),
        ("transactions",),
        ("transactions", "nonsense"),
        ("--today", "soon", "history"),
        ("--no-such", "history"),
        ("import", "--formt", "csv", "x"),
        ("undo", "two"),
    ],
)
def test_usage(command: tuple[str, ...], ops: Any) -> None:
    answer = ops(*command)
    assert (answer.code, answer.error, answer.err) == (2, "usage", "")


def test_the_flag_for_json_may_stand_behind(home: Path, run: Any, passphrase_file: Path) -> None:
    answer = run("--home", home, "--passphrase-file", passphrase_file, "accounts", "list", "--json")
    assert len(answer.body["accounts"]) == 6


def test_without_json_there_is_a_table_and_errors_go_to_stderr(home: Path, run: Any, passphrase_file: Path) -> None:
    before = ("--home", home, "--passphrase-file", passphrase_file, "--today", "2026-11-20")
    for command in ("accounts list", "transactions list", "review list", "history", "reserve", "tax estimate",
                    "report pnl", "report schedule-c", "report ledger", "cashflow", "audit list", "audit verify",
                    "profile show", "business list", "accounts coverage", "tax payments", "rules list"):  # fmt: skip
        answer = run(*before, *command.split())
        assert (answer.code, answer.err) == (0, ""), command
        assert not answer.out.startswith("{")
        assert len(answer.out) > 10
    answer = run(*before, "transactions", "explain", "999999")
    assert (answer.code, answer.out) == (5, "")
    assert answer.err.startswith("Error: ")


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (("import", "x.csv", "--role", "boss"), "“boss” is not one of: business, personal, mixed, reserve."),
        (("import", "x.csv", "--account-kind", "jar"), "“jar” is not one of: checking, savings, credit, paypal,"),
        (("classify", "x.csv", "--profession", "plumber"), "“plumber” is not one of: designer, photographer,"),
        (("rules", "mend"), "“mend” is not one of: list, add, set,"),
    ],
)
def test_a_word_that_is_no_choice_names_those_that_are(ops: Any, command: tuple[str, ...], said: str) -> None:
    answer = ops(*command)
    assert answer.code == 2
    assert said in answer.body["error"]["message"]


def test_rules_by_pattern_date_and_counterparty(done: Any, ops: Any) -> None:
    how = ("--kind", "expense", "--line", "C8", "--date-from", "2026-01-01", "--date-to", "2026-12-31")
    tested = done("rules", "test", "--regex", "^facebk", *how)
    _holds(
        tested, "rows", "count", "matched_count", "decided_count", "settled_count", "opened_count", "lines"
    )  # fmt: skip
    _holds(tested["lines"][0], "kind", "line", "before_cents", "before_count", "after_cents", "after_count")
    added = done("rules", "add", "--regex", "^facebk", "--name", "Ads", *how)
    [rule] = added["rules"]
    assert (rule["name"], rule["when"]["regex"], rule["when"]["date_from"]) == ("Ads", "^facebk", "2026-01-01")
    assert rule["hits"] == tested["matched_count"] > 0
    assert done("rules", "test", str(rule["id"]), "--line", "C18")["count"] == rule["hits"]
    done("rules", "set", str(rule["id"]), "--regex", "", "--counterparty", "Meta", "--ask")
    [rule] = done("rules", "list")["rules"]
    assert (rule["when"]["regex"], rule["when"]["counterparty"], rule["then"]["ask"]) == (None, "Meta", True)
    changes = done("rules", "history", str(rule["id"]))["changes"]
    assert [change["what"].split(":")[0] for change in changes] == ["Pattern", "Added"]
    _holds(changes[0], "operation", "at", "actor", "rule_id", "what", "undone_by")
    assert done("rules", "history")["changes"] == changes
    refused = ops("rules", "add", "--regex", "fac(ebk", "--kind", "personal")
    assert (refused.code, refused.error) == (3, "invalid_value")
    assert ops("rules", "history", "77").error == "not_found"

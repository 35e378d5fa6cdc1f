"""`payers`, `expected`, `forms` and `report 1099`: the keys of the contract, dry runs, and the way back."""

from __future__ import annotations

from typing import Any

PAYER = {"id", "name", "year_total_cents", "last_date", "share", "interval_days", "forms"}
CHECK = {"payer", "form", "reported_cents", "received_cents", "bridge", "difference_cents"}


def largest(done: Any) -> dict[str, Any]:
    found: dict[str, Any] = done("payers", "list", "--year", "2026")["payers"][0]
    return found


def test_payers_have_the_keys_of_the_contract(done: Any) -> None:
    body = done("payers", "list", "--year", "2026")
    assert all(set(row) >= PAYER for row in body["payers"])
    assert sum(row["year_total_cents"] for row in body["payers"]) + body["without_name"]["cents"] == body["total_cents"]
    totals = [row["year_total_cents"] for row in body["payers"]]
    assert totals == sorted(totals, reverse=True)
    shown = done("payers", "show", str(body["payers"][0]["id"]))
    assert shown["payer"]["name"] == body["payers"][0]["name"]
    assert sum(shown["payer"]["months_cents"]) == totals[0]
    assert len(shown["payments"]) >= body["payers"][0]["count"]


def test_naming_joining_and_parting_are_undone_like_everything(done: Any, ops: Any) -> None:
    one, two = done("payers", "list", "--year", "2026")["payers"][:2]
    assert done("payers", "set", one["name"], "name=The Shop", "--dry-run")["operation"] is None
    done("payers", "set", one["name"], "name=The Shop")
    done("payers", "merge", "The Shop", str(two["id"]))
    joined = largest(done)
    assert joined["year_total_cents"] == one["year_total_cents"] + two["year_total_cents"]
    names = done("payers", "show", "The Shop")["payer"]["names"]
    part = next(name["id"] for name in names if name["id"] == two["id"])
    done("payers", "split", "The Shop", str(part))
    assert largest(done)["year_total_cents"] == one["year_total_cents"]
    for _ in range(3):
        done("undo")
    assert largest(done)["name"] == one["name"]
    refused = ops("payers", "merge", one["name"], str(one["id"]))
    assert (refused.code, refused.error) == (3, "invalid_value")
    assert ops("payers", "show", "Nobody").error == "not_found"


def test_expected_payments_come_and_go(done: Any, ops: Any) -> None:
    name = largest(done)["name"]
    made = done("expected", "add", "--payer", name, "--due", "2026-12-01", "--amount", "1,200.00", "--note", "logo")
    [row] = done("expected", "list")["expected"]
    assert (row["id"], row["due"], row["cents"], row["state"], row["note"]) == (
        made["id"], "2026-12-01", 120_000, "expected", "logo",
    )  # fmt: skip
    assert done("expected", "list")["next_30_cents"] == 120_000
    done("expected", "set", str(made["id"]), "amount=1300", "due=2027-01-10")
    body = done("expected", "list")
    assert (body["next_30_cents"], body["next_90_cents"]) == (0, 130_000)
    assert ops("expected", "set", str(made["id"]), "colour=red").code == 3
    done("expected", "remove", str(made["id"]))
    assert done("expected", "list")["expected"] == []


def test_forms_stand_against_the_books(done: Any, ops: Any) -> None:
    payer = largest(done)
    amount = f"{payer['year_total_cents'] / 100 + 10:.2f}"
    made = done("forms", "add", "--payer", payer["name"], "--year", "2026", "--form", "K", "--amount", amount,
                "--fees", "4")  # fmt: skip
    [row] = [row for row in done("report", "1099", "--year", "2026")["payers"] if row["form"]]
    assert set(row) >= CHECK
    assert (
        row["reported_cents"] + sum(step["cents"] for step in row["bridge"]) + row["difference_cents"]
        == (row["received_cents"])
    )
    assert row["difference_cents"] == -600
    assert largest(done)["forms"] == [{"id": made["id"], "form": "1099-K", "reported_cents": row["reported_cents"]}]
    assert ops("forms", "add", "--payer", payer["name"], "--year", "2026", "--form", "W-2", "--amount", "1").code == 3
    done("forms", "set", str(made["id"]), "fees=10")
    [again] = [row for row in done("report", "1099", "--year", "2026")["payers"] if row["form"]]
    assert again["difference_cents"] == 0
    table = ops("report", "1099", "--year", "2026", "--format", "csv")
    assert "payer,form,reported,received,bridge,difference" in table.out
    done("forms", "remove", str(made["id"]))
    assert done("forms", "list")["forms"] == []

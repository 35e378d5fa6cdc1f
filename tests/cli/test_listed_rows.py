"""The rows of `transactions list --json`: whatever texts they hold, each is the object of the contract."""

from __future__ import annotations

import json

from app.cli.transaction_rows import as_json
from app.core.dates import day_from_iso
from app.store.transactions import Listed

_DAY = day_from_iso("2026-11-19")
_PLAIN = Listed(
    id=7, tax_date=_DAY, posted_date=_DAY, transacted_date=None, account_id=1, account="Checking", last4="4410",
    text="FIGMA MONTHLY", merchant=None, cents=-1500, gross_cents=None, fee_cents=None, pending=0, currency="USD",
    usd_cents=None, kind="expense", line="C18", business_id=1, percent=10_000, tags="", status="auto", confidence=9_900,
    reason="Figma: software.", is_split=0, note=None, file="a.csv", file_line=2, file_id=1,
)  # fmt: skip


def told(*rows: tuple[Listed, list[dict[str, object]], int]) -> list[dict[str, object]]:
    return [json.loads(text) for text in as_json(rows)]


def test_a_plain_row_has_every_key_of_the_contract_in_its_order() -> None:
    (found,) = told((_PLAIN, [], -1500))
    assert list(found.items()) == [
        ("id", 7), ("date", "2026-11-19"), ("posted_date", "2026-11-19"), ("authorized_date", None),
        ("account", "Checking"), ("account_id", 1), ("description", "FIGMA MONTHLY"), ("merchant", None),
        ("amount_cents", -1500), ("gross_cents", None), ("fee_cents", None), ("pending", False), ("currency", "USD"),
        ("usd_cents", -1500), ("kind", "expense"), ("line", "C18"), ("business_id", 1), ("business_percent", 100),
        ("business_cents", -1500), ("tags", []), ("status", "auto"), ("confidence", 0.99),
        ("reason", "Figma: software."), ("links", []), ("source", {"file": "a.csv", "line": 2}), ("note", None),
    ]  # fmt: skip


def test_texts_with_quotes_lines_and_other_letters_come_back_as_they_are() -> None:
    hard = 'a "b" \\ c\n\t\x01 é 漢 🧾 </script> %s {x}'
    row = _PLAIN._replace(
        text=hard, merchant=hard, account=hard, reason=hard, note=hard, file=hard, tags='é x"y', pending=1,
        transacted_date=_DAY - 1, currency="EUR", usd_cents=None, gross_cents=-1600, fee_cents=100, percent=3_333,
    )  # fmt: skip
    links: list[dict[str, object]] = [{"other_id": 9, "type": "transfer", "reason": hard, "score": 0.5}]
    (found,) = told((row, links, 0))
    for key in ("description", "merchant", "account", "reason", "note"):
        assert found[key] == hard, key
    assert found["source"] == {"file": hard, "line": 2}
    assert found["links"] == links
    assert found["tags"] == ["é", 'x"y']
    assert (found["pending"], found["authorized_date"], found["usd_cents"]) == (True, "2026-11-18", None)
    assert (found["gross_cents"], found["fee_cents"], found["business_percent"]) == (-1600, 100, 33.33)


def test_rows_that_share_a_part_differ_in_what_is_their_own() -> None:
    by_hand = _PLAIN._replace(id=8, file=None, file_line=None, file_id=None)
    savings = _PLAIN._replace(id=9, account_id=2, account="Savings")
    asked = _PLAIN._replace(id=10, status="suggested", confidence=5_000, reason="Not known.", line="C22")
    found = told(*((row, [], 0) for row in (_PLAIN, by_hand, savings, asked, _PLAIN._replace(id=11))))
    assert [row["id"] for row in found] == [7, 8, 9, 10, 11]
    assert [row["account"] for row in found] == ["Checking", "Checking", "Savings", "Checking", "Checking"]
    assert [row["source"] for row in found][:2] == [{"file": "a.csv", "line": 2}, {"file": None, "line": None}]
    assert [(row["line"], row["confidence"], row["reason"]) for row in found][2:4] == [
        ("C18", 0.99, "Figma: software."), ("C22", 0.5, "Not known."),
    ]  # fmt: skip
    assert {**found[0], "id": 11} == found[4]


def test_a_list_that_is_cut_tells_of_all_its_rows(on: object, bare: object, bank: object) -> None:
    rows = [("2026-03-01", f"NORTHWIND {n}", f"-{n}.00") for n in range(1, 6)]
    on(bare, "import", bank("x.csv", *rows))  # type: ignore[operator]
    for words in (["--limit", "2"], ["--limit", "5"], ["--limit", "9"], ["--limit", "0"], ["--after", "3"]):
        body = on(bare, "transactions", "list", *words).body  # type: ignore[operator]
        assert (body["total_count"], body["total_cents"]) == (5, -1500), words
        plain = on(bare, "transactions", "list", "--text", "WIND 2", *words).body  # type: ignore[operator]
        assert (plain["total_count"], plain["total_cents"]) == (1, -200), words

"""The committed sample is the one of the generator, ties everywhere, and is fair to a careful matcher."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from typing import Any

from generator.plain_reader import read_plain

Sample = tuple[dict[str, bytes], dict[str, Any]]
PHRASE = re.compile(r"transfer|payment|autopay|pmt|payout|withdrawal|crd|wire", re.IGNORECASE)


def test_the_committed_files_are_the_generated_ones(
    sample: Sample, committed_sample: dict[str, bytes], committed_truth: dict[str, Any]
) -> None:
    assert committed_sample == sample[0]
    assert committed_truth == sample[1]


def test_six_files_of_six_accounts(committed_sample: dict[str, bytes], committed_truth: dict[str, Any]) -> None:
    assert len(committed_sample) == 6
    assert {a["file"] for a in committed_truth["accounts"].values()} == set(committed_sample)
    kinds = Counter(a["kind"] for a in committed_truth["accounts"].values())
    assert kinds == {"checking": 1, "savings": 1, "credit": 2, "paypal": 1, "stripe": 1}


def test_every_row_is_told(committed_sample: dict[str, bytes], committed_truth: dict[str, Any]) -> None:
    for name, data in committed_sample.items():
        told = [
            (r["line"], date.fromisoformat(r["posted_date"]), r["amount_cents"])
            for r in committed_truth["rows"]
            if r["file"] == name
        ]
        assert sorted(read_plain(data)) == sorted(told), name
    days = [r["posted_date"] for r in committed_truth["rows"]]
    assert min(days) >= "2026-01-01"
    assert max(days) <= "2026-11-20"


def test_stated_balances_tie(committed_sample: dict[str, bytes], committed_truth: dict[str, Any]) -> None:
    checked = 0
    for account in committed_truth["accounts"].values():
        found = re.search(rb"<BALAMT>(-?\d+)\.(\d\d)", committed_sample[account["file"]])
        if found:
            assert int(found[1] + found[2]) == account["balance_cents"]
            checked += 1
    assert checked == 2
    assert committed_truth["accounts"]["stripe"]["balance_cents"] >= 0


def test_every_payout_arrives_one_to_three_bank_days_later(committed_truth: dict[str, Any]) -> None:
    rows = {r["id"]: r for r in committed_truth["rows"]}
    payouts = [p for p in committed_truth["pairs"] if p["type"] == "payout"]
    assert len(payouts) > 50
    assert all(rows[p["in"]]["account"] == "checking" for p in payouts)
    assert all((1 if not p["fee_cents"] else 0) <= p["days"] <= 6 for p in payouts)
    sent = [r for r in committed_truth["rows"] if r["account"] == "stripe" and r["kind"] == "transfer"]
    assert all(r["pair_id"] for r in sent)


def test_true_pairs_are_the_only_ones_with_a_phrase_on_both_sides(committed_truth: dict[str, Any]) -> None:
    rows = {r["id"]: r for r in committed_truth["rows"]}
    day = {key: date.fromisoformat(r["posted_date"]) for key, r in rows.items()}
    moving = [r for r in rows.values() if r["kind"] in {"transfer", "card_payment"}]
    assert all(PHRASE.search(r["text"]) for r in moving)
    for pair in committed_truth["pairs"]:
        out = rows[pair["out"]]
        rivals = [
            r["id"]
            for r in moving
            if r["amount_cents"] == pair["cents"]
            and r["account"] != out["account"]
            and -4 <= (day[r["id"]] - day[pair["out"]]).days <= 7
        ]
        assert rivals == [pair["in"]]


def test_only_client_money_is_income(committed_truth: dict[str, Any]) -> None:
    income = [r for r in committed_truth["rows"] if r["kind"] == "income"]
    assert {r["account"] for r in income} == {"checking", "paypal", "stripe"}
    assert {r["schedule_c_line"] for r in income} == {"C1"}
    gross = sum(r["gross_cents"] if r["gross_cents"] is not None else r["amount_cents"] for r in income)
    assert gross == committed_truth["totals"]["gross_client_income_cents"]


def test_what_the_sample_has_to_show(committed_truth: dict[str, Any]) -> None:
    rows = committed_truth["rows"]
    kinds = Counter(r["kind"] for r in rows)
    assert kinds["wages"] == 21
    assert kinds["tax_payment"] == 8
    assert 900 <= len(rows) <= 1250
    notes = " ".join(r["note"] for r in rows)
    for shown in ("full refund", "partial refund", "client refund", "chargeback", "cash back", "client repays a cost"):
        assert shown in notes
    due = {r["posted_date"] for r in rows if r["kind"] == "tax_payment" and r["amount_cents"] < 0}
    assert due == {"2026-01-15", "2026-04-15", "2026-06-15", "2026-09-15"}
    assert len(committed_truth["decoys"]) >= 5


def test_only_the_three_planted_numbers_are_long(committed_truth: dict[str, Any]) -> None:
    texts = " | ".join(r["text"] for r in committed_truth["rows"] if r["kind"] == "personal")
    assert "4111111111111111" in texts
    assert "4012 8888 8888 1881" in texts
    assert "004417702298" in texts
    assert not re.search(r"\b\d{3}-\d{2}-\d{4}\b", texts)

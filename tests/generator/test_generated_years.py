"""The generated years are what their truth says, read by a second, naive reader."""

from __future__ import annotations

from collections import Counter
from datetime import date

from generator.plain_reader import read_plain
from generator.year import GeneratedYear, make_year


def test_equal_seeds_give_equal_bytes_and_other_seeds_other_bytes() -> None:
    first, again, other = make_year(1), make_year(1), make_year(4)
    assert first.files == again.files
    assert first.truth == again.truth
    assert first.files.keys() == other.files.keys()
    assert all(first.files[name] != other.files[name] for name in first.files)


def test_the_households_differ() -> None:
    years = [make_year(seed).truth for seed in range(3)]
    assert len({y["profile"]["profession"] for y in years}) == 3
    files = [set(make_year(seed).files) for seed in range(3)]
    assert not files[0] & files[1]
    assert not files[1] & files[2]


def test_every_row_of_every_file_is_in_the_truth(year: GeneratedYear) -> None:
    for name, data in year.files.items():
        told = [
            (r["line"], date.fromisoformat(r["posted_date"]), r["amount_cents"])
            for r in year.truth["rows"]
            if r["file"] == name
        ]
        assert sorted(read_plain(data)) == sorted(told), name


def test_sums_and_sizes(year: GeneratedYear) -> None:
    truth = year.truth
    assert 1800 <= len(truth["rows"]) <= 2400
    assert sum(a["sum_cents"] for a in truth["accounts"].values()) == sum(r["amount_cents"] for r in truth["rows"])
    assert truth["totals"]["gross_client_income_cents"] == sum(
        r["gross_cents"] if r["gross_cents"] is not None else r["amount_cents"]
        for r in truth["rows"]
        if r["kind"] == "income"
    )
    for account in truth["accounts"].values():
        mine = sum(cents for _, _, cents in read_plain(year.files[account["file"]]))
        assert account["opening_cents"] + mine == account["balance_cents"]


def test_fees_tie(year: GeneratedYear) -> None:
    for row in year.truth["rows"]:
        if row["gross_cents"] is not None:
            assert row["gross_cents"] + (row["fee_cents"] or 0) == row["amount_cents"]


def test_pairs_join_two_accounts_and_agree_on_the_money(year: GeneratedYear) -> None:
    rows = {r["id"]: r for r in year.truth["rows"]}
    used: Counter[str] = Counter()
    for pair in year.truth["pairs"]:
        out, inn = rows[pair["out"]], rows[pair["in"]]
        assert out["account"] != inn["account"]
        assert out["amount_cents"] < 0 < inn["amount_cents"]
        assert -out["amount_cents"] == inn["amount_cents"] + pair["fee_cents"]
        assert -4 <= pair["days"] <= 7
        assert out["pair_id"] == inn["pair_id"] == pair["id"]
        used.update((pair["out"], pair["in"]))
    assert max(used.values()) == 1
    assert {p["type"] for p in year.truth["pairs"]} >= {"transfer", "card_payment"}
    assert any(p["fee_cents"] for p in year.truth["pairs"])


def test_decoys_look_like_pairs_and_are_none(year: GeneratedYear) -> None:
    rows = {r["id"]: r for r in year.truth["rows"]}
    paired = {frozenset((p["out"], p["in"])) for p in year.truth["pairs"]}
    assert len(year.truth["decoys"]) >= 12
    for decoy in year.truth["decoys"]:
        a, b = rows[decoy["a"]], rows[decoy["b"]]
        assert a["amount_cents"] == -b["amount_cents"]
        assert a["account"] != b["account"]
        assert frozenset((decoy["a"], decoy["b"])) not in paired


def test_transfers_are_the_paired_rows(year: GeneratedYear) -> None:
    for row in year.truth["rows"]:
        moved = row["kind"] in {"transfer", "card_payment"}
        assert moved == (row["pair_id"] is not None or "in flight" in row["note"])


def test_refunds_never_exceed_their_purchase(year: GeneratedYear) -> None:
    rows = {r["id"]: r for r in year.truth["rows"]}
    back: Counter[str] = Counter()
    for row in rows.values():
        if row["kind"] == "refund" and row["original"]:
            bought = rows[row["original"]]
            assert bought["account"] == row["account"]
            gross = row["gross_cents"] if row["gross_cents"] is not None else row["amount_cents"]
            back[row["original"]] += abs(gross)
            full = bought["gross_cents"] if bought["gross_cents"] is not None else bought["amount_cents"]
            assert back[row["original"]] <= abs(full)
    assert back

"""`classify` on tables as people have them: rows that say too little, other words for accounts, what is learned."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pytest

HEAD = "id,descriptor,amount,account_type,account_role,profession\n"


@pytest.fixture
def labelled(ops: Any, tmp_path: Path) -> Any:
    """Label lines below `HEAD`: `labelled("7,SLACK,-8,credit,,designer")` gives the answer and its rows."""

    def made(*lines: str, options: tuple[object, ...] = ()) -> tuple[Any, list[dict[str, str]]]:
        source = tmp_path / "in.csv"
        source.write_text(HEAD + "".join(f"{line}\n" for line in lines), encoding="utf-8")
        out = tmp_path / "out.csv"
        out.unlink(missing_ok=True)
        answer = ops("classify", source, "--out", out, *options)
        return answer, list(csv.DictReader(io.StringIO(out.read_text())))

    return made


def test_a_row_that_says_too_little_keeps_its_place_with_the_reason(labelled: Any) -> None:
    answer, rows = labelled(
        "1,SLACK T01,-8,credit,,designer", "2,SLACK T01,many,credit,,", "3,,-8,credit,,", "4,SLACK T01",
        "5,A,-1,x,,,,9", "6,SLACK T01,-8,credit,,designer",
    )  # fmt: skip
    assert [row["id"] for row in rows] == ["1", "2", "3", "4", "5", "6"]
    assert [row["reason"] for row in rows[1:5]] == [
        "The amount could not be read.", "The row has no descriptor.", "The amount could not be read.",
        "The row has more cells than the table has columns.",
    ]  # fmt: skip
    assert {(row["decision"], row["confidence"]) for row in rows[1:5]} == {("ask", "0.0000")}
    assert (rows[0]["decision"], rows[0] | {"id": ""}) == ("auto", rows[5] | {"id": ""})
    assert (answer.code, answer.body["count"], answer.body["errors"]) == (0, 6, 4)


def test_a_table_without_one_good_row_is_no_success(labelled: Any) -> None:
    answer, rows = labelled("1,,,,,", "2,A,b,,,")
    assert (answer.code, answer.body["errors"], len(rows)) == (3, 2, 2)
    assert labelled()[0].code == 0


def test_words_for_accounts_and_professions_are_taken_as_people_write_them(labelled: Any) -> None:
    _, rows = labelled(
        "1,AUTOPAY PAYMENT THANK YOU,50,Credit Card,,", "2,BUNNINGS SUPPLY HOME DEPOT,-8,checking,,Contractor",
        "3,E-ZPASS REBILL,-20,checking,,Rideshare Driver", "4,SLACK T01,-8,credit,OURS,designer",
        "5,SLACK T01,-8,credit,Business,designer",
    )  # fmt: skip
    assert rows[0]["kind"] == "card_payment"
    assert (rows[2]["line"], rows[2]["decision"]) == ("C9", "auto")
    # Whose account that is, nobody knows: no cost is booked.
    assert [row["decision"] for row in rows[3:]] == ["ask", "auto"]


def test_without_books_no_cost_of_a_vehicle_is_ever_booked(labelled: Any) -> None:
    _, rows = labelled("1,SHELL OIL 5544,-40,credit,,rideshare_driver", "2,JIFFY LUBE 3,-60,credit,,contractor")
    assert {(row["line"], row["decision"]) for row in rows} == {("C9", "ask")}


def test_rows_to_learn_from_that_say_nothing_are_counted(labelled: Any, tmp_path: Path) -> None:
    first = tmp_path / "first.csv"
    first.write_text(
        "id,descriptor,amount,kind,line\n1,QUENTOVIR 12,-9,expense,C22\n2,WEMBLETHIN,-9,cost,C22\n"
        "3,WEMBLETHIN,-9,expense,C99\n4,WEMBLETHIN,x,expense,C22\n",
        encoding="utf-8",
    )
    answer, rows = labelled("1,QUENTOVIR 77,-3,credit,,", "2,WEMBLETHIN,-3,credit,,", options=("--learn", first))
    assert [(row["decision"], row["line"]) for row in rows] == [("auto", "C22"), ("ask", "C18")]
    assert answer.body["not_learned"] == 3


def test_json_is_one_object_of_all_rows(ops: Any, tmp_path: Path) -> None:
    source = tmp_path / "in.csv"
    source.write_text(HEAD + "1,SLACK T01,-8,credit,,\n2,CAF\u00c9 \u202e x,-8,credit,,\n", encoding="utf-8")
    body = ops("classify", source).body
    assert (body["schema_version"], body["count"], body["errors"], body["not_learned"]) == (1, 2, 0, 0)
    assert [row["id"] for row in body["rows"]] == ["1", "2"]
    source.write_bytes(HEAD.encode() + b"1,SLACK,-8,credit,,\n" * 2_000 + b"2,\xff,-8,credit,,\n")
    assert ops("classify", source).error == "bad_file"


def test_rules_of_the_books_see_the_amount_of_each_row(done: Any, ops: Any, tmp_path: Path) -> None:
    done("rules", "add", "--text", "wemblethin", "--amount-max", "20", "--kind", "expense", "--line", "C22")
    source = tmp_path / "in.csv"
    source.write_text(HEAD + "1,WEMBLETHIN,-15,credit,,\n2,WEMBLETHIN,-25,credit,,\n", encoding="utf-8")
    rows = ops("classify", source, "--with-books").body["rows"]
    assert [(row["decision"], row["line"]) for row in rows] == [("auto", "C22"), ("ask", "C18")]

"""The sample year and three other households: what is a transfer, what is client money, and that all totals agree.

The rows' truth comes from the generators, which share no code with the program.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from derived_rows import derived_rows
from generator.sample import make_sample
from generator.year import make_year

from app.services.books.open_books import Books
from app.services.derived import derive
from app.services.ingest import imports
from app.services.ledger import balances
from app.services.tax import profile, reserves, taxes
from app.store.row_filter import Filter

HOUSEHOLDS = ["sample", 3, 4, 5]


class Story:
    """One household's files in the books, with their truth."""

    def __init__(self, books: Books, folder: Path, name: str | int) -> None:
        if name == "sample":
            files, self.truth = make_sample()
        else:
            year = make_year(int(name))
            files, self.truth = year.files, year.truth
        self.books = books
        profession = self.truth["profile"]["profession"]
        profile.change(books, 2026, {"profession": profession, "time_zone": "America/Los_Angeles"})
        folder.mkdir()
        paths = []
        for file, data in files.items():
            (folder / file).write_bytes(data)
            paths.append(folder / file)
        by_file = {account["file"]: account for account in self.truth["accounts"].values()}
        self.results = []
        for path in paths:
            options = imports.ImportOptions(account_kind=by_file[path.name]["kind"])
            self.results += imports.import_files(books, [path], options)
        self.ids = {
            f"{file}#{line}": number
            for number, file, line in books.connection.execute(
                "SELECT t.id, f.name, t.line FROM transactions t JOIN imported_file f ON f.id = t.file_id"
            )
        }
        self.rows = {row.id: row for row in books.transactions.listed(Filter(), 0)}

    def linked(self) -> set[tuple[int, int]]:
        rows = self.books.connection.execute(
            "SELECT out_id, in_id FROM pair WHERE state = 'linked' AND type IN ('transfer', 'card_payment', 'payout')"
        )
        return set(rows.fetchall())

    def given_back(self) -> set[tuple[int, int]]:
        rows = self.books.connection.execute(
            "SELECT out_id, in_id FROM pair WHERE state = 'linked' AND type IN ('refund', 'chargeback')"
        )
        return set(rows.fetchall())

    def asked(self) -> set[tuple[int, int]]:
        return set(self.books.connection.execute("SELECT out_id, in_id FROM pair WHERE state = 'question'").fetchall())

    def true_pairs(self) -> dict[tuple[int, int], dict[str, Any]]:
        return {(self.ids[pair["out"]], self.ids[pair["in"]]): pair for pair in self.truth["pairs"]}


@pytest.fixture(params=HOUSEHOLDS, ids=str)
def story(request: pytest.FixtureRequest, books: Books, tmp_path: Path) -> Story:
    return Story(books, tmp_path / "files", request.param)


def test_every_row_arrives_with_its_amount_and_date(story: Story) -> None:
    assert [result.error for result in story.results] == [None] * len(story.results)
    assert not any(result.rejected for result in story.results)
    assert len(story.rows) == len(story.truth["rows"])
    for row in story.truth["rows"]:
        assert story.rows[story.ids[row["id"]]].cents == row["amount_cents"], row


def test_transfers_are_linked_rightly_and_no_decoy_is(story: Story) -> None:
    wanted, found = story.true_pairs(), story.linked()
    assert found <= set(wanted), [story.rows[n].text for pair in found - set(wanted) for n in pair]
    missed = set(wanted) - found
    decoys = {(story.ids[d["a"]], story.ids[d["b"]]) for d in story.truth["decoys"]}
    assert not {frozenset(pair) for pair in found} & {frozenset(pair) for pair in decoys}
    if story.truth["profile"]["year"] == 2026:
        assert not missed, [(story.rows[a].text, story.rows[b].text) for a, b in missed]
    assert len(missed) <= len(wanted) * 0.05, [(story.rows[a].text, story.rows[b].text) for a, b in missed]
    assert all(pair in story.asked() or wanted[pair]["fee_cents"] for pair in missed)


def test_money_back_is_linked_to_what_it_was_for(story: Story) -> None:
    true = {
        (story.ids[row["original"]], story.ids[row["id"]]): row for row in story.truth["rows"] if row["original"]
        and "repays" not in row["note"]
    }  # fmt: skip
    found = story.given_back()
    wrong = {pair for pair in found if pair[1] in {back for _, back in true} and pair not in true}
    assert not wrong, [(story.rows[a].text, story.rows[b].text) for a, b in wrong]
    assert len(found & set(true)) >= 0.75 * len(true)
    for original, back in found & set(true):
        bought, came = story.rows[original], story.rows[back]
        assert came.kind == "refund"
        if bought.kind == "expense":
            assert (came.line, came.percent) == (bought.line, bought.percent)
            assert came.status == bought.status
        if bought.kind == "income":
            assert (came.line, came.status) == ("C2", "auto")


def test_nothing_but_client_money_is_booked_as_income(story: Story) -> None:
    wrong = [
        (row["text"], row["kind"], row["amount_cents"])
        for row in story.truth["rows"]
        if row["kind"] != "income"
        and story.rows[story.ids[row["id"]]].kind == "income"
        and story.rows[story.ids[row["id"]]].status != "suggested"
    ]
    assert wrong == []


def test_nothing_is_deducted_on_a_mixed_account_without_an_answer(story: Story) -> None:
    mixed = {account.id for account in story.books.accounts.all() if account.role == "mixed"}
    booked = [row for row in story.rows.values() if row.kind == "expense" and row.status != "suggested"]
    assert [row for row in booked if row.account_id in mixed] == []
    # all that a payment processor takes is business: nobody pays a private bill through it
    assert {row.line for row in booked} <= {"C10"}


def test_client_money_is_never_booked_as_anything_else(story: Story) -> None:
    wrong = [
        (row["text"], story.rows[story.ids[row["id"]]].kind)
        for row in story.truth["rows"]
        if row["kind"] == "income"
        and story.rows[story.ids[row["id"]]].kind != "income"
        and story.rows[story.ids[row["id"]]].status != "suggested"
    ]
    assert wrong == []


def test_balances_are_those_of_the_truth(story: Story) -> None:
    for account in story.truth["accounts"].values():
        held = next(a for r in story.results for a in r.accounts if r.path.name == account["file"])
        rows = balances.of(story.books, held.account.id) - story.books.accounts.get(held.account.id).opening_cents
        assert rows == account["sum_cents"]
        assert held.balance_ties in {None, True}


def test_importing_everything_again_adds_nothing(story: Story, tmp_path: Path) -> None:
    before = story.books.totals.dump()
    for result in story.results:
        again = imports.import_files(story.books, [result.path], imports.ImportOptions())[0]
        assert (again.error, again.added, again.operation) == (None, 0, None)
        assert again.rows == result.rows
    assert story.books.totals.dump() == before


def test_a_rebuild_of_everything_derived_changes_nothing(story: Story) -> None:
    books = story.books
    kept = derived_rows(books)
    with books.work.operation("rebuild", dry_run=True) as work:
        derive.rebuild(work)
        built = derived_rows(books)
    assert built == kept


def test_the_order_of_the_files_changes_nothing(story: Story, make_books: Callable[..., Books], tmp_path: Path) -> None:
    other = make_books("turned")
    profile.change(
        other, 2026, {"profession": story.truth["profile"]["profession"], "time_zone": "America/Los_Angeles"}
    )
    by_file = {account["file"]: account for account in story.truth["accounts"].values()}
    for result in reversed(story.results):
        options = imports.ImportOptions(account_kind=by_file[result.path.name]["kind"])
        imports.import_files(other, [result.path], options)
    assert standing(other) == standing(story.books)


def standing(books: Books) -> list[tuple[Any, ...]]:
    return sorted(
        (row.file, row.file_line, row.cents, row.kind, row.line, row.status)
        for row in books.transactions.listed(Filter(), 0)
    )


def test_the_long_list_shows_what_the_view_counts(story: Story) -> None:
    lines = story.books.lines
    assert sorted(lines.listed(Filter(), 0), key=repr) == sorted(lines.rows(0, 40_000), key=repr)


def test_set_asides_sum_to_the_share_of_the_year(story: Story) -> None:
    year = story.truth["profile"]["year"]
    if year != 2026:
        estimate = taxes.estimate(story.books, year=year)
        assert estimate.low <= estimate.expected <= estimate.high
        return
    answer = reserves.reserve_now(story.books)
    asked = sum(deposit["set_aside_cents"] for deposit in answer["deposits"])
    line = next(row for row in answer["lines"] if row["label"].startswith("Set aside"))
    assert asked == line["cents"]
    assert answer["range"]["low_cents"] <= answer["needed_cents"] <= answer["range"]["high_cents"]

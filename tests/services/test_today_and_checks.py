"""The page Today, what is wrong, what to do now, and what an export would carry with it."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from app.adapters.clock import SystemClock
from app.adapters.randomness import OsRandomness
from app.core.dates import day_from_iso
from app.core.errors import Cancelled, DamagedBooks
from app.core.ports import Clock
from app.core.security.envelope import Mode
from app.core.tax.profile_keys import normalized
from app.services import today, what_now  # fmt: skip
from app.services.backup import backups  # fmt: skip
from app.services.books import opening  # fmt: skip
from app.services.books.open_books import Books
from app.services.ingest import imports  # fmt: skip
from app.services.program import sample_books  # fmt: skip
from app.services.report import export_checks  # fmt: skip
from app.services.report.export_checks import Level
from app.services.review import questions as review  # fmt: skip
from app.services.review.questions import Answered
from app.services.tax import first_run, profile, reserves, tax_page, taxes_paid  # fmt: skip
from app.services.vault import key_changes  # fmt: skip
from tests.services.conftest import throwaway
from tests.services.vault_parts import MemoryKeychain

Bring = Callable[..., imports.FileResult]


def test_today_and_taxes_show_one_figure(household: Books) -> None:
    shown, taxes_shown = today.summary(household), tax_page.page(household)
    assert shown.set_aside is not None
    assert shown.set_aside.gauge == taxes_shown.gauge
    assert shown.set_aside.newest == taxes_shown.deposits[0]
    assert shown.set_aside.first_guess is False
    assert shown.next_tax is not None
    assert (shown.next_tax.words, shown.next_tax.covered) == ("in 56 days", True)
    dates = reserves.reserve_now(household)["next_dates"]
    assert shown.next_tax.parts == tuple((each["jurisdiction"], each["due_cents"]) for each in dates)
    assert [whom for whom, _ in shown.next_tax.parts] == ["federal", "CA"]
    assert shown.next_tax.due_cents == sum(each["due_cents"] for each in dates)


def test_today_counts_questions_both_ways_and_books_the_month(household: Books) -> None:
    shown = today.summary(household)
    items = review.items(household)
    assert shown.questions.count == len(items)
    assert shown.questions.transactions == len({row.id for item in items for row in item.rows}) > len(items)
    assert shown.month.name == "November"
    rows = [row for row in household.lines.rows(day_from_iso("2026-11-01"), day_from_iso("2026-11-30"))
            if row.status != "suggested" and row.line.startswith("C")]  # fmt: skip
    assert shown.month.money_in_cents == sum(row.business_cents for row in rows if row.kind == "income")
    assert shown.month.costs_cents == -sum(row.business_cents for row in rows if row.kind != "income")
    assert shown.last[0].label == "Changed an account"


def test_empty_books_have_a_calm_page(books: Books) -> None:
    shown = today.summary(books)
    assert (shown.empty, shown.alert, shown.questions.count) == (True, None, 0)
    assert shown.set_aside is not None
    assert shown.set_aside.first_guess
    assert shown.set_aside.newest is None


def test_a_company_sees_no_tax_but_its_books(books: Books) -> None:
    profile.change(books, 2026, {"entity": "other"})
    shown = today.summary(books)
    assert shown.set_aside is None
    assert shown.tax_off.startswith("1099 Ops can keep your books")


def test_the_gravest_trouble_is_told_first(books: Books, ofx: Callable[..., bytes], bring: Bring) -> None:
    bring(books, "o.ofx", ofx([("2026-10-05", 10000, "X")], balance=(10000, "2026-10-31"), first="2026-10-01",
                              last="2026-11-18"))  # fmt: skip
    bring(books, "p.ofx", ofx([("2026-07-05", 70000, "RIDGEWAY DENTAL GRP AP")], number="000998877665",
                              first="2026-07-01", last="2026-07-31"))  # fmt: skip
    missing = today.summary(books).alert
    assert missing is not None
    assert (missing.key, missing.target) == ("missing", "accounts")
    bring(books, "t.ofx", ofx([("2026-04-15", -5000, "IRS USATAXPYMT")], first="2026-04-01", last="2026-04-30"))
    for item in review.items(books):
        if item.type == "classify" and "IRS" in item.question:
            review.answer(books, item.id, Answered(kind="tax_payment"))
    assert taxes_paid.unsettled(books)
    waiting = today.summary(books).alert
    assert waiting is not None
    assert (waiting.key, waiting.title) == ("payment", "A tax payment of April waits.")
    bring(books, "u.ofx", ofx([("2026-11-10", 100, "Y")], balance=(99999, "2026-11-18"), first="2026-11-01",
                              last="2026-11-18"))  # fmt: skip
    untied = today.summary(books).alert
    assert untied is not None
    assert (untied.key, untied.action, untied.month) == ("untied", "Compare", 202611)
    (books.home / "audit.anchor").write_text('{"uuid": "x", "seq": 1, "mac": "y", "seal": "z"}')
    old = today.summary(books).alert
    assert old is not None
    assert (old.key, old.target) == ("anchor", "security")


class Later:
    """A clock some days ahead of the one the books were made by."""

    def __init__(self, clock: Clock, days: int) -> None:
        self._clock, self._ahead = clock, timedelta(days=days)

    def today(self) -> date:
        return self._clock.today()

    def now(self) -> datetime:
        return self._clock.now() + self._ahead

    def monotonic_ms(self) -> int:
        return self._clock.monotonic_ms()


def test_changes_without_a_backup_for_a_week_are_told(own_sample: Books) -> None:
    household, clock = own_sample, own_sample.clock
    first = today.summary(household).alert
    assert first is None or first.key != "backup", "made just now"
    household.clock = Later(clock, 8)
    told = today.summary(household).alert
    assert told is not None
    assert (told.key, told.target) == ("backup", "backups")
    assert told.title.startswith("No backup since ")
    household.clock = clock
    backups.create(household, reason="asked")
    household.clock = Later(clock, 30)
    kept = today.summary(household).alert
    assert kept is None or kept.key != "backup", "nothing was changed since"


def test_books_that_open_only_here_are_told_until_there_is_a_recovery_key(
    tmp_path: Path, ofx: Callable[..., bytes], bring: Bring
) -> None:
    chain = MemoryKeychain()
    made, _ = opening.create(
        tmp_path / "home", mode=Mode.KEYCHAIN, passphrase=None, keychain=chain, randomness=OsRandomness(),
        clock=SystemClock("UTC", date(2026, 11, 20)),
    )  # fmt: skip
    assert today.summary(made).alert is None, "there is nothing to lose yet"
    bring(made, "one.ofx", ofx([("2026-10-05", 10000, "X")], first="2026-10-01", last="2026-11-18"))
    told = today.summary(made).alert
    assert told is not None
    assert (told.key, told.target) == ("portable", "security")
    key_changes.make_recovery_key(made, randomness=OsRandomness())
    after = today.summary(made).alert
    assert after is None or after.key != "portable"
    made.close()


def test_damage_is_told_before_all_else(own_sample: Books) -> None:
    household = own_sample
    household.shared.damage = DamagedBooks("A part of the books file cannot be read.")
    told = today.summary(household).alert
    assert told is not None
    assert (told.key, told.target) == ("damage", "security")


@pytest.mark.parametrize(
    ("day", "key", "says"),
    [
        ("2026-11-20", "coverage", "Marketplace"),
        ("2026-12-10", "year_end", "odometer"),
        ("2027-01-10", "instalment_4", "choose the year 2026"),
        ("2027-01-20", "forms", "1099"),
        ("2027-03-02", "check_up", "pack"),
        ("2027-04-02", "instalment_1", "Form 4868"),
        ("2027-05-14", "week", "questions"),
        ("2027-05-12", "quiet", "Jun 15"),
        ("2027-04-27", "month_end", "balance ties"),
    ],
)
def test_the_card_follows_the_year(day: str, key: str, says: str) -> None:
    found = what_now.card(day_from_iso(day))
    assert found.key == key
    assert says in found.text


# --- before an export


def test_checks_name_the_gap_and_the_way_out(household: Books) -> None:
    found = {check.key: check for check in export_checks.checks(household, 2026)}
    questions = found["questions"]
    assert (questions.level, questions.action, questions.target) == (Level.WARN, "Review", "review")
    assert questions.text == f"{len(review.items(household))} questions open"
    assert found["transfers"].text == "14 transfers with one side only"
    assert found["months"].level == Level.OK
    assert "profile" not in found
    assert export_checks.to_look_at(list(found.values())) == 1


def test_checks_of_books_in_trouble(books: Books, ofx: Callable[..., bytes], bring: Bring) -> None:
    bring(books, "s.ofx", ofx([("2026-09-05", 10000, "X")], balance=(10000, "2026-09-30"), first="2026-09-01",
                              last="2026-09-30"))  # fmt: skip
    bring(books, "u.ofx", ofx([("2026-11-10", 100, "Y")], balance=(99999, "2026-11-18"), first="2026-11-01",
                              last="2026-11-18"))  # fmt: skip
    bring(books, "e.ofx", ofx([("2026-11-02", 7000, "Z")], number="000998877665", currency="EUR"))
    found = {check.key: check for check in export_checks.checks(books, 2026)}
    assert found["untied"].text == "November of Harbor Bank Checking ··4417 does not tie"
    assert found["untied"].note == "$898.99"
    assert found["missing"].text == "1 statement month missing"
    assert found["missing"].note.endswith("October")
    assert found["foreign"].text == "1 foreign row without dollars"
    assert found["profile"].note == "filing status and state"
    assert next(check.level for check in export_checks.checks(books, 2026)) == Level.WARN


# --- the first minute, and the household


def test_a_passphrase_is_judged_by_its_length() -> None:
    assert [first_run.strength(text).words for text in ("", "abc", "elevenchars")] == [
        "12 characters or more", "9 more characters", "1 more character"
    ]  # fmt: skip
    scores = {"a" * 30: 1, "abcdefghijkl": 1, "abcdefghijklmnop": 2, "x y z " * 5: 1}
    assert {text: first_run.strength(text).score for text in scores} == scores
    assert first_run.strength("violet anchor harvest tundra").score == 3


def test_the_two_fields_take_what_the_profile_takes() -> None:
    assert [normalized("filing_status", value) for value, _ in first_run.filing_statuses()]
    assert len(first_run.states()) == 51
    assert all(normalized("state", code) == code for code, _ in first_run.states())


def test_the_sample_is_encrypted_while_open_and_gone_when_closed() -> None:
    opened = sample_books.open_sample(throwaway)
    folder = opened.folder
    assert folder.stat().st_mode & 0o077 == 0
    assert sum(result.added for result in opened.imported) == 1210
    assert (folder / "home" / "books.db").read_bytes()[:15] != b"SQLite format 3"
    assert sample_books.remove_stale() == 0, "an open household is left alone"
    assert folder.exists()
    opened.close()
    opened.close()
    assert not folder.exists()


def test_what_a_crash_left_is_removed_next_time_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    opened = sample_books.open_sample(throwaway)
    opened.books.close()
    foreign = tmp_path / f"{sample_books.PREFIX}notes"
    foreign.mkdir()
    (foreign / "mine.txt").write_text("mine")
    if hasattr(os, "symlink"):
        (tmp_path / f"{sample_books.PREFIX}link").symlink_to(foreign)
    assert sample_books.remove_stale() == 1
    assert not opened.folder.exists()
    assert (foreign / "mine.txt").exists()


def test_a_cancelled_look_leaves_no_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    def stop() -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        sample_books.open_sample(throwaway, check=stop)
    assert list(tmp_path.iterdir()) == []

"""Files are looked at, mended by a person where they need it, imported, stopped and taken back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from services.banks import Bank, feed_of, row

from app.services.bank import bank_sync
from app.services.ingest import import_history
from app.services.review import questions
from app.ui.accounts import import_model as model
from app.ui.accounts.sample_rows import SampleRows
from app.ui.widgets.buttons import LinkButton
from app.ui.widgets.text import Label

Settle = Callable[[Any], None]
Write = Callable[[str, bytes | str], Path]
CARD_HEAD = "Transaction Date,Post Date,Description,Category,Type,Amount,Memo"
ODD = b"wann;wer;hin;her\n2026-01-15;Staples;45,10;\n2026-01-16;Acme 4111111111111111;;2000,00\n"
EITHER = b"Date,Description,Amount\n01/02/2026,STAPLES 0041,-45.10\n01/06/2026,DELTA AIR,-300.00\n"


def words(widget: Any) -> str:
    return "\n".join(label.text() for label in widget.findChildren(Label) if label.isVisible())


def look_at(page: Any, window: Any, settle: Settle, *paths: Path) -> Any:
    window.import_files(list(paths))
    settle(window)
    return page.view


def facts(card: Any) -> dict[str, str]:
    """Return the figures under their labels, as the card shows them."""
    from app.ui.accounts.statement_facts import StatementFacts

    return dict(
        tuple(pair.split(" ", 1)) if not pair.startswith(("Already", "Stated")) else (pair.split(" ")[0], pair)
        for pair in card.findChild(StatementFacts).accessibleName().split(", ")
        if " " in pair
    )  # type: ignore[arg-type]


def test_the_preview_says_what_a_file_would_bring(opened: Any, window: Any, settle: Settle, card_file: Path) -> None:
    view = look_at(opened, window, settle, card_file)
    card = view.cards[0]
    assert not opened.panes.isVisible()
    assert (card.badge.text(), view.act.words()) == ("ready", "Import 2 new transactions")
    assert card.choice.account.words() == "Chase Card ··4417"
    shown = facts(card)
    assert (shown["New"], shown["Rejected"], shown["Already"]) == ("2", "1", "Already there 10")
    samples = card.findChild(SampleRows).model()
    assert [samples.index(0, column).data() for column in range(5)] == [
        "Nov 22", "FIGMA MONTHLY RENEWAL", "Office expense (line 18)", "likely", "−$15.00"
    ]  # fmt: skip
    assert samples.index(4, 2).data() == "already there"
    why = next(link for link in card.findChildren(LinkButton) if link.property("part") == "rejected")
    assert why.words() == "1 row rejected: show why"
    assert "Line 4" not in words(card)
    why.click()
    assert "Line 4: " in words(card)
    assert window.session.gui.transactions.last_id() == 1210, "nothing is written by looking"


def test_import_by_keyboard_then_answer_then_undo(
    opened: Any, window: Any, qtbot: Any, settle: Settle, card_file: Path
) -> None:
    view = look_at(opened, window, settle, card_file)
    assert QApplication.focusWidget() is view.act
    QTest.keyClick(view.act, Qt.Key.Key_Return)
    settle(window)
    assert window.shell.toast.accessibleName() == "Imported 2 transactions from 1 file."
    assert "2 new, 10 already there, 1 rejected" in words(view)
    assert view.header.accessibleName() is not None
    assert view.act.words() == f"Answer {len(questions.items(window.session.gui))} questions"
    assert QApplication.focusWidget() is view.act
    assert [row.account_id for row in opened.loaded.imports[:1]] == [2]
    QTest.keyClick(view.act, Qt.Key.Key_U)
    settle(window)
    assert import_history.listed(window.session.gui)[0].undone
    qtbot.waitUntil(lambda: opened.stack.currentWidget() is opened.main)


def test_answer_the_questions_goes_to_today(opened: Any, window: Any, settle: Settle, card_file: Path) -> None:
    view = look_at(opened, window, settle, card_file)
    view.act.click()
    settle(window)
    view.act.click()
    settle(window)
    assert window.shell.current == "today"


def test_escape_leaves_everything_as_it_was(opened: Any, window: Any, settle: Settle, card_file: Path) -> None:
    view = look_at(opened, window, settle, card_file)
    QTest.keyClick(view.act, Qt.Key.Key_Escape)
    settle(window)
    assert opened.stack.currentWidget() is opened.main
    assert opened.panes.isVisible()
    assert len(import_history.listed(window.session.gui)) == 6
    assert not view.files


def test_an_unknown_table_is_mapped_and_its_layout_is_saved(
    opened: Any, window: Any, settle: Settle, write: Write
) -> None:
    view = look_at(opened, window, settle, write("odd-bank.csv", ODD))
    card = view.cards[0]
    assert (card.badge.text(), view.act.isEnabled()) == ("needs a choice", False)
    assert "It is not clear which column holds the amounts." in words(card)
    assert [drop.words() for drop in card.mapper.drops.values()] == ["Date", "Text", "Money out", "Money in"]
    assert "Acme [card …1111]" in words(card.mapper)
    card.mapper.drops["#3"].setFocus()
    card.mapper.drops["#3"]._choose("credit")
    settle(window)
    assert [drop.words() for drop in card.mapper.drops.values()] == ["Date", "Text", "Money in", "Not used"]
    assert QApplication.focusWidget() is card.mapper.drops["#3"], "the choice just made keeps the keyboard"
    card.mapper.drops["#4"]._choose("credit")
    settle(window)
    card.mapper.drops["#3"]._choose("debit")
    settle(window)
    assert (card.badge.text(), view.act.words()) == ("ready", "Import 2 new transactions")
    assert "1 account or card number was masked to the last four digits." in words(card)
    card.choice.name.selectAll()
    QTest.keyClicks(card.choice.name, "Odd bank savings")
    QTest.keyClick(card.choice.name, Qt.Key.Key_Return)
    settle(window)
    card.choice.kind._choose("savings")
    settle(window)
    card.choice.role._choose("reserve")
    settle(window)
    view.act.click()
    settle(window)
    made = window.session.gui.accounts.named("Odd bank savings")
    assert (made.kind, made.role) == ("savings", "reserve")
    assert [row.cents for row in window.session.gui.transactions.block([1211, 1212])] == [-4510, 200000]
    view.leave()
    settle(window)
    assert [layout.name for layout in opened.loaded.layouts] == ["odd-bank"]
    assert opened.panes.add.layouts.isVisible()
    again = look_at(opened, window, settle, write("odd-bank-feb.csv", ODD.replace(b"2026-01", b"2026-02")))
    assert (again.cards[0].badge.text(), again.cards[0].file.preview.layout_words) == (
        "ready",
        "a table like “odd-bank”",
    )


def test_a_table_guessed_rightly_is_taken_as_it_is(opened: Any, window: Any, settle: Settle, write: Write) -> None:
    view = look_at(opened, window, settle, write("odd-bank.csv", ODD))
    view.cards[0].mapper.accept.click()
    settle(window)
    assert view.act.words() == "Import 2 new transactions"


def test_dates_that_could_be_either_wait_for_a_word(opened: Any, window: Any, settle: Settle, write: Write) -> None:
    view = look_at(opened, window, settle, write("either.csv", EITHER))
    card = view.cards[0]
    assert "Every date of this file could be month first or day first." in words(card)
    assert card.mapper.dates.words() == "Choose"
    card.mapper.dates._choose("dmy")
    settle(window)
    assert facts(card)["Period"] == "Feb 1"
    card.mapper.sign._parts["flipped"].click()
    settle(window)
    assert card.findChild(SampleRows).model().index(0, 4).data() == "+$300.00"


def test_a_qif_whose_dates_could_be_either_waits_for_a_word(
    opened: Any, window: Any, settle: Settle, write: Write
) -> None:
    view = look_at(opened, window, settle, write("either.qif", b"!Type:Bank\nD2/3/2026\nT-12.00\nPPaper Moon\n^\n"))
    card = view.cards[0]
    assert "How the dates are written" in words(card)
    assert card.mapper.dates.words() == "Choose"
    card.mapper.dates._choose("mdy")
    settle(window)
    assert facts(card)["Period"] == "Feb 3"
    assert card.mapper.dates.words() == "Month first"


def test_a_refused_file_says_why_and_the_others_go_in(
    opened: Any, window: Any, settle: Settle, write: Write, card_file: Path
) -> None:
    letter = write("letter.csv", b"hello")
    known = next(path for path in (Path(__file__).parents[3] / "resources" / "sample").glob("PayPal*"))
    view = look_at(opened, window, settle, letter, card_file, known)
    assert [card.badge.text() for card in view.cards] == ["refused", "ready", "imported already"]
    assert "The file is plain text without columns, not a bank file." in words(view.cards[0])
    assert "This very file is in the books already." in words(view.cards[2])
    assert view.act.words() == "Import 2 new transactions"
    view.act.click()
    settle(window)
    assert "letter.csv" in words(view)
    assert len(import_history.listed(window.session.gui)) == 7


def test_a_file_can_be_left_out(opened: Any, window: Any, settle: Settle, write: Write, card_file: Path) -> None:
    view = look_at(opened, window, settle, write("letter.csv", b"hello"), card_file)
    view.cards[0].left_out.emit()
    assert [file.path for file in view.files] == [card_file]
    view.cards[0].left_out.emit()
    assert opened.stack.currentWidget() is opened.main


def test_a_file_goes_to_the_account_a_person_says(opened: Any, window: Any, settle: Settle, card_file: Path) -> None:
    view = look_at(opened, window, settle, card_file)
    choice = view.cards[0].choice
    assert [text for _, text in choice.account.choices()][:2] == ["Chase Card ··4417", "Ally Bank Savings ··3348"]
    choice.account._choose("5")
    settle(window)
    assert view.cards[0].choice.account.words() == "American Express Card ··1005"
    assert facts(view.cards[0])["New"] == "12"
    view.cards[0].choice.account._choose(model.NEW)
    settle(window)
    assert view.cards[0].choice.name.text() == "New account"


def test_files_that_share_rows_say_so_and_bring_each_once(
    opened: Any, window: Any, settle: Settle, write: Write, card_file: Path
) -> None:
    lines = card_file.read_text().splitlines()
    more = [lines[0], "11/22/2026,11/23/2026,STAPLES 0041,Shopping,Sale,-9.00,", *lines[1:3]]
    other = write("Chase4417_Activity_even_later.CSV", "\n".join([*more, ""]))
    view = look_at(opened, window, settle, card_file, other)
    assert view.act.words() == "Import up to 5 new transactions"
    view.act.click()
    settle(window)
    assert window.shell.toast.accessibleName() == "Imported 3 transactions from 2 files."
    assert "1 new, 2 already there" in words(view)


def big(write: Write, rows: int) -> Path:
    days = [f"{1 + n % 9:02d}/{1 + n % 28:02d}/2026" for n in range(252)]
    lines = [
        f"{days[n % 252]},{days[n % 252]},SHOP {n % 500},X,Sale,-{1 + n % 900}.{n % 100:02d}," for n in range(rows)
    ]
    return write("Chase9001_Activity.CSV", "\n".join([CARD_HEAD, *lines, ""]))


def test_a_stopped_import_leaves_nothing_of_the_file(
    opened: Any, window: Any, qtbot: Any, settle: Settle, write: Write
) -> None:
    path = big(write, 20_000)
    view = look_at(opened, window, settle, path)
    before = window.session.gui.transactions.last_id()
    view.act.click()
    assert view.is_busy
    line = window.shell.status.progress
    qtbot.waitUntil(line.isVisible, timeout=10_000)
    assert line.accessibleName().startswith("Importing")
    line.cancelled.emit()
    qtbot.waitUntil(lambda: not view.is_busy, timeout=20_000)
    settle(window)
    assert not line.isVisible()
    assert window.session.gui.transactions.last_id() == before
    assert len(import_history.listed(window.session.gui)) == 6
    assert window.shell.toast.accessibleName() == "Stopped. Nothing was imported."
    assert view.act.words() == "Import 20,000 new transactions"


def test_leaving_while_a_file_is_read_stops_the_reading(opened: Any, window: Any, settle: Settle, write: Write) -> None:
    window.import_files([big(write, 20_000)])
    token = next(iter(opened.view._tokens.values()))
    opened.view.leave()
    assert token.is_cancelled
    settle(window)
    assert opened.stack.currentWidget() is opened.main


def test_the_first_file_makes_the_first_account(empty: Any, window_of: Any, settle: Settle, card_file: Path) -> None:
    window = window_of(empty)
    view = look_at(empty, window, settle, card_file)
    card = view.cards[0]
    assert card.choice.account.words() == "A new account: Chase Card ··4417"
    assert card.height() < window.height() * 2 // 3, "a short card keeps its height in a tall window"
    view.act.click()
    settle(window)
    view.leave()
    assert empty.list.isVisible()
    assert [row.name for row in empty.loaded.page.accounts] == ["Chase Card ··4417"]


def test_a_layout_is_renamed_and_forgotten(opened: Any, window: Any, settle: Settle, write: Write) -> None:
    view = look_at(opened, window, settle, write("odd-bank.csv", ODD))
    view.cards[0].mapper.accept.click()
    settle(window)
    view.act.click()
    settle(window)
    view.leave()
    opened.panes.add.rename_wanted.emit("odd-bank")
    edit = QApplication.focusWidget()
    QTest.keyClicks(edit, "Sparkasse")
    QTest.keyClick(edit, Qt.Key.Key_Return)
    settle(window)
    assert [layout.name for layout in opened.loaded.layouts] == ["Sparkasse"]
    opened.panes.add.remove_wanted.emit("Sparkasse")
    settle(window)
    assert not opened.loaded.layouts
    assert not opened.panes.add.layouts.isVisible()


def test_rows_like_those_of_a_linked_account_are_a_question_with_that_account_chosen(
    empty: Any, window_of: Callable[[Any], Any], settle: Settle, write: Write
) -> None:
    window = window_of(empty)
    bank = Bank()
    days = range(1, 21)
    bank.add(*(row(f"t{day}", f"{day}.37", f"2026-03-{day + 2:02d}", f"SHOP {day}") for day in days))

    def link(books: Any) -> None:
        bank_sync.sync(books, bank.link(books), feed=feed_of(bank))

    window.tasks.write(link)
    settle(window)
    mine = [f"2026-03-{day:02d},SHOP {day},-{day}.37" for day in range(5, 11)]
    others = [f"2026-03-{day:02d},ELSEWHERE {day},-{day}.99" for day in range(5, 11)]
    file = write("download.csv", "\n".join(["Date,Description,Amount", *mine, *others, ""]))
    view = look_at(empty, window, settle, file)
    card = view.cards[0]
    assert "These rows look like those of Stand-in Bank Checking ··4417. Is it the same account?" in words(card)
    assert "6 of 12 rows look like rows of" in words(card)
    assert card.choice.account.words() == "Stand-in Bank Checking ··4417"
    assert (card.badge.text(), view.act.words()) == ("ready", "Import 6 new transactions")

    card.choice._take(model.NEW)
    settle(window)
    card = view.cards[0]
    assert "Is it the same account?" not in words(card)
    assert view.act.words() == "Import 12 new transactions"
    card.choice._take("1")
    settle(window)
    assert "Is it the same account?" in words(view.cards[0])
    view.act.click()
    settle(window)
    assert len(window.session.gui.accounts.all()) == 1
    assert window.session.gui.transactions.last_id() == 26

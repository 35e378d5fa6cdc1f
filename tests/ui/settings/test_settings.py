"""Settings by keyboard, on the real window and the sample's books."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from app.core.tax.profile_keys import PROFILE_KEYS, KeyType
from app.services.classify import remembered, rules
from app.services.review import questions
from app.services.tax import profile, profile_words
from app.ui.settings.businesses import BusinessSheet
from app.ui.settings.sections import SECTIONS
from app.ui.sheets.learned_sheet import LearnedSheet
from app.ui.sheets.rule_sheet import RuleSheet
from app.ui.widgets.amount import HIDDEN
from app.ui.widgets.dialog import Sheet

Settle = Callable[[Any], None]


@pytest.fixture
def settings(window: Any, settle: Settle) -> Any:
    window.activateWindow()
    window.commands.trigger("go.settings")
    settle(window)
    return window.shell.page


def section(page: Any, id_: str, settle: Settle) -> Any:
    page.show_what(section=id_)
    settle(page.frame)
    return page.sections[id_]


def type_into(row: Any, text: str) -> None:
    row.edit.setFocus()
    row.edit.selectAll()
    QTest.keyClicks(row.edit, text)
    QTest.keyClick(row.edit, Qt.Key.Key_Return)


def kept(window: Any, year: int = 2026) -> dict[str, str]:
    return profile.show(window.session.gui, year).values


def change(window: Any, settle: Settle, work: Any) -> None:
    window.tasks.write(work, None, window.fail)
    settle(window)


def test_arrow_keys_walk_through_the_sections(settings: Any, settle: Settle) -> None:
    assert settings.nav.items["profile"].hasFocus()
    for entry in SECTIONS[1:]:
        QTest.keyClick(settings.frame.focusWidget(), Qt.Key.Key_Down)
        settle(settings.frame)
        assert settings.stack.currentWidget() is settings.sections[entry.id].property("area")
        assert settings.nav.items[entry.id].hasFocus()


def test_what_is_typed_is_saved_at_once_and_undo_takes_it_back(settings: Any, window: Any, settle: Settle) -> None:
    row = settings.sections["profile"].rows["birth_year"]
    type_into(row, "1984")
    settle(window)
    assert kept(window)["birth_year"] == "1984"
    assert "Birth year changed" in window.shell.toast.accessibleName()
    assert not window.shell.toast._undo.isHidden()
    window.commands.trigger("edit.undo")
    settle(window)
    assert kept(window).get("birth_year", "") == ""
    assert row.edit.text() == ""


def test_a_wrong_value_says_why_at_its_field_and_esc_puts_the_old_one_back(
    settings: Any, window: Any, settle: Settle
) -> None:
    row = settings.sections["profile"].rows["birth_year"]
    type_into(row, "1984")
    settle(window)
    type_into(row, "84")
    settle(window)
    assert row.is_wrong
    assert row.second.text() == "Birth year cannot be “84”. Use a year with four digits, like 1985."
    assert row.edit.text() == "84", "what was typed stays to be mended"
    assert kept(window)["birth_year"] == "1984"
    assert not any(sheet.isVisible() for sheet in window.findChildren(Sheet))
    row.back.setFocus()
    QTest.keyClick(row.back, Qt.Key.Key_Space)
    assert row.edit.text() == "1984"
    assert not row.is_wrong
    assert row.edit.hasFocus()
    QTest.keyClicks(row.edit, "x")
    QTest.keyClick(row.edit, Qt.Key.Key_Escape)
    assert row.edit.text() == "1984"


def test_a_wrong_value_that_is_mended_loses_its_sentence(settings: Any, window: Any, settle: Settle) -> None:
    row = settings.sections["profile"].rows["wages"]
    type_into(row, "a lot")
    settle(window)
    assert row.is_wrong
    type_into(row, "$52,000.50")
    settle(window)
    assert not row.is_wrong
    assert kept(window)["wages"] == "52000.50"
    assert row.edit.text() == "52,000.50"


def test_states_have_names(settings: Any) -> None:
    drop = settings.sections["profile"].drops["state"]
    assert drop.words() == "California"
    assert ("NY", "New York") in drop.choices()
    assert settings.sections["profile"].drops["filing_status"].words() == "Married filing jointly"


def test_the_profile_shows_no_field_before_it_was_read(window: Any, settle: Settle) -> None:
    window.commands.trigger("go.settings")
    part = window.shell.page.sections["profile"]
    assert part.isVisible()
    assert not any(card.isVisible() for card in (part.businesses, *part.groups.values()))
    assert not part.year.isEnabled()
    settle(window)
    assert all(card.isVisible() for card in (part.businesses, *part.groups.values()))
    assert part.year.isEnabled()


def test_every_key_of_the_profile_has_a_field_with_its_name_and_help(settings: Any) -> None:
    part = settings.sections["profile"]
    named = {**part.rows, **part.drops, **part.switches}
    assert set(named) == set(PROFILE_KEYS) - set(profile_words.ELSEWHERE)
    for group in profile_words.GROUPS:
        words = [label.text() for label in part.groups[group.title].findChildren(QLabel)]
        for field in group.fields:
            assert {field.name, field.hint} <= set(words), field.key


def test_a_wrong_amount_in_any_field_is_named_and_nothing_is_saved(settings: Any, window: Any, settle: Settle) -> None:
    part = settings.sections["profile"]
    before = kept(window)
    for group in profile_words.GROUPS:
        for field in group.fields:
            if PROFILE_KEYS[field.key].type in {KeyType.MONEY, KeyType.SIGNED_MONEY}:
                type_into(part.rows[field.key], "much")
                settle(window)
                said = part.rows[field.key].second.text()
                assert said.startswith(f"{field.name} takes an amount of dollars, not “much”."), field.key
                assert part.rows[field.key].edit.accessibleDescription() == said
    assert kept(window) == before


def test_the_places_of_a_state_are_a_choice_and_any_other_is_typed(settings: Any, window: Any, settle: Settle) -> None:
    part = settings.sections["profile"]
    choice, other = part.place.choice, part.place.other
    assert not choice.isVisibleTo(part), "no place in California is worked out"
    assert other.name.text() == "City or county"
    part.drops["state"]._choose("NY")
    settle(window)
    assert [words for _, words in choice.drop.choices()] == ["none", "New York City", "Yonkers", "another place …"]
    assert not other.isVisibleTo(part)
    choice.drop._choose("NYC")
    settle(window)
    assert kept(window)["locality"] == "NYC"
    choice.drop._choose("*")
    assert other.isVisibleTo(part)
    assert other.edit.hasFocus()
    type_into(other, "Buffalo")
    settle(window)
    assert kept(window)["locality"] == "Buffalo"
    assert choice.drop.words() == "another place …"
    type_into(other, "yonkers")
    settle(window)
    assert kept(window)["locality"] == "YONKERS"
    assert choice.drop.words() == "Yonkers"
    assert not other.isVisibleTo(part)


def test_another_state_empties_the_place_and_one_undo_brings_both_back(
    settings: Any, window: Any, settle: Settle
) -> None:
    part = settings.sections["profile"]
    part.drops["state"]._choose("NY")
    settle(window)
    part.drops["locality"]._choose("NYC")
    settle(window)
    part.drops["state"]._choose("MD")
    settle(window)
    assert (kept(window)["state"], kept(window).get("locality", "")) == ("MD", "")
    assert "city or county emptied" in window.shell.toast.accessibleName()
    window.commands.trigger("edit.undo")
    settle(window)
    assert (kept(window)["state"], kept(window)["locality"]) == ("NY", "NYC")
    assert part.drops["locality"].words() == "New York City"


def test_going_to_a_part_puts_its_first_field_under_the_keyboard(settings: Any) -> None:
    part = settings.sections["profile"]
    part.jump._choose("Itemized deductions")
    assert part.rows["property_tax"].edit.hasFocus()
    assert part.jump.words() == "Go to"
    top = part.groups["Itemized deductions"].mapTo(part.property("area").viewport(), QPoint(0, 0)).y()
    assert 0 <= top < 40


def test_what_a_deposit_sets_aside_shows_what_holds_while_nothing_is_chosen(
    settings: Any, window: Any, settle: Settle
) -> None:
    drop = settings.sections["profile"].drops["reserve_mode"]
    assert drop.words() == "Its share of the year’s tax"
    drop._choose("annualized")
    settle(window)
    assert kept(window)["reserve_mode"] == "annualized"


def test_separate_spouses_are_asked_whether_they_lived_apart(settings: Any, window: Any, settle: Settle) -> None:
    part = settings.sections["profile"]
    assert not part.switches["lived_apart"].isVisibleTo(part)
    part.drops["filing_status"]._choose("mfs")
    settle(window)
    assert part.switches["lived_apart"].isVisibleTo(part)
    assert not part.rows["spouse_ira"].isVisibleTo(part)


def test_a_chosen_state_is_saved(settings: Any, window: Any, settle: Settle) -> None:
    settings.sections["profile"].drops["state"]._choose("NY")
    settle(window)
    assert kept(window)["state"] == "NY"


def test_the_spouse_is_asked_for_only_where_there_is_one(settings: Any, window: Any, settle: Settle) -> None:
    part = settings.sections["profile"]
    assert part.rows["spouse_birth_year"].isVisibleTo(part)
    part.drops["filing_status"]._choose("single")
    settle(window)
    assert not part.rows["spouse_birth_year"].isVisibleTo(part)
    assert part.rows["spouse_wages"].isVisibleTo(part), "a value that is kept stays in sight"


def test_another_year_says_whose_values_it_uses_and_gets_its_own(settings: Any, window: Any, settle: Settle) -> None:
    part = settings.sections["profile"]
    assert part.carried.said == ""
    other = next(year for year, _ in part.year.choices() if year != 2026)
    part.year._choose(other)
    settle(window)
    assert part.carried.said.startswith("These values were entered for 2026")
    type_into(part.rows["wages"], "777")
    settle(window)
    assert part.carried.said == ""
    assert kept(window, int(other))["wages"] == "777"
    assert kept(window).get("wages") != "777"


def test_yes_and_no_are_saved(settings: Any, window: Any, settle: Settle) -> None:
    box = settings.sections["profile"].switches["blind"]
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_Space)
    settle(window)
    assert kept(window)["blind"] == "yes"


def test_a_second_business_is_added_and_the_first_renamed(settings: Any, window: Any, settle: Settle) -> None:
    card = settings.sections["profile"].businesses
    card.add.setFocus()
    QTest.keyClick(card.add, Qt.Key.Key_Space)
    sheet = next(s for s in window.findChildren(BusinessSheet) if s.isVisible())
    assert sheet.name.hasFocus()
    QTest.keyClick(sheet.name, Qt.Key.Key_Return)
    assert sheet.problem.said == "A business needs a name."
    QTest.keyClicks(sheet.name, "Pottery")
    sheet.started.setText("March")
    sheet.save.click()
    settle(window)
    assert "is not a date" in sheet.problem.said
    sheet.started.setText("2026-03-01")
    sheet.save.click()
    settle(window)
    assert [business.name for business in profile.businesses(window.session.gui)][1] == "Pottery"
    assert len(card.edits) == 2
    first = profile.businesses(window.session.gui)[0]
    card.edits[first.id].click()
    sheet = next(s for s in window.findChildren(BusinessSheet) if s.isVisible())
    assert sheet.name.text() == first.name
    sheet.name.setText("Studio")
    sheet.save.click()
    settle(window)
    assert profile.businesses(window.session.gui)[0].name == "Studio"
    assert window.shell.sidebar.brand.book_name == "Studio"


def test_hidden_amounts_are_dots_in_the_profile_and_come_back(settings: Any, window: Any) -> None:
    row = settings.sections["profile"].rows["prior_year_tax"]
    shown = row.edit.text()
    assert any(mark.isdigit() for mark in shown)
    window.commands.trigger("view.hide_amounts")
    assert row.edit.text() == HIDDEN
    assert row.edit.isReadOnly()
    assert settings.sections["profile"].rows["birth_year"].edit.isReadOnly() is False
    row.edit.setFocus()
    QTest.keyClick(row.edit, Qt.Key.Key_Return)
    window.commands.trigger("view.hide_amounts")
    assert row.edit.text() == shown
    assert kept(window)["prior_year_tax"] == shown.replace(",", "")


# --- rules and memory


def two_rules(books: Any) -> None:
    rules.add(books, {"text": "FIGMA", "kind": "expense", "line": "C18"})
    rules.add(books, {"text": "SHELL", "kind": "expense", "line": "C9", "amount_max": 20_000})


def order(window: Any) -> list[str | None]:
    return [rule.text for rule, _ in rules.listed(window.session.gui)]


def control(part: Any, text: str, name: str) -> Any:
    number = next(line.rule.id for line in part._lines if line.rule.text == text)
    return next(child for child in part.card.findChildren(object) if child.objectName() == f"{number}:{name}")


def test_a_rule_is_moved_switched_off_and_removed(settings: Any, window: Any, settle: Settle) -> None:
    change(window, settle, two_rules)
    part = section(settings, "rules", settle)
    assert not control(part, "FIGMA", "up").isEnabled()
    control(part, "SHELL", "up").setFocus()
    QTest.keyClick(control(part, "SHELL", "up"), Qt.Key.Key_Space)
    settle(window)
    assert order(window) == ["SHELL", "FIGMA"]
    control(part, "SHELL", "switch").click()
    settle(window)
    assert [rule.is_on for rule, _ in rules.listed(window.session.gui)] == [0, 1]
    control(part, "FIGMA", "remove").click()
    settle(window)
    assert order(window) == ["SHELL"]
    for _ in range(3):
        window.commands.trigger("edit.undo")
        settle(window)
    assert order(window) == ["FIGMA", "SHELL"]


def test_a_rule_is_moved_and_removed_by_keys_and_its_history_shown(settings: Any, window: Any, settle: Settle) -> None:
    change(window, settle, two_rules)
    part = section(settings, "rules", settle)
    control(part, "SHELL", "edit").setFocus()
    QTest.keyClick(control(part, "SHELL", "edit"), Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    settle(window)
    assert order(window) == ["SHELL", "FIGMA"]
    assert control(part, "SHELL", "edit").hasFocus()
    QTest.keyClick(control(part, "SHELL", "edit"), Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    settle(window)
    assert order(window) == ["FIGMA", "SHELL"]
    control(part, "SHELL", "history").click()
    settle(window)
    sheet = next(each for each in window.findChildren(Sheet) if each.isVisible())
    told = [label.text() for label in sheet.findChildren(QLabel)]
    assert "Place: 2 instead of 1." in told
    assert any(text.startswith("Added: “SHELL”, up to $200.00") for text in told)
    sheet.close_box()
    QTest.keyClick(control(part, "SHELL", "edit"), Qt.Key.Key_Delete)
    settle(window)
    assert order(window) == ["FIGMA"]


def test_without_rules_there_is_one_way_on_and_many_are_searched(settings: Any, window: Any, settle: Settle) -> None:
    part = section(settings, "rules", settle)
    assert part.first.isVisible()
    assert not part.card.isVisible()

    def many(books: Any) -> None:
        with books.work.operation("rule_add"):
            for number in range(130):
                books.rules.add({"text": f"SHOP {number:03}", "kind": "personal", "line": "NONE"})

    change(window, settle, many)
    part = section(settings, "rules", settle)
    assert not part.first.isVisible()
    rows = [label.text() for label in part.card.findChildren(QLabel)]
    assert "“SHOP 099”" in rows
    assert "30 more: use Find." in rows
    part.search.setText("shop 12")
    rows = [label.text() for label in part.card.findChildren(QLabel)]
    found = [text for text in rows if text.startswith("“")]
    assert found == ["“SHOP 012”", "“SHOP 112”", *(f"“SHOP 12{n}”" for n in range(10))]


def test_the_amounts_of_a_rule_are_hidden_with_all_others(settings: Any, window: Any, settle: Settle) -> None:
    change(window, settle, two_rules)
    part = section(settings, "rules", settle)
    window.commands.trigger("view.hide_amounts")
    words = " ".join(label.text() for label in part.findChildren(QLabel))
    assert "200" not in words
    assert HIDDEN in words


def answer_always(books: Any) -> None:
    item = next(item for item in questions.items(books) if item.merchant_key and item.type == "classify")
    questions.answer(books, item.id, questions.Answered(choice=item.choices[0].n, mode=questions.ALWAYS))


def test_a_remembered_answer_is_shown_and_forgotten(settings: Any, window: Any, settle: Settle) -> None:
    change(window, settle, answer_always)
    part = section(settings, "rules", settle)
    (memory,) = remembered.listed(window.session.gui)
    words = [label.text() for label in part.remembered.findChildren(QLabel)]
    assert memory.name in words
    assert any(text.startswith("Always ") for text in words)
    (button,) = part.remembered.buttons
    button.setFocus()
    QTest.keyClick(button, Qt.Key.Key_Space)
    settle(window)
    assert remembered.listed(window.session.gui) == []
    assert not part.remembered.isVisibleTo(part)
    window.commands.trigger("edit.undo")
    settle(window)
    assert remembered.listed(window.session.gui) == [memory]
    assert part.remembered.isVisibleTo(part)


def test_a_remembered_answer_is_edited_and_made_a_rule(settings: Any, window: Any, settle: Settle, qtbot: Any) -> None:
    change(window, settle, answer_always)
    part = section(settings, "rules", settle)
    (memory,) = remembered.listed(window.session.gui)
    part.remembered._edit(memory)
    sheet = next(each for each in window.findChildren(LearnedSheet) if each.isVisible())
    told = [label.text() for label in sheet.findChildren(QLabel)]
    assert {memory.name, memory.account} <= set(told)
    sheet.mode.set_value("ask")
    sheet.keep.click()
    settle(window)
    (asked,) = remembered.listed(window.session.gui)
    assert asked.ask
    part.remembered._edit(asked)
    sheet = next(each for each in window.findChildren(LearnedSheet) if each.isVisible())
    sheet.rule.click()
    rule = next(each for each in window.findChildren(RuleSheet) if each.isVisible())
    assert rule.counterparty.text() == memory.name
    qtbot.waitUntil(lambda: not rule._wait.isActive())
    settle(window)
    rule.make.click()
    settle(window)
    assert remembered.listed(window.session.gui) == []
    ((made, _),) = rules.listed(window.session.gui)
    assert (made.counterparty, made.ask) == (memory.name, 1)


# --- look, lock, about


def test_the_look_follows_each_choice(settings: Any, window: Any, settle: Settle, look: Any) -> None:
    part = section(settings, "appearance", settle)
    part.mode._chosen("dark")
    assert look.is_dark
    part.text_size._choose(150)
    assert look.scale == 1.5
    part.compact.click()
    assert window.preferences.is_on("appearance/compact")
    part.motion.click()
    assert look.reduce_motion
    window.commands.trigger("view.normal")
    assert part.text_size.value() == 100
    part.motion.click()


def test_the_chain_is_verified_and_it_is_remembered_when(settings: Any, window: Any, settle: Settle) -> None:
    part = section(settings, "security", settle)
    assert "not verified yet" in part.chain.second.text()
    assert part.chain.is_good is None
    part.verify.setFocus()
    QTest.keyClick(part.verify, Qt.Key.Key_Space)
    settle(window)
    assert "entries hold" in window.shell.toast.accessibleName()
    assert part.chain.is_good is True
    assert part.verify.hasFocus()
    part.load()
    settle(window)
    assert "entries, verified " in part.chain.second.text()


def test_books_that_never_lock_are_a_thing_to_do(settings: Any, window: Any, settle: Settle) -> None:
    part = section(settings, "security", settle)
    part.locking.minutes._choose(0)
    settle(window)
    assert part.idle.is_good is False
    assert "never" in part.idle.second.text()
    part.locking.minutes._choose(5)
    settle(window)
    assert part.idle.is_good is True
    assert window.unattended.auto_lock._timer.interval() == 300_000


def test_the_ring_counts_what_is_in_order_and_names_what_weighs_most(
    settings: Any, window: Any, settle: Settle
) -> None:
    part = section(settings, "security", settle)
    waiting = {row.name.text() for row in part.checks if row.is_good is not True}
    assert waiting == {"Recovery sheet not printed", "Backup", "History chain", "Books checked"}
    assert part.summary.title.text() == "6 of 10 in order"
    assert "print the recovery sheet" in part.summary.words.text()


def test_about_names_the_version_and_leads_to_the_licences(settings: Any, window: Any, settle: Settle) -> None:
    part = section(settings, "about", settle)
    assert part.version.note.text() == "0.1.0"
    assert "SQLCipher 4" in part.parts.note.text()
    window.commands.trigger("help.about")
    settle(window)
    assert window.shell.current == "help"
    assert "SQLCipher" in window.shell.page._text.toPlainText()


@pytest.mark.parametrize("size", [(1440, 900), (1024, 700), (900, 600)])
def test_nothing_is_cut_at_any_width(settings: Any, window: Any, settle: Settle, size: tuple[int, int]) -> None:
    window.resize(*size)
    for entry in SECTIONS:
        part = section(settings, entry.id, settle)
        area = part.property("area")
        assert part.width() <= area.viewport().width(), entry.id
        inside = [w for w in part.findChildren(QLabel) if w.isVisible() and w.text().strip()]
        assert all(w.width() >= w.minimumSizeHint().width() for w in inside), entry.id

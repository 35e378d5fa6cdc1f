"""The list of the hostile files and of the tests of each row of the suite, as committed in `MANIFEST.toml`.

`python -m hostile.manifest` in the folder `tests` writes it anew.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from hostile.cases import Case
from hostile.contents import CONTENTS, SEED
from hostile.texts import BIG, CAMT, NO_ROWS, ROWS, SIGNS, WRONG_THINGS

FILE = Path(__file__).with_name("MANIFEST.toml")
CASES: list[Case] = [*CONTENTS, *WRONG_THINGS, *NO_ROWS, *ROWS, *SIGNS, *CAMT, *BIG]

HERE = "tests/hostile"
WINDOW = "tests/ui/test_hostile_window.py"
SUITE = {
    "S1": [
        f"{HERE}/test_hostile_files.py::test_a_refused_file_changes_nothing",
        f"{HERE}/test_hostile_files.py::test_good_rows_come_in_and_bad_ones_are_listed",
        f"{HERE}/test_hostile_paths.py::test_a_path_that_is_no_readable_file",
    ],
    "S2": [
        f"{HERE}/test_hostile_exports.py::test_no_cell_of_an_export_is_a_formula_and_amounts_stay_numbers",
        f"{HERE}/test_hostile_exports.py::test_a_spreadsheet_runs_nothing_of_an_export",
    ],
    "S3": [
        f"{HERE}/test_hostile_files.py::test_declarations_of_markup_are_refused_at_once",
        f"{HERE}/test_hostile_text.py::test_entities_are_never_opened",
    ],
    "S4": [
        f"{HERE}/test_hostile_files.py::test_a_refused_file_changes_nothing",
        "tests/adapters/test_archives.py::test_a_bomb_is_refused_by_what_it_declares",
        "tests/adapters/test_archives.py::test_members_that_share_their_bytes_are_refused",
        "tests/adapters/test_pack_files.py::test_a_zip_that_would_leave_its_folder_is_noticed",
        f"{HERE}/test_hostile_backups.py::test_a_backup_that_is_something_else_is_not_restored",
    ],
    "S5": [
        f"{HERE}/test_hostile_files.py::test_good_rows_come_in_and_bad_ones_are_listed",
        f"{WINDOW}::test_marks_piled_on_a_letter_are_painted_quickly",
    ],
    "S6": [
        f"{HERE}/test_hostile_exports.py::test_nothing_invisible_leaves_the_books",
        f"{WINDOW}::test_an_amount_stands_where_it_belongs_beside_a_turned_name",
        f"{HERE}/test_hostile_paths.py::test_names_do_not_matter",
    ],
    "S7": [
        f"{HERE}/test_hostile_targets.py::test_a_link_at_the_target_is_never_followed",
        f"{HERE}/test_hostile_targets.py::test_a_name_that_hides_or_runs_is_no_export",
        f"{HERE}/test_hostile_targets.py::test_an_export_stays_in_its_folder",
        f"{HERE}/test_hostile_paths.py::test_a_path_that_is_no_readable_file",
        "tests/adapters/test_safe_files_writing.py::test_a_folder_of_ours_replaced_by_a_link_is_not_written_in",
        "tests/core/test_file_names.py::test_a_made_name_has_no_trouble",
    ],
    "S8": [
        f"{WINDOW}::test_no_widget_takes_a_text_for_markup",
        f"{WINDOW}::test_the_help_fetches_nothing",
    ],
    "S9": [
        f"{HERE}/test_hostile_words.py::test_texts_are_kept_as_they_stand",
        f"{HERE}/test_hostile_words.py::test_an_order_that_is_none_is_refused",
    ],
    "S10": [f"{HERE}/test_hostile_words.py::test_signs_of_a_search_are_only_signs"],
    "S11": [f"{HERE}/test_hostile_words.py::test_a_rule_is_words_not_a_pattern"],
    "S12": [
        f"{HERE}/test_hostile_exports.py::test_one_row_is_one_line",
        f"{HERE}/test_hostile_text.py::test_a_terminal_is_not_told_what_the_file_commands",
    ],
    "S13": [
        f"{HERE}/test_hostile_exports.py::test_templates_are_texts_in_the_pdf_and_the_journals",
        f"{HERE}/test_hostile_words.py::test_texts_are_kept_as_they_stand",
    ],
    "S14": ["tests/core/ingest/test_redact.py", f"{HERE}/test_needles.py"],
    "S15": [
        f"{HERE}/test_hostile_files.py::test_a_refused_file_changes_nothing",
        f"{HERE}/test_hostile_files.py::test_a_saved_object_is_never_loaded",
    ],
    "S16": [
        f"{WINDOW}::test_a_crowd_of_files_is_refused_before_it_is_looked_at",
        f"{WINDOW}::test_what_is_no_file_gets_a_sentence",
        f"{WINDOW}::test_an_endless_text_is_cut_before_it_is_taken",
        "tests/ui/runtime/test_single_instance.py::test_a_request_without_end_is_cut_off",
    ],
}  # fmt: skip
"""The tests of each row of design, reliability 4."""


def text() -> str:
    out = [f"# Made by tests/hostile/manifest.py from the seed {SEED}.", "", "[suite]"]
    out += [f"{row} = {json.dumps(tests, indent=4)}" for row, tests in SUITE.items()]
    for case in CASES:
        out += ["", "[[file]]", f"name = {json.dumps(case.name)}", f'attack = "{case.attack}"']
        if case not in CONTENTS:  # what is packed depends on the library that packs it
            data = case.data()
            out += [f"bytes = {len(data)}", f'sha256 = "{hashlib.sha256(data).hexdigest()}"']
        out.append(f'refused = "{case.code}"' if case.code else f"added = {case.added}\nrejected = {case.rejected}")
    return "\n".join(out) + "\n"


if __name__ == "__main__":
    FILE.write_text(text(), "utf-8")

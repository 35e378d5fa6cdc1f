"""File names made from any text: they stay in their folder on every system and read as they are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core import file_names


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Reyes Design", "Reyes Design.csv"),
        ("../../etc/passwd", "-..-etc-passwd.csv"),
        ("..\\..\\Windows", "-..-Windows.csv"),
        ("C:evil", "C-evil.csv"),
        ("CON", "_CON.csv"),
        ("com1.old", "_com1.old.csv"),
        ("", "file.csv"),
        (" . .. ", "file.csv"),
        ("\u202egnp\u2066", "gnp.csv"),
        ("a\x00b\x1b[31m\nc", "ab[31m c.csv"),
        ("Größe · 日本", "Größe · 日本.csv"),
        ("e\u0301", "é.csv"),
        ('a<b>"c|d?e*', "a-b--c-d-e-.csv"),
        ("x" * 500, "x" * 196 + ".csv"),
        ("日" * 500, "日" * 65 + ".csv"),
    ],
)
def test_a_name_made_from_a_text(text: str, name: str) -> None:
    assert file_names.safe_name(text, suffix=".csv") == name


@given(st.text(max_size=300), st.sampled_from(["", ".csv", ".opsbak"]))
def test_a_made_name_has_no_trouble(text: str, suffix: str) -> None:
    name = file_names.safe_name(text, suffix=suffix)
    assert file_names.trouble_with(name) is None
    assert len(name.encode()) <= file_names.LONGEST + 1
    assert name == file_names.safe_name(text, suffix=suffix)


@given(st.sampled_from(sorted(file_names.RESERVED)), st.sampled_from(["", ".txt", ".tar.gz", " .txt"]))
def test_a_device_is_known_with_any_ending(name: str, ending: str) -> None:
    assert file_names.is_reserved(name.upper() + ending)
    assert file_names.trouble_with(name + ending.strip()) is not None


@pytest.mark.parametrize("text", ["run.exe", "x.desktop", "go.sh"])
def test_a_made_name_is_no_program(text: str) -> None:
    assert file_names.ending(file_names.safe_name(text)) not in file_names.PROGRAMS

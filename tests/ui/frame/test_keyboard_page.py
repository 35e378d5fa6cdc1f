"""docs/keyboard.md lists what the window does: it is made from the commands, and checked against them here."""

from __future__ import annotations

from pathlib import Path

from app.ui.frame.actions import SPECS, Spec
from app.ui.frame.pages import PAGES

PAGE = Path(__file__).parents[3] / "docs" / "keyboard.md"
"""Written anew by running this file: python tests/ui/frame/test_keyboard_page.py."""

HEAD = """# Keys of the window

Every command is in the menus and in the palette (Ctrl+K) too. On macOS Ctrl is Cmd. Alt shows the menu bar on Windows
and Linux while it is held; the name of the program at the top left opens the same menus.

Single letters act only while the list of their page has the focus, and can be switched off under Settings, Keys.
Esc closes what lies over the window, or the details of a narrow window; Tab leaves lists and tables.

This page is made from the list of commands (`app/ui/frame/actions.py`); a test keeps the two alike.
"""


def written() -> str:
    """Return the page as it should stand."""
    parts = [HEAD]
    for page, title in [(None, "Everywhere"), *((entry.id, entry.title) for entry in PAGES)]:
        rows = [spec for spec in SPECS if spec.page == page and spec.keys and not spec.id.startswith("today.choose")]
        if page == "today":
            rows.insert(2, Spec(id="", text="Take choice 1 to 9", keys=("1", "9")))
        if rows:
            lines = [f"| {_keys(spec)} | {spec.text.rstrip('…')} |" for spec in rows]
            parts.append("\n".join([f"## {title}", "", "| key | what it does |", "| --- | --- |", *lines]) + "\n")
    return "\n".join(parts)


def _keys(spec: Spec) -> str:
    if spec.text == "Take choice 1 to 9":
        return "`1` to `9`"
    return ", ".join(f"`{key.replace('Return', 'Enter')}`" for key in spec.keys)


def test_the_page_of_keys_says_what_the_window_does() -> None:
    assert PAGE.read_text("utf-8") == written(), "write it anew: python tests/ui/frame/test_keyboard_page.py"


if __name__ == "__main__":
    PAGE.write_text(written(), "utf-8")

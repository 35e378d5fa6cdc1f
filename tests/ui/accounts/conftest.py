from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from services.conftest import ofx  # noqa: F401 - used by pytest
from ui.conftest import create

SAMPLE = Path(__file__).parents[3] / "resources" / "sample"
CARD_HEAD = "Transaction Date,Post Date,Description,Category,Type,Amount,Memo"
ODD = b"wann;wer;hin;her\n2026-01-15;Staples;45,10;\n2026-01-16;Acme 4111111111111111;;2000,00\n"
EITHER = b"Date,Description,Amount\n01/02/2026,STAPLES 0041,-45.10\n01/06/2026,DELTA AIR,-300.00\n"


@pytest.fixture
def opened(qtbot: Any, window: Any, settle: Callable[[Any], None]) -> Any:
    """The page Accounts over the sample books, its list with the keyboard."""
    return open_page(qtbot, window, settle)


@pytest.fixture
def empty(qtbot: Any, make_window: Callable[[Path], Any], tmp_path: Path, settle: Callable[[Any], None]) -> Any:
    """The page over books without a single account."""
    home = tmp_path / "empty"
    create(home).close()
    shown = make_window(home)
    with qtbot.waitSignal(shown.session.state_changed, timeout=20_000):
        shown.session.unlock("violet anchor harvest tundra 41", lambda: None, shown.fail)
    settle(shown)
    return open_page(qtbot, shown, settle)


def open_page(qtbot: Any, window: Any, settle: Callable[[Any], None]) -> Any:
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    window.go("accounts")
    settle(window)
    return window.shell.page


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, bytes | str], Path]:
    """Writes a file as a bank would give it."""
    folder = tmp_path / "downloads"
    folder.mkdir()

    def written(name: str, data: bytes | str) -> Path:
        path = folder / name
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
        return path

    return written


@pytest.fixture
def card_file(write: Callable[[str, bytes | str], Path]) -> Path:
    """A later download of the sample's card: two new rows, one broken, ten that are there already."""
    there = next(SAMPLE.glob("Chase4417*")).read_text().splitlines()[1:11]
    new = ["11/21/2026,11/22/2026,FIGMA MONTHLY RENEWAL,Shopping,Sale,-15.00,",
           "11/20/2026,11/21/2026,LYFT *RIDE SUN 4PM,Travel,Sale,-21.48,"]  # fmt: skip
    broken = "11/20/2026,99/99/2026,LYFT *RIDE,Travel,Sale,-x,"
    return write("Chase4417_Activity_later.CSV", "\n".join([CARD_HEAD, *new, broken, *there, ""]))


@pytest.fixture
def window_of() -> Callable[[Any], Any]:
    """Returns the window of a page."""
    return lambda page: page.window()

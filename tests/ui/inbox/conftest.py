"""Today on the real window with the sample's books, its list in front of the keyboard."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest


@pytest.fixture
def today(window: Any, settle: Callable[[Any], None]) -> Any:
    window.activateWindow()
    page = window.shell.page
    page.list.setFocus()
    settle(window)
    return page

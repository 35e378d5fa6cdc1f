"""Files that come from outside the window: dropped on it, or handed over by a second start."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData

from app.core.errors import Refused

MOST_FILES = 200
"""Files looked at in one go: each gets a card."""
_LONGEST_LIST = 4 << 20
"""Bytes of a list of places that is not even taken apart."""


def paths_in(data: QMimeData) -> list[Path] | None:
    """Return the files of this computer that are dropped, none for anything else; None when the list is endless."""
    if data.hasFormat("text/uri-list") and data.data("text/uri-list").size() > _LONGEST_LIST:
        return None
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile() and url.toLocalFile()]


def refuse_too_many(paths: list[Path] | None) -> list[Path]:
    """Return the files if they can be looked at. Raises: Refused."""
    if paths is None or len(paths) > MOST_FILES:
        many = "These" if paths is None else f"{len(paths):,} files"
        raise Refused(
            f"{many} are more than can be looked at at once.",
            f"Choose at most {MOST_FILES}, or import them with the command line.",
        )
    return paths

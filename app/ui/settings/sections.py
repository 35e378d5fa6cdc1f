"""The sections of the settings, in their order."""

from __future__ import annotations

from typing import NamedTuple


class Entry(NamedTuple):
    id: str
    title: str
    icon: str


SECTIONS = (
    Entry("profile", "Profile and tax", "person"),
    Entry("rules", "Your rules", "tag"),
    Entry("appearance", "Appearance", "eye"),
    Entry("keys", "Keys", "command"),
    Entry("security", "Security", "shield"),
    Entry("backups", "Backups", "database"),
    Entry("privacy", "Privacy and data", "eye-off"),
    Entry("about", "About", "info"),
)

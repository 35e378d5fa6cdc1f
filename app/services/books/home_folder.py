"""Names of what lies in the folder of the books beside their files."""

from __future__ import annotations

ERASING = "erasing"
"""The file that says an erasure of everything was begun."""

FOLDERS = ("backups", "receipts", "logs", "exports")

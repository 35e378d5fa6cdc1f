"""The one way to the disk: files that are never half written, readable by others, or something else than files.

`writing` makes files appear whole or not at all, `places` holds the folders they appear in, `reading` takes only what
is a file and not too large, `archives` looks into ZIP files. A test refuses every other module that opens files.
"""

from __future__ import annotations

from app.adapters.safe_files.appending import Appender
from app.adapters.safe_files.places import PART_SUFFIX, folder, private_folder, remove_parts, sync_folder, tidy
from app.adapters.safe_files.reading import MAX_LINE, open_regular, read_fd, read_limited, read_passphrase_file
from app.adapters.safe_files.troubles import plain_errors, shown
from app.adapters.safe_files.writing import (
    as_text,
    become,
    new_empty,
    new_file,
    overwrite,
    refuse_name,
    remove,
    remove_folder,
    rename_new,
    shred,
    temporary_folder,
    temporary_folders,
    workplace,
    write_atomic,
    write_fd,
    writing,
    writing_text,
)

__all__ = [
    "MAX_LINE",
    "PART_SUFFIX",
    "Appender",
    "as_text",
    "become",
    "folder",
    "new_empty",
    "new_file",
    "open_regular",
    "overwrite",
    "plain_errors",
    "private_folder",
    "read_fd",
    "read_limited",
    "read_passphrase_file",
    "refuse_name",
    "remove",
    "remove_folder",
    "remove_parts",
    "rename_new",
    "shown",
    "shred",
    "sync_folder",
    "temporary_folder",
    "temporary_folders",
    "tidy",
    "workplace",
    "write_atomic",
    "write_fd",
    "writing",
    "writing_text",
]

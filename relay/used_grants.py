"""Which device used which grant, on the disk of a relay that is alone: a restart must not make a licence good again.

One small file for each, named by a hash, until the grant itself ends. With Redis, that is where they are kept.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from anyio import to_thread

from relay.results import Folder

_FOLDER = "grants"
_MOST = 100_000


class _Grants(Folder):
    """Files whose time of change is the end of their grant."""

    def _holds(self, state: os.stat_result) -> bool:
        return self._clock() < state.st_mtime


class UsedGrants:
    def __init__(self, state_dir: Path) -> None:
        self._parent, self._folder = Folder(state_dir), _Grants(state_dir / _FOLDER, most=_MOST)
        self._is_open = False

    def trouble(self) -> str:
        """Return why nothing can be kept, or nothing."""
        return self._parent.trouble() or (self._folder.trouble() if self._parent.is_there() else "")

    async def first(self, number: str, thumbprint: str, ends: int) -> str:
        """Return which device used a grant first, on the disk when this returns. Raises: OSError.

        The caller sees to it that a grant is asked for by one at a time.
        """
        return await to_thread.run_sync(self._first, hashlib.sha256(number.encode()).hexdigest(), thumbprint, ends)

    def _first(self, name: str, thumbprint: str, ends: int) -> str:
        if not self._is_open:
            self._parent.open()
            self._folder.open()
            self._is_open = True
        found = self._folder.read(name)
        if found is None:
            self._folder.sweep()
            self._folder.write(name, thumbprint.encode("ascii"), ends=ends)
            return thumbprint
        return found.decode("ascii")

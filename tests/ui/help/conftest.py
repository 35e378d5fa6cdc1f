from __future__ import annotations

from ui.doors import stand_ins  # noqa: F401 - used by pytest

"""Words by which readers of files mark what they put into a row's memo, so that it is found again there."""

from __future__ import annotations

SPLIT = "Split: "
"""Before the parts of a row that a file gives."""
GIVES_BACK = "gives back "
"""Before the processor's own id of the row that this one gives back."""

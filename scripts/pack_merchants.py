"""Pack the tables of merchants: resources/merchants/*.packed, the form that is read fastest. Run after every change.

    python scripts/pack_merchants.py

The same tables make the same bytes; a test holds the packed files equal to what the tables make.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT)]

from app.services.classify import knowledge  # noqa: E402 - the path is set above


def main() -> int:
    for name, data in knowledge.packed().items():
        target = ROOT / "resources" / name
        target.write_bytes(data)
        print(f"{target.name}: {len(data)} bytes")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

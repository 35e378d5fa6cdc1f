"""Write the sample files and their truth anew: `python scripts/make_sample.py`. Seeded: equal bytes every time."""

from __future__ import annotations

import json
import sys
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    sys.path.insert(0, str(ROOT / "tests"))
    make = import_module("generator.sample").make_sample  # importable only after the line above

    files, truth = make()
    folder = ROOT / "resources" / "sample"
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        (folder / name).write_bytes(data)
        sys.stdout.write(f"{name}: {len(data)} bytes\n")
    answers = json.dumps(truth, indent=1, ensure_ascii=False) + "\n"
    (ROOT / "tests" / "data" / "sample-truth.json").write_text(answers, encoding="utf-8")


if __name__ == "__main__":
    main()

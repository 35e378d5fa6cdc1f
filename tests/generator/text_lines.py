"""Lines of a file that know their number, also when a quoted field holds a line break."""

from __future__ import annotations


class Lines:
    def __init__(self, end: str = "\n") -> None:
        self.parts: list[str] = []
        self.next = 1
        self.end = end

    def put(self, text: str) -> int:
        at = self.next
        self.parts.append(text + self.end)
        self.next += text.count("\n") + 1
        return at

    def bytes(self, mark: bytes = b"") -> bytes:
        return mark + "".join(self.parts).encode()


def thousands(cents: int) -> str:
    return ("-" if cents < 0 else "") + f"{abs(cents) // 100:,}.{abs(cents) % 100:02d}"

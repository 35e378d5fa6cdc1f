"""What a question of the inbox, and the answer to it, is made of."""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import blake2b

from app.core.books.vocabulary import LINES, NO_LINE, Kind
from app.core.money import WHOLE
from app.store.transactions import Listed

ALWAYS, ASK_EACH_TIME, ONLY_THIS = "always", "ask_each_time", "only_this"
"""For what an answer is taken: see `Answered.mode`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    n: int
    label: str
    kind: str
    line: str
    percent: int = WHOLE
    confidence: int = 0
    pair: tuple[int, int] | None = None
    pairs: tuple[tuple[int, int], ...] = ()
    """All pairs of one amount that arrived in parts: they are linked together."""
    payment: tuple[str, int] | None = None
    """(type, year) of a tax payment."""
    jurisdiction: str | None = None
    """Whom a tax payment went to, where its text does not say."""
    parts: tuple[tuple[int, str, str, int], ...] = ()
    """(cents, kind, line, percent) of each part, where the answer splits the row."""


@dataclass(slots=True, kw_only=True)
class Item:
    """One question about one or more rows. The id stays while the question stands."""

    id: str
    type: str
    rows: list[Listed]
    question: str
    choices: list[Choice]
    reason: str
    evidence: list[str] = field(default_factory=list)
    merchant_key: str = ""
    stake_cents: int = 0
    """By how much the answer can change net profit; of a tax payment, the tax. It orders the inbox."""

    @property
    def amount_cents(self) -> int:
        """What its rows move, without signs: it orders questions of equal stake."""
        return sum(abs(row.cents) for row in self.rows)

    @property
    def is_about_pairs(self) -> bool:
        """Whether the choices are rows that may belong together, not kinds and lines."""
        return self.type == "transfer" or any(choice.pair for choice in self.choices)

    @property
    def takes_any_line(self) -> bool:
        """Whether a kind and line that is not among the choices may be given."""
        return self.type not in {"currency", "tax_payment", "duplicate"} and not self.is_about_pairs


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    choice: int | None = None
    kind: str | None = None
    line: str | None = None
    percent: str | None = None
    """It goes with a choice too."""
    usd_cents: int | None = None
    rate: str | None = None
    """US dollars for one unit of the row's currency, instead of `usd_cents`."""
    source: str | None = None
    """Where the dollars or the rate are from; kept in the row's note."""
    mode: str | None = ONLY_THIS
    """None: as `usual_mode` says."""


def id_of(*parts: object) -> str:
    """Return the same short id for the same parts: a question keeps it while it stands."""
    return blake2b("\x1f".join(map(str, parts)).encode(), digest_size=6).hexdigest()


def plain_name(kind: str, line: str, percent: int = WHOLE) -> str:
    """Return the words for a kind and a line: `Office expense (line 18)`."""
    from app.core.money import rate_text  # noqa: PLC0415

    words = kind.replace("_", " ").capitalize()
    if line != NO_LINE:
        number = f"line {line[1:]}" if line.startswith("C") else "Schedule 1"
        words = f"{'Refund of ' if kind == Kind.REFUND else ''}{LINES[line]} ({number})"
    return words if percent == WHOLE else f"{words}, {rate_text(percent)} % business"

"""What books held when they were backed up: enough to tell whether a restored copy holds the same."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Total(NamedTuple):
    """The rows of one account in one year: how many, and their sum."""

    year: int
    account_id: int
    rows: int
    cents: int


class Compared(NamedTuple):
    """One thing that was compared. `what` is a short phrase for people."""

    what: str
    expected: str
    found: str

    @property
    def equal(self) -> bool:
        return self.expected == self.found


class Facts(NamedTuple):
    tables: Mapping[str, int]
    totals: tuple[Total, ...]
    audit_seq: int
    audit_mac: str

    @property
    def rows(self) -> int:
        """How many transactions there are."""
        return self.tables.get("transactions", 0)

    def body(self) -> dict[str, object]:
        """Return it as JSON can hold it."""
        return {
            "tables": dict(self.tables),
            "totals": [list(total) for total in self.totals],
            "audit": [self.audit_seq, self.audit_mac],
        }

    @classmethod
    def from_body(cls, body: Mapping[str, object]) -> Facts:
        """Return what `body` wrote; its bytes were authentic, so nothing is checked again."""
        tables, totals, audit = body["tables"], body["totals"], body["audit"]
        assert isinstance(tables, dict)
        assert isinstance(totals, list)
        assert isinstance(audit, list)
        return cls(dict(tables), tuple(Total(*total) for total in totals), int(audit[0]), str(audit[1]))


def compare(expected: Facts, found: Facts) -> list[Compared]:
    """Return everything that was compared, equal or not: tables, totals of each account and year, the audit log."""
    compared = [
        Compared(f"rows of {name}", f"{expected.tables.get(name, 0):,}", f"{found.tables.get(name, 0):,}")
        for name in sorted({*expected.tables, *found.tables})
    ]
    before = {(total.year, total.account_id): total for total in expected.totals}
    after = {(total.year, total.account_id): total for total in found.totals}
    compared.extend(
        Compared(
            f"total {year}, account {account}", _told(before.get((year, account))), _told(after.get((year, account)))
        )
        for year, account in sorted({*before, *after})
    )
    compared.append(
        Compared(
            "newest audit entry",
            f"{expected.audit_seq:,} {expected.audit_mac}",
            f"{found.audit_seq:,} {found.audit_mac}",
        )
    )
    return compared


def _told(total: Total | None) -> str:
    if total is None:
        return "none"
    sign = "-" if total.cents < 0 else ""
    return f"{total.rows:,} rows, {sign}{abs(total.cents) // 100:,}.{abs(total.cents) % 100:02d}"

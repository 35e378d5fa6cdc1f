"""What the tables of a pack say, gathered row by row and compared with each other and with the manifest.

No total of a file is believed: lines, entries, balances and the results of the form are added up again from its rows.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from typing import Any, NamedTuple

from app.core.books.vocabulary import PROFIT_LINES
from app.core.report.lines import BOOKED
from app.core.report.pack import (
    LEDGER,
    QUESTIONS,
    TRANSACTIONS,
    TRIAL_BALANCE,
    TRIAL_WITH_LINES,
    WORKSHEET,
    worksheet,
)
from app.core.report.schedule_c import LineSum, schedule_c

AMOUNT = re.compile(r"-?\d{1,16}\.\d{2}")
LINE_ACCOUNT = re.compile(r"(?:Income|Expenses): (C\w+) ")
POSTING = re.compile(r" +(?:Income|Expenses):(C\w+)[ -][^\t]*?  (-?\d{1,16}\.\d{2}) USD")
"""A posting to a line of the form, in either journal."""


class Check(NamedTuple):
    """One thing that was looked at."""

    name: str
    ok: bool
    detail: str


class Trouble(Exception):
    """A file of the pack cannot be what it claims; the text says why."""


def check(name: str, troubles: list[str], detail: str = "as stated") -> Check:
    return Check(name, not troubles, "; ".join(troubles[:5]) if troubles else detail)


class Figures:
    """What the files say, gathered while they are read once."""

    def __init__(self) -> None:
        self.by_line: dict[str, dict[str, int]] = {
            name: defaultdict(int) for name in (WORKSHEET, TRANSACTIONS, LEDGER, TRIAL_BALANCE)
        }
        self.form_results: dict[str, int] = {}
        self.ledger_accounts: dict[str, int] = defaultdict(int)
        self.ledger_entries: dict[str, int] = defaultdict(int)
        self.running_wrong = 0
        self.trial_accounts: dict[str, int] = {}
        self.mapped_accounts: dict[str, int] | None = None
        self.questions = 0

    def take(self, name: str, row: dict[str, str]) -> None:
        if name == WORKSHEET:
            self._worksheet(row)
        elif name == TRANSACTIONS:
            if row["review_status"] in BOOKED and row["schedule_c_line"] in PROFIT_LINES:
                self.by_line[name][row["schedule_c_line"]] += cents_of(row["business_amount"])
        elif name == LEDGER:
            amount = cents_of(row["debit"]) - cents_of(row["credit"])
            self.ledger_accounts[row["account"]] += amount
            self.ledger_entries[row["entry_id"]] += amount
            self.running_wrong += self.ledger_accounts[row["account"]] != cents_of(row["balance"])
            self._line_account(name, row["account"], amount)
        elif name == TRIAL_BALANCE:
            amount = cents_of(row["debit"]) - cents_of(row["credit"])
            if row["account"] in self.trial_accounts:
                raise Trouble("an account is there twice")
            self.trial_accounts[row["account"]] = amount
            self._line_account(name, row["account"], amount)
        elif name == TRIAL_WITH_LINES:
            self._mapped(row)
        elif name == QUESTIONS:
            self.questions += 1

    def take_journal(self, name: str, text: str) -> None:
        """Add up the lines of the form from a journal's postings."""
        by_line = self.by_line[name] = defaultdict(int)
        for posting in text.splitlines():
            match = POSTING.fullmatch(posting)
            if match:
                by_line[match[1]] -= cents_of(match[2])

    def _mapped(self, row: dict[str, str]) -> None:
        amount = cents_of(row["debit"]) - cents_of(row["credit"])
        match = LINE_ACCOUNT.match(row["account"])
        if row["schedule_c_line"] != (match[1] if match else ""):
            raise Trouble("an account stands on another line")
        if self.mapped_accounts is None:
            self.mapped_accounts = {}
        self.mapped_accounts[row["account"]] = amount

    def _worksheet(self, row: dict[str, str]) -> None:
        if row["line"]:
            self.by_line[WORKSHEET][row["line"]] += cents_of(row["amount"])
        else:
            self.form_results[row["printed_line"]] = cents_of(row["amount_on_form"])

    def _line_account(self, name: str, account: str, amount: int) -> None:
        match = LINE_ACCOUNT.match(account)
        if match:
            self.by_line[name][match[1]] -= amount


def cents_of(text: str) -> int:
    """Return the cents of an amount cell; an empty cell is nothing. Raises: Trouble."""
    if not text:
        return 0
    if not AMOUNT.fullmatch(text):
        raise Trouble("an amount is no number of dollars and cents")
    return int(text.replace(".", ""))


def figure_checks(stated: Mapping[str, Any], figures: Figures) -> list[Check]:
    """Compare the files with each other: lines, net profit, entries, balances."""
    lines: dict[str, int] = stated["lines"]
    checks = []
    for name, by_line in figures.by_line.items():
        codes = sorted(code for code in set(lines) | set(by_line) if lines.get(code, 0) != by_line.get(code, 0))
        checks.append(check(f"lines {name}", [f"{code} differs" for code in codes], "equal to the manifest"))
    form = schedule_c(int(stated["period"]["from"][:4]), {code: LineSum(cents) for code, cents in lines.items()},
                      stated.get("worked"))  # fmt: skip
    results = {str(row[1]): row[6] for row in worksheet(form).rows if not row[0]}
    troubles = [] if stated["net_profit_cents"] == form.net_profit_cents else ["the manifest's differs from its lines"]
    troubles += [f"line {number} differs" for number in results if results[number] != figures.form_results.get(number)]
    checks.append(check("net profit", troubles, "manifest, lines and worksheet are equal"))
    loose = [entry for entry, cents in figures.ledger_entries.items() if cents]
    checks.append(check("ledger entries", [f"entry {entry} does not balance" for entry in loose], "all balance"))
    checks.append(check("running balances", ["they do not add up"] if figures.running_wrong else [], "add up"))
    out = sum(figures.trial_accounts.values())
    checks.append(check("trial balance", [f"out by {out} cents"] if out else [], "debits equal credits"))
    # An account without entries stands in the trial balance alone, with nothing.
    stated_accounts = {
        name: cents for name, cents in figures.trial_accounts.items() if cents or name in figures.ledger_accounts
    }
    same = stated_accounts == dict(figures.ledger_accounts)
    checks.append(check("trial balance against ledger", [] if same else ["accounts or balances differ"], "equal"))
    if figures.mapped_accounts is not None:
        same = figures.mapped_accounts == figures.trial_accounts
        checks.append(check("trial balance with tax lines", [] if same else ["it differs"], "equal"))
    asked = figures.questions == stated["open_questions"]
    checks.append(check("open questions", [] if asked else ["their number differs"], f"{figures.questions} listed"))
    return checks

"""The words of the books: kinds, Schedule C lines, accounts, roles.

Source: design words of the product; line letters and numbers are those of Schedule C (Form 1040), 2024 to 2026. `C27`
is an internal code: its printed number changes by year and is data (resources/tax).
"""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """What a bank row is."""

    INCOME = "income"
    EXPENSE = "expense"
    PERSONAL = "personal"
    TRANSFER = "transfer"
    REFUND = "refund"
    CARD_PAYMENT = "card_payment"
    TAX_PAYMENT = "tax_payment"
    OWNER_DRAW = "owner_draw"
    OWNER_CONTRIBUTION = "owner_contribution"
    LOAN = "loan"
    WAGES = "wages"
    INTEREST = "interest"


class Status(StrEnum):
    """How far a row is settled. Booked = auto + confirmed."""

    AUTO = "auto"
    CONFIRMED = "confirmed"
    SUGGESTED = "suggested"
    DELETED = "deleted"


class AccountKind(StrEnum):
    CHECKING = "checking"
    SAVINGS = "savings"
    CREDIT = "credit"
    PAYPAL = "paypal"
    STRIPE = "stripe"
    SQUARE = "square"
    VENMO = "venmo"
    CASHAPP = "cashapp"
    WISE = "wise"
    ETSY = "etsy"
    UPWORK = "upwork"
    PAYONEER = "payoneer"
    CASH = "cash"
    LOAN = "loan"
    OTHER = "other"


class Role(StrEnum):
    """Whose money lies in an account."""

    BUSINESS = "business"
    PERSONAL = "personal"
    MIXED = "mixed"
    RESERVE = "reserve"


_OF_A_TRADE = frozenset({AccountKind.STRIPE, AccountKind.SQUARE, AccountKind.ETSY, AccountKind.UPWORK})


def usual_role(kind: str) -> Role:
    """Return whose money such an account holds until a person says: nobody keeps a shop's till for private money."""
    return Role.BUSINESS if kind in _OF_A_TRADE else Role.MIXED


class VehicleMethod(StrEnum):
    """How a vehicle's costs count in a year: by the mile, or as they are."""

    STANDARD = "standard"
    ACTUAL = "actual"


class Profession(StrEnum):
    DESIGNER = "designer"
    PHOTOGRAPHER = "photographer"
    CONTRACTOR = "contractor"
    THERAPIST = "therapist"
    SOFTWARE_CONSULTANT = "software_consultant"
    RIDESHARE_DRIVER = "rideshare_driver"
    OTHER = "other"


class FilingStatus(StrEnum):
    SINGLE = "single"
    MFJ = "mfj"
    MFS = "mfs"
    HOH = "hoh"
    QSS = "qss"


NO_LINE = "NONE"

LINES: dict[str, str] = {
    "C1": "Gross receipts or sales",
    "C2": "Returns and allowances",
    "C4": "Cost of goods sold",
    "C36": "Purchases for resale",
    "C37": "Cost of labor",
    "C38": "Materials and supplies for goods",
    "C39": "Other costs of goods",
    "C6": "Other business income",
    "C8": "Advertising",
    "C9": "Car and truck expenses",
    "C9A": "Vehicle actual costs",
    "C9P": "Parking and tolls",
    "C9M": "Mileage deduction",
    "C10": "Commissions and fees",
    "C11": "Contract labor",
    "C12": "Depletion",
    "C13": "Depreciation and section 179",
    "C14": "Employee benefit programs",
    "C15": "Insurance (other than health)",
    "C16a": "Mortgage interest",
    "C16b": "Other interest",
    "C17": "Legal and professional services",
    "C18": "Office expense",
    "C19": "Pension and profit-sharing plans",
    "C20a": "Rent: vehicles, machinery, equipment",
    "C20b": "Rent: other business property",
    "C21": "Repairs and maintenance",
    "C22": "Supplies",
    "C23": "Taxes and licenses",
    "C24a": "Travel",
    "C24b": "Meals",
    "C25": "Utilities",
    "C26": "Wages",
    "C27": "Other expenses",
    "C30": "Business use of home",
    "S1_HEALTH": "Self-employed health insurance",
    "S1_RETIRE": "Self-employed retirement plans",
    "S1_OTHER": "Other income (Schedule 1)",
    NO_LINE: "No Schedule C line",
}
"""Every line code with its plain name."""

INCOME_LINES = frozenset({"C1", "C2", "C6"})
"""Lines that add to gross income; C2 holds negative amounts."""

PROFIT_LINES = frozenset(code for code in LINES if code.startswith("C"))
"""Lines that enter net profit (line 31)."""

PROFIT_KINDS = frozenset({Kind.INCOME, Kind.EXPENSE, Kind.REFUND})
"""Kinds whose rows may stand on a Schedule C line."""

OUTSIDE_INCOME_KINDS = frozenset(
    {
        Kind.TRANSFER,
        Kind.CARD_PAYMENT,
        Kind.OWNER_DRAW,
        Kind.OWNER_CONTRIBUTION,
        Kind.LOAN,
        Kind.TAX_PAYMENT,
        Kind.PERSONAL,
        Kind.WAGES,
        Kind.INTEREST,
    }
)
"""Kinds that are in no Schedule C line (cli contract, What counts)."""


def line_on_form(code: str) -> str:
    """Return the Schedule C line a sub-line is printed on (C9A -> C9, C36 -> C4)."""
    if code in {"C9A", "C9P", "C9M"}:
        return "C9"
    if code in {"C36", "C37", "C38", "C39"}:
        return "C4"
    return code

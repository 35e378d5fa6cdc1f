"""What the books of a household must be told beside a tax figure, near a line of the law."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from app.core.tax import cautions, profile
from app.core.tax.cautions import CreditEnd, PovertyLine
from app.core.tax.model import Household, Result
from app.services.bank import bank_history
from app.services.books.open_books import Books
from app.services.classify import knowledge
from app.services.tax.tax_rules import TaxRules


@cache
def _poverty_lines() -> dict[int, PovertyLine]:
    return cautions.load_poverty_lines(knowledge.premium_credit())


def said(values: Mapping[str, str], rules: TaxRules, household: Household, result: Result) -> tuple[str, ...]:
    """Return the sentences for the return of a household; `values` is its profile."""
    end = credit_end(values, household, result)
    notes = () if end is None else (cautions.credit_end_note(end),)
    return (*notes, *cautions.specified_service(household, rules.figures, result))


def credit_end(values: Mapping[str, str], household: Household, result: Result) -> CreditEnd | None:
    """Return how far the end of the premium credit is; None without such insurance, or in a year without that end."""
    if values.get("marketplace_insurance") != "yes":
        return None
    return cautions.credit_end(_poverty_lines(), household, values.get("state") or "", result)


_LOADING = "is still giving its history"


def loading(books: Books) -> tuple[str, ...]:
    """Return a sentence for each linked bank whose rows of the past are not all here: yearly figures lack them."""
    banks = bank_history.unfinished(books)
    return tuple(f"{bank} {_LOADING}: what has not come yet is in no figure of a year." for bank in banks)


def warnings(assumptions: tuple[str, ...]) -> tuple[str, ...]:
    """Return those of the assumptions that must not be overlooked: the figure is too low by something unknown."""
    return tuple(note for note in assumptions if note == profile.ADVANCE_CREDIT or f" {_LOADING}:" in note)

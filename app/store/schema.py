"""Every table of the books, in exactly one of four lists. A test fails when a table stands in none or two."""

from __future__ import annotations

BOOKS = (
    "business",
    "profile",
    "account",
    "imported_file",
    "transactions",
    "source_row",
    "decision",
    "part",
    "link",
    "rule",
    "answer",
    "tax_payment",
    "mapping",
    "sealed_year",
    "business_year",
    "vehicle",
    "vehicle_year",
    "asset",
    "asset_year",
    "home_office",
    "home_office_year",
    "set_aside_shown",
    "tax_override",
    "payer",
    "payer_apart",
    "expected_payment",
    "form_1099",
    "bank_connection",
    "bank_account",
    "bank_row",
    "bank_setting",
)
"""Facts and decisions: journalled, undone and redone by the store."""

DERIVED = ("label", "row_label", "pair", "month_total")
"""Made of facts and decisions; a rebuild gives the same rows."""

RECORDS = (
    "descriptor",
    "outcome",
    "merchant",
    "operation",
    "made",
    "journal",
    "image_columns",
    "op_now",
    "op_start",
    "migration",
    "audit",
    "audit_segment",
    "row_digest",
    "pack",
    "backup_made",
    "erasure",
    "egress",
    "bank_state",
)
"""Append-only or working tables; no undo."""

SECRET: tuple[str, ...] = ("erasure_request", "bank_secret")
"""No journal, no export, no diagnostics."""

TRANSACTION_COLUMNS = {
    "transactions": ("id",),
    "decision": ("transaction_id",),
    "part": ("transaction_id",),
    "link": ("first_id", "second_id"),
}
"""Books tables whose rows change what a transaction counts as, with the columns that name transactions."""

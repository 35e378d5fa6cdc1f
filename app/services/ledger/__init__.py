"""Accounts and their rows: to find, to show, to change."""

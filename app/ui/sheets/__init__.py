"""Sheets and pickers that several pages open."""

"""Backups: made, listed, proved, tried, and put back."""

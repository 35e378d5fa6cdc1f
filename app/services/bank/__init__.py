"""Linked banks: the way to the relay, linking, reading what is new, leaving, and what is kept of each."""

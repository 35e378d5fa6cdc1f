"""Whether the books are whole, and what can be done where they are not."""

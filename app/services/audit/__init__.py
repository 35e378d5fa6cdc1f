"""The log of what was done with the books: its chain, its seals, and what holds its newest entry outside them."""

"""Bank files into the books: read, shown before, matched to an account, brought in once."""

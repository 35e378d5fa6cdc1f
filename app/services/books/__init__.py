"""The open books and the one flow of every change: opening, keeping, undoing, what was done."""

"""The inbox: which questions are open, what their answers change, and what becomes of an answer."""

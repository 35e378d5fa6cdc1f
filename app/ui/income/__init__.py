"""The page Income: who paid, what is to come, and the forms 1099 against the books."""

"""Who pays: payers, what is expected of them, and the forms they send."""

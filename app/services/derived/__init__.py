"""What follows from facts and decisions: labels of groups and rows, movements, money given back."""

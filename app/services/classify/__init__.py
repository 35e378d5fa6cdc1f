"""What a row is: the engine with what a person taught it, their rules, and why it decided so."""

"""What goes to an accountant: Schedule C, the reports, the pack and the checks before it."""

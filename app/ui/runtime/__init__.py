"""What the window runs on: threads, one instance a home, the idle lock, and the last line of defence."""

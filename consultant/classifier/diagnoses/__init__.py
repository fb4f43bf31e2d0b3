"""The conditions that a letter names, and what is said of each."""

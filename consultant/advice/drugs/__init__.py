"""What was given, how, how long and how much of it."""

"""On which side, in which place: of the letter, and of its lines."""

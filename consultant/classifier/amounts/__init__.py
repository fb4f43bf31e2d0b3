"""Whose number is it? What a letter counts, given to the code or the family that it counts for."""

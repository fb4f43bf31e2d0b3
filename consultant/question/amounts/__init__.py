"""What a letter counts or measures: numbers and what they are of."""

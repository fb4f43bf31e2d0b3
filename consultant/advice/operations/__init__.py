"""Operations: who did them, when, at which part of the body, and how many."""

LONGEST = 3000  # characters of a letter that rules on its words look through

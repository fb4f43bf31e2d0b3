"""Operations: who did them, when, at which part of the body, and how many."""

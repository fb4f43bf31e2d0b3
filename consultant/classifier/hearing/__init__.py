"""Words: a letter and the phrases of the knowledge as rows of words, and how one is heard in the other."""

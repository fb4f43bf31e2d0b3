"""What is known: one immutable, versioned file, built from sources, opened read-only by every process."""

from consultant.codebook.build import BookInfo, BuildError, build
from consultant.codebook.checking import verify
from consultant.codebook.lookup import Lookup, Standing
from consultant.codebook.schema import SourceInfo
from consultant.codebook.store import Codebook, NoCodebook, current, open_book

__all__ = [
    "BookInfo",
    "BuildError",
    "Codebook",
    "Lookup",
    "NoCodebook",
    "SourceInfo",
    "Standing",
    "build",
    "current",
    "open_book",
    "verify",
]

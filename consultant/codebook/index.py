"""The search index of an open book, read where it lies: `indexing.py` says what is in it."""

from __future__ import annotations

import json
import mmap
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from consultant.codebook import indexing, spelling, told
from consultant.codebook.told import NONE
from consultant.codebook.words import stem
from consultant.vocabulary import System

Rows = Callable[..., list[tuple[Any, ...]]]

_UNKNOWN = 0.5  # what an unknown word weighs, as a share of the rarest known one
_WIDTH = told.SEGMENTS + 1
_CURRENT_ICD = indexing.segment(System.ICD10CM, ended=False)


class Wording(NamedTuple):
    """A surface read: its terms, those in brackets last, and what the others weigh."""

    terms: list[int]
    weight: float
    circumstances: int


class Index:
    """Reads from the tables by `rows(sql, *values)` and from the arrays behind them. Safe to share between threads."""

    def __init__(self, rows: Rows, path: Path) -> None:
        self._rows = rows
        ((directory,),) = rows("SELECT value FROM meta WHERE name = 'index'")
        ((pages,),), ((size,),) = rows("PRAGMA page_count"), rows("PRAGMA page_size")
        with path.open("rb") as file:
            self._mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        whole = memoryview(self._mapped)[pages * size :]
        laid = json.loads(directory)
        self.starts: list[int] = laid["starts"]
        views = {name: whole[at : at + length].cast(code) for name, (code, at, length) in laid["arrays"].items()}
        self._bounds, self._post = views["bounds"], views["post"]
        self._text_at, self._text = views["text_at"], views["text"]
        self._titles, self._added, self._contrary = views["title"], views["added"], views["contrary"]
        self._stem_from = views["stem_from"]
        self.weights, self.owners, self.fields = views["weight"], views["owner"], views["field"]
        self.circumstances = views["circumstances"]
        self._terms: dict[str, int] = dict(rows("SELECT term, id FROM term"))
        self.other, self.unspecified = self.term("other"), self.term(stem("unspecified"))
        self.neoplasms = frozenset(map(self.term, told.NEOPLASMS)) - {NONE}
        self._context = {self.term(name): bit for name, bit in told.CONTEXT.items()}
        self.sizes = [after - before for before, after in pairwise(self.starts)]
        self.guesses = lru_cache(maxsize=2048)(self._guesses)
        self.tells = lru_cache(maxsize=4096)(self._tells)
        self._holders = lru_cache(maxsize=1024)(self._read_holders)

    def unknown(self, segment: int) -> float:
        """What a word weighs that the segment has not."""
        return _UNKNOWN * told.told(0, self.sizes[segment])

    def term(self, name: str) -> int:
        """The number of a term; NONE when the book has it not."""
        return self._terms.get(name, NONE)

    def postings(self, term: int, segment: int) -> tuple[int, int]:
        """Where the postings of a term in a segment begin and end, for `surfaces`."""
        at = term * _WIDTH + segment
        return self._bounds[at], self._bounds[at + 1]

    def surfaces(self, begin: int, end: int) -> list[int]:
        """The surfaces that these postings name, ascending."""
        found: list[int] = self._post[begin:end].tolist()
        return found

    def _tells(self, term: int, segment: int) -> float:
        """What a term tells in a segment; 0.0 when nothing in it has the term."""
        if term == NONE:
            return 0.0
        begin, end = self.postings(term, segment)
        count = end - begin + (self._added[term] if segment == _CURRENT_ICD else 0)
        return told.told(count, self.sizes[segment]) if count else 0.0

    def circumstances_of(self, terms: Iterable[int]) -> int:
        """The circumstances that terms speak of, a bit each."""
        found = 0
        for term in terms:
            found |= self._context.get(term, 0)
        return found

    def contrary(self, term: int) -> int:
        """The same word under a negation, or freed of it; NONE when nothing has that."""
        return NONE if term == NONE else int(self._contrary[term])

    def terms(self, surface: int) -> list[int]:
        """The terms of a surface."""
        found: list[int] = self._text[self._text_at[surface] : self._text_at[surface + 1]].tolist()
        return found

    def texts(self, surfaces: range) -> Iterator[tuple[int, float, list[int]]]:
        """Neighbouring surfaces with what they weigh and their terms."""
        first, *ends = self._text_at[surfaces.start : surfaces.stop + 1].tolist()
        whole = self._text[first : ends[-1]].tolist()
        begin = 0
        for at, weight, end in zip(surfaces, self.weights[surfaces.start : surfaces.stop].tolist(), ends, strict=True):
            yield at, weight, whole[begin : end - first]
            begin = end - first

    def wording(self, surface: int) -> Wording:
        return Wording(self.terms(surface), self.weights[surface], self.circumstances[surface])

    def title(self, row: int) -> int:
        """The surface that is the title of a row of `code`; -1 when it has none of its own."""
        return int(self._titles[row]) - 1 if row < len(self._titles) else -1

    def behind(self, stem: int) -> range:
        """The silent titles behind a stem of ICD-10-PCS."""
        at = stem - self.starts[indexing.segment(System.ICD10PCS, ended=False)]
        return range(self.starts[-1] + self._stem_from[at], self.starts[-1] + self._stem_from[at + 1])

    # --- spelling -----------------------------------------------------------------------------------------------------

    def _read_holders(self, gram: str) -> list[int]:
        found = self._rows("SELECT words FROM gram WHERE gram = ?", gram)
        return memoryview(found[0][0]).cast("I").tolist() if found else []

    def _guesses(self, word: str) -> list[spelling.Guess]:
        return spelling.guesses(word, self._holders, self._known)

    def _known(self, ids: list[int]) -> list[str]:
        marks = ", ".join("?" * len(ids))
        return [word for (word,) in self._rows(f"SELECT word FROM word WHERE id IN ({marks})", *ids)]  # noqa: S608 - marks are "?"

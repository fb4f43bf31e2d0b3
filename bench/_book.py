"""The book that is measured."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from consultant import codebook
from consultant.codebook import Codebook

PLACES = ("CONSULTANT_BENCH_DATA", "CONSULTANT_DATA")


@contextmanager
def measured(build: Callable[[Path], object] = codebook.build, places: tuple[str, ...] = PLACES) -> Iterator[Codebook]:
    """The book of the folder that the first of `places` in the environment names, or one made for now by `build`, which is of the
    embedded sources unless it is told otherwise."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(next(filter(None, map(os.environ.get, places)), folder))
        if not (data / "codebook").exists():
            build(data)
        book = codebook.current(data)
        print(f"book: {book.path.stat().st_size / 1e6:.0f} MB, {len(book.sources)} sources")
        yield book

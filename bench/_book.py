"""The book that is measured."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from consultant import codebook
from consultant.codebook import Codebook


@contextmanager
def measured() -> Iterator[Codebook]:
    """The book of the folder that CONSULTANT_BENCH_DATA or CONSULTANT_DATA names, or one of the embedded sources made for now."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(os.environ.get("CONSULTANT_BENCH_DATA") or os.environ.get("CONSULTANT_DATA") or folder)
        if not (data / "codebook").exists():
            codebook.build(data)
        book = codebook.current(data)
        print(f"book: {book.path.stat().st_size / 1e6:.0f} MB, {len(book.sources)} sources")
        yield book

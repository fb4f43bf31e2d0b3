"""`consultant facts`: do our records agree with the official files in the book? `--learn` takes those over."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from consultant.codebook import official
from consultant.codebook.knowledge import Record
from consultant.codebook.soundness import read_texts
from consultant.codebook.sources import starter
from consultant.management.book import opened


class Command(BaseCommand):
    help = "Compare the facts of the text knowledge with the official files in the book, or learn them."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--learn", action="store_true", help=f"write {official.NAME} anew from the book in use")
        parser.add_argument("--folder", type=Path, default=starter.FOLDER, help="another folder of knowledge")

    def handle(self, *args: Any, learn: bool, folder: Path, **options: Any) -> None:
        codes = sorted(code for code in starter.record_codes(folder) if not code.startswith("POS"))
        with closing(sqlite3.connect(f"{opened().path.resolve().as_uri()}?mode=ro", uri=True)) as db:
            if not db.execute("SELECT 1 FROM fee LIMIT 1").fetchall():
                raise CommandError("The book in use holds no physician fee schedule. `consultant codebook add` one, and build.")
            known = official.learn(db, codes, timezone.localdate())
        if learn:
            official.write(folder / official.NAME, known)
            self.stdout.write(f"{len(known)} of {len(codes)} codes stand in official files; their facts are in {official.NAME}.")
            return
        found = list(disagreements(read_texts(folder).records, known))
        for sentence in found:
            self.stderr.write(sentence)
        if found:
            raise CommandError(f"{len(found)} facts are not what the official files say.", returncode=1)
        self.stdout.write(f"{len(known)} of {len(codes)} codes stand in official files, and every fact agrees.")


def disagreements(records: Mapping[str, Record], known: Mapping[str, official.Facts]) -> Iterator[str]:
    """What an official file in the book says of a code and its record does not, or says otherwise."""
    for code, facts in known.items():
        told = records[code].facts if code in records else {}
        for name, value in facts.items():
            if told.get(name) != value:
                yield f"{code}: {name} is {told.get(name, 'not told')}, the official files say {value}"

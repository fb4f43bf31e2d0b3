"""`consultant facts`: do our records agree with the official files in the book? `--learn` takes those over."""

from __future__ import annotations

import sqlite3
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
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

#: Sections of the code books by their first and last number, in words of our own.
SECTIONS = (
    ("00100", "01999", "anaesthesia"), ("10004", "19499", "skin and breast"), ("20100", "29999", "bones, joints, muscles"),
    ("30000", "32999", "nose, lungs"), ("33016", "37799", "heart and vessels"), ("38100", "39599", "blood and lymph"),
    ("40490", "49999", "digestive tract"), ("50010", "53899", "kidney and bladder"), ("54000", "55980", "male organs"),
    ("56405", "58999", "female organs"), ("59000", "59899", "pregnancy and birth"), ("60000", "60699", "glands"),
    ("61000", "64999", "nerves, spine, brain"), ("65091", "68899", "eye"), ("69000", "69990", "ear"),
    ("70010", "79999", "imaging and radiation"), ("80047", "89398", "laboratory and pathology"),
    ("90281", "99199", "medicine"), ("99202", "99499", "visits"), ("A0000", "V9999", "HCPCS Level II"),
)  # fmt: skip
#: Statuses of the fee schedule with which Medicare pays for a code, by this schedule or by another of its own.
PAID = ("A", "R", "T", "C", "J", "X")
_LISTED = "SELECT DISTINCT code FROM fee WHERE modifier = '' AND status IN (?, ?, ?, ?, ?, ?)"


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
            listed = sorted(code for (code,) in db.execute(_LISTED, PAID))
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
        for line in reach(listed, set(codes)):
            self.stdout.write(line)


def reach(listed: Sequence[str], known: set[str]) -> Iterator[str]:
    """By section: of the codes that Medicare pays for, how many have a record of ours."""
    yield "Codes that Medicare pays for, by section, and how many of them the knowledge has:"
    new, lasting = [code for code in listed if code[-1] == "T"], [code for code in listed if code[-1] != "T"]
    sections = [(name, lasting[bisect_left(lasting, first) : bisect_right(lasting, last)]) for first, last, name in SECTIONS]
    for name, there in (*sections, ("emerging technology (T)", new)):
        ours = sum(code in known for code in there)
        yield f"  {name:<26}{ours:>6} of {len(there):>6} ({ours / max(len(there), 1):.0%})"


def disagreements(records: Mapping[str, Record], known: Mapping[str, official.Facts]) -> Iterator[str]:
    """What an official file in the book says of a code and its record does not, or says otherwise."""
    for code, facts in known.items():
        told = records[code].facts if code in records else {}
        for name, value in facts.items():
            if told.get(name) != value:
                yield f"{code}: {name} is {told.get(name, 'not told')}, the official files say {value}"

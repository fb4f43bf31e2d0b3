"""Attachments by their hash: never copied out of the letter that brought them, and found again wherever the same file came."""

from __future__ import annotations

from consultant.models import Case, Enclosure
from consultant.models import Letter as Row
from consultant.vocabulary import Letter

MOST = 300  # attachments of one letter
MOST_ELSEWHERE = 5  # other cases that are named beside a file


def index(row: Row, letter: Letter) -> None:
    """Note the letter's attachments. Done again it changes nothing."""
    rows = [
        Enclosure(letter=row, place=place, sha256=file.sha256, size=file.size, content_type=file.content_type[:160])
        for place, file in enumerate(letter.attachments[:MOST])
    ]
    Enclosure.objects.bulk_create(rows, ignore_conflicts=True)


def elsewhere(case: Case, letter: Letter) -> dict[str, list[Case]]:
    """The other cases that the same files came with, newest first, by SHA-256. Empty files are no sign of anything."""
    hashes = {file.sha256 for file in letter.attachments[:MOST] if file.size}
    rows = Enclosure.objects.filter(sha256__in=hashes).exclude(letter__case=case).select_related("letter__case").order_by("-pk")
    found: dict[str, list[Case]] = {}
    for row in rows[:200]:
        cases = found.setdefault(row.sha256, [])
        if row.letter.case not in cases and len(cases) < MOST_ELSEWHERE:
            cases.append(row.letter.case)
    return found

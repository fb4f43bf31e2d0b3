"""What the tests of ICD-10-CM's and ICD-10-PCS's files share: order files as the agencies lay them out, and reading by kind."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from consultant.codebook.schema import Harvest
from consultant.codebook.sources.files import Kind, Piece, Rejects, Unreadable, pieces


def order_lines(rows: list[tuple[str, int, str]], end: str = "\r\n") -> str:
    return "".join(f"{at:05d} {code:7} {flag} {title[:60]:60} {title}{end}" for at, (code, flag, title) in enumerate(rows, 1))


def piece(folder: Path, name: str, text: str | bytes) -> Piece:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return pieces(path)[0]


def survives(folder: Path, kinds: Sequence[Kind], text: str, damage: str, others: dict[str, list[bytes]]) -> None:
    """Every kind takes what is left of a damaged file, and no code that the whole one lacks, or says why it can't."""
    raw = text.encode()
    whole = _codes(kinds, piece(folder, "icd_2031.txt", raw))
    damaged = others | {
        "cut": [raw[:cut] for cut in range(0, len(raw), 97)],
        "utf-16": [text.encode("utf-16")],
        "entity": [raw.replace(b"?>", b'?><!DOCTYPE x [<!ENTITY a "aaaa">]>', 1)],
        "encoding": [raw.replace(b"utf-8", code) for code in (b"utf-7", b"nonsense", b"shift_jis", b"utf-16")],
    }
    for at, content in enumerate(damaged[damage]):
        left = _codes(kinds, piece(folder, f"icd_2031_{at}.txt", content))
        assert left <= whole, f"{content[:80]!r}… gave {sorted(left - whole)[:5]}"


def _codes(kinds: Sequence[Kind], found: Piece) -> set[str]:
    """The codes that any of the kinds reads in the piece. What is left out or refused has its reason."""
    told: set[str] = set()
    for kind in kinds:
        kind.recognise(found)
        try:
            harvest = kind.read(found, rejects := Rejects())
            told |= {row.code for row in (*harvest.codes, *harvest.surfaces)}
            reasons = [reason for _, _, reason in rejects.rows]
        except Unreadable as trouble:
            reasons = [str(trouble)]
        assert all(reason.strip() for reason in reasons), "and no word why"
    return told


def kind_among(kinds: Sequence[Kind], found: Piece) -> Kind:
    """The one kind that knows the piece; more or fewer is a failure."""
    known = [kind for kind in kinds if kind.recognise(found)]
    assert len(known) == 1, f"{found.name} is taken for {[kind.id for kind in known]}"
    return known[0]


def read_as_one_of(kinds: Sequence[Kind], found: Piece) -> tuple[Harvest, Rejects]:
    rejects = Rejects()
    return kind_among(kinds, found).read(found, rejects), rejects

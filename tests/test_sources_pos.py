"""Places of service and modifiers from csv lists: public texts are taken, the AMA's never."""

import csv
import json
import random
import tomllib
from collections import Counter
from contextlib import suppress
from pathlib import Path

import pytest

from consultant.codebook.schema import CodeRow, Harvest
from consultant.codebook.sources import pos, starter
from consultant.codebook.sources.files import Piece, Rejects, Unreadable, pieces
from consultant.vocabulary import System

SHARED = Path(__file__).resolve().parents[2] / "shared" / "codes" / "pos_modifiers"
shared = pytest.mark.skipif(not SHARED.is_dir(), reason=f"the official files are not here ({SHARED})")

PLACES = """pos_code,pos_type,pos_name,pos_description
01,Non-Facility,Frame shop,"A shop where frames are sold, dispensed or lent."
21,Facility,Frame hospital,A house for frames.
28,Unassigned,Unassigned,Unassigned
"""
MODIFIERS = """mod_code,mod_type,mod_category,mod_description
QZ,HCPCS,General,Done on a frame
QZ,HCPCS,Therapy,Done on a frame
59,CPT,General,[AMA text withheld]
25,CPT,General,These words are not ours to keep
P1,HCPCS,,These words are not ours either
LT,HCPCS,Side,"Left side, of a frame"
"""


def the_piece(path: Path, text: str | bytes) -> Piece:
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return pieces(path)[0]


def taken(piece: Piece) -> tuple[Harvest, Rejects]:
    rejects = Rejects()
    (kind,) = [kind for kind in pos.KINDS if kind.recognise(piece)]
    return kind.read(piece, rejects), rejects


def by_code(harvest: Harvest) -> dict[str, CodeRow]:
    return {row.code: row for row in harvest.codes}


def test_places_have_a_name_a_text_and_the_rate_they_are_paid_at(tmp_path: Path) -> None:
    harvest, rejects = taken(the_piece(tmp_path / "pos_codes_2024.csv", PLACES))
    shop = by_code(harvest)["POS-01"]
    assert (shop.system, shop.title, shop.official) == (System.POS, "Frame shop", True)
    assert (shop.plain, json.loads(shop.facts)) == ("A shop where frames are sold, dispensed or lent.", {"rate": "non-facility"})
    assert (harvest.source.id, harvest.source.codes, rejects.count) == ("pos-2024", 2, 0)
    assert set(by_code(harvest)) == {"POS-01", "POS-21"}


def test_a_place_that_a_spreadsheet_took_for_a_number_gets_its_nought_back(tmp_path: Path) -> None:
    harvest, _ = taken(the_piece(tmp_path / "pos.csv", "\ufeff" + PLACES.replace("01,", "1,", 1).replace("\n", "\r\n")))
    assert set(by_code(harvest)) == {"POS-01", "POS-21"}


def test_modifiers_come_with_their_text_unless_it_is_the_amas(tmp_path: Path) -> None:
    harvest, rejects = taken(the_piece(tmp_path / "modifiers_2024.csv", MODIFIERS))
    rows = by_code(harvest)
    assert {code: row.title for code, row in rows.items() if row.official} == {
        "-QZ": "Done on a frame",
        "-LT": "Left side, of a frame",
    }
    assert {code: row.title for code, row in rows.items() if not row.official} == {
        code: f"CPT modifier {code[1:]}" for code in ("-59", "-25", "-P1")
    }
    assert {row.code for row in harvest.surfaces} == {"-QZ", "-LT"}
    assert json.loads(rows["-QZ"].facts) == {"category": ["General", "Therapy"]}
    assert "not ours" not in repr(harvest)
    assert not rejects.count


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("QZ,HCPCS,General,Done off a frame", "-QZ stands twice with different texts"),
        ("QZX,HCPCS,General,Done on a frame", "'QZX' is no modifier with a text"),
        ("QY,HCPCS,General,", "'QY' is no modifier with a text"),
        ("QY,HCPCS,General,[text withheld]", "'QY' is no modifier with a text"),
        ("QY,HCPCS", "2 columns, not 4"),
        ("QY,HCPCS,General,On a \udce9 frame", "not UTF-8"),
    ],
)
def test_a_modifier_that_does_not_parse_is_listed(tmp_path: Path, row: str, reason: str) -> None:
    text = f"{MODIFIERS}{row}\n".encode(errors="surrogateescape")
    harvest, rejects = taken(the_piece(tmp_path / "modifiers.csv", text))
    assert (len(harvest.codes), rejects.rows) == (5, [("modifiers.csv", 8, reason)])


@pytest.mark.parametrize("row", ["1x,Facility,A,B", "22,Somewhere,A,B", "22,Facility,,B", "21,Facility,Twice,B", "22,Facility"])
def test_a_place_that_does_not_parse_is_listed(tmp_path: Path, row: str) -> None:
    harvest, rejects = taken(the_piece(tmp_path / "pos.csv", f"{PLACES}{row}\n"))
    assert (len(harvest.codes), [line for _, line, _ in rejects.rows]) == (2, [5])


def test_another_header_is_not_taken_and_says_why(tmp_path: Path) -> None:
    piece = the_piece(tmp_path / "pos.csv", PLACES.replace("pos_type,pos_name", "pos_name,pos_type"))
    assert not any(kind.recognise(piece) for kind in pos.KINDS)
    with pytest.raises(Unreadable, match=r"expected the header pos_code, pos_type, .* found pos_code, pos_name, pos_type"):
        pos.read_places(piece, Rejects())
    with pytest.raises(Unreadable, match="found none"):
        pos.read_places(the_piece(tmp_path / "none.csv", PLACES.splitlines()[0]), Rejects())


def test_broken_lists_end_in_a_sentence_or_in_rejects(tmp_path: Path) -> None:
    chance = random.Random(3)
    for turn in range(80):
        whole = bytearray((PLACES if turn % 2 else MODIFIERS).encode())
        damaged = whole[: chance.randrange(1, len(whole))]
        for _ in range(turn % 4):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        piece = the_piece(tmp_path / "list.csv", bytes(damaged))
        for kind in pos.KINDS:
            with suppress(Unreadable):
                assert all(row.title for row in kind.read(piece, Rejects()).codes)


@shared
def test_the_lists_of_2024_are_read_whole() -> None:
    places, listed = taken(pieces(SHARED / "pos_codes_2024.csv")[0])
    assert (len(places.codes), listed.count) == (52, 0)
    assert Counter(json.loads(row.facts)["rate"] for row in places.codes) == {"non-facility": 34, "facility": 18}
    modifiers, listed = taken(pieces(SHARED / "modifiers_2024.csv")[0])
    assert not listed.count
    assert Counter(row.official for row in modifiers.codes) == {True: 377, False: 49}
    assert "withheld" not in " ".join(row.title for row in modifiers.codes)


@shared
def test_our_own_places_quote_the_official_names_and_texts() -> None:
    rows = by_code(taken(pieces(SHARED / "pos_codes_2024.csv")[0])[0])
    ours = tomllib.loads((starter.FOLDER / "pos.toml").read_text(encoding="utf-8"))["record"]
    for record in ours:
        row = rows[record["code"]]
        assert record["title"].removesuffix(" as place of service") == row.title.replace("’", "'")
        assert " ".join(record["plain"].split()) == row.plain.replace("’", "'")
        assert record["facts"]["rate"] == json.loads(row.facts)["rate"]


@shared
def test_modifier_texts_of_both_cms_lists_agree() -> None:
    from consultant.codebook.sources import hcpcs

    release = SHARED.parent / "hcpcs" / "HCPC2020_10_anweb.xlsx"
    older = {
        row.code: row
        for row in hcpcs.read(pieces(release)[0], Rejects()).codes
        if row.system == System.MODIFIER and not row.ended
    }
    newer = by_code(taken(pieces(SHARED / "modifiers_2024.csv")[0])[0])
    both = [(row.title.lower(), newer[code].title.lower()) for code, row in older.items() if code in newer]
    with (SHARED / "modifiers_2024.csv").open(encoding="utf-8", newline="") as file:
        assert len({row["mod_code"] for row in csv.DictReader(file)}) == len(newer)
    assert len(both) > 300
    assert sum(one == other for one, other in both) / len(both) > 0.9

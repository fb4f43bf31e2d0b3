"""CPT in the AMA's file layout. All codes and texts here are invented; no line of a licensed file is near."""

import json
import random
import re
import zipfile
from pathlib import Path

import pytest

from consultant.codebook.schema import Harvest
from consultant.codebook.sources import cpt
from consultant.codebook.sources.files import Kind, Piece, Rejects, Unreadable, pieces
from consultant.vocabulary import System

NOTICE = "".join(f"Notice line {at}. American Medical Association.\r\n" for at in range(12)) + "\r\nMore notice.\r\n\r\n"
INVENTED = {
    "98X00": "No code of this shape",
    "99000": "Invented service of the first kind, with a frame",
    "0999T": "Invented service that is new",
    "0001A": "Invented dose, first",
    "0999U": "Invented test, señal",
}
CODES = {code: text for code, text in INVENTED.items() if code != "98X00"}


def longult(codes: dict[str, str] = CODES) -> str:
    return NOTICE + "".join(f"{code}\t{text}\r\n" for code, text in codes.items())


def fixed(width: int, codes: dict[str, str] = CODES) -> str:
    return NOTICE + "".join(f"{code} {text[:width]:{width}}\r\n" for code, text in codes.items())


def longulf(codes: dict[str, str] = CODES) -> str:
    lines = [
        f"{code}{at + 1:02} {text[20 * at : 20 * at + 20]}" for code, text in codes.items() for at in range(-(-len(text) // 20))
    ]
    return NOTICE + "".join(f"{line:80}\r\n" for line in lines)


def release(path: Path, **texts: str) -> dict[str, Piece]:
    """A zip as the AMA packs it."""
    with zipfile.ZipFile(path, "w") as file:
        for name, text in texts.items():
            file.writestr(f"standard/{name}.txt", text.encode())
    return {piece.stem.removesuffix(".txt"): piece for piece in pieces(path)}


def the_piece(path: Path, text: str | bytes) -> Piece:
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return pieces(path)[0]


def kind_of(piece: Piece) -> Kind:
    (kind,) = [kind for kind in cpt.KINDS if kind.recognise(piece)]
    return kind


def taken(piece: Piece) -> tuple[Harvest, Rejects]:
    rejects = Rejects()
    return kind_of(piece).read(piece, rejects), rejects


def titles(harvest: Harvest) -> dict[str, str]:
    return {row.code: row.title for row in harvest.codes}


def test_every_kind_wants_the_licence_and_every_code_says_so(tmp_path: Path) -> None:
    assert {kind.needs_licence for kind in cpt.KINDS} == {"cpt"}
    harvest, rejects = taken(the_piece(tmp_path / "LONGULT.txt", longult()))
    assert titles(harvest) == CODES
    assert {(row.system, row.official) for row in harvest.codes} == {(System.CPT, True)}
    assert all(json.loads(row.facts) == {"licensed": True} for row in harvest.codes)
    assert (harvest.source.codes, rejects.count) == (4, 0)


def test_the_zip_names_the_year(tmp_path: Path) -> None:
    files = release(tmp_path / "cpt-2026-link.zip", LONGULT=longult(), MODUL=NOTICE + "99 Invented modifier\r\n")
    info = taken(files["LONGULT"])[0].source
    assert (info.id, str(info.valid_from), str(info.valid_to)) == ("cpt-longult-2026", "2026-01-01", "2026-12-31")
    assert taken(files["MODUL"])[0].source.id == "cpt-modul-2026"


def test_texts_in_lines_of_80_are_joined_in_their_order(tmp_path: Path) -> None:
    harvest, rejects = taken(the_piece(tmp_path / "LONGULF.txt", longulf({"99000": "Invented service of  the first kind"})))
    assert titles(harvest) == {"99000": "Invented service of the first kind"}
    swapped = NOTICE + "9900002 of the first kind\r\n9900001 Invented service\r\n"
    assert titles(taken(the_piece(tmp_path / "LONGULF.txt", swapped))[0]) == {"99000": "Invented service of the first kind"}
    assert not rejects.count


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-8-sig"])
def test_utf_8_is_tried_first_then_cp1252(tmp_path: Path, encoding: str) -> None:
    many = {f"{at:05}": "Invented filler that pushes the sign far into the file" for at in range(2000)}
    harvest, _ = taken(the_piece(tmp_path / "LONGULT.txt", longult(many | CODES).encode(encoding)))
    assert titles(harvest)["0999U"] == "Invented test, señal"


def test_short_and_medium_texts_become_wordings_of_the_same_codes(tmp_path: Path) -> None:
    for name, width in (("SHORTU.txt", 28), ("MEDU.txt", 48)):
        harvest, rejects = taken(the_piece(tmp_path / name, fixed(width)))
        assert {row.code: row.text for row in harvest.surfaces} == {code: text[:width].strip() for code, text in CODES.items()}
        assert (list(harvest.codes), rejects.count) == ([], 0)


def test_wordings_for_patients_and_clinicians_are_several_a_code(tmp_path: Path) -> None:
    patients = NOTICE + "Concept Id\tCPT Code\tConsumer\r\n1\t99000\tAn invented thing\r\n"
    harvest, _ = taken(the_piece(tmp_path / "ConsumerDescriptor.txt", patients))
    assert [(row.code, row.field, row.text) for row in harvest.surfaces] == [("99000", "plain words", "An invented thing")]
    clinicians = (
        NOTICE + "Concept\tCPT Code\tId\tText\r\n1\t99000\t7\tInvented, open\r\n1\t99000\t8\tInvented, closed\r\n1\t99000\r\n"
    )
    harvest, rejects = taken(the_piece(tmp_path / "ClinicianDescriptor.txt", clinicians))
    assert [row.text for row in harvest.surfaces] == ["Invented, open", "Invented, closed"]
    assert rejects.count == 1


def test_modifiers_get_a_dash(tmp_path: Path) -> None:
    text = NOTICE + "99 Invented modifier\r\n9P\tInvented also\r\nno modifier\r\n"
    harvest, rejects = taken(the_piece(tmp_path / "MODUL.txt", text))
    assert titles(harvest) == {"-99": "Invented modifier", "-9P": "Invented also", "-no": ""} or set(titles(harvest)) == {
        "-99",
        "-9P",
    }
    assert {row.system for row in harvest.codes} == {System.MODIFIER}
    assert rejects.count == 1


def test_rejects_tell_line_and_fault_but_never_a_text(tmp_path: Path) -> None:
    text = longult(INVENTED) + "99000\tTwice told\r\n99001\t\r\nno tab here\r\n"
    harvest, rejects = taken(the_piece(tmp_path / "LONGULT.txt", text))
    assert titles(harvest) == CODES
    assert [reason for _, _, reason in rejects.rows] == [
        "no CPT code where one belongs",
        "99000 stands twice",
        "a code without text",
        "no CPT code where one belongs",
    ]
    assert rejects.rows[0][1] == 16


def test_blank_lines_at_the_end_are_not_the_end_of_the_notice(tmp_path: Path) -> None:
    assert titles(taken(the_piece(tmp_path / "LONGULT.txt", longult() + "\r\n \r\n"))[0]) == CODES


def test_a_notice_that_does_not_end_is_said(tmp_path: Path) -> None:
    glued = longult().replace("\r\n\r\n", "\r\n")
    with pytest.raises(Unreadable, match=r"LONGULT\.txt: expected a blank line between the notice and the codes"):
        taken(the_piece(tmp_path / "LONGULT.txt", glued))
    with pytest.raises(Unreadable, match="expected codes in the AMA's layout, found none"):
        taken(the_piece(tmp_path / "LONGULT.txt", NOTICE))


def test_an_older_layout_with_wider_texts_is_not_cut_in_silence(tmp_path: Path) -> None:
    wide = NOTICE + "99000 Invented service of the first kind, told at more length than 48 places\r\n99001 Invented\r\n"
    harvest, rejects = taken(the_piece(tmp_path / "MEDU.txt", wide))
    assert [row.code for row in harvest.surfaces] == ["99001"]
    assert rejects.rows[0][2] == "the text does not stand in the columns 7 to 54"


def test_files_of_a_release_must_hold_the_same_codes(tmp_path: Path) -> None:
    whole = release(tmp_path / "whole.zip", LONGULT=longult(), MEDU=fixed(48), SHORTU=fixed(28))
    assert cpt.disagreement(whole.values()) == ""
    fewer = dict(list(CODES.items())[:-1])
    torn = release(tmp_path / "torn.zip", LONGULT=longult(), MEDU=fixed(48, fewer), SHORTU=fixed(28))
    assert cpt.disagreement(torn.values()) == "The CPT files don't hold the same codes: MEDU.txt lacks 1 of 4."


def test_broken_files_end_in_a_sentence_or_in_rejects(tmp_path: Path) -> None:
    chance = random.Random(3)
    whole = {"LONGULT": longult(), "LONGULF": longulf(), "SHORTU": fixed(28), "MODUL": longult(), "ConsumerDescriptor": longult()}
    for turn in range(60):
        for name, text in whole.items():
            damaged = bytearray(text.encode())[: chance.randrange(1, len(text))]
            for _ in range(turn % 4):
                damaged[chance.randrange(len(damaged))] = chance.randrange(256)
            try:
                harvest, rejects = taken(the_piece(tmp_path / f"{name}.txt", bytes(damaged)))
                codes = [row.code for row in (*harvest.codes, *harvest.surfaces)]
                reasons = [reason for _, _, reason in rejects.rows]
            except Unreadable as trouble:
                codes, reasons = [], [str(trouble)]
            assert all(re.fullmatch("[0-9A-Z]{2}|[0-9]{4}[0-9A-Z]", code) for code in codes)
            assert all(reason.strip() for reason in reasons)

"""Official files on the shelf: known by content, bounded, kept once, and never half."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from consultant.codebook import shelf
from consultant.codebook.schema import Harvest, SourceInfo
from consultant.codebook.sources.files import Kind, Piece, Rejects, Unreadable, pieces


def read_pairs(piece: Piece, rejects: Rejects) -> Harvest:
    """An invented source: a header, then `a|b` in each line."""
    first = next(piece.lines(), "")
    if first != "PAIRS 2026":
        raise Unreadable(f"{piece.name}: the first line should be PAIRS 2026 and is {first!r}.")

    def rows() -> Iterator[tuple[str, ...]]:
        for number, line in enumerate(piece.lines(), 1):
            if number > 1 and line.count("|") == 1:
                yield tuple(line.split("|"))
            elif number > 1:
                rejects.add(piece.name, number, "a line should hold one |")

    return Harvest(SourceInfo("pairs-2026", "Invented pairs", "2026", "", piece.name), tables={"pairs": rows()})


PAIRS = Kind("pairs", "Invented pairs", lambda piece: piece.head.startswith(b"PAIRS"), read_pairs)
SECRET = Kind("secret", "Licensed pairs", lambda piece: piece.head.startswith(b"SECRET"), read_pairs, needs_licence="cpt")


@pytest.fixture(autouse=True)
def two_kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelf, "all_kinds", lambda: (PAIRS, SECRET))


def file(folder: Path, content: bytes, name: str = "pairs.txt") -> Path:
    (folder / name).write_bytes(content)
    return folder / name


def zipped(folder: Path, **members: bytes) -> Path:
    with zipfile.ZipFile(folder / "release.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return folder / "release.zip"


def test_a_file_is_known_by_its_content_kept_and_read_again_for_the_book(tmp_path: Path) -> None:
    added = shelf.add(tmp_path / "data", file(tmp_path, b"PAIRS 2026\na|b\nc|d\n", "whatever.bin"))
    assert (added.known, added.kept.rows, added.kept.pieces) == (False, 2, (("whatever.bin", "pairs", 2),))
    (tmp_path / "whatever.bin").unlink()
    [harvest] = shelf.harvests(tmp_path / "data")
    assert list(harvest.tables["pairs"]) == [("a", "b"), ("c", "d")]
    assert harvest.source.sha256 == added.kept.sha256


def test_the_same_bytes_under_another_name_are_known(tmp_path: Path) -> None:
    shelf.add(tmp_path / "data", file(tmp_path, b"PAIRS 2026\na|b\n", "one"))
    assert shelf.add(tmp_path / "data", file(tmp_path, b"PAIRS 2026\na|b\n", "two")).known
    assert len(shelf.kept(tmp_path / "data")) == 1


def test_rows_that_do_not_parse_are_listed_with_line_and_reason(tmp_path: Path) -> None:
    added = shelf.add(tmp_path / "data", file(tmp_path, b"PAIRS 2026\na|b\nbroken\nc|d\n"))
    assert (added.kept.rows, added.rejects.rows) == (2, [("pairs.txt", 3, "a line should hold one |")])
    kept = (tmp_path / "data/codebook/sources" / f"{added.kept.file}.rejects.tsv").read_text()
    assert kept == "pairs.txt\t3\ta line should hold one |\n"


def test_the_members_of_a_zip_are_sorted_and_what_nobody_knows_is_named(tmp_path: Path) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("deep.txt", "PAIRS 2026\ne|f\n")
    path = zipped(tmp_path, **{"a/pairs.txt": b"PAIRS 2026\na|b\n", "readme.pdf": b"%PDF", "inner.zip": inner.getvalue()})
    added = shelf.add(tmp_path / "data", path)
    assert {name for name, _, _ in added.kept.pieces} == {"a/pairs.txt", "deep.txt"}
    assert (added.kept.left_out, added.kept.rows) == (("readme.pdf",), 2)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"%PDF-1.7", "no source that is known here"),
        (b"", "no source that is known here"),
        (b"PAIRS 1999\n", "should be PAIRS 2026 and is 'PAIRS 1999'"),
        (b"PK\x03\x04" + b"x" * 50, "no source that is known here"),
    ],
)
def test_what_can_not_be_read_is_one_sentence_and_changes_nothing(tmp_path: Path, content: bytes, said: str) -> None:
    shelf.add(tmp_path / "data", file(tmp_path, b"PAIRS 2026\na|b\n", "good"))
    before = sorted(path.name for path in (tmp_path / "data").rglob("*"))
    with pytest.raises(Unreadable, match=said):
        shelf.add(tmp_path / "data", file(tmp_path, content, "bad"))
    assert sorted(path.name for path in (tmp_path / "data").rglob("*")) == before


def test_a_file_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="No such file"):
        shelf.add(tmp_path, tmp_path / "nowhere.zip")


def test_a_licensed_source_is_taken_only_with_the_licence(tmp_path: Path) -> None:
    path = file(tmp_path, b"SECRET")
    with pytest.raises(Unreadable, match="--i-have-a-cpt-licence"):
        shelf.add(tmp_path / "data", path)
    assert shelf.sort(path, licences=["cpt"])[0][0][1] is SECRET


def test_an_unknown_name_for_a_source_names_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="There are: pairs, secret"):
        shelf.add(tmp_path / "data", file(tmp_path, b"PAIRS 2026\n"), as_kind="paris")


@pytest.mark.parametrize("name", ["../outside.txt", "/etc/passwd", "a/../../b", "..\\windows.txt"])
def test_a_zip_that_names_a_place_outside_itself_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(Unreadable, match="outside itself"):
        pieces(zipped(tmp_path, **{name: b"x"}))


def test_a_zip_bomb_is_refused_by_what_it_says_of_itself(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="would unpack to"):
        pieces(zipped(tmp_path, bomb=b"\0" * 50_000_000))


def test_a_truncated_zip_is_refused(tmp_path: Path) -> None:
    whole = zipped(tmp_path, a=bytes(range(256)) * 100).read_bytes()
    cut = file(tmp_path, whole[: len(whole) // 2] + whole[-22:], "cut.zip")
    with pytest.raises(Unreadable, match="broken"):
        shelf.sort(cut)


def test_an_excerpt_stays_on_the_shelf_and_out_of_the_book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelf, "SNAPSHOTS", ("pairs",))
    whole = b"PAIRS 2026\n" + b"".join(b"%d|x\n" % n for n in range(100))
    shelf.add(tmp_path / "data", file(tmp_path, whole, "whole"))
    shelf.add(tmp_path / "data", file(tmp_path, b"PAIRS 2026\na|b\n", "excerpt"))
    assert [(one.name, rows) for one, _, rows in shelf.excerpts(shelf.kept(tmp_path / "data"))] == [("excerpt", 1)]
    assert [harvest.source.origin for harvest in shelf.harvests(tmp_path / "data")] == ["whole"]


def test_a_member_that_is_broken_in_the_middle_is_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path, pairs=b"PAIRS 2026\n" + b"".join(b"%d|x\n" % n for n in range(100_000)))
    broken = bytearray(path.read_bytes())
    broken[len(broken) // 2 : len(broken) // 2 + 200] = bytes(200)
    with pytest.raises(Unreadable, match="broken"):
        shelf.add(tmp_path / "data", file(tmp_path, bytes(broken), "broken.zip"))
    assert not (tmp_path / "data").exists()


def test_a_zip_whose_list_of_members_is_damaged_is_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path, Zurück=b"x")
    path.write_bytes(path.read_bytes().replace("ü".encode(), b"\xc3\x28"))
    with pytest.raises(Unreadable, match="broken"):
        pieces(path)


def test_a_zip_inside_a_zip_that_is_broken_is_refused(tmp_path: Path) -> None:
    inner = zipped(tmp_path, pairs=bytes(range(256)) * 200).read_bytes()
    outer = bytearray(zipped(tmp_path, **{"inner.zip": inner}).read_bytes())
    outer[60:120] = bytes(60)
    with pytest.raises(Unreadable, match="broken"):
        pieces(file(tmp_path, bytes(outer), "outer.zip"))


def test_xml_with_entities_is_refused(tmp_path: Path) -> None:
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>'
    [piece] = pieces(file(tmp_path, bomb, "bomb.xml"))
    with pytest.raises(Unreadable, match="DOCTYPE"):
        list(piece.elements("x"))


def test_broken_xml_and_a_broken_workbook_are_one_sentence(tmp_path: Path) -> None:
    [piece] = pieces(file(tmp_path, b"<x><y></x>", "broken.xml"))
    with pytest.raises(Unreadable, match="broken XML"):
        list(piece.elements("x"))
    [piece] = pieces(file(tmp_path, b"no workbook", "broken.xlsx"))
    with pytest.raises(Unreadable, match="no workbook"):
        piece.sheets()

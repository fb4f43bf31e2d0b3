"""The starter knowledge: text in this repository, in our own words, that a certified coder can read and correct.

starter/records/*.toml   [[record]]      starter/modifiers.toml   [[modifier]]
starter/pos.toml         [[record]]      starter/terms/*.toml     [[term]], [[same]], [[short]]
starter/families/*.toml  one family a file        starter/cards/*.toml  one card a file
starter/together.toml    [[together]]: what becomes of diagnoses that one patient has together
starter/drugs.toml       [[drug]]: drugs as letters name them, with their codes
starter/phrases.toml     lists of words that several cards or families listen for: "@name" among their words stands for one
starter/official.tsv     what official files say of the records' codes (`consultant facts --learn`)

A file of records may begin with [[source]]: what its records rest on where they name no source of their own.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import tomli
from pydantic import BaseModel, ValidationError

from consultant.codebook import official
from consultant.codebook.knowledge import Card, Drug, Example, Family, Model, Modifier, Record, Same, Short, Term
from consultant.codebook.schema import CodeRow, Harvest, KnowledgeRow, SourceInfo, SurfaceRow
from consultant.codebook.together import Together
from consultant.vocabulary import System

SOURCE = "starter"
HOUSE = "house"
LISTS = "phrases.toml"
LIST_SIGN = "@"
KINDS = ("records", "modifiers", "families", "cards", "terms")
TERMS = ("term", "same", "short")
#: Lists of one file each, in the order in which they apply.
LISTED: dict[str, type[Model]] = {"together": Together, "drug": Drug}
FOLDER = Path(__file__).resolve().parent.parent / "starter"

M = TypeVar("M", bound=Model)


class TextError(ValueError):
    """A file of the starter knowledge does not parse or does not fit its model; the message names file and place."""


def fingerprint(folder: Path = FOLDER) -> str:
    """SHA-256 over names and bytes of all TOML files and of the official facts, hexadecimal."""
    digest = hashlib.sha256()
    for path in sorted([*folder.rglob("*.toml"), *folder.glob(official.NAME)]):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def read(folder: Path = FOLDER) -> Harvest:
    """All text knowledge of a folder. Raises TextError."""
    records = list(_records(folder))
    modifiers = list(_many([folder / "modifiers.toml"], "modifier", Modifier))
    terms = list(_many(_term_files(folder), "term", Term))
    lists = read_lists(folder)
    families = list(_each(sorted(folder.glob("families/*.toml")), Family, lists))
    cards = list(_each(sorted(folder.glob("cards/*.toml")), Card, lists))
    texts: tuple[Sequence[Model], ...] = (records, modifiers, families, cards, terms)
    rows = [
        *_rows("record", records, "code"),
        *_rows("modifier", modifiers, "code"),
        *_rows("term", terms, "term"),
        *_rows("same", _many(_term_files(folder), "same", Same), "words"),
        *_rows("short", _many(_term_files(folder), "short", Short), "short"),
        *_rows("family", families, "id"),
        *_rows("card", cards, "id"),
        *_listed_rows(folder),
    ]
    digest = fingerprint(folder)
    info = SourceInfo(
        id=SOURCE,
        title="Consultant starter knowledge",
        version=f"{_newest([*records, *modifiers, *families, *cards])} {digest[:8]}",
        sha256=digest,
        origin=", ".join(f"{len(some)} {kind}" for some, kind in zip(texts, KINDS, strict=True)),
        codes=len(records) + len(modifiers),
    )
    return Harvest(
        info,
        codes=[*map(_record_row, records), *map(_modifier_row, modifiers)],
        addons=[(record.code, parent) for record in records for parent in record.addon_to],
        knowledge=rows,
        surfaces=[*_record_surfaces(records), *_modifier_surfaces(modifiers), *_term_surfaces(terms)],
    )


def read_house(folder: Path) -> Harvest | None:
    """The cards that this house decided on itself, `cards/*.toml` in the folder; None where there are none. Raises TextError."""
    cards = list(_each(sorted(folder.glob("cards/*.toml")), Card, read_lists(FOLDER)))
    if not cards:
        return None
    if strays := [card.id for card in cards if not card.id.startswith(f"{HOUSE}-")]:
        raise TextError(f"The id of a card of the house begins with {HOUSE}-; {strays[0]} does not.")
    digest = fingerprint(folder)
    info = SourceInfo(HOUSE, "Decisions of this house", f"{_newest(cards)} {digest[:8]}", digest, f"{len(cards)} cards", codes=0)
    return Harvest(info, knowledge=list(_rows("card", cards, "id")))


def _newest(models: Sequence[Any]) -> str:
    """The date of the newest text that anything rests on: it says how far the knowledge looks."""
    return max((str(origin.date) for model in models for origin in model.source), default="empty")


def _listed_rows(folder: Path) -> Iterator[KnowledgeRow]:
    for table, model in LISTED.items():
        for at, one in enumerate(read_listed(folder, table, model)):
            yield KnowledgeRow(table, f"{at:04}", one.model_dump_json(exclude_defaults=True))


def read_listed(folder: Path, table: str, model: type[M]) -> Iterator[M]:
    """The tables of `{table}s.toml` or `{table}.toml` in the order of the file; its [[source]] is that of all that name none."""
    for path in [path for name in (table, f"{table}s") if (path := folder / f"{name}.toml").exists()]:
        data = _toml(path)
        _only(path, data, table, "source")
        for at, item in enumerate(data.get(table, []), 1):
            yield _model({"source": data.get("source", []), **item}, model, f"{_name(path)}, {table} {at}")


def _record_row(record: Record) -> CodeRow:
    return CodeRow(
        record.code,
        record.system,
        "code",
        record.title,
        billable=True,
        official=False,
        source=SOURCE,
        effective=str(record.effective) if record.effective else None,
        ended=str(record.ended) if record.ended else None,
        plain=record.plain,
        facts=json.dumps(record.facts),
        confirmed=all(origin.confirmed for origin in record.source),
    )


def _modifier_row(modifier: Modifier) -> CodeRow:
    confirmed = all(origin.confirmed for origin in modifier.source)
    facts = {name: text for name in ("use", "avoid", "side") if (text := getattr(modifier, name))}
    return CodeRow(
        modifier.code,
        System.MODIFIER,
        "code",
        modifier.title,
        billable=True,
        official=False,
        source=SOURCE,
        facts=json.dumps(facts),
        confirmed=confirmed,
    )


def _record_surfaces(records: Iterable[Record]) -> Iterator[SurfaceRow]:
    for record in records:
        yield SurfaceRow(record.code, record.system, "title", record.title)
        if record.plain:
            yield SurfaceRow(record.code, record.system, "plain words", record.plain)
        for keyword in record.keywords:
            yield SurfaceRow(record.code, record.system, "keyword", keyword)


def _modifier_surfaces(modifiers: Iterable[Modifier]) -> Iterator[SurfaceRow]:
    for modifier in modifiers:
        yield SurfaceRow(modifier.code, System.MODIFIER, "title", modifier.title)
        for keyword in modifier.keywords:
            yield SurfaceRow(modifier.code, System.MODIFIER, "keyword", keyword)


def _records(folder: Path) -> Iterator[Record]:
    try:
        facts = official.read(folder / official.NAME)
    except ValueError as error:
        raise TextError(str(error)) from error
    for path in record_files(folder):
        data = _toml(path)
        _only(path, data, "record", "source")
        for at, item in enumerate(data.get("record", []), 1):
            whole = official.completed(item, facts.get(str(item.get("code")), {}), data.get("source", []))
            yield _model(whole, Record, f"{_name(path)}, record {at} ({item.get('code') or 'unnamed'})")


def record_files(folder: Path) -> list[Path]:
    """The files that hold records, in the order in which they are read."""
    return [*sorted(folder.glob("records/*.toml")), *folder.glob("pos.toml")]


def record_codes(folder: Path) -> set[str]:
    """The codes of all records, also of those that are not whole before their official facts are learned."""
    return {str(item.get("code")) for path in record_files(folder) for item in _toml(path).get("record", [])}


def examples(folder: Path = FOLDER) -> Iterator[tuple[str, Example]]:
    """The examples of families and cards, each with the name of its text and its number there."""
    for path in (*sorted(folder.glob("families/*.toml")), *sorted(folder.glob("cards/*.toml"))):
        for at, item in enumerate(_toml(path).get("example", []), 1):
            yield f"{path.stem} {at}", _model(item, Example, f"{_name(path)}, example {at}")


def _term_files(folder: Path) -> list[Path]:
    return sorted(folder.glob("terms/*.toml"))


def _term_surfaces(terms: Iterable[Term]) -> Iterator[SurfaceRow]:
    for term in terms:
        for code in term.codes:
            yield SurfaceRow(code, System.ICD10CM, "lay word", term.term)


def _many(paths: Iterable[Path], table: str, model: type[M]) -> Iterator[M]:
    """The tables called `table` of each file; a file that is not there holds none. A file of terms may hold all kinds of them."""
    for path in paths:
        if path.exists():
            data = _toml(path)
            _only(path, data, table, *(TERMS if table in TERMS else ()))
            for at, item in enumerate(data.get(table, []), 1):
                yield _model(item, model, f"{_name(path)}, {table} {at} ({item.get('code') or item.get('term') or 'unnamed'})")


def _only(path: Path, data: Mapping[str, Any], *tables: str) -> None:
    if stray := sorted(set(data) - set(tables)):
        raise TextError(f"{_name(path)}: expected [[{tables[0]}]] tables only, found {', '.join(stray)}.")


def _each(paths: Iterable[Path], model: type[M], lists: Mapping[str, Sequence[str]]) -> Iterator[M]:
    for path in paths:
        try:
            yield _model(with_lists(_toml(path), lists), model, _name(path))
        except KeyError as unknown:
            raise TextError(f"{_name(path)}: {unknown.args[0]}") from unknown


def read_lists(folder: Path = FOLDER) -> dict[str, list[str]]:
    """The lists of words that cards and families of this folder may share, by name; none without a file. Raises TextError."""
    path = folder / LISTS
    return _toml(path) if path.exists() else {}


def with_lists(text: Mapping[str, Any], lists: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """A card or family as written, each "@name" in its lists of words replaced by the words of that list.

    Raises KeyError, with a sentence.
    """

    def words(written: list[Any]) -> Iterator[Any]:
        for one in written:
            if not (isinstance(one, str) and one.startswith(LIST_SIGN)):
                yield one
            elif (name := one.removeprefix(LIST_SIGN)) in lists:
                yield from lists[name]
            else:
                raise KeyError(f"{LISTS} has no list “{name}”.")

    def whole(told: Any) -> Any:
        if isinstance(told, dict):
            return {key: whole(value) for key, value in told.items()}
        return [*dict.fromkeys(words(told))] if isinstance(told, list) and all(isinstance(one, str) for one in told) else told

    return {key: whole(told) for key, told in text.items()}


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomli.loads(path.read_text(encoding="utf-8"))
    except (tomli.TOMLDecodeError, UnicodeDecodeError) as error:
        raise TextError(f"{_name(path)}: {error}.") from error


def _model(item: Any, model: type[M], where: str) -> M:
    try:
        return model.model_validate(item)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise TextError(f"{where}: {place}: {first['msg']}.") from error


def _rows(kind: str, models: Iterable[BaseModel], key: str) -> Iterator[KnowledgeRow]:
    seen: set[str] = set()
    for model in models:
        told = getattr(model, key)
        name = told if isinstance(told, str) else " ".join(told)
        if name in seen:
            raise TextError(f"The {kind} {name} stands twice in the starter knowledge.")
        seen.add(name)
        yield KnowledgeRow(kind, name, model.model_dump_json(by_alias=True, exclude_defaults=True))


def _name(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"

"""Is the text knowledge sound? Every code known, every table total, every source dated, every sentence in our own words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import tomli
from pydantic import ValidationError

from consultant.codebook import official, table, triggers
from consultant.codebook.codes import CATEGORY
from consultant.codebook.knowledge import (
    Card,
    Drug,
    Example,
    Family,
    Model,
    Modifier,
    Origin,
    Record,
    Same,
    Short,
    Term,
)
from consultant.codebook.sources import icd10cm, starter
from consultant.codebook.together import Together

ICD10CM = re.compile(rf"^{CATEGORY}(\.[0-9A-Z]{{1,4}})?$")
#: How the AMA words its descriptors. A sentence of ours that reads like one is not in our own words.
BORROWED = re.compile(
    r"\(eg,|\bwhen performed\b|list separately|\bseparate procedure\b|\beach additional\b|\bone or more areas\b"
    r"|\brequires? a medically appropriate\b|\breal[- ]time with image documentation\b|\bincluding interpretation and report\b",
    re.IGNORECASE,
)
#: In a title these are the descriptors' own punctuation and phrases as well; in a sentence they are plain English.
BORROWED_TITLE = re.compile(
    r"; (?:with|without|initial|each|first|subsequent|complete|limited)\b|\band/or\b|\bnot otherwise specified\b"
    r"|, per (?:session|hour|day)\b",
    re.IGNORECASE,
)
#: What the house wants of each kind at the least.
EXAMPLES_PER_FAMILY = 3


@dataclass(slots=True)
class Texts:
    """All text knowledge of a folder, each thing with the place it stands at, and what could not be read."""

    records: dict[str, Record] = field(default_factory=dict)
    modifiers: dict[str, Modifier] = field(default_factory=dict)
    families: dict[str, Family] = field(default_factory=dict)
    cards: dict[str, Card] = field(default_factory=dict)
    terms: dict[str, Term] = field(default_factory=dict)
    same: dict[str, Same] = field(default_factory=dict)
    shorts: dict[str, Short] = field(default_factory=dict)
    together: list[Together] = field(default_factory=list)
    drugs: list[Drug] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


def read_texts(folder: Path) -> Texts:
    """Everything in the folder that parses and fits its model; what does not is told in `wrong`."""
    texts = Texts()
    _read_records(folder, texts)
    _read_tables(folder / "modifiers.toml", "modifier", Modifier, "code", texts.modifiers, texts.wrong)
    for path in sorted(folder.glob("terms/*.toml")):
        _read_tables(path, "term", Term, "term", texts.terms, texts.wrong)
        _read_tables(path, "same", Same, "words", texts.same, texts.wrong)
        _read_tables(path, "short", Short, "short", texts.shorts, texts.wrong)
    lists = _toml(folder / starter.LISTS, texts.wrong) if (folder / starter.LISTS).exists() else {}
    _read_listening(folder / "families", Family, lists, texts.families, texts.wrong)
    _read_listening(folder / "cards", Card, lists, texts.cards, texts.wrong)
    try:
        texts.together = list(starter.read_listed(folder, "together", Together))
        texts.drugs = list(starter.read_listed(folder, "drug", Drug))
    except starter.TextError as error:
        texts.wrong.append(str(error))
    for kind, ids in (("families", texts.families.keys()), ("cards", texts.cards.keys())):
        stems = {path.stem for path in folder.glob(f"{kind}/*.toml")}
        texts.wrong += [f"{kind}/{stem}.toml does not hold the id that its name says" for stem in sorted(stems - ids)]
    return texts


def _read_listening(folder: Path, model: type[Model], lists: dict[str, Any], into: dict[str, Any], wrong: list[str]) -> None:
    """The texts that listen for words, one a file, with the lists that they share."""
    for path in sorted(folder.glob("*.toml")):
        try:
            _keep(starter.with_lists(_toml(path, wrong), lists), model, "id", path.name, into, wrong)
        except KeyError as unknown:
            wrong.append(f"{path.name}: {unknown.args[0]}")


def _read_records(folder: Path, texts: Texts) -> None:
    try:
        facts = official.read(folder / official.NAME)
    except ValueError as error:
        facts = {}
        texts.wrong.append(str(error))
    for path in starter.record_files(folder):
        data = _toml(path, texts.wrong)
        for item in data.get("record", []):
            whole = official.completed(item, facts.get(str(item.get("code")), {}), data.get("source", []))
            _keep(whole, Record, "code", path.name, texts.records, texts.wrong)


def _read_tables(path: Path, name: str, model: type[Model], key: str, into: dict[str, Any], wrong: list[str]) -> None:
    if not path.exists():
        wrong.append(f"{path.name} is missing")
        return
    for item in _toml(path, wrong).get(name, []):
        _keep(item, model, key, path.name, into, wrong)


def _toml(path: Path, wrong: list[str]) -> dict[str, Any]:
    try:
        return tomli.loads(path.read_text(encoding="utf-8"))
    except (tomli.TOMLDecodeError, UnicodeDecodeError) as error:
        wrong.append(f"{path.name}: {error}")
        return {}


def _keep(item: Mapping[str, Any], model: type[Model], key: str, file: str, into: dict[str, Any], wrong: list[str]) -> None:
    name = str(item.get(key, "unnamed"))
    try:
        thing = model.model_validate(item)
    except ValidationError as error:
        wrong += [f"{file}, {name}: {'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()[:5]]
        return
    if name in into:
        wrong.append(f"{file}: {name} stands twice")
    into[name] = thing


def problems(texts: Texts, today: date) -> Iterator[str]:
    """What is wrong, as sentences. Empty when the knowledge is sound."""
    for family in texts.families.values():
        yield from (f"family {family.id}: {sentence}" for sentence in _family_problems(family, texts))
    for card in texts.cards.values():
        yield from (f"card {card.id}: {sentence}" for sentence in _card_problems(card, texts))
    for record in texts.records.values():
        yield from (f"record {record.code}: {sentence}" for sentence in _record_problems(record, texts))
    for term in texts.terms.values():
        yield from (f"term {term.term}: {sentence}" for sentence in _unknown(term.codes, texts))
    for rule in texts.together:
        made = (*rule.gives, *(new for _, new in rule.pairs))
        yield from (f"together {', '.join((*rule.of, *rule.becomes))[:60]}: {s}" for s in _unknown(made, texts))
    yield from _drug_problems(texts)
    yield from triggers.problems(texts.families, texts.cards)
    for where, origins in origins_of(texts):
        yield from (f"{where}: {sentence}" for sentence in _dated_ahead(origins, today))
    for where, text in _wordings(texts):
        yield from (f"{where}: {sentence}" for sentence in _borrowed(text, title=where.startswith("record")))


def card_problems(card: Card, texts: Texts, today: date) -> Iterator[str]:
    """What is wrong with one card beside the knowledge there is."""
    yield from _card_problems(card, texts)
    yield from _dated_ahead(card.source, today)
    yield from _borrowed(f"{card.title} {card.says}", title=False)


def _dated_ahead(origins: Iterable[Origin], today: date) -> Iterator[str]:
    yield from (f"the source {o.title!r} is dated ahead, {o.date}" for o in origins if o.date > today)


def _borrowed(text: str, *, title: bool) -> Iterator[str]:
    if found := BORROWED.search(text) or (BORROWED_TITLE.search(text) if title else None):
        yield f"{found.group()!r} reads like an official descriptor; say it in our own words"


def _family_problems(family: Family, texts: Texts) -> Iterator[str]:
    yield from table.problems(family)
    for row in family.row:
        if row.goes_to and row.goes_to not in texts.families:
            yield f"a row goes to {row.goes_to}, which is no family"
        yield from _unknown([*row.codes, *row.modifiers], texts)
        if row.adds and row.adds.code == row.code and row.adds.beyond:
            yield f"{row.code} adds itself beyond {row.adds.beyond:g}; a code that is counted by itself starts from 0"
        if row.adds and row.adds.code != row.code and not _is_addon(row.adds.code, texts):
            yield f"{row.adds.code} is added to {row.code}, but its record does not say that it is an add-on"
    yield from _unknown([code for marked in family.marks.values() for code in marked.values()], texts)
    if any(_comes_back(row.goes_to, family.id, texts) for row in family.row if row.goes_to):
        yield "its rows lead back to itself"
    if len(family.example) < EXAMPLES_PER_FAMILY:
        yield "fewer than three examples"
    yield from _example_problems(family.example, texts)


def _comes_back(to: str, start: str, texts: Texts) -> bool:
    """Does the way through the families that begins at `to` come to `start`?"""
    seen, ahead = set[str](), [to]
    while ahead:
        name = ahead.pop()
        if name == start:
            return True
        if name not in seen and name in texts.families:
            seen.add(name)
            ahead += [row.goes_to for row in texts.families[name].row if row.goes_to]
    return False


def _card_problems(card: Card, texts: Texts) -> Iterator[str]:
    when = card.when
    yield from _unknown(
        [*when.codes, *when.all_codes, *card.report, *card.do_not_report, *card.discuss, card.modifier, card.on], texts
    )
    yield from (f"{code} is both reported and refused" for code in card.report if code in card.do_not_report)
    if not (when.codes or when.all_codes or when.words):
        yield "nothing triggers it"
    if card.valid_from and card.valid_to and card.valid_from > card.valid_to:
        yield "it ends before it begins"
    yield from _example_problems(card.example, texts)


def _record_problems(record: Record, texts: Texts) -> Iterator[str]:
    yield from _unknown(record.addon_to, texts)
    if record.addon_to and record.facts.get("addon") is not True:
        yield "it has primary codes, but its facts don't say addon = true"
    if record.effective and record.ended and record.effective > record.ended:
        yield "it ends before it begins"


def _drug_problems(texts: Texts) -> Iterator[str]:
    """Each drug stands once, and its stem has a code for poisoning by accident under it."""
    seen: set[str] = set()
    for drug in texts.drugs:
        name = f"drug {drug.words[0]}"
        yield from (f"{name}: {word} stands twice" for word in drug.words if word in seen)
        seen |= set(drug.words)
        made = [f"{drug.effect}1A"] if drug.effect else []
        yield from (f"{name}: {sentence}" for sentence in _unknown([*made, drug.long], texts))


def _example_problems(examples: Iterable[Example], texts: Texts) -> Iterator[str]:
    for example in examples:
        yield from _unknown([*example.report, *example.discuss, *example.exclude, *example.units], texts)
        both = sorted(set(example.report) & set(example.exclude))
        if both:
            yield f"the example {example.question!r} wants and forbids {', '.join(both)}"


def _unknown(codes: Iterable[str | None], texts: Texts) -> Iterator[str]:
    yield from (f"{code} is no code that the books know" for code in codes if code and not _known(code, texts))


def _known(code: str, texts: Texts) -> bool:
    if code in texts.records or code in texts.modifiers:
        return True
    return bool(ICD10CM.match(code)) and code.replace(".", "") in _icd10cm()


@cache
def _icd10cm() -> frozenset[str]:
    """Every code and category of the embedded release, without dots."""
    return frozenset(line.strip() for line in icd10cm.embedded()[1].decode("ascii").splitlines())


def _is_addon(code: str, texts: Texts) -> bool:
    record = texts.records.get(code)
    return record is None or record.facts.get("addon") is True


def origins_of(texts: Texts) -> Iterator[tuple[str, tuple[Origin, ...]]]:
    yield from ((f"record {name}", record.source) for name, record in texts.records.items())
    yield from ((f"modifier {name}", modifier.source) for name, modifier in texts.modifiers.items())
    yield from ((f"family {name}", family.source) for name, family in texts.families.items())
    yield from ((f"card {name}", card.source) for name, card in texts.cards.items())


def _wordings(texts: Texts) -> Iterator[tuple[str, str]]:
    """Our own words about codes of the AMA. HCPCS Level II and places of service have public official texts."""
    for record in texts.records.values():
        if record.system == "CPT":
            yield f"record {record.code}", f"{record.title} {record.plain}"
    for modifier in texts.modifiers.values():
        yield f"modifier {modifier.code}", f"{modifier.title} {modifier.use}"
    for family in texts.families.values():
        yield f"family {family.id}", " ".join((family.title, family.why, *(row.note for row in family.row)))
    for card in texts.cards.values():
        yield f"card {card.id}", f"{card.title} {card.says}"

"""Writing the search index of a book.

Every wording by which a code can be found is a surface. Surfaces stand in segments, one for each code system and one more for
its codes that have ended, so that what a word tells is told by its own system, and importing one system changes nothing in
another. A posting is the ascending list of the surfaces that hold a term; beside it stand, per surface, its terms, its weight
(the sum of what its terms tell), its code, its kind and the circumstances it speaks of.

The codes of ICD-10-PCS are no surfaces: their titles are composed of the same few words. Those that share the first four
characters stand behind one surface, which holds the words that all of them have, and the others as words that may be said.

All of it is a run of arrays behind the tables of the book's file, mapped into memory and never read as a whole: see
`docs/decisions/0010-search-index.md`.
"""

from __future__ import annotations

import json
import re
import sqlite3
from array import array
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from consultant.codebook import spelling, words
from consultant.codebook.told import (
    ASIDE,
    CHAPTERS,
    CONTEXT,
    FIELD_NAMES,
    LATER_SHARE,
    LISTED_SHARE,
    NONE,
    OPTIONAL_SHARE,
    SEGMENTS,
    STEM,
    heaviness,
)
from consultant.codebook.told import told as tells
from consultant.codebook.words import NO
from consultant.vocabulary import System

#: Chapters of ICD-10-CM whose titles list sites, or vehicles.
_LISTING = ("C", "D0", "D1", "D2", "D3", "D4", "V", "W", "X", "Y")
_PHRASE = re.compile(r"\b(?:of|in|with|by|to|from|on|into|due|at|injured|while|without|involving|against|after)\b|[;()]")
_OR = re.compile(r"\b(?:and|or)\b|/")
_LISTED = re.compile(r"\b(?:and|or)\b|[,/]")
_STEM_LENGTH = 4  # characters of ICD-10-PCS: section, body system, root operation, body part


class Entry(NamedTuple):
    """A surface to be written: the row of its code, its segment, its kind and its words."""

    owner: int
    code: str
    segment: int
    field: str
    text: str


@dataclass(slots=True)
class _Held:
    """What has been read of the surfaces so far, a place each."""

    terms: list[tuple[str, ...]] = field(default_factory=list)  # those in brackets last
    loose: list[int] = field(default_factory=list)  # how many of them are in brackets
    owners: list[int] = field(default_factory=list)
    fields: list[str] = field(default_factory=list)
    circumstances: list[int] = field(default_factory=list)
    aside: list[float] = field(default_factory=list)  # what weighs against a code that is seldom meant
    choices: dict[int, list[list[list[str]]]] = field(default_factory=dict)  # what a title gives the choice of: see `_choices`


def segment(system: str, *, ended: bool) -> int:
    """The segment of a system's codes."""
    return [*System].index(System(system)) + (len(System) if ended else 0)


_HCPCS = segment(System.HCPCS, ended=False)


def write(
    db: sqlite3.Connection, entries: Iterable[Entry], composed: Sequence[tuple[int, str, str]], endings: Mapping[str, int]
) -> tuple[str, bytearray]:
    """The words of the index into the tables of `db`, and the rest as a directory (JSON) and the bytes it speaks of.

    `composed`: (row, code, title) of the codes of ICD-10-PCS, in the order of their codes. `endings`: what 7th characters add
    to the titles of ICD-10-CM → how many codes; met in titles only, not as surfaces.
    """
    told: Counter[str] = Counter()
    held = _Held()
    starts, froms = [], array("I")
    by_segment: defaultdict[int, list[Entry]] = defaultdict(list)
    for entry in entries:
        by_segment[entry.segment].append(entry)
    for at in range(SEGMENTS):
        starts.append(len(held.terms))
        if at == segment(System.ICD10PCS, ended=False):
            froms = _stems(composed, held, told)
        for entry in by_segment.pop(at, ()):  # which are let go of as their terms take their place in memory
            _hold(entry, held, told)
    starts.append(len(held.terms))
    for row, _, title in composed:
        _keep(held, row, "title", _terms_of(title, told), ())
    added: Counter[str] = Counter()
    for text, times in endings.items():
        added.update(dict.fromkeys(_terms_of(text, told), times))
    postings = _postings(held.terms[: starts[-1]])
    names = sorted({*postings, *added, *(term for terms in held.terms[starts[-1] :] for term in terms)})
    ids = {name: at for at, name in enumerate(names)}
    db.executemany("INSERT INTO term VALUES (?, ?)", ids.items())
    _words(db, told)
    arrays = _arrays(held, starts, postings, names, ids, added)
    arrays["stem_from"] = froms
    return _laid_out(arrays, starts)


def _stems(composed: Sequence[tuple[int, str, str]], held: _Held, told: Counter[str]) -> array[int]:
    """A surface for the codes that share their first characters; returns where the codes of each begin, and the end."""
    froms = array("I")
    at = 0
    while at < len(composed):
        row, code, _ = composed[at]
        froms.append(at)
        group = []
        while at < len(composed) and composed[at][1][:_STEM_LENGTH] == code[:_STEM_LENGTH]:
            group.append(_terms_of(composed[at][2], told))
            at += 1
        shared = [term for term in group[0] if all(term in terms for terms in group)]
        others = dict.fromkeys(term for terms in group for term in terms if term not in shared)
        _keep(held, row, STEM, shared, tuple(others))
    froms.append(len(composed))
    return froms


def _hold(entry: Entry, held: _Held, told: Counter[str]) -> None:
    terms = _terms_of(entry.text, told)
    loose = _later(entry.text) if entry.segment == _HCPCS else words.optional(entry.text)
    firm = [term for term in terms if term not in loose]
    chapter = CHAPTERS.get(entry.code[0], 0) if entry.segment == segment(System.ICD10CM, ended=False) else 0
    circumstances = chapter
    for term in firm:
        circumstances |= CONTEXT.get(term, 0)
    aside = ASIDE.get(entry.code[:2], ASIDE.get(entry.code[0], 0.0)) if entry.segment == _HCPCS else 0.0
    if entry.field == "title" and entry.segment == segment(System.ICD10CM, ended=False) and entry.code.startswith(_LISTING):
        held.choices[len(held.terms)] = [*_choices(entry.text, firm)]
    _keep(held, entry.owner, entry.field, firm, tuple(term for term in terms if term in loose), circumstances, aside)


def _choices(text: str, firm: Sequence[str]) -> Iterator[list[list[str]]]:
    """What a title lists, each by the terms that it brings: "ear and external auricular canal", "pick-up truck or van".

    Whoever asks means one of them: "and" in a title is "and/or", by the official guidelines.
    """
    left = set(firm)
    for phrase in _PHRASE.split(text.lower()):
        parts = _LISTED.split(phrase) if _OR.search(phrase) else [phrase]
        told = [[term for term in dict.fromkeys(words.terms(part)) if term in left] for part in parts]
        left.difference_update(*told)
        if len(listed := [terms for terms in told if terms]) > 1:
            yield listed


def _later(text: str) -> set[str]:
    """The terms that a HCPCS title has only behind its second comma: sizes, materials, units, what comes with it."""
    head, *rest = re.split(r"[,;(]", text)
    first = ",".join((head, *rest[:1]))
    return set(words.terms(text)) - set(words.terms(first))


def _keep(
    held: _Held,
    owner: int,
    kind: str,
    firm: Sequence[str],
    loose: Sequence[str],
    circumstances: int = 0,
    aside: float = 0.0,
) -> None:
    held.terms.append((*firm, *loose))
    held.loose.append(min(len(loose), 255))
    held.owners.append(owner)
    held.fields.append(kind)
    held.circumstances.append(circumstances)
    held.aside.append(aside)


def _terms_of(text: str, told: Counter[str]) -> tuple[str, ...]:
    found = words.meaning(words.tokens(text))
    told.update({word for word, _ in found})
    return tuple(dict.fromkeys(term for _, term in found))


def _postings(held: Sequence[Sequence[str]]) -> dict[str, array[int]]:
    postings: defaultdict[str, array[int]] = defaultdict(lambda: array("I"))
    for at, terms in enumerate(held):
        for term in terms:
            postings[term].append(at)
    return dict(postings)


def _arrays(
    held: _Held,
    starts: Sequence[int],
    postings: Mapping[str, array[int]],
    names: Sequence[str],
    ids: Mapping[str, int],
    added: Mapping[str, int],
) -> dict[str, array[int] | array[float]]:
    bounds, post, text_at, text = array("I"), array("I"), array("I", [0]), array("I")
    for name in names:
        found = postings.get(name, ())
        bounds.extend(len(post) + bisect_left(found, start) for start in starts)
        post.extend(found)
    for terms in held.terms:
        text.extend(ids[term] for term in terms)
        text_at.append(len(text))
    titles = array("I", bytes(4 * (max(held.owners, default=0) + 1)))
    for at, (owner, kind) in enumerate(zip(held.owners, held.fields, strict=True)):
        if kind == "title" and not titles[owner]:
            titles[owner] = at + 1
    return {
        "bounds": bounds,
        "post": post,
        "text_at": text_at,
        "text": text,
        "weight": array("f", _weights(held, starts, postings, added)),
        "owner": array("I", held.owners),
        "field": array("B", map(FIELD_NAMES.index, held.fields)),
        "circumstances": array("I", held.circumstances),
        "title": titles,
        "added": array("I", (added.get(name, 0) for name in names)),
        "contrary": array("I", (ids.get(_contrary(name), NONE) for name in names)),
    }


def _weights(held: _Held, starts: Sequence[int], postings: Mapping[str, array[int]], added: Mapping[str, int]) -> Iterator[float]:
    """What each surface says, by what its terms tell in its own segment. The silent titles weigh as their stems do."""
    bounds = [*zip(range(SEGMENTS), starts, starts[1:], strict=False), (SEGMENTS, starts[-1], len(held.terms))]
    pcs = segment(System.ICD10PCS, ended=False)
    for at, begin, end in bounds:
        of, size = (at, end - begin) if at < SEGMENTS else (pcs, starts[pcs + 1] - starts[pcs])
        counts: Counter[str] = Counter(term for terms in held.terms[starts[of] : starts[of + 1]] for term in terms)
        if of == segment(System.ICD10CM, ended=False):
            counts.update(added)
        weights = {term: heaviness(term) * tells(count, size) for term, count in counts.items()}
        for place in range(begin, end):
            terms, loose = held.terms[place], held.loose[place]
            firm = len(terms) - loose
            share = 0.0 if held.fields[place] == STEM else LATER_SHARE if at == _HCPCS else OPTIONAL_SHARE
            told = [weights.get(term, 0.0) for term in terms]
            others = sum(_besides(listed, weights) for listed in held.choices.get(place, ()))
            yield sum(told[:firm]) + share * sum(told[firm:]) + held.aside[place] - (1 - LISTED_SHARE) * others


def _besides(listed: list[list[str]], weights: Mapping[str, float]) -> float:
    """What those of a list weigh that are not its heaviest."""
    told = [sum(weights.get(term, 0.0) for term in terms) for terms in listed]
    return sum(told) - max(told)


def _contrary(term: str) -> str:
    return term.removeprefix(NO) if term.startswith(NO) else NO + term


def _laid_out(arrays: Mapping[str, array[int] | array[float]], starts: Sequence[int]) -> tuple[str, bytearray]:
    """The arrays one behind the other, each at a multiple of eight bytes, and where each begins."""
    directory: dict[str, tuple[str, int, int]] = {}
    laid = bytearray()
    for name, values in arrays.items():
        data = values.tobytes()
        directory[name] = (values.typecode, len(laid), len(data))
        laid += data + bytes(-len(data) % 8)
    return json.dumps({"starts": list(starts), "arrays": directory}), laid


def _words(db: sqlite3.Connection, told: Counter[str]) -> None:
    by_gram: defaultdict[str, array[int]] = defaultdict(lambda: array("I"))
    known = sorted(word for word in told if word.isalpha() and len(word) > 2)
    for at, word in enumerate(known):
        for gram in spelling.keys(word):
            by_gram[gram].append(at)
    db.executemany("INSERT INTO word VALUES (?, ?)", enumerate(known))
    db.executemany("INSERT INTO gram VALUES (?, ?)", ((gram, ids.tobytes()) for gram, ids in sorted(by_gram.items())))

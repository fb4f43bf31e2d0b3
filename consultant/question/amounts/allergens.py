"""Allergens that a letter lists by their names ("scratch tests for ragweed, oak, cat and dust mite" are four), and the doses of
a vial of extract that it tells by what one of them is: "10 ml vial, 1 cc aliquots"."""

# ruff: noqa: E501 - one pattern a line reads better than a wrapped one
from __future__ import annotations

import re
from collections.abc import Iterator

from consultant.question.amounts.labels import found_in, measure
from consultant.question.amounts.numbers import NUMBER, value_of
from consultant.vocabulary import Fact

#: Pollens, moulds, animals, dust and foods that are tested for; venoms and drugs have codes and counts of their own.
_ALLERGEN = re.compile(
    r"\b(?:ragweed|pigweed|lamb'?s ?quarters?|plantain|mugwort|sagebrush|oaks?|maples?|birch(?:es)?|elms?|ash|cedar|juniper|pecan|walnuts?|hickory|cottonwood"
    r"|olive|pine|poplar|sycamore|mulberry|(?:timothy|bermuda|johnson|bahia|rye|orchard|blue)(?:[- ]?grass)?|grass(?:es)?|trees?|weeds?|dust ?mites?|mites?|house dust|dust"
    r"|cockroach(?:es)?|roach(?:es)?|cats?|dogs?|horses?|feathers?|guinea pig|hamster|mou?lds?|alternaria|aspergillus|cladosporium|penicillium|hormodendrum"
    r"|peanuts?|tree nuts?|almonds?|cashews?|hazelnuts?|pistachios?|(?:cow'?s )?milk|eggs?(?: whites?| yolks?)?|wheat|soy(?:bean)?|shellfish|shrimp|crab|lobster|fish|cod"
    r"|salmon|tuna|sesame|corn|oats?|barley|strawberr(?:y|ies)|tomato(?:es)?|latex)\b(?! (?:allerg|exposure|owner|bite|scratch|house|fracture))",
    re.IGNORECASE,
)
_TESTED = re.compile(
    r"\b(?:scratch|prick|puncture|percutaneous|intradermal|intracutaneous|skin[- ]prick|allergy|allergen|allergic|rast|immunocap|specific ige|ige)\b"
    r"[^.?!]{0,24}\b(?:tests?|testing|tested|panels?|to|for)\b|\bige\b|\brast\b",
    re.IGNORECASE,
)
#: What counts them itself leaves nothing to count by names.
_COUNTED = re.compile(
    r"\b(?:\d{1,3}|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty|thirty|forty|fifty|sixty)[ -](?:\w+[ -]){0,3}?"
    r"(?:allergens?|antigens?|tests?|pricks?|punctures?|scratch(?:es)?|extracts?|foods?|inhalants?|pollens?|aeroallergens?)\b",
    re.IGNORECASE,
)
#: Names of one list stand this near to one another.
_NEAR = 48
MIN_NAMED = 2
_EXTRACT = re.compile(r"\b(?:95165|9514[4-9]|9517\d|antigens?|allerg\w+|extracts?|immunotherapy|venoms?)\b", re.IGNORECASE)
_VOLUME = r"[ -]?(?:ml|cc|milliliters?)"
_HOLDS = re.compile(
    rf"(?:\b(?P<vials>one|two|three|four|five|[1-5]) )?(?P<n>{NUMBER}){_VOLUME}\b (?:(?!doses?|aliquots?|each|shots?)[a-z-]+ ){{0,3}}vials?\b"
    rf"|\bvials? (?:of|holds|holding|with|is|was|that holds) (?P<m>{NUMBER}){_VOLUME}\b",
    re.IGNORECASE,
)
_ONE_DOSE = re.compile(
    rf"(?P<n>{NUMBER}){_VOLUME} (?:aliquots?|doses\b|per dose|a dose|each dose|at a time|to (?:a|the|each) dose|each\b)"
    rf"|\b(?:aliquots? (?:of|at)|(?:each|every|one|a|per) (?:dose|aliquot)(?: is| was| of| being| at|:| =)*|doses (?:of|at)) (?P<m>{NUMBER}){_VOLUME}\b",
    re.IGNORECASE,
)
_TOLD_DOSES = re.compile(rf"{NUMBER} (?:(?!ml|cc)[a-z-]+ )?(?:doses|aliquots)\b", re.IGNORECASE)
MOST_DOSES = 60


def doses_of_a_vial(text: str) -> Iterator[Fact]:
    """How many doses a vial of extract makes, by its volume and that of one dose, where the letter does not count them itself."""
    vial, one = _HOLDS.search(text), _ONE_DOSE.search(text)
    if not (vial and one and _EXTRACT.search(text)) or _TOLD_DOSES.search(text):
        return
    held, dose = (value_of(match["n"] or match["m"]) or 0.0 for match in (vial, one))
    doses = held * (value_of(vial["vials"] or "one") or 1.0) / dose if dose else 0.0
    if 1 <= doses <= MOST_DOSES and doses == int(doses):
        yield measure("count", doses, text, vial.start(), vial.end(), "doses")


def named_allergens(text: str) -> Iterator[Fact]:
    """One count of the allergens that a letter on such tests lists, where it does not count them itself."""
    if not _TESTED.search(text) or _COUNTED.search(text):
        return
    listed = list(found_in(_ALLERGEN, text))
    row = [one for at, one in enumerate(listed) if _beside(listed, at)]
    names = {match.group().lower().rstrip("s") for match in row}
    if len(names) >= MIN_NAMED:
        yield measure("count", float(len(names)), text, row[0].start(), row[-1].end(), "allergens")


def _beside(listed: list[re.Match[str]], at: int) -> bool:
    """Does another one of the list stand near it?"""
    here = listed[at]
    return any(
        other is not here and min(abs(other.start() - here.end()), abs(here.start() - other.end())) <= _NEAR
        for other in listed[max(0, at - 1) : at + 2]
    )

"""Families that the letter meets: an act and an object both stand in it, and nothing that sends the reader elsewhere."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterable, Mapping, Sequence

from consultant.classifier.belonging.claims import is_of_another_claim
from consultant.classifier.belonging.clauses import Clauses, Matched, clauses_of, overlap
from consultant.classifier.belonging.earlier import earlier, of_today
from consultant.classifier.belonging.flanks import by_clause, by_side
from consultant.classifier.belonging.grounds import grounds_of
from consultant.classifier.belonging.purposes import not_sought, of_this_time, operates
from consultant.classifier.belonging.shares import shares_for
from consultant.classifier.belonging.stays import stays
from consultant.classifier.belonging.whose import elsewhere, of_others
from consultant.classifier.fits import fitting, of_diagnoses
from consultant.classifier.hearing.vetoes import against, excused
from consultant.classifier.hearing.words import Hit, Reading, among, more_than_a_word
from consultant.classifier.hearing.written import pattern_of
from consultant.classifier.systems import wants_both
from consultant.classifier.told import filled, told_codes
from consultant.codebook.choice import choose
from consultant.codebook.knowledge import Family
from consultant.vocabulary import Match, Question, System

#: A second family must come this near to the first, and have words of its own.
NEAR = 0.55
#: What a family must score that stands in clauses of its own.
APART = 0.3
MOST = 6
BY_CHANCE = 3  # places in different sentences of a story at which the words of one family meet by chance
Met = tuple[float, Family, list[Hit]]
_CATEGORY = 3  # characters of a diagnosis code that name its category
_DEPTH = 3  # how far a row may send the reader from family to family
#: Whoever asks for the anaesthetic's code asks for no operation's, unless the surgeon's is asked for too.
_ANAESTHETIC = re.compile(
    r"(?<!with[ -])\b(?:anesthesia|anaesthesia|anes|asa)(?: cpt| billing| crosswalk)? codes?\b"
    r"|\bcode for the ana?esthe|\bcrna\b|\b(?:anesthesia|asa) crosswalk"
    r"|\b(?:ask(?:ed|s)|request(?:ed|s)|want(?:ed|s)) (?:us|our \w{1,20}) (?:for|to (?:do|give|place|put))\b"
    r"[^.?!;]{0,30}\b(?:block|epidural)"
    r"|\bour an[ae]{1,2}sthe\w{3,9} (?:gave|did|provided|put)\b"
    r"|\b(?:we|i) (?:bill|code) (?:for )?(?:the |our |an )?ana?esth\w{3,9}"
    r"|(?<!general )(?<!local )(?<!under )(?<!with )\bana?esthesia (?:for|to|on)\b",
    re.IGNORECASE,
)
#: The surgeon who asked for a block, called the case off or has billed already asks for no code.
_SURGEON = re.compile(
    r"\bsurge(?:on|ons|ry code)\b(?! (?:called (?:it|the case) off|cancell?ed|stopped)\b)"
    r"(?! (?:has |had |already )?(?:(?:ask|request|want|order)(?:s|ed)|billed)\b)"
    r"|\bsurgical code|\bboth codes\b",
    re.IGNORECASE,
)


def match_families(
    families: Sequence[Family],
    by_id: Mapping[str, Family],
    question: Question,
    reading: Reading,
    rarity: Mapping[str, float],
    asked: Sequence[Hit] = (),
) -> list[tuple[Match, list[Hit]]]:
    """Matches, the best first, each with the hits that brought it. `by_id`: all families, also those that a row sends to.

    `asked`: diagnosis codes that the letter asks about; such a code is an object of the families of its category. A family whose
    codes are not asked for gives no match; the words of its act, as an operation's on what is diagnosed, send no other one away.
    """
    clauses = clauses_of(reading)
    answering = {family.id for family in fitting(families, question, reading)}
    # Of an inpatient's operations the acts are those of the others, told in other codes: they explain no word that sends away.
    heard = [family for family in families if family.id in answering or System.ICD10PCS not in family.leads_to]
    met = [
        (_score(hits, rarity), family, hits)
        for family, hits in _unless(heard, answering, reading, clauses, asked, wants_both(question))
    ]
    met = _of_the_anaesthetist([row for row in met if not is_of_another_claim(row[1], reading.whole)], reading.whole)
    met.sort(key=lambda row: (-row[0], row[1].id))
    near = _nearest(_told_together(met, reading), clauses, apart=reading.is_story or bool(by_clause(question, reading, ())))
    grounds = grounds_of([(family, hits) for _, family, hits in near], reading, clauses)
    kept: list[tuple[Match, list[Hit]]] = []
    told = told_codes(question)
    for score, family, hits in near:
        own_question, own_reading = grounds.share(family, question, reading)
        kept.extend((match, hits) for match in resolve(family, by_id, own_question, own_reading, hits, score, told))
        if len(kept) >= MOST:
            break
    return kept


def _unless(
    families: Sequence[Family], answering: Collection[str], reading: Reading, clauses: Clauses, asked: Sequence[Hit], both: bool
) -> list[tuple[Family, list[Hit]]]:
    """Of the `answering` families those that are met and not sent away; words that send one away count in its own act, not in
    another one's, whether that one answers or not."""
    past = [*earlier(reading.whole), *of_others(reading.whole), *stays(reading.whole)]
    met_at_all = ((f, hits) for f in families if (hits := _meets(f, reading, asked)))
    told = of_this_time([(f, left) for f, hits in met_at_all if (left := not_sought(f, hits, reading.whole))], reading)
    others = [*elsewhere(reading.whole), *stays(reading.whole)]
    met = [
        (f, hits)
        for f, hits in told
        if not (past and _tells_time(f, hits, past)) and not (others and _is_theirs(f, hits, others))
    ]
    kept = []
    for family, hits in [row for row in met if row[0].id in answering]:
        if not (away := against(family, reading, both)):
            kept.append((family, hits))
            continue
        # A word of the shorthand that names the other act is not ours: the therapy of "PT eval, and exercise for half an hour".
        named = {(hit.start, hit.end) for hit in away}
        ours = [hit for hit in hits if (hit.start, hit.end) not in named]
        rivals = [(other, more) for other, more in met if other is not family]
        if _an_act(family, ours) and excused(reading, clauses, (family, ours), away, rivals):
            kept.append((family, ours))
    return kept


def _of_the_anaesthetist(met: list[Met], whole: str) -> list[Met]:
    """Without the operations that the anaesthetic was for, where only its code is asked for."""
    if not _ANAESTHETIC.search(whole) or _SURGEON.search(whole):
        return met
    objects = [hit for _, f, hits in met if f.specialty[:1] == ("anesthesia",) for hit in among(hits, f.object)]
    return [
        row for row in met if "anesthesia" in row[1].specialty or not any(hit.meets(other) for hit in row[2] for other in objects)
    ]


def _nearest(met: Sequence[Met], clauses: Clauses, *, apart: bool) -> list[Met]:
    """The best family, those that come near it with words of their own, and those of an act in clauses of its own.

    `apart`: is it a story, or a letter that tells each side in a clause of its own?
    """
    kept: list[Met] = []
    for score, family, hits in met:
        # A drug and its giving are two lines of one act: they share their words.
        rivals = [(rival, others) for _, rival, others in kept if _is_drug(rival) == _is_drug(family)]
        taken = [hit for _, others in rivals for hit in others]
        near = not kept or (score >= NEAR * kept[0][0] and (_own(hits, taken) or _is_done_to(family, hits, rivals)))
        alone = not clauses.of(hits) & clauses.of(taken) or (apart and _own_act(family, hits, taken, clauses))
        if near or (score >= APART and alone and _an_act(family, hits)):
            kept.append((score, family, hits))
        if len(kept) >= MOST:
            break
    return kept


def _is_done_to(family: Family, hits: Sequence[Hit], rivals: Sequence[Matched]) -> bool:
    """Is a word that tells the whole act of the family only the object of others of its field? So of "ACDF with a plate"."""
    whole = among(hits, {*family.act} & {*family.object})
    done = [hit for rival, others in rivals for hit in among(others, rival.act)]
    wider = [hit for _, others in rivals for hit in others]  # "NIPT microdeletions" is no NIPT besides
    field = all({*rival.specialty} & {*family.specialty} for rival, _ in rivals)
    own = [act for act in whole if not any(act.meets(hit) and hit.end - hit.start > act.end - act.start for hit in wider)]
    return bool(own) and field and not any(act.meets(hit) for act in own for hit in done)


def _own_act(family: Family, hits: Sequence[Hit], taken: Sequence[Hit], clauses: Clauses) -> bool:
    """Is the whole act told in a clause, in words of doing that are nobody else's? One knee may be filmed and injected."""
    acts = among(hits, family.act)
    return not overlap(acts, taken) and any(clauses.tells(family, hits, {number}) for number in clauses.of(acts))


def _told_together(met: Sequence[Met], reading: Reading) -> Sequence[Met]:
    """Of a story those whose act and object stand in one sentence or that many words speak for; the best family if none does."""
    if not reading.is_story:
        return met
    return [row for row in met if not _met_by_chance(row, reading)] or met[:1]


def _met_by_chance(row: Met, reading: Reading) -> bool:
    _, family, hits = row
    if not family.object or len({(hit.start, hit.end) for hit in hits}) > BY_CHANCE:
        return False
    acts, objects = among(hits, family.act), among(hits, family.object)
    inside = any(" " in act.phrase and act.start < one.start and one.end < act.end for act in acts for one in objects)
    return not inside and not reading.together(acts, objects)  # "put a shoulder back" holds both


def _is_drug(family: Family) -> bool:
    return "drugs" in family.specialty


def _meets(family: Family, reading: Reading, asked: Sequence[Hit] = ()) -> list[Hit]:
    """The hits of act and object when every group is met; words that only others claim don't bring a family."""
    named = [hit for hit in asked if any(row.code and row.code[:_CATEGORY] == hit.phrase[:_CATEGORY] for row in family.row)]
    if not reading.speaks_of(family.act) or (family.object and not named and not reading.speaks_of(family.object)):
        return []
    act = reading.of(family.act, claimed=False)
    objects = [*reading.of(family.object, claimed=False), *named]
    if not act or (family.object and not objects):
        return []
    hits = [*act, *objects]
    return hits if not family.object or more_than_a_word(hits) or _says_a_value(family, hits[0], reading) else []


def _tells_time(family: Family, hits: Sequence[Hit], past: Sequence[tuple[int, int]]) -> bool:
    """Is what was done of another day, wherever the letter speaks of it? The diagnoses of such a patient stay. Of an anaesthetic
    the operation is the object: "catheters after CABG by anesthesia"."""
    done = family.object if family.specialty[:1] == ("anesthesia",) else family.act
    return not of_diagnoses(family) and not of_today(among(hits, done), past)


def _is_theirs(family: Family, hits: Sequence[Hit], others: Sequence[tuple[int, int]]) -> bool:
    """Was all that the family is done to told of somebody else's patient days: the melanoma of years ago, of today's mole?"""
    objects = among(hits, family.object)
    return bool(objects) and not of_diagnoses(family) and not of_today(objects, others)


def _an_act(family: Family, hits: Sequence[Hit]) -> bool:
    """Is something told that was done, and to what: in two places, unless the family wants no object?"""
    return not family.object or any(not hit.meets(hits[0]) for hit in hits)


def _says_a_value(family: Family, only: Hit, reading: Reading) -> bool:
    """Does another place of the letter say a value that the family decides by?"""
    return any(not hit.meets(only) for hit in reading.of(family.value_words, claimed=False))


def _score(hits: Iterable[Hit], rarity: Mapping[str, float]) -> float:
    """0..1: what the words weigh. Words inside a longer phrase count once; a word of many families weighs little.

    Of several phrases heard in the same words the rarest counts.
    """

    def weight(phrase: str) -> float:
        return rarity.get(phrase, 1.0) * (1 + 0.5 * (len(pattern_of(phrase)) - 1))

    kept: list[Hit] = []
    for hit in sorted(hits, key=lambda h: (h.start - h.end, h.start, -weight(h.phrase))):
        if not any(hit.meets(other) for other in kept):
            kept.append(hit)
    return 1 - math.exp(-sum(weight(phrase) for phrase in {hit.phrase for hit in kept}))


def _own(hits: Iterable[Hit], taken: Sequence[Hit]) -> bool:
    return any(not any(hit.meets(other) for other in taken) for hit in hits)


def resolve(
    family: Family,
    by_id: Mapping[str, Family],
    question: Question,
    reading: Reading,
    hits: list[Hit],
    score: float,
    told: Collection[str],
    depth: int = 0,
) -> list[Match]:
    words = tuple(dict.fromkeys(reading.whole[hit.start : hit.end] for hit in hits))
    found: list[Match] = []
    for share in _shares(family, question, reading, hits):
        facts = filled(family, share, told)
        choice = choose(family, dict(facts))
        stay = [place for place in choice.decided if not family.row[place].goes_to]
        if stay or choice.open or not choice.decided:
            rows = (*stay, *choice.open)
            found.append(Match("family", family.id, family.title, score, words, facts, choice.missing, rows))
        for place in choice.decided:
            goes_to = family.row[place].goes_to
            if goes_to and goes_to in by_id and depth < _DEPTH:
                found.extend(resolve(by_id[goes_to], by_id, question, reading, hits, score, told, depth + 1))
    return found


def _shares(family: Family, question: Question, reading: Reading, hits: Sequence[Hit]) -> list[dict[str, str]]:
    """The facts of each service; of a letter that tells one side after the other, those of each side, where they differ."""
    flanks = [flank for flank in by_side(question, reading, hits) if flank.own]
    sides = [(flank.side, shares_for(family, flank.question, flank.reading, flank.near)) for flank in flanks]
    if not flanks and operates(family) and not family.sums:  # lengths are added over both sides
        clauses = [flank for flank in by_clause(question, reading, hits) if among(flank.own, family.act)]
        sides = [(flank.side, shares_for(family, flank.question, flank.reading, flank.near)) for flank in clauses]
        sides = [(side, shares) for side, shares in sides if all(_settles(family, share) for share in shares)]
    if len(sides) < len(("left", "right")) or sides[0][1] == sides[1][1] or "side" in family.decides:
        return shares_for(family, question, reading, hits)
    return [{**share, "side": side} for side, shares in sides for share in shares]


def _settles(family: Family, share: Mapping[str, str]) -> bool:
    """Do the facts lead to one row, and leave none open?"""
    choice = choose(family, dict(filled(family, dict(share), ())))
    return bool(choice.decided) and not choice.missing


def rarity_of(groups: Iterable[Iterable[str]]) -> dict[str, float]:
    """What one phrase weighs: 1 when one family or card uses it, less the more do."""
    counts: dict[str, int] = {}
    for group in groups:
        for phrase in set(group):
            counts[phrase] = counts.get(phrase, 0) + 1
    return {phrase: 1 / math.sqrt(count) for phrase, count in counts.items()}

"""What was given into a vein or by a needle, as the letter tells it: each drug or fluid with its way and its minutes.

The letter is cut at its commas and joining words. A piece that names what was given begins a giving; a piece that only says how
("each over 30 minutes", "as separate IM shots") belongs to what was named before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from consultant.advice.sheet import Sheet
from consultant.vocabulary import Span, System

CANCER = "J9"  # HCPCS keeps the drugs against cancer there
PUMP = "pump"  # the way of a drip that runs on at home
SHORTEST_DRIP = 16  # minutes; what ran less is a push
_CUT = re.compile(
    r"[,;\n&+]|\.(?!\d)|\b(?:and|then|plus|followed by|before|after|with|along|also|as well as|during|while)\b"
    r"|\b(?:the|our|a) nurse (?=(?:also )?(?:gave|pushed)\b)",
    re.IGNORECASE,
)
#: "During the drip", "while it ran": what is told behind it went on already.
_BESIDE = re.compile(r"\b(?:during|while)\s*$", re.IGNORECASE)
_FLUID = re.compile(
    r"\b(?:hydrat\w+|(?:normal )?saline|NS|LR|(?:lactated )?ringer\w*|(?:iv )?fluids?|ivf)\b(?! flush)", re.IGNORECASE
)
_CHEMO = re.compile(r"\b(?:chemo\w*|antineoplastic\w*|anti-cancer drugs?)\b", re.IGNORECASE)
_DRUG = re.compile(
    r"\b(?:antibiotics?|premed\w*|anti-?emetics?|(?:anti-?)?nausea (?:drugs?|med\w*|agents?)|anti-nausea \w+|(?:iv )?iron"
    r"|drug [a-d1-4]|pain med\w*|pepcid|famotidine"
    r"|dex|decadron|morphine|dilaudid|hydromorphone|vanco?|ancef|mag|benadryl|toradol"
    r"|(?:first|second|third|another|other|different|new|therapeutic|one) (?:drugs?|med(?:ication)?s?|agents?|antibiotics?))\b",
    re.IGNORECASE,
)
_WAYS = {
    "push": re.compile(r"\b(?:push\w*|ivp)\b", re.IGNORECASE),
    "shot": re.compile(
        r"\b(?:IM|intramuscular\w*|sub-?q|subcut\w*|SQ|shots?|under the skin|into (?:the|a) muscle)\b", re.IGNORECASE
    ),
    "drip": re.compile(r"\b(?:infus\w*|drip\w*|piggyback\w*|ivpb|ran|over|hung)\b", re.IGNORECASE),
}
_TOGETHER = re.compile(r"\b(?:concurrent\w*|simultaneous\w*|same time|y-site|together)\b", re.IGNORECASE)
#: Drugs mixed before they are given are one giving.
_MIXED = re.compile(
    r"\b(?:in|into|from|as) (?:one|the same|a single|1) (?:iv )?(?:bag|syringe|mini-?bag|piggyback)\b", re.IGNORECASE
)
#: "175 minutes of plain fluid left": what remains of a bag once the pushes are taken off takes the place of the whole.
_REST = re.compile(r"\b(?:left|remain\w*|net)\b", re.IGNORECASE)
_DENIED = re.compile(r"\b(?:no|not|without|never|instead of|rather than)\b", re.IGNORECASE)
#: "The visit was for the chemo": why the patient came is nothing more that was given.
_WHY = re.compile(
    r"\b(?:visits?|appointment|comes?(?: in)?|came(?: in)?|here|seen|scheduled)(?: (?:was|is|only))?"
    r" for (?:the |her |his )?chemo\w*",
    re.IGNORECASE,
)
#: "She goes home with the pump", "CADD hooked up": a drip that begins here and runs on at home.
_HOME_PUMP = re.compile(
    r"\b(?:home (?:w/?|with|on)\b[^.?!]{0,24}\bpump|(?:take[- ]?home|home|portable|ambulatory|elastomeric|5-?fu|cadd) pump"
    r"|pump (?:home|to go)|cadd)\b",
    re.IGNORECASE,
)
#: "Went home, came back at four vomiting": what is told behind it was given in a second encounter of that day.
_BACK = re.compile(
    r"\b(?:went home|sent home|discharged|left|later (?:that|the same) day|same day|in the (?:morning|am))\b[^?!]{0,80}?"
    r"(?P<back>\b(?:came|comes|was|is|brought|sent) back\b|\breturn(?:ed|s)\b(?! home)|\bcame again\b)",
    re.IGNORECASE,
)
_OTHER_DAY = re.compile(
    r"\b(?:next|following|another|other|second) (?:day|morning|week|month)\b|\btomorrow\b|\bdays? later\b", re.IGNORECASE
)
#: "Dex and aloxi each pushed": the way holds for what was named before it, too.
_EACH = re.compile(r"\b(?:each|both|all)\b", re.IGNORECASE)
_MANY = re.compile(r"\b(\d|two|three|four|five)\b(?: (?:separate|different|im|sq|subq|iv|additional))* ?$", re.IGNORECASE)
_COUNTED = re.compile(r"\b(?:shots|injections|pushes|drugs|meds|medications)\b", re.IGNORECASE)
#: "Dilaudid IVP x3": the number behind the push.
_TIMES = re.compile(r"\b(?:push(?:es|ed)?|ivp) ?[x×] ?([2-9])\b", re.IGNORECASE)
_NUMBERS = {"two": 2, "three": 3, "four": 4, "five": 5}


@dataclass(frozen=True, slots=True)
class Giving:
    """`kind`: chemo, drug or fluid. `way`: drip, push, shot, pump, or "" while nothing tells. `minutes`: of a drip, else 0."""

    kind: str
    name: str
    way: str = ""
    minutes: int = 0
    together: bool = False
    count: int = 1
    is_drug: bool = False  # the book has a code for what the letter names
    is_mixed: bool = False  # of several drugs
    times: int = 1  # that the same one was pushed
    is_later: bool = False  # given when the patient had gone and come back that day

    @property
    def title(self) -> str:
        """Its name as a sentence begins with it."""
        return f"{self.name[:1].upper()}{self.name[1:]}"

    @property
    def told(self) -> bool:
        """Is it known how it was given, and for how long where that decides?"""
        return bool(self.way) and (self.way != "drip" or self.minutes > 0 or self.together)


def givings(sheet: Sheet, complex_drugs: Iterable[str]) -> list[Giving]:
    """All that was given, in the order of the letter. `complex_drugs`: names of drugs that are given by chemotherapy codes."""
    text = sheet.findings.question.text
    named = dict(_named(sheet, frozenset(complex_drugs)))
    known = {name for _, name in named.values()}
    timed = [(fact.span, int(float(fact.value))) for fact in sheet.facts("minutes") if fact.span.where == "text"]
    pumps = [told.end() for told in _HOME_PUMP.finditer(text)]
    back = _came_back(text)
    found: list[Giving] = []
    for begin, end in _pieces(text, [span for span, _ in timed]):
        piece, at = text[begin:end], Span(begin, end, "")
        minutes = next((n for span, n in timed if span.meets(at)), 0)
        beside = bool(_BESIDE.search(text, max(0, begin - len("during ")), begin))
        if _tells_nothing(piece, minutes):
            continue
        how = Giving("", "", _way(piece, minutes), minutes, bool(_TOGETHER.search(piece)), is_later=begin >= back)
        kind, name = _given(piece, [what for span, what in named.items() if span.meets(at)])
        if beside and kind == "fluid" and how.way == "push":  # "during the hydration Zofran was pushed"
            found.append(_told(replace(how, kind=kind, name=name, way="drip")))
            kind, name = _given(_FLUID.sub(" ", piece), [what for span, what in named.items() if span.meets(at)])
            how = replace(how, minutes=0)
        if any(begin < last <= end for last in pumps) or _is_in_pump(found, kind, how):
            found = [*(one for one in found if one.way != PUMP), Giving("chemo", "pump", PUMP)]
        elif name:
            if found and named and _announces(found[-1]):
                found.pop()
            found = _alike(found, how.way, piece)
            if kind == "fluid" and minutes and _REST.search(piece):
                found = [giving for giving in found if giving.kind != "fluid"]
            found.append(
                _told(replace(how, kind=kind, name=name, count=_count(piece), is_drug=name in known, times=_times(piece)))
            )
        elif how.minutes or (how.way and not beside):
            found = _later(found, how, _count(piece))
        if found and _MIXED.search(piece):
            found = _mixed(found)
    return _abreast(_settled(_again_and_again(_once(found))))


def _came_back(text: str) -> int:
    """Where the letter tells that the patient came back the same day; its end where nobody did."""
    told = _BACK.search(text)
    return told.start("back") if told and not _OTHER_DAY.search(text) else len(text) + 1


def _tells_nothing(piece: str, minutes: int) -> bool:
    """Is it what was not given, or only why the patient came?"""
    return bool(_DENIED.search(piece) or (not minutes and _WHY.search(piece)))


def _is_in_pump(found: list[Giving], kind: str, how: Giving) -> bool:
    """ "The CADD with 5-FU": is it the drug in the pump that was just told?"""
    return bool(found) and found[-1].way == PUMP and kind == "chemo" and not how.way


def _alike(found: list[Giving], way: str, piece: str) -> list[Giving]:
    """With the way of this piece for those before it too, where it says so: "dex and Aloxi each pushed"."""
    if way not in ("push", "shot") or not _EACH.search(piece):
        return found
    return [one if one.way else replace(one, way=way) for one in found]


def _once(found: list[Giving]) -> list[Giving]:
    """ "Came in for hydration, saline for 90 minutes", "the antibiotic was first": what is told again was not given again."""
    told = {giving.name.lower() for giving in found if giving.told}
    fluids = any(giving.kind == "fluid" and giving.told for giving in found)
    return [g for g in found if g.told or not (g.name.lower() in told or (fluids and g.kind == "fluid"))]


def _abreast(found: list[Giving]) -> list[Giving]:
    """ "Zosyn concurrent with vancomycin": where only the first is said to run beside another, it is the second that does."""
    if len(found) > 1 and found[0].together and not any(giving.together for giving in found[1:]):
        first, second, *others = found
        return [replace(first, together=False), replace(second, together=True), *others]
    return found


def _named(sheet: Sheet, complex_drugs: frozenset[str]) -> Iterator[tuple[Span, tuple[str, str]]]:
    """Where the letter names a drug that has a code: (kind, its name)."""
    for candidate in sheet.candidates("keyword"):
        if candidate.system is System.HCPCS and candidate.code[0] in "JQ":
            for evidence in candidate.evidence:
                for span in evidence.spans if evidence.kind == "keyword" else ():
                    strong = candidate.code.startswith(CANCER) or span.text.lower() in complex_drugs
                    yield span, ("chemo" if strong else "drug", span.text)


def _pieces(text: str, whole: list[Span]) -> Iterator[tuple[int, int]]:
    """The letter between its commas and joining words; none of them cuts through a span of `whole`: "2 hours and 10 minutes"."""
    begin = 0
    for cut in _CUT.finditer(text):
        if not any(span.start < cut.start() < span.end for span in whole):
            yield begin, cut.start()
            begin = cut.end()
    yield begin, len(text)


def _announces(giving: Giving) -> bool:
    """Is it only the word for what is named next: "two antibiotics, vancomycin and cefepime"?"""
    return not giving.told and not giving.is_drug and (giving.name.endswith("s") or giving.kind == "chemo")


def _given(piece: str, named: list[tuple[str, str]]) -> tuple[str, str]:
    """(kind, name) of what a piece says was given; ("", "") when it names nothing."""
    if named and not _FLUID.search(piece):
        return named[0]
    for kind, words in (("fluid", _FLUID), ("chemo", _CHEMO), ("drug", _DRUG)):
        if said := words.search(piece):
            return kind, said.group()
    return "", ""


def _way(piece: str, minutes: int) -> str:
    way = next((way for way, words in _WAYS.items() if words.search(piece)), "")
    return way or ("drip" if minutes else "")


def _told(giving: Giving) -> Giving:
    """Fluids run, as what is given beside another does; a drug that ran a quarter of an hour or less was pushed."""
    if giving.kind == "fluid" or (giving.together and not giving.way):
        return replace(giving, way="drip")
    short = giving.way == "drip" and 0 < giving.minutes < SHORTEST_DRIP
    return replace(giving, way="push") if short else giving


def _mixed(found: list[Giving]) -> list[Giving]:
    """The last drugs as one giving: those that nothing tells of, or the same as of the very last."""
    last, many = found[-1], 0
    for giving in reversed(found):
        if giving.kind != last.kind or (giving.told and (giving.way, giving.minutes) != (last.way, last.minutes)):
            break
        many += 1
    names = " and ".join(giving.name for giving in found[-many:])
    return [*found[:-many], replace(last, name=names, count=1, together=False, is_mixed=True)]


def _later(found: list[Giving], how: Giving, count: int) -> list[Giving]:
    """What is told of a giving after its name; with a number and without a name before it, givings of their own."""
    open_ones = [at for at, giving in enumerate(found) if not giving.told]
    if not open_ones and count > 1 and how.way:
        return [*found, _told(replace(how, kind="drug", name="drugs", count=count))]
    if not open_ones and found and how.minutes and not found[-1].minutes and found[-1].way == how.way:
        open_ones = [len(found) - 1]
    for at in open_ones:
        giving = found[at]
        way = giving.way or how.way
        found[at] = _told(
            replace(giving, way=way, minutes=giving.minutes or how.minutes, together=giving.together or how.together)
        )
    return found


def _settled(found: list[Giving]) -> list[Giving]:
    """ "Zofran and Toradol IV push", "IV push Zofran and Toradol": who has no way of its own shares its neighbour's."""
    found = _listed(found)
    for at, giving in enumerate(found):
        if not giving.way:
            later = next((other.way for other in found[at + 1 :] if other.way), "")
            before = found[at - 1].way if at else ""
            shared = before if before in ("push", "shot") else later
            found[at] = replace(giving, way=shared if shared in ("push", "shot") else "")
    return found


def _listed(found: list[Giving]) -> list[Giving]:
    """ "Two IM shots, ketorolac and ondansetron": the number only announces the drugs that are named after it."""
    for at, giving in enumerate(found):
        named = found[at + 1 : at + 1 + giving.count]
        if not giving.is_drug and giving.count > 1 and len(named) == giving.count and all(n.is_drug and not n.way for n in named):
            return [*found[:at], *(replace(n, way=giving.way) for n in named), *found[at + 1 + giving.count :]]
    return found


def _count(piece: str) -> int:
    """ "three IM injections" → 3; 1 where no number stands before the word or a list begins after it: "two pushes: Zofran"."""
    for word in _COUNTED.finditer(piece):
        number = _MANY.search(piece[: word.start()])
        if number and not piece[word.end() :].startswith(":"):
            return int(_NUMBERS.get(number[1].lower(), 0) or number[1])
    return 1


def _times(piece: str) -> int:
    return int(told[1]) if (told := _TIMES.search(piece)) else 1


def _again_and_again(found: list[Giving]) -> list[Giving]:
    """One drug that was "pushed x3" three times over; "zofran and toradol IVP x2" are the two that were named."""
    if not all(one.way for one in found):
        return found
    return [again for one in found for again in [one] * one.times]

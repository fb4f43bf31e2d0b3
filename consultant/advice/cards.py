"""What the matched cards rule: report, refuse, modify, explain."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from consultant.advice.official.edits import is_visit
from consultant.advice.official.files import named, procedures
from consultant.advice.operations.second import OF_LATER, is_first
from consultant.advice.sheet import Ruling, Saying, Sheet, sources_of, spoken
from consultant.advice.visits.beside import is_check_up
from consultant.codebook.kept import cards_of
from consultant.codebook.knowledge import Card
from consultant.vocabulary import Topic

#: A further card rules too when it is met nearly as closely as the first; else it is only told.
NEAR = 0.12
MOST_TOLD = 3
#: A verdict that names what to do outranks an explanation that is met as closely.
DECIDES = 0.1
#: Of who works beside the surgeon, on every code that they work on.
_HELPING = frozenset({"-62", "-80", "-81", "-82", "-AS"})
_NOTICE = frozenset({"-GA", "-GX", "-GY", "-GZ"})  # one notice stands for all that it names
#: A letter that asks what its codes need, and disputes none of them.
_OF_ALL = re.compile(
    r"\b(?:which|what) modifiers?\b|\bmodifiers? (?:needed|required|go(?:es)? |for \d{5}\b)"
    r"|\bdo(?:es)? (?:anything|any|either|both|one|they|these|i|we)\b[^.?!]{0,20}\bneed\b"
    r"|\bdo both\b[^.?!]{0,12}\b(?:put|use|add|bill|take)\b|\bneeds? (?:a )?(?:modifier|-?(?:59|51|x[esup]))\b",
    re.IGNORECASE,
)
_DISPUTED = re.compile(
    r"\b(?:den(?:ied|ies|y|ial)|reject\w*|bundl\w+|can (?:we|i) (?:also )?(?:add|bill|code)|or (?:upgrade|just|only|is|do)"
    r"|separately)\b",
    re.IGNORECASE,
)
_DECIDED = frozenset({"report", "not", "pair", "do_not_report", "units", "not_allowed"})
#: Signs that say the same as -59, or nothing of it.
_OF_ONE_PLACE = frozenset({"-XE", "-XP", "-XS", "-XU", "-51"})
INCIDENT_TO = re.compile(r"\bincident[- ]to\b", re.IGNORECASE)


def cards_rule(sheet: Sheet) -> Ruling:
    """The cards in their order. What a closer card reports, a farther one can't refuse, and the other way round."""
    report: list[str] = []
    refuse: list[str] = []
    modifiers: list[tuple[str, str]] = []
    sayings: list[Saying] = []
    units: dict[str, int] = {}
    verdict = ""
    ranked = _ranked(sheet)
    # What a card refuses says nothing of what another one reports: each is held against its like.
    ruling = next((score for score, card in ranked if card.report or card.verdict != "do_not_report"), 0.0)
    for score, card in ranked[:MOST_TOLD]:
        if score < (ruling if card.report else ranked[0][0]) - NEAR:
            continue
        units |= {code: n for code, n in card.units.items() if code not in units}
        refuse += [code for code in card.do_not_report if code not in report]
        report += [code for code in card.report if code not in refuse]
        sign = card.modifier or _sign_between(card, sheet)
        if sign and sign not in refuse:
            modifiers.append((_line_of(card) if card.modifier else card.report[-1], sign))
        sayings += _told(card)
        verdict = verdict or verdict_of(card)
    return Ruling(tuple(report), tuple(refuse), tuple(modifiers), units, sayings=tuple(sayings), verdict=verdict)


def _sign_between(card: Card, sheet: Sheet) -> str:
    """The -59 that a card only speaks of, for whoever asks with which modifier both of its codes are paid: on the second."""
    spoken = set(card.discuss) - _OF_ONE_PLACE
    if "which modifier" not in sheet.asked or card.verdict not in {"report", "pair"} or len(card.report) != 2:
        return ""
    lone = spoken == {"-59"} and not any(code.startswith("-") for code in (*card.report, *card.do_not_report))
    return "-59" if lone else ""


def named_line_rule(sheet: Sheet) -> Ruling:
    """A modifier that a card or a family gives without a line stands on the one procedure code that the letter names; one of
    those who help stands on all that they did.

    One that a card takes off a line, or a code that it refuses, leaves the other code to stand by itself.
    """
    signs = {c.code for c in sheet.candidates("named")}
    ruled = {*sheet.decided, *(sign for card in sheet.cards for sign in card.report)}
    given = [sign for sign in dict.fromkeys(sheet.loose) if sign in ruled]
    codes = [code for code in procedures(sheet) if code in named(sheet) and code not in sheet.refused]
    if not codes or any(code not in codes for code in sheet.lines if not code.startswith("POS-")):  # a place is no work
        return _visit_beside(sheet, [code for code in codes if is_visit(code)], given)
    if len(codes) > 1:
        helping = [sign for sign in given if sign in _NOTICE or (sign in _HELPING and not any(map(is_visit, codes)))]
        signs_of_all = tuple((code, sign) for code in codes for sign in helping)
        return (
            Ruling(tuple(codes), modifiers=signs_of_all) if helping or _asks_of_all(sheet, given) else _visit_alone(sheet, codes)
        )
    given = [sign for sign in given if sign not in OF_LATER or not is_first(sheet, codes[0])]
    given = [sign for sign in given if sign != "-TC" or "-26" not in given]  # two bills, never one line
    taken = any(_leaves_another(sign, signs, sheet) for card in sheet.cards for sign in card.do_not_report)
    if not (given or taken or _goes_under(sheet, codes[0])):
        return Ruling()
    return Ruling(tuple(codes), modifiers=tuple((codes[0], sign) for sign in given))


def _visit_beside(sheet: Sheet, visits: Sequence[str], given: Collection[str]) -> Ruling:
    """The one visit that the letter names has the -25 beside a service that it only tells: "99213, plus two allergy shots".

    A check-up that it names is as often what a plan or a colleague takes for one."""
    if "-25" not in given or len(visits) != 1 or any(map(is_visit, sheet.lines)) or is_check_up(visits[0]):
        return Ruling()
    return Ruling(tuple(visits), modifiers=((visits[0], "-25"),))


def _visit_alone(sheet: Sheet, codes: Sequence[str]) -> Ruling:
    """The one visit among the codes that the letter names, where a card gives the -25 and asks nothing else of them."""
    visits = [code for code in codes if is_visit(code)]
    if sheet.loose != ["-25"] or len(visits) != 1 or is_check_up(visits[0]) or any(map(is_visit, sheet.lines)):
        return Ruling()
    gives = any("-25" in (card.modifier, *card.report) for card in sheet.cards)
    return Ruling(tuple(visits), modifiers=((visits[0], "-25"),), unmark=(("", "-25"),)) if gives else Ruling()


def _goes_under(sheet: Sheet, code: str) -> bool:
    """Is it a visit of which the letter asks under whose number it goes? The code is the same under either."""
    verdicts = {card.verdict for card in sheet.cards}
    asks = is_visit(code) and bool(INCIDENT_TO.search(sheet.findings.question.text))
    return asks and "covered_if" in verdicts and "not_allowed" not in verdicts


def _leaves_another(refused: str, signs: Collection[str], sheet: Sheet) -> bool:
    """Is it a modifier, a place or a procedure code that the letter names, and that is refused?"""
    if refused.startswith("-") and refused[1:].isalpha():  # "Does he put AI on it?" names one without saying modifier
        return refused in sheet.refused and bool(re.search(rf"\b{refused[1:]}\b", sheet.findings.question.text))
    return refused in sheet.refused and refused in (signs if refused.startswith(("-", "POS-")) else named(sheet))


def _asks_of_all(sheet: Sheet, given: Collection[str]) -> bool:
    """Does the letter ask what its several codes need, and has a card said it? Then each that nobody refuses is reported."""
    text = sheet.findings.question.text
    if sheet.findings.topics[0] is not Topic.MODIFIER or not _OF_ALL.search(text) or _DISPUTED.search(text):
        return False
    return bool(given or sheet.lines) or gave_verdict(sheet)


def _ranked(sheet: Sheet) -> list[tuple[float, Card]]:
    """The cards that still stand, with their scores. A card that decides comes before one that only explains."""
    by_id = cards_of(sheet.book)
    found = [(m.score, by_id[m.id]) for m in sheet.findings.matches if m.kind == "card" and m.id in by_id]
    ranked = [
        (score + (DECIDES if card.verdict in _DECIDED else 0.0), card) for score, card in found if not _overtaken(card, sheet)
    ]
    return sorted(ranked, key=lambda pair: -pair[0])


def _overtaken(card: Card, sheet: Sheet) -> bool:
    """Has a named code that the facts rule out taken the ground from under the card?"""
    spoken_of = [code for code in (*card.report, card.on or "") if code]
    return bool(spoken_of) and bool(set(spoken_of) & set(sheet.refused) or _of_another_row(card, sheet))


def _of_another_row(card: Card, sheet: Sheet) -> bool:
    """Does a card report one code of a family whose facts lead to another one, which a card like it reports? Its number was
    that of something else: "30 minutes of therapy, door to door 52"."""
    [code, *more] = [code for code in card.report if not code.startswith("-")] or [""]
    if not code or more or code in sheet.decided:
        return False
    for family, _, choice in sheet.decisions:
        rows = {row.code for row in family.row}
        decided = {family.row[place].code for place in choice.decided}
        if code in rows and len(decided) == 1 and not choice.open and any(_alike(card, other, decided) for other in sheet.cards):
            return True
    return False


def _alike(card: Card, other: Card, decided: Collection[str | None]) -> bool:
    """Does the other one report what is decided, by the same codes and the same words beside its number?"""
    same = (card.when.codes, card.when.all_codes, card.when.also) == (other.when.codes, other.when.all_codes, other.when.also)
    return same and other is not card and bool({*other.report} & {*decided})


def _line_of(card: Card) -> str:
    """The code the modifier stands on; a card about modifiers alone has none."""
    if card.on:
        return card.on
    codes = [code for code in card.report if not code.startswith("-")]
    if card.modifier == "-25" and not any(map(is_visit, codes)):
        return ""  # never on the test or procedure beside which the visit stands
    return codes[0] if len(codes) == 1 else ""


def verdict_of(card: Card) -> str:
    """The verdict line: from the card's codes where it has any, else its first sentence."""
    codes = [code for code in card.report if not code.startswith("-")]
    said = {
        "report": f"Report {spoken(codes)}" if codes else "",
        "not": f"Report {spoken(codes)}, not {spoken(card.do_not_report)}" if codes and card.do_not_report else "",
        "pair": f"Report {spoken(codes)}" if codes else "",
        "do_not_report": f"Do not report {spoken(card.do_not_report)}" if card.do_not_report else "",
    }.get(card.verdict, "")
    if not said:
        return first_sentence(card.says)
    if card.modifier:
        on = f" on {card.on}" if card.on and len(codes) > 1 else ""
        said += f", with modifier {card.modifier[1:]}{on}"
    return f"{said}."


def gave_verdict(sheet: Sheet) -> bool:
    """Is the verdict of the answer that of a card?"""
    return bool(sheet.verdict) and sheet.verdict in map(verdict_of, sheet.cards)


def _told(card: Card) -> list[Saying]:
    stands_on = sources_of(card.source)
    sayings = [Saying("why", card.says, stands_on)]
    sayings += [Saying("why", card.appeal, stands_on)] if card.appeal else []
    sayings += [Saying("change", differs.told, stands_on) for differs in card.differs]
    sayings += [Saying("change", text, stands_on) for text in card.change]
    return sayings + [Saying("document", text, stands_on) for text in card.document[:3]]


def first_sentence(text: str) -> str:
    """The first sentence, with its full stop; a stop inside a number or an abbreviation does not end it."""
    for at, char in enumerate(text):
        if char in ".?!" and text[at + 1 : at + 2] in ("", " ") and not text[:at].endswith(("e.g", "i.e", "vs", "no", "sq")):
            return text[: at + 1]
    return text

"""Codes that the letter names: valid on the date, a heading, unknown, or the wrong one of a family that the facts decide."""

from __future__ import annotations

import re

from consultant.advice.sheet import Ruling, Saying, Sheet, book_source, record_source, spoken
from consultant.codebook import Lookup, Standing
from consultant.codebook.choice import still_possible
from consultant.vocabulary import Candidate, System, Topic

TELLING = 2  # words beside the code by which a card knows what was done
MOST = 8  # named codes that are spoken of one by one
MOST_CHILDREN = 8
#: A letter of more words tells a story, and that a code of it is in the book is no answer to that unless it explains the story.
MOST_WORDS, EXPLAINED = 14, 0.8
#: A keyword of one record, of one word at least; of several records, of two.
SURE_WORD = 0.55
SURE_PHRASE = 0.7
STANDING = 0.85  # how sure the book is of a code whose standing is asked
_PLACE = re.compile(r"\bplace of service\b|\bPOS\b")
#: "Billable when the nurse only …": what is asked is the circumstance, not the code.
#: The letter asks when a code may be billed, or for the right one.
_CIRCUMSTANCE = re.compile(
    r"\b(?:billable|valid)\b[^.?!]{0,12}\b(?:when|if|by|during|with|for (?:each|both|every|two|three|all|an?|the|our|my))\b"
    # "S92 or something else?" asks for the code, whatever the book says of the one that is named.
    r"|\bor (?:is it |is there )?(?:something else|(?:another|a different)(?: code| one)?|what(?: else| then)?)\s*(?:\?|$)",
    re.IGNORECASE,
)
#: "What goes on the claim besides G2067?": that code goes, and what is asked for is another one.
_BESIDE = (
    r"\b(?:what|which|anything)\b[^.?!;]{{0,60}}\b(?:besides?|in addition to|on top of|along with|next to) (?:the |code )?{}\b"
)
_BESIDES = re.compile(r"\bbeside|\bin addition to\b|\bon top of\b|\balong with\b|\bnext to\b", re.IGNORECASE)
#: "26418, denied as global to …", "26418, and the payer put it into the knee global", "26010 hit the global".
_INTO_GLOBAL = (
    r"\b{}\b[^.?!]{{0,60}}\b(?:den(?:y|ied|ies)|reject\w*|put|included?|counted|bundled|hit|refused)\b[^.?!]{{0,30}}\bglobal\b"
)
#: Before a thing: what somebody learns, unless it is handed over as well.
_TEACHING = re.compile(
    r"\b(?:taught|teach(?:es|ing)?|show(?:ed|s|ing)|demonstrat\w+|instruct(?:ed|s|ing|ion)"
    r"|train(?:ed|s|ing)|how to use|(?:the )?use of)\b"
    r"(?:(?!\b(?:gave|given|handed|dispensed|supplied|sold|home)\b)[^.;?!])*$",
    re.IGNORECASE,
)
_OPEN = re.compile(r"\b(?:which|what)\b", re.IGNORECASE)
#: Topics that ask for more than a code: a named code alone does not answer them.
_WANTS_A_RULE = frozenset({Topic.NCCI, Topic.COMPLIANCE, Topic.COVERAGE, Topic.PAYMENT, Topic.CROSSWALK, Topic.GUIDELINE})


def siblings_rule(sheet: Sheet) -> Ruling:
    """X, not Y: a named code of a family whose facts lead to another row is refused, if it is the only one named of them."""
    named = {c.code for c in sheet.candidates("named") if "supported" not in c.facts}
    # A card that a code brought says what this code needs, and not that it was done; one that words brought does.
    words = {match.id: match.words for match in sheet.findings.matches if match.kind == "card"}
    told = {
        code
        for card in sheet.cards
        if not card.when.all_codes
        for code in card.report
        if code not in words[card.id] or len([word for word in words[card.id] if not word[:1].isdigit()]) >= TELLING
    }
    text = sheet.findings.question.text
    stands = {code for code in named if is_put_into_global(sheet, code)}
    besides = named if _BESIDES.search(text) else set()  # a pattern for each code is made only where one may hold
    beside = {code for code in besides if re.search(_BESIDE.format(re.escape(code)), text, re.IGNORECASE)}
    refuse: list[str] = []
    for decision in sheet.decisions:
        family, choice = decision.family, decision.choice
        decided = {row.code for row in decision.rows} - {None}
        if choice.decided and not decided and not any(family.row[at].code for at in still_possible(family, decision.facts)):
            # The letter's own facts lead to a row without a code: nothing of this family is earned, whatever names it.
            spoken_of = named | {code for card in sheet.cards for code in card.report}
            refuse += sorted({row.code for row in family.row if row.code} & spoken_of)
        decided |= {row.adds.code for row in decision.rows if row.adds} | {code for row in decision.rows for code in row.also}
        # One family may decide for several places; what another family has by the same code earns nothing here.
        earned = {row.code for other in sheet.decisions if other.family is family for row in other.rows}
        of_family = named & {row.code for row in family.row if row.code}
        if len(of_family) == 1 and decided and not of_family & (decided | told | earned | stands) and not choice.open:
            refuse += of_family
    kept = tuple(code for code in refuse if code in beside)
    return Ruling(report=kept, refuse=tuple(code for code in refuse if code not in kept))


def is_put_into_global(sheet: Sheet, code: str) -> bool:
    """Did a payer count the code to an earlier operation, and is its modifier asked for? Then the code itself is in no doubt."""
    text = sheet.findings.question.text
    told = text.lower()
    return "modifier" in told and "global" in told and bool(re.search(_INTO_GLOBAL.format(re.escape(code)), text, re.IGNORECASE))


def asks_standing(sheet: Sheet) -> bool:
    """Does the letter only ask whether a code may be billed? Then families and cards explain, but don't answer."""
    named = [c for c in sheet.candidates("named") if c.system not in (System.MODIFIER, System.POS)]
    if len(named) != 1 or "standing" not in sheet.asked or _CIRCUMSTANCE.search(sheet.findings.question.text):
        return False
    code = named[0].code
    if any("below" in candidate.facts for candidate in sheet.findings.candidates):
        return False  # the letter tells which code under the heading it is
    if any(code in (*card.when.words, *card.when.codes) and card.report for card in sheet.cards):
        return False  # a card knows what became of it
    told = {word for match in sheet.findings.matches if match.kind == "card" for word in match.words} - {code}
    if told and any(code in card.do_not_report for card in sheet.cards):
        return False  # or, met by words of the story, that it is not earned
    decided = {row.code or "" for decision in sheet.decisions for row in decision.rows}
    return all(other.startswith(code) for other in decided)


def standing_rule(sheet: Sheet) -> Ruling:
    """What the book says of each named code on the date of service; alone in the letter, a billable one is reported."""
    named = [c for c in sheet.candidates("named") if c.system not in (System.MODIFIER, System.POS)][:MOST]
    alone = asks_standing(sheet) or (
        not sheet.settled
        and not sheet.refused
        and not sheet.findings.matches
        and sheet.findings.topics[0] not in _WANTS_A_RULE
        and (sheet.findings.confidence >= EXPLAINED or len(sheet.findings.question.text.split()) <= MOST_WORDS)
    )
    sayings: list[Saying] = []
    report: list[str] = []
    verdict = ""
    for candidate in named:
        found = sheet.book.lookup(candidate.code, sheet.findings.on)
        # Several codes that simply are in the book are told in one sentence, by `records_rule`.
        sayings += _standing(sheet, found) if found.standing is not Standing.BILLABLE or len(named) == 1 else []
        if found.standing is Standing.BILLABLE and alone and "range" not in candidate.facts:
            report.append(candidate.code)
        verdict = verdict or (_verdict(found) if alone else "")
    if len(named) > 1 and report:
        verdict = f"{spoken(report)} {'is' if len(report) == 1 else 'are'} in the book and billable."
    units = {c.code: int(c.facts["units"]) for c in named if c.facts.get("units", "").isdigit()}
    modifiers = tuple((c.code, m) for c in named if c.code in report for m in c.facts.get("modifiers", "").split())
    settles = STANDING if verdict and asks_standing(sheet) else 0.0
    return Ruling(tuple(report), (), modifiers, units, tuple(sayings), verdict, settles=settles)


def _verdict(found: Lookup) -> str:
    title = f" ({found.record.title.rstrip('.')})" if found.record else ""
    if found.standing is Standing.BILLABLE:
        return f"Yes: {found.code} is a valid, billable code{title}."
    if found.standing is Standing.HEADER:
        return f"No: {found.code} is a heading{title}; choose {spoken_or([c.code for c in found.children[:MOST_CHILDREN]])}."
    return found.status


def _standing(sheet: Sheet, found: Lookup) -> list[Saying]:
    source = record_source(sheet.book, found.code) if found.record else book_source(sheet.book)
    sayings = [Saying("check", found.status, (source,))]
    if found.standing is Standing.HEADER:
        sayings += [Saying("change", f"{child.code}: {child.title}.", (source,)) for child in found.children[:MOST_CHILDREN]]
    return sayings


def spoken_or(codes: list[str]) -> str:
    return spoken(codes).replace(" and ", " or ")


def titled_rule(sheet: Sheet) -> Ruling:
    """Inpatient procedures whose official titles stand in the letter."""
    told = [c for c in sheet.candidates("title") if c.system is System.ICD10PCS]
    sayings = tuple(_because(sheet, candidate) for candidate in told)
    verdict = f"Report {spoken(c.code for c in told)}." if told else ""
    return Ruling(tuple(c.code for c in told), sayings=sayings, verdict=verdict, settles=STANDING if told else 0.0)


def worded_rule(sheet: Sheet) -> Ruling:
    """Records one of whose keywords stands in the letter: the whole answer when nothing better has spoken, else what is missing.

    A letter that asks whether a modifier may be used ("can we …?") gets no modifier from words alone: that takes a rule.
    """
    if sheet.abstains or sheet.ask or (sheet.verdict and not sheet.lines and not sheet.loose):
        return Ruling()
    if any(candidate.code in sheet.lines for candidate in sheet.candidates("condition")):
        return Ruling()  # the diagnoses are the answer
    if sheet.lines and sheet.findings.question.is_story:
        return Ruling()  # of such lines beside the answer to a story one in five was right
    wants_modifier = sheet.findings.topics[0] is Topic.MODIFIER and not sheet.lines and not sheet.loose
    if wants_modifier and not _OPEN.search(sheet.findings.question.text):
        return Ruling()
    kinds = ("keyword",) if sheet.lines or sheet.loose or sheet.cards else ("keyword", "search")
    worded = [
        c for c in sheet.candidates(*kinds) if (c.system is System.MODIFIER) == wants_modifier and c.code not in sheet.lines
    ]
    if not _PLACE.search(sheet.findings.question.text):
        worded = [c for c in worded if c.system is not System.POS]
    worded = [c for c in worded if not _covered(sheet, c)] if kinds == ("keyword",) else worded
    worded = [c for c in worded if not (sheet.lines and _is_taught(sheet, c))]
    # Beside an answer only words that mean one thing add a line: a phrase, or the name of a drug or a supply.
    worded = [c for c in worded if not sheet.lines or c.score >= SURE_PHRASE or c.system is System.HCPCS]
    best = [c for c in worded if c.score >= max(SURE_WORD, worded[0].score - 0.001)][:3]
    sayings = [_because(sheet, candidate) for candidate in best]
    verdict = f"Report {spoken(c.code for c in best)}." if best and not sheet.lines else ""
    return Ruling(tuple(c.code for c in best), sayings=tuple(sayings), verdict=verdict)


def _is_taught(sheet: Sheet, candidate: Candidate) -> bool:
    """Is the thing only what somebody was taught to use: "the nurse taught him his inhaler with a spacer"?"""
    text, spans = sheet.findings.question.text, [s for s in candidate.spans_of("keyword") if s.where == "text"]
    return bool(spans) and all(_TEACHING.search(text, max(0, s.start - 60), s.start) for s in spans)


def _covered(sheet: Sheet, candidate: Candidate) -> bool:
    """Do the candidate's words only repeat what already brought a line, a refusal or the family they belong to?"""
    families = {row.code for family, _ in sheet.families for row in family.row}
    other = [c for c in sheet.findings.candidates if c.code in sheet.lines or c.code in sheet.refused]
    taken = [span for c in other for span in c.spans_of("family", "keyword")]
    inside = all(any(s.meets(t) for t in taken) for s in candidate.spans_of("keyword"))
    return candidate.code in families or inside or _tells_a_row(sheet, candidate)


def _tells_a_row(sheet: Sheet, candidate: Candidate) -> bool:
    """Is the equipment only told because a table decides by it: the pressure machine of a night in the sleep lab?"""
    decided = [d.family for d in sheet.decisions if any(row.code in sheet.lines for row in d.rows)]
    said = {phrase for family in decided for kinds in family.values.values() for words in kinds.values() for phrase in words}
    return candidate.code.startswith("E") and all(e.record in said for e in candidate.evidence if e.kind == "keyword")


def _because(sheet: Sheet, candidate: Candidate) -> Saying:
    record = sheet.book.modifiers.get(candidate.code)
    text = record.use if record else f"{candidate.code}: {candidate.title.rstrip('.')}."
    return Saying("why", text, (record_source(sheet.book, candidate.code),))

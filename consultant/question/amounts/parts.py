"""Minutes that are a part of others, come on top of them, or were spent on what nobody counts: "15 of those doing CPR"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from consultant.question.amounts.numbers import NUMBER, value_of
from consultant.question.reach import since, up_to
from consultant.vocabulary import Fact, Span

_MOST = 120
_REACH = 100  # characters from the minutes to a number that is a part of them
_NEAR = 60
_LEAST_SUMMED = 3  # two parts and their sum
#: "15 of those", "20 went to the intubation", "minus 12": plain numbers that are minutes of those told before.
_PART = re.compile(
    rf"(?P<n>{NUMBER}) (?:(?:\w+ )?of (?:those|them|it\b|that(?: time)?|which|the (?:minutes|time|hour))"
    rf"|(?:went|was spent|were spent) (?:to|on|for|in)|to the)\b"
    rf"|\b(?:minus|less|subtract(?:ing|ed)?|deduct(?:ing|ed)?|take (?:off|away|out)) (?:the |a )?(?P<off>{NUMBER})(?=[ ,;.?!]|$)",
    re.IGNORECASE,
)
#: "40 minutes in the morning and 40 more in the evening".
_MORE = re.compile(
    rf"(?P<n>{NUMBER}) more\b(?! than)(?! (?:lesions?|units?|views?|levels?|days?|weeks?|drugs?|shots?)\b)"
    rf"|\banother (?P<off>{NUMBER})(?=[,.;:?)]|$| (?:in|of|on|for|with|doing)\b)",
    re.IGNORECASE,
)
#: "40 minutes late", "an hour later", "on hold for 45 minutes", "the eight minute rule": no time in which anything was done.
_PASSED = re.compile(
    r" (?:too )?(?:late|early|apart|away|between (?:them|the two|both))\b|(?<=hour) later|[- ](?:drive|rule)\b", re.IGNORECASE
)
_PASSED_BEFORE = re.compile(
    r"\b(?:on hold|late|drove|kept waiting|waited)(?: (?:for|by|about|another|with \w+))* $", re.IGNORECASE
)
_OF_THAT = re.compile(
    r"\bof (?:that|which|those|these|them|it)\b(?: time)?[,:]? (?=\d|about|an?\b|\w+ (?:min|of|on|for)\b)"
    r"|\b(?:includ(?:es|ed|ing)|incl\.?|counting)[,:]? (?=\d{1,2} ?min)"
    r"|\b(?:in|during|within) (?:that|those|this|it|which)(?: time)?,? (?=(?:s?he|they|we|i|doc|doctor|the|her|his|our) )",
    re.IGNORECASE,
)
#: A part of the whole, by what it went to.
_PARTS = re.compile(
    rf"(?P<n>{NUMBER})(?:(?: ?min(?:ute)?s?)?(?= (?:of|on|for|in|to|doing|was|were|went|spent|with)\b| [a-z]{{2,12}}ing\b)"
    r"| ?min(?:ute)?s?\b)",
    re.IGNORECASE,
)
_MOST_PARTS = 6
_STOP = re.compile(r"[;?!\n]|\.(?!\d)")
_HOURS = re.compile(r"\bh(?:ou)?rs?\b", re.IGNORECASE)
_FEW = 9  # a plain number that is no more than that counts hours, where hours were told before it
#: A number that tells what it went to or was: "20 on medication, 40 of psychotherapy", "10 exercise".
_SHARE = re.compile(rf"(?P<n>{NUMBER})(?= (?:on|of|for|was|were|doing|went|in|to|by|with|spent|min)\b)", re.IGNORECASE)
_MOST_SHARES = 4
#: "Exercise 23, re-ed 10, manual 12, so 45 timed minutes": what each took, before their sum.
_LISTED = re.compile(r"(?<=[a-z:-] )(?P<n>\d{1,3})(?=,| and\b|;| ?[+&]| ?=)", re.IGNORECASE)
#: What stands before the sum of all that was told.
_MAKES = re.compile(r"\b(?:makes?|that's|is|was|total\w{0,5}|for|so|sum|of|=|to|:|a|an)\W{0,3}$", re.IGNORECASE)
_GOING = r"of(?! the\b)|on|for|was|were|doing|in|with|spent"
#: "20 minutes of exercise and 15 of manual therapy", "40 minutes in the morning and 50 in the evening": a plain number told
#: as the minutes before it are; joined by a mere comma, with the same word.
_ALIKE = re.compile(
    rf"(?:(?P<listed>[,;])|\band|\bplus|\bthen|[&+]) (?:(?:another|a further|then|about) )?(?P<n>{NUMBER}) (?P<of>{_GOING}) "
    r"(?!th(?:em|[eo]se|at)|which|it\b|(?:\w+ )?(?:months?|weeks?|days?|years?)\b)",
    re.IGNORECASE,
)
_OF = re.compile(rf" (?:\w+ )?({_GOING}) ", re.IGNORECASE)
#: "The physician spent 20 minutes and the NP 15": a plain number behind who else worked.
_WORKER = (
    r"(?:physician|doctor|md|surgeon|attending|nurse practitioner|np|aprn|pa|physician assistant|app|extender|therapist"
    r"|pt|ot|pta|cota|assistant|nurse|psychologist|technician|psychometrist|partner|colleague)"
)
_BY_ANOTHER = re.compile(
    r"(?:,|;|\band|\bplus|\bwhile|[&+]) (?:then )?(?:(?:the|our|an?|his|her|their) )?(?:\w+ )?"
    rf"{_WORKER}(?: [a-z/-]{{2,12}}){{0,5}}? (?:for )?(?P<n>{NUMBER})"
    r"(?=[,;).](?:\s|$)|$| (?:and|but|so|which|on|in|with|for|doing|by|then|at|of)\b)",
    re.IGNORECASE,
)
_BY_ONE = re.compile(rf"\b{_WORKER}\b[^.;?!]{{0,50}}$", re.IGNORECASE)
#: The giving of tests is one service over all its days: "60 minutes on one day and 60 three days later".
_TESTING = re.compile(
    r"\b(?:neuro-?psych\w*|psych\w*|cognitive) (?:\w+ ){0,2}(?:tests?|testing|tested|battery)\b|\bpsychometrist"
    r"|\btest administration\b",
    re.IGNORECASE,
)
_OTHER_DAY = re.compile(
    r",? (?:\w+ ){0,3}?(?:(?:on |the )*(?:next|following|second|other|another) (?:day|date|visit|session|morning|afternoon|week)"
    r"|(?:\w+ )?(?:days?|weeks?) (?:later|after)|(?:on )?(?:mon|tues|wednes|thurs|fri|satur)day)\b",
    re.IGNORECASE,
)
_LEAST_TOLD = 5  # minutes; a smaller number behind another word counts something else
#: "Exercise for 7 minutes, gait for 8": the number behind what was done.
_BEHIND = re.compile(rf"\bfor (?:about )?(?P<n>{NUMBER})(?=[,;)]|\.(?!\d)|$| (?:and|plus|then|&)\b)", re.IGNORECASE)
#: What follows minutes that lie inside others, that were taken out of a sum already, or that nobody works in.
_INSIDE = re.compile(
    r"(?: (?!and\b|then\b|plus\b)[\w-]+){0,8}? (?:(?:during|inside|within|out of) (?:that|those|it|them|the same)"
    r"|of (?:those|them|that|which|it)|in (?:that|the same) (?:time|hour|hours|period))\b"
    r"|,?(?: and)?(?: (?!then\b|plus\b)[\w-]+){1,4} \d{1,2} ?min(?:ute)?s? of (?:those|them|that|which|it)\b",
    re.IGNORECASE,
)
_UNCOUNTED = re.compile(
    r"(?: (?!and\b|then\b|plus\b)[\w-]+){0,6}? (?:not (?:counted|included)|left out|excluded)\b", re.IGNORECASE
)
_IDLE = re.compile(
    r" (?:was |were |of |for |spent |to )?(?:a |the )?(?:rest(?:ing|ed)?(?! of\b)|breaks?|waiting|bathroom|set-?up|undressing"
    r"|paperwork)\b",
    re.IGNORECASE,
)
_THE_SAME = re.compile(r"\b(?:the|those|these|that) $", re.IGNORECASE)
_BUT = re.compile(r"\b(?:but|though|although|except|including|included)(?: \w+){0,2} $", re.IGNORECASE)


def has_passed(text: str, minutes: Span) -> bool:
    """Were these minutes of the day's course, and spent on nobody?"""
    before = _PASSED_BEFORE.search(text, max(0, minutes.start - 30), minutes.start)
    return bool(before or _PASSED.match(text, minutes.end))


def parted(text: str, minutes: Sequence[Fact]) -> list[Fact]:
    """The minutes, with those marked that are a "part" of others or "apart" from them, and the plain numbers that are minutes."""
    minutes = [fact for fact in minutes if not _told_before(text, fact, minutes)]
    minutes = sorted(_alike(text, [*minutes, *_by_another(text, minutes)]), key=lambda fact: fact.span.start)
    minutes = _of_all_days(text, minutes)
    told = _of_the_whole(text, _listed(_shared_out([_marked(text, fact, minutes) for fact in minutes], text), text))
    return _with_sum([*told, *_plain(text, told)], text)


def _shared_out(minutes: list[Fact], text: str) -> list[Fact]:
    """ "60 minutes: 20 on medication, 40 of psychotherapy": plain numbers that make up the minutes before them, their total."""
    for whole in minutes:
        if whole.span.label or any(whole.span.end <= other.span.start < whole.span.end + _REACH for other in minutes):
            continue
        shares: list[Fact] = []
        for match in islice(_SHARE.finditer(text, whole.span.end, whole.span.end + _REACH), _MOST_SHARES):
            value = value_of(match["n"]) or 0.0
            shares.append(Fact("minutes", value, Span(*match.span("n"), match["n"])))
            if len(shares) > 1 and sum(float(fact.value) for fact in shares) == float(whole.value):
                total = whole.labelled("total")
                return [*(total if fact is whole else fact for fact in minutes), *shares]
    return minutes


def _listed(minutes: list[Fact], text: str) -> list[Fact]:
    """The minutes, with the plain numbers of a sentence that make up the only minutes it tells, behind them: their total."""
    for whole in minutes:
        begin = since(_STOP, text, whole.span.start)
        if whole.span.label or any(begin <= other.span.start < whole.span.start for other in minutes):
            continue
        found = [*islice(_LISTED.finditer(text, begin, whole.span.start), _MOST_PARTS)]
        if len(found) > 1 and sum(int(match["n"]) for match in found) == float(whole.value):
            shares = [Fact("minutes", float(match["n"]), Span(*match.span("n"), match["n"])) for match in found]
            return [*shares, *(fact.labelled("total") if fact is whole else fact for fact in minutes)]
    return minutes


def _of_the_whole(text: str, minutes: list[Fact]) -> list[Fact]:
    """ "84 minutes, of that 8 of CPR, 3 of teaching, 5 updating the family": each number to the end of the sentence is a part."""
    for cue in islice(_OF_THAT.finditer(text), _MOST):
        whole = _last_told(cue.start(), minutes)
        if whole is None or cue.start() - whole.span.end > _NEAR:
            continue
        end = up_to(_STOP, text, cue.end(), _REACH)
        told = [(match, value_of(match["n"]) or 0.0) for match in islice(_PARTS.finditer(text, cue.end(), end), _MOST_PARTS)]
        parts = [Fact("minutes", n, Span(*m.span("n"), m["n"], "part")) for m, n in told if n < float(whole.value)]
        if sum(float(part.value) for part in parts) < float(whole.value):
            kept = [fact for fact in minutes if not cue.end() <= fact.span.start < end]
            minutes = [*kept, *parts] if parts else minutes
    return minutes


#: "25 min ther ex, 15 manual": what the first minutes of a list went to, so that they are no sum of the others.
_OF_ONE = re.compile(
    r" ?(?:of |for |on )?(?!(?:total|direct|timed|treatments?|therapy|one|skilled|face|time|sessions?|visit|care|billable|contact"
    r"|in|all|altogether|were|was|spent|with|together|documented|there|she|he|we|they)\b)"
    r"[a-z][\w /-]{1,40}?(?:,|;|\band\b|\+|&|$)",
    re.IGNORECASE,
)


def _with_sum(minutes: Sequence[Fact], text: str) -> list[Fact]:
    """ "13 minutes … 20 more minutes … that makes 33 minutes", "25 minutes: 18 minutes … 7 minutes …": the sum of all the others
    is their total.
    """
    if len(minutes) < _LEAST_SUMMED:
        return list(minutes)
    first, *after = sorted(minutes, key=lambda fact: fact.span.start)
    made = sum(float(fact.value) for fact in after)
    plain = not any(fact.span.label for fact in (first, *after))
    if plain and made == float(first.value) and not _OF_ONE.match(text, first.span.end):
        return [fact.labelled("total") if fact is first else fact for fact in minutes]
    *before, last = first, *after
    told = all(fact.span.label in ("", "additional") for fact in before) and not last.span.label
    makes = _MAKES.search(text, max(0, last.span.start - 24), last.span.start)
    if not told or not makes or sum(float(fact.value) for fact in before) != float(last.value):
        return list(minutes)
    return [fact.labelled("total") if fact is last else fact for fact in minutes]


def _told_before(text: str, fact: Fact, known: Sequence[Fact]) -> bool:
    """ "50 minutes … the 50 minutes exclude the tube": the same minutes once more."""
    again = _THE_SAME.search(text, max(0, fact.span.start - 8), fact.span.start)
    return bool(again) and any(other.value == fact.value and other.span.start < fact.span.start for other in known)


def _marked(text: str, fact: Fact, minutes: Sequence[Fact]) -> Fact:
    """A number that is told by itself keeps no mark: there is nothing that it could be a part of."""
    if fact.span.label or not any(other is not fact and other.span.end <= fact.span.start for other in minutes):
        return fact
    end = fact.span.end
    larger = any(other.span.end <= fact.span.start and float(other.value) > float(fact.value) for other in minutes)
    if larger and _INSIDE.match(text, end):
        label = "part"
    elif _UNCOUNTED.match(text, end):
        label = "apart"
    elif _IDLE.match(text, end):
        label = "part" if larger and _BUT.search(text[max(0, fact.span.start - 24) : fact.span.start]) else "apart"
    else:
        return fact
    return fact.labelled(label)


def _alike(text: str, known: Sequence[Fact]) -> list[Fact]:
    """The minutes, with the plain numbers among them that are told as those before them are."""
    told = list(known)
    found = [*islice(_ALIKE.finditer(text), _MOST), *islice(_BEHIND.finditer(text), _MOST)]
    for match in sorted(found, key=lambda match: match.start("n")):
        start, end = match.span("n")
        before = _last_told(start, told)
        if before is None or start - before.span.end > _NEAR or any(f.span.start <= start < f.span.end for f in told):
            continue
        if not before.span.label and _told_alike(text, match, before):
            value = value_of(match["n"]) or 0.0
            value *= 60 if value <= _FEW and _in_hours(start, told) else 1
            told.append(Fact("minutes", round(value, 4), Span(start, end, match["n"])))
    return told


def _by_another(text: str, known: Sequence[Fact]) -> Iterator[Fact]:
    """Plain numbers of minutes that somebody else worked, behind minutes that are told with who worked them."""
    for match in islice(_BY_ANOTHER.finditer(text), _MOST):
        start, end = match.span("n")
        before = _last_told(match.start() + 1, known)
        if before is None or start - before.span.end > _NEAR or any(f.span.start <= start < f.span.end for f in known):
            continue
        if _BY_ONE.search(text, max(0, before.span.start - _NEAR), before.span.start):
            yield Fact("minutes", value_of(match["n"]) or 0.0, Span(start, end, match["n"]))


def _of_all_days(text: str, minutes: Sequence[Fact]) -> list[Fact]:
    """The minutes of tests that went on another day come on top of those before."""
    if not minutes or not _TESTING.search(text):
        return list(minutes)
    first, *after = minutes
    later = [
        fact.labelled("additional") if not fact.span.label and _OTHER_DAY.match(text, fact.span.end) else fact for fact in after
    ]
    return [first, *later]


def _told_alike(text: str, match: re.Match[str], before: Fact) -> bool:
    """Is the plain number told with the words that the minutes before it have?"""
    if "of" not in match.re.groupindex:
        return text[: before.span.start].endswith(("for ", "for about "))
    of = _OF.match(text, before.span.end)
    if not of:
        return False
    joined = not match["listed"] and (value_of(match["n"]) or 0.0) >= _LEAST_TOLD
    return joined or of[1].lower() == match["of"].lower()


def _plain(text: str, known: Sequence[Fact]) -> Iterator[Fact]:
    for pattern, label in ((_PART, "part"), (_MORE, "additional")):
        for match in islice(pattern.finditer(text), _MOST):
            group = "n" if match["n"] else "off"
            value, start = value_of(match[group]) or 0.0, match.start(group)
            value *= 60 if label != "part" and value <= _FEW and _in_hours(start, known) else 1
            if any(fact.span.start <= start < fact.span.end for fact in known):
                continue
            before = [fact for fact in known if 0 < start - fact.span.end < _REACH]
            if any(label != "part" or value < float(fact.value) for fact in before):
                yield Fact("minutes", round(value, 4), Span(match.start(), match.end(), match.group(), label))


def _in_hours(place: int, known: Sequence[Fact]) -> bool:
    """Are the minutes told last before the place told in hours?"""
    before = _last_told(place, known)
    return before is not None and bool(_HOURS.search(before.span.text))


def _last_told(place: int, known: Sequence[Fact]) -> Fact | None:
    """What is told last before the place."""
    return max((fact for fact in known if fact.span.end <= place), key=lambda fact: fact.span.end, default=None)

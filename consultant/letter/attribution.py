"""The lines that announce a quotation: "On Monday, Alice wrote:", a header block, "-----Original Message-----".

No list of sentences: an attribution is told by what it must hold (a date or time, an address, the word for "wrote", a colon at
the end) and by where it stands. One that could be a sentence of the sender's own is not believed unless quoted lines follow.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from consultant.letter.phrases import (
    CLINICIANS,
    FORWARDED,
    HEADERS,
    LITTLE_WORDS,
    ORIGINAL,
    QUOTED_BY,
    WROTE,
    WROTE_WORDS,
    any_of,
    words_of,
)

LOOKED_AT = 300  # characters of a line that are looked at
MOST_LINES = 6  # of one attribution
MOST_HEADERS = 14  # lines of one header block

QUOTED = re.compile(r"\s{0,3}>")
MARKERS = re.compile(r"^[\s>|]{1,60}")
EMAIL = re.compile(r"[\w.+%=/-]@[\w-]")
DIRECTIONS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
DATE = re.compile(
    r"\b(?:19|20)\d\d\b|\d{4}年|\b\d{1,4}[./-]\s?\d{1,2}[./-]\s?\d{1,4}\b|\b\d{1,2}[:.h]\d\d\b|\d{1,2}月\s?\d{1,2}|\d{1,2}\s?시"
)
SIGNS = re.compile(r"[@\d]|--")  # no attribution is without one of them
TIME = re.compile(r"\b\d{1,2}(?:[:.]|\s?h\s?)\d\d\b|\d{1,2}[时시時]")
EARLY_NUMBER = re.compile(r"\D{0,40}\d")
ENDS_IN_WROTE = re.compile(rf"(?:^|[\s,>)\]\"'”“»*_\d]|[^\x00-\u052f])(?:{WROTE})\s?[:：.…]?[\s*_-]{{0,8}}$", re.IGNORECASE)
HOLDS_WROTE = re.compile(rf"(?:^|[\s,>)\]\"'])(?:{WROTE})(?=[\s:：,]|$)", re.IGNORECASE)
AFTER_COMMA = re.compile(rf",\s?(?:\S{{1,40}}\s){{1,4}}(?:{WROTE})\s?[:：]?$", re.IGNORECASE)
DASHED_WROTE = re.compile(rf"-{{2,9}}.{{1,120}}\b(?:{WROTE})\s?:?\s?-{{2,9}}$", re.IGNORECASE)
MIDDLE_WROTE = re.compile(rf"[\s,](?:{WROTE})\s(?:\S{{1,40}}\s?){{1,4}}[:：]$", re.IGNORECASE)
#: "Alice Jones wrote on 11/16/2026 09:15:32 AM:"
WROTE_THEN_WHEN = re.compile(
    rf"(?:\S{{1,40}}\s){{1,5}}(?:{WROTE})\s(?:\S{{1,8}}\s){{0,2}}\d{{1,4}}[./-]\d{{1,2}}[./-]\d{{1,4}}\.?,?\s(?:\S{{1,6}}\s)?"
    r"\d{1,2}[:.]\d\d(?:[:.]\d\d)?(?:\s?[ap]\.?m\.?)?\s?[:：]$",
    re.IGNORECASE,
)
CLOCK = re.compile(r"\b\d{1,2}:\d\d|\b\d{1,2}h\d\d|\bkl(?:o|ockan|ukken)?\.?\s\d{1,2}\.\d\d", re.IGNORECASE)
WORD = re.compile(r"[^\W\d_][\w'’/.-]{0,40}(?<!\.)")
ANY_WROTE = re.compile(rf"(?<!\w)(?:{WROTE})(?!\w)", re.IGNORECASE)
#: An address, then a clock time at the very end: announces in any language.
ADDRESS_TO_TIME = re.compile(
    r"[<(][^<>()\s]{1,200}@[^<>()\s]{1,200}[>)].{0,60}\d{1,2}[:.]\d\d(?:\s?[ap]\.?m\.?)?\s?[:：]$", re.IGNORECASE
)
ONLY_A_DAY = re.compile(r"[:：]\s{0,9}\d{1,4}[./-]\d{1,2}(?:[./-]\d{2,4})?\s{0,9}$")
ENDS_IN_TIME = re.compile(r"\d{1,2}[:.]\d\d\s?[:：]$")
SOMEBODY = re.compile(rf"\b(?:the|our|my|her|his|their|a)\s(?:\w{{1,20}}\s)?(?:{'|'.join(sorted(CLINICIANS))})\b", re.IGNORECASE)
#: GroupWise's line above the letter that it answers.
GROUPWISE = re.compile(r">>>\s.{3,160}\s>>>\s{0,9}$")
#: Help desks ask for the answer above a line; what follows is theirs.
ABOVE_THIS = re.compile(
    r"[-#=_*~\s]{0,60}(?:please\s)?(?:type|write|enter|add|reply|respond)\b.{0,40}\babove this line\b.{0,60}$", re.IGNORECASE
)
#: "2012/4/3 Alice <alice@clinic.example>", as old Gmail put it; "Quoting Alice <alice@clinic.example>:", as Horde does.
DATE_TO_ADDRESS = re.compile(r"(?:(?:19|20)\d\d[-/.年]|\d{1,2}[-/.]).{3,120}<[^<>\s]{1,200}@[^<>\s]{1,200}>$")
QUOTING = re.compile(rf"(?:{QUOTED_BY})\s.{{0,120}}@.{{1,120}}[:：]$", re.IGNORECASE)
ENDS_IN_COLON = re.compile(r"[:：][\s*_]{0,4}$")
ORIGINAL_LINE = re.compile(rf"[-‐-―_=*\s]{{0,60}}(?:{ORIGINAL})\s?:?[-‐-―_=*\s]{{0,60}}$", re.IGNORECASE)
FORWARD_LINE = re.compile(rf"[-‐-―_=*\s]{{0,60}}(?:{FORWARDED})\b.{{0,80}}$", re.IGNORECASE)
RULE_LINE = re.compile(r"\s{0,20}[-‐-―_=*#~+.·•ᐧ]{1,200}[\s\-_=*]{0,100}$|\s{0,20}ᐧ\s{0,20}$")
HEADER_LINE = re.compile(
    r"[\s*_|•-]{0,6}(?:" + "|".join(f"(?P<{kind}>{any_of(words)})" for kind, words in HEADERS.items()) + r")\s?[*_]{0,2}\s?[:：]",
    re.IGNORECASE,
)
WROTE_ENDS = tuple({word.split()[-1].lower() for word in words_of(WROTE_WORDS)})


def is_quoted(line: str) -> bool:
    return bool(QUOTED.match(line[:40]))


def is_dressed(line: str) -> bool:
    """Whether a line has dashes or the like round its words, as mail programs draw them."""
    return not line.strip()[:1].isalnum()


def is_rule(line: str) -> bool:
    """A line of dashes, underscores and the like."""
    return bool(RULE_LINE.match(line[:400]))


def is_original(line: str) -> bool:
    """A line that says "here begins the letter that I answer"."""
    if len(line) >= 200:
        return False
    plain = bare(line)
    return bool((len(line) < 120 and ORIGINAL_LINE.match(plain)) or is_groupwise(line) or ABOVE_THIS.match(plain))


def is_groupwise(line: str) -> bool:
    return line.startswith(">>> ") and len(line) < 200 and bool(GROUPWISE.match(line))


def is_forward(line: str) -> bool:
    stripped = bare(line)
    return len(line) < 160 and bool(FORWARD_LINE.match(stripped)) and (stripped[:2] == "--" or stripped.endswith(":"))


def bare(line: str) -> str:
    """A line without quote marks, emphasis and special spaces, cut to what is looked at."""
    line = MARKERS.sub("", line[-LOOKED_AT:] if len(line) > 2 * LOOKED_AT else line[:LOOKED_AT])
    return DIRECTIONS.sub("", re.sub("[\u00a0\u202f\u2009]", " ", line)).strip()


def closes(line: str) -> bool:
    """Whether an attribution may end in this line: a cheap look before the dear one."""
    end = line[-80:].rstrip().rstrip("*_ -.…\u00a0\u200e\u200f\u202c\u2069")
    return end.endswith((":", "：")) or (end.endswith(">") and "@" in end) or end.lower().endswith(WROTE_ENDS)


def attribution_start(lines: Sequence[str], end: int, begin: int) -> int | None:
    """The first line of the attribution that ends in line `end`, not before line `begin`; None when there is none."""
    joined = ""
    for start in range(end, max(begin, end - MOST_LINES) - 1, -1):
        line = bare(lines[start])
        if start < end and not line and not lines[start].strip() and not _hangs(lines[start + 1]):
            return None
        joined = f"{line} {joined}".strip() if line else joined
        if _is_attribution(joined):
            return _with_name_above(lines, start, begin)
    return None


def hands_on(joined: str) -> bool:
    """ "On 3/4/2026 at 9:15 the nurse wrote:": who has no name sent no letter. It is a note in a chart, shown to be read."""
    return not EMAIL.search(joined) and bool(SOMEBODY.search(joined))


def is_certain(joined: str) -> bool:
    """Whether these words can be believed to announce a quotation, though no quoted line follows them."""
    if DASHED_WROTE.match(joined):
        return True
    if joined.endswith(">"):
        return False
    if EMAIL.search(joined):
        return bool(DATE.search(joined) or ADDRESS_TO_TIME.search(joined) or ENDS_IN_WROTE.search(joined[-60:]))
    return bool("," in joined and TIME.search(joined) and EARLY_NUMBER.match(joined) and AFTER_COMMA.search(joined[-200:]))


def is_who_and_when(joined: str) -> bool:
    """A day, a clock time, "wrote" and a name, and not a word beside them: a sentence is hardly built so. But who hands on what a
    doctor wrote in a chart names him like this."""
    if len(joined) > 120 or not (DATE.search(joined) and CLOCK.search(joined)):
        return False
    others = {word.lower(): word for word in WORD.findall(ANY_WROTE.sub(" ", joined, count=1))}
    if len(others) > 8 or not CLINICIANS.isdisjoint(others):
        return False
    return all(not word[0].islower() or low in LITTLE_WORDS for low, word in others.items())


def header_block(lines: Sequence[str], start: int) -> int:
    """The line after the header block that begins in line `start`; `start` itself when none begins there."""
    kinds: set[str] = set()
    end, last, address, timed = start, start, False, False
    while end < len(lines) and end - last <= 2 and end - start < MOST_HEADERS:
        line = bare(lines[end])
        kind = header_kind(line)
        if kind:
            kinds |= {_weighed(kind, line)} | _later_kinds(line)
            last = end
            address = address or bool(EMAIL.search(line))
            timed = timed or (kind == "date" and bool(TIME.search(line)))
        elif line and not _may_continue(lines, end, last):
            break
        end += 1
    if not _is_block(kinds, address, timed):
        return start
    after = last + 1
    while after < len(lines) and lines[after].strip() and _wraps(lines[after - 1], lines[after]):
        after += 1
    return after


def header_kind(line: str) -> str:
    """ "from", "date", "to", "cc", "subject" or "other" for a line like a mail header; "" for any other line."""
    if ":" not in line[:60] and "：" not in line[:60]:
        return ""
    found = HEADER_LINE.match(line)
    return (found.lastgroup or "") if found else ""


def _is_block(kinds: set[str], address: bool, timed: bool) -> bool:
    named = kinds - {"other"}
    if "from" not in named:
        return {"date", "to", "subject"} <= named and address
    if len(named) >= 3:
        return address or timed or "subject" in named
    return len(named) == 2 and address and "date" in named


def _weighed(kind: str, line: str) -> str:
    """`From: 3/1/2026` is a span of days and `Re: claim 12` a memo: no mail program writes so."""
    if kind in {"from", "to"} and ONLY_A_DAY.search(line):
        return "other"
    return "other" if kind == "subject" and line[:3].lower() == "re:" else kind


def _later_kinds(line: str) -> set[str]:
    """Phones put two headers in one line: `To: a@b.example Subject: …`."""
    return {"subject"} if re.search(r"\s(?:Subject|Objet|Betreff|Asunto|Oggetto)\s?:", line[3:]) else set()


def _may_continue(lines: Sequence[str], end: int, last: int) -> bool:
    """A wrapped value: one line between two headers."""
    return end == last + 1 and end + 1 < len(lines) and bool(header_kind(bare(lines[end + 1])))


def _wraps(above: str, line: str) -> bool:
    """Whether a line goes on with an address that the line above left open."""
    return above.count("<") > above.count(">") or above.count("[") > above.count("]") or bool(re.match(r"\s{1,20}<", line))


def _is_attribution(joined: str) -> bool:
    """The dear patterns come last: this is asked for every line of a long letter, and for the lines above it."""
    if len(joined) > 2 * LOOKED_AT or not SIGNS.search(joined):
        return False
    email = "@" in joined and EMAIL.search(joined)
    if email and (DATE_TO_ADDRESS.match(joined) or QUOTING.match(joined)):
        return True
    if _ends_in_wrote(joined[-60:]):
        return bool(
            email or ("--" in joined and DASHED_WROTE.match(joined)) or (EARLY_NUMBER.match(joined) and DATE.search(joined))
        )
    if email and joined.endswith(">"):
        return bool(EARLY_NUMBER.match(joined) and HOLDS_WROTE.search(joined) and DATE.search(joined))
    if not ENDS_IN_COLON.search(joined[-8:]) or _starts_midway(joined) or not DATE.search(joined):
        return False
    if not email:
        if WROTE_THEN_WHEN.match(joined):
            return True
        said = MIDDLE_WROTE.search(joined)
        return bool(said and EARLY_NUMBER.match(joined) and (DATE.search(joined[: said.start()]) or ENDS_IN_TIME.search(joined)))
    return bool(EARLY_NUMBER.match(joined) or HOLDS_WROTE.search(joined) or ADDRESS_TO_TIME.search(joined))


@lru_cache(maxsize=512)
def _ends_in_wrote(tail: str) -> bool:
    """Asked for every line that an attribution may begin in, about the same end."""
    return bool(ENDS_IN_WROTE.search(tail))


def _starts_midway(joined: str) -> bool:
    """Whether this is only the tail of an attribution: an address cut in two, a date without its day."""
    opened = joined.find("<")
    return 0 <= joined.find(">") < (opened if opened >= 0 else len(joined))


def _hangs(line: str) -> bool:
    """Whether a line is the loose end of a broken address, which blank lines may stand above."""
    return bool(re.match(r"\s{0,9}(?:<|>|mailto:)", line))


def _with_name_above(lines: Sequence[str], start: int, begin: int) -> int:
    """Go up to where the announcement begins: its date, or the name before the address, may stand in lines above."""
    if lines[start].lstrip()[:1] == "<" and start > begin and _stands_alone(lines, start - 1, begin):
        return start - 1
    here = " ".join(bare(line) for line in lines[start : start + 2])
    if EARLY_NUMBER.match(here) and DATE.search(here):
        return start
    for above in range(start - 1, max(begin, start - 3) - 1, -1):
        line = bare(lines[above])
        if not line and not _hangs(lines[above + 1]):
            break
        if EARLY_NUMBER.match(line) and DATE.search(line):
            return above
    return start


def _stands_alone(lines: Sequence[str], place: int, begin: int) -> bool:
    """Whether a line is a name below a blank line: the address below it was broken off from it."""
    line = bare(lines[place])
    return 0 < len(line) <= 60 and not re.search(r"[.?!:;]$", line) and (place <= begin or not lines[place - 1].strip())

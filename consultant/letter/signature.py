"""What stands below a letter's text: a signature after `-- `, "Sent from my phone", a list's footer, a disclaimer.

A greeting and the name under it stay: cutting them gains nothing and risks the sender's words.
"""

from __future__ import annotations

import re

from consultant.letter.attribution import header_kind, is_rule
from consultant.letter.phrases import DEVICE, DISCLAIMER, SENT

LONGEST = 16  # non-blank lines of a signature after a delimiter
LOOKED_AT = 200  # lines at the end of the text

LINK = re.compile(r"\(?<?(?:https?|mailto):[^\s<>]{0,500}>?\)?", re.IGNORECASE)
MARKDOWN_LINK = re.compile(r"\[([^\[\]]{0,100})\]\([^()\s]{0,500}\)")
APOLOGY = re.compile(r"[,.;!\s]{0,3}\b(?:please\s)?(?:excuse|pardon|forgive|sorry\sfor|apologies)\b.{0,80}$", re.IGNORECASE)
SENT_WITH = re.compile(r"(?:sent|from)\b", re.IGNORECASE)
FROM_MY = re.compile(r"(?:sent\s)?(?:from|via|with|using|by|on)\s(?:my|a|the)\s(?:\S{1,30}\s?){1,6}$", re.IGNORECASE)
SENT_BY = re.compile(rf"(?:\S{{1,30}}\s)?(?:sent\s)?(?:from|via|with|using|by|on)\s.{{0,60}}\b(?:{DEVICE})\b", re.IGNORECASE)
FOREIGN = re.compile(rf"(?:{SENT})", re.IGNORECASE)
THING = re.compile(rf"(?<![a-z])(?:{DEVICE})", re.IGNORECASE)
GET_APP = re.compile(
    r"(?:get|download|hol(?:en)?|obtenir|obtenez|obtener|obter|télécharge[rz]|baixar|scarica|ottieni|hämta|hent|pobierz)\b.{0,12}\b(?:outlook|yahoo|gmail|aol|"
    r"bluemail|spark|typeapp|aqua ?mail|edison)\b.{0,40}",
    re.IGNORECASE,
)
OUTLOOK_APP = re.compile(r"outlook.{0,24}(?:ios|android)|(?:ios|android).{0,24}outlook", re.IGNORECASE)
SENTENCE = re.compile(r"\b(?:is|are|was|were|am|has|have|had|will|can|should|please|does|did|to)\b", re.IGNORECASE)
DELIMITER = re.compile(r"\s{0,2}(?:- )?--\s{0,3}$")
#: Lines that many people draw above their name; believed only when a telephone number, a link or an address stands below.
WEAK_DELIMITER = re.compile(r"\s{0,2}(?:[—–]{1,3}|_{2,80}|\*{3,80}|={3,80})\s{0,3}$")
CONTACT = re.compile(
    r"@[\w-]+\.|https?://|www\.|\b(?:tel|phone|fax|mobile|cell|ph|p|t|m)\b\.?:?\s?[+(]?\d|\(?\d{3}\)?[-. ]\d{3,4}[-. ]?\d{0,4}\b",
    re.IGNORECASE,
)
WEAK_LONGEST = 8
DASH_NAME = re.compile(r"\s{0,2}-\s?[A-Z][a-z]{1,20}(?:\s[A-Z][a-z]{1,20}){1,2}\s{0,3}$")
CLAIMS = re.compile(rf"\b(?:{DISCLAIMER})", re.IGNORECASE)
#: A disclaimer speaks of the letter itself; a question about privacy speaks of a patient.
OF_THE_LETTER = re.compile(
    r"\be-?mail|\bmessage|\bcommunication|\btransmission|\brecipient|\baddressee|\bsender|\battachment|in error"
    r"|nachricht|mensa[jg]|courriel|correo|messaggio|mitteilung|bericht|destinat",
    re.IGNORECASE,
)
LIST_FOOTER = re.compile(r"mailing list|listinfo|unsubscribe|to post to|lists?\.", re.IGNORECASE)
ASKS = re.compile(r"\?(?:\s|$)")


def without_signature(lines: list[str]) -> list[str]:
    """The lines of one run of the sender's own text without what is signature below them."""
    kept = list(lines)
    before = -1
    while kept and len(kept) != before:
        before = len(kept)
        kept = _without_tail(kept)
        kept = _without_disclaimer(_without_block(kept))
        if kept and _is_dashed_name(kept):
            kept.pop()
    return kept


def is_device_line(line: str) -> bool:
    """ "Sent from my phone" and its kin, in the languages of `phrases`."""
    text = LINK.sub(" link ", MARKDOWN_LINK.sub(r"\1 link ", line[:1_200].replace("\u00a0", " ")))
    linked = " link " in text
    text = re.sub(r"\s{1,50}", " ", text.replace(" link ", " ")).strip(" \t<>()[]*_.!-\u200e")
    if not text or len(text) > 120 or header_kind(text) or (ASKS.search(line[:LOOKED_AT]) and not linked):
        return False
    text = APOLOGY.sub("", text).strip(" ,.")
    words = text.split()
    if GET_APP.match(text) or (linked and OUTLOOK_APP.search(text)):
        return len(words) <= 8
    if SENTENCE.search(text) or len(words) > 12:
        return False
    if SENT_WITH.match(text):
        if len(words) > 9:
            return len(THING.findall(text)) > 2
        return bool(FROM_MY.match(text) or SENT_BY.match(text) or linked)
    if len(words) <= 4 and re.search(r"\b(?:from|via) (?:my )?(?:mobile|phone|iphone|ipad|android)$", text, re.IGNORECASE):
        return True
    return bool(FOREIGN.search(text) and THING.search(text) and _begins_or_ends_with_sent(text))


def _begins_or_ends_with_sent(text: str) -> bool:
    return bool(FOREIGN.match(text) or re.search(rf"(?:{SENT})$", text, re.IGNORECASE))


def _without_tail(lines: list[str]) -> list[str]:
    """Blank lines, rules and device lines off the end."""
    end = len(lines)
    if end > 1 and LINK.fullmatch(lines[-1][:600].strip()) and is_device_line(lines[-2]):
        end -= 1  # the address of the program, below its name
    while end and (not lines[end - 1].strip() or is_rule(lines[end - 1]) or is_device_line(lines[end - 1])):
        end -= 1
    return lines[:end]


def _without_block(lines: list[str]) -> list[str]:
    """A signature after its delimiter, when it is short and asks nothing."""
    for place in range(max(0, len(lines) - LOOKED_AT), len(lines)):
        line = lines[place][:LOOKED_AT]
        below = [text for text in lines[place + 1 :] if text.strip()]
        if len(below) > LONGEST or any(ASKS.search(LINK.sub("", text[:LOOKED_AT])) for text in below):
            continue
        weak = WEAK_DELIMITER.match(line) and _is_card(below)
        drawn = DELIMITER.match(line) and not (line.endswith("--") and _goes_on(below))
        if drawn or _is_list_footer(line, below) or weak or _is_programs_line(lines, place, below):
            return lines[:place]
    return lines


def _is_programs_line(lines: list[str], place: int, below: list[str]) -> bool:
    """`Get Outlook for iOS<https://…>` below the text: the program sets it; a line or two below are a farewell."""
    line = lines[place][:1_200]
    if len(below) > WEAK_LONGEST // 4 or not any(text.strip() for text in lines[:place]):
        return False
    return bool(LINK.search(line) and OUTLOOK_APP.search(line) and is_device_line(line))


def _is_list_footer(line: str, below: list[str]) -> bool:
    return line.startswith("_____") and len(below) <= 6 and any(LIST_FOOTER.search(text[:LOOKED_AT]) for text in below)


def _goes_on(below: list[str]) -> bool:
    """Whether a sentence stands below two dashes that no program set (those have a space behind them), and no footer."""
    if not below or len(below[0].split()) < 5 or not below[0].rstrip().endswith((".", "!", ":", ",", ";")):
        return False
    text = " ".join(below)[:2_000]
    return not (CLAIMS.search(text) or LINK.search(text) or LIST_FOOTER.search(text))


def _is_card(below: list[str]) -> bool:
    """Short lines, no sentence among them, with a way to reach somebody."""
    if not below or len(below) > WEAK_LONGEST or re.search(r"\d", below[0]):  # a name has no number
        return False
    if any(len(text) > 80 or text.rstrip().endswith((".", ":", "!")) for text in below):
        return False
    return any(CONTACT.search(text) for text in below)


def _without_disclaimer(lines: list[str]) -> list[str]:
    """A last paragraph that speaks of confidentiality, when there is text above it."""
    start = len(lines)
    while start and lines[start - 1].strip():
        start -= 1
    paragraph = " ".join(lines[start:])[:4_000]
    if not start or len(paragraph) < 80 or ASKS.search(paragraph):
        return lines
    said = {claim.lower() for claim in CLAIMS.findall(paragraph)}
    return lines[:start] if len(said) >= 3 and OF_THE_LETTER.search(paragraph) else lines


def _is_dashed_name(lines: list[str]) -> bool:
    """`-Alice Jones` alone below a blank line; never an item of a list."""
    if len(lines) < 3 or lines[-2].strip() or not DASH_NAME.match(lines[-1][:80]):
        return False
    above = next((line.rstrip() for line in reversed(lines[:-1]) if line.strip()), "")
    if above.endswith(":") or (lines[-1].strip().startswith("- ") and above[-1:].isalnum()):
        return False  # a list of one
    return not any(re.match(r"\s{0,4}-\s?\S", line) for line in lines[:-1])

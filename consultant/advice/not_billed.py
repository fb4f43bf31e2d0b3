"""What the letter itself says that it is not billed: "the sedation is not billed", "we are not charging for the tray"."""

# ruff: noqa: E501 - one pattern a line reads better than a wrapped one
from __future__ import annotations

import re

from consultant.advice.sheet import Ruling, Sheet

#: A thing in front of the words, or behind them; one that was not billed, or not by somebody, may be asked about.
_SAID = re.compile(
    r"\b(?P<front>[a-z]{5,24}) (?:(?:is|are) not|isn[\u2019']t|aren[\u2019']t|will not|won[\u2019']t) (?:being |be )?(?:billed|charged)\b"
    r"(?! (?:by|correctly|right|yet|separately|with|together|as|because|for|when|unless|if)\b)"
    r"|(?:\b(?:we|i|they|he|she)(?: are| am| is|[\u2019'](?:re|m|s)) |, |\()not (?:billing|charging)(?: for)? (?:the |any |her |his |our )?"
    r"(?:moderate |conscious )?(?P<behind>[a-z]{5,24})\b",
    re.IGNORECASE,
)
_ASKED = re.compile(r"\b(?:why|if|when|whether|how come|unless)\b[^.?!]{0,40}$", re.IGNORECASE)


def not_billed_rule(sheet: Sheet) -> Ruling:
    """Without the lines that such a word brought, where others stay."""
    said = _SAID.search(sheet.findings.question.text)
    if not said or _ASKED.search(sheet.findings.question.text[: said.start()]):
        return Ruling()
    word = (said["front"] or said["behind"]).lower()
    named = {one.code for one in sheet.findings.question.codes}
    brought = tuple(code for code in sheet.lines if code not in named and word in _words(sheet, code))
    return Ruling(hold=brought) if len(brought) < len(sheet.lines) else Ruling()


def _words(sheet: Sheet, code: str) -> set[str]:
    """The words of the letter that brought a code."""
    kinds = ("family", "keyword")
    evidence = [one for c in sheet.candidates(*kinds) if c.code == code for one in c.evidence if one.kind in kinds]
    return {word for one in evidence for span in one.spans for word in span.text.lower().split()}

"""What a letter of several paragraphs says of the week, the team and the last call: chat, of which no word is heard."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace

from consultant.classifier.unexplained import EVERYDAY
from consultant.codebook.words import JOINTS, TALK, stem, tokens
from consultant.vocabulary import UNSPOKEN, Question, Span

#: Words of a paragraph below which it may be the whole question.
_LEAST = 8
#: The share of a paragraph's words that the knowledge names things by, from which on it tells something.
_TELLING = 0.25
_MOST_READ = 30_000
_PARAGRAPH = re.compile(r"(?:[^\n]|\n(?!\n))+")
_SHORT = re.compile(r"\b[A-Z]{2,5}\b")
_OF_CODING = re.compile(
    r"\?|\b(?:patients?|pts?|claims?|cod(?:e[sd]?|ing)|den(?:y|ied|ial)|bill(?:s|ed|able)?|charge[sd]?|payers?|fees?|modifiers?)\b",
    re.IGNORECASE,
)
_FAINT = EVERYDAY | JOINTS | TALK | {"not", "between", "below", "following", "after", "because", "how", "new", "only", "then"}


def without_chat(question: Question, names: Collection[str]) -> Question:
    """The question with blanks in place of its chat, so that every place stays; the same one where it is all chat, or none.

    `names`: stems of the words by which the knowledge names things. Of the 11,667 texts of the examples one would be taken for
    chat if it stood beside another paragraph.
    """
    text = question.text[:_MOST_READ]
    if "\n\n" not in text:
        return question
    placed = [code.span for code in question.codes] + [f.span for f in question.facts if f.dimension not in UNSPOKEN]
    placed = [span for span in placed if span.where == "text"]
    parts = [Span(*part.span(), part.group()) for part in _PARAGRAPH.finditer(text)]
    chat = [part for part in parts if not _tells(part, placed, names)]
    if not chat or len(chat) == len(parts):
        return question
    gone = {part.start for part in chat}
    return replace(
        question,
        text=_PARAGRAPH.sub(lambda part: " " * len(part.group()) if part.start() in gone else part.group(), text)
        + question.text[_MOST_READ:],
        facts=tuple(f for f in question.facts if f.span.where != "text" or not any(part.meets(f.span) for part in chat)),
    )


def _tells(part: Span, placed: Sequence[Span], names: Collection[str]) -> bool:
    if _OF_CODING.search(part.text) or (_SHORT.search(part.text) and not part.text.isupper()):
        return True
    if any(map(part.meets, placed)):
        return True
    words = [word for word in tokens(part.text) if word.isalpha()]
    named = [word for word in words if word not in _FAINT and stem(word) in names]
    return len(words) < _LEAST or len(named) >= _TELLING * len(words)

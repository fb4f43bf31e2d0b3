"""From an answer to a rule: a reviewer's text proposed as a card, looked at by a second person, and written where builds find it.

The card stands as TOML in the casebook. Once accepted it is a file under `codebook/knowledge/cards/` in the data folder, and
joins the book at the next build as a decision of this house.
"""

from __future__ import annotations

import json
import os
from datetime import date
from functools import lru_cache
from pathlib import Path

import tomli
from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from pydantic import ValidationError

from consultant import question
from consultant.codebook.knowledge import Card
from consultant.codebook.schema import FOLDER, KNOWLEDGE
from consultant.codebook.soundness import Texts, card_problems, read_texts
from consultant.codebook.sources import starter
from consultant.lifecycle import NotAllowed, actor_of, note
from consultant.models import Case, Proposal
from consultant.vocabulary import Answer, Findings, load

LONGEST = 10_000  # characters of a card
MOST_WORDS = 6


def suggested(case: Case) -> str:
    """A card to start from, made of the case's newest draft: its codes, the words that the engine met, the first paragraph."""
    draft = case.drafts.order_by("version").last()
    if draft is None or not draft.answer or not case.findings:
        raise NotAllowed(f"{case.number} has no answer that a card could be made of.")
    answer, findings = load(Answer, draft.answer), load(Findings, case.findings)
    codes = [code for code in answer.report if not code.startswith("-")]
    words = dict.fromkeys(word.lower() for match in findings.matches for word in match.words if len(word) > 3)
    asked = " ".join(question.masked(findings.question).split())[:400]
    return "\n".join(
        (
            f"id = {_toml(f'{starter.HOUSE}-{case.number.lower()}')}",
            f"title = {_toml(case.subject or 'What the rule is about')}",
            f"topic = {_toml([str(answer.topic)])}",
            'verdict = "report"',
            f"says = {_toml(_said(draft.text) or answer.verdict)}",
            f"report = {_toml(codes)}",
            f"do_not_report = {_toml(list(answer.do_not_report))}",
            "",
            "[when]",
            f"words = {_toml(list(words)[:MOST_WORDS])}",
            "",
            "[[source]]",
            f"title = {_toml(f'Decision of this house, {case.number}')}",
            f"date = {timezone.localdate()}",
            "",
            "[[example]]",
            f"question = {_toml(asked)}",
            f"report = {_toml(codes)}",
            "",
        )
    )


def checked(text: str) -> tuple[Card | None, list[str]]:
    """The card that the text holds, and what is wrong with it in sentences; a card only when nothing is."""
    if len(text) > LONGEST:
        return None, [f"A card has {LONGEST:,} characters at the most; this has {len(text):,}."]
    try:
        card = Card.model_validate(starter.with_lists(tomli.loads(text), starter.read_lists()))
    except KeyError as unknown:
        return None, [str(unknown.args[0])]
    except tomli.TOMLDecodeError as error:
        return None, [f"This is not TOML: {error}."]
    except ValidationError as error:
        return None, [f"{'.'.join(map(str, one['loc']))}: {one['msg']}." for one in error.errors()[:5]]
    texts = _known()
    wrong = [sentence[0].upper() + sentence[1:] + "." for sentence in card_problems(card, texts, timezone.localdate())]
    if not card.id.startswith(f"{starter.HOUSE}-") or not card.id.replace("-", "").isalnum():
        wrong.append(f"The id begins with {starter.HOUSE}- and has letters, digits and dashes only.")
    return (None if wrong else card), wrong


@lru_cache(maxsize=1)
def _known() -> Texts:
    """The knowledge that comes with the house: it does not change while a process lives, and takes a second to read."""
    return read_texts(starter.FOLDER)


def propose(case: Case, user: User, text: str) -> Proposal:
    """Keep a card for a colleague's look. Raises NotAllowed with what is wrong."""
    card, wrong = checked(text)
    if card is None:
        raise NotAllowed(" ".join(wrong))
    with transaction.atomic():
        proposal = Proposal.objects.create(case=case, author=user, text=text, created_at=timezone.now())
        note(case, actor_of(user), "proposed a card", card=card.id, proposal=proposal.pk)
    return proposal


def accept(proposal: Proposal, user: User) -> Path:
    """Let the card join the next book: the word of a second person. Returns the file that holds it."""
    if proposal.author == user:
        raise NotAllowed("Your own card needs a colleague's eyes.")
    card, wrong = checked(proposal.text)
    if card is None:
        raise NotAllowed(" ".join(wrong))
    with transaction.atomic():
        _decide(proposal, user, "accepted", "")
        note(proposal.case, actor_of(user), "accepted a card", card=card.id, proposal=proposal.pk)
        return _write(card.id, proposal.text)


def decline(proposal: Proposal, user: User, why: str) -> None:
    """Let it be, and say why."""
    if not why.strip():
        raise NotAllowed("Give a reason: the author will want to know.")
    with transaction.atomic():
        _decide(proposal, user, "declined", why.strip()[:300])
        note(proposal.case, actor_of(user), "declined a card", proposal=proposal.pk, why=why.strip()[:300])


def _decide(proposal: Proposal, user: User, standing: str, why: str) -> None:
    """Compare-and-swap: the first decision stands."""
    sets = {"standing": standing, "decided_by": user, "decided_at": timezone.now(), "why": why}
    if Proposal.objects.filter(pk=proposal.pk, standing="waiting").update(**sets) != 1:
        raise NotAllowed("Somebody decided on this card already.")


def _write(card_id: str, text: str) -> Path:
    folder = settings.DATA_DIR / FOLDER / KNOWLEDGE / "cards"
    folder.mkdir(parents=True, exist_ok=True)
    path: Path = folder / f"{card_id}.toml"
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    part.write_text(text.replace("\r\n", "\n"), encoding="utf-8")
    part.replace(path)
    return path


def _said(text: str) -> str:
    """The first paragraph after the greeting."""
    paragraphs = [" ".join(part.split()) for part in text.split("\n\n")]
    told = [part for part in paragraphs if part and not part.lower().startswith(("hello", "dear", "hi "))]
    return told[0][:500] if told else ""


def _toml(value: str | list[str] | date) -> str:
    """A string or a list of strings as TOML, which writes both as JSON does."""
    return json.dumps(value, ensure_ascii=False)

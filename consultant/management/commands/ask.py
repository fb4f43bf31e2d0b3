"""`consultant ask "TEXT"`: one answer, no mail. `consultant ask --jsonl`: a question per line in, an answer per line out."""

from __future__ import annotations

import json
import sys
from datetime import date
from time import perf_counter
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from consultant import advice, classifier, drafting, question
from consultant.codebook import Codebook, NoCodebook, current
from consultant.vocabulary import Answer, Draft

#: What stands where a letter has its case number.
NO_CASE = "none (asked at the command line)"


class Command(BaseCommand):
    help = "Answer a coding question from the codebook"
    requires_system_checks = ()
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("text", nargs="?", help="the question; without it, standard input is read")
        parser.add_argument("--date", help="date of service, YYYY-MM-DD; today when neither this nor the letter gives one")
        parser.add_argument("--json", action="store_true", help="print the answer as one JSON object")
        parser.add_argument(
            "--jsonl", action="store_true", help='read {"id", "question", "date"?} per line, write an answer per line'
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            book = current(settings.DATA_DIR)
        except NoCodebook as error:
            raise CommandError(str(error), returncode=2) from error
        if options["jsonl"]:
            answer("Which code?", book)  # opens the book and its words before anybody waits for them
            for line in sys.stdin.buffer:
                if line.strip():
                    self.stdout.write(json.dumps(answer_line(line, book), ensure_ascii=False))
                    self.stdout.flush()
            return
        text = options["text"] if options["text"] is not None else sys.stdin.read()
        if not text.strip():
            raise CommandError("There is no question: write it behind the command, in quotes.", returncode=2)
        try:
            draft, spent = answer(text, book, options["date"])
        except ValueError as error:
            raise CommandError(f"{options['date']} is not a date: write it as YYYY-MM-DD.", returncode=2) from error
        self.stdout.write(json.dumps(contract(draft, spent), ensure_ascii=False) if options["json"] else draft.text)


def answer(text: str, book: Codebook, day: str | None = None) -> tuple[Draft, float]:
    """The draft for a question and the milliseconds it took. `day` is ISO; ValueError when it is no date."""
    start = perf_counter()
    asked_for = date.fromisoformat(day) if day else None
    asked = question.read(text, today=timezone.localdate())
    findings = classifier.classify(asked, book, asked_for or asked.date_of_service or timezone.localdate())
    found, quoted, masked = advice.advise(findings, book), question.masked(asked), question.kinds(asked)
    draft = drafting.compose(found, case_number=NO_CASE, asker_name="", quoted=quoted, masked=masked)
    return draft, 1000 * (perf_counter() - start)


def answer_line(line: bytes, book: Codebook) -> dict[str, Any]:
    """One line of `--jsonl`. What can't be read or answered gives {"id", "error"}, never an exception."""
    asked: Any = None
    try:
        asked = json.loads(line)
        draft, spent = answer(str(asked["question"]), book, asked.get("date"))
        return {"id": asked.get("id"), **contract(draft, spent)}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        known = asked.get("id") if isinstance(asked, dict) else None
        return {"id": known, "error": f"{type(error).__name__}: {error}"[:300]}


def contract(draft: Draft, spent: float) -> dict[str, Any]:
    """The answer with the fields that scripts outside the house rely on."""
    found = draft.answer
    if not isinstance(found, Answer):
        raise TypeError("a draft without an answer")
    return {
        "codes": [{"code": c.code, "system": str(c.system), "score": c.score, "why": c.why} for c in found.candidates],
        "report": list(found.report),
        "do_not_report": list(found.do_not_report),
        "units": dict(found.units),
        "topic": str(found.topic),
        "topics": [str(topic) for topic in found.topics],
        "confidence": found.confidence,
        "answered": found.answered,
        "ask_back": found.ask_back or None,
        "text": draft.text,
        "sources": [{"id": s.id, "title": s.title, "version": s.version} for s in found.sources],
        "codebook": found.codebook,
        "ms": round(spent, 2),
    }

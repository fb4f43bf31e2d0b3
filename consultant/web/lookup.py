"""The codebook, by code or by words."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from consultant import question
from consultant.codebook import Codebook, NoCodebook, Standing, current
from consultant.vocabulary import Note
from consultant.web import roles

MOST_HITS = 20


@require_safe
@roles.for_everybody
@vary_on_headers("HX-Request")
def lookup(request: HttpRequest) -> HttpResponse:
    """The page, or only what was found when htmx asks for that."""
    asked = question.mask(" ".join(request.GET.get("q", "").replace("\x00", "").split())[:200])
    on = _day(request.GET.get("on", ""))
    context: dict[str, Any] = {"asked": asked, "on": on}
    try:
        context |= look_up(current(settings.DATA_DIR), asked, on)
    except NoCodebook as why:
        context["no_book"] = str(why)
    htmx = getattr(request, "htmx", None)
    part = htmx and not htmx.history_restore_request
    return render(request, "lookup_found.html" if part else "lookup.html", context)


def look_up(book: Codebook, asked: str, on: date) -> dict[str, Any]:
    """What the book says of a code; and of words, the codes that fit them."""
    found = {"book": book}
    if not asked:
        return found
    result = book.lookup(asked, on)
    if result.record is not None:
        return {**found, "result": result, "notes": _by_kind(result.notes)}
    hits = book.search(asked, limit=MOST_HITS)
    is_code = result.standing != Standing.NO_CODE
    return {**found, "result": result if is_code else None, "hits": hits or (list(result.nearest) if is_code else [])}


def _by_kind(notes: tuple[Note, ...]) -> list[tuple[str, list[Note]]]:
    """Notes of one kind together, in the order in which the kinds first appear."""
    kinds = dict.fromkeys(note.kind for note in notes)
    return [(kind, [note for note in notes if note.kind == kind]) for kind in kinds]


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return timezone.localdate()

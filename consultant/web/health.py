"""GET /health: for monitors and the curious. Counts and names, never a word of a letter."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.db.models import Count
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from consultant import __version__, gate
from consultant.codebook import NoCodebook, current
from consultant.models import Case, Door
from consultant.vocabulary import Status
from consultant.web import doors as doors_


@require_safe
@never_cache
def health(_request: HttpRequest) -> JsonResponse:
    """200 "ok", or 503 "trouble" when the casebook or the codebook can't be read."""
    codebook, cases, doors = _codebook(), _cases(), _doors()
    well = codebook is not None and cases is not None
    report = {
        "status": "ok" if well else "trouble",
        "version": __version__,
        "codebook": codebook,
        "cases": cases or {},
        "doors": doors,
        "sending": "on" if _sending() else "off",
    }
    return JsonResponse(report, status=200 if well else 503)


def _sending() -> bool:
    try:
        return gate.standing().on
    except DatabaseError:  # then nothing leaves, for an approval can't be read either
        return False


def _codebook() -> str | None:
    try:
        return current(settings.DATA_DIR).version
    except NoCodebook:
        return None


def _cases() -> dict[str, int] | None:
    """How many cases stand where, the empty places too; None when the casebook can't be read."""
    try:
        found = dict(Case.objects.order_by().values_list("status").annotate(Count("pk")))
    except DatabaseError:
        return None
    return {str(status): found.get(str(status), 0) for status in Status}


def _doors() -> dict[str, Any]:
    """Each door's last sign of life. What exactly went wrong is for people who sign in."""
    try:
        return {door.name: _door(door) for door in Door.objects.order_by("name")}
    except DatabaseError:
        return {}


def _door(door: Door) -> dict[str, Any]:
    reason = doors_.state_of(door, timezone.now()).reason
    times = {
        name: at.isoformat() if (at := getattr(door, name)) else None for name in ("ok_at", "due_at", "trouble_at", "gap_at")
    }
    return {"status": "trouble" if reason else "ok", "reason": reason, **times}

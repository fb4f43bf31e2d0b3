"""How the house stands, for people: the switch that stops all sending, and the doors. `/health` is the same for machines."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from consultant import gate
from consultant.lifecycle import actor_of
from consultant.models import Flip
from consultant.web import doors, roles, told

TURNS_SHOWN = 10


@require_safe
@roles.for_readers
def house(request: HttpRequest) -> HttpResponse:
    turns = [(flip, told.actor(flip.actor)) for flip in Flip.objects.order_by("-seq")[:TURNS_SHOWN]]
    return render(request, "house.html", {"turns": turns, "doors": doors.states()})


@require_POST
@roles.for_reviewers
def switch(request: HttpRequest) -> HttpResponse:
    """Stop all sending at once, or let it go on. Whatever was approved stays approved."""
    on = request.POST.get("sending") == "on"
    standing = gate.turn(on, actor_of(roles.user_of(request)), request.POST.get("why", ""))
    if standing.on == on:
        messages.success(
            request, "Sending goes on." if on else "Sending is stopped. Nothing leaves until it is switched on again."
        )
    else:
        messages.error(request, "Sending stays off: CONSULTANT_SENDING=no is stronger than this button.")
    return redirect("house")

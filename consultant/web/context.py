"""What every page knows: who looks at it, and how the house stands."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from consultant import __version__, gate
from consultant.web import doors, roles


def house(request: HttpRequest) -> dict[str, Any]:
    """The context processor that settings name. What costs a query is a function: a page that doesn't ask doesn't pay."""
    user = request.user
    return {
        "version": __version__,
        "address": settings.ADDRESS,
        "sending": gate.standing,
        "undo_seconds": settings.UNDO_SECONDS,
        "relay": bool(settings.RELAY_URL),
        "may_act": roles.may_act(user),
        "may_read": roles.may_read(user),
        "may_audit": roles.may_audit(user),
        "is_admin": roles.is_admin(user),
        "role_names": sorted(roles.roles_of(user)),
        "doors_in_trouble": lambda: doors.in_trouble() if roles.may_read(user) else [],
    }

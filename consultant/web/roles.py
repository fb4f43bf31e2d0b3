"""Who may do what. Four groups, and the decorators that views wear.

asker      reads the own questions, nothing of others
reviewer   reads everything at the desk, and acts
auditor    reads everything and exports it; never acts, not even as a reviewer besides
admin      everything, and users and groups at /admin/
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.contrib.auth.models import AnonymousUser, User
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.cache import never_cache
from django_htmx.http import HttpResponseClientRedirect

ASKER, REVIEWER, AUDITOR, ADMIN = "asker", "reviewer", "auditor", "admin"
ROLES = (ASKER, REVIEWER, AUDITOR, ADMIN)

Person = User | AnonymousUser
View = Callable[..., HttpResponseBase]


def roles_of(user: Person) -> frozenset[str]:
    """The user's roles, read once a request. A superuser is an admin."""
    if not user.is_authenticated or not user.is_active:
        return frozenset()
    kept: frozenset[str] | None = getattr(user, "_roles", None)
    if kept is None:
        names = set(user.groups.filter(name__in=ROLES).values_list("name", flat=True))
        kept = frozenset(names | ({ADMIN} if user.is_superuser else set()))
        user._roles = kept  # type: ignore[attr-defined]  # for the length of a request
    return kept


def is_admin(user: Person) -> bool:
    return ADMIN in roles_of(user)


def may_act(user: Person) -> bool:
    """Decide on a case. Whoever audits the decisions doesn't make them."""
    return is_admin(user) or (REVIEWER in roles_of(user) and AUDITOR not in roles_of(user))


def may_read(user: Person) -> bool:
    """See the cases of others."""
    return bool(roles_of(user) & {REVIEWER, AUDITOR, ADMIN})


def may_audit(user: Person) -> bool:
    """Check trails and export them."""
    return bool(roles_of(user) & {AUDITOR, ADMIN})


def may_come_in(user: Person) -> bool:
    return user.is_authenticated


def colleagues(of: User) -> QuerySet[User]:
    """Who a case may be handed to: everybody else who may act."""
    able = Q(groups__name__in=[REVIEWER, ADMIN]) | Q(is_superuser=True)
    auditing = Q(groups__name=AUDITOR)
    everybody = User.objects.filter(able, is_active=True).exclude(pk=of.pk)
    return (
        everybody.exclude(pk__in=User.objects.filter(auditing).exclude(Q(groups__name=ADMIN) | Q(is_superuser=True)))
        .distinct()
        .order_by("username")
    )


def user_of(request: HttpRequest) -> User:
    """The signed-in user of a view that wears one of the decorators below."""
    return cast("User", request.user)


def _only(allowed: Callable[[Person], bool]) -> Callable[[View], View]:
    def wear(view: View) -> View:
        @wraps(view)
        def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return to_sign_in(request)
            if not allowed(request.user):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return never_cache(asked)  # a page may hold a patient's words: it belongs in no cache

    return wear


def to_sign_in(request: HttpRequest) -> HttpResponseBase:
    """To the sign-in page, and back here afterwards. A part of a page that htmx asked for sends the whole page there."""
    htmx = getattr(request, "htmx", None)
    back = (htmx.current_url_abs_path or "/") if htmx else request.get_full_path()
    there = redirect_to_login(back if request.method == "GET" else "/")
    return HttpResponseClientRedirect(there.url) if htmx else there


for_everybody = _only(may_come_in)
for_readers = _only(may_read)
for_reviewers = _only(may_act)
for_auditors = _only(may_audit)
for_admins = _only(is_admin)

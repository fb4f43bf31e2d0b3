"""/admin/: users, their groups, and who is locked out. For admins, and only that: cases are never edited here."""

from __future__ import annotations

from typing import Any

from axes.admin import AccessAttemptAdmin
from axes.models import AccessAttempt
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from consultant.web import roles


class Site(admin.AdminSite):
    site_header = site_title = "Consultant: users and groups"
    index_title = "Users and groups"
    site_url = "/"

    def has_permission(self, request: HttpRequest) -> bool:
        return roles.is_admin(request.user)

    def login(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponseBase:  # type: ignore[override]
        """There is one door: the desk's own."""
        if self.has_permission(request):
            return redirect("admin:index")
        if request.user.is_authenticated:
            raise PermissionDenied
        return redirect_to_login(reverse("admin:index"))


def _for_admins(_self: Any, request: HttpRequest, *_of: Any, **_kwargs: Any) -> bool:
    """The role decides, so that nobody has to keep Django's permissions of each model in step with it."""
    return roles.is_admin(request.user)


def _never(_self: Any, request: HttpRequest, *_of: Any, **_kwargs: Any) -> bool:
    return False


class Users(UserAdmin):  # type: ignore[type-arg]
    list_display = ("username", "email", "first_name", "last_name", "is_active", "last_login")
    list_filter = ("is_active", "groups")
    has_module_permission = has_view_permission = has_add_permission = has_change_permission = _for_admins
    has_delete_permission = _never  # the trail names them: switch them off instead
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        ("Person", {"fields": ("first_name", "last_name", "email")}),
        ("Role", {"fields": ("is_active", "groups", "is_superuser")}),
    )


class Groups(GroupAdmin):
    """The four roles are fixed; what they may do stands in `roles.py`."""

    fields = ("name",)
    has_module_permission = has_view_permission = _for_admins
    has_add_permission = has_change_permission = has_delete_permission = _never


class LockedOut(AccessAttemptAdmin):  # type: ignore[misc]
    has_module_permission = has_view_permission = has_delete_permission = _for_admins
    has_add_permission = has_change_permission = _never


site = Site(name="admin")
site.register(User, Users)
site.register(Group, Groups)
site.register(AccessAttempt, LockedOut)

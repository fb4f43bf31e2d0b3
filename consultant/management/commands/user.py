from __future__ import annotations

import getpass
import sys
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

ROLES = ("asker", "reviewer", "auditor", "admin")


class Command(BaseCommand):
    help = "Add a user with a role, or give a user another one; the password is asked for or read from standard input"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="also the name to sign in with")
        parser.add_argument("--role", choices=ROLES, required=True)

    def handle(self, **options: Any) -> None:
        user, new = get_user_model().objects.get_or_create(
            username=options["email"].lower(), defaults={"email": options["email"].lower()}
        )
        if new:
            password = getpass.getpass("Password: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
            try:
                validate_password(password, user)
            except ValidationError as weak:
                user.delete()
                raise CommandError(" ".join(weak.messages)) from None
            user.set_password(password)
        user.is_staff = user.is_superuser = options["role"] == "admin"
        user.save()
        user.groups.set([Group.objects.get(name=options["role"])])
        self.stdout.write(f"{user.username} is {options['role']}{' (new)' if new else ''}.")

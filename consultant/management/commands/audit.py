from __future__ import annotations

from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError, CommandParser

from consultant import audit, export, gate
from consultant.management.commands.replay import find_case
from consultant.models import Case
from consultant.web import roles


class Command(BaseCommand):
    help = "Check the trail of every case, or export one case for an auditor"

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        verify = actions.add_parser(
            "verify", help="check trails, letters and approved replies; exit code 1 when something was changed"
        )
        verify.add_argument("case", nargs="*", help="case numbers; all when none is given")
        export = actions.add_parser("export", help="a zip with letters, drafts, sent mail, events and a manifest of hashes")
        export.add_argument("case", help="a case number, such as C-00012")
        export.add_argument(
            "--reveal", action="store_true", help="unmasked, with the letters' bytes; needs --by, and is an event"
        )
        export.add_argument("--by", help="the admin who takes the unmasked export, by user name")
        export.add_argument("--out", required=True, type=Path, help="the zip to write")

    def handle(self, **options: Any) -> None:
        if options["action"] == "export":
            self._export(
                find_case(options["case"]), options["out"], options["by"] if options["reveal"] else None, options["reveal"]
            )
        else:
            self._verify(options["case"])

    def _verify(self, numbers: list[str]) -> None:
        cases = [find_case(number) for number in numbers] or Case.objects.order_by("pk").iterator(200)
        checked, events, problems = 0, 0, 0
        for case in cases:
            checked, events = checked + 1, events + case.events_count
            for problem in audit.verify(case):
                problems += 1
                self.stdout.write(problem)
        for problem in gate.verify() if not numbers else ():
            problems += 1
            self.stdout.write(problem)
        if problems:
            raise CommandError(f"{problems} problem(s) in {checked} case(s)", returncode=1)
        self.stdout.write(f"{checked} case(s), {events} event(s): every trail is whole.")

    def _export(self, case: Case, out: Path, by: str | None, reveal: bool) -> None:
        data = export.revealed(case, admin_named(by)) if reveal else export.masked(case)
        try:
            out.write_bytes(data)
        except OSError as trouble:
            raise CommandError(f"{out} can't be written: {trouble.strerror}") from None
        self.stdout.write(f"{case.number} exported to {out}{', unmasked' if reveal else ', masked'}")


def admin_named(name: str | None) -> User:
    """The active admin of that name, who answers for an unmasked export. Raises CommandError."""
    user = User.objects.filter(username=name or "", is_active=True).first()
    if user is None or not roles.is_admin(user):
        raise CommandError("--reveal needs --by and the name of an admin: the trail will have it.")
    return user

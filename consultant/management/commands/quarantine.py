from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from consultant import steering
from consultant.lifecycle import move
from consultant.management.commands.replay import find_case
from consultant.models import Case
from consultant.vocabulary import Status


class Command(BaseCommand):
    help = "List letters that could not be worked on, or try them again"

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        actions.add_parser("list", help="what is in quarantine, and why")
        retry = actions.add_parser("retry", help="try again, from the kept bytes")
        retry.add_argument("case", nargs="*", help="case numbers; all when none is given")

    def handle(self, **options: Any) -> None:
        if options["action"] == "list":
            self._list()
        else:
            cases = [find_case(number) for number in options["case"]] or list(Case.objects.filter(status=Status.QUARANTINED))
            for case in cases:
                self._retry(case)

    def _list(self) -> None:
        cases = Case.objects.filter(status=Status.QUARANTINED).prefetch_related("letters")
        for case in cases:
            letter = case.letters.all()[0]
            since = timezone.localtime(case.changed_at)
            self.stdout.write(
                f"{case.number}  since {since:%Y-%m-%d %H:%M}  {letter.size} bytes by {letter.door}  {case.trouble}"
            )
        if not cases:
            self.stdout.write("Nothing is in quarantine.")

    def _retry(self, case: Case) -> None:
        if case.status != Status.QUARANTINED:
            self.stdout.write(f"{case.number}: not in quarantine, but “{case.status}”")
            return
        move(case, Status.RECEIVED, "operator", reason="tried again")
        steering.advance(case.pk)
        case.refresh_from_db()
        self.stdout.write(f"{case.number}: {case.status}{': ' + case.trouble if case.trouble else ''}")

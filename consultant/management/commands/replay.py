from __future__ import annotations

import re
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from consultant import steering
from consultant.lifecycle import NotAllowed, move
from consultant.models import Case
from consultant.vocabulary import Status

AGAIN = {Status.QUARANTINED: Status.RECEIVED}


def find_case(number: str) -> Case:
    """The case of that number ("C-00012", "12"). Raises CommandError when there is none."""
    match = re.fullmatch(r"(?:C-)?0*(\d{1,15})", number.strip(), re.IGNORECASE)
    case = Case.objects.filter(pk=int(match[1])).first() if match else None
    if case is None:
        raise CommandError(f"There is no case {number}.")
    return case


class Command(BaseCommand):
    help = "Work through cases again from their kept bytes, with the books of today"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("case", nargs="+", help="case numbers, such as C-00012")

    def handle(self, **options: Any) -> None:
        for number in options["case"]:
            case = find_case(number)
            try:
                move(case, AGAIN.get(Status(case.status), Status.ACCEPTED), "operator", reason="replayed")
            except NotAllowed as refused:
                raise CommandError(str(refused)) from None
            steering.advance(case.pk)
            case.refresh_from_db()
            self.stdout.write(f"{case.number}: {case.status}, codebook {case.codebook or '(none)'}")

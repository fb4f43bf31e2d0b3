from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from consultant import keeping
from consultant.models import Case


class Command(BaseCommand):
    help = "Take words and names from closed cases past their retention; the audit skeleton stays"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="name the cases and change nothing")
        parser.add_argument("--days", type=int, help="another retention than CONSULTANT_RETENTION_DAYS, for this run")

    def handle(self, **options: Any) -> None:
        days = settings.RETENTION_DAYS if options["days"] is None else options["days"]
        if days <= 0:
            raise CommandError("No retention is set: CONSULTANT_RETENTION_DAYS, or --days.", returncode=2)
        held = Case.objects.filter(legal_hold=True, purged_at=None).count()
        if options["dry_run"]:
            cases = list(keeping.due(days=days))
            for case in cases:
                self.stdout.write(f"{case.number}: {case.status} since {case.changed_at:%Y-%m-%d}")
            self.stdout.write(f"{len(cases)} case(s) would be purged, {held} on legal hold stay. Nothing was changed.")
            return
        self.stdout.write(f"{keeping.purge_all('operator', days)} case(s) purged, {held} on legal hold stay.")

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from consultant import processes


class Command(BaseCommand):
    help = "Run web, worker, beat and doors in this process, from the settings"

    def handle(self, **options: Any) -> None:
        try:
            processes.check_port(settings.HTTP_HOST, settings.HTTP_PORT, "CONSULTANT_HTTP_PORT")
            processes.check_port(settings.SMTP_HOST, settings.SMTP_PORT, "CONSULTANT_SMTP_PORT")
            processes.prepare(self.stdout.write)
            processes.run(lambda: self.stdout.write(f"The desk: {settings.SITE_URL}   Ctrl-C stops everything."))
        except processes.CannotStart as trouble:
            raise CommandError(str(trouble)) from None

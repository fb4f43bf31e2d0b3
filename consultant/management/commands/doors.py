from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from consultant import processes


class Command(BaseCommand):
    help = "Run the doors alone: SMTP, LMTP and the IMAP mailboxes"

    def handle(self, **options: Any) -> None:
        try:
            processes.check_port(settings.SMTP_HOST, settings.SMTP_PORT, "CONSULTANT_SMTP_PORT")
            processes.run(lambda: self.stdout.write(f"SMTP on {settings.SMTP_HOST}:{settings.SMTP_PORT}"), only_doors=True)
        except processes.CannotStart as trouble:
            raise CommandError(str(trouble)) from None

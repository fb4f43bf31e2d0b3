from __future__ import annotations

import os
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from consultant import processes


class Command(BaseCommand):
    help = "Run the doors alone: SMTP, LMTP and the IMAP mailboxes"

    def handle(self, **options: Any) -> None:
        count = settings.DOOR_PROCESSES or os.cpu_count() or 1
        try:
            if count > 1:
                processes.run_doors_together(self._ready, count)
            else:
                processes.check_port(settings.SMTP_HOST, settings.SMTP_PORT, "CONSULTANT_SMTP_PORT")
                processes.run_doors(self._ready)
        except processes.CannotStart as trouble:
            raise CommandError(str(trouble)) from None

    def _ready(self) -> None:
        self.stdout.write(f"SMTP on {settings.SMTP_HOST}:{settings.SMTP_PORT}")
